"""A child imports the binding of the engine without asyncio, which it has no use for."""

import subprocess
import sys

import pytest

IMPORTS = """
import sys
from runner.sandbox.engine_imports import LOOP, StandIn, stand_in
stand_in()
from py_mini_racer import init_mini_racer, mini_racer
init_mini_racer(flags=("--single-threaded",))
"""


def printed(program):
    command = [sys.executable, "-c", IMPORTS + program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_the_engine_evaluates_and_calls_without_asyncio():
    program = """
with mini_racer(LOOP) as engine:
    print(engine.eval("1 + 1"), engine.eval("text => text + '!'")("x"))
print(*("asyncio.events" in sys.modules, "importlib.resources._common" in sys.modules))
"""
    assert printed(program) == ["2", "x!", "False", "False"]


@pytest.mark.parametrize(
    "asked", ["import asyncio; asyncio.sleep", "from asyncio import sleep", "import asyncio.tasks; asyncio.sleep"]
)
def test_whoever_asks_for_more_gets_the_module_itself(asked):
    program = f"""
{asked}
print(type(sys.modules["asyncio"]) is StandIn, "asyncio.tasks" in sys.modules)
"""
    assert printed(program) == ["False", "True"]
