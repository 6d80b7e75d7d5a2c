"""Runs whose requests a mock server answers."""

import json

import pytest

from runner.api import run
from runner.errors import UsageError
from runner.standins import start
from tests.mock.conftest import collection, example
from tests.mock.test_sources import OPENAPI

NOWHERE = "https://api.example.invalid/v1"


@pytest.fixture
def written(tmp_path):
    """Writes a collection and gives its path."""

    def write(*examples, **more):
        path = tmp_path / "c.json"
        path.write_text(json.dumps(collection(*examples, **more)))
        return str(path)

    return write


def sent(result):
    """URL and status of each request of a run."""
    return [(one.own.exchange.request.href, one.own.exchange.response.code) for one in result.executions]


def test_every_request_is_answered_from_the_examples_and_keeps_its_url(written):
    path = written(example("GET {{base}}/u -> 201"), example("GET {{base}}/v -> 418"), variables={"base": NOWHERE})
    assert sent(run(path, mock=True)) == [(f"{NOWHERE}/u", 201), (f"{NOWHERE}/v", 418)]


def test_a_run_with_a_mock_says_so(written):
    events = []
    run(written(example(f"GET {NOWHERE}/u")), mock=True, on_event=events.append)
    told = [event.message for event in events if getattr(event, "code", "") == "mocked"]
    assert told == ["every request is answered by a mock server with 1 example of Mocked"]


def test_the_examples_may_be_those_of_another_file(written, tmp_path):
    (tmp_path / "api.yaml").write_text(OPENAPI)
    path = written(example("GET https://api.example.com/v1/pets/7 -> 418"))
    assert sent(run(path, mock_from=[str(tmp_path / "api.yaml")]))[0][1] == 200


def test_only_one_origin_is_mocked(written):
    with start("truto") as real:
        path = written(
            example("GET {{base}}/u -> 201"),
            example("GET {{real}}/nothing -> 418"),
            variables={"base": NOWHERE, "real": real.url},
        )
        assert [code for _, code in sent(run(path, use_mock=["{{base}}"]))] == [201, 404]
        assert len(real.journal()) == 1


def test_no_proxy_sees_what_is_mocked(written, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert sent(run(written(example(f"GET {NOWHERE}/u")), mock=True))[0][1] == 200


def test_what_no_example_fits_is_a_404(written, tmp_path):
    (tmp_path / "other.json").write_text(json.dumps(collection(example("GET /other"))))
    path = written(example(f"GET {NOWHERE}/u"))
    assert sent(run(path, mock_from=[str(tmp_path / "other.json")]))[0][1] == 404


@pytest.mark.parametrize("address", ["{{unknown}}", "ftp://h", "/path"])
def test_an_origin_that_is_none_is_refused(written, address):
    with pytest.raises(UsageError, match="no address"):
        run(written(example("GET /u")), use_mock=[address])
