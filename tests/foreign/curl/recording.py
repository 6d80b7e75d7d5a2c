"""A server that keeps what it is sent, and one form for what was sent."""

import base64
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BY_CLIENT = {
    *("host", "user-agent", "accept", "accept-encoding", "connection", "cache-control", "postman-token"),
    *("x-amz-date", "x-amz-content-sha256"),
}
"""Headers that every client sends in its own way: they count only where the command line set them."""


class Recorder(BaseHTTPRequestHandler):
    """Keeps each request; answers 200, or what `server.plan` says."""

    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = b""
        if not self.headers.get("Transfer-Encoding"):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        else:
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size + 2)[:-2]
            self.rfile.readline()
        headers = [(utf8(name), utf8(value)) for name, value in self.headers.items()]
        self.server.seen.append((f"{self.command} {utf8(self.requestline.split(' ', 1)[1][:-9])}", headers, body))
        plan = self.server.plan
        answer = plan.get("answers", {}).get(self.path.partition("?")[0], {})
        if plan.get("digest") and "Authorization" not in self.headers:
            answer = {"status": 401, "headers": {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'}}
        self.send_response(answer.get("status", 200))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value.replace("PORT", str(self.server.server_port)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    def log_message(self, *args):
        """Print nothing."""


def utf8(text):
    return text.encode("latin-1").decode("utf-8", "backslashreplace")


@contextmanager
def recording():
    """The server, on a free loopback port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as http:
        http.seen, http.plan = [], {}
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.shutdown()
        thread.join()


def sent(request, wanted, port):
    """A request in the form of `wanted`, with only the headers that count."""
    line, headers, body = request
    boundary = next((found[1] for _, value in headers if (found := re.search('boundary="?([^";]+)', value))), None)

    def hidden(text):
        return re.sub(rf"\b(127\.0\.0\.1|localhost):{port}\b", r"\1:PORT", text.replace(boundary or "\0", "BOUNDARY"))

    named = {text.partition(":")[0].lower() for text in wanted["headers"]}
    lines = [
        hidden(f"{name}: {value}")
        for name, value in headers
        if name.lower() in named or name.lower() not in {*BY_CLIENT, "content-length"}
    ]
    if "content-length" not in named:
        lines = [text for text in lines if not text.startswith("Content-Length")]
    found = {"line": upper_escapes(hidden(line)), "headers": sorted(lines)}
    body = body.replace(boundary.encode(), b"BOUNDARY") if boundary else body
    body = re.sub(rf"(127\.0\.0\.1|localhost):{port}\b".encode(), rb"\1:PORT", body)
    if body:
        key = "base64" if "base64" in wanted else "body"
        found[key] = base64.b64encode(body).decode() if key == "base64" else body.decode("utf-8", "backslashreplace")
    if "removed" in wanted:
        found["removed"] = [name for name in ("Host", "User-Agent", "Accept") if name not in dict(headers)]
    return found


def upper_escapes(text):
    return re.sub("%[0-9A-Fa-f]{2}", lambda found: found[0].upper(), text)
