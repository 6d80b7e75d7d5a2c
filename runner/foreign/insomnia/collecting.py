"""Makes a v2.1 document of one collection of Insomnia."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from runner.foreign.imported import Imported, Note
from runner.foreign.insomnia import authorization
from runner.foreign.insomnia.addresses import url_of
from runner.foreign.insomnia.environments import Scopes, folders_of, requests_of
from runner.foreign.insomnia.model import Code, Folder, Level, Request, Test, Workspace
from runner.foreign.insomnia.requests import behavior_of, body_of, has, header_of, headers_of
from runner.foreign.insomnia.sequence import too_early
from runner.foreign.insomnia.templates.pieces import VARIABLE, pieces
from runner.foreign.insomnia.templates.translation import Place, Templates
from runner.foreign.insomnia.templates.values import quoted
from runner.foreign.scripts.translation import FROM_INSOMNIA, FROM_INSOMNIA_ALONE, Ask, Translated, translate
from runner.foreign.test_scripts import event
from runner.formats.postman.v2 import SCHEMA
from runner.model.json import JsonObject
from runner.reporters.text import plural

_NAMES = re.compile(r"[A-Za-z_$][\w$.\[\]-]*+")
_SET = re.compile(r"\.set\(\s*[\"'`]([^\"'`]+)[\"'`]")
SENT = """const insomnia = {{
    send: async () => ({{
        status: pm.response.code,
        statusMessage: pm.response.status,
        data: pm.response.text(),
        headers: pm.response.headers.toObject(),
        responseTime: pm.response.responseTime,
    }}),
    expect: pm.expect,
}};
const expect = pm.expect;
{}"""
"""A unit test sends its request itself: here it is the one that was sent."""


class Collecting:
    """One import: `ask` tells what is in the scripts."""

    def __init__(self, workspace: Workspace, ask: Ask, source: str) -> None:
        self._workspace = workspace
        self._source = source
        self._notes: list[Note] = []
        self._translated = self._all_translated(ask)
        self._places = self._placed(workspace.items)
        self._scopes = Scopes(workspace, self._used_names(), self._changed_names())
        requests = {one.id: self._places[id(one)] for one in requests_of(workspace.items) if not one.protocol}
        scopes = self._scopes
        self._templates = Templates(requests, {*scopes.names}, self._tell, scopes.jsons, scopes.wholes)

    def _all_translated(self, ask: Ask) -> dict[str, Translated]:
        """Every script in Postman's API, by its text: all are asked for at once."""
        texts = list({code.text: None for one in self._levels() for code in (one.before, one.after) if code.text.strip()})
        dialect = FROM_INSOMNIA if self._workspace.environments else FROM_INSOMNIA_ALONE
        return dict(zip(texts, translate(texts, dialect, ask), strict=True)) if texts else {}

    def _levels(self) -> Iterator[Folder | Request]:
        yield from folders_of(self._workspace.items)
        yield from requests_of(self._workspace.items)

    def _tell(self, message: str, line: int, item: str) -> None:
        note = Note(message, self._source, line, item)
        if note not in self._notes:
            self._notes.append(note)

    def _placed(self, items: Sequence[Folder | Request]) -> dict[int, Place]:
        """The place of each level: its path, the folders around it, and where it is in the order of a run."""
        found: dict[int, Place] = {}
        count = 0

        def go(items: Sequence[Folder | Request], folders: tuple[str, ...]) -> None:
            nonlocal count
            for one in items:
                path = "/".join((*folders, one.name))
                if isinstance(one, Folder):
                    found[id(one)] = Place(path, folders=(*folders, one.name))
                    go(one.items, (*folders, one.name))
                else:
                    found[id(one)] = Place(path, one.name, folders, count)
                    count += not one.protocol

        go(items, ())
        return found

    def _used_names(self) -> set[str]:
        """Every name in a script, and every variable in a template, with anything around it."""
        found: set[str] = set()
        for one in self._levels():
            texts = [one.before.text, one.after.text]
            if isinstance(one, Request):
                rows = (*one.headers, *one.query, *one.path, *one.body.rows)
                texts += [one.url, one.body.text, *(row.value or "" for row in rows)]
                texts += [test.code.text for test in one.tests]
            for text in texts:
                if "insomnia." in text:
                    found |= set(_NAMES.findall(text))
                found |= {name.removeprefix("_.") for piece in pieces(text) if piece.kind == VARIABLE
                          for name in _NAMES.findall(piece.inner)}  # fmt: skip
        return found

    def _changed_names(self) -> set[str]:
        """The names that scripts set."""
        return {name for one in self._levels() for code in (one.before, one.after) for name in _SET.findall(code.text)}

    def imported(self) -> Imported:
        """The collection, its environments, and what could not be carried over."""
        workspace = self._workspace
        place = Place()
        items = self._items(workspace.items, [])
        document: JsonObject = {"info": {"name": workspace.name, "schema": SCHEMA}, "item": items}
        if workspace.description:
            document["info"]["description"] = workspace.description
        variables = self._scopes.collection_rows(self._templates, place)
        environments = {
            name: {
                "name": name,
                "values": self._scopes.environment_rows(rows, self._templates, place),
                "_postman_variable_scope": "environment",
            }
            for name, rows in self._scopes.environments
        }
        asked = self._templates.asked.items()
        variables += [{"key": name, "value": value, "type": "string"} for name, value in asked]
        lines = [*self._scopes.unset_lines(), *place.before]
        if lines:
            document["event"] = [event("prerequest", lines)]
        if variables:
            document["variable"] = variables
        for message, line in workspace.left_out:
            self._tell(message, line, "")
        self._later(items)
        self._early(items, variables, environments, lines)
        return Imported(collection=document, environments=environments, notes=self._notes)

    # -- items --------------------------------------------------------------------------------------------------------

    def _items(self, items: Sequence[Folder | Request], outer: list[Folder]) -> list[JsonObject]:
        made = []
        for one in items:
            if isinstance(one, Folder):
                made.append(self._folder(one, outer))
            elif one.protocol:
                message = f"the {one.protocol} request {one.name} is none that a collection can hold"
                self._tell(message, one.line, "/".join(folder.name for folder in outer))
            else:
                made.append(self._request(one, outer))
        return made

    def _folder(self, folder: Folder, outer: list[Folder]) -> JsonObject:
        place = self._places[id(folder)]
        for row in folder.headers:
            if not row.enabled and row.name:
                self._tell(f"the header {row.name} is switched off: it is left out", row.line, place.path)
        made: JsonObject = {"name": folder.name, "item": self._items(folder.items, [*outer, folder])}
        if folder.description:
            made["description"] = folder.description
        auth = self._auth(folder, place)
        if auth is not None:
            made["auth"] = auth
        own = self._scopes.folder_lines(folder, self._templates, place)
        events = self._events(folder, place, before=own)
        if events:
            made["event"] = events
        return made

    def _request(self, request: Request, outer: list[Folder]) -> JsonObject:
        place = self._places[id(request)]

        def text(given: str, line: int) -> str:
            return self._templates.text(given, place, line)

        def body_text(given: str, line: int) -> str:
            return self._templates.text(given, place, line, in_lines=request.body.in_lines)

        headers = headers_of(request, [folder.headers for folder in outer])
        auth = self._auth(request, place)
        if has(headers, "authorization") and self._gives_way([request, *reversed(outer)]):
            auth = {"type": "noauth"}
        body = body_of(request, body_text)
        behavior, notes = behavior_of(request, headers, body)
        for message in notes:
            self._tell(message, request.line, place.path)
        asked: JsonObject = {
            **({"auth": auth} if auth is not None else {}),
            "method": request.method.upper(),
            "header": [header_of(row, text) for row in headers],
            **({"body": body} if body is not None else {}),
            "url": url_of(request, text),
            **({"description": request.description} if request.description else {}),
        }
        events = self._events(request, place, after=place.before)
        more = {key: value for key, value in (("event", events), ("protocolProfileBehavior", behavior)) if value}
        return {"name": request.name, **more, "request": asked, "response": []}

    @staticmethod
    def _gives_way(levels: Sequence[Level]) -> bool:
        """Whether the auth of a request gives way to an Authorization header, as Insomnia's does."""
        given = next((one for one in levels if authorization.is_given(one.auth)), None)
        return given is not None and authorization.type_of(given.auth) not in AS_WELL

    def _auth(self, level: Level, place: Place) -> JsonObject | None:
        made = authorization.made(level.auth, lambda text: self._templates.text(text, place, level.auth.line))
        for message in made.notes:
            self._tell(message, level.auth.line or level.line, place.path)
        return made.auth

    # -- scripts ------------------------------------------------------------------------------------------------------

    def _events(
        self, level: Level, place: Place, *, before: Sequence[str] = (), after: Sequence[str] = ()
    ) -> list[JsonObject]:
        """The scripts of a level; `before` and `after` are lines around the one that runs before the request."""
        tests = level.tests if isinstance(level, Request) else []
        made = []
        script = self._script(level.before, place)
        lines = [*before, *(script.split("\n") if script else ()), *after]
        if lines:
            made.append(event("prerequest", lines))
        parts = [self._script(level.after, place), *(self._test(test, place) for test in tests)]
        text = "\n\n".join(filter(None, parts))
        if text:
            made.append(event("test", text.split("\n")))
        return made

    def _script(self, code: Code, place: Place) -> str:
        if not code.text.strip():
            return ""
        found = self._translated[code.text]
        for gap in found.gaps:
            self._tell(gap.message, code.line + (gap.line - 1 if code.in_lines else 0), place.path)
        self._objects(code, place)
        return found.text

    def _objects(self, code: Code, place: Place) -> None:
        """Tell of objects that a script takes as a whole."""
        for name in self._scopes.wholes:
            if re.search(rf"\.get\(\s*[\"'`]{re.escape(name)}[\"'`]\s*\)", code.text):
                message = f"{name} is an object or a list in Insomnia: here it is its JSON, which JSON.parse reads"
                self._tell(message, code.line, place.path)

    def _test(self, test: Test, place: Place) -> str:
        """A unit test as one of Postman's."""
        code = test.code.text.strip("\n")
        if re.search(r"\.send\(\s*[\"'`]", code):
            self._tell(f"the test {test.name} sends other requests than its own", test.code.line, place.path)
        body = "\n".join(f"    {line}" if line else "" for line in SENT.format(code).split("\n"))
        return f"pm.test({quoted(test.name)}, async () => {{\n{body}\n}});"

    def _later(self, items: Sequence[JsonObject]) -> None:
        """Put what other requests need into the tests of the requests that give it."""
        for one, item in zip(self._sent(self._workspace.items), _requests_in(items), strict=True):
            lines = self._places[id(one)].after
            if lines:
                tests = [found for found in item.get("event", []) if found["listen"] == "test"]
                if tests:
                    tests[0]["script"]["exec"] += ["", *lines]
                else:
                    item.setdefault("event", []).append(event("test", lines))

    def _early(
        self,
        items: Sequence[JsonObject],
        variables: list[JsonObject],
        environments: Mapping[str, JsonObject],
        lines: Sequence[str],
    ) -> None:
        """Tell of requests that need a value of a response before there is one."""
        rows = [*variables, *(row for one in environments.values() for row in one["values"])]
        requests = self._sent(self._workspace.items)
        for position, paths in too_early(items, self._templates.giving, rows, lines).items():
            place = self._places[id(requests[position])]
            others = f" and {plural(len(paths) - 1, 'other request')}" if len(paths) > 1 else ""
            again = "; Insomnia sends it by itself" if position in self._templates.resent else ""
            message = f"{place.path} has to run before {paths[0]}{others}, for values of its response{again}"
            self._tell(message, requests[position].line, place.path)

    def _sent(self, items: Sequence[Folder | Request]) -> list[Request]:
        return [one for one in requests_of(list(items)) if not one.protocol]


AS_WELL = frozenset({"iam"})
"""Auth that Insomnia adds even to a request with an Authorization header of its own."""


def _requests_in(items: Sequence[JsonObject]) -> list[JsonObject]:
    found = []
    for item in items:
        found += _requests_in(item["item"]) if "item" in item else [item]
    return found
