"""Record and replay through the client: what comes back, the modes, and what happens without a recording."""

import os
import threading
from dataclasses import replace

import httpx
import pytest
import vcr

from runner.cassettes.cassette import Cassette, open_cassette
from runner.client.http import Client
from runner.cookies.jar import CookieJar
from runner.errors import ExportError, FileUnreadable, InvalidDocument, RequestError, UsageError
from runner.options import RunOptions
from runner.outputs import write_text
from runner.secrets import Secrets
from tests.transport.conftest import Reply, free_port, ok, request


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "tape.yaml")


@pytest.fixture
def tape(path):
    """A function that makes a client with the cassette in a mode; its `save` writes what was recorded."""
    made = []

    def make(mode, *secrets, **more):
        cassette = Cassette(path, mode, Secrets(secrets))
        client = Client(RunOptions(), CookieJar(), environ={}, cassette=cassette, **more)
        client.save = lambda write=write_text: cassette.save(write)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


def recorded(tape, *requests, secrets=(), mode="all"):
    """Send requests with a recording client; returns the exchanges."""
    client = tape(mode, *secrets)
    exchanges = [client.send(one) for one in requests]
    assert client.save() == []
    return exchanges


def phases(response):
    """The timings that the network has a part in, in milliseconds; each moment is kept to the microsecond."""
    timings = {name: getattr(response.timings, name) for name in ("wait", "dns", "tcp", "tls", "first_byte", "download")}
    return pytest.approx(timings, abs=0.005)


def test_a_response_comes_back_as_it_was(serve, tape):
    head = b"HTTP/1.0 299 Sch\xf6n\r\nb-Lower: 1\r\nX-Two: a\r\nA: \xe4\r\nx-two: b\r\nX-Two: c\r\nContent-Length: 3"
    server = serve({"/x": Reply(head + b"\r\n\r\n\0\xff\n", close=True)})
    (live,) = recorded(tape, request(server.url("/x")))
    played = tape("none").send(request(server.url("/x")))
    assert replace(played.response, timings=live.response.timings) == live.response
    assert phases(played.response) == phases(live.response).expected
    assert [name for name, _ in played.response.headers] == ["b-Lower", "X-Two", "A", "x-two", "X-Two", "Content-Length"]
    assert (played.response.body, played.response.status) == (b"\0\xff\n", "Schön")
    assert len(server.received) == 1


def test_a_compressed_body_is_kept_as_it_came_over_the_wire(serve, tape):
    body = b"x\x9cK\x04\x00\x00b\x00b"
    server = serve({"/": ok(body, "Content-Encoding: deflate")})
    recorded(tape, request(server.url()))
    response = tape("none").send(request(server.url())).response
    assert (response.body, response.sizes.body) == (b"a", len(body))


def test_errors_come_back_with_code_and_text(serve, tape):
    port = free_port()
    broken = serve({"/": Reply(b"nonsense\r\n\r\n", close=True)})
    live, played = [], []
    for mode, found in (("all", live), ("none", played)):
        client = tape(mode)
        for url in (f"http://127.0.0.1:{port}/", broken.url()):
            with pytest.raises(RequestError) as caught:
                client.send(request(url))
            found.append((caught.value.code, caught.value.message))
        client.save()
    assert played == live
    assert [code for code, _ in played] == ["ECONNREFUSED", "HPE_INVALID_CONSTANT"]


def test_an_error_of_decoding_comes_back(serve, tape):
    server = serve({"/": ok(b"no gzip", "Content-Encoding: gzip")})
    for mode in ("all", "none"):
        client = tape(mode)
        with pytest.raises(RequestError) as caught:
            client.send(request(server.url()))
        assert caught.value.code == "Z_DATA_ERROR"
        client.save()


def test_every_hop_is_a_recording_and_cookies_work_as_live(serve, tape):
    server = serve(
        {
            "/a": ok(b"", "Location: /b", "Set-Cookie: sid=0123456789abcdef; Path=/", status="302 Found"),
            "/b": ok(b"end"),
        }
    )
    recorded(tape, request(server.url("/a")))
    exchange = tape("none").send(request(server.url("/a")))
    assert [hop.response.code for hop in exchange.hops] == [302, 200]
    assert exchange.hops[1].headers[-1] == ("Cookie", "sid=FILTERED-1")
    assert len(server.received) == 2


def test_equal_requests_get_their_recordings_in_order(serve, tape):
    server = serve()
    answers = iter([ok(b"1"), ok(b"2"), ok(b"3")])
    server.answers["/n"] = lambda received: next(answers)
    recorded(tape, *[request(server.url("/n"))] * 3)
    client = tape("none")
    assert [client.send(request(server.url("/n"))).response.body for _ in range(3)] == [b"1", b"2", b"3"]


def test_a_recording_answers_once(serve, tape):
    server = serve()
    recorded(tape, request(server.url("/a")), request(server.url("/a")))
    client = tape("none")
    for _ in range(2):
        client.send(request(server.url("/a")))
    with pytest.raises(RequestError, match="its 2 recordings are used up"):
        client.send(request(server.url("/a")))


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"path": "/a?x=1&y=3"}, r"the nearest is POST \S+/a\?x=1&y=2: the query has y=2 for y=3"),
        ({"path": "/a?y=2&x=1"}, "the order of the query differs"),
        ({"path": "/a"}, "the query has x=1 and y=2 for nothing"),
        ({"path": "/b?x=1&y=2"}, "the path differs"),
        ({"method": "PUT"}, "the method is POST"),
        ({"body": b"one two"}, "the body differs from byte 4: 'one 2' recorded, 'one two' now"),
        ({"body": b""}, "the body differs from byte 0: 'one 2' recorded, nothing now"),
        ({"host": "localhost"}, "the host is http://127.0.0.1"),
    ],
)
def test_a_request_without_a_recording_is_told_the_nearest(serve, tape, change, difference):
    server = serve()
    recorded(tape, request(server.url("/a?x=1&y=2"), "POST", body=b"one 2"), request(server.url("/zzz")))
    method, body = change.get("method", "POST"), change.get("body", b"one 2")
    url = server.url(change.get("path", "/a?x=1&y=2")).replace("127.0.0.1", change.get("host", "127.0.0.1"))
    with pytest.raises(RequestError, match=difference) as caught:
        tape("none").send(request(url, method, body=body))
    assert caught.value.code == "NO_RECORDING"
    assert caught.value.message.startswith(f"tape.yaml has no recording of {method} {url}; ")
    assert len(server.received) == 2


def test_an_empty_cassette_says_so(tape, path):
    write_text(path, "interactions: []\nversion: 1\n")
    with pytest.raises(RequestError, match="it is empty"):
        tape("none").send(request("http://h.example:80/"))


def test_volatile_headers_and_boundaries_do_not_count(serve, tape):
    server = serve()

    def form(boundary, token):
        headers = (("Content-Type", f"multipart/form-data; boundary={boundary}"), ("Postman-Token", token))
        return request(server.url(), "POST", headers, b"--%s\r\n\r\nx\r\n--%s--\r\n" % ((boundary.encode(),) * 2))

    recorded(tape, form("----one", "1"))
    assert tape("none").send(form("----two-two", "2")).response.code == 200


def test_once_records_a_new_file_and_replays_an_existing_one(serve, tape):
    server = serve()
    recorded(tape, request(server.url("/a")), mode="once")
    client = tape("once")
    assert client.send(request(server.url("/a"))).response.code == 200
    with pytest.raises(RequestError, match="no recording"):
        client.send(request(server.url("/b")))
    assert len(server.received) == 1


def test_new_replays_what_is_there_and_records_the_rest(serve, tape):
    server = serve({"/b": ok(b"b")})
    recorded(tape, request(server.url("/a")))
    recorded(tape, request(server.url("/b")), request(server.url("/a")), request(server.url("/a")), mode="new")
    assert [received.path for received in server.received] == ["/a", "/b", "/a"]
    client = tape("none")
    assert [client.send(request(server.url(path))).response.body for path in ("/a", "/a", "/b")] == [b"ok", b"ok", b"b"]


def test_all_sends_and_writes_everything_anew(serve, tape):
    server = serve()
    recorded(tape, request(server.url("/a")), request(server.url("/b")))
    recorded(tape, request(server.url("/b")))
    assert len(server.received) == 3
    with pytest.raises(RequestError):
        tape("none").send(request(server.url("/a")))


def test_a_run_without_a_request_writes_nothing(tape, path):
    recorded(tape, mode="new")
    assert not os.path.exists(path)


def test_a_missing_file_cannot_be_replayed(tape, path):
    with pytest.raises(FileUnreadable, match="does not exist"):
        tape("none")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "is not the YAML"),
        ("just text", "is not a cassette"),
        ("- request: {}", "is not a cassette"),
        ("interactions: [{request: {method: GET, uri: u}}]", "interaction 1: is not a recording: KeyError 'response'"),
        ("interactions: [!!python/object/apply:os.getcwd []]", "is not the YAML"),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_file_that_is_no_cassette_is_refused(tape, path, text, problem):
    write_text(path, text)
    with pytest.raises(InvalidDocument) as caught:
        tape("none")
    assert problem in str(caught.value)
    assert caught.value.where.startswith(path)


def test_a_failed_write_is_told(serve, tape, path):
    client = tape("all")
    client.send(request(serve().url()))

    def write(where, text):
        raise ExportError("disk full", where=where)

    assert [str(error) for error in client.save(write)] == [f"{path}: disk full"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"record": "a", "replay": "b"}, "exclude each other"),
        ({"record_mode": "new"}, "--record-mode new is for --record"),
        ({"replay": "b", "record_mode": "all"}, "--record-mode all is for --record"),
    ],
)
def test_options_that_do_not_go_together(options, message):
    with pytest.raises(UsageError, match=message):
        open_cassette(RunOptions(**options), Secrets())


def test_many_threads_record_and_replay_everything(serve, tape):
    server = serve()
    server.answers |= {f"/{n}": ok(str(n).encode()) for n in range(40)}

    def run_all(client):
        bodies = {}
        threads = [
            threading.Thread(target=lambda n=n: bodies.update({n: client.send(request(server.url(f"/{n}"))).response.body}))
            for n in range(40)
        ]
        for step in (threading.Thread.start, threading.Thread.join):
            for thread in threads:
                step(thread)
        client.save()
        return bodies

    live = run_all(tape("all"))
    assert run_all(tape("none")) == live == {n: str(n).encode() for n in range(40)}
    assert len(server.received) == 40


def test_any_httpx_transport_can_be_recorded(tape):
    mock = httpx.MockTransport(lambda sent: httpx.Response(201, headers={"X-A": "1"}, content=b"mock"))
    sent = request("http://mock.example:80/a b", "POST", body=b"x")
    client = tape("all", transport=mock)
    client.send(sent)
    client.save()
    response = tape("none").send(sent).response
    assert (response.code, response.body, response.header("x-a")) == (201, b"mock", "1")


# -- with vcrpy ---------------------------------------------------------------------------------------------------------


def test_vcrpy_replays_our_cassettes(serve, tape, path, clients):
    server = serve({"/a": ok(b"\xff", "X-A: \xe4", "X-B: 1", status="200 Gr\xfcn"), "/b?q=1": ok(b"b")})
    sent = [request(server.url("/a")), request(server.url("/b?q=1"), "POST", body=b"{}")]
    recorded(tape, *sent)
    with vcr.use_cassette(path, record_mode="none", match_on=["method", "uri", "body"]) as cassette:
        bodies = [clients().send(one).response.body for one in sent]
    assert bodies == [b"\xff", b"b"]
    assert (cassette.play_count, len(server.received)) == (2, 2)


def test_we_replay_cassettes_of_vcrpy(serve, tape, path, clients):
    server = serve({"/a?x=%7B1%7D": ok(b"\xff\0", "Set-Cookie: a=1", "Set-Cookie: b=2"), "/b": ok("ü".encode())})
    sent = [request(server.url("/a?x=%7B1%7D")), request(server.url("/b"), "POST", body="ä".encode())]
    with vcr.use_cassette(path):
        live = [clients().send(one).response for one in sent]
    client = tape("none")
    played = [client.send(one).response for one in sent]
    assert [(one.code, one.body) for one in played] == [(one.code, one.body) for one in live]
    assert [cookie.name for cookie in played[0].cookies] == ["a", "b"]
    assert len(server.received) == 2


def test_what_vcrpy_wrote_is_kept_beside_new_recordings(serve, tape, path, clients):
    server = serve()
    with vcr.use_cassette(path):
        clients().send(request(server.url("/old")))
    recorded(tape, request(server.url("/new")), mode="new")
    with vcr.use_cassette(path, record_mode="none"):
        assert [clients().send(request(server.url(name))).response.code for name in ("/old", "/new")] == [200, 200]
    assert len(server.received) == 2


def test_odd_tags_of_old_vcrpy_files_are_understood(tape, path):
    write_text(
        path,
        "interactions:\n- request: {method: GET, uri: 'http://h.example/', headers: {}, body: null}\n"
        "  response: {status: {code: 200, message: OK}, headers: {}, body: {string: !!python/unicode old}}\n",
    )
    assert tape("none").send(request("http://h.example:80/")).response.body == b"old"
