"""The escapes of `$'…'` (Bash manual, "ANSI-C Quoting")."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:([abeEfnrtv\\'\"?])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|c(.))", re.DOTALL
)
_PLAIN = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def ansi_c(text: str) -> str:
    """The text that the escapes write; bytes that are not UTF-8 become half surrogates."""
    made = b""
    at = 0
    for found in _ESCAPE.finditer(text):
        made += _bytes(text[at : found.start()]) + _written(found)
        at = found.end()
    made += _bytes(text[at:])
    return made.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _written(found: re.Match[str]) -> bytes:
    plain, octal, hexadecimal, short, long, control = found.groups()
    if plain:
        return _PLAIN.get(plain, plain).encode()
    if octal:
        return bytes([int(octal, 8) & 0xFF])
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    if control:
        return bytes([ord(control) & 0x1F]) if control.isascii() else _bytes(control)
    code = int(short or long, 16)
    return chr(code).encode("utf-8", "surrogatepass") if code < 0x110000 else b""
