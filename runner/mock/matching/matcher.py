"""Which example answers a call: Postman's algorithm with its scores.

An example starts with 100. Its path takes off (`paths`), its parameters add or take off (`queries`), a body that was to
match adds 5. The highest score wins; among equals the one with fewer wildcards, then (if the settings say so) one whose
request has the body of the call, then one with a 2xx status, then the first by id. A body takes part in no bound: it has to
be equal for all.
"""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

from runner.mock.examples import Example
from runner.mock.matching.bodies import same_body
from runner.mock.matching.index import Index
from runner.mock.matching.paths import EXACT, Fit, Segments
from runner.mock.matching.queries import ALL, NONE, Pairs, Parameters, compare
from runner.mock.wishes import Settings, Wishes
from runner.model.quick_dataclass import dataclass, replace
from runner.server.messages import Call

START, SAME_BODY = 100, 5

NO_MATCH = "Double check your method and the request path and try again."
"""What Postman's mock servers say if no example fits."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An example that may answer a call: its score, and what made it."""

    example: Example
    fit: Fit
    parameters: Parameters = NONE
    body: bool = False
    same_body: bool = False

    @property
    def score(self) -> float:
        """The higher, the better."""
        return START - self.fit.lost - self.example.lost + self.parameters.score + (SAME_BODY if self.body else 0)

    @property
    def rank(self) -> tuple[float, int, bool, bool, str, int]:
        """What candidates are sorted by: the first one answers."""
        one = self.example
        return -self.score, self.fit.wildcards, not self.same_body, not 200 <= one.code < 300, one.id, one.order


@dataclass(frozen=True, slots=True)
class Match:
    """The candidates for a call, the winner first; without one `reason` says why. `dropped` are told with their reason."""

    ranked: tuple[Candidate, ...] = ()
    dropped: tuple[tuple[Example, str], ...] = ()
    reason: str = NO_MATCH
    chosen_by: str = ""


class Asked(NamedTuple):
    """A call with what matching needs of it."""

    call: Call
    path: Segments
    query: Pairs
    wishes: Wishes


class Matcher:
    """Matches calls with the examples of an index; with `all` also those are told that cannot win."""

    def __init__(self, index: Index, settings: Settings, *, all: bool = False) -> None:
        self._index = index
        self._settings = settings
        self._all = all

    def match(self, asked: Asked) -> Match:
        """The examples that may answer a call, in order."""
        call, path, query, wishes = asked
        if wishes.id:
            return self._by_id(call.method, wishes)
        names: set[int] | None = None
        named: list[Example] = []
        if wishes.name:
            named = [one for one in self._of(call.method, wishes) if one.name == wishes.name]
            if not named:
                return Match(reason=f"no example of {call.method} has the name {wishes.name!r}{_with_code(wishes)}")
            names = {one.order for one in named}
        candidates: list[Candidate] = []
        dropped: list[tuple[Example, str]] = []
        most = ALL if query and self._settings.match_query else 0
        for lost, fitting in self._index.fitting(call.method, path):
            if candidates and not self._all and max(one.score for one in candidates) > START - lost + most:
                break  # nothing that comes now can win
            for example, fit in fitting:
                if names is None or example.order in names:
                    self._take(asked, example, fit, candidates, dropped)
        if named and not candidates and not dropped:
            self._take(asked, min(named, key=lambda one: (one.id, one.order)), EXACT, candidates, dropped)
        candidates.sort(key=lambda one: one.rank)
        if self._settings.same_body_first:
            _same_body_first(call, candidates)
        reason = f"{NO_MATCH} ({dropped[0][0].title}: {dropped[0][1]})" if dropped else NO_MATCH
        return Match(tuple(candidates), tuple(dropped), reason, "x-mock-response-name" if named else "")

    def _take(
        self, asked: Asked, example: Example, fit: Fit, candidates: list[Candidate], dropped: list[tuple[Example, str]]
    ) -> None:
        """Put an example among the candidates, or among those that are out with the reason."""
        reason = self._refused(asked.call, asked.wishes, example)
        if reason:
            dropped.append((example, reason))
            return
        parameters = compare(asked.query, example.query) if self._settings.match_query else NONE
        candidates.append(Candidate(example, fit, parameters, asked.wishes.match_body and bool(example.request_body)))

    def _of(self, method: str, wishes: Wishes) -> list[Example]:
        examples = self._index.by_method.get(method, [])
        return [one for one in examples if str(one.code) == wishes.code] if wishes.code else examples

    def _by_id(self, method: str, wishes: Wishes) -> Match:
        """The example of an id; the one that the Postman API shows has the user's number before it."""
        for one in self._of(method, wishes):
            if one.id and (one.id == wishes.id or wishes.id.endswith(f"-{one.id}")):
                return Match((Candidate(one, EXACT),), chosen_by="x-mock-response-id")
        return Match(reason=f"no example of {method} has the id {wishes.id!r}{_with_code(wishes)}")

    def _refused(self, call: Call, wishes: Wishes, example: Example) -> str:
        """Why an example does not answer a call though its path fits, "" if it may."""
        if wishes.code and str(example.code) != wishes.code:
            return f"its status is {example.code}"
        if wishes.example and wishes.example not in (example.name, example.id):
            return "it has another name"
        for name in wishes.match_headers:
            if call.header(name).strip().lower() != example.request_headers.get(name, "").strip().lower():
                return f"its header {name} differs"
        wanted_type = example.request_headers.get("content-type", "") if wishes.match_body else ""
        if wishes.match_body and not same_body(call, example.request_body, wanted_type):
            return "its body differs"
        return ""


def _same_body_first(call: Call, candidates: list[Candidate]) -> None:
    """Put an example whose request has the body of the call before others of the same score."""
    equals = list(takewhile(lambda one: one.rank[:2] == candidates[0].rank[:2], candidates))
    for at, one in enumerate(equals if len(equals) > 1 else ()):
        if same_body(call, one.example.request_body, one.example.request_headers.get("content-type", "")):
            candidates.insert(0, replace(candidates.pop(at), same_body=True))
            return


def _with_code(wishes: Wishes) -> str:
    return f" and the status {wishes.code}" if wishes.code else ""
