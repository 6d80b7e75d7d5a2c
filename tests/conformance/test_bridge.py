"""The bridge as a program: what its protocol says beside the scripts themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conformance.cases import FOLDER

Talk = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def bridge() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(FOLDER / "sandbox_bridge.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        yield process
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.fixture
def talk(bridge) -> Iterator[Talk]:
    """Sends a message and gives the first answer of the wanted kind."""

    def send(wanted: str | None = None, **message: Any) -> dict[str, Any]:
        bridge.stdin.write(json.dumps({"ctx": "c", **message}) + "\n")
        bridge.stdin.flush()
        while wanted:
            line = json.loads(bridge.stdout.readline())
            if line["ev"] == wanted:
                return line
        return {}

    yield send
    send(op="dispose")


def run(talk: Talk, script: str, wanted: str = "result", **options: Any) -> dict[str, Any]:
    target = {"listen": "test", "script": {"exec": script}}
    return talk(wanted, op="execute", id="e", target=target, context={}, options=options)


def test_a_context_gets_ready_and_answers_pings(talk):
    assert talk("ready", op="create", init={}, connect={}) == {"ev": "ready", "ctx": "c"}
    assert talk("pong", op="ping", packet="p") == {"ev": "pong", "ctx": "c", "packet": "p"}


def test_a_template_that_fails_is_told(talk):
    ready = talk("ready", op="create", init={"template": "throw new TypeError('no')"}, connect={})
    assert ready["error"] == {"name": "TypeError", "message": "no"}


def test_a_script_that_spins_is_ended_and_the_next_one_runs(talk):
    talk("ready", op="create", init={}, connect={"timeout": 50})
    assert run(talk, "while (true) {}")["error"]["message"] == "sandbox not responding"
    assert run(talk, "pm.environment.set('a', 1)")["result"]["environment"]["values"] == [
        {"key": "a", "type": "any", "value": 1}
    ]


def test_a_script_that_waits_too_long_is_ended(talk):
    talk("ready", op="create", init={}, connect={})
    error = run(talk, "setTimeout(() => {}, 60000)", timeout=50)["error"]
    assert error["message"] == "sandbox: asynchronous script execution timeout"


def test_an_aborted_script_says_nothing_more(talk):
    talk("ready", op="create", init={}, connect={})
    assert run(talk, "console.log('on'); setTimeout(() => {}, 60000)", "event")["args"][1:] == ["log", ["on"]]
    talk(op="dispatch", name="execution.abort.e", args=[])
    assert run(talk, "")["error"] is None
