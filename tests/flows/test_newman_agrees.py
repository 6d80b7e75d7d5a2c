"""Newman 6.2.2 and our runner give the same verdict on every assertion of both flows.

Newman is taken from the folder that POSTRUNNER_NEWMAN names: where npm installed it, as scripts/test does when npm is there
(scripts/bench uses the same). Without it, or without Node, these tests are skipped.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from runner.standins import start
from tests.conftest import NEWMAN
from tests.flows.conftest import ROOT, Flow, finish

SAMPLE = ROOT / "collections" / "samples" / "torii-users.json"
SCRIPT = Path("node_modules", "newman", "bin", "newman.js")

pytestmark = pytest.mark.newman


@pytest.fixture(scope="module")
def newman():
    """The words that start Newman."""
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not there")
    if not NEWMAN:
        pytest.skip("POSTRUNNER_NEWMAN names no folder with Newman")
    script = Path(NEWMAN) / SCRIPT
    assert script.exists(), f"Newman is not in {NEWMAN}"
    return [node, str(script), "run"]


@pytest.fixture
def torii():
    """A sync takes long enough for Newman to send 4.7 while that of 4.6 runs, on a busy machine too."""
    with start("torii", strict_query=True, sync_seconds=1) as standin:
        yield Flow("torii", standin)


def run_newman(newman, flow, report, **variables):
    """The result of Newman; the stand-in is as new afterwards."""
    words = [*newman, *flow.arguments(variables), "-r", "json", "--reporter-json-export", str(report)]
    result = finish(words, report)
    result.journal = flow.standin.journal()
    flow.standin.reset()
    return result


def both(newman, flow, tmp_path, **variables):
    """The results of Newman and of our runner, each on a fresh stand-in."""
    theirs = run_newman(newman, flow, tmp_path / "newman.json", **variables)
    return theirs, flow.run(tmp_path / "ours.json", **variables)


def sent(journal):
    """What arrived, without what differs from run to run; requests that repeat while they wait count once."""
    calls = [(one["method"], steady(one["target"]), headers(one), steady(one["body"])) for one in journal]
    return [call for call, before in zip(calls, [None, *calls], strict=False) if call != before]


def steady(text):
    """The text without times: milliseconds in paths, dates of signatures and of rows in queries."""
    return re.sub(r"\d{13}|\d{8}T\d{6}Z", "TIME", text)


def headers(entry):
    """The headers that both have to send alike, in no order."""
    volatile = {"host", "user-agent", "postman-token"}
    return sorted(tuple(pair) for pair in entry["headers"] if pair[0] not in volatile)


@pytest.mark.parametrize("name", ["torii", "truto"])
def test_both_send_the_same_requests(newman, name, request, tmp_path):
    flow = request.getfixturevalue(name)
    theirs = run_newman(newman, flow, tmp_path / "newman.json")
    flow.run(tmp_path / "ours.json")
    assert len(theirs.journal) >= 25
    assert sent(flow.standin.journal()) == sent(theirs.journal)


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_torii_green(newman, torii, tmp_path, version):
    theirs, ours = both(newman, torii, tmp_path, torii_api_version=version)
    assert len(theirs.verdicts) == 50
    assert ours.verdicts == theirs.verdicts
    assert ours.code == theirs.code == 0


def test_truto_green(newman, truto, tmp_path):
    theirs, ours = both(newman, truto, tmp_path)
    assert len(theirs.verdicts) == 100
    assert ours.verdicts == theirs.verdicts
    assert ours.code == theirs.code == 0


@pytest.mark.parametrize(("fault", "at"), [("500", "0.1"), ("429", "1.3"), ("500", "2.2"), ("500", "4.5")])
def test_torii_red(newman, torii, tmp_path, fault, at):
    theirs, ours = both(newman, torii, tmp_path, stand_in_fault=fault, stand_in_fault_at=at)
    assert ours.verdicts == theirs.verdicts
    assert ours.code == theirs.code == 1


@pytest.mark.parametrize(("fault", "at"), [("500", "P"), ("429", "L0"), ("500", "W1")])
def test_truto_red(newman, truto, tmp_path, fault, at):
    theirs, ours = both(newman, truto, tmp_path, stand_in_fault=fault, stand_in_fault_at=at)
    assert ours.verdicts == theirs.verdicts
    assert ours.code == theirs.code == 1


@pytest.mark.parametrize("number", [3, 1500])
def test_torii_with_a_file_of_ones_own(newman, live, tmp_path, number):
    (tmp_path / "my users.json").write_text(json.dumps({"users": [{"email": f"User{n}@corp.io"} for n in range(number)]}))
    report, values = tmp_path / "newman.json", {"torii_users_file": tmp_path / "my users.json", "torii_app_id": "42"}
    theirs = run_newman(newman, live, report, **values)
    assert theirs.code == 0
    assert [one["status"] for one in theirs.journal if one["path"].endswith("/sync/custom")] == [200]
    assert live.run(tmp_path / "ours.json", **values).code == 0


@pytest.mark.parametrize("text", ["", "{}", '{"users": [{"email": "a@b.io"}, {"email": "A@b.io"}]}', "the sample", None])
def test_newman_cannot_see_the_file_and_checks_what_is_stored_before_a_sync(newman, live, tmp_path, text):
    path = tmp_path / "users.json"
    if text is not None:
        path.write_text(SAMPLE.read_text() if text == "the sample" else text)
    theirs = run_newman(newman, live, tmp_path / "newman.json", torii_users_file=path)
    assert theirs.code == 1
    assert [one for one in theirs.journal if one["path"].endswith("/sync/custom")] == []


@pytest.mark.parametrize("folder", ["1 Upload and sync", "1.5 Sync your integration", "4 Errors (stand-in only)"])
def test_newman_syncs_no_live_account_without_the_preflight(newman, live, tmp_path, folder):
    words = [*newman, *live.arguments({"torii_users_file": SAMPLE}), "--folder", folder]
    finish([*words, "-r", "json", "--reporter-json-export", str(tmp_path / "r.json")], tmp_path / "r.json")
    assert live.asked == []


def test_newman_is_told_what_is_missing_before_anything_is_sent(newman, live, tmp_path):
    theirs = run_newman(newman, live, tmp_path / "newman.json", torii_api_key="")
    assert theirs.code == 1
    assert "torii_api_key is not set" in theirs.messages
    assert "torii_users_file is not set" in theirs.messages
    assert list(theirs.journal) == []
