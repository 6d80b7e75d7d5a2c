"""TLS: one context per combination of settings, made when first needed, because that takes 27 ms."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Protocol

from runner.descriptors import tell_read
from runner.errors import RequestError
from runner.formats.reading import read_bytes
from runner.model.quick_dataclass import dataclass
from runner.transport import failures
from runner.transport.limits import Limits
from runner.transport.sockets.waiting import Stream, shake_hands

if TYPE_CHECKING:
    import ssl


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A client certificate: PEM files (`cert`, optionally `key`) or a `pfx` file, and its passphrase."""

    cert: str = ""
    key: str = ""
    pfx: str = ""
    passphrase: str | None = None


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """Everything that a TLS context depends on; equal settings share a context and connections.

    `node_ca` is the file in NODE_EXTRA_CA_CERTS: as in Node, one that cannot be used is ignored. `protocols` are offered by
    ALPN; HTTP/1.1 alone needs none.
    """

    verify: bool = True
    extra_ca: str | None = None
    node_ca: str = ""
    disabled_protocols: tuple[str, ...] = ()
    ciphers: tuple[str, ...] = ()
    prefer_server_ciphers: bool = False
    certificate: ClientCertificate | None = None
    protocols: tuple[str, ...] = ()


class TlsStream(Stream, Protocol):
    """A stream with TLS on it."""

    @property
    def session(self) -> ssl.SSLSession | None:
        """The session to resume in the next handshake with the same server."""
        ...

    def cipher(self) -> tuple[str, str, int] | None:
        """Name, protocol and key bits of the cipher."""
        ...

    def version(self) -> str | None:
        """The version of TLS, like `TLSv1.3`."""
        ...

    def selected_alpn_protocol(self) -> str | None:
        """The protocol that the server chose from those offered."""
        ...


class TlsContexts:
    """Makes and keeps the contexts, and the sessions to resume with the same host."""

    def __init__(self) -> None:
        self._contexts: dict[TlsSettings, ssl.SSLContext] = {}
        self._sessions: dict[tuple[TlsSettings, str, int], ssl.SSLSession] = {}
        self._lock = threading.Lock()

    def for_other_user(self) -> TlsContexts:
        """The same contexts, which take long to make, with sessions of their own."""
        other = copy(self)
        other._sessions = {}
        return other

    def context(self, settings: TlsSettings) -> ssl.SSLContext:
        """The context for `settings`."""
        with self._lock:
            context = self._contexts.get(settings)
            if context is None:
                context = self._contexts[settings] = make_context(settings)
            return context

    def wrap(self, sock: socket.socket, settings: TlsSettings, host: str, port: int, limits: Limits) -> ssl.SSLSocket:
        """Do the handshake on a connected socket, resuming a session if there is one; raises `RequestError`."""
        context = self.context(settings)
        session = self._sessions.get((settings, host, port))
        secured = None
        try:
            # As bytes: for text, Python would import its tables of IDNA, and prepared hosts are already ASCII.
            name = (host.rstrip(".") or host).encode("ascii")
            secured = context.wrap_socket(sock, False, False, server_hostname=name, session=session)
            shake_hands(secured, secured.do_handshake, limits)
            return secured
        except BaseException as error:
            if secured is not None:
                secured.close()
            if isinstance(error, TimeoutError):
                raise failures.connect_timeout() from None
            if isinstance(error, OSError):
                self._sessions.pop((settings, host, port), None)
                raise _with_unused_ca(failures.handshake_failed(error, host), settings) from None
            if isinstance(error, ValueError):
                text = f"{host!r} is not a host name for TLS: {error}"
                raise RequestError(text, code="ERR_INVALID_ARG_VALUE") from None
            raise

    def remember(self, sock: TlsStream, settings: TlsSettings, host: str, port: int) -> None:
        """Keep the session of a connection that has been used: TLS 1.3 sends it only after the handshake."""
        session = sock.session
        if session is not None and session.has_ticket:
            self._sessions[settings, host, port] = session


def make_context(settings: TlsSettings) -> ssl.SSLContext:
    """A client context; raises `RequestError` if a setting cannot be satisfied."""
    import ssl

    if settings.verify:
        context = ssl.create_default_context()
        # Python 3.13 rejects malformed certificates that Node accepts.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        fill_empty_store(context)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.extra_ca:
        _add_authorities(context, settings.extra_ca)
    if settings.node_ca:
        with suppress(OSError):
            context.load_verify_locations(cafile=settings.node_ca)
    _limit_protocols(context, settings.disabled_protocols)
    if settings.prefer_server_ciphers:
        context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    if settings.ciphers:
        _choose_ciphers(context, settings.ciphers)
    if settings.certificate:
        load_client_certificate(context, settings.certificate)
    if settings.protocols:
        context.set_alpn_protocols(settings.protocols)
    return context


def fill_empty_store(context: ssl.SSLContext) -> None:
    """Use the authorities of `certifi` if Python finds none of the system, as in the macOS builds of python.org."""
    import ssl

    paths = ssl.get_default_verify_paths()
    if context.cert_store_stats()["x509"] or paths.cafile or (paths.capath and os.listdir(paths.capath)):
        return
    try:
        import certifi
    except ImportError:
        return
    context.load_verify_locations(certifi.where())


def _add_authorities(context: ssl.SSLContext, path: str) -> None:
    tell_read(path)
    try:
        context.load_verify_locations(cafile=path)
    except OSError as error:
        hint = "--ssl-extra-ca-certs needs certificates in PEM: -----BEGIN CERTIFICATE-----"
        raise _unusable("the extra certificate authorities", path, error, hint) from None


def _with_unused_ca(error: RequestError, settings: TlsSettings) -> RequestError:
    """The error, with a hint about NODE_EXTRA_CA_CERTS if its file cannot be used."""
    import ssl

    if settings.node_ca and error.hint == failures.TRUST_HINT:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=settings.node_ca)
        except OSError as reason:
            why = reason.strerror or "no PEM"
            error.hint += f"; NODE_EXTRA_CA_CERTS={settings.node_ca} cannot be used: {why}"
    return error


def _limit_protocols(context: ssl.SSLContext, disabled: tuple[str, ...]) -> None:
    """Disable protocols by Postman's names (`TLSv1_2`); those before TLS 1.2 are never offered."""
    import ssl

    if "TLSv1_2" in disabled and "TLSv1_3" in disabled:
        raise RequestError("all TLS protocols are disabled", code="ERR_SSL_NO_PROTOCOLS_AVAILABLE")
    if "TLSv1_2" in disabled:
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    if "TLSv1_3" in disabled:
        context.maximum_version = ssl.TLSVersion.TLSv1_2


def _choose_ciphers(context: ssl.SSLContext, names: tuple[str, ...]) -> None:
    try:
        context.set_ciphers(":".join(names))
    except OSError:
        raise RequestError(f"none of the TLS ciphers {', '.join(names)} is known", code="ERR_SSL_NO_CIPHER_MATCH") from None


def load_client_certificate(context: ssl.SSLContext, certificate: ClientCertificate) -> None:
    """Add a client certificate to `context`; raises `RequestError`."""
    # Without a callback, OpenSSL would ask for the passphrase on the terminal.
    passphrase = certificate.passphrase or ""
    path = certificate.pfx or certificate.cert
    try:
        if certificate.pfx:
            import secrets

            from runner.outputs import private_file

            # Python's ssl reads PEM files only: the PFX goes through a temporary file whose key is encrypted with `lock`.
            lock = secrets.token_hex(16)
            with private_file(_pfx_to_pem(certificate.pfx, certificate.passphrase, lock)) as name:
                context.load_cert_chain(name, None, lock)
        else:
            context.load_cert_chain(certificate.cert, certificate.key or None, lambda: passphrase)
    except (OSError, ValueError) as error:
        hint = CERTIFICATE_HINT if certificate.passphrase else f"{CERTIFICATE_HINT}; no passphrase was given"
        raise _unusable("the client certificate", path, error, hint) from None


CERTIFICATE_HINT = "it must hold certificate and key (or the key has a file of its own), and the passphrase must be its own"


def _unusable(what: str, path: str, error: Exception, hint: str) -> RequestError:
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    if reason.startswith("[SSL] PEM lib"):
        reason = "it cannot be read as PEM"
    return RequestError(f"cannot use {what} {path}: {reason}", code="ERR_OSSL_PEM", hint=hint)


def _pfx_to_pem(path: str, passphrase: str | None, lock: str) -> bytes:
    try:
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            Encoding,
            PrivateFormat,
            pkcs12,
        )
    except ImportError:
        raise ValueError("PFX files need the package `cryptography`") from None
    key, leaf, chain = pkcs12.load_key_and_certificates(read_bytes(path), passphrase.encode() if passphrase else None)
    if key is None or leaf is None:
        raise ValueError("the PFX file has no key or no certificate")
    key_pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(lock.encode()))
    return key_pem + b"".join(part.public_bytes(Encoding.PEM) for part in (leaf, *chain))
