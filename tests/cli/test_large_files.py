"""Large files are read while they are sent: the same bytes as ever, and never all of them in memory."""

import gc
import importlib
import json
import os
import random
import tracemalloc
from contextlib import suppress

import pytest

import runner
from runner.errors import FileUnreadable
from runner.files import Files
from runner.model import payload
from runner.model.payload import Payload, joined
from runner.secrets import Secrets

BYTES = random.Random(7).randbytes(3000) + b"\r\n--end\r\n" + "ä€".encode()
AUTH = {
    "none": None,
    "digest": {"type": "digest", "digest": [{"key": k, "value": "u"} for k in ("username", "password", "realm", "nonce")]},
    "aws": {"type": "awsv4", "awsv4": [{"key": k, "value": "AKID"} for k in ("accessKey", "secretKey")]},
    "hawk": {
        "type": "hawk",
        "hawk": [{"key": k, "value": v} for k, v in (("authId", "i"), ("authKey", "k"), ("includePayloadHash", True))],
    },
    "oauth1": {
        "type": "oauth1",
        "oauth1": [{"key": k, "value": v} for k, v in (("consumerKey", "k"), ("includeBodyHash", True))],
    },
    "edgegrid": {"type": "edgegrid", "edgegrid": [{"key": k, "value": "x"} for k in ("clientToken", "clientSecret")]},
}
AUTH["digest"]["digest"] += [{"key": "qop", "value": "auth-int"}, {"key": "clientNonce", "value": "c"}]


def a_file(src="large.bin"):
    return {"mode": "file", "file": {"src": src}}


def a_form(*sources):
    files = [{"key": f"f{n}", "type": "file", "src": src} for n, src in enumerate(sources)]
    return {"mode": "formdata", "formdata": [{"key": "a", "value": "1"}, *files, {"key": "z", "value": "ü"}]}


BODIES = {
    "file": a_file(),
    "small file": a_file("small.txt"),
    "form": a_form("large.bin"),
    "form of several": a_form(["large.bin", "small.txt", "large.bin"], "gone.bin", "small.txt", "large.bin"),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "large.bin").write_bytes(BYTES)
    (tmp_path / "small.txt").write_bytes(b"small")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_small(monkeypatch):
    """Let every file of more than 10 bytes be a large one, read 7 bytes at a time."""
    monkeypatch.setattr("runner.files.LARGE", 10)
    monkeypatch.setattr(payload, "PIECE", 7)


def sent(server, body, auth=None, headers=()):
    """What arrives when a collection with this body runs, with all that is left to chance fixed."""
    server.seen.clear()
    header = [{"key": key, "value": value} for key, value in headers]
    request = {"method": "POST", "url": server.url, "body": body, "auth": auth, "header": header}
    summary = runner.run({"info": {"name": "c", "schema": ""}, "item": [{"name": "up", "request": request}]}, seed="1")
    assert not summary.failed
    (seen,) = server.seen
    return seen


@pytest.mark.parametrize("auth", AUTH)
@pytest.mark.parametrize("body", BODIES)
def test_a_large_file_is_sent_and_signed_as_if_it_were_in_memory(folder, server, monkeypatch, body, auth):
    monkeypatch.setattr("runner.clock.Clock.now", lambda clock: 1_700_000_000.0)
    in_memory = sent(server, BODIES[body], AUTH[auth])
    make_small(monkeypatch)
    assert sent(server, BODIES[body], AUTH[auth]) == in_memory


@pytest.mark.parametrize("code", [301, 307, 308])
def test_a_redirect_sends_the_file_again_where_its_method_stays(folder, server, monkeypatch, code):
    make_small(monkeypatch)
    monkeypatch.setattr(server.RequestHandlerClass, "end_headers", moved(code))
    request = {"method": "POST", "url": server.url + f"/status/{code}", "body": a_form("large.bin")}
    runner.run({"info": {"name": "c", "schema": ""}, "item": [{"name": "up", "request": request}]})
    bodies = [body for *_, body in server.seen]
    assert bodies == ([bodies[0], bodies[0]] if code > 303 else [bodies[0], b""])
    assert BYTES in bodies[0]


def moved(code):
    from http.server import BaseHTTPRequestHandler

    def end_headers(self):
        if self.path.startswith("/status/"):
            self.send_header("Location", "/there")
        BaseHTTPRequestHandler.end_headers(self)

    return end_headers


def test_every_report_of_a_large_upload_is_as_ever(folder, server, postrunner, collection, monkeypatch):
    (folder / "large.txt").write_text('{"token": "abcdef-secret-1234"} and text ' * 2000)
    file = collection({"name": "up", "request": {"method": "POST", "url": server.url, "body": a_file("large.txt")}})

    def report():
        server.seen.clear()
        done = postrunner("run", file, "-r", "cli,json,junit,html", "--verbose", *exports(folder), "--seed", "1")
        assert done.code == 0
        found = json.loads((folder / "r.json").read_text())["run"]["executions"][0]["request"]["body"]
        return [line for line in done.out.splitlines() if "token" in line], found

    in_memory = report()
    make_small(monkeypatch)
    assert report() == in_memory
    assert "abcdef-secret" not in str(in_memory) + (folder / "r.html").read_text()


def exports(folder):
    return [f"--reporter-{kind}-export={folder}/r.{kind}" for kind in ("json", "junit", "html")]


def test_a_file_that_becomes_shorter_is_a_failure_and_the_run_goes_on(folder, server, postrunner, collection, monkeypatch):
    make_small(monkeypatch)
    load = Files.load

    def cut(self, path, **more):
        loaded = load(self, path, **more)
        os.truncate("large.bin", 100)
        return loaded

    monkeypatch.setattr(Files, "load", cut)
    up = {"name": "up", "request": {"method": "POST", "url": server.url, "body": a_file()}}
    after = {"name": "after", "request": {"method": "GET", "url": server.url + "/after"}}
    done = postrunner("run", collection(up, after))
    assert done.code == 1
    assert "became shorter while it was sent" in " ".join(done.out.split())
    assert [path for _, path, *_ in server.seen] == ["/after"]


def test_a_file_that_is_replaced_meanwhile_is_sent_as_it_was(folder, server, monkeypatch):
    make_small(monkeypatch)
    load = Files.load

    def swapped(self, path, **more):
        loaded = load(self, path, **more)
        (folder / "other").write_bytes(bytes(5000))
        os.replace("other", "large.bin")
        return loaded

    monkeypatch.setattr(Files, "load", swapped)
    assert sent(server, a_file())[3] == BYTES


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="the system does not tell which files are open")
def test_a_large_file_is_closed_when_nobody_needs_it(folder, monkeypatch):
    make_small(monkeypatch)
    loaded = Files().load("large.bin")
    assert bytes(loaded) == BYTES
    assert "large.bin" in open_files()
    del loaded
    gc.collect()
    assert "large.bin" not in open_files()


def open_files():
    """The names of the files that this process has open."""
    names = set()
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # closed since: that of the listing itself
            names.add(os.path.basename(os.readlink(f"/proc/self/fd/{number}")))
    return names


def test_a_payload_has_the_slices_and_pieces_of_its_bytes(folder, monkeypatch):
    make_small(monkeypatch)
    whole = b"head" + BYTES + b"" + BYTES + b"tail"
    parts = joined([b"head", Files().load("large.bin"), b"", joined([Files().load("large.bin"), b"tail"])])
    assert isinstance(parts, Payload)
    assert (len(parts), bytes(parts), b"".join(parts.pieces())) == (len(whole), whole, whole)
    dice = random.Random(1)
    for _ in range(500):
        one, other = sorted(dice.randrange(-10, len(whole) + 10) for _ in range(2))
        assert parts[one:other] == whole[one:other]


def test_a_file_that_cannot_be_read_says_so(folder):
    with pytest.raises(FileUnreadable, match="ENOENT"):
        Files().load("gone")


@pytest.mark.parametrize("limit", [0, 1, 50, 500, 5000])
def test_no_secret_is_shown_by_half_where_a_text_is_cut(limit):
    secret = "s3cr3t/with+signs=" * 5
    hidden = Secrets([secret])
    assert hidden.reach < 20_000
    for before in range(max(0, limit - 120), limit + 2):
        for value in (secret, json.dumps(secret), secret.replace("/", "%2F").replace("+", "%252B")):
            shown = hidden.mask_start("." * before + value + "x" * (hidden.reach * 2), limit)
            assert len(shown) <= limit
            assert shown.strip(".x") in ("", "•", "••", "•••", "••••", '"••••', '"••••"', '"', '"•', '"••', '"•••'), (
                before,
                value,
            )


@pytest.mark.parametrize(
    "text",
    [
        '{"password": "',
        "<password>",
        "&lt;password&gt;",
        '{"a": "\\u003cpassword\\u003e',
        "?password=",
        "https://user:",
        "password='",
    ],
)
def test_a_value_that_a_cut_leaves_open_is_hidden_under_its_name(text):
    shown = Secrets().mask_start(text + "hidden" * 100_000, 500)
    assert "hidden" not in shown


def test_many_large_answers_of_one_script_are_not_in_memory_together(folder, server, postrunner, collection, monkeypatch):
    monkeypatch.setattr(importlib.import_module("runner.outputs.scratch"), "IN_MEMORY", 1000)
    server.texts["/large"] = b"large, " * 9000
    send = (
        "(async () => { for (let n = pm.variables.get('n'); n > 0; n--) await pm.sendRequest(pm.variables.get('url')) })()"
    )
    event = {"listen": "test", "script": {"exec": send}}
    file = collection({"name": "up", "request": {"method": "GET", "url": "{{url}}"}, "event": [event]})
    peaks = []
    for many in (2, 8, 24):  # what the first run imports is not a part of it
        tracemalloc.start()
        try:
            variables = ("--env-var", f"url={server.url}/large", "--env-var", f"n={many}")
            assert postrunner("run", file, "-r", "json,junit", *exports(folder), *variables).code == 0
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert len(server.seen) == 2 + 8 + 24 + 3
    assert peaks[2] - peaks[1] < 8 * len(server.texts["/large"])
