"""Inputs for the rules, made at random from a seed: the same ones each time."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from runner.rules.mime import extensions

# fmt: off
PIECES = [
    "a", "b", "ab", "A", "z", "0", "1", "80", "443", "é", "😀", "✓", ":", "/", "//", "://", "\\", "?", "#", "&", "=",
    "@", ".", "..", ",", ";", "+", "*", "|", "~", "^", "'", '"', "<", ">", "(", ")", "%20", "%2F", "%zz", "%", "%C3%A9",
    "http", "https", "file", "HTTP", "localhost", "example.com", "127.0.0.1", "[::1]", "[fe80::1%25en0]", "::1",
    "{{a}}", "{{b}}", "{{none}}", "{{{a}}}", "{{a.b/c?d#e&f=g:h@i}}", "{{}}", "{{a", "{{", "}}", "{", "}", "{{a}b}}",
    "{{$1}}", "{{A}}", "{{ a }}", "{{ }}", ":id", ":id.json", ":none", ":a.b", ":", "user", "user:pw", "user:pw@",
    "me:p@ss@", "q", "q=1", "q=", "=1", "q=1=2", "?a=b", "#f", "\t", " ", "\n", "\r\n", "", "\0", "\u00a0", "\u2028",
    "\ufeff", "  ",
]
# fmt: on
VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, 1.0, 0.1, 1e21, 1e-7, 123456789012345680000, 2**53, -1.5, 1e300, 5e-324),
    *("", "0", "1", " 1 ", "0x1F", "1e3", "1_0", "-0", ".5", "5.", "+1", "Infinity", "NaN", "null", "true", "false", "abc"),
    *("2026-01-02T03:04:05Z", "é", "😀", "{{a}}", "[1,2]", '{"a":1}', "[1", "{}", "[]", '"text"', " [1] ", "null "),
    *([], [1, "a"], [None], [True, None, 1.5], [[1], [2, [3]]], ["{{a}}"], [{}], {}, {"a": 1}, {"a": {"b": [1, None]}}),
    {"2": "two", "1": "one", "b": "", "": 0},
]
TYPES = ["any", "string", "number", "boolean", "array", "object", "secret", "default", "text", ""]
SCOPE: dict[str, Any] = {
    "a": "A value",
    "b": "{{a}}/{{c}}",
    "c": 7,
    "none value": None,
    "empty": "",
    "list": [1, "a"],
    "nulls": [None, None],
    "yes": True,
    "big": 1e21,
    "small": 1e-7,
    "zero": 0,
    "self": "x{{self}}",
    "one": "{{two}}",
    "two": "{{one}}",
    " a ": "spaced",
    "": "no name",
    " ": "a blank",
    "é": "accent",
    "$1": "dollar",
    "money": "$& $1 $$",
    "open": "{{",
    "close": "}}",
    "A": "upper",
    "a.b/c?d#e&f=g:h@i": "odd name",
    "brace": "{{a",
    "name": "a",
    "deep": "{{{{name}}}}",
}
"""Variables that the templates name; what is an object is written otherwise than by Postman, and has tests of its own."""


# fmt: off
ATTRIBUTES = [
    "Path=/", "path=/a", "Path", "Path=", "Domain=.example.com", "domain=EXAMPLE.com", "Domain=", "Secure", "secure=1",
    "HttpOnly", "Max-Age=60", "max-age=0", "Max-Age=-1", "Max-Age=abc", "Max-Age=1.5", "SameSite=Lax", "samesite=none",
    "SameSite=x", "Expires=nonsense", "Expires=0", "Priority=High", "=x", "foo", "foo=bar=baz", "", " ",
    "Expires=Wed, 21 Oct 2065 07:28:00 GMT", "expires=Wed, 21-Oct-65 07:28:00 GMT",
]
# fmt: on
MEDIA_TYPES = [type for type in extensions() if type != "application/pgp-keys"]
"""For `asc` Postman has two tables that disagree: uploads have this type, responses of this type no extension."""

PAIRS = ["a=b", "a", "=b", "a=", "", " a = b ", "a=b=c", 'a="b"', "é=ü", "a=%20", "a=b c", "a b=c", "=a=b", "a=b,c"]
AUTHS = [
    {"type": "basic", "basic": [{"key": "username", "value": "u"}, {"key": "password", "value": "p", "type": "string"}]},
    {"type": "bearer", "bearer": {"token": "t"}},
    {"type": "noauth"},
    None,
]
PATHS: list[Any] = [["a", ":id", ""], "/a/b", "a/b", "", "/", [], None, "//", [":id.json", ":none"]]


def text(rng: random.Random, most: int = 9) -> str:
    """A text of pieces that mean something to some rule."""
    return "".join(rng.choices(PIECES, k=rng.randrange(most)))


def template(rng: random.Random) -> Any:
    """A text or a tree with names of `SCOPE`."""
    kind = rng.random()
    if kind < 0.85:
        return "".join(
            "{{" + rng.choice([*SCOPE, "unknown"]) + "}}" if rng.random() < 0.5 else rng.choice(PIECES)
            for _ in range(rng.randrange(8))
        )
    if kind < 0.92:
        return {rng.choice(["k", "{{a}}", "", "1", "é"]): template(rng) for _ in range(rng.randrange(3))}
    return [template(rng) for _ in range(rng.randrange(3))] if kind < 0.97 else rng.choice(VALUES[:25])


def url(rng: random.Random) -> Any:
    """A URL as a text, or as an object of parts."""
    if rng.random() < 0.6:
        return text(rng, 12)
    parts: dict[str, Callable[[], Any]] = {
        "protocol": lambda: rng.choice(["http", "https", "http://", "", None, "{{a}}"]),
        "auth": lambda: rng.choice([{"user": "u", "password": "p"}, {"user": "u"}, {"password": "p"}, {}, None]),
        "host": lambda: rng.choice([["a", "b"], ["{{a.b}}", "c"], "a.b", "{{a.b}}.c", "", [], None, "[::1]", text(rng, 4)]),
        "port": lambda: rng.choice(["80", 80, "", None, "{{a}}"]),
        "path": lambda: rng.choice(
            [["a", ":id", ""], "/a/b", "a/b", "", "/", [], None, "//", [":id.json", ":none"], text(rng, 5)]
        ),
        "query": lambda: rng.choice([query(rng), text(rng, 6), [], None, "", {"a": "b", "c": None}]),
        "hash": lambda: rng.choice(["h", "", None, "{{a}}#"]),
        "variable": lambda: [
            {"key": "id", "value": rng.choice(["7", "", None, 7, "{{a}}"]), "type": rng.choice(["string", "any"])}
        ],
    }
    return {name: parts[name]() for name in parts if rng.random() < 0.5}


def _row(rng: random.Random, key: Any, value: Any) -> dict[str, Any]:
    return {"key": key, "value": value, **({"disabled": True} if rng.random() < 0.2 else {})}


def query(rng: random.Random) -> list[Any]:
    """Query parameters as objects."""
    value = lambda: rng.choice(["", "1", None, "a&b", "a=b", "#", "{{a&b}}", "é", text(rng, 3)])  # noqa: E731
    return [_row(rng, value(), value()) for _ in range(rng.randrange(4))]


def cast(rng: random.Random) -> dict[str, Any]:
    """A variable of some type with some value."""
    value = rng.choice(VALUES) if rng.random() < 0.8 else text(rng, 4)
    return {"type": rng.choice(TYPES), "value": value}


def cookie(rng: random.Random) -> str:
    """A Set-Cookie text."""
    return rng.choice([";", "; ", " ;"]).join([rng.choice(PAIRS), *rng.choices(ATTRIBUTES, k=rng.randrange(5))])


def request(rng: random.Random) -> Any:
    """A request of the collection format, or one as `pm.sendRequest` takes it."""
    if rng.random() < 0.1:
        return text(rng)
    parts: dict[str, Callable[[], Any]] = {
        "method": lambda: rng.choice(["get", "POST", "", None, "x y", "{{a}}"]),
        "url": lambda: url(rng),
        "header": lambda: header(rng),
        "body": lambda: body(rng),
        "auth": lambda: rng.choice(AUTHS),
    }
    return {name: parts[name]() for name in parts if rng.random() < 0.7}


def header(rng: random.Random) -> Any:
    """Headers in one of the forms that Postman takes."""
    name = lambda: rng.choice(["A", "a-b", "", "X y", "{{a}}", "é"])  # noqa: E731
    value = lambda: rng.choice(["", "v", "a: b", " x ", "{{a}}", "é"])  # noqa: E731
    rows = [_row(rng, name(), value()) for _ in range(rng.randrange(4))]
    if rng.random() < 0.6:
        return rows
    lines = [f"{row['key']}: {row['value']}" for row in rows]
    return rng.choice([lines, "\n".join(lines), "\r\n".join(lines), {row["key"]: row["value"] for row in rows}, None])


def body(rng: random.Random) -> Any:
    """A body of some mode."""
    rows = query(rng)
    return rng.choice(
        [
            {"mode": "raw", "raw": text(rng)},
            {"mode": "RAW", "raw": rng.choice(["", None, "x"])},
            {"mode": "urlencoded", "urlencoded": rng.choice([rows, "a=b&c", "", []])},
            {"mode": "formdata", "formdata": [{**row, "type": rng.choice(["text", "file"])} for row in rows]},
            {"mode": "unknown", "raw": "x"},
            {"mode": "raw", "raw": "x", "disabled": True},
            text(rng, 3),
            None,
        ]
    )


def file_name(rng: random.Random) -> str:
    """A file name, mostly with an extension of the table."""
    known = rng.choice(rng.choice(list(extensions().values())))
    return rng.choice([f"a.{known}", f"a.{known.upper()}", f"a.b.{known}", f".{known}", f"a.{known}x", "a."])


def media_type(rng: random.Random) -> str:
    """A Content-Type, mostly one of the table."""
    known = rng.choice(MEDIA_TYPES)
    return rng.choice([known, known.upper(), f"{known}; charset=utf-8", f" {known} ", f"{known}+x", text(rng, 3)])


WRITTEN: dict[str, list[Any]] = {
    "substitute": [
        *(
            "{{list}}",
            "{{nulls}}",
            "{{ a }}",
            "{{a }}",
            "{{{a}}}",
            "{{a}}{{b}}",
            "{{self}}",
            "{{one}}",
            "{{}}",
            "{{ }}",
            "{{a",
        ),
        *(
            "{{deep}}",
            "{{open}}a}}",
            "{{a{{a}}}}",
            "{{unknown}}",
            "{{none value}}",
            "{{big}} {{small}} {{zero}}",
            "\\{{a}}",
            "",
        ),
        *(["{{list}}", {"{{a}}": "{{a}}"}], {"a": {"b": ["{{c}}", 1, None, True]}}, None, 7, True),
    ],
    "update": ["http://h/a\\b?p=C:\\temp&q={{list}}#c\\d", "h?", "h#", "h?#", "?a", "#", "h?a&&b=&=c", "h?a=1&a=2"],
    "url": [
        *(
            "http://u:p@h:80/a/:id?q=1#f",
            "u@h",
            ":p@h",
            "u:@h",
            "@h",
            "a@b@h",
            "http:///h",
            "file:///a",
            "[::1]:80/a",
            "[::1",
        ),
        *(
            "h:",
            "h:80:90",
            "h/:id/:id.json/:",
            "h?a=%20&b=+",
            "HTTP://H",
            "://h",
            "h//a",
            "h/{{a/b}}?{{c=d}}#{{e#f}}",
            "{{url}}/a",
        ),
    ],
    "casts": [{"type": type, "value": value} for type in TYPES for value in VALUES[:20]],
    "cookies": [
        "a=b; Path=/; Domain=.h; Secure; HttpOnly; Max-Age=5; Expires=Wed, 21 Oct 2065 07:28:00 GMT; SameSite=Lax; X=y"
    ],
    "jar_cookies": ["a=b; Path=/; Domain=.h; Secure; HttpOnly; Expires=Wed, 21 Oct 2065 07:28:00 GMT; SameSite=Lax; X=y"],
    "content_types": sorted(
        {f"a.{name}" for names in extensions().values() for name in names} | {"a", "", ".json", "a.unknown"}
    ),
    "mime": MEDIA_TYPES,
}
"""Inputs that somebody thought of; the others are made."""

GENERATORS: dict[str, Callable[[random.Random], Any]] = {
    "substitute": template,
    "url": url,
    "update": text,
    "casts": cast,
    "cookies": cookie,
    "jar_cookies": cookie,
    "mime": media_type,
    "content_types": file_name,
    "requests": request,
}


def generated(rule: str, count: int, seed: int = 1) -> list[Any]:
    """So many inputs of a rule."""
    rng = random.Random(f"{rule} {seed}")
    return [GENERATORS[rule](rng) for _ in range(count)]
