"""Only the driver waits, only the doors touch the world, and every wish of a step has an answer."""

import ast

import pytest

from runner import effects
from runner.chance import Chance
from runner.engine.doors import Doors, Inputs
from runner.engine.plan import make_plan
from runner.engine.run import Run
from runner.files import Files
from runner.model.collection import Collection
from runner.model.variable import Environment
from runner.options import RunOptions
from runner.sandbox.session import Sandbox
from runner.secrets import Secrets
from runner.transport.client import Client
from runner.transport.cookies import CookieJar
from tests.house.code import MODULES, name_of, room_of

OPENERS = {
    "export.py",
    "files.py",
    "formats/reading.py",
    "formats/sniff.py",
    "reporters/spool.py",  # reports, and what is put aside for them
    "sandbox/worker.py",  # the prelude and the libraries
}


def calls(path):
    """The name of every function that a file calls, methods left out."""
    found = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return {func.id for func in found if isinstance(func, ast.Name)}


def methods(path):
    """The name of every method that a file calls."""
    found = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return {func.attr for func in found if isinstance(func, ast.Attribute)}


def test_only_the_driver_sleeps():
    sleeping = {name_of(p) for p in MODULES if "sleep" in calls(p) | methods(p)}
    assert {name for name in sleeping if not name.startswith("standins/")} == {"engine/run.py"}


def test_files_are_opened_only_at_the_doors():
    assert {name_of(p) for p in MODULES if "open" in calls(p) and room_of(p) != "standins"} == OPENERS


@pytest.fixture
def driver():
    """The driver of an empty run; nothing of it is started."""
    options, jar, chance = RunOptions(), CookieJar(), Chance()
    plan = make_plan(Collection(id="1", name="c"))
    doors = Doors(
        client=Client(options, jar, chance),
        jar=jar,
        sandbox=Sandbox(),
        files=Files(None),
        chance=chance,
        secrets=Secrets(),
    )
    return Run(Inputs(plan=plan, environment=Environment(), globals=Environment()), options, doors, print)


def test_the_driver_answers_every_effect(driver):
    kinds = {kind for kind in vars(effects).values() if isinstance(kind, type) and issubclass(kind, effects.Effect)}
    assert kinds - {effects.Effect} == set(driver._perform)


def test_reporters_know_of_the_engine_only_its_summary():
    for path in MODULES:
        if room_of(path) == "reporters":
            nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
            engine = {node.module for node in nodes if (node.module or "").startswith("runner.engine")}
            assert engine <= {"runner.engine.summary"}, path
