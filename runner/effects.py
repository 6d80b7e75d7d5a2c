"""What a step may ask of the world. A step is a generator that yields effects and events; one driver answers them.

`answer = yield from Send(…)` asks for an effect: its answer has the type that the effect names. An event is told by a plain
`yield`. An effect that fails is answered by throwing the named exception into the step.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Generic, Never, TypeVar

from runner.errors import PostrunnerError, RunAborted
from runner.events import Event, ItemPlace
from runner.model.discreet import Discreet
from runner.model.json import Json
from runner.model.payload import BodyBytes
from runner.model.quick_dataclass import dataclass
from runner.model.request import ProtocolProfileBehavior, Request
from runner.model.response import Cookie, Exchange

A = TypeVar("A")
T = TypeVar("T")


class Wish(Discreet):
    """Base of everything a step can ask for, whatever the answer is."""

    __slots__ = ()


class Effect(Wish, Generic[A]):
    """A wish that is answered with an `A`."""

    __slots__ = ()

    def __iter__(self) -> Generator[Effect[A], A, A]:
        return (yield self)


Step = Generator[Wish | Event, object, T]
"""A generator that asks, tells and returns a `T`; what it is sent is the answer to what it yielded last."""


class Lease:
    """The name of a connection that belongs to one authentication (NTLM, Negotiate) until it is done."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Send(Effect[Exchange]):
    """Send one resolved request and wait → `Exchange`; raises `RequestError`.

    `source` becomes that of the `RequestFinished` event (`auth` for a helper request of an auth flow). `learn` is called
    with the answer before the event is told, so that secrets in it can be masked. Requests that authenticate their
    connection and not themselves name it by one `lease`: they share it with nobody else.
    """

    request: Request
    behavior: ProtocolProfileBehavior = ProtocolProfileBehavior()
    source: str = "item"
    learn: Callable[[Exchange], None] | None = None
    lease: Lease | None = None


@dataclass(frozen=True, slots=True)
class StartSend(Effect[None]):
    """Start sending beside the running step, with its auth flow → None; the answer comes through `WaitSends`.

    `place` is that of the events that tell of it.
    """

    id: str
    request: Request
    place: ItemPlace
    behavior: ProtocolProfileBehavior = ProtocolProfileBehavior()


@dataclass(frozen=True, slots=True)
class WaitSends(Effect[tuple[tuple[str, Exchange | Exception], ...]]):
    """Wait until a started send ends or `timeout` ms passed → tuple of (id, `Exchange` or error), maybe empty."""

    timeout: float | None


@dataclass(frozen=True, slots=True)
class ReadFile(Effect[BodyBytes]):
    """Read a file that the collection names → bytes; raises `FileUnreadable`.

    A large one is a `Payload`, whose bytes are read when they are needed. A path that a script chose is only read in the
    working directory and the folders of `--allow-read`.
    """

    path: str
    by_script: bool = False


@dataclass(frozen=True, slots=True)
class ReadCode(Effect[bytes]):
    """Read a file for `pm.require`, in the folder of the collection → bytes; raises `FileUnreadable`."""

    path: str
    folder: str


@dataclass(frozen=True, slots=True)
class Sleep(Effect[None]):
    """Wait this many milliseconds → None."""

    ms: float


@dataclass(frozen=True, slots=True)
class Prompt(Effect[str]):
    """Show a text to the person at the terminal and, when an `answer` is wanted, wait for a line → str.

    Raises `AuthError` where nobody can answer: standard input is not a terminal, or the run is in CI.
    """

    text: str
    answer: bool = True


@dataclass(frozen=True, slots=True)
class WaitToken(Effect[None]):
    """Wait until nobody fetches the OAuth 2.0 token of this identity (or for a moment) → None."""

    identity: str


@dataclass(frozen=True, slots=True)
class AskScript(Effect[A]):
    """One message to the script child, answered within `timeout` ms → what `read` makes of its reply.

    `libraries` are loaded before. A child whose reply `read` refuses with a `SandboxError` is ended. Raises `TimeoutError`
    (the child was killed at the deadline) and `SandboxError` (it died, could not start, or gave a wrong reply).
    """

    message: Mapping[str, object]
    read: Callable[[Json], A]
    libraries: tuple[str, ...] = ()
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Compute(Effect[object]):
    """What a script asks of the helper processes (`crypto.subtle`, compression), answered within `timeout` ms → JSON.

    Raises `TimeoutError` (the process was killed at the deadline) and `SandboxError` (it died of what it was asked).
    """

    asked: Mapping[str, object]
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class CookiesFor(Effect[tuple[Cookie, ...]]):
    """The cookies that a request to this URL would carry."""

    url: str


@dataclass(frozen=True, slots=True)
class UseCookies(Effect[object]):
    """One operation on the cookie jar, by name, with JSON arguments → JSON."""

    operation: str
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class UseVault(Effect[object]):
    """Get, set or unset a value of the vault (`pm.vault`) → the value; raises PostrunnerError where there is none."""

    operation: str
    key: str
    value: object = None


class Performers:
    """Who performs which effect. An effect and its performer must agree on the type of the answer."""

    __slots__ = ("_by_kind",)

    def __init__(self) -> None:
        self._by_kind: dict[object, Callable[..., object]] = {}

    def add(self, kind: Callable[..., Effect[A]], perform: Callable[[Never], A]) -> None:
        """Let `perform` answer the effects of one class."""
        self._by_kind[kind] = perform

    @property
    def kinds(self) -> frozenset[object]:
        """The classes of effects that are answered."""
        return frozenset(self._by_kind)

    def perform(self, wish: Wish) -> object:
        """The answer to an effect; raises what its performer raises."""
        return self._by_kind[type(wish)](wish)


def driven(step: Step[T], answer: Callable[[Wish | Event], object]) -> Generator[None, None, T]:
    """Run a step bit by bit: after each thing that it yields and `answer` has answered, this yields, too.

    A `PostrunnerError` or `TimeoutError` of `answer` is thrown into the step; `RunAborted` and everything else end it.
    """
    reply: object = None
    failure: Exception | None = None
    try:
        while True:
            try:
                asked = step.throw(failure) if failure else step.send(reply)
            except StopIteration as stop:
                finished: T = stop.value
                return finished
            reply = failure = None
            try:
                reply = answer(asked)
            except RunAborted:
                raise
            except (PostrunnerError, TimeoutError) as error:
                failure = error
            yield
    finally:
        step.close()


def drive(step: Step[T], answer: Callable[[Wish | Event], object]) -> T:
    """Run a step to its end, as `driven` does, and give what it returns."""
    return to_end(driven(step, answer))


def to_end(moments: Generator[None, None, T]) -> T:
    """Go through all moments without a pause, and give what they return."""
    while True:
        try:
            next(moments)
        except StopIteration as stop:
            finished: T = stop.value
            return finished
