"""What an item does with variables: each access with its scope, its name and the place in the collection."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass

VARIABLES = frozenset({"local", "data", "environment", "collection", "globals"})
"""The scopes in which a name is looked for that names none."""

SCOPES = (*sorted(VARIABLES), "vault", "cookies", "script")
"""All scopes: `cookies` is the jar, `script` what scripts leave in their common global object."""

ANY = "any"
"""The scope of a read that looks for a name in all of `VARIABLES`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an access stands: `path` is that of the item, `part` its URL, a header, its body, auth or a kind of script.

    `owner` is the name of the collection, folder or item that carries a script, `line` the one in that script, from 1.
    """

    path: str
    part: str
    owner: str = ""
    line: int | None = None

    def __str__(self) -> str:
        script = f" of {self.owner!r}, line {self.line}" if self.line is not None else ""
        return f"{self.path}: {self.part}{script}"


@dataclass(frozen=True, slots=True)
class Access:
    """One read or write of a variable; a `name` of None may be any name of the scope.

    `refs` are the names in the text that is written: who reads the variable reads them, too.
    """

    scope: str
    name: str | None
    place: Place
    refs: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = "something" if self.name is None else repr(self.name)
        return f"{what} ({self.scope}) in {self.place}"


def meets(read: Access, write: Access) -> bool:
    """Whether a read may see what a write left; what a script sets in the data is gone with the script."""
    if write.scope == "data":
        return False
    same_scope = read.scope == write.scope or (read.scope == ANY and write.scope in VARIABLES)
    return same_scope and (read.name is None or write.name is None or read.name == write.name)
