"""Judges good and spoiled responses of public OpenAPI documents, and compares with schemathesis and openapi-core.

The documents are of the npm package @readme/oas-examples. Values are made at random (`--seed`) from their schemas; each
spoiled response differs from a good one in one known way. Everything that is needed is installed once into `--folder`. The
exit code is 1 if a spoiled response is not found or a good one is blamed; differences to the others are counted by kind.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from runner.clock import Clock  # noqa: E402
from runner.contract.contract import Contract, Contracts  # noqa: E402
from runner.entropy import Entropy  # noqa: E402
from runner.foreign.openapi.documents import Document  # noqa: E402
from runner.foreign.openapi.swagger import as_openapi  # noqa: E402
from runner.formats.format import Given  # noqa: E402
from runner.mock.openapi.random_values import RandomValues  # noqa: E402
from runner.model.response import Hop, Response  # noqa: E402
from scripts.spoiling import Case, resolved, spoiled_responses  # noqa: E402

DOCUMENTS = (
    *("2.0/json/petstore.json", "2.0/json/petstore-expanded.json", "3.0/json/petstore.json", "3.0/json/star-trek.json"),
    *("3.0/json/complex-nesting.json", "3.0/json/schema-validation.json", "3.0/json/petstore-expanded.json"),
    *("3.0/json/polymorphism.json", "3.0/json/readme-legacy.json", "3.1/json/petstore.json", "3.1/json/train-travel.json"),
    *("3.1/json/readme.json", "3.0/json/discriminators.json", "3.0/json/response-schemas.json"),
)
METHODS = frozenset({"get", "put", "post", "patch", "delete"})
OTHERS = ("schemathesis", "openapi-core")
REQUIREMENTS = ("schemathesis==4.32.5", "openapi-core==0.23.1", "requests")


def installed(folder: Path) -> tuple[Path, Path]:
    """The folder of the documents, and the Python that has the others."""
    examples = folder / "node_modules" / "@readme" / "oas-examples"
    if not examples.exists():
        folder.mkdir(parents=True, exist_ok=True)
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "@readme/oas-examples"]
        subprocess.run(npm, cwd=folder, check=True)
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
    return examples, python


def loaded(path: Path) -> tuple[Document, bool]:
    """A document as OpenAPI 3, and whether its schemas are of 3.0."""
    document = Document(Given(path.read_text(encoding="utf-8"), str(path)))
    version = document.version
    if version == (2, 0):
        as_openapi(document)
    return document, version < (3, 1)


def good_cases(document: Document, values: RandomValues) -> Iterator[tuple[Case, dict]]:
    """A good response for each that an operation declares, and what the document says of it."""
    root = document.root
    for path, found in root["paths"].items():
        for method, operation in resolved(root, found).items():
            if method not in METHODS:
                continue
            for code, node in operation.get("responses", {}).items():
                response = resolved(root, node)
                if code == "default" or code.upper().endswith("XX") or int(code) in (204, 304):
                    continue
                media_type, media = next(iter(response.get("content", {}).items()), ("", {}))
                if media_type and "json" not in media_type:
                    continue
                schema = resolved(root, media).get("schema")
                body = "" if schema is None else json.dumps(values.of(schema))
                headers = {"Content-Type": media_type} if media_type else {}
                for name, header in response.get("headers", {}).items():
                    value = values.of(resolved(root, header).get("schema", {}))
                    headers[name] = value if isinstance(value, str) else json.dumps(value)
                yield Case(method.upper(), path, int(code), headers, body, ""), response


def cases_of(document: Document, old: bool, seed: int, most: int) -> list[Case]:
    """Good cases, and as many spoiled ones, those of each kind by turns."""
    values = RandomValues(document, Entropy(seed), Clock())
    by_kind: dict[str, list[Case]] = {}
    good = []
    for case, response in good_cases(document, values):
        good.append(case)
        for one in spoiled_responses(document.root, case.method, case.path, case, response, old=old):
            by_kind.setdefault(one.spoiled, []).append(one)
    chosen = random.Random(seed)
    for found in by_kind.values():
        chosen.shuffle(found)
    turns = [one for row in zip(*(found + [None] * 1000 for found in by_kind.values()), strict=False) for one in row if one]
    return good[:most] + turns[:most]


def own_verdicts(document: Document, old: bool, cases: list[Case]) -> list[str]:
    """What the contract checks find, empty if nothing."""
    contract = Contract(document, ["http://api.example"], old=old, formats=False)
    contracts = Contracts([contract])
    verdicts = []
    for case in cases:
        href = "http://api.example" + case.path.replace("{", "").replace("}", "")
        headers = tuple(case.headers.items())
        response = Response(code=case.status, headers=headers, body=case.body.encode())
        hop = Hop(method=case.method, href=href, headers=(), response=response)
        found = contracts.find(case.method, href)
        checks = contract.checks(found[1], hop, b"") if found else []
        wrong = [check for check in checks if check.violations and not check.name.startswith("request_")]
        verdicts.append("; ".join(f"{check.name} {check.violations[0]}" for check in wrong))
    return verdicts


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir(), "postrunner-compare-contract"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=40, help="spoiled responses of each document")
    parser.add_argument("--all", action="store_true", help="print each difference")
    given = parser.parse_args()
    examples, python = installed(given.folder)
    totals: Counter[str] = Counter()
    differences: Counter[tuple[str, str, str]] = Counter()
    failed = 0
    for name in DOCUMENTS:
        document, old = loaded(examples / name)
        cases = cases_of(copy.deepcopy(document), old, given.seed, given.most)
        ours = own_verdicts(document, old, cases)
        asked = json.dumps({"document": str(examples / name), "cases": [case._asdict() for case in cases]})
        command = [str(python), str(ROOT / "scripts" / "compare_contract_others.py")]
        done = subprocess.run(command, input=asked, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"schemathesis and openapi-core failed: {done.stderr}")
        theirs = json.loads(done.stdout)
        print(f"{name}: {sum(not one.spoiled for one in cases)} good, {sum(bool(one.spoiled) for one in cases)} spoiled")
        for at, case in enumerate(cases):
            kind = case.spoiled or "good"
            if not case.spoiled and ours[at] and all(theirs[other][at] for other in OTHERS):
                kind = "no good one after all"  # several alternatives of a oneOf take it: values are made for one
            wrong = kind != "no good one after all" and bool(ours[at]) != bool(case.spoiled)
            totals[f"{'spoiled' if case.spoiled else kind}{' WRONG' if wrong else ''}"] += 1
            failed += wrong
            if wrong:
                print(
                    f"  {case.method} {case.path} {case.status}, {kind}: {ours[at] or 'not found'}\n    {case.body[:300]}"
                )
            for other in OTHERS:
                if bool(theirs[other][at]) != bool(ours[at]):
                    differences[other, kind, "finds" if theirs[other][at] else "does not find"] += 1
                    if given.all:
                        said = f"{theirs[other][at][:200]!r}, here {ours[at][:200]!r}"
                        print(f"  {other}: {case.method} {case.path} {case.status}, {kind}: {said}")
    print(dict(totals))
    for (other, kind, how), count in sorted(differences.items()):
        print(f"{other} {how} {count} × {kind}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
