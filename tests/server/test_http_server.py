"""The server below both stand-ins: faults, keep-alive, bodies, and bytes that are not a request."""

import http.client
import socket
from urllib.parse import quote_from_bytes, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.server.messages import parse_target
from runner.standins import start
from tests.standins.conftest import FULL, TRUTO, ask


def raw(standin, data, shut=True):
    """Send bytes and read all that comes back."""
    with socket.create_connection(("127.0.0.1", standin.port), timeout=10) as connection:
        connection.sendall(data)
        if shut:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while part := connection.recv(65536):
            received += part
        return received


def faulty(torii, fault, path="/v1.0/roles"):
    return torii("GET", path, headers={"X-Standin-Fault": fault})


@pytest.mark.parametrize("status", [429, 500])
def test_a_fault_can_be_a_status(torii, status):
    reply = faulty(torii, str(status))
    assert (reply.status, reply.json["statusCode"]) == (status, status)
    assert ("retry-after" in reply.headers) == (status == 429)


def test_a_faulty_call_has_no_effect(torii):
    signed = torii.upload_url()
    assert torii("PUT", signed["url"], b"{}", key=None, headers={"X-Standin-Fault": "500"}).text.startswith("<?xml")
    assert torii("POST", "/v1.0/files", {"path": signed["filePath"], "type": "attachment"}).status == 404


def test_a_fault_can_be_a_reset(torii):
    with pytest.raises(ConnectionResetError):
        faulty(torii, "reset")
    assert torii.standin.journal()[0]["status"] is None


def test_a_fault_can_be_a_cut_answer(torii):
    whole = torii.get("/v1.0/roles").body
    with pytest.raises(http.client.IncompleteRead) as caught:
        faulty(torii, "truncate")
    assert caught.value.partial == whole[: len(whole) // 2]


def test_a_fault_can_be_a_late_answer(torii):
    assert faulty(torii, "slow:1").status == 200


def test_a_fault_can_be_no_answer(torii):
    with socket.create_connection(("127.0.0.1", torii.standin.port), timeout=0.05) as connection:
        connection.sendall(b"GET /v1.0/roles HTTP/1.1\r\nHost: a\r\nX-Standin-Fault: timeout\r\n\r\n")
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_closing_ends_a_call_that_hangs():
    with start("torii") as standin:
        connection = socket.create_connection(("127.0.0.1", standin.port), timeout=10)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Standin-Fault: timeout\r\n\r\n")
        while not standin.journal():
            pass  # until the call is under way
    with connection:
        assert connection.recv(1) == b""


def test_closing_ends_an_idle_connection():
    with start("truto") as standin:
        connection = http.client.HTTPConnection("127.0.0.1", standin.port, timeout=10)
        connection.request("GET", "/ping")
        connection.getresponse().read()
    assert connection.sock.recv(1) == b""
    connection.close()


@pytest.mark.parametrize("fault", ["nonsense", "slow", "slow:", "slow:x", "500:1", "slow:-1"])
def test_an_unknown_fault_is_told(torii, fault):
    assert faulty(torii, fault).status == 400


def test_a_connection_serves_many_calls(torii):
    connection = http.client.HTTPConnection(urlsplit(torii.standin.url).netloc)
    for _ in range(3):
        connection.request("GET", "/v1.0/roles", headers={"Authorization": f"Bearer {FULL}"})
        assert connection.getresponse().read()
    first = connection.sock.getsockname()
    connection.request("HEAD", "/v1.0/roles", headers={"Authorization": f"Bearer {FULL}"})
    answer = connection.getresponse()
    assert (answer.read(), int(answer.headers["Content-Length"]) > 0) == (b"", True)
    assert connection.sock.getsockname() == first
    connection.close()


def test_a_chunked_body_is_read_whole(torii):
    signed = torii.upload_url("a.bin", "a/b")
    torii("PUT", signed["url"], iter([b"one", b"two" * 9000]), key=None, headers={"Content-Type": "a/b"})
    assert torii.standin.journal()[-1]["size"] == 3 + 27000


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"\x16\x03\x01\x02\x00\x01\x00 \x00\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n", b"400"),
    ],
)
def test_what_is_no_request_is_answered_and_closed(torii, data, status):
    assert raw(torii.standin, data, shut=False).split(b" ")[1] == status
    assert torii.get("/v1.0/roles").status == 200


def test_a_body_that_ends_early_gets_no_answer(torii):
    assert raw(torii.standin, b"POST /v1.0/files HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc") == b""


def test_methods_of_any_name_are_answered(torii):
    assert torii("PROPFIND", "/v1.0/roles").status == 405


def test_a_target_in_absolute_form_is_understood(torii):
    data = f"GET http://other/v1.0/roles HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {FULL}\r\nConnection: close\r\n\r\n"
    assert raw(torii.standin, data.encode()).startswith(b"HTTP/1.1 200 OK")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_garbage_never_stops_the_server(torii_server, data):
    answer = raw(torii_server.standin, data)
    assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 505"))
    assert torii_server("GET", "/__standin/requests").status == 200


PATHS = st.sampled_from(
    [
        "files/url",
        "files",
        "files/1",
        "users",
        "apps",
        "apps/42",
        "apps/42/users",
        "apps/search",
        "audit",
        "services/sync/custom",
    ]
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE"])
KEYS = st.sampled_from(
    (
        "name",
        "type",
        "size",
        "cursor",
        "sort",
        "fields",
        "q",
        "limit",
        "email",
        "idUsers",
        "startTime",
        "entity",
        "includeLicenses",
        "isExternal",
        "filter",
        "X-Amz-Date",
    )
)
QUERIES = st.lists(st.tuples(KEYS, st.binary(max_size=12)), max_size=4)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
BODIES = st.dictionaries(st.sampled_from(["path", "type", "idFile", "idAppAccount"]), LEAVES | st.lists(LEAVES)) | st.lists(
    LEAVES
)


def joined(query):
    """Pairs as a query string, every byte of the values percent-encoded as needed."""
    return "&".join(f"{key}={quote_from_bytes(value)}" for key, value in query)


@settings(max_examples=150, deadline=None)
@given(METHODS, PATHS, QUERIES, BODIES)
def test_odd_requests_are_never_a_defect_of_torii(torii_server, method, path, query, body):
    torii_server.standin.api.windows.clear()
    reply = torii_server(method, f"/v1.0/{path}?{joined(query)}", body)
    assert reply.status < 500 or reply.status == 501, reply.text


FILTERS = st.lists(
    st.tuples(
        st.sampled_from(["id", "status", "created_at", "is_sandbox", "integration", "tenant_id", "limit", "next_cursor"]),
        st.sampled_from(["", "[]", "[in]", "[gt]", "[name]", ".name", "[", "]", "[][k]", "[name][gt]"]),
        st.binary(max_size=10) | st.just(b"2024-01-01") | st.just(b"true"),
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(FILTERS)
def test_odd_filters_are_never_a_defect_of_truto(truto_server, filters):
    truto_server.standin.api.windows.clear()
    query = joined((name + suffix, value) for name, suffix, value in filters)
    assert ask(truto_server.standin.url, "GET", f"/integrated-account?{query}", key=TRUTO).status in (200, 400)


@given(st.text())
def test_every_target_can_be_parsed(target):
    path, query = parse_target(target)
    assert isinstance(path, str)
    assert all(len(pair) == 2 for pair in query)
