"""A mock server: answers calls with the saved examples of collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from runner.entropy import Entropy
from runner.mock.dynamic import DynamicSource
from runner.mock.examples import Example
from runner.mock.matching.explaining import details, summary
from runner.mock.matching.index import Index
from runner.mock.matching.matcher import Asked, Candidate, Match, Matcher
from runner.mock.matching.paths import Segments, segments_of
from runner.mock.matching.queries import parameters_of
from runner.mock.recording import Recorder
from runner.mock.resources import Resources
from runner.mock.simulation import Simulation, Simulator
from runner.mock.templates import CallValues, Template
from runner.mock.wishes import Settings, Wishes, wishes_of
from runner.model.quick_dataclass import replace
from runner.server.messages import Answer, Call, Refused, json_answer

NOT_FOUND = "mockRequestNotFoundError"
ANY_ORIGIN = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "*"))
_BREAKS = str.maketrans({"\r": " ", "\n": " ", "\0": " "})


class Mock:
    """The API of a mock server. With `explain` each answer tells why its example won, and why the next one lost."""

    def __init__(
        self,
        examples: Sequence[Example],
        settings: Settings,
        *,
        simulation: Simulation | None = None,
        seed: int | str | None = None,
        explain: bool = False,
        stateful: bool = False,
    ) -> None:
        self._settings = settings
        self._explain = explain
        self._seed = seed
        self._dynamic = DynamicSource(Entropy(seed))
        self._ready: dict[int, Answer] = {}
        self._simulation: Simulation | None = None
        self._simulator: Simulator | None = None
        self._stateful = stateful
        self._resources: Resources | None = None
        self.recorder: Recorder | None = None
        """Answers what no example answers."""
        self.replace(examples, simulation)

    def replace(self, examples: Sequence[Example], simulation: Simulation | None = None) -> None:
        """Serve other examples, under other conditions, from now on."""
        if simulation != self._simulation:
            self._simulation = simulation
            self._simulator = None if simulation is None else Simulator(simulation, Entropy(self._seed))
        index = Index(examples, wildcards=self._settings.wildcards)
        self._index, self._matcher = index, Matcher(index, self._settings, all=self._explain)
        self._ready = {}
        self._forget()

    def _forget(self) -> None:
        """Go back to what the examples say there is."""
        self._resources = Resources(self._first, Entropy(self._seed)) if self._stateful else None

    def _first(self, path: Segments) -> tuple[Answer, bool] | None:
        """What GET of a path is answered by the examples alone, and whether the one that answers has this very path."""
        target = "/" + "/".join(quote(segment, safe="") for segment in path)
        asked = Asked(Call("GET", target, target, (), ()), path, (), Wishes())
        ranked = self._matcher.match(asked).ranked
        if not ranked:
            return None
        fit = ranked[0].fit
        return self._made(ranked[0], asked), not fit.lost and not fit.captured

    def answer(self, call: Call) -> Answer:
        """The answer of the example that fits best, or an error; raises `Refused` for a call that a condition fails."""
        delay = 0.0
        if self._simulator is not None:
            met = self._simulator.meet(call)
            if met.answer is not None:
                return met.answer.plus(ANY_ORIGIN)
            call, delay = met.call, met.delay
        wishes = wishes_of(call, self._settings)
        delay += wishes.delay
        asked = Asked(call, segments_of(call.target), parameters_of(call.target), wishes)
        match = self._matcher.match(asked)
        told = (summary(match), *details(match)) if self._explain else (summary(match),)
        made = self._made(match.ranked[0], asked) if match.ranked else None
        chosen = wishes.id or wishes.name or wishes.code or wishes.example
        if self._resources is not None and not chosen:
            kept = self._resources.answer(call, asked.path, made)
            if kept is not made:
                told = ("not there" if kept is None else f"{told[0]}, with state", *told[1:])
                match = Match(reason="This resource is not there.") if kept is None else match
            made = kept
        if made is None:
            made = self._otherwise(asked, match)
            told = made.told or told
        return Answer(made.status, made.body, made.content_type, made.headers, delay=delay, told=told)

    def _otherwise(self, asked: Asked, match: Match) -> Answer:
        """The answer to a call that no example answers."""
        call, wishes = asked.call, asked.wishes
        if self.recorder is not None and not (wishes.id or wishes.name or wishes.code or wishes.example):
            made = self.recorder.answer(call, asked.path)
            names = {name.lower() for name, _ in made.headers}
            return made.plus(tuple([header for header in ANY_ORIGIN if header[0].lower() not in names]))
        return self._options(asked) if call.method == "OPTIONS" else not_found(match)

    def refuse(self, call: Call, refused: Refused) -> Answer:
        """An error in the form of Postman's mock servers."""
        answer = error(refused.status, "mockServerError", refused.message, "Mock server error").plus(refused.headers)
        return replace(answer, told=(refused.message,))

    def key_name(self, call: Call) -> str:
        """Calls of a mock server carry no key of its own."""
        return ""

    def reset(self) -> None:
        """Begin again: with a seed dynamic values repeat."""
        self._dynamic.close()
        self._dynamic = DynamicSource(Entropy(self._seed))
        if self._simulation is not None:
            self._simulator = Simulator(self._simulation, Entropy(self._seed))
        self._forget()

    def close(self) -> None:
        """End the script child that makes dynamic values, and the connections of the recorder."""
        self._dynamic.close()
        if self.recorder is not None:
            self.recorder.close()

    def _made(self, winner: Candidate, asked: Asked) -> Answer:
        """The answer that an example is; one without names is made once."""
        example = winner.example
        ready = self._ready.get(example.order)
        if ready is not None:
            return ready
        templates = (example.body, *(value for _, value in example.headers))
        static = all(one.data is not None for one in templates)
        values = None if static else self._values(winner, asked)
        headers = tuple([(name, _filled(value, values).translate(_BREAKS)) for name, value in example.headers])
        names = {name.lower() for name, _ in headers}
        headers += tuple([header for header in ANY_ORIGIN if header[0].lower() not in names])
        body = _filled(example.body, values).encode("utf-8", "surrogatepass")
        answer = Answer(example.code, body, headers=headers)
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

    def _options(self, asked: Asked) -> Answer:
        """What OPTIONS gets without an example: leave for a browser to send its call, or the methods of a path."""
        call = asked.call
        method = call.header("access-control-request-method")
        if call.header("origin") and method:
            names = call.header("access-control-request-headers")
            headers = (("Access-Control-Allow-Methods", method), ("Access-Control-Max-Age", "600"))
            return Answer(
                204, headers=(*ANY_ORIGIN, *headers, *((("Access-Control-Allow-Headers", names),) if names else ()))
            )
        methods = self._index.methods_at(asked.path)
        if not methods:
            return not_found(Match())
        return Answer(204, headers=(*ANY_ORIGIN, ("Allow", ", ".join([*methods, "OPTIONS"]))))


def _filled(template: Template, values: CallValues | None) -> str:
    if values is None:
        assert template.data is not None
        return template.data.decode("utf-8", "surrogatepass")
    return template.filled(values)


def not_found(match: Match) -> Answer:
    """What Postman's mock servers answer if no example fits."""
    return error(404, NOT_FOUND, match.reason, "No matching requests")


def error(status: int, name: str, message: str, header: str) -> Answer:
    """An error in the form of Postman's mock servers."""
    return json_answer({"error": {"name": name, "message": message, "header": header}}, status, ANY_ORIGIN)
