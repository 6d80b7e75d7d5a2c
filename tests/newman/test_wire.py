"""Odd requests and odd collections put on the wire what Newman 6.2.2 put there, byte for byte.

The vectors are a part of several thousand generated requests. Their server had the port 7777.
"""

import json
import re
import urllib.parse
from pathlib import Path

import pytest

from tests.transport.conftest import Reply, Server

VECTORS = Path(__file__).parent / "vectors"
PORT = "7777"
FILES = {
    "one.json": '{"one":1}\n',
    "two.txt": "two\n",
    "text.txt": "text\n",
    "sub/three.png": "PNG",
    "é.txt": "é\n",
    "noext": "ne\n",
    "empty.bin": "",
}
SYSTEM = ("user-agent", "accept", "cache-control", "postman-token", "accept-encoding", "connection", "host")


class Answers(dict):
    """Answers with `ok`, or with the redirect that stands in the query as `__redir=<code>~<location>`."""

    def get(self, path, default=None):
        found = re.search(r"__redir=(\d+)~([^& ]+)?", path)
        extra = f"Location: {urllib.parse.unquote(found[2] or '')}\r\n" if found else ""
        return lambda received: reply(f"{found[1] if found else 200} X", extra, received)


def reply(status, extra, received):
    bare = received.head.startswith("HEAD ") or status.startswith("304")
    head = f"HTTP/1.1 {status}\r\n{extra}Content-Length: 2\r\nConnection: close\r\n\r\n"
    return Reply(head.encode() + (b"" if bare else b"ok"), close=True)


@pytest.fixture
def server():
    server = Server(Answers())
    yield server
    server.close()


def here(value, server):
    """The same JSON, with the port of this server."""
    return json.loads(json.dumps(value).replace(PORT, str(server.port)))


def normal(head, body):
    """A request without what differs in every run: token, version and a boundary that was made."""
    head = head.rstrip("\r\n")
    for found in re.findall(r"boundary=(-{26}\d{24})", head):
        head, body = head.replace(found, "B"), body.replace(found, "B")
    head = re.sub(r"PostmanRuntime/[0-9.]+", "PostmanRuntime/V", head)
    return re.sub(r"(?i)(postman-token: )[0-9a-f-]{36}", r"\1T", head), body


def by_mark(server):
    """What came in, by the number of the marking request before it."""
    found, current = {}, []
    for received in server.received:
        if mark := re.match(r"GET (?:http://[^/]*)?/__mark/(\d+) ", received.head):
            current = found[int(mark[1])] = []
        else:
            current.append(normal(received.head, received.body.decode("latin-1")))
    return found


def marked(number, server):
    url = f"http://127.0.0.1:{server.port}/__mark/{number}"
    return {"name": "mark", "request": {"url": url, "auth": {"type": "noauth"}}}


def test_odd_requests_are_sent_as_newman_sends_them(postrunner, server, tmp_path):
    vectors = json.loads((VECTORS / "odd_requests.json").read_text())
    items = []
    for number, case in enumerate(vectors["cases"]):
        entry = {"name": str(number), "request": case["request"], "protocolProfileBehavior": case.get("behavior")}
        items += [marked(number, server), {"name": "f", "item": [here(entry, server)], **case.get("folder", {})}]
    write(tmp_path, "c.json", {"item": items, "variable": here(vectors["variable"], server)})
    (tmp_path / "sub").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text.encode())
    postrunner("run", "c.json", "-r", "json", "--reporter-json-export", "out.json")
    found = by_mark(server)
    for number, case in enumerate(vectors["cases"]):
        expected = [normal(sent["head"].replace(PORT, str(server.port)), sent["body"]) for sent in case["sent"]]
        assert found[number] == expected, case["request"]


def test_odd_collections_run_as_in_newman(postrunner, server, tmp_path):
    vectors = json.loads((VECTORS / "odd_collections.json").read_text())
    (tmp_path / "one.json").write_text(FILES["one.json"])
    paths = []
    for number, (name, case) in enumerate(vectors.items()):
        write(tmp_path, f"mark{number}.json", {"item": [marked(number, server)]})
        write(tmp_path, f"{name}.json", here(case["collection"], server))
        paths += [f"mark{number}.json", f"{name}.json"]
    postrunner("run", *paths, "-r", "json", "--reporter-json-export", "out.json")
    found = by_mark(server)
    for number, (name, case) in enumerate(vectors.items()):
        expected = [(sent["line"], sent["headers"], sent["body"]) for sent in case["sent"]]
        assert [in_short(head, body) for head, body in found[number]] == expected, name


def test_signed_requests_are_sent_as_newman_sends_them(postrunner, server, tmp_path):
    # through a proxy, because the signature is over the port of the record
    cases = json.loads((VECTORS / "signed_requests.json").read_text())
    variables = json.loads((VECTORS / "odd_requests.json").read_text())["variable"]
    items = []
    for number, case in enumerate(cases):
        items += [marked(number, server), {"name": str(number), "request": case["request"]}]
    write(tmp_path, "c.json", {"item": items, "variable": variables})
    postrunner("run", "c.json", "-r", "json", "--reporter-json-export", "out.json", "--proxy", server.url(""))
    found = by_mark(server)
    for number, case in enumerate(cases):
        expected = [
            normal(re.sub(" ", f" http://127.0.0.1:{PORT}", sent["head"], count=1), sent["body"]) for sent in case["sent"]
        ]
        assert found[number] == expected, case["request"]


def in_short(head, body):
    """Request line, the headers that no system adds, and body."""
    line, *headers = head.split("\r\n")
    return line, [header for header in headers if header.partition(":")[0].lower() not in SYSTEM], body


def write(folder, name, document):
    (folder / name).write_text(json.dumps(document))
