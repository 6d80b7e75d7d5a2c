"""Variables of Insomnia, which are JSON of any depth, as those of Postman, which are texts with a name each."""

from __future__ import annotations

from collections.abc import Iterator

from runner.foreign.entries import Entry
from runner.foreign.insomnia.model import Folder, Request, Workspace
from runner.foreign.insomnia.templates.expressions import joined_name
from runner.foreign.insomnia.templates.translation import Place, Templates
from runner.foreign.insomnia.templates.values import filled, quoted
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.rules.text import json_text, text_of

VAULT = "__insomnia_vault"
"""The key of variables whose values are encrypted; templates call them `vault`."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its text is still a template.

    `json` says that the text is a value's JSON, `whole` that it is an object or a list, whose parts are variables, too.
    """

    name: str
    text: str
    line: int
    secret: bool = False
    json: bool = False
    whole: bool = False


def variables_of(entry: Entry) -> list[Variable]:
    """All variables of an environment: the leaves, and objects and lists as JSON, behind what they hold."""
    return list(_flat(entry, ()))


def _flat(entry: Entry, path: tuple[str | int, ...]) -> Iterator[Variable]:
    value = entry.value
    if isinstance(value, dict):
        for key, one in entry.pairs():
            if not path and key == VAULT:
                for name, _ in one.pairs():
                    yield Variable(f"vault.{name}", "", one.line, secret=True)
            else:
                yield from _flat(one, (*path, key))
    elif isinstance(value, list):
        for at, one in enumerate(entry):
            yield from _flat(one, (*path, at))
    if path:
        whole = isinstance(value, (dict, list))
        text = json_text(value) if whole else "" if value is None else text_of(value)
        yield Variable(joined_name(path), text, entry.line, json=not isinstance(value, str), whole=whole)


class Scopes:
    """Where the variables of a workspace go.

    Those of the base environment are the collection's, the environments below it are environments. A folder's count
    before both: they are the collection's if nothing else has the name, otherwise the folder's script sets them.
    `used` are the names in templates and scripts: objects and lists are left out unless they are among them. `changed`
    are names that scripts set.
    """

    def __init__(self, workspace: Workspace, used: set[str], changed: set[str]) -> None:
        self._used = used
        self.base = self._kept(workspace.base.variables) if workspace.base else []
        self.environments = [(one.name, self._kept(one.variables)) for one in workspace.environments]
        self.folders: dict[str, list[Variable]] = {}
        for folder in folders_of(workspace.items):
            self.folders[folder.id] = self._kept(folder.variables)
        levels = (self.base, *(rows for _, rows in self.environments), *self.folders.values())
        counts: dict[str, int] = {}
        for level in levels:
            for one in level:
                counts[one.name] = counts.get(one.name, 0) + 1
        self.shared = {name for name, count in counts.items() if count > 1} | changed
        self.names = set(counts)
        self.jsons = {one.name for rows in levels for one in rows if one.json}
        self.wholes = {one.name for rows in levels for one in rows if one.whole}

    def _kept(self, entry: Entry) -> list[Variable]:
        return [one for one in variables_of(entry) if not one.whole or one.name in self._used]

    def collection_rows(self, templates: Templates, place: Place) -> list[JsonObject]:
        """The variables of the collection."""
        rows = [self._row(one, templates, place, {}) for one in self.base]
        for variables in self.folders.values():
            rows += [self._row(one, templates, place, {}) for one in variables if one.name not in self.shared]
        return [{**row, "type": "secret" if row["type"] == "secret" else "string"} for row in rows]

    def environment_rows(self, variables: list[Variable], templates: Templates, place: Place) -> list[JsonObject]:
        """The variables of one environment; one that uses its own name has what the base has in its place."""
        outer = {one.name: one.text for one in self.base}
        return [{**self._row(one, templates, place, outer), "enabled": True} for one in variables]

    def _row(self, one: Variable, templates: Templates, place: Place, outer: dict[str, str]) -> JsonObject:
        text = templates.without_itself(one.text, one.name, outer.get(one.name, ""))
        return {
            "key": one.name,
            "value": templates.text(text, place, one.line),
            "type": "secret" if one.secret else "default",
        }

    def folder_lines(self, folder: Folder, templates: Templates, place: Place) -> list[str]:
        """The lines by which a folder's script sets those of its variables that others have, too."""
        lines = []
        for one in self.folders[folder.id]:
            if one.name in self.shared:
                text = templates.text(one.text, place, one.line)
                code = filled(text) if f"{{{{{one.name}}}}}" in text else quoted(text)
                lines.append(f"pm.variables.set({quoted(one.name)}, {code});")
        return [*place.before, *lines]

    def unset_lines(self) -> list[str]:
        """The lines by which the collection's script takes the folders' variables away again before each request."""
        names = {one.name: None for rows in self.folders.values() for one in rows if one.name in self.shared}
        return [f"pm.variables.unset({quoted(name)});" for name in names]


def folders_of(items: list[Folder | Request]) -> Iterator[Folder]:
    """All folders, from the outside in."""
    for one in items:
        if isinstance(one, Folder):
            yield one
            yield from folders_of(one.items)


def requests_of(items: list[Folder | Request]) -> Iterator[Request]:
    """All requests in their order."""
    for one in items:
        if isinstance(one, Folder):
            yield from requests_of(one.items)
        else:
            yield one
