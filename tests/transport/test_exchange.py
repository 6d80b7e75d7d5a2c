"""What one exchange puts on the wire, and when a connection serves the next request."""

import select
import socket
import threading

import pytest

from runner.errors import RequestError
from tests.transport.conftest import RESET, Reply, ok, request


def test_the_head_is_written_as_it_is_given(serve, clients):
    server = serve()
    headers = (("X-b", " v "), ("x-A", ""), ("X-b", "caf\xe9"))
    clients().send(request(server.url("/a b%zz?{x}|^"), "FOO", headers))
    assert server.received[0].head == (
        f"FOO /a b%zz?{{x}}|^ HTTP/1.1\r\nX-b:  v \r\nx-A: \r\nX-b: caf\xe9\r\nHost: 127.0.0.1:{server.port}\r\n"
    )


def test_connections_are_kept(serve, clients):
    server, client = serve(), clients()
    first = client.send(request(server.url()))
    second = client.send(request(server.url(), "POST", body=b"abc"))
    assert (server.connections, first.hops[0].reused, second.hops[0].reused) == (1, False, True)
    assert server.received[1].body == b"abc"


def test_a_chunked_body_is_one_chunk_beside_the_content_length(serve, clients):
    server, client = serve(), clients()
    client.send(request(server.url(), "POST", (("Transfer-Encoding", "chunked"),), b"hello"))
    assert server.received[0].header("content-length") == "5"
    assert server.received[0].body == b"hello"


def test_a_chunked_request_without_a_body_is_ended(serve, clients):
    server, client = serve(), clients()
    client.send(request(server.url(), "POST", (("Transfer-Encoding", "chunked"),)))
    client.send(request(server.url("/next")))
    assert [received.line for received in server.received] == ["POST / HTTP/1.1", "GET /next HTTP/1.1"]


@pytest.mark.parametrize("length", ["2", "005", "abc"])
def test_a_wrong_content_length_never_reaches_the_next_request(serve, clients, length):
    server, client = serve(), clients()
    client.send(request(server.url("/first"), "POST", (("Content-Length", length),), b"hello", length=False))
    client.send(request(server.url("/second")))
    assert [received.line for received in server.received if received.connection == 2] == ["GET /second HTTP/1.1"]


def test_a_body_without_framing_closes_the_connection(serve, clients):
    server, client = serve(), clients()
    client.send(request(server.url(), "POST", body=b"hello", length=False))
    client.send(request(server.url("/second")))
    assert server.connections == 2


def test_the_users_connection_close_is_kept(serve, clients):
    server, client = serve(), clients()
    for _ in range(2):
        client.send(request(server.url(), headers=(("Connection", "close"),)))
    assert server.connections == 2


def test_a_big_body_arrives_whole(serve, clients):
    server, client = serve(), clients()
    body = bytes(range(256)) * 20_000
    client.send(request(server.url(), "PUT", body=body))
    assert server.received[0].body == body


def test_an_early_answer_ends_a_big_upload(serve, clients):
    server = serve()
    server._talk = lambda sock, number: (sock.recv(1000), sock.sendall(ok(status="413 Too Big").data), sock.recv(1))
    response = clients().send(request(server.url(), "PUT", body=b"x" * 30_000_000)).response
    assert (response.code, response.status) == (413, "Too Big")


def test_surplus_bytes_never_answer_the_next_request(serve, clients):
    server = serve({"/evil": Reply(ok().data + ok(b"evil").data)})
    client = clients()
    assert client.send(request(server.url("/evil"))).response.body == b"ok"
    assert client.send(request(server.url("/next"))).response.body == b"ok"
    assert server.connections == 2


def test_surplus_bytes_that_come_late_never_answer_the_next_request(serve, clients):
    server, client = serve(), clients()
    client.send(request(server.url()))
    server._open[0].sendall(ok(b"evil").data)
    assert client.send(request(server.url())).response.body == b"ok"
    assert server.connections == 2


def test_a_body_after_head_is_an_error_and_never_the_next_response(serve, clients):
    server, client = serve({"/": Reply(ok(b"body").data)}), clients()
    with pytest.raises(RequestError, match="Expected HTTP/") as caught:
        client.send(request(server.url(), "HEAD"))
    assert "more bytes than its response" in caught.value.hint
    assert client.send(request(server.url("/next"))).response.body == b"ok"
    assert server.connections == 2


def test_a_second_response_is_left_unread(serve, clients):
    server, client = serve({"/": Reply(ok(b"one").data + ok(b"two").data)}), clients()
    assert [client.send(request(server.url())).response.body for _ in range(2)] == [b"one", b"one"]
    assert server.connections == 2


def test_a_head_response_keeps_the_connection(serve, clients):
    server, client = serve({"/": Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")}), clients()
    for _ in range(2):
        client.send(request(server.url(), "HEAD"))
    assert server.connections == 1


@pytest.mark.parametrize(
    "head", ["Upgrade: foo\r\nConnection: Upgrade\r\n", "Content-Length: 2\r\n", "Connection: close\r\n", ""]
)
@pytest.mark.parametrize("rest", ["raw bytes", "HTTP/1.1 200 OK\r\n\r\n", ""])
def test_switching_protocols_is_a_response_whatever_its_headers_are_and_follows(serve, clients, head, rest):
    data = f"HTTP/1.1 101 Switching Protocols\r\n{head}\r\n{rest}".encode()
    server, client = serve({"/": Reply(data)}), clients()
    for _ in range(2):
        assert client.send(request(server.url())).response.code == 101
    assert server.connections == 2


def test_interim_responses_are_passed_over(serve, clients):
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    server = serve({"/": Reply(interim + ok().data)})
    response = clients().send(request(server.url())).response
    assert (response.code, response.status, response.headers) == (200, "OK", (("Content-Length", "2"),))


def close_when_idle(server):
    """The server closes its kept connection without a word."""
    server._open[0].shutdown(2)


def test_a_connection_closed_while_idle_is_replaced(serve, clients):
    server, client = serve(), clients()
    client.send(request(server.url()))
    close_when_idle(server)
    exchange = client.send(request(server.url(), "POST", body=b"x"))
    assert (exchange.response.code, exchange.hops[0].reused) == (200, False)


def dies_on_second(server):
    """The server takes a second request on a connection and closes without an answer; a first one it answers."""
    seen = []

    def answer(received):
        seen.append(received.connection)
        return Reply(b"", close=True) if seen.count(received.connection) == 2 else ok()

    server.answers["/"] = answer
    return seen


def test_an_idempotent_request_is_sent_again_when_a_kept_connection_dies(serve, clients):
    server, client = serve(), clients()
    seen = dies_on_second(server)
    client.send(request(server.url()))
    assert client.send(request(server.url())).response.code == 200
    assert seen == [1, 1, 2]


def test_a_post_that_the_server_may_have_seen_is_not_sent_again(serve, clients):
    server, client = serve(), clients()
    seen = dies_on_second(server)
    client.send(request(server.url()))
    with pytest.raises(RequestError, match="socket hang up") as caught:
        client.send(request(server.url(), "POST", body=b"pay"))
    assert (caught.value.code, seen) == ("ECONNRESET", [1, 1])


def test_a_request_on_a_new_connection_is_never_repeated(serve, clients):
    server = serve({"/": Reply(b"", close=True)})
    with pytest.raises(RequestError, match="socket hang up"):
        clients().send(request(server.url()))
    assert len(server.received) == 1


@pytest.mark.parametrize(("said", "connections"), [("timeout=1, max=5", 2), ("timeout=60", 1), ("max=5", 1)])
def test_a_connection_is_left_before_the_server_closes_it(serve, clients, said, connections):
    server, client = serve({"/": ok(b"ok", f"Keep-Alive: {said}")}), clients()
    for _ in range(2):
        client.send(request(server.url()))
    assert server.connections == connections


def refuses_early(sock, number):
    """The server has seen enough of an upload: it answers and cuts the connection."""
    sock.recv(1000)
    sock.sendall(ok(status="413 Too Big").data)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


@pytest.mark.parametrize("poll", [True, False])
def test_an_early_answer_counts_also_when_the_server_cuts_the_upload(serve, clients, monkeypatch, poll):
    if not poll:
        monkeypatch.delattr(select, "poll", raising=False)
    server = serve()
    server._talk = refuses_early
    response = clients().send(request(server.url(), "PUT", body=b"x" * 30_000_000)).response
    assert (response.code, response.status) == (413, "Too Big")


@pytest.mark.parametrize("poll", [True, False])
def test_an_upload_that_nobody_reads_meets_the_idle_limit(serve, clients, monkeypatch, poll):
    if not poll:
        monkeypatch.delattr(select, "poll", raising=False)
    server, gate = serve(), threading.Event()
    server._talk = lambda sock, number: gate.wait(10)
    with pytest.raises(RequestError) as caught:
        clients(timeout_request=50).send(request(server.url(), "PUT", body=b"x" * 30_000_000))
    gate.set()
    assert caught.value.code == "ESOCKETTIMEDOUT"


def test_an_upload_that_is_cut_without_an_answer_is_named(serve, clients):
    server = serve()
    server._talk = lambda sock, number: sock.recv(1000)
    with pytest.raises(RequestError) as caught:
        clients().send(request(server.url(), "PUT", body=b"x" * 30_000_000))
    assert caught.value.code in ("ECONNRESET", "EPIPE")
