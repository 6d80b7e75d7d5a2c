"""`.http` files: each request becomes an item, each file variable a collection variable, each script one of Postman's."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from textwrap import dedent

from runner.errors import LoadError
from runner.foreign.http_file.bodies import Bodies
from runner.foreign.http_file.environments import environments_beside
from runner.foreign.http_file.handlers import translate_handler
from runner.foreign.http_file.parsing import PROTOCOLS, Block, ScriptText, blocks_of
from runner.foreign.http_file.references import Asked, Made, References
from runner.foreign.http_file.requests import BASE_URL, request_of
from runner.foreign.imported import Imported, ImportOptions, Note
from runner.foreign.scripts.joining import joined
from runner.foreign.scripts.translation import Ask, Translated
from runner.foreign.test_scripts import event, setting_lines
from runner.formats.format import Given
from runner.formats.postman.v2 import SCHEMA
from runner.formats.reading import read_text
from runner.model.json import JsonObject
from runner.model.request import BODYLESS_METHODS
from runner.rules.text import json_text
from runner.sandbox.analysis import Analysis
from runner.secrets.names import names_a_secret, words

SILENT = words("name title description no-log note lang language")
"""Marks that say nothing that a collection could, or that are read elsewhere."""

BEHAVIOR = {
    "no-redirect": ("followRedirects", False),
    "no-cookie-jar": ("disableCookies", True),
    "no-auto-encoding": ("disableUrlEncoding", True),
}
"""Marks that are settings of a request."""


def read(given: Given, options: ImportOptions) -> Imported:
    """The collection of a file; raises `LoadError` if there is no request in it."""
    blocks = blocks_of(given.text)
    if not any(block.url for block in blocks):
        raise LoadError("there is no request in it", where=given.path)
    title = options.name or os.path.splitext(os.path.basename(given.path))[0] or "Requests"
    with Analysis() as analysis:
        return _File(given.path, blocks, analysis.chains).imported(title)


class _File:
    """Makes the collection of the blocks of a file; `ask` tells what is in the scripts."""

    def __init__(self, path: str, blocks: Sequence[Block], ask: Ask) -> None:
        self._path, self._blocks, self._ask = path, blocks, ask
        self._notes: list[Note] = []
        self._variables: dict[str, JsonObject] = {}
        self._asked: dict[str, list[Asked]] = {}
        self._given: set[str] = set()
        self._named = {name for block in blocks if block.url for name in _names(block)}
        self._shared = References(self._named.__contains__)

    def imported(self, title: str) -> Imported:
        """The collection with its environments and notes."""
        items = [(block, self._item(block)) for block in self._blocks]
        for block, item in items:
            asked = {one.name: one for name in _names(block) for one in self._asked.get(name, ())}
            if item is not None and asked:
                self._add_asked(item, asked.values())
        collection: JsonObject = {"info": {"name": title, "schema": SCHEMA}}
        collection["item"] = [item for _, item in items if item is not None]
        if self._shared.made:
            collection["event"] = [event("prerequest", _made_lines(self._shared.made.values()))]
        collection["variable"] = list(self._variables.values())
        environments = environments_beside(os.path.dirname(self._path), self._notes) if self._path else {}
        return Imported(collection=collection, environments=environments, notes=self._notes)

    def _item(self, block: Block) -> JsonObject | None:
        references = References(self._named.__contains__)
        text = references.translated
        name = block.mark("name") or block.title or f"{block.method} {_path_of(text(block.url))}"

        def tell(line: int, message: str) -> None:
            self._notes.append(Note(message, self._path, line, name if block.url else ""))

        changes = self._take_variables(block, tell)
        for line, other in block.others:
            tell(line, f"what is in another file is not imported: {other}")
        if not self._is_request(block, name, tell):
            return None
        behavior = self._behavior(block, tell)
        request = self._request(block, name, Bodies(block, text, self._content, tell), tell)
        if "body" in request and request["method"] in BODYLESS_METHODS:
            behavior["disableBodyPruning"] = True
        scripts = {
            "prerequest": [*_made_lines(references.made.values()), *changes, *self._scripts(block.before, tell)],
            "test": self._scripts(block.after, tell),
        }
        item: JsonObject = {"name": name, "event": [event(listen, lines) for listen, lines in scripts.items() if lines]}
        if behavior:
            item["protocolProfileBehavior"] = behavior
        self._settle(references, block.line, tell)
        self._given |= _names(block)
        return {**item, "request": request, "response": []}

    def _request(self, block: Block, name: str, bodies: Bodies, tell: Callable[[int, str], None]) -> JsonObject:
        request = request_of(block, bodies)
        description = "\n".join([block.title] * (block.title not in ("", name)) + block.comments)
        if description:
            request["description"] = description
        if block.url.startswith("/") and request["url"]["raw"].startswith(f"{{{{{BASE_URL}}}}}"):
            self._outside(BASE_URL, "the request names no host: give it with --env-var baseUrl=…", block.line, tell)
        return request

    def _is_request(self, block: Block, name: str, tell: Callable[[int, str], None]) -> bool:
        """Whether a block has a request of HTTP; what else it has is told."""
        if block.method in PROTOCOLS:
            self._notes.append(Note(f"{name}: requests of {block.method} are not imported", self._path, block.line))
        for script in () if block.url else (*block.before, *block.after):
            tell(script.line, "a script without a request is not imported")
        return bool(block.url) and block.method not in PROTOCOLS

    def _take_variables(self, block: Block, tell: Callable[[int, str], None]) -> list[str]:
        """Declare the variables of a block; returns the lines of a script for those that have another value up to there."""
        lines = []
        for _, name, value in block.variables:
            written = self._shared.translated(value)
            first = self._variables.setdefault(name, {"key": name, "value": written, "type": "string"})
            if first["value"] != written:
                lines.append(f"pm.collectionVariables.set({json_text(name)}, {json_text(written)});")
        self._settle(self._shared, block.variables[0][0] if block.variables else 0, tell)
        for line, mark, value in block.marks:
            if mark == "prompt" and value:
                name, _, _ = value.partition(" ")
                self._outside(name, f"the value of {name} is asked for: give it with --env-var {name}=…", line, tell)
        return lines if block.url else []

    def _settle(self, references: References, line: int, tell: Callable[[int, str], None]) -> None:
        """Take up what references ask of other requests and of the outside, and tell what has no counterpart."""
        for asked in references.asked.values():
            self._asked.setdefault(asked.request, []).append(asked)
            self._variables.setdefault(asked.name, _variable(asked.name))
            if references is not self._shared and asked.request not in self._given:
                tell(line, f"{{{{{asked.name}}}}} is a value of {asked.request}, which runs later")
        for name, message in references.outside.items():
            self._outside(name, message, line, tell)
        for name in references.unknown:
            tell(line, f"{{{{{name}}}}} has no counterpart in Postman")
        references.asked.clear()
        references.outside.clear()
        references.unknown.clear()

    def _outside(self, name: str, message: str, line: int, tell: Callable[[int, str], None]) -> None:
        if name not in self._variables:
            self._variables[name] = _variable(name)
            tell(line, message)

    def _behavior(self, block: Block, tell: Callable[[int, str], None]) -> JsonObject:
        behavior: JsonObject = {}
        for line, mark, value in block.marks:
            if mark in BEHAVIOR:
                behavior[BEHAVIOR[mark][0]] = BEHAVIOR[mark][1]
            elif mark not in SILENT and mark != "prompt":
                tell(line, f"@{mark} {value}".rstrip() + " has no counterpart in Postman")
        return behavior

    def _scripts(self, scripts: Iterable[ScriptText], tell: Callable[[int, str], None]) -> list[str]:
        parts: list[Translated] = []
        for script in scripts:
            text = self._content(script.path) if script.path else script.text
            if text is None:
                tell(script.line, f"the script {script.path} cannot be read")
                parts.append(Translated(f"// Not imported: the script {script.path}"))
                continue
            parts.append(translate_handler(dedent(text).rstrip(), self._ask))
            for gap in parts[-1].gaps:
                tell(script.line if script.path else script.line + gap.line - 1, gap.message)
        made = joined(parts)
        return made.split("\n") if made else []

    def _content(self, path: str) -> str | None:
        """The text of a file that the source names; None if it cannot be read."""
        if not self._path or "{{" in path:
            return None
        try:
            return read_text(os.path.join(os.path.dirname(self._path), path))
        except LoadError:
            return None

    @staticmethod
    def _add_asked(item: JsonObject, asked: Iterable[Asked]) -> None:
        lines = [line for one in asked for line in setting_lines(one.name, one.code)]
        test = next((one for one in item["event"] if one["listen"] == "test"), None)
        if test is None:
            item["event"].append(event("test", lines))
        else:
            test["script"]["exec"] += lines


def _names(block: Block) -> set[str]:
    return {name for name in (block.mark("name"), block.title) if name}


def _variable(name: str) -> JsonObject:
    return {"key": name, "value": "", "type": "secret" if names_a_secret(name) else "string"}


def _made_lines(made: Iterable[Made]) -> list[str]:
    lines = [f"pm.variables.set({json_text(one.name)}, {one.code});" for one in made]
    return ['const moment = require("moment");', *lines] if any("moment" in line for line in lines) else lines


def _path_of(url: str) -> str:
    """The path of a URL, or the whole where there is none."""
    return re.sub(r"^(?:[a-z]+://[^/?#]*|\{\{[^{}]*\}\})", "", url, flags=re.IGNORECASE).partition("?")[0] or url
