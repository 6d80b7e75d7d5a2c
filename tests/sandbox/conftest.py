"""A driver that answers what scripts ask for, without a network, and one child for the whole test run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from runner.effects import AskScript, Compute, Sleep, StartSend, UseCookies, WaitSends
from runner.errors import PostrunnerError
from runner.events import Assertion, AssertionChecked, ConsoleLogged, Cursor
from runner.model.collection import Item, Script
from runner.model.request import PreparedRequest, Request
from runner.model.response import Exchange, Response
from runner.protocols.phases import HTTP
from runner.sandbox.child import dump_message
from runner.sandbox.protocol import MESSAGES
from runner.sandbox.sandbox import Sandbox
from runner.sandbox.script_call import ScriptCall, ScriptResult
from runner.variables.scopes import Scopes

GET_USER = {"url": "http://example.com/users/7?full=1", "method": "GET", "header": [{"key": "Accept", "value": "*/*"}]}
USER = Response(
    code=200,
    status="OK",
    headers=(("Content-Type", "application/json"), ("X-Trace", "a"), ("x-trace", "b")),
    body=b'{"id": 7, "list": [1, 2]}',
    time=12,
)
SENT = PreparedRequest(method="GET", scheme="http", host="h", port=80, target="/", href="http://h/", headers=())


def exchange(body: bytes = b'{"id": 9}', code: int = 201, **more: Any) -> Exchange:
    return Exchange(request=SENT, response=Response(code=code, status="Created", body=body, **more))


@dataclass
class Ran:
    """All that came of one script."""

    result: ScriptResult
    scopes: Scopes
    events: list[Any] = field(default_factory=list)
    effects: list[Any] = field(default_factory=list)

    @property
    def tests(self) -> dict[str, bool]:
        return {a.name: a.passed for a in self.assertions}

    @property
    def assertions(self) -> list[Assertion]:
        return [event.assertion for event in self.events if isinstance(event, AssertionChecked)]

    @property
    def failures(self) -> dict[str, str]:
        return {a.name: f"{a.error.name}: {a.error.message}" for a in self.assertions if a.error}

    @property
    def logged(self) -> list[Any]:
        """The console's messages; one with a single argument is that argument."""
        messages = [event.messages for event in self.events if isinstance(event, ConsoleLogged)]
        return [m[0] if len(m) == 1 else list(m) for m in messages]

    @property
    def shown(self) -> list[str]:
        return [" ".join(event.text) for event in self.events if isinstance(event, ConsoleLogged)]

    @property
    def error(self) -> str | None:
        return self.result.error and f"{self.result.error.name}: {self.result.error.message}"

    def values(self, scope: str) -> dict[str, Any]:
        return {v.key: v.value for v in getattr(self.scopes, scope).variables if not v.disabled}


class World:
    """Answers effects: `send` turns a request into an exchange or an error, `cookies` and `items` likewise."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.send: Callable[[Request], Any] = lambda request: exchange()
        self.cookies: Callable[[str, tuple[Any, ...]], Any] = lambda operation, arguments: None
        self.items: Callable[[str, Any], Any] = lambda id, variables: exchange()
        self._started: list[StartSend] = []

    def answer(self, asked: Any) -> Any:
        match asked:
            case AskScript():
                return self.ask(asked)
            case Compute():
                return self.sandbox.helpers.compute(asked.asked, asked.timeout)
            case Sleep():
                return time.sleep(asked.ms / 1000)
            case StartSend():
                return self._started.append(asked)
            case WaitSends():
                ended, self._started = self._started, []
                return [(one.id, self.send(one.request)) for one in ended]
            case UseCookies():
                return self.cookies(asked.operation, asked.arguments)
        return None

    def run_item(self, id: str, variables: Any) -> Any:
        """A stored request without a step of its own."""
        yield from ()
        return self.items(id, variables)

    def ask(self, asked: AskScript[Any]) -> Any:
        """The reply of the child; what is said to it is held against the table of the protocol, too."""
        said = json.loads(dump_message(asked.message))
        assert MESSAGES[said["op"]](said) == "", said
        return self.sandbox.ask(asked, asked.timeout)

    def run(self, source: str, *, listen: str = "test", scopes: Scopes | None = None, **more: Any) -> Ran:
        if listen == "test":
            more.setdefault("response", USER)
        phase = {phase.listen: phase for phase in HTTP}[listen]
        may = {"sees_response": phase.sees_response, "changes_request": phase.changes_request, "may_skip": phase.may_skip}
        more = {"request": GET_USER, "owner": "Get user", "location": ("Users", "Get user"), **may, **more}
        scopes = scopes or Scopes()
        item = Item(id="1", name="Get user", request=Request())
        script = Script(id="s1", exec=source)
        call = ScriptCall(
            cursor=Cursor(), item=item, script=script, listen=listen, scopes=scopes, run_item=self.run_item, **more
        )
        ran = Ran(ScriptResult(), scopes)
        step, answer = self.sandbox.run(call), None
        while True:
            try:
                asked = step.throw(answer) if isinstance(answer, Exception) else step.send(answer)
            except StopIteration as stop:
                ran.result = stop.value
                return ran
            (ran.effects if hasattr(asked, "__dataclass_fields__") and not hasattr(asked, "cursor") else ran.events).append(
                asked
            )
            try:
                answer = self.answer(asked)
            except (PostrunnerError, TimeoutError) as error:
                answer = error


@pytest.fixture(scope="session")
def child() -> Iterator[Sandbox]:
    sandbox = Sandbox(timeout_ms=5000)
    sandbox.start()
    yield sandbox
    sandbox.close()


@pytest.fixture
def world(child: Sandbox) -> World:
    return World(child)


@pytest.fixture
def run(world: World) -> Callable[..., Ran]:
    return world.run
