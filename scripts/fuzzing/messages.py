"""What the script child says to the runner: replies that no honest child would give.

An input is the JSON of a list of replies (`replies.json` has those of real scripts); anything else is one reply as it is.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from fuzzing.spoil import by_nodes
from fuzzing.target import Defect, Target

WORDS = (
    *(
        "run",
        "done",
        "wait",
        "asks",
        "events",
        "changes",
        "error",
        "kind",
        "id",
        "request",
        "operation",
        "arguments",
        "scope",
    ),
    *(
        "rows",
        "key",
        "value",
        "secret",
        "send",
        "cookies",
        "vault",
        "item",
        "subtle",
        "pack",
        "datasets",
        "assertion",
        "console",
    ),
    *(
        "level",
        "messages",
        "text",
        "index",
        "passed",
        "skipped",
        "asynchronous",
        "name",
        "message",
        "stack",
        "line",
        "column",
    ),
    *(
        "assign",
        "set",
        "unset",
        "environment",
        "collection",
        "globals",
        "local",
        "next",
        "skip",
        "visualizer",
        "variables",
        "given",
    ),
    *("digest", "hash", "data", "SHA-256", "compress", "format", "1", "2", "0", "getAll", "clear", "get", "http://h/"),
)


class FakeChild:
    """In the place of the child process: gives one reply after the other, and dies after the last."""

    def __init__(self, replies: list[bytes], memory_mb: int) -> None:
        self.memory_mb = memory_mb
        self.ready_since = 0.0
        self.lacking: tuple[str, ...] = ()
        self.alive = True
        self.held_up = 0.0
        self.wants_scopes = False
        self._replies = replies[::-1]

    def load(self, bundle: str) -> None:
        """Take a library."""

    def ask(self, message: Any, timeout_ms: float | None, meanwhile: Any = None) -> Any:
        """The next reply, read as one of the real child."""
        from runner.errors import SandboxError
        from runner.sandbox.child import dump_message, read_reply

        dump_message(message)
        if not self._replies:
            raise SandboxError("it died")
        return read_reply(b"m", self._replies.pop())

    def wait_until_ready(self) -> None:
        """It is ready."""

    def kill(self) -> None:
        """Give no more replies."""
        self.alive = False

    close = kill


def one_conversation(data: bytes) -> str:
    """Run a script whose child gives these replies: it ends with a result, which may be its own SandboxError."""
    from runner.effects import drive
    from runner.sandbox.child import DEFAULT_MEMORY_MB
    from runner.sandbox.sandbox import Sandbox

    try:
        found = json.loads(data)
        replies = [json.dumps(one).encode() for one in found] if isinstance(found, list) else [data]
    except (ValueError, RecursionError):
        replies = [data]
    child: Any = FakeChild(replies, DEFAULT_MEMORY_MB)
    sandbox = Sandbox(child=child)
    result = drive(sandbox.run(_call()), Answers(sandbox).answer)
    if result.error is not None and result.error.name == "SandboxError":
        text = result.error.message
        if not text.isprintable() or len(text) > 1000:
            raise Defect(f"an error of several lines: {text!r}")
        return " ".join(["SandboxError", *("".join(c if c.isalpha() else " " for c in text).split()[:9])])
    return f"{result.error is not None} {result.set_next_request} {result.skip_request} {result.request is not None}"


class Answers:
    """Answers what a script asks for without a network: each send fails, cookies and variables are real."""

    def __init__(self, sandbox: Any) -> None:
        from runner.cookies.jar import CookieJar
        from runner.engine.vault import Vault

        self._started: list[str] = []
        self._jar = CookieJar(lambda: 1e9)
        self._vault = Vault(lambda value: None)
        self._asked = 0
        self._sandbox = sandbox

    def answer(self, asked: Any) -> Any:
        """The answer to an effect; events are only taken."""
        from runner import effects
        from runner.errors import RequestError, SandboxError
        from runner.protocols.http.script_cookies import use_jar

        self._asked += 1
        if self._asked > 500:
            raise SandboxError("it goes on")
        match asked:
            case effects.AskScript():
                return self._sandbox.ask(asked, asked.timeout)
            case effects.StartSend():
                return self._started.append(asked.id)
            case effects.WaitSends():
                ended, self._started = self._started, []
                return [(id, RequestError("connect ECONNREFUSED 127.0.0.1:1", code="ECONNREFUSED")) for id in ended]
            case effects.UseCookies():
                return use_jar(self._jar, asked.operation, asked.arguments)
            case effects.UseVault():
                return self._vault.use(asked)
            case effects.Compute():
                raise SandboxError("there is no helper")
        return None


@lru_cache(maxsize=1)
def _replies() -> list[Any]:
    found: list[Any] = json.loads((Path(__file__).parent / "replies.json").read_text())
    return found


def _call() -> Any:
    from runner.events import Cursor
    from runner.model.collection import Item, Script
    from runner.model.request import Request
    from runner.model.variable import Variable
    from runner.sandbox.script_call import ScriptCall
    from runner.variables.scopes import Scopes

    item = Item(id="1", name="a", request=Request())
    scopes = Scopes(environment=(Variable("there", "x"),))
    script = Script(id="s", exec="pm.test('a', () => {})")
    return ScriptCall(
        cursor=Cursor(),
        item=item,
        script=script,
        listen="test",
        sees_response=True,
        scopes=scopes,
        run_item=_no_item,
        request={"url": "http://h/"},
    )


def _no_item(id: str, variables: Any) -> Any:
    """The steps of a stored request: there is none."""
    from runner.errors import RequestError

    yield from ()
    raise RequestError("there is no such request")


def conversations() -> list[bytes]:
    """What the child says for a script of each kind."""
    return [json.dumps(replies).encode() for replies in _replies()]


TARGETS = {"message": Target(one_conversation, conversations, by_nodes(WORDS), ("runner.sandbox",))}
