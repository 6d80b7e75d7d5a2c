"""The moments of an item at which scripts run."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A moment of an item at which scripts run: those of its collection, its folders and itself that `listen` to it.

    `sees_response` and `changes_request` say what the scripts may see and change beside variables; `may_skip`, whether
    `skipRequest` counts.
    """

    listen: str
    sees_response: bool = False
    changes_request: bool = False
    may_skip: bool = False


PREREQUEST = Phase(listen="prerequest", changes_request=True, may_skip=True)
TEST = Phase(listen="test", sees_response=True)
