"""The reports that are files for programs: csv, ndjson, json, markdown and the job summary of GitHub."""

import csv
import json

import pytest

from runner.load.reports.report import Outcome
from runner.load.reports.spreadsheet import safe
from tests.load.reports.conftest import BUY, LIST, LOGIN, Screen


def test_no_cell_of_a_text_is_a_formula(load, tmp_path):
    evil = '=HYPERLINK("http://evil.test")'
    load.send(evil, "GET", 1.0, "+1", 0).check(evil, "@SUM(A1)", False, "").tick()
    load.reported("csv", reporter_options=(("csv-export", f"{tmp_path}/r.csv"),))
    cells = [cell for path in tmp_path.glob("*.csv") for row in csv.reader(path.read_text().splitlines()) for cell in row]
    assert {f"'{evil}", "'+1", "'@SUM(A1)"} <= set(cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_whatever_begins_a_formula_is_quoted(start):
    assert safe(f"{start}1") == f"'{start}1"


def test_a_negative_number_stays_a_number():
    assert [safe(-1.5), safe(0), safe(None), safe(1 / 3), safe("a=1")] == ["-1.5", "0", "", "0.333333", "a=1"]


def test_rates_of_a_long_test_are_those_of_its_slices(load, tmp_path):
    for _ in range(700):
        load.send(LIST, "GET", 1.0).send(LIST, "GET", 3.0).tick()
    load.reported("csv", reporter_options=(("csv-export", f"{tmp_path}/r.csv"),))
    rows = list(csv.DictReader((tmp_path / "r_stats_history.csv").read_text().splitlines()))
    assert {(row["Seconds"], row["Requests/s"]) for row in rows} == {("2", "2.0")}
    assert (len(rows), rows[-1]["Total Request Count"]) == (350, "1400")


def test_a_percentile_of_nothing_is_no_number(load, tmp_path):
    load.reported("csv", reporter_options=(("csv-export", f"{tmp_path}/r.csv"),))
    (row,) = csv.DictReader((tmp_path / "r_stats.csv").read_text().splitlines())
    assert (row["Name"], row["95%"], row["Median Response Time"], row["Requests/s"]) == ("Aggregated", "N/A", "", "")


@pytest.mark.parametrize("given", ["out/load.csv", "out/load"])
def test_the_csv_files_are_named_after_the_one_that_is_given(busy, tmp_path, monkeypatch, given):
    monkeypatch.chdir(tmp_path)
    busy.reported("csv", reporter_options=(("csv-export", given),))
    names = ("checks", "failures", "result", "stats", "stats_history")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"load_{name}.csv" for name in names]


def test_files_go_where_those_of_a_run_go(busy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    busy.reported("json", "junit", "html", "csv")
    endings = {path.suffix for path in (tmp_path / "newman").iterdir()}
    assert endings == {".json", ".xml", ".html", ".csv"}
    assert all(path.name.startswith("newman-run-report-") for path in (tmp_path / "newman").iterdir())


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def test_ndjson_has_a_line_for_each_second_and_for_what_happens(load):
    load.thresholds = ("error_rate<10%",)
    screen = Screen()
    reporting = load.reporting(screen, "ndjson")
    reporting.start(load.figures)
    for second in range(4):
        failed = second == 1
        load.recorder.users(2)
        load.send(LOGIN, "GET", 10.0, "refused" if failed else "", 0 if failed else 200)
        load.recorder.dropped(second == 2)
        load.tick()
        reporting.progress(load.figures, load.verdicts)
    for _ in range(10):
        load.send(LOGIN, "GET", 10.0)
    load.tick()
    reporting.progress(load.figures, load.verdicts)
    reporting.close(load.figures, load.verdicts, Outcome(ended="finished", exit_code=0))
    found = lines_of(screen.getvalue())
    assert [one["event"] for one in found] == [
        *("start", "progress", "failure", "threshold", "progress", "notice", "progress", "progress"),
        *("threshold", "progress", "summary"),
    ]
    assert found[2] == {"event": "failure", "seconds": 2, "request": LOGIN, "kind": "request", "message": "refused"}
    assert [one["passed"] for one in found if one["event"] == "threshold"] == [False, True]
    progress = [one for one in found if one["event"] == "progress"]
    assert [one["last"] for one in progress[-2:]] == [
        {"seconds": 1, "requests": 1, "failures": 0},
        {"seconds": 1, "requests": 10, "failures": 0},
    ]
    assert progress[-1]["users"] == 2


def test_ndjson_of_a_file_is_there_line_by_line(load, tmp_path):
    path = tmp_path / "r.ndjson"
    reporting = load.reporting(Screen(), "ndjson", reporter_options=(("ndjson-export", str(path)),))
    reporting.start(load.figures)
    assert [one["event"] for one in lines_of(path.read_text())] == ["start"]
    reporting.close(load.figures, (), Outcome(ended="finished", exit_code=0))
    assert [one["event"] for one in lines_of(path.read_text())] == ["start", "summary"]


def test_the_json_document_has_the_test_from_slice_to_slice(busy, tmp_path):
    busy.reported("json", reporter_options=(("json-export", f"{tmp_path}/r.json"),))
    timeline = json.loads((tmp_path / "r.json").read_text())["timeline"]
    assert [one["at"] for one in timeline["slices"]] == [*range(11)]
    assert sum(one["requests"] for one in timeline["slices"]) == busy.figures.total.count
    assert {one["users"] for one in timeline["slices"]} == {2}


def github(load, tmp_path, outcome=None, **environ):
    path = tmp_path / "summary"
    path.write_text("before\n")
    printed = load.reported("github", outcome=outcome, environ={"GITHUB_STEP_SUMMARY": str(path), **environ})
    return printed, path.read_text()


def test_crossed_thresholds_and_failures_are_annotations_and_the_summary_is_appended(busy, tmp_path):
    busy.thresholds = ("p95<1",)
    printed, summary = github(busy, tmp_path, Outcome(ended="finished", exit_code=1))
    assert "::error title=Threshold crossed%3A p95<1::measured" in printed
    assert f"::error title={BUY}%3A assertion failed::is 200: expected 500 to equal 200%0A2 times" in printed
    assert "::warning title=Load test%3A dropped::6 iterations dropped" in printed
    assert summary.startswith("before\n## ❌ `Shop API`: failed after 10s\n")


def test_failures_that_a_threshold_allows_are_warnings(busy, tmp_path):
    busy.thresholds = ("error_rate<50%",)
    printed, summary = github(busy, tmp_path)
    assert "::error" not in printed
    assert f"::warning title={BUY}%3A assertion failed::" in printed
    assert "## ✅ `Shop API`: passed after 10s" in summary


def test_annotations_and_summary_can_be_left_out(busy, tmp_path):
    path = tmp_path / "summary"
    options = (("github-no-annotations", "true"), ("github-no-summary", "true"))
    assert busy.reported("github", environ={"GITHUB_STEP_SUMMARY": str(path)}, reporter_options=options) == ""
    assert not path.exists()


def test_no_more_annotations_than_github_shows(load, tmp_path):
    for number in range(30):
        load.send(LOGIN, "GET", 1.0, f"error {number}", 0)
    printed, _ = github(load.tick(), tmp_path)
    assert printed.count("::error title=") == 10
    assert "21 more kinds of failures are in the other reports" in printed


def test_texts_from_outside_make_no_markup_in_markdown(load):
    load.send("a | `b` | <b>", "GET", 1.0, "x`|`y\n# z", 0).tick()
    text = load.reported("markdown")
    assert "| ``GET a \\| `b` \\| <b>`` |" in text
    assert "\n# z" not in text


def test_a_job_summary_is_not_longer_than_github_takes(load, tmp_path):
    for number in range(900):
        load.send(f"{number} {'x' * 290}", "GET", 1.0, f"{'y' * 900}{number}", 0).check(LIST, f"{'z' * 290}{number}", False)
    path = tmp_path / "summary"
    path.write_text("b" * 1_000_000)
    load.tick().reported(
        "github", environ={"GITHUB_STEP_SUMMARY": str(path)}, reporter_options=(("github-no-annotations", "true"),)
    )
    assert path.stat().st_size < 1_000_100 + 100
    assert "The rest is left out" in path.read_text()
