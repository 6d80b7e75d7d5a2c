"""Makes a v2.1 document of what Bruno's files say."""

from __future__ import annotations

import json
from collections.abc import Sequence

from runner.foreign.bruno.assertions import assertion_code, captured_code, unset_code, variable_code
from runner.foreign.bruno.authorization import to_postman
from runner.foreign.bruno.model import Code, Environment, Example, Folder, Level, Request, Row, Tree
from runner.foreign.bruno.requests import behavior_of, body_of, enabled, header_of, inherited, url_of
from runner.foreign.imported import Imported, Note
from runner.foreign.scripts.joining import joined
from runner.foreign.scripts.translation import TO_POSTMAN, Ask, translate
from runner.formats.postman.v2 import SCHEMA
from runner.model.json import Json, JsonObject

ORDER = (
    "Bruno runs the scripts behind a response from the request outwards, Postman from the collection inwards:"
    " look whether those of folders and of the collection depend on it"
)
PROCESS = (
    "variables process.env.NAME are Bruno's names of environment variables:"
    " give each with --env-var 'process.env.NAME=VALUE'"
)


class Collecting:
    """One import: `ask` tells what is in the scripts."""

    def __init__(self, tree: Tree, ask: Ask, source: str) -> None:
        self._tree = tree
        self._ask = ask
        self._source = source
        self._notes: list[Note] = []

    def imported(self) -> Imported:
        """The collection, its environments, and what could not be carried over."""
        root = self._tree.root
        items = self._items(root, "", [root.headers])
        document: JsonObject = {"info": {"name": root.name, "schema": SCHEMA}, "item": items}
        if root.description:
            document["info"]["description"] = root.description
        auth, notes = to_postman(root.auth)
        self._note(root, "", 0, *notes)
        if auth is not None and auth["type"] != "noauth":
            document["auth"] = auth
        events = self._events(root, "", variables=[])
        if events:
            document["event"] = events
        variables = [_variable(row) for row in root.variables]
        if variables:
            document["variable"] = variables
        self._whole(root)
        environments = {one.name: _environment(one) for one in self._tree.environments}
        for one in self._tree.environments:
            self._notes += [
                Note(f"the variable {row.name} is secret: its value is not in the file", one.file, row.line)
                for row in one.rows
                if row.secret and row.enabled
            ]
        return Imported(collection=document, environments=environments, notes=self._notes)

    def _note(self, level: Level, path: str, line: int, *messages: str) -> None:
        self._notes += [Note(message, level.file or self._source, line, path) for message in messages]

    def _whole(self, root: Folder) -> None:
        """What is true of the collection as a whole."""
        self._notes += [Note(f"is left out: {error.message}", error.where) for error in self._tree.unread]
        levels = list(_levels(root))
        outer = any(one.after.text or one.tests.text or one.captured for one in levels if isinstance(one, Folder))
        inner = any(one.after.text or one.tests.text for one in levels if isinstance(one, Request))
        if self._tree.sandwich and outer and inner:
            self._notes.append(Note(ORDER, self._source))
        if any("process.env." in text for one in levels for text in _texts(one)) or any(
            "process.env." in row.value for one in self._tree.environments for row in one.rows
        ):
            self._notes.append(Note(PROCESS, self._source))

    # -- items --------------------------------------------------------------------------------------------------------

    def _items(self, folder: Folder, path: str, headers: list[list[Row]]) -> list[JsonObject]:
        made = []
        for one in folder.items:
            place = f"{path}/{one.name}" if path else one.name
            if isinstance(one, Folder):
                made.append(self._folder(one, place, headers))
            elif one.protocol:
                message = f"the {one.protocol} request {one.name} is none that a collection can hold"
                self._note(one, path, one.line, message)
            else:
                made.append(self._request(one, place, headers))
        return made

    def _folder(self, folder: Folder, path: str, headers: list[list[Row]]) -> JsonObject:
        made: JsonObject = {"name": folder.name}
        if folder.description:
            made["description"] = folder.description
        made["item"] = self._items(folder, path, [folder.headers, *headers])
        auth, notes = to_postman(folder.auth)
        self._note(folder, path, 0, *notes)
        if auth is not None:
            made["auth"] = auth
        events = self._events(folder, path, variables=enabled(folder.variables))
        if events:
            made["event"] = events
        if enabled(folder.variables):
            self._note(folder, path, folder.variables[0].line, "variables of a folder stay set after it")
        return made

    def _request(self, request: Request, path: str, headers: list[list[Row]]) -> JsonObject:
        rows = inherited(request.headers, *headers)
        body, notes = body_of(request.body, rows)
        notes += [f"a body of the mode {other.mode} is not chosen, and left out" for other in request.others]
        behavior, more = behavior_of(request, has_body=body is not None and not request.body.unused)
        auth, untold = to_postman(request.auth)
        self._note(request, path, request.line, *notes, *more, *untold)
        made: JsonObject = {"name": request.name}
        variables = enabled(request.variables)
        events = self._events(request, path, variables=variables, asserts=enabled(request.asserts), last=variables)
        if events:
            made["event"] = events
        if behavior:
            made["protocolProfileBehavior"] = behavior
        made["request"] = {
            **({"auth": auth} if auth is not None else {}),
            **_asked(request, rows, body),
            **({"description": request.description} if request.description else {}),
        }
        made["response"] = [self._example(one) for one in request.examples]
        return made

    def _example(self, example: Example) -> JsonObject:
        asked = example.request
        headers = list(asked.headers)
        body, _ = body_of(asked.body, headers)
        kind = next((row.value for row in example.headers if row.name.lower() == "content-type"), "")
        language = next((one for one in ("json", "xml", "html") if one in kind), "text")
        return {
            "name": example.name,
            "originalRequest": _asked(asked, headers, body),
            "status": example.status,
            "code": example.code,
            "_postman_previewlanguage": language,
            "header": [header_of(row) for row in example.headers],
            "cookie": [],
            "body": example.body,
        }

    # -- scripts ------------------------------------------------------------------------------------------------------

    def _events(
        self, level: Level, path: str, *, variables: list[Row], asserts: Sequence[Row] = (), last: Sequence[Row] = ()
    ) -> list[JsonObject]:
        for name, line in level.strange:
            self._note(level, path, line, f"the block {name} has no counterpart in Postman")
        before = [Code(variable_code(variables), _line(variables)), level.before]
        captured = enabled(level.captured)
        after = [
            Code(captured_code(captured), _line(captured)),
            level.after,
            Code(assertion_code(list(asserts)), _line(asserts)),
            level.tests,
            Code(unset_code(list(last)), _line(last)),
        ]
        made = []
        for listen, parts in (("prerequest", before), ("test", after)):
            text = self._translated(level, path, [part for part in parts if part.text.strip()])
            if text.strip():
                made.append({"listen": listen, "script": {"type": "text/javascript", "exec": text.split("\n")}})
        return made

    def _translated(self, level: Level, path: str, parts: list[Code]) -> str:
        if not parts:
            return ""
        found = translate([part.text for part in parts], TO_POSTMAN, self._ask)
        for part, one in zip(parts, found, strict=True):
            for gap in one.gaps:
                self._note(level, path, part.line + gap.line - 1 if part.line else 0, gap.message)
        return joined(found)


def _asked(request: Request, rows: list[Row], body: JsonObject | None) -> JsonObject:
    return {
        "method": request.method.upper(),
        "header": [header_of(row) for row in rows],
        **({"body": body} if body is not None else {}),
        "url": url_of(request),
    }


def _line(rows: Sequence[Row]) -> int:
    return rows[0].line if rows else 0


def _variable(row: Row) -> JsonObject:
    described = {"description": row.description} if row.description else {}
    return {
        "key": row.name,
        "value": _typed(row),
        **({"type": _TYPES[row.kind]} if row.kind in _TYPES else {}),
        **({} if row.enabled else {"disabled": True}),
        **described,
    }


_TYPES = {"number": "number", "boolean": "boolean", "object": "any"}
"""Postman's names of the kinds of values. A value without one has no type: it takes what a script sets, as in Bruno."""


def _typed(row: Row) -> Json:
    """The value of a variable in its kind; what is none of that kind stays a text."""
    kinds: dict[str, type | tuple[type, ...]] = {"number": (int, float), "boolean": bool, "object": (dict, list)}
    if row.kind not in kinds:
        return row.value
    try:
        found: Json = json.loads(row.value)
    except ValueError:
        return row.value
    fits = isinstance(found, kinds[row.kind]) and (row.kind == "boolean" or not isinstance(found, bool))
    return found if fits else row.value


def _environment(environment: Environment) -> JsonObject:
    values = [
        {
            "key": row.name,
            "value": _typed(row),
            "type": "secret" if row.secret else "default",
            "enabled": row.enabled,
            **({"description": row.description} if row.description else {}),
        }
        for row in environment.rows
    ]
    return {"name": environment.name, "values": values, "_postman_variable_scope": "environment"}


def _levels(folder: Folder) -> list[Level]:
    found: list[Level] = [folder]
    for one in folder.items:
        found += _levels(one) if isinstance(one, Folder) else [one]
    return found


def _texts(level: Level) -> list[str]:
    found = [row.value for row in (*level.headers, *level.variables)] + list(level.auth.values.values())
    found += [level.before.text, level.after.text, level.tests.text]
    if isinstance(level, Request):
        found += [level.url, level.body.text, *(row.value for row in (*level.body.rows, *level.path))]
    return found
