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


@pytest.mark.parametrize("value", ["", "/", "/v1"])
def test_a_base_url_without_a_host_gets_one(written, value):
    variables = {"base": value}
    events = []
    path = written(example("GET {{base}}/u -> 201"), example("GET https://{{base}}/v -> 202"), variables=variables)
    found = sent(run(path, mock=True, on_event=events.append))
    assert [code for _, code in found] == [201, 202]
    assert [href for href, _ in found] == ["http://127.0.0.1/u", "https://127.0.0.1/v"]
    told = [event.message for event in events if getattr(event, "code", "") == "mocked"]
    assert told == [
        "every request is answered by a mock server with 2 examples of Mocked; base had no host and is 127.0.0.1 now"
    ]


def test_a_host_that_comes_from_a_row_of_data_stays(written):
    path = written(example("GET {{base}}/u -> 201"), variables={"base": ""})
    assert sent(run(path, mock=True, iteration_data=[{"base": "a.invalid"}])) == [("http://a.invalid/u", 201)]


def test_of_examples_of_the_same_call_the_one_with_its_body_answers(written):
    examples = [example("POST {{base}}/u -> 200 <a>"), example("POST {{base}}/u -> 400 <b>")]
    path = written(*examples, variables={"base": NOWHERE})
    assert [code for _, code in sent(run(path, mock=True))] == [200, 400]


def test_an_example_answers_the_request_that_it_is_saved_at_though_that_has_changed(written, tmp_path):
    path = written(example("GET {{base}}/old -> 203"), variables={"base": NOWHERE})
    document = json.loads((tmp_path / "c.json").read_text())
    document["item"][0]["request"] = {"method": "POST", "url": "{{base}}/new"}
    (tmp_path / "c.json").write_text(json.dumps(document))
    events = []
    assert sent(run(path, mock=True, on_event=events.append)) == [(f"{NOWHERE}/new", 203)]
    (told,) = [event.message for event in events if getattr(event, "code", "") == "mocked"]
    assert told == "every request is answered by a mock server with 1 example of Mocked"


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
    with pytest.raises(UsageError, match="not an address"):
        run(written(example("GET /u")), use_mock=[address])
