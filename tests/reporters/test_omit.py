import json

import pytest

from runner.options import RunOptions
from runner.reporters.json.report import JsonReport
from runner.reporters.omit import Omit, omitted

ALL = Omit(headers=True, request_bodies=True, response_bodies=True)


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("omit-headers", Omit(headers=True)),
        ("omit-request-bodies", Omit(request_bodies=True)),
        ("omit-response-bodies", Omit(response_bodies=True)),
        ("omit-bodies", Omit(request_bodies=True, response_bodies=True)),
        ("omit-all-headers-and-body", ALL),
        ("other", Omit()),
    ],
)
def test_omit_options_have_the_names_of_the_postman_cli(scenario, option, expected):
    given = RunOptions(reporter_options=((f"html-{option}", "true"),))
    assert omitted(scenario.context(options=given), "html") == expected
    assert omitted(scenario.context(options=RunOptions(reporter_options=((f"html-{option}", "false"),))), "html") == Omit()


def executions(scenario, tmp_path, *names):
    path = tmp_path / "report.json"
    pairs = (("json-export", str(path)), *((f"json-{name}", "true") for name in names))
    scenario.report(JsonReport, options=RunOptions(reporter_options=pairs))
    return json.loads(path.read_text("utf-8"))["run"]["executions"]


def test_the_json_report_leaves_out_headers(scenario, tmp_path):
    scenario.begin().request("script").request(posted=b"posted", method="POST").end().finish()
    execution = executions(scenario, tmp_path, "omit-headers")[0]
    for found in (execution, *execution["subRequests"]):
        assert "header" not in found["request"]
        assert "header" not in found["response"]
    assert execution["request"]["body"]["raw"] == "posted"


def test_the_json_report_leaves_out_bodies(scenario, tmp_path):
    execution = executions(scenario.begin().request(posted=b"x", method="POST").end().finish(), tmp_path, "omit-bodies")[0]
    assert "body" not in execution["request"]
    assert execution["response"]["stream"]["data"] == []
    assert execution["response"]["responseSize"] == 2


def test_the_json_report_leaves_out_what_was_never_sent(scenario, tmp_path):
    scenario.begin().unsigned().end().finish()
    assert "header" not in executions(scenario, tmp_path, "omit-all-headers-and-body")[0]["request"]
