"""Whether a value that a response gave and a request has is the same by intention: long, distinctive, or named alike."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from runner.foreign.har.request.slots import COOKIE, HEADER, PATH, QUERY, Slot
from runner.secrets.known import COMMON
from runner.secrets.names import names_a_secret, words, words_of

NONE, BY_NAME, WHOLE, ANYWHERE = 0, 1, 2, 3
"""A constant; linked only where the names agree; linked where it is all of a text; linked wherever it stands."""

_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d(?:[T ]\S*)?)?|\d\d?[:/.]\d\d(?:[:/.]\d\d(?:\d\d)?)?(?: ?[AP]M)?", re.IGNORECASE)
_NUMBERS = re.compile(r"[vV]?\d+(?:[.,]\d+)+")
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")
_WORDS = re.compile(r"[A-Za-z]?[a-z]*+(?:[-_./: ]?[A-Z]?[a-z]++)*+|[A-Z]++(?:[-_./: ]?[A-Z]++)*+")
_MIME = re.compile(r"[a-z]+/[\w.+-]+(?:\s*;.*)?|text/.*|application/.*")
_UUID = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=[0-9a-f]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,}", re.IGNORECASE
)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?", re.IGNORECASE)

LONG, MEDIUM, LONG_NUMBER = 16, 6, 6
"""Characters from which on a value with digits and letters, or one of digits, is distinctive."""

_IDS = words("id ids uuid guid key slug code sku number no ref reference handle hash name cursor version etag")
_COUNTS = words("page pages size limit offset count total per skip take start end index position rank order sort")
"""Names of what counts or orders things: a small number under one of them is a constant."""


@lru_cache(maxsize=65536)
def strength(text: str) -> int:
    """How much a value says by itself."""
    if not text or len(text) > 20_000 or text.lower() in COMMON or "{{" in text:
        return NONE
    if _DATE.fullmatch(text) or _NUMBERS.fullmatch(text) or _MIME.fullmatch(text):
        return NONE
    if text.isdigit():
        return BY_NAME if len(text) < LONG_NUMBER or _EPOCH.fullmatch(text) else WHOLE
    if _UUID.fullmatch(text):
        return ANYWHERE
    if any(one.isspace() for one in text):
        return NONE if len(text) > 200 else BY_NAME
    digits = any(one.isdigit() for one in text)
    if not digits and (_WORDS.fullmatch(text) and not _looks_random(text)):
        return BY_NAME
    if _HOST.fullmatch(text):
        return BY_NAME
    if len(text) >= LONG and (digits or _looks_random(text)):
        return ANYWHERE
    return WHOLE if len(text) >= MEDIUM and digits and any(one.isalpha() for one in text) else BY_NAME


def _looks_random(text: str) -> bool:
    """Whether letters change between small and capital as they do in no word."""
    changes = sum(one.islower() != other.islower() for one, other in pairwise(text))
    return len(text) >= LONG and changes * 3 > len(text)


def agrees(slot: Slot, name: str, text: str) -> bool:
    """Whether the names of a slot and of what a response gave say that a value which may be a constant is the same."""
    if text != slot.whole and text != slot.text:
        return False
    given, used = _key_words(name), _key_words(slot.name)
    if text.isdigit() and not _COUNTS.isdisjoint((*given[-1:], *used[-1:])):
        return False
    is_id = bool(given) and given[-1] in _IDS
    secret = _is_secret(name)
    if slot.where == PATH:
        return is_id and not re.fullmatch(r"v\d+", slot.text)
    if slot.where in (HEADER, QUERY, COOKIE) and secret and _is_secret(slot.name):
        return True
    if not (is_id or secret):
        return False
    return bool(used) and (used == given or used[-len(given) :] == given or given[-len(used) :] == used)


def _is_secret(name: str) -> bool:
    return names_a_secret(name) or name.lower() in ("state", "nonce", "code", "ticket", "etag", "if-match")


def _key_words(name: str) -> list[str]:
    """The words of a name, without an `x` in front."""
    found = words_of(name)
    return found[1:] if len(found) > 1 and found[0] == "x" else found
