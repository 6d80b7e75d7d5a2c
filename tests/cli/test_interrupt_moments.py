"""Moments at which a signal is easily lost: look-ups of names, other threads, places where Python catches all."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runner import run
from runner.cli.commands import flows
from tests.cli.conftest import item

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these signals to one process")


def python(code, *args):
    """Run a program that imports the house, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *args], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


# The signal may come while a socket is made, which nobody has a name for yet: Python closes it and warns.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_ends_the_look_up_of_a_name(collection, monkeypatch):
    over = threading.Event()

    def look_up(*args):
        os.kill(os.getpid(), signal.SIGINT)
        over.wait(60)
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(KeyboardInterrupt) as raised:
        run(collection(item("one", "http://no-such-host.example/")))
    over.set()
    assert raised.value.summary.failures[-1].message == "interrupted"


BEGIN = """
import _thread, gc, os, signal, sys, threading
from runner.interruption import *
listen_for_good()
sys.unraisablehook = quiet_hook(sys.unraisablehook)
forever = threading.Event()
"""


def test_a_signal_that_another_thread_gets_ends_a_wait_of_the_main_thread():
    code = """
def other():
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    forever.wait()

try:
    with waiting():
        threading.Thread(target=other, daemon=True).start()
        forever.wait()
except Interrupt as interrupt:
    print(interrupt.exit_code)
"""
    assert python(BEGIN + code) == (0, "143\n", "")


def test_a_signal_that_comes_where_python_catches_all_comes_again():
    code = """
class Caught:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)

with waiting():
    Caught()
    try:
        forever.wait()
    except Interrupt as interrupt:
        print(interrupt.exit_code)
"""
    assert python(BEGIN + code) == (0, "130\n", "")


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 143)])
def test_the_first_signal_decides_and_those_within_a_second_change_nothing(name, code):
    program = f"""
for sent in (signal.{name}, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.raise_signal(sent)
code = end_listening()
signal.raise_signal(signal.SIGTERM)
signal.raise_signal(signal.SIGINT)
sys.exit(code)
"""
    assert python(BEGIN + program) == (code, "", "")


def test_where_nothing_has_begun_a_signal_ends_the_process_with_one_line():
    program = """
with preparing():
    try:
        signal.raise_signal(signal.SIGTERM)
    finally:
        print("not reached")
"""
    assert python(BEGIN + program) == (143, "", "interrupted\n")


def test_when_all_is_written_a_signal_ends_the_process_as_the_system_does_it():
    assert python(BEGIN + "assert end_listening() == 0; signal.raise_signal(signal.SIGINT); print('no')")[:2] == (-2, "")


@pytest.mark.parametrize("first", [["-m", "runner"], ["/somewhere/postrunner"]])
def test_ctrl_c_is_no_traceback_from_the_first_line_of_the_command_on(first):
    program = f"import sys, signal; sys.argv = {first[:1]!r}; sys.orig_argv = ['python', *{first!r}]; import runner; "
    assert python(program + "signal.raise_signal(signal.SIGINT); print('no')") == (-2, "", "")


def test_ctrl_c_stays_what_it_is_for_programs_that_import_the_package():
    code = "import signal, runner; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    assert python(code) == (0, "True\n", "")


def test_copying_flows_ends_between_two_files(postrunner, monkeypatch, tmp_path):
    real = flows.write_text

    def write(*args):
        signal.raise_signal(signal.SIGTERM)
        real(*args)

    monkeypatch.setattr(flows, "write_text", write)
    done = postrunner("flows", "copy", "torii", "there")
    assert done.code == 143
    written = [path for path in (tmp_path / "there").rglob("*") if path.is_file()] if (tmp_path / "there").exists() else []
    assert all(path.read_bytes().endswith(b"}\n") for path in written)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_the_normal_end_of_a_stand_in(number):
    command = [sys.executable, "-m", "runner", "stand-in", "truto", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        process.stdout.readline()
        process.send_signal(number)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "stopped\n", "")
