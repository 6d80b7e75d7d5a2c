"""What users load: collections, environments, data, cassettes; and the texts in them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from fuzzing.guard import guarded
from fuzzing.spoil import by_nodes, by_text
from fuzzing.target import Defect, Target, own_errors

ROOT = Path(__file__).resolve().parents[2]
MOST_ITEMS = 12
WORDS = (
    "info",
    "name",
    "item",
    "request",
    "url",
    "raw",
    "host",
    "path",
    "query",
    "variable",
    "key",
    "value",
    "disabled",
    "header",
    "body",
    "mode",
    "urlencoded",
    "formdata",
    "file",
    "graphql",
    "options",
    "language",
    "auth",
    "type",
    "event",
    "listen",
    "script",
    "exec",
    "src",
    "description",
    "protocolProfileBehavior",
    "id",
    "_postman_id",
    "schema",
    "response",
    "method",
    "port",
    "protocol",
    "hash",
    "disableBodyPruning",
    "followRedirects",
    "maxRedirects",
    "values",
    "enabled",
    "secret",
    "string",
    "any",
    "number",
    "boolean",
    "basic",
    "bearer",
    "digest",
    "oauth1",
    "oauth2",
    "awsv4",
    "hawk",
    "ntlm",
    "apikey",
    "edgegrid",
    "jwt",
    "asap",
    "noauth",
    "accessToken",
    "addTokenTo",
    "algorithm",
    "timestamp",
    "nonce",
    "json",
    "content",
    "variables",
)


@lru_cache(maxsize=1)
def lower_limits() -> None:
    """Have values that multiply each other end early: few such inputs took most of the time, in the same lines of code."""
    from runner.rules import substitute

    substitute.MOST_NAMES, substitute.LIMIT = 1_000, 1_000_000


def one_collection(data: bytes) -> str:
    """Load a collection, plan it, make each request as a dry run shows it, and write it back."""
    from runner.formats.json_text import parse_json
    from runner.formats.load import load_collection
    from runner.formats.reading import decode
    from runner.formats.table import dump

    outcome: list[str] = []
    with own_errors(outcome):
        collection = load_collection("c.json", decode(data))
        shown = preview(collection)
        parse_json(dump(collection, collection.origin, "collection"), "written")
        return shown
    return outcome[0]


def preview(collection: Any) -> str:
    """What a dry run shows of a collection."""
    from runner.cli.dry_run import Preview
    from runner.clock import Clock
    from runner.cookies.jar import CookieJar
    from runner.engine.plan import make_plan
    from runner.engine.ports import Inputs
    from runner.model.variable import Environment, Variable
    from runner.options import RunOptions
    from runner.secrets import Secrets

    lower_limits()
    plan = make_plan(collection)
    inputs = Inputs(plan=plan, environment=Environment(values=(Variable("a", "b"),)), globals=Environment())
    options = RunOptions(working_dir=str(guarded()), no_insecure_file_read=True, seed="1")
    shown = Preview(inputs, options, Secrets(), CookieJar(Clock(lambda: 1e9).now))
    failed = [shown.show(planned)[1] for planned in plan.items[:MOST_ITEMS]]
    return f"shown {min(len(failed), 2)} failed {min(sum(failed), 2)}"


def one_run(data: bytes) -> str:
    """Run a collection without its scripts against an answer that is always there, with all reports but the slow page."""
    import httpx

    import runner
    from runner.formats.load import load_collection
    from runner.formats.reading import decode

    lower_limits()
    outcome: list[str] = []
    with own_errors(outcome):
        collection = load_collection("c.json", decode(data))
        collection = without_scripts(collection)
        transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"access_token": "t" * 20}))
        out = str(guarded() / "r")
        summary = runner.run(
            collection,
            transport=transport,
            stream=io.StringIO(),
            reporters=("cli", "json", "junit"),
            reporter_options=(("json-export", f"{out}.json"), ("junit-export", f"{out}.xml")),
            export_collection=f"{out}.collection.json",
            working_dir=str(guarded()),
            no_insecure_file_read=True,
            max_requests=50,
            seed="1",
        )
        check_problems(summary)
        return f"run {min(len(summary.failures), 3)} {type(summary.error).__name__}"
    return outcome[0]


def check_problems(summary: Any) -> None:
    """Refuse a report that broke, and a run that did."""
    from runner.errors import InternalError

    for problem in summary.problems:
        cause = problem.message.partition("could not be written: ")[2].partition(":")[0]
        if cause.endswith(("Error", "Exception")):
            raise Defect(str(problem))
    if isinstance(summary.error, InternalError):
        raise Defect(str(summary.error))


def without_scripts(collection: Any) -> Any:
    """The collection with its first items only, and without a script."""
    from dataclasses import replace

    def plain(entry: Any) -> Any:
        inside = {"items": tuple(map(plain, entry.items[:MOST_ITEMS]))} if hasattr(entry, "items") else {}
        return replace(entry, events=(), **inside)

    return plain(collection)


def one_environment(data: bytes) -> str:
    """Load an environment and write it back."""
    from runner.formats.json_text import parse_json
    from runner.formats.load import load_environment
    from runner.formats.reading import decode
    from runner.formats.table import dump
    from runner.rules.substitute import substitute
    from runner.secrets import Secrets
    from runner.variables.scopes import Scopes

    outcome: list[str] = []
    with own_errors(outcome):
        environment = load_environment("e.json", text=decode(data))
        secrets = Secrets()
        for variable in environment.values:
            secrets.add_variable(variable)
        scopes = Scopes(environment=environment.values, collection=(), globals=())
        for variable in environment.values[:5]:
            secrets.mask(substitute(f"{{{{{variable.key}}}}} x", scopes.get))
        parse_json(dump(environment, environment.origin, "environment"), "written")
        return f"variables {min(len(environment.values), 3)}"
    return outcome[0]


def one_data_file(data: bytes) -> str:
    """Load rows of JSON or CSV."""
    from runner.formats.load import load_data
    from runner.formats.reading import decode

    outcome: list[str] = []
    with own_errors(outcome):
        rows = load_data("d.csv" if data[:1] not in (b"{", b"[") else "d.json", decode(data))
        return f"rows {min(len(rows), 3)}"
    return outcome[0]


def one_cassette(data: bytes) -> str:
    """Read a cassette, look for a recording in it, play all of them, and write it back."""
    from runner.cassettes import file as cassette_file
    from runner.cassettes.filter import SecretFilter
    from runner.cassettes.match import Index, Nearest
    from runner.cassettes.recording import play
    from runner.client.http import response_of
    from runner.errors import RequestError
    from runner.model.request import PreparedRequest
    from runner.secrets import Secrets
    from runner.transport.limits import Limits

    outcome: list[str] = []
    with own_errors(outcome):
        recordings, rest = cassette_file.load(data, "tape.yaml")
        recordings, limits, finder = recordings[:20], Limits(max_body=100_000), SecretFilter(Secrets())
        request = PreparedRequest(method="GET", scheme="http", host="h", port=80, target="/", headers=(), href="http://h/")
        index = Index([finder.recording_key(recording) for recording in recordings], range(len(recordings)))
        if index.take(finder.key(request)) is None:
            Nearest(index).describe(finder.key(request))
        for recording in recordings:
            try:
                response_of(play(recording, request, limits), limits, ())
            except RequestError as error:
                outcome.append(error.code)
        again, _ = cassette_file.load(cassette_file.dump(finder.filtered(recordings), rest).encode(), "written")
        assert len(again) == len(recordings)
        return f"recordings {min(len(recordings), 3)}"
    return outcome[-1]


# -- texts --------------------------------------------------------------------------------------------------------------


def _parsers() -> list[Callable[[str], object]]:
    from runner.client.certificates import parse_pattern
    from runner.cookies.jar import CookieJar
    from runner.formats.dotenv import parse_dotenv
    from runner.formats.json_text import JsonStyle, dump_json, parse_json
    from runner.options.values import parse_pair, parse_size
    from runner.request.address import parse_address
    from runner.rules.substitute import names_in, substitute
    from runner.rules.url import parse_url, url_text
    from runner.secrets import Secrets, secret_fields
    from runner.transport.sockets.proxy import parse_proxy

    values = {"a": "{{b}}", "b": "x", "c": "{{c}}", "d": "{{a}}{{b}}{{c}}"}
    masker = Secrets(["hunter2-hunter2", "x/y+z=="])
    return [
        parse_dotenv,
        lambda text: dump_json(parse_json(text, "t"), JsonStyle()),
        lambda text: url_text(parse_url(text)),
        lambda text: parse_address(parse_url(text)).href,
        lambda text: parse_address(parse_url(text), encode=False).href,
        lambda text: substitute(text, values.get, unresolved=set()),
        names_in,
        parse_pair,
        parse_size,
        secret_fields,
        masker.mask,
        masker.mask_report,
        lambda text: masker.mask_header(*text.partition(":")[::2]),
        parse_pattern,
        parse_proxy,
        lambda text: CookieJar(lambda: 1e9).store_from("http://a.example/b/c", [text]),
        lambda text: CookieJar(lambda: 1e9).header_for(text),
    ]


_known_parsers = lru_cache(maxsize=1)(_parsers)


def one_text(data: bytes) -> str:
    """Give a text to one of the parsers, which the first byte chooses."""
    choice, text = (data[0], data[1:].decode("utf-8", "surrogateescape")) if data else (0, "")
    parsers, outcome = _known_parsers(), [""]
    with own_errors(outcome):
        parsers[choice % len(parsers)](text)
    return f"{choice % len(parsers)} {outcome[-1]}"


# -- what they start from -----------------------------------------------------------------------------------------------


def collections() -> list[bytes]:
    """Every kind of request, auth and body, one to a collection; and pieces of the shipped collections."""
    from fuzzing.samples import COLLECTIONS

    found = [json.dumps(one).encode() for one in COLLECTIONS]
    for path in sorted((ROOT / "collections").glob("*.json")):
        document = json.loads(path.read_text())
        items = list(_items(document["item"]))
        found += [json.dumps({"info": {"name": path.stem}, "item": [one]}).encode() for one in items[::7]]
    return [one for one in found if len(one) < 6000]


def _items(entries: list[Any]) -> Any:
    for entry in entries:
        yield from _items(entry["item"]) if "item" in entry else [entry]


def environments() -> list[bytes]:
    """Environments in their forms, and the shipped ones."""
    from fuzzing.samples import ENVIRONMENTS

    shipped = [path.read_bytes() for path in sorted((ROOT / "environments").glob("*.json"))]
    return [json.dumps(one).encode() for one in ENVIRONMENTS] + [one for one in shipped if len(one) < 6000]


def data_files() -> list[bytes]:
    """CSV and JSON."""
    from fuzzing.samples import DATA

    return [one.encode() for one in DATA]


def one_yaml(data: bytes) -> str:
    """Read a YAML text, write its value, change the text in place, and read both again."""
    from runner.deep_json import same
    from runner.errors import NotEditable
    from runner.formats.yaml.edit import edit
    from runner.formats.yaml.reader import read
    from runner.formats.yaml.writer import write

    outcome: list[str] = []
    with own_errors(outcome):
        document = read(data, "f.yaml")
        value = document.value
        if "nan" not in repr(value) and not same(read(write(value), "w").value, value):
            raise Defect("what was written is another value")
        if isinstance(value, dict) and "nan" not in repr(value):
            wanted = {**{key: value[key] for key in list(value)[1:]}, "new": ["a\nb", {}]}
            try:
                if not same(read(edit(data.decode(), wanted, "f.yaml"), "e").value, wanted):
                    raise Defect("what was changed in place is another value")
            except NotEditable:
                return "not editable"
        return f"{type(value).__name__} {document.root.kind}"
    return outcome[0]


def yaml_texts() -> list[bytes]:
    """Files of Postman, and texts with everything that YAML has."""
    known = json.loads((ROOT / "tests" / "formats" / "yaml" / "postman.json").read_text())[::20]
    odd = json.loads((ROOT / "tests" / "formats" / "yaml" / "recorded.json").read_text())["read"][::10]
    return [text.encode() for text in (*known, *(text for text, _ in odd))]


def cassettes() -> list[bytes]:
    """What postrunner and the versions of vcrpy write."""
    from fuzzing.samples import CASSETTES

    return [one.encode() for one in CASSETTES]


def texts() -> list[bytes]:
    """A text for each parser."""
    from fuzzing.samples import TEXTS

    return [bytes([number % 17]) + text.encode() for number in range(17) for text in TEXTS]


YAML = (
    "!!python/object/apply:os.system",
    "!!python/object/new:_io.BytesIO",
    "!!binary",
    "!!python/tuple",
    "!!set",
    "&a",
    "*a",
    "<<",
    "- ",
    ": ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    "|",
    ">",
    "---\n",
    "...\n",
    "%TAG ! tag:x\n",
    "!!",
    "!",
    "'",
    '"',
    "# ",
    "\n  ",
    "interactions:",
    "postrunner:",
    "timings:",
    "header_order:",
    "error:",
    "base64_string:",
    "!!int 1:60",
    ".nan",
    "~",
    "2020-99-99",
    "!!timestamp",
)
CSV = (",", ";", "\t", '"', '""', "\n", "\r\n", "\r", "'", " ", "1e400", "1" * 400, "-0", "true", "null", "\ufeff", "sep=;")
PARTS = (
    "{{",
    "}}",
    "{{a}}",
    ":",
    "/",
    "?",
    "#",
    "&",
    "=",
    "@",
    "[",
    "]",
    "%",
    "\\",
    '"',
    "; ",
    "Expires=",
    "Max-Age=",
    "Domain=",
    "*",
    "://",
)

TARGETS = {
    "collection": Target(one_collection, collections, by_nodes(WORDS), ("runner.formats", "runner.request", "runner.auth")),
    "run": Target(one_run, collections, by_nodes(WORDS), ("runner.engine", "runner.reporters", "runner.request"), cost=10),
    "environment": Target(one_environment, environments, by_nodes(WORDS), ("runner.formats", "runner.variables")),
    "data": Target(one_data_file, data_files, by_text(CSV), ("runner.formats",)),
    "yaml": Target(one_yaml, yaml_texts, by_text(YAML), ("runner.formats.yaml",)),
    "cassette": Target(one_cassette, cassettes, by_text(YAML), ("runner.cassettes",)),
    "text": Target(
        one_text,
        texts,
        by_text(PARTS),
        tuple(f"runner.{room}" for room in ("formats", "secrets", "variables", "cookies", "client", "transport")),
    ),
}
