"""A collection to look at, to change and to save: a view of its JSON, which keeps all that is not changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import replace
from typing import cast

from runner.deep_json import dumps, loads
from runner.errors import ExportError, InvalidCollection, UsageError
from runner.formats.format import Given
from runner.formats.postman.v2 import WRAPPERS
from runner.formats.postman.wrapped import wrapper_of
from runner.formats.reading import read_text
from runner.formats.table import dump, load
from runner.model import collection as model
from runner.model.json import Json, JsonArray, JsonObject
from runner.options import RunOptions
from runner.outputs import write_text
from runner.rules.text import text_of
from runner.rules.url import parse_url, url_text
from runner.sources.sources import Sources


class Pairs(MutableMapping[str, Json]):
    """A list of `{"key": …, "value": …}` in a document, by name; of several of a name the last that is enabled counts.

    `read` gives the object that has the list under `name`, `changed` the same to write into.
    """

    def __init__(
        self, name: str, read: Callable[[], JsonObject], changed: Callable[[], JsonObject], *, any_case: bool = False
    ) -> None:
        self._name, self._read, self._changed, self._any_case = name, read, changed, any_case

    def __getitem__(self, key: str) -> Json:
        return cast(Json, self._entry(key).get("value"))

    def __setitem__(self, key: str, value: Json) -> None:
        try:
            self._entry(key)["value"] = value
        except KeyError:
            entries = self._changed().setdefault(self._name, [])
            if not isinstance(entries, list):
                raise UsageError(f"{self._name} is not a list", hint="change it in `document`") from None
            entries.append({"key": key, "value": value})

    def __delitem__(self, key: str) -> None:
        entry = self._entry(key)
        owner = self._changed()
        owner[self._name] = [one for one in owner[self._name] if one is not entry]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(str(one.get("key")) for one in self._entries()))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"Pairs({', '.join(self)})"

    def _entries(self) -> list[JsonObject]:
        found = self._read().get(self._name)
        entries = found if isinstance(found, list) else []
        return [
            one for one in entries if isinstance(one, dict) and not one.get("disabled") and one.get("enabled") is not False
        ]

    def _entry(self, key: str) -> JsonObject:
        for one in reversed(self._entries()):
            name = str(one.get("key"))
            if name == key or (self._any_case and name.lower() == key.lower()):
                return one
        raise KeyError(key)


class Node:
    """What collections, folders and requests have in common; `document` is the JSON, for what has no member."""

    def __init__(self, document: JsonObject, path: tuple[str, ...] = ()) -> None:
        self.document = document
        self.path = path
        """The names of the folders around it, outermost first."""

    @property
    def name(self) -> str:
        """Its name."""
        return text_of(self._named.get("name") or "")

    @name.setter
    def name(self, name: str) -> None:
        self._named["name"] = name

    @property
    def _named(self) -> JsonObject:
        return self.document

    def script(self, listen: str) -> str:
        """Its script for `prerequest` or `test`, empty without one."""
        script = (self._event(listen) or {}).get("script")
        lines = script.get("exec") if isinstance(script, dict) else script
        return "\n".join(map(str, lines)) if isinstance(lines, list) else text_of(lines or "")

    def set_script(self, listen: str, text: str) -> None:
        """Give it this script for `prerequest` or `test`, in the place of the one that it has."""
        event = self._event(listen)
        if event is None:
            event = {"listen": listen}
            self.document.setdefault("event", []).append(event)
        script = event.get("script")
        kept = script if isinstance(script, dict) else {"type": "text/javascript"}
        event["script"] = {**{name: one for name, one in kept.items() if name != "src"}, "exec": text.split("\n")}

    def _event(self, listen: str) -> JsonObject | None:
        events = self.document.get("event")
        return next((one for one in events if one.get("listen") == listen), None) if isinstance(events, list) else None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {' / '.join([*self.path, self.name])!r}>"


class Request(Node):
    """A request of a collection."""

    @property
    def method(self) -> str:
        """Its method; GET where the document says none."""
        return text_of(self._read.get("method") or "GET")

    @method.setter
    def method(self, method: str) -> None:
        self._request["method"] = method

    @property
    def url(self) -> str:
        """Its URL as one text, with `{{variables}}`; a new one takes the place of all of its parts."""
        return url_text(parse_url(self._read.get("url")))

    @url.setter
    def url(self, url: str) -> None:
        self._request["url"] = url

    @property
    def headers(self) -> MutableMapping[str, Json]:
        """Its enabled headers by name, in whatever case."""
        return Pairs("header", lambda: self._read, lambda: self._request, any_case=True)

    @property
    def body(self) -> str:
        """The text of a raw body, empty without one."""
        body = self._read.get("body")
        return text_of(body.get("raw") or "") if isinstance(body, dict) else text_of(body or "")

    @body.setter
    def body(self, text: str) -> None:
        body = self._read.get("body")
        self._request["body"] = {**(body if isinstance(body, dict) else {}), "mode": "raw", "raw": text}

    @property
    def _read(self) -> JsonObject:
        request = self.document.get("request")
        return request if isinstance(request, dict) else {"url": request or ""}

    @property
    def _request(self) -> JsonObject:
        """The object that changes go into; a request that is only a URL becomes one."""
        if not isinstance(self.document.get("request"), dict):
            self.document["request"] = {"method": "GET", **self._read, "header": []}
        return cast(JsonObject, self.document["request"])


class Holder(Node):
    """A folder or collection: `items` are its own, `requests` all that are in it, in the order they run."""

    @property
    def _inner(self) -> tuple[str, ...]:
        return (*self.path, self.name)

    @property
    def items(self) -> list[Folder | Request]:
        """Its folders and requests."""
        found = self.document.get("item")
        entries: JsonArray = found if isinstance(found, list) else [found]
        inner = self._inner
        return [(Folder if "item" in one else Request)(one, inner) for one in entries if isinstance(one, dict)]

    @property
    def requests(self) -> list[Request]:
        """Every request in it, at any depth."""
        return [one for one in self.walk() if isinstance(one, Request)]

    def walk(self) -> Iterator[Folder | Request]:
        """Every folder and request in it, at any depth, in order."""
        waiting = self.items[::-1]
        while waiting:
            one = waiting.pop()
            yield one
            if isinstance(one, Folder):
                waiting += one.items[::-1]

    def __getitem__(self, name: str) -> Folder | Request:
        """The first with this name, or this path (`Folder/Request`) within; raises `KeyError`."""
        start = len(self._inner)
        for one in self.walk():
            if name in (one.name, "/".join([*one.path[start:], one.name])):
                return one
        raise KeyError(name)


class Folder(Holder):
    """A folder of a collection."""


class Collection(Holder):
    """A collection; `runner.run` takes it as it is then."""

    def __init__(self, read: model.Collection) -> None:
        is_v3 = read.origin is not None and read.origin.format == "v3"
        if read.origin is not None and read.origin.format != "v2" and not is_v3:
            hint = "import it into Postman, and export it as v2.1"
            raise InvalidCollection("is of a format that can be run but not changed", where=read.path, hint=hint)
        super().__init__(loads(dumps(read.source)) if is_v3 else read.source)  # its origin has what was read
        self._read = read

    @classmethod
    def load(cls, source: str | os.PathLike[str] | Mapping[str, object]) -> Collection:
        """The collection of a path, a URL or a document, which is copied; raises `LoadError`."""
        if isinstance(source, Mapping):
            read, origin = load(Given.of(loads(dumps(source)), role="collection"))
            return cls(replace(read, origin=origin))
        return cls(Sources(RunOptions()).collection(os.fspath(source)))

    @property
    def variables(self) -> MutableMapping[str, Json]:
        """Its enabled variables by name."""
        return Pairs("variable", lambda: self.document, lambda: self.document)

    def save(self, path: str | os.PathLike[str] | None = None) -> None:
        """Write it, in the form of the file that it came from, to that file or to another; raises `ExportError`.

        One of the format v3 goes to its folder, to another one, or to a file `*.json` as v2.1; raises `NotEditable` if
        what it says cannot be written there.
        """
        if self._read.origin is not None and self._read.origin.format == "v3":
            self._save_v3(os.fspath(path) if path else None)
            return
        target = os.fspath(path or self._read.path)
        if not target:
            raise UsageError("there is no file to save it to", hint="name one: save(path)")
        if target == self._read.path and os.path.exists(target):
            there = Given(read_text(target), target).json
            if isinstance(there, dict) and len(there) > 1 and wrapper_of(there, WRAPPERS):
                raise ExportError(
                    "the file holds more than the collection", where=target, hint="save it to another: save(path)"
                )
        read = self.as_run()
        write_text(target, dump(read, read.origin, "collection"))

    def _save_v3(self, path: str | None) -> None:
        from runner.export.folders import as_v21, export_folder, goes_into_folder
        from runner.formats.v3.loading import settled
        from runner.formats.v3.reading import V3Origin

        origin, read = self._read.origin, self.as_run()
        assert isinstance(origin, V3Origin)
        target = path or origin.root
        if not goes_into_folder(target, read):
            if not target.lower().endswith(".json"):
                raise ExportError(
                    "is a file, and the collection a folder", where=target, hint="name a folder or a file *.json"
                )
            write_text(target, dump(as_v21(read), None, "collection"))
            return
        found = export_folder(target, read)
        if os.path.samefile(target, origin.root):
            found.settle()
            self._read = replace(self._read, origin=settled(origin, found.files))

    def as_run(self) -> model.Collection:
        """The collection as the runner has it; raises `InvalidCollection` for a change that makes it none."""
        found: model.Collection = load(Given.of(self.document, self._read.path, "collection"))[0]
        return replace(found, origin=self._read.origin, path=self._read.path)

    @property
    def _named(self) -> JsonObject:
        info = self.document.get("info")
        return info if isinstance(info, dict) else self.document

    @property
    def _inner(self) -> tuple[str, ...]:
        return ()
