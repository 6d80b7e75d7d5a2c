"""Paths of JSONPath, as code that takes from a value what jsonpath-plus takes."""

from __future__ import annotations

import re

from runner.foreign.insomnia.templates.values import quoted

_STEP = re.compile(
    r"(?P<deep>\.\.)?(?:(?P<dot>\.)?(?P<name>[\w$-]+|\*)|\[(?P<inner>(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|"
    r"\[[^\]]*+\]|[^\[\]\"'])++)\])"
)
_NAME = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"|'((?:[^'\\]|\\.)*+)'")
_PLAIN = re.compile(r"[A-Za-z_$][\w$]*\Z")
_LENGTH = re.compile(r"\(\s*@\.length\s*-\s*(\d+)\s*\)\Z")
_SLICE = re.compile(r"(-?\d+)?\s*:\s*(-?\d+)?\Z")
_OWN = 'typeof one === "object" && one !== null && Object.hasOwn(one, {0}) ? [one[{0}]] : []'
_CHILDREN = 'one !== null && typeof one === "object" ? Object.values(one) : []'
EVERY = (
    '.flatMap(function every(one) { return [one, ...(one !== null && typeof one === "object"'
    " ? Object.values(one).flatMap((inner) => every(inner)) : [])]; })"
)


def taken(path: str, root: str) -> tuple[str, bool] | None:
    """Code for what a path takes from `root`, None if it cannot be said; the second says whether that is a list of all."""
    if not path.startswith("$"):
        return None
    plain, code, at = root, f"[{root}]", 1
    single = True
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or (step["name"] and not step["dot"] and not step["deep"]):
            return None
        at = step.end()
        if step["deep"]:
            code, single = code + EVERY, False
        made = _named(step["name"]) if step["name"] else _bracketed(step["inner"].strip())
        if made is None:
            return None
        direct, mapped = made
        single = single and bool(direct)
        plain += direct
        code += mapped
    return (plain, False) if single else (code, True)


def _named(name: str) -> tuple[str, str]:
    """How a step goes on from one value, empty if to several, and how from a list of values."""
    if name == "*":
        return "", f".flatMap((one) => {_CHILDREN})"
    if name.isascii() and name.isdigit():
        return f"[{name}]", f".flatMap((one) => {_OWN.format(name)})"
    direct = f".{name}" if _PLAIN.match(name) else f"[{quoted(name)}]"
    return direct, f".flatMap((one) => {_OWN.format(quoted(name))})"


def _bracketed(inner: str) -> tuple[str, str] | None:
    if inner == "*":
        return _named("*")
    if inner.startswith("?(") and inner.endswith(")"):
        return _filter(inner[2:-1])
    length = _LENGTH.match(inner)
    if length:
        return "", f".flatMap((one) => Array.isArray(one) ? one.slice(-{length[1]}).slice(0, 1) : [])"
    part = _SLICE.match(inner)
    if part:
        ends = f"{part[1] or 0}" + (f", {part[2]}" if part[2] else "")
        return "", f".flatMap((one) => Array.isArray(one) ? one.slice({ends}) : [])"
    names = [_unquoted(one.strip()) for one in _split(inner)]
    if any(name is None for name in names):
        return None
    if len(names) == 1:
        return _named(names[0] or "")
    each = ", ".join(f"...({_OWN.format(quoted(name or ''))})" for name in names)
    return "", f".flatMap((one) => [{each}])"


def _split(inner: str) -> list[str]:
    found, last = [], 0
    masked = _NAME.sub(lambda match: "_" * len(match[0]), inner)
    for at, sign in enumerate(masked):
        if sign == ",":
            found.append(inner[last:at])
            last = at + 1
    return [*found, inner[last:]]


def _unquoted(text: str) -> str | None:
    match = _NAME.fullmatch(text)
    if match:
        return re.sub(r"\\(.)", r"\1", match[1] if match[1] is not None else match[2])
    return text if re.fullmatch(r"[\w$-]+", text) else None


def _filter(condition: str) -> tuple[str, str] | None:
    """A filter is JavaScript in which `@` is a value; `$`, and names that jsonpath-plus adds, are not known."""
    masked = _NAME.sub(lambda match: "_" * len(match[0]), condition)
    if "$" in masked or "=~" in masked or re.search(r"@\w|@\^|@\[\s*\?", masked):
        return None
    made, last = "", 0
    for match in re.finditer("@", masked):
        made += condition[last : match.start()] + "one"
        last = match.end()
    made += condition[last:]
    made = re.sub(r"\bone\.", "one?.", made)
    return "", f".flatMap((one) => {_CHILDREN}).filter((one) => {made})"
