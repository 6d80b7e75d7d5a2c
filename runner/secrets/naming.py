"""Documents without the values of secrets: each gets a name, that of a variable and of an environment variable.

What `Secrets.mask_json` masks gets a name here. A variable that is secret keeps its name and loses its value; a secret that
stands in a text becomes `{{NAME}}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import field

from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.secrets.fields import secret_fields
from runner.secrets.known import COMMON, SHORTEST
from runner.secrets.mask import Secrets
from runner.secrets.names import words

_MARK = "\ue000"
"""Stands for a secret in a masked text: a character that no text of a file is likely to have."""

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
_TEMPLATE = re.compile(r"(\{\{[^{}]*\}\})")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

OF_THE_SHELL = words(
    "HOME PATH PWD OLDPWD USER USERNAME LOGNAME SHELL SHLVL TERM LANG HOSTNAME HOST TMPDIR TEMP TMP EDITOR PAGER IFS UID"
    " EUID PPID RANDOM SECONDS LINENO OPTARG OPTIND PS1 PS2 PS4 ENV DISPLAY MAIL CDPATH COLUMNS LINES REPLY"
)
"""Variables that a shell sets or obeys: no value of a collection is looked for in them."""

KEPT = words("name id _postman_id uid key schema listen type")
"""Members of the JSON whose texts stay as they are: they say what something is called or of what kind it is."""


@dataclass(slots=True)
class Named:
    """The names of secrets: of each variable the environment variable that holds its value, and the value itself.

    `variables` are the names of all variables: a secret that stands in a text never gets one of them.
    """

    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)

    def variable(self, key: str, value: str) -> None:
        """Name the value of a variable of the collection or its environments; the one that was named last counts."""
        name = self.names.get(key)
        if name is None:
            name = self.names[key] = self._free(shell_name(key), value)
        self.values[name] = value

    def literal(self, said: str, value: str) -> str:
        """The name of a secret that stands in a text; the same value always has the same one."""
        name = next((name for name, known in self.values.items() if known == value), None)
        if name is None:
            name = self._free(shell_name(said), value, self.variables)
            self.values[name] = value
        variable = next((key for key, known in self.names.items() if known == name), name)
        self.names[variable] = name
        return variable

    def _free(self, wanted: str, value: str, taken: Collection[str] = ()) -> str:
        name, number = wanted, 1
        while self.values.get(name, value) != value or name in taken or self.names.get(name, name) != name:
            number += 1
            name = f"{wanted}_{number}"
        return name


def shell_name(text: str) -> str:
    """An environment variable for something of this name: `apiKey` and `api-key` are both `API_KEY`."""
    name = _NOT_IN_NAMES.sub("_", _HUMP.sub("_", text)).strip("_").upper() or "SECRET"
    return f"POSTMAN_{name}" if name[0].isdigit() or name in OF_THE_SHELL else name


class Naming:
    """Goes through documents, and puts names in the places of the secrets; `names` are variables that are secret, too."""

    def __init__(self, secrets: Secrets, names: Iterable[str] = ()) -> None:
        self._secrets = secrets.with_symbol(_MARK)
        self._names = frozenset(names)
        self.named = Named()

    def tree(self, value: JsonObject) -> JsonObject:
        """A document with a name for each secret in its texts."""
        return self._object(value, self._secrets.mask_json(value), "")

    def rows(self, rows: list[JsonObject]) -> list[JsonObject]:
        """The JSON of variables: secret ones have no value any more."""
        made = []
        for row, masked in zip(rows, self._secrets.mask_json(rows), strict=True):
            key, value, shown = row.get("key"), row.get("value"), masked.get("value")
            if isinstance(key, str) and value not in (None, "") and (shown == _MARK or key in self._names):
                self.named.variable(key, _text(value))
                row = {**row, "value": ""}
            elif isinstance(value, str) and value != shown:
                row = {**row, "value": self._text(value, shown, str(key))}
            made.append(row)
        return made

    def _value(self, value: Json, masked: Json, name: str) -> Json:
        if isinstance(value, dict) and isinstance(masked, dict):
            return self._object(value, masked, name)
        if isinstance(value, list) and isinstance(masked, list):
            within = _name_of_key(value) if name == "apikey" else name
            return [self._value(one, other, within) for one, other in zip(value, masked, strict=True)]
        if value == masked or not isinstance(masked, str):
            return value
        return self._text(value, masked, name) if isinstance(value, str) else self._other(name, value)

    def _object(self, value: JsonObject, masked: JsonObject, name: str) -> JsonObject:
        said = value.get("key")
        said = name if said == "value" and name else said
        if len(value) != len(masked):  # two keys hold secrets and look the same without
            masked = {key: self._secrets.mask_named(key, one) for key, one in value.items()}
        made: JsonObject = {}
        for (key, one), other in zip(value.items(), masked.values(), strict=True):
            within = said if key == "value" and isinstance(said, str) else key
            made[key] = one if key in KEPT and isinstance(one, str) else self._value(one, other, within)
        return made

    def _text(self, text: str, masked: str, name: str) -> str:
        """The text with a name for each secret that the masked one hides."""
        pieces = masked.split(_MARK)
        found = re.fullmatch("(.+?)".join(map(re.escape, pieces)), text, re.DOTALL)
        if found is None:  # more than values was rewritten: nothing of the text is shown
            return self._named(name, text)
        fields = {one.start: one.name for one in secret_fields(text)}
        made = pieces[0]
        for number, piece in enumerate(pieces[1:], 1):
            made += self._parts(fields.get(found.start(number), name), found[number]) + piece
        return made

    def _parts(self, said: str, value: str) -> str:
        """A hidden text with a name; one with variables in it keeps these, and what is not a word around them is named."""
        if "{{" not in value:
            return self._named(said, value)
        parts = _TEMPLATE.split(value)  # the variables are at the odd places
        plain = [at % 2 or len(part.strip()) < SHORTEST or part.strip().lower() in COMMON for at, part in enumerate(parts)]
        return "".join(part if keep else self._named(said, part) for part, keep in zip(parts, plain, strict=True))

    def _other(self, said: str, value: Json) -> str:
        """What stands for a secret that is no text."""
        return self._named(said, _text(value))

    def _named(self, said: str, value: str) -> str:
        return f"{{{{{self.named.literal(said, value)}}}}}"


def _name_of_key(rows: list[Json]) -> str:
    """The header or parameter in which an API key is sent."""
    return next((str(row.get("value")) for row in rows if isinstance(row, dict) and row.get("key") == "key"), "API_KEY")


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
