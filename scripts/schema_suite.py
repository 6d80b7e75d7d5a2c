"""Runs the JSON Schema test suite over the validation of contracts: with jsonschema alone, and jsonschema-rs before it.

The suite lies in the sdist of jsonschema, which pip fetches unless `--suite` names the folder `json` of one. Each schema of
2020-12 is validated as a schema of OpenAPI 3.1, inside the document and in a file beside it; those of older drafts by the
`$schema` that they name, those of draft 4 also as OpenAPI 3.0. The exit code is 1 if a verdict is another than the suite's
for a reason that is not listed here, or if the two ways do not agree.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import subprocess
import sys
import tarfile
import tempfile
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from runner.contract.remote import Remote  # noqa: E402
from runner.contract.validation.schemas import Schemas  # noqa: E402
from runner.foreign.openapi.documents import Document  # noqa: E402
from runner.formats.format import Given  # noqa: E402
from runner.options import RunOptions  # noqa: E402

DRAFTS = {
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft4": "http://json-schema.org/draft-04/schema#",
}

NOT_IN_30 = frozenset({"patternProperties", "dependencies", "additionalItems", "definitions", "id", "$schema", "$ref"})
"""Keywords of draft 4 that OpenAPI 3.0 does not have; references are those of the document there."""

NOT_ALONE = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
"""Keywords by which a schema refers to itself, which has to have an address inside of a document for that."""

IN_FILES = "in a file references are relative to it, not to an $id"
KNOWN = {
    "optional/dependencies-compatibility": "dependencies is not a keyword of 2019-09 and 2020-12",
    "draft7/optional/content": "the content of texts is not validated, as 2019-09 and 2020-12 say",
    "zeroTerminatedFloats": "1.0 is an integer, as all later drafts say",
    "vocabulary.json": "a dialect of one's own is a finding",
    "optional/format-assertion": "a dialect of one's own is a finding",
    "optional/id.json: $id inside an enum": "an address that nothing has is a finding, also in an alternative",
    "optional/unknownKeyword.json": "an address that nothing has is a finding, also in an alternative",
    "anchor.json: Location-independent identifier with absolute URI": IN_FILES,
    "ref.json: URN ref with nested pointer ref": IN_FILES,
    "ref.json: ref to if": IN_FILES,
    "ref.json: ref to then": IN_FILES,
    "ref.json: ref to else": IN_FILES,
    "refRemote.json: remote HTTP ref with nested absolute ref": IN_FILES,
    "refRemote.json: Location-independent identifier in remote ref": "anchors of draft 4 to 7 in other files are a finding",
    "refRemote.json: $ref to $ref finds location-independent $id": "anchors of draft 4 to 7 in other files are a finding",
}
"""Why verdicts differ that are meant to, by a part of the names of the tests."""

NO_SCHEMA = "a schema that can be validated"


def fetched(folder: Path) -> Path:
    """The suite from the sdist of the jsonschema that is installed."""
    from importlib.metadata import version

    name = f"jsonschema=={version('jsonschema')}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "-d", str(folder), name]
    subprocess.run(pip, check=True)
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.glob("jsonschema-*/json"))


def cases(suite: Path, draft: str) -> Iterator[tuple[str, Any, list[dict[str, Any]]]]:
    """Name, schema and tests of each case of a draft."""
    for path in sorted((suite / "tests" / draft).rglob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(suite / 'tests')}: {case['description']}", case["schema"], case["tests"]


def schemas(schema: Any, folder: Path, *, beside: bool, version: str, formats: bool, fast: bool) -> tuple[Schemas, Any]:
    """The validation of a document with this schema inside or beside it, and the schema as its media type has it."""
    node: Any = schema
    if beside:
        (folder / "schema.json").write_text(json.dumps(schema))
        node = {"$ref": "schema.json"}
    elif isinstance(schema, dict) and version != "3.0.3" and uses(schema, NOT_ALONE):
        node = {"$id": "https://suite.example/schema", **schema}
    root = {"openapi": version, "paths": {}, "components": {"schemas": {"S": node}}}
    path = str(folder / "api.json")
    document = Document(Given(json.dumps(root), path), Remote(path, (), RunOptions(), {}).fetch)
    old = version == "3.0.3"
    return Schemas(document, "writeOnly", old=old, formats=formats, fast=fast), document.root["components"]["schemas"]["S"]


def verdict(made: tuple[Schemas, Any], value: Any) -> str:
    """valid, invalid, or that the schema cannot be validated."""
    found = made[0].violations(made[1], value)
    if found and found[0].expected == NO_SCHEMA:
        return f"unusable ({found[0].actual})"
    return "invalid" if found else "valid"


def differences(suite: Path, folder: Path, draft: str, beside: bool, version: str) -> Iterator[tuple[str, str]]:
    """How each test ended, and its name: `ok`, or what was expected and what came."""
    for name, schema, tests in cases(suite, draft):
        if version == "3.0.3" and (not isinstance(schema, dict) or uses(schema, NOT_IN_30)):
            continue
        formats = "/format/" in name or "format-assertion" in name
        if draft != "draft2020-12" and version != "3.0.3":
            schema = {"$schema": DRAFTS[draft], **schema} if isinstance(schema, dict) else schema
        if beside and isinstance(schema, dict) and ("$id" in schema or "id" in schema):
            continue
        options: dict[str, Any] = {"beside": beside, "version": version, "formats": formats}
        slow = schemas(schema, folder, fast=False, **options)
        quick = schemas(schema, folder, fast=True, **options)
        for test in tests:
            one, other = verdict(slow, test["data"]), verdict(quick, test["data"])
            wanted = "valid" if test["valid"] else "invalid"
            label = f"{name}: {test['description']}"
            if one != other:
                yield f"jsonschema {one}, with jsonschema-rs {other}", label
            else:
                yield "ok" if one == wanted else f"{wanted}, here {one}", label


def uses(schema: Any, names: frozenset[str]) -> bool:
    """Whether a schema has one of these keywords anywhere, several types at once, or a list of schemas for items."""
    if isinstance(schema, list):
        return any(uses(one, names) for one in schema)
    if not isinstance(schema, dict):
        return False
    own = names & schema.keys() or isinstance(schema.get("type"), list) or isinstance(schema.get("items"), list)
    return bool(own) or any(uses(one, names) for one in schema.values())


def why_of(how: str, name: str) -> str:
    """The known reason of a difference; the two ways always have to agree."""
    return "" if "jsonschema-rs" in how else next((why for part, why in KNOWN.items() if part in name), "")


def served(folder: Path) -> http.server.ThreadingHTTPServer:
    """A server of the schemas that the suite refers to, at the address that it expects."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 1234), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> int:
    """Run everything and print how each dialect did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", type=Path, help="the folder `json` of an unpacked sdist of jsonschema")
    parser.add_argument("--all", action="store_true", help="print differences with a known reason, too")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    failed = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        suite = given.suite or fetched(folder)
        served(suite / "remotes")
        runs = (
            [("draft2020-12", True, "3.1.0")] + [(draft, False, "3.1.0") for draft in DRAFTS] + [("draft4", False, "3.0.3")]
        )
        for draft, beside, version in runs:
            found = list(differences(suite, folder, draft, beside, version))
            differ = [(how, name, why_of(how, name)) for how, name in found if how != "ok"]
            place = " in a file" if beside else ""
            known = sum(bool(why) for _, _, why in differ)
            print(
                f"{draft} as OpenAPI {version}{place}: {len(found)} tests, {len(differ)} differ, {known} for a known reason"
            )
            failed += len(differ) - known
            for how, name, why in differ:
                if given.all or not why:
                    print(f"  {name}\n    {how}" + (f" ({why})" if why else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
