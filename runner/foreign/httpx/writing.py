"""A collection as one script that sends its requests with httpx, byte for byte as a run does."""

from __future__ import annotations

from runner.foreign.python_code.writing import PythonFile, Target
from runner.foreign.written import ExportOptions, Written
from runner.model.collection import Collection

HEAD = """\
Sends the requests of a Postman collection in their order, as Postman sends them: python FILE
It needs httpx (pip install httpx httpcore>=1.0.4) and nothing else.
"""

TARGET = Target(running="runner.foreign.httpx", head=HEAD, extension=".py", returns=True)


def write(collection: Collection, options: ExportOptions) -> Written:
    """The script; what it cannot send and the scripts that are not translated are marked gaps."""
    return PythonFile(collection, options, TARGET).written()
