from __future__ import annotations

import pytest

from runner.model.response import Cookie, Response


def respond(body=b"", content_type="", code=200, status="OK", **headers):
    named = {"Content-Type": content_type, **{k.replace("_", "-"): v for k, v in headers.items()}}
    return Response(code=code, status=status, body=body, headers=tuple((k, v) for k, v in named.items() if v), time=3)


def shown(run, expression, response):
    return run(f"console.log(pm.response.{expression})", response=response).logged[0]


def test_code_status_and_times(run):
    ran = run("const r = pm.response; console.log(r.code, r.status, r.reason(), r.responseTime, r.responseSize)")
    assert ran.logged == [[200, "OK", "OK", 12, 25]]


def test_the_standard_reason_stands_in_for_a_missing_one(run):
    assert shown(run, "reason()", respond(code=404, status="")) == "Not Found"
    details = shown(run, "details()", respond(code=404, status="Gone fishing"))
    assert details["detail"].startswith("The requested resource could not be found")
    assert (details["name"], details["code"], details["standardName"]) == ("Gone fishing", 404, "Not Found")


def test_json_is_parsed_with_a_byte_order_mark_and_a_reviver(run):
    response = respond(b'\xef\xbb\xbf{"a": 1}')
    assert shown(run, "json()", response) == {"a": 1}
    assert shown(run, "json((k, v) => k === 'a' ? 2 : v)", response) == {"a": 2}


def test_json_is_parsed_anew_each_time(run):
    assert run("pm.response.json().id = 8; console.log(pm.response.json().id)").logged == [7]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("hello", "Unexpected token 'h' at 1:1\nhello\n^"),
        ("", "No data, empty input at 1:1\n\n^"),
        ('{"a":1,}', 'Trailing comma in object at 1:8\n{"a":1,}\n       ^'),
        ("[1,]", "Trailing comma in array at 1:4\n[1,]\n   ^"),
        ('{"a":\n tru}', "Unexpected token 't' at 2:2\n tru}\n ^"),
        ("[1,2", "Unexpected end of input at 1:5\n[1,2\n    ^"),
        ('{"a" 1}', "Unexpected token '1' at 1:6\n{\"a\" 1}\n     ^"),
        ("{'a':1}", "Unexpected token '\\'' at 1:2\n{'a':1}\n ^"),
        ("01", "Unexpected token '1' at 1:2\n01\n ^"),
        ('{"a":1} x', "Unexpected token 'x' at 1:9\n{\"a\":1} x\n        ^"),
        ('"abc', 'Unexpected end of input at 1:5\n"abc\n    ^'),
    ],
)
def test_what_is_wrong_with_a_body_is_said_with_its_place(run, body, message):
    ran = run("pm.response.json()", response=respond(body.encode()))
    assert ran.error == f"JSONError: {message}"


def test_jsonp_is_unwrapped(run):
    assert shown(run, "jsonp()", respond(b'callback({"a": 1});')) == {"a": 1}


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("ä€😀".encode(), "text/plain", "ä€😀"),
        ("ä".encode("latin-1"), "text/plain; charset=ISO-8859-1", "ä"),
        ("ä".encode("utf-16-le"), 'text/plain; charset="utf-16le"', "ä"),
        (b"a\xff", "text/plain", "a\ufffd"),
        (b"abc", "text/plain; charset=nonsense", "abc"),
        (b"abc", "text/plain; charset=idna", "abc"),
        (b"\xef\xbb\xbfA", "", "A"),
        (b"\xff\xfeA\x00", "text/plain; charset=utf-16le", "A"),
        (b"abc", "text/plain; charset=base64", "abc"),
        (b"\x00\x01", "", "\x00\x01"),
    ],
)
def test_text_is_decoded_with_its_charset(run, body, content_type, text):
    assert shown(run, "text()", respond(body, content_type)) == text


@pytest.mark.parametrize("body", [b"", b"plain", "ä€😀".encode(), bytes(range(256)), b"\xff\xfe", b"\xef\xbb\xbfA"])
def test_the_bytes_of_a_body_survive(run, body):
    assert shown(run, "stream", respond(body))["data"] == list(body)


def test_headers_keep_duplicates_and_ignore_case(run):
    ran = run(
        "const h = pm.response.headers; console.log(h.get('x-TRACE'), h.count(), h.has('nope'), h.one('X-Trace').key)"
    )
    assert ran.logged == [["b", 3, False, "x-trace"]]


@pytest.mark.parametrize(
    ("content_type", "mime_type", "format", "extension"),
    [
        ("application/json; charset=utf-8", "text", "json", "json"),
        ("application/hal+json", "text", "json", None),
        ("text/html", "text", "html", "html"),
        ("image/png", "image", "image", "png"),
        ("application/pdf", "embed", "pdf", "pdf"),
        ("application/octet-stream", "application", "raw", "bin"),
        ("nonsense", "unknown", "raw", None),
    ],
)
def test_the_kind_of_content(run, content_type, mime_type, format, extension):
    info = shown(run, "contentInfo()", respond(b"x", content_type))
    assert (info["mimeType"], info["mimeFormat"], info.get("fileExtension")) == (mime_type, format, extension)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=a.txt", "a.txt"),
        ('attachment; filename="a \\"b\\".txt"', 'a "b".txt'),
        ("attachment; filename=x; filename*=UTF-8''%e2%82%ac.txt", "€.txt"),
        ("inline", "response.txt"),
    ],
)
def test_the_name_of_a_file(run, disposition, name):
    assert shown(run, "contentInfo()", respond(b"x", "text/plain", Content_Disposition=disposition))["fileName"] == name


def test_content_is_recognised_by_its_first_bytes(run):
    assert shown(run, "contentInfo()", respond(b"%PDF-1.7"))["contentType"] == "application/pdf"


def test_size_counts_head_and_body(run):
    assert shown(run, "size()", respond(b"12345", "text/plain")) == {"body": 5, "header": 45, "total": 50}


def test_a_data_uri_has_the_bytes(run):
    assert shown(run, "dataURI()", respond(b"\x00\xff", "image/png")) == "data:image/png;base64, AP8="


def test_cookies_of_the_response(run):
    response = Response(code=200, cookies=(Cookie(name="a", value="x%20y", domain="h"),))
    ran = run("console.log(pm.response.cookies.get('a'), pm.response.cookies.one('a').domain)", response=response)
    assert ran.logged == [["x y", "h"]]


def test_prerequest_scripts_have_no_response(run):
    assert run("console.log(typeof pm.response, typeof responseBody)", listen="prerequest").logged == [
        ["undefined", "undefined"]
    ]


def test_after_a_failed_request_the_response_is_empty(run):
    ran = run(
        "console.log(pm.response.code, pm.response.text(), responseBody); pm.test('t', () => { pm.response.to.be.ok })",
        response=None,
    )
    assert ran.logged == [[None, None, None]]
    assert ran.tests == {"t": False}


def test_the_json_of_an_empty_response_is_an_error(run):
    assert run("pm.response.json()", response=None).error == 'JSONError: "undefined" is not valid JSON'
