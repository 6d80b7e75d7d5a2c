"""How inputs are made from others: by bytes, by pieces of text, and by the nodes of a JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

Spoil = Callable[[bytes, list[bytes], Random], bytes]

ODD_TEXTS = (
    "",
    " ",
    "\0",
    "\n",
    "\r\n",
    "\t",
    "\x1b[31m",
    "\ud800",
    "\udcff",
    "\udfff\ud800",
    "\ufeff",
    "\u2028",
    "\u202e",
    "ä",
    "😀",
    "{{",
    "}}",
    "{{}}",
    "{{a}}",
    "{{{{a}}}}",
    "{{a}",
    "{{$guid}}",
    "{{$randomInt}}",
    "{{$timestamp}}",
    "{{$randomX}}",
    "{{a\0}}",
    "a" * 300,
    "%",
    "%00",
    "%zz",
    "%ff",
    "../../etc/passwd",
    "/",
    "\\",
    "//",
    "http://",
    "https://[::1",
    "http://[::g]/",
    "ftp://x",
    "://",
    "http://a:99999/",
    "http://a:-1",
    "http://\ud800/",
    "http://ä.example/",
    "http://xn--a/",
    "http://0x7f.1/",
    "?",
    "#",
    "&",
    "=",
    ":",
    "a:b",
    "__proto__",
    "constructor",
    "null",
    "true",
    "NaN",
    "Infinity",
    "1e400",
    "-0",
    "9" * 400,
    "1" * 5000,
    "0x10",
    "1_000",
    "٣",
    "²",
    "2020-99-99",
    "{",
    "[",
    "{}",
    "[]",
    '"',
    "'",
    "`",
    "<",
    "]]>",
    "-->",
    "</script>",
    "utf-8",
    "utf-16",
    "base64",
    "gzip",
    "Bearer ",
    "Basic ",
    "Content-Type",
    "multipart/form-data",
    "text/plain; charset=\ud800",
    "GET",
    "get\n",
    "PÄTH",
    "CONNECT",
)
NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**400, 1.5, -0.0, 1e308, float("nan"), float("inf"))
SHAPES: tuple[Any, ...] = (
    None,
    True,
    False,
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": None},
    {"key": None},
    {"value": {}},
    [1],
    ["a"],
)


def by_bytes(tokens: Sequence[bytes], kept: int = 0) -> Spoil:
    """Changes of bytes and pieces; the first `kept` bytes are not data but choose how the rest is read: drawn anew."""

    def spoil(data: bytes, others: list[bytes], chance: Random) -> bytes:
        work = bytearray(data[kept:])
        for _ in range(chance.choice((1, 1, 2, 3, 8))):
            _spoil_bytes(work, others, chance, tokens)
        return bytes(chance.randrange(256) for _ in range(kept)) + bytes(work)

    return spoil


def _spoil_bytes(work: bytearray, others: list[bytes], chance: Random, tokens: Sequence[bytes]) -> None:
    at = chance.randrange(len(work) + 1)
    kind = chance.randrange(7)
    if kind == 0 and work:
        work[min(at, len(work) - 1)] ^= 1 << chance.randrange(8)
    elif kind == 1 and work:
        work[min(at, len(work) - 1)] = chance.randrange(256)
    elif kind == 2:
        work[at:at] = chance.choice(tokens)
    elif kind == 3:
        del work[at : at + chance.randrange(1, 20)]
    elif kind == 4:
        work[at:at] = work[at : at + chance.randrange(1, 200)]
    elif kind == 5:
        other = chance.choice(others)
        work[at:] = other[chance.randrange(len(other) + 1) :]
    else:
        del work[at:]


def by_text(tokens: Sequence[str] = ()) -> Spoil:
    """Changes of bytes with pieces of text, odd ones among them."""
    return by_bytes([token.encode("utf-8", "surrogatepass") for token in (*tokens, *ODD_TEXTS)])


def by_nodes(words: Sequence[str] = (), spoiled_text: Spoil | None = None) -> Spoil:
    """Changes of a JSON document: nodes of another kind, deleted, doubled, moved, wrapped, renamed; at times its bytes."""
    in_bytes = spoiled_text or by_text(words)

    def spoil(data: bytes, others: list[bytes], chance: Random) -> bytes:
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return in_bytes(data, others, chance)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            document = change_node(document, chance, words, others)
        made = json.dumps(document).encode()
        return in_bytes(made, others, chance) if chance.randrange(20) == 0 else made

    return spoil


def change_node(document: Any, chance: Random, words: Sequence[str] = (), others: Sequence[bytes] = ()) -> Any:
    """The document with one node changed."""
    inside, key = _place(document, chance)
    if inside is None:
        return _new_value(document, chance, words)
    kind = chance.randrange(9)
    if kind < 4:
        inside[key] = _new_value(inside[key], chance, words)
    elif kind == 4:
        del inside[key]
    elif kind == 5:
        inside[key] = [inside[key]] if chance.randrange(2) else {chance.choice((*words, "key")): inside[key]}
    elif kind == 6 and isinstance(inside, list):
        inside[key:key] = inside[key : key + 1] * chance.choice((1, 2, 30))
    elif kind == 6:
        inside[chance.choice((*words, *ODD_TEXTS))] = inside[key]
    elif kind == 7:
        source, other = _place(_parsed(chance.choice(others), document) if others else document, chance)
        if source is not None:
            inside[key] = json.loads(json.dumps(source[other]))
    else:
        value = inside[key]
        for _ in range(chance.choice((2, 5, 40, 120))):
            value = {"item": [value]} if chance.randrange(2) else [value]
        inside[key] = value
    return document


def _parsed(data: bytes, document: Any) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return document


def _place(document: Any, chance: Random) -> tuple[Any, Any]:
    """A random node as what it stands in and its key there; None where the document has no nodes."""
    inside, key, value = None, None, document
    while isinstance(value, dict | list) and value:
        inside, key = value, chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        value = value[key]
        if chance.randrange(4) == 0:
            break
    return inside, key


def _new_value(value: Any, chance: Random, words: Sequence[str]) -> Any:
    kind = chance.randrange(5)
    if isinstance(value, str) and kind < 3:
        at = chance.randrange(len(value) + 1)
        return value[:at] + chance.choice((*words, *ODD_TEXTS)) + value[at + chance.choice((0, 0, 1, 5)) :]
    if kind == 0:
        return chance.choice((*words, *ODD_TEXTS))
    if kind == 1:
        return chance.choice(NUMBERS)
    return deepcopy(chance.choice(SHAPES))
