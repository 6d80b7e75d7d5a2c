"""Expressions between `{{` and `}}`, and arguments of tags: paths, texts, numbers, operators and filters."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from runner.foreign.insomnia.templates.filters import filtered
from runner.foreign.insomnia.templates.values import Untranslatable, Value, filled, literal, number, reference

_TOKEN = re.compile(
    r"\s*(?:(?P<string>\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+')|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>(?:[^\W\d]|\$)[\w$]*+(?:-[\w$]+)*+)|(?P<mark>[-+*/~|(),:.\[\]]))",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
WORDS = {"true": "true", "false": "false", "none": "", "null": "", "nil": ""}


def evaluated(text: str, jsons: Collection[str] = ()) -> Value:
    """The value of an expression; `jsons` are the variables that have JSON in them. Raises `Untranslatable`."""
    parser = _Parser(text, jsons)
    value = parser.sum()
    parser.expect_end()
    return value


def path_of(text: str) -> str:
    """The name of the variable that an expression is, empty if it is anything else."""
    try:
        return evaluated(text).variable
    except Untranslatable:
        return ""


def joined_name(parts: Sequence[str | int]) -> str:
    """The name of the variable for a path of keys: `a.b[0]`."""
    name = ""
    for part in parts:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


class _Parser:
    def __init__(self, text: str, jsons: Collection[str]) -> None:
        self._jsons = jsons
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise self._fail()
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self._at = 0

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, *marks: str) -> str:
        kind, text = self._peek()
        if kind == "mark" and text in marks:
            self._at += 1
            return text
        return ""

    def _fail(self) -> Untranslatable:
        return Untranslatable("an expression between {{ and }} has no counterpart in Postman")

    def expect_end(self) -> None:
        if self._peek()[0] != "end":
            raise self._fail()

    def sum(self) -> Value:
        left = self._product()
        while operator := self._take("+", "-", "~"):
            left = _combined(left, operator, self._product())
        return left

    def _product(self) -> Value:
        left = self._filtered()
        while operator := self._take("*", "/"):
            left = _combined(left, operator, self._filtered())
        return left

    def _filtered(self) -> Value:
        value = self._primary()
        while self._take("|"):
            kind, name = self._peek()
            if kind != "name":
                raise self._fail()
            self._at += 1
            value = filtered(value, name, self._arguments(), self._jsons)
        return value

    def _arguments(self) -> list[Value]:
        """Those of a filter: in parentheses (Nunjucks) or behind a colon (Liquid)."""
        found: list[Value] = []
        if self._take("("):
            while not self._take(")"):
                found.append(self.sum())
                if not self._take(",") and self._peek() != ("mark", ")"):
                    raise self._fail()
        elif self._take(":"):
            found.append(self._primary())
            while self._take(","):
                found.append(self._primary())
        return found

    def _primary(self) -> Value:
        kind, text = self._peek()
        if kind == "end":
            raise self._fail()
        self._at += 1
        if kind == "string":
            return literal(_ESCAPED.sub(r"\1", text[1:-1]))
        if kind == "number":
            return number(text)
        if kind == "name":
            return literal(WORDS[text]) if text in WORDS else self._path(text)
        if text == "(":
            value = self.sum()
            if not self._take(")"):
                raise self._fail()
            return value
        raise self._fail()

    def _path(self, first: str) -> Value:
        parts: list[str | int] = [] if first == "_" else [first]
        while mark := self._take(".", "["):
            kind, text = self._peek()
            self._at += 1
            if mark == "." and kind in ("name", "number"):
                parts.append(text if kind == "name" else int(text))
            elif mark == "[" and kind in ("string", "number") and self._take("]"):
                parts.append(_ESCAPED.sub(r"\1", text[1:-1]) if kind == "string" else int(text))
            else:
                raise self._fail()
        if not parts or self._peek() == ("mark", "("):
            raise self._fail()
        return reference(joined_name(parts))


def _combined(left: Value, operator: str, right: Value) -> Value:
    """`+` joins texts unless one side is a number, as the values of variables are texts here."""
    if operator == "~" or (operator == "+" and not (left.numeric or right.numeric)):
        if left.text is not None and right.text is not None:
            text = left.text + right.text
            return literal(text) if left.literal and right.literal else Value(filled(text), text)
        return Value(f"String({left.code}) + String({right.code})")
    return Value(f"(Number({left.code}) {operator} Number({right.code}))", numeric=True)
