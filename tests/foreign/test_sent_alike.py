"""What each format of `postrunner export` sends is what a run sends, but for what `docs/export-code.md` lists."""

import json
import os
import shutil
import subprocess
import sys

import pytest


def item(name, method="GET", url="", **request):
    return {"name": name, "request": {"method": method, "url": url or f"http://h/{name.replace(' ', '-')}", **request}}


def raw(text, language="text"):
    return {"mode": "raw", "raw": text, "options": {"raw": {"language": language}}}


def rows(mode, *params):
    return {"mode": mode, mode: list(params)}


def auth(type, **params):
    return {"type": type, type: [{"key": key, "value": value} for key, value in params.items()]}


def header(key, value, **more):
    return {"key": key, "value": value, **more}


TOKEN = "t0k'\"$`\\"
SECRET = "pa$$w0rd'\" é\\"

ITEMS = [
    item("plain"),
    item("dots and brackets", "DELETE", "http://h/a/../b//c/./?x=[1]&y={z}&%zz=a+b&q=%20%41"),
    item("letters", url="http://h/straße/日本?q=ü é&emoji=😀"),
    item("values in a URL", url="http://h/{{id}}/{{plain}}?q={{id}}&{{plain}}={{plain}}&{{unknown}}#part"),
    item("a whole URL", url="{{whole}}/{{plain}}"),
    item("a URL without a scheme", url="{{bare}}/x?next=http://h/"),
    item("a URL that a variable has with its path", url="{{whole}}"),
    item("empty values", url="http://h/?a=&b&=c&&d={{empty}}"),
    item("rows that are off", url={"raw": "http://h/x?a=1", "host": ["http://h"], "path": ["x"], "query": [
        {"key": "a", "value": "1"}, {"key": "b", "value": "2", "disabled": True}, {"key": "a", "value": "3"}]},
         header=[header("X-A", "1", disabled=True), header("X-B", "2")]),
    item("headers that repeat", header=[header("X", "1"), header("X", "2"), header("x-own-CASE", "{{plain}} '\"$`\\")]),
    item("headers of one's own", header=[header("user-agent", "mine"), header("Accept", "a/b"), header("Cookie", "z=1")]),
    item("empty headers", header=[header("X-Empty", "{{empty}}"), header("X-None", "")]),
    item("letters in headers", header=[header("X-Latin", "\xe9")]),
    item("a path variable", url={"raw": "http://h/:one/b", "host": ["http://h"], "path": [":one", "b"],
                                 "variable": [{"key": "one", "value": "{{plain}}"}]}),
    item("no body", "POST"),
    item("an empty body", "PUT", body=raw("")),
    item("a body with a GET", "GET", body=raw("text")),
    item("a method of one's own", "OWN", body=raw("text")),
    item("a body that looks like a file", "POST", body=raw("@file")),
    item("every kind of quotation mark", "POST",
         body=raw("it's \"$HOME\" `id` \\n \\\\ !\n\ttab\n\"\"\"three\"\"\" {brace} {{{plain}}} %s \u2028 \x00 \x7f\"")),
    item("JSON with values", "POST", body=raw('{\n  "a": "{{id}}",\n  "b": {"c": [{{plain}}]} // {{unknown}}\n}', "json")),
    item("line ends", "POST", body=raw("one\r\ntwo\n\nthree\n")),
    item("GraphQL", "POST", body={"mode": "graphql", "graphql": {
        "query": '{ q(a: "{{id}}") { b } }\n', "variables": '{"a": "{{plain}}"}'}}),
    item("a form", "POST", body=rows("urlencoded", {"key": "a b", "value": "{{id}}&="}, {"key": "{{plain}}"},
         {"key": "", "value": "x"}, {"key": "off", "value": "1", "disabled": True}, {"key": "a b", "value": "+%20"})),
    item("a form with files", "PATCH", body=rows("formdata", {"key": "a", "value": "{{id}}"},
         {"key": 'q"\n', "value": "é", "contentType": "text/x"}, {"key": "f", "type": "file", "src": "f.bin"})),
    item("a file", "POST", body={"mode": "file", "file": {"src": "f.bin"}}),
    item("a type of one's own", "POST", header=[header("Content-Type", "a/b; c=d")], body=raw("x", "json")),
    item("basic", auth=auth("basic", username="ann", password="{{secret}}")),
    item("a token", auth=auth("bearer", token="{{token}}")),
    item("a key in the URL", url="http://h/?a=b", auth=auth("apikey", key="own", value="{{plain}}", **{"in": "query"})),
    item("a cookie of the first answer"),
]  # fmt: skip

VALUES = {"id": 'a b/é?&#"', "plain": "x-1", "empty": "", "secret": SECRET, "token": TOKEN}

POSTMANS = {"user-agent", "accept", "accept-encoding", "connection", "cache-control", "cookie"}
"""What a run adds to requests that were read from a format again."""


def by_bash(file, env):
    return subprocess.run(["bash", file], env=env, capture_output=True, text=True, check=False)


def by_python(file, env):
    return subprocess.run([sys.executable, "-W", "error", file], env=env, capture_output=True, text=True, check=False)


def by_pytest(file, env):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", file]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


USE = {"curl": by_bash, "httpx": by_python, "pytest": by_pytest}

NOT_SENT = {"http": ["a method of one's own", "every kind of quotation mark", "letters in headers"]}
SENT_OTHERWISE = {"http": ["line ends"], "har": ["basic", "a file"]}
"""The requests that each format cannot hold, or not quite, which it tells."""


def collection(port):
    values = {**VALUES, "whole": "http://h/base", "bare": "h"}
    document = {"info": {"name": "Own API"}, "item": ITEMS, "variable": [{"key": k, "value": v} for k, v in values.items()]}
    text = json.dumps(document).replace("http://h", f"http://127.0.0.1:{port}")
    return text.replace('"value": "h"', f'"value": "127.0.0.1:{port}"')


def comparable(seen, left_out):
    method, path, host, lengths, headers, body = seen
    boundary = dict(headers).get("Content-Type", "").partition("boundary=")[2]
    kept = [
        (name, value.replace(boundary, "B") if boundary else value)
        for name, value in headers
        if name.lower() not in left_out
    ]
    cookies = sorted("; ".join(value for name, value in kept if name == "Cookie").split("; "))
    kept = [*(header for header in kept if header[0] != "Cookie"), cookies]  # curl has a place and an order of its own
    return method, path, host, lengths, kept, body.replace(boundary.encode(), b"B") if boundary else body


@pytest.mark.parametrize("to", ["curl", "httpx", "pytest", "http", "har"])
def test_each_format_sends_what_a_run_sends(postrunner, recorder, tmp_path, to):
    if to == "curl" and (sys.platform == "win32" or not all(map(shutil.which, ("bash", "curl")))):
        pytest.skip("needs bash and curl")
    (tmp_path / "f.bin").write_bytes(bytes(range(256)))
    (tmp_path / "c.json").write_text(collection(recorder.server_port))
    assert postrunner("run", "c.json").code == 0
    run, recorder.seen = recorder.seen, []
    made = postrunner("export", "c.json", "--to", to, "-o", "test_exported.py")
    assert SECRET not in (tmp_path / "test_exported.py").read_text()
    gaps = [*NOT_SENT.get(to, []), *SENT_OTHERWISE.get(to, [])]
    assert [line.partition(":")[0] for line in made.err.splitlines()[1:]] == [
        one["name"] for one in ITEMS if one["name"] in gaps
    ]
    if to in USE:
        done = USE[to](str(tmp_path / "test_exported.py"), {**os.environ, "SECRET": SECRET, "TOKEN": TOKEN, "COOKIE": "1"})
        assert done.returncode == 0, done.stdout + done.stderr
    else:
        assert postrunner("import", "test_exported.py", "--from", to, "-o", "d.json").code == 0
        secrets = {"SECRET": SECRET, "password": SECRET, "secret": SECRET, "TOKEN": TOKEN, "token": TOKEN, "COOKIE": "1"}
        words = [word for name, value in secrets.items() for word in ("--env-var", f"{name}={value}")]
        assert postrunner("run", "d.json", *words).code == 0
    left_out = set() if to in USE else POSTMANS
    expected = {one["name"]: comparable(seen, left_out) for one, seen in zip(ITEMS, run, strict=True)}
    sent = [name for name in expected if name not in NOT_SENT.get(to, [])]
    found = dict(zip(sent, (comparable(seen, left_out) for seen in recorder.seen), strict=True))
    alike = [name for name in sent if name not in SENT_OTHERWISE.get(to, [])]
    assert [(name, expected[name], found[name]) for name in alike if found[name] != expected[name]] == []
