"""The border to httpx, in both directions, and tools that replace httpx's transport."""

import json
import sys

import httpx
import pytest
import vcr

from runner.errors import RequestError
from runner.transport.httpx_transport import HTTP1Transport
from tests.transport.conftest import Reply, free_port, ok, request


@pytest.fixture
def transport():
    made = HTTP1Transport()
    yield made
    made.close()


def test_an_httpx_client_sends_through_ours_byte_by_byte(serve, transport):
    server = serve({"/x": ok(b"body", "X-A: 1", status="200 Fine")})
    headers = [(b"b", b" v "), (b"Host", b"h")]
    sent = httpx.Request("GET", server.url("/x"), headers=headers)
    response = transport.handle_request(sent)
    assert server.received[0].head == "GET /x HTTP/1.1\r\nb:  v \r\nHost: h\r\n"
    assert (response.status_code, response.reason_phrase, response.headers["x-a"]) == (200, "Fine", "1")
    assert response.read() == b"body"
    assert response.extensions["timings"].tcp > 0


def test_target_and_origin_replace_what_the_url_says(serve, transport):
    server = serve()
    extensions = {"target": b"/a b{}", "origin": ("http", "127.0.0.1", server.port)}
    transport.handle_request(httpx.Request("GET", "http://name.example/", extensions=extensions))
    assert server.received[0].line == "GET /a b{} HTTP/1.1"


def test_it_serves_a_whole_httpx_client(serve, transport):
    server = serve({"/a": ok(b"", "Location: /b", status="302 Found"), "/b": ok(b'{"a": 1}')})
    with httpx.Client(transport=transport, follow_redirects=True) as client:
        assert client.post(server.url("/a"), json={}).json() == {"a": 1}
    assert server.connections == 1


@pytest.mark.parametrize(
    ("raw", "error"),
    [(b"nonsense\r\n\r\n", httpx.RemoteProtocolError), (b"", httpx.RemoteProtocolError), (None, httpx.ConnectError)],
)
def test_errors_are_httpx_errors(serve, transport, raw, error):
    url = f"http://127.0.0.1:{free_port()}/" if raw is None else serve({"/": Reply(raw, close=True)}).url()
    with pytest.raises(error):
        transport.handle_request(httpx.Request("GET", url))


def test_a_slow_server_is_httpxs_read_timeout(serve, transport):
    server = serve()
    server._talk = lambda sock, number: sock.recv(1000) and sock.recv(1)
    with (
        httpx.Client(transport=transport, timeout=httpx.Timeout(60, read=0.03)) as client,
        pytest.raises(httpx.ReadTimeout),
    ):
        client.get(server.url())


def test_the_client_sends_through_any_httpx_transport(clients):
    seen = []

    def handler(sent):
        seen.append(sent)
        if sent.url.path == "/a":
            return httpx.Response(302, headers=[("Location", "/b"), ("Set-Cookie", "c=1; Path=/")])
        return httpx.Response(200, headers={"Content-Encoding": "deflate", "X-Y": "z"}, content=b"x\x9cK\x04\x00\x00b\x00b")

    client = clients(transport=httpx.MockTransport(handler))
    exchange = client.send(request("http://mock.example:80/a", headers=(("X-b", "1"),)))
    assert (exchange.response.code, exchange.response.status, exchange.response.body) == (200, "OK", b"a")
    assert [sent.headers.get("cookie") for sent in seen] == [None, "c=1"]
    assert (seen[0].headers.raw[0], seen[0].extensions["target"]) == ((b"X-b", b"1"), b"/a")


def test_the_client_runs_a_wsgi_application(clients):
    def application(environ, start_response):
        start_response("201 Created", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode(), environ["wsgi.input"].read()]

    client = clients(transport=httpx.WSGITransport(app=application))
    response = client.send(request("http://app.example:80/p", "POST", body=b"!")).response
    assert (response.code, response.body) == (201, b"/p!")


@pytest.mark.parametrize(
    ("error", "code"),
    [(httpx.ReadTimeout("slow"), "ESOCKETTIMEDOUT"), (httpx.ConnectError("no"), ""), (httpx.ReadError(""), "")],
)
def test_errors_of_a_transport_are_request_errors(clients, error, code):
    def handler(sent):
        raise error

    with pytest.raises(RequestError) as caught:
        clients(transport=httpx.MockTransport(handler)).send(request("http://mock.example:80/"))
    assert caught.value.code == code
    assert caught.value.message


def test_a_big_body_of_a_transport_is_refused(clients):
    mock = httpx.MockTransport(lambda sent: httpx.Response(200, content=bytes(11)))
    with pytest.raises(RequestError, match="more than 10 bytes"):
        clients(transport=mock, max_body=10).send(request("http://mock.example:80/"))


def test_a_cassette_around_a_client_records_and_replays(serve, clients, tmp_path):
    server = serve({"/a": ok(b"first", "Set-Cookie: c=1")})
    cassette = str(tmp_path / "tape.yaml")
    with vcr.use_cassette(cassette):
        assert clients().send(request(server.url("/a"))).response.body == b"first"
    server.answers["/a"] = ok(b"second")
    with vcr.use_cassette(cassette):
        assert clients().send(request(server.url("/a"))).response.body == b"first"
    assert clients().send(request(server.url("/a"))).response.body == b"second"
    assert len(server.received) == 2


def test_a_replaced_transport_is_used_and_left_again(serve, clients, monkeypatch):
    server, client = serve(), clients()
    assert client.send(request(server.url())).response.code == 200
    with monkeypatch.context() as patch:
        patch.setattr(httpx.HTTPTransport, "handle_request", lambda self, sent: httpx.Response(418))
        assert client.send(request(server.url())).response.code == 418
    assert client.send(request(server.url())).response.code == 200
    assert len(server.received) == 2


def test_a_transport_that_was_replaced_before_the_first_request_is_used():
    import subprocess

    code = (
        "import httpx; httpx.HTTPTransport.handle_request = lambda self, sent: httpx.Response(418);"
        "from runner.client.http import Client; from runner.options import RunOptions;"
        "from runner.cookies.jar import CookieJar;"
        "from tests.transport.conftest import request;"
        "print(Client(RunOptions(), CookieJar()).send(request('http://h.example:80/')).response.code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == 418
