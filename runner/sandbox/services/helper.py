"""Computations for scripts outside V8 (`crypto.subtle`, compression), in processes killed at the script's deadline.

Only small hashes are computed in this process: they take a millisecond, and nothing in their data is interpreted.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from runner.cancel import Cancel
from runner.deep_json import dumps
from runner.errors import SandboxError
from runner.model.json import Json
from runner.sandbox.processes.process import Process, folders_of_packages, python

if TYPE_CHECKING:
    from runner.sandbox.messages import ComputeAsk

SMALL = 1 << 20
"""The most characters of base64 that are hashed in this process: 3 ms of SHA-512 on a slow machine."""

SERVICES = {"subtle": "crypto.subtle", "pack": "the compression streams"}
"""The asks of scripts that helpers answer, and their names in messages."""

ANALYSIS = "analysis"
"""The service for questions about scripts; scripts themselves cannot ask it."""


class Helpers:
    """Processes for the services, started when they are needed; at most `most` of them compute at the same time."""

    def __init__(self, most: int = 1) -> None:
        self._idle: dict[str, list[Helper]] = {}
        self._turns = threading.BoundedSemaphore(most)

    def compute(self, wish: Mapping[str, object], timeout_ms: float | None, cancel: Cancel | None = None) -> object:
        """The answer to a `ComputeAsk`; raises TimeoutError if time runs out or on cancel, SandboxError on a crash."""
        asked = cast("ComputeAsk", wish)
        if is_small_hash(asked):
            from runner.sandbox.services.subtle_hashes import perform

            return perform(asked["operation"], asked["given"])
        with self._turns:
            return self._compute(asked, timeout_ms, cancel or Cancel())

    def _compute(self, asked: ComputeAsk, timeout_ms: float | None, cancel: Cancel) -> object:
        idle = self._idle.setdefault(asked["kind"], [])
        helper = idle.pop() if idle else None
        if helper is None or not helper.alive:
            helper = Helper(asked["kind"])
        try:
            with cancel.waking(helper.kill):
                answer = helper.ask(asked, timeout_ms)
        except BaseException:  # even Ctrl-C: a late answer would be taken for that of the next ask
            helper.close()
            raise
        idle.append(helper)
        return answer

    def close(self) -> None:
        """End all processes."""
        while self._idle:
            for helper in self._idle.popitem()[1]:
                helper.close()


class Helper(Process):
    """The process of one service."""

    def __init__(self, service: str) -> None:
        program = "analysis_worker" if service == ANALYSIS else "helper_worker"
        super().__init__([*python(f"services/{program}.py"), service, *folders_of_packages()])
        self._service = SERVICES.get(service, "the analysis of scripts")
        self._ready = False

    def ask(self, asked: ComputeAsk, timeout_ms: float | None) -> Json:
        """The answer to one ask; the time limit includes the start of the process."""
        try:
            with self._within(timeout_ms):
                self._write(b"m" + dumps(asked).encode("ascii"))
                if not self._ready:
                    self._ready = self._read()[0] == b"r"
                text = self._read()[1]
        except EOFError as error:
            code, said = self._last_words()
            reason = said.rpartition("\n")[2] or f"exit code {code}"
            raise SandboxError(f"the process that computes for {self._service} ended: {reason}") from error
        try:
            answer: Json = json.loads(text)
        except (ValueError, RecursionError):
            self.kill()
            raise SandboxError(f"the process that computes for {self._service} gave no answer") from None
        return answer


def is_small_hash(asked: ComputeAsk) -> bool:
    """Whether computing this here is cheaper than sending it to a helper."""
    if asked["kind"] != "subtle" or asked["operation"] not in ("digest", "hmac"):
        return False
    return sum(len(value) for value in asked["given"].values() if isinstance(value, str)) <= SMALL
