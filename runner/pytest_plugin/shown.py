"""What pytest shows of a request: its failures, one line each, and request, response, command and console as sections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from runner.reporters.details import command_line, exchange_text
from runner.reporters.text import clean, console_text, error_text, one_line, plural, url_of
from runner.results.execution import Execution
from runner.results.failure import DIFFERS, Failure

if TYPE_CHECKING:
    from runner.errors import PostrunnerError
    from runner.options import RunOptions
    from runner.pytest_plugin.chain import Ran
    from runner.secrets import Secrets

Section = tuple[str, str]
"""Name and text."""


def said(error: PostrunnerError) -> str:
    """An error with its place and hint."""
    return error_text(error) + (f"\nhint: {error.hint}" if error.hint else "")


def shown_path(path: Path, root: Path) -> str:
    """A file from the root folder on, if it is in there."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def failure_line(failure: Failure) -> str:
    """One failure on one line: which test, what is wrong, and where; a difference from a snapshot line by line."""
    what = failure.test if failure.test is not None else failure.name
    if failure.name == DIFFERS:
        return "\n  ".join([one_line(what), *clean(failure.message).split("\n")])
    hint = f" ({failure.hint})" if failure.hint else ""
    return one_line(f"{what}: {failure.message}{hint} [{failure.at}]")


def failures_of(
    ran: Ran, own: Execution | None = None, *, options: RunOptions | None = None, without: Collection[Failure] = ()
) -> Iterator[str]:
    """The lines of all that failed in a request; what is not of its `own` execution says which request it is of.

    With `options` also what these make a failure.
    """
    for execution in ran.executions:
        mark = "" if execution is own else f"{name_of(execution)}: "
        yield from (mark + failure_line(failure) for failure in execution.failures if failure not in without)
        if options and options.fail_on_flaky and execution.flaky:
            yield f"{mark}passed only at attempt {execution.cursor.attempt + 1}"
    if options and ran.unsent and not options.allow_skipped_kinds:
        yield f"not sent: {ran.unsent}"


def before_text(ran: Iterable[Ran]) -> str:
    """The requests that ran before one, a line each."""
    executions = [execution for one in ran for execution in one.executions if not execution.within]
    lines = [f"{'FAILED' if one.failed else 'passed'} {name_of(one)}" for one in executions]
    return "\n".join([f"{plural(len(lines), 'request')}:", *lines])


def name_of(execution: Execution) -> str:
    """The path of a request, with its iteration if there are several."""
    path = one_line("/".join((*execution.path, execution.item.name)))
    return f"{path} [{execution.cursor.iteration}]" if execution.cursor.cycles > 1 else path


def sections_of(ran: Ran, options: RunOptions, secrets: Secrets) -> Iterator[Section]:
    """Request, response, command and console of each execution, and what was worth a warning."""
    for execution in ran.executions:
        mark = "" if execution is ran.own else f" ({name_of(execution)})"
        own = execution.own
        if own is not None:
            lines = list(exchange_text(own))
            for name, sign in (("request", ">"), ("response", "<")):
                yield name + mark, "\n".join(line for line in lines if line.startswith(sign))
            yield "curl" + mark, command_line(own, options)
        if console := "\n".join(clean(console_text(one, secrets, " ")) for one in execution.console):
            yield "console" + mark, console
        if execution.flaky:
            reasons = "; ".join(attempt.reason for attempt in execution.attempts)
            yield "flaky" + mark, clean(f"passed at attempt {execution.cursor.attempt + 1} (before: {reasons})")
    if ran.warnings:
        yield "warnings", clean("\n".join(ran.warnings))


def properties_of(ran: Ran) -> Iterator[tuple[str, str | int]]:
    """What a JUnit report tells of a request in a few words."""
    own = ran.own.own if ran.own is not None else None
    if own is None:
        return
    yield "url", one_line(url_of(own))
    if own.response is not None:
        yield "status", own.response.code
        yield "response_ms", own.response.time
