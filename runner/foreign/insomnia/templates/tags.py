"""The template tags that Insomnia has of its own, one function each; what plugins add is not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from runner.foreign.insomnia.templates import json_paths, xpaths
from runner.foreign.insomnia.templates.dates import moment_format
from runner.foreign.insomnia.templates.fakers import dynamic_name
from runner.foreign.insomnia.templates.values import Untranslatable, Value, dynamic, literal, quoted

BUFFER = 'require("buffer").Buffer'


class Surroundings(Protocol):
    """What a tag may ask about the place where it stands."""

    def response_variable(self, request: str, code: str, name: str, *, resends: bool) -> Value:
        """The variable that a request sets from its response; raises `Untranslatable` if there is no such request."""

    def asked_variable(self, name: str, default: str) -> Value:
        """A variable whose value Insomnia asks for."""

    def request_name(self) -> str:
        """The name of the request, empty outside of requests."""

    def folder_name(self, above: int) -> str:
        """The name of a folder of the request, counted from the inside."""


Tag = Callable[[Sequence[Value], Surroundings], Value]


def tag_value(name: str, arguments: Sequence[Value], around: Surroundings) -> Value:
    """What a tag stands for; raises `Untranslatable`."""
    tag = TAGS.get(name)
    if tag is None:
        raise Untranslatable(f"the template tag {name} has no counterpart in Postman")
    return tag(arguments, around)


def _at(arguments: Sequence[Value], at: int, default: str = "") -> Value:
    return arguments[at] if at < len(arguments) else literal(default)


def _word(arguments: Sequence[Value], at: int, default: str = "") -> str:
    """An argument that says what is done: only a text that is known can."""
    value = _at(arguments, at, default)
    if not value.literal:
        raise Untranslatable("a template tag whose kind is in a variable has no counterpart in Postman")
    return value.text or ""


def _uuid(arguments: Sequence[Value], around: Surroundings) -> Value:
    return dynamic("guid")


def _now(arguments: Sequence[Value], around: Surroundings) -> Value:
    kind = _word(arguments, 0, "iso-8601").lower()
    if kind == "iso-8601":
        return dynamic("isoTimestamp")
    if kind in ("unix", "seconds", "s"):
        return dynamic("timestamp")
    if kind in ("millis", "ms"):
        return Value("Date.now()")
    if kind == "custom":
        return Value(f'require("moment")().format({quoted(moment_format(_word(arguments, 1)))})')
    raise Untranslatable(f"a time of the kind {kind} is unknown")


def _faker(arguments: Sequence[Value], around: Surroundings) -> Value:
    words = [_word(arguments, at) for at in range(len(arguments))]
    name = dynamic_name(words)
    if not name:
        raise Untranslatable(f"Postman makes no value of the kind {'.'.join(filter(None, words))}")
    return dynamic(name)


def _base64(arguments: Sequence[Value], around: Surroundings) -> Value:
    """The kind was not there in the beginning."""
    if len(arguments) == 2:
        arguments = [arguments[0], literal("normal"), arguments[1]]
    action, kind, value = _word(arguments, 0), _word(arguments, 1, "normal"), _at(arguments, 2).code
    if action == "decode":
        return Value(f'{BUFFER}.from({value}, "base64").toString({quoted("hex" if kind == "hex" else "utf8")})')
    code = f'{BUFFER}.from({value}, {quoted("hex" if kind == "hex" else "utf8")}).toString("base64")'
    if kind == "url":
        code += '.replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "")'
    return Value(code)


def _hash(arguments: Sequence[Value], around: Surroundings) -> Value:
    algorithm, encoding = _word(arguments, 0).upper(), _word(arguments, 1, "hex")
    if algorithm not in ("MD5", "SHA1", "SHA256", "SHA512"):
        raise Untranslatable(f"the hash {algorithm} has no counterpart in Postman")
    library = 'require("crypto-js")'
    written = f"{library}.enc.Base64" if encoding == "base64" else f"{library}.enc.Hex"
    return Value(f"{library}.{algorithm}({_at(arguments, 2).code}).toString({written})")


def _jsonpath(arguments: Sequence[Value], around: Surroundings) -> Value:
    found = json_paths.taken(_word(arguments, 1), f"JSON.parse({_at(arguments, 0).code})")
    if found is None:
        raise Untranslatable(f"the path {_word(arguments, 1)} has no counterpart in Postman")
    code, several = found
    return Value(f"{code}[0]" if several else code)


def _cookie(arguments: Sequence[Value], around: Surroundings) -> Value:
    return Value(f"pm.cookies.get({_at(arguments, 1).code})")


def _prompt(arguments: Sequence[Value], around: Surroundings) -> Value:
    return around.asked_variable(_word(arguments, 3) or _word(arguments, 0), _word(arguments, 2))


def _request(arguments: Sequence[Value], around: Surroundings) -> Value:
    attribute, name = _word(arguments, 0), _at(arguments, 1).code
    if attribute == "name":
        return literal(around.request_name())
    if attribute == "folder":
        above = _at(arguments, 2).text or _at(arguments, 1).text or ""
        return literal(around.folder_name(int(above) if above.isascii() and above.isdigit() else 0))
    codes = {
        "url": "pm.request.url.toString()",
        "parameter": f"pm.request.url.query.get({name})",
        "header": f"pm.request.headers.get({name})",
    }
    if attribute == "cookie":
        return Value(f"pm.cookies.get({name})")
    if attribute not in codes:
        raise Untranslatable(f"{attribute} of a request has no counterpart in Postman")
    return Value(f"pm.variables.replaceIn({codes[attribute]})")


def _response(arguments: Sequence[Value], around: Surroundings) -> Value:
    """A value of another request's response, which that request's tests put into a variable."""
    field, request, path = _word(arguments, 0), _word(arguments, 1), _word(arguments, 2).strip()
    resends = _word(arguments, 3, "never").lower() in ("always", "no-history", "when-expired")
    name = path
    if field == "raw":
        code, name = "pm.response.text()", "body"
    elif field == "url":
        code, name = "pm.request.url.toString()", "url"
    elif field == "header":
        code = f"pm.response.headers.get({quoted(path)})"
    elif field == "body" and path.startswith("$"):
        found = json_paths.taken(path, "pm.response.json()")
        if found is None:
            raise Untranslatable(f"the path {path} has no counterpart in Postman")
        code = f"((found) => found.length > 1 ? found : found[0])({found[0]})" if found[1] else found[0]
    elif field == "body" and path:
        by_xml = xpaths.taken(path, "pm.response.text()")
        if by_xml is None:
            raise Untranslatable(f"the path {path} has no counterpart in Postman")
        code = by_xml
    else:
        raise Untranslatable(f"{field or 'nothing'} of a response has no counterpart in Postman")
    return around.response_variable(request, code, name, resends=resends)


TAGS: dict[str, Tag] = {
    "base64": _base64,
    "cookie": _cookie,
    "faker": _faker,
    "hash": _hash,
    "jsonpath": _jsonpath,
    "now": _now,
    "prompt": _prompt,
    "request": _request,
    "response": _response,
    "timestamp": _now,
    "uuid": _uuid,
}
