"""Errors carry Node's codes and words."""

import errno
import socket
import ssl

import pytest

from runner.transport import failures


@pytest.mark.parametrize(
    ("host", "text"), [("127.0.0.1", "connect ECONNREFUSED 127.0.0.1:1"), ("::1", "connect ECONNREFUSED ::1:1")]
)
def test_a_refused_connection(host, text):
    error = failures.connect_failed(ConnectionRefusedError(errno.ECONNREFUSED, "refused"), host, 1)
    assert (error.code, error.message) == ("ECONNREFUSED", text)


@pytest.mark.parametrize("name", ["EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "ECONNRESET"])
def test_other_failures_to_connect(name):
    error = failures.connect_failed(OSError(getattr(errno, name), "x"), "h", 2)
    assert (error.code, error.message) == (name, f"connect {name} h:2")


@pytest.mark.parametrize(
    ("number", "code"), [(socket.EAI_NONAME, "ENOTFOUND"), (socket.EAI_AGAIN, "EAI_AGAIN"), (0, "ENOTFOUND")]
)
def test_a_name_that_cannot_be_resolved(number, code):
    error = failures.resolve_failed(socket.gaierror(number, "x"), "h.example")
    assert (error.code, error.message) == (code, f"getaddrinfo {code} h.example")


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("Duplicate Content-Length", "HPE_UNEXPECTED_CONTENT_LENGTH"),
        ("Missing expected CR after chunk size", "HPE_CR_EXPECTED"),
        ("Missing expected LF after header value", "HPE_LF_EXPECTED"),
        ("Something new", "HPE_INVALID_CONSTANT"),
    ],
)
def test_a_broken_response(reason, code):
    error = failures.parse_error(reason)
    assert (error.code, error.message) == (code, f"Parse Error: {reason}")


def test_every_reason_has_a_code_of_the_parser():
    assert {code[:4] for code in failures.PARSE_CODES.values()} == {"HPE_"}


def test_a_closed_socket_has_the_systems_name():
    error = failures.socket_failed(BrokenPipeError(errno.EPIPE, "x"), "write")
    assert (error.code, error.message) == ("EPIPE", "write EPIPE")


def test_a_tls_error_is_not_taken_for_a_system_error():
    error = ssl.SSLEOFError(8, "EOF occurred in violation of protocol")
    assert failures.socket_failed(error, "read").code == "ECONNRESET"


def test_an_unknown_verify_result_keeps_openssls_words():
    error = ssl.SSLCertVerificationError(1, "x")
    error.verify_code, error.verify_message = 999, "strange certificate"
    refused = failures.handshake_failed(error, "h")
    assert (refused.code, refused.message) == ("CERT_REJECTED", "strange certificate")
