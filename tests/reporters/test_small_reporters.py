import io
import json

import pytest

from runner.errors import ExportError, RunAborted
from runner.options import RunOptions
from runner.reporters.emojitrain import EmojiTrain
from runner.reporters.ndjson import NdJson
from runner.reporters.progress import Progress
from tests.reporters.conftest import TOKEN

SILENT = RunOptions(silent=True)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_the_train_has_a_face_for_each_item_and_one_for_the_run(scenario):
    scenario.begin().check("a").end().begin(scenario.deep).check("b", "no").end().finish()
    assert scenario.report(EmojiTrain) == "😀 😢  😭\n"
    assert scenario.report(EmojiTrain, unicode=False) == ":) :(  :'(\n"


def test_a_train_of_passed_items_ends_well(scenario):
    assert scenario.begin().check("a").end().finish().report(EmojiTrain) == "😀  😍\n"


def test_progress_draws_its_bar_on_terminals_only(scenario):
    scenario.whole().finish()
    drawn = scenario.report(Progress, stream=Terminal())
    assert "Sample API [===============               ] 1/2, 1 failure" in drawn
    assert "Sample API [==============================] 2/2, 2 failures\r" in drawn
    assert "\r" not in scenario.report(Progress)


def test_progress_ends_with_totals_and_failures(scenario):
    text = scenario.whole().finish(RunAborted("late")).report(Progress)
    assert text.startswith("Sample API: 3 requests, 3 assertions, 3 failures in 296ms\n\n #   failure")
    assert text.endswith("\n\nerror: late\n")


@pytest.mark.parametrize("reporter", [EmojiTrain, Progress, NdJson])
def test_silent_prints_nothing(scenario, reporter):
    assert scenario.whole().finish().report(reporter, options=SILENT) == ""


@pytest.mark.parametrize("reporter", [EmojiTrain, Progress, NdJson])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_secret_is_printed(scenario, reporter, verbose):
    scenario.begin().request(url=f"http://h/{TOKEN}", body=TOKEN.encode(), posted=TOKEN.encode()).check(TOKEN, TOKEN)
    scenario.log(TOKEN).script(error=TOKEN).warn(TOKEN).next(TOKEN).broken(message=TOKEN).end().finish(RunAborted(TOKEN))
    assert TOKEN not in scenario.report(reporter, options=RunOptions(verbose=verbose))


def test_ndjson_has_a_line_for_each_event_and_the_summary(scenario):
    found = lines(scenario.whole().finish().report(NdJson))
    assert len(found) == len(scenario.events) + 1
    assert [line["event"] for line in found[:4]] == ["runStarted", "iterationStarted", "itemStarted", "requestFinished"]
    assert found[3]["item"] == {"id": "i1", "name": "List users", "path": []}
    assert (found[3]["status"], found[3]["time"], found[3]["bytes"]["body"]) == (200, 79, 2)
    assert (found[-1]["event"], found[-1]["exitCode"], found[-1]["failures"]) == ("summary", 1, 2)


def test_ndjson_shows_headers_and_bodies_when_verbose(scenario):
    scenario.begin().request(posted=b"ping", body=b"pong").end().finish()
    line = lines(scenario.report(NdJson, options=RunOptions(verbose=True)))[2]
    assert (line["requestBody"], line["responseBody"]) == ("ping", "pong")
    assert ["Authorization", "Bearer ••••"] in line["requestHeaders"]


def test_ndjson_writes_to_a_file_line_by_line(scenario, tmp_path):
    path = tmp_path / "new" / "events.ndjson"
    options = RunOptions(reporter_options=(("ndjson-export", str(path)),))
    reporter = NdJson(scenario.context(options=options))
    reporter.on(scenario.events[0])
    assert [line["event"] for line in lines(path.read_text("utf-8"))] == ["runStarted"]
    reporter.close(scenario.finish().summary())
    assert [line["event"] for line in lines(path.read_text("utf-8"))] == ["runStarted", "summary"]


def test_a_file_that_cannot_be_opened_is_an_export_error(scenario, tmp_path):
    reporter = NdJson(scenario.context(options=RunOptions(reporter_options=(("ndjson-export", str(tmp_path)),))))
    with pytest.raises(ExportError):
        reporter.on(scenario.events[0])
