"""The leak matrix: secrets of all kinds, in all writings and places, through runs with every output.

Each cell has a sign of its own that stands beside the secret: a cell counts where its sign is in the output.
"""

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

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


def written(encodings, values):
    """Each value in each writing under a number of its own, by the name of the writing."""
    number, found = 0, {}
    for name, encode in encodings.items():
        found[name.replace(" ", "_")] = rows = {}
        for text in texts(values).values():
            rows[f"{number:04d}"] = encode(text)
            number += 1
    return found


def collection(base, host, says, values):
    """A request for each value in each place of a request, and one that says each writing in each place of a script."""
    items = []
    for number, kind in enumerate(values):
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


@contextmanager
def matrix(folder, encodings, values=VALUES):
    """The collection with every secret in every place, what its server says, and the secrets as pairs for `--env-var`."""
    encodings = encodings if isinstance(encodings, dict) else {name: ENCODINGS[name] for name in encodings}
    says = written(encodings, values)
    variables = [{"key": f"s_{kind}", "value": "", "type": "secret"} for kind in values]
    (folder / "e.json").write_text(json.dumps({"name": "e", "values": variables}))
    with ThreadingHTTPServer(("127.0.0.1", 0), Telling) as http:
        http.written = says
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        host = f"127.0.0.1:{http.server_port}"
        secrets = tuple((f"s_{kind}", text) for kind, text in texts(values).items())
        try:
            yield collection(f"http://{host}", host, says, values), says, secrets
        finally:
            http.shutdown()
            thread.join()


def run_matrix(folder, encodings, **options):
    """Run the collection in this process."""
    from runner import run

    with matrix(folder, encodings) as (document, _, secrets):
        return run(document, environment=(str(folder / "e.json"),), env_var=secrets, **options)


def outputs(folder, encodings, values=VALUES):
    """Every text that a command with every output leaves, and a dry run, by its name."""
    with matrix(folder, encodings, values) as (document, says, secrets):
        (folder / "c.json").write_text(json.dumps(document))
        options = ["-e", "e.json", *(word for key, text in secrets for word in ("--env-var", f"{key}={text}"))]
        ran = _command(folder, *options, "--verbose", *_outputs(says))
    dry = _command(folder, *options, "--dry-run")
    given = {"e.json", "c.json"}
    left = [path for path in folder.rglob("*") if path.is_file() and path.name not in given]
    files = {path.name: path.read_text("utf-8", "replace") for path in left}
    files["json"] = "\n".join(_texts_in(json.loads(files["json"])))
    files["variables"] = "\n".join(files.pop(name) for name in [*files] if name.startswith("variable-"))
    return {"stdout": ran.stdout, "stderr": ran.stderr + dry.stderr, "dry run": dry.stdout, **files}


def _outputs(says):
    """Options for every file that a run can leave, that of a shard included; every fifth variable in a file of its own."""
    words = ["-r", ",".join(("cli", *REPORTS)), "--export-collection-values", "--record", "tape", "--shard", "1/1"]
    for kind in REPORTS:
        words += [f"--reporter-{kind}-export", kind]
    for kind in EXPORTS:
        words += [f"--export-{kind}", f"{kind}-export"]
    for number in [number for rows in says.values() for number in rows][::5]:
        words += ["--export-variable", f"zqv{number}z=variable-{number}"]
    return words


def _command(folder, *words):
    """What a command of a user does in a folder."""
    places = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-m", "runner", "run", "c.json", *words]
    return subprocess.run(command, cwd=folder, env=places, capture_output=True, text=True, check=False)


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
