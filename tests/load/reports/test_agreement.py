"""All reports of a load test tell the same figures: each is read back and compared with the figures themselves."""

import csv
import html
import io
import json
import re
from xml.etree import ElementTree

import pytest

from runner.load.reports.texts import ms_text, percent_text, rate_text
from tests.load.reports.conftest import BUY, LIST, LOGIN

FILES = {"html": "html", "json": "json", "junit": "xml", "ndjson": "ndjson", "markdown": "md"}


@pytest.fixture
def written(busy, tmp_path):
    """Name → text of every report of the test, and of each file of `csv`."""
    pairs = {name: str(tmp_path / f"r.{ending}") for name, ending in (*FILES.items(), ("csv", "csv"))}
    options = tuple((f"{name}-export", path) for name, path in pairs.items())
    summary = tmp_path / "summary.md"
    screen = busy.reported(
        *("cli", *pairs, "github"),
        reporter_options=options,
        environ={"GITHUB_STEP_SUMMARY": str(summary), "COLUMNS": "200"},
    )
    texts = {name: (tmp_path / f"r.{ending}").read_text() for name, ending in FILES.items()}
    texts |= {path.stem.removeprefix("r_"): path.read_text() for path in tmp_path.glob("r_*.csv")}
    return texts | {"cli": screen, "github": summary.read_text()}


def durations_of(durations):
    return {"avg": durations.mean, "med": durations.percentile(50), "max": durations.longest} | {
        f"p{percent}": durations.percentile(percent) for percent in (90, 95, 99)
    }


def expected(figures):
    """Request → count, failures and durations; the total has an empty name."""
    found = {name: one for (name, _), one in figures.requests.items()} | {"": figures.total}
    return {name: (one.count, one.failures, durations_of(one.durations)) for name, one in found.items()}


def texts_of(figures):
    """The same as people read it."""
    return {
        name: (str(count), str(failures), {key: ms_text(ms) for key, ms in times.items()})
        for name, (count, failures, times) in expected(figures).items()
    }


def of_json(rows):
    keys = {"avg": "avg", "med": "med", "max": "max", "p(90)": "p90", "p(95)": "p95", "p(99)": "p99"}
    return {
        row.get("name", ""): (
            row["count"],
            row["failures"],
            {keys[key]: ms for key, ms in row["duration"].items() if key in keys},
        )
        for row in rows
    }


def test_the_json_document_has_the_figures(busy, written):
    document = json.loads(written["json"])
    assert of_json([*document["requests"], document["total"]]) == expected(busy.figures)


def test_the_last_line_of_ndjson_has_what_the_json_document_has(written):
    document, summary = json.loads(written["json"]), json.loads(written["ndjson"].splitlines()[-1])
    del document["timeline"]
    assert summary == {"event": "summary", **document}


def test_the_csv_files_have_the_figures(busy, written):
    rows = list(csv.DictReader(io.StringIO(written["stats"])))
    found = {
        row["Name"].replace("Aggregated", ""): (
            int(row["Request Count"]),
            int(row["Failure Count"]),
            {
                "avg": pytest.approx(float(row["Average Response Time"]), abs=1e-6),
                "med": float(row["50%"]),
                "max": pytest.approx(float(row["Max Response Time"]), abs=1e-6),
                **{f"p{percent}": float(row[f"{percent}%"]) for percent in (90, 95, 99)},
            },
        )
        for row in rows
    }
    assert found == expected(busy.figures)


def test_the_rows_of_the_csv_history_add_up_to_the_totals(busy, written):
    rows = list(csv.DictReader(io.StringIO(written["stats_history"])))
    counted = sum(float(row["Requests/s"]) * int(row["Seconds"]) for row in rows)
    assert counted == busy.figures.total.count == int(rows[-1]["Total Request Count"])
    assert int(rows[-1]["Total Failure Count"]) == busy.figures.total.failures


@pytest.mark.parametrize("name", ["markdown", "github"])
def test_the_markdown_table_has_the_figures(busy, written, name):
    lines = [line.strip("| ").split(" | ") for line in written[name].splitlines() if line.startswith("| ")]
    rows = {cells[0].strip("`*").partition(" ")[2]: cells for cells in lines if len(cells) == 10 and cells[0] != "request"}
    found = {
        "" if request == "requests" else request: (
            *(cells[1], cells[3]),
            dict(zip(("avg", "med", "p90", "p95", "p99", "max"), cells[4:], strict=True)),
        )
        for request, cells in rows.items()
    }
    assert found == texts_of(busy.figures)


def test_the_page_has_the_figures(busy, written):
    table = re.search('<h2 id="h-requests".*?</table>', written["html"], re.S)[0]
    rows = re.findall('<th scope="row">(?:<span class="method">.*?</span>)?(.*?)</th>(.*?)</tr>', table)
    found = {}
    for name, cells in rows:
        texts = [html.unescape(text).replace(" ", "") for text in re.findall("<td.*?>(.*?)</td>", cells)]
        keys = ("avg", "min", "med", "p90", "p95", "p99", "max")
        times = dict(zip(keys, texts[3:10], strict=True))
        del times["min"]
        found[name.replace("All requests", "")] = (texts[0], texts[2], times)
    assert found == texts_of(busy.figures)


def test_the_table_on_the_terminal_has_the_figures(busy, written):
    lines = written["cli"].partition("\nREQUESTS\n")[2].splitlines()
    heads = lines[0].split()[1:]
    assert heads == ["requests", "failures", "rate/s", "avg", "med", "p90", "p95", "p99", "max"]
    names = {f"POST {LOGIN}": LOGIN, f"GET {LIST}": LIST, f"POST {BUY}": BUY, "all requests": ""}
    found = {}
    for line in lines[1:5]:
        name, *cells = re.split(r"\s{2,}", line.strip())
        times = dict(zip(heads[3:], cells[3:], strict=True))
        found[names[name]] = (cells[0], cells[1], times)
    assert found == texts_of(busy.figures)


def test_junit_has_the_figures_of_all_requests(busy, written):
    properties = {one.get("name"): one.get("value") for one in ElementTree.fromstring(written["junit"]).iter("property")}
    total = busy.figures.total
    assert properties["http_reqs"] == f"{total.count} {rate_text(busy.figures.rate)}"
    assert properties["failed_requests"] == f"{total.failures} {percent_text(total.error_rate)}"
    times = durations_of(total.durations)
    assert f"p(95)={ms_text(times['p95'])}" in properties["http_req_duration"]


def test_the_summary_on_the_terminal_has_the_figures_of_k6(busy, written):
    values = {name: one["values"] for name, one in json.loads(written["json"])["metrics"].items()}
    told = dict(re.findall(r"^  ([a-z_]+)\.+: (.*)$", written["cli"], re.M))
    times = " ".join(f"{key}={ms_text(ms)}" for key, ms in values["http_req_duration"].items() if key != "p(99)")
    assert told["http_req_duration"] == times
    assert told["http_reqs"] == f"{values['http_reqs']['count']} {rate_text(values['http_reqs']['rate'])}"
    failed = values["http_req_failed"]
    shown = f"{percent_text(failed['rate'])} {failed['passes']} out of {failed['passes'] + failed['fails']}"
    assert told["http_req_failed"] == shown
    assert told["checks_succeeded"].startswith(percent_text(values["checks"]["rate"]))
    assert told["iterations"].startswith(f"{values['iterations']['count']} ")
    assert told["dropped_iterations"].startswith(f"{values['dropped_iterations']['count']} ")


def test_each_threshold_has_the_same_verdict_and_value_everywhere(busy, written):
    crossed, met = busy.verdicts[1], busy.verdicts[0]
    assert (met.passed, crossed.passed) == (True, False)
    document = json.loads(written["json"])["thresholds"]
    assert [(one["threshold"], one["passed"], one["measured"]) for one in document] == [
        (one.text, one.passed, one.measured) for one in busy.verdicts
    ]
    assert f"✗ {crossed.text}  {crossed.shown}" in written["cli"]
    assert f"✓ {met.text}  {met.shown}" in written["cli"]
    for name in ("markdown", "github"):
        assert f"| ❌ | `{crossed.text}` | {crossed.shown} |" in written[name]
    assert f"<code>{html.escape(crossed.text)}</code><b>{crossed.shown}</b>" in written["html"]
    failure = ElementTree.fromstring(written["junit"]).find(f".//testcase[@name='{crossed.text}']/failure")
    assert failure.get("message") == f"{crossed.text}: measured {crossed.shown}"
    assert f"threshold,{crossed.text},no,{round(crossed.measured, 6)}" in written["result"]


def test_what_is_not_told_of_a_request_alone_is_told_of_all(busy, tmp_path):
    busy.send(BUY, "POST", None, "no such file", 0, 0, 0).recorder.users(7)
    busy.tick().recorder.users(1)
    busy.tick().reported("json", reporter_options=(("json-export", f"{tmp_path}/r.json"),))
    document = json.loads((tmp_path / "r.json").read_text())
    metrics = {name: one["values"] for name, one in document["metrics"].items()}
    assert metrics["http_req_failed"] == {"rate": 4 / 172, "passes": 4, "fails": 168}
    assert metrics["vus"] == {"value": 1, "min": 1, "max": 7}
    assert (document["total"]["count"], document["total"]["unsent"]) == (171, 1)
    assert (document["iterations"]["count"], document["iterations"]["failed"]) == (10, 2)
    assert [(one["name"], one["cpu"], one["peakCpu"]) for one in document["workers"]] == [("w1", 42.0, 42.0)]


def test_only_workers_that_were_busy_are_named(busy):
    busy.figures.worker("w1").uses(97.4)
    busy.figures.worker("w1").uses(12.0)
    busy.figures.worker("idle").uses(10.0)
    assert "limited by the generator: CPU of w1 97%; above" in busy.reported("cli", environ={"COLUMNS": "200"})


def test_checks_that_failed_come_first(busy, tmp_path):
    busy.reported("csv", reporter_options=(("csv-export", f"{tmp_path}/r.csv"),))
    lines = (tmp_path / "r_checks.csv").read_text().splitlines()
    assert lines == ["Name,Check,Passed,Failed", f"{BUY},is 200,8,2", f"{LIST},is 200,80,0"]


def test_every_report_says_what_limits_the_figures(busy, tmp_path):
    busy.figures.worker("w1").uses(97.4)
    busy.figures.worker("w2")
    busy.figures.lose("w2", busy.figures.ended, since=busy.figures.ended - 2, requests=120)
    said = [
        "worker w2 was lost: about 120 requests of it are in no figure, those of its last 2s",
        "limited by the generator: CPU of w1 97%; above 90% the figures may tell of the worker, not of the server",
        "6 iterations dropped: no user was free when they were due",
    ]
    pairs = {name: str(tmp_path / f"r.{name}") for name in ("html", "json", "junit", "ndjson", "markdown", "csv")}
    options = tuple((f"{name}-export", path) for name, path in pairs.items())
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "COLUMNS": "200"}
    screen = busy.reported("cli", *pairs, "github", reporter_options=options, environ=environ)
    files = [
        tmp_path / name for name in ("r.html", "r.json", "r.junit", "r.ndjson", "r.markdown", "r_result.csv", "summary")
    ]
    for text in (screen, *(path.read_text() for path in files)):
        assert all(line in text for line in said)
