"""The variables that a script reads and sets, told from its text by a parser of JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from runner.flow.access import ANY, SCOPES, Access, Place
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass

Analyse = Callable[[Sequence[str]], Sequence[JsonObject]]
"""What tells the facts of texts (`runner/sandbox/analysis.py`): each has `facts` or, where it is not a script, `error`."""


@dataclass(frozen=True, slots=True)
class ScriptFlow:
    """What one script does. `jumps` are the names given to `setNextRequest`, `runs` those to `runRequest` (None: any).

    `ends` tells whether it may end the iteration, by `setNextRequest(null)`.
    """

    reads: tuple[Access, ...] = ()
    writes: tuple[Access, ...] = ()
    jumps: tuple[str | None, ...] = ()
    runs: tuple[str | None, ...] = ()
    ends: bool = False


class Scripts:
    """The analysed scripts of a collection: each text is parsed once."""

    def __init__(self, texts: Iterable[str], analyse: Analyse) -> None:
        distinct = list(dict.fromkeys(text for text in texts if text.strip()))
        self._found = dict(zip(distinct, analyse(distinct), strict=True)) if distinct else {}

    def flow_of(self, text: str, path: str, part: str, owner: str) -> ScriptFlow:
        """What a script does where it runs for an item; one that cannot be parsed may do anything."""
        found = self._found.get(text, {"facts": []})
        if "facts" not in found:
            return unknown(Place(path, part, owner, 1))
        facts = found["facts"]

        def names(do: str) -> tuple[str | None, ...]:
            return tuple(fact["name"] for fact in facts if fact["do"] == do)

        def accesses(do: str) -> tuple[Access, ...]:
            return tuple(
                Access(
                    fact["scope"],
                    fact["name"],
                    Place(path, part, owner, fact["line"]),
                    tuple(fact["refs"]),
                    removes=fact["gone"],
                )
                for fact in facts
                if fact["do"] == do
            )

        return ScriptFlow(accesses("read"), accesses("write"), names("jump"), names("run"), ends=bool(names("end")))


def unknown(place: Place) -> ScriptFlow:
    """What may do everything."""
    writes = tuple(Access(scope, None, place) for scope in SCOPES)
    return ScriptFlow((*writes, Access(ANY, None, place)), writes, (None,), (None,), ends=True)
