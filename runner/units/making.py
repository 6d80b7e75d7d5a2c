"""Makes what a unit needs (script world, client, ports) and runs it; holds what all units of a call share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, suppress
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Any

from runner.cancel import Cancel
from runner.clock import Clock
from runner.engine.plan import Plan
from runner.entropy import Entropy
from runner.errors import SandboxError
from runner.loading import folder_of
from runner.options import RunOptions
from runner.options.values import parse_rate, parse_size, script_memory_mb
from runner.sandbox.sandbox import Sandbox
from runner.secrets import Secrets

if TYPE_CHECKING:
    import httpx

    from runner.auth import TokenStore
    from runner.cassettes.cassette import Cassette
    from runner.client.detour import Detour
    from runner.client.http import Client
    from runner.client.rates import Rates
    from runner.client.tracing import Tracing
    from runner.cookies.jar import CookieJar
    from runner.engine.ports import Inputs, Judge, Ports
    from runner.engine.states import State
    from runner.events import Event
    from runner.files import Files
    from runner.request.memo import Memo
    from runner.sandbox.child import Child
    from runner.sandbox.worlds import World, Worlds
    from runner.transport.sockets.waker import Waker


class Units:
    """What all units of a call share: options, secrets, tokens, a cassette, the rates of hosts, script children.

    `jobs` is how many run beside each other: if several do, their script worlds share one child process for each
    processor. `stack` closes what is still open at the end.
    """

    def __init__(
        self,
        options: RunOptions,
        secrets: Secrets,
        environ: Mapping[str, str],
        stack: ExitStack,
        *,
        jobs: int = 1,
        child: Child | World | None = None,
        transport: httpx.BaseTransport | None = None,
        files: Files | None = None,
    ) -> None:
        self.options = options
        self._given_files = files
        self.secrets = secrets
        self.clock = Clock()
        self.cassette: Cassette | None = None
        self.detour: Detour | None = None
        self.tracing: Tracing | None = None
        self.judges: dict[str, Judge] = {}
        self.tokens: TokenStore | None = None
        self.jobs = jobs
        self._environ = environ
        self._stack = stack
        self._child = child
        self._transport = transport
        self._warns = options.script_confinement == "warn"
        self._lock = threading.Lock()
        self._started: list[Sandbox] = []
        self._worlds = self._make_worlds() if jobs > 1 else None
        self._rates = self._make_rates()

    def _make_worlds(self) -> Worlds:
        from runner.sandbox.worlds import Worlds
        from runner.units.processors import processors

        if self._child is not None:
            self._child.close()
            self._child = None
        return Worlds(self._memory_mb, most=ceil(self.jobs / processors()))

    def _make_rates(self) -> Rates | None:
        if self.options.max_rate is None and self.jobs == 1:
            return None
        from runner.client.rates import Rates

        return Rates(parse_rate(self.options.max_rate) if self.options.max_rate else None)

    @property
    def _memory_mb(self) -> int:
        from runner.sandbox.child import DEFAULT_MEMORY_MB

        memory = self.options.script_memory
        return DEFAULT_MEMORY_MB if memory is None else script_memory_mb(memory)

    def entropy(self, identity: str = "") -> Entropy:
        """The randomness of a unit: with a seed its values depend on nothing but its identity."""
        seed = self.options.seed
        return Entropy(seed if seed is None or not identity else f"{seed} {identity}")

    def start(self, plan: Plan) -> None:
        """Start the script world of the plan that runs first, so that its child is ready in time."""
        self._started.append(self._make_sandbox(plan, self.entropy()))

    def sandbox(self, plan: Plan, entropy: Entropy) -> Sandbox:
        """A script world for a plan."""
        with self._lock:  # several units may ask at once
            sandbox = self._started.pop() if self._started else None
        if sandbox is None:
            return self._make_sandbox(plan, entropy)
        sandbox.draw_from(entropy)
        sandbox.folder = folder_of(plan.collection)  # of the plan that runs first, which need not be the first given
        return sandbox

    def _make_sandbox(self, plan: Plan, entropy: Entropy) -> Sandbox:
        options = self.options
        world = self._worlds.lease() if self._worlds is not None else None
        sandbox = Sandbox(
            timeout_ms=options.timeout_script,
            clock=self.clock,
            entropy=entropy,
            child=self._child if world is None else world,
            warns=self._warns,
            memory_mb=self._memory_mb,
        )
        self._child = None
        sandbox.folder = folder_of(plan.collection)
        self._stack.callback(sandbox.close)
        if plan.has_scripts:
            with suppress(SandboxError):  # the script that needs it fails with it
                (sandbox if world is None else world).start()
            if options.script_confinement == "require":
                sandbox.require_confinement()
        return sandbox

    @cached_property
    def _files(self) -> Files:
        if self._given_files is not None:
            return self._given_files
        from runner.files import Files

        options = self.options
        return Files(options.working_dir, not options.no_insecure_file_read, options.allow_read)

    def _shared_tokens(self) -> TokenStore:
        from runner.auth import TokenStore

        with self._lock:
            self.tokens = self.tokens or TokenStore()
            return self.tokens

    def moments(
        self,
        inputs: Inputs,
        state: State[CookieJar],
        sandbox: Sandbox,
        entropy: Entropy,
        emit: Callable[[Event], None],
        *,
        unit: str,
        deadline: float | None,
        cancel: Cancel,
        client: Client | None = None,
    ) -> Generator[None, None, bool]:
        """Run a unit step by step from this state, which it changes; returns whether later units must not run.

        `emit` gets its events on this thread; `cancel` ends it. It sends on the connections of `client`, by default on its
        own.
        """
        from runner.engine.run import Run
        from runner.transport.sockets.waker import Waker

        own, waker = Cancel(), Waker()
        state.scopes.data.clear()
        own_client = client.for_other(state.jar, waker) if client else self.client(state.jar, waker)
        ports = self.ports(inputs, state, sandbox, entropy, own_client)
        try:
            with cancel.waking(own.set), own.waking(waker.wake):
                run = Run(inputs, self.options, ports, emit, deadline, unit, own, state.scopes)
                yield from run.moments()
                return run.ends_others
        finally:
            own_client.close()
            waker.close()
            self._warns = self._warns and sandbox.warns

    def client(self, jar: CookieJar, waker: Waker | None = None, kind: Callable[..., Client] | None = None) -> Client:
        """A client with these cookies, of this kind; raises `LoadError` and `UsageError`."""
        from runner.client.http import Client

        options = self.options
        size = {"max_body": parse_size(str(options.max_response_size))} if options.max_response_size else {}
        more: dict[str, Any] = {"environ": self._environ, "cassette": self.cassette, "rates": self._rates, **size}
        more |= {"detour": self.detour, "tracing": self.tracing}
        return (kind or Client)(options, jar, transport=self._transport, cancel=waker, **more)

    def ports(
        self,
        inputs: Inputs,
        state: State[CookieJar],
        sandbox: Sandbox,
        entropy: Entropy,
        client: Client,
        memo: Memo | None = None,
    ) -> Ports:
        """What a run of this plan uses of the world, with this state, sandbox and client."""
        from runner.engine.ports import Ports
        from runner.protocols.protocol import Parts
        from runner.protocols.table import open_protocols

        options = self.options
        parts = Parts(
            options=options,
            clock=self.clock,
            entropy=entropy,
            secrets=self.secrets,
            client=client,
            jar=state.jar,
            tokens=self._shared_tokens(),
            memo=memo,
        )
        return Ports(
            protocols=open_protocols(inputs.plan.kinds, parts),
            sandbox=sandbox,
            files=self._files,
            clock=self.clock,
            entropy=entropy,
            secrets=self.secrets,
            judges=self.judges,
        )
