"""Requests, folders and settings of Insomnia: what is sent, what is told."""

import base64
import json

import pytest

from tests.foreign.insomnia.exports import export, get, post


def test_a_request_is_sent_as_insomnia_sends_it(sent):
    fields = {
        "url": "URL/users/:id/:none?own=1&=lost",
        "method": "PUT",
        "parameters": [
            {"name": "q", "value": "a b:c+d,e"},
            {"name": "off", "value": "1", "disabled": True},
            {"name": "empty", "value": ""},
            {"name": "", "value": "no name"},
        ],
        "pathParameters": [{"name": "id", "value": "a/b"}, {"name": "none", "value": ""}],
        "headers": [
            {"name": "Content-Type", "value": "application/json"},
            {"name": "X-Two", "value": "1"},
            {"name": "x-two", "value": "2"},
            {"name": "X-Off", "value": "1", "disabled": True},
        ],
        "body": {"mimeType": "application/json", "text": '{\n  "a": 1\n}'},
    }
    ((method, path, headers, body),) = sent(export([get(**fields)]))
    assert (method, path) == ("PUT", "/users/a%2Fb/:none?own=1&q=a%20b%3Ac%2Bd,e&empty=")
    assert (headers["Content-Type"], headers["x-two"], body) == ("application/json", "1, 2", '{\n  "a": 1\n}')
    assert "X-Off" not in headers


def test_a_body_without_a_content_type_header_is_sent_without_one(sent):
    ((_, _, headers, body),) = sent(export([post("plain")]))
    assert (body, headers.get("Content-Type")) == ("plain", None)


def test_an_agent_that_is_switched_off_is_not_sent(sent):
    ((_, _, headers, _),) = sent(export([get(headers=[{"name": "User-Agent", "value": "i", "disabled": True}])]))
    assert "User-Agent" not in headers


def test_a_get_request_keeps_its_body(sent):
    ((_, _, _, body),) = sent(export([get(body={"mimeType": "text/plain", "text": "kept"})]))
    assert body == "kept"


def test_fields_of_a_form_are_its_body(sent):
    rows = [
        {"name": "a", "value": "1 2"},
        {"name": "b", "value": "{{ _.b }}"},
        {"name": "c", "value": "3", "disabled": True},
    ]
    header = [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}]
    body = {"mimeType": "application/x-www-form-urlencoded", "params": rows}
    ((_, _, headers, text),) = sent(
        export([get(method="POST", body=body, headers=header)], environments={"data": {"b": "x"}})
    )
    assert (headers["Content-Type"], text) == ("application/x-www-form-urlencoded", "a=1%202&b=x")


def test_a_multipart_form_has_files_and_texts(tmp_path, sent):
    (tmp_path / "file.txt").write_text("content")
    rows = [
        {"name": "f", "type": "file", "fileName": "file.txt"},
        {"name": "t", "value": "text", "multiline": "application/json"},
    ]
    header = [{"name": "Content-Type", "value": "multipart/form-data"}]
    body = {"mimeType": "multipart/form-data", "params": rows}
    ((_, _, headers, text),) = sent(export([get(method="POST", body=body, headers=header)]))
    assert headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert 'name="f"; filename="file.txt"' in text
    assert "content" in text
    assert "Content-Type: application/json" in text


def test_a_file_is_the_body(tmp_path, sent):
    (tmp_path / "file.bin").write_text("bytes")
    ((_, _, _, body),) = sent(
        export([get(method="POST", body={"mimeType": "application/octet-stream", "fileName": "file.bin"})])
    )
    assert body == "bytes"


def test_graphql_has_its_query_and_variables(imported, postrunner, server):
    text = json.dumps({"query": "query A { a }", "variables": {"b": "{{ _.b }}"}, "operationName": "A"})
    body = {"mimeType": "application/graphql", "text": text}
    headers = [{"name": "Content-Type", "value": "application/json"}]
    collection, _ = imported(export([get(method="POST", body=body, headers=headers)], environments={"data": {"b": "x"}}))
    assert collection["item"][0]["request"]["body"]["graphql"]["query"] == "query A { a }"
    postrunner("run", "c.json")
    assert json.loads(server.seen[0][3]) == {"query": "query A { a }", "variables": {"b": "x"}, "operationName": "A"}


def test_settings_are_those_of_postman(imported):
    settings = {"encodeUrl": False, "followRedirects": "off", "cookies": {"send": False, "store": False}}
    collection, _ = imported(export([get(settings=settings)]))
    behavior = collection["item"][0]["protocolProfileBehavior"]
    assert behavior == {"disableUrlEncoding": True, "followRedirects": False, "disableCookies": True}


def test_requests_and_folders_are_in_the_order_of_their_keys(imported):
    items = [get(name="b", meta={"id": "req_1", "sortKey": -1}), get(name="a", meta={"id": "req_2", "sortKey": -2})]
    folder = {"name": "f", "meta": {"id": "fld_1", "sortKey": -3}, "children": [get(name="c")]}
    collection, _ = imported(export([*items, folder]))
    assert [item["name"] for item in collection["item"]] == ["f", "a", "b"]


def test_other_protocols_are_told(imported):
    items = [
        {"name": "ws", "url": "ws://h", "meta": {"id": "ws-req_1"}},
        {"name": "call", "url": "h", "meta": {"id": "greq_1"}, "protoMethodName": "/a/b", "reflectionApi": {}},
        {"name": "io", "url": "h", "meta": {"id": "socketio-req_1"}},
        get(),
    ]
    collection, told = imported(export(items))
    assert [item["name"] for item in collection["item"]] == ["Get"]
    for text in ("the WebSocket request ws", "the gRPC request call", "the Socket.IO request io"):
        assert text in told


def test_headers_of_folders_are_those_of_their_requests(sent):
    inner = {
        "name": "inner",
        "headers": [{"name": "X-One", "value": "inner"}, {"name": "Content-Type", "value": "text/inner"}],
        "children": [post("x", headers=[{"name": "x-one", "value": "own"}])],
    }
    outer = {
        "name": "outer",
        "headers": [{"name": "X-One", "value": "outer"}, {"name": "Content-Type", "value": "text/outer"}],
        "children": [inner],
    }
    ((_, _, headers, _),) = sent(export([outer]))
    assert (headers["x-one"], headers["Content-Type"]) == ("outer, inner, own", "text/inner")


def test_what_is_switched_off_and_has_no_place_is_told(imported):
    headers = [{"name": "X-Off", "value": "1", "disabled": True}]
    child = get(authentication={"type": "bearer", "token": "secret", "disabled": True})
    _, told = imported(export([{"name": "f", "headers": headers, "children": [child]}]))
    assert "the header X-Off is switched off: it is left out" in told
    assert "auth of the type bearer is switched off: it is left out" in told
    assert "secret" not in told


def test_auth_of_a_folder_counts_where_a_request_has_none_of_its_own(sent):
    basic = {"type": "basic", "username": "u", "password": "p"}
    children = [
        get(name="inherits", authentication={}),
        get(name="off", authentication={"type": "bearer", "token": "t", "disabled": True}),
        get(name="none", authentication={"type": "none"}),
        get(name="own", authentication={"type": "bearer", "token": "t"}),
        get(name="header", headers=[{"name": "Authorization", "value": "by hand"}]),
    ]
    seen = sent(export([{"name": "f", "authentication": basic, "children": children}]))
    encoded = "Basic " + base64.b64encode(b"u:p").decode()
    assert [headers.get("Authorization") for _, _, headers, _ in seen] == [encoded, encoded, None, "Bearer t", "by hand"]


def test_scripts_of_folders_run_before_those_of_requests(sent):
    folder = {
        "name": "f",
        "scripts": {"preRequest": "insomnia.environment.set('seen', 'folder');"},
        "children": [
            post(
                "{{ _.seen }}",
                scripts={"preRequest": "insomnia.environment.set('seen', insomnia.environment.get('seen') + '!');"},
            )
        ],
    }
    assert sent(export([folder], environments={"data": {"seen": ""}}))[0][3] == "folder!"


def test_variables_of_folders_count_before_all_others(sent):
    inner = {
        "name": "inner",
        "environment": {"a": "inner", "d": "{{ _.d }}+"},
        "children": [post("{{ _.a }} {{ _.b }} {{ _.d }}")],
    }
    outer = {"name": "outer", "environment": {"a": "outer", "b": "only"}, "children": [inner, post("{{ _.a }}")]}
    environments = {"data": {"a": "base", "d": "d"}, "subEnvironments": [{"name": "dev", "data": {"a": "dev"}}]}
    seen = sent(
        export([outer, post("{{ _.a }} {{ _.d }}")], environments=environments), "-e", "dev.postman_environment.json"
    )
    assert [body for *_, body in seen] == ["inner only d+", "outer", "dev d"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cookies": {"send": False, "store": True}}, "no cookies are sent with it in Insomnia"),
        ({"cookies": {"send": True, "store": False}}, "the cookies of its response are not stored in Insomnia"),
        ({"renderRequestBody": False}, "Insomnia sends the body as it is written"),
    ],
)
def test_settings_without_a_counterpart_are_told(imported, settings, message):
    collection, told = imported(export([post("{% uuid %} {{ a }}", settings=settings)]))
    assert message in told
    if "renderRequestBody" in settings:
        assert collection["item"][0]["request"]["body"]["raw"] == "{% uuid %} {{ a }}"


@pytest.mark.parametrize("text", ["no json", '{"a": 1}', '{"query": "q", "extensions": {}}', "[]"])
def test_a_graphql_body_that_is_none_of_the_editor_stays_a_text(imported, text):
    collection, _ = imported(export([get(method="POST", body={"mimeType": "application/graphql", "text": text})]))
    assert collection["item"][0]["request"]["body"]["raw"] == text


def test_a_body_counts_by_its_type_or_the_method(imported):
    bodies = [
        ("GET", {"text": "x"}),
        ("DELETE", {"mimeType": "text/plain", "text": "x"}),
        ("POST", {"text": "x"}),
        ("POST", {}),
    ]
    collection, _ = imported(export([get(name=str(n), method=m, body=body) for n, (m, body) in enumerate(bodies)]))
    assert ["body" in item["request"] for item in collection["item"]] == [False, True, True, False]
