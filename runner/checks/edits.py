"""Changes single values of a JSON text and leaves every other byte as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy

from runner.checks.document import JsonDocument
from runner.checks.finding import Edit, Spot
from runner.deep_json import same
from runner.errors import InternalError
from runner.formats.format import Given
from runner.formats.places import Steps
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a text, from `start` to `end`, and the text that takes its place."""

    start: int
    end: int
    text: str


def changes_for(document: JsonDocument, edits: Iterable[Edit]) -> list[Change]:
    """The changes of a document's text for some edits, in order; of two that overlap only the first is made."""
    wanted = list(dict.fromkeys(edits))
    found = sorted(_changes(document, wanted), key=lambda change: change.start)
    kept: list[Change] = []
    for change in found:
        if not kept or change.start >= kept[-1].end:
            kept.append(change)
    return kept


def changed(document: JsonDocument, edits: Sequence[Edit]) -> str:
    """The text of a document after some edits; what it says was compared with what was meant."""
    pieces, at = [], 0
    for change in changes_for(document, edits):
        pieces += [document.text[at : change.start], change.text]
        at = change.end
    text = "".join([*pieces, document.text[at:]])
    if not same(Given(text, document.path).document, _meant(document, edits)):
        raise InternalError(ValueError(f"a fix would have changed more of {document.path} than it should"))
    return text


def _changes(document: JsonDocument, edits: Sequence[Edit]) -> Iterator[Change]:
    spots = {spot for edit in edits for spot in (edit.spot, Spot(edit.spot.steps, edit.end), _next(edit.spot.steps))}
    starts = document.starts(spots)
    for edit in edits:
        start = starts[edit.spot]
        if not edit.removed:
            yield Change(start, starts[Spot(edit.spot.steps, edit.end)], json.dumps(edit.value, ensure_ascii=False)[1:-1])
        elif document.get(_next(edit.spot.steps).steps) is not None:
            yield Change(start, starts[_next(edit.spot.steps)], "")


def _next(steps: Steps) -> Spot:
    """The element behind one of a list."""
    last = steps[-1]
    return Spot((*steps[:-1], last + 1) if isinstance(last, int) else steps)


def _meant(document: JsonDocument, edits: Sequence[Edit]) -> Json:
    """The value of a document after some edits, made from the value itself."""
    value = deepcopy(document.value)
    texts = [edit for edit in edits if not edit.removed]
    for edit in sorted(texts, key=lambda edit: edit.spot.at or 0, reverse=True):
        steps, start = document.element(edit.spot)
        end = document.element(Spot(edit.spot.steps, edit.end))[1]
        holder = _at(value, steps[:-1])
        text = _at(value, steps)
        assert isinstance(text, str)
        assert isinstance(holder, dict | list)
        holder[steps[-1]] = f"{text[:start]}{edit.value}{text[end:]}"  # type: ignore[index]
    for edit in sorted(
        (edit for edit in edits if edit.removed), key=lambda edit: str(edit.spot.steps[-1]).zfill(9), reverse=True
    ):
        holder = _at(value, edit.spot.steps[:-1])
        assert isinstance(holder, list)
        del holder[edit.spot.steps[-1]]  # type: ignore[arg-type]
    return value


def _at(value: Json, steps: Steps) -> Json:
    for step in steps:
        assert isinstance(value, dict | list)
        value = value[step]  # type: ignore[index]
    return value
