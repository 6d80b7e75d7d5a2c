"""The most memory that `postrunner run` needs for what is large: a table with one row for each case.

Every case is a run of its own against a server in this process; what counts is the largest resident set of the runner
itself, without the process of the scripts. `--runner DIR` measures another checkout, `--only NAME` some of the cases.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

MB = 1024 * 1024
UPLOAD = 1024 * MB
REPORTS = ("cli", "json", "junit", "html")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runner", default=str(Path(__file__).parent.parent), help="the checkout to measure")
    options.add_argument("--only", action="append", default=[], help="a part of the names of the cases to measure")
    chosen = options.parse_args()
    port = serve()
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/large.bin", "wb") as file:
            file.truncate(UPLOAD)
        print(f"{'case':44} {'MB':>7} {'seconds':>8}  exit code")
        for name, (item, arguments) in cases(f"http://127.0.0.1:{port}").items():
            if not chosen.only or any(part in name for part in chosen.only):
                peak, seconds, code = measure(chosen.runner, folder, item, arguments)
                print(f"{name:44} {peak:7.0f} {seconds:8.1f}  {code}", flush=True)


def cases(url: str) -> dict[str, tuple[dict, tuple[str, ...]]]:
    """Item and arguments of each case by its name."""
    file = {"mode": "file", "file": {"src": "large.bin"}}
    form = {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": "large.bin"}, {"key": "a", "value": "b"}]}
    digest = {"type": "digest", "digest": [{"key": k, "value": "user"} for k in ("username", "password")]}
    aws = {"type": "awsv4", "awsv4": [{"key": k, "value": "AKIDEXAMPLE"} for k in ("accessKey", "secretKey")]}
    reports = ("-r", ",".join(REPORTS), "--verbose")
    sends = f"for (let i = 0; i < 1000; i++) await pm.sendRequest('{url}/size/2000');"
    big = ("--max-response-size", "300MB")
    return {
        "nothing": (request(f"{url}/size/1"), ()),
        "upload 1 GB, file": (request(url, file), ()),
        "upload 1 GB, file, all reports": (request(url, file), reports),
        "upload 1 GB, form": (request(url, form), ()),
        "upload 1 GB, form, all reports": (request(url, form), reports),
        "upload 1 GB, form, redirect 307": (request(f"{url}/again", form), ()),
        "upload 1 GB, file, digest": (request(f"{url}/digest", file, digest), ()),
        "upload 1 GB, file, AWS": (request(url, file, aws), ()),
        "1,000 sends of 2 kB, json": (request(f"{url}/size/1", script=sends), ("-r", "json")),
        "1,000 sends of 2 kB, all reports": (request(f"{url}/size/1", script=sends), ("-r", ",".join(REPORTS))),
        "response of 100 MB": (request(f"{url}/size/{100 * MB}"), big),
        "response of 100 MB, json": (request(f"{url}/size/{100 * MB}"), (*big, "-r", "json")),
        "response of 100 MB, all reports": (request(f"{url}/size/{100 * MB}"), (*big, *reports)),
        "response of 200 MB": (request(f"{url}/size/{200 * MB}"), big),
    }


def request(url: str, body: dict | None = None, auth: dict | None = None, script: str = "") -> dict:
    """An item of a collection."""
    made = {"url": url, "method": "POST" if body else "GET", "body": body, "auth": auth}
    event = [{"listen": "test", "script": {"exec": [script]}}] if script else []
    return {"name": "it", "request": {key: value for key, value in made.items() if value}, "event": event}


def measure(runner: str, folder: str, item: dict, arguments: tuple[str, ...]) -> tuple[float, float, int]:
    """Megabytes, seconds and exit code of one run."""
    Path(folder, "collection.json").write_text(json.dumps({"info": {"name": "c", "schema": ""}, "item": [item]}))
    command = [sys.executable, "-m", "runner", "run", "collection.json", *arguments]
    environ = {**os.environ, "PYTHONPATH": runner, "POSTRUNNER_DEBUG": ""}
    started = time.monotonic()
    with open(os.devnull, "w") as nowhere:
        child = subprocess.Popen(command, cwd=folder, env=environ, stdout=nowhere, stderr=nowhere)
        _, status, usage = os.wait4(child.pid, 0)
    peak = usage.ru_maxrss / (MB if sys.platform == "darwin" else 1024)
    return peak, time.monotonic() - started, os.waitstatus_to_exitcode(status)


# -- the server -------------------------------------------------------------------------------------------------------


def serve() -> int:
    """A server that reads what it gets and forgets it; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=answer, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return int(listener.getsockname()[1])


def answer(sock: socket.socket) -> None:
    """Answer every request of a connection."""
    with sock, sock.makefile("rb") as file:
        while line := file.readline():
            path = line.split()[1].decode()
            head = dict(iter(lambda: file.readline().decode("latin-1").strip().lower().partition(":")[::2], ("", "")))
            left = int(head.get("content-length", "0"))
            while left > 0 and (data := file.read(min(left, MB))):
                left -= len(data)
            sock.sendall(reply(path, head))
            if path.startswith("/size/"):
                size = int(path[6:])
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
                for at in range(0, size, MB):
                    sock.sendall((b"some text, " * (MB // 11 + 1))[: min(MB, size - at)])


def reply(path: str, head: dict[str, str]) -> bytes:
    """The answer to a request whose answer has no size of its own."""
    if path.startswith("/size/"):
        return b""
    if path == "/again":
        return b"HTTP/1.1 307 R\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
    if path == "/digest" and "authorization" not in head:
        return (
            b'HTTP/1.1 401 U\r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth-int"\r\nContent-Length: 0\r\n\r\n'
        )
    return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


if __name__ == "__main__":
    main()
