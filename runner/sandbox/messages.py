"""The types of what the runner and the script child say to each other, once `protocol.py` has checked it."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from runner.model.json import Json, JsonArray, JsonObject


class Marks(TypedDict, total=False):
    """What is known of a variable beside its value, type and state."""

    secret: bool
    undefined: bool


Row: TypeAlias = tuple[str, Json, str, bool] | tuple[str, Json, str, bool, Marks]
"""A variable: key, value, type, whether it is disabled, marks. JSON has a list, whose places have types of their own."""


class ErrorTold(TypedDict):
    """What a script threw."""

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
    """All variables of a scope anew."""

    operation: Literal["assign"]
    scope: str
    rows: list[Row]


class Set(TypedDict):
    """One variable set."""

    operation: Literal["set"]
    scope: str
    key: str
    value: Json
    secret: NotRequired[bool]


class Unset(TypedDict):
    """One variable removed."""

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
    """An operation of `pm.vault`, whose first argument is a key."""

    kind: Literal["vault"]
    id: str
    operation: str
    arguments: list[str]


class ComputeAsk(TypedDict):
    """An operation of `crypto.subtle` or a compression stream; a helper gets it as it is."""

    kind: Literal["subtle", "pack"]
    id: str
    operation: str
    given: NotRequired[JsonObject]
    format: NotRequired[str]
    data: NotRequired[str]


class DatasetsAsk(TypedDict):
    """An operation of `pm.datasets`, which this runner does not have."""

    kind: Literal["datasets", "stream"]
    id: str


Ask: TypeAlias = SendAsk | ItemAsk | CookiesAsk | VaultAsk | ComputeAsk | DatasetsAsk


class NextTold(TypedDict):
    """`setNextRequest`; None ends the iteration."""

    name: str | None


class ScriptReply(TypedDict):
    """A reply of a script; what is not required comes when it is done."""

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
    """The answer to an ask: a value, or an error with its message and what Node tells of it."""

    id: str
    value: NotRequired[object]
    error: NotRequired[JsonObject]
