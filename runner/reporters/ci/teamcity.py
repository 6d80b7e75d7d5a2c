"""The `teamcity` reporter: service messages in the log of TeamCity, a test for each request."""

from __future__ import annotations

from collections.abc import Iterator

from runner.events import Event, RunStarted
from runner.reporters.ci.markdown import clip
from runner.reporters.context import ReporterContext
from runner.reporters.details import command_line, exchange_text
from runner.reporters.text import clean, console_of, error_text, path_text, plural
from runner.results.execution import Execution
from runner.results.summary import Summary

NAME = "teamcity"

MESSAGE, DETAILS, OUTPUT, PROBLEM = 1_000, 20_000, 20_000, 4_000
"""The most characters of a failed test's message and details, of its console, and of a build problem."""

MOST_DETAILS = 200
"""The most failed tests that are shown with the requests and responses of their failures."""

_PLAIN = {"|": "||", "'": "|'", "\n": "|n", "\r": "|r", "[": "|[", "]": "|]"}


class TeamCity:
    """Reports each request when it is over: TeamCity's tests have no result before they end.

    Attempts that do not count are tests of the same name before the last one, with TeamCity's support for retries on: what
    passed then is not a failure, and its history has it as flaky.
    """

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._silent = context.options.silent
        self._flow = context.entropy.uuid()
        self._suites: dict[str, str] = {}
        self._details = 0

    def on(self, event: Event) -> None:
        """Begin the suite of a collection."""
        if isinstance(event, RunStarted) and event.unit not in self._suites:
            self._suites[event.unit] = event.collection.name
            self._tell(event.unit, "testSuiteStarted", name=event.collection.name)

    def on_execution(self, execution: Execution) -> None:
        """Report a request as a test, after its earlier attempts."""
        name = path_text((*execution.path, execution.item.name))
        if execution.cursor.cycles > 1:
            name += f" (iteration {execution.cursor.iteration + 1})"
        if execution.attempts:
            self._tell(execution.unit, "testRetrySupport", enabled="true")
        for attempt in execution.attempts:
            self._test(execution.unit, name, attempt.execution, f"run again: {attempt.reason}")
        flaky = execution.flaky and self._context.options.fail_on_flaky
        self._test(execution.unit, name, execution, "flaky: passed only when it was run again" if flaky else "")
        if execution.attempts:
            self._tell(execution.unit, "testRetrySupport", enabled="false")

    def close(self, summary: Summary) -> None:
        """End the suites; what does not belong to a request is a build problem."""
        for unit, name in self._suites.items():
            self._tell(unit, "testSuiteFinished", name=name)
        problems = [error_text(error) for error in summary.errors]
        problems += [failure.message for failure in summary.failures if failure.kind == "warning"]
        for text in problems:
            self._tell("", "buildProblem", description=clip(text, PROBLEM - 100))
        if not summary.fail_on_warning:
            for text in dict.fromkeys(f"{one.where}: " * bool(one.where) + one.message for one in summary.warnings):
                self._tell("", "message", text=clip(text, PROBLEM), status="WARNING")
        if summary.spreads["response"].count:
            average = f"{summary.spreads['response'].average:.0f}"
            self._tell("", "buildStatisticValue", key="averageResponseTime", value=average)
        self._context.stream.flush()

    def _test(self, unit: str, name: str, execution: Execution, reason: str) -> None:
        self._tell(unit, "testStarted", name=name, captureStandardOutput="false")
        console = console_of(execution, self._context.secrets)
        if console:
            self._tell(unit, "testStdOut", name=name, out=clip(console, OUTPUT))
        failures = [": ".join(filter(None, (one.test or one.at, one.message))) for one in execution.failures]
        failures += [reason] if reason else []
        if failures:
            more = f" (and {plural(len(failures) - 1, 'more failure')})" if len(failures) > 1 else ""
            message = clip(failures[0], MESSAGE) + more
            details = clip("\n".join(self._told_of(execution, failures)), DETAILS)
            self._tell(unit, "testFailed", name=name, message=message, details=details)
        elif execution.skipped:
            self._tell(unit, "testIgnored", name=name, message=clip(f"skipped {execution.skip_reason}", MESSAGE))
        elif not execution.finished:
            self._tell(unit, "testIgnored", name=name, message="the run ended before it did")
        else:
            skipped = [one.assertion.name for one in execution.assertions if one.assertion.skipped]
            if skipped and len(skipped) == sum(1 for _ in execution.assertions):
                self._tell(unit, "testIgnored", name=name, message=clip(f"skipped: {', '.join(skipped)}", MESSAGE))
        duration = max(0, round(execution.ended - execution.started))
        self._tell(unit, "testFinished", name=name, duration=str(duration))

    def _told_of(self, execution: Execution, failures: list[str]) -> Iterator[str]:
        """All failures, their stacks, and each request that they are about, once."""
        yield from failures
        yield from (failure.stack for failure in execution.failures if failure.stack)
        if self._details >= MOST_DETAILS:
            return
        self._details += 1
        about = {id(sent): sent for failure in execution.failures for sent in execution.about(failure)}
        for sent in about.values():
            yield from ("", *exchange_text(sent), "", command_line(sent, self._context.options))

    def _tell(self, unit: str, kind: str, **values: str) -> None:
        if not self._silent:
            flow = {"flowId": f"{self._flow}-{unit}" if unit else self._flow}
            self._context.command(message(kind, **values, **flow))


def message(kind: str, **values: str) -> str:
    """A service message (`##teamcity[testStarted name='a']`) with its texts escaped."""
    return f"##teamcity[{kind} " + " ".join(f"{key}='{escaped(value)}'" for key, value in values.items()) + "]"


def escaped(text: str) -> str:
    """A text as a value of a service message: special characters and everything outside ASCII are escaped."""
    return "".join(_PLAIN.get(character) or _unicode(character) for character in clean(text))


def _unicode(character: str) -> str:
    if character.isascii():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"|0x{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))
