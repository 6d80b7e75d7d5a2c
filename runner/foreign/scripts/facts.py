"""What the parser tells of a script (`runner/sandbox/libraries/chains.js`). Places are offsets in UTF-16 units."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class Argument(TypedDict):
    """An expression: where it starts and ends, its type, the text of a literal, an object's members, a list's items."""

    s: int
    e: int
    t: str
    v: NotRequired[str]
    o: NotRequired[list[tuple[str, Argument]]]
    items: NotRequired[list[Argument]]


class Element(TypedDict):
    """One step of a chain: a member (`n`; `x` is where a computed one stands), a call (`a`) or `=` with its right (`r`)."""

    n: NotRequired[str | None]
    x: NotRequired[tuple[int, int]]
    a: NotRequired[list[Argument]]
    r: NotRequired[Argument]
    e: NotRequired[int]


class Use(TypedDict):
    """A chain that begins with a name from outside. `given` elements come from another name for it, which is in the text.

    `role` is `=` or `changed` (`+=`, `delete`) for a target, `shorthand` for `{ name }`; `asked` stands after `typeof`.
    """

    root: str
    name: str
    start: int
    end: int
    line: int
    given: int
    elements: list[Element]
    role: str
    statement: int
    asked: bool


class Alias(TypedDict):
    """The declaration of a name for a chain; `whole` is a statement of nothing else, `names` is all that it declares."""

    name: str
    start: int
    end: int
    whole: tuple[int, int] | None
    names: list[str]


class Renamed(TypedDict):
    """A name of the script's own that the other API uses, and where it stands; the last says whether as `{ name }`."""

    name: str
    spots: list[tuple[int, int, bool]]


class Chains(TypedDict):
    """Everything of one script; `top` are the names that it declares outside of functions and blocks."""

    uses: list[Use]
    aliases: list[Alias]
    renamed: list[Renamed]
    top: list[str]


class Source:
    """A text that is cut by offsets in UTF-16 units; `chains` are the places where its uses begin."""

    def __init__(self, text: str, chains: frozenset[int] = frozenset()) -> None:
        self.text = text
        self.chains = chains
        self._units = None if text.isascii() or max(text) < "\U00010000" else text.encode("utf-16-le", "surrogatepass")
        self.length = len(text) if self._units is None else len(self._units) // 2

    def cut(self, start: int, end: int) -> str:
        """The text between two places."""
        if self._units is None:
            return self.text[start:end]
        return self._units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
