"""Measures how soon a run ends after it is cancelled from another thread, for each thing that a run may wait for.

Each wait is begun --rounds times against servers on loopback that never answer. The exit code is 1 if the longest end of
any wait took more than --limit milliseconds.
"""

from __future__ import annotations

import argparse
import socketserver
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import runner
from runner.cancel import Cancel
from runner.errors import Cancelled

LONG = 60_000
SETTLED = 0.3
"""Seconds after which a run that began to wait is waiting for nothing else."""

SUBTLE = """
const key = await crypto.subtle.importKey("raw", new Uint8Array(8), "PBKDF2", false, ["deriveBits"]);
const slow = {name: "PBKDF2", hash: "SHA-512", salt: new Uint8Array(8), iterations: 2e9};
await crypto.subtle.deriveBits(slow, key, 512);
"""


class Deaf(socketserver.BaseRequestHandler):
    """Reads what it is sent and never answers; `waiting` is set when something came."""

    waiting = threading.Event()
    over = threading.Event()

    def handle(self) -> None:
        while not self.over.is_set() and self.request.recv(4096):
            self.waiting.set()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def deaf_server() -> Iterator[str]:
    """The address of a server that never answers."""
    with Server(("127.0.0.1", 0), Deaf) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def item(url: str, **scripts: str) -> dict[str, Any]:
    """A request with its scripts."""
    events = [{"listen": listen, "script": {"exec": text}} for listen, text in scripts.items()]
    return {"id": "one", "name": "one", "request": url, "event": events}


def waits(deaf: str) -> dict[str, tuple[list[dict[str, Any]], dict[str, Any]]]:
    """Each wait with the items and the options that lead to it."""
    url, nobody = f"http://{deaf}/", "http://app.example/"
    sending = f"await pm.sendRequest('{url}')"
    return {
        "--delay-request": ([item(nobody)], {"delay_request": LONG}),
        "response": ([item(url)], {}),
        "TLS handshake": ([item(f"https://{deaf}/")], {}),
        "HTTP proxy": ([item(nobody)], {"proxy": f"http://{deaf}"}),
        "SOCKS proxy": ([item(nobody)], {"proxy": f"socks5://{deaf}"}),
        "script that never ends": ([item(nobody, prerequest="while (true);")], {}),
        "timer of a script": ([item(nobody, prerequest=f"setTimeout(() => {{}}, {LONG})")], {}),
        "pm.sendRequest": ([item(nobody, prerequest=sending)], {}),
        "pm.execution.runRequest": (
            [item(nobody, prerequest='await pm.execution.runRequest("deaf")'), {**item(url), "id": "deaf"}],
            {},
        ),
        "crypto.subtle": ([item(nobody, prerequest=SUBTLE)], {}),
    }


def end_of(items: list[dict[str, Any]], options: dict[str, Any]) -> float:
    """Milliseconds from the cancel to the end of a run."""
    cancel, started, over = Cancel(), threading.Event(), []

    def begun(event: Any) -> None:
        if type(event).__name__ == "ItemStarted":
            started.set()

    def work() -> None:
        options.update(timeout_script=0, timeout_request=0)
        summary = runner.run({"info": {"name": "C"}, "item": items}, cancel=cancel, on_event=begun, **options)
        over.append((time.perf_counter(), summary.error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    started.wait()
    time.sleep(SETTLED)
    asked = time.perf_counter()
    cancel.set()
    thread.join(LONG / 1000)
    if not over or not isinstance(over[0][1], Cancelled):
        sys.exit("the run was not cancelled: it was over before, or it never ended")
    return (over[0][0] - asked) * 1000


def main() -> int:
    """Print a line for each wait."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each wait is ended (default: 5)")
    parser.add_argument("--limit", type=float, default=100.0, help="milliseconds that none may exceed (default: 100)")
    options = parser.parse_args()
    worst = 0.0
    print(f"{'a run that waits for':32}{'median ms':>12}{'longest ms':>12}")
    with deaf_server() as deaf:
        for name, (items, more) in waits(deaf).items():
            times = [end_of(items, dict(more)) for _ in range(options.rounds)]
            worst = max(worst, *times)
            print(f"{name:32}{statistics.median(times):12.1f}{max(times):12.1f}", flush=True)
    return int(worst > options.limit)


if __name__ == "__main__":
    sys.exit(main())
