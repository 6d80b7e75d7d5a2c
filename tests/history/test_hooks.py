"""`--on-fail` and `--on-recover`: when a command runs, what it gets to know, and what it cannot do to the run."""

import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest

import runner
from runner.cancel import Cancel
from runner.cli.config import load_config
from runner.errors import UsageError
from runner.history import hooks
from runner.history.facts import LONGEST, MOST
from tests.history.conftest import VALUE, item

FAILS = "http://h.example/fails"
PYTHON = f"{sys.executable} -I -S"
TELL = """
import json, os, sys
facts = {name[15:]: value for name, value in os.environ.items() if name.startswith("POSTRUNNER_RUN_")}
with open(sys.argv[1], "a") as file:
    file.write(json.dumps({"word": sys.argv[2], **facts}) + "\\n")
"""


@pytest.fixture
def monitor(ran, tmp_path):
    """Run with commands that write down what they get; gives the result of the run and the lists of facts so far."""
    script, told = tmp_path / "tell.py", tmp_path / "told.jsonl"
    script.write_text(TELL)
    told.touch()

    def call(*items, **options):
        commands = {name: f"{PYTHON} {script} {told} '{name} $HOME'" for name in ("on_fail", "on_recover")}
        result = ran(*items, **{**commands, **options})
        return result, [json.loads(line) for line in told.read_text().splitlines()]

    return call


def words(told):
    return [facts["word"] for facts in told]


def test_a_command_runs_when_the_state_changes_and_only_then(monitor):
    states = [("ok", 0), ("fails", 1), ("fails", 1), ("ok", 2), ("ok", 2), ("fails", 3)]
    for name, expected in states:
        _, told = monitor(item("a", url=f"http://h.example/{name}"))
        assert len(told) == expected
    assert words(told) == ["on_fail $HOME", "on_recover $HOME", "on_fail $HOME"]
    assert [facts["PREVIOUS"] for facts in told] == ["passed", "failed", "passed"]


def test_a_first_run_that_fails_is_a_change(monitor):
    _, (facts,) = monitor(item("a", url=FAILS))
    assert (facts["STATUS"], facts["PREVIOUS"], facts["PREVIOUS_SINCE"]) == ("failed", "none", "")


def test_runs_of_another_environment_or_selection_are_another_thing(monitor, tmp_path):
    path = tmp_path / "e.json"
    path.write_text(json.dumps({"name": "prod", "values": []}))
    pair = (item("a", url=FAILS), item("b"))
    for options in ({}, {"environment": str(path)}, {"folder": ("a",)}, {"name": "D"}):
        _, told = monitor(*pair, **options)
        assert told[-1]["PREVIOUS"] == "none"
    assert len(told) == 4
    _, told = monitor(*pair, folder=("b",))  # it passes, and did never fail
    assert len(told) == 4
    _, told = monitor(*pair, folder=("a",))
    assert len(told) == 4


def test_a_run_that_was_interrupted_says_nothing_about_the_state(monitor):
    monitor(item("a", url=FAILS))
    cancel = Cancel()
    result, told = monitor(item("a"), on_event=lambda event: cancel.set(), cancel=cancel)
    assert (result.exit_code(), len(told)) == (1, 1)
    _, told = monitor(item("a"))
    assert words(told) == ["on_fail $HOME", "on_recover $HOME"]


def test_the_start_of_what_ends_is_told(monitor, path):
    for _ in range(2):
        monitor(item("a", url=FAILS))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE runs SET started = 86400000 * id")
    _, told = monitor(item("a"))
    assert told[-1]["PREVIOUS_SINCE"] == "1970-01-02T00:00:00Z"


def test_the_command_gets_facts(monitor, path, tmp_path):
    report = tmp_path / "r.xml"
    result, (facts,) = monitor(
        {"name": "F", "item": [item("a", url=FAILS)]},
        reporters=("junit",),
        reporter_options=(("junit-export", str(report)),),
    )
    assert report.exists()
    assert facts | {"STARTED": "", "DURATION_MS": "", "REVISION": ""} == {
        "word": "on_fail $HOME",
        "STATUS": "failed",
        "PREVIOUS": "none",
        "PREVIOUS_SINCE": "",
        "EXIT_CODE": "1",
        "COLLECTION": "C",
        "ENVIRONMENT": "",
        "STARTED": "",
        "DURATION_MS": "",
        "REQUESTS": "1",
        "ASSERTIONS": "3",
        "FAILURES": "1",
        "FAILED": str(result.failures[0]),
        "ERROR": "",
        "REVISION": "",
        "HISTORY": str(path),
        "REPORTS": str(report),
    }


def test_facts_hold_no_secret_and_no_line_of_a_test(monitor):
    test = "pm.test('one\\ntwo ' + pm.environment.get('key'), () => pm.expect(pm.environment.get('key')).to.equal(1))"
    _, (facts,) = monitor(item("a", test=test), env_var=(("key", VALUE),), secret=("key",))
    assert VALUE not in json.dumps(facts)
    assert len(facts["FAILED"].splitlines()) == 1


def test_facts_are_bounded(monitor):
    fails = "() => { throw new Error('\\u0000') }"
    test = f"for (let i = 0; i < 200; i++) pm.test('t' + i + 'x'.repeat(i < 100 ? 5 : 500), {fails})"
    _, (facts,) = monitor(item("a", test=test))
    assert facts["FAILURES"] == "200"
    *named, last = facts["FAILED"].split("\n")
    assert len(named) == MOST
    assert last == f"… and {200 - MOST} more"
    _, told = monitor(item("b", test=test.replace("i = 0", "i = 100")), name="D")
    assert len(told[-1]["FAILED"]) < LONGEST + 50


def test_a_report_that_cannot_be_written_is_a_failure_of_the_run_that_follows_too(monitor, tmp_path):
    (tmp_path / "f").touch()
    broken = {"reporters": ("junit",), "reporter_options": (("junit-export", str(tmp_path / "f" / "r.xml")),)}
    for _ in range(2):
        result, told = monitor(item("a"), **broken)
        assert (result.exit_code(), words(told)) == (1, ["on_fail $HOME"])
    assert "r.xml" in told[0]["ERROR"]


def test_a_run_that_is_not_in_the_history_is_told_each_time(monitor, path):
    monitor(item("a"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON executions BEGIN SELECT RAISE(FAIL, 'full'); END")
    for count in (1, 2):
        result, told = monitor(item("a"))
        assert result.exit_code() == 1
        assert [(facts["PREVIOUS"], facts["STATUS"]) for facts in told] == [("unknown", "failed")] * count


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (f"{PYTHON} -c 'raise SystemExit(7)'", "--on-fail: the command ended with 7"),
        (f"{PYTHON} -c 'import os; os.kill(os.getpid(), 9)'", "--on-fail: the command ended with -9"),
        (f"{PYTHON} -c 'import time; time.sleep(600)'", "--on-fail: the command took longer than 0.3 s and was ended"),
    ],
)
def test_how_a_command_ends_is_a_warning_and_no_more(monitor, monkeypatch, command, told):
    monkeypatch.setattr(hooks, "LIMIT", 0.3 if "sleep" in command else 60)
    result, _ = monitor(item("a", url=FAILS), on_fail=command, suppress_exit_code=True, fail_on_warning=True)
    assert [(one.code, one.message) for one in result.warnings] == [("late", told)]
    assert (result.exit_code(), len(result.failures)) == (1, 1)


def test_what_a_command_started_ends_with_it(monitor, monkeypatch, tmp_path):
    monkeypatch.setattr(hooks, "LIMIT", 0.5)
    pid, fifo = tmp_path / "pid", tmp_path / "fifo"
    os.mkfifo(fifo)
    script = f"trap '' TERM; sleep 600 > {fifo} & echo $! > {pid}; wait; wait"
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    monitor(item("a", url=FAILS), on_fail=shlex.join(["sh", "-c", script]))
    assert pid.read_text().strip().isdigit()
    os.set_blocking(reading, True)
    assert os.read(reading, 1) == b""  # nobody holds the other end any more
    os.close(reading)


@pytest.mark.parametrize("name", ["on_fail", "on_recover"])
@pytest.mark.parametrize(("command", "told"), [("'", "no closing quotation"), ("no-such-program x", "no program 'no-such")])
def test_a_command_that_cannot_run_is_a_mistake_before_the_first_request(monitor, name, command, told):
    sent = []
    with pytest.raises(UsageError, match=told) as caught:
        monitor(item("a"), on_event=sent.append, **{name: command})
    assert not sent
    assert name.replace("_", "-") in caught.value.where.replace("_", "-")


def test_what_a_command_prints_is_not_on_standard_output(tmp_path, path):
    document = {"info": {"name": "C", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}}
    (tmp_path / "c.json").write_text(json.dumps({**document, "item": [item("a", url="http://127.0.0.1:9/")]}))
    command = f"{PYTHON} -c 'print(\"from the command\"); raise SystemExit(3)'"
    words = ["run", "c.json", "--history", str(path), "--on-fail", command, "-r", "ndjson"]
    done = subprocess.run(
        [sys.executable, "-m", "runner", *words], capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False
    )
    assert done.returncode == 1
    assert [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr.splitlines() == ["from the command", "warning: --on-fail: the command ended with 3"]


def test_ctrl_c_ends_the_command(tmp_path, path):
    document = {"info": {"name": "C", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}}
    (tmp_path / "c.json").write_text(json.dumps({**document, "item": [item("a", url="http://127.0.0.1:9/")]}))
    command = f"{PYTHON} -u -c 'import time; print(\"begun\"); time.sleep(600)'"
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", "run", "c.json", "--history", str(path), "--on-fail", command, "--silent"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    guard = threading.Timer(60, process.kill)
    guard.start()
    assert process.stderr.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    guard.cancel()
    assert (process.returncode, told) == (130, "warning: --on-fail: the command was interrupted\n")


def test_another_thread_ends_the_command(monitor, tmp_path):
    fifo, cancel = tmp_path / "fifo", Cancel()
    os.mkfifo(fifo)

    def end():
        fifo.read_text()
        cancel.set()

    thread = threading.Thread(target=end)
    thread.start()
    result, _ = monitor(item("a", url=FAILS), on_fail=f"sh -c 'echo > {fifo}; exec sleep 600'", cancel=cancel)
    thread.join()
    assert [one.message for one in result.warnings] == ["--on-fail: the command was interrupted"]


def test_the_variables_of_a_command_are_no_configuration():
    config = load_config({"POSTRUNNER_RUN_HISTORY": "h.sqlite", "POSTRUNNER_RUN_STATUS": "failed"})
    assert (config.unknown, config.values) == ([], {})


def test_the_command_line_has_a_name_for_each_of_the_options():
    options = runner.RunOptions(history="h", on_fail="a", on_recover="b")
    assert (options.on_fail, options.on_recover) == ("a", "b")
