"""Redirects, cookies and errors, as a run meets them."""

import socket
import sys
import threading
import time

import pytest

from runner.client.http import Client
from runner.cookies.jar import CookieJar
from runner.errors import RequestError
from runner.transport.limits import Limits
from runner.transport.sockets.dial import resolve
from tests.transport import certificates
from tests.transport.conftest import Reply, free_port, ok, request
from tests.transport.test_tls import server_context


def redirect(to, *headers, code=302):
    return ok(b"", f"Location: {to}", *headers, status=f"{code} Moved")


def names(received):
    return [line.partition(":")[0] for line in received.head.split("\r\n")[1:] if line]


def test_redirects_are_followed_and_every_hop_is_kept(serve, clients):
    server = serve({"/a": redirect("/b"), "/b": redirect("c?d=1"), "/c?d=1": ok(b"end")})
    exchange = clients().send(request(server.url("/a"), "POST", body=b"x"))
    assert [hop.response.code for hop in exchange.hops] == [302, 302, 200]
    assert [received.line.split()[0] for received in server.received] == ["POST", "GET", "GET"]
    assert (exchange.response.body, exchange.hops[2].href) == (b"end", server.url("/c?d=1"))
    assert exchange.request.href == server.url("/a")


def test_a_307_sends_the_body_again(serve, clients):
    server = serve({"/a": redirect("/b", code=307)})
    clients().send(request(server.url("/a"), "POST", body=b"x"))
    assert [(received.line, received.body) for received in server.received] == [
        ("POST /a HTTP/1.1", b"x"),
        ("POST /b HTTP/1.1", b"x"),
    ]


def test_a_redirect_to_itself_ends_as_an_error(serve, clients):
    server = serve({"/a": redirect("/a")})
    with pytest.raises(RequestError, match="Exceeded maxRedirects"):
        clients().send(request(server.url("/a")))
    assert len(server.received) == 11


def test_each_hop_stores_and_sends_cookies(serve, clients):
    server = serve({"/a": redirect("/b", "Set-Cookie: c=1; Path=/"), "/b": redirect("/c", "Set-Cookie: d=2; Path=/")})
    exchange = clients().send(request(server.url("/a")))
    assert [received.header("cookie") for received in server.received] == [None, "c=1", "c=1; d=2"]
    assert names(server.received[2]) == ["Cookie", "Referer", "Host"] or names(server.received[2])[-1] == "Host"
    assert exchange.hops[0].response.cookies[0].name == "c"
    assert ("Cookie", "c=1; d=2") in exchange.hops[2].headers


def test_a_cookie_that_comes_up_on_the_way_stands_last(serve, clients):
    server = serve({"/a": redirect("/b", "Set-Cookie: c=1; Path=/")})
    clients().send(request(server.url("/a"), headers=(("A", "b"),)))
    assert names(server.received[1]) == ["A", "Referer", "Host", "Cookie"]


def test_the_cookie_of_the_first_hop_keeps_its_place(serve, clients):
    server = serve({"/a": redirect("/b", code=307)})
    jar = CookieJar()
    jar.store_from(server.url("/"), ["c=1"])
    clients(jar).send(request(server.url("/a"), "POST", body=b"abc"))
    assert names(server.received[0]) == ["Host", "Content-Length", "Cookie"]
    assert names(server.received[1]) == ["Content-Length", "Cookie", "Referer", "Host"]


def test_cookies_of_another_path_stay_for_the_same_host_as_in_postman(serve, clients):
    server = serve({"/a/x": redirect("/b")})
    jar = CookieJar()
    jar.store_from(server.url("/a/x"), ["c=1"])
    clients(jar).send(request(server.url("/a/x")))
    assert [received.header("cookie") for received in server.received] == ["c=1", "c=1"]


def test_a_users_cookie_is_gone_for_good_once_another_origin_was_on_the_way(serve, clients):
    server = serve()
    other = serve({"/b": redirect(server.url("/c"))})
    server.answers["/a"] = redirect(other.url("/b"))
    jar = CookieJar()
    jar.store_from(server.url("/"), ["j=1"])
    clients(jar).send(request(server.url("/a"), headers=(("Cookie", "u=1"),), follow_authorization_header=True))
    assert [received.header("cookie") for received in server.received] == ["u=1; j=1", "j=1"]
    assert other.received[0].header("cookie") == "j=1"  # the jar knows hosts, not ports


@pytest.mark.parametrize("follow_authorization_header", [False, True])
def test_cookies_never_go_to_another_host(serve, clients, follow_authorization_header):
    other = serve()
    server = serve({"/a": redirect(f"http://localhost:{other.port}/b")})
    jar = CookieJar()
    jar.store_from(server.url("/"), ["c=1"])
    clients(jar).send(request(server.url("/a"), follow_authorization_header=follow_authorization_header))
    assert server.received[0].header("cookie") == "c=1"
    assert other.received[0].header("cookie") is None


def test_the_users_cookie_and_the_jars_become_one_header(serve, clients):
    server = serve({"/": ok(b"ok", "Set-Cookie: b=2", "Set-Cookie: c=3")})
    client = clients()
    client.send(request(server.url()))
    client.send(request(server.url(), headers=(("cookie", "a=1"), ("X", "y"))))
    assert server.received[1].head.split("\r\n")[1:3] == ["cookie: a=1; b=2; c=3", "X: y"]


@pytest.mark.parametrize(
    ("before", "content_type", "order"),
    [
        (False, False, ["Host", "Content-Length", "Cookie"]),
        (True, False, ["Host", "Cookie", "Content-Length"]),
        (True, True, ["Host", "Cookie", "Content-Length", "Content-Type"]),
    ],
)
def test_the_cookie_header_stands_where_postman_puts_it(serve, clients, before, content_type, order):
    server, jar = serve(), CookieJar()
    jar.store_from(server.url(), ["c=1"])
    prepared = request(server.url(), "POST", body=b"abc", cookie_before_length=before)
    if content_type:
        prepared = type(prepared)(
            **{name: getattr(prepared, name) for name in prepared.__slots__ if name != "headers"},
            headers=(*prepared.headers, ("Content-Type", "text/plain")),
        )
    clients(jar).send(prepared)
    assert names(server.received[0]) == order


def test_the_responses_cookies_are_those_of_the_jar_for_its_url(serve, clients):
    server = serve({"/": ok(b"ok", "Set-Cookie: b=2", "Set-Cookie: a=; Max-Age=0", "Set-Cookie: p=1; Path=/other")})
    jar = CookieJar()
    jar.store_from(server.url(), ["a=1", "c=3"])
    response = clients(jar).send(request(server.url())).response
    assert [(cookie.name, cookie.value) for cookie in response.cookies] == [("c", "3"), ("b", "2")]


def test_disabled_cookies_are_neither_sent_nor_stored(serve, clients):
    server, jar = serve({"/": ok(b"ok", "Set-Cookie: b=2")}), CookieJar()
    jar.store_from(server.url(), ["a=1"])
    clients(jar).send(request(server.url(), disable_cookies=True))
    assert server.received[0].header("cookie") is None
    assert jar.header_for(server.url()) == "a=1"


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "\N{SNOWMAN}"])
def test_a_cookie_of_a_script_cannot_break_the_head(serve, clients, value):
    server, jar = serve(), CookieJar()
    jar.set(server.url(), "a", value)
    with pytest.raises(RequestError) as caught:
        clients(jar).send(request(server.url()))
    assert (caught.value.code, server.received) == ("ERR_INVALID_CHAR", [])


def test_a_refused_connection_is_named(clients):
    port = free_port()
    with pytest.raises(RequestError) as caught:
        clients().send(request(f"http://127.0.0.1:{port}/"))
    assert (caught.value.code, caught.value.message) == ("ECONNREFUSED", f"connect ECONNREFUSED 127.0.0.1:{port}")


def test_an_unknown_host_is_named(clients, monkeypatch):
    import socket

    def fail(*_):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(RequestError) as caught:
        clients().send(request("http://no.such.invalid:80/"))
    assert (caught.value.code, caught.value.message) == ("ENOTFOUND", "getaddrinfo ENOTFOUND no.such.invalid")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST"])
def test_localhost_needs_no_name_server_and_falls_back_to_ipv4(serve, clients, host, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", None)
    server = serve()
    assert clients().send(request(f"http://{host}:{server.port}/")).response.code == 200


@pytest.mark.parametrize("answer", [None, ["127.0.0.1"], ["::1"]])
def test_a_sub_domain_of_localhost_is_this_machine_when_nobody_knows_it_better(serve, clients, answer, monkeypatch):
    server = serve()
    look_up(monkeypatch, {"a.b.localhost": answer})
    assert clients().send(request(f"http://a.b.localhost:{server.port}/")).response.code == 200


@pytest.mark.parametrize(("scheme", "arrives"), [("http", None), ("https", "s=1")])
def test_a_secure_cookie_leaves_a_redirect_only_by_tls(serve, clients, monkeypatch, tmp_path, scheme, arrives):
    look_up(monkeypatch, {"shop.example": ["127.0.0.1"]})
    context = server_context(certificates.make("me").save(tmp_path / "server.pem"))
    target = serve(tls=context if scheme == "https" else None)
    to = redirect(f"{scheme}://shop.example:{target.port}/", "Set-Cookie: s=1; Secure; Path=/")
    start = serve({"/": to}, tls=context)
    assert clients(insecure=True).send(request(f"https://shop.example:{start.port}/")).response.code == 200
    assert target.received[0].header("Cookie") == arrives


def test_a_sub_domain_of_localhost_is_looked_up_first(clients, monkeypatch):
    look_up(monkeypatch, {"traefik.localhost": ["192.0.2.1"]})
    assert resolve("traefik.localhost", 80, Limits()) == [(socket.AF_INET, ("192.0.2.1", 80))]


def look_up(monkeypatch, names):
    """Let names have these addresses; None is a name that nobody knows."""

    def answer(host, port, *_):
        if names[host] is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET6 if ":" in a else socket.AF_INET, 1, 6, "", (a, port)) for a in names[host]]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def silent(server):
    """The server takes requests and says nothing until it is closed."""
    server._talk = lambda sock, number: sock.recv(65536) and sock.recv(1)


def test_a_silent_server_meets_the_idle_limit(serve, clients):
    server = serve()
    silent(server)
    with pytest.raises(RequestError) as caught:
        clients(timeout_request=30).send(request(server.url()))
    assert (caught.value.code, caught.value.message) == ("ESOCKETTIMEDOUT", "ESOCKETTIMEDOUT")


def test_the_idle_limit_counts_between_bytes_the_deadline_for_all(serve, clients):
    server, gate = serve(), threading.Event()

    def drip(sock, number):
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        while not gate.wait(0.01):
            sock.sendall(b"")
        sock.close()

    server._talk = drip
    with pytest.raises(RequestError, match="time for this request is over") as caught:
        clients().send(request(server.url()), deadline=time.monotonic() + 0.05)
    gate.set()
    assert caught.value.code == "ETIMEDOUT"


def test_a_deadline_that_has_passed_sends_nothing(serve, clients):
    server = serve()
    with pytest.raises(RequestError, match="time for this request is over"):
        clients().send(request(server.url()), deadline=time.monotonic() - 1)
    assert server.received == []


def test_threads_share_a_client(serve, clients):
    server = serve({f"/{n}": ok(str(n).encode()) for n in range(8)})
    client, wrong = clients(), []

    def work(number):
        for _ in range(25):
            if client.send(request(server.url(f"/{number}"))).response.body != str(number).encode():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wrong, len(server.received)) == ([], 200)
    assert server.connections <= 8


def test_sending_does_not_import_httpx_or_ssl():
    import subprocess

    code = (
        "import sys, runner.client.http as c; from runner.options import RunOptions;"
        "from runner.cookies.jar import CookieJar; c.Client(RunOptions(), CookieJar());"
        "print([m for m in ('httpx', 'ssl', 'asyncio', 'brotli', 'publicsuffixlist', 'http.client') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_close_closes_idle_connections(serve, clients):
    server = serve()
    client: Client = clients()
    client.send(request(server.url()))
    client.close()
    client.send(request(server.url()))
    assert server.connections == 2


def test_a_reply_in_small_pieces_is_one_response(serve, clients):
    server = serve()
    data = ok(b"hello world", "X-A: b").data

    def talk(sock, number):
        sock.recv(65536)
        for at in range(len(data)):
            sock.sendall(data[at : at + 1])

    server._talk = talk
    assert clients().send(request(server.url())).response.body == b"hello world"


def test_a_reply_that_is_closed_at_once_still_counts(serve, clients):
    server = serve({"/": Reply(ok(b"bye").data, close=True)})
    client = clients()
    assert [client.send(request(server.url())).response.body for _ in range(3)] == [b"bye"] * 3
