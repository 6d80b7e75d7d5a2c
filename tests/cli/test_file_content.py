"""A pre-request script sees the file that its request will send, when it asks for it."""

import json
import threading

import pytest

CONTENT = "pm.request.body.file.content"
SEND = f'{CONTENT} === undefined ? "none" : Buffer.from({CONTENT}, "base64").toString("latin1")'


def collection(server, scripts, src="{{f}}", event="prerequest", **body):
    events = [{"listen": event, "script": {"exec": [text]}} for text in scripts]
    file = {"mode": "file", "file": {"src": src}, **body}
    request = {"method": "PUT", "url": f"{server.url}/x", "body": file}
    return {"info": {"name": "c"}, "item": [{"name": "upload", "event": events, "request": request}]}


@pytest.fixture
def send(postrunner, server, tmp_path):
    """Run one request with these scripts; gives the result and the bodies that arrived."""

    def run(*scripts, options=(), **more):
        (tmp_path / "c.json").write_text(json.dumps(collection(server, scripts, **more)))
        done = postrunner("run", "c.json", *options)
        return done, [body for _, _, _, body in server.seen]

    return run


@pytest.mark.parametrize("content", [b"", b"\0\xff\r\n{{f}}", bytes(range(256)) * 50])
def test_the_script_sees_the_bytes_and_the_bytes_are_sent(send, tmp_path, content):
    (tmp_path / "a b.bin").write_bytes(content)
    log = f'console.log("bytes", Buffer.from({CONTENT}, "base64").toString("hex") === pm.variables.get("hex"))'
    done, bodies = send(log, options=("--env-var", "f=a b.bin", "--env-var", f"hex={content.hex()}"))
    assert "'bytes', true" in done.out
    assert bodies == [content]


def test_what_was_shown_is_sent_even_when_the_file_has_changed_since(send, server, tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    wait = (
        f'console.log(pm.request.body.file.content); pm.sendRequest("{server.url}/mark", () => setTimeout(() => {{}}, 300))'
    )

    def change():
        server.marked.wait(20)
        (tmp_path / "a").write_bytes(b"two")

    thread = threading.Thread(target=change)
    thread.start()
    _, bodies = send(wait, src="a")
    thread.join()
    assert bodies[-1] == b"one"


def test_a_script_that_chooses_another_file_sends_that_one(send, tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"two")
    first = 'if (pm.request.body.file.content) pm.request.body.update({mode: "file", file: {src: "b"}})'
    done, bodies = send(first, f"console.log('second', {SEND})", src="a")
    assert "'second', 'two'" in done.out
    assert bodies == [b"two"]


def test_a_variable_that_an_earlier_script_sets_names_the_file(send, tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    done, bodies = send('pm.variables.set("f", "a")', f"console.log('seen', {SEND})")
    assert "'seen', 'one'" in done.out
    assert bodies == [b"one"]


def test_other_changes_of_the_request_do_not_lose_the_file(send, server, tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    _, bodies = send(f'pm.request.headers.upsert({{key: "X-Seen", value: {SEND}}})', src="a")
    assert bodies == [b"one"]
    assert server.seen[0][2]["X-Seen"] == "one"


@pytest.mark.parametrize("src", ["nowhere", "{{nowhere}}", "{{$nowhere}}"])
def test_a_file_that_cannot_be_read_is_empty_and_warned_about(send, src):
    done, _ = send('console.log("content", JSON.stringify(pm.request.body.file.content))', src=src)
    assert "'content', '\"\"'" in done.out
    assert "ENOENT" in done.out


def test_nothing_outside_of_the_working_directory_is_shown_when_it_is_forbidden(send, tmp_path):
    (tmp_path / "secret").write_bytes(b"one")
    (tmp_path / "inside").mkdir()
    options = ("--working-dir", str(tmp_path / "inside"), "--no-insecure-file-read")
    done, bodies = send(f"console.log('seen', {SEND})", src=str(tmp_path / "secret"), options=options)
    assert "'seen', ''" in done.out
    assert bodies == [b""]


def test_a_script_that_does_not_ask_sees_what_postman_shows(send, tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    done, _ = send("console.log(JSON.stringify(pm.request.body))", src="a")
    assert '{"mode":"file","file":{"src":"a"}}' in done.out


def test_what_one_script_was_shown_is_not_in_the_request_of_the_next(send, tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    first = f'pm.request.headers.upsert({{key: "X-Seen", value: {SEND}}})'
    done, bodies = send(first, "console.log(JSON.stringify(pm.request.body))", src="a")
    assert '{"mode":"file","file":{"src":"a"}}' in done.out
    assert bodies == [b"one"]


def test_tests_are_shown_no_content(send, tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    done, _ = send(f"console.log('seen', {SEND})", src="a", event="test")
    assert "'seen', 'none'" in done.out


def test_a_body_that_is_switched_off_is_not_read(send):
    done, bodies = send(f"console.log('seen', {SEND})", src="nowhere", disabled=True)
    assert "'seen', 'none'" in done.out
    assert "ENOENT" not in done.out
    assert bodies == [b""]
