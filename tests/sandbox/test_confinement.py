"""What the script child can no longer do once it takes scripts, and what is said where the system cannot see to that."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

import runner
from runner.events import Warned
from runner.sandbox import child
from runner.sandbox.processes import confinement
from runner.sandbox.processes.confinement import ALLOW, EQUAL, KILL, LOAD, MACHINES, REFUSE, RETURN, UNKNOWN, rules
from runner.sandbox.processes.process import ENVIRONMENT, bare_environment
from runner.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import World

ROOT = Path(__file__).parents[2]
BREAKOUT = Path(__file__).with_name("breakout.py")
SECCOMP, OPEN_FILES = "Seccomp:\t2", "Max open files            0                    0"

linux = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.uname().machine not in MACHINES, reason="Linux on a machine we know"
)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # a fork beside threads


def frame(text: bytes) -> bytes:
    return struct.pack("<I", len(text)) + text


@pytest.fixture(scope="module", params=[1, 2], ids=["one world", "many worlds"])
def outcomes(request) -> dict[str, str]:
    """What became of each attempt inside of a child that takes scripts."""
    words = child.command(256, worlds=request.param)
    at = words.index(str(child.FOLDER / "worker.py"))
    words = [*words[:at], str(BREAKOUT), *words[at:]]
    sent = frame(b'm\0\0\0\0{"op": "repeat", "words": [1, 2, 3, 4, 5, 6, 7, 8]}')
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=bare_environment()) as process:
        process.stdin.write(sent)
        process.stdin.flush()
        replies = [process.stdout.read(struct.unpack("<I", process.stdout.read(4))[0]) for _ in range(2)]
    assert replies[0] == b"r[]"
    found: dict[str, str] = json.loads(replies[1][1:])
    return found


@linux
def test_code_that_breaks_out_finds_every_way_refused(outcomes):
    assert {attempt: outcome for attempt, outcome in outcomes.items() if outcome != "refused"} == {}
    assert len(outcomes) > 30


# -- the child as it is seen from outside


@pytest.fixture(scope="module")
def proc():
    """The child's folder in /proc, started beside a secret in the environment and an open file."""
    before = dict(os.environ)
    os.environ |= {"CI_TOKEN": "secret-token", "TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8"}
    with open(ROOT / "pyproject.toml") as file:
        os.set_inheritable(file.fileno(), True)
        sandbox = Sandbox()
        world = World(sandbox)
        yield Path(f"/proc/{sandbox._child.pid}") if world.run("1").error is None else None, world
        sandbox.close()
    os.environ.clear()
    os.environ |= before


@linux
def test_every_thread_of_the_child_has_the_filter(proc):
    for thread in (proc[0] / "task").iterdir():
        status = (thread / "status").read_text()
        assert SECCOMP in status
        assert "NoNewPrivs:\t1" in status


@linux
def test_the_child_can_open_nothing_and_write_nothing(proc):
    limits = (proc[0] / "limits").read_text()
    for name in ("open files  ", "file size   ", "core file size", "processes   "):
        (line,) = (line for line in limits.splitlines() if line.startswith(f"Max {name}"))
        assert line[26:67].split() == ["0", "0"], line


@linux
def test_the_child_has_no_environment_but_places_and_language(proc):
    names = {line.partition(b"=")[0].decode() for line in (proc[0] / "environ").read_bytes().split(b"\0") if line}
    assert {"TZ", "LANG"} <= names <= set(ENVIRONMENT)


@linux
def test_the_child_has_only_its_pipes_and_its_own_loop(proc):
    kinds = {os.readlink(entry).split(":")[0] for entry in (proc[0] / "fd").iterdir()}
    assert kinds <= {"pipe", "socket", "anon_inode"}


@linux
def test_the_child_stands_in_no_folder_of_the_user_and_in_a_session_of_its_own(proc):
    assert os.readlink(proc[0] / "cwd") == "/"
    assert os.getsid(int(proc[0].name)) == int(proc[0].name)


def test_scripts_know_the_time_zone_and_the_language_all_the_same(proc):
    world = proc[1]
    assert world.run("console.log(new Date(0).getTimezoneOffset(), (1234.5).toLocaleString())").logged == [
        [-540, "1.234,5"]
    ]


# -- the filter itself, on both machines


def verdict(machine: str, number: int, *arguments: int, arch: int = 0, pid: int = 77) -> int:
    """What the kernel would do: the program, run step by step."""
    data = struct.pack("<IIQ6Q", number, arch or MACHINES[machine], 0, *arguments, *[0] * (6 - len(arguments)))
    program, at, word = rules(machine, pid), 0, 0
    while True:
        operation, yes, no, value = program[at]
        at += 1
        if operation == RETURN:
            return value
        if operation == LOAD:
            word = struct.unpack_from("<I", data, value)[0]
        else:
            holds = {EQUAL: word == value, confinement.AT_LEAST: word >= value, confinement.ANY_BIT: word & value != 0}
            at += yes if holds[operation] else no


machines = pytest.mark.parametrize("machine", MACHINES)


@machines
def test_only_the_listed_calls_are_allowed_whatever_their_arguments(machine):
    allowed = set(confinement.numbers(confinement.ALLOWED, machine).values())
    bounded = set(confinement.numbers(confinement.BOUNDED, machine).values())
    for number in set(range(confinement.NEWEST)) - bounded - {confinement.CLONE3}:
        assert verdict(machine, number) == (ALLOW if number in allowed else REFUSE)


@machines
@pytest.mark.parametrize("number", [confinement.CLONE3, confinement.NEWEST, 600, 1 << 30, (1 << 32) - 1])
def test_a_call_that_is_too_new_is_as_if_it_were_not_there(machine, number):
    assert verdict(machine, number) == UNKNOWN


@machines
def test_a_call_of_another_machine_ends_the_child(machine):
    assert verdict(machine, 0, arch=0x40000003) == KILL


@machines
def test_threads_can_be_made_and_processes_cannot(machine):
    clone = confinement.numbers(confinement.BOUNDED, machine)["clone"]
    assert verdict(machine, clone, 0x3D0F00) == ALLOW
    assert verdict(machine, clone, 17) == REFUSE
    assert verdict(machine, clone, 0x4111) == REFUSE


@machines
def test_it_can_signal_only_itself(machine):
    tgkill = confinement.numbers(confinement.BOUNDED, machine)["tgkill"]
    assert verdict(machine, tgkill, 77, 78, 6) == ALLOW
    assert verdict(machine, tgkill, 76, 78, 6) == REFUSE


@machines
@pytest.mark.parametrize(
    ("arguments", "answer"), [((0, 3, 0, 99), ALLOW), ((0, 3, 99), REFUSE), ((0, 3, 1 << 32), REFUSE), ((5, 3), REFUSE)]
)
def test_limits_can_be_asked_for_and_not_set(machine, arguments, answer):
    assert verdict(machine, confinement.numbers(confinement.BOUNDED, machine)["prlimit64"], *arguments) == answer


# -- a system that lacks it

WITHOUT = """
import os, struct, ctypes, sys
from runner.sandbox.processes import confinement
from runner.cli import main
machine = os.uname().machine
refused = {"seccomp": [confinement.numbers(confinement.BOUNDED, machine)["seccomp"]], "Landlock": [444]}
steps = [(confinement.LOAD, 0, 0, 0)]
for name in sys.argv[1].split(","):
    for number in refused[name]:
        steps += [(confinement.EQUAL, 0, 1, number), (confinement.RETURN, 0, 0, confinement.REFUSE)]
steps += [(confinement.RETURN, 0, 0, confinement.ALLOW)]
confinement.rules = lambda *_: steps
confinement.seccomp()
for words in sys.argv[2:]:
    print("code", main(words.split()), flush=True)
"""
SCRIPTED = {
    "info": {"name": "c"},
    "item": [
        {"name": name, "request": {"url": "http://127.0.0.1:9/"}, "event": [{"listen": "prerequest", "script": script}]}
        for name, script in (
            ("a", {"exec": "pm.execution.skipRequest()"}),
            ("b", {"exec": "1; pm.execution.skipRequest()"}),
        )
    ],
}


def run_without(folder: Path, lacking: str, *commands: str) -> subprocess.CompletedProcess[str]:
    """Runs of the command line, one after the other, in a process whose kernel refuses this."""
    for name in ("one", "two"):
        (folder / f"{name}.json").write_text(json.dumps(SCRIPTED), "utf-8")
    words = [sys.executable, "-c", WITHOUT, lacking, *commands]
    paths = os.pathsep.join(sys.path)
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths})


@linux
@pytest.mark.parametrize("lacking", ["seccomp", "Landlock", "Landlock,seccomp"])
def test_a_system_without_it_is_told_of_once_a_run(tmp_path, lacking):
    done = run_without(tmp_path, lacking, "run one.json two.json -n 3")
    said = f"scripts cannot be confined fully: this system has no {lacking.replace(',', ' and no ')}"
    assert "code 0" in done.stdout
    assert " ".join(done.stdout.split()).count(said) == 1


@linux
def test_it_can_be_silenced_and_required(tmp_path):
    modes = ("quiet", "require")
    done = run_without(tmp_path, "seccomp", *(f"run one.json --script-confinement {mode}" for mode in modes))
    quiet, require, _ = (done.stdout).split("code")
    assert "confined" not in quiet
    assert require.startswith(" 0")
    assert done.stdout.endswith("code 2\n")
    assert "--script-confinement: scripts cannot be confined fully: this system has no seccomp" in done.stderr


@linux
def test_where_it_is_required_and_there_a_run_says_nothing(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(SCRIPTED), "utf-8")
    heard = []
    summary = runner.run(tmp_path / "one.json", script_confinement="require", on_event=heard.append)
    assert summary.exit_code() == 0
    assert not [event for event in heard if isinstance(event, Warned) and "confine" in event.message]
