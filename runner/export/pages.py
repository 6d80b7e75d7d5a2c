"""Joins the arrays of several bodies of JSON as one array, each entry as it came: numbers keep their digits."""

from __future__ import annotations

import json
import re
import weakref
from collections.abc import Iterable, Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]

from runner.formats.places import line_and_column
from runner.model.quick_dataclass import dataclass
from runner.model.response import Response
from runner.outputs import writing_bytes
from runner.results.spool import Heap

_BLANK = re.compile(r"[ \t\n\r]*")


class NoPage(Exception):
    """Why pages are not joined, and what can be done about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Page:
    """A body, the charset that its response names (empty without one), and the status."""

    body: bytes
    charset: str
    code: int


class Pages:
    """The bodies of one request, by iteration, in a temporary file."""

    def __init__(self) -> None:
        self._heap = Heap()
        weakref.finalize(self, self._heap.close)
        self._kept: dict[int, list[tuple[int, str, int]]] = {}

    def add(self, iteration: int, response: Response) -> None:
        """Keep a body."""
        kept = (self._heap.put(response.body), response.charset, response.code)
        self._kept.setdefault(iteration, []).append(kept)

    @property
    def iterations(self) -> Iterable[int]:
        """The iterations that have any, in order."""
        return self._kept.keys()

    def of(self, iteration: int) -> Iterator[Page]:
        """The pages of an iteration, one at a time."""
        for number, charset, code in self._kept[iteration]:
            yield Page(self._heap.get(number), charset, code)


def write_joined(path: str, pages: Iterable[Page], steps: tuple[str, ...] | None, *, mode: int) -> None:
    """Write the entries of all pages as one JSON array in UTF-8, or nothing; raises `NoPage` and `ExportError`.

    `steps` lead to the array in each page. None: the body of the first page is the array, or has exactly one member that
    is an array, and all others are like it. A page with an error status is passed over, because a script sent the request
    again; the last one must have none.
    """
    with writing_bytes(path, mode=mode) as file:
        file.write(b"[")
        empty, refused = True, ""
        for number, page in enumerate(pages, 1):
            refused = f"page {number} has the status {page.code}" if page.code >= 400 else ""
            if refused:
                continue
            try:
                text = _text(page)
                steps = _found(text) if steps is None else steps
                entries = _entries(text, steps)
            except NoPage as error:
                raise NoPage(f"page {number} {error}", hint=error.hint) from None
            if entries:
                file.write(b"\n" if empty else b",\n")
                file.write(entries.encode("utf-8", "surrogatepass"))
                empty = False
        if refused:
            raise NoPage(refused)
        file.write(b"]\n" if empty else b"\n]\n")


def _text(page: Page) -> str:
    """The text of a body that is JSON."""
    try:
        text = page.body.decode(page.charset or json.detect_encoding(page.body)).removeprefix("\ufeff")
        _, end = _DECODER.raw_decode(text, _past_blanks(text, 0))
        if (end := _past_blanks(text, end)) < len(text):
            raise json.JSONDecodeError("more follows behind its end", text, end)
    except json.JSONDecodeError as error:
        line, column = line_and_column(error.doc, error.pos)
        raise NoPage(f"is not JSON (line {line}, column {column})") from None
    except RecursionError:
        raise NoPage("is nested too deeply") from None
    except ValueError:
        raise NoPage("is not JSON") from None
    return text


def _found(text: str) -> tuple[str, ...]:
    """Where the array of a page is."""
    at = _past_blanks(text, 0)
    if text[at] == "[":
        return ()
    arrays = [key for key, start, _ in _children(text, at) if text[start] == "["] if text[at] == "{" else []
    arrays = list(dict.fromkeys(arrays))
    if len(arrays) == 1:
        return (arrays[0],)
    named = ", ".join(map(repr, arrays))
    message = f"has several arrays: {named}" if arrays else "is not an array and has none at its top level"
    raise NoPage(message, hint="say which one: --save-body-pages 'NAME#/path/to/array=FILE'")


def _entries(text: str, steps: tuple[str, ...]) -> str:
    """What stands between the brackets of an array."""
    start = _past_blanks(text, 0)
    end = len(text.rstrip(" \t\n\r"))
    for step in steps:
        found = [(first, behind) for key, first, behind in _children(text, start) if key == step]
        if not found:
            raise NoPage(f"has nothing at {_pointer(steps)}")
        start, end = found[-1]  # of several equal keys the last one counts
    if text[start] != "[":
        raise NoPage(f"has no array at {_pointer(steps)}" if steps else "is not an array")
    return text[start + 1 : end - 1].strip(" \t\n\r")


def _children(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The key or index of each value directly in an object or array, and where it begins and ends; the text is JSON."""
    if text[start] not in "{[":
        return
    is_object, count = text[start] == "{", 0
    at = _past_blanks(text, start + 1)
    while text[at] not in "}]":
        key = str(count)
        if is_object:
            key, at = scanstring(text, at + 1)
            at = _past_blanks(text, _past_blanks(text, at) + 1)
        _, end = _DECODER.raw_decode(text, at)
        yield key, at, end
        at = _past_blanks(text, end)
        at = _past_blanks(text, at + 1) if text[at] == "," else at
        count += 1


def _past_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    assert found is not None
    return found.end()


def _pointer(steps: tuple[str, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_no_constant)
"""Reads values to find their ends: numbers are not worked out."""
