"""The library bundles that a script needs: found in its text, because a running script cannot load them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

INDEX = Path(__file__).parent / "bundles" / "index.json"
LITERAL = re.compile(r"""\brequire\s*\(\s*(?:'([^'\\\n]+)'|"([^"\\\n]+)"|`([^`\\$]+)`)\s*\)""")
WORDS = {
    "Buffer": "buffer",
    "stream": "buffer",
    "CryptoJS": "crypto-js",
    "tv4": "tv4",
    "responseCode": "http-reasons",
    "details": "http-reasons",
    "xml2Json": "xml2js",
    "Backbone": "backbone",
    "cheerio": "cheerio",
    "replaceIn": "dynamic-variables",
    "_": "lodash3",
}
"""Globals that come from a library, and the library: using one needs no `require`."""

SCHEMAS, USES_SCHEMAS = "world/schemas.js", "jsonSchema"
"""The implementation of `jsonSchema`, hardened against scripts, and the word that needs it."""

HIDING = ("eval", "Function")
"""Words that suggest code built at run time, which may use any library: then all are loaded."""

ALONE = {"sugar", "web-streams"}
"""Bundles that the child loads by itself when a script first uses one of their names."""


@cache
def bundle_index() -> dict[str, dict[str, object]]:
    """Library → its file and the libraries it depends on, as written by the build; empty before the first build."""
    if not INDEX.exists():
        return {}
    found: dict[str, dict[str, object]] = json.loads(INDEX.read_text(encoding="utf-8"))
    return found


@cache
def bundles_for(source: str) -> tuple[str, ...]:
    """The bundle files that this script needs, in loading order."""
    names = [name for word, name in WORDS.items() if mentions(source, word)]
    everything = any(mentions(source, word) for word in HIDING)
    if mentions(source, "require"):
        required = [next(filter(None, groups)) for groups in LITERAL.findall(source)]
        everything = everything or len(re.findall(r"\brequire\b", source)) > len(required)
        names = required + names
    if everything:
        names = [name for name in bundle_index() if name not in ALONE]
    files: dict[str, None] = {}
    for name in names:
        add_bundle(name, files)
    if (everything or mentions(source, USES_SCHEMAS)) and bundle_index():
        files[SCHEMAS] = None
    return tuple(files)


def mentions(source: str, word: str) -> bool:
    """Whether a script contains a whole word. Most scripts contain none, so the cheap substring test comes first."""
    if word not in source:
        return False
    return re.search(r"(?<![\w$.])_(?![\w$])" if word == "_" else rf"\b{word}\b", source) is not None


def bundle_files(name: str) -> tuple[str, ...]:
    """The files of one library and its dependencies, in loading order."""
    files: dict[str, None] = {}
    add_bundle(name, files)
    return tuple(files)


def add_bundle(name: str, files: dict[str, None]) -> None:
    """Add the file of a library, after those of its dependencies."""
    entry = bundle_index().get(name)
    if entry is None or entry["file"] in files:
        return
    needs = entry.get("needs", [])
    assert isinstance(needs, list)
    for need in needs:
        add_bundle(need, files)
    files[str(entry["file"])] = None
