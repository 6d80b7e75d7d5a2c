"""A collection as a module of tests for pytest: one test for each request, in the order of the collection."""

from __future__ import annotations

from runner.foreign.python_code.writing import PythonFile, Target
from runner.foreign.written import ExportOptions, Written
from runner.model.collection import Collection
from runner.model.quick_dataclass import replace

HEAD = """\
Sends the requests of a Postman collection in their order, as Postman sends them, and checks the answers: pytest FILE
It needs httpx and httpcore>=1.0.4. A warning tells what a script of the collection checks and this file does not.
"""

TARGET = Target(
    running="runner.foreign.pytest",
    head=HEAD,
    extension=".py",
    before="test_",
    decorator="@checked",
    always=frozenset({"closed_connections"}),
)


def write(collection: Collection, options: ExportOptions) -> Written:
    """The module; what it cannot send fails, and the scripts that are not translated are warnings."""
    made = PythonFile(collection, options, TARGET).written()
    return replace(made, files={_test_name(name): text for name, text in made.files.items()})


def _test_name(file: str) -> str:
    """The name of a file in which pytest looks for tests."""
    return f"test_{file.replace('-', '_').replace('.', '_').removesuffix('_py')}.py"
