"""URL globbing: `{one,two}` and `[1-3]` make several URLs of one (curl's manual, "GLOBBING")."""

from __future__ import annotations

import re
from itertools import islice, product

from runner.foreign.curl.arguments import Refused
from runner.foreign.curl.shells.variables import is_reference_at

MOST = 1000
"""URLs that one may become; curl itself would go on."""

_VARIABLE = re.compile(r"\{\{[^{}\s]+\}\}")
_IPV6 = re.compile(r"\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%25[\w.-]+)?\]")
_NUMBERS = re.compile(r"\[(\d+)-(\d+)(?::(\d+))?\]")
_LETTERS = re.compile(r"\[([A-Za-z])-([A-Za-z])(?::(\d+))?\]")


def globbed(url: str) -> tuple[list[str], bool]:
    """The URLs of a pattern, and whether there are more of them than are made; raises `Refused` as curl does.

    `{{name}}` is a variable, as in lines that come from Postman: curl itself would refuse it.
    """
    pieces: list[list[str]] = []
    at = 0
    while at < len(url):
        char = url[at]
        opaque = _VARIABLE.match(url, at) or _IPV6.match(url, at)
        end = opaque.end() if opaque else is_reference_at(url, at)
        if end:
            pieces.append([url[at:end]])
            at = end
        elif char == "\\" and url[at + 1 : at + 2] in ("{", "}", "[", "]"):
            pieces.append([url[at + 1]])
            at += 2
        elif url.startswith("[]", at):
            pieces.append(["[]"])
            at += 2
        elif char == "{":
            choices, at = _set(url, at)
            pieces.append(choices)
        elif char == "[":
            choices, at = _range(url, at)
            pieces.append(choices)
        elif char in "}]":
            raise Refused(f"the URL has a {char} that nothing opens: -g takes it as it is")
        else:
            pieces.append([char])
            at += 1
    urls = ["".join(one) for one in islice(product(*pieces), MOST + 1)]
    return urls[:MOST], len(urls) > MOST


def _set(url: str, start: int) -> tuple[list[str], int]:
    choices: list[str] = []
    made = ""
    at = start + 1
    while at < len(url):
        char = url[at]
        at += 1
        if char == "\\" and at < len(url):
            made += url[at]
            at += 1
        elif char in ",}":
            if not made:
                raise Refused("the URL has an empty choice between { and }")
            choices.append(made)
            made = ""
            if char == "}":
                return choices, at
        elif char in "{[":
            raise Refused(f"the URL has a {char} within braces: -g takes it as it is")
        else:
            made += char
    raise Refused("the URL has a { that is never closed: -g takes it as it is")


def _range(url: str, start: int) -> tuple[list[str], int]:
    numbers, letters = _NUMBERS.match(url, start), _LETTERS.match(url, start)
    found = numbers or letters
    if found is None:
        raise Refused("the URL has a range that curl cannot read: -g takes [ and ] as they are")
    step = int(found[3] or 1)
    first, last = (int(found[1]), int(found[2])) if numbers else (ord(found[1]), ord(found[2]))
    if step < 1 or last < first:
        raise Refused(f"the range {found[0]} of the URL goes nowhere")
    width = len(found[1]) if numbers and found[1].startswith("0") else 0
    values = range(first, last + 1, step)[: MOST + 1]
    return [f"{one:0{width}d}" if numbers else chr(one) for one in values], found.end()
