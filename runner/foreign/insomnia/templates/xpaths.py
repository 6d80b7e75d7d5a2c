"""Paths of XPath through XML, as code with selectors of cheerio: steps by name, their number and their attributes."""

from __future__ import annotations

import re

from runner.foreign.insomnia.templates.values import quoted

_STEP = re.compile(
    r"(?P<axis>//?)(?:(?P<text>text\(\)\Z)|@(?P<attribute>[\w:.-]+)\Z|(?P<name>[\w:.-]+|\*)"
    r"(?P<conditions>(?:\[[^\[\]]*+\])*+))"
)
_CONDITION = re.compile(
    r"\[\s*(?:(?P<number>\d+)|@(?P<name>[\w:.-]+)\s*=\s*(?P<quote>[\"'])(?P<value>[^\"']*)(?P=quote))\s*\]"
)
_NOT_PLAIN = re.compile(r"[^\w*-]")


def taken(path: str, text: str) -> str | None:
    """Code for the one value that a path takes from the XML in `text`, None if it cannot be said."""
    selector, last, at = "", ".html()", 0
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            return None
        at = step.end()
        if step["name"] is None:
            if step["axis"] != "/" or not selector:
                return None
            last = ".text().trim()" if step["text"] else f".attr({quoted(step['attribute'])})"
            continue
        name = _NOT_PLAIN.sub(lambda sign: f"\\{sign[0]}", step["name"])
        joint = (" " if step["axis"] == "//" else " > ") if selector else ("" if step["axis"] == "//" else ":root")
        selector += name + joint if joint == ":root" else joint + name
        for condition in re.findall(r"\[[^\[\]]*\]", step["conditions"]):
            found = _CONDITION.fullmatch(condition)
            if found is None:
                return None
            if found["number"]:
                selector += f":nth-of-type({found['number']})"
            else:
                attribute = _NOT_PLAIN.sub(lambda sign: f"\\{sign[0]}", found["name"])
                selector += f"[{attribute}={quoted(found['value'])}]"
    if not selector:
        return None
    return f'require("cheerio").load({text}, {{ xmlMode: true }})({quoted(selector)}).first(){last}'
