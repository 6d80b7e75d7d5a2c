"""Measures load tests: CPU of a request (worker and script processes), against Locust's FastHttpUser, Newman and k6.

Everybody sends the same ten GETs to a server on loopback; k6 does if POSTRUNNER_K6 names its program. The CPU time of all
processes of each is counted between two moments of its run, so that starts do not count, and divided by the requests that
the server got between them.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
REQUESTS = 10
TEST = "pm.test('is fine', () => { pm.response.to.have.status(200); pm.expect(pm.response.json().ok).to.eql(true) })"
ANSWER = b'{"ok": true, "items": [1, 2, 3], "name": "some name"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: keep-alive\r\n\r\n"
FAST = """
from locust import FastHttpUser, constant, task
class User(FastHttpUser):
    wait_time = constant(0)
    host = "{url}"
    @task
    def all(self):
        for n in range({count}):
            self.client.get(f"/r{{n}}", headers={{"Accept": "application/json"}})
"""

K6 = """
import http from 'k6/http';
import {{ check }} from 'k6';
export default function () {{
    for (let n = 0; n < {count}; n++) {{
        const response = http.get(`{url}/r${{n}}`);
        if ({test}) check(response, {{ 'is fine': (one) => one.status === 200 && one.json().ok === true }});
    }}
}}
"""


class Answering(asyncio.Protocol):
    """Answers GETs without bodies; /__count tells how many others came."""

    count = 0

    def connection_made(self, transport):
        self.transport, self.rest = transport, b""

    def data_received(self, data):
        calls = (self.rest + data).split(b"\r\n\r\n")
        self.rest = calls.pop()
        for call in calls:
            counted = not call.startswith(b"GET /__count")
            Answering.count += counted
            body = ANSWER if counted else b"%d" % Answering.count
            self.transport.write(HEAD % len(body) + body)


async def serve():
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def collection(url, test):
    """Ten GETs, each with one test if there is one."""
    events = [{"listen": "test", "script": {"exec": [TEST]}}] if test else []
    items = [
        {"name": f"r{n}", "request": {"method": "GET", "url": f"{url}/r{n}"}, "event": events} for n in range(REQUESTS)
    ]
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return {"info": {"name": "bench", "schema": schema}, "item": items}


def usage(process):
    """CPU seconds and MB (PSS) of a process and its children: those that do the work, and those that run scripts."""
    found = {"worker": [0.0, 0.0], "scripts": [0.0, 0.0]}
    for one in [process, *process.children(recursive=True)]:
        try:
            kind = "scripts" if "worker.py" in " ".join(one.cmdline()) else "worker"
            times, memory = one.cpu_times(), one.memory_full_info()
        except psutil.Error:
            continue
        found[kind][0] += times.user + times.system
        found[kind][1] += getattr(memory, "pss", memory.rss) / 1e6
    return found


def count(url):
    return int(urllib.request.urlopen(f"{url}/__count").read())


def measured(name, command, url, warm, seconds, folder):
    """Run a command, and count between the warm-up and its end."""
    before = count(url)
    with open(Path(folder) / "log", "w") as log:
        started = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)})
    process = psutil.Process(started.pid)
    try:
        while count(url) == before:
            if started.poll() is not None:
                print((Path(folder) / "log").read_text()[-2000:])
                raise SystemExit(f"{name} ended before its first request")
            time.sleep(0.1)
        time.sleep(warm)
        first, used, moment = count(url), usage(process), time.monotonic()
        time.sleep(seconds)
        last, after, wall = count(url), usage(process), time.monotonic() - moment
    finally:
        started.send_signal(signal.SIGINT)
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
    requests = max(last - first, 1)
    worker, scripts = (1000 * (after[kind][0] - used[kind][0]) / requests for kind in ("worker", "scripts"))
    memory = [after[kind][1] for kind in ("worker", "scripts")]
    rate = 1000 / (worker + scripts)
    print(
        f"{name:34}{requests / wall:9.0f}/s{worker:9.3f} +{scripts:7.3f} ms{rate:9.0f} a CPU second"
        f"{memory[0]:8.0f} +{memory[1]:6.0f} MB",
        flush=True,
    )
    return rate


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--warm", type=float, default=5)
    parser.add_argument(
        "--parts", default="fast,plain,test,newman,newman-test,k6,k6-test", help="what is measured, with commas"
    )
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve())
        return
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
        try:
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"
            measure(given, url, folder)
        finally:
            server.kill()


def measure(given, url, folder):
    for name in ("plain", "test"):
        (Path(folder) / f"{name}.json").write_text(json.dumps(collection(url, name == "test")))
    (Path(folder) / "fast.py").write_text(FAST.format(url=url, count=REQUESTS))
    users, long = str(given.users), "1h"
    ours = [sys.executable, "-m", "runner", "load", "--users", users, "--duration", long, "--stop-timeout", "2s"]
    locust = [
        sys.executable,
        "-m",
        "locust",
        "-f",
        "fast.py",
        "--headless",
        "-u",
        users,
        "-r",
        users,
        "--skip-log",
        "-t",
        long,
    ]
    commands = {"fast": locust, "plain": [*ours, "plain.json"], "test": [*ours, "test.json"]}
    if "newman" in given.parts:
        from scripts.benching.runs import newman_command

        newman = newman_command(print)
        if newman is not None:
            for name in ("plain", "test"):
                part = "newman" if name == "plain" else "newman-test"
                commands[part] = [
                    *newman,
                    f"{name}.json",
                    "-n",
                    "1000000",
                    "-r",
                    "json",
                    "--reporter-json-export",
                    os.devnull,
                ]
    if k6 := os.environ.get("POSTRUNNER_K6"):
        for part, test in (("k6", "false"), ("k6-test", "true")):
            (Path(folder) / f"{part}.js").write_text(K6.format(url=url, count=REQUESTS, test=test))
            commands[part] = [k6, "run", "-q", "--no-usage-report", "--vus", users, "--duration", long, f"{part}.js"]
    print(f"{'':34}{'wall':>9}  {'CPU of a request':>21}{'':12}{'memory':>18}")
    rates = {}
    for part in given.parts.split(","):
        if part in commands:
            name = {"fast": "Locust FastHttpUser", "plain": "postrunner load", "test": "postrunner load, one test"}.get(
                part, part
            )
            rates[part] = measured(name, commands[part], url, given.warm, given.seconds, folder)
    for part, other, goal in (
        ("plain", "fast", 0.65),
        ("test", "fast", 0.14),
        ("test", "newman-test", 8),
    ):
        if part in rates and other in rates:
            ratio = rates[part] / rates[other]
            print(f"{part} / {other}: {ratio:.2f} (goal {goal}): {'met' if ratio >= goal else 'missed'}")


if __name__ == "__main__":
    main()
