"""Each failure on the network says what a person can do about it; the hint is never a secret."""

import socket
import ssl
import threading

import pytest

from runner import run
from tests.transport import certificates
from tests.transport.conftest import Reply, free_port


def hint(url, **options):
    """The only failure of a run of one request to this URL: its code and its hint."""
    document = {"info": {"name": "c"}, "item": [{"name": "a", "request": {"method": "GET", "url": url}}]}
    (failure,) = run(document, **options).failures
    return failure.code, failure.hint


def test_a_port_without_a_server():
    port = free_port()
    for host in ("127.0.0.1", "localhost"):
        code, text = hint(f"http://{host}:{port}/")
        assert code == "ECONNREFUSED"
        assert f"nothing listens at 127.0.0.1:{port}" in text
        assert "is the server running" in text


def test_a_host_that_nobody_knows():
    code, text = hint("http://no-such-host.invalid/")
    assert code in ("ENOTFOUND", "EAI_AGAIN")
    assert "--proxy" in text


@pytest.mark.parametrize("url", ["{{base_url}}/users", "http://{{host}}/users", "https://{{a}}.example.com"])
def test_a_host_with_a_variable_that_has_no_value(url):
    code, text = hint(url)
    assert code in ("ENOTFOUND", "EAI_AGAIN")
    assert "has no value: give it with -e, --env-file or --env-var" in text


def test_a_server_that_says_nothing_in_time(serve):
    silent = serve({"/": Reply(b"")})
    code, text = hint(silent.url(), timeout_request=80)
    assert code == "ESOCKETTIMEDOUT"
    assert "no byte came within --timeout-request 80 (ms)" in text


def test_a_request_that_takes_longer_than_it_may(serve):
    silent = serve({"/": Reply(b"")})
    code, text = hint(silent.url(), timeout_total=80)
    assert (code, "the limit is --timeout-total 80 (ms)" in text) == ("ETIMEDOUT", True)


@pytest.fixture
def tls(serve, tmp_path):
    """Makes a server that speaks TLS, with a certificate that no client knows."""

    def make():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.make("me", names=("127.0.0.1",)).save(tmp_path / "server.pem"))
        return serve(tls=context)

    return make


@pytest.fixture
def blurting():
    """The port of a server that sends the same to everybody who connects, as one does that cannot read a handshake."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)

        def serve():
            try:
                sock, _ = listener.accept()
            except OSError:  # nobody came
                return
            with sock:
                sock.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                sock.recv(65536)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_https_on_a_port_without_tls(blurting):
    code, text = hint(f"https://127.0.0.1:{blurting}/")
    assert code == "EPROTO"
    assert f"speaks no TLS on port {blurting}: write http://" in text


def test_http_on_a_port_with_tls(tls):
    server = tls()
    code, text = hint(server.url().replace("https:", "http:"))
    assert code in ("ECONNRESET", "HPE_INVALID_CONSTANT")
    assert "write https://" in text


@pytest.mark.parametrize("record", [b"\x15\x03\x01\x00\x02\x02\x28", b"\x15\x03\x03\x00\x02\x02\x0a"])
def test_an_alert_of_tls_in_the_place_of_an_answer(serve, record):
    code, text = hint(serve({"/": Reply(record)}).url())
    assert (code, text) == ("HPE_INVALID_CONSTANT", "the server speaks TLS on this port: write https://")


def test_an_answer_that_is_no_http(serve):
    server = serve({"/": Reply(b"220 mail.example.com ESMTP\r\n")})
    assert hint(server.url())[1] == f"what answers on port {server.port} speaks no HTTP: if it speaks TLS, write https://"


def test_a_connection_that_is_closed_without_an_answer(serve):
    code, text = hint(serve({"/": Reply(b"", close=True)}).url())
    assert code == "ECONNRESET"
    assert "closed the connection without an answer" in text


def test_a_certificate_that_nobody_trusts(tls):
    _, text = hint(tls().url())
    assert "--ssl-extra-ca-certs" in text


def test_the_hint_of_the_redirect_that_failed(serve):
    port = free_port()
    location = f"Location: http://127.0.0.1:{port}/"
    server = serve({"/": Reply(f"HTTP/1.1 302 Found\r\n{location}\r\nContent-Length: 0\r\n\r\n".encode())})
    assert f"127.0.0.1:{port}" in hint(server.url())[1]


def test_a_collection_behind_an_address_that_does_not_answer():
    from runner.errors import LoadError

    with pytest.raises(LoadError, match="ECONNREFUSED") as caught:
        run(f"http://127.0.0.1:{free_port()}/c.json")
    assert "nothing listens at" in caught.value.hint


def test_a_hint_shows_no_secret(capsys):
    import sys

    document = {"info": {"name": "c"}, "item": [{"name": "a", "request": "http://s3cr3thost.localhost:1/"}]}
    run(document, reporters=("cli",), stream=sys.stdout, env_var=(("h", "s3cr3thost"),), secret=("h",))
    assert "s3cr3thost" not in capsys.readouterr().out
