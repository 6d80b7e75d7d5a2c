"""Runs a suite full of accidents again and again with --jobs, and checks that nothing depends on timing.

The suite is collections beside each other, and the iterations of one collection beside each other. A server on loopback
drops connections in the middle of answers, answers 429, 503 and nonsense; what it does to a request depends on --seed, the
request and how often it came, and on nothing else. Three checks:

runs    --runs times each: the same reports every time but for times, every request that the server saw is in the report
kills   --kills times ended by SIGINT or SIGTERM at a random moment: exit code 130 or 143, all reports whole
memory  the most PSS of all processes together with --jobs, at most 2.5 times that of one job (Linux only)

The exit code is 1 if a check fails.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ("json", "junit", "html", "ndjson")
HUNG = 120
"""Seconds after which a run counts as one that never ends."""

TIMES = re.compile(
    r"(?i)^(.*(time|elapsed|duration|started|completed|timestamp|timings|date|wall).*|cursor|ref|id|slowest|reused)$"
)
"""Keys of what differs between two runs in any case: times, and identities that are made anew."""

BEFORE = """
pm.environment.set("token", "t-" + pm.info.iteration);
pm.sendRequest(pm.environment.get("url") + "/send/" + pm.info.requestName + "/" + pm.info.iteration);
"""
TEST = """
pm.test("is fine", () => pm.expect(pm.response.json().ok).to.equal(true));
pm.test("its own token", () => pm.expect(pm.environment.get("token")).to.equal("t-" + pm.info.iteration));
console.log(pm.info.requestName, pm.info.iteration);
"""


# -- the server -------------------------------------------------------------------------------------------------------


class Answers(asyncio.Protocol):
    """Answers by the fate of each request; `seen` counts requests by their target."""

    seed = 0
    seen: ClassVar[Counter[str]] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.pending = transport, b""

    def data_received(self, data: bytes) -> None:
        *heads, self.pending = (self.pending + data).split(b"\r\n\r\n")
        for head in heads:
            target = head.split(b" ")[1].decode()
            Answers.seen[target] += 1
            fate = random.Random(f"{self.seed} {target} {Answers.seen[target]}")
            asyncio.get_running_loop().call_later(fate.random() * 0.01, self.answer, fate)

    def answer(self, fate: random.Random) -> None:
        chance = fate.random()
        if chance < 0.04:
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of")
            self.transport.close()
            return
        code = 503 if chance < 0.08 else 429 if chance < 0.1 else 200
        body = b'{"ok": false}' if chance < 0.2 else b'{"ok": true}'
        cookie = b"Set-Cookie: n=%d; Path=/\r\n" % fate.randrange(1000)
        self.transport.write(b"HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s" % (code, cookie, len(body), body))


def serve(seed: int) -> int:
    """Serve on a thread of its own; gives the port."""
    Answers.seed = seed
    ports: list[int] = []
    ready = threading.Event()

    async def answer_all() -> None:
        server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    threading.Thread(target=asyncio.run, args=(answer_all(),), daemon=True).start()
    ready.wait()
    return ports[0]


# -- the suite --------------------------------------------------------------------------------------------------------


def write_suite(folder: Path, port: int, collections: int, rows: int) -> dict[str, list[str]]:
    """Write the files of the suite; gives the arguments of its two kinds of runs."""
    names = []
    for number in range(collections):
        items = [request(f"c{number}-r{at}") for at in range(4)]
        path = folder / f"c{number}.json"
        path.write_text(
            json.dumps(
                {
                    "info": {"name": f"c{number}", "_postman_id": str(number)},
                    "item": [{"name": "F", "item": items[:2]}, *items[2:]],
                }
            )
        )
        names.append(str(path))
    (folder / "few.json").write_text(json.dumps([{"row": number} for number in range(3)]))
    (folder / "many.json").write_text(json.dumps([{"row": number} for number in range(rows)]))
    shared = ["--env-var", f"url=http://127.0.0.1:{port}", "--seed", "7", "--retries", "1", "--retry-delay", "1"]
    shared += ["--retry-on", "connect,429,5xx,assertion", "-r", ",".join(("cli", *REPORTS))]
    return {
        "collections": [*names, "-d", str(folder / "few.json"), *shared],
        "iterations": [names[0], "-d", str(folder / "many.json"), "--parallel", "iterations", *shared],
    }


def request(name: str) -> dict[str, object]:
    """A request with scripts; what it asks for names it and its row."""
    events = [{"listen": k, "script": {"exec": v}} for k, v in (("prerequest", BEFORE), ("test", TEST))]
    return {"id": name, "name": name, "request": {"method": "GET", "url": "{{url}}/" + name + "/{{row}}"}, "event": events}


def command(arguments: list[str], jobs: int, folder: Path) -> list[str]:
    """The command line of a run that leaves its reports in a folder."""
    reports = [word for kind in REPORTS for word in (f"--reporter-{kind}-export", str(folder / f"r.{kind}"))]
    return [sys.executable, "-m", "runner", "run", *arguments, "--jobs", str(jobs), *reports]


def start(arguments: list[str], jobs: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start a run whose reports go into an empty folder."""
    for kind in REPORTS:
        (folder / f"r.{kind}").unlink(missing_ok=True)
    Answers.seen.clear()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / "out").open("wb") as out:
        return subprocess.Popen(command(arguments, jobs, folder), stdout=out, stderr=out, cwd=folder, env=environ)


# -- the checks -------------------------------------------------------------------------------------------------------


def check_runs(kinds: dict[str, list[str]], runs: int, jobs: int, folder: Path) -> Iterator[str]:
    """Yield what is wrong with runs that should be the same."""
    for kind, arguments in kinds.items():
        first, times = None, []
        for number in range(runs):
            began = time.monotonic()
            with start(arguments, jobs if number else 1, folder) as process:
                try:
                    code = process.wait(HUNG)
                except subprocess.TimeoutExpired:
                    process.kill()
                    yield f"{kind}: run {number} never ended"
                    continue
            times.append(time.monotonic() - began)
            if code not in (0, 1):
                yield f"{kind}: run {number} ended with {code}: {(folder / 'out').read_text()[-2000:]}"
                continue
            told = {"exit code": code, **what_was_told(folder)}
            if (sent := requests_in(folder)) != Answers.seen:
                yield f"{kind}: run {number}: not told of {Answers.seen - sent}, never sent {sent - Answers.seen}"
            first = first or told
            yield from (f"{kind}: run {number}: {one}" for one in differences(first, told))
        if times:
            print(
                f"{kind:12} {runs} runs, seconds: median {statistics.median(times):.2f}, longest {max(times):.2f}",
                flush=True,
            )


def what_was_told(folder: Path) -> dict[str, object]:
    """The reports of a run without times."""
    report = json.loads((folder / "r.json").read_text("utf-8"))["run"]
    cases = [
        (case.get("classname"), case.get("name"), [child.tag for child in case]) for case in junit(folder).iter("testcase")
    ]
    events = [json.loads(line)["event"] for line in (folder / "r.ndjson").read_text("utf-8").splitlines()]
    return {"json": timeless(report), "junit": cases, "ndjson": events}


def timeless(value: object) -> object:
    """A JSON value without what is a time."""
    if isinstance(value, dict):
        return {key: timeless(one) for key, one in value.items() if not TIMES.match(key)}
    if isinstance(value, list):
        return [timeless(one) for one in value]
    return value


def requests_in(folder: Path) -> Counter[str]:
    """The targets of all requests that a run told of, those of earlier attempts and of scripts included.

    An execution stands in the report once for each of its requests, as with Newman; the first one has all of them.
    """
    executions = json.loads((folder / "r.json").read_text("utf-8"))["run"]["executions"]
    firsts = {one["cursor"]["ref"]: one for one in reversed(executions)}.values()
    attempts = [one for first in firsts for one in (first, *first.get("attempts", ()))]
    sent = [one for one in attempts if "response" in one or "requestError" in one]
    sent += [one for attempt in attempts for one in attempt.get("subRequests", ())]
    return Counter("/" + "/".join(one["request"]["url"]["path"]) for one in sent)


def junit(folder: Path) -> ElementTree.Element:
    """The JUnit report."""
    return ElementTree.parse(folder / "r.junit").getroot()


def differences(one: object, other: object, where: str = "") -> Iterator[str]:
    """The first places at which two values differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from differences(first, second, f"{where}[{at}]")
    elif one != other:
        yield f"{where}: {str(one)[:200]} ≠ {str(other)[:200]}"


def check_kills(kinds: dict[str, list[str]], kills: int, jobs: int, folder: Path, seed: int) -> Iterator[str]:
    """Yield what is wrong with runs that were ended at random moments."""
    chance, codes = random.Random(seed), Counter[int]()
    for number in range(kills):
        kind, arguments = list(kinds.items())[number % len(kinds)]
        name, expected = (("SIGINT", 130), ("SIGTERM", 143))[number // 2 % 2]
        moment = chance.uniform(0.05, 2.5)
        with start(arguments, jobs, folder) as process:
            try:
                code = process.wait(moment)  # it was over before
            except subprocess.TimeoutExpired:
                process.send_signal(getattr(signal, name))
                try:
                    code = process.wait(HUNG)
                except subprocess.TimeoutExpired:
                    process.kill()
                    yield f"kill {number} ({kind}, {name} after {moment:.2f} s): it never ended"
                    continue
        code = 128 - code if code < 0 else code  # as shells say it: the system ended it before Python listened
        codes[code] += 1
        wrong = [] if code in (expected, 0, 1) else [f"exit code {code}"]
        wrong += broken_reports(folder)
        yield from (f"kill {number} ({kind}, {name} after {moment:.2f} s): {one}" for one in wrong)
    if codes:
        print(
            f"{'kills':12} {kills}, exit codes: {', '.join(f'{code} × {count}' for code, count in codes.items())}",
            flush=True,
        )


def broken_reports(folder: Path) -> list[str]:
    """The reports that are not whole. There are none if the run had not begun."""
    there = [kind for kind in REPORTS if (folder / f"r.{kind}").exists()]
    if not there:
        return []
    wrong = [f"there is no {kind} report" for kind in REPORTS if kind not in there]
    try:
        for kind in there:
            text = (folder / f"r.{kind}").read_text("utf-8")
            if kind == "json":
                json.loads(text)
            elif kind == "junit":
                ElementTree.fromstring(text)
            elif kind == "ndjson" and json.loads(text.splitlines()[-1])["event"] != "summary":
                wrong.append("ndjson has no summary")
            elif kind == "html" and not text.rstrip().endswith("</html>"):
                wrong.append("html is cut off")
    except (ValueError, IndexError, ElementTree.ParseError) as error:
        wrong.append(f"{kind}: {error}")
    return wrong + [f"{path.name} was left" for path in folder.glob(".*.part")]


def check_memory(kinds: dict[str, list[str]], jobs: int, folder: Path) -> Iterator[str]:
    """Yield what needs more memory than it may."""
    for kind, arguments in kinds.items():
        peaks = {}
        for count in (1, jobs):
            peak = 0
            with start(arguments, count, folder) as process:
                while process.poll() is None:
                    peak = max(peak, sum(map(pss, tree(process.pid))))
                    time.sleep(0.02)
            peaks[count] = peak / 1024
        ratio = peaks[jobs] / peaks[1]
        print(f"{kind:12} MiB: {peaks[1]:.0f} with 1 job, {peaks[jobs]:.0f} with {jobs}: {ratio:.2f} times", flush=True)
        if ratio > 2.5:
            yield f"{kind}: {jobs} jobs need {ratio:.2f} times the memory of one"


def tree(process: int) -> Iterator[int]:
    """A process and all that it has started."""
    yield process
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from tree(child)


def pss(process: int) -> int:
    """KiB of a process, its share of what it shares; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> int:
    """Check everything, and print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, help="how often each kind is run (default: 200)")
    parser.add_argument("--kills", type=int, default=50, help="how many runs are ended early (default: 50)")
    parser.add_argument("--jobs", type=int, default=8, help="how many units run at a time (default: 8)")
    parser.add_argument("--collections", type=int, default=8, help="how many collections there are (default: 8)")
    parser.add_argument("--rows", type=int, default=40, help="how many iterations run in parallel (default: 40)")
    parser.add_argument("--seed", type=int, default=1, help="what the accidents and moments come from (default: 1)")
    action = argparse.BooleanOptionalAction
    parser.add_argument("--memory", action=action, default=True, help="compare the memory (default: yes)")
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="postrunner-stress-") as name:
        folder = Path(name)
        kinds = write_suite(folder, serve(options.seed), options.collections, options.rows)
        checks = [check_runs(kinds, options.runs, options.jobs, folder)]
        checks.append(check_kills(kinds, options.kills, options.jobs, folder, options.seed))
        if options.memory and Path("/proc/self/smaps_rollup").exists():
            checks.append(check_memory(kinds, options.jobs, folder))
        for told in (one for check in checks for one in check):
            wrong += 1
            print(told, flush=True)
            if wrong == 20:
                break
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
