"""Every wait of the transport can be ended from another thread, and answers are acknowledged at once."""

import socket
import sys
import threading
from types import SimpleNamespace

import pytest

from runner.errors import RequestError
from tests.transport import certificates
from tests.transport.conftest import Reply, ok, read_head, request
from tests.transport.http2_server import Http2Server, Said
from tests.transport.test_proxy import tunnels
from tests.transport.test_tls import server_context

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has TCP_QUICKACK")


class Cancel:
    """Readable once it was asked for."""

    def __init__(self):
        self._ours, self._theirs = socket.socketpair()

    def fileno(self):
        return self._ours.fileno()

    def __call__(self):
        self._theirs.sendall(b"x")

    def close(self):
        self._ours.close()
        self._theirs.close()


@pytest.fixture
def cancel():
    made = Cancel()
    yield made
    made.close()


def ends(cancel, waits, send):
    """The error of a request that is cancelled, on a thread of its own, once the event says that it waits."""
    errors = []

    def work():
        with pytest.raises(RequestError) as caught:
            send()
        errors.append(caught.value)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert waits.wait(20)
    cancel()
    thread.join(20)
    return errors[0] if errors else None


@pytest.fixture
def mute(serve):
    """A server that takes connections, reads and says nothing."""
    server = serve()
    server.heard = threading.Event()

    def talk(sock, number):
        while sock.recv(65536):
            server.heard.set()

    server._talk = talk
    return server


@pytest.mark.parametrize(
    ("scheme", "body", "proxy"),
    [
        ("http", b"", ""),
        ("https", b"", ""),
        ("http", b"", "http"),
        ("https", b"", "http"),
        ("https", b"", "https"),
        ("http", b"", "socks5"),
    ],
    ids=lambda given: str(given) or "no",
)
def test_a_cancel_ends_the_wait_for_a_silent_server_or_proxy(mute, clients, cancel, scheme, body, proxy):
    if proxy == "socks5":
        pytest.importorskip("python_socks")
    environ = {"ALL_PROXY": f"{proxy}://127.0.0.1:{mute.port}"} if proxy else {}
    client = clients(environ=environ, cancel=cancel, insecure=True)
    error = ends(cancel, mute.heard, lambda: client.send(request(f"{scheme}://127.0.0.1:{mute.port}/")))
    assert error.code == "ECONNABORTED"


def test_a_cancel_ends_an_upload_that_nobody_reads(serve, clients, cancel):
    server, begun, gate = serve(), threading.Event(), threading.Event()
    server._talk = lambda sock, number: (sock.recv(1000), begun.set(), gate.wait(20))
    error = ends(cancel, begun, lambda: clients(cancel=cancel).send(request(server.url(), "PUT", body=b"x" * 30_000_000)))
    gate.set()
    assert error.code == "ECONNABORTED"


def test_a_cancel_ends_the_look_up_of_a_name(clients, cancel, monkeypatch):
    begun, gate = threading.Event(), threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: begun.set() or (gate.wait(20) and []))
    error = ends(cancel, begun, lambda: clients(cancel=cancel).send(request("http://slow.example:80/")))
    gate.set()
    assert error.code == "ECONNABORTED"


def test_a_cancel_ends_the_wait_for_an_answer_over_http2(clients, cancel, tmp_path):
    pytest.importorskip("h2")
    path = certificates.make("me", names=("127.0.0.1",)).save(tmp_path / "server.pem")
    begun, gate = threading.Event(), threading.Event()
    server = Http2Server({"/": lambda asked: begun.set() or (gate.wait(20) and Said())}, server_context(path))
    sent = request(server.url(), protocol_version="http2")
    error = ends(cancel, begun, lambda: clients(cancel=cancel, insecure=True).send(sent))
    gate.set()
    server.close()
    assert error.code == "ECONNABORTED"


def test_a_cancel_that_came_before_lets_no_request_out(serve, clients, cancel):
    server = serve()
    cancel()
    with pytest.raises(RequestError, match="aborted"):
        clients(cancel=cancel).send(request(server.url()))
    assert server.received == []


def test_the_look_up_of_a_name_meets_the_time_limit(clients, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: gate.wait(20) and [])
    with pytest.raises(RequestError) as caught:
        clients(timeout_request=50).send(request("http://slow.example:80/"))
    gate.set()
    assert caught.value.code == "ETIMEDOUT"


@pytest.fixture
def acknowledged(monkeypatch):
    """A semaphore that counts how often the system was told to acknowledge at once."""
    count = threading.Semaphore(0)
    real = socket.socket.setsockopt

    def setsockopt(sock, *arguments):
        real(sock, *arguments)
        if arguments[:2] == (socket.IPPROTO_TCP, getattr(socket, "TCP_QUICKACK", -1)):
            count.release()

    monkeypatch.setattr(socket.socket, "setsockopt", setsockopt)
    return count


def in_two_pieces(server, count):
    """Make the server send the body only after the client has read the head and waits with its acknowledgement given."""

    def talk(sock, number):
        stream = sock.makefile("rb")
        while read_head(stream):
            assert count.acquire(timeout=20)
            while count.acquire(blocking=False):
                pass
            head, _, body = ok(b"whole").data.partition(b"\r\n\r\n")
            sock.sendall(head + b"\r\n\r\n")
            if count.acquire(timeout=20):
                sock.sendall(body)

    server._talk = talk
    return server


@LINUX
@pytest.mark.parametrize(
    ("scheme", "proxy"), [("http", ""), ("https", ""), ("http", "http"), ("https", "http"), ("https", "https")]
)
def test_before_each_wait_for_an_answer_linux_is_told_to_acknowledge_at_once(
    serve, clients, acknowledged, tmp_path, scheme, proxy
):
    path = certificates.make("me", names=("127.0.0.1",)).save(tmp_path / "server.pem")
    server = in_two_pieces(serve(tls=server_context(path) if scheme == "https" else None), acknowledged)
    way = server
    if scheme == "https" and proxy:
        way = tunnels(serve(tls=server_context(path) if proxy == "https" else None))
    environ = {"ALL_PROXY": f"{proxy}://127.0.0.1:{way.port}"} if proxy else {}
    client = clients(environ=environ, insecure=True)
    for _ in range(2):
        assert client.send(request(server.url())).response.body == b"whole"


def test_other_systems_are_told_nothing(serve, clients, acknowledged, monkeypatch):
    monkeypatch.setattr("runner.transport.sockets.waiting.sys", SimpleNamespace(platform="darwin"))
    server = serve({"/": Reply(ok().data)})
    assert clients().send(request(server.url())).response.code == 200
    assert not acknowledged.acquire(blocking=False)
