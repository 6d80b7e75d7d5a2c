"""Connections that belong to somebody: NTLM handshakes stay apart, and what is under way can be given up."""

import threading
from time import monotonic

import pytest

from runner.errors import RequestError
from tests.patience import growing
from tests.transport.conftest import Reply, ok, request

CHALLENGE = ok(b"", "WWW-Authenticate: NTLM TlRMTVNTUAAC", status="401 Unauthorized")


def ntlm(server, step):
    return request(server.url("/" + step), headers=(("Authorization", "NTLM " + step),))


def test_a_handshake_stays_on_one_connection_beside_other_threads(serve, clients):
    server, client = serve({"/one": CHALLENGE}), clients()
    client.send(ntlm(server, "one"))
    other = threading.Thread(target=lambda: client.send(request(server.url("/other"))))
    other.start()
    other.join()
    client.send(ntlm(server, "three"))
    assert [(one.path, one.connection) for one in server.received] == [("/one", 1), ("/other", 2), ("/three", 1)]


def test_a_handshake_never_gets_the_connection_of_another(serve, clients):
    server, client = serve({"/one": CHALLENGE}), clients()
    gate = threading.Barrier(4)

    def flow():
        lease = object()
        client.send(ntlm(server, "one"), lease=lease)
        gate.wait()
        client.send(ntlm(server, "three"), lease=lease)

    threads = [threading.Thread(target=flow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    steps = {number: [one.path for one in server.received if one.connection == number] for number in (1, 2, 3, 4)}
    assert set(map(tuple, steps.values())) == {("/one", "/three")}


def test_an_authenticated_connection_carries_nothing_else(serve, clients):
    server, client = serve({"/one": CHALLENGE}), clients()
    for sent in (ntlm(server, "one"), ntlm(server, "three"), request(server.url("/plain"))):
        client.send(sent)
    assert [one.connection for one in server.received] == [1, 1, 2]


def test_a_refused_handshake_leaves_its_connection(serve, clients):
    refused = ok(b"", "WWW-Authenticate: NTLM", status="401 Unauthorized")
    server, client = serve({"/one": CHALLENGE, "/three": refused}), clients()
    for step in ("one", "three", "one"):
        client.send(ntlm(server, step))
    assert [one.connection for one in server.received] == [1, 1, 2]


@pytest.mark.parametrize("kept", [False, True])
def test_close_ends_a_request_that_is_under_way(serve, clients, kept):
    server, client = serve(), clients()
    asked, release = threading.Event(), threading.Event()

    def wait(received):
        asked.set()
        release.wait()
        return Reply(b"", close=True)

    server.answers["/wait"] = wait
    if kept:
        client.send(request(server.url()))
    errors = []

    def send():
        with pytest.raises(RequestError) as caught:
            client.send(request(server.url("/wait")))
        errors.append(caught.value.code)

    thread = threading.Thread(target=send)
    thread.start()
    asked.wait()
    client.close()
    thread.join()
    release.set()
    assert errors == ["ECONNABORTED"]
    assert [one.path for one in server.received].count("/wait") == 1


@pytest.mark.parametrize(("kind", "said"), [("text/event-stream; charset=utf-8", "an event stream"), ("a/b", "a response")])
def test_an_endless_response_ends_at_the_limit_and_says_how_far_it_came(serve, clients, kind, said):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\ndata: 1\n\n".encode()
    server = serve({"/": Reply(head)})
    for ms in growing(50):
        with pytest.raises(RequestError, match="ESOCKETTIMEDOUT") as caught:
            clients(timeout_request=ms).send(request(server.url()))
        if "had begun" in caught.value.hint:
            break
    assert caught.value.hint == f"{said} had begun: 9 bytes of its body had come"


def test_a_deadline_in_the_middle_of_a_body_says_how_far_it_came(serve, clients):
    server = serve({"/": Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")})
    for seconds in growing(0.1):
        with pytest.raises(RequestError, match="the time for this request is over") as caught:
            clients().send(request(server.url()), deadline=monotonic() + seconds)
        if "had begun" in caught.value.hint:
            break
    assert caught.value.hint == "a response had begun: 4 bytes of its body had come"
