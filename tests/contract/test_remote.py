"""References into the network: what may be fetched, what is refused, and that neither passes unseen."""

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from runner.contract import remote
from runner.contract.contract import Contracts
from runner.contract.loading import load_contract, load_contracts
from runner.contract.remote import Remote
from runner.errors import LoadError, UsageError
from runner.options import RunOptions
from tests.contract.conftest import URL, document

PET = {
    "$defs": {"id": {"type": "integer"}},
    "properties": {"id": {"$ref": "#/$defs/id"}, "tag": {"$ref": "parts/tag.json"}},
}


class Files(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path == "/drips":
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            with suppress(OSError):  # the client has had enough
                while not self.server.over.wait(0.02):
                    self.wfile.write(b" ")
                    self.wfile.flush()
            return
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/s/pet.json")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        found = self.server.files.get(self.path)
        self.send_response(404 if found is None else 200)
        body = json.dumps(found).encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def web():
    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as http:
        http.over = threading.Event()
        http.asked, http.url = [], f"http://127.0.0.1:{http.server_port}"
        http.files = {
            "/s/pet.json": PET,
            "/s/parts/tag.json": {"type": "string", "$id": "https://names.example/tag"},
            "/s/loop.json": {"properties": {"next": {"$ref": "loop.json"}, "id": {"type": "integer"}}},
            "/s/circle.json": {"$ref": "circle.json"},
        }
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.over.set()
        http.shutdown()
        thread.join()


def posting(schema):
    content = {"application/json": {"schema": schema}}
    return document({"/a": {"post": {"requestBody": {"content": content}, "responses": {}}}})


def judged(contract, body):
    headers = [("Content-Type", "application/json")]
    checks = Contracts([contract]).judge_request("POST", f"{URL}/a", headers, json.dumps(body).encode())
    return [str(one) for check in checks for one in check.violations]


@pytest.fixture
def contract_of(tmp_path):
    def load(schema, **options):
        path = tmp_path / "api.json"
        path.write_text(json.dumps(posting(schema)))
        return load_contract(str(path), RunOptions(**options), {}, ())

    return load


def test_a_document_of_this_machine_may_refer_to_this_machine(contract_of, web):
    contract = contract_of({"$ref": f"{web.url}/s/pet.json"})
    assert judged(contract, {"id": 1, "tag": "x"}) == []
    assert judged(contract, {"id": "x", "tag": 1}) == [
        '$.id: expected type "integer", actual "x"',
        '$.tag: expected type "string", actual 1',
    ]
    assert web.asked == ["/s/pet.json", "/s/parts/tag.json"]


def test_references_that_lead_back_end(contract_of, web):
    contract = contract_of({"$ref": f"{web.url}/s/loop.json"})
    assert judged(contract, {"next": {"next": {"id": 1}}}) == []
    assert judged(contract, {"next": {"next": {"id": "x"}}}) == ['$.next.next.id: expected type "integer", actual "x"']
    (message,) = judged(contract_of({"$ref": f"{web.url}/s/circle.json"}), 1)
    assert message.startswith("$: expected a schema that can be validated")


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/s/none.json", "status 404"), ("/moved", "status 302"), ("/s/pet.json#/nowhere", "leads to nothing")],
)
def test_what_cannot_be_fetched_is_a_finding(contract_of, web, path, reason):
    (message,) = judged(contract_of({"$ref": f"{web.url}{path}"}), {})
    assert message.startswith("$: expected a schema that can be validated, actual a reference to ")
    assert reason in message


def test_a_document_from_the_web_may_refer_to_what_lies_beside_it(web):
    web.files["/s/api.json"] = posting({"$ref": "pet.json"})
    contract = load_contract(f"{web.url}/s/api.json", RunOptions(), {}, ())
    assert judged(contract, {"id": "x"}) == ['$.id: expected type "integer", actual "x"']


@pytest.mark.parametrize(
    ("own", "allowed", "url", "may"),
    [
        ("api.json", [], "http://127.0.0.1:99/a", True),
        ("api.json", [], "http://localhost/a", True),
        ("http://127.0.0.1:8/api.json", [], "http://127.0.0.1:99/a", True),
        ("https://x.example/v1/api.json", [], "http://127.0.0.1:99/a", False),
        ("https://x.example/v1/api.json", [], "https://x.example/v1/a", True),
        ("https://x.example/v1/api.json", [], "https://x.example/v2/a", False),
        ("api.json", [], "https://x.example/a", False),
        ("api.json", ["https://x.example"], "https://x.example/a", True),
        ("api.json", ["https://x.example"], "https://X.example:443/a", True),
        ("api.json", ["https://x.example"], "http://x.example/a", False),
        ("api.json", ["https://x.example"], "https://x.example:8443/a", False),
        ("api.json", ["https://x.example"], "https://x.example.evil/a", False),
        ("api.json", ["https://x.example"], "https://x.example@evil/a", False),
        ("api.json", ["https://x.example/v1"], "https://x.example/v1", True),
        ("api.json", ["https://x.example/v1"], "https://x.example/v10", False),
        ("api.json", ["https://x.example/v1/"], "https://x.example/v1/../a", False),
        ("api.json", ["https://x.example/v1/"], "https://x.example/v1/%2E%2e/a", False),
        ("api.json", ["https://x.example"], "file:///etc/passwd", False),
        ("api.json", ["https://x.example"], "urn:x:y", False),
        ("api.json", ["https://x.example"], "https://x.example:99999/a", False),
    ],
)
def test_only_what_is_allowed_is_fetched(own, allowed, url, may, monkeypatch):
    sent = []

    class Sender:
        def __init__(self, *_):
            """Nothing to open."""

        def send(self, method, url, headers, **_):
            sent.append(url)
            raise LoadError("far enough")

        def close(self):
            """Nothing to close."""

    monkeypatch.setattr("runner.client.apart.Apart", Sender)
    with pytest.raises(LoadError, match="far enough" if may else "it leads into the network"):
        Remote(own, allowed, RunOptions(), {}).fetch(url)
    assert sent == ([url] if may else [])


def test_a_document_fetches_only_so_many_files(contract_of, web, monkeypatch):
    monkeypatch.setattr(remote, "MOST_FETCHED", 1)
    (message,) = judged(contract_of({"$ref": f"{web.url}/s/pet.json"}), {"tag": "x"})
    assert "1 files have been fetched" in message


def test_a_file_that_never_ends_is_a_finding(contract_of, web, monkeypatch):
    monkeypatch.setattr(remote, "TIMEOUT", 200)
    (message,) = judged(contract_of({"$ref": f"{web.url}/drips"}), {})
    assert "it cannot be fetched: " in message
    web.over.set()


def test_a_file_that_is_too_large_is_a_finding(contract_of, web, monkeypatch):
    monkeypatch.setattr(remote, "MOST_BYTES", 10)
    (message,) = judged(contract_of({"$ref": f"{web.url}/s/pet.json"}), {})
    assert "it has more than 10 bytes" in message


@pytest.mark.parametrize("text", ["x.example", "ftp://x.example", "https://", "https://x.example/?a", "https://[x"])
def test_what_is_no_beginning_of_a_url_is_a_mistake(text):
    with pytest.raises(UsageError, match="no beginning of a URL"):
        load_contracts(RunOptions(contract=("api.json",), contract_allow_ref=(text,)), {})
