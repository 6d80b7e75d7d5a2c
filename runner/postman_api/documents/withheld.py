"""Secrets stay where they are: what goes from here to Postman, or back, takes only those along that were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from runner.deep_json import dumps
from runner.errors import UsageError
from runner.model.json import Json, JsonObject
from runner.postman_api.documents.nodes import Node, nodes_of
from runner.postman_api.documents.secret_rows import Place, Row, rows_of
from runner.secrets import Secrets
from runner.secrets.documents import secrets_in

NOTHING: dict[str, JsonObject] = {
    "collection": {"info": {}, "item": []},
    "environment": {"values": []},
    "globals": {"values": []},
}
"""A document of each kind with nothing in it."""


def exchanged(
    coming: JsonObject, there: JsonObject, kind: str, *, secrets: bool, way_out: str
) -> tuple[JsonObject, list[str]]:
    """A copy of the bare document `coming` as it may take the place of the one that is `there`, and what is kept back.

    Unless `secrets` may come, each row with a secret that is not there yet gets what is there, or nothing. A secret without
    a value never takes the place of one that has it. Raises `UsageError`, with the hint `way_out`, if a secret that is kept
    back stands elsewhere, too.
    """
    made = deepcopy(coming)
    known: dict[tuple[str, Place], Json] = {(node.key, row.place): row.value for node, row in secret_rows(there, kind)}
    held = {str(value) for value in known.values()}
    kept: list[str] = []
    taken: list[Json] = []
    for node, row in _rows(made, kind):
        if not row.is_secret:
            continue
        before = known.get((node.key, row.place), "")
        if row.value in ("", None):
            row.put(before)
        elif not secrets and row.holds_secret and str(row.value) not in held:
            taken.append(row.value)
            kept.append(_named(node, row))
            row.put(before)
    if taken:
        _refuse_traces(made, kind, Secrets(taken), way_out)
    return made, kept


def _refuse_traces(document: JsonObject, kind: str, taken: Secrets, way_out: str) -> None:
    """Raise `UsageError` if a secret that was taken out of its row stands in another text."""
    names = [node.shown for node in nodes_of(document, kind) if taken.has_value(dumps(node.content, ensure_ascii=False))]
    if names:
        message = "a secret that is kept back stands in other texts, too"
        raise UsageError(message, where=", ".join(names), hint=way_out)


def parts_with_secrets(document: JsonObject, there: JsonObject, kind: str) -> list[str]:
    """The names of the parts of a bare document whose texts show values that the one that is `there` does not have.

    Those are values that are secret by what is around them: a password in a body, a token in a URL or a script.
    """
    secrets, known = secrets_in(document), dumps(there)
    return [
        node.shown
        for node in nodes_of(document, kind)
        if any(
            dumps(text[start:end])[1:-1] not in known for text in _texts(node.content) for start, end in secrets.spans(text)
        )
    ]


def _texts(part: JsonObject) -> Iterator[str]:
    waiting: list[Json] = [part]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value


def secret_rows(document: JsonObject, kind: str) -> Iterator[tuple[Node, Row]]:
    """Each row of a bare document that holds a secret, and the part that it stands in."""
    return ((node, row) for node, row in _rows(document, kind) if row.holds_secret)


def secret_names(document: JsonObject, kind: str) -> list[str]:
    """What holds a secret in a bare document."""
    return [_named(node, row) for node, row in secret_rows(document, kind)]


def _rows(document: JsonObject, kind: str) -> Iterator[tuple[Node, Row]]:
    return ((node, row) for node in nodes_of(document, kind) for row in rows_of(node.source))


def _named(node: Node, row: Row) -> str:
    name = str(row.row["key"])
    if not row.place or row.place[0] == "variable":
        return name
    return f"{name} of {node.shown}"
