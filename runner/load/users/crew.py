"""What all users of one worker share: the plan, options, secrets, script children, data, and the writing down."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, suppress
from itertools import count
from typing import TYPE_CHECKING

from runner.client.proxies import environ_of
from runner.clock import Clock
from runner.cookies.jar import CookieJar
from runner.engine.secret_discovery import learn_collection
from runner.engine.states import State
from runner.entropy import Entropy
from runner.errors import SandboxError
from runner.events import Warned
from runner.load.figures.recorder import Recorder
from runner.load.job import Job
from runner.load.job_files import JobFiles
from runner.load.users.rows import Turns
from runner.load.users.user_client import UserClient
from runner.loading import folder_of, make_secrets
from runner.options.values import script_memory_mb
from runner.request.memo import Memo
from runner.sandbox.child import DEFAULT_MEMORY_MB
from runner.sandbox.sandbox import Sandbox
from runner.sandbox.services.helper import Helpers
from runner.sandbox.worlds import Worlds
from runner.secrets.outgoing.texts import Texts
from runner.secrets.recent import Recent
from runner.units.making import Units
from runner.units.processors import processors

if TYPE_CHECKING:
    from runner.load.telemetry.traces import Traces

MOST_WARNINGS = 100
REMEMBERED = 1 << 16
"""Bytes of a user's scripts that are kept, to be repeated when an endless script of another user ends their process."""

GLANCE = 3600.0
"""Seconds: a user that waits for its scripts is ended by its greenlet, so it need not look whether it was ended."""


class Crew:
    """The users of one worker. `stack` closes what they share, `clock` is the master's."""

    def __init__(self, job: Job, stack: ExitStack, clock: Clock | None = None) -> None:
        self.job = job
        self.options = job.options
        self.inputs = job.inputs()
        self.scopes = job.scopes()
        self.jar = job.jar()
        self.secrets = make_secrets(self.options, Recent)
        files = JobFiles(job.files) if job.files is not None else None
        self.units = Units(self.options, self.secrets, environ_of(self.options, os.environ), stack, files=files)
        self.clock = clock or self.units.clock
        self.recorder = Recorder(self.clock)
        self.texts = Texts(self.secrets)
        self._client = self.units.client(CookieJar(), kind=UserClient)
        stack.callback(self._client.close)
        self.deal(job.share)
        self.references = Entropy(os.urandom(16).hex())
        """Names executions, which nobody may guess in a run; here they only must differ, and quickly."""
        self.memo = Memo(shows_sent=self.inputs.plan.has_scripts)
        self.busy = 0
        """Iterations that are going on."""
        self.last = 0.0
        """When the last one ended, in seconds since the epoch; 0 before that."""
        self.warnings: list[str] = []
        self._told: set[tuple[str, str]] = set()
        self._worlds = Worlds(self._memory_mb, remembered=REMEMBERED, glance=GLANCE)
        self._helpers = Helpers(processors())
        stack.callback(self._helpers.close)
        self._learn()
        self.traces = self._open_traces(stack)
        self._first = self._first_sandbox(stack)

    @property
    def _memory_mb(self) -> int:
        memory = self.options.script_memory
        return DEFAULT_MEMORY_MB if memory is None else script_memory_mb(memory)

    def _open_traces(self, stack: ExitStack) -> Traces | None:
        """The traces of some iterations, which are sent at the latest when this worker ends."""
        if not self.options.otel:
            return None
        from runner.load.telemetry.traces import traces_of

        name, header = self.texts.report(self.inputs.plan.collection.name), self.options.trace_header
        traces = traces_of(name, self.units.clock, self.secrets, header=header)
        if traces is not None:
            stack.callback(lambda: [print(f"warning: {text}", file=sys.stderr) for text in traces.close()])
        return traces

    def deal(self, share: tuple[int, int]) -> None:
        """Take the iterations, rows and numbers of users of this worker among so many; before its first user."""
        job = self.job
        self.chance = self.units.entropy(f"worker {share[0]}")
        self.turns = Turns(job.rows, job.load.data_distribution, job.load.iterations, share, self.chance)
        self._numbers = count(*share)

    def _learn(self) -> None:
        """Learn what is secret in the files, once for all users."""
        for value in self.job.secrets:
            self.secrets.add(value)
        for scope in self.scopes.ordered:
            for variable in scope.variables:
                self.secrets.add_variable(variable)
                if variable.key in self.options.secret:
                    self.secrets.add(variable.value)
        learn_collection(self.secrets, self.inputs.plan.collection)
        if isinstance(self.secrets, Recent):
            self.secrets.settle()

    def _first_sandbox(self, stack: ExitStack) -> Sandbox | None:
        """Start the first script child before any user needs it; without scripts there is none."""
        if not self.inputs.plan.has_scripts:
            return None
        sandbox = self._make_sandbox(self.units.entropy())
        stack.callback(sandbox.close)
        if self.options.script_confinement == "require":
            sandbox.require_confinement()
        with suppress(SandboxError):  # the scripts that need it fail with it
            sandbox.start()
        return sandbox

    def number(self) -> int:
        """The number of the next user, unique among all workers."""
        return next(self._numbers)

    def state(self) -> State[CookieJar]:
        """The variables and cookies that a user begins with."""
        return State(self.scopes.copy(), self.jar.copy())

    def client(self, jar: CookieJar) -> UserClient:
        """A client for one user; its caller closes it."""
        client = self._client.for_other_user(jar)
        assert isinstance(client, UserClient)
        return client

    def sandbox(self, entropy: Entropy) -> Sandbox:
        """A script world for one user; its caller closes it."""
        first, self._first = self._first, None
        if first is None:
            return self._make_sandbox(entropy)
        first.draw_from(entropy)
        return first

    def _make_sandbox(self, entropy: Entropy) -> Sandbox:
        sandbox = Sandbox(
            timeout_ms=self.options.timeout_script,
            memory_mb=self._memory_mb,
            entropy=entropy,
            child=self._worlds.lease(),
            warns=self.options.script_confinement == "warn",
            clock=self.units.clock,
            helpers=self._helpers,
        )
        sandbox.folder = folder_of(self.inputs.plan.collection)
        return sandbox

    def warn(self, event: Warned) -> None:
        """Keep a warning for the master, each only once."""
        if (event.code, event.message) not in self._told and len(self._told) < MOST_WARNINGS:
            self._told.add((event.code, event.message))
            self.warnings.append(self.texts.report(event.message))
