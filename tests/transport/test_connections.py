"""Finding the address that answers."""

import socket
import sys

import pytest

from runner.errors import RequestError
from runner.transport.limits import Limits
from runner.transport.sockets.dial import race
from tests.transport.conftest import free_port, request

V4 = socket.AF_INET


def dead():
    return V4, ("127.0.0.1", free_port())


@pytest.fixture
def silent(monkeypatch):
    """An address that never answers; the pause before the next one is tried is short."""
    if sys.platform == "win32":
        pytest.skip("a full backlog refuses there")
    monkeypatch.setattr("runner.transport.sockets.dial.STAGGER", 0.01)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        yield V4, address
        for filler in fillers:
            filler.close()


def test_the_address_that_answers_wins(serve):
    server = serve()
    with race([dead(), (V4, ("127.0.0.1", server.port)), dead()], Limits(idle=5)) as sock:
        assert sock.getpeername()[1] == server.port
        assert sock.getblocking() is False


def test_a_silent_address_does_not_hold_up_the_next(serve, silent):
    server = serve()
    with race([silent, (V4, ("127.0.0.1", server.port))], Limits()) as sock:
        assert sock.getpeername()[1] == server.port


def test_the_last_failure_is_told():
    last = dead()
    with pytest.raises(RequestError) as caught:
        race([dead(), last], Limits())
    assert caught.value.message == f"connect ECONNREFUSED 127.0.0.1:{last[1][1]}"


def test_silent_addresses_meet_the_time_limit(silent):
    with pytest.raises(RequestError) as caught:
        race([silent, silent], Limits(idle=0.05))
    assert (caught.value.code, caught.value.message) == ("ETIMEDOUT", "ETIMEDOUT")


def test_an_address_of_an_unknown_family_is_passed_over(serve):
    server = serve()
    with race([(9999, ("127.0.0.1", 1)), (V4, ("127.0.0.1", server.port))], Limits()) as sock:
        assert sock.getpeername()[1] == server.port


def test_every_address_of_a_name_is_tried(serve, clients, monkeypatch):
    server = serve()
    found = [(V4, 1, 6, "", ("127.0.0.1", free_port())), (V4, 1, 6, "", ("127.0.0.1", server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    assert clients().send(request("http://two.example:80/")).response.code == 200
