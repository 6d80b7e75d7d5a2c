import json
import re
import uuid
from pathlib import Path

import httpx
import pytest

from runner import run
from runner.clock import Clock
from runner.entropy import Entropy
from runner.events import ConsoleLogged, RequestFailed, RequestFinished
from runner.rules.substitute import MISSING, substitute
from runner.variables.dynamic import DYNAMIC, GENERATED, DynamicValues, make_dynamic

# What Postman's library gives for each name: the type, a pattern for its text, and how many values differ (at most 20).
SHAPES = json.loads(Path(__file__).with_name("dynamic_shapes.json").read_text("utf-8"))
CLOCKS = {"$timestamp", "$isoTimestamp"}


def sources():
    return Clock(lambda: 1_700_000_000.123), Entropy("seed")


@pytest.mark.parametrize("name", ["$guid", "$randomUUID"])
def test_uuids_are_of_version_four(name):
    assert uuid.UUID(make_dynamic(*sources())(name)).version == 4


def test_times_come_from_the_clock():
    dynamic = make_dynamic(*sources())
    assert dynamic("$timestamp") == 1_700_000_000
    assert dynamic("$isoTimestamp") == "2023-11-14T22:13:20.123Z"


def test_random_integers_go_from_0_to_1000():
    dynamic = make_dynamic(*sources())
    numbers = {dynamic("$randomInt") for _ in range(5000)}
    assert (min(numbers) < 10, max(numbers) > 990, numbers <= set(range(1001))) == (True, True, True)


def test_each_occurrence_is_made_anew():
    text = substitute("{{$guid}} {{$guid}}", lambda name: MISSING, make_dynamic(*sources()))
    first, second = text.split()
    assert first != second


def test_a_seed_repeats_every_value():
    names = "".join(f"{{{{{name}}}}} " for name in DYNAMIC)
    texts = {substitute(names, lambda name: MISSING, make_dynamic(*sources())) for _ in range(2)}
    assert len(texts) == 1


def test_unknown_names_are_missing():
    assert make_dynamic(*sources())("$randomNope") is MISSING
    assert all(re.fullmatch(r"\$\w+", name) for name in DYNAMIC)


# -- all names, from requests and from scripts ------------------------------------------------------------------

EACH = 20


def collection(body, script=""):
    request = {"method": "POST", "url": "http://h/", "body": {"mode": "raw", "raw": body}}
    return {"item": [{"name": "one", "request": request, "event": [{"listen": "test", "script": {"exec": script}}]}]}


def outcome(body, script="", **options):
    """What was sent and what the script logged."""
    bodies, events = [], []
    transport = httpx.MockTransport(lambda request: bodies.append(request.content.decode()) or httpx.Response(200))
    run(collection(body, script), transport=transport, on_event=events.append, **options)
    return bodies, [event.messages for event in events if isinstance(event, ConsoleLogged)], events


@pytest.fixture(scope="module")
def drawn():
    """For each name its values in a request and in a script."""
    template = "\0".join(f"{{{{{name}}}}}" for name in SHAPES for _ in range(EACH))
    (body,), ((logged,),), _ = outcome(template, f"console.log(pm.variables.replaceIn({json.dumps(template)}))", seed="s")
    sources = [text.split("\0") for text in (body, logged)]
    return {name: [values[at * EACH : at * EACH + EACH] for values in sources] for at, name in enumerate(SHAPES)}


def test_the_names_are_those_of_postman():
    assert set(DYNAMIC) | set(GENERATED) == set(SHAPES)
    assert not set(DYNAMIC) & set(GENERATED)


@pytest.mark.parametrize("source", [0, 1], ids=["request", "script"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_dynamic_variable_has_the_shape_it_has_in_postman(drawn, name, source):
    values = drawn[name][source]
    assert [value for value in values if not re.fullmatch(SHAPES[name]["shape"], value, re.DOTALL)] == []
    if name not in CLOCKS:
        assert (len(set(values)) > 1) == (SHAPES[name]["values"] > 1)


@pytest.mark.parametrize("name", DYNAMIC)
def test_the_simple_ones_have_the_type_they_have_in_postman(name):
    kind = {int: "number", bool: "boolean", str: "string"}[type(DYNAMIC[name](*sources()))]
    assert kind == SHAPES[name]["type"]


def test_names_inside_of_values_are_made_anew_at_each_use():
    bodies, _, _ = outcome("{{a}}|{{a}}|{{$randomUserName}}", globals=None, global_var=(("a", "{{$randomUserName}}"),))
    assert len(set(bodies[0].split("|"))) == 3


def test_a_variable_of_the_users_wins_over_a_dynamic_one():
    bodies, logged, _ = outcome(
        "{{$randomCity}}", "console.log(pm.variables.replaceIn('{{$randomCity}}'))", global_var=(("$randomCity", "mine"),)
    )
    assert (bodies, logged) == (["mine"], [("mine",)])


def test_a_value_may_decide_which_variable_is_asked_for():
    dynamic = DynamicValues(*sources())
    get = {"is Rome": "{{$randomWord}}!"}
    texts = []
    while not texts or dynamic.wanted:
        dynamic.supply({name: ["Rome" if name == "$randomCity" else "word"] for name in dynamic.wanted})
        texts.append(substitute("{{is {{$randomCity}}}}", lambda name: get.get(name, MISSING), dynamic))
    assert texts[-1] == "word!"


RANDOM = """
console.log(Math.random(), crypto.randomUUID(), pm.variables.replaceIn('{{$randomEmail}} {{$randomInt}} {{$guid}}'),
require('uuid').v4(), require('crypto-js').lib.WordArray.random(8).toString())"""


def test_a_seed_repeats_the_whole_run():
    body = "{{$randomEmail}} {{$guid}} {{$randomInt}}"
    tokens = []
    first, second, other = (outcome(body, RANDOM, seed=seed) for seed in ("7", "7", "8"))
    for _, _, events in (first, second, other):
        sent = next(event for event in events if isinstance(event, RequestFinished)).request
        tokens.append(next(header.value for header in sent.headers if header.key == "Postman-Token"))
    assert (first[:2], tokens[0]) == (second[:2], tokens[1])
    assert first[0] != other[0]
    assert not set(first[1][0]) & set(other[1][0])
    assert tokens[0] != tokens[2]


def test_a_seed_repeats_requests_that_run_side_by_side():
    script = "await Promise.all([1, 2, 3, 4].map((n) => pm.sendRequest(`http://h/${n}`)))"
    runs = []
    for _ in range(2):
        _, _, events = outcome("", script, seed="7")
        sent = [event.request for event in events if isinstance(event, RequestFinished) and event.source == "script"]
        runs.append(
            {
                (request.url.path, header.value)
                for request in sent
                for header in request.headers
                if header.key == "Postman-Token"
            }
        )
    assert len(runs[0]) == 4
    assert runs[0] == runs[1]


def test_without_a_seed_no_value_repeats():
    assert outcome("{{$randomEmail}}", RANDOM)[:2] != outcome("{{$randomEmail}}", RANDOM)[:2]


def test_in_strict_mode_a_variable_without_a_value_is_a_failure_and_nothing_is_sent():
    bodies, _, events = outcome("{{no}} {{$randomCity}} {{$randomNope}}", strict_variables=True)
    (failed,) = [event for event in events if isinstance(event, RequestFailed)]
    assert bodies == []
    assert str(failed.error) == "the variable {{$randomNope}} has no value; the variable {{no}} has no value"


def test_values_are_made_while_a_script_waits_for_the_request_that_needs_them():
    other = {"id": "other", "name": "other", "request": {"url": "http://h/{{$randomProduct}}"}}
    script = """const { code } = await pm.execution.runRequest('other');
    console.log(code, pm.variables.replaceIn('{{$randomProtocol}}').slice(0, 4))"""
    document = collection("", script)
    document["item"].append(other)
    events, transport = [], httpx.MockTransport(lambda request: httpx.Response(200))
    run(document, transport=transport, on_event=events.append)
    paths = [event.request.url.path for event in events if isinstance(event, RequestFinished)]
    assert [event.messages for event in events if isinstance(event, ConsoleLogged)] == [(200, "http")]
    assert len(paths) == 3
    assert all(re.fullmatch("[A-Za-z]+", path[0]) for path in paths[1:])


def test_without_a_script_engine_the_item_fails_and_nothing_is_sent(monkeypatch):
    monkeypatch.setattr("runner.sandbox.child.find_spec", lambda name: None)
    bodies, _, events = outcome("{{$randomCity}}")
    (failed,) = [event for event in events if isinstance(event, RequestFailed)]
    assert bodies == []
    assert "mini-racer is not installed" in str(failed.error)


def test_the_simple_ones_need_no_script_engine(monkeypatch):
    monkeypatch.setattr("runner.sandbox.child.find_spec", lambda name: None)
    bodies, _, _ = outcome(" ".join(f"{{{{{name}}}}}" for name in DYNAMIC))
    assert "$" not in bodies[0]


def test_values_without_end_fail_requests_and_scripts():
    endless = (("a", "{{a}}" * 1000),)
    bodies, logged, events = outcome(
        "{{a}}", "try { pm.variables.replaceIn('{{a}}') } catch (e) { console.log(e.name, e.message) }", global_var=endless
    )
    assert bodies == []
    assert logged == [("RangeError", "The values of variables never end: see {{a}}")]
    assert [type(event.error).__name__ for event in events if isinstance(event, RequestFailed)] == ["VariableError"]
