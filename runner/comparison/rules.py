"""What counts as a difference: paths that are ignored, arrays without an order, tolerances of numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from runner.model.quick_dataclass import dataclass

EVERYWHERE = "all"
"""In the place of a path: every value of the document."""

_STEP = re.compile(
    r"(?P<dots>\.\.|\.|)"
    r"(?:(?P<name>[^\s.\[\]'\"=*]+)|(?P<any>\*)"
    r"|\[(?:(?P<index>\d{1,9})|(?P<each>\*)|'(?P<single>(?:[^'\\]|\\.)*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\")\])"
)
_NUMBER = re.compile(r"(\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?)(%?)")
_ESCAPED = re.compile(r"\\(.)")
_OTHER_NAME, _OTHER_INDEX = "\0", -1


class Step(NamedTuple):
    """One step of a pattern: a key (None is any), directly below or at any depth."""

    key: str | int | None
    deep: bool


Pattern = tuple[Step, ...]


class Tolerance(NamedTuple):
    """How far two numbers may be apart: by this much, or by this part of the larger one."""

    absolute: float = 0.0
    relative: float = 0.0

    def takes(self, one: float, other: float) -> bool:
        """Whether the numbers are close enough; those that no float can hold only if they are equal."""
        try:
            one, other = float(one), float(other)
        except OverflowError:
            return one == other
        return one == other or (
            math.isfinite(one)
            and math.isfinite(other)
            and math.isclose(one, other, rel_tol=self.relative, abs_tol=self.absolute)
        )


def read_pattern(text: str) -> tuple[Pattern, str]:
    """The pattern that a text begins with, and what follows it; raises `ValueError` with what is wrong.

    `$.items[0].id`, `$.items[*].id`, `$.*.id`, `$..id` (at any depth), `$['a.b']`; `all` is every value.
    """
    if text == EVERYWHERE or text.startswith(f"{EVERYWHERE}="):
        return (Step(None, True),), text.removeprefix(EVERYWHERE)
    if not text.startswith("$"):
        raise ValueError(f"{text!r} is not a path: it begins with $, such as $.items[*].id or $..id")
    steps, at = [], 1
    while found := _STEP.match(text, at):
        dots, dotted = found["dots"], found["name"] is not None or found["any"] is not None
        if dotted != bool(dots) and dots != "..":
            break
        steps.append(Step(_key(found), dots == ".."))
        at = found.end()
    if text[at : at + 1] not in ("", "="):
        steps_are = "steps are .name, ['name'], [0], [*], .* and ..name"
        raise ValueError(f"{text!r} is not a path from {text[at:]!r} on: {steps_are}")
    return tuple(steps), text[at:]


def _key(found: re.Match[str]) -> str | int | None:
    if found["index"] is not None:
        return int(found["index"])
    quoted = found["single"] if found["single"] is not None else found["double"]
    return _ESCAPED.sub(r"\1", quoted) if quoted is not None else found["name"]


class State:
    """What the rules say of one place, and by `down` of those below it; equal places have the same object."""

    __slots__ = ("_below", "_machine", "_positions", "ignored", "key", "tolerance", "unordered")

    def __init__(self, machine: _Machine, positions: frozenset[tuple[int, int]]) -> None:
        self._machine, self._positions = machine, positions
        self._below: dict[str | int, State] = {}
        done = sorted(rule for rule, at in positions if at == len(machine.patterns[rule]))
        self.ignored = any(rule < machine.ignored for rule in done)
        self.unordered, self.key, self.tolerance = False, "", None
        for rule in done:
            if rule in machine.keys:
                self.unordered, self.key = True, machine.keys[rule]
            self.tolerance = machine.tolerances.get(rule, self.tolerance)

    key: str
    tolerance: Tolerance | None

    def down(self, key: str | int) -> State:
        """What the rules say of the value with this key."""
        machine = self._machine
        if not machine.patterns:
            return self
        if key not in machine.named:
            key = _OTHER_NAME if isinstance(key, str) else _OTHER_INDEX
        found = self._below.get(key)
        if found is None:
            found = self._below[key] = machine.state(self._positions, key)
        return found


class _Machine:
    """All patterns at once: first those of ignored paths, then of arrays (`keys`), then of tolerances."""

    def __init__(self, rules: Rules) -> None:
        self.ignored = len(rules.ignored)
        arrays = self.ignored + len(rules.unordered)
        self.patterns = (*rules.ignored, *(one for one, _ in rules.unordered), *(one for one, _ in rules.tolerances))
        self.keys = {self.ignored + at: key for at, (_, key) in enumerate(rules.unordered)}
        self.tolerances = {arrays + at: one for at, (_, one) in enumerate(rules.tolerances)}
        self.named = {step.key for pattern in self.patterns for step in pattern}
        self._states: dict[frozenset[tuple[int, int]], State] = {}
        self.root = self._of({(rule, 0) for rule in range(len(self.patterns))})

    def state(self, positions: Iterable[tuple[int, int]], key: str | int) -> State:
        """The state below one with these positions in the patterns. Tolerances also count for all that is below."""
        found: set[tuple[int, int]] = set()
        for rule, at in positions:
            if at == len(self.patterns[rule]):
                found |= {(rule, at)} if rule in self.tolerances else set()
                continue
            step = self.patterns[rule][at]
            found |= {(rule, at)} if step.deep else set()
            found |= {(rule, at + 1)} if step.key is None or step.key == key else set()
        return self._of(found)

    def _of(self, positions: set[tuple[int, int]]) -> State:
        key = frozenset(positions)
        if key not in self._states:
            self._states[key] = State(self, key)
        return self._states[key]


@dataclass(frozen=True)
class Rules:
    """What counts. Of several tolerances that fit a number the last one counts, and so it is with keys of arrays."""

    ignored: tuple[Pattern, ...] = ()
    unordered: tuple[tuple[Pattern, str], ...] = ()
    tolerances: tuple[tuple[Pattern, Tolerance], ...] = ()

    @staticmethod
    def of(ignore: Iterable[str] = (), unordered: Iterable[str] = (), tolerance: Iterable[str] = ()) -> Rules:
        """The rules of texts: `PATH`, `PATH` or `PATH=KEY`, `PATH=0.01` or `PATH=1%`; raises `ValueError`.

        An ignored path leaves out all that is below it. `all` is a path, too.
        """
        found = Rules(
            ignored=tuple(_alone(text) for text in ignore),
            unordered=tuple(one for text in unordered for one in _array(text)),
            tolerances=tuple(one for text in tolerance for one in _tolerance(text)),
        )
        if any(not pattern for pattern in found.ignored):
            raise ValueError("'$' is the whole document: with that ignored nothing is compared")
        return found

    def root(self) -> State:
        """What the rules say of the whole document."""
        return _machine(self).root


@lru_cache(maxsize=16)
def _machine(rules: Rules) -> _Machine:
    return _Machine(rules)


def _alone(text: str) -> Pattern:
    pattern, rest = read_pattern(text)
    if rest or text == EVERYWHERE:
        raise ValueError(f"{text!r} is not a path" + (" of a part of the document" if not rest else f" from {rest!r} on"))
    return pattern


def _everywhere(text: str, pattern: Pattern) -> tuple[Pattern, ...]:
    """The patterns of a rule; `all` also means the outermost value."""
    return (pattern, ()) if text.startswith(EVERYWHERE) else (pattern,)


def _array(text: str) -> Iterable[tuple[Pattern, str]]:
    pattern, rest = read_pattern(text)
    if rest == "=":
        raise ValueError(f"{text!r} names no key after '='")
    return [(one, rest[1:]) for one in _everywhere(text, pattern)]


def _tolerance(text: str) -> Iterable[tuple[Pattern, Tolerance]]:
    pattern, rest = read_pattern(text)
    found = _NUMBER.fullmatch(rest[1:])
    if found is None:
        raise ValueError(f"{text!r} says no tolerance: PATH=0.01 is a distance, PATH=1% a part of the larger number")
    amount = float(found[1])
    tolerance = Tolerance(relative=amount / 100) if found[2] else Tolerance(absolute=amount)
    return [(one, tolerance) for one in _everywhere(text, pattern)]
