"""Environment and globals files in YAML (`*.environment.yaml`, `*.globals.yaml`): text to model and back.

Their values are texts. What Postman refuses in them is refused here, with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.errors import InvalidCollection
from runner.formats.format import CERTAIN, LIKELY, NO, YAML, Format, Given
from runner.formats.postman.environment import parse_environment
from runner.formats.postman.v2 import dump_variables
from runner.formats.yaml.nodes import Document, pointer
from runner.model.discreet import Discreet
from runner.model.json import Json, JsonObject
from runner.model.origin import Origin
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Environment, Variable
from runner.options.values import kind_of
from runner.rules.text import json_text, text_of

_VALUES = re.compile(
    r"^values:[ \t]*(?:\[\]|(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*-[ \t]+(?:key|value|enabled|type|secret):)",
    re.MULTILINE,
)
_FLAGS = ("enabled", "disabled", "secret")
_IN_QUOTES = "put it in quotes: the values of environments are texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlOrigin(Origin, Discreet, shows=("format", "path")):
    """A file of YAML: the text that was read, which an export changes in place, and its path for messages."""

    text: str
    path: str


def _sniff(given: Given) -> int:
    if given.extension in YAML and given.role in ("environment", "globals"):
        return CERTAIN
    return LIKELY if given.extension not in (".json", ".csv") and _VALUES.search(given.text) else NO


def _load(given: Given) -> tuple[Environment, Origin]:
    document = given.yaml
    value = document.value
    if not isinstance(value, dict) or "values" not in value:
        from runner.formats.explain import explain_text

        found = InvalidCollection(
            "it has no list of values", where=given.path, hint="write values: and a list of - key: NAME"
        )
        raise explain_text(given.text, given.path, given.role, found)
    for keys, message, hint in _mistakes(value):
        raise _refused(document, given.path, keys, message, hint)
    environment = parse_environment(value, given.path, given.role or "environment")
    return environment, YamlOrigin(format="environment-yaml", text=given.text, path=given.path)


def _refused(document: Document, path: str, keys: tuple[str | int, ...], message: str, hint: str) -> InvalidCollection:
    line, column = document.place(keys)
    where = f"{path}:{line}:{column}" if path else f"line {line}, column {column}"
    return InvalidCollection(f"{message} (path: {pointer(keys)})", where=where, hint=hint)


def _mistakes(document: JsonObject) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What Postman refuses in an environment, with the keys that lead to it and a hint."""
    name, values = document.get("name", ""), document["values"]
    if not isinstance(name, str):
        yield ("name",), f"the name is {kind_of(name)}, not a text", "put it in quotes"
    if values is not None and not isinstance(values, list):
        yield ("values",), f"the values are {kind_of(values)}, not a list", "write them as a list: - key: NAME"
    for number, entry in enumerate(values if isinstance(values, list) else ()):
        if not isinstance(entry, dict):
            yield ("values", number), f"a variable is {kind_of(entry)}, not a mapping", "write - key: NAME"
            continue
        for key, message, hint in _mistakes_of(entry):
            yield ("values", number, key) if key in entry else ("values", number), message, hint


def _mistakes_of(entry: JsonObject) -> Iterator[tuple[str, str, str]]:
    key, value, linked = entry.get("key"), entry.get("value"), bool(entry.get("source"))
    if "key" not in entry:
        yield "key", "a variable has no key", ""
    elif not isinstance(key, str):
        yield "key", f"the key of a variable is {kind_of(key)}, not a text", "put it in quotes"
    if "value" not in entry and not linked:
        yield "value", "a variable has no value", 'an empty text is ""'
    elif value is None and not linked:
        yield "value", "the value is null, not a text", 'an empty text is ""'
    elif value is not None and not isinstance(value, str):
        yield "value", f"the value is {kind_of(value)}, not a text", _IN_QUOTES
    if not isinstance(entry.get("type", ""), str):
        yield "type", f"the type is {kind_of(entry['type'])}, not a text", "it is default or secret"
    for flag in _FLAGS:
        if not isinstance(entry.get(flag, True), bool):
            yield flag, f"{flag} is {kind_of(entry[flag])}, neither true nor false", "write it without quotes"


# -- writing ----------------------------------------------------------------------------------------------------


def _dump(environment: Environment, origin: Origin | None, exported_at: str) -> str:
    """The text that was read with what changed in it; a new one in the style of Postman."""
    values: list[Json] = [_entry(variable) for variable in environment.values]
    if isinstance(origin, YamlOrigin):
        from runner.formats.yaml.edit import edit

        return edit(origin.text, {**environment.source, "values": values}, origin.path)
    from runner.formats.yaml.writer import write

    known = {key: value for key, value in environment.source.items() if not key.startswith("_postman")}
    head = {"id": environment.id} if environment.id else {}
    return write({**head, "name": environment.name or environment.scope, **known, "values": values})


def _entry(variable: Variable) -> JsonObject:
    """A variable as it is in its file; its value is a text. A new one says that it is switched on."""
    (entry,) = dump_variables([variable])
    assert isinstance(entry, dict)
    if variable.source is None:
        kind = {"type": variable.type} if variable.type != "any" else {}
        return {"key": variable.key, "value": _text(variable.value), "enabled": not variable.disabled, **kind}
    return {**entry, "value": _text(entry["value"])} if not isinstance(entry.get("value", ""), str) else entry


def _text(value: Json) -> str:
    return json_text(value) if isinstance(value, dict | list) else "" if value is None else text_of(value)


FORMAT = Format(title="an environment or globals file in YAML", sniff=_sniff, load=_load, dump=_dump)
