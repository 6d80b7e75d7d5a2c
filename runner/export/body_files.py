"""Which requests' bodies a run writes, and into which files: `--save-body` and `--save-body-pages`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from runner.descriptors import own_descriptor
from runner.engine.selection import all_located, path_of, unknown
from runner.errors import UsageError
from runner.model.collection import Collection, Item
from runner.model.quick_dataclass import dataclass
from runner.options import RunOptions

SAVE_BODY, SAVE_PAGES = "--save-body", "--save-body-pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFile:
    """A request whose bodies are written, by the `source` of its item, and where.

    With `pages` the bodies become one array. `steps` lead to the array in each of them, None if it is to be found.
    """

    option: str
    request: str
    source: int
    path: str
    pages: bool = False
    steps: tuple[str, ...] | None = None

    @property
    def takes_all(self) -> bool:
        """Whether every body goes into the file itself: a pipe, a device, standard output."""
        there = os.path.exists(self.path) and not os.path.isfile(self.path)
        return there or own_descriptor(self.path, 1) is not None


def body_files(collections: Sequence[Collection], options: RunOptions) -> list[BodyFile]:
    """What the options ask for; raises `UsageError`, and `SelectionError` for a request that no collection has."""
    found = []
    for option, given in ((SAVE_BODY, options.save_body), (SAVE_PAGES, options.save_body_pages)):
        for name, path in given:
            found.append(_body_file(collections, option, name, path))
    return found


def _body_file(collections: Sequence[Collection], option: str, name: str, path: str) -> BodyFile:
    """Find the request; its name ends at the first `=` at which it names one."""
    pages = option == SAVE_PAGES
    wanted, rest = name, path
    while True:
        for request, steps in _readings(wanted) if pages else [(wanted, None)]:
            if items := _requests(collections, request):
                if len(items) > 1:
                    paths = ", ".join(dict.fromkeys(repr(found) for found, _ in items))
                    hint = "name one by its path or id"
                    raise UsageError(f'"{request}" names {len(items)} requests: {paths}', where=option, hint=hint)
                _check_file(option, request, rest)
                (where, item), *_ = items
                return BodyFile(
                    option=option, request=where, source=id(item.source), path=rest, pages=pages, steps=steps
                )  # fmt: skip
        more, equals, rest = rest.partition("=")
        if not equals:
            raise _unknown(collections, option, name)
        wanted = f"{wanted}={more}"


def _readings(name: str) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """What a name of `--save-body-pages` may mean: a request, or one and behind the last `#` a JSON pointer."""
    yield name, None
    request, mark, pointer = name.rpartition("#")
    if mark and (not pointer or pointer.startswith("/")):
        yield request, tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _requests(collections: Sequence[Collection], name: str) -> list[tuple[str, Item]]:
    """Every request that a name stands for, with its path: an id or name wins over a path."""
    entries = [
        (path_of(*one), one[1]) for each in collections for one in all_located(each) if isinstance(one[1], Item)
    ]  # fmt: skip
    named = [one for one in entries if name in (one[1].id, one[1].name)]
    return named or [one for one in entries if one[0] == name.strip("/")]


def _unknown(collections: Sequence[Collection], option: str, name: str) -> UsageError:
    request = name.rpartition("#/")[0] or name
    entries = (one for each in collections for one in all_located(each))
    if any(request in (one.name, path_of(trail, one)) for trail, one in entries):
        return UsageError(f'"{request}" is a folder, which has no body', where=option, hint="name a request in it")
    error = unknown(collections[0], request)
    return UsageError(f'there is no request named "{request}"', where=option, hint=error.hint)


def _check_file(option: str, request: str, path: str) -> None:
    from runner.outputs import is_folder

    if not path.strip():
        raise UsageError(f'no file is named for "{request}"', where=option, hint="write NAME=FILE")
    if is_folder(path):
        raise UsageError(f"{path!r} is a folder: a body goes into a file", where=option)
