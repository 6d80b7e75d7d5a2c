"""What a report leaves out on request: headers and bodies."""

from __future__ import annotations

from dataclasses import dataclass

from runner.model.variable import JsonObject
from runner.reporters import ReporterContext

OMIT_OPTIONS = ("omit-headers", "omit-request-bodies", "omit-response-bodies", "omit-bodies", "omit-all-headers-and-body")
"""The options of a reporter that can leave something out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Omit:
    """Which parts of requests and responses a report does not show."""

    headers: bool = False
    request_bodies: bool = False
    response_bodies: bool = False


def omitted(context: ReporterContext, reporter: str) -> Omit:
    """What the options of this reporter leave out.

    The options are those of the Postman CLI, in kebab case or as Postman writes them: `omit-headers` (`omitHeaders`),
    `omit-request-bodies`, `omit-response-bodies`, `omit-bodies` for both, and `omit-all-headers-and-body` for everything.
    """

    def given(*names: str) -> bool:
        return any(context.flag(reporter, spelling) for name in names for spelling in (name, _camel_case(name)))

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
        response["stream"]["data"] = ""


def _camel_case(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)
