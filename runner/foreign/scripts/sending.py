"""Requests that scripts send: Postman's `pm.sendRequest` and Bruno's `bru.sendRequest` describe them differently."""

from __future__ import annotations

import json

from runner.foreign.scripts.facts import Argument, Source, Use
from runner.foreign.scripts.patterns import FILTERS, Render
from runner.model.quick_dataclass import dataclass

PLACES = {("pm", "Bruno"): "bru", ("bru", "Postman"): "pm"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A call that sends a request: what it is given, and where the rest of the text goes on."""

    to: str
    request: Argument
    rest: tuple[Argument, ...]
    end: int
    remark: str

    def text(self, source: Source, render: Render) -> str:
        """The call in the other API."""
        convert = _to_bruno if self.to == "bru" else _to_postman
        rest = "".join(f", {render(one['s'], one['e'])}" for one in self.rest)
        return f"{self.to}.sendRequest({convert(self.request, source, render)}{rest})"


def find(use: Use, target: str) -> Sent | None:
    """The call, if a chain is one that sends a request."""
    to = PLACES.get((use["root"], target))
    elements = use["elements"]
    if to is None or len(elements) < 2 or elements[0].get("n") != "sendRequest" or not elements[1].get("a"):
        return None
    request, *rest = elements[1]["a"]
    known = "v" in request or request["t"] == "TemplateLiteral" or "o" in request
    remark = ""
    if not known:
        remark = "the request is made elsewhere: its members are named otherwise in the other program"
    elif to == "bru" and _mode(request) not in ("", "raw"):
        remark = f"a body of the mode {_mode(request)} is sent as it is"
    return Sent(to, request, tuple(rest), elements[1]["e"], remark)


def _members(argument: Argument) -> dict[str, Argument]:
    return dict(argument.get("o", ()))


def _mode(request: Argument) -> str:
    body = _members(request).get("body")
    if body is None:
        return ""
    mode = _members(body).get("mode")
    return mode["v"] if mode is not None and "v" in mode else "" if "v" in body else "unknown"


def _to_bruno(request: Argument, source: Source, render: Render) -> str:
    if "o" not in request:
        code = render(request["s"], request["e"])
        is_text = "v" in request or request["t"] == "TemplateLiteral"
        return f'{{ url: {code}, method: "GET" }}' if is_text else code
    made = []
    for name, value in request["o"]:
        code = render(value["s"], value["e"])
        if name == "header":
            made.append(f"headers: {_headers(value, code, render)}")
        elif name == "body":
            raw = _members(value).get("raw")
            made.append(f"data: {render(raw['s'], raw['e']) if raw is not None else code}")
        else:
            made.append(f"{name}: {code}")
    return _object(made)


def _headers(value: Argument, code: str, render: Render) -> str:
    """An object of headers from the list, the text or the object that Postman takes."""
    rows = value.get("items")
    if rows is not None and all({"key", "value"} <= _members(row).keys() for row in rows):
        pairs = []
        for row in rows:
            key, one = _members(row)["key"], _members(row)["value"]
            name = render(key["s"], key["e"])
            pairs.append(f"{name if 'v' in key and key['t'] == 'Literal' else f'[{name}]'}: {render(one['s'], one['e'])}")
        return _object(pairs)
    if "v" in value:
        lines = [line.partition(":") for line in value["v"].splitlines() if line.strip()]
        return _object([f"{_quoted(name.strip())}: {_quoted(text.strip())}" for name, _, text in lines])
    return code


def _to_postman(request: Argument, source: Source, render: Render) -> str:
    if "o" not in request:
        return render(request["s"], request["e"])
    made = []
    for name, value in request["o"]:
        code = render(value["s"], value["e"])
        if name == "headers":
            made.append(f"header: {code}")
        elif name == "data":
            made.append(f'body: {{ mode: "raw", raw: {FILTERS["text"](value, code)} }}')
        else:
            made.append(f"{name}: {code}")
    return _object(made)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _object(members: list[str]) -> str:
    if not members:
        return "{}"
    if sum(map(len, members)) < 80 and not any("\n" in one for one in members):
        return f"{{ {', '.join(members)} }}"
    lines = ",\n".join(f"  {one}" for one in members)
    return f"{{\n{lines}\n}}"
