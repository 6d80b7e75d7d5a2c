"""The files that requests upload, as a part of the job: a worker on another machine reads none of its own."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping

from runner.errors import FileUnreadable
from runner.files import Files
from runner.model.json import JsonObject
from runner.model.payload import BodyBytes


def files_of(collection: JsonObject, files: Files) -> dict[str, str]:
    """The contents of the files that a collection names without variables, in base64; missing ones are left out."""
    found: dict[str, str] = {}
    for path in _paths(collection):
        if path not in found and "{{" not in path:
            try:
                found[path] = b64encode(files.read(path)).decode()
            except FileUnreadable:
                continue  # its requests fail or warn, as they do in a run
    return found


def _paths(collection: JsonObject) -> Iterator[str]:
    """The `src` of every body of a file and of every part of a form."""
    waiting: list[object] = [collection]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += [one for key, one in value.items() if key != "src"]
            source = value.get("src")
            yield from (one for one in (source if isinstance(source, list) else [source]) if isinstance(one, str) and one)


class JobFiles(Files):
    """Reads nothing but what came with the job."""

    def __init__(self, contents: Mapping[str, str]) -> None:
        super().__init__()
        self._contents = contents

    def load(self, path: str, *, by_script: bool = False) -> BodyBytes:
        """The bytes of a file by the path that its request names; raises `FileUnreadable` for any other."""
        if not path:
            raise FileUnreadable("no file is chosen")
        if path not in self._contents:
            hint = "files come with the job if requests name them without variables"
            raise FileUnreadable("the file did not come with the job of the master", where=path, hint=hint)
        return b64decode(self._contents[path])

    def read_code(self, path: str, folder: str) -> bytes:
        """Raise `FileUnreadable`: files of scripts do not come with the job."""
        raise FileUnreadable("files for pm.require do not come with the job of the master", where=path)
