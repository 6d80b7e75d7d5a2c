"""Chooses the client certificate of a request: the first of the options whose URL pattern matches."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from runner.errors import InvalidCollection, UsageError
from runner.formats.json_text import parse_json
from runner.formats.reading import read_bytes, read_text
from runner.model.quick_dataclass import dataclass
from runner.options import RunOptions
from runner.transport.sockets.tls import ClientCertificate

PORTS = {"http": "80", "https": "443"}
_PATTERN = re.compile(
    r"(?P<schemes>[A-Za-z*+]+)://(?P<host>\*|(?:\*\.)?[^*/:?#]+)(?::(?P<port>\d+|\*))?(?P<path>/.*)?\Z", re.S
)


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """A URL match pattern: `scheme+scheme://host:port/path`.

    The host may be `*` or `*.suffix`, which also matches the suffix itself. The port may be `*`; it defaults to that of the
    scheme. In the path, `*` matches any text and `?` one character; without a path every path matches.
    """

    schemes: frozenset[str]
    host: str
    port: str
    path: re.Pattern[str]

    def matches(self, scheme: str, host: str, port: int, path: str) -> bool:
        """Whether the pattern matches a URL."""
        if scheme not in self.schemes:
            return False
        if self.port != "*" and str(port) != (self.port or PORTS.get(scheme)):
            return False
        host = host.lower()
        if self.host.startswith("*."):
            matches_host = host == self.host[2:] or host.endswith(self.host[1:])
        else:
            matches_host = self.host in ("*", host)
        return matches_host and bool(self.path.match(path or "/"))


ALL_URLS = UrlPattern(frozenset(PORTS), "*", "*", re.compile(""))


def parse_pattern(text: str) -> UrlPattern | None:
    """The pattern that a text means, None if it is invalid; `<all_urls>` matches every URL."""
    if text == "<all_urls>":
        return ALL_URLS
    found = _PATTERN.match(text)
    if not found:
        return None
    schemes = frozenset(found["schemes"].lower().split("+"))
    return UrlPattern(
        schemes=frozenset(PORTS) if "*" in schemes else schemes,
        host=found["host"].lower().strip("[]"),
        port=found["port"] or "",
        path=_glob(found["path"] or "/*"),
    )


def _glob(text: str) -> re.Pattern[str]:
    """A glob as a regular expression. Atomic groups find each piece at its first position only, which takes linear time."""
    first, *middle = [re.escape(piece).replace(r"\?", ".") for piece in re.split(r"\*+", text)]
    last = f".*{middle.pop()}" if middle else ""
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + last + r"\Z", re.S)


class ClientCertificates:
    """The client certificates of a run; raises `UsageError`, `LoadError` and `FileUnreadable` for invalid options."""

    def __init__(self, options: RunOptions) -> None:
        self._rules = [*_listed(options.ssl_client_cert_list), *_single(options)]

    def certificate_for(self, scheme: str, host: str, port: int, target: str) -> ClientCertificate | None:
        """The first certificate with a pattern that matches the URL; None for other schemes than https."""
        if scheme != "https" or not self._rules:
            return None
        path = target.partition("?")[0]
        for patterns, certificate in self._rules:
            if any(pattern.matches(scheme, host, port, path) for pattern in patterns):
                return certificate
        return None


CertificateRule = tuple[tuple[UrlPattern, ...], ClientCertificate]


def _single(options: RunOptions) -> Iterator[CertificateRule]:
    """The certificate of `--ssl-client-cert`, which is for every URL that the list does not match."""
    if not options.ssl_client_cert:
        if options.ssl_client_key:
            raise UsageError("--ssl-client-key needs --ssl-client-cert")
        return
    for path in filter(None, (options.ssl_client_cert, options.ssl_client_key)):
        read_bytes(path)
    passphrase = options.ssl_client_passphrase
    if options.ssl_client_cert.lower().endswith((".pfx", ".p12")):
        yield (ALL_URLS,), ClientCertificate(pfx=options.ssl_client_cert, passphrase=passphrase)
        return
    key = options.ssl_client_key or ""
    yield (ALL_URLS,), ClientCertificate(cert=options.ssl_client_cert, key=key, passphrase=passphrase)


def _listed(path: str | None) -> Iterator[CertificateRule]:
    if not path:
        return
    document = parse_json(read_text(path), path)
    if not isinstance(document, list):
        raise InvalidCollection("the file must be a list of client certificates", where=path)
    for at, node in enumerate(document):
        yield _rule(node, f"{path}: [{at}]", os.path.dirname(path))


def _rule(node: object, where: str, folder: str) -> CertificateRule:
    if not isinstance(node, dict) or not isinstance(node.get("matches"), list):
        raise InvalidCollection("a client certificate needs a list `matches`", where=where)
    patterns = [parse_pattern(str(text)) for text in node["matches"]]
    for text, pattern in zip(node["matches"], patterns, strict=True):
        if pattern is None:
            raise InvalidCollection(f"{text!r} is not a URL pattern", where=where, hint="write https://host:port/path*")
    cert, key, pfx = (_source(node.get(name), folder) for name in ("cert", "key", "pfx"))
    if not cert and not pfx:
        raise InvalidCollection("a client certificate needs `cert` or `pfx` with `src`", where=where)
    passphrase = None if node.get("passphrase") is None else str(node["passphrase"])
    return tuple(filter(None, patterns)), ClientCertificate(cert=cert, key=key, pfx=pfx, passphrase=passphrase)


def _source(node: object, folder: str) -> str:
    """The path in `{src}`, relative to the current folder or, if there is no such file, to that of the list."""
    path = node.get("src") if isinstance(node, dict) else node
    if not isinstance(path, str) or not path:
        return ""
    beside = os.path.join(folder, path)
    path = beside if not os.path.exists(path) and os.path.exists(beside) else path
    read_bytes(path)
    return path
