"""YAML files: environments, and the files of v3 collections, whose keys differ from those of v2.1."""

from __future__ import annotations

from collections.abc import Iterable

from runner.checks.documents.document import Document, value_at
from runner.checks.finding import Spot
from runner.formats.places import Steps
from runner.formats.yaml.nodes import Node
from runner.formats.yaml.reader import read
from runner.model.json import Json, JsonObject

_PARTS = {"header": "headers", "variable": "pathVariables"}
"""Lists of rows: their keys in v2.1 and here."""


class YamlDocument(Document):
    """A YAML file. `source` is the v2.1 JSON that it was converted to; an environment has none: its keys are the same."""

    def __init__(self, path: str, text: str, source: JsonObject | None = None) -> None:
        self._read = read(text, path)
        super().__init__(path, self._read.text, self._read.value)
        self._source = source

    def starts(self, spots: Iterable[Spot]) -> dict[Spot, int]:
        """The offset of each spot; in a multi-line string that of the character itself."""
        return {spot: self._start(spot) for spot in spots}

    def read_again(self) -> Json:
        """What the text says."""
        return read(self.text, self.path).value

    def _start(self, spot: Spot) -> int:
        node = self._read.node(self.steps_in(spot.steps))
        text = node.value
        if spot.at is None or not isinstance(text, str):
            return node.begin
        if node.kind != "literal":
            return node.start + (spot.at + (node.kind != "plain") if "\n" not in text else 0)
        return _in_lines(self.text, node, text, spot.at)

    def steps_in(self, steps: Steps) -> Steps:
        """The steps here for these steps in v2.1."""
        if self._source is None or not steps:
            return steps
        first, *rest = steps
        if first == "request":
            return self._in_request(tuple(rest))
        if first == "event" and rest:
            return ("scripts", rest[0], "code") if "script" in rest else ("scripts", rest[0])
        if first == "variable":
            return self._row("variables", tuple(rest))
        if first == "auth":
            return self._in_auth(tuple(rest))
        return ("name",) if first == "info" else (first,)

    def _in_request(self, steps: Steps) -> Steps:
        part, rest = steps[:1], steps[1:]
        if part == ("url",):
            if rest[:1] == ("variable",):
                return self._row("pathVariables", rest[1:])
            if rest[:1] == ("query",):
                return self._in_query(rest[1:])
            return part
        if part == ("header",):
            return self._row("headers", rest)
        if part == ("auth",):
            return self._in_auth(rest)
        if part == ("body",):
            return self._in_body(rest)
        return part

    def _in_query(self, steps: Steps) -> Steps:
        """The steps to a parameter: those that only the URL has come before the rows."""
        listed = value_at(self._source, ("request", "url", "query"))
        rows = self.get(("queryParams",))
        alone = len(listed) - len(rows) if isinstance(listed, list) and isinstance(rows, list | dict) else 0
        if steps and isinstance(steps[0], int) and steps[0] >= alone and rows:
            return self._row("queryParams", (steps[0] - alone, *steps[1:]))
        return ("url",)

    def _in_body(self, steps: Steps) -> Steps:
        if steps[:1] in (("urlencoded",), ("formdata",)):
            return self._row("content", steps[1:], ("body",))
        if steps[:1] == ("graphql",):
            return ("body", "content", *steps[1:]) if self.get(("body",)) is not None else steps[1:2]
        return ("body", "content") if steps else ("body",)

    def _in_auth(self, steps: Steps) -> Steps:
        auth = self.get(("auth",))
        above: Steps = ("auth",)
        if isinstance(auth, list):
            counting = [n for n, entry in enumerate(auth) if isinstance(entry, dict) and not entry.get("rules")]
            above = ("auth", counting[-1]) if counting else above
        return self._row("credentials", steps[1:], above) if steps[1:] else above

    def _row(self, key: str, steps: Steps, above: Steps = ()) -> Steps:
        """The steps to a row, in a list or in a map of names to values."""
        rows: Json = self.get((*above, key))
        if isinstance(rows, dict) and steps and isinstance(steps[0], int):
            names = list(rows)
            return (*above, key, names[steps[0]]) if steps[0] < len(names) else (*above, key)
        return (*above, key, *steps)


def _in_lines(source: str, node: Node, text: str, at: int) -> int:
    """The offset of a character in a literal block, whose lines follow its indicator and are indented."""
    line = text.count("\n", 0, at)
    start = node.start
    for _ in range(line + 1):
        start = source.find("\n", start) + 1
    return start + node.indent + at - (text.rfind("\n", 0, at) + 1)
