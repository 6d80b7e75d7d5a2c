"""Makes random values that a schema describes, for answers to `Prefer: dynamic=true`."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import cast

from runner.clock import Clock
from runner.deep_json import dumps
from runner.entropy import Entropy
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.schemas.views import Part, Parts, Schemas, View
from runner.mock.openapi.patterns import Pattern
from runner.model.json import Json, JsonObject

MOST_LEVELS = 12
"""Levels below which optional properties and items are left out."""

MOST_ITEMS = 3
"""Items that an array has at most, unless it must have more."""

LARGEST = 1_000
YEAR = 365 * 86_400
WORDS = (
    *("amber", "basil", "cedar", "delta", "ember", "flint", "grove", "hazel", "indigo", "juniper", "kelp", "lemon"),
    *("maple", "north", "olive", "pine", "quartz", "river", "sage", "thyme", "umber", "violet", "willow", "zephyr"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class RandomValues:
    """Random values of the schemas of a document, as a response has them: without what is `writeOnly`."""

    def __init__(self, document: Document, entropy: Entropy, clock: Clock) -> None:
        self._schemas = Schemas(document, MOST_LEVELS + 8)
        self._entropy, self._clock = entropy, clock

    def of(self, schema: Json) -> Json:
        """A value of a schema; raises `UnknownPattern` if no text can be made for a pattern."""
        return self._of_parts((Part(schema),))

    def _of_parts(self, parts: Parts) -> Json:
        return self._of_view(self._schemas.view(parts), parts[0].depth if parts else 0)

    def _of_view(self, view: View, depth: int) -> Json:
        keywords = view.keywords
        if "const" in keywords:
            constant: Json = keywords["const"]
            return constant
        options = keywords.get("enum")
        if isinstance(options, list) and options:
            return self._one(options)
        match view.kind:
            case "object":
                return self._object(view, depth)
            case "array":
                return self._array(view, depth)
            case "integer" | "number":
                return self._number(keywords, whole=view.kind == "integer")
            case "boolean":
                return bool(self._entropy.integer(0, 1))
            case "string":
                return self._string(keywords)
        return None if view.kind == "null" else self._word()

    def _one(self, options: Sequence[Json]) -> Json:
        return options[self._entropy.integer(0, len(options) - 1)]

    def _object(self, view: View, depth: int) -> JsonObject:
        made: JsonObject = {}
        most = _count(view.keywords.get("maxProperties"), math.inf)
        for name, parts in view.properties.items():
            needed = name in view.required
            if not needed and (depth >= MOST_LEVELS or len(made) >= most or not self._entropy.integer(0, 3)):
                continue
            inner = self._schemas.view(parts)
            if inner.keywords.get("writeOnly") is True or (inner.cut and not needed):
                continue
            made[name] = self._of_view(inner, parts[0].depth)
        others = view.additional if isinstance(view.additional, tuple) else ()
        missing = [name for name in view.required if name not in made and name not in view.properties]
        least = _count(view.keywords.get("minProperties"), 0)
        named = (f"{self._word()}{number}" for number in range(int(max(0, least - len(made) - len(missing)))))
        for name in [*missing, *(named if view.additional is not False else ())]:
            made[name] = self._of_parts(others) if others else self._word()
        return made

    def _array(self, view: View, depth: int) -> list[Json]:
        first = [self._of_parts(parts) for parts in view.first_items]
        least = _count(view.keywords.get("minItems"), 0)
        most = min(_count(view.keywords.get("maxItems"), math.inf), max(least, MOST_ITEMS))
        if not view.items or (depth >= MOST_LEVELS and not least) or self._schemas.view(view.items).cut:
            return first
        count = self._entropy.integer(int(min(max(least, 1), most)), int(most)) - len(first)
        if view.keywords.get("uniqueItems") is not True:
            return first + [self._of_parts(view.items) for _ in range(count)]
        unique = {dumps(value): value for value in first}
        for _ in range(count * 10):
            value = self._of_parts(view.items)
            unique.setdefault(dumps(value), value)
            if len(unique) >= count + len(first):
                break
        return list(unique.values())

    def _number(self, keywords: JsonObject, *, whole: bool) -> int | float:
        low, above = _limit(keywords, "minimum", "exclusiveMinimum")
        high, below = _limit(keywords, "maximum", "exclusiveMaximum")
        low = (0.0 if high is None or high >= 0 else high - LARGEST) if low is None else low
        high = max(low, 0.0) + LARGEST if high is None else high
        step = keywords.get("multipleOf")
        unit = step if isinstance(step, int | float) and step > 0 else 1 if whole else min(0.01, (high - low) / 100) or 1
        first, last = math.ceil(low / unit), math.floor(high / unit)
        first += above and first * unit <= low
        last -= below and last * unit >= high
        if first > last:  # there is no such step between two limits that are close
            return (low + high) / 2
        value = self._entropy.integer(first, last) * unit
        return int(value) if whole and float(value).is_integer() else float(f"{value:.12g}")

    def _string(self, keywords: JsonObject) -> str:
        pattern = keywords.get("pattern")
        if isinstance(pattern, str):
            return Pattern(pattern, self._entropy).made()
        made = FORMATS.get(str(keywords.get("format")))
        if made is not None:
            return made(self._entropy, self._clock)
        low = int(_count(keywords.get("minLength"), 0))
        high = _count(keywords.get("maxLength"), math.inf)
        text = self._word()
        while len(text) < low:
            text += f" {self._word()}"
        return text[: int(max(low, min(high, len(text))))]

    def _word(self) -> str:
        return cast(str, self._one(WORDS))


def _count(value: Json, otherwise: float) -> float:
    """A count that a keyword gives."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else otherwise


def _limit(keywords: JsonObject, name: str, exclusive: str) -> tuple[float | None, bool]:
    """A limit, and whether the value must not be the limit itself: by a flag (OpenAPI 3.0) or a limit of its own."""
    own, other = keywords.get(name), keywords.get(exclusive)
    limit = own if isinstance(own, int | float) and not isinstance(own, bool) else None
    if isinstance(other, int | float) and not isinstance(other, bool):
        stricter = limit is None or (other >= limit if name == "minimum" else other <= limit)
        return (other, True) if stricter else (limit, False)
    return limit, other is True


def _moment(entropy: Entropy, clock: Clock) -> str:
    """A moment of the last year, as RFC 3339 writes it."""
    moment = datetime.fromtimestamp(int(clock.now()) - entropy.integer(0, YEAR), UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _name(entropy: Entropy) -> str:
    return WORDS[entropy.integer(0, len(WORDS) - 1)] + entropy.text(LETTERS, 3)


FORMATS: dict[str, Callable[[Entropy, Clock], str]] = {
    "date-time": _moment,
    "date": lambda entropy, clock: _moment(entropy, clock)[:10],
    "time": lambda entropy, clock: _moment(entropy, clock)[11:],
    "duration": lambda entropy, clock: f"PT{entropy.integer(1, 59)}M",
    "uuid": lambda entropy, clock: entropy.uuid(),
    "email": lambda entropy, clock: f"{_name(entropy)}@example.com",
    "idn-email": lambda entropy, clock: f"{_name(entropy)}@example.com",
    "hostname": lambda entropy, clock: f"{_name(entropy)}.example.com",
    "idn-hostname": lambda entropy, clock: f"{_name(entropy)}.example.com",
    "uri": lambda entropy, clock: f"https://example.com/{_name(entropy)}",
    "url": lambda entropy, clock: f"https://example.com/{_name(entropy)}",
    "uri-reference": lambda entropy, clock: f"/{_name(entropy)}",
    "iri": lambda entropy, clock: f"https://example.com/{_name(entropy)}",
    "ipv4": lambda entropy, clock: f"192.0.2.{entropy.integer(1, 254)}",
    "ipv6": lambda entropy, clock: f"2001:db8::{entropy.integer(1, 0xFFFF):x}",
    "byte": lambda entropy, clock: base64.b64encode(_name(entropy).encode()).decode(),
    "json-pointer": lambda entropy, clock: f"/{_name(entropy)}",
    "regex": lambda entropy, clock: f"^{_name(entropy)}$",
}
"""Texts of the formats that JSON Schema and OpenAPI name, with the addresses that are kept for documentation."""
