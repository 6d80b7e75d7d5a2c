"""Worlds that share a child: nobody sees another's, and whoever has to be ended ends alone."""

import re
import threading
from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from runner.clock import Clock
from runner.effects import AskScript
from runner.model.json import JsonObject
from runner.sandbox import worlds as worlds_module
from runner.sandbox.sandbox import Sandbox
from runner.sandbox.worlds import Past, Worlds
from runner.sandbox.worlds import World as WorldOfChild
from runner.variables.scopes import Scopes
from tests.sandbox.conftest import Ran, World

# Each script counts on what those before it left in its globals, random numbers and timers.
STEPS = (
    "count = 1; first = Math.random(); pm.environment.set('a', 7); pm.test('one', () => pm.expect(count).to.equal(1))",
    "setTimeout(() => { count += 1; pm.test('later', () => pm.expect(count).to.equal(2)); }, 1)",
    "pm.sendRequest('http://x.test/', (e, response) => { count += response.code; pm.environment.set('sum', count); })",
    "pm.test('left', () => pm.expect([count, [1].at(0), typeof first]).to.eql([203, 1, 'number']))",
)
LOOP, HOARD = "while (true) {}", "const kept = []; while (true) kept.push(new Array(100000).fill(kept.length));"
POISON = "Array.prototype.at = () => 'x'; Object.prototype.sum = 1; JSON.parse = () => null; pm.test('done', () => {})"
ANOTHER = "pm.environment.set('another', crypto.randomUUID())"


@pytest.fixture
def worlds() -> Worlds:
    return Worlds(memory_mb=64)


@pytest.fixture
def made(worlds: Worlds) -> Iterator[list[World]]:
    """Four worlds of one child."""
    sandboxes = [Sandbox(memory_mb=64, child=worlds.lease()) for _ in range(4)]
    yield [World(sandbox) for sandbox in sandboxes]
    for sandbox in sandboxes:
        sandbox.close()


def loop(world: World) -> Ran:
    """A script that does not end, and is ended after half a second."""
    world.sandbox._timeout_ms = 500
    return world.run(LOOP)


def told(ran: Ran) -> tuple[dict[str, bool], dict[str, object], str | None]:
    return ran.tests, ran.values("environment"), ran.error


def pid(world: World) -> int:
    child = world.sandbox._child._shared.child
    assert child is not None
    return child.pid


def alone() -> list[tuple[dict[str, bool], dict[str, object], str | None]]:
    sandbox = Sandbox()
    world = World(sandbox)
    try:
        return [told(world.run(script)) for script in STEPS]
    finally:
        sandbox.close()


@pytest.mark.parametrize(
    ("script", "ms", "error"),
    [
        (LOOP, 500, "sandbox: synchronous script execution timeout"),
        (HOARD, 0, "more memory than --script-memory allows"),
        (POISON, 0, "None"),
    ],
    ids=["loops for ever", "takes all memory", "poisons prototypes"],
)
def test_what_one_world_does_leaves_the_results_of_the_others_as_they_are_alone(made, script, ms, error):
    *others, guilty = made
    guilty.sandbox._timeout_ms = ms
    found: list[list[object]] = [[] for _ in others]
    for at, own in enumerate(STEPS):
        for results, world in zip(found, others, strict=True):
            results.append(told(world.run(own)))
        if at == 1:
            assert error in str(guilty.run(script).error)
    assert found == [alone()] * 3


def test_worlds_share_one_process(made):
    for world in made:
        world.run("1")
    assert len({pid(world) for world in made}) == 1


def test_a_child_holds_only_so_many_worlds_and_ends_with_the_last_of_them():
    worlds = Worlds(most=2)
    sandboxes = [Sandbox(child=worlds.lease()) for _ in range(3)]
    held = [World(sandbox) for sandbox in sandboxes]
    for world in held:
        world.run("1")
    assert pid(held[0]) == pid(held[1]) != pid(held[2])
    child = held[0].sandbox._child._shared.child
    sandboxes[0].close()
    assert child.alive
    sandboxes[1].close()
    assert not child.alive
    sandboxes[2].close()


def test_a_world_that_was_given_back_leaves_nothing_to_the_next_one(worlds):
    kept = Sandbox(memory_mb=64, child=worlds.lease())
    first = Sandbox(memory_mb=64, child=worlds.lease())
    World(kept).run("1")
    World(first).run("left = 1")
    first.close()
    second = Sandbox(memory_mb=64, child=worlds.lease())
    assert World(second).run("pm.test('new', () => pm.expect(typeof left).to.equal('undefined'))").tests == {"new": True}
    second.close()
    kept.close()


def test_random_numbers_that_scripts_took_are_the_same_after_the_end_of_the_child(made):
    world, *_, guilty = made
    before = world.run("id = crypto.randomUUID(); pm.environment.set('id', id)").values("environment")["id"]
    loop(guilty)
    assert world.run("pm.environment.set('id', id)").values("environment")["id"] == before
    assert world.run(ANOTHER).values("environment")["another"] != before


def test_a_script_that_waits_while_its_child_is_ended_goes_on_as_if_nothing_had_been(made):
    world, *_, guilty = made
    answer = world.send

    def end_the_child(request):
        loop(guilty)
        return answer(request)

    world.send = end_the_child
    script = "before = 1; pm.sendRequest('http://x.test/', (e, r) => pm.environment.set('sum', before + r.code))"
    assert told(world.run(script)) == ({}, {"sum": 202}, None)


class Queue:
    """A world for whose child others stand in front, 1000 seconds each time: by the clock, which moves for nothing else."""

    def __init__(self, world: WorldOfChild) -> None:
        self._world = world
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    @property
    def held_up(self) -> float:
        return self.seconds

    @property
    def ready_since(self) -> float:
        return 0.0

    def ask(self, message: JsonObject, timeout_ms: float | None, meanwhile: Any = None) -> Any:
        self.seconds += 1000
        assert timeout_ms == 1500
        return self._world.ask(message, None)


def test_time_that_a_script_waits_for_others_is_not_its_own(worlds):
    queue = Queue(worlds.lease())
    sandbox = Sandbox(timeout_ms=1500, memory_mb=64, child=queue, clock=Clock(monotonic=lambda: queue.seconds))
    ran = World(sandbox).run("pm.test('ran', () => {}); setTimeout(() => pm.test('later', () => {}), 20)")
    assert told(ran) == ({"ran": True, "later": True}, {}, None)
    sandbox.close()


def test_a_world_counts_how_long_it_was_held_up_by_others_and_by_nothing_else(worlds, monkeypatch):
    seconds = count(step=1000)
    waiting = Sandbox(memory_mb=64, child=worlds.lease())
    World(waiting).run("1")
    monkeypatch.setattr(worlds_module, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    before = waiting.held_up
    waiting.ask(AskScript({"op": "dynamic", "names": {"$guid": 1}}, lambda reply: reply))
    assert waiting.held_up == before + 1000
    waiting.close()


def test_a_world_that_hangs_is_ended_by_whoever_closes_it():
    worlds = Worlds()
    sandbox = Sandbox(child=worlds.lease())
    world = World(sandbox)
    world.run("1")
    spinning = threading.Thread(target=world.run, args=(LOOP,))
    spinning.start()
    while not sandbox._child._speaks:
        pass
    sandbox._child.kill()
    spinning.join(60)
    assert not spinning.is_alive()
    sandbox.close()


def test_a_world_that_waits_for_another_can_be_ended_at_once_and_the_other_goes_on(made):
    spinning, waiting, *_ = made
    for one in (waiting, spinning):
        one.run("1")
    process = pid(waiting)
    threads = [threading.Thread(target=one.run, args=(LOOP,)) for one in (spinning, waiting)]
    threads[0].start()
    while not spinning.sandbox._child._speaks:
        pass
    threads[1].start()
    while not waiting.sandbox._child._waits:
        pass
    waiting.sandbox._child.kill()
    threads[1].join()
    assert spinning.sandbox._child._speaks
    assert pid(spinning) == process
    spinning.sandbox._child.kill()
    threads[0].join()


def test_a_long_past_begins_anew_and_keeps_the_libraries():
    past = Past(10)
    for said in (b"12345", "lib", b"67890"):
        assert not past.is_long
        past.add(said)
    assert past.is_long
    past.begin_anew()
    assert (past.said, past.size, past.is_long) == (["lib"], 3, False)


def test_while_a_script_is_under_way_its_past_does_not_begin_anew():
    past = Past(4, open_scripts={1})
    past.add(b"12345")
    assert not past.is_long


def test_variables_are_there_after_the_end_of_the_child_however_long_ago_they_were_set():
    worlds, scopes = Worlds(memory_mb=64, remembered=10), Scopes()
    one, other = (World(Sandbox(memory_mb=64, child=worlds.lease())) for _ in range(2))
    one.run("pm.environment.set('a', 7); pm.globals.set('b', 8)", scopes=scopes)
    for number in range(3):
        one.run(f"pm.environment.set('c', {number})", scopes=scopes)
    assert len(one.sandbox._child._past.said) == 1
    loop(other)
    check = "pm.test('all', () => pm.expect(['a', 'b', 'c'].map((name) => pm.variables.get(name))).to.eql([7, 8, 2]))"
    assert one.run(check, scopes=scopes).tests == {"all": True}
    assert one.run(check, scopes=scopes).tests == {"all": True}
    for world in (one, other):
        world.sandbox.close()


def test_one_text_in_two_items_and_two_worlds_is_a_script_of_each(worlds):
    text = "const own = pm.info.requestName; seen = typeof seen === 'undefined' ? own : seen + own; throw new Error(seen)"
    sandboxes = [Sandbox(child=worlds.lease()) for _ in range(2)]
    for sandbox in sandboxes:
        first, second = (World(sandbox).run(text, owner=name, request_name=name).result.error for name in "ab")
        assert (first.message, second.message) == ("a", "ab")
        assert [set(re.findall(r"(\w)/test\.js:1", error.stack)) for error in (first, second)] == [{"a"}, {"b"}]
        sandbox.close()


def test_a_stack_that_a_script_reads_itself_leaves_it_with_the_name_of_the_script(world):
    text = (
        "const { stack } = new Error('x'); console.log(stack); pm.test(stack, () => {}); pm.environment.set('stack', stack)"
    )
    for name in ("a", "b"):
        ran = world.run(text, owner=name)
        stacks = [*ran.logged, ran.assertions[0].name, ran.values("environment")["stack"]]
        assert [stack.startswith(f"Error: x\n    at eval ({name}/test.js:1:") for stack in stacks] == [True, True, True]


def test_a_function_of_another_script_has_the_name_of_the_script_that_made_it(world):
    world.run("later = () => { throw new Error('x') }", owner="first")
    error = world.run("\nlater()", owner="second").result.error
    assert re.findall(r"\w+/test\.js:\d", error.stack) == ["first/test.js:1", "second/test.js:2"]
    assert (error.line, error.column) == (2, 1)
