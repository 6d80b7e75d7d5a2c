"""What the process of a load test reads from its standard input: the job, and then each wish that it should end."""

from __future__ import annotations

import json
from io import RawIOBase

from runner.model.json import JsonObject

HEAD = 8
"""Bytes before the job: its length. After it, each byte asks for the end, and is the exit code of the signal that came.
The end of the input asks for the end at once."""


TELLS = "tells"
"""The key of the job with the descriptor to which the process writes a byte when the load is over. It is answered by what
follows, the teardown: `PASSED` or `FAILED`.
"""

PASSED, FAILED = b"\0", b"\1"


def job_bytes(job: JsonObject) -> bytes:
    """The job as `read_job` takes it."""
    text = json.dumps(job).encode()
    return len(text).to_bytes(HEAD, "little") + text


def read_job(stream: RawIOBase) -> JsonObject:
    """The job that `job_bytes` wrote, and nothing that follows it."""
    job: JsonObject = json.loads(_exactly(stream, int.from_bytes(_exactly(stream, HEAD), "little")))
    return job


def _exactly(stream: RawIOBase, size: int) -> bytes:
    pieces: list[bytes] = []
    while size and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
