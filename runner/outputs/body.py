"""The body of a response on its way to a file, or to the terminal or log behind standard output."""

from __future__ import annotations

import os
import stat

from runner.descriptors import own_descriptor
from runner.logs import harmless_bytes, markers_of_output
from runner.outputs import writing_bytes

STDOUT = "-"
"""The path of standard output."""


def write_body(path: str, body: bytes, *, mode: int) -> None:
    """Write bytes as they are, but for what would steer a terminal or a CI server; raises `ExportError`."""
    with writing_bytes(path, mode=mode) as file:
        file.write(shown_body(path, body))


def shown_body(path: str, body: bytes) -> bytes:
    """What of a body is written to a path: itself, unless that is standard output that a terminal or CI server reads."""
    number = own_descriptor(path, 1)
    if number is None or stat.S_ISREG(os.fstat(number).st_mode):
        return body
    return harmless_bytes(body, markers_of_output(), terminal=os.isatty(number))
