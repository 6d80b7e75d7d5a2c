"""The moments of an item at which scripts run."""

from __future__ import annotations

from dataclasses import replace

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A moment of an item at which scripts run: those of its collection, its folders and itself that `listen` to it.

    `sees_response` and `changes_request` say what the scripts may see and change beside variables; `may_skip`, whether
    `skipRequest` counts; `must_pass`, whether an error in one of them ends the item. To scripts the moment has the name
    `event_name`; collections and folders have theirs for it under `inherited`. Both are `listen` where they are empty.
    """

    listen: str
    event_name: str = ""
    inherited: str = ""
    sees_response: bool = False
    changes_request: bool = False
    may_skip: bool = False
    must_pass: bool = False


Phases = tuple[Phase, ...]
"""Those of an item, in running order. One that is a request and its response has two: before it, and after it."""

_BEFORE = Phase(listen="prerequest", changes_request=True, may_skip=True)
_AFTER = Phase(listen="test", sees_response=True)

HTTP = (_BEFORE, _AFTER)
HTTP_V3 = (
    replace(_BEFORE, event_name="beforeRequest", must_pass=True),
    replace(_AFTER, event_name="afterResponse"),
)
GRAPHQL_V3 = (
    replace(_BEFORE, event_name="beforeQuery", inherited="graphql:beforeQuery", must_pass=True),
    replace(_AFTER, event_name="afterResponse", inherited="graphql:afterResponse"),
)
