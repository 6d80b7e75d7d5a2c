"""The scripts that are run by Postman's own sandbox and by ours, and the simulated host that answers them.

A file of `cases/` has cases that begin with `//# name`, perhaps followed by `//@ {…}` (listen, context, options, init), and
probes: after `//= name` each line is an expression of its own whose value is logged, or what it throws. `//--` parts the
scripts that a case runs one after the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CASES = sorted((FOLDER / "cases").glob("*.js"))
PROBE = "try {{ console.log({0}\n); }} catch (e) {{ console.log('throws', e && e.name, e && e.message); }}"
BODY = '{"id": 7, "name": "Ann", "tags": ["a", "b"], "deep": {"list": [{"x": 1}, {"x": 2}], "null": null}}'


def stream(text: str | bytes) -> dict[str, Any]:
    """A body as the protocol has it."""
    return {"type": "Buffer", "data": list(text.encode() if isinstance(text, str) else text)}


CONTEXT: dict[str, Any] = {
    "globals": {"id": "g1", "values": [{"key": "g", "value": "global"}, {"key": "both", "value": "from globals"}]},
    "environment": [
        {"key": "e", "value": "env", "type": "any"},
        {"key": "both", "value": "from environment"},
        {"key": "off", "value": "x", "disabled": True},
        {"key": "n", "value": 5, "type": "number"},
        {"key": "o", "value": {"a": 1}},
    ],
    "collectionVariables": [{"key": "c", "value": "coll"}, {"key": "both", "value": "from collection"}],
    "_variables": [{"key": "l", "value": "local"}],
    "data": {"row": 1, "who": "Bob", "nested": {"a": [1]}},
    "request": {
        "url": {
            "protocol": "https",
            "host": ["api", "example", "com"],
            "port": "8080",
            "path": ["users", ":id", "posts"],
            "query": [{"key": "a", "value": "1"}, {"key": "b", "value": "2", "disabled": True}, {"key": "a", "value": "3"}],
            "variable": [{"key": "id", "value": "42"}],
            "hash": "top",
        },
        "method": "POST",
        "header": [
            {"key": "Content-Type", "value": "application/json"},
            {"key": "X-Many", "value": "1"},
            {"key": "x-many", "value": "2"},
            {"key": "X-Off", "value": "no", "disabled": True},
        ],
        "body": {"mode": "raw", "raw": '{"q": "{{e}}"}'},
        "auth": {"type": "basic", "basic": [{"key": "username", "value": "u"}, {"key": "password", "value": "p"}]},
        "description": "what it does",
    },
    "response": {
        "id": "r1",
        "code": 200,
        "status": "OK",
        "header": [
            {"key": "Content-Type", "value": "application/json; charset=utf-8"},
            {"key": "Content-Length", "value": "97"},
            {"key": "Set-Cookie", "value": "a=1"},
            {"key": "Set-Cookie", "value": "b=2"},
            {"key": "X-Trace", "value": "t"},
        ],
        "responseTime": 123,
        "stream": stream(BODY),
        "cookie": [],
    },
    "cookies": [
        {"name": "sid", "value": "abc", "domain": "api.example.com", "path": "/", "httpOnly": True},
        {"name": "enc", "value": "a%20b", "domain": "api.example.com", "path": "/"},
        {"name": "sid", "value": "second", "domain": "api.example.com", "path": "/x"},
    ],
}
OPTIONS: dict[str, Any] = {
    "cursor": {"iteration": 1, "cycles": 3},
    "legacy": {
        "_itemId": "item-1",
        "_itemName": "Get user",
        "_itemPath": ["Coll", "Folder", "Get user"],
        "_eventItemName": "Folder",
    },
}


@dataclass(frozen=True)
class Case:
    """One script, or several that run in the same context."""

    name: str
    scripts: tuple[str, ...]
    listen: str = "test"
    context: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    init: dict[str, Any] = field(default_factory=dict)

    def messages(self, number: int) -> Iterator[dict[str, Any]]:
        """The protocol's execute messages."""
        for step, script in enumerate(self.scripts):
            target = {"listen": self.listen, "script": {"type": "text/javascript", "exec": script.split("\n")}}
            if not self.listen:
                del target["listen"]
            context = {name: value for name, value in {**CONTEXT, **self.context}.items() if value is not None}
            yield {
                "op": "execute",
                "id": f"{number}-{step}",
                "target": target,
                "context": context,
                "options": {**OPTIONS, **self.options},
            }


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file, in order."""
    for block in re.split(r"^(?=//[#=] )", path.read_text("utf-8"), flags=re.M)[1:]:
        head, _, text = block.partition("\n")
        meta: dict[str, Any] = {}
        while text.startswith("//@"):
            line, _, text = text.partition("\n")
            meta |= json.loads(line[3:])
        title = head[4:].strip()
        if head.startswith("//="):
            for line in filter(None, map(str.strip, text.splitlines())):
                script = line[1:].strip() if line[0] == ";" else PROBE.format(line)
                yield Case(f"{title}: {line}", (script,), **meta)
        else:
            yield Case(title, tuple(part.strip("\n") for part in re.split(r"^//--\n", text, flags=re.M)), **meta)


# -- the simulated host ---------------------------------------------------------------------------------------------

Answer = tuple[str, list[Any]]


class Host:
    """Answers what scripts ask: echoes requests, keeps cookies and vault values in memory."""

    def __init__(self) -> None:
        self.cookies: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.vault: dict[str, Any] = {"known": "vault value"}
        self.pulls = 0

    def answer(self, name: str, args: list[Any]) -> Answer | None:
        """The dispatch that answers an event, None for events that want no answer."""
        kind, _, id = name.removeprefix("execution.").partition(".")
        if kind == "request":
            return f"execution.response.{id}", [args[2], *self.send(args[3])]
        if kind == "run_collection_request":
            return f"execution.run_collection_request_response.{id}", [args[2], *self.run_item(args[3])]
        if kind == "cookies":
            return name, [args[0], None, self.store(args[2], args[3])]
        if kind == "vault":
            return name, [args[0], *self.use_vault(*args[1:])]
        if kind == "datasets":
            return name, [args[0], *self.dataset(*args[1:])]
        return None

    def send(self, request: dict[str, Any]) -> list[Any]:
        text = json.dumps(request, sort_keys=True)
        if "fail" in text:
            return [{"name": "Error", "message": "getaddrinfo ENOTFOUND fail", "code": "ENOTFOUND"}, None]
        header = [{"key": "Content-Type", "value": "application/json"}]
        response = {"code": 201, "status": "Created", "header": header, "stream": stream(text), "responseTime": 5}
        return [None, response, {"cookies": [{"name": "sent", "value": "yes", "domain": "x", "path": "/"}]}]

    def run_item(self, id: str) -> list[Any]:
        if id == "unknown":
            return [{"name": "Error", "message": "no request with this id"}, None]
        changed = {"environment": [{"autoCompact": True, "stream": [], "compacted": {"nested": ["nested", "yes"]}}]}
        if id == "skipped":
            return [None, None, {}]
        return [None, {"code": 200, "status": "OK", "stream": stream(id)}, {"variableMutations": changed}]

    def store(self, method: str, args: list[Any]) -> Any:
        if method == "putCookie" or method == "updateCookie":
            cookie = args[-1]
            self.cookies[cookie["domain"], cookie["path"], cookie["key"]] = cookie
        elif method == "findCookie":
            return self.cookies.get((args[0], args[1], args[2]))
        elif method == "findCookies":
            return [c for (domain, _, _), c in self.cookies.items() if args[0] is None or str(args[0]).endswith(domain)]
        elif method == "removeCookie":
            self.cookies.pop((args[0], args[1], args[2]), None)
        return None

    def use_vault(self, operation: str, key: str, value: Any = None) -> list[Any]:
        if key == "forbidden":
            return ["Vault access denied"]
        if operation == "get":
            return [None, self.vault.get(key)]
        if operation == "set":
            self.vault[key] = value
        else:
            self.vault.pop(key, None)
        return [None]

    def dataset(self, operation: str, *values: Any) -> list[Any]:
        if operation == "pull":
            self.pulls += 1
            return [None, {"rows": [{"pull": self.pulls}], "done": self.pulls >= 2}]
        if values and values[0] == "missing":
            return [{"name": "Error", "message": "no such dataset"}]
        if values and values[0] == "streamed":
            return [None, {"columns": ["pull"], "streaming": True, "streamId": "s1"}]
        return [
            None,
            {"columns": ["a"], "rows": [{"a": 1}, {"a": 2}], "staleDatasources": [{"name": "d", "reason": "old"}]},
        ]


# -- what came of a script ------------------------------------------------------------------------------------------

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


VARYING = ("stack", "creation", "lastAccessed")


def brief(key: str, value: Any) -> Any:
    """The length of a long explanation is fact enough."""
    return f"<{len(value)} characters>" if key == "detail" and isinstance(value, str) and value else value


def plain(value: Any, ids: dict[str, str]) -> Any:
    """The value without what differs from run to run: stacks, random ids, the numbers of asks."""
    if isinstance(value, dict):
        return {key: brief(key, plain(entry, ids)) for key, entry in value.items() if key not in VARYING}
    if isinstance(value, list):
        return [plain(entry, ids) for entry in value]
    return UUID.sub("<uuid>", value) if isinstance(value, str) else value


def belongs(line: dict[str, Any], id: str) -> bool:
    """Whether a line tells of this execution."""
    if line["ev"] == "result":
        return line.get("id", id) == id
    args = line.get("args") or [None]
    return bool(
        line["name"].endswith(f".{id}") or line["name"] == "error" or args[0] is None or args[0].get("execution") == id
    )


def facts_of(lines: list[dict[str, Any]], id: str) -> dict[str, Any]:
    """What one execution did, as facts: its events without cursor and ask number, its error, its result."""
    events: list[Any] = []
    outcome: dict[str, Any] = {}
    for line in lines:
        if line["ev"] == "result":
            outcome = {"error": line["error"], "result": line["result"]}
            continue
        name = line["name"]
        kind = name.removesuffix(f".{id}").removeprefix("execution.")
        if kind in ("assertion", "error") and name.endswith(id):
            continue
        dropped = {"request": 3, "run_collection_request": 3, "cookies": 1, "vault": 1, "datasets": 1, "datasets.stream": 1}
        args = line["args"][dropped.get(kind, 0 if name == "error" else 1) :]
        events.append([kind, *args])
    result = dict(outcome.get("result") or {})
    for name in ("id", "cursor", "legacy", "target"):
        result.pop(name, None)
    found: dict[str, Any] = plain({"events": events, "error": outcome.get("error"), "result": result}, {})
    return found


def without_same(facts: list[Any], base: dict[str, Any]) -> list[Any]:
    """The results without what an empty script leaves as well."""
    for fact in facts:
        result = fact.get("result") or {}
        fact["result"] = {key: value for key, value in result.items() if base.get(key) != value}
    return facts
