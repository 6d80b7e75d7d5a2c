"""The two flows: their files, and a run of one against a stand-in."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from runner.standins import start

ROOT = Path(__file__).resolve().parents[2]
LIVE = {
    "torii": {"torii_api_key": "torii-test-key", "torii_app_account_id": "7001", "retry_ms": "20"},
    "truto": {"truto_api_token": "truto-test-token"},
}
FLOWS = {"torii": "torii-custom-integration", "truto": "truto-integrated-accounts"}


@dataclass
class Flow:
    """One flow with the stand-in that it runs against."""

    name: str
    standin: object

    live: bool = False
    """Whether the environment is the one for the live system, with only the address of the stand-in and its key added."""

    def arguments(self, variables):
        """What follows `run` on the command line, for our runner as for Newman."""
        collection, environment = files(self.name, "" if self.live else "-local")
        values = {f"{self.name}_base_url": self.standin.url, **(LIVE[self.name] if self.live else {}), **variables}
        pairs = [word for key, value in values.items() for word in ("--env-var", f"{key}={value}")]
        return [str(collection), "-e", str(environment), *pairs]

    def run(self, report, *more, cwd=ROOT, **variables):
        """Run it with our runner, with `more` options; variables go over those of the environment."""
        words = [sys.executable, "-m", "runner", "run", *self.arguments(variables), *more]
        return finish([*words, "-r", "json", "--reporter-json-export", str(report)], report, cwd)

    @property
    def asked(self):
        """Method and path of every request that arrived."""
        return [(one["method"], one["path"]) for one in self.standin.journal()]

    @property
    def syncs(self):
        """How many syncs were asked for."""
        return [path for _, path in self.asked].count("/v1.0/services/sync/custom")


@dataclass
class Result:
    """Exit code and JSON report of a run, and what the stand-in was asked when that was kept."""

    code: int
    report: dict
    journal: tuple = ()

    @property
    def executions(self):
        """One for each item: Newman lists it again, assertions and all, for every pm.sendRequest in it."""
        listed = self.report["run"]["executions"]
        return list({execution["cursor"].get("ref", number): execution for number, execution in enumerate(listed)}.values())

    @property
    def verdicts(self):
        """Request, assertion and outcome of every assertion, in order."""
        return [
            (
                execution["item"]["name"],
                one["assertion"],
                "skip" if one.get("skipped") else "fail" if one.get("error") else "pass",
            )
            for execution in self.executions
            for one in execution.get("assertions") or ()
        ]

    @property
    def requests(self):
        """Names of the requests that were run, in order."""
        return [execution["item"]["name"] for execution in self.executions]

    @property
    def failed(self):
        """Numbers of the requests in the list of failures: the first word of their names."""
        return [failure["source"]["name"].split()[0] for failure in self.report["run"]["failures"]]

    @property
    def messages(self):
        """The texts of all failures."""
        return " ".join(str(failure["error"].get("message")) for failure in self.report["run"]["failures"])

    @property
    def assertions(self):
        return self.report["run"]["stats"]["assertions"]


def finish(words, report, cwd=ROOT):
    """Run a command that writes a JSON report."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, cwd=cwd, timeout=120, env=environment)
    assert report.exists(), done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    return Result(done.returncode, json.loads(report.read_bytes()))


def files(name, kind="-local"):
    """The collection of a flow and its environment, the local one unless `kind` is empty."""
    collection = ROOT / "collections" / f"{FLOWS[name]}.postman_collection.json"
    return collection, ROOT / "environments" / f"{name}{kind}.postman_environment.json"


@pytest.fixture
def torii():
    with start("torii", strict_query=True, sync_seconds=0.2) as standin:
        yield Flow("torii", standin)


@pytest.fixture
def live():
    """The Torii flow as for a live account: nothing tells it that a stand-in answers."""
    with start("torii", strict_query=True, sync_seconds=0.05) as standin:
        yield Flow("torii", standin, live=True)


@pytest.fixture
def live_truto():
    """The Truto flow as for a live account."""
    with start("truto", strict_query=True) as standin:
        yield Flow("truto", standin, live=True)


@pytest.fixture
def truto():
    with start("truto", strict_query=True) as standin:
        yield Flow("truto", standin)


@pytest.fixture
def report(tmp_path):
    """Where a run writes its JSON report."""
    return tmp_path / "report.json"
