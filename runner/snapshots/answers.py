"""What a snapshot keeps of a response, without secrets: its status, the headers that say something, its body."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from runner.comparison import VOLATILE
from runner.deep_json import rebuilt
from runner.errors import InvalidDocument
from runner.formats.json_text import parse_json
from runner.model.json import Json, JsonObject
from runner.model.response import Response
from runner.secrets import MASK, Secrets

SHOWN = frozenset({"etag", "last-modified"})
"""Headers whose values differ in each response while it matters that they are there."""

MEDIA = 200
"""Characters of a media type that are kept."""


class Masking:
    """Masks with the secrets that are known now, also where the user asked to see them in reports."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets, self._version = secrets, -1
        self._masking = secrets

    def name(self, name: str) -> str:
        """The name of a folder or request."""
        return self._now().mask_name(name)

    def _now(self) -> Secrets:
        if self._version != self._secrets.version:
            self._version = self._secrets.version
            self._masking = self._secrets.with_symbol(MASK)
        return self._masking

    @property
    def version(self) -> int:
        """Changes with the secrets that are known."""
        return self._secrets.version

    def object(self, tree: JsonObject) -> JsonObject:
        """A JSON object without secrets; a number that is one becomes a text."""
        secrets = self._now()

        def step(value: Any, about: object) -> tuple[Any, Iterable[tuple[object, object]]]:
            if isinstance(value, dict | list):
                return value, [(key, None) for key in (value if isinstance(value, dict) else range(len(value)))]
            if isinstance(value, int | float) and not isinstance(value, bool):
                return (MASK if secrets.shows_secret(getattr(value, "text", repr(value))) else value), ()
            return value, ()

        found: JsonObject = rebuilt(secrets.mask_json(tree), step)
        return found


def answer_of(response: Response, masking: Masking) -> JsonObject:
    """`status`, `headers`, and the `body` as `json`, `text` or `binary`, which is left out if there is none."""
    headers: list[Json] = [{"key": name.lower(), "value": value.strip()} for name, value in response.headers]
    answer: JsonObject = {"status": response.code, "headers": headers}
    if response.body:
        answer["body"] = _body(response)
    answer = masking.object(answer)
    return {**answer, "headers": _headers(answer["headers"])}


def _headers(pairs: list[JsonObject]) -> dict[str, Json]:
    found: dict[str, list[Json]] = {}
    for pair in pairs:
        name, value = pair["key"], pair["value"]
        if name in SHOWN:
            found[name] = [f"<{name}>"]
        elif name not in VOLATILE:
            found.setdefault(name, []).append(_cookie(value) if name == "set-cookie" else value)
    return {name: values[0] if len(values) == 1 else [*values] for name, values in sorted(found.items())}


def _cookie(text: str) -> str:
    """A cookie's name and attributes, in one order, without its value and its end."""
    pair, *attributes = (part.strip() for part in text.split(";"))
    kept = [one for one in attributes if not one.lower().startswith(("expires=", "max-age="))]
    return "; ".join([pair.partition("=")[0] + "=<cookie>", *sorted(kept, key=str.lower)])


def _body(response: Response) -> JsonObject:
    """JSON is what the content type or a bracket at the beginning says, and what can be read as such."""
    kind = (response.header("content-type") or "").partition(";")[0].strip().lower()
    found = response.text_start(len(response.body), response.charset or "utf-8")
    if found is None:
        digest = hashlib.sha256(response.body).hexdigest()
        return {"binary": {"bytes": len(response.body), "sha256": digest, "type": kind[:MEDIA]}}
    text = found[0].removeprefix("\ufeff")
    if kind == "application/json" or kind.endswith("+json") or text.lstrip()[:1] in ("{", "["):
        try:
            return {"json": parse_json(text)}
        except InvalidDocument:
            pass
    return {"text": text}
