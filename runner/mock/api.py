"""A mock server: answers calls with the saved examples of collections."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from runner.entropy import Entropy
from runner.mock.dynamic import DynamicSource
from runner.mock.examples import Example
from runner.mock.matching.explaining import details, summary
from runner.mock.matching.matcher import Asked, Match
from runner.mock.matching.paths import segments_of
from runner.mock.matching.queries import parameters_of
from runner.mock.recording import Recorder
from runner.mock.resources import Resources
from runner.mock.served import ANY_ORIGIN, Served, for_browsers
from runner.mock.simulation import Simulation, Simulator
from runner.mock.wishes import Settings, wishes_of
from runner.model.json import Json
from runner.model.quick_dataclass import replace
from runner.server.messages import Answer, Call, Later, Refused, json_answer

if TYPE_CHECKING:
    from runner.foreign.openapi.documents import Document
    from runner.mock.openapi.described import Described

NOT_FOUND, INVALID = "mockRequestNotFoundError", "mockRequestInvalidError"


class _State(NamedTuple):
    """What answers calls now; another one takes its place as a whole, because calls may be under way."""

    served: Served
    described: tuple[Described, ...]
    simulation: Simulation | None
    simulator: Simulator | None
    resources: Resources | None


class Mock:
    """The API of a mock server. With `explain` each answer tells why its example won, and why the next one lost."""

    def __init__(
        self,
        examples: Sequence[Example],
        settings: Settings,
        *,
        documents: Sequence[Document] = (),
        simulation: Simulation | None = None,
        seed: int | str | None = None,
        explain: bool = False,
        stateful: bool = False,
    ) -> None:
        self._settings = settings
        self._explain = explain
        self._seed = seed
        self._stateful = stateful
        self._dynamic = DynamicSource(Entropy(seed))
        self.recorder: Recorder | None = None
        """Answers what no example answers."""
        self._changing = threading.Lock()
        self._state = self._begin(self._served(examples), self._described(documents), simulation)

    def _served(self, examples: Sequence[Example]) -> Served:
        return Served(examples, self._settings, self._value, all=self._explain)

    def _value(self, name: str) -> Json:
        return self._dynamic(name)

    def _described(self, documents: Sequence[Document]) -> tuple[Described, ...]:
        if not documents:
            return ()
        from runner.mock.openapi.described import Described

        return tuple([Described(document, self._seed) for document in documents])

    def _begin(self, served: Served, described: tuple[Described, ...], simulation: Simulation | None) -> _State:
        simulator = None if simulation is None else Simulator(simulation, Entropy(self._seed))
        resources = Resources(served.first, Entropy(self._seed)) if self._stateful else None
        for one in described:
            one.reset()
        return _State(served, described, simulation, simulator, resources)

    def replace(
        self, examples: Sequence[Example], documents: Sequence[Document] = (), simulation: Simulation | None = None
    ) -> None:
        """Serve other examples, under other conditions, from now on; conditions that stay go on counting."""
        state = self._begin(self._served(examples), self._described(documents), simulation)
        with self._changing:  # or a reset meanwhile would bring back what was served before
            before = self._state
            self._state = state if simulation != before.simulation else state._replace(simulator=before.simulator)

    def answer(self, call: Call) -> Answer | Later:
        """The answer of the example that fits best, or an error; raises `Refused` for a call that a condition fails."""
        state = self._state
        delay = 0.0
        if state.simulator is not None:
            met = state.simulator.meet(call)
            if met.answer is not None:
                return met.answer.plus(ANY_ORIGIN)
            call, delay = met.call, met.delay
        wishes = wishes_of(call, self._settings)
        asked = Asked(call, segments_of(call.target), parameters_of(call.target), wishes)
        match = state.served.match(asked)
        told = (summary(match), *details(match)) if self._explain else (summary(match),)
        made = state.served.made(match.ranked[0], asked) if match.ranked else None
        chosen = wishes.id or wishes.name or wishes.code or wishes.example
        if self._settings.validate and not chosen and (wrong := invalid(call, state.described)) is not None:
            return replace(wrong, delay=delay + wishes.delay)
        if made is not None and wishes.dynamic:
            made, how = self._with_other_values(state, call, made)
            told = (f"{told[0]}, {how}", *told[1:])
        elif state.resources is not None and not chosen:
            kept = state.resources.answer(call, asked.path, made)
            if kept is not made:
                told = ("not there" if kept is None else f"{told[0]}, with state", *told[1:])
                match = Match(reason="This resource is not there.") if kept is None else match
            made = kept
        if made is None and self.recorder is not None and not chosen:
            return self._recorded(self.recorder, asked, delay + wishes.delay)
        if made is None:
            made = self._options(asked) if call.method == "OPTIONS" else not_found(match)
        return replace(made, delay=delay + wishes.delay, told=told)

    def _with_other_values(self, state: _State, call: Call, answer: Answer) -> tuple[Answer, str]:
        """The answer with random values by its schema, or as it is; and what is said about that."""
        reason = "no document says what else it may be"
        for one in state.described:
            found = one.dynamic(call, answer)
            if isinstance(found, Answer):
                return found, "with random values"
            reason = found
        return answer, f"as it is: {reason}"

    def _recorded(self, recorder: Recorder, asked: Asked, delay: float) -> Later:
        """The answer of the API that is recorded."""
        return lambda: replace(for_browsers(recorder.answer(asked.call, asked.path)), delay=delay)

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
        with self._changing:
            self._state = self._begin(self._state.served, self._state.described, self._state.simulation)

    def close(self) -> None:
        """End the script child that makes dynamic values, and the connections of the recorder."""
        self._dynamic.close()
        if self.recorder is not None:
            self.recorder.close()

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
        methods = self._state.served.methods_at(asked.path)
        if not methods:
            return not_found(Match())
        return Answer(204, headers=(*ANY_ORIGIN, ("Allow", ", ".join([*methods, "OPTIONS"]))))


def invalid(call: Call, described: Sequence[Described]) -> Answer | None:
    """The answer to a call that breaks the first document that describes it; None if nothing is wrong."""
    checks = next((found for one in described if (found := one.violated(call)) is not None), [])
    broken = [(check.name, violation) for check in checks for violation in check.violations]
    if not broken:
        return None
    listed = [
        {"check": name, "path": violation.path, "expected": violation.expected, "actual": violation.actual}
        for name, violation in broken
    ]
    texts = [f"{name}: {violation}" for name, violation in broken]
    message = f"The request is not as the document says: {'; '.join(texts)}"
    content = {"name": INVALID, "message": message, "header": "Invalid request", "violations": listed}
    told = ("invalid", *texts)
    return replace(json_answer({"error": content}, 422, ANY_ORIGIN), told=told)


def not_found(match: Match) -> Answer:
    """What Postman's mock servers answer if no example fits."""
    return error(404, NOT_FOUND, match.reason, "No matching requests")


def error(status: int, name: str, message: str, header: str) -> Answer:
    """An error in the form of Postman's mock servers."""
    return json_answer({"error": {"name": name, "message": message, "header": header}}, status, ANY_ORIGIN)
