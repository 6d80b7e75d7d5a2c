"""Hosts as DNS and the `Host` header get them (URL standard, UTS 46)."""

from __future__ import annotations

import re
from functools import lru_cache

_FORBIDDEN = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]")
"""What a host must not have (URL standard, forbidden domain code points)."""

_JOINERS = ("\u200c", "\u200d")
_IPV4_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@lru_cache(maxsize=256)
def host_to_ascii(host: str) -> str:
    """A host as DNS and the `Host` header get it: lower case, UTS 46, `%62` decoded, `127.1` written out.

    A host that cannot be converted stays as it is: its lookup fails.
    """
    host = host.lower()
    if host.startswith("["):
        return _ipv6(host)
    if host.isascii() and "%" not in host and not host.rstrip(".")[-1:].isdigit():
        return host
    from urllib.parse import unquote

    decoded = unquote(host)
    try:
        found = _ipv4(_idn(decoded))
    except (ValueError, IndexError):
        return host
    return host if not found or _FORBIDDEN.search(found) else found


def _ipv6(host: str) -> str:
    """An IPv6 address in brackets in its shortest form, as the URL standard writes it (RFC 5952, no dotted end)."""
    import ipaddress

    if not host.endswith("]") or "%" in host:
        return host
    try:
        address = ipaddress.IPv6Address(host[1:-1])
    except ValueError:
        return host
    groups = [f"{address.packed[i] << 8 | address.packed[i + 1]:x}" for i in range(0, 16, 2)]
    zeros = max(re.findall(r"(?<![^:])0(?::0)+(?![^:])", ":".join(groups)), key=len, default="")
    if not zeros:
        return f"[{':'.join(groups)}]"
    front, _, back = f":{':'.join(groups)}:".partition(f":{zeros}:")
    return f"[{front[1:]}::{back[:-1]}]"


def _idn(host: str) -> str:
    if host.isascii():
        return host
    import unicodedata

    import idna

    mapped = unicodedata.normalize("NFC", idna.uts46_remap(host, std3_rules=False, transitional=False))
    labels = mapped.split(".")
    if any(unicodedata.bidirectional(mark) in ("R", "AL", "AN") for mark in mapped):
        for label in labels:
            idna.check_bidi(label)
    for label in labels:
        if not all(idna.valid_contextj(label, at) for at, mark in enumerate(label) if mark in _JOINERS):
            raise ValueError(host)
    return ".".join([x if x.isascii() else "xn--" + x.encode("punycode").decode() for x in labels])


def _ipv4(host: str) -> str:
    """The dotted form of the IPv4 shorthands that browsers take: one to four decimal, octal or hexadecimal numbers."""
    parts = host.removesuffix(".").split(".")
    if not _IPV4_NUMBER.fullmatch(parts[-1]):
        return host
    numbers = [_ipv4_number(part) for part in parts]
    *first, last = numbers
    if len(numbers) > 4 or any(n > 255 for n in first) or last >= 256 ** (5 - len(numbers)):
        raise ValueError(host)
    address = last + sum(n << (8 * (3 - i)) for i, n in enumerate(first))
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))


def _ipv4_number(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if len(text) > 1 and text[0] == "0" else int(text)
