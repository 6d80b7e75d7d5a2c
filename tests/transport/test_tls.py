"""TLS: who is trusted, what is negotiated, and how it fails."""

import json
import socket
import ssl

import pytest

from runner.errors import FileUnreadable, RequestError
from runner.transport.limits import Limits
from runner.transport.sockets.tls import ClientCertificate, TlsContexts, TlsSettings, fill_empty_store, make_context
from tests.transport import certificates
from tests.transport.conftest import request


@pytest.fixture(scope="session")
def authority():
    return certificates.make("Test CA", ca=True)


@pytest.fixture
def files(tmp_path, authority):
    """A function that saves a certificate and gives its path; `ca.pem` is there already."""
    (tmp_path / "ca.pem").write_bytes(authority.certificate.public_bytes(certificates.Encoding.PEM))

    def save(name, certificate):
        return certificate.save(tmp_path / name)

    save.ca = str(tmp_path / "ca.pem")
    save.folder = tmp_path
    return save


def server_context(path, **attributes):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    for name, value in attributes.items():
        setattr(context, name, value)
    return context


@pytest.fixture
def good(files, authority, serve):
    """A server whose certificate the test CA signed."""
    return serve(
        tls=server_context(files("server.pem", certificates.make("me", authority, names=("127.0.0.1", "localhost"))))
    )


def test_an_extra_authority_is_trusted(good, clients, files):
    client = clients(ssl_extra_ca_certs=files.ca)
    response = client.send(request(good.url())).response
    assert response.code == 200
    assert response.tls.startswith("TLSv1.3 ")
    assert response.timings.tls > 0


def test_the_authorities_that_node_is_told_count_too(good, clients, files):
    environ = {"NODE_EXTRA_CA_CERTS": files.ca}
    assert clients(environ=environ).send(request(good.url())).response.code == 200


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_authorities_of_node_that_cannot_be_used_are_passed_over_as_in_node(good, clients, files, content):
    path = files.folder / "node.pem"
    if content:
        path.write_text(content)
    environ = {"NODE_EXTRA_CA_CERTS": str(path)}
    assert clients(environ=environ, ssl_extra_ca_certs=files.ca).send(request(good.url())).response.code == 200
    with pytest.raises(RequestError) as caught:
        clients(environ=environ).send(request(good.url()))
    assert f"NODE_EXTRA_CA_CERTS={path} cannot be used" in caught.value.hint


def test_tls_connections_are_kept(good, clients, files):
    client = clients(ssl_extra_ca_certs=files.ca)
    assert [client.send(request(good.url())).hops[0].reused for _ in range(3)] == [False, True, True]
    assert good.connections == 1


def test_the_server_name_is_sent_and_checked(good, clients, files):
    client = clients(ssl_extra_ca_certs=files.ca)
    assert client.send(request(f"https://localhost:{good.port}/")).response.code == 200


def test_an_unknown_authority_is_refused(good, clients):
    with pytest.raises(RequestError) as caught:
        clients().send(request(good.url()))
    assert (caught.value.code, caught.value.message) == (
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "unable to verify the first certificate",
    )
    assert "--ssl-extra-ca-certs" in caught.value.hint


@pytest.mark.parametrize(
    ("make", "code", "text"),
    [
        (
            lambda ca: certificates.make("self", names=("127.0.0.1",)),
            "DEPTH_ZERO_SELF_SIGNED_CERT",
            "self-signed certificate",
        ),
        (
            lambda ca: certificates.make("old", ca, names=("127.0.0.1",), days=-1),
            "CERT_HAS_EXPIRED",
            "certificate has expired",
        ),
        (
            lambda ca: certificates.make("other", ca, names=("example.com",)),
            "ERR_TLS_CERT_ALTNAME_INVALID",
            "Hostname/IP does not match certificate's altnames",
        ),
    ],
)
def test_a_bad_certificate_is_named(serve, clients, files, authority, make, code, text):
    server = serve(tls=server_context(files("bad.pem", make(authority))))
    with pytest.raises(RequestError) as caught:
        clients(ssl_extra_ca_certs=files.ca).send(request(server.url()))
    assert caught.value.code == code
    assert caught.value.message.startswith(text)


def test_a_root_in_the_chain_that_nobody_trusts_is_named(serve, clients, files, authority):
    leaf = certificates.make("me", authority, names=("127.0.0.1",))
    path = files.folder / "chain.pem"
    path.write_bytes(leaf.pem() + authority.certificate.public_bytes(certificates.Encoding.PEM))
    server = serve(tls=server_context(path))
    with pytest.raises(RequestError) as caught:
        clients().send(request(server.url()))
    assert caught.value.code == "SELF_SIGNED_CERT_IN_CHAIN"


def test_insecure_takes_any_certificate(good, clients):
    assert clients(insecure=True).send(request(good.url())).response.code == 200


def test_the_items_strict_ssl_beats_the_option(good, clients):
    assert clients().send(request(good.url(), strict_ssl=False)).response.code == 200
    with pytest.raises(RequestError):
        clients(insecure=True).send(request(good.url(), strict_ssl=True))


def test_a_connection_made_without_the_check_never_serves_a_strict_request(good, clients):
    client = clients(insecure=True)
    client.send(request(good.url()))
    with pytest.raises(RequestError):
        client.send(request(good.url(), strict_ssl=True))


def test_disabled_protocols_are_not_offered(good, clients, files):
    client = clients(ssl_extra_ca_certs=files.ca)
    response = client.send(request(good.url(), tls_disabled_protocols=("TLSv1_3",))).response
    assert response.tls.startswith("TLSv1.2 ")


def test_chosen_ciphers_are_used(good, clients, files):
    client = clients(ssl_extra_ca_certs=files.ca)
    behavior = {"tls_disabled_protocols": ("TLSv1_3",), "tls_cipher_selection": ("ECDHE-ECDSA-AES256-GCM-SHA384",)}
    assert client.send(request(good.url(), **behavior)).response.tls == "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384"


def test_unknown_ciphers_are_named(good, clients):
    with pytest.raises(RequestError, match="none of the TLS ciphers NOPE is known"):
        clients().send(request(good.url(), tls_cipher_selection=("NOPE",)))


def test_a_server_that_speaks_no_tls_is_named(serve, clients):
    server = serve()
    server._talk = lambda sock, number: sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n") or sock.recv(1000)
    with pytest.raises(RequestError) as caught:
        clients().send(request(f"https://127.0.0.1:{server.port}/"))
    assert (caught.value.code, caught.value.message) == ("EPROTO", "write EPROTO SSL routines: wrong version number")


def test_a_server_that_hangs_up_in_the_handshake_is_named(serve, clients):
    server = serve()
    server._talk = lambda sock, number: sock.recv(5)
    with pytest.raises(RequestError, match="before secure TLS connection was established") as caught:
        clients().send(request(f"https://127.0.0.1:{server.port}/"))
    assert caught.value.code == "ECONNRESET"


def test_a_silent_server_meets_the_time_limit_in_the_handshake(serve, clients):
    server = serve()
    server._talk = lambda sock, number: sock.recv(1000) and sock.recv(100_000)
    with pytest.raises(RequestError) as caught:
        clients(timeout_request=50).send(request(f"https://127.0.0.1:{server.port}/"))
    assert caught.value.code in ("ETIMEDOUT", "ESOCKETTIMEDOUT")


def test_sessions_are_resumed(good, clients, files):
    client = clients(ssl_extra_ca_certs=files.ca)
    for _ in range(2):
        client.send(request(good.url()))
        client._network._connections.close()
    route_tls = client._tls
    client.send(request(good.url()))
    (connection,) = next(iter(client._network._connections._idle.values()))
    assert connection.route.tls == route_tls
    assert connection.sock.session_reused


def test_a_missing_authority_file_is_named_before_anything_is_sent(clients):
    with pytest.raises(FileUnreadable, match="does not exist") as caught:
        clients(ssl_extra_ca_certs="no/such.pem")
    assert caught.value.where == "no/such.pem"


def test_an_authority_file_without_certificates_is_named(good, clients, tmp_path):
    path = tmp_path / "empty.pem"
    path.write_text("nothing")
    with pytest.raises(RequestError, match="cannot use the extra certificate authorities"):
        clients(ssl_extra_ca_certs=str(path)).send(request(good.url()))


def test_contexts_are_shared():
    contexts = TlsContexts()
    assert contexts.context(TlsSettings(verify=False)) is contexts.context(TlsSettings(verify=False))
    assert contexts.context(TlsSettings(verify=False)) is not contexts.context(TlsSettings())


@pytest.fixture
def mutual(files, authority, serve):
    """A server that wants a client certificate."""
    path = files("server.pem", certificates.make("me", authority, names=("127.0.0.1",)))
    context = server_context(path, verify_mode=ssl.CERT_REQUIRED)
    context.load_verify_locations(files.ca)
    return serve(tls=context)


def test_a_missing_client_certificate_is_named(mutual, clients, files):
    with pytest.raises(RequestError) as caught:
        clients(ssl_extra_ca_certs=files.ca).send(request(mutual.url()))
    # The server's reset can overtake its alert.
    assert caught.value.code in ("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "ECONNRESET", "EPIPE")


def test_a_pem_with_a_passphrase_loads_and_without_one_does_not(tmp_path, authority):
    me = certificates.make("client", authority)
    path = me.save(tmp_path / "client.pem", "secret")
    make_context(TlsSettings(verify=False, certificate=ClientCertificate(cert=path, passphrase="secret")))
    for wrong in (None, "wrong"):
        with pytest.raises(RequestError, match=r"cannot use the client certificate .*cannot be read as PEM") as caught:
            make_context(TlsSettings(verify=False, certificate=ClientCertificate(cert=path, passphrase=wrong)))
        assert ("no passphrase was given" in caught.value.hint) is (wrong is None)


def test_a_pfx_file_loads(tmp_path, authority):
    path = tmp_path / "client.pfx"
    path.write_bytes(certificates.make("client", authority).pfx("secret"))
    make_context(TlsSettings(verify=False, certificate=ClientCertificate(pfx=str(path), passphrase="secret")))
    with pytest.raises(RequestError, match="cannot use the client certificate"):
        make_context(TlsSettings(verify=False, certificate=ClientCertificate(pfx=str(path), passphrase="wrong")))


@pytest.mark.parametrize("form", ["pem", "pem and key", "pfx", "list"])
def test_the_client_certificate_is_shown(mutual, clients, files, authority, form):
    me, folder = certificates.make("client", authority), files.folder
    (folder / "cert.pem").write_bytes(me.certificate.public_bytes(certificates.Encoding.PEM))
    (folder / "key.pem").write_bytes(me.key_pem("secret"))
    (folder / "me.pfx").write_bytes(me.pfx("secret"))
    entry = {
        "matches": ["https://127.0.0.1:*/*"],
        "cert": {"src": "cert.pem"},
        "key": {"src": "key.pem"},
        "passphrase": "secret",
    }
    (folder / "list.json").write_text(json.dumps([{**entry, "matches": ["https://x.org"]}, entry]))
    options = {
        "pem": {"ssl_client_cert": me.save(folder / "both.pem", "secret")},
        "pem and key": {"ssl_client_cert": str(folder / "cert.pem"), "ssl_client_key": str(folder / "key.pem")},
        "pfx": {"ssl_client_cert": str(folder / "me.pfx")},
        "list": {"ssl_client_cert_list": str(folder / "list.json")},
    }[form]
    client = clients(ssl_extra_ca_certs=files.ca, ssl_client_passphrase="secret", **options)
    assert client.send(request(mutual.url())).response.code == 200
    assert list(folder.glob("*.tmp")) == []


def test_the_check_is_no_stricter_than_nodes():
    assert not make_context(TlsSettings()).verify_flags & ssl.VERIFY_X509_STRICT


def test_an_empty_store_is_filled(monkeypatch):
    class Nowhere:
        cafile = capath = None

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setattr(ssl, "get_default_verify_paths", Nowhere)
    fill_empty_store(context)
    assert context.cert_store_stats()["x509_ca"] > 50


@pytest.mark.parametrize("disabled", [("TLSv1_2",), ("TLSv1_2", "TLSv1_3")])
def test_disabled_protocols_limit_the_context(disabled):
    settings = TlsSettings(verify=False, disabled_protocols=disabled, prefer_server_ciphers=True)
    if len(disabled) == 2:
        with pytest.raises(RequestError, match="all TLS protocols are disabled"):
            make_context(settings)
    else:
        assert make_context(settings).minimum_version == ssl.TLSVersion.TLSv1_3


@pytest.mark.parametrize("name", [".a", "", "\xe9"])
def test_a_name_that_tls_cannot_check_is_named(good, name):
    settings, place = TlsSettings(verify=False), ("127.0.0.1", good.port)
    with socket.create_connection(place) as sock, pytest.raises(RequestError, match="not a host name for TLS"):
        TlsContexts().wrap(sock, settings, name, 443, Limits())


def test_a_big_body_arrives_whole_over_tls(good, clients, files):
    body = bytes(range(256)) * 40_000
    client = clients(ssl_extra_ca_certs=files.ca)
    for _ in range(2):
        client.send(request(good.url(), "PUT", body=body))
    assert [received.body == body for received in good.received] == [True, True]
    assert good.connections == 1
