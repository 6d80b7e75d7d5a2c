"""The YAML of a cassette as plain data: texts, bytes, numbers, dates, lists and dicts, whatever its tags ask for.

PyYAML only tells the events of its parser here; values are built from them without recursion and without any of its
constructors of objects. Each tag that some version of vcrpy has written has one entry that says which data it stands for;
every other tag is an error. Work and memory grow with the file: aliases and merge keys may repeat only so much of it.
"""

from __future__ import annotations

import codecs
import math
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from runner.errors import InvalidDocument

DEEPEST = 100
"""Lists and mappings within one another; a recording has six."""

LONGEST_NUMBER = 400
"""Characters: reading one of more takes longer than in proportion to its length."""

REPEATED = 1_000_000
"""What aliases may repeat beside ten times the size of the file: characters and values."""

BIGGEST_KEY = 2**60
"""Larger whole numbers are no keys: some of them can be chosen to be slow as such."""

MOST_TAG_NAMES = 100
"""Directives `%TAG`: the parser compares each of them with all others."""

STANDARD = "tag:yaml.org,2002:"
PYTHON = STANDARD + "python/"

NO_YAML = "is no YAML of a cassette: "

_MERGE = object()
_TAG_NAME = re.compile(rb"(?:[\n\r]|\xc2\x85|\xe2\x80[\xa8\xa9])%TAG")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def read_yaml(content: bytes, where: str) -> Any:
    """The one document of a file; raises `InvalidDocument` with line and column."""
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
        raise _no_yaml(error, where) from None
    return builder.document


def _no_yaml(error: Any, where: str) -> InvalidDocument:
    mark = getattr(error, "problem_mark", None)
    place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
    reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    return InvalidDocument(NO_YAML + " ".join(reason.split()), where=place)


class _Open:
    """A list or mapping whose end has not come; `items` of a mapping are its keys and values in turn."""

    __slots__ = ("anchor", "event", "is_mapping", "items", "start")

    def __init__(self, event: Any, is_mapping: bool, start: int) -> None:
        self.event, self.is_mapping, self.start = event, is_mapping, start
        self.anchor: str | None = event.anchor
        self.items: list[Any] = []


class _Builder:
    """Makes a document from events; `document` is None until there is one."""

    def __init__(self, where: str, most: int) -> None:
        import yaml

        self.document: Any = None
        self._where, self._most = where, most
        self._documents, self._size = 0, 0
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}  # the value, and its size with all that its own aliases repeat
        self._resolvers: dict[str, list[tuple[str, Any]]] = yaml.SafeLoader.yaml_implicit_resolvers
        self._takers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._start,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._next_document,
        }
        self._mapping_start = yaml.MappingStartEvent

    def take(self, event: Any) -> None:
        """Take what the parser has found next; raises `InvalidDocument`."""
        taker = self._takers.get(type(event))
        if taker is not None:
            taker(event)

    def _next_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._error(event, "there is a second document")

    def _start(self, event: Any) -> None:
        if len(self._open) >= DEEPEST:
            raise self._error(event, f"it is nested more than {DEEPEST} levels deep")
        self._open.append(_Open(event, type(event) is self._mapping_start, self._size))
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)  # until its end an alias of it would be a circle

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        value = self._mapping(done) if done.is_mapping else done.items
        if done.event.tag is not None and done.event.tag != "!":
            value = self._tagged(done.event, value)
        self._size += 1
        if done.anchor is not None:
            self._anchors[done.anchor] = (value, self._size - done.start)
        self._put(done.event, value)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise self._error(event, "an alias of what is not there, or of what it stands in")
        value, size = self._anchors[event.anchor]
        self._size += size
        self._most -= size
        if self._most < 0:
            raise self._error(event, "its aliases repeat too much")
        self._put(event, value)

    def _scalar(self, event: Any) -> None:
        tag, text = event.tag, event.value
        if not text.isascii() and _HALF_CHARACTER.search(text):  # only PyYAML's parser without libyaml lets them pass
            raise self._error(event, "half of a character")
        if tag is None or tag == "!":
            tag = self._resolved(text) if event.implicit[0] else ""
        if tag == STANDARD + "merge" and self._open and self._open[-1].is_mapping and not len(self._open[-1].items) % 2:
            value: Any = _MERGE
        elif tag:
            value = self._tagged(event, text, tag)
        else:
            value = text
        size = 1 + len(text)
        self._size += size
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, size)
        self._put(event, value)

    def _resolved(self, text: str) -> str:
        """The tag of a text without quotes: `1` is a number, `yes` a boolean; "" for a text."""
        for tag, pattern in self._resolvers.get(text[:1], ()):
            if pattern.match(text):
                return tag
        return ""

    def _put(self, event: Any, value: Any) -> None:
        if not self._open:
            self.document = value
            return
        inside = self._open[-1]
        if inside.is_mapping and not len(inside.items) % 2:
            slow = isinstance(value, int) and abs(value) > BIGGEST_KEY
            if slow or isinstance(value, list | tuple | dict):
                raise self._error(event, "a key that is no text")
        inside.items.append(value)

    def _mapping(self, done: _Open) -> dict[Any, Any]:
        keys, values = done.items[::2], done.items[1::2]
        if _MERGE not in keys:
            return dict(zip(keys, values, strict=True))
        merged: dict[Any, Any] = {}
        for key, value in zip(keys, values, strict=True):
            if key is _MERGE:
                # Each of these stands for its keys, the first of a list before the later ones (YAML's type "merge").
                for one in reversed(value if isinstance(value, list) else [value]):
                    if not isinstance(one, dict):
                        raise self._error(done.event, "a merge of what is no mapping")
                    merged.update(one)
        merged.update((key, value) for key, value in zip(keys, values, strict=True) if key is not _MERGE)
        return merged

    def _tagged(self, event: Any, value: Any, tag: str = "") -> Any:
        tag = tag or event.tag
        kinds, read = TAGS.get(tag, ((), None))
        if read is None:
            raise self._error(event, f"the tag {_shown(tag)} stands for no data of a recording")
        if not isinstance(value, kinds):
            raise self._error(event, f"what follows is no value of the tag {_shown(tag)}")
        try:
            return read(value)
        except (ValueError, TypeError, LookupError, OverflowError):
            raise self._error(event, f"what follows is no value of the tag {_shown(tag)}") from None

    def _error(self, event: Any, message: str) -> InvalidDocument:
        mark = event.start_mark
        return InvalidDocument(NO_YAML + message, where=f"{self._where}:{mark.line + 1}:{mark.column + 1}")


def _shown(tag: str) -> str:
    """A tag as it stands in files, shortened; what cannot be shown is escaped."""
    text = "!!" + tag.removeprefix(STANDARD) if tag.startswith(STANDARD) else tag
    return ascii(text[:80])[1:-1] + ("…" if len(text) > 80 else "")


# -- what tags stand for ------------------------------------------------------------------------------------------------


def _same(value: Any) -> Any:
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


def _moment(text: str) -> Any:
    """A date or a time; the text itself where it is written in another way than ISO 8601 has it."""
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        return text


def _tuple(items: list[Any]) -> tuple[Any, ...]:
    return tuple(items)


def _first(value: Any) -> Any:
    """The first argument with which a class was called: that is the value it was made from."""
    arguments = value.get("args", [[]]) if isinstance(value, dict) else value
    return arguments[0]


def _text_of_class(value: Any) -> str:
    text = value if isinstance(value, str) else _first(value)
    if not isinstance(text, str):
        raise TypeError
    return text


def _number_of_class(value: Any) -> int:
    number = _first(value)
    if not isinstance(number, int):
        raise TypeError
    return number


def _items_of_class(value: Any) -> list[Any]:
    items = _first(value)
    if not isinstance(items, list | tuple):
        raise TypeError
    return list(items)


def _buffer(value: Any) -> str | bytes:
    """What a file in memory held: the first part of its state."""
    content = (value.get("state") or [b""])[0] if "state" in value or "buf" not in value else value["buf"]
    if not isinstance(content, str | bytes):
        raise TypeError
    return content


def _byte_array(value: Any) -> bytes:
    content = _first(value)
    return content.encode("latin-1") if isinstance(content, str) else bytes(memoryview(content))


Reader = Callable[[Any], Any]
TEXT, LIST, MAPPING = (str,), (list,), (dict,)

TAGS: dict[str, tuple[tuple[type, ...], Reader]] = {
    # YAML 1.1
    **{STANDARD + name: (TEXT, _same) for name in ("str", "value", "merge")},
    STANDARD + "null": (TEXT, _nothing),
    STANDARD + "bool": (TEXT, _boolean),
    STANDARD + "int": (TEXT, _integer),
    STANDARD + "float": (TEXT, _real),
    STANDARD + "binary": (TEXT, _binary),
    STANDARD + "timestamp": (TEXT, _moment),
    **{STANDARD + name: (LIST, _same) for name in ("seq", "omap", "pairs")},
    **{STANDARD + name: (MAPPING, _same) for name in ("map", "set")},
    # Python 2 and 3, as PyYAML writes their plain types
    **{PYTHON + name: (TEXT, _same) for name in ("str", "unicode")},
    PYTHON + "none": (TEXT, _nothing),
    PYTHON + "bool": (TEXT, _boolean),
    **{PYTHON + name: (TEXT, _integer) for name in ("int", "long")},
    PYTHON + "float": (TEXT, _real),
    PYTHON + "bytes": (TEXT, _binary),
    PYTHON + "tuple": (LIST, _tuple),
    PYTHON + "list": (LIST, _same),
    PYTHON + "dict": (MAPPING, _same),
    # vcrpy before 1.0: a request with its attributes, headers as a set of pairs
    PYTHON + "object:vcr.request.Request": (MAPPING, _same),
    **{
        f"{PYTHON}object/apply:{module}.{name}": (LIST + MAPPING, _items_of_class)
        for module in ("__builtin__", "builtins")
        for name in ("frozenset", "set", "iter")  # bodies that were iterators, in later versions
    },
    # bodies that were files or arrays of bytes
    **{f"{PYTHON}object/new:{name}": (MAPPING, _buffer) for name in ("_io.BytesIO", "_io.StringIO")},
    PYTHON + "object:StringIO.StringIO": (MAPPING, _buffer),
    **{f"{PYTHON}object/apply:{name}.bytearray": (LIST + MAPPING, _byte_array) for name in ("__builtin__", "builtins")},
    # names of headers of aiohttp, states of Python's http
    **{
        f"{PYTHON}object/{how}:multidict.{name}": (TEXT + LIST + MAPPING, _text_of_class)
        for how in ("new", "apply")
        for name in ("_multidict.istr", "_multidict_py.istr", "istr")
    },
    PYTHON + "object/apply:http.HTTPStatus": (LIST + MAPPING, _number_of_class),
}
"""Each tag that is data: what its value may be, and what it stands for."""
