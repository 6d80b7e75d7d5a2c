"""The data of `-d` and its relatives: pieces that curl joins to one text, which is the body, or with `-G` the query."""

from __future__ import annotations

from collections.abc import Iterator

from runner.foreign.curl.arguments import Argument, Operation
from runner.foreign.curl.computed import Computed
from runner.foreign.curl.local import Local
from runner.model.quick_dataclass import dataclass

PIECES = ("data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json")
FROM_FILE = ("data", "data-ascii", "data-binary", "json")
"""Options whose value names a file behind an `@`."""


@dataclass(frozen=True, slots=True)
class Data:
    """A text, or the path of the one `file` that is sent as it is; `stripped` says that curl would leave out line ends."""

    text: str = ""
    file: str = ""
    stripped: bool = False


def data_of(operation: Operation, local: Local, computed: Computed) -> Data | None:
    """The data of an operation; None without any."""
    pieces = [one for one in operation.arguments if one.option.name in PIECES]
    if not pieces:
        return None
    if len(pieces) == 1 and (file := _only_file(pieces[0], local)) is not None:
        return file
    return Data("".join(_joined(pieces, local, computed)))


def _only_file(piece: Argument, local: Local) -> Data | None:
    """The data that is one whole file: it stays a file, unless curl leaves out its line ends."""
    name, value = piece.option.name, piece.value
    if name not in FROM_FILE or not value.startswith("@") or value == "@-" or local.is_written(value[1:]):
        return None
    if name in ("data-binary", "json"):
        return Data(file=local.path(value[1:]))
    if local.text(value[1:]) is not None:
        return None
    return Data(file=local.path(value[1:]), stripped=True)


def _joined(pieces: list[Argument], local: Local, computed: Computed) -> Iterator[str]:
    for number, piece in enumerate(pieces):
        if number and piece.option.name != "json":
            yield "&"
        yield _piece(piece, local, computed)


def _piece(piece: Argument, local: Local, computed: Computed) -> str:
    name, value = piece.option.name, piece.value
    if name == "data-urlencode":
        return url_encoded(value, local, computed)
    if name not in FROM_FILE or not value.startswith("@"):
        return value
    content = local.text(value[1:]) or ""
    if name in ("data", "data-ascii"):
        return content.replace("\r", "").replace("\n", "").replace("\0", "")
    return content


def url_encoded(value: str, local: Local, computed: Computed) -> str:
    """A value of `--data-urlencode` (`content`, `=content`, `name=content`, `@file`, `name@file`); the name stays."""
    mark = "=" if "=" in value else "@" if "@" in value else ""
    name, _, content = value.partition(mark) if mark else ("", "", value)
    text = (local.text(content) or "") if mark == "@" else content
    return (f"{name}=" if name else "") + computed.encoded(text)


def query_of(operation: Operation, local: Local, computed: Computed) -> str | None:
    """What `--url-query` adds to the query of each URL; None without it."""
    pieces = [
        value[1:] if value.startswith("+") else url_encoded(value, local, computed)
        for value in operation.values("url-query")
    ]
    return "&".join(pieces) if pieces else None
