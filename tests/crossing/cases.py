"""Collections whose scripts use the scopes in every way, and what a run of one shows: its console and its requests.

`recorded.json` has what postman-runtime 7.56.1 showed. To record it anew, with Node and that package:

    python -m tests.crossing.cases > cases.json && NODE_PATH=…/node_modules node tests/crossing/record.js cases.json \
        > tests/crossing/recorded.json
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SCOPES = ("environment", "globals", "collectionVariables", "variables")
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
SHOW = (FOLDER / "js" / "show.js").read_text("utf-8")
VALUES = dict(line.split(": ", 1) for line in (FOLDER / "js" / "values.txt").read_text("utf-8").splitlines())

Json = dict[str, Any]

TYPED = [
    {"key": "none"},
    {"key": "none of type string", "type": "string"},
    {"key": "unknown", "type": "default"},
    {"key": "null", "value": None},
    *(
        {"key": f"null of {type}", "type": type, "value": None}
        for type in ("number", "string", "boolean", "array", "secret")
    ),
    *(
        {"key": f"number {n}", "type": "number", "value": v}
        for n, v in enumerate(["5", " 12 ", "", True, [7], "0x1f", "abc"])
    ),
    *({"key": f"boolean {n}", "type": "boolean", "value": v} for n, v in enumerate(["false", "", 0, [], "x"])),
    *({"key": f"string {n}", "type": "string", "value": v} for n, v in enumerate([5, True, [1, 2], "x"])),
    *({"key": f"array {n}", "type": "array", "value": v} for n, v in enumerate(["x", "[1,2]", [1, 2], "{}"])),
    *({"key": f"object {n}", "type": "object", "value": v} for n, v in enumerate(["x", '{"a":1}', {"a": 1}, "[]"])),
    {"key": "upper", "type": "Number", "value": "7"},
    *({"key": f"any {n}", "value": v} for n, v in enumerate([12345678901234567890, 1.0, 1e-7, 1e21, 123456.789, -0.5])),
    {"key": "twice", "value": 1},
    {"key": "twice", "value": 2},
    {"key": "off", "value": "x", "disabled": True},
]
ROWS = [
    {
        "t": "x",
        "n": 5,
        "f": 1.5,
        "b": True,
        "nu": None,
        "l": [1, 2],
        "lt": ["a", "b"],
        "lo": [{"a": 1}],
        "o": {"a": 1},
        "e": "",
    },
    {"t": "second"},
]


def item(name: str, pre: str = "", test: str = "", texts: dict[str, str] | None = None) -> Json:
    """A request whose body writes each text on a line of its own."""
    events = [
        {"listen": listen, "script": {"type": "text/javascript", "exec": SHOW + script}}
        for listen, script in (("prerequest", pre), ("test", test))
        if script
    ]
    request: Json = {
        "method": "POST",
        "url": "{{base}}/" + name,
        "header": [{"key": "Content-Type", "value": "text/plain"}],
    }
    request["body"] = {"mode": "raw", "raw": "\n".join(f"{key}={text}" for key, text in (texts or {}).items())}
    return {"id": name, "name": name, "event": events, "request": request}


def run(*items: Json, **more: Any) -> Json:
    """One run: a collection, and the variables and rows it is given."""
    return {"collection": {"info": {"name": "c", "schema": SCHEMA}, "item": list(items)}, **more}


def probe(scope: str, names: Any) -> str:
    """Whether a scope has each name, its value, and its text."""
    shown = ("get('{0}')", "has('{0}')", "replaceIn('<{{{{{0}}}}}>')")
    return "".join(
        f"T('{name} {n}', () => pm.{scope}.{call.format(name)});" for name in names for n, call in enumerate(shown)
    )


def texts(names: Any) -> dict[str, str]:
    """Each name in a text."""
    return {name: f"<{{{{{name}}}}}>" for name in names}


def blocks(file: str) -> Iterator[tuple[str, list[str]]]:
    """The cases of a file: each name with its scripts."""
    for block in re.split(r"^//# ", (FOLDER / "js" / file).read_text("utf-8"), flags=re.M)[1:]:
        name, _, text = block.partition("\n")
        yield name, [part.strip("\n") for part in re.split(r"^//--\n", text, flags=re.M)]


def sequences(scope: str) -> Json:
    """All sequences one after the other, each on an empty scope; twice."""
    items = []
    for name, parts in blocks("sequences.js"):
        scripts = [part.replace("SCOPE", scope) for part in parts]
        items.append(item(f"{name}-begin", f"pm.{scope}.clear();"))
        items += [item(f"{name}-{at}", *scripts[at : at + 2]) for at in range(0, len(scripts), 2)]
        items.append(item(f"{name}-end", f"T('all', () => pm.{scope}.toObject());", "", texts("abnx")))
    return run(*items, n=2)


def nested(scope: str) -> Json:
    """Scripts that run other requests."""
    items = []
    for name, parts in blocks("nested.js"):
        main, pre, test, after = (part.replace("SCOPE", scope).replace("NAME", f"{name}-sub") for part in parts)
        items.append(item(f"{name}-begin", f"pm.{scope}.clear();", f"pm.{scope}.set('f', [1]);"))
        items.append(item(f"{name}-main", main, after, texts("pflv")))
        items.append(item(f"{name}-end", f"T('all', () => pm.{scope}.toObject());"))
        items.append(item(f"{name}-sub", pre, test, texts("pflv")))
    return run(*items)


def values(scope: str) -> Json:
    """Every kind of value, set in a script and seen there, in the next script, in the request and in the next request."""
    sets = "".join(f"pm.{scope}.set('{name}', {value});\n" for name, value in VALUES.items())
    return run(
        item("one", sets + probe(scope, VALUES), probe(scope, VALUES), texts(VALUES)),
        item("two", probe(scope, VALUES), f"T('all', () => pm.{scope}.toObject());", texts(VALUES)),
    )


def typed(scope: str) -> Json:
    """Values of every type of a file, read and set anew."""
    names = list(dict.fromkeys(str(entry["key"]) for entry in TYPED))
    sets = "".join(f"pm.{scope}.set('{name}', '3');" for name in names)
    shows = f"{probe(scope, names)}T('all', () => [pm.{scope}.toObject(), pm.{scope}.toObject(true)]);"
    unset = "".join(f"pm.{scope}.unset('{name}');" for name in names)
    case = run(item("one", shows, sets + shows, texts(names)), item("two", shows, unset + shows, texts(names)))
    if scope == "collectionVariables":
        case["collection"]["variable"] = TYPED
    else:
        case[scope] = TYPED
    return case


def layered() -> Json:
    """One name in all scopes, and rows of data."""
    names = list(ROWS[0])
    layers = "".join(f"pm.{scope}.set('k', '{scope}');T('k', () => pm.variables.get('k'));" for scope in reversed(SCOPES))
    bare = "".join(f"pm.{scope}.unset('k');T('k', () => pm.variables.replaceIn('{{{{k}}}}'));" for scope in SCOPES[::-1])
    change = """pm.iterationData.set('t', 'mine'); pm.iterationData.unset('n'); pm.iterationData.set('new', 1);
        data.b = 'changed'; (pm.iterationData.get('l') || []).push(3);
        T('row', () => [pm.iterationData.toObject(), pm.variables.get('t')]);"""
    shows = (
        probe("iterationData", names) + probe("variables", names) + "T('row', () => [pm.iterationData.toObject(), data]);"
    )
    return run(
        item("one", shows + layers, change, texts([*names, "k"])),
        item(
            "two",
            shows + bare,
            shows + "pm.iterationData.clear();T('row', () => pm.iterationData.toObject());",
            texts(names),
        ),
        data=ROWS,
        n=3,
    )


def fuzz() -> Json:
    """Random calls over many requests, some of which run others, and two iterations."""
    chance = random.Random(7)
    values = ("1", "'x'", "null", "undefined", "[1]", "{n: 1}", "NaN", "new Date(5)", "'{{b}}'", "true", "[2, 'y']")

    def call(nested: bool) -> str:
        scope, key = chance.choice([*SCOPES, "iterationData"]), chance.choice("abc")
        change = "(v) => { if (Array.isArray(v)) v.push(2); else if (v && typeof v === 'object') v.n = 2; }"
        sets = [f"pm.{scope}.set('{key}', {chance.choice(values)});"] * 6
        variables = f"{{variables: {{{key}: {chance.choice(values)}}}}}"
        runs = [f"await pm.execution.runRequest('s{chance.randint(0, 3)}', {chance.choice(['{}', variables])});"] * 3
        return chance.choice(
            [
                *sets,
                *([] if nested else runs),
                f"pm.{scope}.unset('{key}');",
                f"pm.{scope}.clear();",
                f"T('{scope}', () => [pm.{scope}.get('{key}'), pm.{scope}.has('{key}'), pm.variables.get('{key}')]);",
                f"({change})(pm.{scope}.get('{key}'));",
                "await new Promise((done) => setTimeout(done, 1));",
                "await pm.sendRequest(pm.variables.replaceIn('{{base}}/sub'));",
            ]
        )

    def script(nested: bool = False) -> str:
        every = f"T('every', () => {json.dumps(SCOPES)}.map((scope) => pm[scope].toObject()));"
        return "".join(call(nested) for _ in range(chance.randint(1, 8))) + every.replace('"', "'")

    row = {"a": [0], "c": "row"}
    items = [item(f"r{n}", script(), script(), texts("abc")) for n in range(60)]
    items += [item(f"s{n}", script(True), script(True), texts("abc")) for n in range(4)]
    return run(
        *items, data=[row, {"b": "row2"}], environment=[{"key": "a", "value": "ev"}], globals=[{"key": "b", "value": {}}]
    )


def cases() -> dict[str, Json]:
    """Every run by its name."""
    found = {f"{make.__name__} {scope}": make(scope) for make in (sequences, nested, values) for scope in SCOPES}
    return {**found, **{f"typed {scope}": typed(scope) for scope in SCOPES[:3]}, "layered": layered(), "fuzz": fuzz()}


if __name__ == "__main__":
    print(json.dumps(cases()))
