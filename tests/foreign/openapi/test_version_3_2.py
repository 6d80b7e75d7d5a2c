"""Whole documents of OpenAPI 3.2: what is new there becomes requests that a server gets as the document means them."""

import json
from pathlib import Path

import pytest

from runner.foreign.importing import import_sources
from tests.foreign.openapi.conftest import leaves, tree
from tests.foreign.recording import serving

DOCUMENTS = Path(__file__).parent / "documents"


def collection(name, **options):
    return import_sources([str(DOCUMENTS / name)], options=options).collection


def item(name, title, **options):
    return next(leaf for leaf in leaves(collection(name, **options)) if leaf["name"] == title)


@pytest.fixture
def sent(postrunner):
    """Imports a document, runs it against a server, and gives what that got: method, path, Content-Type, Cookie, body."""

    def run(name, *arguments):
        got = []

        def answer(method, path, headers, body, _):
            named = {key: headers[key] for key in ("Content-Type", "Cookie", "Link", "X-Key") if key in headers}
            got.append((method, path, named, body))
            return 200, [], {}

        with serving(answer, None) as server:
            done = postrunner("import", str(DOCUMENTS / name), "-o", "c.json", "--include-webhooks")
            assert done.code == 0, done.err
            done = postrunner("run", "c.json", "--env-var", f"baseUrl={server.url}", *arguments)
            assert done.code == 0, done.out
        return got

    return run


def test_a_document_over_files_with_an_address_of_its_own_is_read_wholly(sent):
    assert [(method, path, json.loads(body or "null")) for method, path, _, body in sent("library/openapi.yaml")] == [
        ("GET", "/books?limit=10", None),
        ("POST", "/books?limit=10", BOOK),
        ("GET", "/books/978-3-16", None),
        ("GET", "/self", None),
        ("PUT", "/neighbour", {"title": "Emma", "sequels": [BOOK, BOOK]}),
        ("GET", "/elsewhere", None),
    ]


CUT = {"value": "<Circular reference to schemas/book.yaml#/Book detected>"}
BOOK = {"title": "Emma", "sequels": [CUT, CUT]}


def test_only_an_address_that_is_not_below_that_of_the_document_is_not_followed():
    found = import_sources([str(DOCUMENTS / "library/openapi.yaml")])
    assert [note.message for note in found.notes] == [
        "the reference https://other.example/responses.yaml#/Book is not followed: it leads into the network"
    ]


def test_the_first_server_is_the_address_and_the_others_stay_in_its_description():
    (variable,) = collection("library/openapi.yaml")["variable"]
    assert variable == {
        "key": "baseUrl",
        "value": "https://library.example/api",
        "description": "https://library.example/api production\nhttps://staging.library.example/api staging",
    }


def test_methods_and_query_strings_of_any_form_are_sent(sent):
    form = {"Content-Type": "application/json"}
    assert sent("search.json") == [
        ("QUERY", "/items?page=1", form, '{\n  "where": "price < 10",\n  "sort": "name"\n}'),
        ("LINK", "/items", {"Link": "</items/2>"}, ""),
        ("COPY", "/items", {}, ""),
        ("GET", "/form?colour=red%20dark%20blue&size=4", {}, ""),
        ("GET", "/path?$.a.b[1:1]", {}, ""),
        ("GET", "/json?{%22numbers%22:[1,2],%22flag%22:null}", {}, ""),
        ("GET", "/cookies", {"Cookie": "session=a b; seen=1; seen=2"}, ""),
    ]


def test_streams_and_parts_are_sent(sent):
    got = sent("events.yaml", "--exclude", "fields")
    part = '--part\r\nContent-Type: application/json\r\n\r\n{\n  "id": 5\n}\r\n'
    line = '{"level": "info", "at": 12}\n'
    assert [(method, path, headers.get("Content-Type"), body) for method, path, headers, body in got] == [
        ("POST", "/chat", "application/json", '{\n  "prompt": "Hello",\n  "stream": true\n}'),
        ("POST", "/log", "application/jsonl", 2 * line),
        ("GET", "/log", None, ""),
        ("POST", "/parts", "multipart/mixed; boundary=part", f"{2 * part}--part--\r\n"),
        ("POST", "/wordAdded", "application/json", '{\n  "level": "info",\n  "at": 12\n}'),
    ]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Talk", 2 * 'data: {"text":"Hi"}\nevent: word\n\n'),
        ("Append lines", 2 * '\x1e{"level": "info", "at": 12}\n'),
        ("Read lines", '{"level": "info"}\n{"level": "warning"}\n'),
    ],
)
def test_a_stream_is_saved_with_two_of_its_items_or_as_its_example_is_written(title, body):
    assert item("events.yaml", title)["response"][0]["body"] == body


def test_a_part_of_bytes_without_a_schema_is_a_file():
    rows = item("events.yaml", "Send fields whose parts have headers")["request"]["body"]["formdata"]
    assert rows == [
        {"key": "meta", "value": '{"name":"a"}', "type": "text", "contentType": "application/json"},
        {"key": "file", "type": "file", "src": [], "contentType": "image/png"},
    ]


def test_tags_lie_in_their_parents_and_labels_are_no_folders():
    made = collection("shop.yaml", folderStrategy="Tags", nestedFolderHierarchy="true")
    books = {"books": ["List books", "Add a book", {"old-books": ["Price an old book"]}]}
    assert tree(made) == [{"products": [books, "List products"]}]
    assert made["item"][0]["description"] == "What is sold"
    assert made["item"][0]["item"][0]["description"] == "Books"


def test_tags_that_are_not_nested_are_a_folder_each():
    made = collection("shop.yaml", folderStrategy="Tags")
    assert [next(iter(folder)) for folder in tree(made)] == ["products", "books", "old-books"]


def test_examples_are_sent_as_data_or_as_the_text_that_they_are_on_the_wire(sent):
    assert sent("shop.yaml") == [
        ("GET", "/books?query=two%20words", {}, ""),
        ("POST", "/books", {"Content-Type": "application/json"}, '{\n  "title": "Emma",\n  "pages": 474\n}'),
        ("PATCH", "/old-books/3", {"Content-Type": "text/csv"}, "1,2\n3,4\n"),
        ("GET", "/products", {}, ""),
    ]


def test_media_types_that_are_shared_have_their_named_examples():
    found = item("shop.yaml", "Add a book")["response"]
    assert [(one["name"], json.loads(one["originalRequest"]["body"]["raw"])["title"]) for one in found] == [
        ("Emma", "Emma"),
        ("Kim", "Kim"),
    ]


def test_security_is_that_of_the_scheme_that_a_name_or_an_address_means(sent):
    found = sent("devices.json", "--exclude", "tv", "--exclude", "xml", "--exclude", "text", "--env-var", "apiKey=k")
    assert [(path, headers) for _, path, headers, _ in found] == [
        ("/open", {}),
        ("/old", {"X-Key": "k"}),
        ("/address", {"X-Key": "k"}),
        ("/certificate", {}),
    ]


def test_a_device_flow_is_an_auth_that_a_run_can_use():
    auth = collection("devices.json")["auth"]
    assert {row["key"]: row["value"] for row in auth["oauth2"]} == {
        "grant_type": "device_code",
        "deviceAuthorizationUrl": "https://id.example/device",
        "accessTokenUrl": "https://id.example/token",
        "scope": "read write",
    }


def test_a_scheme_without_a_flow_that_is_known_is_told(imported):
    schemes = {"new": {"type": "oauth2", "flows": {"telepathy": {}}}}
    made = imported(
        {}, version="3.2.0", components={"securitySchemes": schemes}, security=[{"new": []}], servers=[{"url": "/x"}]
    )
    assert "no flow of the security scheme new is known: the auth is empty" in [note.message for note in made.notes]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "XML of every kind of node",
            '<device id="9">\n  <name>TV</name><![CDATA[a < b]]>\n  <ports>\n    <port>80</port>\n    <port>80</port>\n'
            "  </ports></device>",
        ),
        ("An element that is a text", '<label lang="en">Kitchen</label>'),
    ],
)
def test_kinds_of_nodes_make_xml(title, body):
    raw = item("devices.json", title)["request"]["body"]["raw"]
    assert raw == f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
