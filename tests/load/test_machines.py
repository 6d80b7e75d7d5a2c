"""Load over machines, as their users start it: a master and workers that have nothing but what it sends."""

import json
import os
import re
import socket
import subprocess
import threading
from contextlib import closing

import pytest

from runner.errors import UsageError
from runner.load.meeting import OF_MASTER, OF_WORKER, Meeting, check_meeting
from tests.load.conftest import command, environment, item
from tests.load.test_load import requests_told

TOKEN = "what all machines know of one another"
SECRET, PASSWORD = "k-0123456789abcdef", "correct-horse-battery"


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def start(tmp_path):
    """Starts `postrunner load` in a folder of its own; `finish` waits for its end."""
    running = []

    def started(*words, folder="empty", **more):
        (tmp_path / folder).mkdir(exist_ok=True)
        variables = {**environment(), "POSTRUNNER_JOIN_TOKEN": TOKEN, **more}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        process = subprocess.Popen(command(*words), cwd=tmp_path / folder, env=variables, **pipes)
        running.append(process)
        return process

    yield started
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def finish(process):
    """Exit code and what was printed, in lines of any width."""
    out, err = process.communicate(timeout=60)
    return process.returncode, " ".join(out.split()), " ".join(err.split())


class Relay:
    """Passes on what one worker and the master say, and keeps it."""

    def __init__(self, port):
        self.kept = {"to worker": bytearray(), "to master": bytearray()}
        self._master = int(port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = str(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with self._listening:
            worker, _ = self._listening.accept()
        master = socket.create_connection(("127.0.0.1", self._master))
        for source, to, name in ((worker, master, "to master"), (master, worker, "to worker")):
            threading.Thread(target=self._pass_on, args=(source, to, name), daemon=True).start()

    def _pass_on(self, source, to, name):
        with source, to:
            try:
                while data := source.recv(65536):
                    self.kept[name] += data
                    to.sendall(data)
            except OSError:
                pass


@pytest.fixture
def relay():
    """Makes a relay to a master's port, once that listens."""

    def made(port):
        while True:
            try:
                socket.create_connection(("127.0.0.1", int(port))).close()
                return Relay(port)
            except ConnectionRefusedError:
                threading.Event().wait(0.05)

    return made


def secret_collection(server, write):
    """A collection and an environment with secrets, an upload, a script and a name that is not secret."""
    sending = {
        "method": "POST",
        "url": f"{server.url}/use?key={{{{apiKey}}}}&user={{{{user}}}}",
        "header": [{"key": "X-Literal", "value": "{{user}}"}],
        "auth": {"type": "basic", "basic": [{"key": "username", "value": "bob"}, {"key": "password", "value": PASSWORD}]},
        "body": {"mode": "file", "file": {"src": "upload.txt"}},
    }
    test = "pm.test('is there', () => pm.expect(pm.environment.get('apiKey')).to.have.lengthOf(18))"
    events = [{"listen": "test", "script": {"exec": [test]}}]
    write("what is uploaded", "upload.txt")
    values = [{"key": "apiKey", "value": SECRET, "type": "secret"}, {"key": "user", "value": "alice"}]
    return (
        write([{"name": "use", "request": sending, "event": events}]),
        *(
            "-e",
            write(json.dumps({"name": "e", "values": values}), "e.json"),
            "--working-dir",
            os.path.dirname(write("", "x")),
        ),
    )


def test_workers_with_an_environment_file_send_what_the_master_would_and_no_secret_is_on_the_channel(
    server, write, start, relay
):
    port = free_port()
    load = (*secret_collection(server, write), "--users", 4, "--iterations", 20)
    master = start(*load, "--master", "--bind", "0.0.0.0", "--port", port, "--expect-workers", 2)
    between = relay(port)
    values = write(f"apiKey={SECRET}\nPASSWORD={PASSWORD}\n", "worker.env")
    joining = ("--worker", "--master-host", "127.0.0.1", "--master-port")
    first = start(*joining, between.port, "--env-file", values)
    second = start(*joining, port, folder="other", API_KEY=SECRET, PASSWORD=PASSWORD)
    code, out, err = finish(master)
    assert code == 0, (out, err)
    assert [finish(one)[0] for one in (first, second)] == [0, 0]
    assert requests_told(out) == len(server.seen) == 20
    for one in server.seen:
        assert one.query == f"key={SECRET}&user=alice"
        assert one.headers["Authorization"] == "Basic Ym9iOmNvcnJlY3QtaG9yc2UtYmF0dGVyeQ=="
        assert one.body == b"what is uploaded"
    for said in between.kept.values():
        assert b"alice" in said or said is between.kept["to master"]
        for secret in (SECRET, PASSWORD, TOKEN, "Ym9iOmNvcnJlY3Q"):
            assert secret.encode() not in said
    assert len(between.kept["to master"]) > 1000


def test_a_worker_without_a_value_names_it_before_the_load_begins_and_the_master_tells_of_it(server, write, start):
    port = free_port()
    load = (*secret_collection(server, write), "--users", 1, "--iterations", 1, "--expect-workers-max-wait", "8s")
    master = start(*load, "--master", "--bind", "0.0.0.0", "--port", port, "--expect-workers", 1)
    code, _, err = finish(start("--worker", "--master-host", "127.0.0.1", "--master-port", port, PASSWORD=PASSWORD))
    assert code == 2
    assert "this machine has no value for API_KEY (apiKey)" in err
    code, _, err = finish(master)
    assert (code, server.seen) == (1, [])
    assert re.search(r"worker \S+ cannot take part: this machine has no value for API_KEY \(apiKey\)", err)
    assert "only 0 of 1 workers came within 8s" in err


def test_on_loopback_and_with_insecure_workers_a_worker_needs_no_values(server, write, start):
    for more in ((), ("--bind", "0.0.0.0", "--insecure-workers")):
        port = free_port()
        load = (*secret_collection(server, write), "--users", 2, "--iterations", 4)
        master = start(*load, "--master", "--port", port, "--expect-workers", 1, *more)
        worker = start("--worker", "--master-host", "127.0.0.1", "--master-port", port)
        assert finish(master)[0] == 0
        assert finish(worker)[0] == 0
    assert {one.query for one in server.seen} == {f"key={SECRET}&user=alice"}
    assert len(server.seen) == 8


def test_a_worker_that_is_interrupted_leaves_in_order_and_the_others_go_on(server, write, start):
    port = free_port()
    load = (write([item("a", f"{server.url}/a")]), "--users", 2, "--duration", "4s", "--think-time", "20ms")
    master = start(*load, "--master", "--port", port, "--expect-workers", 2)
    workers = [start("--worker", "--master-host", "127.0.0.1", "--master-port", port) for _ in range(2)]
    while len(server.seen) < 20:
        assert master.poll() is None
        server.waiting.wait(0.05)
    workers[0].terminate()
    code, _, err = finish(workers[0])
    assert code == 143
    assert "leaves the load" in err
    code, out, _ = finish(master)
    assert (code, requests_told(out)) == (0, len(server.seen))
    assert finish(workers[1])[0] == 0


def test_a_load_of_a_number_of_iterations_ends_without_those_of_a_worker_that_left_and_fails(server, write, start):
    port = free_port()
    load = (write([item("a", f"{server.url}/a")]), "--users", 2, "--iterations", 600, "--think-time", "10ms")
    master = start(*load, "--master", "--port", port, "--expect-workers", 2)
    workers = [start("--worker", "--master-host", "127.0.0.1", "--master-port", port) for _ in range(2)]
    while len(server.seen) < 20:
        assert master.poll() is None
        server.waiting.wait(0.05)
    workers[0].terminate()
    code, out, err = finish(master)
    assert (code, requests_told(out)) == (1, len(server.seen))
    assert 300 <= len(server.seen) < 600
    assert re.search(r"worker [12] \(\S+\) left before the end", err)


MASTER = {"master": True, "expect_workers": "1", "join_token": TOKEN}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**MASTER, "expect_workers": None}, "--master: needs --expect-workers"),
        ({**MASTER, "expect_workers": "0"}, "--expect-workers: '0' is not a whole number"),
        ({**MASTER, "port": "70000"}, "--port: '70000' is no port"),
        ({**MASTER, "expect_workers_max_wait": "5"}, "--expect-workers-max-wait: '5' is not a time"),
        ({**MASTER, "processes": "2"}, "--processes: makes no sense with --master"),
        ({**MASTER, "join_token": "short"}, "--join-token: the join token has fewer than 16"),
        ({**MASTER, "worker": True}, "--worker: makes no sense with --master"),
        ({**MASTER, "master_host": "x"}, "--master-host: does nothing without --worker"),
        ({"expect_workers": "1"}, "--expect-workers: does nothing without --master"),
        ({"insecure_workers": True}, "--insecure-workers: does nothing without --master"),
        ({"join_token": "x" * 16}, "--join-token: does nothing without --master or --worker"),
        ({"worker": True, "join_token": TOKEN}, "--worker: needs --master-host"),
    ],
)
def test_options_of_machines_that_are_wrong_are_mistakes(monkeypatch, given, said):
    monkeypatch.delenv("POSTRUNNER_JOIN_TOKEN", raising=False)
    names = ("master", "worker", "join_token", "processes", *OF_MASTER, *OF_WORKER)
    whole = {**dict.fromkeys(names), **given}
    with pytest.raises(UsageError) as raised:
        (check_meeting(whole), Meeting(whole))
    assert said in str(raised.value)


def test_a_worker_takes_no_options_of_the_master(server, write, start):
    code, _, err = finish(start(write([item("a", server.url)]), "--worker", "--master-host", "127.0.0.1"))
    assert (code, server.seen) == (2, [])
    assert "COLLECTION: comes from the master" in err
    code, _, err = finish(start("--worker", "--master-host", "127.0.0.1", "--users", 2))
    assert code == 2
    assert "--users: comes from the master" in err


def test_without_a_join_token_nobody_joins(server, write, start):
    code, _, err = finish(start("--worker", "--master-host", "127.0.0.1", POSTRUNNER_JOIN_TOKEN=""))
    assert code == 2
    assert "--join-token: load over machines needs a join token" in err
    assert "openssl rand -hex 16" in err
