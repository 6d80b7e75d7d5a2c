"""`run()`: load, run, report and export, for Python callers and for the command line alike."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from runner.chance import Chance
from runner.engine.plan import Plan, make_plan
from runner.errors import ExportError, PostrunnerError
from runner.formats.load import load_collection, load_data, load_environment
from runner.model.collection import Collection
from runner.model.variable import Environment, JsonObject, Variable
from runner.options import RunOptions
from runner.sandbox.session import Sandbox
from runner.secrets import Secrets

if TYPE_CHECKING:
    import httpx

    from runner.engine.run import Inputs
    from runner.engine.summary import Summary
    from runner.events import Event, RunFinished
    from runner.sandbox.child import Child
    from runner.transport.cassette import Cassette

Listener = Callable[["Event"], None]


def run(
    collection: str | Path | JsonObject | Collection,
    options: RunOptions | None = None,
    *,
    on_event: Listener | None = None,
    transport: httpx.BaseTransport | None = None,
    stream: TextIO | None = None,
    **fields: Any,
) -> Summary:
    """Run a collection and return its summary.

    `collection` is a path, a parsed document or a `Collection`. Options come as `RunOptions` or as keyword arguments of the
    same names. `on_event` gets every event; `transport` sends through any httpx transport instead of the network;
    reporters write to `stream` (default: none, so nothing is printed). Raises `LoadError`, `SelectionError`, `UsageError`.
    """
    options = options or RunOptions(**{"reporters": (), **fields})
    with ExitStack() as stack:
        return _run(_collection(collection), options, stack, on_event, transport, stream)


def run_command(collection: str, options: RunOptions, stream: TextIO, child: Child | None = None) -> int:
    """Run a collection for the command line: reports on `stream`, messages on standard error, exit code back."""
    with ExitStack() as stack:
        summary = _run(load_collection(collection), options, stack, None, None, stream, child)
    for problem in summary.problems:
        print(f"warning: {problem}", file=sys.stderr)
    return summary.exit_code(options)


def _collection(collection: str | Path | JsonObject | Collection) -> Collection:
    if isinstance(collection, Collection):
        return collection
    if isinstance(collection, dict):
        from runner.formats.v2 import parse_collection

        return parse_collection(collection)
    return load_collection(str(collection))


def _run(
    collection: Collection,
    options: RunOptions,
    stack: ExitStack,
    on_event: Listener | None,
    transport: httpx.BaseTransport | None,
    stream: TextIO | None,
    child: Child | None = None,
) -> Summary:
    plan = make_plan(collection, options.folder)
    chance = Chance(options.seed)
    sandbox = Sandbox(timeout_ms=options.timeout_script, chance=chance, child=child)
    stack.callback(sandbox.close)
    if plan.has_scripts:
        sandbox.start()  # V8 starts in its own process while the modules below are imported
    inputs = _inputs(plan, options)
    secrets = Secrets()
    for variable in (*inputs.environment.values, *inputs.globals.values, *collection.variables):
        secrets.add_variable(variable)

    from runner.engine.run import Doors, Run
    from runner.engine.summary import Summary
    from runner.files import Files
    from runner.reporters import make_reporting
    from runner.transport.client import Client
    from runner.transport.cookies import CookieJar

    jar = CookieJar()
    cassette = _cassette(options, secrets)
    stack.callback(_save, cassette)  # however the run ends
    client = Client(options, jar, chance, transport=transport, cassette=cassette)
    stack.callback(client.close)
    files = Files(options.working_dir, allow_outside=not options.no_insecure_file_read)
    doors = Doors(client=client, jar=jar, sandbox=sandbox, files=files, chance=chance, secrets=secrets)
    summary = Summary()
    reporting = make_reporting(options, stream, secrets)

    def emit(event: Event) -> None:
        summary.on(event)
        reporting.on(event)
        if on_event is not None:
            on_event(event)

    Run(inputs, options, doors, emit).run()
    unsaved = _save(cassette)
    problems = reporting.close(summary)
    summary.problems = (*unsaved, *problems, *_export(inputs, options, summary.finished))
    return summary


def _cassette(options: RunOptions, secrets: Secrets) -> Cassette | None:
    if not (options.record or options.replay or options.record_mode != "once"):
        return None
    from runner.transport.cassette import open_cassette

    return open_cassette(options, secrets)


def _save(cassette: Cassette | None) -> list[ExportError]:
    if cassette is None:
        return []
    from runner.export import write_text

    return cassette.save(write_text)


def _inputs(plan: Plan, options: RunOptions) -> Inputs:
    from runner.engine.run import Inputs

    return Inputs(
        plan=plan,
        environment=_variables(options.environment, "environment", options.env_var),
        globals=_variables(options.globals, "globals", options.global_var),
        rows=load_data(options.iteration_data) if options.iteration_data else (),
    )


def _variables(path: str | None, scope: str, pairs: tuple[tuple[str, str], ...]) -> Environment:
    """An environment or globals file with the values of the command line over it, in place where the file has the name."""
    loaded = load_environment(path, scope) if path else Environment(name=scope, scope=scope)
    values = list(loaded.values)
    for key, value in pairs:
        index = next((i for i, v in reversed(list(enumerate(values))) if v.key == key and not v.disabled), None)
        if index is None:
            values.append(Variable(key, value))
        else:
            values[index] = replace(values[index], value=value)
    return replace(loaded, values=tuple(values))


def _export(inputs: Inputs, options: RunOptions, finished: RunFinished | None) -> list[ExportError]:
    if finished is None:
        return []
    from runner import export

    collection = inputs.plan.collection
    variables = finished.collection_variables.values
    wanted: list[tuple[str | None, Callable[[str], object]]] = [
        (options.export_environment, lambda path: export.export_environment(path, finished.environment)),
        (options.export_globals, lambda path: export.export_globals(path, finished.globals)),
        (options.export_collection, lambda path: export.export_collection(path, collection, variables)),
    ]
    problems: list[ExportError] = []
    for path, write in wanted:
        try:
            if path:
                write(path)
        except ExportError as error:
            problems.append(error)
    return problems


__all__ = ["PostrunnerError", "run", "run_command"]
