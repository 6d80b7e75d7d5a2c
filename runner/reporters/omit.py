"""Headers and bodies that a report leaves out on request."""

from __future__ import annotations

from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.reporters.context import ReporterContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Omit:
    """Which parts of requests and responses a report does not show."""

    headers: bool = False
    request_bodies: bool = False
    response_bodies: bool = False


def omitted(context: ReporterContext, reporter: str) -> Omit:
    """What the options of this reporter leave out; they are the Postman CLI's, see `option_table.OMIT`."""

    def given(*names: str) -> bool:
        return any(context.flag(reporter, name) for name in names)

    return Omit(
        headers=given("omit-headers", "omit-all-headers-and-body"),
        request_bodies=given("omit-request-bodies", "omit-bodies", "omit-all-headers-and-body"),
        response_bodies=given("omit-response-bodies", "omit-bodies", "omit-all-headers-and-body"),
    )


def leave_out(found: JsonObject, omit: Omit) -> None:
    """Take out of a `request` and its `response`, in Newman's shapes, what the report does not show."""
    response = found.get("response")
    for part in (found["request"], response or {}):
        if omit.headers:
            part.pop("header", None)
    if omit.request_bodies:
        found["request"].pop("body", None)
    if omit.response_bodies and response is not None:
        response["stream"]["data"] = []
