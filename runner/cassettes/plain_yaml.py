"""Reads the YAML of a cassette as plain data: text, bytes, numbers, dates, lists and dicts, whatever its tags ask for.

Only PyYAML's parser is used. Values are built from its events, without recursion and without its constructors, which could
create any object. Every tag that some version of vcrpy has written has an entry that says which data it stands for; every
other tag is an error. Time and memory grow linearly with the file: what aliases and merge keys may repeat is limited.
"""

from __future__ import annotations

import codecs
import math
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol, TypeVar

from runner.errors import InvalidDocument

DEEPEST = 100
"""Levels of nested lists and mappings; a recording has six."""

LONGEST_NUMBER = 400
"""Characters of a number: parsing takes quadratic time."""

REPEATED = 1_000_000
"""Characters and values that aliases may repeat, in addition to ten times the size of the file."""

BIGGEST_KEY = 2**60
"""The largest whole number allowed as a key: among larger ones, a file could choose many with equal hashes."""

MOST_TAG_NAMES = 100
"""`%TAG` directives: the parser compares each of them with all others."""

STANDARD = "tag:yaml.org,2002:"
PYTHON = STANDARD + "python/"

NO_YAML = "is not the YAML of a cassette: "

T = TypeVar("T")

_MERGE = object()
"""Stands for the key `<<` of a mapping."""

_TAG_NAME = re.compile(rb"(?:[\n\r]|\xc2\x85|\xe2\x80[\xa8\xa9])%TAG")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class YamlMark(Protocol):
    """A position in a file; both numbers count from 0."""

    line: int
    column: int


class YamlEvent(Protocol):
    """An event of PyYAML's parser; which of the attributes it has depends on its class."""

    start_mark: YamlMark
    anchor: str | None
    tag: str | None
    value: str
    implicit: tuple[bool, bool]


def read_yaml(content: bytes, where: str) -> object:
    """The single document of a file; raises `InvalidDocument` with line and column."""
    import yaml  # type: ignore[import-untyped]

    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    if len(_TAG_NAME.findall(content)) > MOST_TAG_NAMES:
        raise InvalidDocument(f"{NO_YAML}more than {MOST_TAG_NAMES} lines with %TAG", where=where)
    builder = _Builder(where, REPEATED + 10 * len(content))
    try:
        for event in yaml.parse(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        raise InvalidDocument(NO_YAML + " ".join(reason.split()), where=place) from None
    return builder.document


class _Open:
    """A list or mapping that has not ended yet; the `items` of a mapping are its keys and values in turn."""

    __slots__ = ("anchor", "event", "is_mapping", "items", "start")

    def __init__(self, event: YamlEvent, is_mapping: bool, start: int) -> None:
        self.event, self.is_mapping, self.start = event, is_mapping, start
        self.anchor = event.anchor
        self.items: list[object] = []


class _Builder:
    """Builds a document from events; `document` is None until it is complete."""

    def __init__(self, where: str, most: int) -> None:
        import yaml

        self.document: object = None
        self._where, self._most = where, most
        self._documents, self._size = 0, 0
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[object, int]] = {}  # each value with its size, including what its aliases repeat
        # First character of an unquoted text → tags with the patterns of the texts that have them.
        self._resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
        self._takers: dict[type, Callable[[YamlEvent], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._start,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._next_document,
        }
        self._mapping_start = yaml.MappingStartEvent

    def take(self, event: YamlEvent) -> None:
        """Take the next event of the parser; raises `InvalidDocument`."""
        taker = self._takers.get(type(event))
        if taker is not None:
            taker(event)

    def _next_document(self, event: YamlEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._error(event, "there is a second document")

    def _start(self, event: YamlEvent) -> None:
        if len(self._open) >= DEEPEST:
            raise self._error(event, f"it is nested more than {DEEPEST} levels deep")
        self._open.append(_Open(event, type(event) is self._mapping_start, self._size))
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)  # an alias of it before its end would be a cycle

    def _end(self, event: YamlEvent) -> None:
        done = self._open.pop()
        tag, content = done.event.tag, self._mapping(done) if done.is_mapping else done.items
        value = content if tag is None or tag == "!" else self._tagged(done.event, tag, content)
        self._size += 1
        if done.anchor is not None:
            self._anchors[done.anchor] = (value, self._size - done.start)
        self._put(done.event, value)

    def _alias(self, event: YamlEvent) -> None:
        known = self._anchors.get(event.anchor or "")
        if known is None:
            raise self._error(event, "an alias of something that does not exist, or that contains it")
        value, size = known
        self._size += size
        self._most -= size
        if self._most < 0:
            raise self._error(event, "its aliases repeat too much")
        self._put(event, value)

    def _scalar(self, event: YamlEvent) -> None:
        tag, text = event.tag, event.value
        if not text.isascii() and _HALF_CHARACTER.search(text):  # libyaml refuses these itself
            raise self._error(event, "a lone surrogate")
        if tag is None or tag == "!":
            # Without quotes `1` is a number and `yes` a boolean.
            candidates = self._resolvers.get(text[:1], ()) if event.implicit[0] else ()
            tag = next((tag for tag, pattern in candidates if pattern.match(text)), "")
        if tag == STANDARD + "merge" and self._open and self._open[-1].is_mapping and not len(self._open[-1].items) % 2:
            value = _MERGE
        else:
            value = self._tagged(event, tag, text) if tag else text
        size = 1 + len(text)
        self._size += size
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, size)
        self._put(event, value)

    def _put(self, event: YamlEvent, value: object) -> None:
        if not self._open:
            self.document = value
            return
        inside = self._open[-1]
        if inside.is_mapping and not len(inside.items) % 2:
            slow = isinstance(value, int) and abs(value) > BIGGEST_KEY
            if slow or isinstance(value, list | tuple | dict):
                raise self._error(event, "a key that is not text")
        inside.items.append(value)

    def _mapping(self, done: _Open) -> dict[object, object]:
        keys, values = done.items[::2], done.items[1::2]
        if _MERGE not in keys:
            return dict(zip(keys, values, strict=True))
        merged: dict[object, object] = {}
        for key, value in zip(keys, values, strict=True):
            if key is _MERGE:
                # The keys of earlier mappings in the list override those of later ones (https://yaml.org/type/merge.html).
                for one in reversed(value if isinstance(value, list) else [value]):
                    if not isinstance(one, dict):
                        raise self._error(done.event, "a merge of something that is not a mapping")
                    merged.update(one)
        merged.update((key, value) for key, value in zip(keys, values, strict=True) if key is not _MERGE)
        return merged

    def _tagged(self, event: YamlEvent, tag: str, content: Content) -> object:
        """The value of content with a tag."""
        if not any(tag in tags for tags in (TEXT_TAGS, LIST_TAGS, MAPPING_TAGS)):
            raise self._error(event, f"the tag {_shown(tag)} is not one of a recording")
        try:
            if isinstance(content, str):
                return TEXT_TAGS[tag](content)
            return LIST_TAGS[tag](content) if isinstance(content, list) else MAPPING_TAGS[tag](content)
        except (ValueError, TypeError, LookupError, OverflowError):
            raise self._error(event, f"what follows is not a value of the tag {_shown(tag)}") from None

    def _error(self, event: YamlEvent, message: str) -> InvalidDocument:
        mark = event.start_mark
        return InvalidDocument(NO_YAML + message, where=f"{self._where}:{mark.line + 1}:{mark.column + 1}")


def _shown(tag: str) -> str:
    """A tag as it is written in files, shortened, with unprintable characters escaped."""
    text = "!!" + tag.removeprefix(STANDARD) if tag.startswith(STANDARD) else tag
    return ascii(text[:80])[1:-1] + ("…" if len(text) > 80 else "")


# -- the values of tags --------------------------------------------------------------------------------------------------


YamlList = list[object]
YamlMapping = dict[object, object]
Content = str | YamlList | YamlMapping
"""Content with a tag; the items of lists and mappings have been read."""


def _same(value: T) -> T:
    return value


def _nothing(text: str) -> None:
    return None


def _boolean(text: str) -> bool:
    return {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}[text.lower()]


def _integer(text: str) -> int:
    """A whole number of YAML 1.1: with `_` between digits, in base 2, 8 (`0` before it), 16 or 60."""
    if len(text) > LONGEST_NUMBER:
        raise ValueError
    sign, digits = _sign(text.replace("_", ""))
    if ":" in digits:
        return sign * int(_sixties(digits))
    if digits[:2] in ("0b", "0x"):
        return sign * int(digits, 0)
    return sign * int(digits, 8 if digits.startswith("0") and len(digits) > 1 else 10)


def _real(text: str) -> float:
    if len(text) > LONGEST_NUMBER:
        raise ValueError
    sign, digits = _sign(text.replace("_", "").lower())
    if digits in (".inf", ".nan"):
        return sign * (math.inf if digits == ".inf" else math.nan)
    return sign * (_sixties(digits) if ":" in digits else float(digits))


def _sign(text: str) -> tuple[int, str]:
    return (-1 if text.startswith("-") else 1), text[1:] if text[:1] in ("-", "+") else text


def _sixties(text: str) -> float:
    total: float = 0
    for part in text.split(":"):
        total = total * 60 + (int(part) if part.isdigit() else float(part))
    return total


def _binary(text: str) -> bytes:
    return b64decode(text.encode("ascii"))


def _moment(text: str) -> date | str:
    """A date or a time; the text itself unless it is written as in ISO 8601."""
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        return text


def _first(value: YamlList | YamlMapping) -> object:
    """The first argument of a call to a class, which is the value that the object was made from."""
    arguments = value.get("args", [[]]) if isinstance(value, dict) else value
    if not isinstance(arguments, list | tuple):
        raise TypeError
    first: object = arguments[0]
    return first


def _first_of(kind: type[T]) -> Callable[[YamlList | YamlMapping], T]:
    def read(value: YamlList | YamlMapping) -> T:
        first = _first(value)
        if not isinstance(first, kind):
            raise TypeError
        return first

    return read


def _first_items(value: YamlList | YamlMapping) -> YamlList:
    items = _first(value)
    if not isinstance(items, list | tuple):
        raise TypeError
    return list(items)


def _first_bytes(value: YamlList | YamlMapping) -> bytes:
    content = _first(value)
    if not isinstance(content, str | bytes):
        raise TypeError
    return content.encode("latin-1") if isinstance(content, str) else content


def _buffer(value: YamlMapping) -> str | bytes:
    """What a file in memory held: the first part of its state."""
    if "buf" in value and "state" not in value:
        content = value["buf"]
    else:
        state = value.get("state") or [b""]
        content = state[0] if isinstance(state, list | tuple) else None
    if not isinstance(content, str | bytes):
        raise TypeError
    return content


BUILTINS = ("__builtin__", "builtins")  # of Python 2 and 3
HEADER_NAMES = tuple(
    f"{PYTHON}object/{how}:multidict.{name}"
    for how in ("new", "apply")
    for name in ("_multidict.istr", "_multidict_py.istr", "istr")
)
"""aiohttp's names of headers."""

CLASS_TAGS: dict[str, Callable[[YamlList | YamlMapping], object]] = {
    # vcrpy before 1.0: headers as a set of pairs; later versions: bodies that were iterators
    **{
        f"{PYTHON}object/apply:{module}.{name}": _first_items
        for module in BUILTINS
        for name in ("frozenset", "set", "iter")
    },
    **{f"{PYTHON}object/apply:{b}.bytearray": _first_bytes for b in BUILTINS},
    **dict.fromkeys(HEADER_NAMES, _first_of(str)),
    PYTHON + "object/apply:http.HTTPStatus": _first_of(int),
}
"""Objects that were made by calling a class, with the arguments in a list or in a mapping."""

TEXT_TAGS: dict[str, Callable[[str], object]] = {
    # YAML 1.1
    **{STANDARD + name: _same for name in ("str", "value", "merge")},
    STANDARD + "null": _nothing,
    STANDARD + "bool": _boolean,
    STANDARD + "int": _integer,
    STANDARD + "float": _real,
    STANDARD + "binary": _binary,
    STANDARD + "timestamp": _moment,
    # Python 2 and 3, as PyYAML writes their plain types
    **{PYTHON + name: _same for name in ("str", "unicode")},
    PYTHON + "none": _nothing,
    PYTHON + "bool": _boolean,
    **{PYTHON + name: _integer for name in ("int", "long")},
    PYTHON + "float": _real,
    PYTHON + "bytes": _binary,
    **dict.fromkeys(HEADER_NAMES, _same),
}
LIST_TAGS: dict[str, Callable[[YamlList], object]] = {
    **{STANDARD + name: _same for name in ("seq", "omap", "pairs")},
    PYTHON + "tuple": tuple,
    PYTHON + "list": _same,
    **CLASS_TAGS,
}
MAPPING_TAGS: dict[str, Callable[[YamlMapping], object]] = {
    **{STANDARD + name: _same for name in ("map", "set")},
    PYTHON + "dict": _same,
    PYTHON + "object:vcr.request.Request": _same,  # vcrpy before 1.0: a request with its attributes
    # bodies that were files in memory
    **{f"{PYTHON}object/new:{name}": _buffer for name in ("_io.BytesIO", "_io.StringIO")},
    PYTHON + "object:StringIO.StringIO": _buffer,
    **CLASS_TAGS,
}
