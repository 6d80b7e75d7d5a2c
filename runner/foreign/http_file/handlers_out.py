"""Scripts of Postman's in the API of JetBrains' HTTP Client, as far as it goes: whole scripts, or none of it."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<text>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)
    |(?P<template>`(?:[^`\\]|\\.)*`?)
    |(?P<regex>(?<![\w)\]$"'`])(?<![\w)\]$"'`]\s)/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
    |(?P<code>.[^"'`/]*)""",
    re.VERBOSE | re.DOTALL,
)
_DECLARED = re.compile(r"\b(?:const|let|var|function)\s+(client|response|request)\b")
_USE = re.compile(r"(?<![\w$.])(?:pm|console)\b(?:\s*\.\s*[\w$]+)*")
_FOREIGN = re.compile(
    r"(?<![\w$.])(?:pm|postman|tests|responseBody|responseCode|responseHeaders|require|_|CryptoJS|cheerio|xml2Json|moment"
    r"|setTimeout|await)\b"
)

NAMES = {
    "pm.environment.set": "client.global.set",
    "pm.collectionVariables.set": "client.global.set",
    "pm.globals.set": "client.global.set",
    "pm.environment.unset": "client.global.clear",
    "pm.collectionVariables.unset": "client.global.clear",
    "pm.globals.unset": "client.global.clear",
    "pm.test": "client.test",
    "pm.response.code": "response.status",
    "pm.response.headers.get": "response.headers.valueOf",
    "console.log": "client.log",
}
"""Members that are used alike. What reads variables is not there: `client.global` does not know those of files."""

_CALLS = {"pm.response.json": "response.body", "pm.response.text": "response.body"}

_CHAIN = re.compile(r"(?:\s*\.\s*(?:to|be|been|is|that|which|and|has|have|with|at|of|same|deep|not))*\s*\.\s*(\w+)")
_LITERAL = re.compile(r"\s*(?:-?[\d.]+|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|true|false|null)\s*")

PROPERTIES: dict[str, str] = {
    "true": "{0} === true", "false": "{0} === false", "null": "{0} === null", "undefined": "{0} === undefined",
    "ok": "Boolean({0})", "exist": "({0} ?? null) !== null",
}  # fmt: skip

COMPARED: dict[str, str] = {
    **dict.fromkeys(("equal", "equals", "eq"), "{0} === {1}"),
    **dict.fromkeys(("above", "gt", "greaterThan"), "{0} > {1}"),
    **dict.fromkeys(("below", "lt", "lessThan"), "{0} < {1}"),
    **dict.fromkeys(("least", "gte"), "{0} >= {1}"),
    **dict.fromkeys(("most", "lte"), "{0} <= {1}"),
    **dict.fromkeys(("lengthOf", "length"), "{0}.length === {1}"),
    "oneOf": "{1}.includes({0})",
    "match": "{1}.test({0})",
}
"""What an expectation compares; `eql`, `include` and `property` count only with a simple value."""

SIMPLE: dict[str, str] = {
    **dict.fromkeys(("eql", "eqls"), "{0} === {1}"),
    **dict.fromkeys(("include", "includes", "contain", "contains"), "{0}.includes({1})"),
    "property": "{1} in {0}",
    **dict.fromkeys(("a", "an"), "typeof {0} === {1}"),
}


class _Gap(Exception):
    """Something has no counterpart."""


def translate_back(script: str, *, before: bool) -> str | None:
    """The script in JetBrains' API, None if something in it has no counterpart; `before` it is one of a pre-request."""
    if _DECLARED.search(script):
        return None
    try:
        made = _code(script, {**NAMES, "pm.variables.set": "request.variables.set" if before else "client.global.set"})
    except _Gap:
        return None
    return None if _FOREIGN.search(plain_code(made)) or "%}" in made or "\n###" in made or "${" in made else made


def _code(script: str, names: dict[str, str]) -> str:
    code = plain_code(script)
    parts: list[str] = []
    at = 0
    for found in _USE.finditer(code):
        if found.start() < at:
            continue
        end, text = _translated(re.sub(r"\s", "", found[0]), script, code, found.end(), names)
        parts += [script[at : found.start()], text]
        at = end
    return "".join([*parts, script[at:]])


def _translated(name: str, script: str, code: str, at: int, names: dict[str, str]) -> tuple[int, str]:
    """Where a use that ends at `at` goes on, and what it becomes."""
    close = closing(code, at)
    if name in _CALLS and close:
        return close + 1, _CALLS[name]
    if name == "pm.expect" and close:
        inner = script[code.index("(", at) + 1 : close]
        return _expected(_code(inner, names), script, code, close + 1, names)
    if name == "pm.response.to.have.status" and close:
        status = script[code.index("(", at) + 1 : close].strip()
        if not status.isdigit():
            raise _Gap
        return close + 1, f'client.assert(response.status === {status}, "Status is not {status}")'
    if name == "pm.response.to.have.header" and close:
        header = script[code.index("(", at) + 1 : close].strip()
        if not _LITERAL.fullmatch(header):
            raise _Gap
        return close + 1, f"client.assert(response.headers.valueOf({header}) !== null)"
    if name in names:
        return at, names[name]
    raise _Gap


def _expected(value: str, script: str, code: str, at: int, names: dict[str, str]) -> tuple[int, str]:
    """An expectation as an assertion."""
    if "," in plain_code(value):
        raise _Gap
    chain = _CHAIN.match(code, at)
    if chain is None:
        raise _Gap
    refused, kind, end = "not" in re.findall(r"\w+", chain[0])[:-1], chain[1], chain.end()
    close = closing(code, end)
    atom = value.strip() if re.fullmatch(r"[\w$.\[\]\"'()]+", value.strip()) else f"({value.strip()})"
    if not close:
        template, other = PROPERTIES.get(kind), ""
    else:
        other = _code(script[code.index("(", end) + 1 : close], names).strip()
        template = COMPARED.get(kind) or (SIMPLE.get(kind) if _LITERAL.fullmatch(other) else None)
        end = close + 1
    if template is None or ("," in plain_code(other) and not other.startswith("[")):
        raise _Gap
    condition = template.format(atom, other)
    if kind in ("a", "an") and other.strip("\"'") in ("array", "object", "null", "date", "regexp", "error"):
        raise _Gap
    return end, f"client.assert({f'!({condition})' if refused else condition})"


def plain_code(script: str) -> str:
    """The script with blanks for what is not code, so that places stay."""
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
