"""The request that a command line describes, as an item of a collection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field

from runner.errors import UsageError
from runner.foreign.curl.single import Single, single_of_text, single_of_words
from runner.formats.foreign import kind_of_text
from runner.formats.postman.v2_url import dump_url
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.rules.url import parse_url

_VARIABLE = re.compile(r"\{\{[^{}]*+\}\}")
_CURL = re.compile(r"(?:[./~][^\s:]*/|[a-z]:\\(?:[^\s\\]*\\)*)?curl(?:\.exe)?", re.IGNORECASE)
OF_CURL_ALONE = ("followRedirects", "disableCookies", "removeRefererHeaderOnRedirect", "followOriginalHttpMethod")
"""Settings of a request that make it do what curl does without being asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options of a request say; they have the names and the meaning that curl gives them."""

    method: str = ""
    headers: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    data_binary: tuple[str, ...] = ()
    json: tuple[str, ...] = ()
    user: str | None = None
    bearer: str | None = None
    more: JsonObject = field(default_factory=dict)

    def words(self) -> Iterator[str]:
        """The same as words of a curl command."""
        pieces = {"--data": self.data, "--data-binary": self.data_binary, "--json": self.json}
        if sum(map(bool, pieces.values())) > 1:
            raise UsageError(f"{' and '.join(name for name, given in pieces.items() if given)} both give the body")
        for header in self.headers:
            if ":" not in header and not header.startswith("@") and not header.rstrip().endswith(";"):
                raise UsageError(
                    f"{header.partition(' ')[0]!r} is not a header", where="--header", hint="write 'Name: value'"
                )
        singles = {"--request": self.method or None, "--user": self.user, "--oauth2-bearer": self.bearer}
        for name, values in {**pieces, "--header": self.headers}.items():
            for value in values:
                yield from (name, value)
        for name, single in singles.items():
            if single is not None:
                yield from (name, single)


def is_curl(words: Sequence[str]) -> bool:
    """Whether the words of a command line are a curl command: as one text, or word by word."""
    first = words[0] if words else ""
    if not any(map(str.isspace, first)):
        return _CURL.fullmatch(first) is not None
    kind = kind_of_text(first, "")
    return kind is not None and kind.reader == "curl"


def from_curl(words: Sequence[str]) -> Single:
    """The request of a curl command; raises `UsageError`."""
    return single_of_text(words[0]) if len(words) == 1 else single_of_words(words)


def from_url(url: str, given: Given) -> Single:
    """The request for a URL, which Postman's rules read; raises `UsageError`."""
    check_url(url)
    made = single_of_words(["curl", *given.words(), "http://localhost/"])
    request, settings = made.item["request"], made.item.pop("protocolProfileBehavior")
    request["url"] = dump_url(parse_url(url), url)
    kept = {name: value for name, value in settings.items() if name not in OF_CURL_ALONE}
    path = "/".join(("", *(parse_url(url).path or ("",))))
    made.item |= {"name": f"{request['method']} {path}", **({"protocolProfileBehavior": kept} if kept else {})}
    return made


def check_url(url: str) -> None:
    """Raise `UsageError` for what cannot be a URL, whatever its variables hold."""
    plain = _VARIABLE.sub(lambda found: "v", url).strip()
    scheme, mark, rest = plain.partition("://")
    if not plain:
        raise UsageError("the URL is empty", hint="is a variable not set?")
    if mark and scheme.lower() not in ("http", "https") and "{{" not in url.partition("://")[0]:
        raise UsageError(f"{scheme!r} is not a protocol of a request", where="URL", hint="they are http and https")
    host = re.split(r"[/?#\\]", rest if mark else plain, maxsplit=1)[0].rpartition("@")[2]
    name, _, port = host.rpartition(":") if ":" in host and not host.endswith("]") else (host, "", "")
    if not name:
        raise UsageError("there is no host in it", where="URL", hint="write http://HOST/PATH")
    if any(one.isspace() for one in name):
        raise UsageError("there is a blank in its host", where="URL")
    if port and port != "v" and not (port.isdecimal() and int(port) < 65536):
        raise UsageError(f"{port!r} is not a port", where="URL", hint="it is a number up to 65535")
