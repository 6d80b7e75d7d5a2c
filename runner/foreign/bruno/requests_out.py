"""A request of the collection format as Bruno has it: URL, parameters, headers, body, settings.

What a body sends, and under which `Content-Type`, is asked of the engine. `tell` hears of what cannot be held.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from runner.entropy import Entropy
from runner.foreign.bruno.blocks import QUOTES
from runner.foreign.bruno.model import NONE, Body, Request, Row
from runner.foreign.bruno.printing import means_more, name_loss, value_loss
from runner.foreign.bruno.requests import IMPLIED
from runner.foreign.comments import description_text
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import replace
from runner.model.request import Body as PostmansBody
from runner.model.request import FormParam, Url
from runner.model.request import Request as PostmansRequest
from runner.options import RunOptions
from runner.request.behavior import parse_behavior
from runner.request.body import Content, make_content, user_content_type
from runner.request.multipart import form_text
from runner.rules.mime import UNKNOWN, content_type
from runner.rules.percent import encode_path, encode_query
from runner.rules.text import SPACES, json_text, text_of
from runner.rules.url import fill_path, parse_url, url_text

Tell = Callable[[str], None]

_QUOTES = re.compile("'{3,}")
_IN_NO_PATH = re.compile(r"[|\r\n]")


def fill(made: Request, request: PostmansRequest, behavior: JsonObject, tell: Tell) -> None:
    """Give a request of Bruno the method, URL, headers, body and settings of Postman's."""
    made.method = request.method or "GET"
    _url(made, request, tell)
    content = make_content(request, parse_behavior(behavior, RunOptions()), Entropy(""))
    made.body = _body(request, tell)
    made.body.unused = request.body is not None and content is None and made.body.mode != "file"
    if made.body.mode == "file":
        made.body.unused = _is_pruned(request, behavior)
    _headers(made, request, content, tell)
    made.settings = _settings(behavior, made.url, tell)


def _is_pruned(request: PostmansRequest, behavior: JsonObject) -> bool:
    """Whether a body that is a file is not sent: one with a text in its place would not be."""
    assert request.body is not None
    sample = replace(request.body, mode="raw", raw="x")
    return make_content(replace(request, body=sample), parse_behavior(behavior, RunOptions()), Entropy("")) is None


def row(name: str, value: str, what: str, tell: Tell, **more: object) -> Row:
    """A pair as Bruno can hold it; `what` names it in what is told."""
    for loss in (value_loss(value), name_loss(name)):
        if loss and not (loss.startswith("begins with") and more.get("enabled") is False):
            tell(f"{what} {name or '(no name)'} {loss}")
    if name_loss(name) and more.get("enabled") is not False:
        name = name.lstrip("~")
    name = " ".join(name.splitlines()).rstrip("\\") if name_loss(name) else name
    if QUOTES in value and value_loss(value):
        value = _QUOTES.sub(QUOTES[1:], value)
    return Row(name, value, **more)  # type: ignore[arg-type]


# -- URL ------------------------------------------------------------------------------------------------------------


def _url(made: Request, request: PostmansRequest, tell: Tell) -> None:
    """The URL with what is sent, and a row for each parameter, those that are switched off, too."""
    url = _with_short_names(request.url)
    text = url_text(url)
    made.url = text.rstrip(SPACES)
    made.url += encode_query(text[len(made.url) :])  # blanks at the end would be dropped
    loss = value_loss(made.url)
    if loss:
        tell(f"the URL {loss}")
        made.url = _QUOTES.sub(QUOTES[1:], made.url)
    sent = iter(parse_url(made.url).query or ())
    source = request.source.get("url")
    for param, said in zip(url.query or (), _said(source, "query", len(url.query or ())), strict=True):
        one = param if param.disabled else next(sent, param)
        if one.key or one.value:
            enabled = not param.disabled
            name, value = one.key or "", one.value or ""
            made.query.append(row(name, value, "the parameter", tell, enabled=enabled, description=said))
    for variable, said in zip(url.variables, _said(source, "variable", len(url.variables)), strict=True):
        if variable.key:
            value = text_of(variable.value) if variable.value is not None else ""
            made.path.append(row(variable.key, value, "the path variable", tell, description=said))


def _with_short_names(url: Url) -> Url:
    """The URL with values for path variables that are but a part of a segment (`:id.json`), which Bruno does not fill."""
    if url.path is None:
        return url
    filled = fill_path(url)
    pairs = zip(url.path, filled, strict=True)
    return replace(url, path=tuple(new if "." in old and old.startswith(":") else old for old, new in pairs))


def _said(source: Json, member: str, count: int) -> list[str]:
    """The descriptions of rows; empty ones if the rows are not a list of objects."""
    rows = source.get(member) if isinstance(source, dict) else None
    if not isinstance(rows, list) or len(rows) != count:
        return [""] * count
    return [description_text(one.get("description")) if isinstance(one, dict) else "" for one in rows]


# -- headers and settings -------------------------------------------------------------------------------------------


def _headers(made: Request, request: PostmansRequest, content: Content | None, tell: Tell) -> None:
    """The headers; one that Postman replaces is switched off, one that Bruno would not make by itself is added."""
    type = user_content_type(request.headers)
    replaced = content is not None and content.replaces
    names = set[str]()
    for header, said in zip(request.headers, _said(request.source, "header", len(request.headers)), strict=True):
        name = header.key.lower()
        off = header.disabled or (replaced and name == "content-type")
        if not off and name in names:
            tell(f"the header {header.key} is there several times, of which Bruno sends the last")
        if not off:
            names.add(name)
        one = row(header.key, header.value or "", "the header", tell, enabled=not off, description=said)
        if one.name:
            made.headers.append(one)
    sent = content.content_type if content is not None else None
    if type is None and sent and made.body.mode in IMPLIED and sent != IMPLIED[made.body.mode]:
        made.headers.append(Row("Content-Type", sent))


def _encodes(url: str, tell: Tell) -> bool:
    """Whether Bruno shall encode a URL: it encodes the `%` of `%20` once more, and sends a fragment then."""
    before, mark, _ = url.partition("#")
    if "%" not in before and not mark:
        return True
    address, _, query = before.partition("?")
    path = (address.partition("://")[2] or address).partition("/")[2]
    if "{{" in path + query:
        tell("the URL has `%` or `#` and variables: Bruno encodes the `%` once more and sends what follows the `#`")
        return True
    return encode_path(path) != path or encode_query(query) != query


def _settings(behavior: JsonObject, url: str, tell: Tell) -> dict[str, Json]:
    """The settings of Bruno that say what `protocolProfileBehavior` does."""
    parsed = parse_behavior(behavior, RunOptions())
    encodes = not parsed.disable_url_encoding and _encodes(url, tell)
    made: dict[str, Json] = {"encodeUrl": "true" if encodes else "false"}
    if parsed.follow_redirects is False:
        made["followRedirects"] = "false"
    if parsed.max_redirects is not None:
        made["maxRedirects"] = str(parsed.max_redirects)
    if parsed.follow_authorization_header:
        made["forwardAuthorizationHeader"] = "true"
    return made


HELD = frozenset(
    ["followRedirects", "maxRedirects", "disableUrlEncoding", "followAuthorizationHeader", "disableBodyPruning"]
)
"""What of `protocolProfileBehavior` Bruno has settings or other means for."""


def lost_settings(behavior: JsonObject) -> list[str]:
    """The members of a `protocolProfileBehavior` that change something and that Bruno has not."""
    usual = {"strictSSL": True}
    return [
        name
        for name, value in behavior.items()
        if name not in HELD and value != usual.get(name) and (value or name in usual)
    ]


# -- body -----------------------------------------------------------------------------------------------------------


def _body(request: PostmansRequest, tell: Tell) -> Body:
    body = request.body
    if body is None or body.mode is None:
        return Body(NONE)
    source = request.source.get("body")
    if body.mode == "raw":
        made = Body(_mode(request), text=_raw(body.raw))
    elif body.mode == "graphql":
        made = _graphql(body, tell)
    elif body.mode == "urlencoded":
        made = Body("formUrlEncoded", rows=_form(body.urlencoded, source, "urlencoded", tell))
    elif body.mode == "formdata":
        made = Body("multipartForm", rows=_form(body.formdata, source, "formdata", tell))
    else:
        made = _file(body, user_content_type(request.headers), tell)
    return made


def _raw(raw: Json) -> str:
    return form_text(raw) if isinstance(raw, str | dict | list) else ""


def _mode(request: PostmansRequest) -> str:
    """Bruno's mode for a raw body: what the editor calls it, else what the headers do."""
    assert request.body is not None
    language = request.body.language
    if language in ("json", "xml"):
        return str(language)
    if language:
        return "text"
    type = (user_content_type(request.headers) or "").lower()
    return next((mode for mode in ("json", "xml") if mode in type.partition(";")[0]), "text")


def _graphql(body: PostmansBody, tell: Tell) -> Body:
    content = body.graphql if isinstance(body.graphql, dict) else {}
    query, variables = content.get("query"), content.get("variables")
    if content.get("operationName"):
        tell("the operationName of the body has no counterpart in Bruno")
    text = variables if isinstance(variables, str) else "" if variables is None else json_text(variables)
    return Body("graphql", text=query if isinstance(query, str) else "", variables=text)


def _form(params: Sequence[FormParam], source: Json, member: str, tell: Tell) -> list[Row]:
    return [_field(param, said, tell) for param, said in zip(params, _said(source, member, len(params)), strict=True)]


def _field(param: FormParam, said: str, tell: Tell) -> Row:
    value = "" if param.value is None else form_text(param.value) if param.type == "text" else text_of(param.value)
    made = row(param.key, value, "the field", tell, enabled=not param.disabled, description=said)
    made.content_type = " ".join((param.content_type or "").split())
    if param.file_name:
        tell(f"the fileName of the field {param.key} has no counterpart in Bruno")
    if param.type == "file":
        made.kind, made.value = "file", ""
        made.files = (param.src,) if isinstance(param.src, str) else tuple(filter(None, param.src or ()))
        made.files = tuple(_path(path, tell) for path in made.files)
    elif means_more(value):
        tell(f"the field {param.key} has a value that means something else in Bruno")
    return made


def _file(body: PostmansBody, type: str | None, tell: Tell) -> Body:
    """The file as the body; a content that stands in the collection itself cannot be held."""
    path = (body.file or {}).get("src")
    if not isinstance(path, str) or not path:
        if (body.file or {}).get("content"):
            tell("the body is content without a file, which Bruno has not")
        return Body("file")
    sent = " ".join((type or content_type(path) or UNKNOWN).split())
    return Body("file", rows=[Row("file", kind="file", files=(_path(path, tell),), content_type=sent)])


def _path(path: str, tell: Tell) -> str:
    if _IN_NO_PATH.search(path):
        tell(f"the path {path} has `|` or a line end, which no path has in Bruno")
    return _IN_NO_PATH.sub("_", path)
