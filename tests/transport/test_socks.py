"""SOCKS proxies: everything goes through them as if there were none."""

import sys

import pytest

from runner.errors import RequestError
from tests.transport import certificates
from tests.transport.conftest import free_port, request
from tests.transport.socks_server import SocksServer
from tests.transport.test_tls import server_context


@pytest.fixture
def socks():
    servers = []

    def start(**more):
        servers.append(SocksServer(**more))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.mark.parametrize("scheme", ["socks4", "socks4a", "socks5", "socks5h", "socks"])
def test_http_goes_through_as_if_there_were_no_proxy(serve, clients, socks, scheme):
    server, proxy = serve(), socks()
    client = clients(environ={"ALL_PROXY": f"{scheme}://127.0.0.1:{proxy.port}"})
    hops = [client.send(request(server.url("/x"))).hops[0] for _ in range(2)]
    assert server.received[0].head == f"GET /x HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
    assert (proxy.wanted, hops[1].reused) == ([("127.0.0.1", server.port)], True)


@pytest.mark.parametrize("scheme", ["socks4a", "socks5h", "socks"])
def test_the_proxy_looks_up_the_name(serve, clients, socks, scheme):
    server = serve()
    proxy = socks(always=server.port)
    client = clients(environ={"HTTP_PROXY": f"{scheme}://127.0.0.1:{proxy.port}"})
    assert client.send(request("http://origin.example:80/")).response.code == 200
    assert proxy.wanted == [("origin.example", 80)]


def test_https_goes_through(serve, clients, socks, tmp_path):
    pem = certificates.make("127.0.0.1", names=("127.0.0.1",), ca=True).save(tmp_path / "server.pem")
    server, proxy = serve(tls=server_context(pem)), socks()
    client = clients(environ={"HTTPS_PROXY": f"socks5://127.0.0.1:{proxy.port}"}, ssl_extra_ca_certs=pem)
    response = client.send(request(server.url(), protocol_version="auto")).response
    assert (response.code, response.http_version) == (200, "1.1")
    with pytest.raises(RequestError, match="SOCKS proxy"):
        client.send(request(server.url(), protocol_version="http2"))


def test_user_and_password_are_told(serve, clients, socks):
    server, proxy = serve(), socks(password=(b"us@er", b"p:w"))
    client = clients(environ={"ALL_PROXY": f"socks5://us%40er:p%3Aw@127.0.0.1:{proxy.port}"})
    assert client.send(request(server.url())).response.code == 200
    with pytest.raises(RequestError, match="SOCKS proxy could not connect"):
        clients(environ={"ALL_PROXY": f"socks5://u:wrong@127.0.0.1:{proxy.port}"}).send(request(server.url()))


@pytest.mark.parametrize("scheme", ["socks4", "socks5"])
def test_a_refusal_is_an_error(clients, socks, scheme):
    proxy = socks(refuse=True)
    with pytest.raises(RequestError, match="SOCKS proxy could not connect"):
        clients(environ={"ALL_PROXY": f"{scheme}://127.0.0.1:{proxy.port}"}).send(request("http://127.0.0.1:1/"))


def test_a_proxy_that_is_not_there_is_named(clients):
    port = free_port()
    with pytest.raises(RequestError, match=f"connect ECONNREFUSED 127.0.0.1:{port}"):
        clients(environ={"ALL_PROXY": f"socks5://127.0.0.1:{port}"}).send(request("http://127.0.0.1:1/"))


def test_without_the_package_the_error_says_what_to_install(clients, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_socks", None)
    with pytest.raises(RequestError, match="needs the package python-socks") as caught:
        clients(environ={"ALL_PROXY": "socks5://127.0.0.1:1"}).send(request("http://127.0.0.1:1/"))
    assert "postrunner[socks]" in caught.value.hint
