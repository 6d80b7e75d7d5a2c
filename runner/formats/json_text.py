"""JSON text to values and back, without losing a digit.

Reading follows JavaScript's `JSON.parse`: `NaN` is refused, and of several equal keys the last one counts. Python keeps
whole numbers exactly; any other number keeps its text, so that `1.0`, `1e3` and `1E400` are written as they were read.
"""

from __future__ import annotations

import json
import re

from runner.deep_json import loads, pieces, scalar_text
from runner.errors import InvalidDocument
from runner.model.json import Json
from runner.model.origin import Origin
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class JsonStyle:
    """How a JSON text was written, so that another one can look the same.

    `indent` is None for a text in one line, which has its own `separators`; `wrapper` is the key of the outer object that
    was removed.
    """

    indent: str | None = "  "
    newline: str = "\n"
    final_newline: bool = False
    separators: tuple[str, str] = (",", ": ")
    wrapper: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonOrigin(Origin):
    """A file of JSON; `bare_list` is True if an environment was only the list of its variables."""

    style: JsonStyle = JsonStyle()
    bare_list: bool = False


class Number(float):
    """A number that is written as it was read: as its `text`."""

    __slots__ = ("text",)

    def __new__(cls, text: str) -> Number:
        """Read the number from its JSON text."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __reduce__(self) -> tuple[type[Number], tuple[str]]:
        return Number, (self.text,)

    text: str


def parse_json(text: str, where: str = "") -> Json:
    """The value of a JSON text; raises `InvalidDocument` with line, column and a hint."""
    try:
        return _loaded(text)
    except json.JSONDecodeError as error:
        raise _invalid(text, where, error.pos, error.msg) from None
    except _NoNumber as error:
        found = re.search(rf"(?<=[\s:,\[]){error.args[0]}\b", " " + text)
        raise _invalid(text, where, found.start() - 1 if found else 0, f"{error.args[0]} is not JSON") from None


def _loaded(text: str) -> Json:
    try:
        found: Json = loads(text, _DECODER)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a whole number of more digits than Python converts
        found = loads(text, json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=_refuse))
    return found


class _NoNumber(Exception):
    pass


def _refuse(name: str) -> Json:
    raise _NoNumber(name)


_DECODER = json.JSONDecoder(parse_float=Number, parse_constant=_refuse)


# -- what went wrong --------------------------------------------------------------------------------------------

HINTS: tuple[tuple[str, str], ...] = (
    (r"\A\s*\Z", "the file is empty"),
    (r"(?i)\A\s*<(!doctype|html|\?xml|\w+[\s>])", "it looks like HTML or XML: was a web page saved instead of the file?"),
    (r"\A\s*(version https://git-lfs)", "it is a Git LFS pointer: run git lfs pull"),
    (r"\A(---\s|\s*[\w$]+:[ \n])", "it looks like YAML: export the collection as JSON (Collection v2.1)"),
    (r"(?m)^(<{7}|>{7}) ", "it has unresolved merge conflicts"),
)
HINTS_BEFORE = ((r",\s*\Z", "remove the comma before the closing bracket"),)
HINTS_AT = (
    (r"'", "JSON wants double quotes"),
    (r"[“”„]", "JSON wants straight double quotes"),
    (r"//|/\*", "JSON has no comments"),
    (r"NaN|-?Infinity", "JSON has no such number: write null or a text"),
    (r"undefined|None|True|False", "JSON has only null, true and false"),
    (r"[\]}]\s*\S", "there is a bracket too many"),
    (r"[A-Za-z_$]\w*\s*:", "keys need double quotes"),
    (r"[\"{\[\d-]", "is there a comma missing before it?"),
    (r"\Z", "the text ends too early: is the file complete?"),
)


def _invalid(text: str, where: str, position: int, message: str) -> InvalidDocument:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    place = f"{where}:{line}:{column}" if where else f"line {line}, column {column}"
    return InvalidDocument(f"not valid JSON: {message}", where=place, hint=_hint(text, position))


def _hint(text: str, position: int) -> str:
    head = text[:4000]
    before, rest = text[max(0, position - 200) : position], text[position : position + 200]
    closing = rest.lstrip()[:1] in ("]", "}")
    found = [hint for pattern, hint in HINTS if re.search(pattern, head)]
    found += [hint for pattern, hint in HINTS_BEFORE if (closing and re.search(pattern, before)) or rest[:1] == ","]
    found += [hint for pattern, hint in HINTS_AT if re.match(pattern, rest)]
    return found[0] if found else ""


# -- writing ----------------------------------------------------------------------------------------------------


def detect_style(text: str, wrapper: str = "") -> JsonStyle:
    """How a JSON text was written: its indentation, line ends, and the key of its outer wrapper."""
    stripped = text.rstrip()
    end = "\r\n" if "\r\n" in text else "\n"
    first = re.search(r"\n([ \t]*)\S", stripped)
    separators = (
        (",", ": ") if first else ((", " if ', "' in text[:2000] else ","), (": " if '": ' in text[:2000] else ":"))
    )
    return JsonStyle(
        indent=first.group(1) if first else None,
        newline=end,
        final_newline=len(stripped) < len(text),
        separators=separators,
        wrapper=wrapper,
    )


def dump_json(value: Json, style: JsonStyle) -> str:
    """A value as JSON text in a style, inside of the wrapper that was removed."""
    value = {style.wrapper: value} if style.wrapper else value
    indent, newline, separators = style.indent, style.newline, style.separators
    text = "".join(pieces(value, scalar=_scalar, indent=indent, newline=newline, separators=separators))
    text += style.newline if style.final_newline else ""
    # A lone surrogate cannot be encoded as UTF-8, but JSON has an escape for it.
    return re.sub(r"[\ud800-\udfff]", lambda found: f"\\u{ord(found.group()):04x}", text)


def _scalar(value: object) -> str:
    if isinstance(value, Number):
        return value.text
    return scalar_text(value)
