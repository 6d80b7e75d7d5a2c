"""The sandbox: runs scripts in the child process and keeps the variable scopes of both sides in sync."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from runner.cancel import Cancel
from runner.clock import Clock
from runner.effects import AskScript, Compute, Sleep, StartSend, Step, UseCookies, UseVault, WaitSends
from runner.entropy import Entropy
from runner.errors import PostrunnerError, SandboxError, UsageError, node_fields
from runner.events import ConsoleLogged, ItemPlace, ScriptError, Warned
from runner.model.json import JsonObject
from runner.model.request import ProtocolProfileBehavior, Request
from runner.model.response import Exchange
from runner.sandbox.bundles import bundles_for
from runner.sandbox.child import DEFAULT_MEMORY_MB, Child
from runner.sandbox.protocol import BadReply, Conversation, read_repeat
from runner.sandbox.script_call import ScriptCall, ScriptResult
from runner.sandbox.serialization import (
    apply_changes,
    dump_response,
    read_event,
    read_result,
    run_message,
    scope_rows,
)
from runner.sandbox.services.helper import Helpers
from runner.sandbox.worlds import World
from runner.variables.scopes import Scopes

if TYPE_CHECKING:
    from runner.sandbox.messages import Answer, Ask, Row, ScriptReply, SendAsk

T = TypeVar("T")

SYNCHRONOUS = "sandbox: synchronous script execution timeout"
ASYNCHRONOUS = "sandbox: asynchronous script execution timeout"
NEVER_PRUNED = ProtocolProfileBehavior(disable_body_pruning=True)
"""A request sent by a script keeps its body, whatever its method (Postman)."""

GRACE_MS = 500
"""Milliseconds that the engine gets to end a script whose time is up (as in Postman)."""

ALONE_MS = 10
"""Milliseconds that the child may wait for timers on its own: a round trip takes as long as a short timer."""

NO_DATASETS = "pm.datasets needs Postman's data service: this runner has none"
NO_HEADERS = 'pm.sendRequest knows no "headers": they are sent under the name "header"'
NO_FILES = "uploading files from scripts is not allowed"


class Sandbox:
    """The JavaScript world of one run. `timeout_ms` limits each script (0: no limit), `memory_mb` the engine's heap.

    `folder` is the collection's folder, where `pm.require` looks. A seed in `entropy` makes everything random in scripts
    repeatable. `child` is one started earlier, or a world of a shared one; `helpers` are those of several sandboxes. With
    `warns`, a warning is emitted once if the system cannot confine scripts.
    """

    def __init__(
        self,
        timeout_ms: int = 0,
        memory_mb: int = DEFAULT_MEMORY_MB,
        entropy: Entropy | None = None,
        child: Child | World | None = None,
        warns: bool = False,
        clock: Clock | None = None,
        helpers: Helpers | None = None,
    ) -> None:
        self.warns = warns
        self.clock = clock or Clock()
        self._entropy = entropy or Entropy()
        self._seeded: Child | World | None = None
        self._seedings = count(1)
        self.folder = os.curdir
        self._timeout_ms = timeout_ms
        self._memory_mb = memory_mb
        if child is not None and child.memory_mb != memory_mb:
            child.close()
            child = None
        self._child: Child | World | None = child
        self.helpers = helpers or Helpers()
        self._owns_helpers = helpers is None
        self._known: tuple[Scopes, tuple[int, ...]] | None = None
        self._runs = count(1)
        self.ended: dict[str, Exchange | Exception] = {}
        """Outcomes of sends that their script has not received yet: a nested script may have waited for all sends."""

    def draw_from(self, entropy: Entropy) -> None:
        """Draw random values from this source, from its beginning: the next scripts repeat whatever ran before them."""
        self._entropy, self._seeded, self._seedings = entropy, None, count(1)

    def start(self) -> None:
        """Start the child, without waiting until it is ready."""
        if self._child is None or not self._child.alive:
            self.forget_scopes()
            over, self._child = self._child, None
            if over is not None:
                over.close()
            self._child = Child(self._memory_mb) if over is None else over.again()

    def ask(
        self,
        wish: AskScript[T],
        timeout: float | None = None,
        cancel: Cancel | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> T:
        """Perform one `AskScript`; raises TimeoutError if the child was killed (time limit or `cancel`), or SandboxError.

        `meanwhile` is called once the child has its message. Its time does not count; if it raises, the child is killed.
        """
        self.start()
        child = self._child
        assert child is not None
        with (cancel or Cancel()).waking(child.kill):
            try:
                if self._entropy.seed is not None and child is not self._seeded:
                    words = self._entropy.words(f"scripts {next(self._seedings)}", 8)
                    read_repeat(child.ask({"op": "repeat", "words": words}, timeout))
                    self._seeded = child
                for bundle in wish.libraries:
                    child.load(bundle)
                return wish.read(child.ask(wish.message, timeout, meanwhile))
            except BadReply:
                self.forget_scopes()
                child.kill()
                raise

    @property
    def ready_since(self) -> float:
        """The monotonic time at which the child became ready; the current time while it is still starting."""
        ready = self._child.ready_since if self._child is not None else None
        return self.clock.monotonic() if ready is None else ready

    @property
    def held_up(self) -> float:
        """Seconds that do not count towards time limits: waits for other sandboxes, and other work of this process."""
        return 0.0 if self._child is None else self._child.held_up

    def require_confinement(self) -> None:
        """Raise UsageError if the system cannot confine scripts fully."""
        self.start()
        assert self._child is not None
        self._child.wait_until_ready()
        if self._child.lacking:
            raise UsageError(self._weakness(), where="--script-confinement", hint="warn runs them all the same")

    def _weakness(self) -> str:
        lacking = () if self._child is None else self._child.lacking
        return f"scripts cannot be confined fully: this system has no {' and no '.join(lacking)}" if lacking else ""

    def close(self) -> None:
        """End the child, and the helpers unless others have them, too."""
        if self._owns_helpers:
            self.helpers.close()
        if self._child is not None:
            self._child.close()
            self._child = None

    def run(self, call: ScriptCall) -> Step[ScriptResult]:
        """Run one script: yields its effects, its assertions and its console output, and returns its result."""
        result = yield from ScriptRun(self, call, self._timeout_ms, next(self._runs)).steps()
        if self.warns and self._weakness():
            self.warns = False
            yield Warned(code="scripts-not-confined", message=self._weakness())
        return result

    def unknown_scopes(self, scopes: Scopes) -> dict[str, list[Row]]:
        """The scopes whose current state the child does not know: all of them if it has died (the system may kill it)."""
        if self._child is None or not self._child.alive or self._child.wants_scopes:
            self.forget_scopes()
        versions = scopes.versions
        if self._known is None or self._known[0] is not scopes:
            return {scope.name: scope_rows(scope) for scope in scopes.ordered}
        if self._known[1] == versions:
            return {}
        known = zip(scopes.ordered, versions, self._known[1], strict=True)
        return {scope.name: scope_rows(scope) for scope, now, before in known if now != before}

    def remember_scopes(self, scopes: Scopes) -> None:
        """Note that the child knows the current state of these scopes."""
        self._known = scopes, scopes.versions

    def forget_scopes(self) -> None:
        """Note that the child's scopes may differ from the runner's."""
        self._known = None


class ScriptRun:
    """The conversation between one script and the runner."""

    def __init__(self, sandbox: Sandbox, call: ScriptCall, timeout_ms: int, number: int) -> None:
        self._number = number
        self._sandbox = sandbox
        self._call = call
        self._started = sandbox.clock.monotonic()
        self._held_up = sandbox.held_up
        self._timeout_ms = timeout_ms
        self._open: set[str] = set()
        self._conversation = Conversation(number, may_skip=call.may_skip, changes_request=call.changes_request)

    def steps(self) -> Step[ScriptResult]:
        """Exchange messages with the script, and wait for what it waits for, until it is done."""
        sandbox, call = self._sandbox, self._call
        message = run_message(call)
        source = call.script.exec
        if "require" in source:
            source += yield from self._add_packages(message)
        libraries = bundles_for(source)
        too_late = SYNCHRONOUS
        try:
            while True:
                operation: str = message["op"]
                message |= {"run": self._number, "scopes": sandbox.unknown_scopes(call.scopes)}
                read = partial(self._conversation.read, operation, bool(self._open))
                reply = yield from AskScript(message, read, libraries, self._patience(operation))
                if reply["changes"]:
                    apply_changes(reply["changes"], call.scopes)
                sandbox.remember_scopes(call.scopes)
                for event in reply["events"]:
                    yield read_event(call, event)
                if reply["done"]:
                    return read_result(reply)
                too_late, libraries = ASYNCHRONOUS, ()
                message = yield from self._answer(reply)
        except TimeoutError:
            sandbox.forget_scopes()
            return ScriptResult(error=ScriptError(name="Error", message=too_late))
        except SandboxError as error:
            sandbox.forget_scopes()
            return ScriptResult(error=ScriptError(name="SandboxError", message=error.message))

    def _add_packages(self, message: JsonObject) -> Step[str]:
        """Add the packages that the script requires; returns their text, which may need libraries."""
        from runner.sandbox.packages import Packages

        message["packages"], message["links"] = yield from Packages(self._sandbox.folder).load(message["source"])
        return "".join(f"\n{package.get('data', '')}" for package in message["packages"].values())

    def _left(self) -> float | None:
        """Milliseconds left of the time limit, None if there is no limit. `held_up` and the child's start do not count."""
        if not self._timeout_ms:
            return None
        since = max(self._started, self._sandbox.ready_since) + self._sandbox.held_up - self._held_up
        return max(self._timeout_ms - (self._sandbox.clock.monotonic() - since) * 1000, 0)

    def _patience(self, op: str) -> float | None:
        """Milliseconds until the engine is killed: after the script's time is up it gets `GRACE_MS` to end the script."""
        left = self._left()
        return left if left is None or op == "run" else max(left, GRACE_MS)

    def _answer(self, reply: ScriptReply) -> Step[JsonObject]:
        """The next message: the answers to the script's asks, or what ended its wait."""
        answers: list[Answer] = []
        for asked in reply["asks"]:
            if asked["kind"] == "send":
                answers += yield from self._start_send(asked)
        for asked in reply["asks"]:
            if asked["kind"] != "send":
                answers.append((yield from self._perform(asked)))
        if not answers:
            answers = yield from self._wait(reply["wait"])
        left = self._left()
        if left is not None and left <= 0:
            return {"op": "abort", "reason": ASYNCHRONOUS}
        return {"op": "resume", "answers": answers, "alone": ALONE_MS if left is None else min(ALONE_MS, left / 2)}

    def _start_send(self, asked: SendAsk) -> Step[list[Answer]]:
        from runner.formats.postman.v2_request import parse_request

        try:
            request, removed = without_files(parse_request(asked["request"]))
        except Exception as error:  # a script may send any JSON as a request: an unreadable one fails the script only
            return [failed(asked["id"], error)]
        if removed:
            yield self._warning(NO_FILES)
        if "ignored" in asked:
            yield self._warning(NO_HEADERS)
        try:
            place = ItemPlace(self._call.cursor, self._call.item, self._call.path)
            yield from StartSend(self._name(asked["id"]), request, place, NEVER_PRUNED)
        except PostrunnerError as error:
            return [failed(asked["id"], error)]
        self._open.add(asked["id"])
        return []

    def _perform(self, asked: Ask) -> Step[Answer]:
        value: object
        try:
            if asked["kind"] == "subtle" or asked["kind"] == "pack":
                left = self._left()
                if left == 0:
                    raise TimeoutError
                value = yield from Compute(asked, left)
            elif asked["kind"] == "cookies":
                value = yield from UseCookies(asked["operation"], tuple(asked["arguments"]))
            elif asked["kind"] == "vault":
                key, *rest = asked["arguments"]
                value = yield from UseVault(asked["operation"], key, *rest)
            elif asked["kind"] == "item":
                exchange = yield from self._call.run_item(asked["item"], asked["variables"])
                value = None if exchange is None else dump_response(exchange.response)
            else:
                raise PostrunnerError(NO_DATASETS)
        except TimeoutError:
            return failed(asked["id"], PostrunnerError(ASYNCHRONOUS))
        except PostrunnerError as error:
            return failed(asked["id"], error)
        return {"id": asked["id"], "value": value}

    def _wait(self, until_timer: float | None) -> Step[list[Answer]]:
        waits = [ms for ms in (until_timer, self._left()) if ms is not None]
        if not self._open:
            yield from Sleep(min(waits, default=0))
            return []
        held = self._sandbox.ended
        if not any(self._name(id) in held for id in self._open):
            held.update((yield from WaitSends(min(waits, default=None))))
        mine = {self._name(id): id for id in self._open}
        outcomes = {mine[name]: held.pop(name) for name in list(held) if name in mine}
        self._open -= outcomes.keys()
        return [
            failed(id, outcome) if isinstance(outcome, Exception) else {"id": id, "value": dump_response(outcome.response)}
            for id, outcome in outcomes.items()
        ]

    def _name(self, id: str) -> str:
        """A name that is unique among the sends of all scripts: each new child counts its ids from 1."""
        return f"{self._number}.{id}"

    def _warning(self, text: str) -> ConsoleLogged:
        call = self._call
        return ConsoleLogged(
            cursor=call.cursor, item=call.item, path=call.path, level="warn", messages=(text,), text=(text,)
        )


def failed(id: str, error: Exception) -> Answer:
    """The answer to an ask that failed."""
    message = error.message if isinstance(error, PostrunnerError) else str(error)
    return {"id": id, "error": {**node_fields(getattr(error, "code", ""), message), "message": message}}


def without_files(request: Request) -> tuple[Request, bool]:
    """The request without files in its body, and whether it had any: scripts may not read the user's disk."""
    body = request.body
    if body is None:
        return request, False
    if body.mode == "file":
        return replace(request, body=None), True
    kept = tuple(param for param in body.formdata if param.type != "file")
    return replace(request, body=replace(body, formdata=kept)), len(kept) < len(body.formdata)
