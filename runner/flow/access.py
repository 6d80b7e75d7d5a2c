"""What an item does with variables: each access with its scope, its name and the place in the collection."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass

VARIABLES = frozenset({"local", "data", "environment", "collection", "globals"})
"""The scopes in which a name without a scope is looked up."""

SCOPES = (*sorted(VARIABLES), "vault", "cookies", "script")
"""All scopes: `cookies` is the jar, `script` the global object that scripts share."""

ANY = "any"
"""The scope of a read that looks up a name in all of `VARIABLES`."""


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

    `refs` are the names in the text that is written: whoever reads the variable reads them, too. A write may be one that
    `removes` the variable.
    """

    scope: str
    name: str | None
    place: Place
    refs: tuple[str, ...] = ()
    removes: bool = False

    def __str__(self) -> str:
        what = "something" if self.name is None else repr(self.name)
        return f"{what} ({self.scope}) in {self.place}"


def scopes_seen(read: Access) -> frozenset[str]:
    """The scopes whose writes a read may see; what a script sets in the data is gone when the script ends."""
    return (VARIABLES if read.scope == ANY else frozenset({read.scope})) - {"data"}


def meets(read: Access, write: Access) -> bool:
    """Whether a read may see what a write left."""
    same_name = read.name is None or write.name is None or read.name == write.name
    return same_name and write.scope in scopes_seen(read)


ORDER = ("local", "data", "environment", "collection", "globals")
"""The order in which scopes are searched for a name."""

LAST = len(ORDER) + 1


def rank(scope: str) -> int:
    """The place of a scope in the order in which names are looked for; scopes with names of their own come last."""
    return ORDER.index(scope) if scope in ORDER else len(ORDER)


def precedes(one: Access, other: Access) -> bool:
    """Whether an access of an item comes before another one of the same item: by phase, or by line in the same script."""
    first, second = _phase(one.place), _phase(other.place)
    if first != second:
        return first < second
    same = one.place.owner == other.place.owner and one.place.part == other.place.part
    return same and one.place.line is not None and other.place.line is not None and one.place.line < other.place.line


def _phase(place: Place) -> int:
    """Before the request is made, while it is, or after it: only scripts have lines."""
    if place.line is None:
        return 1
    return 0 if place.part.startswith("prerequest") else 2
