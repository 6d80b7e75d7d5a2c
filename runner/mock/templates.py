"""Texts of examples with names in them that get their values from each call: `{{userId}}`, `{{$body 'a.b' 'default'}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from runner.deep_json import loads
from runner.mock.matching.queries import Pairs
from runner.model.json import Json
from runner.rules.substitute import MISSING
from runner.rules.text import json_text, text_of
from runner.server.messages import Call

_NAME = re.compile(r"{{([^{}]*)}}")
_HELPER = re.compile(r"\$(body|queryParams|pathSegments|headers)(?:\s+'([^']*)')?(?:\s+'([^']*)')?\s*")
_STEP = re.compile(r"((?:[^.\\]|\\.)+)(?:\.|\Z)", re.DOTALL)

Get = Callable[[str], Json]


class Template:
    """A text that is split at its names once."""

    __slots__ = ("_parts", "data")

    def __init__(self, text: str) -> None:
        parts = _NAME.split(text) if "{{" in text else [text]
        self._parts = parts
        self.data: bytes | None = text.encode("utf-8", "surrogatepass") if len(parts) == 1 else None
        """The bytes of a text without names."""

    def filled(self, get: Get) -> str:
        """The text with the values of its names; a name that `get` does not know stays as it is.

        The values are not looked through for names again: they may come from the caller.
        """
        parts = self._parts
        if len(parts) == 1:
            return parts[0]
        made = list(parts)
        for at in range(1, len(parts), 2):
            value = get(parts[at])
            made[at] = f"{{{{{parts[at]}}}}}" if value is MISSING else text_of(value)
        return "".join(made)


class CallValues:
    """The values that a call gives to the names in an example: wildcards, parts of the call, dynamic variables."""

    def __init__(
        self, call: Call, captured: Mapping[str, str], segments: tuple[str, ...], query: Pairs, dynamic: Get
    ) -> None:
        self._call, self._captured, self._segments = call, captured, segments
        self._query, self._dynamic = query, dynamic

    def __call__(self, name: str) -> Json:
        """The value of a name, or `MISSING`."""
        if name in self._captured:
            return self._captured[name]
        if not name.startswith("$"):
            return MISSING
        found = _HELPER.fullmatch(name)
        return self._dynamic(name) if found is None else self._helper(found[1], found[2], found[3])

    def _helper(self, what: str, path: str | None, default: str | None) -> str:
        value = self._part(what, path)
        if value is MISSING:
            return "null" if default is None else default
        return value if isinstance(value, str) else json_text(value)

    def _part(self, what: str, path: str | None) -> Json:
        if what == "body":
            return self._of_body(path)
        if what == "headers":
            found: Json = dict(self._call.headers)
            return found if path is None else dict(self._call.headers).get(path.lower(), MISSING)
        if what == "queryParams":
            return dict(self._query) if path is None else next((v for k, v in self._query if k == path), MISSING)
        if path is None:
            return "/".join(self._segments)
        at = int(path) if path.isascii() and path.isdigit() and len(path) < 6 else -1
        return self._segments[at] if 0 <= at < len(self._segments) else MISSING

    def _of_body(self, path: str | None) -> Json:
        text = self._call.body.decode("utf-8", "replace")
        if path is None:
            return text
        try:
            value: Json = loads(text)
        except ValueError:
            if self._call.media_type != "application/x-www-form-urlencoded":
                return MISSING
            from urllib.parse import parse_qsl

            value = dict(parse_qsl(text, keep_blank_values=True))
        return at_path(value, path)


def at_path(value: Json, path: str) -> Json:
    r"""What stands at `a.b.0` in a value, or `MISSING`; `\.` is a dot in a name."""
    for found in _STEP.finditer(path):
        step = re.sub(r"\\(.)", r"\1", found[1])
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isascii() and step.isdigit() and int(step[:9]) < len(value):
            value = value[int(step[:9])]
        else:
            return MISSING
    return value
