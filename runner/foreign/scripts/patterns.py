"""Patterns of chains and what they become.

A pattern is written as the code that it finds: `pm.response.json()`. In a call `*` is whatever its arguments are, `$1` one
of them, `"$1"` a text, `{key:$1}` an object with these members, anything else that very code. `.@` is a member of any name
that is not called, `=$1` an assignment, `!` the end of the chain; without it the chain may go on, as it did. In what it
becomes `*`, `$1` and `@` are what was found, `$1:lower` in lower case, `$1:text` as a text; `$sent` is the name that
a script has for the answer to a request of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from runner.foreign.scripts.facts import Argument, Element, Source, Use
from runner.model.quick_dataclass import dataclass

Render = Callable[[int, int], str]
"""The text between two places, translated."""

_PARTS = re.compile(r"\.(?P<name>\w+)|(?P<any>\.@)|(?P<set>=\$1)|(?P<end>!)|\((?P<call>(?:[^()]|\([^()]*\))*)\)")
_HOLE = re.compile(r"(?<![\w$])\*(?=\))|\$(?P<number>\d)(?::(?P<filter>lower|text))?|@(?::(?P<low>lower))?|\$sent\b")
_ARGUMENTS = re.compile(r"\s*((?:\{[^{}]*\}|[^,{}])+)\s*(?:,|$)")
_MEMBER = re.compile(r"(?<!\w)(\w++):([^,}]+)")


@dataclass(frozen=True, slots=True)
class Rule:
    """What is found and what it becomes; `remark` is told where that is not quite the same."""

    pattern: str
    template: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that fits: how many elements it takes, what its holes are, and which code it knows as it is."""

    rule: Rule
    taken: int
    holes: dict[str, Argument]
    arguments: tuple[Argument, ...] | None
    member: Element | None
    known: tuple[tuple[int, int], ...]


class Rules:
    """The rules of one direction, by the name that their patterns begin with."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_root: dict[str, list[tuple[Rule, list[re.Match[str]]]]] = {}
        for rule in rules:
            root = re.match(r"[\w$]+", rule.pattern)
            assert root is not None
            parts = list(_PARTS.finditer(rule.pattern, root.end()))
            self._by_root.setdefault(root[0], []).append((rule, parts))

    @property
    def roots(self) -> list[str]:
        """The names from outside that rules are about."""
        return [root for root in self._by_root if not root.startswith("$")]

    def find(self, use: Use, source: Source) -> Found | None:
        """The rule that takes the most of a chain, the first of several, and all that another name for it stands for."""
        best = self.longest(use, source)
        return best if best is not None and best.taken >= use["given"] else None

    def longest(self, use: Use, source: Source) -> Found | None:
        """The rule that takes the most of a chain, whatever stands for a part of it."""
        best: Found | None = None
        for rule, parts in self._by_root.get(use["root"], []):
            found = _fits(rule, parts, use, source)
            if found is not None and (best is None or found.taken > best.taken):
                best = found
        return best


def _fits(rule: Rule, parts: list[re.Match[str]], use: Use, source: Source) -> Found | None:
    elements = use["elements"]
    holes, known, at = dict[str, Argument](), list[tuple[int, int]](), 0
    arguments: tuple[Argument, ...] | None = None
    member: Element | None = None
    for part in parts:
        if part["end"] and at == len(elements):
            continue
        if part["end"] or at == len(elements):
            return None
        element = elements[at]
        at += 1
        if part["name"]:
            if element.get("n") != part["name"]:
                return None
        elif part["any"]:
            if "n" not in element or (at < len(elements) and "a" in elements[at]):
                return None
            member = element
        elif part["set"]:
            if "r" not in element:
                return None
            holes["1"] = element["r"]
        elif "a" not in element or not _call_fits(part["call"], element["a"], holes, known, source):
            return None
        else:
            arguments = tuple(element["a"]) if part["call"] == "*" else arguments
    if (use["role"], len(elements) - at) in (("changed", 0), ("=", 1)):
        return None
    return Found(rule, at, holes, arguments, member, tuple(known))


def _call_fits(
    wanted: str, given: list[Argument], holes: dict[str, Argument], known: list[tuple[int, int]], source: Source
) -> bool:
    if wanted == "*":
        return True
    specs = [found[1].strip() for found in _ARGUMENTS.finditer(wanted)] if wanted.strip() else []
    return len(specs) == len(given) and all(
        _argument_fits(spec, argument, holes, known, source) for spec, argument in zip(specs, given, strict=True)
    )


def _argument_fits(
    spec: str, argument: Argument, holes: dict[str, Argument], known: list[tuple[int, int]], source: Source
) -> bool:
    if spec.startswith("$"):
        holes[spec[1]] = argument
        return argument["t"] != "SpreadElement"
    if spec.startswith('"$'):
        holes[spec[2]] = argument
        return "v" in argument
    if spec.startswith("{") and "$" in spec:
        members = dict(_MEMBER.findall(spec[1:-1]))
        given = argument.get("o")
        return (
            given is not None
            and len(given) == len(members)
            and all(
                name in members and _argument_fits(members[name].strip(), one, holes, known, source) for name, one in given
            )
        )
    known.append((argument["s"], argument["e"]))
    if argument["t"] in ("MemberExpression", "CallExpression") and argument["s"] not in source.chains:
        return False  # its first name is one of the script's own
    return _squeezed(spec) == _squeezed(source.cut(argument["s"], argument["e"]))


def _squeezed(code: str) -> str:
    return re.sub(r"\s", "", code).replace("'", '"')


def filled(found: Found, use: Use, source: Source, render: Render) -> str:
    """What a chain becomes as far as the rule takes it."""

    def hole(match: re.Match[str]) -> str:
        if match[0] == "*":
            given = found.arguments
            return render(given[0]["s"], given[-1]["e"]) if given else ""
        if match[0] == "$sent":
            return use["name"]
        if match[0].startswith("@"):
            return _member(found.member, render, lower=bool(match["low"]))
        argument = found.holes[match["number"]]
        return FILTERS[match["filter"] or ""](argument, render(argument["s"], argument["e"]))

    return _HOLE.sub(hole, found.rule.template)


def _member(element: Element | None, render: Render, *, lower: bool) -> str:
    assert element is not None
    name = element.get("n")
    if name is not None:
        return json.dumps(name.lower() if lower else name, ensure_ascii=False)
    code = render(*element["x"])
    return f"{_operand(code)}.toLowerCase()" if lower else code


def _lower(argument: Argument, code: str) -> str:
    text = argument.get("v")
    return json.dumps(text.lower(), ensure_ascii=False) if text is not None else f"{_operand(code)}.toLowerCase()"


def _text(argument: Argument, code: str) -> str:
    """Code for a text of a value that may be one already."""
    if argument["t"] in ("Literal", "TemplateLiteral") and ("v" in argument or argument["t"] == "TemplateLiteral"):
        return code
    if code.startswith("JSON.stringify(") or "Function" in argument["t"]:
        return code
    if argument["t"] in ("ObjectExpression", "ArrayExpression", "Literal"):
        return f"JSON.stringify({code})"
    if argument["t"] in ("Identifier", "MemberExpression"):
        return f'(typeof {code} === "string" ? {code} : JSON.stringify({code}))'
    return f'[{code}].map((one) => (typeof one === "string" ? one : JSON.stringify(one)))[0]'


def _operand(code: str) -> str:
    return code if re.fullmatch(r"[\w$.]+(?:\([^()]*\))?", code) else f"({code})"


FILTERS: dict[str, Callable[[Argument, str], str]] = {"": lambda _, code: code, "lower": _lower, "text": _text}
