"""Torii: upload URLs, the file store behind them, and the registry."""

import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from runner.standins import start
from runner.standins.torii.state import iso
from tests.standins.conftest import FULL, READ_ONLY, ask

JSON_TYPE = "customIntegrationData"


def error_code(reply):
    """The code of the store's XML error."""
    assert reply.headers["content-type"] == "application/xml"
    return reply.status, re.search(r"<Code>(\w+)</Code>", reply.text)[1]


@pytest.mark.parametrize("version", ["v1.0", "v1.1"])
def test_upload_parameters_are_wrapped(torii, version):
    body = torii.get(f"/{version}/files/url", name="a.json", type=JSON_TYPE).json
    assert set(body) == {"uploadFileParameters"}
    assert re.fullmatch(r"\d{13}/a\.json", body["uploadFileParameters"]["filePath"])


def test_beta_has_them_at_the_top(torii):
    assert set(torii.get("/beta/files/url", name="a.json", type=JSON_TYPE).json) == {"url", "filePath"}


def test_other_versions_do_not_exist(torii):
    assert torii.get("/v2.0/orgs/my").status == 404


@pytest.mark.parametrize(("query", "name"), [("type=text/csv", "name"), ("name=a", "type"), ("name=&type=a", "name")])
def test_name_and_type_are_required(torii, query, name):
    reply = torii.get(f"/v1.0/files/url?{query}")
    message = f"Missing required query parameter '{name}'"
    assert reply.json == {"statusCode": 400, "error": "Bad Request", "message": message}


def test_two_urls_in_one_millisecond_have_different_paths(torii):
    assert torii.upload_url()["filePath"] != torii.upload_url()["filePath"]


def test_the_url_is_signed_as_s3_does(torii):
    query = parse_qs(urlsplit(torii.upload_url()["url"]).query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["300"]
    assert query["X-Amz-SignedHeaders"] == ["content-type;host"]
    assert re.fullmatch(r"[0-9a-f]{64}", query["X-Amz-Signature"][0])


def test_an_upload_answers_with_an_etag_and_nothing_else(torii):
    reply = torii.put(torii.upload_url()["url"], b"bytes")
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["etag"] == f'"{hashlib.md5(b"bytes").hexdigest()}"'


def test_a_key_beside_the_signature_is_refused(torii):
    reply = torii.put(torii.upload_url()["url"], b"{}", Authorization=f"Bearer {FULL}")
    assert error_code(reply) == (400, "InvalidArgument")
    assert "Only one auth mechanism allowed" in reply.text


def test_without_a_signature_access_is_denied(torii):
    assert error_code(torii.put(torii.upload_url()["url"].partition("?")[0], b"{}")) == (403, "AccessDenied")


def test_the_url_expires_after_its_five_minutes(torii):
    url = torii.upload_url()["url"]
    torii.clock.tick(299)
    assert torii.put(url, b"{}").status == 200
    torii.clock.tick(1)
    reply = torii.put(url, b"{}")
    assert (error_code(reply), "Request has expired" in reply.text) == ((403, "AccessDenied"), True)


@pytest.mark.parametrize("kind", ["application/json", "customIntegrationData; charset=utf-8", "", "customintegrationdata"])
def test_another_content_type_does_not_match_the_signature(torii, kind):
    assert error_code(torii.put(torii.upload_url()["url"], b"{}", kind)) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("users.json", "other.json"),
        ("X-Amz-Expires=300", "X-Amz-Expires=301"),
        ("X-Amz-Signature=", "X-Amz-Signature=0"),
        ("X-Amz-Algorithm", "extra=1&X-Amz-Algorithm"),
        ("us-east-1", "eu-west-1"),
    ],
)
def test_a_changed_url_does_not_match_the_signature(torii, old, new):
    url = torii.upload_url()["url"]
    assert old in url
    assert error_code(torii.put(url.replace(old, new), b"{}")) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    "query", ["X-Amz-Date=now&X-Amz-Expires=300", "X-Amz-Date=20990101T000000Z", "X-Amz-Expires=" + "9" * 400]
)
def test_a_url_whose_dates_cannot_be_read_has_expired(torii, query):
    reply = torii.put(f"{torii.standin.url}/s3/1/a?{query}&X-Amz-Signature=00", b"{}")
    assert error_code(reply) == (403, "AccessDenied")


def test_the_host_is_signed(torii):
    url = torii.upload_url()["url"]
    assert error_code(torii.put(url, b"{}", Host="localhost")) == (403, "SignatureDoesNotMatch")


def test_reading_with_an_upload_url_is_refused(torii):
    assert error_code(torii("GET", torii.upload_url()["url"], key=None)) == (403, "SignatureDoesNotMatch")


def test_other_methods_are_refused(torii):
    assert error_code(torii("DELETE", torii.upload_url()["url"], key=None)) == (405, "MethodNotAllowed")


def test_a_second_upload_replaces_the_first(torii):
    given = torii.upload_url()
    for content in (b"one", b"two"):
        torii.put(given["url"], content)
    number = torii("POST", "/v1.0/files", {"path": given["filePath"], "type": JSON_TYPE}).json["id"]
    target = torii("GET", f"/v1.0/files/{number}/download").headers["location"]
    assert torii("GET", target, key=None).body == b"two"


def test_names_with_odd_characters_survive(torii):
    given = torii.upload_url("é &+%41/ü.json")
    assert torii.put(given["url"], b"{}").status == 200
    assert given["filePath"].endswith("/é &+%41/ü.json")


def test_registering_gives_an_integer_id(torii):
    assert [torii.stored(b"{}"), torii.stored(b"{}")] == [1000, 1001]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"type": JSON_TYPE}, 400),
        ({"path": "1/a"}, 400),
        ({"path": 5, "type": JSON_TYPE}, 400),
        ({"path": "1/a", "type": "something"}, 400),
        ({"path": "1/a", "type": JSON_TYPE}, 404),
        ([], 400),
    ],
)
def test_registering_wants_an_uploaded_path_and_a_known_type(torii, body, status):
    reply = torii("POST", "/v1.0/files", body)
    assert (reply.status, reply.json["statusCode"]) == (status, status)


def test_registering_wants_json(torii):
    assert torii("POST", "/v1.0/files", "path=1", headers={"Content-Type": "text/plain"}).status == 415
    assert torii("POST", "/v1.0/files", "{", headers={"Content-Type": "application/json"}).status == 400


def test_file_information_shows_the_upload(torii):
    number = torii.stored(b"{}", "team.json")
    file = torii.get(f"/v1.0/files/{number}", type=JSON_TYPE).json["file"]
    assert (file["id"], file["type"], file["fileName"]) == (number, JSON_TYPE, "team.json")
    assert file["creationTime"] == iso(torii.clock.now)
    assert isinstance(file["uploadedBy"], int)


def test_without_a_type_an_expense_report_is_meant(torii):
    users, report = torii.stored(b"{}"), torii.stored(b"a", "a.csv", "expenseReport")
    assert torii.get(f"/v1.0/files/{users}").status == 404
    assert torii.get(f"/v1.0/files/{report}").status == 200


@pytest.mark.parametrize("number", ["999", "x", "-1", "9" * 5000, "²"])
def test_unknown_files_are_404(torii, number):
    from urllib.parse import quote

    assert torii.get(f"/v1.0/files/{quote(number)}", type=JSON_TYPE).status == 404
    assert torii.get(f"/v1.0/files/{quote(number)}/download").status == 404


def test_a_download_is_a_redirect_to_a_signed_url(torii):
    number = torii.stored(b"content")
    reply = torii.get(f"/v1.0/files/{number}/download")
    assert reply.status == 302
    file = torii("GET", reply.headers["location"], key=None)
    assert (file.status, file.body, file.headers["content-type"]) == (200, b"content", JSON_TYPE)


def form(name, content, kind=JSON_TYPE):
    """A multipart body with its Content-Type."""
    head = f'--B\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: a/b\r\n\r\n'
    tail = f'\r\n--B\r\nContent-Disposition: form-data; name="type"\r\n\r\n{kind}\r\n--B--\r\n'
    return head.encode() + content + tail.encode(), {"Content-Type": 'multipart/form-data; boundary="B"'}


def upload(torii, *parts):
    body, headers = form(*parts)
    return torii("POST", "/v1.0/files/upload", body, headers=headers)


def test_the_multipart_short_cut_keeps_every_byte(torii):
    content = bytes(range(256)) + b"\r\n--\r\n\r\n-B"
    number = upload(torii, "a.zip", content).json["id"]
    target = torii.get(f"/v1.0/files/{number}/download").headers["location"]
    assert torii("GET", target, key=None).body == content


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        (("a.exe", b""), 400),
        (("json", b""), 400),
        (("", b""), 400),
        (("a.json", b"", "none"), 400),
        (("a.JSON", b"x" * 3 * 1024 * 1024), 200),
        (("a.json", b"x" * (3 * 1024 * 1024 + 1)), 413),
    ],
)
def test_the_short_cut_has_limits(torii, parts, status):
    assert upload(torii, *parts).status == status


def test_the_short_cut_wants_a_form(torii):
    assert torii("POST", "/v1.0/files/upload", {"file": "x"}).status == 415
    assert torii("POST", "/v1.0/files/upload", "x", headers={"Content-Type": "multipart/form-data"}).status == 400


def test_a_read_only_key_may_not_write(torii):
    assert torii("GET", "/v1.0/orgs/my", key=READ_ONLY).status == 200
    reply = torii("POST", "/v1.0/files", {"path": "1/a", "type": JSON_TYPE}, key=READ_ONLY)
    assert (reply.status, reply.json["error"]) == (403, "Forbidden")


def test_a_url_with_no_time_to_live_has_expired_at_once():
    with start("torii", url_ttl=0) as standin:
        given = ask(standin.url, "GET", "/beta/files/url?name=a&type=t", key=FULL).json
        assert error_code(ask(standin.url, "PUT", given["url"], body="x", headers={"Content-Type": "t"})) == (
            403,
            "AccessDenied",
        )
