"""Starts a mock server on a thread of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence

from runner.errors import UsageError
from runner.formats.v3.paths import is_part
from runner.mock.api import Mock
from runner.mock.loading import Loaded, Source, load_examples
from runner.mock.recording import Recorder
from runner.mock.simulation import Simulation, load_simulation, simulation_of
from runner.mock.wishes import Settings
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.secrets import Secrets
from runner.server.backend import ServerNames
from runner.server.http_server import HttpServer
from runner.server.journal import Record
from runner.server.messages import Answer

NAMES = ServerNames("mock server", "postrunner-mock", "X-Mock-Fault")

Say = Callable[[str], object]


class MockServer:
    """A mock server with what it serves; a context manager that stops it on exit.

    `sources` are collections, folders, or documents that can be imported; `options` say which environment fills them in,
    unless one is given. `conditions` are texts such as `error=503`, `simulation` is a file that has them. `record_missing`
    is the address of an API that answers what no example does, `record_to` the file that gets these answers as examples
    (the one source without it), without `secrets`. With `saved_at` examples also answer the requests that they are saved
    at, with `stateful` calls change what there is. `say` gets a line for each answer; with `explain` also why it won.
    Raises `LoadError` and `UsageError`.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        options: RunOptions,
        settings: Settings | None = None,
        *,
        environment: Sequence[Variable] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        anywhere: bool = False,
        tls: bool = False,
        seed: int | str | None = None,
        explain: bool = False,
        stateful: bool = False,
        conditions: Sequence[str] = (),
        simulation: str | None = None,
        record_missing: str | None = None,
        record_to: str | None = None,
        secrets: Secrets | None = None,
        saved_at: bool = False,
        say: Say | None = None,
    ) -> None:
        self._sources, self._options, self._environment = tuple(sources), options, environment
        self._record_to = _recorded_in(self._sources, record_to) if record_missing else ""
        self._saved_at = saved_at
        self.secrets = Secrets() if secrets is None else secrets
        self.loaded = self._load()
        self._conditions, self._simulation = tuple(conditions), simulation
        self._reloading = threading.Lock()
        self.mock = Mock(
            self.loaded.examples,
            settings or Settings(),
            documents=self.loaded.documents,
            simulation=self._simulated(),
            seed=seed,
            explain=explain,
            stateful=stateful,
        )
        log = None if say is None else logger(say)
        if record_missing:
            self.mock.recorder = Recorder(record_missing, self._record_to, options, self.secrets, self.reload)
        self.certificate = ""
        """With TLS the certificate that was made for this server, as PEM."""
        context = None
        if tls:
            from runner.server.certificates import self_signed

            context, self.certificate = self_signed(host)
        name = ", ".join(self.loaded.names)
        self.server = HttpServer(name, self.mock, NAMES, host, port, anywhere=anywhere, tls=context, log=log)

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end."""
        return self.server.url

    def reload(self) -> Loaded:
        """Read the sources again and serve what they hold now; if they cannot be read, what is served stays."""
        with self._reloading:  # or what was read first could be served last
            loaded, simulated = self._load(), self._simulated()
            self.loaded = loaded
            self.mock.replace(loaded.examples, loaded.documents, simulated)
        return loaded

    def _load(self) -> Loaded:
        recorded = self._record_to
        new = recorded and recorded not in self._sources and os.path.exists(recorded)
        sources = (*self._sources, recorded) if new else self._sources
        loaded = load_examples(
            sources, self._options, self._environment, may_be_empty=bool(recorded), saved_at=self._saved_at
        )
        for variable in loaded.variables:
            self.secrets.add_variable(variable)
        return loaded

    def _simulated(self) -> Simulation | None:
        """The conditions that hold: those of the file, or else those that were given by name."""
        return load_simulation(self._simulation) if self._simulation else simulation_of(self._conditions)

    def close(self) -> None:
        """Stop it."""
        self.server.close()
        self.mock.close()

    def __enter__(self) -> MockServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _recorded_in(sources: Sequence[Source], record_to: str | None) -> str:
    """The file that recorded examples go to: the one that was named, or the collection that is served."""
    path = record_to or (sources[0] if len(sources) == 1 else "")
    if not isinstance(path, str) or not (is_part(path) if os.path.isdir(path) else path.endswith(".json")):
        hint = "name one: --record-to new.json"
        raise UsageError("there is no collection to record into", where="--record-missing", hint=hint)
    return path


def logger(say: Say) -> Callable[[Record, Answer], None]:
    """What says a line for each answer, with further ones if the answer tells more; credentials are masked."""

    def log(record: Record, answer: Answer) -> None:
        first, *more = answer.told or ("",)
        lines = [f"{record.call.method} {record.target} → {answer.status}" + (f" {first}" if first else "")]
        say("\n".join([*lines, *(f"    {line}" for line in more)]))

    return log
