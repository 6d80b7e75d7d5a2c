"""Request bodies: one function for each mode, in the table `MODES`."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from urllib.parse import quote

from runner.entropy import Entropy
from runner.model.json import Json
from runner.model.payload import BodyBytes
from runner.model.quick_dataclass import dataclass
from runner.model.request import Body, FormParam, Header, ProtocolProfileBehavior, Request
from runner.request.headers import javascript_order
from runner.request.multipart import boundary_of, decode_base64, form_text, has_part, make_boundary, multipart_bytes
from runner.rules.mime import UNKNOWN, content_type
from runner.rules.percent import utf8
from runner.rules.text import json_text, text_of

BODYLESS_METHODS = frozenset({"GET", "COPY", "HEAD", "PURGE", "UNLOCK"})

LANGUAGES = {
    "html": "text/html",
    "text": "text/plain",
    "json": "application/json",
    "javascript": "application/javascript",
    "xml": "application/xml",
}

_JSON_TYPE = re.compile(r"application/(\S+\+)?json")
_FORM_TYPE = re.compile(r"application/x-www-form-urlencoded\b")
_COMMENTS = re.compile(r'((?:\\\\)+|\\"|"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)


class Place(Enum):
    """Where the `Content-Type` of a body goes: before or behind those of an auth type, behind the system's, or last."""

    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a body and the `Content-Type` it brings; `replaces` one of the user that does not fit the body.

    `is_text` is False for the bytes of a file: Postman's head then has other bytes.
    """

    body: BodyBytes
    content_type: str | None = None
    place: Place = Place.MIDDLE
    replaces: bool = False
    streamed: bool = False
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a body mode may look at beside the body: the user's headers and the dice for a boundary."""

    headers: tuple[Header, ...]
    entropy: Entropy

    @property
    def content_type(self) -> str | None:
        """The user's `Content-Type`."""
        return user_content_type(self.headers)


def make_content(request: Request, behavior: ProtocolProfileBehavior, entropy: Entropy) -> Content | None:
    """The body to send, or None: methods without a body (GET, HEAD …) drop it unless `disableBodyPruning`.

    An empty method is sent as GET and keeps its body (Postman).
    """
    body = request.body
    pruned = request.method.upper() in BODYLESS_METHODS and not behavior.disable_body_pruning
    if body is None or body.disabled or pruned:
        return None
    return MODES.get(body.mode or "raw", raw)(body, Surroundings(request.headers, entropy))


def user_content_type(headers: tuple[Header, ...]) -> str | None:
    """The last enabled `Content-Type` of a request."""
    found = [h.value or "" for h in headers if not h.disabled and h.key.lower() == "content-type"]
    return found[-1] if found else None


def raw(body: Body, around: Surroundings) -> Content | None:
    """Text as it is, an object or list as JSON; a number, a boolean and nothing are no body (Postman)."""
    if not isinstance(body.raw, str | dict | list) or not body.raw:
        return None
    text = form_text(body.raw)
    language = body.language
    may_be_json = language == "json" if language else _says_json(around.headers)
    place = Place.EARLY if may_be_json else Place.MIDDLE  # Postman's search for comments leaves the header behind
    kind = LANGUAGES.get(language, LANGUAGES["text"]) if isinstance(language, str) else LANGUAGES["text"]
    return Content(utf8(strip_comments(text) if may_be_json else text), kind, place)


def _says_json(headers: tuple[Header, ...]) -> bool:
    """Whether the headers call a body JSON: a single `Content-Type` counts even when it is disabled (Postman)."""
    types = [h for h in headers if h.key.lower() == "content-type"]
    first = types[0] if len(types) == 1 else next((h for h in types if not h.disabled), None)
    return bool(types) and (first is None or first.value is None or bool(_JSON_TYPE.match(first.value)))


def strip_comments(text: str) -> str:
    """JSON without `//` and `/* */` comments; what is inside of strings stays. Only a line feed ends a line (Postman)."""
    return _COMMENTS.sub(lambda found: found[1] or "", text) if "//" in text or "/*" in text else text


def urlencoded(body: Body, around: Surroundings) -> Content | None:
    """Keys of the same name are grouped at the first, whole numbers come first: the order of a JavaScript object."""
    text = urlencoded_text(body.urlencoded)
    if text is None:
        return None
    replaces = not _FORM_TYPE.match(around.content_type or "")
    return Content(utf8(text), "application/x-www-form-urlencoded", Place.LATE, replaces)


def urlencoded_text(params: tuple[FormParam, ...]) -> str | None:
    """An urlencoded form as text, None when no parameter is enabled."""
    grouped: dict[str, list[str]] = {}
    for param in params:
        if not param.disabled:
            # the values of a list count one by one, but not behind another parameter of the name (Postman)
            value, first = param.value, param.key not in grouped
            values = value if isinstance(value, list | tuple) and first else [value]
            grouped.setdefault(param.key, []).extend(map(_form_value, values))
    if not grouped:
        return None
    return "&".join(f"{_quoted(key)}={_quoted(value)}" for key in javascript_order(grouped) for value in grouped[key])


def _form_value(value: Json) -> str:
    """A value of an urlencoded form: a text, a number or a boolean; anything else is empty (Node's `querystring`)."""
    return "" if value is None or isinstance(value, dict | list | tuple) else text_of(value)


def _quoted(text: str) -> str:
    return quote(utf8(text), safe="")


def formdata(body: Body, around: Surroundings) -> Content | None:
    """Multipart; the boundary of a user's `Content-Type` is honoured, another `Content-Type` is replaced.

    Without any part, because all parameters are disabled or their files are missing, there is no body (Postman).
    """
    if not any(has_part(param) for param in body.formdata):
        return None
    own = boundary_of(around.content_type)
    boundary = own or body.boundary or make_boundary(around.entropy)
    type = f"multipart/form-data; boundary={boundary}"
    return Content(multipart_bytes(body.formdata, boundary), type, Place.LATE, replaces=not own, streamed=True)


def file(body: Body, around: Surroundings) -> Content | None:
    """The bytes of a file, its `Content-Type` by extension; a missing file is no body (Postman)."""
    source = (body.file or {}).get("src")
    if source and isinstance(source, str):
        if body.content is None:
            return None
        return Content(body.content, content_type(source) or UNKNOWN, Place.LAST, streamed=True, is_text=False)
    inline = (body.file or {}).get("content")
    return Content(decode_base64(inline), is_text=False) if inline and isinstance(inline, str) else None


def graphql(body: Body, around: Surroundings) -> Content | None:
    """`query`, `operationName` and `variables`; variables given as text go in as they are; nothing is `{}` (Postman)."""
    content = body.graphql if isinstance(body.graphql, dict) else {}
    if not isinstance(content.get("variables"), str):
        text = json_text({key: content[key] for key in ("query", "operationName", "variables") if key in content})
    else:
        text = _with_text_variables(content)
    return Content(utf8(text), LANGUAGES["json"])


def _with_text_variables(content: dict[str, Json]) -> str:
    parts = [
        f'"{key}":{json_text(content[key])}' for key in ("query", "operationName") if isinstance(content.get(key), str)
    ]
    if content["variables"]:
        parts.append(f'"variables":{content["variables"]}')
    return "{" + ",".join(parts) + "}"


MODES: dict[str, Callable[[Body, Surroundings], Content | None]] = {
    "raw": raw,
    "urlencoded": urlencoded,
    "formdata": formdata,
    "file": file,
    "graphql": graphql,
}
