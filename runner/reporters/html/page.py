"""The page of the HTML report: its template filled, with the data of the run embedded chunk by chunk."""

from __future__ import annotations

import pkgutil
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from runner.deep_json import dumps
from runner.errors import Interrupted
from runner.logs import json_visible, visible
from runner.model.collection import Item
from runner.model.json import Json, JsonArray, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.reporters.context import ReporterContext
from runner.reporters.html.about import description, folder_descriptions, scopes
from runner.reporters.html.choice import Choice
from runner.reporters.html.coverage import coverage_rows
from runner.reporters.html.trend import trend
from runner.reporters.text import clean, error_text, plural, size_text, time_text
from runner.results.evidence import SentRequest
from runner.results.failure import DIFFERS, Failure
from runner.results.figures import SlowRequest
from runner.results.snapshots import SnapshotCounts
from runner.results.spool import MaskedSpool
from runner.results.summary import Summary
from runner.version import __version__ as VERSION

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

SIGNS = {"-": "bad", "+": "good"}
"""The tone of a line that shows a difference, by its first character."""

CHUNK = 256_000
"""Characters of a chunk of data: small enough to be parsed while the user waits, large enough that there are few."""

LISTED = 100
"""Kinds of failures, and warnings, that the page lists; the filter shows all of them."""

FIRST = 10
"""The most kinds of failures that are shown above the timeline; the others are collapsed."""

SCRIPTS = ("base.js", "page.js", "list.js", "timeline.js", "body.js", "details.js")


ItemKey = tuple[int, str, tuple[str, ...]]
"""What identifies an item: the number of its collection in this run, its id, and the names of its folders."""


class Executions(Protocol):
    """What the page needs from a report: items by number, and the positions in the list that it links to."""

    items: dict[ItemKey, tuple[int, Item]]
    places: dict[str, int]
    iterations: MaskedSpool
    choice: Choice

    def finished_rows(self) -> Iterator[JsonArray]:
        """A short row for each execution."""

    def finished_details(self) -> Iterator[Iterator[str]]:
        """The details of each execution, as pieces of JSON."""


@dataclass(slots=True)
class Kind:
    """Failures that differ only in their iteration; the first one represents all."""

    failure: Failure
    count: int = 0


def write_page(file: TextIO, executions: Executions, summary: Summary, context: ReporterContext) -> None:
    """Write the page to `file`, piece by piece."""
    from markupsafe import Markup

    template = page_environment().from_string(own_file("page.html.j2"))
    markers = context.markers

    def mark(text: str) -> Markup:
        return Markup(markers.in_json(json_visible(text)))

    style, script = own_file("page.css"), "\n".join(map(own_file, SCRIPTS))
    chunks = {
        "iterations": lambda: in_chunks(map(whole, executions.iterations.values()), mark),
        "rows": lambda: in_chunks(map(whole, executions.finished_rows()), mark),
        "details": lambda: in_chunks(executions.finished_details(), mark),
    }
    facts = {"style": Markup(style), "script": Markup(script), "chunks": chunks, **_facts(executions, summary, context)}
    facts["run"] = mark(embedded(_run(executions, summary, context)))
    for piece in template.generate(facts):
        file.write(markers.in_xml(visible(piece)))


def page_environment() -> Environment:
    """The engine of the templates of pages: everything is escaped, a name that does not exist is a mistake."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "clean": clean,
        "hash": _hash,
    }
    return environment


def own_file(name: str) -> str:
    """The text of a file beside this one."""
    data = pkgutil.get_data("runner.reporters.html", name)
    assert data is not None
    return data.decode().replace("\r\n", "\n")


def _hash(text: str) -> str:
    """The hash by which a content security policy allows one inline style or script."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def embedded(value: Json) -> str:
    """A value as JSON that no HTML parser takes for markup, whatever its texts contain."""
    text = dumps(value, separators=(",", ":"), ensure_ascii=False)
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text


_ESCAPES = tuple((character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029")


def whole(value: Json) -> Iterator[str]:
    """A value as a single piece of JSON."""
    yield embedded(value)


def in_chunks(values: Iterable[Iterable[str]], mark: Callable[[str], Markup]) -> Iterator[tuple[int, Iterator[Markup]]]:
    """JSON lists of several values each, with the number of the first one; each value and list comes in pieces.

    A list must be read to its end before the next one is asked for.
    """
    numbered = iter(enumerate(values))
    following = next(numbered, None)

    def chunk() -> Iterator[Markup]:
        nonlocal following
        size, before = 0, "["
        while following is not None and size < CHUNK:
            for piece in following[1]:
                size += len(piece)
                yield mark(before + piece)
                before = ""
            following, before = next(numbered, None), ","
        yield mark("]")

    while following is not None:
        yield following[0], chunk()


def _run(executions: Executions, summary: Summary, context: ReporterContext) -> JsonObject:
    """What page.js needs besides the executions: the names of items and folders."""
    folders: dict[tuple[str, ...], int] = {}
    items: list[tuple[Item, int]] = []
    names = [run.started.collection.name for run in summary.runs]
    said: dict[tuple[str, ...], str] = {}
    for number, name in enumerate(names):
        above = (name,) if len(names) > 1 else ()
        own = folder_descriptions(summary.runs[number].started.collection)
        said |= {(*above, *path): text for path, text in own.items()}
    for (run, _, folder), (_, item) in executions.items.items():
        path = (names[run], *folder) if len(names) > 1 else folder
        for depth in range(1, len(path) + 1):
            folders.setdefault(path[:depth], len(folders))
        items.append((item, folders.get(path, -1)))
    named = {
        "items": [[item.name, folder, description(item)] for item, folder in items],
        "folders": [[*path] for path in folders],
        "about": [said.get(path, "") for path in folders],
        "collections": names,
    }
    return {**named, "duration": round(summary.duration, 1)}


def _facts(executions: Executions, summary: Summary, context: ReporterContext) -> dict[str, Any]:
    started = datetime.fromtimestamp((summary.started or 0) / 1000, UTC)
    name = ", ".join(run.started.collection.name for run in summary.runs) or "Collection"
    choice = executions.choice
    kinds = _kinds(one for one in summary.failures if choice.shows(one.path, one.item.name))
    title, browser_title = (chosen_title(context, key) for key in ("title", "browser-title"))
    return {
        "title": title or clean(name),
        "name": name,
        "version": VERSION,
        "failed": summary.failed,
        "verdict": _verdict(summary),
        "error": clean(error_text(summary.error)) if summary.error else "",
        "browser_title": browser_title,
        "date": choice.date(summary.started or 0),
        "iso": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "duration": spaced(time_text(summary.duration)),
        "counters": _counters(summary),
        "environment": summary.environment_name,
        "scopes": scopes(summary, choice),
        "about": [text for run in summary.runs if (text := description(run.started.collection))],
        "failures": len(summary.failures),
        "first": FIRST,
        "kinds": [_failure(kind, executions) for kind in kinds[:LISTED]],
        "more_kinds": max(0, len(kinds) - LISTED),
        "slowest": _slowest(summary, executions, context.options.slowest or 0),
        "coverage": coverage_rows(summary.coverage),
        "trend": trend(summary, context.options, choice),
        "warnings": summary.warnings[:LISTED],
        "more_warnings": max(0, len(summary.warnings) - LISTED),
    }


def _slowest(summary: Summary, executions: Executions, most: int) -> list[dict[str, Any]]:
    shown = [one for one in summary.slowest.kept if executions.choice.shows(one.path, one.item.name)]
    return [_slow(slow, executions) for slow in shown[:most]]


def chosen_title(context: ReporterContext, key: str) -> str:
    """A title that the user chose; empty without one."""
    return clean(context.secrets.mask(context.options.reporter_option("html", key) or ""))


def _verdict(summary: Summary) -> str:
    if isinstance(summary.error, Interrupted):
        return "Interrupted"
    if summary.error is not None or summary.finished is None:
        return "Ended early"
    return "Failed" if summary.failed else "Passed"


def _counters(summary: Summary) -> list[tuple[str, str, str, str]]:
    """Colour, name, number and note of each tile."""
    stats, spread = summary.stats, summary.spreads["response"]
    failures, wrong, warnings = len(summary.failures), stats["assertions"].failed, len(summary.warnings)
    items, tests = summary.skipped_items, summary.skipped_assertions
    passed = stats["assertions"].total - wrong - tests
    average = f"{spaced(time_text(spread.average))} on average" if spread.count else "no response"
    skipped = ", ".join(plural(count, word) for count, word in ((items, "request"), (tests, "test")) if count)
    others = f"{plural(wrong, 'assertion')}, {plural(failures - wrong, 'other')}"
    flaky = len(summary.flaky)
    again = f"passed in the end, {plural(summary.retries, 'attempt')} more" if flaky else ""
    covered = f"{summary.coverage.covered} of {len(summary.coverage.operations)} operations" if summary.coverage else ""
    return [
        ("plain", "Iterations", str(stats["iterations"].total), plural(stats["items"].total, "execution")),
        ("plain", "Requests", str(stats["requests"].total), average),
        ("plain", "Assertions", str(stats["assertions"].total), f"{passed} passed"),
        ("bad" if failures else "good", "Failures", str(failures), others if failures else "nothing failed"),
        *([("aside", "Flaky", str(flaky), again)] if flaky else []),
        ("aside" if skipped else "plain", "Skipped", str(items + tests), skipped or "nothing left out"),
        ("aside" if warnings else "plain", "Warnings", str(warnings), "see below" if warnings else "none"),
        *([_snapshots(summary.snapshots)] if summary.snapshots else []),
        *([("plain", "Contract", f"{summary.coverage.percent:.0f} %", covered)] if summary.coverage else []),
        ("plain", "Received", spaced(size_text(summary.response_total)), "in response bodies"),
    ]


def _snapshots(counts: SnapshotCounts) -> tuple[str, str, str, str]:
    wrong = counts.different + counts.missing
    return "bad" if wrong else "aside" if counts.unused else "good", "Snapshots", str(counts.matched), counts.said


def spaced(text: str) -> str:
    """A time or size as page.js writes it: with a space before its unit."""
    return re.sub(r"(?<=\d)(?=[A-Za-zµ])", " ", text)


def _kinds(failures: Iterable[Failure]) -> list[Kind]:
    kinds: dict[str, Kind] = {}
    for failure in failures:
        kinds.setdefault(failure.checksum, Kind(failure)).count += 1
    return list(kinds.values())


def _failure(kind: Kind, executions: Executions) -> JsonObject:
    failure = kind.failure
    return {
        "item": failure.item.name,
        "path": " / ".join(failure.path),
        "what": failure.test if failure.test is not None else failure.at,
        "diff": [(SIGNS.get(line[:1], ""), line) for line in failure.message.split("\n")]
        if failure.name == DIFFERS
        else [],
        "error": f"{failure.name}: {failure.message}" if failure.kind != "assertion" else failure.message,
        "at": failure.at,
        "hint": failure.hint,
        "requests": [_sent_text(request) for request in failure.requests if failure.requests[0].source != "item"],
        "iteration": failure.cursor.iteration + 1 if failure.cursor.cycles > 1 else None,
        "others": kind.count - 1,
        "row": executions.places.get(failure.cursor.ref),
    }


def _slow(slow: SlowRequest, executions: Executions) -> JsonObject:
    return {
        "time": spaced(time_text(slow.time)),
        "item": slow.item.name,
        "path": " / ".join(slow.path),
        "sent": _sent_text(slow.sent),
        "iteration": slow.cursor.iteration + 1 if slow.cursor.cycles > 1 else None,
        "row": executions.places.get(slow.cursor.ref),
    }


def _sent_text(request: SentRequest) -> str:
    """A request that a failure is about, with who sent it and what came back."""
    sender = {"script": "pm.sendRequest ", "auth": "auth "}.get(request.source, "")
    return f"{sender}{request.method} {request.url} → {request.code or 'no response'}"
