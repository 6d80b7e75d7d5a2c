"""Records and replays single exchanges on the wire, so that each redirect hop is a recording of its own.

The client handles cookies, redirects and decoding above it, as for a live response.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from runner.cassettes import file as cassette_file
from runner.cassettes.document import Document
from runner.cassettes.filter import SecretFilter
from runner.cassettes.match import Index, Key, Nearest
from runner.cassettes.recording import Recording, failed_recording, play, recording_of
from runner.descriptors import once_only
from runner.errors import ExportError, RequestError, UsageError
from runner.formats.reading import read_bytes
from runner.model.request import PreparedRequest
from runner.options import RunOptions
from runner.secrets import Secrets
from runner.transport.limits import Limits
from runner.transport.raw_response import RawResponse

Forward = Callable[[PreparedRequest, Limits], RawResponse]

REPLAYING = ("none", "new")
RECORDING = ("all", "new")
NO_RECORDING = "NO_RECORDING"


def open_cassette(options: RunOptions, secrets: Secrets) -> Cassette:
    """The cassette of `--record` or `--replay`; raises `UsageError` and `LoadError`."""
    if options.record and options.replay:
        raise UsageError("--record and --replay exclude each other", hint="--record-mode new replays and records")
    if options.replay and options.record_mode == "once":
        return Cassette(options.replay, "none", secrets)
    if not options.record:
        raise UsageError(f"--record-mode {options.record_mode} is for --record FILE")
    return Cassette(options.record, options.record_mode, secrets)


class Cassette:
    """The recordings of one file; may be used from several threads.

    `mode` is one of vcrpy's: `once` replays the file if it exists and otherwise records it, `new` replays what is recorded
    and records the rest, `all` sends and records everything again, `none` only replays. Each recording answers one request;
    equal recordings answer in their order. Raises `LoadError` if the file cannot be used.
    """

    def __init__(self, path: str, mode: str, secrets: Secrets) -> None:
        self.path = path
        self._name = os.path.basename(path)
        exists = os.path.isfile(path) and not once_only(path)  # a pipe or a device cannot be replayed
        self._asked_to_record = mode == "once"
        self._mode = ("none" if exists else "all") if mode == "once" else mode
        self._recordings: list[Recording] = []
        self._recorded: list[Recording] = []
        self._rest: Document = {}
        if self._mode in REPLAYING and (exists or self._mode == "none"):
            self._recordings, self._rest = cassette_file.load(read_bytes(path), path)
        self._left = set(range(len(self._recordings)))
        self._filter = SecretFilter(secrets)
        self._lock = threading.Lock()
        self._index = self._new_index()
        self._nearest: Nearest | None = None

    @property
    def sends(self) -> bool:
        """Whether a request may go out."""
        return self._mode in RECORDING

    @property
    def warning(self) -> str:
        """A warning for users who asked for a recording and get a replay, "" otherwise."""
        if not self._asked_to_record or self._mode != "none":
            return ""
        return f"{self._name} exists already: it is replayed and nothing is sent; --record-mode all records it anew"

    def send(self, request: PreparedRequest, limits: Limits, forward: Forward) -> RawResponse:
        """Answer from the cassette, or `forward` the request and record what comes back; raises `RequestError`."""
        if self._mode in REPLAYING:
            with self._lock:
                recording, key = self._take(request)
            if recording is not None:
                return play(recording, request, limits)
            if self._mode not in RECORDING:
                with self._lock:
                    self._nearest = self._nearest or Nearest(self._index)
                    near = self._nearest.describe(key)
                message = f"{self._name} has no recording of {key[0]} {key[1]}; {near}"
                raise RequestError(message, code=NO_RECORDING, hint="record it with --record FILE --record-mode new")
        try:
            answer = forward(request, limits)
        except RequestError as error:
            self._keep(failed_recording(request, error))
            raise
        self._keep(recording_of(request, answer))
        return answer

    def save(self, write: Callable[[str, str], None]) -> list[ExportError]:
        """Pass the path and the text without secrets to `write`, unless nothing was recorded since the last call.

        Returns the error if writing failed.
        """
        with self._lock:
            if not self._recorded:
                return []
            self._recordings += self._recorded
            self._recorded = []
            text = cassette_file.dump(self._filter.filtered(self._recordings), self._rest)
        try:
            write(self.path, text)
        except ExportError as error:
            return [error]
        return []

    def _keep(self, recording: Recording) -> None:
        with self._lock:
            self._recorded.append(recording)

    def _take(self, request: PreparedRequest) -> tuple[Recording | None, Key]:
        key = self._filter.key(request)
        number = self._index.take(key)
        if number is None and self._version != self._filter.version:
            self._index = self._new_index()  # a file by vcrpy may contain secrets that have become known only now
            number = self._index.take(key)
        if number is None:
            return None, key
        self._left.discard(number)
        return self._recordings[number], key

    def _new_index(self) -> Index:
        self._version = self._filter.version
        self._nearest = None
        return Index([self._filter.recording_key(recording) for recording in self._recordings], sorted(self._left))
