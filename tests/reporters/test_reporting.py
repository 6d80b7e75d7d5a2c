import io
import os
import subprocess
import sys

import pytest

from runner.errors import ExportError, UsageError
from runner.interruption import Interrupt
from runner.options import RunOptions
from runner.reporters.context import can_write_symbols, make_context, screen_width, wants_color
from runner.reporters.registry import REPORTERS, find_reporter
from runner.reporters.reporting import Reporting, make_reporting
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def fileno(self):
        raise OSError


class Recorder:
    def __init__(self, events=None):
        self.events = []
        self.summary = None

    def on(self, event):
        self.events.append(event)

    def close(self, summary):
        self.summary = summary


class Broken(Recorder):
    def on(self, event):
        raise ValueError("no disk")


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_every_reporter_of_the_table_can_be_made_and_reports_a_run(name, scenario, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reporting = make_reporting(RunOptions(reporters=(name,)), io.StringIO(), scenario.masker, {})
    for event in scenario.whole().finish().events:
        reporting.on(event)
    assert reporting.close(scenario.summary()) == []


def test_an_unknown_reporter_is_a_usage_error_that_lists_what_exists():
    with pytest.raises(UsageError, match="no reporter 'htmlx'") as caught:
        find_reporter("htmlx")
    assert "cli, json" in caught.value.hint


def test_a_reporter_of_another_package_is_found_by_its_entry_point(tmp_path, monkeypatch):
    info = tmp_path / "outside-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: outside\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[postrunner.reporters]\nmine = outside_reporter:Mine\ngone = outside_gone:Gone\n"
    )
    (tmp_path / "outside_reporter.py").write_text("class Mine: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_reporter("mine").__name__ == "Mine"
    with pytest.raises(UsageError, match="cannot be loaded"):
        find_reporter("gone")


def test_a_reporter_that_raises_hides_neither_the_others_nor_the_run(scenario):
    recorder = Recorder()
    reporting = Reporting({"broken": Broken(), "good": recorder})
    for event in scenario.finish().events:
        reporting.on(event)
    (problem,) = reporting.close(scenario.summary())
    assert isinstance(problem, ExportError)
    assert str(problem) == "reporter broken: the report could not be written: ValueError: no disk"
    assert (recorder.events, recorder.summary is not None) == (scenario.events, True)


def test_a_reader_that_went_away_is_no_problem(scenario):
    class Gone(Recorder):
        def on(self, event):
            raise BrokenPipeError

    reporting = Reporting({"gone": Gone()})
    reporting.on(scenario.events[0])
    assert reporting.close(scenario.finish().summary()) == []


def test_without_a_stream_nothing_is_printed(scenario, capsys):
    reporting = make_reporting(RunOptions(), None, scenario.masker, {})
    for event in scenario.finish().events:
        reporting.on(event)
    reporting.close(scenario.summary())
    assert capsys.readouterr().out == ""


def test_two_reporters_on_one_screen_are_warned_about(capsys):
    names = ("cli", "progress")
    make_reporting(RunOptions(reporters=names), io.StringIO(), Masker(Secrets()), {})
    assert "cli and progress print to the same screen" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("choice", "stream", "environ", "wanted"),
    [
        ("auto", Terminal(), {}, True),
        ("auto", io.StringIO(), {}, False),
        ("auto", Terminal(), {"NO_COLOR": "1"}, False),
        ("auto", Terminal(), {"NO_COLOR": ""}, True),
        ("auto", Terminal(), {"TERM": "dumb"}, False),
        ("auto", io.StringIO(), {"FORCE_COLOR": "1"}, True),
        ("auto", Terminal(), {"FORCE_COLOR": "0"}, False),
        ("auto", io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("off", Terminal(), {"FORCE_COLOR": "1"}, False),
        ("on", io.StringIO(), {"NO_COLOR": "1"}, True),
    ],
)
def test_when_colours_are_used(choice, stream, environ, wanted):
    assert wants_color(choice, stream, environ) is wanted


@pytest.mark.parametrize(
    ("environ", "width"), [({}, 80), ({"COLUMNS": "120"}, 120), ({"COLUMNS": "5"}, 40), ({"COLUMNS": "x"}, 80)]
)
def test_the_width_is_that_of_the_terminal(environ, width):
    assert screen_width(io.StringIO(), environ) == width
    assert screen_width(Terminal(), environ) == width


@pytest.mark.parametrize(("encoding", "able"), [("utf-8", True), ("cp1252", False), ("ascii", False)])
def test_symbols_are_used_where_the_stream_can_write_them(encoding, able):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert can_write_symbols(stream) is able
    assert make_context(RunOptions(), stream, Masker(Secrets()), {}).unicode is able


def test_disable_unicode_wins():
    assert make_context(RunOptions(disable_unicode=True), io.StringIO(), Masker(Secrets()), {}).unicode is False


@pytest.mark.parametrize(("value", "on"), [("true", True), ("", True), ("false", False), ("0", False)])
def test_a_flag_of_a_reporter_can_be_turned_off(scenario, value, on):
    context = scenario.context(options=RunOptions(reporter_options=(("cli-no-banner", value),)))
    assert context.flag("cli", "no-banner") is on
    assert context.flag("cli", "no-summary") is False


def test_no_reporter_module_is_imported_before_it_is_asked_for():
    code = "import sys, runner.reporters; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "."}
    )
    modules = done.stdout.split()
    assert "runner.reporters" in modules
    own = {"runner.reporters.context", "runner.reporters.registry"}
    assert [
        name for name in {*modules} - own if name.startswith(("runner.reporters.", "importlib.metadata", "httpx", "ssl"))
    ] == []


def test_a_second_interrupt_ends_the_wait_for_a_reader_and_is_not_lost():
    class Stuck(io.StringIO):
        def write(self, text):
            raise Interrupt

    context = make_context(RunOptions(), Stuck(), Masker(Secrets()), {})
    with pytest.raises(Interrupt):
        context.stream.write("a")
