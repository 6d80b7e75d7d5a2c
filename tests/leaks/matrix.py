"""The leak matrix: secrets of all kinds, in all writings and places, through runs with every output.

Each cell has a sign of its own that stands beside the secret: a cell counts where its sign is in the output.
"""

import io
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.leaks.secrets_of_all_kinds import ENCODINGS, KINDS, NUMBERS, OBJECTS, texts

VALUES = {kind: value for kind, value in {**KINDS, **NUMBERS, **OBJECTS}.items() if kind != "long"}
SIGN = re.compile(r"zq[a-z]\d{4}z")
REPORTS = ("json", "junit", "html", "ndjson")
EXPORTS = ("environment", "globals", "collection")

SAY = """
const told = pm.response.json();
for (const [n, text] of Object.entries(told)) {
    console.log("zqk" + n + "z", text); console.error({["zqd" + n + "z"]: [text]});
    pm.test("zqt" + n + "z " + text, () => { throw new Error("zqm" + n + "z " + text); });
    pm.environment.set("zqv" + n + "z", text); pm.collectionVariables.set("zqc" + n + "z", "a " + text);
}
"""
URLS = {
    "a": "{base}/{sign}/{value}/x",
    "b": "{base}/{sign}?a=1&q={value}&b=2",
    "e": "{base}/{sign}#{value}",
    "f": "http://ada:{value}@{host}/{sign}",
    "g": "http://{value}.invalid:99999/{sign}",
    "h": "http://127.0.0.1:1/{sign}/{value}",
    "i": "{base}/redirect/{sign}?to={value}",
}


class Telling(BaseHTTPRequestHandler):
    """Tells what it was sent, or some of the secrets in one writing."""

    protocol_version = "HTTP/1.1"

    def handle_any(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        told = {"path": self.path, "headers": list(self.headers.items()), "sent": sent}
        if self.path.startswith("/say/"):
            told = self.server.written[self.path[5:]]
        redirected = self.path.startswith("/redirect")
        self.send_response(302 if redirected else 200)
        if redirected:
            self.send_header("Location", "/end" + self.path[9:])
        self.send_header("X-Echo", self.headers.get("X-Plain") or "")
        self.send_header("Set-Cookie", f"own={self.headers.get('X-Plain') or 'none'}; Path=/")
        body = json.dumps(told, ensure_ascii=self.path.startswith("/end")).encode("utf-8")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = handle_any

    def log_message(self, *args):
        """Print nothing."""


def written(encodings):
    """Each value in each writing under a number of its own, by the name of the writing."""
    number, found = 0, {}
    for name in encodings:
        found[name.replace(" ", "_")] = rows = {}
        for text in texts(VALUES).values():
            rows[f"{number:04d}"] = ENCODINGS[name](text)
            number += 1
    return found


def collection(base, host, says):
    """A request for each value in each place of a request, and one that says each writing in each place of a script."""
    items = []
    for number, kind in enumerate(VALUES):
        value = f"{{{{s_{kind}}}}}"

        def sign(place, number=number):
            return f"zq{place}{number:04d}z"

        for place, url in URLS.items():
            items.append(_item(sign(place), url.format(base=base, host=host, sign=sign(place), value=value)))
        pairs = [{"key": value, "value": value, "type": "text"}, {"key": "f", "value": value, "type": "text"}]
        headers = [{"key": "X-Plain", "value": value}, {"key": f"X-{value}", "value": "1"}]
        items.append(_item(sign("j"), f"{base}/{sign('j')}", header=headers))
        items.append(_item(sign("l"), f"{base}/{sign('l')}", header=[{"key": "Cookie", "value": f"a=1; own={value}"}]))
        for place, mode, content in (("n", "raw", value), ("o", "urlencoded", pairs), ("p", "formdata", pairs)):
            body = {"mode": mode, mode: content}
            items.append(_item(sign(place), f"{base}/{sign(place)}", method="POST", body=body))
        basic = {"type": "basic", "basic": [{"key": "username", "value": "ada"}, {"key": "password", "value": value}]}
        items.append(_item(sign("r"), f"{base}/{sign('r')}", auth=basic, description=f"uses {value}"))
        items.append(_item(sign("s"), f"{base}/{sign('s')}", method=value))
    for name in says:
        items.append(_item(f"say {name}", f"{base}/say/{name}", SAY))
    return {"info": {"name": "leaks"}, "item": items}


def _item(name, url, test="", **more):
    event = [{"listen": "test", "script": {"exec": test.split("\n")}}] if test else []
    item = {"name": name, "event": event, "request": {"method": "GET", "url": url, **more}}
    return {"name": "f", "item": [item]}  # the JSON report repeats the parent of each failure


def run_matrix(folder, encodings, **options):
    """Run the collection with every secret in every place."""
    from runner import run

    says = written(encodings)
    variables = [{"key": f"s_{kind}", "value": "", "type": "secret"} for kind in VALUES]
    (folder / "e.json").write_text(json.dumps({"name": "e", "values": variables}))
    with ThreadingHTTPServer(("127.0.0.1", 0), Telling) as http:
        http.written = says
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        host = f"127.0.0.1:{http.server_port}"
        summary = run(
            collection(f"http://{host}", host, says),
            environment=(str(folder / "e.json"),),
            env_var=tuple((f"s_{kind}", text) for kind, text in texts(VALUES).items()),
            **options,
        )
        http.shutdown()
        thread.join()
    return summary


def outputs(folder, encodings):
    """Every text that a run with every output leaves, by its name."""
    stream = io.StringIO()
    run_matrix(
        folder,
        encodings,
        reporters=("cli", *REPORTS),
        reporter_options=tuple((f"{kind}-export", str(folder / kind)) for kind in REPORTS),
        export_collection_values=True,
        record=str(folder / "tape"),
        verbose=True,
        stream=stream,
        **{f"export_{kind}": str(folder / f"{kind}-export") for kind in EXPORTS},
    )
    files = {path.name: path.read_text("utf-8", "replace") for path in folder.iterdir() if path.name != "e.json"}
    files["json"] = "\n".join(_texts_in(json.loads(files["json"])))
    return {"stdout": stream.getvalue(), **files}


def _texts_in(tree):
    """Every text of a JSON report, its bodies as texts."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict) and value.get("type") == "Buffer":
            yield bytes(value["data"]).decode("utf-8", "replace")
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            if len(value) > 7 and all(isinstance(one, int) for one in value):
                yield str(value)
            waiting += value
        elif value is not None:
            yield str(value)


def cells(found):
    """The signs of the places in each output."""
    return {(name, sign) for name, text in found.items() for sign in SIGN.findall(text)}
