"""`pm.request` in test scripts is what was sent, and `pm.sendRequest` sends in the order of the calls."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import runner
from runner.events import ConsoleLogged
from runner.transport import turns
from tests.cli.conftest import item

SEEN = """
const { url, headers } = pm.request;
console.log(url.toString(), url.getPath(), url.getQueryString(), JSON.stringify(url.query), headers.get('cookie') || null);
"""


def logged(*items, **options):
    """What the scripts of these items write to the console, one list of values for each call."""
    events = []
    runner.run([{"info": {"name": "c"}, "item": list(items)}], on_event=events.append, **options)
    return [list(event.messages) for event in events if isinstance(event, ConsoleLogged)]


@pytest.mark.parametrize(
    ("path", "sent", "query"),
    [
        ("/a b/é?x=a b&y=é", "/a%20b/%C3%A9?x=a%20b&y=%C3%A9", [["x", "a%20b"], ["y", "%C3%A9"]]),
        ("/{{v}}?q={{v}}#h{{v}}", "/V%20W?q=V%20W#hV%20W", [["q", "V%20W"]]),
        ("?x=1&&y", "/?x=1&&y", [["x", "1"], [None, None], ["y", None]]),
        ("/%7E/{{nope}}?a={{nope}}", "/%7E/%7B%7Bnope%7D%7D?a={{nope}}", [["a", "{{nope}}"]]),
        ("/a;b/../c?f=[g]&h={i}|'\"", "/a;b/../c?f=[g]&h={i}|%27%22", [["f", "[g]"], ["h", "{i}|%27%22"]]),
    ],
)
def test_the_url_is_as_it_was_sent(server, path, sent, query):
    ((text, shown_path, shown_query, params, _),) = logged(item("a", server.url + path, SEEN), env_var=(("v", "V W"),))
    assert text == server.url + sent
    wire = sent.split("#")[0]
    assert server.seen[0][1] == wire
    assert (shown_path, shown_query) == (wire.split("?")[0], wire.partition("?")[2])
    assert [[param["key"], param["value"]] for param in json.loads(params)] == query


def test_path_variables_and_disabled_parameters_are_gone(server):
    url = {
        "host": [server.url],
        "path": ["u", ":id", ":file.json"],
        "query": [{"key": "on", "value": "{{v}}"}, {"key": "off", "value": "1", "disabled": True}],
        "variable": [{"key": "id", "value": "{{v}}"}, {"key": "file", "value": "x"}],
    }
    ((text, _, _, params, _),) = logged(item("a", url, SEEN), env_var=(("v", "V W"),))
    assert text == f"{server.url}/u/V%20W/x.json?on=V%20W"
    assert json.loads(params) == [{"key": "on", "value": "V%20W"}]


def test_what_auth_adds_and_the_cookies_of_the_jar_are_there(server):
    source = "pm.cookies.jar().set(pm.environment.get('base'), 'a', '1')"
    auth = {"type": "apikey", "apikey": {"key": "K", "value": "v v", "in": "query"}}
    ran = logged(item("a", "{{base}}/", SEEN, source, auth=auth), env_var=(("base", server.url),))
    assert ran[0][2:] == ["K=v%20v", '[{"key":"K","value":"v%20v"}]', "a=1"]


def test_a_cookie_header_of_its_own_is_seen_with_the_cookies_of_the_jar(server):
    source = "pm.cookies.jar().set(pm.environment.get('base'), 'a', '1')"
    one = item("a", "{{base}}/", SEEN, source, header=[{"key": "cookie", "value": "own=1"}])
    ran = logged(one, env_var=(("base", server.url),))
    assert ran[0][4] == "own=1; a=1"


def test_a_request_that_failed_has_the_headers_it_was_to_have():
    source = "console.log(pm.request.headers.has('user-agent'), pm.request.headers.get('A'), pm.request.url.toString())"
    ran = logged(
        item("a", "http://127.0.0.1:1/a b", source, header=[{"key": "A", "value": "{{v}}"}]), env_var=(("v", "1"),)
    )
    assert ran == [[True, "1", "http://127.0.0.1:1/a%20b"]]


@pytest.fixture
def in_turn():
    """A server that takes one connection after the other: its URL and the paths in the order of the connections."""
    paths = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            """Print nothing."""

    class Server(HTTPServer):
        request_queue_size = 100

    with Server(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}", paths
        http.shutdown()
        thread.join()


def test_requests_of_scripts_leave_in_the_order_of_their_calls(in_turn, monkeypatch):
    monkeypatch.setattr(turns, "BEGIN_SECONDS", 60)  # one that is slow to begin is not overtaken on a busy machine
    url, paths = in_turn
    source = f"for (let i = 0; i < 40; i++) pm.sendRequest(`{url}/${{i}}`, () => {{}});"
    logged(item("a", f"{url}/item", prerequest=source))
    assert paths == [*(f"/{i}" for i in range(40)), "/item"]


def test_a_request_of_a_script_does_not_wait_for_the_answer_of_the_one_before(server):
    server.waits = server.marked  # /wait is answered when /mark was asked for
    source = f"""
    let slow = false;
    pm.sendRequest('{server.url}/wait', () => {{ slow = true; }});
    pm.sendRequest('{server.url}/quick', () => {{ console.log(slow); pm.sendRequest('{server.url}/mark'); }});
    """
    assert logged(item("a", server.url, prerequest=source))[0] == [False]


def test_a_script_asks_the_jar_for_secure_cookies_and_is_told_of_a_foreign_domain(server):
    source = """
    const jar = pm.cookies.jar();
    const all = async (...of) => (await jar.getAll(...of)).map(({ name }) => name);
    await jar.set('https://x.example.com', {name: 's', value: '1', secure: true});
    await jar.set('https://x.example.com', {name: 'h', value: '1', httpOnly: true});
    console.log(await all('http://x.example.com'), await all('http://x.example.com', {secure: true}));
    console.log(await all('https://x.example.com', {secure: false}), await all('https://x.example.com', {http: false}));
    for (const given of [{name: 'x', value: 'v', domain: 'other.com'}, 'x=1; Domain=other.com', '', null]) {
        await jar.set('http://x.example.com', given).catch((error) => console.log(error.message));
    }
    """
    foreign = "Cookie not in this host's domain. Cookie:other.com Request:x.example.com"
    assert logged(item("a", server.url, prerequest=source)) == [
        [["h"], ["s", "h"]],
        [["h"], ["s"]],
        [foreign],
        [foreign],
        ["Cookie failed to parse"],
        ["First argument to setCookie must be a Cookie object or string"],
    ]


def test_a_script_gets_unsets_and_clears_cookies_of_the_jar(server):
    source = """
    const jar = pm.cookies.jar(), url = 'http://x.example.com';
    for (const name of ['a', 'b', 'c']) await jar.set(url, name, name + '1');
    console.log(await jar.get(url, 'b'), await jar.get(url, 'x') === undefined || await jar.get(url, 'x') === null);
    await jar.unset(url, 'a');
    console.log((await jar.getAll(url)).map(({ name }) => name));
    await jar.clear(url);
    console.log(await jar.getAll(url));
    """
    assert logged(item("a", server.url, prerequest=source)) == [["b1", True], [["b", "c"]], [[]]]


@pytest.fixture
def zipping():
    """The URL of a server that answers with 1000 letters in gzip, and how many bytes they are on the wire."""
    body = gzip.compress(b"x" * 1000)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}", len(body)
        http.shutdown()
        thread.join()


def test_a_response_tells_its_size_on_the_wire_and_decoded(zipping):
    url, size = zipping
    source = "const r = pm.response; console.log(r.responseSize, r.downloadedBytes, r.size().body, r.text().length)"
    assert logged(item("a", url, source)) == [[1000, size, size, 1000]]
