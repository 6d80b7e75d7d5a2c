"""What Bruno's files say, whether they are `.bru` or OpenCollection's YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from runner.errors import InvalidDocument
from runner.model.collection import Item
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass
from runner.rules.tags import plain_tag, tags_of

INHERIT, NONE = "inherit", "none"


@dataclass(slots=True)
class Row:
    """A pair of a table: a header, a parameter, a variable, an assertion.

    The `kind` of a field of a form is text or file, that of a variable may be number, boolean or object.
    """

    name: str
    value: str = ""
    enabled: bool = True
    description: str = ""
    line: int = 0
    kind: str = "text"
    files: tuple[str, ...] = ()
    content_type: str = ""
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A script and the line of the file in which it begins."""

    text: str
    line: int = 0


@dataclass(slots=True)
class Authorization:
    """How a request is authorized: Bruno's name of the type, and its values by the names of `.bru` files.

    `more` are parameters of OAuth 2.0: for which request, and whether in headers, query or body.
    """

    mode: str
    values: Mapping[str, str] = field(default_factory=dict)
    more: list[tuple[str, str, Row]] = field(default_factory=list)


@dataclass(slots=True)
class Body:
    """The body of a request: Bruno's name of the mode, and what that has: a text, or rows. An `unused` one is not sent."""

    mode: str = NONE
    text: str = ""
    variables: str = ""
    rows: list[Row] = field(default_factory=list)
    unused: bool = False


@dataclass(slots=True)
class Example:
    """A saved response with the request that it answers."""

    name: str
    request: Request
    code: int = 200
    status: str = ""
    headers: list[Row] = field(default_factory=list)
    body: str = ""


@dataclass(slots=True, kw_only=True)
class Level:
    """What a collection, a folder and a request have in common; `file` is where it stands, `seq` its place, 0 if unknown.

    `variables` are those of before the request, `captured` are taken from the response. `before`, `after` and `tests` are
    its scripts, `strange` the blocks that a collection has nothing for, with their lines.
    """

    name: str
    file: str = ""
    seq: float = 0
    docs: str = ""
    tags: list[str] = field(default_factory=list)
    headers: list[Row] = field(default_factory=list)
    auth: Authorization = field(default_factory=lambda: Authorization(INHERIT))
    variables: list[Row] = field(default_factory=list)
    captured: list[Row] = field(default_factory=list)
    before: Code = Code("")
    after: Code = Code("")
    tests: Code = Code("")
    strange: list[tuple[str, int]] = field(default_factory=list)

    @property
    def description(self) -> str:
        """What is said about it, with its tags as postrunner knows them: `@smoke`, unless name or text say them already."""
        owner = Item(id="", name=self.name, source={"description": self.docs})
        known = {plain_tag(tag) for tag in tags_of(owner)}
        tags = [f"@{tag}" for tag in self.tags if plain_tag(tag) not in known]
        return "\n\n".join(filter(None, (self.docs, " ".join(tags))))


@dataclass(slots=True, kw_only=True)
class Request(Level):
    """A request. `protocol` is another one than HTTP, which a collection cannot hold; `others` are bodies not chosen."""

    method: str = "GET"
    url: str = ""
    query: list[Row] = field(default_factory=list)
    path: list[Row] = field(default_factory=list)
    body: Body = field(default_factory=Body)
    others: list[Body] = field(default_factory=list)
    asserts: list[Row] = field(default_factory=list)
    settings: Mapping[str, Json] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    protocol: str = ""
    line: int = 0


@dataclass(slots=True, kw_only=True)
class Folder(Level):
    """A folder, or the whole collection."""

    items: list[Folder | Request] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Environment:
    """The variables of one environment; those that are secret have no values."""

    name: str
    file: str = ""
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Tree:
    """Everything of a collection; `sandwich` says that scripts behind a response run from the inside out, as Bruno does.

    `unread` tells of files that are not requests, with their places.
    """

    root: Folder
    environments: list[Environment] = field(default_factory=list)
    sandwich: bool = True
    unread: list[InvalidDocument] = field(default_factory=list)
