"""What is read may be a pipe: `<(command)`, a named pipe, standard input. Each is read once, and serves the whole run."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runner import run
from runner.errors import UsageError
from tests.cli.conftest import item
from tests.transport.certificates import make

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt" or shutil.which("bash") is None, reason="needs a shell with pipes")
ENVIRONMENT = '{"name": "e", "values": [{"key": "x", "value": "from-e"}]}'
GLOBALS = '{"name": "g", "values": [{"key": "x", "value": "from-g"}]}'
JAR = '{"cookies": [{"key": "x", "value": "from-jar", "domain": "127.0.0.1", "path": "/"}]}'
INPUTS = {
    "-e": (ENVIRONMENT, "/from-e"),
    "-g": (GLOBALS, "/from-g"),
    "-d": ('[{"x": "from-d"}]', "/from-d"),
    "--env-file": ("x=from-file\n", "/from-file"),
    "--cookie-jar": (JAR, "x=from-jar"),
}


@pytest.fixture
def bash(tmp_path):
    """Run a script in which `$RUN` is the command, with this on standard input."""
    words = " ".join(f"'{word}'" for word in (sys.executable, "-m", "runner", "run"))

    def call(script, given="", **more):
        more = {"input": given, **more} if "stdin" not in more else more
        return subprocess.run(
            ["bash", "-c", script.replace("$RUN", words)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            **more,
        )

    return call


@pytest.fixture
def one(collection, server):
    """A collection of one request that shows the variable `x` in its path."""
    return collection(item("one", server.url + "/{{x}}", 'pm.test("it came", () => pm.response.to.have.status(200))'))


def told(server, start=0):
    """Path and cookie of the requests that came."""
    return [f"{path} {headers.get('Cookie', '')}".strip() for _, path, headers, _ in server.seen[start:]]


@pytest.mark.parametrize(
    "script",
    [
        "$RUN <(cat c.json)",
        "cat c.json | $RUN /dev/stdin",
        "cat c.json | $RUN -",
        "cat c.json | $RUN /dev/fd/0",
        "$RUN /dev/stdin < c.json",
        "$RUN - < c.json",
        '$RUN - <<< "$(cat c.json)"',
        "ln -s /dev/stdin link; cat c.json | $RUN link",
        "mkfifo p.json; cat c.json > p.json & $RUN p.json",
        "mkfifo p; cat c.json > p & $RUN p",
        "$RUN --dry-run <(cat c.json)",
    ],
)
def test_a_collection_comes_from_a_pipe(bash, one, server, script):
    done = bash(script)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(server.seen) == (0 if "dry" in script else 1)


def test_a_collection_comes_from_a_socket(bash, one, server):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(one.read_bytes())
        ours.shutdown(socket.SHUT_WR)
        done = bash("$RUN /dev/stdin", stdin=theirs)
    assert (done.returncode, done.stderr, len(server.seen)) == (0, "", 1)


def test_what_stands_before_the_document_on_standard_input_may_be_read_by_others(bash, one, server):
    done = bash("{ read line; $RUN -; } < <(echo first; cat c.json)")
    assert (done.returncode, len(server.seen)) == (0, 1)


@pytest.mark.parametrize("flag", INPUTS)
@pytest.mark.parametrize("many", [False, True])
def test_every_input_comes_from_a_pipe_and_serves_all_collections(bash, one, server, flag, many):
    text, seen = INPUTS[flag]
    names = "c.json c.json" if many else "c.json"
    Path(one.parent, "given").write_text(text)
    for script in (f"$RUN {names} {flag} <(cat given)", f"$RUN {names} {flag} -", f"$RUN {names} {flag} /dev/stdin"):
        start = len(server.seen)
        done = bash(script, text)
        assert (done.returncode, done.stderr) == (0, "")
        assert all(seen in line for line in told(server, start))
        assert len(server.seen) - start == 1 + many


def test_several_pipes_serve_one_run(bash, one, server):
    Path(one.parent, "e").write_text(ENVIRONMENT)
    Path(one.parent, "g").write_text(GLOBALS)
    Path(one.parent, "jar").write_text(JAR)
    done = bash("cat c.json | $RUN - -e <(cat e) -g <(cat g) --cookie-jar <(cat jar)")
    assert (done.returncode, done.stderr) == (0, "")
    assert told(server) == ["/from-e x=from-jar"]


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("$RUN - -e -", ("COLLECTION", "--environment")),
        ("$RUN /dev/stdin -g -", ("COLLECTION", "--globals")),
        ("$RUN c.json -e /dev/stdin -d /dev/fd/0", ("--environment", "--iteration-data")),
        ("$RUN c.json -e - -e -", ("--environment", "--environment")),
        ("$RUN - - < c.json", ("COLLECTION", "COLLECTION")),
        ("mkfifo p; $RUN c.json -g p --cookie-jar ./p", ("--globals", "--cookie-jar")),
        ("$RUN --dry-run - -e -", ("COLLECTION", "--environment")),
    ],
)
def test_one_pipe_for_two_inputs_is_refused_before_anything_is_read(bash, one, server, script, names):
    done = bash(script, one.read_text())
    assert done.returncode == 2
    assert "can be read only once" in done.stderr
    assert all(name in done.stderr for name in names)
    assert server.seen == []


def test_the_null_device_is_an_empty_input_as_often_as_one_likes(bash, one, server):
    done = bash("$RUN c.json --env-file /dev/null --env-file /dev/null")
    assert (done.returncode, done.stderr, len(server.seen)) == (0, "", 1)


def test_other_devices_and_folders_are_refused(bash, one):
    done = bash("$RUN c.json -e /dev/zero; $RUN c.json -e .")
    assert "/dev/zero: is not a regular file" in done.stderr
    assert ".: is a folder" in done.stderr


def test_a_closed_standard_input_is_one_line(bash, one):
    done = bash("$RUN - <&-")
    assert done.returncode == 2
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_pipe_gives_is_named_where_it_is_wrong(bash, one):
    done = bash('$RUN c.json -e <(echo "{")')
    assert done.returncode == 2
    assert re.search("/dev/fd/[0-9]+:2:1: not valid JSON", done.stderr)


def test_scripts_of_a_collection_from_a_pipe_find_their_packages_in_the_current_folder(bash, collection, server, tmp_path):
    collection(item("one", server.url, 'pm.test("there", () => pm.expect(pm.response.code).to.equal(200))'))
    done = bash("cat c.json | $RUN - -r cli,json --reporter-json-export r.json")
    assert done.returncode == 0
    assert json.loads((tmp_path / "r.json").read_text())["run"]["stats"]["assertions"]["total"] == 1


def test_a_cassette_is_replayed_from_a_pipe(bash, one, server, tmp_path):
    assert bash("$RUN c.json --record tape.yaml && gzip tape.yaml").returncode == 0
    done = bash("$RUN c.json --replay <(zcat tape.yaml.gz)")
    assert (done.returncode, done.stderr, len(server.seen)) == (0, "", 1)


# -- certificates -----------------------------------------------------------------------------------------------------


@pytest.fixture
def mutual(tmp_path):
    """The URL of an https server that wants a client certificate, and files of an authority and a client."""
    authority = make("authority", ca=True)
    (tmp_path / "ca.pem").write_bytes(authority.pem())
    make("server", authority, names=("127.0.0.1",)).save(tmp_path / "server.pem")
    client = make("client", authority)
    client.save(tmp_path / "client.pem")
    (tmp_path / "key.pem").write_bytes(client.key_pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    context.load_verify_locations(tmp_path / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            with plain, context.wrap_socket(plain, server_side=True) as sock:
                sock.recv(65536)
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(30)


@pytest.mark.parametrize(
    "options",
    [
        "--ssl-extra-ca-certs <(cat ca.pem) --ssl-client-cert <(cat client.pem) --ssl-client-key <(cat key.pem)",
        "--ssl-extra-ca-certs ca.pem --ssl-client-cert-list <(cat list.json)",
        "--ssl-extra-ca-certs - --ssl-client-cert client.pem < ca.pem",
    ],
)
def test_certificates_come_from_pipes_and_serve_all_collections(bash, collection, mutual, tmp_path, options):
    (tmp_path / "list.json").write_text('[{"matches": ["<all_urls>"], "cert": {"src": "client.pem"}}]')
    collection(item("one", mutual))
    done = bash(f"$RUN c.json c.json {options}")
    assert (done.returncode, done.stderr) == (0, "")


# -- from Python ------------------------------------------------------------------------------------------------------


def test_python_may_name_pipes_too(one, server, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(ENVIRONMENT,))
    writer.start()
    summary = run([one, one], environment=str(tmp_path / "pipe"))
    writer.join()
    assert not summary.failed
    assert told(server) == ["/from-e", "/from-e"]
    with pytest.raises(UsageError, match="only once"):
        run(one, environment=str(tmp_path / "pipe"), globals=str(tmp_path / "pipe"))
