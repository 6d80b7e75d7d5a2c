"""What a protocol is given, and what it has to do."""

from __future__ import annotations

import typing
from collections.abc import Callable

from runner.auth import TokenStore
from runner.cancel import Cancel
from runner.client.http import Client
from runner.clock import Clock
from runner.cookies.jar import CookieJar
from runner.effects import Performers, Step, Wish
from runner.entropy import Entropy
from runner.events import Event, ItemPlace
from runner.model.collection import Script
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.request import Auth
from runner.model.response import Cookie, Exchange, Response
from runner.options import RunOptions
from runner.protocols.phases import Phase, Phases
from runner.secrets import Secrets
from runner.variables.scopes import Scopes

if typing.TYPE_CHECKING:
    from runner.request.memo import Memo

Tell = Callable[[Event], None]


@dataclass(slots=True, kw_only=True)
class Parts:
    """What the protocols of one run are made from."""

    options: RunOptions
    clock: Clock
    entropy: Entropy
    secrets: Secrets
    client: Client
    jar: CookieJar
    tokens: TokenStore
    memo: Memo | None = None
    """What requests became before, where many users send the same ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a script sees of its item: the request as JSON of the collection format, the response and the cookies."""

    request: JsonObject
    response: Response | None = None
    cookies: tuple[Cookie, ...] = ()


See = Callable[[Script], Step[Seen]]
Take = Callable[[JsonObject], None]
"""Takes over a request that a script has changed; what it raises is the script's error."""


class RunScripts(typing.Protocol):
    """Runs the scripts of a phase, and tells whether the item ends with them: skipped, or by an error if they must pass."""

    def __call__(self, phase: Phase, see: See, take: Take | None = None) -> Step[bool]:
        """Run them; without `take` what they change in the request is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContext:
    """One execution of an item. `auth` and `behavior` are what it inherits.

    `source` becomes that of its `RequestFinished` events. `listened` has the phases for which there are scripts. `skip`
    says why it cannot be sent at all.
    """

    place: ItemPlace
    auth: Auth | None
    behavior: JsonObject
    source: str
    scopes: Scopes
    phases: Phases
    listened: frozenset[str]
    run_scripts: RunScripts
    skip: Callable[[str], None]


class World(typing.Protocol):
    """What the driver lends to performers: the limits of the run, and threads beside it."""

    cancel: Cancel

    def deadline(self) -> float | None:
        """The moment, by the monotonic clock, at which the run must be over."""

    def start(self, id: str, work: Callable[[Tell], Exchange]) -> None:
        """Do work on a thread; `WaitSends` gives its outcome, and tells its events before."""

    def perform_beside(self, wish: Wish) -> object:
        """Perform an effect on such a thread, where only waiting is allowed."""


class Protocol(typing.Protocol):
    """Sends the items of one kind in one run."""

    def steps(self, item: ItemContext) -> Step[Exchange | None]:
        """Send one item and run its scripts in all phases; a failure of the item is told as an event, never raised."""

    def add_performers(self, performers: Performers, world: World) -> None:
        """Add those who perform the protocol's own effects."""

    def remember(self) -> Callable[[], None]:
        """What brings the state that scripts see (cookies) back to what it is now."""
