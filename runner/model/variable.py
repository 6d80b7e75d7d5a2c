"""Variables and the files that hold them: environments and globals."""

from __future__ import annotations

from dataclasses import field

from runner.model.discreet import Discreet
from runner.model.json import Json, JsonObject
from runner.model.origin import Origin
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Variable(Discreet, shows=("key", "type")):
    """One variable; `value` keeps its JSON type, `source` is the JSON that it was read from (None if a script made it).

    `by_script` is True if a script chose the value.
    """

    key: str
    value: Json = None
    type: str = "any"
    disabled: bool = False
    source: JsonObject | None = None
    by_script: bool = field(default=False, compare=False)

    @property
    def marked_secret(self) -> bool | None:
        """The value of its `secret` mark, None without one."""
        mark = self.source.get("secret") if self.source else None
        return mark if isinstance(mark, bool) else None

    @property
    def secret(self) -> bool:
        """Whether the file marks the value as secret: it is masked in every output."""
        return self.type == "secret" or bool(self.marked_secret)

    @property
    def without_value(self) -> bool:
        """Whether the file has no `value` for it: it is then `undefined` in JavaScript, not null."""
        return self.value is None and self.source is not None and "value" not in self.source

    @property
    def in_vault(self) -> bool:
        """Whether the value is kept in a vault: the file says so, and nothing else has set it."""
        source = self.source or {}
        linked = source.get("source") and (source.get("secret") or "value" not in source)
        return self.value in (None, "") and bool(linked)

    @property
    def in_postman_vault(self) -> bool:
        """Whether the value is kept in the vault of Postman itself: without it a request cannot mean anything else."""
        link = self.source.get("source") if self.in_vault and self.source else None
        return isinstance(link, dict) and link.get("provider") == "postman"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment(Discreet, shows=("id", "name", "scope")):
    """An environment or globals file; `values` are in the order of the file, with duplicates and disabled ones."""

    id: str = ""
    name: str = ""
    values: tuple[Variable, ...] = ()
    scope: str = "environment"
    source: JsonObject = field(default_factory=dict)
    origin: Origin | None = None

    def __getitem__(self, name: str) -> Json:
        """The value of the last enabled variable of this name; raises `KeyError`."""
        for variable in reversed(self.values):
            if variable.key == name and not variable.disabled:
                return variable.value
        raise KeyError(name)
