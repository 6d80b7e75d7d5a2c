"""All that happened in a shard, in its report, so that the reports of all shards can be merged."""

from __future__ import annotations

from collections.abc import Iterator

from runner.deep_json import dumps
from runner.events import Event
from runner.model.json import JsonObject
from runner.reporters.context import ReporterContext
from runner.reporters.omit import Omit
from runner.results.spool import MaskedSpool
from runner.results.written.events import EventWriter


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
