"""Requests of the collection format v2.0 and v2.1, and what scripts make of them.

Reading is as lenient as Postman's own library, because `pm.sendRequest` takes the same forms: no form that Postman takes
raises here.
"""

from __future__ import annotations

import re

from runner.deep_json import equal
from runner.formats.postman.v2_url import dump_entry, dump_url
from runner.model.json import Json, JsonArray, JsonObject
from runner.model.request import Auth, Body, FormParam, Header, Request
from runner.model.variable import Variable
from runner.rules.casts import typed
from runner.rules.text import SPACES, text_of
from runner.rules.url import is_entry, parse_query, parse_url

BODY_MODES = frozenset({"raw", "urlencoded", "formdata", "file", "graphql"})

_HEADER_LINE = re.compile(r"^(\S+):(.*)$", re.MULTILINE)


def parse_request(source: Json, id: str = "", name: str = "") -> Request:
    """A request from an object, or from a text that is the URL of a GET; `headers` is taken for `header`, too."""
    if not isinstance(source, dict):
        source = {"url": source if isinstance(source, str) else ""}
    method, auth = source.get("method"), source.get("auth")
    header = source.get("header")
    return Request(
        method="GET" if method is None else text_of(method).upper(),
        url=parse_url(source.get("url")),
        headers=parse_headers(header if header else source.get("headers")),
        body=parse_body(source.get("body")),
        auth=parse_auth(auth) if auth else None,
        id=id,
        name=name,
        source=source,
    )


# -- headers ----------------------------------------------------------------------------------------------------


def parse_headers(source: Json) -> tuple[Header, ...]:
    """Headers from a list of objects or `Name: value` texts, from one such object, from a map, or from a block of lines.

    A map gives only the headers whose values are texts (Postman).
    """
    if not source:
        return ()
    if isinstance(source, str):
        unfolded = re.sub(r"\r\n([ \t])", r"\1", source).replace("\r", "")
        return tuple(Header(found[1], found[2].strip(SPACES)) for found in _HEADER_LINE.finditer(unfolded))
    if isinstance(source, dict):
        if not is_entry(source):
            return tuple(Header(key, value) for key, value in source.items() if isinstance(value, str))
        source = [source]
    return tuple([_header(entry) for entry in source if entry is not None]) if isinstance(source, list) else ()


def _header(entry: Json) -> Header:
    if isinstance(entry, str):
        name, _, text = entry.partition(":")
        return Header(name.strip(SPACES), text.strip(SPACES))
    if not isinstance(entry, dict):
        return Header("", "")
    value = entry.get("value", "")
    value = None if value is None else text_of(value)
    return Header(text_of(entry.get("key") or ""), value, bool(entry.get("disabled")), bool(entry.get("system")))


# -- body -------------------------------------------------------------------------------------------------------


def parse_body(source: Json) -> Body | None:
    """A request body from an object or from a text; an unknown mode is `raw` (Postman)."""
    if isinstance(source, str):
        return Body(mode="raw", raw=source) if source else None
    if not isinstance(source, dict):
        return None
    mode = source.get("mode")
    if not mode:
        return Body(mode=None)
    mode = text_of(mode).lower()
    options = source.get("options")
    urlencoded, formdata = source.get("urlencoded"), source.get("formdata")
    file = source.get("file")
    return Body(
        mode=mode if mode in BODY_MODES else "raw",
        raw=source.get("raw"),
        urlencoded=_urlencoded(urlencoded) if urlencoded else (),
        # a text is not a form (Postman)
        formdata=() if isinstance(formdata, str) else tuple([_form_param(entry) for entry in _entries(formdata)]),
        file={"src": file} if isinstance(file, str) else (file if isinstance(file, dict) else None),
        graphql=source.get("graphql"),
        options=options if isinstance(options, dict) else {},
        disabled=bool(source.get("disabled")),
    )


def _urlencoded(source: Json) -> tuple[FormParam, ...]:
    """The parameters of a urlencoded body, from a list of objects or texts, from one such object, or from one text."""
    if isinstance(source, str):
        return tuple(FormParam(key=param.key or "", value=param.value) for param in parse_query(source))
    return tuple([_urlencoded_param(entry) for entry in _entries(source)])


def _entries(source: Json) -> JsonArray:
    """The entries of a list, without `null`. Anything but a list counts as its only entry, unless it is false or empty."""
    if not isinstance(source, list):
        return [source] if source else []
    return [entry for entry in source if entry is not None]


def _urlencoded_param(entry: Json) -> FormParam:
    """A parameter; JavaScript makes a text of any name, `undefined` of one that is missing (Postman)."""
    if isinstance(entry, str):
        key, equals, value = entry.partition("=")
        entry = {"key": key, "value": value} if equals else {"key": key}
    if not isinstance(entry, dict):
        entry = {}
    name = text_of(entry["key"]) if "key" in entry else "undefined"
    return FormParam(key=name, value=entry.get("value"), disabled=bool(entry.get("disabled")))


def _form_param(entry: Json) -> FormParam:
    if not isinstance(entry, dict):
        entry = {}
    value, key = entry.get("value"), entry.get("key")
    file_name, content_type = entry.get("fileName"), entry.get("contentType")
    return FormParam(
        key=text_of(key) if _is_truthy(key) else "",
        value=value if _is_truthy(value) else "",
        type="file" if entry.get("type") == "file" else "text",
        src=_source(entry.get("src")),
        file_name=file_name if isinstance(file_name, str) else None,
        content_type=content_type if isinstance(content_type, str) else None,
        disabled=bool(entry.get("disabled")),
    )


def _is_truthy(value: Json) -> bool:
    """Whether a JSON value is true to JavaScript, as empty lists and objects are."""
    return bool(value) or isinstance(value, list | dict)


def _source(src: Json) -> str | tuple[str, ...] | None:
    """A path or a list of paths; anything else in it becomes the empty path, which cannot be read."""
    if isinstance(src, str):
        return src or None
    if not _is_truthy(src):
        return None
    return tuple([path if isinstance(path, str) else "" for path in (src if isinstance(src, list) else [src])])


# -- auth -------------------------------------------------------------------------------------------------------


def parse_auth(source: Json) -> Auth | None:
    """The selected auth of an auth object, whose parameters are a list (v2.1) or a map (v2.0); None if it is inherited.

    An empty type means `noauth`: nothing is inherited in its place (Postman).
    """
    if not isinstance(source, dict):
        return None
    kind = source.get("type")
    if not isinstance(kind, str) or kind == "type":
        return None
    params = source.get(kind)
    kind = kind or "noauth"
    if isinstance(params, dict):
        return Auth(kind, dict(params))
    entries = [p for p in params if isinstance(p, dict) and "key" in p] if isinstance(params, list) else []
    return Auth(kind, {text_of(p["key"]): _param_value(p) for p in entries})  # a disabled one counts, too (Postman)


def _param_value(entry: JsonObject) -> Json:
    value, kind = entry.get("value"), entry.get("type")
    if kind == "string" and value is None:  # as JavaScript's String() writes it
        return "null" if "value" in entry else "undefined"
    if kind is None or (kind == "string" and isinstance(value, str)):
        return value
    return typed(Variable("", value, text_of(kind)))


# -- back to JSON -----------------------------------------------------------------------------------------------


def dump_request(request: Request) -> JsonObject:
    """The JSON of a request in one form: `url` is an object of parts, `header` a list, the parameters of `auth` a list.

    What has not changed since the request was read is the JSON it was read from, with all its other keys; keys outside of
    the model (description, proxy, certificate) are kept. `parse_request` gives the same request again.
    """
    source = request.source
    result = {key: value for key, value in source.items() if key not in ("auth", "header", "headers", "body")}
    result["method"] = request.method
    result["header"] = _dump_headers(request, source.get("header"))
    if request.body is not None:
        result["body"] = _dump_body(request.body, source.get("body"))
    if request.auth is not None:
        result["auth"] = _dump_auth(request.auth, source.get("auth"))
    result["url"] = dump_url(request.url, source.get("url"))
    return result


def _dump_headers(request: Request, source: Json) -> JsonArray:
    plain = isinstance(source, list) and all(isinstance(entry, dict) for entry in source)
    if plain and isinstance(source, list) and equal(parse_headers(source), request.headers):
        return source
    return [dump_entry(header) | ({"system": True} if header.system else {}) for header in request.headers]


def _dump_auth(auth: Auth, source: Json) -> JsonObject:
    if isinstance(source, dict) and isinstance(source.get(auth.type, []), list) and equal(parse_auth(source), auth):
        return source
    entries = source.get(auth.type) if isinstance(source, dict) else None
    types = (
        {e.get("key"): e.get("type", "any") for e in entries if isinstance(e, dict)} if isinstance(entries, list) else {}
    )
    params = [{"key": key, "value": value, "type": types.get(key, "any")} for key, value in auth.params.items()]
    return {"type": auth.type, auth.type: params} if params else {"type": auth.type}


def _dump_body(body: Body, source: Json) -> JsonObject:
    if (
        isinstance(source, dict)
        and all(isinstance(source.get(form, []), list) for form in ("urlencoded", "formdata"))
        and equal(parse_body(source), body)
    ):
        return source
    dumped: JsonObject = {"mode": body.mode} if body.mode else {}
    if body.raw is not None:
        dumped["raw"] = body.raw
    if body.urlencoded or body.mode == "urlencoded":
        dumped["urlencoded"] = [dump_entry(param) for param in body.urlencoded]
    if body.formdata or body.mode == "formdata":
        dumped["formdata"] = [_dump_form_param(param) for param in body.formdata]
    if body.file is not None:
        dumped["file"] = {key: value for key, value in body.file.items() if not isinstance(value, bytes)}
    if body.graphql is not None:
        dumped["graphql"] = body.graphql
    if body.options:
        dumped["options"] = dict(body.options)
    if body.disabled:
        dumped["disabled"] = True
    return dumped


def _dump_form_param(param: FormParam) -> JsonObject:
    entry: JsonObject = {"key": param.key, "type": param.type}
    if param.type != "file" or param.value:
        entry["value"] = param.value
    if param.src is not None:
        entry["src"] = list(param.src) if isinstance(param.src, tuple) else param.src
    if param.file_name is not None:
        entry["fileName"] = param.file_name
    if param.content_type is not None:
        entry["contentType"] = param.content_type
    if param.disabled:
        entry["disabled"] = True
    return entry
