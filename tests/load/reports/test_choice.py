"""Which reports are written: the same words and mistakes as in `run`."""

import pytest

from runner.errors import ExportError, UsageError
from runner.load.reports.registry import OPTIONS, REPORTS, find_option
from runner.load.reports.report import Outcome
from runner.load.reports.reporting import LoadReporting, check_reports
from runner.options import RunOptions
from tests.load.reports.conftest import LOGIN, Screen

END = Outcome(ended="finished", exit_code=0)


def checked(*names, environ=None, **given):
    return check_reports(RunOptions(reporters=names, reporter_options=tuple(given.items())), environ or {})


def test_every_report_has_its_options():
    assert OPTIONS.keys() == REPORTS.keys()


def test_a_report_that_does_not_exist_is_a_mistake_with_the_one_that_was_meant():
    with pytest.raises(UsageError, match="there is no reporter 'jsn'") as caught:
        checked("jsn")
    assert caught.value.hint.startswith("did you mean json? choose from: cli, ")


def test_a_report_of_runs_alone_is_a_mistake():
    with pytest.raises(UsageError, match="load tests have no reporter 'allure'"):
        checked("cli", "allure")


def test_an_option_that_a_report_does_not_have_is_a_mistake():
    with pytest.raises(UsageError, match="the reporter csv has no option 'exprt'") as caught:
        find_option("csv-exprt")
    assert "did you mean --reporter-csv-export?" in caught.value.hint
    with pytest.raises(UsageError):
        find_option("html-omit-headers")


def test_an_option_of_a_report_that_is_not_chosen_is_a_warning():
    said = checked("cli", **{"csv-export": "x"})
    assert said == ["--reporter-csv-export has no effect: the reporter csv is not chosen with -r"]


def test_an_option_for_all_goes_to_each_report_that_has_it(busy, tmp_path):
    busy.reported("csv", "junit", reporter_options=(("export", f"{tmp_path}/"),))
    assert len([*tmp_path.iterdir()]) == 6


def test_reports_on_the_same_screen_are_warned_about():
    assert checked("cli", "ndjson") == ["the reporters cli and ndjson print to the same screen"]
    assert checked("cli", "ndjson", **{"ndjson-export": "x"}) == []


def test_auto_is_what_the_ci_server_shows_best():
    assert checked("auto", environ={"GITHUB_ACTIONS": "true"}) == []
    said = checked("auto", environ={"TEAMCITY_VERSION": "1"})
    assert said == ["load tests have no reporter teamcity: junit takes its place"]


class Broken:
    """A report that fails where it is told to."""

    def __init__(self, where):
        self._where = where
        self.heard = []

    def _tell(self, what):
        self.heard.append(what)
        if what == self._where:
            raise ValueError("a defect")

    def on_start(self, figures):
        self._tell("start")

    def on_progress(self, figures, verdicts):
        self._tell("progress")

    def close(self, figures, verdicts, outcome):
        self._tell("close")


@pytest.mark.parametrize("where", ["start", "progress", "close"])
def test_a_report_that_fails_is_dropped_and_named_and_the_others_go_on(load, where):
    broken, whole = Broken(where), Broken("")
    reporting = LoadReporting({"broken": broken, "whole": whole}, str)
    reporting.start(load.figures)
    reporting.progress(load.figures)
    (problem,) = reporting.close(load.figures, (), END)
    assert isinstance(problem, ExportError)
    assert str(problem) == "reporter broken: the report could not be written: ValueError: a defect"
    assert whole.heard == ["start", "progress", "close"]
    assert broken.heard[-1] == where


def test_a_file_that_cannot_be_written_is_named_with_its_path(busy, tmp_path):
    (tmp_path / "folder").mkdir()
    options = (("json-export", f"{tmp_path}/missing\0"), ("junit-export", f"{tmp_path}/r.xml"))
    reporting = busy.reporting(Screen(), "json", "junit", reporter_options=options)
    (problem,) = reporting.close(busy.figures, (), END)
    assert "cannot be written" in str(problem)
    assert (tmp_path / "r.xml").exists()


def test_a_reader_that_has_left_is_no_problem(load):
    class Left(Screen):
        def write(self, text):
            raise BrokenPipeError

    reporting = load.reporting(Left(), "cli")
    reporting.start(load.send(LOGIN, "GET", 1.0).tick().figures)
    assert reporting.close(load.figures, (), END) == []
