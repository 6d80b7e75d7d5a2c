"""The examples that a mock server serves, ready to be matched and to be made into answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from runner.mock.examples import Example
from runner.mock.matching.index import Index
from runner.mock.matching.matcher import Asked, Candidate, Match, Matcher
from runner.mock.matching.paths import Segments
from runner.mock.templates import CallValues, Template
from runner.mock.wishes import Settings, Wishes
from runner.model.json import Json
from runner.server.messages import Answer, Call

ANY_ORIGIN = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "*"))
_BREAKS = str.maketrans({"\r": " ", "\n": " ", "\0": " "})


class Served:
    """A set of examples; `dynamic` gives the values of dynamic variables. With `all` matches name also what cannot win."""

    def __init__(
        self, examples: Sequence[Example], settings: Settings, dynamic: Callable[[str], Json], *, all: bool
    ) -> None:
        self._index = Index(examples, wildcards=settings.wildcards)
        self._matcher = Matcher(self._index, settings, all=all)
        self._dynamic = dynamic
        self._ready: dict[int, Answer] = {}

    def match(self, asked: Asked) -> Match:
        """The examples that may answer a call, in order."""
        return self._matcher.match(asked)

    def methods_at(self, path: Segments) -> list[str]:
        """The methods that have an example which fits a path."""
        return self._index.methods_at(path)

    def first(self, path: Segments) -> tuple[Answer, bool] | None:
        """What GET of a path is answered by the examples alone, and whether the one that answers has this very path."""
        target = "/" + "/".join(quote(segment, safe="") for segment in path)
        asked = Asked(Call("GET", target, target, (), ()), path, (), Wishes())
        ranked = self._matcher.match(asked).ranked
        if not ranked:
            return None
        fit = ranked[0].fit
        return self.made(ranked[0], asked), not fit.lost and not fit.captured

    def made(self, winner: Candidate, asked: Asked) -> Answer:
        """The answer that an example is; one without names is made once."""
        example = winner.example
        ready = self._ready.get(example.order)
        if ready is not None:
            return ready
        templates = (example.body, *(value for _, value in example.headers))
        static = all(one.data is not None for one in templates)
        values = None if static else self._values(winner, asked)
        headers = tuple([(name, _filled(value, values).translate(_BREAKS)) for name, value in example.headers])
        body = _filled(example.body, values).encode("utf-8", "surrogatepass")
        answer = for_browsers(Answer(example.code, body, headers=headers))
        if static:
            self._ready[example.order] = answer
        return answer

    def _values(self, winner: Candidate, asked: Asked) -> CallValues:
        captured: Mapping[str, str] = winner.fit.captured
        if winner.example.wildcard_query:
            given = dict(asked.query)
            named = {name: given[key] for name, key in winner.example.wildcard_query if key in given}
            captured = {**named, **captured}
        return CallValues(asked.call, captured, asked.path, asked.query, self._dynamic)


def for_browsers(answer: Answer) -> Answer:
    """An answer that scripts of any origin may read, unless its own headers say otherwise."""
    names = {name.lower() for name, _ in answer.headers}
    return answer.plus(tuple([header for header in ANY_ORIGIN if header[0].lower() not in names]))


def _filled(template: Template, values: CallValues | None) -> str:
    if values is None:
        assert template.data is not None
        return template.data.decode("utf-8", "surrogatepass")
    return template.filled(values)
