"""Request bodies: one function for each mode, in the table `MODES`."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from urllib.parse import quote

from runner.entropy import Entropy
from runner.model.payload import BodyBytes
from runner.model.quick_dataclass import dataclass
from runner.model.request import BODYLESS_METHODS, Body, FormParam, Header, ProtocolProfileBehavior, Request
from runner.request.multipart import boundary_of, decode_base64, form_text, has_part, make_boundary, multipart_bytes
from runner.rules.mime import UNKNOWN, content_type
from runner.rules.percent import utf8
from runner.rules.text import javascript_order, json_text, text_of

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
    """Where the `Content-Type` of a body goes: before or behind an auth type's headers, behind the system's, or last."""

    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a body and its `Content-Type`, which `replaces` the user's if that does not fit the body.

    `is_text` is False for the bytes of a file: Node then encodes the head of the request in another way.
    """

    body: BodyBytes
    content_type: str | None = None
    place: Place = Place.MIDDLE
    replaces: bool = False
    streamed: bool = False
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a body mode gets beside the body: the user's headers, and the randomness for a boundary."""

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
    """A text as it is, an object or list as JSON; numbers, booleans and empty values give no body (Postman)."""
    if not isinstance(body.raw, str | dict | list) or not body.raw:
        return None
    text = form_text(body.raw)
    language = body.language
    may_be_json = language == "json" if language else _says_json(around.headers)
    place = Place.EARLY if may_be_json else Place.MIDDLE  # Postman sets the header when it looks for comments
    kind = LANGUAGES.get(language, LANGUAGES["text"]) if isinstance(language, str) else LANGUAGES["text"]
    return Content(utf8(strip_comments(text) if may_be_json else text), kind, place)


def _says_json(headers: tuple[Header, ...]) -> bool:
    """Whether the headers call a body JSON: a single `Content-Type` counts even if it is disabled (Postman)."""
    types = [h for h in headers if h.key.lower() == "content-type"]
    first = types[0] if len(types) == 1 else next((h for h in types if not h.disabled), None)
    return bool(types) and (first is None or first.value is None or bool(_JSON_TYPE.match(first.value)))


def strip_comments(text: str) -> str:
    """JSON without `//` and `/* */` comments outside of strings. Only a line feed ends a line (Postman)."""
    return _COMMENTS.sub(lambda found: found[1] or "", text) if "//" in text or "/*" in text else text


def urlencoded(body: Body, around: Surroundings) -> Content | None:
    """A form in the order of a JavaScript object: numbers first, parameters of one name together."""
    text = urlencoded_text(body.urlencoded)
    if text is None:
        return None
    replaces = not _FORM_TYPE.match(around.content_type or "")
    return Content(utf8(text), "application/x-www-form-urlencoded", Place.LATE, replaces)


def urlencoded_text(params: tuple[FormParam, ...]) -> str | None:
    """A urlencoded form as text; None if no parameter is enabled."""
    grouped: dict[str, list[str]] = {}
    for param in params:
        if not param.disabled:
            # a list gives several values, but not behind another parameter of the same name (Postman)
            value, first = param.value, param.key not in grouped
            values = value if isinstance(value, list | tuple) and first else [value]
            # Node's `querystring` writes texts, numbers and booleans; anything else is empty
            texts = ["" if one is None or isinstance(one, dict | list | tuple) else text_of(one) for one in values]
            grouped.setdefault(param.key, []).extend(texts)
    if not grouped:
        return None
    return "&".join(f"{_quoted(key)}={_quoted(value)}" for key in javascript_order(grouped) for value in grouped[key])


def _quoted(text: str) -> str:
    return quote(utf8(text), safe="")


def formdata(body: Body, around: Surroundings) -> Content | None:
    """A multipart form, with the boundary of the user's `Content-Type` if that has one; else the header is replaced.

    None if all parameters are disabled or all of their files are missing (Postman).
    """
    if not any(has_part(param) for param in body.formdata):
        return None
    own = boundary_of(around.content_type)
    boundary = own or body.boundary or make_boundary(around.entropy)
    type = f"multipart/form-data; boundary={boundary}"
    return Content(multipart_bytes(body.formdata, boundary), type, Place.LATE, replaces=not own, streamed=True)


def file(body: Body, around: Surroundings) -> Content | None:
    """The bytes of a file, its `Content-Type` by extension; None if the file is missing (Postman)."""
    source = (body.file or {}).get("src")
    if source and isinstance(source, str):
        if body.content is None:
            return None
        return Content(body.content, content_type(source) or UNKNOWN, Place.LAST, streamed=True, is_text=False)
    inline = (body.file or {}).get("content")
    return Content(decode_base64(inline), is_text=False) if inline and isinstance(inline, str) else None


def graphql(body: Body, around: Surroundings) -> Content | None:
    """`query`, `operationName` and `variables`; variables given as text are copied as they are; an empty body is `{}`."""
    content = body.graphql if isinstance(body.graphql, dict) else {}
    variables = content.get("variables")
    if not isinstance(variables, str):
        text = json_text({key: content[key] for key in ("query", "operationName", "variables") if key in content})
    else:
        texts = [key for key in ("query", "operationName") if isinstance(content.get(key), str)]
        parts = [f'"{key}":{json_text(content[key])}' for key in texts]
        text = "{" + ",".join([*parts, f'"variables":{variables}'] if variables else parts) + "}"
    return Content(utf8(text), LANGUAGES["json"])


MODES: dict[str, Callable[[Body, Surroundings], Content | None]] = {
    "raw": raw,
    "urlencoded": urlencoded,
    "formdata": formdata,
    "file": file,
    "graphql": graphql,
}
