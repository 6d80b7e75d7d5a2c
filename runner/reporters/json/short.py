"""The `json-summary` reporter: the few figures and failures that newman-reporter-json-summary writes, in its shape."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from runner.deep_json import indented
from runner.events import Event
from runner.logs import json_visible
from runner.model.json import JsonObject
from runner.outputs import is_folder, write_text
from runner.reporters.context import ReporterContext
from runner.reporters.report_files import FOLDER
from runner.results.failure import Failure
from runner.results.summary import Summary

NAME = "json-summary"


class JsonSummary:
    """Writes one short JSON document when the run is over; the path may be given as that package names it, too."""

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        option = context.options.reporter_option
        chosen = option(NAME, "summary-json-export") or option(NAME, "export")
        name = f"summary-{context.clock.file_stamp()}.json"
        if not chosen or chosen == "true":
            self._path = Path(FOLDER, name)
        else:
            self._path = Path(chosen, name) if is_folder(chosen) else Path(chosen)

    def on(self, event: Event) -> None:
        """Nothing is written before the run is over."""

    def close(self, summary: Summary) -> None:
        """Write the document; raises `ExportError`."""
        text = indented(summary_json(summary))
        write_text(self._path, self._context.markers.in_json(json_visible(text)))


def summary_json(summary: Summary) -> JsonObject:
    """The whole document; with several collections the first one is named, as in the `json` report."""
    collection = summary.collection
    stats = {name.capitalize(): asdict(summary.stats[name]) for name in ("requests", "assertions")}
    named = {"Name": collection.name, "Id": collection.id} if collection else {}
    failures = [_failure_json(failure) for failure in summary.failures]
    return {
        "Collection": {"Info": named},
        "Run": {"Stats": stats, "Failures": failures, "Timings": summary.timings},
    }


def _failure_json(failure: Failure) -> JsonObject:
    parent = failure.parent
    return {
        "Parent": {"Name": parent.name if parent else "", "Id": parent.id if parent else ""},
        "Source": {"Name": failure.item.name, "Id": failure.item.id},
        "Error": {"Message": failure.message, **({"Test": failure.test} if failure.test is not None else {})},
    }
