"""Files of `KEY=VALUE` lines (`.env`), in the form that shells, Docker and the dotenv libraries have in common."""

from __future__ import annotations

import re

from runner.errors import InvalidDocument
from runner.formats.format import CERTAIN, NO, POSSIBLE, Format, Given
from runner.model.origin import Origin

_LINE = re.compile(
    r"""
    [ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*
    (?: '(?P<single>[^']*)'
      | "(?P<double>(?:[^"\\]++|\\.)*+)"
      | (?P<bare>(?!['"]|(?<=[ \t])\#)(?:[^ \t\r\n]++|[ \t]++(?!\#|\r?\n|\Z))*+)
    )[ \t]*(?:(?<=[ \t])\#[^\r\n]*|(?<=['"])\#[^\r\n]*)?(?:\r?\n|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
_EMPTY = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_HEAD = re.compile(r"\A(?:[ \t]*(?:#[^\n]*|\r?)\n)*+[ \t]*+(?:export\s+)?[A-Za-z_][\w.-]*=")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def parse_dotenv(text: str, where: str = "") -> dict[str, str]:
    r"""The values of a file, in its order; of several equal keys the last one counts.

    `export` before a key and lines that begin with `#` are ignored. A value without quotes ends at the line's end or at
    ` #`. In single quotes every character stands for itself, in double quotes `\n`, `\"` and the like are escapes; both may
    hold line ends. `${NAME}` is not replaced. Raises `InvalidDocument` with the line for anything else.
    """
    values: dict[str, str] = {}
    at = 0
    while at < len(text):
        empty = _EMPTY.match(text, at)
        line = None if empty else _LINE.match(text, at)
        found = empty or line
        if found is None:
            raise _invalid(text, at, where)
        if line is not None:
            values[line["key"]] = _value(line)
        at = found.end()
    return values


def _value(line: re.Match[str]) -> str:
    if line["single"] is not None:
        return line["single"]
    if line["double"] is not None:
        return _ESCAPE.sub(lambda match: ESCAPES.get(match[1], match[1]), line["double"])
    return line["bare"]


def _invalid(text: str, at: int, where: str) -> InvalidDocument:
    number = text.count("\n", 0, at) + 1
    line = text[at:].splitlines()[0]
    value = line.partition("=")[2].strip()
    quote = value[:1] in ("'", '"')
    message = "a quote is not closed, or something follows it" if quote else "this line is not KEY=VALUE"
    return InvalidDocument(message, where=f"{where}:{number}" if where else f"line {number}")


def _sniff(given: Given) -> int:
    return CERTAIN if given.extension == ".env" else POSSIBLE if _HEAD.match(given.text) else NO


def _load(given: Given) -> tuple[dict[str, str], Origin]:
    try:
        return parse_dotenv(given.text, given.path), Origin(format="dotenv")
    except InvalidDocument as error:
        from runner.formats.explain import explain_text

        raise explain_text(given.text, given.path, "dotenv", error) from None


def _dump(values: dict[str, str], origin: Origin | None, exported_at: str) -> str:
    marks = {"\\": "\\\\", '"': '\\"'} | {mark: f"\\{letter}" for letter, mark in ESCAPES.items()}
    escape = str.maketrans(marks)
    return "".join([f'{key}="{value.translate(escape)}"\n' for key, value in values.items()])


FORMAT = Format(title="a .env file", sniff=_sniff, load=_load, dump=_dump)
