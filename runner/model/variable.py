"""Variables and the files that hold them: environments and globals."""

from __future__ import annotations

from dataclasses import field

from runner.model.discreet import Discreet
from runner.model.json import Json, JsonObject
from runner.model.origin import Origin
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Variable(Discreet, shows=("key", "type")):
    """One variable; `value` keeps its JSON type, `source` is the JSON it was read from (None when a script made it).

    `by_script` tells that a script chose the value.
    """

    key: str
    value: Json = None
    type: str = "any"
    disabled: bool = False
    source: JsonObject | None = None
    by_script: bool = field(default=False, compare=False)

    @property
    def marked_secret(self) -> bool | None:
        """What the mark `secret` says, None without one."""
        mark = self.source.get("secret") if self.source else None
        return mark if isinstance(mark, bool) else None

    @property
    def secret(self) -> bool:
        """Whether the file marks the value as secret: it is masked in every output."""
        return self.type == "secret" or bool(self.marked_secret)

    @property
    def without_value(self) -> bool:
        """Whether the file has the name and nothing else: its value is JavaScript's `undefined`, not null."""
        return self.value is None and self.source is not None and "value" not in self.source

    @property
    def in_vault(self) -> bool:
        """Whether the file only says where the value is kept (a vault), and nothing else has given it."""
        return self.value in (None, "") and bool(self.source and self.source.get("secret") and self.source.get("source"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment(Discreet, shows=("id", "name", "scope")):
    """An environment or globals file. `values` keeps the order of the file, disabled ones and duplicates included."""

    id: str = ""
    name: str = ""
    values: tuple[Variable, ...] = ()
    scope: str = "environment"
    source: JsonObject = field(default_factory=dict)
    origin: Origin | None = None

    def __getitem__(self, name: str) -> Json:
        """The value of a variable: of the last enabled one of this name, as when it is read; raises `KeyError`."""
        for variable in reversed(self.values):
            if variable.key == name and not variable.disabled:
                return variable.value
        raise KeyError(name)
