"""Types of the messages between the runner and the script child, after `protocol.py` has checked them."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from runner.model.json import Json, JsonArray, JsonObject


class Marks(TypedDict, total=False):
    """Attributes of a variable that only some variables have."""

    secret: bool
    undefined: bool


Row: TypeAlias = tuple[str, Json, str, bool] | tuple[str, Json, str, bool, Marks]
"""A variable: key, value, type, whether it is disabled, and perhaps its marks. In JSON it is a list."""


class ErrorTold(TypedDict):
    """An error that a script threw."""

    name: str
    message: str
    stack: str
    line: NotRequired[int | None]
    column: NotRequired[int | None]


class AssertionTold(TypedDict):
    """The outcome of a test."""

    kind: Literal["assertion"]
    name: str
    index: int
    passed: bool
    skipped: bool
    asynchronous: bool
    error: ErrorTold | None


class ConsoleTold(TypedDict):
    """A line of the console."""

    kind: Literal["console"]
    level: str
    messages: JsonArray
    text: list[str]


EventTold: TypeAlias = AssertionTold | ConsoleTold


class Assign(TypedDict):
    """Replaces all variables of a scope."""

    operation: Literal["assign"]
    scope: str
    rows: list[Row]


class Set(TypedDict):
    """Sets one variable."""

    operation: Literal["set"]
    scope: str
    key: str
    value: Json
    secret: NotRequired[bool]


class Unset(TypedDict):
    """Removes one variable."""

    operation: Literal["unset"]
    scope: str
    key: str


Change: TypeAlias = Assign | Set | Unset


class SendAsk(TypedDict):
    """`pm.sendRequest`."""

    kind: Literal["send"]
    id: str
    request: JsonObject
    ignored: NotRequired[str]


class ItemAsk(TypedDict):
    """`pm.execution.runRequest`."""

    kind: Literal["item"]
    id: str
    item: str
    variables: dict[str, Json]


class CookiesAsk(TypedDict):
    """An operation on the cookie jar."""

    kind: Literal["cookies"]
    id: str
    operation: str
    arguments: JsonArray


class VaultAsk(TypedDict):
    """An operation of `pm.vault`; its first argument is the key."""

    kind: Literal["vault"]
    id: str
    operation: str
    arguments: list[str]


class ComputeAsk(TypedDict):
    """An operation of `crypto.subtle` or of a compression stream, handed to a helper process unchanged."""

    kind: Literal["subtle", "pack"]
    id: str
    operation: str
    given: NotRequired[JsonObject]
    format: NotRequired[str]
    data: NotRequired[str]


class DatasetsAsk(TypedDict):
    """An operation of `pm.datasets`, which this runner does not support."""

    kind: Literal["datasets", "stream"]
    id: str


Ask: TypeAlias = SendAsk | ItemAsk | CookiesAsk | VaultAsk | ComputeAsk | DatasetsAsk


class NextTold(TypedDict):
    """`setNextRequest`; None ends the iteration."""

    name: str | None


class ScriptReply(TypedDict):
    """A script's reply; the optional fields come only with the last one."""

    run: int
    done: bool
    wait: float | None
    asks: list[Ask]
    events: list[EventTold]
    changes: list[Change]
    error: NotRequired[ErrorTold | None]
    next: NotRequired[NextTold]
    skip: NotRequired[bool]
    request: NotRequired[JsonObject]
    visualizer: NotRequired[JsonObject]


class Answer(TypedDict):
    """The answer to an ask: a value, or an error with its message and the fields of a Node error."""

    id: str
    value: NotRequired[object]
    error: NotRequired[JsonObject]
