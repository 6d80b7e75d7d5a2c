"""Checks what postrunner is made from. Started by scripts/audit.

Without a network: every requirement has a lower bound, which leaves out the versions with known holes (first_safe.txt);
constraints.txt pins all of them within their bounds, with hashes and without an address; the lock files of the bundles and
of Newman pin every package of npm with its hash; the SBOM names what the bundles hold; all licences are among those that
may be shipped. With one: pip-audit and npm audit ask their databases.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIBRARIES = ROOT / "runner/sandbox/libraries"
BUNDLES = ROOT / "runner/sandbox/bundles"
NEWMAN = ROOT / "tests/newman/npm"
REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)\s*>=\s*(?P<lowest>[\w.]+)(?:,<(?P<below>[\w.]+))?\s*(?:;.*)?")
PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[\w.+]+)(?P<rest>[^\\\n]*(?:\\\n[^\\\n]*)*)", re.MULTILINE)
SHIPPED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "ISC",
    "MIT",
    "Public Domain",
    "Unlicense",
}
"""Licences of the bundled libraries."""

COPYLEFT = re.compile(r"\b(A?GPL|SSPL|GNU (Affero )?General Public)", re.IGNORECASE)
"""What no package that is only depended on may have; LGPL and MPL may."""


def version_key(version: str) -> tuple[int, ...]:
    """A version to compare by; 50 and 50.0.0 are one."""
    numbers = [int(part) for part in re.findall(r"\d+", version.partition("+")[0])]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def requirements() -> list[str]:
    """All of pyproject.toml: of the build, the project and its extras."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = [project["build-system"]["requires"], project["project"]["dependencies"]]
    groups += project["project"]["optional-dependencies"].values()
    return [text for group in groups for text in group]


def first_safe() -> dict[str, str]:
    """Package → its first version without a known hole."""
    rows = (line.split() for line in (ROOT / "scripts/first_safe.txt").read_text("utf-8").splitlines())
    return {row[0]: row[1] for row in rows if row and row[0] != "#"}


def pinned() -> dict[str, tuple[str, str]]:
    """Package → its version in constraints.txt and what follows it there."""
    text = (ROOT / "scripts/constraints.txt").read_text("utf-8")
    return {match["name"].lower(): (match["version"], match["rest"]) for match in PINNED.finditer(text)}


def bounds() -> Iterator[str]:
    """What is wrong with the lower bounds, and with what is locked within them."""
    safe, locked = first_safe(), pinned()
    for text in requirements():
        match = REQUIREMENT.fullmatch(text)
        if match is None:
            yield f"pyproject.toml: {text} has no lower bound"
            continue
        name, lowest, below = match["name"].lower(), match["lowest"], match["below"]
        if version_key(lowest) < version_key(safe.get(name, "0")):
            yield f"pyproject.toml: {text} allows versions with known holes; {safe[name]} is the first without"
        if name not in locked:
            yield f"constraints.txt: {name} is missing"
            continue
        version = version_key(locked[name][0])
        if version < version_key(lowest) or (below and version >= version_key(below)):
            yield f"constraints.txt: {name} {locked[name][0]} does not fit {text}"


def locks() -> Iterator[str]:
    """What is wrong with the two lock files."""
    safe = first_safe()
    for name, (version, rest) in pinned().items():
        if "--hash=sha256:" not in rest:
            yield f"constraints.txt: {name} has no hash"
        if version_key(version) < version_key(safe.get(name, "0")):
            yield f"constraints.txt: {name} {version} has known holes; {safe[name]} is the first without"
    if "://" in (ROOT / "scripts/constraints.txt").read_text("utf-8"):
        yield "constraints.txt: it names an address"
    for folder in (LIBRARIES, NEWMAN):
        yield from npm_lock(folder)


def npm_lock(folder: Path) -> Iterator[str]:
    """What is wrong with package-lock.json of this folder."""
    packages = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    for path, package in packages.items():
        if path and not str(package.get("integrity", "")).startswith("sha512-"):
            yield f"package-lock.json: {path} has no hash"
        if "resolved" in package:
            yield f"package-lock.json: {path} names an address"
    for name, version in json.loads((folder / "package.json").read_text("utf-8"))["dependencies"].items():
        if packages.get(f"node_modules/{name}", {}).get("version") != version:
            yield f"package-lock.json: {name} is not {version}"


def shipped() -> Iterator[str]:
    """What is wrong with the SBOM and the licences of what the wheel carries."""
    components = json.loads((BUNDLES / "sbom.cdx.json").read_text("utf-8"))["components"]
    texts = (BUNDLES / "LICENSES.txt").read_text("utf-8")
    titles = set(re.findall(r"^(\S+) (\S+)\nLicence: ", texts, re.MULTILINE))
    named = {(one["name"], one["version"]) for one in components}
    for name, version in sorted(titles ^ named):
        yield f"{'SBOM' if (name, version) in titles else 'LICENSES.txt'}: {name} {version} is missing"
    for one in components:
        kinds = {kind["license"].get("id") or kind["license"]["name"] for kind in one["licenses"]}
        if not kinds & SHIPPED:
            yield f"SBOM: {one['name']} has the licence {' or '.join(kinds)}"
        if not one["hashes"] or not one["purl"].startswith("pkg:npm/"):
            yield f"SBOM: {one['name']} has no hash or no purl"


def installed() -> Iterator[str]:
    """Licences of the locked packages that are installed here and may not be depended on."""
    locked = pinned()
    for found in distributions():
        if found.name.lower().replace("_", "-") not in locked:
            continue
        about = found.metadata
        kinds = [about.get("License-Expression") or about.get("License") or ""]
        kinds += [line for line in about.get_all("Classifier") or () if line.startswith("License")]
        if COPYLEFT.search(" ".join(kind[:200] for kind in kinds)):
            yield f"{found.name}: its licence is {kinds[0][:60]}"


def databases() -> Iterator[tuple[int, str]]:
    """The exit codes and words of pip-audit and npm audit."""
    audit = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "-r", "scripts/constraints.txt"]
    subprocess.run([sys.executable, "-m", "pip", "install", "-qq", "pip-audit"], cwd=ROOT, check=False)
    yield asked("pip-audit", audit, "Found ", ROOT)
    npm = shutil.which("npm")
    if npm is None:
        yield 3, "npm audit: there is no npm"
    else:
        yield asked("npm audit", [npm, "audit", "--omit=dev", "--package-lock-only"], "vulnerabilities", LIBRARIES)


def asked(name: str, command: list[str], found: str, folder: Path) -> tuple[int, str]:
    """0 where the database knows of nothing, 1 where it does, 3 where it could not be asked."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip()
    code = 0 if not done.returncode else 1 if found in said else 3
    return (
        code,
        f"{name}: {'nothing is known' if not code else said if code == 1 else said.splitlines()[-1] if said else ''}",
    )


def main(arguments: list[str]) -> int:
    """Run all checks and print what they find."""
    wrong = [text for check in (bounds, locks, shipped, installed) for text in check()]
    print("\n".join(wrong) if wrong else "bounds, locks, SBOM and licences: nothing is wrong")
    codes = {1} if wrong else {0}
    if "--offline" not in arguments:
        for code, text in databases():
            print(text)
            codes.add(code)
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
