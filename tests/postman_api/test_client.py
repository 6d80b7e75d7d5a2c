"""How the Postman API is talked to: its key, its limits, its errors."""

import json

import pytest

from runner.errors import RemoteError
from runner.options import RunOptions
from runner.postman_api.client import PostmanClient

KEY = "PMAK-0123456789abcdef"


@pytest.fixture
def client(told):
    """A client of the told server; `waits` and `told` have what it waited for and said."""
    waits, said = [], []
    with PostmanClient(told.url, KEY, RunOptions(), {}, tell=said.append, wait=waits.append) as found:
        found.waits, found.said = waits, said
        yield found


def test_a_document_is_sent_as_json_with_the_key(told, client):
    told.answers = [(202, {}, '{"task": {"id": "t"}}')]
    answer = client.send("PUT", "/collections/1", {"collection": {"a": 1.0}}, prefer="respond-async")
    method, path, headers, body = told.seen[0]
    assert answer == (202, {"task": {"id": "t"}})
    assert (method, path, json.loads(body)) == ("PUT", "/collections/1", {"collection": {"a": 1.0}})
    assert (headers["X-Api-Key"], headers["Content-Type"], headers["Prefer"]) == (KEY, "application/json", "respond-async")


def test_parameters_are_encoded_and_empty_ones_left_out(told, client):
    told.answers = [(200, {}, "{}")]
    client.get("/collections", workspace="", name="a b&c")
    assert told.seen[0][1] == "/collections?name=a+b%26c"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Retry-After": "7"}, 7), ({"X-RateLimit-RetryAfter": "3"}, 3), ({}, 1), ({"Retry-After": "soon"}, 1)],
)
def test_a_call_waits_as_long_as_the_api_asks(told, client, headers, seconds):
    told.answers = [(429, headers, "{}"), (200, {}, '{"a": 1}')]
    assert client.get("/me") == {"a": 1}
    assert client.waits == [seconds]
    assert client.said == [f"the Postman API asks to wait for {seconds} s"]


def test_a_longer_time_than_five_minutes_is_told_and_not_waited_for(told, client):
    told.answers = [(429, {"Retry-After": "3600"}, '{"error": "rateLimited", "message": "too much"}')]
    with pytest.raises(RemoteError, match="429 Too Many Requests: too much") as error:
        client.get("/me")
    assert "60 minutes" in error.value.hint
    assert client.waits == []


def test_waiting_ends_when_the_turn_never_comes(told, client):
    told.answers = [(429, {"Retry-After": "0"}, "{}")] * 10
    with pytest.raises(RemoteError, match="429"):
        client.get("/me")


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, '{"error": {"name": "AuthenticationError", "message": "Invalid API Key."}}', "401 Unauthorized: Invalid API"),
        (400, '{"error": {"message": "wrong", "details": ["item: must be array"]}}', "wrong; item: must be array"),
        (500, "<html>", "500 Internal Server Error"),
        (302, "", "302 Found"),
        (200, "<html>", "not valid JSON"),
        (200, "[1]", "not an object"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(told, client, status, body, message):
    told.answers = [(status, {"Location": "/elsewhere"}, body)]
    with pytest.raises(RemoteError, match=message):
        client.get("/me", secret="x")
    assert len(told.seen) == 1


def test_the_key_is_in_no_message(told, client):
    told.answers = [(401, {}, json.dumps({"error": {"message": f"the key {KEY} is not valid"}}))]
    with pytest.raises(RemoteError) as error:
        client.get("/me")
    assert KEY not in str(error.value) + error.value.hint


def test_a_server_that_is_not_there(client, told):
    told.answers = []
    with pytest.raises(RemoteError, match="ECONNREFUSED"):
        PostmanClient("http://127.0.0.1:1", KEY, RunOptions(), {}).get("/me")
