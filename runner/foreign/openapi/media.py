"""What a media type with its schema and examples becomes: a value, or the text of a body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from runner.deep_json import dumps
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.operations import operation_count
from runner.foreign.openapi.options import Choices
from runner.foreign.openapi.schemas.values import MOST_VALUES, OMITTED, Values
from runner.foreign.openapi.schemas.views import Part, Schemas, View
from runner.foreign.openapi.schemas.xml import XmlTexts, with_declaration
from runner.formats.json_text import JsonStyle, dump_json
from runner.model.json import Json, JsonObject
from runner.rules.text import text_of

URLENCODED, FORM_DATA = "application/x-www-form-urlencoded", "multipart/form-data"

BOUNDARY = "part"
"""Between the parts of a multipart body that is not a form."""

PREFERRED = (
    "application/javascript", "application/json", "text/html", "text/plain", "application/xml", "text/xml",
)  # fmt: skip
"""The raw bodies that are taken before others, whatever is listed first."""

JSON_LINES = frozenset(
    {"application/jsonl", "application/x-jsonl", "application/x-ndjson", "application/ndjson", "application/json-seq"}
)

VALUES_IN_ALL = 4_000_000
"""How many values all bodies of a document may have: in a document of thousands of operations each may have fewer."""

LEAST_VALUES = 500
"""The values that a body may have in any document."""


def bare(media_type: str) -> str:
    """A media type in lower case, without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def family(media_type: str) -> str:
    """Which language a body of this type is in: json, xml, or none (empty)."""
    type, _, subtype = bare(media_type).partition("/")
    if type == "application" and (subtype == "json" or subtype.endswith("+json")):
        return "json"
    return "xml" if type in ("application", "text") and (subtype == "xml" or subtype.endswith("+xml")) else ""


def preferred(content: Mapping[str, object]) -> str:
    """The media type of the raw body that is taken: one that is preferred, else JSON of any kind, else the first."""
    found = next((type for type in PREFERRED if type in content), None)
    return found or next((type for type in content if family(type) == "json"), None) or next(iter(content))


class Media:
    """Makes values and texts for requests (`readOnly` left out) or responses (`writeOnly` left out)."""

    def __init__(self, document: Document, choices: Choices, *, of_response: bool) -> None:
        self.document = document
        self.examples = choices.response_examples if of_response else choices.request_examples
        self.schemas = Schemas(document, choices.levels)
        left_out = "writeOnly" if of_response else "readOnly"
        most = max(LEAST_VALUES, min(MOST_VALUES, VALUES_IN_ALL // (operation_count(document) or 1)))
        self._values = Values(
            self.schemas, examples=self.examples, left_out=left_out, deprecated=choices.deprecated, most=most
        )
        self._xml = XmlTexts(self.schemas, examples=self.examples, left_out=left_out, indent=choices.indent)
        self._indent = choices.indent
        self._texts: dict[tuple[str, str], str] = {}

    @property
    def reduced(self) -> int:
        """How many values lack their innermost objects, because they would be too large."""
        return self._values.reduced

    def view(self, schema: Json) -> View:
        """The outermost level of a schema."""
        return self.schemas.view((Part(schema),))

    def value_of(self, described: JsonObject, key: str | None = None) -> Json:
        """The value of a parameter, header or media type: its example, the named one if there is it, else of its schema."""
        example = self.example_of(described, key)
        return self._values.of(described.get("schema")) if example is OMITTED else cast(Json, example)

    def example_of(self, described: JsonObject, key: str | None = None, *, as_text: bool = False) -> object:
        """The example of a parameter, header or media type itself, that of this key first; else `OMITTED`."""
        if not self.examples:
            return OMITTED
        examples = described.get("examples")
        named: JsonObject = examples if isinstance(examples, dict) else {}
        if key is not None:
            for name, example in named.items():
                if name.lower() == key.lower():
                    return self.value_of_example(example, as_text=as_text)
        if "example" in described:
            return unwrapped(described["example"])
        for example in named.values():
            return self.value_of_example(example, as_text=as_text)
        return OMITTED

    def value_of_example(self, example: Json, *, as_text: bool = False) -> object:
        """The value of an Example Object, `as_text` if there is one; `OMITTED` if it is only an address."""
        if not isinstance(example, dict):
            return example
        found = self.document.resolved(example)
        for key in ("serializedValue", "dataValue", "value") if as_text else ("dataValue", "value", "serializedValue"):
            if key in found:
                return found[key]
        if isinstance(found.get("externalValue"), str):
            self.document.note(f"the example at {found['externalValue']} is not fetched", found["externalValue"])
            return OMITTED
        return found if found and not found.keys() & {"summary", "description"} else OMITTED

    def text_of(self, described: JsonObject, media_type: str, key: str | None = None) -> str:
        """The body of a media type as text."""
        example = self.example_of(described, key, as_text=family(media_type) != "json")
        items = described.get("itemSchema")
        if isinstance(items, dict) and example is OMITTED and "schema" not in described:
            return self._stream(items, media_type)
        schema = described.get("schema")
        if example is not OMITTED:
            return self._text_of_example(cast(Json, example), schema, media_type)
        source = (media_type, dumps(schema))
        if source not in self._texts:
            self._texts[source] = self._text_of_schema(schema, media_type)
        return self._texts[source]

    def _text_of_example(self, example: Json, schema: Json, media_type: str) -> str:
        if family(media_type) == "xml":
            return with_declaration(self._xml.of_example(schema, example))
        return self._text_of_value(example, schema, media_type)

    def _text_of_schema(self, schema: Json, media_type: str) -> str:
        if family(media_type) == "xml":
            return with_declaration(self._xml.of(schema) if schema is not None else "")
        return "" if schema is None else self._text_of_value(self._values.of(schema), schema, media_type)

    def _text_of_value(self, value: Json, schema: Json, media_type: str) -> str:
        if bare(media_type) in JSON_LINES and isinstance(value, list):
            return self._lines(value, media_type)
        is_json_text = family(media_type) == "json" and schema is not None and self.view(schema).kind == "string"
        return self.json(value) if is_json_text or not isinstance(value, str) else value

    def json(self, value: Json) -> str:
        """A value as JSON text, indented as asked for."""
        return dump_json(value, JsonStyle(self._indent))

    def _stream(self, items: Json, media_type: str) -> str:
        """Two items of a media type that is a sequence of them."""
        value = self._values.of(items)
        if bare(media_type).startswith("multipart/"):
            part = f"--{BOUNDARY}\r\nContent-Type: application/json\r\n\r\n{self.json(value)}\r\n"
            return f"{2 * part}--{BOUNDARY}--\r\n"
        if bare(media_type) == "text/event-stream":
            fields = value.items() if isinstance(value, dict) else [("data", value)]
            event = "".join([f"{name}: {line}\n" for name, found in fields for line in _line(found).split("\n")])
            return 2 * f"{event}\n"
        return self._lines([value, value], media_type)

    def _lines(self, values: list[Json], media_type: str) -> str:
        mark = "\x1e" if bare(media_type) == "application/json-seq" else ""
        return "".join([f"{mark}{dump_json(value, JsonStyle(None, separators=(', ', ': ')))}\n" for value in values])


def unwrapped(example: Json) -> Json:
    """An example; one that is only an object with `value` means that value."""
    return example["value"] if isinstance(example, dict) and list(example) == ["value"] else example


def _line(value: Json) -> str:
    return value if isinstance(value, str) else text_of(value)
