"""JSON of any depth: reads, writes, walks and compares without recursion.

The standard library is faster and tried first; it fails at about a thousand levels.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

INDENTED = 64
"""Levels that get lines of their own: with more, the indentation would be many times the size of the value."""

Step = Callable[[Any, Any], tuple[object, Iterable[tuple[object, object]]]]

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")


# -- reading ------------------------------------------------------------------------------------------------------------


def loads(text: str | bytes, decoder: json.JSONDecoder = _DECODER) -> Any:
    """The value of a JSON text, as `json.loads` reads it; raises `json.JSONDecodeError`."""
    if not isinstance(text, str):
        text = text.decode(json.detect_encoding(text))
    if text.startswith("\ufeff"):
        raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", text, 0)
    try:
        return decoder.decode(text)
    except RecursionError:
        return _read(text, decoder)


def _read(text: str, decoder: json.JSONDecoder) -> Any:
    """The value, read from its first bracket on; `around` has the lists and objects that are open."""
    root: list[object] = []
    around: list[list[object] | dict[str, object]] = [root]
    key, at = "", _past_blanks(text, 0)
    while True:
        value, at, opened = _value(text, at, decoder)
        if isinstance(holder := around[-1], list):
            holder.append(value)
        else:
            holder[key] = value
        at = _past_blanks(text, at)
        if opened is not None:
            around.append(opened)
            if text[at : at + 1] != ("]" if isinstance(opened, list) else "}"):
                key, at = ("", at) if isinstance(opened, list) else _key(text, at)
                continue
        while (holder := around[-1]) is not root:
            mark, closing = text[at : at + 1], "]" if type(holder) is list else "}"
            if mark == closing:
                around.pop()
            elif mark != ",":
                raise JSONDecodeError("Expecting ',' delimiter", text, at)
            at = _past_blanks(text, at + 1)
            if mark == ",":
                key, at = ("", at) if type(holder) is list else _key(text, at)
                break
        if holder is root:
            if at != len(text):
                raise JSONDecodeError("Extra data", text, at)
            return root[0]


def _past_blanks(text: str, at: int) -> int:
    return _BLANK.match(text, at).end()  # type: ignore[union-attr]


def _value(text: str, at: int, decoder: json.JSONDecoder) -> tuple[object, int, list[object] | dict[str, object] | None]:
    """The value that begins here, the place behind it, and the same value if that is only its opening bracket."""
    first = text[at : at + 1]
    if first == "[" or first == "{":
        opened: list[object] | dict[str, object] = [] if first == "[" else {}
        return opened, at + 1, opened
    try:
        value, end = decoder.scan_once(text, at)  # type: ignore[attr-defined]
    except StopIteration as stop:
        raise JSONDecodeError("Expecting value", text, stop.value) from None
    return value, end, None


def _key(text: str, at: int) -> tuple[str, int]:
    """The key that begins here, and the place of its value."""
    if text[at : at + 1] != '"':
        raise JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
    key, at = scanstring(text, at + 1, True)
    at = _past_blanks(text, at)
    if text[at : at + 1] != ":":
        raise JSONDecodeError("Expecting ':' delimiter", text, at)
    return key, _past_blanks(text, at + 1)


# -- writing ------------------------------------------------------------------------------------------------------------


def dumps(
    value: object,
    *,
    separators: tuple[str, str] = (", ", ": "),
    ensure_ascii: bool = True,
    default: Callable[[object], object] | None = None,
    allow_nan: bool = True,
) -> str:
    """A value as JSON in one line, as `json.dumps` writes it; where that fails, `NaN` becomes null despite `allow_nan`."""
    try:
        return json.dumps(value, separators=separators, ensure_ascii=ensure_ascii, default=default, allow_nan=allow_nan)
    except RecursionError:
        text = encode_basestring_ascii if ensure_ascii else encode_basestring
        return "".join(
            pieces(value, separators=separators, text=text, scalar=lambda entry: scalar_text(entry, default, text))
        )


def scalar_text(
    value: object, default: Callable[[object], object] | None = None, text: Callable[[str], str] = encode_basestring
) -> str:
    """A scalar as JSON; a number that JSON cannot express becomes null (JSON.stringify)."""
    if type(value) is int:
        return int.__repr__(value)
    if value is None or value is True or value is False:
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    return text(value) if isinstance(value, str) else json.dumps(value, default=default)


def pieces(
    value: object,
    *,
    indent: str | None = None,
    newline: str = "\n",
    separators: tuple[str, str] = (",", ": "),
    text: Callable[[str], str] = encode_basestring,
    scalar: Callable[[object], str] = scalar_text,
    keys: Callable[[Mapping[str, object]], Iterable[str]] = iter,
) -> Iterator[str]:
    """A value as pieces of JSON text; with `indent` each level down to `INDENTED` gets lines of its own.

    `text` writes a text, `scalar` any other scalar; `keys` returns the keys of an object in the order to write.
    """
    comma, colon = separators
    around: list[tuple[Iterator[object], Mapping[object, object] | None, str, str, str]] = []
    entries: Iterator[object] = iter((value,))
    mapping: Mapping[object, object] | None = None
    lead, between, line, end = "", "", newline, ""
    while True:
        for entry in entries:
            if mapping is None:
                value = entry
            else:
                value = mapping[entry]
                lead += text(_name(entry)) + colon
            if type(value) is str:
                yield lead + text(value)
            elif not (isinstance(value, dict | list | tuple) and value):
                empty = "{}" if isinstance(value, dict) else "[]" if isinstance(value, list | tuple) else ""
                yield lead + (empty or scalar(value))
            else:
                inner = "" if indent is None or len(around) >= INDENTED else line + indent
                around.append((entries, mapping, between, line, end))
                end = (line if inner else "") + ("}" if isinstance(value, dict) else "]")
                yield lead + ("{" if isinstance(value, dict) else "[")
                mapping = value if isinstance(value, dict) else None
                entries = iter(value) if mapping is None else iter(keys(mapping))
                between, line, lead = (comma.rstrip() + inner, inner, inner) if inner else (comma, line, "")
                break
            lead = between
        else:
            if not around:
                return
            yield end
            entries, mapping, between, line, end = around.pop()
            lead = between


def indented(value: object, newline: str = "\n") -> str:
    """A value as `pieces` writes it with an indentation of two blanks, at once: in a third of the time."""
    return _indented(value, newline, INDENTED)


def _indented(value: object, newline: str, levels: int) -> str:
    if type(value) is str:
        return encode_basestring(value)
    if not (isinstance(value, dict | list | tuple) and value):
        return "{}" if isinstance(value, dict) else "[]" if isinstance(value, list | tuple) else scalar_text(value)
    if not levels:
        return "".join(pieces(value))
    inner, levels = newline + "  ", levels - 1
    if isinstance(value, dict):
        entries = [f"{encode_basestring(_name(key))}: {_indented(entry, inner, levels)}" for key, entry in value.items()]
        return f"{{{inner}{f',{inner}'.join(entries)}{newline}}}"
    return f"[{inner}{f',{inner}'.join([_indented(entry, inner, levels) for entry in value])}{newline}]"


def _name(key: object) -> str:
    """The name of an object's member, which is always a text in JSON."""
    return key if isinstance(key, str) else str(key)


# -- walking ------------------------------------------------------------------------------------------------------------


def rebuilt(tree: object, step: Step, about: object = None) -> Any:
    """A tree rebuilt from its root on.

    `step(value, about)` returns what replaces a value, and the keys of the entries to visit next, each with what the step
    for that entry gets as `about`.
    """
    root = [tree]
    waiting: list[tuple[Any, Any, object]] = [(root, 0, about)]
    while waiting:
        holder, key, about = waiting.pop()
        holder[key], inner = step(holder[key], about)
        for one, known in inner:
            waiting.append((holder[key], one, known))
    return root[0]


def entries(value: dict[str, Any] | list[Any]) -> Iterable[tuple[object, object]]:
    """The keys of a list or object whose entries are lists, objects or texts, for `rebuilt`."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return [(key, None) for key, entry in pairs if isinstance(entry, str | list | dict | tuple)]


def same(one: object, other: object, *, ordered: bool = True) -> bool:
    """Whether two JSON values are the same in JavaScript: 1 and 1.0 are, 1 and true are not."""
    waiting = [(one, other)]
    while waiting:
        one, other = waiting.pop()
        if one is other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            if (list(one) != list(other)) if ordered else (one.keys() != other.keys()):
                return False
            waiting += [(value, other[key]) for key, value in one.items()]
        elif isinstance(one, list | tuple) and type(one) is type(other):
            if len(one) != len(other):
                return False
            waiting += zip(one, other, strict=True)
        elif type(one) is type(other) and is_dataclass(one):
            waiting += [(getattr(one, f.name), getattr(other, f.name)) for f in fields(one) if f.compare]
        elif not _same_scalar(one, other):
            return False
    return True


def equal(one: object, other: object) -> bool:
    """Whether `one == other`, for tuples and dataclasses that hold JSON of any depth."""
    try:
        return bool(one == other)
    except RecursionError:
        return same(one, other)


def _same_scalar(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other
    return type(one) is type(other) and not isinstance(one, list | dict) and bool(one == other)
