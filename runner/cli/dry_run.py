"""`postrunner run --dry-run`: what would be sent, without sending it and without running a script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TextIO

from runner.auth import AuthContext, authorize
from runner.clock import Clock
from runner.cookies.jar import CookieJar
from runner.effects import ReadFile, Send, Wish, drive
from runner.engine.plan import PlannedItem
from runner.engine.ports import Inputs
from runner.engine.secret_discovery import learn_collection
from runner.entropy import Entropy
from runner.errors import PostrunnerError
from runner.events import Event, Warned
from runner.files import Files
from runner.loading import load_all, load_plans, make_secrets
from runner.model.request import PreparedRequest, Request
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.protocols.http.discovery import learn_request
from runner.protocols.table import is_sent
from runner.reporters.text import error_text, one_line, path_text, plural
from runner.request.behavior import parse_behavior
from runner.request.files import load_files
from runner.request.prepare import prepare
from runner.request.resolve import resolve
from runner.request.weakening import weakening
from runner.reruns import RERUN
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker
from runner.shards import SHARD
from runner.sources.cookies import jar_maker
from runner.sources.pipes import settle_pipes
from runner.variables.dynamic import GENERATED, make_dynamic
from runner.variables.scopes import Scopes

BODY_SHOWN = 2048


def dry_run(collections: Sequence[str], options: RunOptions, stream: TextIO) -> int:
    """Print every request of the first iteration as it is known before any script runs; returns the exit code.

    It is 1 if there is no request, or if one cannot be made.
    """
    secrets = make_secrets(options)
    printed = failed = 0
    with ExitStack() as stack:
        settle_pipes(collections, options, stack)
    plans = load_plans(collections, options)
    new_jar = jar_maker(options)
    elsewhere = False
    for inputs in load_all(plans, options):
        plan = inputs.plan
        elsewhere = elsewhere or plan.left_to_others
        print(one_line(secrets.mask_name(plan.collection.name)), file=stream)
        told = [warning for warning in inputs.warnings if warning.code in (RERUN, SHARD)]
        for warning in (*told, *weakening(plan.behaviors, options)):
            print(one_line(f"  note: {secrets.mask(warning.message)}"), file=stream)
        preview = Preview(inputs, options, secrets, new_jar())
        for planned in (planned for part in plan.parts if plan.items for planned in part.items):
            lines, wrong = preview.show(planned)
            print("\n" + "\n".join(lines), file=stream)
            printed, failed = printed + 1, failed + wrong
    if not printed:
        print("nothing would be run", file=stream)
    wrong_end = failed or not (printed or elsewhere or options.allow_empty)
    return 1 if wrong_end and not options.suppress_exit_code else 0


class Preview:
    """Makes the requests of one collection and never sends one."""

    def __init__(self, inputs: Inputs, options: RunOptions, secrets: Secrets, jar: CookieJar) -> None:
        collection = inputs.plan.collection
        self._options = options
        self._secrets = secrets
        self._clock, self._entropy = Clock(), Entropy(options.seed)
        self._jar = jar
        self._files = Files(options.working_dir, not options.no_insecure_file_read, options.allow_read)
        self._scopes = Scopes(
            environment=inputs.environment.values, collection=collection.variables, globals=inputs.globals.values
        )
        if inputs.rows:
            row = inputs.rows[min((inputs.iterations or (0,))[0], len(inputs.rows) - 1)]
            self._scopes.data.assign(Variable(key, value) for key, value in row.items())
        learn_collection(secrets, collection)
        for variable in (*inputs.environment.values, *inputs.globals.values, *collection.variables):
            secrets.add_variable(variable)
        for name in options.secret:
            for scope in self._scopes.ordered:
                secrets.add(scope.get(name))

    def show(self, planned: PlannedItem) -> tuple[list[str], bool]:
        """The lines for one item, and whether its request cannot be made."""
        lines, notes = [path_text(map(self._secrets.mask_name, (*planned.path, planned.item.name)))], self._notes(planned)
        if not is_sent(planned.item.kind):
            return [*lines, f"  note: items of the kind {planned.item.kind} cannot be sent yet: it would be skipped"], False
        lift = self._scopes.collection.overlay(planned.variables)
        try:
            sent, more = self._make(planned)
        except PostrunnerError as error:
            return [*lines, *notes, one_line(f"  error: {error_text(Masker(self._secrets).masked(error))}")], True
        finally:
            lift()
        return [*lines, *notes, *more, *self._request_lines(sent)], False

    def _notes(self, planned: PlannedItem) -> list[str]:
        scripts = [p for p in planned.scripts["prerequest"] if p.script.exec.strip()]
        return [f"  note: {plural(len(scripts), 'pre-request script')} may change it"] if scripts else []

    def _make(self, planned: PlannedItem) -> tuple[PreparedRequest, list[str]]:
        auth = planned.item.request.auth or planned.auth
        resolved = resolve(replace(planned.item.request, auth=auth), self._scopes, make_dynamic(self._clock, self._entropy))
        notes = [
            one_line(f"  note: {{{{{name}}}}} has no value yet") for name in resolved.unresolved if name not in GENERATED
        ]
        notes += [one_line(f"  note: {self._secrets.mask(doubt)}") for doubt in resolved.doubts]
        request, warned = self._with_files(resolved.request)
        behavior = parse_behavior(planned.behavior, self._options)
        learn_request(self._secrets, request)
        signed, first = self._signed(request, AuthContext(clock=self._clock, entropy=self._entropy, behavior=behavior))
        return prepare(signed, behavior, self._entropy), [*notes, *warned, *first]

    def _with_files(self, request: Request) -> tuple[Request, list[str]]:
        notes: list[str] = []

        def answer(asked: Wish | Event) -> object:
            if isinstance(asked, Warned):
                notes.append(one_line(f"  note: {self._secrets.mask(asked.message)}"))
            return self._files.load(asked.path) if isinstance(asked, ReadFile) else None

        return drive(load_files(request), answer), notes

    def _signed(self, request: Request, context: AuthContext) -> tuple[Request, list[str]]:
        """The first request of the auth flow; the item's own, unsigned, if the flow has to ask a server first."""
        flow = authorize(request.auth, request, context)
        first = next((asked for asked in flow if isinstance(asked, Send)), None)
        flow.close()
        if first is not None and first.source == "item":
            return first.request, []
        kind = request.auth.type if request.auth else "noauth"
        return request, [f"  note: the auth {kind} first sends a request of its own; what it adds is not shown"]

    def _request_lines(self, request: PreparedRequest) -> Iterator[str]:
        mask = self._secrets
        yield one_line(f"  {mask.mask(request.method)} {mask.mask(request.href)}")
        cookies = "" if request.behavior.disable_cookies else self._jar.header_for(request.href)
        own = [value for name, value in request.headers if name.lower() == "cookie"]
        headers = [(name, value) for name, value in request.headers if name.lower() != "cookie"]
        if own or cookies:
            headers.append(("Cookie", "; ".join(filter(None, (*own, cookies)))))
        for name, value in headers:
            yield one_line(f"  {mask.mask(name)}: {mask.mask_header(name, value)}")
        if request.body:
            yield ""
            text = mask.mask(request.body[:BODY_SHOWN].decode("utf-8", "replace"))
            yield from (f"  {line}" for line in text.splitlines())
            if len(request.body) > BODY_SHOWN:
                yield f"  … ({len(request.body)} bytes)"
