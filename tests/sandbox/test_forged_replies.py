"""The script child is hostile: whatever it answers is an error of the one script, and the run goes on with its reports."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import runner
from runner.deep_json import loads
from runner.events import ScriptFinished
from runner.sandbox import child, protocol
from runner.sandbox.processes import process
from tests.sandbox import forger
from tests.sandbox.forger import ForgedProcess, asking, forgeries, reply, samples

BROKEN = "the script engine broke its protocol: "
SOURCE = "pm.test('t', () => {})"


class Attack:
    """Runs a collection with one item for each answer and a last one, whose script is answered as it should."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
        self.path = tmp_path / "report.json"
        self.errors: dict[str, str | None] = {}
        self.answers: dict[str, Callable[[ForgedProcess, dict[str, Any]], None]] = {}
        self.ready: bytes | None = b"[]"
        self.children = 0
        monkeypatch.setattr(process.subprocess, "Popen", self.start)

    def start(self, command: list[str], **more: Any) -> ForgedProcess:
        """The script child, or a helper that can do nothing."""
        if any("helper_worker" in part for part in command):
            return ForgedProcess(lambda child, message: child.say({"wrong": "OperationError", "message": "no"}), b"")
        self.children += 1
        return ForgedProcess(self.answer, self.ready)

    def answer(self, process: ForgedProcess, message: dict[str, Any]) -> None:
        if message["op"] == "dynamic":
            values = {name: ["made"] * count for name, count in message["names"].items()}
            process.say({key: value for key, value in reply(values=values).items() if key != "run"})
            return
        name = message.get("info", {}).get("requestName")
        if name in self.answers and message["op"] == "run":
            self.answers[name](process, message)
        else:
            process.say(reply(run=message["run"]))

    def run(self, listen: str = "prerequest", **options: Any) -> Any:
        names = [*self.answers, "the last one"]
        event = {"listen": listen, "script": {"exec": SOURCE}}
        items = [{"name": name, "event": [event], "request": "http://127.0.0.1/"} for name in names]
        more = {"timeout_script": 5000, **options}
        summary = runner.run(
            {"info": {"name": "c"}, "item": items},
            reporters=("json",),
            reporter_options=(("json-export", str(self.path)),),
            on_event=self.take,
            transport=httpx.MockTransport(lambda request: httpx.Response(200)),
            **more,
        )
        assert summary.error is None
        executed = [one["item"]["name"] for one in loads(self.path.read_text())["run"]["executions"]]
        assert list(dict.fromkeys(executed)) == names
        assert list(self.errors) == names
        assert self.errors["the last one"] is None
        return summary

    def take(self, event: Any) -> None:
        if isinstance(event, ScriptFinished):
            self.errors[event.item.name] = event.error and f"{event.error.name}: {event.error.message}"


@pytest.fixture
def attack(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Attack:
    return Attack(monkeypatch, tmp_path)


def says(forged: dict[str, Any]) -> Callable[[ForgedProcess, dict[str, Any]], None]:
    """Answer with this reply, in the number of the run unless that is what was forged."""

    def answer(process: ForgedProcess, message: dict[str, Any]) -> None:
        process.say({**forged, "run": message["run"]} if forged.get("run") == 0 else forged)

    return answer


def test_there_is_a_right_reply_for_each_row_of_the_table():
    names = {name for name, _ in samples()}
    rows = {*protocol.EVENTS, *protocol.CHANGES} | {kind for kind in protocol.ASKS if kind in ("send", "item")}
    rows |= {f"subtle {name}" for name in protocol.SUBTLE}
    assert rows <= names
    assert {name.split()[0] for name in names} >= set(protocol.ASKS)
    for name, sample in samples():
        assert protocol.REPLIES["run"](sample) == "", name


def all_forgeries() -> list[tuple[str, dict[str, Any], bool]]:
    """Name, reply, and whether the table refuses it; a right `next` is none, since it may end the iteration."""
    found = [(f"{name}: {what}", forged) for name, sample in samples() for what, forged in forgeries(sample)]
    judged = [(name, forged, bool(protocol.REPLIES["run"](forged))) for name, forged in found]
    return [one for one in judged if one[2] or "next" not in one[1]]


@pytest.mark.parametrize("changes", [True, False])
def test_the_table_judges_every_forged_reply(changes):
    refused = 0
    for name, forged, wrong in all_forgeries():
        try:
            protocol.Conversation(0, may_skip=changes, changes_request=changes).read("run", False, forged)
        except protocol.BadReply:
            refused += 1
        else:
            assert not wrong, name
    assert refused > 7000


def test_a_forged_reply_is_an_error_of_its_script_and_the_run_goes_on(attack):
    forged = all_forgeries()[::15]
    assert sum(wrong for _, _, wrong in forged) > 500
    for start in range(0, len(forged), 20):  # one report tells all about each failure, the whole collection included
        attack.answers = {name: says(one) for name, one, _ in forged[start : start + 20]}
        attack.errors.clear()
        assert attack.run().exit_code() == 1
        for name, _, wrong in forged[start : start + 20]:
            error = attack.errors[name]
            assert not wrong or error.startswith(f"SandboxError: {BROKEN}"), name
            assert error is None or "\n" not in error


PASSED = {**forger.ASSERTION, "passed": True, "error": None}
FAILED = {**forger.ASSERTION, "error": forger.ERROR}
WAITING = {key: value for key, value in reply(done=False).items() if key != "error"}
WRONG_STATES = {
    "the number of another run": reply(run=77),
    "asks of a script that is done": reply(asks=[{"kind": "vault", "id": "1", **forger.ASKS["vault"][0]}]),
    "an id twice": {**WAITING, "asks": [{"kind": "vault", "id": "1", **forger.ASKS["vault"][0]}] * 2},
    "an id that is not a number": {**WAITING, "asks": [{"kind": "vault", "id": "x", **forger.ASKS["vault"][0]}]},
    "nothing to wait for": WAITING,
    "an error before the end": {**WAITING, "wait": 1, "error": None},
    "a next request before the end": {**WAITING, "wait": 1, "next": {"name": "a"}},
    "a wait that is not a number": {**WAITING, "wait": float("nan")},
    "a wait without end": {**WAITING, "wait": float("inf")},
    "a test that passed with an error": reply(events=[{**FAILED, "passed": True}]),
    "a test that failed without one": reply(events=[{**PASSED, "passed": False}]),
    "a test that was skipped and failed": reply(events=[{**FAILED, "skipped": True}]),
    "a failed test that passes later": reply(events=[FAILED, PASSED]),
    "a test with two names": reply(events=[PASSED, {**PASSED, "name": "other"}]),
    "more values than texts": reply(events=[{**forger.CONSOLE, "messages": [1, 2]}]),
    "keys for another operation": asking("subtle", {"operation": "digest", "given": {"hash": "MD5", "data": ""}}),
    "an operation of the runner's own": asking("cookies", {"operation": "for_url", "arguments": ["http://a/", {}]}),
    "keys that are none": asking("pack", {"operation": "compress", "format": "gzip", "data": "A"}),
}


def test_what_comes_at_the_wrong_time_is_an_error_of_its_script(attack):
    attack.answers = {name: says(forged) for name, forged in WRONG_STATES.items()}
    attack.run()
    for name in WRONG_STATES:
        assert attack.errors[name].startswith(f"SandboxError: {BROKEN}"), name


def test_a_test_script_changes_no_request_and_skips_none(attack):
    attack.answers = {"request": says(reply(request={})), "skip": says(reply(skip=True))}
    attack.run("test")
    assert {name: error.rpartition("reply")[2] for name, error in attack.errors.items() if error} == {
        "request": ".request comes too late",
        "skip": ".skip comes too late",
    }


def raw(data: bytes) -> Callable[[ForgedProcess, dict[str, Any]], None]:
    return lambda process, message: process.write(data)


def frame(data: bytes, kind: bytes = b"m") -> Callable[[ForgedProcess, dict[str, Any]], None]:
    return lambda process, message: process.frame(kind, data)


TEXTS = {
    "no JSON": b"{",
    "two values": b"{} {}",
    "no UTF-8": b'{"run": "\xff"}',
    "halves of characters in UTF-8": b'"\xed\xa0\x80"',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"run": 1}'.encode("utf-16"),
    "NaN": b'{"run": NaN}',
    "more digits than a number has": b'{"run": ' + b"9" * 5000 + b"}",
    "a hundred thousand brackets": b"[" * 100_000,
    "a hundred thousand lists": b"[" * 100_000 + b"]" * 100_000,
    "nothing": b"",
    "null": b"null",
    "a text": b'"done"',
    "a list": b"[]",
}
FRAMES = {
    "a length of four gigabytes": raw(b"\xff\xff\xff\xffm{}"),
    "a length of zero": raw(b"\0\0\0\0m{}"),
    "text in place of frames": raw(b"Fatal error in V8: out of luck\n"),
    "an unknown kind": frame(b"{}", b"z"),
    "ready once more": frame(b"[]", b"r"),
    "a kind for the other way": frame(b"{}", b"l"),
}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_does_not_have_is_in_no_reply(number):
    with pytest.raises(protocol.BadReply, match="is not a JSON number"):
        child.read_reply(b"m", f'{{"wait": {number}}}'.encode())


def test_what_is_no_frame_or_no_reply_is_an_error_of_its_script(attack):
    attack.answers = {**{name: frame(text) for name, text in TEXTS.items()}, **FRAMES}
    attack.run()
    for name in attack.answers:
        assert attack.errors[name].startswith(f"SandboxError: {BROKEN}"), name
        assert len(attack.errors[name]) < 500


def test_a_frame_that_is_too_long_is_not_read(attack, monkeypatch):
    monkeypatch.setattr(process, "LARGEST_FRAME", 1000)
    attack.answers = {"long": frame(b"[" + b" " * 1000 + b"]")}
    attack.run()
    assert attack.errors["long"].startswith(f"SandboxError: {BROKEN}")


def half(process: ForgedProcess, message: dict[str, Any]) -> None:
    process.write(b"\x40\0\0\0m{")
    process.die()


def test_a_child_that_dies_or_closes_its_pipes_is_an_error_of_its_script(attack):
    attack.answers = {
        "dies": lambda child, message: child.die(),
        "dies within a frame": half,
        "closes its output": lambda child, message: child.close("out"),
        "closes all": lambda child, message: child.close("out", "err"),
        "says that it has no memory": lambda process, message: (
            os.write(process.err, b"Fatal: out of memory"),
            process.die(),
        ),
    }
    attack.run()
    messages = {name: error for name, error in attack.errors.items() if error}
    assert messages.pop("says that it has no memory").startswith("SandboxError: the script needs more memory")
    assert len(messages) == 4
    assert all(error.startswith("SandboxError: the script engine crashed") for error in messages.values())


@pytest.mark.parametrize(("answer", "children"), [(reply(run=0), 1), ({"no": "reply"}, 2)])
def test_a_child_that_broke_the_protocol_gets_no_other_script(attack, answer, children):
    attack.answers = {"answers": says(answer)}
    attack.run()
    assert attack.children == children


def test_a_child_that_answers_nothing_is_ended_at_the_time_limit(attack):
    attack.answers = {"nothing": lambda process, message: None, "half a frame": raw(b"\x40\0\0\0m{")}
    attack.run(timeout_script=100)
    assert (
        attack.errors["nothing"] == attack.errors["half a frame"] == "Error: sandbox: synchronous script execution timeout"
    )


def test_a_child_that_fills_its_error_output_does_not_wait_for_the_runner(attack):
    def talk(process: ForgedProcess, message: dict[str, Any]) -> None:
        for _ in range(10):
            os.write(process.err, b"x" * 50_000)
        process.say(reply(run=message["run"]))

    attack.answers = {"talks": talk}
    attack.run()
    assert attack.errors["talks"] is None


def test_a_child_that_writes_errors_without_end_is_ended(attack):
    def talk(process: ForgedProcess, message: dict[str, Any]) -> None:
        while process.err >= 0:
            os.write(process.err, b"x" * 50_000)

    attack.answers = {"talks": talk}
    attack.run()
    assert attack.errors["talks"] == f"SandboxError: {BROKEN}it wrote more than 1 MB to its error output"


def test_the_error_of_an_engine_is_one_short_line(attack):
    attack.answers = {"loud": frame(b"a\x1b[31m\n::error::b\r\n" * 1000, b"e")}
    attack.run()
    assert attack.errors["loud"].startswith("SandboxError: the script engine failed: a [31m ::error::b a")
    assert len(attack.errors["loud"]) < 400


@pytest.mark.parametrize("ready", [b"{}", b"[1]", b"x", b"\xff", b"[" * 5000])
def test_a_wrong_beginning_is_an_error_of_each_script(attack, ready):
    attack.ready = ready
    attack.errors["the last one"] = ""
    with pytest.raises(AssertionError, match="protocol"):
        attack.run()


def test_an_engine_that_is_never_ready_is_an_error_of_its_script(attack, monkeypatch):
    monkeypatch.setattr(child, "LONGEST_START", 0.05)
    attack.ready = None
    with pytest.raises(AssertionError, match=r"not ready after 0\.05 s"):
        attack.run()
