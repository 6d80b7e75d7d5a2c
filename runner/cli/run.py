"""`postrunner run`: run a collection, report, export."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from click.core import ParameterSource

from runner.cancel import Cancel
from runner.cli.config import TELLING, Config, load_config
from runner.cli.early import EarlyChild
from runner.cli.options import RunCommand, run_options, run_parameters
from runner.errors import FileUnreadable, UsageError
from runner.logs import Log, Markers
from runner.options import RunOptions

MAGIC = frozenset("*?[")
DASHES = ("\N{EN DASH}", "\N{EM DASH}", "\N{MINUS SIGN}", "\N{NON-BREAKING HYPHEN}")
"""Characters that word processors put in place of hyphens."""


def _run(collections: tuple[str, ...], **_: Any) -> int:
    names, options = given(collections)
    return run_given(names, options)


def given(collections: Sequence[str]) -> tuple[tuple[str, ...], RunOptions]:
    """The collections (or patterns) and options of the command line and the configuration.

    Raises `UsageError`.
    """
    config = load_config()
    for name in config.unknown:
        print(f"warning: {name} is not an option of postrunner", file=sys.stderr)
    options = run_options(click.get_current_context(), config)
    if options.ci_safe:
        _break_all_markers()
    _tell_what_weakens(config, options)
    names = tuple(collections) or config.collections
    if not names:
        raise UsageError("there is no collection to run", hint=_missing_hint(click.get_current_context().meta["taken"]))
    return names, options


def run_given(names: Sequence[str], options: RunOptions, cancel: Cancel | None = None) -> int:
    """Run these collections, or show what would run; returns the exit code. `cancel` ends the run in order."""
    names = expand(names)
    if options.list_items:
        from runner.cli.list_items import list_items

        return list_items(names, options, sys.stdout)
    if options.dry_run:
        from runner.cli.dry_run import dry_run

        return dry_run(names, options, sys.stdout)
    return _run_all(names, options, cancel)


def _tell_what_weakens(config: Config, options: RunOptions) -> None:
    """Warn in one line on standard error about settings that weaken the run and were not typed."""
    if not (config.places or options.verbose or TELLING & set(os.environ)):
        return
    from runner.cli.weakened import weakened

    ctx = click.get_current_context()
    typed = {name for name in ctx.params if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    line = weakened(config, options, typed | set(ctx.meta["reporter_options"]), os.environ)
    if line is not None:
        print(f"warning: {line}", file=sys.stderr)


def _break_all_markers() -> None:
    """Apply `ci_safe` of the configuration; the command line has been checked earlier."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Log):
            stream.markers = Markers({}, always=True)


def _missing_hint(taken: Mapping[str, str]) -> str:
    """The hint for a missing collection; a reporter option may have taken its name (`taken`: option → word)."""
    option = next((option for option, word in taken.items() if os.path.isfile(word)), None)
    if option is not None:
        return f"{option} took {taken[option]} as its value: name the collection before it"
    return "name a file: postrunner run collection.json"


def _run_all(names: Sequence[str], options: RunOptions, cancel: Cancel | None) -> int:
    early: EarlyChild = click.get_current_context().obj
    child = early.take(names[0])
    try:
        from runner.api import run_command

        return run_command(names, options, sys.stdout, child, on_event=lambda event: gc.enable(), cancel=cancel)
    finally:
        if child is not None:
            child.close()


def is_pattern(name: str) -> bool:
    """Whether this is a file pattern rather than a URL or a file."""
    return bool(set(name) & MAGIC) and not is_url(name) and not os.path.exists(name)


def is_url(name: str) -> bool:
    """Whether this is the address of a collection."""
    return name.lower().startswith(("http://", "https://"))


def expand(names: Sequence[str]) -> tuple[str, ...]:
    """The names with file patterns (`*`, `?`, `**`) replaced by the files they match, in order; raises `FileUnreadable`."""
    return tuple(found for name in names for found in _expanded(name))


def _expanded(name: str) -> Iterator[str]:
    if not name.strip():
        raise UsageError("the name of a collection is empty", hint="is a variable not set?")
    if name[:1] in DASHES and not os.path.exists(name):
        raise UsageError(f"{name!r} begins with a typographic dash", hint="type a plain hyphen: -")
    if not is_pattern(name):
        yield name
        return
    from glob import glob

    try:
        found = sorted(glob(name, recursive=True))
    except UnicodeEncodeError:  # half of a surrogate pair: no file has such a name
        found = []
    if not found:
        raise FileUnreadable("matches no file", where=name)
    yield from found


command = RunCommand(
    "run",
    callback=_run,
    params=[click.Argument(["collections"], nargs=-1, metavar="COLLECTION..."), *run_parameters()],
    help="""Run each COLLECTION: a file, a pattern such as 'tests/*.json', a URL, or a Postman UID.

    Several run one after the other, each with its own variables and cookies, with one report and one exit code.
    Options may also stand in postrunner.toml, in [tool.postrunner] of pyproject.toml, in .newmanrc and in environment
    variables (POSTRUNNER_TIMEOUT_REQUEST=5000).""",
    short_help="Run a collection.",
    epilog="""\b
Exit codes:
  0        everything passed
  1        an assertion, script or request failed, a selection was empty,
           or a report could not be written (0 with -x)
  2        a mistake on the command line or in a file: nothing was run
  130/143  interrupted by Ctrl-C / SIGTERM; the reports are written""",
)
