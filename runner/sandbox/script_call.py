"""The input and the result of a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runner.effects import Step
from runner.events import Cursor, ScriptError
from runner.model.collection import Item, Script
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.response import Cookie, Exchange, Response
from runner.variables.scopes import Scopes

RunItem = Callable[[str, Mapping[str, Json]], Step[Exchange | None]]
"""Runs another request of the collection for `pm.execution.runRequest`, given its id and local variables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptCall:
    """One script and everything that it can see.

    `path` has the names of the item's folders; `owner` is the name of the collection, folder or item that the script
    belongs to; `location` has the names from the collection down to the item. `listen` is the event that runs the script,
    `event_name` the name that the script sees for it, and the three flags say what the script may do then. The script's
    changes are applied to `scopes`. `request` is collection format JSON: the template before sending, the request as sent
    afterwards.
    """

    cursor: Cursor
    item: Item
    path: tuple[str, ...] = ()
    script: Script
    listen: str
    event_name: str = ""
    sees_response: bool = False
    changes_request: bool = False
    may_skip: bool = False
    owner: str = ""
    location: tuple[str, ...] = ()
    scopes: Scopes
    run_item: RunItem
    request: JsonObject
    response: Response | None = None
    cookies: tuple[Cookie, ...] = ()
    request_name: str = ""
    request_id: str = ""
    iteration_count: int = 1
    environment_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptResult:
    """The result of a script.

    `next_request` counts only if `set_next_request` is true; None then ends the iteration. `request` is the changed
    request as collection format JSON, or None if the script did not change it.
    """

    error: ScriptError | None = None
    set_next_request: bool = False
    next_request: str | None = None
    skip_request: bool = False
    request: JsonObject | None = None
    visualizer: JsonObject | None = None
