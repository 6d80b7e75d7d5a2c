"""Proxies: which one is chosen, and what goes through it."""

import socket
import ssl
import threading

import pytest

from runner.errors import RequestError
from runner.transport.sockets.proxy import Proxy, ProxySettings, absolute_target, parse_proxy
from tests.transport import certificates
from tests.transport.conftest import Received, free_port, ok, read_head, request
from tests.transport.test_tls import server_context


def proxy_for(scheme, host, port=80, **environ):
    found = ProxySettings(environ).proxy_for(scheme, host, port)
    return found and f"{found.scheme}://{found.host}:{found.port}"


@pytest.mark.parametrize(
    ("scheme", "environ", "expected"),
    [
        ("http", {}, None),
        ("http", {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
        ("http", {"http_proxy": "p:1"}, "http://p:1"),
        ("http", {"HTTPS_PROXY": "http://p:1"}, None),
        ("https", {"HTTPS_PROXY": "http://s:2", "HTTP_PROXY": "http://p:1"}, "http://s:2"),
        ("https", {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
        ("https", {"all_proxy": "https://a"}, "https://a:443"),
        ("http", {"ALL_PROXY": "http://a:3", "HTTP_PROXY": "http://p:1"}, "http://p:1"),
        ("http", {"HTTP_PROXY": ""}, None),
    ],
)
def test_the_variables_choose_the_proxy(scheme, environ, expected):
    assert proxy_for(scheme, "example.com", **environ) == expected


@pytest.mark.parametrize(
    ("entries", "host", "port", "exempt"),
    [
        ("*", "a.example.com", 80, True),
        ("example.com", "example.com", 80, True),
        ("example.com", "a.example.com", 80, True),
        (".example.com", "example.com", 80, True),
        ("oogle.com", "google.com", 80, False),
        ("EXAMPLE.com", "example.COM", 80, True),
        ("example.com:8080", "example.com", 8080, True),
        ("example.com:8080", "example.com", 80, False),
        ("x.org, example.com ,", "example.com", 80, True),
        ("", "example.com", 80, False),
        (",", "example.com", 80, False),
        (".1", "127.0.0.1", 80, True),
        ("::1", "::1", 80, True),
        ("[::1]:81", "::1", 80, False),
        ("example.com.au", "example.com", 80, False),
    ],
)
def test_no_proxy_exempts_hosts(entries, host, port, exempt):
    assert (proxy_for("http", host, port, HTTP_PROXY="http://p:1", NO_PROXY=entries) is None) is exempt


def test_a_proxy_url_may_have_credentials():
    assert parse_proxy("http://us%40er:p%3Aw@[::1]:8080/") == Proxy("http", "::1", 8080, "Basic dXNAZXI6cDp3")


@pytest.mark.parametrize("address", ["ftp://p:1", "http://", "http://p:99999", "http://p:x"])
def test_an_unusable_proxy_is_an_error_with_a_hint(address):
    with pytest.raises(RequestError, match="is not supported") as caught:
        parse_proxy(address)
    assert "HTTP_PROXY" in caught.value.hint


def test_credentials_are_not_in_the_error():
    with pytest.raises(RequestError) as caught:
        parse_proxy("ftp://user:secret@p:1")
    assert "secret" not in str(caught.value) + caught.value.hint


def test_the_absolute_target_has_no_credentials():
    assert absolute_target("http://u:p@h:080/x?y#z", "/x?y") == "http://h:080/x?y"
    assert absolute_target("http://[::1]:80", "/") == "http://[::1]:80/"


def test_http_goes_through_with_an_absolute_target(serve, clients):
    proxy = serve()
    proxy.answers["http://origin.example:8080/x"] = ok(b"through")
    client = clients(environ={"HTTP_PROXY": proxy.url()})
    assert client.send(request("http://origin.example:8080/x")).response.body == b"through"
    assert proxy.received[0].line == "GET http://origin.example:8080/x HTTP/1.1"
    assert proxy.received[0].header("host") == "origin.example:8080"


def test_one_proxy_connection_serves_several_hosts(serve, clients):
    proxy = serve()
    client = clients(environ={"HTTP_PROXY": f"u:p@127.0.0.1:{proxy.port}"})
    sent = [client.send(request(f"http://h{n}.example:80/", "POST", (("A", "b"),), b"x")) for n in range(3)]
    assert proxy.connections == 1
    lines = proxy.received[0].head.split("\r\n")[1:]
    assert lines == ["A: b", "Host: h0.example:80", "Proxy-Authorization: Basic dTpw", "Content-Length: 1", ""]
    assert ("Proxy-Authorization", "Basic dTpw") in sent[0].hops[0].headers


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


def tunnels(proxy, refuse=None):
    """The server opens tunnels, or answers each CONNECT with `refuse`."""

    def talk(sock, number):
        stream = sock.makefile("rb", buffering=0)
        head = read_head(stream)
        proxy.received.append(Received(head, b"", number))
        if refuse:
            sock.sendall(refuse)
            return
        host, _, port = proxy.received[-1].path.rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as upstream:
            sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(upstream, sock), daemon=True)
            back.start()
            pump(sock, upstream)
            back.join()

    proxy._talk = talk
    return proxy


@pytest.fixture(scope="module")
def authority():
    return certificates.make("Test CA", ca=True)


@pytest.fixture
def secure(serve, authority, tmp_path):
    """An https server and the path of the CA that signed it."""
    path = certificates.make("me", authority, names=("127.0.0.1",)).save(tmp_path / "server.pem")
    server = serve(tls=server_context(path))
    server.certificate = path
    server.ca = authority.save(tmp_path / "ca.pem")
    return server


def test_https_goes_through_a_tunnel_that_is_reused(serve, clients, secure):
    proxy = tunnels(serve())
    client = clients(environ={"HTTP_PROXY": proxy.url().replace("//", "//u:p@")}, ssl_extra_ca_certs=secure.ca)
    sent = [client.send(request(secure.url("/x"), headers=(("Secret", "s"),))) for _ in range(2)]
    assert proxy.received[0].head == (
        f"CONNECT 127.0.0.1:{secure.port} HTTP/1.1\r\nHost: 127.0.0.1:{secure.port}\r\nProxy-Authorization: Basic dTpw\r\n"
    )
    assert (len(proxy.received), [hop.reused for exchange in sent for hop in exchange.hops]) == (1, [False, True])
    assert secure.received[1].head == f"GET /x HTTP/1.1\r\nSecret: s\r\nHost: 127.0.0.1:{secure.port}\r\n"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno",
            "statusCode=407 Proxy Authentication",
        ),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "statusCode=502 Bad Gateway"),
        (b"not http", "Parse Error: Expected HTTP/"),
        (b"", "socket hang up"),
        (b"HTTP/1.1 200 OK\r\n\r\nextra", "sent data before the tunnel"),
    ],
)
def test_a_refused_tunnel_is_a_clear_error(serve, clients, secure, answer, message):
    proxy = tunnels(serve(), answer) if answer else serve()
    if not answer:
        proxy._talk = lambda sock, number: sock.recv(1000)
    with pytest.raises(RequestError, match=message):
        clients(environ={"https_proxy": proxy.url()}).send(request(secure.url()))
    assert secure.received == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_error_on_the_way_to_a_proxy_names_the_proxy(clients, scheme):
    port = free_port()
    with pytest.raises(RequestError) as caught:
        clients(environ={"HTTP_PROXY": f"http://127.0.0.1:{port}"}).send(request(f"{scheme}://origin.example:8443/"))
    assert caught.value.message == f"connect ECONNREFUSED 127.0.0.1:{port} (the proxy 127.0.0.1:{port})"
    assert (caught.value.code, "HTTP_PROXY" in caught.value.hint) == ("ECONNREFUSED", True)


def test_a_proxy_that_is_not_found_and_one_that_hangs_up_are_named(serve, clients, secure):
    with pytest.raises(RequestError, match=r"getaddrinfo \w+ no\.such\.invalid \(the proxy no\.such\.invalid:8080\)"):
        clients(environ={"HTTP_PROXY": "http://no.such.invalid:8080"}).send(request("http://origin.example:80/"))
    proxy = serve()
    proxy._talk = lambda sock, number: sock.recv(1000)
    with pytest.raises(RequestError, match=rf"\(the proxy 127\.0\.0\.1:{proxy.port}\)"):
        clients(environ={"https_proxy": proxy.url()}).send(request(secure.url()))


def test_an_error_behind_the_tunnel_is_the_servers(serve, clients, secure):
    proxy = tunnels(serve())
    with pytest.raises(RequestError) as caught:
        clients(environ={"https_proxy": proxy.url()}).send(request(secure.url()))
    assert (caught.value.code, caught.value.message) == (
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "unable to verify the first certificate",
    )


def test_the_host_of_an_absolute_target_cannot_break_the_request_line(serve, clients):
    proxy = serve()
    with pytest.raises(RequestError) as caught:
        clients(environ={"HTTP_PROXY": proxy.url()}).send(request("http://a b:80/"))
    assert (caught.value.code, proxy.received) == ("ERR_UNESCAPED_CHARACTERS", [])


def test_a_407_says_what_to_do(serve, clients, secure):
    proxy = tunnels(serve(), b"HTTP/1.1 407 No\r\n\r\n")
    with pytest.raises(RequestError) as caught:
        clients(environ={"https_proxy": proxy.url()}).send(request(secure.url()))
    assert "user:password@" in caught.value.hint


def test_an_exempt_host_is_reached_directly(serve, clients):
    server = serve()
    client = clients(environ={"HTTP_PROXY": f"http://127.0.0.1:{free_port()}", "NO_PROXY": f"127.0.0.1:{server.port}"})
    assert client.send(request(server.url())).response.code == 200


def test_a_proxy_may_speak_tls(serve, clients, secure):
    proxy = serve(tls=server_context(secure.certificate))
    client = clients(environ={"HTTP_PROXY": proxy.url()}, ssl_extra_ca_certs=secure.ca)
    assert client.send(request("http://origin.example:80/x")).response.code == 200
    assert proxy.received[0].line == "GET http://origin.example:80/x HTTP/1.1"


def test_a_tls_proxy_is_checked_too(serve, clients, secure):
    proxy = serve(tls=server_context(secure.certificate))
    with pytest.raises(RequestError, match="unable to verify"):
        clients(environ={"HTTP_PROXY": proxy.url()}).send(request("http://origin.example:80/x"))


def test_https_goes_through_a_tls_proxy(serve, clients, secure):
    proxy = tunnels(serve(tls=server_context(secure.certificate)))
    client = clients(environ={"HTTPS_PROXY": proxy.url()}, ssl_extra_ca_certs=secure.ca)
    body = bytes(range(256)) * 20_000
    sent = [client.send(request(secure.url("/x"), "POST", body=body)) for _ in range(2)]
    assert [exchange.response.code for exchange in sent] == [200, 200]
    assert [received.body for received in secure.received] == [body, body]
    assert sent[1].hops[0].reused
    assert sent[0].response.tls.startswith("TLS")


def test_the_inner_certificate_is_checked_through_a_tls_proxy(serve, clients, secure, tmp_path):
    stranger = certificates.make("self", names=("127.0.0.1",)).save(tmp_path / "self.pem")
    server = serve(tls=server_context(stranger))
    proxy = tunnels(serve(tls=server_context(secure.certificate)))
    with pytest.raises(RequestError) as caught:
        clients(environ={"HTTPS_PROXY": proxy.url()}, ssl_extra_ca_certs=secure.ca).send(request(server.url()))
    assert caught.value.code == "DEPTH_ZERO_SELF_SIGNED_CERT"
    assert isinstance(proxy.tls, ssl.SSLContext)


def test_the_users_proxy_authorization_opens_the_tunnel_and_stays_there(serve, clients, secure):
    proxy = tunnels(serve())
    client = clients(environ={"HTTPS_PROXY": proxy.url()}, ssl_extra_ca_certs=secure.ca)
    client.send(request(secure.url("/x"), headers=(("proxy-authorization", "Basic own"), ("A", "b"))))
    assert proxy.received[0].header("proxy-authorization") == "Basic own"
    assert secure.received[0].header("proxy-authorization") is None


def test_the_users_proxy_authorization_beats_the_variables(serve, clients):
    proxy = serve()
    client = clients(environ={"HTTP_PROXY": f"http://u:p@127.0.0.1:{proxy.port}"})
    client.send(request("http://h.example:80/", headers=(("Proxy-Authorization", "Basic own"),)))
    assert proxy.received[0].head.count("uthorization") == 1


def test_a_silent_proxy_meets_the_time_limit(serve, clients, secure):
    proxy = serve()
    proxy._talk = lambda sock, number: sock.recv(1000) and sock.recv(1)
    with pytest.raises(RequestError) as caught:
        clients(environ={"HTTPS_PROXY": proxy.url()}, timeout_request=50).send(request(secure.url()))
    assert caught.value.code in ("ETIMEDOUT", "ESOCKETTIMEDOUT")
