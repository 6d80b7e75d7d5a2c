"""A collection as a folder of Bruno's `.bru` files."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence

from runner.foreign.bruno.files_out import environment_text, level_text, request_text
from runner.foreign.bruno.folders import BRU, COLLECTION, CONFIGURATION, ENVIRONMENTS, FOLDER
from runner.foreign.bruno.model import Folder, Request
from runner.foreign.bruno.spreading import Spreading
from runner.foreign.written import ExportOptions, Written
from runner.formats.load import read_collection
from runner.model.collection import Collection
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import replace
from runner.rules.substitute import MISSING, substitute_tree
from runner.rules.text import SPACES
from runner.sandbox.analysis import Analysis
from runner.variables.scopes import Scopes

LONGEST = 200
"""Bytes of the longest name of a file, without a number behind it and its extension."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\ud800-\udfff]')
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\..*)?\Z", re.IGNORECASE)


def write(collection: Collection, options: ExportOptions) -> Written:
    """The folder: requests and folders with `seq`, environments, and the scripts in Bruno's API."""
    if options.resolve:
        collection = _with_values(collection, options)
    with Analysis() as analysis:
        spreading = Spreading(collection, options, analysis.chains)
        tree = spreading.tree()
    files = {CONFIGURATION: _configuration(tree.root.name)}
    root = level_text(tree.root, root=True)
    if root:
        files[COLLECTION] = root
    files |= dict(_folder("", tree.root.items, {ENVIRONMENTS, COLLECTION}))
    taken: set[str] = set()
    for environment in tree.environments:
        name = free(environment.name, "environment", BRU, taken)
        files[f"{ENVIRONMENTS}/{name}"] = environment_text(environment)
    return Written(files=files, notes=spreading.notes)


def _with_values(collection: Collection, options: ExportOptions) -> Collection:
    """The collection with the values of variables in requests and auth, but for secrets."""
    scopes = Scopes(environment=options.environment.values, collection=collection.variables, globals=options.globals.values)

    def get(name: str) -> Json:
        return MISSING if name in options.secrets else scopes.get(name)

    def filled(node: JsonObject) -> JsonObject:
        made = {key: substitute_tree(node[key], get) if key in ("request", "auth") else node[key] for key in node}
        return {**made, "item": [filled(one) for one in made["item"]]} if "item" in made else made

    return replace(read_collection(filled(collection.source)), path=collection.path, origin=collection.origin)


def _configuration(name: str) -> str:
    """`bruno.json`; the scripts run from the collection inwards, as Postman's do."""
    document = {
        "version": "1",
        "name": " ".join(name.split()) or "Collection",
        "type": "collection",
        "ignore": ["node_modules", ".git"],
        "scripts": {"flow": "sequential"},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _folder(path: str, items: Sequence[Folder | Request], taken: set[str]) -> Iterator[tuple[str, str]]:
    """The files of the entries of one folder, by their paths; `taken` are names that mean something to Bruno there."""
    taken |= {FOLDER, "node_modules"}
    for one in items:
        if isinstance(one, Request):
            yield path + free(one.name, "request", BRU, taken), request_text(one)
        else:
            inner = f"{path}{free(one.name, 'folder', '', taken)}/"
            yield inner + FOLDER, level_text(one, root=False)
            yield from _folder(inner, one.items, set())


def free(name: str, otherwise: str, extension: str, taken: set[str]) -> str:
    """The name of a file or folder, which no file system takes for another one; `taken` has those that are used.

    Bruno's own rule says which characters are replaced.
    """
    safe = _FORBIDDEN.sub("-", name).lstrip(f"-.{SPACES}").rstrip(f".{SPACES}")
    safe = safe.encode()[:LONGEST].decode(errors="ignore").rstrip(f".{SPACES}") or otherwise
    safe = f"{safe}_" if _DEVICE.match(safe) else safe
    found, number = safe + extension, 1
    while (key := unicodedata.normalize("NFC", found).casefold()) in taken:
        number += 1
        found = f"{safe} {number}{extension}"
    taken.add(key)
    return found
