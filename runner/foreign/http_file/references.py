"""What stands in `{{ }}`: variables, values that are made anew each time, and values of earlier responses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from runner.foreign.har.values.naming import plain
from runner.model.quick_dataclass import dataclass

REFERENCE = re.compile(r"\{\{([^{}]*)\}\}")
_RESPONSE = re.compile(r"([\w-]+)\.(response|request)\.(body|headers)(?:\.(.*))?", re.DOTALL)
_WORD = re.compile(r"[\w.-]+")
_OFFSET = r"(?:\s+(-?\d+)\s*(y|M|w|d|h|m|s|ms))?"
_INT = re.compile(r"\$(?:randomInt\s+(-?\d+)\s+(-?\d+)|random\.integer\(\s*(-?\d+)\s*,\s*(-?\d+)\s*\))")
_FLOAT = re.compile(r"\$random\.float\(\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*\)")
_LETTERS = re.compile(r"\$random\.(alphabetic|alphanumeric|hexadecimal|numeric)\(\s*(\d+)\s*\)")
_TIME = re.compile(rf"\$timestamp{_OFFSET}")
_DATE = re.compile(rf"\$(datetime|localDatetime)\s+(iso8601|rfc1123|\"[^\"]*\"|'[^']*'){_OFFSET}")
_PROCESS = re.compile(r"\$(?:processEnv\s+%?|env\.)([\w.-]+)")
_DOTENV = re.compile(r"\$dotenv\s+%?([\w.-]+)")

SAME = {
    "$guid": "$guid", "$uuid": "$guid", "$random.uuid": "$guid", "$timestamp": "$timestamp",
    "$isoTimestamp": "$isoTimestamp",
    "$randomInt": "$randomInt", "$random.email": "$randomEmail", "$random.integer": "$randomInt",
    "$random.integer()": "$randomInt", "$datetime": "$isoTimestamp",
}  # fmt: skip
"""Names that Postman has, too, or under another name."""

_SIGNS = {
    "alphabetic": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "alphanumeric": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
    "hexadecimal": "0123456789abcdef",
    "numeric": "0123456789",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A value that a pre-request script makes: the name of its variable, and the JavaScript."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A value of the response of a named request: the variable that holds it, and the JavaScript that takes it."""

    request: str
    name: str
    code: str


class References:
    """Translates the references of one request; `made`, `asked`, `outside` and `unknown` gather what else is needed."""

    def __init__(self, known: Callable[[str], bool]) -> None:
        self._known = known
        self.made: dict[str, Made] = {}
        self.asked: dict[str, Asked] = {}
        self.outside: dict[str, str] = {}
        self.unknown: dict[str, None] = {}

    def translated(self, text: str) -> str:
        """A text with references as Postman writes them; those that it cannot have stay as they are."""
        return REFERENCE.sub(lambda found: "{{" + self._name(found[1].strip()) + "}}", text) if "{{" in text else text

    def _name(self, name: str) -> str:
        if name in SAME:
            return SAME[name]
        if (made := made_of(name)) is not None:
            self.made[made.name] = made
            return made.name
        for pattern, hint in ((_PROCESS, "the environment variable {0}: give it with --env-var {0}=…"),
                              (_DOTENV, "the value {0} of a .env file: give that with --env-file")):  # fmt: skip
            if found := pattern.fullmatch(name):
                self.outside[found[1]] = hint.format(found[1])
                return found[1]
        if (found := _RESPONSE.fullmatch(name)) and self._known(found[1]):
            code = code_of(found[2], found[3], (found[4] or "").strip())
            if code:
                variable = plain(re.sub(r"[^\w]+", "_", name.replace(".response.", "_").replace(".$", "")))
                self.asked[variable] = Asked(found[1], variable, code)
                return variable
        elif not name.startswith("$") and _WORD.fullmatch(name):
            return name
        self.unknown[name] = None
        return name


def made_of(name: str) -> Made | None:
    """The script for a value that is made anew each time; None if the name is none."""
    variable = plain(re.sub(r"[^\w]+", "_", name.replace("-", "minus_")))
    if found := _INT.fullmatch(name):
        low, high = found[1] or found[3], found[2] or found[4]
        return Made(
            variable, f"Math.floor(Math.random() * ({high} - {low})) + {low}".replace("- -", "+ ").replace("+ -", "- ")
        )
    if found := _FLOAT.fullmatch(name):
        return Made(variable, f"Math.random() * ({found[2]} - ({found[1]})) + ({found[1]})")
    if found := _LETTERS.fullmatch(name):
        signs = json.dumps(_SIGNS[found[1]])
        sign = f"{signs}.charAt(Math.floor(Math.random() * {len(_SIGNS[found[1]])}))"
        code = f"Array.from({{ length: {found[2]} }}, () => {sign})"
        return Made(variable, f'{code}.join("")')
    if (found := _TIME.fullmatch(name)) and found[1]:
        return Made(variable, f"{_moment(found[1], found[2], 'moment()')}.unix()")
    if found := _DATE.fullmatch(name):
        start = "moment.utc()" if found[1] == "datetime" else "moment()"
        moment = _moment(found[3], found[4], start) if found[3] else start
        if found[2] == "iso8601":
            return Made(variable, f"{moment}.toISOString()" if start == "moment.utc()" else f"{moment}.format()")
        if found[2] == "rfc1123":
            ending = "[GMT]" if start == "moment.utc()" else "ZZ"
            return Made(variable, f"{moment}.format({json.dumps(f'ddd, DD MMM YYYY HH:mm:ss {ending}')})")
        return Made(variable, f"{moment}.format({json.dumps(found[2][1:-1], ensure_ascii=False)})")
    return None


def _moment(count: str, unit: str, start: str) -> str:
    return f"{start}.add({count}, {json.dumps(unit)})"


_STEP = re.compile(r"\.([\w$-]+)|\[(-?\d+)\]|\[\s*(?:'([^']*)'|\"([^\"]*)\")\s*\]")
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


def code_of(side: str, part: str, path: str) -> str:
    """The JavaScript for a part of a response; empty for a path that is more than names and numbers, and for a request."""
    if side == "request":
        return ""
    if part == "headers":
        return f"pm.response.headers.get({json.dumps(path)})" if path else ""
    if path in ("", "*"):
        return "pm.response.text()"
    steps = path.removeprefix("$") if path.startswith("$") else f".{path}"
    code, at = "pm.response.json()", 0
    for found in _STEP.finditer(steps):
        if found.start() != at:
            return ""
        at = found.end()
        name = found[1] or found[3] or found[4]
        if name is None:
            code += f"[{found[2]}]" if not found[2].startswith("-") else f".at({found[2]})"
        else:
            code += f".{name}" if _IDENTIFIER.fullmatch(name) else f"[{json.dumps(name, ensure_ascii=False)}]"
    return code if at == len(steps) else ""
