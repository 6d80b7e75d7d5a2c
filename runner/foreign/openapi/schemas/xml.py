"""Makes XML that a schema describes, as openapi-to-postmanv2 does: `<name>(string)</name>`, two elements for an array."""

from __future__ import annotations

from runner.deep_json import dumps
from runner.foreign.openapi.schemas.values import OMITTED, example_of
from runner.foreign.openapi.schemas.views import Part, Parts, Schemas, View
from runner.model.json import Json, JsonObject
from runner.rules.text import text_of

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
MOST_CHARACTERS = 200_000
"""Characters of the longest text that is made; a longer one is made with fewer levels."""

SCALARS = ("integer", "string", "boolean", "number")


class _TooLarge(Exception):
    """The text is longer than it may be."""


class XmlTexts:
    """Makes XML texts of schemas; `examples` says whether examples count. `left_out` is as for `Values`."""

    def __init__(self, schemas: Schemas, *, examples: bool, left_out: str, indent: str) -> None:
        self._schemas = schemas
        self._examples = examples
        self._left_out = left_out
        self._indent = indent
        self._size = 0
        self._known: dict[str, str] = {}

    def of(self, schema: Json) -> str:
        """A document of a schema, without a declaration; that of equal schemas is made once."""
        key = dumps(schema)
        if key not in self._known:
            self._known[key] = self._bounded(schema)
        return self._known[key]

    def _bounded(self, schema: Json) -> str:
        most = levels = self._schemas.most_levels
        while levels:
            self._size, self._schemas.most_levels = 0, levels
            try:
                return self._element("", (Part(schema),), 0).removeprefix("\n")
            except _TooLarge:
                levels //= 2
            finally:
                self._schemas.most_levels = most
        return ""

    def of_example(self, schema: Json, example: Json) -> str:
        """A document of a value: a text is one already; anything else becomes elements."""
        if isinstance(example, str):
            return example
        xml = self._schemas.view((Part(schema),)).keywords.get("xml")
        name = str(xml.get("name") or "element") if isinstance(xml, dict) else "element"
        return elements(name, example, self._indent, 0).removeprefix("\n")

    def _element(self, name: str, parts: Parts, level: int, inherited: JsonObject | None = None) -> str:
        view = self._schemas.view(parts)
        if level and view.keywords.get(self._left_out) is True:
            return ""
        own = view.keywords.get("xml")
        xml: JsonObject = inherited if inherited is not None else own if isinstance(own, dict) else {}
        name = str(xml.get("name") or name or "element")
        prefix = f"{xml['prefix']}:" if xml.get("prefix") else ""
        made = self._made(view, name, prefix, xml, level)
        self._size += len(made)
        if self._size > MOST_CHARACTERS:
            raise _TooLarge
        return made

    def _made(self, view: View, name: str, prefix: str, xml: JsonObject, level: int) -> str:
        margin = "\n" + self._indent * level
        example = example_of(view) if self._examples else OMITTED
        space = f' xmlns{prefix and ":" + prefix[:-1]}="{xml["namespace"]}"' if xml.get("namespace") else ""
        if view.kind in SCALARS:
            content = f"({view.kind})" if example is OMITTED else escaped(text_of(example))
            return f"{margin}<{prefix}{name}{space}>{content}</{prefix}{name}>"
        if view.kind == "object":
            if example is not OMITTED:
                return elements(name, example, self._indent, level)
            return margin + self._object(view, f"{prefix}{name}", space, level)
        if view.kind == "array" and view.items:
            return self._array(view, name, prefix, xml, level, example)
        return ""

    def _object(self, view: View, name: str, space: str, level: int) -> str:
        """An element with the attributes, texts and elements of its properties."""
        attributes, children, end = "", "", "\n" + self._indent * level
        for key, parts in view.properties.items():
            found = self._schemas.view(parts)
            about: JsonObject = found.keywords.get("xml") or {}
            node = _node_of(about)
            if node not in ("attribute", "text", "cdata"):
                children += self._element(key, parts, level + 1)
                continue
            value = example_of(found) if self._examples else OMITTED
            text = f"({found.kind or 'string'})" if value is OMITTED else text_of(value)
            if node == "attribute":
                attributes += f' {about.get("name") or key}="{escaped(text)}"'
            else:
                children += escaped(text) if node == "text" else f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
                end = ""
        return f"<{name}{space}{attributes}>{children}{end}</{name}>"

    def _array(self, view: View, name: str, prefix: str, xml: JsonObject, level: int, example: object) -> str:
        margin = "\n" + self._indent * level
        is_wrapped = _node_of(xml) == "wrapped"
        of_items = self._schemas.view(view.items).keywords.get("xml")
        own: JsonObject = of_items if isinstance(of_items, dict) else {}
        item = str(own.get("name") or name)
        if example is not OMITTED:
            content = elements(item, example, self._indent, level + is_wrapped)
        else:
            content = 2 * self._element(item, view.items, level + is_wrapped, {"name": item, **own})
        return f"{margin}<{prefix}{name}>{content}{margin}</{prefix}{name}>" if is_wrapped else content


def _node_of(xml: Json) -> str:
    """What kind of node a schema is: attribute, text, cdata, an array with an element around it (wrapped), or empty."""
    if not isinstance(xml, dict):
        return ""
    node = xml.get("nodeType")
    if node in ("attribute", "text", "cdata"):
        return str(node)
    return "attribute" if xml.get("attribute") else "wrapped" if xml.get("wrapped") is True or node == "element" else ""


def with_declaration(text: str) -> str:
    """A document with its declaration, if it has none yet."""
    return text if text.lstrip().startswith("<?xml") else DECLARATION + text


def elements(name: str, value: object, indent: str, level: int) -> str:
    """A value as elements of a name: one for each item of a list, with children for an object."""
    margin = "\n" + indent * level
    if isinstance(value, list):
        return "".join([elements(name, item, indent, level) for item in value])
    if isinstance(value, dict):
        children = "".join([elements(str(key), child, indent, level + 1) for key, child in value.items()])
        return f"{margin}<{name}>{children}{margin}</{name}>" if children else f"{margin}<{name}/>"
    content = "" if value is None else escaped(text_of(value))
    return f"{margin}<{name}>{content}</{name}>" if content else f"{margin}<{name}/>"


def escaped(text: str) -> str:
    """A text as it stands in an element or attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
