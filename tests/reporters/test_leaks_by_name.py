"""What stands under the name of a secret is in no output, wherever it came from: every place with every output."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.cli.conftest import item, postrunner
from tests.reporters.leaky import leaks

__all__ = ["postrunner"]

NAMES = (
    "accessToken",
    "apiKey",
    "idToken",
    "clientSecret",
    "jwt",
    "password1",
    "connectionString",
    "Ocp-Apim-Subscription-Key",
    "token_admin",
    "X-Auth-Token",
)
PLACES = (
    "variable",
    "env-var",
    "data",
    "script",
    "json",
    "xml",
    "header",
    "sent",
    "query",
    "form",
    "multipart",
    "cookie",
    "path",
)
VALUES = {
    f"{place} {name}": f"Zx{at}q{number}-7Kq/é=&{at}"
    for at, name in enumerate(NAMES)
    for number, place in enumerate(PLACES)
}
"""A value for each name in each place."""


def at(place):
    return {name: VALUES[f"{place} {name}"] for name in NAMES}


def plain(place):
    """Values that may stand in a header or a path as they are."""
    return {name: value.replace("é", "e").replace("/", "_").replace("=&", ".") for name, value in at(place).items()}


class Telling(BaseHTTPRequestHandler):
    """Gives tokens in JSON, XML, headers and cookies, and tells what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.send_response(200)
        for name, value in plain("header").items():
            self.send_header(name, value)
        for name, value in plain("cookie").items():
            self.send_header("Set-Cookie", f"{name}={value}; Path=/")
        if self.path == "/xml":
            fields = "".join(f"<{n}>{v.replace('&', '&amp;')}</{n}>" for n, v in at("xml").items())
            kind, text = "application/xml", f"<r>{fields}</r>"
        else:
            kind, text = (
                "application/json",
                json.dumps({**at("json"), "sent": sent, "headers": dict(self.headers), "path": self.path}),
            )
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST

    def log_message(self, *args):
        """Print nothing."""


SCRIPT = """
const values = %s;
console.log(pm.response.text(), pm.response.headers.toObject(), pm.request.headers.toObject(), values);
for (const [name, value] of Object.entries(values)) pm.environment.set(name + "_made", value);
for (const name of Object.keys(values)) console.log(name, pm.variables.get(name), pm.environment.get(name + "_made"));
pm.test("has " + Object.values(values).join(), () => pm.expect(pm.response.text()).to.eql(JSON.stringify(values)));
pm.test("throws", () => { throw new Error(JSON.stringify({values, body: pm.response.text()})) });
"""


def collection(url):
    def pairs(values):
        return [{"key": name, "value": value} for name, value in values.items()]

    script = SCRIPT % json.dumps(at("script"))
    path = {"raw": url + "/" + "/".join(f":{name}" for name in NAMES), "variable": pairs(plain("path"))}
    bodies = [
        {"mode": "raw", "raw": json.dumps({"deep": [at("script"), {"again": json.dumps(at("script"))}]})},
        {"mode": "urlencoded", "urlencoded": pairs(at("form"))},
        {"mode": "formdata", "formdata": pairs(at("multipart"))},
        {"mode": "raw", "raw": "".join(f"<{name}>{{{{{name}}}}}</{name}>" for name in NAMES)},
    ]
    items = [
        *(item(f"body {number}", url, script, method="POST", body=body) for number, body in enumerate(bodies)),
        item("xml", url + "/xml", script, header=pairs(plain("sent"))),
        item("query", {"raw": url + "/q", "query": pairs(at("query"))}, script),
        item("path", path, script),
        item("broken", {"raw": "http://127.0.0.1:1/q", "query": pairs(at("query"))}, header=pairs(plain("sent"))),
    ]
    return {"info": {"name": "by name"}, "item": items}


@pytest.fixture
def outputs(postrunner, tmp_path):
    """Run it with every output; gives each text that came out."""

    def run(*more):
        with ThreadingHTTPServer(("127.0.0.1", 0), Telling) as http:
            thread = threading.Thread(target=http.serve_forever, args=(0.01,))
            thread.start()
            (tmp_path / "c.json").write_text(json.dumps(collection(f"http://127.0.0.1:{http.server_port}")))
            values = [{"key": name, "value": value} for name, value in at("variable").items()]
            (tmp_path / "e.json").write_text(json.dumps({"values": values}))
            (tmp_path / "d.json").write_text(json.dumps([{f"{name}_user": value for name, value in at("data").items()}]))
            given = [part for name, value in at("env-var").items() for part in ("--env-var", f"{name}2={value}")]
            kinds = ("json", "junit", "html", "ndjson")
            files = [part for kind in kinds for part in (f"--reporter-{kind}-export", f"r.{kind}")]
            names = "cli,progress,json,junit,html,ndjson"
            done = postrunner("run", "c.json", "-e", "e.json", "-d", "d.json", *given, "-r", names, *files, *more)
            http.shutdown()
            thread.join()
        found = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("r.")}
        return {"stdout": done.out.encode(), "stderr": done.err.encode(), **found}

    return run


ALL = VALUES | {f"{place} {name} plain": value for place in PLACES for name, value in plain(place).items()}


@pytest.mark.parametrize("more", [(), ("--verbose",), ("--record", "r.yaml")], ids=lambda more: " ".join(more))
def test_nothing_under_the_name_of_a_secret_is_in_any_output(outputs, more):
    found = outputs(*more)
    assert len(found) == 6 + ("r.yaml" in more)
    assert {name: leaks(content, ALL) for name, content in found.items()} == {name: [] for name in found}


def test_all_of_it_is_there_when_it_is_to_be_shown(outputs):
    found = outputs("--show-secrets", "--verbose")
    shown = {name.removesuffix(" plain") for kind in ("json", "html") for name in leaks(found[f"r.{kind}"], ALL)}
    assert shown == set(VALUES)


ODD = "Odd-Place7Kq"


class Odd(BaseHTTPRequestHandler):
    """Tells a secret in the reason, the name of a header, and the name, domain and path of a cookie."""

    protocol_version = "HTTP/1.1"

    def handle_any(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(302 if self.path == "/again" else 200, f"Fine {ODD}")
        self.send_header(f"X-{ODD}", "1")
        self.send_header("Set-Cookie", f"n-{ODD}=1; Path=/{ODD}")
        self.send_header("Location", f"/{ODD}")
        self.send_header("Content-Type", f"text/{ODD}")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_POST = handle_any

    def log_message(self, *args):
        """Print nothing."""

    def __getattr__(self, name):
        if name == f"do_{ODD}":
            return self.handle_any
        raise AttributeError(name)


@pytest.mark.parametrize("more", [(), ("--verbose",), ("--dry-run",)], ids=lambda more: " ".join(more))
def test_secrets_in_odd_places_are_in_no_output(postrunner, tmp_path, more):
    fail = "pm.test('t', () => pm.expect(pm.response.status).to.eql('x'))"
    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{http.server_port}"
        file = {"key": "f-{{odd}}", "type": "file", "src": "{{odd}}.bin"}
        form = {"mode": "formdata", "formdata": [{"key": "k-{{odd}}", "value": "1", "type": "text"}, file]}
        headers = [{"key": "X-{{odd}}", "value": "1"}]
        items = [
            item("method", url + "/", fail, method="{{odd}}", header=headers),
            item("form", url + "/", fail, method="POST", header=headers, body=form),
            item("redirect", url + "/again#{{odd}}", fail),
            item("refused", "http://127.0.0.1:1/{{odd}}", method="{{odd}}", header=headers),
        ]
        (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "odd"}, "item": items}))
        (tmp_path / "e.json").write_text(json.dumps({"values": [{"key": "odd", "value": ODD, "type": "secret"}]}))
        kinds = ("json", "junit", "html", "ndjson")
        files = [part for kind in kinds for part in (f"--reporter-{kind}-export", f"r.{kind}")]
        done = postrunner("run", "c.json", "-e", "e.json", "-r", "cli,progress,json,junit,html,ndjson", *files, *more)
        http.shutdown()
        thread.join()
    texts = {path.name: path.read_text("utf-8") for path in tmp_path.glob("r.*")} | {"out": done.out, "err": done.err}
    assert {name: ODD.lower() in text.lower() for name, text in texts.items()} == dict.fromkeys(texts, False)
    assert "method" in done.out
