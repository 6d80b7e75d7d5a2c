"""Runs against a transport that answers at once, all added to one history."""

import httpx
import pytest

import runner
from runner.cli import main

VALUE = "Hq1Zk3XwVb7Tm9WrJs5L"
PASSES = "pm.test('ok', () => {}); pm.test('code', () => pm.response.to.have.status(200)); pm.test.skip('later', () => {})"


def item(name, test=PASSES, url="http://h.example/ok", **more):
    return {"name": name, "request": url, "event": [{"listen": "test", "script": {"exec": [test]}}], **more}


def collection(*items, name="C"):
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return {"info": {"name": name, "schema": schema}, "item": list(items)}


def answer(request):
    if request.url.path == "/late":
        return httpx.Response(200, json={"access_token": VALUE})
    return httpx.Response(500 if request.url.path == "/fails" else 200, json={"value": VALUE})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


@pytest.fixture
def ran(path):
    def run(*items, name="C", **options):
        return runner.run(
            collection(*items, name=name), transport=httpx.MockTransport(answer), **{"history": str(path), **options}
        )

    return run


@pytest.fixture
def told(path, capsys):
    """Call `postrunner history` for the history of the test; gives what it shows, or says if it fails with 2."""

    def call(*words, code=0):
        capsys.readouterr()
        assert main(["history", str(path), *words]) == code
        return capsys.readouterr()[0 if code == 0 else 1]

    return call
