"""`postrunner export --to curl`: the script sends what a run sends."""

import json
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not all(map(shutil.which, ("bash", "curl"))), reason="needs bash and curl"
)

FIXED = [{"key": "id", "value": "a b/é"}, {"key": "plain", "value": "x-1"}, {"key": "empty", "value": ""}]


@pytest.fixture
def sent(postrunner, recorder, tmp_path):
    """What a run of these items sends, and what the exported script sends, with these values of secrets."""

    def send(*items, values=(), words=(), **more):
        url = f"http://127.0.0.1:{recorder.server_port}"
        document = {"info": {"name": "C"}, "item": list(items), **more}
        (tmp_path / "c.json").write_text(json.dumps(document).replace("http://h", url))
        assert postrunner("run", "c.json", *words).code == 0
        run, recorder.seen = recorder.seen, []
        made = postrunner("export", "c.json", "--to", "curl", "-o", "c.sh", "--force", *words)
        assert made.code == 0
        text = (tmp_path / "c.sh").read_text()
        assert not [value for value in dict(values).values() if value in text]
        done = subprocess.run(["bash", "c.sh"], env={**os.environ, **dict(values)}, capture_output=True, check=False)
        assert (done.returncode, done.stderr.count(b"curl:")) == (0, 0), done.stderr
        script, recorder.seen = recorder.seen, []
        return run, script

    return send


def item(method="GET", url="http://h/", **request):
    return {"name": "one", "request": {"method": method, "url": url, **request}}


def raw(text, language="text"):
    return {"mode": "raw", "raw": text, "options": {"raw": {"language": language}}}


def form(*params):
    return {"mode": "formdata", "formdata": list(params)}


@pytest.mark.parametrize(
    "one",
    [
        item(),
        item("HEAD"),
        item("DELETE", "http://h/a/../b//c?x=[1]&y={z}&%zz=a+b"),
        item("POST"),
        item("PUT", body=raw("")),
        item("OWN", body=raw("text")),
        item("POST", body=raw("@file")),
        item("POST", body=raw("it's \"$HOME\" `id` \\n \\\\ !\n\ttab\r\né \u2028 \x00 \x7f %s")),
        item("POST", body=raw('{"a": "{{id}}"} // {{plain}}', "json")),
        item("POST", body={"mode": "graphql", "graphql": {"query": 'q("{{id}}")\n', "variables": '{"a": "{{plain}}"}'}}),
        item("POST", body={"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{id}}&"}, {"key": "{{plain}}"}]}),
        item("PATCH", body=form({"key": "a", "value": "{{id}}"}, {"key": "f", "type": "file", "src": "f.bin"})),
        item("POST", body={"mode": "file", "file": {"src": "f.bin"}}),
        item("GET", "http://h/{{id}}/{{plain}}?q={{id}}&{{unknown}}#part"),
        item("GET", "{{whole}}/{{plain}}", header=[{"key": "X-A", "value": "{{plain}} '\"$`\\"}]),
        item("GET", "{{bare}}/x", header=[{"key": "X-Empty", "value": "{{empty}}"}, {"key": "X-None", "value": ""}]),
        item("GET", header=[{"key": "user-agent", "value": "mine"}, *([{"key": "X", "value": "1"}] * 2)]),
        item("POST", header=[{"key": "Content-Type", "value": "a/b"}], body=raw("x")),
        item(header=[{"key": "X-Latin", "value": "\xe9"}]),
    ],
)  # fmt: skip
def test_the_script_sends_the_bytes_of_a_run(sent, one, recorder, tmp_path):
    (tmp_path / "f.bin").write_bytes(bytes(range(256)))
    bare = f"127.0.0.1:{recorder.server_port}"
    more = [{"key": "whole", "value": "http://h/base"}, {"key": "bare", "value": bare}]
    run, script = sent(one, variable=[*FIXED, *more])
    if one["request"].get("body", {}).get("mode") == "formdata":  # each has a boundary of its own
        run, script = ([str(each).replace(boundary_of(each), "B") for each in found] for found in (run, script))
    assert script == run


def boundary_of(seen):
    return dict(seen[4])["Content-Type"].partition("boundary=")[2]


@pytest.mark.parametrize(
    ("type", "params"),
    [
        ("basic", {"username": "mé", "password": "pa$$w0rd'\""}),
        ("bearer", {"token": "pa$$w0rd'\""}),
        ("apikey", {"key": "X-Own", "value": "pa$$w0rd'\""}),
        ("apikey", {"key": "own", "value": "pa$$w0rd'\" é&/", "in": "query"}),
    ],
)
def test_secrets_come_from_the_environment_and_reach_the_wire_as_in_a_run(sent, type, params):
    auth = {"type": type, type: [{"key": key, "value": value} for key, value in params.items()]}
    value = params.get("password") or params.get("token") or params["value"]
    names = {"basic": "PASSWORD", "bearer": "TOKEN", "apikey": params.get("key", "").upper().replace("-", "_")}
    run, script = sent(item("GET", "http://h/?a=b", auth=auth), values={names[type]: value})
    assert script == run


def test_a_redirect_is_followed_with_the_method_of_a_run(sent):
    run, script = sent(item("POST", "http://h/jump", body=raw("x")), item("GET", "http://h/jump"))
    assert [one[:2] for one in script] == [one[:2] for one in run]


def test_a_redirect_of_another_method_is_not_followed(sent):
    _, script = sent(item("PUT", "http://h/jump"))
    assert [one[:2] for one in script] == [("PUT", "/jump")]


def test_cookies_go_from_one_request_to_the_next(sent):
    run, script = sent(item(), item())
    assert ("Cookie", "a=b") in script[1][4]
    assert [dict(one[4]) for one in script] == [dict(one[4]) for one in run]


def test_without_a_secret_nothing_is_sent(postrunner, recorder, tmp_path):
    url = f"http://127.0.0.1:{recorder.server_port}/?api_key=abcdef123456"
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "C"}, "item": [item(url=url)]}))
    script = postrunner("export", "c.json", "--to", "curl").out
    env = {key: value for key, value in os.environ.items() if key != "API_KEY"}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "API_KEY: is not set" in done.stderr
    assert recorder.seen == []


def test_an_auth_that_curl_cannot_compute_is_a_gap_in_the_script_and_on_standard_error(postrunner, tmp_path):
    auth = {"type": "hawk", "hawk": [{"key": "authId", "value": "i"}, {"key": "authKey", "value": "abcdef123456"}]}
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "C"}, "item": [item(auth=auth)]}))
    done = postrunner("export", "c.json", "--to", "curl", "--strict")
    assert (done.code, done.err.split(":")[:2]) == (1, ["one", " is not sent"])
    ran = subprocess.run(["bash", "-c", done.out], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr.startswith("not sent: one: the auth hawk")) == (1, True)


def test_a_request_whose_file_is_missing_is_not_sent(postrunner, tmp_path):
    one = item("POST", "http://127.0.0.1:1/", body=form({"key": "f", "type": "file", "src": "no file"}))
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "C"}, "item": [one]}))
    script = postrunner("export", "c.json", "--to", "curl").out
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (1, "not sent: one: the file no file cannot be read")


def test_a_script_is_a_gap_that_holds_its_text_as_comments(postrunner, tmp_path):
    events = [{"listen": "test", "script": {"exec": ["pm.test('x', () => {", "})\x1b[0m"]}}]
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "C"}, "item": [{**item(), "event": events}]}))
    done = postrunner("export", "c.json", "--to", "curl")
    assert done.err == "one: the test script of 'one' is not translated\n"
    assert "# GAP: the test script of 'one' is not translated:\n#   pm.test('x', () => {\n#   })\\x1b[0m\n" in done.out


def test_with_resolve_values_stand_in_the_place_of_names_but_for_secrets(postrunner, tmp_path):
    variables = [{"key": "host", "value": "http://h"}, {"key": "token", "value": "abcdef123456"}]
    document = {"info": {"name": "C"}, "variable": variables, "item": [item(url="{{host}}/?t={{token}}")]}
    (tmp_path / "c.json").write_text(json.dumps(document))
    text = postrunner("export", "c.json", "--to", "curl", "--resolve").out
    assert '"http://h/?t=$(query "${token}")"' in text
    assert "host=" not in text


def test_a_dynamic_variable_that_bash_cannot_make_is_a_gap(postrunner, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "C"}, "item": [item(url="http://h/{{$randomCity}}")]}))
    done = postrunner("export", "c.json", "--to", "curl")
    assert "_randomCity='{{$randomCity}}'  # GAP: give it a value\n" in done.out
    assert done.err == "{{$randomCity}} is not made by the script: give it a value at the top\n"


def test_dynamic_variables_that_bash_can_make_are_new_each_time(sent):
    _, script = sent(item(url="http://h/{{$guid}}/{{$timestamp}}/{{$randomInt}}"), item(url="http://h/{{$guid}}"))
    first, second = script[0][1].split("/")[1], script[1][1].split("/")[1]
    assert first != second
    assert (len(first), first[14]) == (36, "4")


def test_a_variable_that_only_a_script_sets_is_asked_for(postrunner, recorder, tmp_path):
    events = [{"listen": "test", "script": {"exec": ["pm.environment.set('session id', 1); pm.globals.set('known', 2);"]}}]
    url = f"http://127.0.0.1:{recorder.server_port}/{{{{session id}}}}/{{{{known}}}}"
    document = {"info": {"name": "C"}, "item": [{**item(url=url), "event": events}]}
    (tmp_path / "c.json").write_text(json.dumps({**document, "variable": [{"key": "known", "value": "k"}]}))
    made = postrunner("export", "c.json", "--to", "curl")
    assert made.err == "one: the test script of 'one' is not translated: it sets known, session id\n"
    without = subprocess.run(["bash", "-c", made.out], capture_output=True, text=True, check=False)
    assert (without.returncode != 0, recorder.seen) == (True, [])
    assert without.stderr.endswith("SESSION_ID: is set by a script that is not translated\n")
    subprocess.run(["bash", "-c", made.out], env={**os.environ, "SESSION_ID": "a b"}, capture_output=True, check=True)
    assert recorder.seen[0][1] == "/a%20b/k"
