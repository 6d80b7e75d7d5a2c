"""`postrunner.lock.json`: which file is which collection or environment of Postman, and what that said when it was pulled.

It lies beside the files and is meant to be committed: a fresh clone can push. It holds no key and no secret.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import field, replace

from runner.errors import InvalidCollection
from runner.formats.json_text import JsonStyle, dump_json, parse_json
from runner.formats.reading import read_text
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.outputs import write_text
from runner.postman_api.address import REGIONS, is_id, own_id
from runner.postman_api.cloud import Found
from runner.postman_api.documents.nodes import Node

LOCK = "postrunner.lock.json"
VERSION = 1
KINDS = ("collection", "environment", "globals")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a file is in Postman: its kind, its uid (globals have none) and workspace, and in which region.

    `hash` is that of the content as pulled, `parts` has the same for each of its parts by its id. Without `secrets` a pull
    leaves their values out.
    """

    kind: str
    uid: str = ""
    workspace: str = ""
    region: str = ""
    secrets: bool = True
    hash: str = ""
    parts: dict[str, Json] = field(default_factory=dict)

    @property
    def found(self) -> Found:
        """What it is the link to."""
        return Found(self.kind, self.uid, self.workspace)

    def leads_to(self, found: Found) -> bool:
        """Whether it is the link to this: of globals the workspace counts, of all else the uid."""
        same = self.workspace == found.workspace if self.kind == "globals" else own_id(self.uid) == own_id(found.uid)
        return self.kind == found.kind and same

    def pulled(self, nodes: Sequence[Node]) -> Link:
        """The same link with the parts that Postman has now."""
        parts: dict[str, Json] = {node.key: node.digest for node in nodes}
        lines = "\n".join(f"{node.id} {parts[node.key]}" for node in nodes)
        return replace(self, hash=f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}", parts=parts)

    def changed_in(self, nodes: Sequence[Node]) -> list[str]:
        """The names of the parts that are not what they were at the last pull."""
        names = [node.shown for node in nodes if self.parts.get(node.key) != node.digest]
        gone = len(self.parts.keys() - {node.key for node in nodes})
        return [*names, *([f"{gone} removed"] if gone else [])] or ["the order"]


class Lock:
    """The links of the files in one folder."""

    def __init__(self, path: str, document: JsonObject) -> None:
        self.path = path
        self._document = document

    @classmethod
    def beside(cls, file: str) -> Lock:
        """The lock file beside a file or folder, empty if there is none; raises `LoadError`."""
        above = os.path.normpath(os.path.join(file, os.pardir)) if file else os.curdir
        return cls.in_folder("" if above == os.curdir else above)

    @classmethod
    def in_folder(cls, folder: str) -> Lock:
        """The lock file in a folder."""
        path = os.path.join(folder, LOCK)
        document = parse_json(read_text(path), path) if os.path.lexists(path) else {"version": VERSION, "links": {}}
        if not isinstance(document, dict) or not isinstance(document.get("links"), dict):
            raise InvalidCollection("is not a lock file of postrunner", where=path, hint="restore it, or pull again")
        if document.get("version") != VERSION:
            raise InvalidCollection("was written by a newer postrunner", where=path, hint="update postrunner")
        return cls(path, document)

    @property
    def names(self) -> list[str]:
        """The files that have a link."""
        return sorted(self._document["links"])

    def link(self, file: str) -> Link | None:
        """The link of a file, None if it has none; raises `InvalidCollection`."""
        name = _name(file)
        found: JsonObject | None = self._document["links"].get(name)
        if found is None:
            return None
        if not _is_link(found):
            where = f"{self.path} (links.{name})"
            raise InvalidCollection("is not a link that postrunner wrote", where=where, hint="restore it, or pull again")
        return Link(**{key: found[key] for key in Link.__annotations__ if key in found})

    def put(self, file: str, link: Link) -> None:
        """Write down the link of a file; raises `ExportError`."""
        plain = Link(kind="")
        values = {key: getattr(link, key) for key in Link.__annotations__}
        entry = {key: value for key, value in values.items() if value != getattr(plain, key)}
        links = {**self._document["links"], _name(file): entry}
        self._document = {**self._document, "links": {name: links[name] for name in sorted(links)}}
        write_text(self.path, dump_json(self._document, JsonStyle(final_newline=True)))


def _name(file: str) -> str:
    return os.path.basename(os.path.abspath(file))


def _is_link(found: Json) -> bool:
    if not isinstance(found, dict) or found.get("kind") not in KINDS or found.get("region", "") not in ("", *REGIONS):
        return False
    texts = [found.get(key, "") for key in ("uid", "workspace", "hash")]
    named = found.get("workspace") if found["kind"] == "globals" else found.get("uid")
    return (
        all(isinstance(text, str) for text in texts)
        and isinstance(named, str)
        and is_id(named)
        and isinstance(found.get("parts", {}), dict)
        and isinstance(found.get("secrets", True), bool)
    )
