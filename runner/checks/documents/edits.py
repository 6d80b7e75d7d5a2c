"""Changes single values in a text, and leaves every other byte as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from runner.checks.documents.document import Document, value_at
from runner.checks.documents.json import JsonDocument
from runner.checks.finding import Edit, Spot
from runner.deep_json import same
from runner.errors import InternalError
from runner.formats.format import Given
from runner.formats.places import Steps
from runner.formats.yaml.edit import edit
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """The replacement of the part of a text from `start` to `end`."""

    start: int
    end: int
    text: str


def changes_for(document: Document, edits: Sequence[Edit]) -> list[Change]:
    """The changes of a document's text for some edits, in order; of two that overlap only the first is kept."""
    if not isinstance(document, JsonDocument):
        return list(_differences(document.text, edit(document.text, _meant(document, edits), document.path)))
    found = sorted(_changes(document, list(dict.fromkeys(edits))), key=lambda change: change.start)
    kept: list[Change] = []
    for change in found:
        if not kept or change.start >= kept[-1].end:
            kept.append(change)
    return kept


def changed(document: Document, edits: Sequence[Edit]) -> str:
    """The text of a document after some edits, checked by parsing it again and comparing the value."""
    pieces, at = [], 0
    for change in changes_for(document, edits):
        pieces += [document.text[at : change.start], change.text]
        at = change.end
    text = "".join([*pieces, document.text[at:]])
    if isinstance(document, JsonDocument) and not same(Given(text, document.path).document, _meant(document, edits)):
        raise InternalError(ValueError(f"a fix would have changed more of {document.path} than it should"))
    return text


def _differences(before: str, after: str) -> Iterator[Change]:
    """The lines that differ between two texts."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Change(starts[first], starts[last], "".join(new[begin:end]))


def _changes(document: JsonDocument, edits: Sequence[Edit]) -> Iterator[Change]:
    spots = {spot for one in edits for spot in (one.spot, Spot(one.spot.steps, one.end), _next(one.spot.steps))}
    starts = document.starts(spots)
    for one in edits:
        start, following = starts[one.spot], _next(one.spot.steps)
        if not one.removed:
            yield Change(start, starts[Spot(one.spot.steps, one.end)], json.dumps(one.value, ensure_ascii=False)[1:-1])
        elif document.get(following.steps) is not None:
            yield Change(start, starts[following], "")


def _next(steps: Steps) -> Spot:
    """The steps to the next element of a list."""
    last = steps[-1]
    return Spot((*steps[:-1], last + 1) if isinstance(last, int) else steps)


def _meant(document: Document, edits: Sequence[Edit]) -> Json:
    """The value that a document must have after some edits, computed from its present value."""
    value, edits = document.read_again(), list(dict.fromkeys(edits))
    texts = [one for one in edits if not one.removed]
    for one in sorted(texts, key=lambda one: one.spot.at or 0, reverse=True):
        steps, start = document.element(one.spot)
        end = document.element(Spot(one.spot.steps, one.end))[1]
        holder, text = value_at(value, steps[:-1]), value_at(value, steps)
        assert isinstance(text, str)
        assert isinstance(holder, dict | list)
        holder[steps[-1]] = f"{text[:start]}{one.value}{text[end:]}"  # type: ignore[index]
    removed = [document.steps_in(one.spot.steps) for one in edits if one.removed]
    for steps in sorted(removed, key=lambda steps: str(steps[-1]).zfill(9), reverse=True):
        holder = value_at(value, steps[:-1])
        assert isinstance(holder, dict | list)
        del holder[steps[-1]]  # type: ignore[arg-type]
    return value
