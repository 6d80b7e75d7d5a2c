"""Which hosts are this machine, whatever a name server says of them."""

from __future__ import annotations

import re

_LOOPBACK = re.compile(r"(?:.*\.)?localhost\Z|127(?:\.\d{1,3}){3}\Z|::1\Z", re.S)


def is_loopback(host: str) -> bool:
    """Whether a host (lower case, IPv6 without brackets) is `localhost`, a sub-domain of it, 127.0.0.0/8 or `::1`."""
    return bool(_LOOPBACK.match(host))
