"""Ends postrunner with signals at random moments of everything it does, and looks at what is left.

Each attack starts a command, waits a random time and sends one, two or three signals. Then the exit code must be that of
the signal, standard error free of tracebacks, every report and export whole (or what was there before), no unfinished file
left and no process orphaned. A moment before the command has begun to listen belongs to the interpreter: there SIGINT ends
in Python's own way (counted as "early"). The exit code is 1 when anything else is found. Works on Linux.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
SIGNALS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 143}
REPORTS = ("json", "junit", "html", "ndjson")
SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER: orphans become children of this process."""
PATIENCE = 40.0
LISTENING = 0.8
"""How many of the attacks wait until the command listens; the others may meet the interpreter's own start."""


class Answers(BaseHTTPRequestHandler):
    """`/hang` is never answered, everything else at once."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/hang":
            threading.Event().wait(600)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nok")

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        """Print nothing."""


@dataclass
class Scene:
    """A command in a folder: how long it runs at most before the signal comes, and what it may leave."""

    command: Callable[[Path, str], list[str]]
    longest: float = 1.0
    reports: bool = True
    ends: bool = False
    around: Callable[[Path], list[str]] = field(default=lambda folder: [])


def collection(folder: Path, *items: dict[str, object]) -> str:
    path = folder / "collection.json"
    path.write_text(json.dumps({"info": {"name": "attack"}, "item": list(items)}))
    return path.name


def item(url: str, test: str = "") -> dict[str, object]:
    events = [{"listen": "test", "script": {"exec": test}}] if test else []
    return {"name": "one", "request": {"method": "GET", "url": url}, "event": events}


def run(*args: str) -> list[str]:
    """A run with every report and export."""
    reports = [word for kind in REPORTS for word in (f"--reporter-{kind}-export", f"r.{kind}")]
    exports = ["--export-environment", "e.json", "--export-globals", "g.json", "--export-collection", "c.json"]
    exports += ["--export-cookie-jar", "jar.json", "--record", "tape.yaml", "--record-mode", "all"]
    return ["run", *args, "-r", "cli,json,junit,html,ndjson", *reports, *exports]


def runs(test: str = "", path: str = "/", *more: str) -> Callable[[Path, str], list[str]]:
    return lambda folder, url: run(collection(folder, item(url + path, test)), *more)


def silent_tls(folder: Path, url: str) -> list[str]:
    return run(collection(folder, item(url.replace("http:", "https:") + "/")))


def unknown_name(folder: Path, url: str) -> list[str]:
    return run(collection(folder, item("http://no-such-host.example/")))


def without_name_server(folder: Path) -> list[str]:
    """Lead every look-up of a name to an address that never answers."""
    (folder / "resolv.conf").write_text("nameserver 127.0.0.9\noptions timeout:20 attempts:5\n")
    return ["unshare", "-m", "sh", "-c", 'mount --bind resolv.conf /etc/resolv.conf; exec "$@"', "sh"]


def pipe_without_writer(folder: Path, url: str) -> list[str]:
    os.mkfifo(folder / "pipe.json")
    return ["run", "pipe.json"]


def pipe_without_reader(folder: Path, url: str) -> list[str]:
    os.mkfifo(folder / "pipe")
    return run(collection(folder, item(url + "/")), "--export-variable", "no=pipe")


def large(folder: Path, url: str) -> list[str]:
    items = [item(url + "/", 'pm.test("a", () => {}); console.log("x".repeat(2000))')] * 40
    return run(collection(folder, *items), "-n", "20")


def data(folder: Path, url: str) -> list[str]:
    (folder / "data.json").write_text(json.dumps([{"a": str(number) * 50} for number in range(20_000)]))
    return run(collection(folder, item(url + "/")), "-d", "data.json")


ASK = 'await pm.sendRequest("{}/hang");'
SCENES = {
    "start of a run": Scene(runs(path="/hang"), 0.6),
    "request that hangs": Scene(runs(path="/hang"), 2.0),
    "script that loops": Scene(runs("for(;;);"), 2.0),
    "script that waits": Scene(runs("await new Promise((e) => setTimeout(e, 60000))"), 2.0),
    "sendRequest": Scene(lambda folder, url: run(collection(folder, item(url + "/", ASK.format(url)))), 2.0),
    "handshake of TLS": Scene(silent_tls, 2.0),
    "many requests": Scene(runs("pm.environment.set('a', pm.info.iteration)", "/", "-n", "1000000"), 3.0),
    "delay": Scene(runs("", "/", "--delay-request", "60000"), 1.5),
    "large report": Scene(large, 6.0, ends=True),
    "data and reports": Scene(data, 3.0, ends=True),
    "a short run": Scene(runs("pm.test('a', () => {})"), 1.2, ends=True),
    "pipe without writer": Scene(pipe_without_writer, 1.0, reports=False),
    "dry run": Scene(lambda folder, url: [*runs()(folder, url), "--dry-run"], 0.8, reports=False, ends=True),
    "--help": Scene(lambda folder, url: ["run", "--help"], 0.5, reports=False, ends=True),
    "flows copy": Scene(lambda folder, url: ["flows", "copy", "torii", "."], 0.5, reports=False, ends=True),
    "stand-in": Scene(lambda folder, url: ["stand-in", "truto", "--port", "0"], 1.0, reports=False, ends=True),
    "demo": Scene(lambda folder, url: ["demo"], 3.0, reports=False, ends=True),
}
NAMES = Scene(unknown_name, 2.0, around=without_name_server)

WHOLE: dict[str, Callable[[str], object]] = {
    "r.json": json.loads,
    "r.junit": ElementTree.fromstring,
    "r.html": lambda text: text.rstrip().endswith("</html>") or 1 / 0,
    "r.ndjson": lambda text: json.loads(text.splitlines()[-1])["event"] == "summary" or 1 / 0,
    "e.json": json.loads,
    "g.json": json.loads,
    "c.json": json.loads,
    "jar.json": json.loads,
    "tape.yaml": lambda text: "version: 1" in text or 1 / 0,
}


def children() -> Iterator[int]:
    """The processes below this one."""
    for task in Path("/proc/self/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def faults(scene: Scene, folder: Path, process: subprocess.Popen[str], err: str, sent: str, had: bool) -> Iterator[str]:
    """What is wrong after the end of a process."""
    number, code = getattr(signal, sent), SIGNALS[sent]
    told = any(word in err for word in ("Traceback", "Exception ignored", "Fatal Python"))
    early = told and sent == "SIGINT" and "/runner/" not in err
    if process.returncode not in {code, -number} | ({0} if scene.ends else set()) | ({1} if early else set()):
        yield f"exit code {process.returncode}"
    if told:
        yield "early" if early else "traceback"
    for name, check in WHOLE.items():
        if (folder / name).exists():
            text = (folder / name).read_text("utf-8")
            try:
                _ = (had and text == "before") or check(text)
            except Exception:
                yield f"{name} is broken"
        elif scene.reports and process.returncode == code and had:
            yield f"{name} is gone"
    for _, _, names in os.walk(folder):
        yield from (f"{name} is left" for name in names if ".part" in name)
    end = time.monotonic() + 5
    while (left := list(children())) and time.monotonic() < end:
        for one in left:
            try:
                os.waitpid(one, os.WNOHANG)
            except ChildProcessError:
                continue
        time.sleep(0.02)
    if left:
        yield "a process is orphaned"
        for one in left:
            os.kill(one, signal.SIGKILL)


def until_it_listens(process: subprocess.Popen[str]) -> None:
    """Wait until the command has a handler for SIGTERM, or is over."""
    bit = 1 << (signal.SIGTERM - 1)
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")), "0")
        if int(caught, 16) & bit:
            return
        time.sleep(0.001)


def attack(scene: Scene, url: str, chance: random.Random, command: list[str], bad: list[str]) -> list[str]:
    """One attack; what it found."""
    sent, times, had = chance.choice(list(SIGNALS)), chance.choice((1, 2, 3)), chance.random() < 0.5
    with tempfile.TemporaryDirectory(prefix="attack-signals-") as name:
        folder = Path(name)
        args = scene.command(folder, url)
        if had and scene.reports:
            for file in WHOLE:
                (folder / file).write_text("before")
        had = had and scene.reports
        words = [*scene.around(folder), *command, *args]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        process = subprocess.Popen(words, cwd=folder, env=environ, **pipes)  # type: ignore[call-overload]
        moment = chance.uniform(0, scene.longest)
        if chance.random() < LISTENING:
            until_it_listens(process)
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            for at in range(times):
                if at:
                    time.sleep(chance.choice((0, 0.001, 0.01, 0.1, 0.3)))
                process.send_signal(getattr(signal, sent))
            try:
                _, err = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                found = ["does not end"]
            else:
                found = list(faults(scene, folder, process, err, sent, had))
            if [one for one in found if one != "early"]:
                bad.append(f"{sent} x{times} at {moment:.3f} s: {', '.join(found)}\n{err if 'err' in locals() else ''}")
            return found or [f"{process.returncode}"]
        process.communicate()
        return ["over before"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scene", default="", help="only scenes whose names hold this")
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        scenes = {**SCENES, "look-up of a name": NAMES} if shutil.which("unshare") and os.geteuid() == 0 else SCENES
        scenes = {name: scene for name, scene in scenes.items() if options.scene in name}
        chance, bad = random.Random(options.seed), list[str]()
        found: dict[str, Counter[str]] = {name: Counter() for name in scenes}
        script = Path(sys.executable).parent / "postrunner"
        commands = [[sys.executable, "-m", "runner"], *([[str(script)]] if script.exists() else [])]
        for number in range(options.kills):
            name = list(scenes)[number % len(scenes)]
            before = len(bad)
            found[name].update(attack(scenes[name], url, chance, chance.choice(commands), bad))
            for text in bad[before:]:
                print(f"{name}: {text}", flush=True)
    for name, counts in found.items():
        print(f"{name:<22} {'  '.join(f'{what}: {count}' for what, count in sorted(counts.items()))}")
    print(f"{options.kills} attacks, {len(bad)} faults")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
