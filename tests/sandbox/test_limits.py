"""Scripts that must not hang, crash or blind the run; after each of them the next script works and scopes are intact."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runner.effects import AskScript
from runner.errors import SandboxError
from runner.model.variable import Variable
from runner.sandbox.sandbox import Sandbox
from runner.variables.scopes import Scopes
from tests.patience import growing
from tests.sandbox.conftest import Ran, World

SYNCHRONOUS = "Error: sandbox: synchronous script execution timeout"
ASYNCHRONOUS = "Error: sandbox: asynchronous script execution timeout"
NO_MEMORY = "SandboxError: the script needs more memory than --script-memory allows ({} MB)"
TIMEOUTS = {
    "an endless loop": ("while (true) {}", SYNCHRONOUS),
    "an endless loop that catches": ("while (true) { try { throw 1 } catch {} }", SYNCHRONOUS),
    "endless microtasks": ("(async () => { while (true) await null })()", SYNCHRONOUS),
    "a regex bomb": ("/^(a+)+$/.test('a'.repeat(40) + 'b')", SYNCHRONOUS),
    "a long builtin": ("new Array(2 ** 32 - 1).fill(0)", SYNCHRONOUS),
    "a loop without a body at the end": ("while(1)", SYNCHRONOUS),
    "a loop in a timer": ("setTimeout(() => { while (true) {} }, 1)", ASYNCHRONOUS),
    "an interval that is never cleared": ("setInterval(() => {}, 20)", ASYNCHRONOUS),
    "immediates without end": ("const f = () => setImmediate(f); f()", ASYNCHRONOUS),
    "a far timer": ("setTimeout(() => {}, 1e6)", ASYNCHRONOUS),
}
ERRORS = {
    "a stack overflow": ("const f = () => f(); f()", "RangeError: Maximum call stack size exceeded"),
    "a syntax error": ("let a = ;", "SyntaxError: Unexpected token ';'"),
    "a broken wrapper": ("})(", "SyntaxError"),
    "a wrong array": ("new Array(-1)", "RangeError: Invalid array length"),
    "no such module": ("require('fs2')", "Error: Cannot find module 'fs2'"),
    "an unknown member": ("pm.nothing()", "TypeError: pm.nothing is not a function"),
    "a member of an unknown member": (
        "pm.nothing.get('a')",
        "TypeError: Cannot read properties of undefined (reading 'get')",
    ),
}
MEMORY = {
    "arrays": "const a = []; while (true) a.push(new Array(1e5).fill(1.1))",
    "texts": "let s = 'x'; const all = []; while (true) { s += s + Math.random(); all.push(s.split('')) }",
    "objects": "let o = {}; while (true) o = {o, p: {o}}",
}


class Short(World):
    """A world whose scripts may take only as long as a machine of this speed needs for what has to happen before."""

    def run_until(self, happened: Callable[[Ran], bool], source: str, **more: Any) -> Ran:
        for ms in growing(350):
            self.run("1")  # the child is up: its start does not count
            self.sandbox._timeout_ms = int(ms)
            ran = self.run(source, **more)
            self.sandbox._timeout_ms = 0
            if happened(ran):
                break
        return ran


@pytest.fixture(scope="module")
def short():
    sandbox = Sandbox(memory_mb=128)
    sandbox.start()
    yield Short(sandbox)
    sandbox.close()


def is_alive_and_knows(world: World, scopes: Scopes) -> bool:
    ran = world.run("pm.test('t', () => pm.expect(pm.environment.get('kept')).to.equal('yes'))", scopes=scopes)
    return ran.tests == {"t": True} and ran.result.error is None


@pytest.mark.parametrize("name", TIMEOUTS)
def test_a_script_that_does_not_end_is_ended(short, name):
    source, error = TIMEOUTS[name]
    scopes = Scopes(environment=[Variable("kept", "yes")])
    assert short.run_until(lambda ran: ran.error == error, source, scopes=scopes).error == error
    assert is_alive_and_knows(World(short.sandbox), scopes)


def test_a_script_has_the_milliseconds_of_its_limit_and_then_its_child_is_ended(monkeypatch):
    sandbox = Sandbox(timeout_ms=60_000)
    world = World(sandbox)
    world.run("1")
    watched = []
    monkeypatch.setattr(sandbox._child._watchdog, "set", watched.append)
    before = time.monotonic()
    world.run("await new Promise(ok => setTimeout(ok, 20))")
    assert len(watched) > 1
    assert all(before + 60 <= deadline <= time.monotonic() + 60 for deadline in watched)
    sandbox.close()


@pytest.mark.parametrize("name", ERRORS)
def test_a_script_that_fails_leaves_the_next_one_alone(world, name):
    source, error = ERRORS[name]
    scopes = Scopes(environment=[Variable("kept", "yes")])
    assert world.run(source, scopes=scopes).error.startswith(error)
    assert is_alive_and_knows(world, scopes)


@pytest.mark.parametrize("name", MEMORY)
def test_a_memory_bomb_is_an_error_of_the_script(name):
    sandbox = Sandbox(timeout_ms=20_000, memory_mb=64)
    scopes = Scopes(environment=[Variable("kept", "yes")])
    world = World(sandbox)
    world.run("1", scopes=scopes)
    assert world.run(MEMORY[name], scopes=scopes).error == NO_MEMORY.format(64)
    assert is_alive_and_knows(world, scopes)
    sandbox.close()


@pytest.mark.parametrize("between", [None, AskScript({"op": "dynamic", "names": {"$guid": 1}}, lambda reply: reply)])
def test_a_child_that_the_system_ends_between_two_scripts_costs_the_second_one_nothing(between):
    sandbox = Sandbox()
    world, scopes = World(sandbox), Scopes(environment=[Variable("kept", "yes")])
    world.run("1", scopes=scopes)
    process = sandbox._child._process
    process.kill()
    process.wait()
    if between is not None:
        sandbox.ask(between)
    assert is_alive_and_knows(world, scopes)
    sandbox.close()


def test_texts_of_hundreds_of_megabytes_work_without_an_option():
    sandbox = Sandbox()
    ran = World(sandbox).run("const s = 'abcdefghij'.repeat(2e7); console.log(s.length, s.slice(0, 1e8).split('a').length)")
    sandbox.close()
    assert (ran.error, ran.logged) == (None, [[200_000_000, 10_000_001]])


def test_array_buffers_count_as_memory(short):
    if sys.platform != "linux":
        pytest.skip("only Linux bounds them")
    ran = short.run_until(
        lambda ran: True, "const all = []; for (let i = 0; i < 100; i++) all.push(new Uint8Array(2 ** 26).fill(1))"
    )
    assert ran.error in ("RangeError: Array buffer allocation failed", SYNCHRONOUS)
    assert is_alive_and_knows(World(short.sandbox), Scopes(environment=[Variable("kept", "yes")]))


def test_tests_before_a_timeout_are_kept_when_the_script_had_paused(short):
    source = "pm.test('early', () => {}); await new Promise(ok => setTimeout(ok, 1)); while (true) {}"
    ran = short.run_until(lambda ran: ran.error == ASYNCHRONOUS, source)
    assert ran.tests == {"early": True}
    assert ran.error == ASYNCHRONOUS


def test_open_tests_fail_at_the_time_limit(short):
    ran = short.run_until(lambda ran: ran.tests, "pm.test('open', done => setTimeout(done, 1e6))")
    assert ran.tests == {"open": False}
    assert ran.error == ASYNCHRONOUS


def test_without_a_limit_a_script_may_take_its_time_but_not_wait_for_nothing():
    sandbox = Sandbox()
    world = World(sandbox)
    assert world.run("await new Promise(ok => setTimeout(ok, 20)); console.log('done')").logged == ["done"]
    assert "can never happen" in world.run("await new Promise(() => {})").error
    sandbox.close()


def test_a_script_error_has_line_and_column_also_for_syntax(world):
    places = {
        "let a = 1;\n let b = ;": (2, 10),
        "x y": (1, 3),
        "if (true) {\n  a": (2, 4),
        "\n\n  nothing.here()": (3, 3),
        "throw new Error('x')": (1, 7),
    }
    found = {source: world.run(source).result.error for source in places}
    assert {source: (error.line, error.column) for source, error in found.items()} == places


def test_a_place_needs_no_plain_name(world):
    error = world.run("nothing()", owner="a (b) c/ü.js:1:2").result.error
    assert (error.line, error.column) == (1, 1)


MESSAGES = [
    "boom at https://cdn.example.com/lib/x.js:77:12 (server side)",
    "app.js:99:3 failed",
    "failed\n    at other (lib.js:7:9)\n    at lib.js:8:1",
]


@pytest.mark.parametrize("message", MESSAGES)
def test_a_place_in_a_message_is_not_the_place_of_the_error(world, message):
    ran = world.run(f"// one\npm.test('t', () => {{ throw new Error({message!r}) }});\nthrow new TypeError({message!r})")
    (failed,) = ran.assertions
    assert (failed.error.line, ran.result.error.line) == (2, 3)
    assert ran.result.error.message == message
    assert ran.result.error.stack.count("Get%20user/test.js:3:7") == 1
    assert ran.result.error.stack.count("lib.js") == message.count("lib.js")


def test_an_error_has_its_place_whatever_its_properties_say(world):
    ran = world.run("\nconst e = new Error('a'); e.name = 'Mine'; e.message = 'b'; throw e")
    assert (ran.error, ran.result.error.line, ran.result.error.column) == ("Mine: b", 2, 11)
    error = world.run("\nconst e = new Error('a'); e.stack = 'gone'; throw e").result.error
    assert (error.message, error.line, error.stack) == ("a", None, "Error: a")


LONG = {
    "a message": "throw new Error('x'.repeat(2e6))",
    "a message like a stack": "throw new Error('\\n    at x (a.js:1:2)'.repeat(2e5))",
    "a message that was changed": "const e = new Error('\\n    at x (a.js:1:2)'.repeat(2e5)); e.message = 'x'; throw e",
    "a name": "({['x'.repeat(2e6)]() { throw new Error('x') }})['x'.repeat(2e6)]()",
    "a stack": "const e = new Error('x'); e.stack = '    at (((a.js:1:'.repeat(2e5); throw e",
    "async functions": "const f = async a => a;\n" + "async function g(a) { return a }\n" * 40_000 + "throw 'x'",
    "async functions in a line": "const f = async a => a;" + "(async a => { await a });" * 40_000 + "throw 'x'",
    "a comment": "const f = async a => a;" + "// it's\n" * 100_000 + "throw 'x'",
    "a template": "const f = async a => `" + "${a}" * 100_000 + "`; throw 'x'",
    "a list": "const f = async a => [" + "a / 2, /'/, " * 50_000 + "]; throw 'x'",
    "timers": "for (let i = 0; i < 1e5; i++) clearTimeout(setTimeout(f => f, i + 1e6)); throw 'x'",
    "rejections": "const all = Array.from({length: 3e4}, async (_, i) => { throw i });"
    "for (const one of all.reverse()) one.catch(() => {}); throw 'x'",
}


@pytest.mark.parametrize("name", LONG)
def test_what_is_long_takes_no_more_than_its_share_of_time(name):
    """Each takes a second or two; with a step that is not linear it takes many minutes."""
    sandbox = Sandbox(timeout_ms=60_000)
    error = World(sandbox).run(LONG[name]).result.error
    sandbox.close()
    assert error.message.lstrip("\n")[:1] in ("x", " ")


DIES_WHILE_ITS_CHILD_SPINS = """
import os
from runner.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import World
sandbox = Sandbox()
world = World(sandbox)
world.run("1")
child = sandbox._child
child._read = lambda: (print(child._process.pid, flush=True), os._exit(0))
world.run("while (true) {}")
"""


def test_the_child_ends_with_its_parent_even_while_a_script_spins():
    paths = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", DIES_WHILE_ITS_CHILD_SPINS],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    deadline = time.monotonic() + 60
    while is_running(int(done.stdout)) and time.monotonic() < deadline:
        pass
    assert not is_running(int(done.stdout))


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    if sys.platform.startswith("linux"):
        try:
            return stat.read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def test_an_engine_that_cannot_start_is_a_clear_error(monkeypatch):
    monkeypatch.setattr("runner.sandbox.child.find_spec", lambda name: None)
    with pytest.raises(SandboxError, match="mini-racer is not installed"):
        Sandbox().start()


def test_scripts_run_in_no_world_but_the_built_one(monkeypatch, tmp_path):
    monkeypatch.setattr("runner.sandbox.prelude.BUILT", tmp_path / "world")
    ran = World(Sandbox()).run("pm.test('never run', () => {})")
    assert ran.tests == {}
    assert "SandboxError: the world of the scripts was never built" in ran.error


def test_asking_after_close_starts_again():
    sandbox = Sandbox()
    assert World(sandbox).run("console.log(1)").logged == [1]
    sandbox.close()
    assert World(sandbox).run("console.log(2)").logged == [2]
    sandbox.close()


def test_close_before_start_does_nothing():
    Sandbox().close()
