"""What Insomnia's exports say, whatever their version."""

from __future__ import annotations

from dataclasses import field

from runner.foreign.entries import Entry
from runner.model.quick_dataclass import dataclass


@dataclass(slots=True)
class Row:
    """A header, a parameter or a field of a form. `kind` of a field is text or file; `value` is None without a `=`."""

    name: str
    value: str | None = ""
    enabled: bool = True
    description: str = ""
    line: int = 0
    kind: str = "text"
    file: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A script and the line of the file in which it begins; `in_lines` says that its lines are the file's."""

    text: str = ""
    line: int = 0
    in_lines: bool = False


@dataclass(slots=True)
class Body:
    """The body of a request; `type` is None if it says nothing, which is not the same as an empty text."""

    type: str | None = None
    text: str = ""
    rows: list[Row] = field(default_factory=list)
    file: str = ""
    line: int = 0
    in_lines: bool = False


@dataclass(slots=True)
class Settings:
    """How a request is sent; the values here are Insomnia's defaults."""

    encode_url: bool = True
    render_body: bool = True
    send_cookies: bool = True
    store_cookies: bool = True
    follow_redirects: str = "global"


@dataclass(slots=True, kw_only=True)
class Level:
    """What folders and requests have in common; `auth` is Insomnia's own object, empty where it is inherited."""

    id: str
    name: str
    description: str = ""
    place: float = 0
    line: int = 0
    headers: list[Row] = field(default_factory=list)
    auth: Entry = field(default_factory=lambda: Entry(None))
    before: Code = field(default_factory=Code)
    after: Code = field(default_factory=Code)


@dataclass(slots=True, kw_only=True)
class Test:
    """A unit test: code that sends its request and looks at the answer."""

    name: str
    request: str
    code: Code


@dataclass(slots=True, kw_only=True)
class Request(Level):
    """A request; `protocol` is another one than HTTP."""

    method: str = "GET"
    url: str = ""
    url_line: int = 0
    query: list[Row] = field(default_factory=list)
    path: list[Row] = field(default_factory=list)
    body: Body = field(default_factory=Body)
    settings: Settings = field(default_factory=Settings)
    protocol: str = ""
    tests: list[Test] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Folder(Level):
    """A folder, with the variables that only its requests see."""

    items: list[Folder | Request] = field(default_factory=list)
    variables: Entry = field(default_factory=lambda: Entry(None))


@dataclass(slots=True, kw_only=True)
class Environment:
    """The variables of an environment: any JSON, at any depth."""

    name: str
    variables: Entry


@dataclass(slots=True, kw_only=True)
class Workspace:
    """One collection: the base environment, those below it, and what no collection can hold, as notes with lines."""

    name: str
    description: str = ""
    items: list[Folder | Request] = field(default_factory=list)
    base: Environment | None = None
    environments: list[Environment] = field(default_factory=list)
    left_out: list[tuple[str, int]] = field(default_factory=list)
