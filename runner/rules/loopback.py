"""Which hosts are this machine, whatever a name server says about them."""

from __future__ import annotations

import re

_LOOPBACK_ADDRESS = re.compile(r"127(?:\.\d{1,3}){3}\Z|::1\Z")


def is_localhost(host: str) -> bool:
    """Whether a host (lower case, no final dot) is `localhost` or a sub-domain of it (RFC 6761 section 6.3)."""
    return host == "localhost" or host.endswith(".localhost")


def is_loopback(host: str) -> bool:
    """Whether a host (lower case, IPv6 without brackets) is `localhost`, a sub-domain of it, in 127.0.0.0/8, or `::1`."""
    return is_localhost(host) or bool(_LOOPBACK_ADDRESS.match(host))
