"""How the styles of OpenAPI write parameters: taken apart again, percent-encoding comes off last."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote, unquote_plus, urlsplit

from runner.contract.values import Raw
from runner.model.json import JsonObject

Decode = Callable[[str], str]

DELIMITERS = {
    "spaceDelimited": re.compile("%20|[+ ]"),
    "pipeDelimited": re.compile("%7[Cc]|[|]"),
    "tabDelimited": re.compile("%09|\t"),
}
"""Between the texts of a list, by style; of the other styles it is a comma, which may be encoded if none is not."""

_ENCODED_COMMA = re.compile("%2[Cc]")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


class Misfit(ValueError):
    """Raised for a text that its style does not write; says what the style writes."""


class Pairs:
    """The pairs of a query or of a form, as they are sent."""

    def __init__(self, text: str) -> None:
        self.texts: dict[str, list[str]] = {}
        for pair in filter(None, text.split("&")):
            name, _, value = pair.partition("=")
            self.texts.setdefault(unquote_plus(name), []).append(value)

    def decoded(self) -> JsonObject:
        """The text of each name, or its texts if there are several."""
        found = {name: list(map(unquote_plus, texts)) for name, texts in self.texts.items()}
        return {name: texts if len(texts) > 1 else texts[0] for name, texts in found.items()}

    def members(self, name: str) -> JsonObject | None:
        """The texts of a parameter that is sent as its members: `name[member]=…`, also nested; None if there are none."""
        found: JsonObject = {}
        for key, texts in self.texts.items():
            rest = key[len(name) :]
            steps = _BRACKETS.findall(rest)
            if not key.startswith(name) or not steps or "".join(f"[{step}]" for step in steps) != rest:
                continue
            holder = found
            for step in steps[:-1]:
                below = holder.setdefault(step, {})
                holder = below if isinstance(below, dict) else {}
            read = list(map(unquote_plus, texts))
            holder[steps[-1]] = read if len(read) > 1 else read[0]
        return found or None


class Sent:
    """The parameters that a request was sent with; `path` has the texts of the path's variables as they stand there."""

    def __init__(self, href: str, path: Mapping[str, str], headers: Sequence[tuple[str, str]]) -> None:
        self.path = path
        self.query_string = urlsplit(href).query
        self.query = Pairs(self.query_string)
        self.headers = by_name(headers)
        self.cookies: dict[str, list[str]] = {}
        for text in self.headers.get("cookie", ()):
            for pair in text.split(";"):
                name, _, value = pair.strip().partition("=")
                self.cookies.setdefault(name, []).append(value)

    def texts(self, name: str, place: str) -> tuple[Sequence[str], Decode] | None:
        """The texts of a parameter as they were sent, and what decodes them; None if there are none."""
        if place == "path":
            return ([self.path[name]], unquote) if name in self.path else None
        if place == "header":
            values = self.headers.get(name.lower())
            return ([", ".join(values)], str.strip) if values else None
        found = (self.query.texts if place == "query" else self.cookies).get(name)
        return (found, unquote_plus if place == "query" else unquote) if found else None


def by_name(headers: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of headers by their names in lower case."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return found


def style_of(param: JsonObject, place: str) -> tuple[str, bool]:
    """The style of a parameter, and whether it is exploded."""
    style = str(param.get("style") or ("form" if place in ("query", "cookie") else "simple"))
    explode = param.get("explode")
    return style, explode if isinstance(explode, bool) else style in ("form", "cookie")


def taken_apart(name: str, texts: Sequence[str], style: str, explode: bool, kind: str, decode: Decode) -> Raw:
    """The texts of a parameter by its style and the kind of its value; raises `Misfit`."""
    text = texts[-1]
    parts: Sequence[str] | None = None
    if style == "matrix":
        parts = _of_matrix(name, text, all=explode and kind == "object")
        text = parts[-1]
    elif style == "label":
        if not text.startswith("."):
            raise Misfit(f"the style label: .{name}")
        text = text[1:]
        between = "." if explode or "," not in text else ","
        parts = text.split(between)
    elif kind == "array" and style in ("form", "cookie") and (explode or len(texts) > 1):
        parts = texts
    if kind == "text":
        return decode(text)
    if parts is None or (style == "matrix" and not explode):
        parts = _split(text, style)
    if kind == "array":
        return [decode(part) for part in parts] if text or len(parts) > 1 else []
    return _members(parts, explode, decode)


def _of_matrix(name: str, text: str, *, all: bool) -> list[str]:
    pairs = [part.partition("=") for part in text[1:].split(";")]
    if not text.startswith(";") or not (all or {unquote(key) for key, _, _ in pairs} == {name}):
        raise Misfit(f"the style matrix: ;{name}=")
    return ["".join(pair) for pair in pairs] if all else [value for _, _, value in pairs]


def _split(text: str, style: str) -> list[str]:
    delimiter = DELIMITERS.get(style)
    if delimiter is not None:
        return delimiter.split(text)
    return text.split(",") if "," in text else _ENCODED_COMMA.split(text)


def _members(parts: Sequence[str], explode: bool, decode: Decode) -> dict[str, str]:
    if explode:
        pairs = [part.partition("=")[::2] for part in parts]
    elif len(parts) % 2:
        raise Misfit("names and values by turns")
    else:
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
    return {decode(name): decode(value) for name, value in pairs}
