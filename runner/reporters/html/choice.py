"""What the HTML report shows of a run, and what the options exclude."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from runner.errors import UsageError
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Variable
from runner.reporters.context import ReporterContext
from runner.reporters.omit import Omit, omitted
from runner.results.execution import Execution

Names = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The names of what is excluded: folders, requests, their bodies, headers (lower case), variables of scopes."""

    omit: Omit
    only_fails: bool
    folders: Names
    requests: Names
    request_bodies: Names
    response_bodies: Names
    headers: Names
    environment: Names
    globals: Names
    zone: tzinfo
    zone_name: str

    def shows(self, path: Iterable[str], name: str) -> bool:
        """Whether a request of this name in these folders is shown."""
        return name not in self.requests and self.folders.isdisjoint(path)

    def takes(self, execution: Execution) -> bool:
        """Whether an execution is shown."""
        return self.shows(execution.path, execution.item.name) and (execution.failed or not self.only_fails)

    def omit_of(self, name: str) -> Omit:
        """What is left out of the requests of an item of this name."""
        return replace(
            self.omit,
            request_bodies=self.omit.request_bodies or name in self.request_bodies,
            response_bodies=self.omit.response_bodies or name in self.response_bodies,
        )

    def without_headers(self, shape: JsonObject) -> JsonObject:
        """A request with its response, without the excluded headers."""
        if not self.headers:
            return shape
        for part in (shape, shape.get("response")):
            if part and part.get("headers"):
                part["headers"] = [pair for pair in part["headers"] if pair[0].lower() not in self.headers]
        return shape

    def variables(self, scope: str, variables: Iterable[Variable]) -> list[Variable]:
        """The variables of a scope (`environment`, `globals` or another) that are shown."""
        hidden: Names = {"environment": self.environment, "globals": self.globals}.get(scope, frozenset())
        return [variable for variable in variables if variable.key not in hidden]

    def date(self, moment: float) -> str:
        """A moment, in milliseconds since the epoch, in the time zone of the report."""
        return f"{datetime.fromtimestamp(moment / 1000, self.zone):%Y-%m-%d %H:%M:%S} {self.zone_name}"


def choice_of(context: ReporterContext, reporter: str) -> Choice:
    """What the options of this reporter ask for; raises `UsageError`."""

    def names(option: str) -> Names:
        given = context.options.reporter_option(reporter, option) or ""
        return frozenset(name.strip() for name in given.split(",") if name.strip())

    zone = context.options.reporter_option(reporter, "timezone") or "UTC"
    return Choice(
        omit=omitted(context, reporter),
        only_fails=context.flag(reporter, "show-only-fails"),
        folders=names("skip-folders"),
        requests=names("skip-requests"),
        request_bodies=names("hide-request-body"),
        response_bodies=names("hide-response-body"),
        headers=frozenset(name.lower() for name in names("skip-headers")),
        environment=names("skip-environment-vars"),
        globals=names("skip-global-vars"),
        zone=_zone(zone, reporter),
        zone_name=zone,
    )


def _zone(name: str, reporter: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # KeyError: no such zone, or no table of zones on this machine
        where = f"--reporter-{reporter}-timezone"
        raise UsageError(f"there is no time zone {name!r}", where=where, hint="a name such as Europe/Berlin") from None
