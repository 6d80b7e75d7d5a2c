"""Auth as the reports show it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.cli.conftest import item, report


class Digest(BaseHTTPRequestHandler):
    """Asks for a digest once and takes any."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        given = self.headers.get("Authorization", "")
        self.send_response(200 if "response=" in given else 401)
        if "response=" not in given:
            self.send_header("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def guarded():
    with ThreadingHTTPServer(("127.0.0.1", 0), Digest) as http:
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()


DIGEST = {"type": "digest", "digest": {"username": "u", "password": "pass-word-1"}}


def test_a_challenge_is_a_sub_request_and_not_the_response_of_the_item(postrunner, collection, guarded, tmp_path):
    test = 'pm.test("ok", () => pm.response.to.have.status(200))'
    done = postrunner("run", collection(item("a", guarded, test, auth=DIGEST)), "-r", "cli,json",
                      "--reporter-json-export", "r.json")  # fmt: skip
    assert done.code == 0
    execution = report(tmp_path / "r.json")["executions"][0]
    assert execution["response"]["code"] == 200
    assert [(sub["source"], sub["response"]["code"]) for sub in execution["subRequests"]] == [("auth", 401)]
    assert done.out.index("401") < done.out.index("200 OK")


def test_a_challenge_of_a_scripts_request_is_a_step_too(postrunner, collection, guarded, server, tmp_path):
    request = json.dumps({"url": guarded, "auth": DIGEST})
    script = f'const r = await pm.sendRequest({request}); pm.test("ok", () => pm.expect(r.code).to.eql(200))'
    done = postrunner("run", collection(item("a", server.url, script)), "-r", "json", "--reporter-json-export", "r.json")
    assert done.code == 0
    subs = report(tmp_path / "r.json")["executions"][0]["subRequests"]
    assert [(sub["source"], sub["response"]["code"]) for sub in subs] == [("auth", 401), ("script", 200)]
