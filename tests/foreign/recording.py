"""A server made of a function, and a client that records what it does as a browser would, as a HAR file."""

import json
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

BROWSER = {"User-Agent": "Mozilla/5.0", "Sec-Fetch-Mode": "cors", "Accept": "*/*", "Referer": "http://h/", "DNT": "1"}


@contextmanager
def serving(answer, values):
    """A server on loopback; `answer(method, path, headers, body, values)` returns status, headers and body."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            self.server.seen.append(f"{self.command} {self.path}")
            status, headers, text = answer(self.command, self.path, self.headers, body, values)
            text = text if isinstance(text, str) else json.dumps(text)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            if not any(name == "Content-Type" for name, _ in headers):
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_QUERY = do_LINK = do_COPY = handle_any

        def log_message(self, *args):
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.seen = []
        http.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield http
        finally:
            http.shutdown()
            thread.join()


class Recorder:
    """Sends requests to a server and keeps them as entries; cookies are sent and followed as browsers do."""

    def __init__(self, url):
        self.url = url
        self.entries = []
        self.cookies = {}

    def send(self, method, path, headers=None, body=None, follow=True):
        """Send one request, follow its redirects, and return status, headers and body of the last response."""
        url = path if path.startswith("http") else self.url + path
        parts = urlsplit(url)
        sent = {**BROWSER, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if isinstance(body, dict):
            body, sent["Content-Type"] = json.dumps(body), "application/json"
        connection = HTTPConnection(parts.hostname, parts.port)
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, sent)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        got = response.getheaders()
        for name, value in got:
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.entries.append(entry(method, url, sent, body, response.status, got, text, len(self.entries)))
        if follow and response.status in (302, 303):
            return self.send("GET", dict(got)["Location"])
        return response.status, dict(got), text

    def har(self):
        """The text of the file."""
        return har(self.entries)


def har(entries, **log):
    """A HAR file of entries."""
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": entries, **log}})


def pairs(found):
    return [{"name": name, "value": value} for name, value in (found.items() if isinstance(found, dict) else found)]


def entry(method, url, sent=(), body=None, status=200, got=(), text="", at=0, **more):
    """One entry."""
    type = dict(got).get("Content-Type", "application/json")
    request = {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "headers": pairs(sent),
        "queryString": [],
        "cookies": [],
    }
    if body is not None:
        request["postData"] = {"mimeType": dict(sent).get("Content-Type", ""), "text": body}
    return {
        "startedDateTime": f"2026-01-01T00:{at // 60:02}:{at % 60:02}.000Z",
        "time": 1,
        "request": request,
        "response": {
            "status": status,
            "statusText": "",
            "headers": pairs(got),
            "cookies": [],
            "content": {"size": len(text), "mimeType": type, "text": text},
            "redirectURL": "",
        },
        **more,
    }
