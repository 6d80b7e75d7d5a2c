"""The recorded requests: what Newman 6.2.2 put on the wire, one case each."""

import json
import re
from pathlib import Path

import pytest

from runner.effects import ReadFile
from runner.entropy import Entropy
from runner.errors import FileUnreadable
from runner.events import Warned
from runner.model.request import Body, FormParam, Header, Request
from runner.options import RunOptions
from runner.request.behavior import parse_behavior
from runner.request.files import load_files
from runner.request.prepare import prepare
from runner.rules.url import parse_url

CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "vectors" / "requests.json").read_text())}

FILES = {
    "files/a.bin": b"\x00\x01\xff\xfebinary\r\n",
    "files/j.json": b'{"a":1}',
    "files/noext": b"x",
    'files/q"uo.txt': b"q",
    "files/t.txt": b"hello text",
    "files/üni ✓.txt": b"uni",
}


def drive(step, files=FILES):
    """Run a step that only reads files; gives its result and its warnings."""
    warnings, answer = [], None
    try:
        asked = next(step)
        while True:
            if isinstance(asked, ReadFile) and asked.path not in files:
                asked = step.throw(FileUnreadable(f"no file {asked.path}"))
                continue
            answer = files[asked.path] if isinstance(asked, ReadFile) else None
            if isinstance(asked, Warned):
                warnings.append(asked)
            asked = step.send(answer)
    except StopIteration as stop:
        return stop.value, warnings


def form_param(json_param):
    src = json_param.get("src")
    return FormParam(
        key=json_param.get("key") or "",
        value=json_param.get("value"),
        type=json_param.get("type", "text"),
        src=tuple(src) if isinstance(src, list) else src,
        file_name=json_param.get("fileName"),
        content_type=json_param.get("contentType"),
        disabled=json_param.get("disabled", False),
    )


def make_body(json_body):
    if not json_body:
        return None
    return Body(
        mode=json_body.get("mode"),
        raw=json_body.get("raw"),
        urlencoded=tuple(map(form_param, json_body.get("urlencoded") or ())),
        formdata=tuple(map(form_param, json_body.get("formdata") or ())),
        file=json_body.get("file"),
        graphql=json_body.get("graphql"),
        options=json_body.get("options") or {},
        disabled=json_body.get("disabled", False),
    )


def make_request(case):
    headers = [Header(h["key"], h["value"], h.get("disabled", False)) for h in case["header"]]
    if case.get("id") and not case.get("nocase"):
        headers.append(Header("X-Case", case["id"]))
    return Request(
        method=case["method"], url=parse_url(case["url"]), headers=tuple(headers), body=make_body(case.get("body"))
    )


def prepare_case(case):
    request, _ = drive(load_files(make_request(case)))
    return prepare(request, parse_behavior(case.get("ppb") or {}, RunOptions()), Entropy(seed=1))


def as_sent(prepared):
    """Head and body as latin-1 text, what is random made equal."""
    lines = [f"{prepared.method} {prepared.target} HTTP/1.1", *(f"{name}: {value}" for name, value in prepared.headers)]
    return normal("\r\n".join([*lines, "", ""]), prepared.body.decode("latin-1"))


def normal(head, body):
    boundary = re.search(r"boundary=(-{26}\d{24})", head)
    if boundary:
        head, body = head.replace(boundary[1], "B"), body.replace(boundary[1], "B")
    head = re.sub(r"(?i)(postman-token: )[0-9a-f-]{36}", r"\1T", head)
    return re.sub(r"PostmanRuntime/[0-9.]+", "PostmanRuntime/V", head), body


@pytest.fixture
def entropy():
    return Entropy(seed=1)
