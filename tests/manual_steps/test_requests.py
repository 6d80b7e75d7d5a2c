"""What is to be entered for a request, in the words of the app."""

import pytest

from runner.auth import AUTHS
from runner.manual_steps.authorization import TYPES
from tests.manual_steps.conftest import bearer, request


def test_every_auth_type_has_its_name_in_the_app():
    assert set(TYPES) == set(AUTHS)


@pytest.mark.parametrize("type", [type for type in TYPES if type != "noauth"])
def test_every_field_of_an_auth_type_has_its_label(steps, type):
    params = {name: f"{{{{of_{name}}}}}" for name in TYPES[type].fields}
    shown = steps(request("a", auth={"type": type, type: [{"key": key, "value": value} for key, value in params.items()]}))
    assert f"**Auth Type** **{TYPES[type].title}**" in shown
    for name, label in TYPES[type].fields.items():
        assert f"**{label}**" in shown
        assert f"`{{{{of_{name}}}}}`" in shown


def test_what_is_chosen_from_a_list_has_the_words_of_the_app(steps):
    params = [("key", "X-Key"), ("value", "{{k}}"), ("in", "query")]
    shown = steps(request("a", auth={"type": "apikey", "apikey": [{"key": key, "value": value} for key, value in params]}))
    assert "| **Add to** | **Query Params** |" in shown
    params = [("grant_type", "client_credentials"), ("addTokenTo", "header"), ("clientId", "{{id}}")]
    shown = steps(request("a", auth={"type": "oauth2", "oauth2": [{"key": key, "value": value} for key, value in params]}))
    assert "| **Grant type** | **Client Credentials** |" in shown
    assert "**Get New Access Token**" in shown


def test_literal_secrets_of_an_auth_are_masked_and_said_to_be_in_the_collection(steps):
    key = {"type": "apikey", "apikey": {"value": "abc"}}
    shown = steps(request("a", auth=bearer("tok-123456")), request("b", auth=key))
    assert "tok-123456" not in shown
    assert "`abc`" not in shown
    assert shown.count("(secret: the collection has it)") == 2


def test_the_auth_of_the_nearest_folder_is_inherited(steps):
    inner = {"name": "Inner", "auth": bearer("{{inner}}"), "item": [request("a")]}
    shown = steps({"name": "Outer", "auth": bearer("{{outer}}"), "item": [inner]}, request("b"))
    assert "`{{inner}}`. The request inherits it from `Inner`." in shown
    assert "{{outer}}" not in shown
    assert shown.count("**Authorization**") == 1


def test_rows_that_are_switched_off_are_shown_without_a_tick(steps):
    url = {"raw": "http://h/:id?a=1&b=2", "host": ["h"], "path": [":id"]}
    url["query"] = [{"key": "a", "value": "1", "description": "first"}, {"key": "b", "value": "2", "disabled": True}]
    url["variable"] = [{"key": "id", "value": "7", "description": "whose"}]
    shown = steps(request("a", url, header=[{"key": "X-Off", "value": "x", "disabled": True}]))
    assert "enter the URL `h/:id?a=1`" in shown
    assert "| yes | `a` | `1` | first |" in shown
    assert "| no | `b` | `2` |" in shown
    assert "**Params › Path Variables**" in shown
    assert "| `id` | `7` | whose |" in shown
    assert "| no | `X-Off` | `x` |" in shown


BODIES = {
    "raw": ({"raw": "<a/>", "options": {"raw": {"language": "xml"}}}, ["choose **raw** and **XML**", "<a/>"]),
    "urlencoded": (
        {"urlencoded": [{"key": "a", "value": "1"}, {"key": "b", "value": "2", "disabled": True}]},
        ["choose **x-www-form-urlencoded**", "| yes | `a` | `1` |", "| no | `b` | `2` |"],
    ),
    "formdata": (
        {"formdata": [{"key": "f", "type": "file", "src": ["x.csv", "y.csv"], "contentType": "text/csv"}]},
        ["choose **form-data**", "| `f` | File | click **Select Files** and choose `x.csv` and `y.csv` | `text/csv` |"],
    ),
    "file": ({"file": {"src": "{{users_file}}"}}, ["choose **binary**", "choose the file `{{users_file}}`"]),
    "graphql": (
        {"graphql": {"query": "query Q($n: Int) { a }", "variables": '{"n": 1}', "operationName": "Q"}},
        ["choose **GraphQL**", "query Q($n: Int) { a }", "**GraphQL Variables**", '{"n": 1}', "choose `Q`"],
    ),
}


@pytest.mark.parametrize("mode", BODIES)
def test_each_body_mode_has_its_words(steps, mode):
    body, wanted = BODIES[mode]
    shown = steps(request("a", method="POST", body={"mode": mode, **body}))
    assert not [text for text in wanted if text not in shown]


def test_a_file_that_is_not_named_is_to_be_chosen(steps):
    shown = steps(request("a", method="POST", body={"mode": "file", "file": {}}))
    assert "choose your file" in shown
    rows = [{"key": "f", "type": "file"}, {"key": "g", "type": "file", "src": ["a.txt", "b.txt"]}]
    shown = steps(request("a", method="POST", body={"mode": "formdata", "formdata": rows}))
    assert "click **Select Files** and choose your file" in shown
    told = [{"key": "a", "value": "1", "description": "The first"}, {"key": "b", "value": "2"}]
    shown_told = steps(request("a", method="POST", body={"mode": "urlencoded", "urlencoded": told}))
    assert "| `a` | `1` | The first |" in shown_told
    assert "| `b` | `2` | |" in shown_told.replace("|  |", "| |")
    assert "click **Select Files** and choose `a.txt` and `b.txt`" in shown


def test_a_body_that_is_not_sent_is_not_entered(steps):
    body = {"mode": "raw", "raw": "not sent"}
    off = request("b", method="POST", body={**body, "disabled": True})
    kept = request("c", body={"mode": "raw", "raw": "sent all the same"})
    kept["protocolProfileBehavior"] = {"disableBodyPruning": True}
    shown = steps(request("a", body=body), off, kept)
    assert "not sent" not in shown
    assert "sent all the same" in shown


def test_settings_have_the_labels_of_the_app(steps):
    item = request("a")
    item["protocolProfileBehavior"] = {
        "followRedirects": False,
        "disableUrlEncoding": True,
        "strictSSL": False,
        "maxRedirects": 3,
        "protocolVersion": "http2",
        "tlsDisabledProtocols": ["TLSv1"],
    }
    shown = steps(item)
    for text in (
        "**Automatically follow redirects**: off",
        "**Encode URL automatically**: off",
        "**Enable SSL certificate verification**: off",
        "**Maximum number of redirects**: `3`",
        "**HTTP version**: **HTTP/2**",
        "**TLS/SSL protocols disabled during handshake**: `TLSv1`",
    ):
        assert text in shown


def test_values_under_the_names_of_secrets_are_masked_everywhere(steps):
    item = request(
        "a",
        "http://h/?api_key=Zx81kk3&q=1",
        "POST",
        header=[{"key": "Authorization", "value": "Bearer Zx82kk3"}],
        body={"mode": "urlencoded", "urlencoded": [{"key": "password", "value": "Zx83kk3"}]},
    )
    item["response"] = [{"name": "ok", "code": 200, "status": "OK", "body": '{"access_token": "Zx84kk3"}'}]
    for format in ("markdown", "html", "text"):
        assert "Zx8" not in steps(item, format=format)


def test_examples_are_shown_and_long_ones_are_cut(steps):
    item = request("a")
    item["response"] = [
        {"name": "List", "code": 200, "status": "OK", "body": "\n".join(map(str, range(100))), "header": []},
        {"name": "Gone", "code": 302, "status": "Found", "header": [{"key": "Location", "value": "/there"}]},
    ]
    shown = steps(item)
    assert "Example: 200 OK, List" in shown
    assert "… (40 more lines)" in shown
    assert "Location: /there" in shown
    assert "Example" not in steps(item, examples=False)
