"""What is run, by whom, and what one run of it takes."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benching.server import requests_seen

ROOT = Path(__file__).resolve().parents[2]
NEWMAN = "6.2.2"
NAMES = {"ours": "postrunner", "newman": f"Newman {NEWMAN}"}
LONGEST_INSTALL = 120
"""Seconds within which npm must have installed Newman; without a network it would try for minutes."""


def collection(port: int, count: int, *, tested: bool, folder: str = "items") -> dict[str, object]:
    """A collection of so many requests, each with a test of its own if `tested`."""
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    items = [_item(port, n, tested, folder) for n in range(count)]
    return {"info": {"name": f"{count} requests", "schema": schema}, "item": items}


def _item(port: int, number: int, tested: bool, folder: str) -> dict[str, object]:
    check = f'pm.test("answer {number} is fine", () => pm.expect(pm.response.json().ok).to.equal(true));'
    return {
        "name": f"Request {number}",
        "request": {"method": "GET", "url": f"http://127.0.0.1:{port}/{folder}/{number}?page={number}"},
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": [check]}}] if tested else [],
    }


def commands_of(newman: list[str] | None) -> dict[str, list[str]]:
    """The commands to compare, by who they are."""
    ours = {"ours": [sys.executable, "-m", "runner", "run"]}
    return ours if newman is None else {**ours, "newman": newman}


def newman_command(say: Callable[[str], None]) -> list[str] | None:
    """How to start Newman, installed if necessary; None without node and npm, or if npm cannot install it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    folder = Path(os.environ.get("POSTRUNNER_NEWMAN") or Path(sys.prefix) / "newman")
    package = folder / "node_modules" / "newman"
    if not package.exists():
        say(f"installing Newman {NEWMAN} into {folder}")
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "tests" / "newman" / "npm" / name, folder)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
        try:
            subprocess.run([npm, "ci", "--prefix", str(folder), *quiet], check=True, timeout=LONGEST_INSTALL)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            shutil.rmtree(folder / "node_modules", ignore_errors=True)
            return None
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    if version != NEWMAN:
        sys.exit(f"{folder} holds Newman {version}, not {NEWMAN}")
    return [node, str(package / "bin" / "newman.js"), "run"]


def run_once(command: list[str], watch: Callable[[int], None] = lambda pid: None) -> tuple[float, float]:
    """Wall and CPU seconds of the whole command; it must succeed."""
    cpu, start = _children_cpu(), time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment())
    try:
        watch(process.pid)
        code = process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    wall = time.perf_counter() - start
    if code:
        sys.exit(f"exit code {code} from: {' '.join(command)}")
    return wall, _children_cpu() - cpu


def _children_cpu() -> float:
    """CPU seconds of all processes that this one has waited for, and of those that they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment() -> dict[str, str]:
    """The environment as a user has it: Python may keep its bytecode, and our own variable is not an option of it."""
    ours = ("PYTHONDONTWRITEBYTECODE", "POSTRUNNER_NEWMAN")
    return {name: value for name, value in os.environ.items() if name not in ours}


def compile_bytecode() -> None:
    """Compile what is measured, so that no run does."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "runner"], cwd=ROOT, env=environment(), check=True)


def check_count(who: str, port: int, count: int) -> None:
    """End the benchmark unless the server has seen so many requests since the last look."""
    seen = requests_seen(port)
    if seen != count:
        sys.exit(f"{NAMES[who]} sent {seen} requests instead of {count}")
