"""Our own part of the report: which run it is of and, of a shard, all that happened, so that shards can be merged."""

from __future__ import annotations

from collections.abc import Iterator

from runner.deep_json import dumps
from runner.events import Event
from runner.model.json import JsonObject
from runner.reporters.context import ReporterContext
from runner.reporters.omit import Omit
from runner.results.spool import MaskedSpool
from runner.results.whole import Whole
from runner.results.written.events import EventWriter

KEY = "postrunner"
"""The one key of the report that Newman's has not."""

SCHEMA = 1
"""The version of what stands under that key: another one is not read."""


class ShardEvents:
    """Puts the events of a shard aside, masked, until they are written."""

    def __init__(self, context: ReporterContext, omit: Omit) -> None:
        self._writer = EventWriter()
        self._spool = MaskedSpool(context.secrets)
        self._omit = omit

    def hear(self, event: Event) -> None:
        """Put an event aside without what the report leaves out."""
        found = self._writer.shape(event)
        _leave_out(found, self._omit)
        self._spool.add(found)

    def lines(self) -> Iterator[str]:
        """Each event as JSON on one line."""
        return (dumps(event, separators=(",", ":")) for event in self._spool.values())

    def close(self) -> None:
        """Give the temporary file back."""
        self._spool.close()


def head(whole: Whole, options: JsonObject) -> JsonObject:
    """What is said of the run; of a shard also what of the whole it is, and the options that decide what fails."""
    found: JsonObject = {"schema": SCHEMA, "plan": whole.plan, "shard": {"index": whole.index, "count": whole.count}}
    if not whole.sharded:
        return found
    parts = [
        {
            "unit": one.unit,
            "key": one.key,
            "items": [*one.items],
            "own": [*one.own],
            **({} if one.iterations is None else {"iterations": [*one.iterations]}),
            **({"path": one.path} if one.path else {}),
        }
        for one in whole.collections
    ]
    return {**found, "narrowed": whole.narrowed, "options": options, "collections": parts}


def _leave_out(found: JsonObject, omit: Omit) -> None:
    """Take out of the JSON of an event what the report does not show; other bodies stand in Newman's part alone."""
    exchange = found.get("exchange", {})
    sent = [exchange["request"]] if exchange else []
    hops = exchange.get("hops", [])
    got = [hop["response"] for hop in hops if "response" in hop]
    if omit.headers:
        for part in (found.get("request", {}), exchange.get("response", {}), *got):
            part.pop("headers", None)
        for part in (*sent, *hops):
            part["headers"] = []
    if omit.request_bodies:
        found.get("request", {}).pop("body", None)
        for part in sent:
            part.pop("body", None)
    if omit.response_bodies:
        for part in got:
            part.pop("body", None)
