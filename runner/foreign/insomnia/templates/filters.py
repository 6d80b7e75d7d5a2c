"""Filters of Nunjucks and Liquid, as code for texts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from runner.foreign.insomnia.templates.values import Untranslatable, Value, quoted

SAME = frozenset({"safe", "string", "escape_once"})
FILTERS: dict[str, tuple[int, str]] = {
    "upper": (0, "String({0}).toUpperCase()"),
    "upcase": (0, "String({0}).toUpperCase()"),
    "lower": (0, "String({0}).toLowerCase()"),
    "downcase": (0, "String({0}).toLowerCase()"),
    "trim": (0, "String({0}).trim()"),
    "strip": (0, "String({0}).trim()"),
    "capitalize": (0, "((text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase())(String({0}))"),
    "replace": (2, "String({0}).split({1}).join({2})"),
    "remove": (1, 'String({0}).split({1}).join("")'),
    "append": (1, "(String({0}) + {1})"),
    "prepend": (1, "({1} + String({0}))"),
    "urlencode": (0, "encodeURIComponent({0})"),
    "url_encode": (0, "encodeURIComponent({0})"),
    "url_decode": (0, "decodeURIComponent({0})"),
    "dump": (0, "JSON.stringify({0})"),
    "json": (0, "JSON.stringify({0})"),
    "base64_encode": (0, 'require("buffer").Buffer.from(String({0}), "utf8").toString("base64")'),
    "base64_decode": (0, 'require("buffer").Buffer.from(String({0}), "base64").toString("utf8")'),
    "int": (0, "parseInt({0}, 10)"),
    "float": (0, "parseFloat({0})"),
    "round": (0, "Math.round(Number({0}))"),
    "abs": (0, "Math.abs(Number({0}))"),
    "plus": (1, "(Number({0}) + Number({1}))"),
    "minus": (1, "(Number({0}) - Number({1}))"),
    "times": (1, "(Number({0}) * Number({1}))"),
    "length": (0, "String({0}).length"),
    "size": (0, "String({0}).length"),
}
"""By name: how many arguments, and the code for the value and these."""


LISTS = {"join": "{0}.join({1})", "first": "{0}[0]", "last": "{0}.at(-1)", "length": "{0}.length", "size": "{0}.length"}
"""Filters of lists."""


def filtered(value: Value, name: str, arguments: Sequence[Value], jsons: Collection[str]) -> Value:
    """A value behind a filter; `jsons` are the variables that have JSON in them. Raises `Untranslatable`."""
    if value.variable in jsons:
        if name in ("dump", "json"):
            return value
        if name in LISTS:
            separator = arguments[0].code if arguments else '","'
            return Value(LISTS[name].format(f"JSON.parse({value.code})", separator))
    if name in SAME and not arguments:
        return value
    if name in ("default", "d") and arguments and value.variable:
        has = f"pm.variables.has({quoted(value.variable)})"
        return Value(f"({has} ? {value.code} : {arguments[0].code})")
    if name not in FILTERS or len(arguments) != FILTERS[name][0]:
        raise Untranslatable(f"the filter {name} has no counterpart in Postman")
    return Value(FILTERS[name][1].format(value.code, *(one.code for one in arguments)))
