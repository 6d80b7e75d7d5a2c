"""The options of a load test, and what their texts mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isfinite

from runner.errors import UsageError
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.options.values import parse_rate, shown, whole_number

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
PROFILES = ("fixed", "ramp-up", "spike", "peak")
DISTRIBUTIONS = ("round-robin", "unique", "random")
WEB_PORT = 8089
"""Locust's own."""

ABORT_DELAY = 10.0
"""Seconds from the first user on in which no threshold ends the test: the first answers are often slow."""

STOP_TIMEOUT = 30.0
"""Seconds that iterations get to end when the test is over."""

MOST_USERS = 1_000_000
MOST_PROCESSES = 256
LEAST_POOL = 100
"""The users of an arrival rate, unless `--max-users` says so or a second's starts are more."""

_TIME = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)([a-z]{1,3})")
DAY_LONG = 366 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """How much load, of what shape and how long; times are in seconds.

    `stages` are pairs of a time and the users at its end. Of an arrival `rate` (iterations a second) `users` is the most
    that may be busy at once. `spawn_rate` is None where all users start at once.
    """

    users: int = 1
    spawn_rate: float | None = None
    duration: float | None = None
    iterations: int | None = None
    stages: tuple[tuple[float, int], ...] = ()
    load_profile: str = "fixed"
    data_distribution: str = "round-robin"
    think_time: tuple[float, float] = (0.0, 0.0)
    rate: float | None = None
    stop_timeout: float = STOP_TIMEOUT
    processes: int = 1
    web: int | None = None
    metrics_port: int | None = None

    def to_json(self) -> JsonObject:
        """As plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, data: JsonObject) -> LoadOptions:
        """What `to_json` made."""
        stages = tuple((float(seconds), int(users)) for seconds, users in data["stages"])
        low, high = data["think_time"]
        return cls(**{**data, "stages": stages, "think_time": (float(low), float(high))})

    @property
    def planned(self) -> float | None:
        """Seconds until the test ends by itself; None if only its iterations end it."""
        return sum(seconds for seconds, _ in self.stages) if self.stages else self.duration

    @property
    def said(self) -> str:
        """The load in words: `10 users for 30 s`."""
        if self.stages:
            load = "stages " + ", ".join(f"{span(seconds)}:{users}" for seconds, users in self.stages)
        elif self.rate is not None:
            load = f"{self.rate:g} iterations a second, at most {self.users} users"
        else:
            load = f"{self.users} user{'' if self.users == 1 else 's'}"
        load += f", {self.load_profile}" if self.load_profile != "fixed" else ""
        load += f" for {span(self.duration)}" if self.duration is not None else ""
        return load + (f", {self.iterations} iterations" if self.iterations is not None else "")


def span(seconds: float) -> str:
    """A time in the unit that fits it: `90s`, `5m`."""
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds >= size and not seconds % size:
            return f"{seconds // size:g}{unit}"
    return f"{seconds:g}s"


def parse_time(text: str, where: str) -> float:
    """Seconds, from `30s`, `5m`, `1.5h` or `500ms`; raises `UsageError`."""
    number = _TIME.fullmatch(text.strip())
    if number is None or number[2] not in SECONDS:
        hint = "write a time with its unit: 500ms, 30s, 5m or 1h"
        if text.strip().isdigit():
            hint = f"write {text.strip()}s or {text.strip()}m: the Postman CLI counts minutes, and its -d is the data here"
        raise UsageError(f"{shown(text)} is not a time", where=where, hint=hint)
    seconds = float(number[1]) * SECONDS[number[2]]
    if not seconds <= DAY_LONG:
        raise UsageError(f"{shown(text)} is more than a year", where=where)
    return seconds


def parse_stages(text: str, where: str) -> tuple[tuple[float, int], ...]:
    """Times and users, from `30s:10,1m:50,30s:0`; raises `UsageError`."""
    stages: list[tuple[float, int]] = []
    for part in text.split(","):
        seconds, colon, users = part.strip().partition(":")
        count = whole_number(users, 0, MOST_USERS)
        if not colon or count is None:
            hint = "write a time and the users at its end for each stage: 30s:10,1m:50,30s:0"
            raise UsageError(f"{shown(part.strip())} is not a stage", where=where, hint=hint)
        stages.append((parse_time(seconds, where), count))
    if not any(users for _, users in stages) or not sum(seconds for seconds, _ in stages):
        raise UsageError("has no users at any time", where=where)
    return tuple(stages)


def parse_think_time(text: str, where: str) -> tuple[float, float]:
    """Shortest and longest pause between two iterations, from `1s` or `1s-3s`; raises `UsageError`."""
    low, dash, high = text.partition("-")
    times = parse_time(low, where), parse_time(high if dash else low, where)
    if times[0] > times[1]:
        raise UsageError(f"{shown(text)} ends before it begins", where=where)
    return times


def parse_spawn_rate(text: str, where: str) -> float:
    """Users that start a second, from `10`, `0.5` or `100/min`; raises `UsageError`."""
    if "/" in text:
        return parse_arrivals(text, where)
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not (isfinite(rate) and rate > 0):
        raise UsageError(f"{shown(text)} is not a number of users a second", where=where)
    return rate


def parse_arrivals(text: str, where: str) -> float:
    """Iterations a second, from `50/s` or `300/min`; raises `UsageError`."""
    try:
        return parse_rate(text)
    except UsageError as error:
        raise UsageError(error.message, where=where, hint="write 50/s or 300/min") from None


def parse_count(text: str, where: str, least: int = 1) -> int:
    """A whole number; raises `UsageError`."""
    number = whole_number(text, least, MOST_USERS)
    if number is None:
        raise UsageError(f"{shown(text)} is not a whole number from {least} to {MOST_USERS}", where=where)
    return number


def parse_processes(text: str, where: str) -> int:
    """A number of worker processes, `auto` for one on each processor; raises `UsageError`."""
    if text == "auto":
        from runner.units.processors import processors

        return processors()
    number = whole_number(text, 1, MOST_PROCESSES)
    if number is None:
        raise UsageError(f"{shown(text)} is neither auto nor a whole number from 1 to {MOST_PROCESSES}", where=where)
    return number


def parse_port(text: str, where: str) -> int:
    """A port, 0 for any that is free; raises `UsageError`."""
    number = whole_number(text, 0, 65535)
    if number is None:
        raise UsageError(f"{shown(text)} is no port", where=where)
    return number


def parse_choice(text: str, where: str, choices: Sequence[str]) -> str:
    """One of these words; raises `UsageError`."""
    if text not in choices:
        raise UsageError(f"{shown(text)} is none of {', '.join(choices)}", where=where)
    return text


def check_together(given: Mapping[str, object]) -> None:
    """Raise `UsageError` for options that exclude or need one another; `given` has those that were typed, by flag."""
    for flag, others in EXCLUDE.items():
        wrong = next((other for other in others if flag in given and other in given), None)
        if wrong is not None:
            raise UsageError(f"makes no sense with {flag}", where=wrong, hint=HINTS.get(wrong, ""))
    for flag, needed in NEEDS.items():
        if flag in given and not any(other in given for other in needed):
            raise UsageError(f"does nothing without {' or '.join(needed)}", where=flag)
    if not any(flag in given for flag in ("--duration", "--iterations", "--stages")):
        hint = "say for how long: --duration 30s, --iterations 100 or --stages 30s:10,1m:50,30s:0"
        raise UsageError("the load test has no end", hint=hint)


EXCLUDE = {
    "--stages": ("--users", "--spawn-rate", "--duration", "--iterations", "--load-profile", "--rate", "--max-users"),
    "--rate": ("--users", "--spawn-rate", "--load-profile", "--think-time"),
}
NEEDS = {
    "--max-users": ("--rate",),
    "--data-distribution": ("--iteration-data",),
    "--abort-on-fail": ("--pass-if",),
    "--abort-delay": ("--abort-on-fail",),
    "--web-port": ("--web",),
}
HINTS = {"--users": "--max-users says how many users may be busy at once", "--think-time": "the rate says when each starts"}
