"""The challenges of a server in `WWW-Authenticate` (RFC 9110 section 11.6.1)."""

from __future__ import annotations

import re

from runner.model.quick_dataclass import dataclass
from runner.model.response import Exchange, Response

_ITEM = re.compile(r"""([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:\s*=\s*("(?:\\.|[^"\\])*"|[^\s,"]+))?""")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One scheme with its parameters; their names are in lower case."""

    scheme: str
    params: dict[str, str]


def challenges(response: Response) -> list[Challenge]:
    """All challenges of a response in order, from one header or from several."""
    found: list[Challenge] = []
    for name, value in response.headers:
        if name.lower() == "www-authenticate":
            found += _parse(value)
    return found


def _parse(header: str) -> list[Challenge]:
    found: list[Challenge] = []
    for item in _ITEM.finditer(header):
        name, value = item[1], item[2]
        if value is None:
            found.append(Challenge(name.lower(), {}))
        elif found:
            value = _ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value
            found[-1].params[name.lower()] = value
    return found


def quoted(value: str) -> str:
    """A text as a quoted string (RFC 9110 section 5.6.4)."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def same_origin(exchange: Exchange) -> bool:
    """Whether the final response came from the origin of the request: redirects may have led elsewhere."""
    return not exchange.hops or origin(exchange.hops[-1].href) == origin(exchange.request.href)


def origin(href: str) -> str:
    """Scheme, host and port of a URL, without a default port."""
    scheme, _, rest = href.partition("://")
    host = rest.partition("/")[0].partition("?")[0].lower()
    return f"{scheme}://{host.removesuffix({'http': ':80', 'https': ':443'}.get(scheme, ' '))}"
