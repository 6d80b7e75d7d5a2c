"""Newman 6.2.2 and our runner give the same verdict on every assertion of both flows.

Newman is taken from the folder that POSTRUNNER_NEWMAN names: where npm installed it, as scripts/test does when npm is there
(scripts/bench uses the same). Without it, or without Node, these tests are skipped.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.flows.conftest import finish

SCRIPT = Path("node_modules", "newman", "bin", "newman.js")

pytestmark = pytest.mark.newman


@pytest.fixture(scope="module")
def newman():
    """The words that start Newman."""
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not there")
    folder = os.environ.get("POSTRUNNER_NEWMAN")
    if not folder:
        pytest.skip("POSTRUNNER_NEWMAN names no folder with Newman")
    script = Path(folder) / SCRIPT
    assert script.exists(), f"Newman is not in {folder}"
    return [node, str(script), "run"]


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
    assert len(theirs.verdicts) == 47
    assert ours.verdicts == theirs.verdicts
    assert ours.code == theirs.code == 0


def test_truto_green(newman, truto, tmp_path):
    theirs, ours = both(newman, truto, tmp_path)
    assert len(theirs.verdicts) == 96
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
