"""Conditions under which a mock server answers: those of Postman's simulations (`NAME.sim.yaml`), read and obeyed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from runner.entropy import Entropy
from runner.errors import InvalidCollection, UsageError
from runner.formats.reading import read_text
from runner.formats.yaml.reader import read
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass, replace
from runner.server.limits import Windows
from runner.server.messages import Answer, Call, Refused, json_answer

SLUG, SCENARIO = "x-mock-slug", "x-mock-scenario"
MINUTE = 60

CONDITIONS = {
    "latency": ("delay_ms", 0, 180_000),
    "error": ("status_code", 400, 599),
    "rate_limit": ("requests_per_minute", 1, 1_000_000),
    "chaos": ("failure_rate", 0, 100),
}
"""The conditions by their names: the key of their number, and what it may be."""

Conditions = Mapping[str, float]
"""The number of each condition that holds."""


@dataclass(frozen=True, slots=True)
class Member:
    """One API of a simulation: its name in calls, and its scenarios by name; the first one holds unless a call asks."""

    key: str
    scenarios: Mapping[str, Conditions]


@dataclass(frozen=True, slots=True)
class Simulation:
    """The members of a simulation; `routing` is where calls name theirs (`path`, `header`), "" if one has all calls."""

    members: tuple[Member, ...]
    routing: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """A call as the mock server is to see it, and the milliseconds that its answer is held back; or the answer itself."""

    call: Call
    delay: float = 0
    answer: Answer | None = None


@dataclass(slots=True)
class Simulator:
    """Puts a simulation into effect; used by one thread at a time."""

    simulation: Simulation
    entropy: Entropy
    clock: Callable[[], float] = time.time
    windows: Windows = field(init=False)

    def __post_init__(self) -> None:
        self.windows = Windows(MINUTE, self.clock)

    def meet(self, call: Call) -> Met:
        """What becomes of a call; raises `Refused` for one that fails."""
        found = self._routed(call)
        if isinstance(found, Answer):
            return Met(call, answer=found)
        member, call = found
        scenario = call.header(SCENARIO)
        if scenario and scenario not in member.scenarios:
            raise Refused(404, f"there is no scenario {scenario!r}: {', '.join(filter(None, member.scenarios))}")
        chosen = member.scenarios.get(scenario) if scenario else next(iter(member.scenarios.values()), None)
        conditions = chosen or {}
        if limit := int(conditions.get("rate_limit", 0)):
            count = self.windows.count(member.key, limit)
            if count.exceeded:
                headers = (("Retry-After", str(count.seconds_left)),)
                raise Refused(429, f"rate_limit: more than {limit} calls in a minute", headers=headers)
        if status := int(conditions.get("error", 0)):
            raise Refused(status, f"error: {status}")
        rate = conditions.get("chaos", 0)
        if rate and self.entropy.integer(0, 9999) < rate * 100:
            raise Refused(500, f"chaos: {rate:g} of 100 calls fail")
        return Met(call, conditions.get("latency", 0))

    def _routed(self, call: Call) -> tuple[Member, Call] | Answer:
        """The member that a call names, and the call without its name; an error in Postman's form if there is none."""
        routing, members = self.simulation.routing, self.simulation.members
        if not routing:
            return members[0], call
        path, mark, rest = call.target.partition("?")
        key, _, behind = path.removeprefix("/").partition("/")
        if routing == "header":
            key = call.header(SLUG)
        available = [one.key for one in members]
        if not key:
            where = f"the header {SLUG}" if routing == "header" else "the first segment of the path"
            return json_answer({"error": f"{where} has to name a member.", "available": available}, 400)
        member = next((one for one in members if one.key == key), None)
        if member is None:
            return json_answer({"error": f"Unknown simulation member '{key}'.", "available": available}, 404)
        if routing == "path":
            call = replace(call, target=f"/{behind}{mark}{rest}", path=call.path.removeprefix(f"/{key}") or "/")
        return member, call


# -- reading ------------------------------------------------------------------------------------------------------------


def load_simulation(path: str) -> Simulation:
    """The simulation of a file; raises `LoadError`."""
    document = read(read_text(path), path).root.value
    wrong = _Place(path)
    root = wrong.object(document, "")
    mocks = root.get("mocks")
    if not isinstance(mocks, list) or not mocks:
        raise wrong.at("mocks", "is not a list of mocks")
    routing = root.get("routing", "" if len(mocks) == 1 else "path")
    if routing not in ("", "path", "header"):
        raise wrong.at("routing", "is neither path nor header")
    members = tuple(_member(wrong.object(one, f"mocks[{n}]"), wrong, f"mocks[{n}]") for n, one in enumerate(mocks))
    return Simulation(members, routing)


def _member(node: JsonObject, wrong: _Place, where: str) -> Member:
    stem = str(node.get("path") or "").rstrip("/").rpartition("/")[2].partition(".")[0]
    key = str(node.get("routeKey") or node.get("name") or stem)
    scenarios: dict[str, Conditions] = {}
    listed = node.get("scenarios") or []
    if not isinstance(listed, list):
        raise wrong.at(f"{where}.scenarios", "is not a list")
    for number, one in enumerate(listed):
        place = f"{where}.scenarios[{number}]"
        scenario = wrong.object(one, place)
        overrides = wrong.object(scenario.get("overrides") or {}, f"{place}.overrides")
        found = _conditions(overrides.get("conditions"), wrong, f"{place}.overrides.conditions")
        name = str(scenario.get("name") or (number or ""))
        scenarios = {name: found, **scenarios} if scenario.get("default") is True else {**scenarios, name: found}
    return Member(key, scenarios)


def _conditions(given: Json, wrong: _Place, where: str) -> Conditions:
    """The conditions of a scenario: an object by name, or a list of `{type, config}` as older files have it."""
    named: dict[str, Json] = {}
    if isinstance(given, list):
        for number, one in enumerate(given):
            entry = wrong.object(one, f"{where}[{number}]")
            named[str(entry.get("type"))] = entry.get("config")
    else:
        named = wrong.object(given or {}, where)
    found = {}
    for name, config in named.items():
        if name not in CONDITIONS:
            raise wrong.at(f"{where}.{name}", f"is not a condition: they are {', '.join(CONDITIONS)}")
        key, low, high = CONDITIONS[name]
        value = wrong.object(config, f"{where}.{name}").get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise wrong.at(f"{where}.{name}.{key}", f"is not a number from {low} to {high}")
        found[name] = float(value)
    return found


class _Place:
    """Makes the errors of one file."""

    def __init__(self, path: str) -> None:
        self._path = path

    def at(self, where: str, what: str) -> InvalidCollection:
        """An error about a place in the file."""
        return InvalidCollection(what, where=f"{self._path}: $.{where}".removesuffix("."))

    def object(self, value: Json, where: str) -> JsonObject:
        """A value that has to be an object."""
        if not isinstance(value, dict):
            raise self.at(where, "is not an object")
        return value


def simulation_of(texts: Sequence[str]) -> Simulation | None:
    """The conditions of `NAME=NUMBER` texts for all calls, None without any; raises `UsageError`."""
    found = {}
    for text in texts:
        name, _, number = text.partition("=")
        key, low, high = CONDITIONS.get(name, ("", 0, -1))
        if not key:
            raise UsageError(
                f"there is no condition {name!r}", where="--condition", hint=f"they are {', '.join(CONDITIONS)}"
            )
        try:
            value = float(number)
        except ValueError:
            value = -1
        if not low <= value <= high:
            raise UsageError(f"{name} takes a number from {low} to {high}", where="--condition", hint=f"{name}={low or 5}")
        found[name] = value
    return Simulation((Member("", {"": found}),)) if found else None
