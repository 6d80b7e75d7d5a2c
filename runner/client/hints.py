"""What users can do about a request that failed on the network. Imported only after a failure."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from runner.errors import RequestError
from runner.model.request import PreparedRequest
from runner.options import RunOptions
from runner.rules.loopback import is_loopback

CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")

NO_TLS = re.compile(r"wrong version number|http request|packet length too long|record layer failure|unknown protocol")
WANTS_CERTIFICATE = re.compile(r"certificate required|handshake failure|bad certificate")
OLD_TLS = re.compile(r"protocol version|unsupported protocol|legacy sigalg|internal error")


def hint_for(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    """The hint for an error of this request, "" if there is none."""
    explain = HINTS.get(error.code)
    if explain is None and error.code.startswith("HPE_"):
        explain = _no_http
    return explain(error, request, options) if explain else ""


def _place(error: RequestError, request: PreparedRequest) -> str:
    """The address that was tried. The message ends with it, as in Node; it may be that of a proxy."""
    found = re.search(r"connect \w+ (\S+:\d+)$", error.message)
    return found[1] if found else f"{request.host}:{request.port}"


def _refused(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    hint = f"nothing listens at {_place(error, request)}: is the server running, and is the port right?"
    if is_loopback(request.host.lower()) and any(map(os.path.exists, CONTAINER_MARKS)):
        hint += f" (in a container {request.host} is the container itself)"
    return hint


def _not_found(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    host = request.host
    if "{{" in host or "%7b%7b" in host.lower():
        return "the variable in the host has no value: give it with -e, --env-file or --env-var"
    if "." not in host.strip("."):
        return f"is {host!r} the name of a machine in this network, or a variable without its braces?"
    return "is the name of the host right, and can this machine reach the network that knows it (VPN, --proxy)?"


def _no_name_server(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    return "no name server answered: is the network up? if only a proxy leads out of it, set it with --proxy"


def _unreachable(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    return f"no way leads to {_place(error, request)}: is the network or the VPN up?"


def _timed_out(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    if error.message.startswith("the time for"):
        limit = f"--timeout-total {options.timeout_total}" if options.timeout_total else f"--timeout {options.timeout}"
        return f"the limit is {limit} (ms); --verbose shows where the time went"
    limit = f" within --timeout-request {options.timeout_request} (ms)" if options.timeout_request else ""
    return f"{_place(error, request)} did not answer{limit}: is a firewall, a VPN or a proxy between?"


def _silent(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    limit = f"--timeout-request {options.timeout_request} (ms)"
    return f"no byte came within {limit}: give a slow server more time, or see why it is slow"


def _reset(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    if "TLS connection" in error.message:
        return f"the server broke off the handshake: if it speaks no TLS on port {request.port}, write http://"
    if error.message in ("socket hang up", "read ECONNRESET") and request.scheme == "http":
        return (
            f"the server closed the connection without an answer: if it speaks TLS on port {request.port}, write https://"
        )
    if error.message == "aborted":
        return "the server, or something before it, broke off in the middle of the response"
    return "the server, or a firewall or proxy before it, closed the connection"


def _no_tls(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    message = error.message.lower()
    if NO_TLS.search(message):
        return f"the server speaks no TLS on port {request.port}: write http://"
    if WANTS_CERTIFICATE.search(message):
        return "does the server want a client certificate? give it with --ssl-client-cert and --ssl-client-key"
    return "the server speaks only an old version of TLS" if OLD_TLS.search(message) else ""


def _no_http(error: RequestError, request: PreparedRequest, options: RunOptions) -> str:
    if error.code != "HPE_INVALID_CONSTANT":
        return "the server's answer breaks the rules of HTTP"
    if request.scheme == "http":
        return f"what answers on port {request.port} speaks no HTTP: if it speaks TLS, write https://"
    return f"what answers on port {request.port} speaks no HTTP"


HINTS: dict[str, Callable[[RequestError, PreparedRequest, RunOptions], str]] = {
    "ECONNREFUSED": _refused,
    "ENOTFOUND": _not_found,
    "EAI_AGAIN": _no_name_server,
    "EHOSTUNREACH": _unreachable,
    "ENETUNREACH": _unreachable,
    "ETIMEDOUT": _timed_out,
    "ESOCKETTIMEDOUT": _silent,
    "ECONNRESET": _reset,
    "EPIPE": _reset,
    "EPROTO": _no_tls,
}
"""Node's error code → what makes the hint."""
