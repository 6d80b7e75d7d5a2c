"""What the collections of one call have in common, from the files they start from to the files they leave."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from runner.chance import Chance
from runner.descriptors import own_descriptor
from runner.engine.plan import Plan, make_plan
from runner.engine.remarks import weakening
from runner.errors import ExportError, RunAborted, SandboxError, UsageError
from runner.interruption import undisturbed
from runner.model.collection import Collection
from runner.model.variable import JsonObject
from runner.option_values import parse_size, script_memory_mb
from runner.options import RunOptions
from runner.output_options import EXPORTS, check_outputs
from runner.sandbox.sandbox import Sandbox
from runner.secrets import Secrets, Unmasked
from runner.sources import Sources, environ_of, jar_maker, load_environments, load_globals, load_rows

if TYPE_CHECKING:
    import httpx

    from runner.auth import TokenStore
    from runner.cassettes.cassette import Cassette
    from runner.cookies.jar import CookieJar
    from runner.engine.ports import Inputs
    from runner.engine.summary import Summary
    from runner.events import Event, RunFinished
    from runner.sandbox.child import Child

Listener = Callable[["Event"], None]
AnyCollection = str | Path | JsonObject | Collection


def load_plans(collections: Iterable[AnyCollection], options: RunOptions) -> list[Plan]:
    """What each collection runs under these options; raises `UsageError`, `LoadError` and `SelectionError`."""
    try:
        os.getcwd()
    except OSError:
        raise UsageError("the current folder is gone or may not be read", hint="change to a folder that is there") from None
    return [make_plan(_load(c, options), (*options.folder, *options.item), options.exclude) for c in collections]


def _load(collection: AnyCollection, options: RunOptions) -> Collection:
    if isinstance(collection, Collection):
        return collection
    if isinstance(collection, dict):
        from runner.formats.v2 import parse_collection

        return parse_collection(collection)
    return Sources(options).collection(os.fspath(collection))


class Session:
    """What the collections of one call have in common: the secrets, the reporters, the summary, the time limit."""

    def __init__(
        self,
        options: RunOptions,
        stack: ExitStack,
        on_event: Listener | None = None,
        transport: httpx.BaseTransport | None = None,
        stream: TextIO | None = None,
        child: Child | None = None,
    ) -> None:
        self.options = options
        self.secrets = make_secrets(options)
        self._stack = stack
        self._on_event = on_event
        self._transport = transport
        self._stream = stream
        self._child = child
        self._warns = options.script_confinement == "warn"
        self._environ = environ_of(options, os.environ)
        self._chance = Chance(options.seed)
        self._tokens: TokenStore | None = None
        self._cassette: Cassette | None = None

    def load(self, collections: Sequence[AnyCollection]) -> list[Inputs]:
        """What each collection starts from: all files are loaded before the first request."""
        if not collections:
            raise UsageError("there is no collection to run")
        plans = load_plans(collections, self.options)
        check_outputs(self.options, len(plans))
        self._sandboxes = [self._sandbox(plans[0])]
        first = load_inputs(plans[0], self.options)  # the same for all: a pipe gives it only once
        inputs = [first, *(replace(first, plan=plan) for plan in plans[1:])]
        inputs = [replace(one, warnings=(*one.warnings, *weakening(one.plan, self.options))) for one in inputs]
        self._new_jar = jar_maker(self.options)
        if self.options.token_cache:
            inputs[0] = self._load_tokens(inputs[0])
        for one in inputs:
            for variable in (*one.environment.values, *one.globals.values, *one.plan.collection.variables):
                self.secrets.add_variable(variable)
        if self.options.record or self.options.replay or self.options.record_mode != "once":
            inputs[0] = self._open_cassette(inputs[0])
        return inputs

    def run(self, inputs: Sequence[Inputs]) -> Summary:
        """Run all collections with one report; whatever ends the run, reports and exports are written whole."""
        from runner.engine.summary import Summary
        from runner.reporters import make_reporting

        with undisturbed():
            self._summary = Summary()
            self._reporting = make_reporting(self.options, self._stream, self.secrets)
            limit = self.options.timeout
            deadline = time.monotonic() + limit / 1000 if limit else None
            problems: list[ExportError] = []
            names = _names([one.plan for one in inputs]) if len(inputs) > 1 else [""]
            for one, name in zip(inputs, names, strict=True):
                sandbox = self._sandboxes.pop() if self._sandboxes else self._sandbox(one.plan)
                jar = self._run_one(one, sandbox, deadline)
                finished = self._summary.finished
                problems += _export(one, self.options, finished, jar, name, self._chance, self.secrets, self._emit)
                problems += _export_variables(self.options, finished, self.secrets)
                problems += self._keep_tokens()
                if self._ends():
                    break
            problems += self._save_cassette()
            self._summary.problems = (*self._reporting.close(self._summary), *problems)
        return self._summary

    def _open_cassette(self, inputs: Inputs) -> Inputs:
        """Open what is recorded to or replayed from; gives the inputs with a warning when a recording is replayed."""
        from runner.cassettes.cassette import open_cassette
        from runner.events import Warned

        self._cassette = open_cassette(self.options, self.secrets)
        self._stack.callback(self._save_cassette)  # however the run ends
        warning = self._cassette.warning
        warnings = (Warned(code="cassette-replayed", message=warning, where=self._cassette.path),) if warning else ()
        return replace(inputs, warnings=(*inputs.warnings, *warnings))

    def _save_cassette(self) -> list[ExportError]:
        if self._cassette is None:
            return []
        from runner.outputs import write_text

        return self._cassette.save(write_text)

    def _load_tokens(self, inputs: Inputs) -> Inputs:
        """Take over the tokens of earlier runs; gives the inputs with a warning when their file cannot be used."""
        from runner.export import load_tokens

        self._tokens, warnings = load_tokens(self.options.token_cache)
        self._stack.callback(self._keep_tokens)
        return replace(inputs, warnings=(*inputs.warnings, *warnings))

    def _keep_tokens(self) -> list[ExportError]:
        if not self.options.token_cache or self._tokens is None:
            return []
        from runner.export import export_tokens

        return export_tokens(self.options.token_cache, self._tokens, self._chance.now())

    def _ends(self) -> bool:
        """Whether what happened to a collection keeps the next one from running."""
        from runner.errors import NothingRun

        error = self._summary.finished.error if self._summary.finished else None
        bails = "failure" in (self.options.bail or "").split(",") and bool(self._summary.failures)
        return bails or (error is not None and not isinstance(error, NothingRun))

    def _sandbox(self, plan: Plan) -> Sandbox:
        options = self.options
        memory = {"memory_mb": script_memory_mb(options.script_memory)} if options.script_memory is not None else {}
        sandbox = Sandbox(
            timeout_ms=options.timeout_script, chance=self._chance, child=self._child, warns=self._warns, **memory
        )
        self._child = None
        sandbox.folder = folder_of(plan.collection)
        self._stack.callback(sandbox.close)
        if plan.has_scripts:
            with suppress(SandboxError):  # the script that needs it fails with it
                sandbox.start()  # V8 starts in its own process while the modules below are imported
            if options.script_confinement == "require":
                sandbox.require_confinement()
        return sandbox

    def _run_one(self, inputs: Inputs, sandbox: Sandbox, deadline: float | None) -> CookieJar:
        from runner.auth import TokenStore
        from runner.client.http import Client
        from runner.engine.ports import Ports
        from runner.engine.run import Run
        from runner.files import Files

        options, jar = self.options, self._new_jar()
        size = {"max_body": parse_size(str(options.max_response_size))} if options.max_response_size else {}
        more: dict[str, Any] = {"environ": self._environ, "cassette": self._cassette, **size}
        client = Client(options, jar, self._chance, transport=self._transport, **more)
        files = Files(options.working_dir, not options.no_insecure_file_read, options.allow_read)
        self._tokens = self._tokens or TokenStore()
        ports = Ports(
            client=client,
            jar=jar,
            sandbox=sandbox,
            files=files,
            chance=self._chance,
            secrets=self.secrets,
            tokens=self._tokens,
        )
        try:
            Run(inputs, options, ports, self._emit, deadline).run()
        finally:
            client.close()
            self._warns = sandbox.warns
            sandbox.close()
        return jar

    def _emit(self, event: Event) -> None:
        """Hand an event to all who listen; a failure of the caller's own listener ends the run."""
        from runner.events import RunFinished

        if isinstance(event, RunFinished):  # nothing that is raised now could still end the run
            event = replace(event, error=event.error or self._hear(event))
        self._summary.on(event)
        self._reporting.on(event)
        failed = None if isinstance(event, RunFinished) else self._hear(event)
        finished = self._summary.finished
        if failed is not None and finished is None:
            raise failed
        if failed is not None and finished is not None and finished.error is None:  # a warning after the end
            self._summary.on(replace(finished, error=failed))

    def _hear(self, event: Event) -> RunAborted | None:
        """Tell the caller's own listener; gives what it failed with."""
        try:
            if self._on_event is not None:
                self._on_event(event)
        except Exception as error:
            failed = RunAborted(f"on_event raised {type(error).__name__}: {error}".rstrip(": "))
            failed.__cause__ = error
            return failed
        return None


def folder_of(collection: Collection) -> str:
    """Where `pm.require` looks: the folder of the collection's file, the current one where it came in another way."""
    is_file = os.path.isfile(collection.path) and own_descriptor(collection.path, 0) is None
    return os.path.dirname(os.path.abspath(collection.path)) if is_file else os.path.abspath("")


def make_secrets(options: RunOptions) -> Secrets:
    """The secrets that the options themselves hold or describe; raises `UsageError` for a pattern that is none."""
    secrets = Unmasked() if options.show_secrets else Secrets()
    for value in (options.postman_api_key, options.ssl_client_passphrase):
        secrets.add(value)
    for proxy in (options.proxy, *(value for name, value in os.environ.items() if name.lower().endswith("_proxy"))):
        if proxy:
            secrets.learn_text(proxy if "://" in proxy else f"http://{proxy}")
    for pattern in options.secret_pattern:
        try:
            secrets.add_pattern(pattern)
        except re.error as error:  # a pattern may be a secret, and a message may quote it
            reason = re.split(r"['\"\\]", error.msg)[0].rstrip(" :")
            message = f"is not a regular expression: {reason} at position {error.pos}"
            raise UsageError(message, where="--secret-pattern") from None
    return secrets


# -- what a run starts from -----------------------------------------------------------------------------------------


def load_inputs(plan: Plan, options: RunOptions) -> Inputs:
    """The plan with its environment, globals and rows of data; raises `LoadError` and `UsageError`."""
    from runner.engine.ports import Inputs
    from runner.events import Warned

    for folder in options.allow_read:
        if not os.path.isdir(folder):
            raise UsageError(f"{folder!r} is no folder", where="--allow-read")
    rows = load_rows(options)
    without = options.iteration_data and not rows
    message = f"{options.iteration_data} has no row of data: one iteration runs without"
    return Inputs(
        plan=plan,
        environment=load_environments(options),
        globals=load_globals(options),
        rows=rows,
        warnings=(Warned(code="no-data", message=message),) if without else (),
    )


# -- what a run leaves ----------------------------------------------------------------------------------------------


def _names(plans: Sequence[Plan]) -> list[str]:
    """A file name for each collection, all different."""
    names: list[str] = []
    for plan in plans:
        name = first = re.sub(r"[^\w.-]+", "-", plan.collection.name).strip("-.") or "collection"
        number = 2
        while name.lower() in (other.lower() for other in names):
            name, number = f"{first}-{number}", number + 1
        names.append(name)
    return names


def _export(
    inputs: Inputs,
    options: RunOptions,
    finished: RunFinished | None,
    jar: CookieJar,
    name: str,
    chance: Chance,
    secrets: Secrets,
    emit: Callable[[Event], None],
) -> list[ExportError]:
    """Write what the options ask for; `name` is the collection's file name when there are several, else empty.

    What is left out because it is secret is warned about.
    """
    if finished is None or not any(getattr(options, f"export_{kind}") for kind in EXPORTS):
        return []
    from runner import export
    from runner.cookies.jar_file import dump_jar
    from runner.formats.json_text import dump_json
    from runner.model.variable import FileStyle

    collection = inputs.plan.collection
    known: dict[str, Any] = {"secret_names": options.secret, "secrets": secrets}
    more: dict[str, Any] = {"export_secrets": options.export_secrets, "chance": chance, **known}
    variables = finished.collection_variables.values if options.export_collection_values else None
    states = {"environment": finished.environment.values, "globals": finished.globals.values, "collection": variables}
    writers: dict[str, Callable[[str], object]] = {
        "environment": lambda path: export.export_environment(path, finished.environment, **more),
        "globals": lambda path: export.export_globals(path, finished.globals, **more),
        "collection": lambda path: export.export_collection(path, collection, variables, **more),
        "cookie_jar": lambda path: _write_private(path, dump_json(dump_jar(jar), FileStyle()), chance),
    }
    problems: list[ExportError] = []
    for kind, write in writers.items():
        path = getattr(options, f"export_{kind}")
        try:
            if path:
                write(os.path.join(path, f"{name}.postman_{kind}.json") if name else path)
                for warning in () if options.export_secrets else export.left_out(kind, states.get(kind) or (), **known):
                    emit(warning)
        except ExportError as error:
            problems.append(error)
    return problems


def _export_variables(options: RunOptions, finished: RunFinished | None, secrets: Secrets) -> list[ExportError]:
    """Write the values of single variables: the environment's before the collection's and the globals'."""
    if finished is None or not options.export_variable:
        return []
    from runner.export import export_variable

    scopes = [one.values for one in (finished.environment, finished.collection_variables, finished.globals)]
    problems: list[ExportError] = []
    for name, path in options.export_variable:
        try:
            more: dict[str, Any] = {"export_secrets": options.export_secrets, "secret_names": options.secret}
            export_variable(path, name, scopes, secrets, **more)
        except ExportError as error:
            problems.append(error)
    return problems


def _write_private(path: str, text: str, chance: Chance) -> None:
    """Write the cookies; a new file is for its owner only: sessions are as good as passwords."""
    from runner.export import write_export
    from runner.outputs import OWNER_ONLY

    write_export(path, "cookie-jar", text, chance, mode=OWNER_ONLY)
