"""Puts the values and conditions of scripts into words (`sandbox/libraries/values.js` describes their trees)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from runner.manual_steps.document import Code, Line, joined
from runner.model.json import JsonObject

Shown = Callable[[str], str]
"""Masks the secrets of a text."""


class Words:
    """Values and conditions in words, without secrets."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    def value(self, value: JsonObject) -> Line:
        """A value as part of a sentence: `the value of url in the response`."""
        kind, of = value["is"], value.get("of")
        if kind == "constant":
            constant = value["value"]
            return (
                (self.code(constant),)
                if isinstance(constant, str)
                else ("empty" if constant is None else json.dumps(constant),)
            )
        if kind in ("body", "entry"):
            return self._path(value)
        if kind == "either":
            return self._either(value["of"])
        if kind == "joined":
            return joined([self.value(one) for one in value["of"]], " followed by ")
        if kind in ("plus", "minus"):
            return joined([self.value(one) for one in value["of"]], f" {kind} ")
        if kind == "encoded":
            return (*self.value(value["of"]), f" ({value['how']})")
        if kind == "count" and isinstance(of, dict):
            return ("the number of entries in ", *self.value(of))
        if kind == "list":
            return joined([self.value(one) for one in value["of"]], ", ", " or ")
        if kind == "header":
            return ("the header ", self.code(value["name"]), *_where(value))
        if kind == "cookie":
            return ("the cookie ", self.code(value["name"]))
        if kind == "variable":
            return ("the variable ", self.code(value["name"]))
        return (SIMPLE[kind],) if kind in SIMPLE else self._made(value)

    def _either(self, values: list[JsonObject]) -> Line:
        """The first of several values that exists. If all are names in the same object, that object is named once."""
        plain = [self._path(one) for one in values if one["is"] == "body"]
        if len(plain) == len(values) and all(len(line) == 3 and line[1:] == plain[0][1:] for line in plain):
            return (*joined([line[:1] for line in plain], ", or else "), *plain[0][1:])
        return joined([self.value(one) for one in values], ", or else ")

    def _made(self, value: JsonObject) -> Line:
        of = [self.value(one) for one in value.get("of") or ()]
        code = self.code(str(value.get("code", "")))
        return ("what the script works out from ", *joined(of, ", ", " and "), ": ", code) if of else (code,)

    def _path(self, value: JsonObject) -> Line:
        """A value in the response: the innermost name first, then the enclosing ones."""
        steps = list(value["path"])
        whole = "it" if value["is"] == "entry" else "the response" + ("" if not value.get("sent") else " to that request")
        if not steps:
            return (whole,)
        name: list[str] = []
        while steps and not isinstance(steps[-1], dict):
            step = steps.pop()
            name.insert(0, f"[{step}]" if isinstance(step, int) else f".{step}" if name or steps else str(step))
        line: Line = (self.code("".join(name).removeprefix(".")),) if name else ()
        if not steps:
            return (*line, " of ", whole) if value["is"] == "body" else line
        chosen = steps.pop()
        around = self._path({**value, "path": steps})
        return (*line, *((" of ",) if line else ()), *self._chosen(chosen), *around)

    def _chosen(self, step: JsonObject) -> Line:
        """The words for the chosen entries of a list."""
        if "each" in step:
            return ("each entry of ",)
        first = "first" in step
        where = self.condition(step["first"] if first else step["filter"])
        return ("the first entry" if first else "the entries", " with (", *where, ") of ")

    def code(self, text: str) -> Code:
        """Literal text, without secrets."""
        return Code(self._shown(text))

    # -- conditions -------------------------------------------------------------------------------------------------

    def when(self, conditions: Iterable[JsonObject]) -> Line:
        """Conditions that must all hold: `the status is 200 and …`."""
        flat = [one for condition in conditions for one in _all_of(condition)]
        unique = list({json.dumps(one, sort_keys=True): one for one in flat}.values())
        return joined([self._part(one, len(unique) > 1) for one in unique], ", ", " and ")

    def _part(self, condition: JsonObject, among_others: bool, *, holds: bool = True) -> Line:
        """One of several conditions that must all hold, in brackets if it consists of alternatives."""
        line = self.condition(condition, holds=holds)
        return ("(", *line, ")") if among_others and _is_either(condition, holds) else line

    def condition(self, condition: JsonObject, *, holds: bool = True) -> Line:
        """One condition, or its opposite."""
        kind = condition["is"]
        if kind == "not":
            return self.condition(condition["of"], holds=not holds)
        if kind in ("and", "or"):
            both = (kind == "and") == holds
            return joined([self._part(one, both, holds=holds) for one in condition["of"]], " and " if both else " or ")
        if kind == "there":
            return self._there(condition["of"], holds=holds)
        if kind == "compare":
            op = condition["op"] if holds else OPPOSITES.get(condition["op"], f"not: {condition['op']}")
            left, right = self.value(condition["left"]), self.value(condition["right"])
            return (*left, f" {VERBS.get(op, op)} ", *right)
        return ("the script finds " if holds else "the script does not find ", self.code(condition["code"]))

    def _there(self, value: JsonObject, *, holds: bool) -> Line:
        if value["is"] == "variable":
            return (*self.value(value), " has a value" if holds else " has no value")
        if value["is"] == "count":
            return (*self.value(value["of"]), " has entries" if holds else " has no entries")
        return (*self.value(value), " is there" if holds else " is missing or empty")


SIMPLE = {
    "text": "the text of the response",
    "status": "the status",
    "time": "the time that the response took in ms",
    "now": "the current time",
    "random": "a random value",
    "self": "the name of this request",
}

OPPOSITES = {
    "is": "is not",
    "is not": "is",
    "below": "at least",
    "at least": "below",
    "above": "at most",
    "at most": "above",
    "has": "has not",
    "starts with": "starts not with",
    "ends with": "ends not with",
    "matches": "matches not",
    "one of": "none of",
}

VERBS = {
    "below": "is below",
    "at least": "is at least",
    "above": "is above",
    "at most": "is at most",
    "has": "contains",
    "has not": "does not contain",
    "starts with": "begins with",
    "starts not with": "does not begin with",
    "ends not with": "does not end with",
    "matches": "fits the pattern",
    "matches not": "does not fit the pattern",
    "one of": "is one of",
    "none of": "is none of",
}


def _where(value: JsonObject) -> Line:
    return (" of the response" + (" to that request" if value.get("sent") else ""),)


def _is_either(condition: JsonObject, holds: bool) -> bool:
    """Whether a condition, or its negation if not `holds`, consists of alternatives."""
    if condition["is"] == "not":
        return _is_either(condition["of"], not holds)
    return bool(condition["is"] == ("or" if holds else "and"))


def _all_of(condition: JsonObject) -> list[JsonObject]:
    """The parts of a condition that must all hold: those of an `and`, and the negated ones of a negated `or`."""
    if condition["is"] == "and":
        return [one for inner in condition["of"] for one in _all_of(inner)]
    if condition["is"] == "not" and condition["of"]["is"] == "or":
        return [one for inner in condition["of"]["of"] for one in _all_of({"is": "not", "of": inner})]
    return [condition]


def names_in(conditions: Iterable[JsonObject]) -> set[str]:
    """The variables in conditions, outside the parts that only the script's code can express."""
    found: set[str] = set()
    waiting: list[JsonObject] = list(conditions)
    while waiting:
        one = waiting.pop()
        if one["is"] == "variable":
            found.add(one["name"])
        inner = [one.get("of"), one.get("left"), one.get("right")]
        waiting += [
            part for value in inner for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict)
        ]
    return found


def is_told(conditions: Iterable[JsonObject]) -> bool:
    """Whether conditions can be put into words, without quoting the script's code."""
    waiting = list(conditions)
    while waiting:
        one = waiting.pop()
        if one["is"] == "code":
            return False
        if one["is"] in ("and", "or"):
            waiting += one["of"]
        elif one["is"] == "not":
            waiting.append(one["of"])
    return True
