"""`runner.Collection`: collections to look at, to change and to save without loss."""

import json

import pytest

import runner
from runner.errors import ExportError, InvalidCollection, UsageError
from tests.python.conftest import document, item

URL = {"raw": "http://x/:id?q=1", "host": ["x"], "protocol": "http", "path": [":id"], "query": [{"key": "q", "value": "1"}]}
WHOLE = {
    "info": {"_postman_id": "1", "name": "C", "schema": "…/v2.1.0/collection.json", "unknown": 1.50},
    "item": [
        {
            "name": "Users",
            "item": [
                {
                    "name": "Create",
                    "id": "7",
                    "event": [{"listen": "test", "script": {"id": "s", "exec": ["a()", "b()"], "packages": {}}}],
                    "request": {
                        "method": "POST",
                        "url": URL,
                        "header": [
                            {"key": "X-A", "value": "1", "description": "d"},
                            {"key": "X-B", "value": "2", "disabled": True},
                        ],
                        "body": {"mode": "raw", "raw": "{}", "options": {"raw": {"language": "json"}}},
                    },
                    "response": [{"name": "example"}],
                },
                {"name": "List", "request": "http://x/list"},
            ],
        },
        {"name": "Ping", "request": {"url": "http://x/ping"}},
    ],
    "variable": [{"key": "base", "value": "http://x", "type": "string"}],
}


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "c.json"
    found.write_text(json.dumps(WHOLE, indent="\t", ensure_ascii=False) + "\n")
    return found


def saved(path, change):
    """What the file holds after this change of the collection in it."""
    collection = runner.Collection.load(path)
    change(collection)
    collection.save()
    return json.loads(path.read_text())


def test_a_collection_tells_what_is_in_it(path):
    collection = runner.Collection.load(path)
    assert collection.name == "C"
    assert [(one.path, one.name) for one in collection.walk()] == [
        ((), "Users"),
        (("Users",), "Create"),
        (("Users",), "List"),
        ((), "Ping"),
    ]
    assert [(one.method, one.url) for one in collection.requests] == [
        ("POST", "http://x/:id?q=1"),
        ("GET", "http://x/list"),
        ("GET", "http://x/ping"),
    ]
    create = collection["Users/Create"]
    assert (create.headers["x-a"], dict(create.headers), create.body) == ("1", {"X-A": "1"}, "{}")
    assert (create.script("test"), create.script("prerequest")) == ("a()\nb()", "")
    assert collection["Users"]["Create"].document is create.document is collection["Create"].document
    assert dict(collection.variables) == {"base": "http://x"}


def test_looking_changes_nothing_and_saving_writes_the_same_bytes(path):
    before = path.read_bytes()
    collection = runner.Collection.load(path)
    for one in collection.walk():
        repr(one), one.script("test")
    for one in collection.requests:
        len(one.headers), one.body, one.url
    collection.save()
    assert path.read_bytes() == before


def test_each_change_changes_only_what_it_says(path):
    def change(collection):
        collection.name = "D"
        collection.variables["base"] = "http://y"
        collection.variables["new"] = "1"
        create, listing = collection["Create"], collection["List"]
        create.method, create.body, create.headers["x-a"] = "PUT", "[]", "2"
        create.set_script("test", "c()\nd()")
        listing.headers["X-C"] = "3"
        collection["Users"].set_script("prerequest", "e()")

    expected = json.loads(json.dumps(WHOLE))
    expected["info"]["name"] = "D"
    expected["variable"] = [{"key": "base", "value": "http://y", "type": "string"}, {"key": "new", "value": "1"}]
    users = expected["item"][0]
    users["event"] = [{"listen": "prerequest", "script": {"type": "text/javascript", "exec": ["e()"]}}]
    create, listing = users["item"]
    create["request"]["method"], create["request"]["body"]["raw"] = "PUT", "[]"
    create["request"]["header"][0]["value"] = "2"
    create["event"][0]["script"]["exec"] = ["c()", "d()"]
    listing["request"] = {"method": "GET", "url": "http://x/list", "header": [{"key": "X-C", "value": "3"}]}
    assert saved(path, change) == expected


def test_a_url_and_a_header_can_be_replaced_and_removed(path):
    def change(collection):
        collection["Create"].url = "http://y/{{id}}"
        del collection["Create"].headers["X-A"]

    request = saved(path, change)["item"][0]["item"][0]["request"]
    assert request["url"] == "http://y/{{id}}"
    assert [one["key"] for one in request["header"]] == ["X-B"]


def test_a_changed_collection_runs_as_it_is(app):
    collection = runner.Collection.load(document(item("a", path="/a"), item("b", path="/b")))
    collection["a"].url = "http://app.example/changed"
    del collection.document["item"][1]
    assert not runner.run(collection, transport=app).failed
    assert app.seen == ["/changed"]


def test_a_document_is_copied_and_saved_where_one_says(tmp_path):
    given = document(item("a"))
    collection = runner.Collection.load(given)
    collection.name = "other"
    with pytest.raises(UsageError, match="no file to save it to"):
        collection.save()
    collection.save(tmp_path / "new.json")
    assert given["info"]["name"] == "C"
    assert runner.Collection.load(tmp_path / "new.json").name == "other"


def test_what_is_not_there_is_a_key_error(path):
    collection = runner.Collection.load(path)
    for lookup in (
        lambda: collection["no"],
        lambda: collection["Create"].headers["no"],
        lambda: collection.variables["no"],
    ):
        with pytest.raises(KeyError):
            lookup()


def test_a_change_that_makes_it_no_collection_is_found_before_anything_is_written(path):
    before = path.read_bytes()
    collection = runner.Collection.load(path)
    collection.document["item"] = 5
    with pytest.raises(InvalidCollection):
        collection.save()
    assert path.read_bytes() == before


def test_a_wrapped_collection_stays_wrapped_and_a_report_around_it_is_not_lost(path):
    path.write_text(json.dumps({"collection": WHOLE}))
    assert saved(path, lambda collection: None) == {"collection": WHOLE}
    path.write_text(json.dumps({"collection": WHOLE, "run": {}}))
    with pytest.raises(ExportError, match="holds more than the collection"):
        saved(path, lambda collection: None)


def test_a_collection_of_the_old_format_is_refused(path):
    path.write_text(json.dumps({"id": "1", "name": "old", "order": [], "requests": []}))
    with pytest.raises(InvalidCollection, match="can be run but not changed"):
        runner.Collection.load(path)


def test_what_a_document_leaves_out_is_empty():
    bare = {"name": "a", "request": {"url": "http://x", "body": {"mode": "urlencoded", "urlencoded": []}}}
    texts = {"request": {"url": {}, "body": "text"}, "event": [{"listen": "test", "script": "one()"}]}
    silent = {"name": "c", "request": None, "event": [{"listen": "test", "script": {}}, {"listen": "test", "script": "2"}]}
    first, second, third = runner.Collection.load({"info": {"name": "C"}, "item": [bare, texts, silent]}).requests
    assert (first.method, first.body, first.script("test"), len(first.headers)) == ("GET", "", "", 0)
    assert (second.name, second.url, second.body, second.script("test")) == ("", "", "text", "one()")
    assert (third.method, third.url, third.body, third.script("test")) == ("GET", "", "", "")


def test_of_several_entries_of_a_name_the_last_that_is_enabled_counts():
    rows = [
        {"key": "a", "value": "1"},
        {"key": "a", "value": "2"},
        {"key": "a", "value": "3", "disabled": True},
        {"key": "a", "value": "4", "enabled": False},
        {"key": "A", "value": "5"},
        {"key": "b", "value": "6", "disabled": True},
    ]
    collection = runner.Collection.load({"info": {"name": "C"}, "item": [], "variable": rows})
    assert dict(collection.variables) == {"a": "2", "A": "5"}
    assert (len(collection.variables), "b" in collection.variables) == (2, False)
    collection.variables["b"] = "7"
    collection.variables["a"] = "8"
    del collection.variables["A"]
    assert [one["value"] for one in collection.document["variable"]] == ["1", "8", "3", "4", "6", "7"]


def test_a_list_that_is_none_is_not_written_into():
    collection = runner.Collection.load(document(item("a")))
    collection.requests[0].document["request"]["header"] = "X-A: 1"
    with pytest.raises(UsageError, match="header is not a list"):
        collection["a"].headers["X-B"] = "2"


def test_a_name_is_the_first_of_it_and_a_path_counts_from_where_one_asks():
    inner = {"name": "b", "item": [item("x", path="/1")]}
    collection = runner.Collection.load(
        document({"name": "a", "item": [inner, item("x", path="/2")]}, item("x", path="/3"))
    )
    asked = [collection["x"], collection["a/x"], collection["a"]["x"], collection["a"]["b/x"], collection["a/b"]["x"]]
    assert [one.url[-1] for one in asked] == ["1", "2", "1", "1", "1"]
    assert [repr(one) for one in (collection, collection["a/b"], collection["a/b/x"])] == [
        "<Collection 'C'>",
        "<Folder 'a / b'>",
        "<Request 'a / b / x'>",
    ]


def test_a_script_of_a_file_becomes_one_of_its_own():
    script = {"id": "s", "src": "test.js", "type": "text/x"}
    made = runner.Collection.load(document({**item("a"), "event": [{"listen": "test", "script": script}]}))
    made["a"].set_script("test", "a()\nb()")
    assert made["a"].document["event"] == [
        {"listen": "test", "script": {"id": "s", "type": "text/x", "exec": ["a()", "b()"]}}
    ]


def test_a_body_of_another_kind_becomes_a_text():
    made = runner.Collection.load(document(item("a")))
    made["a"].document["request"]["body"] = {"mode": "urlencoded", "urlencoded": [{"key": "a"}]}
    made["a"].body = "{}"
    assert made["a"].document["request"]["body"] == {"mode": "raw", "raw": "{}", "urlencoded": [{"key": "a"}]}


def test_it_is_saved_to_another_file_whatever_stands_around_it_in_its_own(path, tmp_path):
    path.write_text(json.dumps({"collection": WHOLE, "run": {}}))
    runner.Collection.load(path).save(tmp_path / "other.json")
    assert runner.Collection.load(tmp_path / "other.json").name == "C"
