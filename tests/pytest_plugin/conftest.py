"""A folder with a collection, and what pytest makes of it: in this process, or, with pytest-xdist, in others."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field

import pytest

PLUGIN = ["-p", "no:postrunner", "-p", "runner.pytest_plugin.plugin"]
"""The plugin as it is in this folder, whether or not the environment has its entry point."""

OK = "pm.test('is 200', () => pm.response.to.have.status(200));"
TRANSPORT = """
import httpx
import pytest

SENT = []


def answer(request):
    SENT.append(request.url.path)
    code = 500 if "broken" in request.url.path else 200
    return httpx.Response(code, json={"path": request.url.path, "host": request.url.host})


@pytest.fixture(scope="session")
def postman_transport():
    return httpx.MockTransport(answer)


@pytest.fixture(scope="session")
def postman_environment():
    return {"base": "http://shop.example"}
"""


def entry(name, test=OK, *, url="", before="", **more):
    """A request of a collection, with its scripts."""
    scripts = [("prerequest", before), ("test", test)]
    events = [{"listen": listen, "script": {"exec": text.split("\n")}} for listen, text in scripts if text]
    request = {"method": "GET", "url": url or "{{base}}/" + name.split(" ")[0]}
    return {"name": name, "event": events, "request": {**request, **more}}


def chained(count):
    """Requests of which each needs what the one before it left."""
    made = []
    for number in range(count):
        check = f"pm.test('token', () => pm.expect(pm.environment.get('token')).to.eql('{number - 1}'));" if number else ""
        leave = f"pm.environment.set('token', '{number}');"
        made.append(entry(f"r{number}", "\n".join([OK, check, leave])))
    return made


@dataclass(eq=False)
class Outcome:
    """What a run of pytest told: outcomes and reports by the ids of its items below the collection."""

    code: int = 0
    outcomes: dict = field(default_factory=dict)
    reports: dict = field(default_factory=dict)
    collected: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    sent: list = field(default_factory=list)
    text: str = ""
    subtests: list = field(default_factory=list)

    def pytest_runtest_logreport(self, report):
        """Take down what is more than a setup or teardown that passed."""
        name = report.nodeid.partition("::")[2]
        if hasattr(report, "context"):
            self.subtests.append((name, report.context.msg, report.outcome))
            return
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[name] = report.outcome if report.when == "call" or report.skipped else "error"
            self.reports[name] = report

    def pytest_collection_finish(self, session):
        """Take down what was collected."""
        self.collected = [item.nodeid.partition("::")[2] for item in session.items]

    def pytest_collectreport(self, report):
        """Take down why something could not be collected."""
        if report.failed:
            self.errors.append(report.longreprtext)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        """Take down what the transport of the conftest was asked for."""
        module = next((p for p in session.config.pluginmanager.get_plugins() if hasattr(p, "SENT")), None)
        self.sent = list(module.SENT) if module else []

    def said(self, name):
        """The text of a failure."""
        return self.reports[name].longreprtext

    def section(self, name, title):
        """A section of a report."""
        return dict(self.reports[name].sections)[title]


class Suite:
    """A folder that pytest is started in."""

    def __init__(self, folder, capsys):
        self.folder, self._capsys = folder, capsys
        self.write("pytest.ini", "[pytest]\n")
        self.write("conftest.py", TRANSPORT)

    def write(self, name, text):
        """Write a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def collection(self, *items, name="shop.postman_collection.json", **more):
        """Write a collection."""
        document = {"info": {"name": "Shop"}, "item": list(items), **more}
        return self.write(name, json.dumps(document))

    def run(self, *args, asked=True):
        """Start pytest in this process; it is `asked` to collect collections."""
        outcome = Outcome()
        fixed = [*PLUGIN, "--rootdir", str(self.folder), "-c", str(self.folder / "pytest.ini"), "--import-mode=importlib"]
        here = os.getcwd()
        os.chdir(self.folder)
        try:
            outcome.code = int(pytest.main([*fixed, *(["--postrunner"] if asked else []), *args], plugins=[outcome]))
        finally:
            os.chdir(here)
            for name in [name for name in sys.modules if name.rpartition(".")[2] == "test_shop"]:
                del sys.modules[name]  # another folder has one of this name
        outcome.text = self._capsys.readouterr().out
        return outcome

    def collect(self, *args, **more):
        """Let pytest collect only."""
        return self.run("--collect-only", *args, **more)

    def start(self, *args):
        """Start pytest in a process of its own, with pytest-xdist."""
        command = [sys.executable, "-m", "pytest", *PLUGIN, "-p", "xdist", "--postrunner", "-p", "no:cacheprovider", *args]
        alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = subprocess.run(command, cwd=self.folder, env=alone, capture_output=True, text=True, timeout=100)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def suite(tmp_path, capsys):
    return Suite(tmp_path, capsys)
