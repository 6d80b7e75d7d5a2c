"""One item of the run, as a generator: pre-request scripts, the request with its auth, test scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from runner.auth import AuthContext, TokenStore, authorize
from runner.clock import Clock
from runner.effects import AskScript, CookiesFor, Sleep, Step
from runner.engine.plan import PlannedItem, PlannedScript
from runner.entropy import Entropy
from runner.errors import AuthError, FileUnreadable, PostrunnerError, RequestError, SandboxError, VariableError
from runner.events import (
    Cursor,
    ItemFinished,
    ItemStarted,
    RequestFailed,
    ScriptError,
    ScriptFinished,
    ScriptStarted,
    Warned,
)
from runner.formats.v2 import dump_request, parse_request
from runner.model.collection import Item
from runner.model.payload import BodyBytes
from runner.model.request import Auth, Request
from runner.model.response import Exchange
from runner.model.variable import JsonObject
from runner.options import RunOptions
from runner.request.behavior import parse_behavior
from runner.request.files import NAMES_CONTENT, load_files, show_file, source_of, without_shown
from runner.request.paths import Paths
from runner.request.resolve import Resolved, resolve
from runner.request.sent import with_sent_url
from runner.rules.substitute import substitute
from runner.rules.url import url_text
from runner.sandbox.bundles import bundle_files
from runner.sandbox.script_call import ScriptCall, ScriptResult
from runner.variables.dynamic import LIBRARY, DynamicValues
from runner.variables.scopes import Scopes

RunScript = Callable[[ScriptCall], Step[ScriptResult]]
STRICT_HINT = "without --strict-variables it is sent as it stands"


@dataclass(slots=True, kw_only=True)
class Shared:
    """What all items of a run have in common; the scopes are the only part that changes."""

    options: RunOptions
    scopes: Scopes
    clock: Clock
    entropy: Entropy
    run_script: RunScript
    environment_name: str = ""
    tokens: TokenStore = field(default_factory=TokenStore)
    learn: Callable[[str], None] = lambda secret: None
    auth_states: dict[int, dict[str, object]] = field(default_factory=dict)

    def auth_state(self, owner: Item | Auth | None) -> dict[str, object]:
        """What an auth flow remembers (nonces, counters): for an item's own auth, or for all items that inherit one."""
        return self.auth_states.setdefault(id(owner), {})


@dataclass(slots=True)
class ItemOutcome:
    """What came of an item: where to go next, if a script said so, and the exchange unless there was none."""

    jumps: bool = False
    next_request: str | None = None
    skipped: bool = False
    exchange: Exchange | None = None


class ItemRun:
    """The run of one item in one iteration."""

    __slots__ = ("cursor", "outcome", "planned", "request", "sent", "shared", "shown", "source")

    def __init__(self, planned: PlannedItem, cursor: Cursor, shared: Shared, source: str = "item") -> None:
        self.planned = planned
        self.cursor = cursor
        self.shared = shared
        self.source = source
        self.request = planned.item.request
        self.sent: Request | None = None
        self.shown: tuple[str, BodyBytes] | None = None
        self.outcome = ItemOutcome()

    def run(self) -> Step[ItemOutcome]:
        """Run the item to its end; a failing script or request never stops its test scripts (Postman)."""
        yield ItemStarted(**self._place)
        if self.shared.options.delay_request:
            yield from Sleep(self.shared.options.delay_request)
        yield from self._run_scripts("prerequest", self.planned.prerequest)
        if not self.outcome.skipped:
            yield from self._send()
            yield from self._run_scripts("test", self.planned.test)
        yield ItemFinished(skipped=self.outcome.skipped, **self._place)
        return self.outcome

    @property
    def _place(self) -> JsonObject:
        return {"cursor": self.cursor, "item": self.planned.item, "path": self.planned.path}

    # -- scripts ------------------------------------------------------------------------------------------------

    def _run_scripts(self, listen: str, scripts: tuple[PlannedScript, ...]) -> Step[None]:
        for planned in scripts:
            result = ScriptResult()
            yield ScriptStarted(listen=listen, script_id=planned.script.id, owner=planned.owner, **self._place)
            if planned.script.exec.strip():
                result = yield from self._run_script(listen, planned)
            yield self._script_finished(listen, planned, result)
            if result.set_next_request:
                self.outcome.jumps, self.outcome.next_request = True, result.next_request
            if result.skip_request and listen == "prerequest":
                self.outcome.skipped = True
                return

    def _run_script(self, listen: str, planned: PlannedScript) -> Step[ScriptResult]:
        call = yield from self._script_call(listen, planned)
        result = yield from self.shared.run_script(call)
        if result.request is not None and listen == "prerequest":
            try:
                changed = parse_request(without_shown(result.request))
            except Exception as error:  # a script may leave any shape behind: that is the script's failure
                return replace(result, error=result.error or ScriptError(name="TypeError", message=str(error)))
            self.request = replace(changed, id=self.request.id, name=self.request.name)
        return result

    def _script_call(self, listen: str, planned: PlannedScript) -> Step[ScriptCall]:
        item, exchange = self.planned.item, self.outcome.exchange
        seen = self.sent if listen == "test" and self.sent is not None else self.request
        href = exchange.hops[-1].href if exchange and exchange.hops else url_text(seen.url)
        try:
            cookies = yield from CookiesFor(substitute(href, self.shared.scopes.get))
        except VariableError:  # the request itself will fail with it
            cookies = ()
        request = dump_request(seen)
        if listen == "prerequest" and NAMES_CONTENT in planned.script.exec:
            paths = Paths(item.request, self.shared.scopes)
            if source := self._file_source(paths):
                request, content = yield from show_file(request, source, source in paths.by_script)
                self.shown = None if content is None else (source, content)
        return ScriptCall(
            cursor=self.cursor,
            item=item,
            path=self.planned.path,
            script=planned.script,
            listen=listen,
            owner=planned.owner,
            location=self.planned.location,
            scopes=self.shared.scopes,
            request=request,
            response=exchange.response if exchange else None,
            cookies=cookies,
            request_name=item.name,
            request_id=item.id,
            iteration_count=self.cursor.cycles,
            environment_name=self.shared.environment_name,
        )

    def _file_source(self, paths: Paths) -> str:
        """The path of the file that is the body, with the values that its variables have now."""
        try:
            return paths.fill(source_of(self.request.body))
        except VariableError:
            return ""  # told when the request is resolved

    def _script_finished(self, listen: str, planned: PlannedScript, result: ScriptResult) -> ScriptFinished:
        return ScriptFinished(
            listen=listen,
            script_id=planned.script.id,
            owner=planned.owner,
            error=result.error,
            next_request=result.next_request,
            set_next_request=result.set_next_request,
            skipped_request=result.skip_request,
            visualizer=result.visualizer,
            **self._place,
        )

    # -- the request --------------------------------------------------------------------------------------------

    def _send(self) -> Step[None]:
        auth = self.request.auth or self.planned.auth
        try:
            resolved = yield from self._resolve(replace(self.request, auth=auth))
        except (VariableError, SandboxError, TimeoutError) as error:
            yield RequestFailed(request=self.request, error=_as_error(error), **self._place)
            return
        yield from self._warn(resolved)
        try:
            strict = self.shared.options.strict_files
            request = yield from load_files(resolved.request, strict, self.shown, resolved.by_script)
        except FileUnreadable as error:
            yield RequestFailed(request=resolved.request, error=error, **self._place)
            return
        self.sent = request
        context = AuthContext(
            clock=self.shared.clock,
            entropy=self.shared.entropy,
            behavior=parse_behavior(self.planned.behavior, self.shared.options),
            source=self.source,
            state=self.shared.auth_state(self.planned.item if self.request.auth else self.planned.auth),
            tokens=self.shared.tokens,
            learn=self.shared.learn,
        )
        try:
            self.outcome.exchange = yield from authorize(request.auth, request, context)
            self.sent = self.outcome.exchange.sent or request
        except (AuthError, FileUnreadable) as error:
            yield RequestFailed(request=request, error=error, **self._place)
        except RequestError as error:  # its RequestFinished event has the error already
            self.sent = error.sent or request
        if self.planned.test:
            self.sent = with_sent_url(self.sent, encode=not context.behavior.disable_url_encoding)

    def _resolve(self, request: Request) -> Step[Resolved]:
        """The request without variables; the script child is asked for the dynamic ones that its library makes."""
        dynamic = DynamicValues(self.shared.clock, self.shared.entropy)
        while True:
            resolved = resolve(request, self.shared.scopes, dynamic, self.planned.item.request)
            if not dynamic.wanted:
                break
            reply = yield from AskScript({"op": "dynamic", "names": dynamic.wanted, "bundles": bundle_files(LIBRARY)})
            dynamic.supply(reply["values"])
        if resolved.unresolved and self.shared.options.strict_variables:
            raise VariableError("; ".join(map(self._without_value, resolved.unresolved)), hint=STRICT_HINT)
        return resolved

    def _without_value(self, name: str) -> str:
        token = f"{{{{{name}}}}}"
        if name.startswith("vault:") or self.shared.scopes.in_vault(name):
            return f"the value of {token} is in a vault, which only the Postman app can open: give it with --env-var"
        return f"the variable {token} has no value"

    def _warn(self, resolved: Resolved) -> Iterator[Warned]:
        where = "/".join((*self.planned.path, self.planned.item.name))
        for name in resolved.unresolved:
            message = f"{self._without_value(name)}: it is sent as it stands"
            yield Warned(code="unresolved-variable", message=message, where=where, cursor=self.cursor)
        for doubt in resolved.doubts:
            yield Warned(code="doubtful-json", message=doubt, where=where, cursor=self.cursor)


def _as_error(error: PostrunnerError | TimeoutError) -> PostrunnerError:
    return error if isinstance(error, PostrunnerError) else SandboxError("the script engine did not answer in time")
