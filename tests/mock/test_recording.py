"""`--record-missing`: what no example answers is asked of an API, and saved."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from runner.errors import UsageError
from runner.formats.v3.converting import to_v3
from runner.mock.serving import MockServer
from runner.options import RunOptions
from runner.server.backend import ServerNames
from runner.server.http_server import HttpServer
from runner.server.messages import Answer
from tests.mock.conftest import ask, collection, example


@pytest.fixture
def api(mocked):
    """The API that is recorded."""
    header = [{"key": "Content-Type", "value": "application/json"}, {"key": "X-Kind", "value": "real"}]
    return mocked(
        example("GET /v1/users/7 -> 203", header=header, body='{"id": 7, "access_token": "t0ps3cret-t0ken"}'),
        example("POST /v1/users", header=header, body='{"id": 8}'),
    )


@pytest.fixture
def recorded(api, tmp_path):
    """Starts a mock server that records the API into a file: `recorded(example(…), …)`."""
    servers = []

    def begin(*examples, **more):
        path = tmp_path / "served.json"
        path.write_text(json.dumps(collection(*examples), indent="\t"))
        more = {"record_missing": f"{api.server.url}/v1", **more}
        server = MockServer([str(path)], RunOptions(), **more)
        servers.append(server)

        def send(text, **headers):
            return ask(server.url, text, **headers)

        send.document = lambda: json.loads(path.read_text())
        send.path, send.server = path, server
        return send

    yield begin
    for server in servers:
        server.close()


def calls(api):
    return [(one["method"], one["target"]) for one in api.server.server.journal()]


def test_what_no_example_answers_is_asked_of_the_api_once(api, recorded):
    send = recorded(example("GET /other"))
    first, second = send("GET /users/7"), send("GET /users/7")
    assert (first.status, first.headers["x-kind"], first.json["id"]) == (203, "real", 7)
    assert (second.status, second.headers["x-kind"], second.json["id"]) == (203, "real", 7)
    assert calls(api) == [("GET", "/v1/users/7")]


def test_what_an_example_answers_is_not_asked(api, recorded):
    assert recorded(example("GET /users/7", body="mine"))("GET /users/7").text == "mine"
    assert calls(api) == []


def test_the_answer_is_saved_at_the_request_that_it_answers(api, recorded):
    send = recorded(example("GET /users/:id (id=1)"), example("POST /users"))
    document = send.document()
    del document["item"][0]["response"], document["item"][1]["response"]
    send.path.write_text(json.dumps(document, indent="\t"))
    send.server.reload()
    send("GET /users/7")
    after = send.document()
    assert [one["name"] for one in after["item"][0].pop("response")] == ["203 Non-Authoritative Information"]
    assert after.pop("variable") == [{"key": "baseUrl", "value": f"{api.server.url}/v1"}]
    assert {**after, "variable": []} == document
    assert send.path.read_text().startswith('{\n\t"info"')


def test_a_call_without_a_request_becomes_a_new_one(recorded):
    send = recorded(example("GET /other"))
    send('POST /users?a=1 [x-tag: b] <{"name": "Ann"}>')
    made = send.document()["item"][-1]
    assert made["name"] == "POST /users"
    assert made["request"]["url"]["raw"] == "{{baseUrl}}/users?a=1"
    assert made["request"]["body"]["raw"] == '{"name": "Ann"}'
    assert {"key": "x-tag", "value": "b"} in made["request"]["header"]


def test_secrets_go_to_the_api_and_back_but_not_into_the_file(api, recorded):
    send = recorded(example("GET /other"))
    reply = send(
        "GET /users/7?api_key=k3y-s3cret-value", Authorization="Bearer b3arer-s3cret", Cookie="session=c00kie-s3cret"
    )
    assert reply.json["access_token"] == "t0ps3cret-t0ken"
    assert dict(api.server.server._backend.records()[0].call.headers)["authorization"] == "Bearer b3arer-s3cret"
    text = send.path.read_text()
    assert not [one for one in ("k3y-s3cret", "b3arer-s3cret", "c00kie-s3cret", "t0ps3cret") if one in text]


def test_another_file_gets_the_examples_and_is_served_with_the_rest(api, recorded, tmp_path):
    send = recorded(example("GET /other", body="mine"), record_to=str(tmp_path / "new.json"))
    assert (send("GET /users/7").status, send("GET /users/7").status, send("GET /other").text) == (203, 203, "mine")
    assert len(json.loads((tmp_path / "new.json").read_text())["item"]) == 1
    assert len(calls(api)) == 1


def test_a_call_that_asks_for_an_example_is_not_forwarded(api, recorded):
    send = recorded(example("GET /other"))
    assert send("GET /users/7 [x-mock-response-name: none]").status == 404
    assert calls(api) == []


def test_an_api_that_does_not_answer_is_a_502(recorded):
    reply = recorded(example("GET /other"), record_missing="http://127.0.0.1:1")("GET /users/7")
    assert (reply.status, "gave no answer" in reply.json["error"]["message"]) == (502, True)


@pytest.mark.parametrize("url", ["api.example.com", "ftp://a", "http://", "http://a?b=c"])
def test_an_address_that_is_none_is_refused(recorded, url):
    with pytest.raises(UsageError, match="not an address"):
        recorded(example("GET /other"), record_missing=url)


@pytest.mark.parametrize("name", ["api.yaml", "folder"])
def test_only_a_collection_is_recorded_into(recorded, tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "api.yaml").write_text("a: 1")
    with pytest.raises(UsageError, match="no collection to record"):
        recorded(example("GET /other"), record_to=str(tmp_path / name))


def test_a_collection_in_a_folder_gets_files(api, recorded, tmp_path):
    folder = tmp_path / "shop"
    requests = [{"name": "Order", "request": {"method": "GET", "url": "http://x/orders/:id"}}]
    for name, content in to_v3({**collection(), "item": requests}).files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    with MockServer([str(folder)], RunOptions(), record_missing=f"{api.server.url}/v1") as server:
        assert ask(server.url, "POST /users").json == {"id": 8}
        assert ask(server.url, "GET /orders/7").status == 404
        assert ask(server.url, "POST /users").json == {"id": 8}
    assert len(calls(api)) == 2
    after = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    assert sorted(path.name for path in after.keys() - before.keys()) == [
        "200 OK.example.yaml",
        "404 Not Found.example.yaml",
        "POST -users.request.yaml",
    ]
    changed = {path.name: after[path].removeprefix(text).decode() for path, text in before.items() if after[path] != text}
    assert changed.keys() == {"Order.request.yaml", "definition.yaml"}  # it has baseUrl now
    assert changed["Order.request.yaml"] == "examples: ./.resources/Order.resources/examples\n"


def test_an_answer_that_cannot_be_saved_goes_back_all_the_same(api, recorded):
    send = recorded(example("GET /other"))
    send.path.write_text("{")
    assert send("GET /users/7").status == 203
    assert "not recorded" in send.server.server._backend.records()[-1].answer
    assert send.path.read_text() == "{"


def test_a_slow_api_does_not_hold_up_other_calls(recorded):
    class Slow:
        """An API that answers when it is let go."""

        def __init__(self):
            self.asked, self.let_go = threading.Event(), threading.Event()

        def answer(self, call):
            def later():
                self.asked.set()
                assert self.let_go.wait(20)
                return Answer(200, b"late")

            return later

        def key_name(self, call):
            return ""

    slow = Slow()
    with HttpServer("slow", slow, ServerNames("slow server", "slow", "X-Fault")) as api:
        send = recorded(example("GET /here", body="at once"), record_missing=api.url)
        with ThreadPoolExecutor() as threads:
            waits = threads.submit(send, "GET /there")
            assert slow.asked.wait(20)
            assert send("GET /here").text == "at once"
            slow.let_go.set()
            assert waits.result().text == "late"
    assert send("GET /there").text == "late"


def test_answers_that_come_at_the_same_time_are_all_saved(api, recorded):
    send = recorded(record_missing=api.server.url)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda letter: send(f"GET /{letter}"), "abcdefghijklmnop"))
    saved = [item["name"] for item in send.document()["item"]]
    assert sorted(saved) == [f"GET /{letter}" for letter in "abcdefghijklmnop"]
