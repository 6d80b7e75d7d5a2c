"""The request that is shown with a failure is the one that the failure is about, in every report."""

import json
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from wcwidth import wcswidth

from runner import run
from tests.cli.conftest import item, report

CLOSED = "http://127.0.0.1:1/"


@pytest.fixture
def told(postrunner, collection, tmp_path):
    """Run items that fail; the blocks of lines that stand below each failure in the cli report, and all reports."""

    def call(*items, **more):
        names = {name: tmp_path / f"r.{name}" for name in ("json", "junit", "html", "ndjson")}
        options = [f"--reporter-{name}-export={path}" for name, path in names.items()]
        path = collection(*items, **more)
        done = postrunner("run", path, "-r", ",".join(["cli", *names]), *options)
        assert done.code == 1, done.err
        parts = done.out.partition(" #   failure")[2].partition("\n")[2]
        blocks = []
        for line in parts.splitlines():
            if line.lstrip()[:2] in [f"{n}." for n in range(1, 10)]:
                blocks.append([])
            elif line.startswith("    ") and blocks:
                blocks[-1].append(line.strip())
        return [[line for line in block if line[:1] in "<>" or line.startswith("sent by")] for block in blocks], names

    return call


def lines(block, *marks):
    """The first lines of requests and responses, without headers and bodies."""
    return [
        line.partition(" in ")[0] for line in block if line.startswith(marks or ("> GET", "> POST", "< 2", "< 4", "< no"))
    ]


def about(path):
    """The requests that the failures in a JSON report are about."""
    return [[(r["source"], r["url"], r["code"]) for r in f.get("requests", ())] for f in report(path)["failures"]]


def send(url, then=""):
    return f"pm.sendRequest('{url}', (error, response) => {{ {then} }});"


CHECK = "pm.test('sub', () => pm.expect(response.code).to.eql(201));"


def test_a_failed_request_of_a_script_is_shown_itself(told, server):
    one = item("a", server.url + "/own", prerequest=send(CLOSED))
    blocks, names = told(one)
    message = "connect ECONNREFUSED 127.0.0.1:1"
    assert lines(blocks[0]) == [f"> GET {CLOSED}", f"< no response: {message}"]
    assert about(names["json"]) == [[("script", CLOSED, None)]]
    assert "pm.sendRequest GET http://127.0.0.1:1/ → no response" in names["html"].read_text()
    line = next(line for line in map(json.loads, names["ndjson"].read_text().splitlines()) if "error" in line)
    assert (line["url"], line["error"]["message"]) == (CLOSED, message)


def test_each_failure_of_an_item_has_its_own_request(told, server):
    own = "pm.test('own', () => pm.expect(pm.response.code).to.eql(201));"
    one = item("a", server.url + "/own", own + send(server.url + "/status/404", CHECK))
    blocks, names = told(one)
    assert lines(blocks[0]) == [f"> GET {server.url}/own", "< 200 OK"]
    sub = [f"> GET {server.url}/status/404", "< 404 Not Found"]
    assert lines(blocks[1]) == [*sub, f"> GET {server.url}/own", "< 200 OK"]
    assert blocks[1][0] == "sent by the script:"
    assert about(names["json"])[1] == [("script", f"{server.url}/status/404", 404), ("item", f"{server.url}/own", 200)]


def test_several_failures_about_one_request_show_it_once_behind_the_last(told, server):
    tests = "".join(f"pm.test('{n}', () => pm.expect(pm.response.code).to.eql(201));" for n in "abc")
    blocks, _ = told(item("a", server.url + "/own", tests))
    assert [len(lines(block)) for block in blocks] == [0, 0, 2]


def test_an_awaited_answer_is_what_a_failure_in_a_pre_request_script_is_about(told, server):
    script = f"const response = await pm.sendRequest('{server.url}/status/401'); {CHECK}"
    blocks, _ = told(item("a", server.url + "/own", prerequest=script))
    assert lines(blocks[0]) == [f"> GET {server.url}/status/401", "< 401 Unauthorized"]


def test_a_pre_request_script_that_asked_nobody_shows_no_request(told, server):
    blocks, names = told(item("a", server.url + "/own", prerequest="pm.test('x', () => pm.expect(1).to.eql(2))"))
    assert lines(blocks[0]) == []
    assert about(names["json"]) == [[]]


def test_answers_of_an_earlier_script_are_no_evidence(told, server):
    tests = "pm.test('own', () => pm.expect(pm.response.code).to.eql(201));"
    blocks, _ = told(item("a", server.url + "/own", tests, prerequest=send(server.url + "/token")))
    assert lines(blocks[0]) == [f"> GET {server.url}/own", "< 200 OK"]


def test_a_jump_changes_nothing_about_the_items_after_it(told, server):
    own = "pm.test('own', () => pm.expect(pm.response.code).to.eql(201));"
    jump = item("a", server.url + "/a", "pm.execution.setNextRequest('b')")
    blocks, _ = told(jump, item("b", server.url + "/own", own, prerequest=send(server.url + "/token")))
    assert lines(blocks[0]) == [f"> GET {server.url}/own", "< 200 OK"]


def test_answers_that_came_together_stand_together(told, server):
    both = f"""const [one, response] = await Promise.all([
        pm.sendRequest('{server.url}/one'), pm.sendRequest('{server.url}/status/404')]); {CHECK}"""
    blocks, names = told(item("a", server.url + "/own", prerequest=both))
    urls = {url for _, url, _ in about(names["json"])[0]}
    assert urls == {f"{server.url}/one", f"{server.url}/status/404"}
    assert set(lines(blocks[0], "> GET")) == {f"> GET {url}" for url in urls}


def test_an_auth_that_got_no_token_shows_the_answer_it_got(told, server):
    pairs = {"grant_type": "client_credentials", "accessTokenUrl": server.url + "/status/403", "clientId": "me"}
    auth = {"type": "oauth2", "oauth2": [{"key": key, "value": value} for key, value in pairs.items()]}
    blocks, names = told(item("a", server.url + "/own", auth=auth))
    assert blocks[0][0] == "sent by the auth:"
    assert lines(blocks[0])[:3] == [f"> POST {server.url}/status/403", "< 403 Forbidden", f"> GET {server.url}/own"]
    assert about(names["json"])[0][0] == ("auth", f"{server.url}/status/403", 403)
    assert f"auth POST {server.url}/status/403 → 403" in names["html"].read_text()


def test_what_a_script_runs_as_another_item_is_an_answer_it_got(told, server):
    text = "const r = await pm.execution.runRequest('other-id'); pm.test('o', () => pm.expect(r.code).to.eql(201));"
    other = {**item("other", server.url + "/other"), "id": "other-id"}
    blocks, _ = told(item("a", server.url + "/own", text), other)
    assert lines(blocks[0], "> GET") == [f"> GET {server.url}/other", f"> GET {server.url}/own"]


@pytest.fixture
def redirecting(server):
    """A server that leads /chain over /second to a page, and /broken to a port that is closed."""

    class Redirects(BaseHTTPRequestHandler):
        def do_GET(self):
            to = {"/chain": "/second", "/second": server.url + "/end", "/broken": CLOSED}[self.path]
            self.send_response(302)
            self.send_header("Location", to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirects) as http:
        thread = Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def test_a_failure_after_redirects_shows_each_step(told, server, redirecting):
    blocks, _ = told(item("a", redirecting + "/chain", "pm.test('x', () => pm.expect(pm.response.code).to.eql(201));"))
    assert lines(blocks[0], "> GET", "< 302", "< 200") == [
        f"> GET {redirecting}/chain",
        "< 302 Found to /second",
        f"> GET {redirecting}/second",
        f"< 302 Found to {server.url}/end",
        f"> GET {server.url}/end",
        "< 200 OK",
    ]


def test_a_redirect_that_leads_nowhere_shows_where_it_led(told, redirecting):
    blocks, _ = told(item("a", redirecting + "/broken"))
    assert lines(blocks[0], "> GET", "<") == [
        f"> GET {redirecting}/broken",
        f"< 302 Found to {CLOSED}",
        "< no response: connect ECONNREFUSED 127.0.0.1:1",
    ]


def test_the_requests_of_a_failure_are_there_for_python(collection, server):
    one = item("a", server.url + "/own", send(server.url + "/status/404", CHECK))
    (failure,) = run(collection(one)).failures
    assert [(r.source, r.method, r.url, r.code) for r in failure.requests] == [
        ("script", "GET", f"{server.url}/status/404", 404),
        ("item", "GET", f"{server.url}/own", 200),
    ]


def test_secrets_in_what_is_shown_are_masked(told, server):
    script = send("http://127.0.0.1:1/?api_key=s3cr3tvalue", "")
    _, names = told(item("a", server.url + "/own", prerequest=script))
    for path in names.values():
        assert "s3cr3tvalue" not in path.read_text()


def test_a_case_of_the_junit_report_names_the_request_it_is_about(told, server):
    one = item("a", server.url + "/own", send(server.url + "/status/404", CHECK))
    _, names = told(one)
    text = ET.parse(names["junit"]).find(".//failure").text
    assert f"GET {server.url}/status/404" in text
    output = ET.parse(names["junit"]).find(".//system-out").text
    assert f"> GET {server.url}/status/404" in output


def test_the_caret_stands_under_a_column_behind_wide_letters(postrunner, collection, server):
    script = 'const 名前 = "日本語"; 名前.nothing.here'
    out = postrunner("run", collection(item("a", server.url, script))).out
    line = next(line for line in out.splitlines() if "1 | const" in line)
    caret = out.splitlines()[out.splitlines().index(line) + 1]
    under = wcswidth(caret[: caret.index("^")])
    before = line[: line.index("here")]
    assert wcswidth(before) == under


TLS_PORT = {
    "nginx": "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>",
    "Apache": "Reason: You're speaking plain HTTP to an SSL-enabled server port.",
    "Go": "Client sent an HTTP request to an HTTPS server.\n",
}


@pytest.mark.parametrize("program", TLS_PORT)
def test_a_server_that_says_that_it_speaks_tls_is_heard(postrunner, collection, program):
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(400)
            self.end_headers()
            self.wfile.write(TLS_PORT[program].encode())

        def log_message(self, *args):
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as http:
        thread = Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        out = postrunner("run", collection(item("a", f"http://127.0.0.1:{http.server_port}/"))).out
        http.shutdown()
        thread.join()
    assert 'warning: a: the server tells "a" that this port speaks TLS: write https://' in out
