"""The job as the one message that makes a worker of a machine: JSON, in a frame whose size is bounded."""

from __future__ import annotations

import json

from runner.errors import LoadError, UsageError
from runner.model.json import JsonObject

MOST_JOB = 256 << 20
"""The most bytes of a job: collection, data and files."""


def pack(job: JsonObject, most: int = MOST_JOB) -> bytes:
    """The job as bytes; raises `UsageError` for one that no worker would take."""
    content = json.dumps(job, separators=(",", ":")).encode()
    if len(content) > most:
        size, limit = (f"{count / (1 << 20):,.0f} MiB" for count in (len(content), most))
        hint = "send smaller files, or fewer rows of data"
        raise UsageError(f"collection, data and files have {size} together, and workers take {limit}", hint=hint)
    return content


def unpack(content: bytes, most: int = MOST_JOB) -> JsonObject:
    """The job of a message; raises `LoadError` for anything else."""
    try:
        job = json.loads(content) if len(content) <= most else None
    except (ValueError, RecursionError):
        job = None
    if not isinstance(job, dict):
        raise LoadError("the master sent no job", where="--master-host")
    return job
