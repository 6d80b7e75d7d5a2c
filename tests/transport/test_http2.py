"""HTTP/2: chosen by `protocolVersion` or `--http2`, with the same cookies, redirects, decoding, limits and errors."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from runner.cookies.jar import CookieJar
from runner.errors import RequestError, UsageError
from runner.options import RunOptions
from runner.request.behavior import parse_behavior
from runner.transport.http import negotiation as versions
from tests.transport import certificates
from tests.transport.conftest import free_port, request
from tests.transport.http2_server import Http2Server, Said
from tests.transport.test_proxy import tunnels
from tests.transport.test_tls import server_context


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    """A certificate for 127.0.0.1 that trusts itself."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    return certificates.make("127.0.0.1", names=("127.0.0.1",), ca=True).save(path)


@pytest.fixture
def http2(pem):
    """A function that starts an HTTP/2 server with TLS, or without."""
    servers = []

    def start(answers=None, tls=True):
        servers.append(Http2Server(answers or {}, server_context(pem) if tls else None))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def ask(clients, pem):
    """A function that sends one request over HTTP/2; all go through one client."""
    client = clients(CookieJar(), ssl_extra_ca_certs=pem)

    def send(url, method="GET", headers=(), body=b"", version="http2", **more):
        return client.send(request(url, method, headers, body, protocol_version=version, **more))

    send.client = client
    return send


@pytest.mark.parametrize("version", ["http2", "auto"])
def test_a_request_goes_over_http2(http2, ask, version):
    server = http2({"/a": Said(b"body", headers=(("x-a", "1"),))})
    exchange = ask(server.url("/a"), version=version)
    response = exchange.response
    assert (response.code, response.status, response.body, response.http_version) == (200, "OK", b"body", "2")
    assert (response.headers, response.remote_address) == ((("x-a", "1"),), f"127.0.0.1:{server.port}")
    assert response.tls.startswith("TLSv1.3 ")


def test_without_tls_the_server_is_taken_to_know_it(http2, ask):
    server = http2(tls=False)
    assert ask(server.url()).response.http_version == "2"
    assert server.asked[0][":scheme"] == "http"


def test_headers_keep_their_order_and_lose_those_of_a_connection(http2, ask):
    server = http2()
    headers = (("X-B", " 1 "), ("Connection", "keep-alive"), ("TE", "gzip"), ("x-a", "caf\xe9"), ("Upgrade", "h2c"))
    exchange = ask(server.url(), "POST", headers, b"body")
    pseudo = ((":method", "POST"), (":authority", f"127.0.0.1:{server.port}"), (":scheme", "https"), (":path", "/"))
    assert server.asked[0].headers == (*pseudo, ("x-b", "1"), ("x-a", "caf\xe9"), ("content-length", "4"))
    assert server.asked[0].body == b"body"
    assert [name for name, _ in exchange.hops[0].headers] == ["X-B", "x-a", "Host", "Content-Length"]


def test_the_path_is_sent_as_it_was_prepared(http2, ask):
    server = http2()
    ask(server.url("/a/../b//c?x='{}|&&=%zz"))
    assert server.asked[0][":path"] == "/a/../b//c?x='{}|&&=%zz"


def test_a_body_without_a_length_is_sent(http2, ask):
    server = http2()
    ask(server.url(), "POST", (("Transfer-Encoding", "chunked"),), b"body", length=False)
    assert server.asked[0].body == b"body"
    assert "transfer-encoding" not in dict(server.asked[0].headers)


def test_big_bodies_go_both_ways(http2, ask):
    big = bytes(3_000_000)
    server = http2({"/": lambda asked: Said(asked.body)})
    assert ask(server.url(), "POST", (), big).response.body == big


def test_cookies_redirects_and_codings_are_the_same(http2, ask):
    server = http2(
        {
            "/a": Said(b"", "302", (("location", "/b"), ("set-cookie", "c=1"))),
            "/b": Said(gzip.compress(b"decoded"), headers=(("content-encoding", "gzip"),)),
        }
    )
    exchange = ask(server.url("/a"), "POST", (), b"x")
    assert (exchange.response.body, len(exchange.hops)) == (b"decoded", 2)
    assert (server.asked[1][":method"], server.asked[1]["cookie"]) == ("GET", "c=1")


def test_a_connection_is_kept_and_timed(http2, ask):
    server = http2()
    first, second = ask(server.url()), ask(server.url())
    assert server.connections == 1
    assert (first.hops[0].reused, second.hops[0].reused) == (False, True)
    timings = first.response.timings
    assert min(timings.tcp, timings.tls, timings.first_byte) > 0
    assert (second.response.timings.tcp, second.response.timings.tls) == (None, None)


def test_requests_of_several_threads_share_a_connection(http2, ask):
    server = http2()
    ask(server.url())
    with ThreadPoolExecutor(4) as pool:
        codes = [exchange.response.code for exchange in pool.map(ask, [server.url(f"/{n}") for n in range(12)])]
    assert (codes, server.connections) == ([200] * 12, 1)


def test_a_closed_client_ends_its_requests(http2, ask):
    begun, gate = threading.Event(), threading.Event()
    server = http2({"/": lambda asked: begun.set() or (gate.wait(20) and Said())})
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(ask, server.url())
        assert begun.wait(20)
        ask.client.close()
        with pytest.raises(RequestError, match="aborted"):
            sent.result(20)
    gate.set()


def test_a_connection_that_the_server_closed_is_left(http2, ask):
    server = http2()
    ask(server.url())
    server.drop()
    assert ask(server.url()).response.code == 200
    assert server.connections == 2


def test_auto_leaves_http1_servers_to_the_exact_wire(serve, ask, pem):
    context = server_context(pem)
    context.set_alpn_protocols(["http/1.1"])
    server = serve(tls=context)
    for _ in range(2):
        response = ask(server.url(), headers=(("X-a", " 1 "),), version="auto").response
        assert response.http_version == "1.1"
    assert server.received[0].head.startswith("GET / HTTP/1.1\r\nX-a:  1 \r\n")
    assert server.connections == 2


def test_http2_only_is_an_error_where_there_is_none(serve, ask, pem):
    server = serve(tls=server_context(pem))
    with pytest.raises(RequestError, match="does not speak HTTP/2") as caught:
        ask(server.url())
    assert (caught.value.code, server.received) == ("ERR_HTTP2_ERROR", [])


def test_a_plain_server_without_http2_is_an_error(serve, ask):
    server = serve()
    server._talk = lambda sock, number: sock.recv(1000) and sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(RequestError) as caught:
        ask(server.url(), "POST")
    assert caught.value.code in ("ERR_HTTP2_ERROR", "ECONNRESET")


@pytest.mark.parametrize("secured", [False, True])
@pytest.mark.parametrize("version", ["http2", "auto"])
def test_it_goes_through_the_tunnel_of_a_proxy(http2, serve, clients, pem, version, secured):
    server, proxy = http2(), tunnels(serve(tls=server_context(pem) if secured else None))
    client = clients(environ={"HTTPS_PROXY": proxy.url()}, ssl_extra_ca_certs=pem)
    sent = request(server.url("/p"), headers=(("Proxy-Authorization", "Basic x"),), protocol_version=version)
    assert [client.send(sent).response.http_version for _ in range(2)] == ["2", "2"]
    assert proxy.received[0].line == f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"
    assert (len(proxy.received), proxy.received[0].header("proxy-authorization")) == (1, "Basic x")
    assert "proxy-authorization" not in dict(server.asked[0].headers)


def test_a_refused_tunnel_is_named_as_ever(serve, clients):
    proxy = tunnels(serve(), b"HTTP/1.1 407 No\r\n\r\n")
    with pytest.raises(RequestError, match="statusCode=407 No") as caught:
        clients(environ={"HTTPS_PROXY": proxy.url()}).send(request("https://127.0.0.1:1/", protocol_version="http2"))
    assert "user:password@" in caught.value.hint


def test_a_closed_port_is_named_as_ever(ask):
    port = free_port()
    with pytest.raises(RequestError) as caught:
        ask(f"https://127.0.0.1:{port}/")
    assert (caught.value.code, caught.value.message) == ("ECONNREFUSED", f"connect ECONNREFUSED 127.0.0.1:{port}")


def test_an_untrusted_certificate_is_named_as_ever(http2, clients):
    with pytest.raises(RequestError) as caught:
        clients().send(request(http2().url(), protocol_version="http2"))
    assert caught.value.code == "DEPTH_ZERO_SELF_SIGNED_CERT"


def test_k_trusts_any_certificate(http2, clients):
    client = clients(insecure=True)
    assert client.send(request(http2().url(), protocol_version="auto")).response.http_version == "2"


def test_a_body_that_breaks_off_is_an_error(http2, ask):
    server = http2({"/": Said(b"hello", headers=(("content-length", "5"),), cut=2)})
    with pytest.raises(RequestError):
        ask(server.url(), "POST")


def test_a_silent_server_is_the_idle_limit(http2, clients, pem):
    server = http2()
    client = clients(ssl_extra_ca_certs=pem, timeout_request=50)
    server.answers["/"] = lambda asked: event.wait() and Said()
    import threading

    event = threading.Event()
    with pytest.raises(RequestError) as caught:
        client.send(request(server.url(), protocol_version="http2"))
    event.set()
    assert caught.value.code == "ESOCKETTIMEDOUT"


def test_a_deadline_ends_a_response_that_drips(http2, ask):
    from time import monotonic

    server = http2()
    sent = request(server.url(), protocol_version="http2")
    with pytest.raises(RequestError, match="time for this request"):
        ask.client.send(sent, deadline=monotonic() - 1)


FRAMES = {
    "empty data": lambda stream: bytes.fromhex("000000 00 00") + stream.to_bytes(4, "big"),
    "pings": lambda stream: bytes.fromhex("000008 06 00 00000000") + bytes(8),
    "settings": lambda stream: bytes.fromhex("000000 04 00 00000000"),
    "priority": lambda stream: bytes.fromhex("000005 02 00") + stream.to_bytes(4, "big") + bytes(4) + b"\x10",
    "window updates of others": lambda stream: bytes.fromhex("000004 08 00 00000000 00000001"),
    "headers that go on": lambda stream: (
        bytes.fromhex("000001 01 00")
        + stream.to_bytes(4, "big")
        + b"\x88"
        + (bytes.fromhex("000001 09 00") + stream.to_bytes(4, "big") + b"\x88") * 100
    ),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_frames_without_end_are_an_error(http2, ask, kind):
    frame = FRAMES[kind]
    server = http2({"/": Said(flood=lambda stream: frame(stream) * 50)})
    with pytest.raises(RequestError, match="HTTP/2"):
        ask(server.url())


def test_a_body_over_the_limit_is_refused(http2, clients, pem):
    server = http2({"/": Said(bytes(11))})
    client = clients(ssl_extra_ca_certs=pem, max_body=10)
    with pytest.raises(RequestError, match="more than 10 bytes"):
        client.send(request(server.url(), protocol_version="http2"))
    assert client.send(request(server.url("/small"), protocol_version="http2")).response.body == b"ok"


def test_without_h2_it_is_an_error_that_says_what_to_install(ask, clients, monkeypatch):
    monkeypatch.setattr(versions, "http2_available", lambda: False)
    with pytest.raises(RequestError, match="needs the package h2") as caught:
        ask("https://127.0.0.1:1/")
    assert "postrunner[http2]" in caught.value.hint
    with pytest.raises(UsageError, match="--http2 needs the package h2"):
        clients(http2=True)
    clients()  # whoever does not ask for it needs no package


def test_without_h2_auto_is_http1(serve, ask, pem, monkeypatch):
    monkeypatch.setattr(versions, "http2_available", lambda: False)
    assert ask(serve(tls=server_context(pem)).url(), version="auto").response.http_version == "1.1"


@pytest.mark.parametrize(
    ("behavior", "options", "version"),
    [({}, {}, None), ({}, {"http2": True}, "auto"), ({"protocolVersion": "http1"}, {"http2": True}, "http1")],
)
def test_the_item_wins_over_the_option(behavior, options, version):
    assert parse_behavior(behavior, RunOptions(**options)).protocol_version == version
