"""What a server asks for in `WWW-Authenticate` (RFC 9110 section 11.6.1)."""

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
    """All challenges of a response, in order, whether in one header line or in several."""
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
            found[-1].params[name.lower()] = _unquoted(value)
    return found


def _unquoted(value: str) -> str:
    return _ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value


def quoted(value: str) -> str:
    """A text as quoted string (RFC 9110 section 5.6.4)."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def same_origin(exchange: Exchange) -> bool:
    """Whether the final answer came from where the request was sent to: redirects may have led elsewhere."""
    return not exchange.hops or origin(exchange.hops[-1].href) == origin(exchange.request.href)


def origin(href: str) -> str:
    """Scheme, host and port of a URL, a default port left out."""
    scheme, _, rest = href.partition("://")
    host = rest.partition("/")[0].partition("?")[0].lower()
    return f"{scheme}://{host.removesuffix({'http': ':80', 'https': ':443'}.get(scheme, ' '))}"
