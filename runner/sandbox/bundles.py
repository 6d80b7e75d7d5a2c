"""Which library bundles a script needs: found in its text, since a running script cannot ask for them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

INDEX = Path(__file__).parent / "bundles" / "index.json"
LITERAL = re.compile(r"""\brequire\s*\(\s*(?:'([^'\\\n]+)'|"([^"\\\n]+)"|`([^`\\$]+)`)\s*\)""")
ANY_REQUIRE = re.compile(r"\brequire\b")
WORDS = {
    r"\bBuffer\b|\bstream\b": "buffer",
    r"\bCryptoJS\b": "crypto-js",
    r"\btv4\b": "tv4",
    r"\bresponseCode\b|\bdetails\b": "http-reasons",
    r"\bxml2Json\b": "xml2js",
    r"\bBackbone\b": "backbone",
    r"\bcheerio\b": "cheerio",
    r"\breplaceIn\b": "dynamic-variables",
    r"(?<![\w$.])_(?![\w$])": "lodash3",
}
"""Libraries that scripts use without `require`, and the words that tell it."""

SCHEMAS, USES_SCHEMAS = "world/schemas.js", re.compile(r"\bjsonSchema\b")
"""The check of `jsonSchema`, which no script can change; and what tells of it."""

HIDING = re.compile(r"\beval\b|\bFunction\b")
"""Text made at run time may name any library, so everything is loaded."""

ALONE = {"sugar", "web-streams"}
"""Bundles that the child loads when one of their names is touched."""


@cache
def bundle_index() -> dict[str, dict[str, object]]:
    """Name → file and the names it needs, as the build wrote it; empty where nothing was built."""
    if not INDEX.exists():
        return {}
    found: dict[str, dict[str, object]] = json.loads(INDEX.read_text(encoding="utf-8"))
    return found


@cache
def bundles_for(source: str) -> tuple[str, ...]:
    """The bundle files to load before this script, in order."""
    names = [next(filter(None, groups)) for groups in LITERAL.findall(source)]
    names += [name for word, name in WORDS.items() if re.search(word, source)]
    everything = len(ANY_REQUIRE.findall(source)) > len(LITERAL.findall(source)) or HIDING.search(source) is not None
    if everything:
        names = [name for name in bundle_index() if name not in ALONE]
    files: dict[str, None] = {}
    for name in names:
        add_bundle(name, files)
    if bundle_index() and (everything or USES_SCHEMAS.search(source)):
        files[SCHEMAS] = None
    return tuple(files)


def bundle_files(name: str) -> tuple[str, ...]:
    """The files of one library, in the order to load them."""
    files: dict[str, None] = {}
    add_bundle(name, files)
    return tuple(files)


def add_bundle(name: str, files: dict[str, None]) -> None:
    """Add the file of a library after the files it needs."""
    entry = bundle_index().get(name)
    if entry is None or entry["file"] in files:
        return
    needs = entry.get("needs", [])
    assert isinstance(needs, list)
    for need in needs:
        add_bundle(need, files)
    files[str(entry["file"])] = None
