"""Which recording answers a request: method, URI and body, compared without what differs from run to run.

Not compared are headers, so that a `Postman-Token`, a date or an access token does no harm; the boundary of a multipart
body; times and nonces of signatures; and secrets, which are placeholders in the file. The order of a query counts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from urllib.parse import quote

PLACEHOLDER = "FILTERED"
NUMBERED = re.compile(PLACEHOLDER + r"-\d+")

Key = tuple[str, str, str]
"""Method, URI and body (as latin-1 text), ready to be compared."""

_ILLEGAL = re.compile(r"[^!#$&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~%]|%(?![0-9A-Fa-f]{2})")
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#@]*@)?([^/?#]*)([^#]*)")
_DEFAULT_PORT = re.compile(r"^(http://[^/?]*):80(?=[/?]|$)|^(https://[^/?]*):443(?=[/?]|$)")
_BOUNDARY = re.compile(r"\bboundary=(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE)
# What signing puts into a URL or form anew each time: OAuth 1.0 (RFC 5849 section 3.1), AWS Signature 4 and its like.
_SIGNING = re.compile(r"((?:^|[?&])(?:oauth_(?:nonce|timestamp|signature)|x-(?:amz|goog)-date)=)[^&#]*", re.IGNORECASE)
# What a masked value cannot have held: it ends where a parameter, a text in JSON or a line ends.
_VALUE_ENDS = re.compile('[&"\r\n]')


def canonical(uri: str) -> str:
    """A URI in the one form in which they are written and compared.

    Scheme and host in lower case; no user, default port or fragment; characters that no URI may hold are
    percent-encoded (RFC 3986 section 2), everything else stays as it is.
    """
    found = _ADDRESS.match(uri)
    if found:
        slash = "" if found[3].startswith("/") else "/"
        uri = f"{found[1].lower()}://{found[2].lower()}{slash}{found[3]}"
    uri = _DEFAULT_PORT.sub(lambda match: match[1] or match[2], uri)
    return _ILLEGAL.sub(lambda match: quote(match[0], safe="", errors="surrogatepass"), uri)


def make_key(method: str, uri: str, content_type: str, body: bytes) -> Key:
    """The key of a request whose secrets are placeholders already."""
    text = body.decode("latin-1")
    boundary = _BOUNDARY.search(content_type) if "multipart" in content_type.lower() else None
    if boundary:
        text = text.replace(boundary[1] or boundary[2], "boundary")
    return method, _alike(canonical(uri)), _alike(text)


def _alike(text: str) -> str:
    text = _SIGNING.sub(r"\1", text) if "=" in text else text
    return NUMBERED.sub(PLACEHOLDER, text) if PLACEHOLDER in text else text


class Index:
    """Recordings by key. Each is taken once, equal ones in their order; a lookup costs the same for any number of them."""

    def __init__(self, keys: Sequence[Key], left: Iterable[int]) -> None:
        self.keys = keys
        self._equal: defaultdict[Key, deque[int]] = defaultdict(deque)
        self._masked: defaultdict[tuple[str, str], dict[int, None]] = defaultdict(dict)
        lengths: set[int] = set()
        for number in left:
            key = keys[number]
            self._equal[key].append(number)
            if PLACEHOLDER in key[1] or PLACEHOLDER in key[2]:
                start = _start(key)
                self._masked[start][number] = None
                lengths.add(len(start[1]))
        self._lengths = sorted(lengths, reverse=True)

    def take(self, key: Key) -> int | None:
        """The number of the recording for this request, None when there is none left."""
        waiting = self._equal.get(key)
        number = waiting[0] if waiting else self._take_masked(key)
        if number is None:
            return None
        self._equal[self.keys[number]].remove(number)
        self._masked.get(_start(self.keys[number]), {}).pop(number, None)
        return number

    def left(self, key: Key) -> bool:
        """Whether a recording with exactly this key is left."""
        return bool(self._equal.get(key))

    def _take_masked(self, key: Key) -> int | None:
        """The first recording that differs only where it is masked: now the value is one that nobody marked as secret."""
        # Only those are compared whose URI begins like this one, up to the placeholder.
        starts = ((key[0], key[1][:length]) for length in self._lengths)
        near = (number for start in starts if start in self._masked for number in self._masked[start])
        return next((number for number in near if _fits(self.keys[number], key)), None)


def _start(key: Key) -> tuple[str, str]:
    """Method, and the URI up to its first placeholder."""
    return key[0], key[1].partition(PLACEHOLDER)[0]


def _fits(recorded: Key, key: Key) -> bool:
    return _fits_text(recorded[1], key[1]) and _fits_text(recorded[2], key[2])


def _fits_text(recorded: str, now: str) -> bool:
    """Whether a text is the recorded one with any value for each placeholder; takes linear time, unlike a pattern."""
    first, *middle = recorded.split(PLACEHOLDER)
    if not middle:
        return recorded == now
    last = middle.pop()
    at, end = len(first), len(now) - len(last)
    if not now.startswith(first) or not now.endswith(last):
        return False
    for part in middle:
        found = now.find(part, at, end)
        if found < 0 or _VALUE_ENDS.search(now, at, found):
            return False
        at = found + len(part)
    return at <= end and not _VALUE_ENDS.search(now, at, end)


def origin_of(uri: str) -> str:
    """Scheme, host and port."""
    return "/".join(uri.split("/", 3)[:3])


class Nearest:
    """Finds the recording that a request without one was most likely meant for, and says what differs."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._found: dict[tuple[str, ...], list[Key]] = defaultdict(list)
        for key in index.keys:
            for name in _names(key):
                self._found[name].append(key)
        self._sorted = sorted({(key[1], key[0], key[2]) for key in index.keys})

    def describe(self, key: Key) -> str:
        """The nearest recording in words."""
        near = self._nearest(key)
        if near is None:
            return "it is empty"
        if near == key:
            count = len([one for one in self._found[key[:2]] if one == key])
            return f"{'its recording is' if count == 1 else f'its {count} recordings are'} used up"
        return f"the nearest is {near[0]} {near[1]}: {'; '.join(_differences(near, key))}"

    def _nearest(self, key: Key) -> Key | None:
        for name in _names(key):
            rows = self._found.get(name)
            if rows:
                return key if key in rows else next((row for row in rows if self._index.left(row)), rows[0])
        return self._neighbour(key)

    def _neighbour(self, key: Key) -> Key | None:
        """The one whose URI has the longest beginning in common."""
        at = bisect_left(self._sorted, (key[1], key[0], key[2]))
        near = self._sorted[max(0, at - 1) : at + 1]
        best = max(near, key=lambda row: _common(row[0], key[1]), default=None)
        return (best[1], best[0], best[2]) if best else None


def _names(key: Key) -> tuple[tuple[str, ...], ...]:
    """What a near recording has in common, best first: method and URI, method and path, path."""
    path = key[1].partition("?")[0]
    return key[:2], (key[0], path, ""), (path,)


def _differences(near: Key, key: Key) -> list[str]:
    found = [f"the method is {near[0]}"] if near[0] != key[0] else []
    path, _, query = near[1].partition("?")
    now_path, _, now_query = key[1].partition("?")
    if path != now_path:
        found.append("the path differs" if origin_of(path) == origin_of(now_path) else f"the host is {origin_of(path)}")
    if query != now_query:
        found.append(_query_difference(query.split("&"), now_query.split("&")))
    if near[2] != key[2]:
        at = _common(near[2], key[2])
        found.append(f"the body differs from byte {at}: {_excerpt(near[2], at)} recorded, {_excerpt(key[2], at)} now")
    return found


def _query_difference(recorded: Sequence[str], now: Sequence[str]) -> str:
    there, here = set(recorded), set(now)
    missing, added = [one for one in recorded if one not in here], [one for one in now if one not in there]
    if not missing and not added:
        return "the order of the query differs"
    return f"the query has {_words(missing)} for {_words(added)}"


def _words(parts: Iterable[str]) -> str:
    return " and ".join(filter(None, parts)) or "nothing"


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _excerpt(text: str, at: int) -> str:
    part = text[max(0, at - 8) : at + 24]
    return repr(part) if part else "nothing"
