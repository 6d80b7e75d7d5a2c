"""In which files the nodes of a collection lie that was read from a folder and may have changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from runner.formats.postman.v2 import KEPT
from runner.formats.v3.fields.request import RULES
from runner.formats.v3.fields.rule import member
from runner.formats.v3.names import Stems
from runner.formats.v3.paths import EXAMPLE, REQUEST, RESOURCES, rank, stem_in
from runner.formats.v3.reading import V3Origin
from runner.formats.v3.saving.ordering import new_orders
from runner.formats.v3.writing import DEFINITION, folder_name, named
from runner.formats.yaml.reader import read
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass

_RESOURCES_OF = re.compile(r"((?:.*/)?\.resources/[^/]+\.resources/)")


@dataclass(slots=True, kw_only=True)
class Laid:
    """A node with the path of its file.

    `kind` is collection, folder, request or example; `node` has the forms of v2.1's schema, `source` is the node as it was
    given. `old` is the file that it was read from, if it was; `order` the one that it needs, if it needs another one;
    `examples` the place of its examples, if that moved. `beside` has the other files that go with it.
    """

    kind: str
    node: JsonObject
    source: JsonObject
    name: str
    path: str
    stem: str
    old: str = ""
    order: int | None = None
    examples: str = ""
    needless: bool = False
    seed: str = ""
    beside: dict[str, bytes] = field(default_factory=dict)

    @property
    def node_kind(self) -> str:
        """The `$kind` of a request or example."""
        return "http-example" if self.kind == "example" else _kind(self.node)

    @property
    def foreign(self) -> bool:
        """Whether v2.1 does not know it."""
        return self.kind == "request" and self.node_kind not in RULES


@dataclass(slots=True)
class _Read:
    """A node as it was read: its file, that of the node around it, its kind and name, and its number in the collection."""

    path: str
    around: str
    kind: str
    name: str
    number: int


def lay_out(origin: V3Origin, document: JsonObject, source: JsonObject) -> list[Laid]:
    """Every node of a document, each before those in it; `source` is the document before it got the forms of the schema."""
    return list(_Layout(origin, document, source).nodes())


class _Layout:
    def __init__(self, origin: V3Origin, document: JsonObject, source: JsonObject) -> None:
        self._origin, self._document, self._source = origin, document, source
        self._read = {one.path: one for one, _ in _walk(origin.document)}
        self._spelled = {path.lower(): path for path in self._spellings()}
        self._own: dict[int, _Read] = {}
        self._beside: dict[str, list[str]] = {}
        for path in origin.contents:
            if found := _RESOURCES_OF.match(path):
                self._beside.setdefault(found[1], []).append(path)
        owners: dict[str, tuple[bool, JsonObject]] = {}
        for found_now, node in _walk(document):  # of several copies the one that stayed is the file's
            before = self._read.get(found_now.path)
            if before is not None and before.kind == found_now.kind:
                stayed = before.around == found_now.around
                if before.path not in owners or (stayed and not owners[before.path][0]):
                    owners[before.path] = stayed, node
        for path, (_, node) in owners.items():
            self._own[id(node)] = self._read[path]

    def _spellings(self) -> Iterator[str]:
        for path in self._origin.contents:
            yield path
            while (path := path.rpartition("/")[0]) != "":
                yield f"{path}/"

    def nodes(self) -> Iterator[Laid]:
        info = member(self._document, "info")
        name = str(info.get("name"))
        own = self._own.get(id(self._document))
        seed = str(info.get("_postman_id") or name or "")
        path = own.path if own else DEFINITION
        root = Laid(
            kind="collection",
            node=self._document,
            source=self._source,
            name=name,
            path=path,
            stem="",
            old=path,
            needless=path not in self._origin.contents,
            seed=seed,
        )
        root.needless = root.needless and own is not None and own.name == name
        yield root
        waiting = [(root, "")]
        while waiting:
            around, base = waiting.pop()
            entries = self._entries(around, base, seed)
            yield from entries
            folders = [one for one in entries if one.kind == "folder"]
            waiting += [(one, _base(one)) for one in reversed(folders)]

    def _entries(self, around: Laid, base: str, seed: str) -> list[Laid]:
        """What lies in a folder itself, each request followed by its examples."""
        nodes = _objects(around.node.get("item"))
        sources = _objects(around.source.get("item"))
        stems = {"folder": Stems(), "request": Stems()}
        kinds = ["folder" if "item" in node else "request" for node in nodes]
        names = [named(node, "New Folder" if "item" in node else "New Request") for node in nodes]
        owns = [self._own.get(id(node)) for node in nodes]
        for stays in (True, False):
            for node, kind, name, own in zip(nodes, kinds, names, owns, strict=True):
                if own and own.name == name and (_around(own) == base) is stays:
                    stems[kind].reserve(_stem(own), id(node))
        laid: list[Laid] = []
        for node, source, kind, name, own in zip(nodes, sources, kinds, names, owns, strict=True):
            one = self._laid(base, kind, node, name, own, stems[kind])
            one.source = source
            one.seed = f"{seed}/{base}{one.stem}" if kind == "folder" else seed
            laid.append(one)
        self._number(laid, owns, around.old)
        return [found for one in laid for found in (one, *self._with_it(one, base))]

    def _laid(self, base: str, kind: str, node: JsonObject, name: str, own: _Read | None, stems: Stems) -> Laid:
        """A folder or request in the folder `base`, where it keeps its file if it has one there and the same name."""
        ending = f"/{DEFINITION}" if kind == "folder" else REQUEST[0]
        if own and kind == "folder":
            ending = f"/{RESOURCES}/{own.path.rpartition('/')[2]}"
        elif own:
            ending = own.path.removeprefix(f"{_around(own)}{_stem(own)}")
        if own and own.name == name and _around(own) == base:
            stem = _stem(own)
        else:
            wanted, default = (folder_name(node), "collection") if kind == "folder" else (name, "http-request")
            stem = stems.take(wanted, default, id(node))
            stem = self._as_spelled(base, stem, "/" if kind == "folder" else ending)
        path, old = f"{base}{stem}{ending}", own.path if own else ""
        one = Laid(kind=kind, node=node, source=node, name=name, path=path, stem=stem, old=old)
        if kind == "folder":
            bare = own.path not in self._origin.contents if own else member(node, KEPT).get("definition") is False
            one.needless = bare and bool(_objects(node.get("item")))
        return one

    def _as_spelled(self, base: str, stem: str, ending: str) -> str:
        """A stem in the letters that a file has already: some file systems do not tell their cases apart."""
        there = self._spelled.get(f"{base}{stem}{ending}".lower(), "")
        return there[len(base) : len(there) - len(ending)] if there.startswith(base) and there.endswith(ending) else stem

    def _with_it(self, request: Laid, base: str) -> Iterator[Laid]:
        """The examples of a request; what else lies beside it becomes its `beside`."""
        if request.kind != "request":
            return
        own = self._read.get(request.old)
        here = f"{base}{RESOURCES}/{request.stem}.resources/"
        if own:
            there = f"{_around(own)}{RESOURCES}/{_stem(own)}.resources/"
            for path in self._beside.get(there, ()):
                if path not in self._read:
                    request.beside[f"{here}{path.removeprefix(there)}"] = self._origin.contents[path]
        else:
            texts = member(member(request.node, KEPT), "resources")
            request.beside = {f"{here}{path}": str(text).encode() for path, text in texts.items()}
        if not request.foreign:
            yield from self._examples(request, own, f"{here}examples/")

    def _examples(self, request: Laid, own: _Read | None, place: str) -> list[Laid]:
        """The examples of a request, which lie in the place that they have if the request stays."""
        nodes, sources = _objects(request.node.get("response")), _objects(request.source.get("response"))
        owns = [self._own.get(id(node)) for node in nodes]
        if own and request.path == own.path:
            place = next((_folder(one.path) for one in owns if one and one.around == own.path), place)
        elif own and nodes:
            request.examples = f"./{RESOURCES}/{request.stem}.resources/examples"
        stems, laid = Stems(), list[Laid]()
        names = [named(node, "") for node in nodes]
        for node, name, example in zip(nodes, names, owns, strict=True):
            if example and example.name == name:
                stems.reserve(_stem(example), id(node))
        for node, source, name, example in zip(nodes, sources, names, owns, strict=True):
            ending = next((one for one in EXAMPLE if example and example.path.endswith(one)), EXAMPLE[0])
            if example and example.name == name and _folder(example.path) == place:
                stem = _stem(example)
            else:
                stem = self._as_spelled(place, stems.take(name, "example", id(node)), ending)
            old = example.path if example else ""
            path = f"{place}{stem}{ending}"
            laid.append(Laid(kind="example", node=node, source=source, name=name, path=path, stem=stem, old=old))
        self._number(laid, owns, request.old)
        return laid

    def _number(self, laid: list[Laid], owns: list[_Read | None], around: str) -> None:
        """Give an `order` to those siblings that need another one to be where they are."""
        numbers = [
            own.number if own and own.around == around and own.name == one.name else -1
            for one, own in zip(laid, owns, strict=True)
        ]
        if numbers == sorted(numbers) and -1 not in numbers:
            return
        ranks = [
            (*rank(self._data(own), one.name), own.number) if own else None for one, own in zip(laid, owns, strict=True)
        ]
        for number, order in new_orders(ranks).items():
            laid[number].order = order

    def _data(self, own: _Read) -> JsonObject:
        content = self._origin.contents.get(own.path)
        data: Json = read(content, own.path).value if content is not None else {}
        return data if isinstance(data, dict) else {}


def _walk(document: JsonObject) -> Iterator[tuple[_Read, JsonObject]]:
    """Every node that says which file it came from, in the order of the collection."""
    number = 0
    waiting: list[tuple[JsonObject, str, str]] = [(document, "", "collection")]
    while waiting:
        node, around, kind = waiting.pop()
        path = member(node, KEPT).get("file")
        here = path if isinstance(path, str) else ""
        if here:
            name = named(node, {"folder": "New Folder", "request": "New Request"}.get(kind, ""))
            if kind == "collection":
                name = str(member(node, "info").get("name"))
            shown = _kind(node) if kind == "request" else kind
            yield _Read(here, around, shown, name, number), node
        number += 1
        inner = [(one, here, "folder" if "item" in one else "request") for one in _objects(node.get("item"))]
        inner += [(one, here, "example") for one in _objects(node.get("response")) if kind == "request"]
        waiting += reversed(inner)


def _kind(node: JsonObject) -> str:
    return str(member(node, KEPT).get("kind", "http-request"))


def _objects(value: Json) -> list[JsonObject]:
    """The objects of a list; one in place of a list is a list of one."""
    entries = value if isinstance(value, list) else [value]
    return [one for one in entries if isinstance(one, dict)]


def _folder(path: str) -> str:
    """The folder that a file lies in, with a slash at its end."""
    return path[: path.rfind("/") + 1]


def _base(folder: Laid) -> str:
    """The path of a folder's files."""
    return _folder(_folder(folder.path)[:-1])


def _around(own: _Read) -> str:
    """The path of the folder around a folder or request."""
    folder = _folder(own.path)
    return _folder(_folder(folder[:-1])[:-1]) if own.kind == "folder" else folder


def _stem(own: _Read) -> str:
    if own.kind == "folder":
        return _folder(_folder(own.path)[:-1])[:-1].rpartition("/")[2]
    return stem_in(own.path.rpartition("/")[2], EXAMPLE if own.kind == "example" else REQUEST)
