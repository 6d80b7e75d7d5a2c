"""What of a recording becomes a request, and how."""

import json

import pytest

from runner.foreign.har.options import OPTIONS
from runner.foreign.har.reading import read
from runner.foreign.imported import ImportOptions
from runner.formats.format import Given
from tests.foreign.recording import entry, har

H = "https://api.example.com"


def imported(*entries, **values):
    options = ImportOptions(values={name: one.default for name, one in OPTIONS.items()} | values)
    return read(Given(har([{**one, "startedDateTime": f"{n:03}"} for n, one in enumerate(entries)]), "a.har"), options)


def items(*entries, **values):
    return imported(*entries, **values).collection["item"]


def requests(*entries, **values):
    return [f"{one['request']['method']} {one['request']['url']['raw']}" for one in items(*entries, **values)]


def only(*entries, **values):
    (found,) = items(*entries, **values)
    return found["request"]


def posted(type, text="", **more):
    one = entry("POST", f"{H}/p", {"Content-Type": type}, text)
    one["request"]["postData"] = {"mimeType": type, "text": text, **more}
    return one


@pytest.mark.parametrize(
    "noise",
    [
        entry("GET", f"{H}/a.js"),
        entry("GET", f"{H}/logo", got=[("Content-Type", "image/png")]),
        entry("GET", f"{H}/style", got=[("Content-Type", "text/css; charset=utf-8")]),
        entry("OPTIONS", f"{H}/orders", {"Access-Control-Request-Method": "POST"}),
        entry("POST", "https://www.google-analytics.com/g/collect?v=2"),
        entry("POST", "https://o1.ingest.sentry.io/api/1/envelope/"),
        entry("GET", f"{H}/blocked", status=0),
        entry("GET", "data:text/plain,x"),
        entry("GET", f"{H}/x", _resourceType="font"),
    ],
    ids=lambda one: one["request"]["url"],
)
def test_noise_is_left_out(noise):
    assert requests(entry("GET", f"{H}/orders"), noise) == ["GET {{baseUrl}}/orders"]


def test_what_looks_like_noise_but_was_fetched_by_a_script_or_changes_something_is_kept():
    kept = [entry("GET", f"{H}/a.js", _resourceType="fetch"), entry("PUT", f"{H}/a.png"), entry("OPTIONS", f"{H}/o")]
    assert len(requests(*kept)) == 3


def test_noise_is_kept_on_request():
    assert len(requests(entry("GET", f"{H}/a.js"), entry("GET", f"{H}/b.css"), noise=True)) == 2


def test_a_recording_without_any_response_is_taken_as_it_is():
    assert requests(entry("GET", f"{H}/a", status=0), entry("GET", f"{H}/b", status=0)) == [
        "GET {{baseUrl}}/a",
        "GET {{baseUrl}}/b",
    ]


def test_repetitions_are_left_out_unless_wanted():
    twice = [entry("GET", f"{H}/a?_=1700000000001"), entry("GET", f"{H}/a?_=1700000000002")]
    assert len(requests(*twice)) == 1
    assert len(requests(*twice, repeats=True)) == 2


def test_the_same_request_with_another_answer_or_other_credentials_is_no_repetition():
    token = {"Authorization": "Bearer tok_12345678901"}
    three = [entry("GET", f"{H}/a", status=401), entry("GET", f"{H}/a"), entry("GET", f"{H}/a", token)]
    assert len(requests(*three)) == 3


def test_a_repetition_that_gives_a_value_is_kept():
    body = '{"name": "tea"}'
    sent = {"Content-Type": "application/json"}
    found = requests(
        entry("POST", f"{H}/items", sent, body, text='{"id": 10017}'),
        entry("POST", f"{H}/items", sent, body, text='{"id": 10018}'),
        entry("GET", f"{H}/items/10018"),
    )
    assert found == ["POST {{baseUrl}}/items", "POST {{baseUrl}}/items", "GET {{baseUrl}}/items/{{itemId}}"]


def test_headers_of_browsers_and_of_the_connection_are_left_out():
    browser = {
        "Host": "h", "User-Agent": "M", "sec-ch-ua": "x", "Accept": "*/*",
        "Accept-Language": "de", "Origin": H, "Connection": "close",
        "Cookie": "_ga=GA1.2", "If-None-Match": '"x"',
        "X-Requested-With": "XMLHttpRequest", ":authority": "h", "traceparent": "00",
    }  # fmt: skip
    assert only(entry("GET", f"{H}/a", browser))["header"] == [{"key": "X-Requested-With", "value": "XMLHttpRequest"}]
    kept = {one["key"] for one in only(entry("GET", f"{H}/a", browser), headers=True)["header"]}
    assert {"User-Agent", "Origin", "Accept-Language"} <= kept
    assert not {"Host", "Connection", "If-None-Match", ":authority"} & kept


def test_each_host_has_a_variable():
    found = imported(
        entry("GET", f"{H}/a"), entry("GET", f"{H}/b"), entry("GET", "http://auth.example.com:81/c"), folders="none"
    )
    assert [(one["key"], one["value"]) for one in found.collection["variable"]] == [
        ("baseUrl", H),
        ("auth_example_com_url", "http://auth.example.com:81"),
    ]


def test_only_the_hosts_that_are_asked_for_are_imported():
    assert requests(entry("GET", f"{H}/a"), entry("GET", "https://other.example/b"), host="example.com") == [
        "GET {{baseUrl}}/a"
    ]


def test_folders_are_made_by_page_or_host_where_the_order_stays():
    pages = [{**entry("GET", f"{H}/a"), "pageref": "p1"}, {**entry("GET", f"{H}/b"), "pageref": "p2"}]
    assert [one["name"] for one in items(*pages)] == ["p1", "p2"]
    mixed = [entry("GET", f"{H}/a"), entry("GET", "https://b.example/b"), entry("GET", f"{H}/c")]
    assert [one["name"] for one in items(*mixed)] == ["GET /a", "GET /b", "GET /c"]
    assert [one["name"] for one in items(*mixed, folders="host")] == ["api.example.com", "b.example"]


# -- bodies -------------------------------------------------------------------------------------------------------------


def test_a_form_is_taken_from_its_text_decoded():
    body = only(posted("application/x-www-form-urlencoded", "a=1%2B2&b=x+y&b="))["body"]
    rows = [(one["key"], one["value"]) for one in body["urlencoded"]]
    assert rows == [("a", "1+2"), ("b", "x y"), ("b", "")]


def test_a_form_without_text_is_taken_from_its_parameters():
    body = only(posted("application/x-www-form-urlencoded", params=[{"name": "a", "value": "1"}]))["body"]
    assert [(one["key"], one["value"]) for one in body["urlencoded"]] == [("a", "1")]


MULTIPART = (
    '--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\ntwo\r\n'
    '--xx\r\nContent-Disposition: form-data; name="f"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n…\r\n--xx--\r\n'
)


@pytest.mark.parametrize(
    "one",
    [
        posted("multipart/form-data; boundary=xx", MULTIPART),
        posted("multipart/form-data; boundary=other", MULTIPART),
        posted("multipart/form-data", MULTIPART.replace("\r\n", "\n").replace("one\ntwo", "one\r\ntwo")),
        posted(
            "multipart/form-data; boundary=xx",
            params=[{"name": "a", "value": "one\r\ntwo"}, {"name": "f", "fileName": "p.png", "contentType": "image/png"}],
        ),
    ],
)
def test_a_multipart_body_becomes_form_data_and_its_files_are_told(one):
    found = imported(one)
    request = found.collection["item"][0]["request"]
    assert request["body"]["formdata"] == [
        {"key": "a", "value": "one\r\ntwo", "type": "text"},
        {"key": "f", "type": "file", "src": "p.png", "contentType": "image/png"},
    ]
    assert request["header"] == []
    assert [note.message for note in found.notes] == [
        "the content of the file 'p.png' is not imported: put it beside the collection"
    ]


def test_a_body_in_base64_is_text_or_bytes():
    assert only(posted("text/plain", "aMOp", encoding="base64"))["body"]["raw"] == "hé"
    found = imported(posted("application/octet-stream", "/wD+", encoding="base64"))
    assert found.collection["item"][0]["request"]["body"] == {"mode": "file", "file": {"content": "/wD+"}}
    assert "base64" in found.notes[0].message


def test_a_json_body_keeps_its_own_writing():
    text = '{ "b": 1.0,\n  "a": "\\u00e9\\/", "b": [] }'
    assert only(posted("application/json", text))["body"]["raw"] == text


# -- values -------------------------------------------------------------------------------------------------------------


def test_a_number_stays_a_number_and_escapes_stay():
    found = items(
        entry("POST", f"{H}/orders", text='{"order": {"id": 77120}, "note": "say \\"AB12CD\\" now"}'),
        posted("application/json", '{"orderId":77120,"note":"say \\"AB12CD\\" now","n":1}'),
    )
    assert found[1]["request"]["body"]["raw"].startswith('{"orderId":{{orderId}},')


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ('{"page": 2}', f"{H}/list?page=2"),
        ('{"date": "2026-01-01"}', f"{H}/list?date=2026-01-01"),
        ('{"status": "active"}', f"{H}/list?status=active"),
        ('{"version": "1.2.3"}', f"{H}/list/1.2.3"),
        ('{"ok": true}', f"{H}/list?ok=true"),
        ('{"id": 1}', f"{H}/v1/list"),
        ('{"total": 3}', f"{H}/list/3"),
    ],
)
def test_constants_stay_as_they_are(given, used):
    assert requests(entry("GET", f"{H}/a", text=given), entry("GET", used))[1] == "GET " + used.replace(H, "{{baseUrl}}")


def test_what_the_client_sent_first_is_no_value_of_a_response():
    ann = {"Content-Type": "application/json"}
    found = requests(
        entry("POST", f"{H}/login", ann, '{"user":"ann-77120-x"}', text='{"user":"ann-77120-x"}'),
        entry("GET", f"{H}/users/ann-77120-x"),
    )
    assert found[1] == "GET {{baseUrl}}/users/ann-77120-x"


def test_values_in_a_url_are_encoded_and_in_a_header_plain():
    found = imported(
        entry("GET", f"{H}/a", text='{"cursor": "ab+/12cd34ef56=="}'),
        entry("GET", f"{H}/b?cursor=ab%2B%2F12cd34ef56%3D%3D", {"X-Cursor": "ab+/12cd34ef56=="}),
    ).collection
    script = "\n".join(found["item"][0]["event"][0]["script"]["exec"])
    assert "encodeURIComponent(value)" in script
    assert found["item"][1]["request"]["url"]["raw"] == "{{baseUrl}}/b?cursor={{cursorEncoded}}"
    assert found["item"][1]["request"]["header"] == [{"key": "X-Cursor", "value": "{{cursor}}"}]


def test_a_name_is_used_again_when_its_value_is_no_longer_needed():
    found = requests(
        entry("POST", f"{H}/orders", text='{"id": 77120}'),
        entry("GET", f"{H}/orders/77120"),
        entry("POST", f"{H}/orders", {"Content-Type": "text/plain"}, "x", text='{"id": 77121}'),
        entry("GET", f"{H}/orders/77121"),
    )
    assert found[1::2] == ["GET {{baseUrl}}/orders/{{orderId}}"] * 2


# -- secrets ------------------------------------------------------------------------------------------------------------


def test_secrets_become_variables_without_a_value_and_are_told():
    basic = {"Authorization": "Basic YW5uOnBhc3M3N3dvcmQ="}
    found = imported(
        entry("GET", f"{H}/a", {"X-API-Key": "key-0123456789ab", "Cookie": "sid=0123456789abcdef; _ga=GA1"}),
        entry("GET", f"{H}/b", basic),
    )
    text = json.dumps(found.collection)
    assert not [one for one in ("key-0123456789ab", "0123456789abcdef", "pass77word", "YW5u", "GA1") if one in text]
    secret = [one for one in found.collection["variable"] if one["type"] == "secret"]
    assert [(one["key"], one["value"]) for one in secret] == [("apiKey", ""), ("sid", ""), ("password", "")]
    assert [note.message.split()[2] for note in found.notes] == ["apiKey", "sid", "password"]
    assert found.collection["item"][1]["request"]["auth"]["basic"][1]["value"] == "{{password}}"


def test_a_short_word_is_a_secret_only_under_the_name_of_one():
    form = {"mimeType": "application/x-www-form-urlencoded", "text": "user=test&password=test&again=hunter2&pin=hunter2"}
    sent = entry("POST", f"{H}/a", {"Content-Type": "application/x-www-form-urlencoded"})
    sent["request"]["postData"] = form
    (item,) = items(sent)
    rows = {row["key"]: row["value"] for row in item["request"]["body"]["urlencoded"]}
    assert rows == {"user": "test", "password": "{{password}}", "again": "{{pin}}", "pin": "{{pin}}"}


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("http://h/auth/token", "{{baseUrl}}/auth/token"),
        ("http://h/auth/login?x=1", "{{baseUrl}}/auth/login?x=1"),
        ("http://h/token/9f8e7d6c5b4a39281706f5e4d3c2b1a0", "{{baseUrl}}/token/{{token}}"),
    ],
)
def test_a_word_of_a_path_is_no_secret_whatever_stands_before_it(url, written):
    assert requests(entry("GET", url)) == [f"GET {written}"]


def test_the_values_of_secrets_are_kept_on_request():
    found = imported(entry("GET", f"{H}/a", {"Authorization": "Bearer abc-0123456789"}), secrets=True)
    assert {"key": "bearerToken", "value": "abc-0123456789", "type": "secret"} in found.collection["variable"]
    assert found.notes == []


def test_an_auth_that_all_share_is_the_collections():
    token = {"Authorization": "Bearer abc-0123456789"}
    found = imported(entry("GET", f"{H}/a", token), entry("GET", f"{H}/b", token), entry("GET", f"{H}/c")).collection
    assert found["auth"]["bearer"][0]["value"] == "{{bearerToken}}"
    assert [one["request"].get("auth") for one in found["item"]] == [None, None, {"type": "noauth"}]


def test_examples_have_no_secrets():
    answer = entry("GET", f"{H}/a", got=[("Set-Cookie", "sid=0123456789abcdef"), ("Content-Type", "application/json")])
    answer["response"]["content"]["text"] = '{"access_token": "tok_0123456789ab", "n": 1}'
    (example,) = items(answer, examples=True)[0]["response"]
    assert example["body"] == '{"access_token": "••••", "n": 1}'
    assert [one["key"] for one in example["header"]] == ["Content-Type"]


# -- other files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["{}", '{"log": []}', '{"log": {}}', "[]", '{"log": {"entries": 1}}'])
def test_what_is_no_har_file_is_refused(postrunner, tmp_path, text):
    (tmp_path / "a.har").write_text(text)
    done = postrunner("import", "--from", "har", "a.har")
    assert (done.code, "this is not a HAR file" in done.err) == (2, True)


def test_entries_that_are_no_requests_are_told():
    made = imported(entry("GET", f"{H}/a"), {"request": 5}, entry("GET", f"{H}/b"), {**entry("GET", "no address")})
    assert [str(note) for note in made.notes] == [
        "a.har: log.entries[1] is not a request to an address",
        "a.har: log.entries[3] is not a request to an address",
    ]


@pytest.mark.parametrize("damage", [None, 1, "x", [], {}, [1], {"url": 1}])
def test_damaged_entries_do_no_harm(damage):
    for part in ("request", "response"):
        imported({**entry("GET", f"{H}/a"), part: damage})
    for key in ("headers", "postData", "url", "method", "cookies"):
        one = entry("GET", f"{H}/a")
        one["request"][key] = damage
        imported(one)
    for key in ("headers", "content", "status", "redirectURL"):
        one = entry("GET", f"{H}/a")
        one["response"][key] = damage
        imported(one)
    imported({**entry("GET", "http://[bad/a")})


def test_a_large_recording_takes_linear_time():
    rows = json.dumps([{"id": 100000 + n, "key": f"k{n}-{n * 7919:x}"} for n in range(2000)])
    entries = [entry("GET", f"{H}/rows/{100000 + n}", text=rows if n % 50 == 0 else "") for n in range(400)]
    assert len(requests(*entries)) == 400
