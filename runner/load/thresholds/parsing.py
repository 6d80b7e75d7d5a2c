"""Reads thresholds in three spellings: ours, k6's and Postman's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from runner.errors import UsageError
from runner.load.thresholds.metrics import (
    AGGREGATES,
    K6,
    OWN,
    TRENDS,
    UNMEASURED,
    Metric,
    Names,
    k6_metric,
    own_metric,
)
from runner.load.thresholds.requests import Path, select
from runner.load.thresholds.threshold import OPERATORS, Threshold
from runner.load.thresholds.units import Unit, limit_of

OPTION = "--pass-if"

FUNCTIONS = {"less_than": "<", "less_than_eq": "<=", "greater_than": ">", "greater_than_eq": ">="}
"""Postman's."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[0-9]+)?")
_PERCENTILE = re.compile(r"p\(\s*([0-9]+(?:\.[0-9]+)?)\s*\)")
_OPERATOR = re.compile(r"[<>=!~]+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_UNIT = re.compile(r"[A-Za-zµ%/]*")
_BETWEEN = re.compile(r",|;|&&")
_TAG = re.compile(r"([a-z_]+)\s*:(.*)", re.DOTALL)
K6_TAGS = {"error", "error_code", "expected_response", "group", "method", "name", "proto", "scenario", "status", "url"}

LONGEST_SHOWN = 200
"""Characters of a wrong text that an error repeats."""


def parse_thresholds(texts: Iterable[str], paths: Sequence[Path]) -> tuple[Threshold, ...]:
    """The thresholds of the values of `--pass-if`; `paths` are those of all requests that will be sent.

    Raises `UsageError` with the place in the text.
    """
    return tuple(threshold for text in texts for threshold in _Reader(text, paths).thresholds())


class _Reader:
    """Reads one text; each condition in it may be in another spelling."""

    def __init__(self, text: str, paths: Sequence[Path]) -> None:
        self._text, self._paths = text, paths
        self._at = 0
        self._k6: tuple[str, Names] | None = None

    def thresholds(self) -> list[Threshold]:
        """All conditions: they are joined by a comma, a semicolon or `&&`."""
        found = [self._condition()]
        while not self._is_over():
            start = self._at
            if not self._take(_BETWEEN):
                hint = "join conditions by a comma, or repeat --pass-if: all have to hold"
                raise self._wrong("nothing is expected here", hint, start)
            found.append(self._condition())
        return found

    # -- spellings ----------------------------------------------------------------------------------------------------

    def _condition(self) -> Threshold:
        self._blanks()
        start, word = self._at, self._aggregate()
        if self._k6 and k6_metric(self._k6[0], word) and not self._next("{"):
            return self._k6_condition(start, *self._k6, word, start, f"{self._k6[0]}: ")
        if word in FUNCTIONS and self._next("("):
            return self._postman_condition(start, FUNCTIONS[word])
        names = self._requests() if self._next("{") else None
        if self._next(":"):
            if word not in K6 and word not in TRENDS:
                raise self._unknown(word, start, [*TRENDS, *K6])
            self._at += 1
            self._blanks()
            place, self._k6 = self._at, (word, names)
            return self._k6_condition(start, word, names, self._aggregate(), place)
        self._k6 = None
        metric = self._own(word, start, names)
        operator, limit = self._operator(), self._limit(metric, "own")
        return Threshold(self._read_since(start), metric, names, operator, limit)

    def _postman_condition(self, start: int, operator: str) -> Threshold:
        self._at += 1
        self._blanks()
        place, self._k6 = self._at, None
        word = self._aggregate()
        names = self._requests() if self._next("{") else None
        metric = self._own(word, place, names)
        self._expect(",", "the metric is followed by a comma and a number: less_than(p95, 500)")
        limit = self._limit(metric, "postman")
        self._expect(")", "the number is followed by a bracket: less_than(p95, 500)")
        return Threshold(self._read_since(start), metric, names, operator, limit)

    def _k6_condition(
        self, start: int, name: str, names: Names, aggregate: str, place: int, inherited: str = ""
    ) -> Threshold:
        metric = k6_metric(name, aggregate)
        if metric is None:
            fit = ", ".join(AGGREGATES if name in TRENDS else K6[name]).replace("p95", "p(95)")
            raise self._wrong(
                f"{name} has no aggregate {aggregate!r}" if aggregate else "an aggregate is expected here", fit, place
            )
        self._can_be_asked(metric, name, names, start)
        operator, limit = self._operator(), self._limit(metric, "k6")
        return Threshold(f"{inherited}{self._read_since(start)}", metric, names, operator, limit)

    def _read_since(self, start: int) -> str:
        return self._text[start : self._at].strip()

    # -- parts --------------------------------------------------------------------------------------------------------

    def _own(self, word: str, at: int, names: Names) -> Metric:
        metric = own_metric(word)
        if metric is not None:
            self._can_be_asked(metric, word, names, at)
            return metric
        if word in TRENDS or word in K6:
            example = "p(95)<500" if word in TRENDS else f"{next(iter(K6[word]))}<500"
            raise self._wrong(f"{word} needs an aggregate", f"write {word}: {example}", at)
        raise self._unknown(word, at, [*AGGREGATES, *OWN])

    def _unknown(self, word: str, at: int, known: list[str]) -> UsageError:
        from difflib import get_close_matches

        if UNMEASURED.fullmatch(word):
            return self._wrong(f"{word} is not measured here", f"times: {', '.join(TRENDS)}", at)
        near = get_close_matches(word, known, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        if word.startswith("p") and word[1:2].isdigit():
            hint = "a percentile is above 0 and at most 100; "
        message = f"there is no metric {word!r}" if word else "a metric is expected here"
        return self._wrong(message, f"{hint}metrics: {', '.join(known)}", at)

    def _can_be_asked(self, metric: Metric, word: str, names: Names, at: int) -> None:
        if names is not None and not metric.by_request:
            raise self._wrong(f"{word} is not measured for each request", "leave out what is in { }", at)

    def _aggregate(self) -> str:
        """A word, or k6's `p(95)` as `p95`."""
        found = _PERCENTILE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return f"p{found[1]}" if found else self._take(_WORD).lower()

    def _operator(self) -> str:
        self._blanks()
        start = self._at
        operator = self._take(_OPERATOR)
        operator = {"===": "=="}.get(operator, operator)
        if operator not in OPERATORS:
            hint = {"=": "write ==", "=<": "write <=", "=>": "write >="}.get(operator, f"one of {' '.join(OPERATORS)}")
            raise self._wrong(
                f"{operator!r} is not a comparison" if operator else "a comparison is expected here", hint, start
            )
        return operator

    def _limit(self, metric: Metric, spelling: str) -> float:
        self._blanks()
        start = self._at
        number = self._take(_NUMBER)
        if not number:
            raise self._wrong("a number is expected here", "for example 500, 1.5s or 99%", start)
        unit = self._take(_UNIT) or self._unit_apart(metric.unit)
        try:
            return limit_of(number, unit, metric.unit, spelling)
        except UsageError as error:
            raise self._wrong(error.message, error.hint, start) from None

    def _unit_apart(self, kind: Unit) -> str:
        """A unit behind blanks; a word that is none is left to what comes next."""
        start = self._at
        self._blanks()
        unit = self._take(_UNIT)
        if unit in kind.factors:
            return unit
        self._at = start
        return ""

    def _requests(self) -> Names:
        """The requests named in `{…}`: a name, a path, or k6's `name:…` and `group:…`; quotes around it may stand."""
        start = self._at
        end = self._closing()
        inside = self._text[start + 1 : end].strip()
        self._at = end + 1
        tag = _TAG.fullmatch(inside)
        if tag and tag[1] in K6_TAGS:
            if tag[1] not in ("name", "group"):
                raise self._wrong(
                    f"figures are not kept by {tag[1]}", "{Login}, {name:Login} or {group:::Folder}", start + 1
                )
            inside = tag[2].strip()
            inside = inside.replace("::", "/") + "/" if tag[1] == "group" else inside
        if len(inside) > 1 and inside[0] == inside[-1] and inside[0] in "\"'":
            inside = inside[1:-1]
        try:
            return select(inside, self._paths)
        except UsageError as error:
            raise self._wrong(error.message, error.hint, start + 1) from None

    def _closing(self) -> int:
        """Where the bracket at this place is closed: a name may have pairs of brackets, and in quotes any."""
        depth, quote, before = 0, "", ""
        for at in range(self._at, len(self._text)):
            char = self._text[at]
            if quote:
                quote = "" if char == quote else quote
            elif char in "\"'" and before in "{:":
                quote = char
            elif char in "{}":
                depth += 1 if char == "{" else -1
                if not depth:
                    return at
            before = before if char.isspace() else char
        raise self._wrong("no } closes this bracket", 'put a name with brackets into quotes: p95{"a } b"}<500', self._at)

    # -- text ---------------------------------------------------------------------------------------------------------

    def _blanks(self) -> None:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1

    def _is_over(self) -> bool:
        self._blanks()
        return self._at >= len(self._text)

    def _next(self, char: str) -> bool:
        self._blanks()
        return self._text[self._at : self._at + 1] == char

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return found[0] if found else ""

    def _expect(self, char: str, hint: str) -> None:
        if not self._next(char):
            raise self._wrong(f"{char} is expected here", hint, self._at)
        self._at += 1

    def _wrong(self, message: str, hint: str, at: int) -> UsageError:
        return UsageError(_clipped(message), where=f"{OPTION} {_clipped(self._text)!r}, column {at + 1}", hint=hint)


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
