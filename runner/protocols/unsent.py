"""Items of kinds that cannot be sent yet: each is reported as skipped, which is not a success."""

from __future__ import annotations

from collections.abc import Callable

from runner.effects import Performers, Step
from runner.events import Warned
from runner.model.response import Exchange
from runner.protocols.protocol import ItemContext, Parts, World


class Unsent:
    """Skips every item."""

    def __init__(self, parts: Parts) -> None:
        self._allowed = parts.options.allow_skipped_kinds

    def steps(self, item: ItemContext) -> Step[Exchange | None]:
        """Skip one item, and say why."""
        kind = item.place.item.kind
        item.skip(f"because items of the kind {kind} cannot be sent yet")
        more = "" if self._allowed else ": the run fails, --allow-skipped-kinds lets it pass"
        message = f"items of the kind {kind} cannot be sent yet, and are skipped{more}"
        yield Warned(code="skipped-kind", message=message, where=item.place.item.name, cursor=item.place.cursor)
        return None

    def add_performers(self, performers: Performers, world: World) -> None:
        """Nothing is asked for."""

    def remember(self) -> Callable[[], None]:
        """There is no state."""
        return lambda: None


def open_protocol(parts: Parts) -> Unsent:
    """What skips the items of one run."""
    return Unsent(parts)
