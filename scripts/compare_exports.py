"""Compares what each format of `postrunner export` sends with what a run sends, byte by byte, over folders of collections.

All names of hosts lead to one recorder on loopback, which answers every request with `{}`, in TLS or without. Scripts are
taken out of the collections, dynamic variables and those without a value get a fixed one, and one file stands for all.
Not compared are the values of boundaries and tokens, and the headers in `NOT_COMPARED`. The exit code is 1 if a request
differs, or is missing without a note about it.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from runner import run  # noqa: E402
from runner.errors import PostrunnerError  # noqa: E402
from runner.foreign.exporting import export_collection, prepared  # noqa: E402
from runner.foreign.importing import import_sources  # noqa: E402
from runner.foreign.table import WRITERS  # noqa: E402
from runner.formats.load import load_collection, load_environment, read_collection  # noqa: E402
from runner.formats.postman.environment import parse_environment  # noqa: E402
from runner.formats.postman.upgrade import upgraded  # noqa: E402
from runner.formats.postman.v2 import dump_collection  # noqa: E402
from runner.model.collection import Collection  # noqa: E402
from runner.model.quick_dataclass import replace  # noqa: E402
from runner.options import RunOptions  # noqa: E402
from runner.outputs.tree import write_tree  # noqa: E402
from runner.rules.substitute import MISSING  # noqa: E402
from runner.transport.sockets import dial  # noqa: E402
from runner.variables.scopes import Scopes  # noqa: E402

POSTMANS = {"user-agent", "accept", "accept-encoding", "connection", "cache-control"}
NOT_COMPARED: dict[str, set[str]] = {"": {"host", "content-length", "postman-token"}, "http": POSTMANS}
"""Headers whose place is the program's own (all formats), and those that a reader of a format adds anew."""

FILE, SAMPLE = "sample.txt", "sample-value"

Seen = tuple[str, tuple[str, ...], bytes]
"""The request line, the lines of headers, the body."""


class Recorder(ThreadingTCPServer):
    """Takes down what it gets, in TLS or not."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 64

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[Seen] = []
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)

    def finish_request(self, request: socket.socket, address: object) -> None:
        if request.recv(1, socket.MSG_PEEK) == b"\x16":
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, address)

    def handle_error(self, request: object, address: object) -> None:
        """A connection that breaks off shows as a request that is missing."""


class Handler(StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        while line := self.rfile.readline():
            lines = []
            while (header := self.rfile.readline()) not in (b"\r\n", b""):
                lines.append(header.decode("latin-1").rstrip("\r\n"))
            named = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
            if "chunked" in named.get("transfer-encoding", ""):
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(int(named.get("content-length") or 0))
            self.server.seen.append((line.decode("latin-1").rstrip(), tuple(lines), body))
            length = b"" if line.startswith(b"HEAD ") else b"{}"
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n" + length)


@contextmanager
def everything_leads_to(port: int) -> Iterator[None]:
    """Let each connection of this process end at one port."""
    before = socket.getaddrinfo, dial.resolve
    there = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
    socket.getaddrinfo = lambda *_, **__: [there]
    dial.resolve = lambda *_: [(socket.AF_INET, ("127.0.0.1", port))]
    try:
        yield
    finally:
        socket.getaddrinfo, dial.resolve = before


# -- each format is used as it is meant to be ----------------


def by_bash(files: dict[str, str], env: dict[str, str], port: int) -> None:
    Path(".curlrc").write_text(f'connect-to = "::127.0.0.1:{port}"\n')
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as script:
        script.write("".join(files.values()))
        script.flush()
        subprocess.run(["bash", script.name], env={**os.environ, "CURL_HOME": ".", **env}, capture_output=True, check=False)


def by_python(files: dict[str, str], env: dict[str, str], port: int) -> None:
    (source,) = files.values()
    os.environ.update(env)
    names: dict[str, object] = {"__name__": "exported"}
    exec(compile(source, "exported", "exec"), names)
    end = ast.parse(source).body[-1]
    functions = [name for name in names if name.startswith("test_")]
    if isinstance(end, ast.If):
        functions = [name.id for name in end.body[0].value.args[0].args]
    for name in functions:
        try:
            names[name]()
        except BaseException as error:
            if os.environ.get("SHOW"):
                print(f"    {name}: {error!r}", file=sys.stderr)
    for client in names.get("clients", {}).values():
        client.close()


def by_import(format: str) -> Callable[[dict[str, str], dict[str, str], int], None]:
    def send(files: dict[str, str], env: dict[str, str], port: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            write_tree(os.path.join(folder, "exported"), files, mode=0o600)
            path = os.path.join(folder, "exported", *([] if WRITERS[format].folder else files))
            imported = import_sources([path], format)
        environments = tuple(parse_environment(one) for one in imported.environments.values())
        options = RunOptions(insecure=True, environment=environments, env_var=tuple(env.items()), reporters=())
        run(imported.collection, options)

    return send


def by_replay(files: dict[str, str], env: dict[str, str], port: int) -> None:
    """Send the entries of a HAR file as they stand, as programs do that play one: only the names in braces get values."""
    (text,) = files.values()
    for name, value in env.items():
        text = text.replace(f"{{{{{name}}}}}", json.dumps(value)[1:-1])
    for entry in json.loads(text)["log"]["entries"]:
        asked = entry["request"]
        parts = urlsplit(asked["url"])
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query or asked['url'].endswith('?') else ''}"
        body = posted(asked)
        headers = [one for one in asked["headers"] if one["name"].lower() != "content-length"]
        headers.append({"name": "Content-Length", "value": str(len(body))})
        lines = [f"{asked['method']} {target} HTTP/1.1", *(f"{one['name']}: {one['value']}" for one in headers)]
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall("".join(f"{line}\r\n" for line in lines).encode("utf-8") + b"\r\n" + body)
            end = b"\r\n\r\n" if asked["method"] == "HEAD" else b"{}"
            while connection.recv(65536)[-len(end) :] not in (end, b""):
                continue


def posted(asked: dict[str, object]) -> bytes:
    """The body of a request of a HAR file; the content of a file is where its name leads."""
    data = asked.get("postData") or {}
    if "text" in data or not data:
        return data.get("text", "").encode()
    boundary = data["mimeType"].partition("boundary=")[2].strip('"')
    body = b""
    for one in data["params"]:
        named = f'name="{one["name"]}"' + (f'; filename="{one["fileName"]}"' if "fileName" in one else "")
        typed = f"\r\nContent-Type: {one['contentType']}" if "contentType" in one else ""
        content = Path(FILE).read_bytes() if "fileName" in one else one["value"].encode()
        body += f"--{boundary}\r\nContent-Disposition: form-data; {named}{typed}\r\n\r\n".encode() + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()


USE = {
    "curl": by_bash,
    "httpx": by_python,
    "pytest": by_python,
    "har": by_replay,
    **{format: by_import(format) for format in ("http", "bruno") if format in WRITERS},
}

# -- comparing ---------------------------------------


def plain(document: object) -> object:
    """A document without scripts and dynamic variables, whose files exist."""
    if isinstance(document, dict):
        kept = {key: plain(value) for key, value in document.items() if key not in ("event", "response")}
        return {**kept, "src": FILE} if "src" in kept else kept
    if isinstance(document, list):
        return [plain(one) for one in document]
    return re.sub(r"{{\$(\w+)}}", r"{{dynamic_\1}}", document) if isinstance(document, str) else document


def compared(seen: Seen, format: str) -> Seen:
    """What is compared of a request."""
    line, headers, body = seen
    left_out = NOT_COMPARED[""] | NOT_COMPARED.get(format, set())
    kept = [one.strip() for one in headers if one.partition(":")[0].lower() not in left_out]
    if format == "curl":  # which has a place of its own for it
        kept.sort(key=lambda one: one.startswith("Cookie:"))
    boundary = next((one.partition("boundary=")[2].strip('"') for one in kept if "boundary=" in one), "")
    if boundary:
        kept = [one.replace(boundary, "B") for one in kept]
        body = body.replace(boundary.encode("latin-1"), b"B")
    host = next((one for one in headers if one.lower().startswith("host:")), "")
    return line, (host.lower(), *(sorted(kept) if format in ("http", "bruno") else kept)), body


def differences(ours: list[Seen], theirs: list[Seen]) -> Iterator[tuple[Seen | None, Seen | None]]:
    """The requests that only one side has, in pairs where both have one at the same place."""
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            left: list[Seen | None] = [*ours[a:b]]
            right: list[Seen | None] = [*theirs[c:d]]
            most = max(len(left), len(right))
            left += [None] * (most - len(left))
            right += [None] * (most - len(right))
            yield from zip(left, right, strict=True)


def shown(one: Seen | None) -> str:
    return "nothing" if one is None else f"{one[0]} {list(one[1])} {one[2][:300]!r}"


def compare(path: Path, formats: list[str], server: Recorder, counts: Counter[str], *, verbose: bool) -> int:
    """The number of differences of one collection that no note announces."""
    try:
        collection = load_collection(str(path))
    except PostrunnerError:
        return 0
    beside = sorted(path.parent.glob("*.postman_environment.json"))[:1]
    options = RunOptions(insecure=True, reporters=(), environment=tuple(load_environment(str(one)) for one in beside))
    bare: Collection = read_collection(plain(upgraded(dump_collection(collection))))
    scopes = Scopes(collection=bare.variables, environment=options.environment[0].values if beside else ())
    names = sorted(set(re.findall(r"{{([^{}]*)}}", json.dumps(dump_collection(bare), ensure_ascii=False))))
    unset = [name for name in names if name and scopes.get(name) in ("", MISSING)]
    options = replace(options, env_var=tuple((name, f"{SAMPLE}-{at:03}") for at, name in enumerate(unset)))
    named = prepared(bare, options).named
    env = named.values
    by_name = {name: env[variable] for name, variable in named.names.items()}
    of_bruno = {**{f"process.env.{name}": value for name, value in env.items()}, **by_name}
    server.seen = []
    run(bare, options)
    sent, found = server.seen, 0
    counts["requests"] += len(sent)
    for format in formats:
        server.seen = []
        written = export_collection(bare, format, options)
        try:
            given = {"bruno": of_bruno, "har": {**dict(options.env_var), **by_name}}.get(format, env)
            USE[format](written.files, given, server.server_address[1])
        except Exception as error:
            print(f"{path} {format}: {error!r}")
            found += 1
            continue
        ours = [compared(one, format) for one in sent]
        theirs = [compared(one, format) for one in server.seen]
        pairs = list(differences(ours, theirs))
        noted = sum(1 for note in written.notes if note.item)
        counts[f"{format} same"] += len(ours) - sum(1 for left, _ in pairs if left is not None)
        for left, right in pairs:
            if noted > 0 and (right is None or format in ("http", "har")):  # which tell what they send otherwise
                noted -= 1
                counts[f"{format} noted"] += 1
                continue
            found += 1
            counts[f"{format} differs"] += 1
            if verbose:
                print(f"{path} {format}\n  run:    {shown(left)}\n  export: {shown(right)}")
                for note in written.notes:
                    print(f"  note: {note.item}: {note}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="+", type=Path, help="folders with collections, or collections")
    parser.add_argument("--to", action="append", choices=sorted(USE), help="a format (default: each)")
    parser.add_argument("-v", "--verbose", action="store_true", help="show each difference")
    given = parser.parse_args()
    paths = [path for one in given.folder for path in (sorted(one.rglob("*.json")) if one.is_dir() else [one])]
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder, "pem")
        subprocess.run(
            ["sh", "-c", "openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=x -keyout pem -out pem.crt"],
            cwd=folder,
            check=True, capture_output=True,
        )  # fmt: skip
        certificate.write_text(certificate.read_text() + Path(f"{certificate}.crt").read_text())
        os.chdir(folder)
        Path(FILE).write_bytes(bytes(range(256)))
        with Recorder(certificate) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            with everything_leads_to(server.server_address[1]):
                found = sum(
                    compare(path.resolve(), given.to or sorted(USE), server, counts, verbose=given.verbose)
                    for path in paths
                )
            server.shutdown()
    print(json.dumps(dict(sorted(counts.items())), indent=1))
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
