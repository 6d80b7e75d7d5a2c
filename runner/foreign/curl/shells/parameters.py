"""Parts and changes of a variable's value (Bash manual, "Shell Parameter Expansion")."""

from __future__ import annotations

import re

_SLICE = re.compile(r":\s*(\d{1,9}|(?<=\s)-\d{1,9}|\(-\d{1,9}\))\s*(?::\s*(-?\d{1,9})\s*)?\Z")
_CASES = {"^": str.upper, ",": str.lower}


def changed(value: str, operation: str) -> str | None:
    """The value with what stands behind its name between the braces (`%/`, `:0:3`, `//a/b`, `^^`); None if unknown."""
    if found := _SLICE.match(operation):
        return _slice(value, int(found[1].strip("()")), found[2])
    if operation[:1] in "%#" and operation:
        return _without(value, operation)
    if operation.startswith("/"):
        return _replaced(value, operation)
    if operation in ("^", "^^", ",", ",,"):
        change = _CASES[operation[0]]
        return change(value) if len(operation) == 2 else change(value[:1]) + value[1:]
    return None


def _slice(value: str, start: int, length: str | None) -> str | None:
    if start < -len(value):
        return ""
    start = len(value) + start if start < 0 else start
    if length is None:
        return value[start:]
    end = len(value) + int(length) if int(length) < 0 else start + int(length)
    return value[start:end] if end >= start else None


def _without(value: str, operation: str) -> str | None:
    """Without the shortest or, of a doubled sign, the longest beginning or end that fits a pattern."""
    sign, longest = operation[0], operation[1:2] == operation[0]
    text = _literal(operation[1 + longest :])
    if text is not None:
        return value.removeprefix(text) if sign == "#" else value.removesuffix(text)
    pattern = operation[1 + longest :]
    star = pattern.find("*")
    before, after = _literal(pattern[:star]), _literal(pattern[star + 1 :])
    if star < 0 or before is None or after is None:
        return None
    if sign == "#" and not before:  # *after
        at = value.rfind(after) if longest else value.find(after)
        return value if at < 0 else value[at + len(after) :] if after or longest else value
    if sign == "%" and not after:  # before*
        at = value.find(before) if longest else value.rfind(before)
        return value if at < 0 else value[:at]
    return None


def _replaced(value: str, operation: str) -> str | None:
    everywhere = operation.startswith("//")
    pattern, _, new = operation[1 + everywhere :].partition("/")
    old, new_text = _literal(pattern), _literal(new, replacement=True)
    if not old or new_text is None or old[0] in "#%":
        return None
    return value.replace(old, new_text, -1 if everywhere else 1)


def _literal(pattern: str, *, replacement: bool = False) -> str | None:
    """The text that a pattern stands for; None if it is more than a text."""
    unsafe = "$`\\'\"&" if replacement else "$`\\'\"*?[(!"
    plain = pattern[1:-1] if len(pattern) > 1 and pattern[0] == pattern[-1] and pattern[0] in "'\"" else pattern
    return None if any(one in plain for one in unsafe) else plain
