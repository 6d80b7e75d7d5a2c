"""Flows that are recorded against one server and run against another one that hands out other values."""

import json
import re
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

from tests.foreign.recording import Recorder, serving

RECORDED = {
    "token": "tok_5f1c9a7e22b04d",
    "id": "1041",
    "csrf": "c5RfAb12+/9=",
    "refresh": "ref-77ab12cd90ef",
    "short": "7",
}
OTHER = {"token": "tok_00aa11bb22cc33", "id": "98", "csrf": "Zz9/+Qq8xY4=", "refresh": "ref-1234567890ab", "short": "12"}


def denied(text="no"):
    return 401, [], {"error": text}


# -- servers and clients ------------------------------------------------------------------------------------------------


def token_and_id(method, path, headers, body, values):
    if (method, path) == ("POST", "/api/login"):
        right = json.loads(body) == {"user": "ann", "password": "s3cret-pass"}
        return (200, [], {"token": values["token"], "user": {"id": int(values["id"])}}) if right else denied()
    if headers.get("Authorization") != f"Bearer {values['token']}":
        return denied()
    return (200, [], {"id": int(values["id"])}) if path == f"/api/users/{values['id']}" else (404, [], {})


def use_token_and_id(send):
    found = json.loads(send("POST", "/api/login", body={"user": "ann", "password": "s3cret-pass"})[2])
    send("GET", f"/api/users/{found['user']['id']}", {"Authorization": f"Bearer {found['token']}"})


def token_in_header(method, path, headers, body, values):
    if path == "/login":
        return 200, [("X-Auth-Token", values["token"])], {"ok": True}
    return (200, [], {}) if headers.get("X-Auth-Token") == values["token"] else denied()


def use_token_in_header(send):
    send("GET", "/orders", {"X-Auth-Token": send("POST", "/login")[1]["X-Auth-Token"]})


def session_and_xsrf_cookie(method, path, headers, body, values):
    if path == "/login":
        escaped = quote(values["csrf"], safe="")
        return 200, [("Set-Cookie", f"sid={values['token']}; Path=/"), ("Set-Cookie", f"XSRF-TOKEN={escaped}; Path=/")], {}
    right = f"sid={values['token']}" in headers.get("Cookie", "") and headers.get("X-XSRF-TOKEN") == values["csrf"]
    return (200, [], {}) if right else denied()


def use_session_and_xsrf_cookie(send, cookies):
    send("POST", "/login")
    send("POST", "/orders", {"X-XSRF-TOKEN": unquote(cookies["XSRF-TOKEN"])}, {"item": "tea"})


def nested(method, path, headers, body, values):
    if path == "/session":
        return 200, [], {"data": {"sessions": [{"kind": "old"}, {"auth": {"access-token": values["token"]}}]}}
    return (200, [], {}) if path == f"/feed?access_token={values['token']}" else denied()


def use_nested(send):
    found = json.loads(send("GET", "/session")[2])
    send("GET", f"/feed?access_token={found['data']['sessions'][1]['auth']['access-token']}")


def html_form(method, path, headers, body, values):
    if path == "/form":
        page = f'<form><input type="hidden" name="_csrf" value="{values["csrf"]}"><input name="q" value=""></form>'
        return 200, [("Content-Type", "text/html")], page
    return (200, [], {}) if parse_qs(body).get("_csrf") == [values["csrf"]] else denied()


def use_html_form(send):
    csrf = re.search(r'value="(\S+)"', send("GET", "/form")[2])[1]
    type = {"Content-Type": "application/x-www-form-urlencoded"}
    send("POST", "/orders", type, f"item=tea&_csrf={quote(csrf, safe='')}")


def meta_tag(method, path, headers, body, values):
    if path == "/":
        return 200, [("Content-Type", "text/html")], f'<head><meta name="csrf-token" content="{values["csrf"]}"></head>'
    return (200, [], {}) if headers.get("X-CSRF-Token") == values["csrf"] else denied()


def use_meta_tag(send):
    csrf = re.search(r'content="(\S+)"', send("GET", "/")[2])[1]
    send("POST", "/orders", {"X-CSRF-Token": csrf}, {"item": "tea"})


def short_id_in_path(method, path, headers, body, values):
    if (method, path) == ("POST", "/items"):
        return 201, [("Location", f"/items/{values['short']}")], {"done": True}
    return (200, [], {}) if path == f"/items/{values['short']}/parts" else (404, [], {})


def use_short_id_in_path(send):
    send("GET", send("POST", "/items", body={"name": "tea"})[1]["Location"] + "/parts")


def refreshed(method, path, headers, body, values):
    second = values["token"] + "-second"
    if path == "/login":
        return 200, [], {"access_token": values["token"], "refresh_token": values["refresh"]}
    if path == "/refresh":
        return (200, [], {"access_token": second}) if json.loads(body) == {"refresh_token": values["refresh"]} else denied()
    wanted = values["token"] if path == "/first" else second
    return (200, [], {}) if headers.get("Authorization") == f"Bearer {wanted}" else denied()


def use_refreshed(send):
    first = json.loads(send("POST", "/login")[2])
    send("GET", "/first", {"Authorization": f"Bearer {first['access_token']}"})
    second = json.loads(send("POST", "/refresh", body={"refresh_token": first["refresh_token"]})[2])
    send("GET", "/second", {"Authorization": f"Bearer {second['access_token']}"})


def in_several_responses(method, path, headers, body, values):
    if path == "/login":
        return 200, [("X-Session", values["token"])], {"session": {"token": values["token"]}}
    right = headers.get("Authorization") == f"Token {values['token']}"
    return (200, [], {"token": values["token"], "id": values["id"]}) if right else denied()


def use_in_several_responses(send):
    token = json.loads(send("POST", "/login")[2])["session"]["token"]
    for path in ("/me", "/orders"):
        send("GET", path, {"Authorization": f"Token {token}"})


def code_in_redirect(method, path, headers, body, values):
    if path == "/authorize":
        return 302, [("Location", f"/callback?code={values['token']}")], ""
    if path.startswith("/callback"):
        right = path == f"/callback?code={values['token']}"
        return (200, [("Set-Cookie", f"sid={values['refresh']}; Path=/")], {}) if right else denied()
    return (200, [], {}) if f"sid={values['refresh']}" in headers.get("Cookie", "") else denied()


def use_code_in_redirect(send):
    send("GET", "/authorize")
    send("GET", "/me")


def id_that_only_a_redirect_shows(method, path, headers, body, values):
    if (method, path) == ("POST", "/items"):
        return 303, [("Location", f"/items/{values['id']}")], ""
    right = path in (f"/items/{values['id']}", f"/items/{values['id']}/parts")
    return (200, [], {"name": "tea"}) if right else (404, [], {})


def use_id_that_only_a_redirect_shows(send, cookies):
    send("POST", "/items", body={"name": "tea"}, follow=False)
    send("GET", f"/items/{VALUES['id']}")
    send("GET", f"/items/{VALUES['id']}/parts")


VALUES = RECORDED


def next_address(method, path, headers, body, values):
    if path == "/items":
        return 200, [], {"items": [], "next": f"/items?cursor={values['csrf']}"}
    return (200, [], {}) if path == f"/items?cursor={values['csrf']}" else (404, [], {})


def use_next_address(send):
    send("GET", json.loads(send("GET", "/items")[2])["next"])


def upload_address(method, path, headers, body, values):
    if path == "/files":
        return (
            200,
            [],
            {"url": f"http://{headers['Host']}/put/{values['token']}?sig={values['refresh']}", "filePath": values["csrf"]},
        )
    if method == "PUT":
        return (200, [], {}) if path == f"/put/{values['token']}?sig={values['refresh']}" else denied()
    return (200, [], {}) if json.loads(body) == {"path": values["csrf"]} else denied()


def use_upload_address(send):
    found = json.loads(send("POST", "/files")[2])
    send("PUT", found["url"], {"Content-Type": "text/plain"}, "hello")
    send("POST", "/process", body={"path": found["filePath"]})


def word_as_token(method, path, headers, body, values):
    word = "first" if values is RECORDED else "second"
    if path == "/login":
        return 200, [], {"token": word, "id": 5 if values is RECORDED else 6}
    number = 5 if values is RECORDED else 6
    right = headers.get("Authorization") == f"Bearer {word}" and json.loads(body) == {"userId": number, "size": 5}
    return (200, [], {}) if right else denied()


def use_word_as_token(send):
    found = json.loads(send("POST", "/login")[2])
    send("PUT", "/me", {"Authorization": f"Bearer {found['token']}"}, {"userId": found["id"], "size": 5})


FLOWS = {
    "a token in JSON and an id in a path": (token_and_id, use_token_and_id),
    "a token in a header": (token_in_header, use_token_in_header),
    "a session and an escaped CSRF token in cookies": (session_and_xsrf_cookie, use_session_and_xsrf_cookie),
    "a token deep in JSON, used in a query": (nested, use_nested),
    "a CSRF token in a form": (html_form, use_html_form),
    "a CSRF token in a meta tag": (meta_tag, use_meta_tag),
    "a short id at the end of Location": (short_id_in_path, use_short_id_in_path),
    "a token that is refreshed": (refreshed, use_refreshed),
    "a token in several responses": (in_several_responses, use_in_several_responses),
    "a code in a redirect": (code_in_redirect, use_code_in_redirect),
    "an id that only a redirect shows": (id_that_only_a_redirect_shows, use_id_that_only_a_redirect_shows),
    "an address with a cursor": (next_address, use_next_address),
    "an address to upload to": (upload_address, use_upload_address),
    "a plain word as a token": (word_as_token, use_word_as_token),
}


def recorded(answer, use):
    with serving(answer, RECORDED) as server:
        recorder = Recorder(server.url)
        arguments = (recorder.send, recorder.cookies)[: use.__code__.co_argcount]
        use(*arguments)
        return recorder


@pytest.mark.parametrize("flow", FLOWS)
def test_a_recorded_flow_runs_against_a_server_with_other_values(postrunner, tmp_path, flow):
    answer, use = FLOWS[flow]
    recorder = recorded(answer, use)
    assert all(one["response"]["status"] < 400 for one in recorder.entries)
    (tmp_path / "flow.har").write_text(recorder.har())
    assert postrunner("import", "flow.har", "-o", "flow.json").code == 0
    with serving(answer, OTHER) as server:
        done = postrunner("run", "flow.json", "--env-var", f"baseUrl={server.url}", "--env-var", "password=s3cret-pass")
        assert done.code == 0, done.out
        sent = [f"{one['request']['method']} {urlsplit(one['request']['url']).path}" for one in recorder.entries]
        assert len(server.seen) == len(sent), (server.seen, sent)


@pytest.mark.parametrize("flow", ["a token in JSON and an id in a path", "a CSRF token in a form"])
def test_no_value_of_the_recording_and_no_password_is_left_in_the_collection(postrunner, tmp_path, flow):
    recorder = recorded(*FLOWS[flow])
    (tmp_path / "flow.har").write_text(recorder.har())
    done = postrunner("import", "flow.har", "-o", "flow.json")
    text = (tmp_path / "flow.json").read_text()
    assert not [value for value in (RECORDED["token"], RECORDED["csrf"], "s3cret-pass") if value in text]
    assert "s3cret-pass" not in done.err


def test_a_response_that_no_longer_has_the_value_fails_the_run(postrunner, tmp_path):
    (tmp_path / "flow.har").write_text(recorded(token_in_header, use_token_in_header).har())
    postrunner("import", "flow.har", "-o", "flow.json")
    with serving(lambda *_: (200, [], {}), OTHER) as server:
        done = postrunner("run", "flow.json", "--env-var", f"baseUrl={server.url}")
    assert done.code == 1
    assert "The response sets authToken" in done.out
