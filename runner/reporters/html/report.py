"""The `html` reporter: the whole run as one page that needs nothing else, neither a server nor the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappush, heappushpop
from typing import Any

from runner.events import (
    AssertionChecked,
    ConsoleLogged,
    Event,
    ItemStarted,
    IterationFinished,
    IterationStarted,
    RequestEvent,
    RunFinished,
    RunStarted,
    ScriptFinished,
)
from runner.model.collection import Item, Script
from runner.model.json import JsonArray, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.outputs import writing
from runner.reporters.context import ReporterContext
from runner.reporters.curl import curl_arguments, quoted
from runner.reporters.html.choice import choice_of
from runner.reporters.html.page import ItemKey, embedded, write_page
from runner.reporters.html.shapes import (
    BODY,
    bodies,
    console_shape,
    data_shape,
    finish_body,
    request_shape,
    script_shape,
)
from runner.reporters.json.shapes import assertion_json
from runner.reporters.report_files import report_path
from runner.reporters.script_lines import scripts_of
from runner.reporters.text import clean
from runner.results.execution import Execution
from runner.results.spool import MaskedSpool
from runner.results.summary import Summary
from runner.secrets import Secrets

NAME = "html"

PASSED, FAILED, SKIPPED, UNFINISHED, FLAKY = range(5)
"""The verdict on an execution for page.js. One that did not end (an interrupted run) has not passed."""

SHORT_BODY, ALL_BODIES = 2_000, 48_000_000
"""The characters of a body that are always shown, and of all bodies of a run together. Failures get the maximum, `BODY`."""

SEARCHED = 2_000
"""The most characters of test names and error messages that the search covers in one execution."""


def _bytes_again(secrets: Secrets, text: str) -> str:
    return secrets.mask_bytes(text.encode("latin-1")).decode("latin-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRequest:
    """What the list of executions shows of a request; `number` is its place in the spool, `span` its start and duration."""

    number: int
    source: str
    span: list[float]
    method: str
    url: str
    code: int
    size: int
    error: JsonObject | None


class HtmlReport:
    """Stores executions on disk as they end and writes the page when the run is over, so memory stays flat.

    jinja2 is imported when the page is written.
    """

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._secrets = context.secrets
        self._path = report_path(context, NAME, "html")
        self.choice = choice_of(context, NAME)
        piles = [MaskedSpool(context.secrets, {"bytes": _bytes_again}) for _ in range(4)]
        self.rows, self.details, self.requests, self.iterations = piles
        self.items: dict[ItemKey, tuple[int, Item]] = {}
        self.places: dict[str, int] = {}
        self._slowest: list[tuple[float, int, str]] = []
        self._iteration: list[Any] | None = None
        self._scripts: dict[str, Script] = {}
        self._iteration_version = 0
        self._run = 0
        self._runs: dict[str, int] = {}
        self._started = 0.0

    def on(self, event: Event) -> None:
        """Remember when the run and its iterations begin and end."""
        keep = _KEEPS.get(type(event))
        if keep is not None:
            keep(self, event)

    def close(self, summary: Summary) -> None:
        """Write the page; raises `ExportError`."""
        try:
            with writing(self._path) as file:
                write_page(file, self, summary, self._context)
        finally:
            for pile in (self.rows, self.details, self.requests, self.iterations):
                pile.close()

    def finished_details(self) -> Iterator[Iterator[str]]:
        """Every execution as the page shows it, with its bodies cut; in pieces, as it may have thousands of requests."""
        usual = max(SHORT_BODY, min(BODY, ALL_BODIES // max(1, self.requests.count)))
        for details in self.details.values():
            yield self._pieces(details, BODY if details["verdict"] == FAILED else usual)

    def _pieces(self, part: JsonObject, limit: int) -> Iterator[str]:
        """An execution, or one of the attempts before it, as JSON: everything before its requests, these, and the rest."""
        requests, main, attempts = part.pop("requests"), part.pop("main"), part.pop("attempts", [])
        before: JsonObject = {key: part.pop(key) for key in ("item", "iteration", "reason", "delay") if key in part}
        yield f'{embedded(before)[:-1]},"requests":['
        for place, number in enumerate(requests):
            request = self.requests.read(number)
            for body in bodies(request):
                finish_body(body, limit)
            if "curl" in request:  # quoted only now: secrets that become known later are masked in the plain text
                request["curl"] = clean(" ".join(["curl", *map(quoted, request["curl"])]))
            yield ("," if place else "") + embedded(request | ({"main": True} if place == main else {}))
        yield "],"
        if attempts:
            yield '"attempts":['
            for place, attempt in enumerate(attempts):
                yield "," if place else ""
                yield from self._pieces(attempt, limit)
            yield "],"
        yield embedded(part)[1:]

    def finished_rows(self) -> Iterator[JsonArray]:
        """Every execution as a row of the list, in the order in which page.js reads its fields."""
        for row in self.rows.values():
            row[10] = "\n".join(text for entry in row[10] for text in entry.values())[:SEARCHED]
            yield row

    def _since(self, wall: float) -> float:
        """Milliseconds from the beginning of the run to this moment."""
        return max(0.0, wall - self._started)

    def _run_started(self, event: RunStarted) -> None:
        self._started = self._started or event.started
        self._run = self._runs.setdefault(event.unit, len(self._runs))
        self._scripts = scripts_of(event.collection)
        if event.part:
            self._iteration_version = self._secrets.version
            self._iteration = [round(self._since(event.wall), 1), 0.0, [], self._run, event.part]

    def _iteration_started(self, event: IterationStarted) -> None:
        self._end_iteration(event)
        self._iteration_version = self._secrets.version
        data = data_shape(event.data)
        self._iteration = [round(self._since(event.wall), 1), 0.0, data, self._run, event.cursor.iteration]

    def _end_iteration(self, event: Event) -> None:
        if self._iteration is not None:
            self._iteration[1] = round(max(0.0, self._since(event.wall) - self._iteration[0]), 1)
            self.iterations.add(self._iteration, self._iteration_version)
        self._iteration = None

    def _item_started(self, event: ItemStarted) -> None:
        if self.choice.shows(event.path, event.item.name):
            self._number(self._run, event.item, event.path)

    def _number(self, run: int, item: Item, path: tuple[str, ...]) -> int:
        """The number of an item, in the order in which they first began."""
        number, _ = self.items.setdefault((run, item.id, path), (len(self.items), item))
        return number

    def on_execution(self, execution: Execution) -> None:
        """Store an execution: its row of the list and its details."""
        if not self.choice.takes(execution):
            return
        parts, requests = self._parts(execution)
        details: JsonObject = {
            "item": self._number(execution.run, execution.item, execution.path),
            "iteration": self.iterations.count,
            **parts,
        }
        if execution.attempts:
            details["attempts"] = [
                {"reason": attempt.reason, "delay": attempt.delay, **self._parts(attempt.execution, *attempt.within)[0]}
                for attempt in execution.attempts
            ]
        details["verdict"] = _verdict(execution)
        if execution.skipped:
            details["skipped"] = execution.skip_reason
        if execution.failed:
            self.places[execution.cursor.ref] = self.rows.count
        elif self._context.options.slowest:
            self._keep_slow(execution, self._context.options.slowest)
        self.rows.add(_row(details, requests, self._since(execution.started)))
        self.details.add(details)

    def _keep_slow(self, execution: Execution, most: int) -> None:
        """Keep the positions of the executions whose requests took longest; they include those of the slowest requests."""
        longest = max((sent.response.time for sent in execution.sent if sent.response), default=0.0)
        entry = (longest, -self.rows.count, execution.cursor.ref)
        self.places[execution.cursor.ref] = self.rows.count
        if len(self._slowest) < most:
            heappush(self._slowest, entry)
        else:
            _, _, ref = heappushpop(self._slowest, entry)
            del self.places[ref]

    def _parts(self, *executions: Execution) -> tuple[JsonObject, list[ListedRequest]]:
        """What happened in an execution, or in an attempt and what its scripts ran, by kind and in order."""
        requests: list[ListedRequest] = []
        parts: JsonObject = {"requests": [], "main": 0, "assertions": [], "scripts": [], "console": []}
        for execution in executions:
            before = execution.started
            for fact in execution.facts:
                if isinstance(fact, RequestEvent):
                    requests.append(self._put_aside(fact, before))
                elif isinstance(fact, AssertionChecked):
                    parts["assertions"].append({"listen": fact.listen, **assertion_json(fact)})
                elif isinstance(fact, ScriptFinished) and fact.error is not None:
                    parts["scripts"].append(script_shape(fact, self._scripts))
                elif isinstance(fact, ConsoleLogged):
                    parts["console"].append(console_shape(fact, self._secrets))
                before = fact.wall
        own = [place for place, request in enumerate(requests) if request.source == "item"]
        parts["main"] = own[-1] if own else len(requests) - 1  # an item that a script ran may have no request of its own
        parts["requests"] = [request.number for request in requests]
        return parts, requests

    def _put_aside(self, event: RequestEvent, before: float) -> ListedRequest:
        """Store a request, which may be one of thousands of its execution; returns what the list shows of it."""
        now = self._since(event.wall)
        start = self._since(before)  # what failed began after the event before it
        if event.exchange is not None:
            hops = [hop.response.timings.total for hop in event.exchange.hops]
            response = event.exchange.response
            start = max(0.0, now - max(sum(hops or [response.timings.total]), response.time))
        span = [round(min(start, now), 1), round(max(0.0, now - start), 1)]
        omit = self.choice.omit_of(event.item.name)
        shape = {**self.choice.without_headers(request_shape(event, self._secrets, omit)), "span": span}
        if not (omit.headers or omit.request_bodies or self.choice.headers):
            shape["curl"] = curl_arguments(event, insecure=self._context.options.insecure)
        answer = shape.get("response") or {}
        return ListedRequest(
            number=self.requests.add(shape),
            source=event.source,
            span=span,
            method=shape["method"],
            url=shape["url"],
            code=answer.get("code", 0),
            size=sum(answer.get("sizes", [])[:2]),
            error=shape.get("error"),
        )


def _verdict(execution: Execution) -> int:
    if execution.failed:
        return FAILED
    if execution.flaky:
        return FLAKY
    return SKIPPED if execution.skipped else PASSED if execution.finished else UNFINISHED


def _row(details: JsonObject, requests: list[ListedRequest], start: float) -> JsonArray:
    checks = details["assertions"]
    main = requests[details["main"]] if requests else None
    failed = sum("error" in check for check in checks)
    skipped = sum(check["skipped"] for check in checks)
    errors = [found["error"] for found in (*checks, *details["scripts"]) if "error" in found]
    errors += [request.error for request in requests if request.error is not None]
    texts = [{"assertion": check["assertion"]} for check in checks]
    texts += [{"text": f"{error['name']}: {error['message']}"} for error in errors]
    return [
        details["item"],
        details["iteration"],
        details["verdict"],
        *(main.span if main else [round(start, 1), 0]),
        main.code if main else 0,
        main.size if main else 0,
        [len(checks) - failed - skipped, failed, skipped],
        main.method if main else "",
        main.url if main else "",
        texts,
        [[*request.span, int(request.error is not None)] for request in requests if request is not main],
    ]


_KEEPS: dict[type[Event], Callable[[HtmlReport, Any], None]] = {
    RunStarted: HtmlReport._run_started,
    RunFinished: HtmlReport._end_iteration,
    IterationStarted: HtmlReport._iteration_started,
    IterationFinished: HtmlReport._end_iteration,
    ItemStarted: HtmlReport._item_started,
}
