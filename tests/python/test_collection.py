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
