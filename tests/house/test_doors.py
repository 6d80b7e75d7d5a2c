"""Only the driver waits, only the doors touch the world, and every wish of a step has an answer."""

import ast

import pytest

from runner import effects
from runner.auth import TokenStore
from runner.client.http import Client
from runner.clock import Clock
from runner.cookies.jar import CookieJar
from runner.engine.plan import make_plan
from runner.engine.ports import Inputs, Ports
from runner.engine.run import Run
from runner.entropy import Entropy
from runner.files import Files
from runner.model.collection import Collection
from runner.model.variable import Environment
from runner.options import RunOptions
from runner.protocols.protocol import Parts
from runner.protocols.table import open_protocols
from runner.sandbox.sandbox import Sandbox
from runner.secrets import Secrets
from tests.house.code import MODULES, imported_rooms, name_of, room_of

OPENERS = {
    "files.py",
    "formats/reading.py",
    "formats/sniff.py",
    "outputs/draft.py",  # what it wrote itself
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


def test_only_the_script_child_sleeps_where_no_cancel_wakes_it():
    sleeping = {name_of(p) for p in MODULES if "sleep" in calls(p) | methods(p)}
    assert {name for name in sleeping if not name.startswith("standins/")} == {"sandbox/worker.py"}


def test_files_are_opened_only_at_the_doors():
    assert {name_of(p) for p in MODULES if "open" in calls(p) and room_of(p) != "standins"} == OPENERS


WRITERS = {
    *{"os.replace", "os.rename", "os.link", "os.symlink", "os.makedirs", "os.mkdir", "os.mkfifo", "os.truncate"},
    *{"write_bytes", "mkdir", "touch", "NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"},
    *{"copyfile", "copyfileobj", "mkdtemp", "TemporaryDirectory"},
}


def writes(call):
    """Whether a call opens a file to write into it, or makes, moves or links one."""
    func = call.func
    name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
    module = func.value.id if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) else ""
    if any(isinstance(node, ast.Attribute) and node.attr == "O_PATH" for node in ast.walk(call)):
        return False  # only a handle of the place
    if name in ("open", "fdopen"):
        given = [*call.args[:2], *(word.value for word in call.keywords if word.arg == "mode")]
        modes = [mode.value for mode in given if isinstance(mode, ast.Constant) and isinstance(mode.value, str)]
        return (module == "os" and name == "open") or any(set(mode) <= set("rwaxbt+") - {"r"} for mode in modes)
    if name == "write_text" and isinstance(func, ast.Attribute):
        return True
    return name in WRITERS or f"{module}.{name}" in WRITERS


def test_files_are_written_only_by_the_one_writer():
    calls = {p: [node for node in ast.walk(ast.parse(p.read_text())) if isinstance(node, ast.Call)] for p in MODULES}
    found = {name_of(p) for p, made in calls.items() if any(writes(call) for call in made)}
    readers = {"files.py"}  # which opens a file folder by folder, to read it
    assert {name for name in found if not name.startswith("outputs/")} == readers


@pytest.fixture
def driver():
    """The driver of an empty run; nothing of it is started."""
    options, jar = RunOptions(), CookieJar()
    plan = make_plan(Collection(id="1", name="c"))
    shared = {"clock": Clock(), "entropy": Entropy(), "secrets": Secrets()}
    parts = Parts(options=options, client=Client(options, jar), jar=jar, tokens=TokenStore(), **shared)
    ports = Ports(protocols=open_protocols(set(), parts), sandbox=Sandbox(), files=Files(None), **shared)
    return Run(Inputs(plan=plan, environment=Environment(), globals=Environment()), options, ports, print)


def test_the_driver_answers_every_effect(driver):
    kinds = {kind for kind in vars(effects).values() if isinstance(kind, type) and issubclass(kind, effects.Wish)}
    assert kinds - {effects.Wish, effects.Effect} == driver._performers.kinds


def test_the_engine_knows_nothing_of_http():
    rooms = {"auth", "cassettes", "client", "cookies", "request", "transport"}
    engine = [p for p in MODULES if room_of(p) == "engine"]
    assert [name_of(p) for p in engine if rooms & set(imported_rooms(p)) or "protocols.http" in p.read_text()] == []


def test_reporters_know_nothing_of_the_engine():
    assert [name_of(p) for p in MODULES if room_of(p) == "reporters" and "engine" in imported_rooms(p)] == []
