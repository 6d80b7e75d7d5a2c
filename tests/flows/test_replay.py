"""Both flows replay from cassettes, without any server, exactly as they were recorded.

Record them anew with `postrunner stand-in torii --port 8100` (truto: 8200) and
`postrunner run COLLECTION -e LOCAL_ENVIRONMENT --record tests/flows/cassettes/NAME.yaml --record-mode all`.
"""

import base64
import json
import sys

import pytest
import yaml

from runner.standins.torii.data import KEYS
from runner.standins.truto.data import TOKEN
from tests.flows.conftest import ROOT, files, finish

CASSETTES = {name: ROOT / "tests" / "flows" / "cassettes" / f"{name}.yaml" for name in ("torii", "truto")}
ASSERTIONS = {"torii": 50, "truto": 100}
SECRETS = (*KEYS, TOKEN)
each_flow = pytest.mark.parametrize("name", CASSETTES)


def replay(name, report, *more):
    """Run a flow from its cassette; the local environment's port has no server."""
    collection, environment = files(name)
    words = [sys.executable, "-m", "runner", "run", str(collection), "-e", str(environment), *more]
    return finish([*words, "--replay", str(CASSETTES[name]), "-r", "json", "--reporter-json-export", str(report)], report)


def interactions(name):
    return yaml.safe_load(CASSETTES[name].read_bytes())["interactions"]


@each_flow
def test_a_flow_is_green_and_uses_every_recording(name, report):
    result = replay(name, report, "--env-var", "retry_ms=1")
    assert result.code == 0, result.report["run"]["failures"]
    assert result.assertions == {"total": ASSERTIONS[name], "pending": 0, "failed": 0}
    assert result.report["run"]["stats"]["requests"]["total"] == len(interactions(name))


@each_flow
def test_two_replays_give_the_same_responses(name, tmp_path):
    first, second = (replay(name, tmp_path / f"{n}.json", "--env-var", "retry_ms=1") for n in (1, 2))
    assert responses(first) == responses(second)
    assert first.verdicts == second.verdicts


def responses(result):
    parts = ("code", "status", "header", "stream", "responseTime")
    return [
        [one["response"].get(part) for part in parts] for one in result.report["run"]["executions"] if "response" in one
    ]


def test_another_key_replays_as_well(report):
    result = replay("torii", report, "--env-var", "retry_ms=1", "--env-var", "torii_api_key=entirely-different")
    assert result.code == 0, result.report["run"]["failures"]


def test_a_changed_request_is_told_with_its_nearest_recording(report):
    result = replay("torii", report, "--env-var", "retry_ms=1", "--env-var", "torii_file_name=other.json")
    assert result.code == 1
    text = json.dumps(result.report["run"]["failures"][0]["error"])
    assert "torii.yaml has no recording of GET http://127.0.0.1:8100/v1.0/files/url?name=other.json" in text
    assert "the query has name=my_file.json for name=other.json" in text


@each_flow
def test_a_cassette_holds_no_secret(name):
    text = CASSETTES[name].read_text(encoding="utf-8")
    forms = [form for one in SECRETS for form in (one, base64.b64encode(one.encode()).decode())]
    assert [form for form in forms if form in text] == []
    for one in interactions(name):
        values = one["request"]["headers"].get("Authorization", [])
        assert set(values) <= {"Bearer FILTERED"}


def test_no_signature_is_kept():
    text = CASSETTES["torii"].read_text(encoding="utf-8")
    assert text.count("X-Amz-Signature=") == text.count("X-Amz-Signature=FILTERED") > 2
    assert text.count("X-Amz-Credential=") == text.count("X-Amz-Credential=FILTERED") > 2
