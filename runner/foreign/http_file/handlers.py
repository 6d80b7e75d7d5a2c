"""Scripts of JetBrains' HTTP Client in Postman's API: `client`, `response` and `request` become `pm`."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.model.quick_dataclass import dataclass

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<text>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)
    |(?P<template>`(?:[^`\\]|\\.)*`?)
    |(?P<regex>(?<![\w)\]$"'`])(?<![\w)\]$"'`]\s)/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
    |(?P<code>.[^"'`/]*)""",
    re.VERBOSE | re.DOTALL,
)
_HOLE = re.compile(r"\$\{([^{}]*)\}")
_USE = re.compile(r"(?<![\w$.])(?:client|response|request)\b(?:\s*\??\.\s*[\w$]+)*")
DECLARED = re.compile(r"\b(?:const|let|var|function)\s+(client|response|request)\b")
_IMPORT = re.compile(r"^[ \t]*import\b[^\n]*", re.MULTILINE)

NAMES = {
    "client.global.set": "pm.collectionVariables.set",
    "client.global.get": "pm.collectionVariables.get",
    "client.global.clear": "pm.collectionVariables.unset",
    "client.global.clearAll": "pm.collectionVariables.clear",
    "client.test": "pm.test",
    "client.log": "console.log",
    "response.status": "pm.response.code",
    "response.headers.valueOf": "pm.response.headers.get",
    "response.contentType.mimeType": '(pm.response.headers.get("Content-Type") || "").split(";")[0].trim()',
    "request.variables.set": "pm.variables.set",
    "request.variables.get": "pm.variables.get",
    "request.environment.get": "pm.environment.get",
    "request.method": "pm.request.method",
}
"""Members that have another name, and are used as they were."""

CALLS: dict[str, Callable[[str], str]] = {
    "client.assert": lambda given: f"pm.expect({given}).to.be.ok",
    "client.global.isEmpty": lambda given: "(Object.keys(pm.collectionVariables.toObject()).length === 0)",
    "response.headers.valuesOf": lambda given: (
        f"pm.response.headers.filter((one) => one.key.toLowerCase() === String({given}).toLowerCase())"
        ".map((one) => one.value)"
    ),
    "response.body.json": lambda given: "pm.response.json()",
    "request.url.getRaw": lambda given: "pm.request.url.toString()",
    "request.url.tryGetSubstituted": lambda given: "pm.variables.replaceIn(pm.request.url.toString())",
    "request.body.getRaw": lambda given: "pm.request.body.toString()",
    "request.body.tryGetSubstituted": lambda given: "pm.variables.replaceIn(pm.request.body.toString())",
}
"""Calls that become something else, by what is between their parentheses."""

_OF_TEXT = re.compile(
    r"response\.body\.(?:includes|indexOf|startsWith|endsWith|match|matchAll|search|split|substring|substr|slice|trim|replace"
    r"|replaceAll|toLowerCase|toUpperCase|charAt|padStart|concat)$"
)
_TEXT_BEFORE = re.compile(r"(?:JSON\.parse|client\.log|console\.\w++|typeof)\s*+(?:\(\s*+)?$")


@dataclass(frozen=True, slots=True)
class Translated:
    """A script of Postman's, and what in it has no counterpart, with its line from 0."""

    text: str
    gaps: list[tuple[int, str]]


def translate(script: str) -> Translated:
    """The script in Postman's API; what has none stays as it is and is told."""
    own = {found[1] for found in DECLARED.finditer(script)}
    gaps: list[tuple[int, str]] = []
    for found in _IMPORT.finditer(script):
        gaps.append((script.count("\n", 0, found.start()), found[0].strip()))
    made = _code(script, own, gaps, 0)
    return Translated(_IMPORT.sub(lambda found: f"// {found[0].strip()}", made), gaps)


def _code(script: str, own: set[str], gaps: list[tuple[int, str]], line: int) -> str:
    """A piece of code translated; `line` is that of its beginning."""
    code = plain_code(script)
    parts: list[str] = []
    at = 0
    for found in _USE.finditer(code):
        if found.start() < at:
            continue
        name = re.sub(r"\s|\?", "", found[0])
        if name.partition(".")[0] in own or code[found.end() : found.end() + 1] == ":":
            continue
        end, text = _translated(name, script, code, found, own, gaps, line)
        if text is None:
            gaps.append((line + script.count("\n", 0, found.start()), name))
            continue
        parts += [script[at : found.start()], text]
        at = end
    return _holes("".join([*parts, script[at:]]), own, gaps, line)


def _translated(
    name: str, script: str, code: str, found: re.Match[str], own: set[str], gaps: list[tuple[int, str]], line: int
) -> tuple[int, str | None]:
    """Where a use ends, and what it becomes; None if it has no counterpart."""
    for call, make in CALLS.items():
        if name == call and (close := closing(code, found.end())):
            begin = code.index("(", found.end()) + 1
            inner = _code(script[begin:close], own, gaps, line + script.count("\n", 0, begin))
            return close + 1, make(inner)
    for known, other in NAMES.items():
        if name == known or name.startswith(f"{known}."):
            return found.end(), other + name[len(known) :]
    if name == "response.body" or name.startswith("response.body."):
        is_text = _OF_TEXT.match(name) or (name == "response.body" and _TEXT_BEFORE.search(code[: found.start()]))
        return found.end(), ("pm.response.text()" if is_text else "pm.response.json()") + name[len("response.body") :]
    return found.end(), None


def plain_code(script: str) -> str:
    """The script with blanks for what is no code, so that places stay."""
    return "".join(
        found[0] if found.lastgroup == "code" else re.sub(r"[^\n]", " ", found[0]) for found in _TOKEN.finditer(script)
    )


def closing(code: str, at: int) -> int:
    """The place of the parenthesis that closes the one that follows; 0 if none follows, or none closes."""
    while code[at : at + 1].isspace():
        at += 1
    if code[at : at + 1] != "(":
        return 0
    depth = 0
    for place in range(at, len(code)):
        depth += (code[place] in "([{") - (code[place] in ")]}")
        if depth == 0:
            return place
    return 0


def _holes(script: str, own: set[str], gaps: list[tuple[int, str]], line: int) -> str:
    """The expressions in template literals translated."""
    if "${" not in script:
        return script
    parts = []
    for found in _TOKEN.finditer(script):
        if found.lastgroup == "template":
            parts.append(_HOLE.sub(lambda hole: "${" + _code(hole[1], own, gaps, line) + "}", found[0]))
        else:
            parts.append(found[0])
    return "".join(parts)
