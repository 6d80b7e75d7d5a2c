"""Finds the recording that answers a request: by method, URI and body, without what differs from run to run.

Headers are not compared, because of `Postman-Token`, dates and access tokens; neither are the boundary of a multipart body,
times and nonces of signatures, and secrets, which are placeholders in the file. The order of query parameters matters.
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
"""Method, URI and body (as latin-1 text), ready to compare."""

_ILLEGAL = re.compile(r"[^!#$&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~%]|%(?![0-9A-Fa-f]{2})")
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#@]*@)?([^/?#]*)([^#]*)")
_DEFAULT_PORT = re.compile(r"^(http://[^/?]*):80(?=[/?]|$)|^(https://[^/?]*):443(?=[/?]|$)")
_BOUNDARY = re.compile(r"\bboundary=(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE)
# Parameters that are new in each signed URL or form: OAuth 1.0 (RFC 5849 section 3.1), AWS Signature 4 and similar.
_SIGNING = re.compile(r"((?:^|[?&])(?:oauth_(?:nonce|timestamp|signature)|x-(?:amz|goog)-date)=)[^&#]*", re.IGNORECASE)
# What a masked value cannot contain: these end a parameter, a JSON string, or a line.
_VALUE_ENDS = re.compile('[&"\r\n]')


def canonical(uri: str) -> str:
    """A URI in the form in which URIs are written and compared.

    Scheme and host are in lower case; user info, default port and fragment are removed; characters that no URI may contain
    are percent-encoded (RFC 3986 section 2); everything else stays as it is.
    """
    found = _ADDRESS.match(uri)
    if found:
        slash = "" if found[3].startswith("/") else "/"
        uri = f"{found[1].lower()}://{found[2].lower()}{slash}{found[3]}"
    uri = _DEFAULT_PORT.sub(lambda match: match[1] or match[2], uri)
    return _ILLEGAL.sub(lambda match: quote(match[0], safe="", errors="surrogatepass"), uri)


def make_key(method: str, uri: str, content_type: str, body: bytes) -> Key:
    """The key of a request in which secrets are already placeholders."""
    text = body.decode("latin-1")
    boundary = _BOUNDARY.search(content_type) if "multipart" in content_type.lower() else None
    if boundary:
        text = text.replace(boundary[1] or boundary[2], "boundary")
    return method, _alike(canonical(uri)), _alike(text)


def _alike(text: str) -> str:
    text = _SIGNING.sub(r"\1", text) if "=" in text else text
    return NUMBERED.sub(PLACEHOLDER, text) if PLACEHOLDER in text else text


class Index:
    """Recordings by key; each can be taken once, equal ones in their order. Lookup time does not grow with them."""

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
        """The number of the recording for this request, None if none is left."""
        waiting = self._equal.get(key)
        number = waiting[0] if waiting else self._find_masked(key)
        if number is None:
            return None
        self._equal[self.keys[number]].remove(number)
        self._masked.get(_start(self.keys[number]), {}).pop(number, None)
        return number

    def left(self, key: Key) -> bool:
        """Whether a recording with exactly this key is left."""
        return bool(self._equal.get(key))

    def _find_masked(self, key: Key) -> int | None:
        """The first recording that differs only where it is masked: the value may not be known as a secret in this run."""
        # Only recordings whose URI is the same up to the first placeholder are compared.
        starts = ((key[0], key[1][:length]) for length in self._lengths)
        for start in starts:
            for number in self._masked.get(start, ()):
                _, uri, body = self.keys[number]
                if _fits(uri, key[1]) and _fits(body, key[2]):
                    return number
        return None


def _start(key: Key) -> tuple[str, str]:
    """Method, and the URI up to its first placeholder."""
    return key[0], key[1].partition(PLACEHOLDER)[0]


def _fits(recorded: str, now: str) -> bool:
    """Whether a text is the recorded one with any value for each placeholder; linear, unlike a regular expression."""
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
    """Finds the recording that most resembles a request without a recording, and says how they differ."""

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
        # Otherwise the one whose URI has the longest prefix in common is next to it in order.
        at = bisect_left(self._sorted, (key[1], key[0], key[2]))
        near = self._sorted[max(0, at - 1) : at + 1]
        best = max(near, key=lambda row: _common(row[0], key[1]), default=None)
        return (best[1], best[0], best[2]) if best else None


def _names(key: Key) -> tuple[tuple[str, ...], ...]:
    """What a similar recording has in common, best first: method and URI, method and path, path."""
    path = key[1].partition("?")[0]
    return key[:2], (key[0], path, ""), (path,)


def _differences(near: Key, key: Key) -> list[str]:
    found = [f"the method is {near[0]}"] if near[0] != key[0] else []
    path, _, query = near[1].partition("?")
    now_path, _, now_query = key[1].partition("?")
    if path != now_path:
        found.append("the path differs" if origin_of(path) == origin_of(now_path) else f"the host is {origin_of(path)}")
    if query != now_query:
        recorded, now = query.split("&"), now_query.split("&")
        there, here = set(recorded), set(now)
        missing, added = [one for one in recorded if one not in here], [one for one in now if one not in there]
        changed = f"the query has {_words(missing)} for {_words(added)}"
        found.append(changed if missing or added else "the order of the query differs")
    if near[2] != key[2]:
        at = _common(near[2], key[2])
        found.append(f"the body differs from byte {at}: {_excerpt(near[2], at)} recorded, {_excerpt(key[2], at)} now")
    return found


def _words(parts: Iterable[str]) -> str:
    return " and ".join(filter(None, parts)) or "nothing"


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _excerpt(text: str, at: int) -> str:
    part = text[max(0, at - 8) : at + 24]
    return repr(part) if part else "nothing"
