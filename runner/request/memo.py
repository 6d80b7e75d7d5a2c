"""Remembers what requests became: users of a load test send the same ones, most of them with the same values."""

from __future__ import annotations

from runner.entropy import Entropy
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass, replace
from runner.model.request import Auth, PreparedRequest, ProtocolProfileBehavior, Request
from runner.request.prepare import prepare
from runner.request.resolve import Resolved, resolve
from runner.rules.substitute import MISSING, Get
from runner.variables.scopes import Scopes

WITH_FILES = frozenset({"file", "formdata"})
"""Modes of bodies that files or a random boundary go into."""


@dataclass(slots=True)
class Known:
    """What a request became, as long as the variables in it have these values; `token` is the place of a random header."""

    request: Request
    values: dict[str, Json]
    resolved: Resolved
    behavior: ProtocolProfileBehavior | None = None
    prepared: PreparedRequest | None = None
    token: int = -1
    generation: int = 0

    def holds(self, get: Get) -> bool:
        """Whether each variable still has its value."""
        for name, value in self.values.items():
            now = get(name)
            if now is not value and (type(now) is not type(value) or now != value):
                return False
        return True


class Memo:
    """Keeps the last result for each request of the collection. Requests that scripts made are not remembered.

    What has a dynamic variable, a file or a boundary is made anew each time; of the rest only a random header is. Without
    `shows_sent` nobody sees requests as they were sent.
    """

    def __init__(self, *, shows_sent: bool) -> None:
        self.shows_sent = shows_sent
        self._behaviors: list[ProtocolProfileBehavior] = []
        self._known: dict[int, Known] = {}
        self._by_resolved: dict[int, Known] = {}
        self._with_auth: dict[tuple[int, int], tuple[Request, Auth, Request]] = {}

    def same_behavior(self, behavior: ProtocolProfileBehavior) -> ProtocolProfileBehavior:
        """One object for all users whose behavior is equal: what was prepared for one of them suits the others."""
        for known in self._behaviors:
            if known == behavior:
                return known
        self._behaviors.append(behavior)
        return behavior

    def with_auth(self, request: Request, auth: Auth, own: Request) -> Request:
        """The request with an auth that it inherits: the same object each time, unless a script changed the request."""
        if request is not own:
            return replace(request, auth=auth)
        key = id(request), id(auth)
        found = self._with_auth.get(key)
        if found is None:
            found = self._with_auth[key] = request, auth, replace(request, auth=auth)
        return found[2]

    def resolve(self, request: Request, scopes: Scopes, dynamic: Get, own: Request) -> Resolved:
        """As `runner.request.resolve` does it."""
        known = self._known.get(id(request))
        if known is not None and known.request is request and known.holds(scopes.get):
            return known.resolved
        if not self._is_kept(request, own):
            return resolve(request, scopes, dynamic, own)
        noted = Noted(scopes.get, dynamic)
        resolved = resolve(request, scopes, noted.dynamic, own, noted.get)
        if known is not None:
            self._by_resolved.pop(id(known.resolved.request), None)
            del self._known[id(request)]
        if noted.stays:
            self._known[id(request)] = self._by_resolved[id(resolved.request)] = Known(request, noted.values, resolved)
        return resolved

    def _is_kept(self, request: Request, own: Request) -> bool:
        if request.body is not None and request.body.mode in WITH_FILES:
            return False
        found = self._with_auth.get((id(own), id(request.auth)))
        return request is own or (found is not None and found[2] is request)

    def again(
        self, request: Request, behavior: ProtocolProfileBehavior, entropy: Entropy, generation: int = 0
    ) -> PreparedRequest | None:
        """The same as last time but for its random header; None if it has to be prepared.

        So it has if the secrets in it have to be learned again, which are of this `generation`.
        """
        known = self._by_resolved.get(id(request))
        if known is None or known.resolved.request is not request or known.behavior is not behavior:
            return None
        if known.generation != generation:
            known.generation = generation
            return None
        return _with_new_token(known.prepared, known.token, entropy) if known.prepared is not None else None

    def prepare(self, request: Request, behavior: ProtocolProfileBehavior, entropy: Entropy) -> PreparedRequest:
        """As `runner.request.prepare` does it."""
        known = self._by_resolved.get(id(request))
        if known is None or known.resolved.request is not request:
            return prepare(request, behavior, entropy)
        noted = NotedEntropy(entropy)
        prepared = prepare(request, behavior, noted)
        places = [at for at, (_, value) in enumerate(prepared.headers) if value in noted.given]
        if len(noted.given) == len(places) <= 1:
            known.behavior, known.prepared, known.token = behavior, prepared, places[0] if places else -1
        return prepared


def _with_new_token(prepared: PreparedRequest, at: int, entropy: Entropy) -> PreparedRequest:
    if at < 0:
        return prepared
    headers = prepared.headers
    return replace(prepared, headers=(*headers[:at], (headers[at][0], entropy.uuid()), *headers[at + 1 :]))


class Noted:
    """Writes down which variables a request read; `stays` is false if its text cannot be the same again."""

    def __init__(self, get: Get, dynamic: Get) -> None:
        self._get, self._dynamic = get, dynamic
        self.values: dict[str, Json] = {}
        self.stays = True

    def get(self, name: str) -> Json:
        """The value of a variable."""
        value = self._get(name)
        self.values[name] = value
        self.stays = self.stays and not isinstance(value, list | dict)
        return value

    def dynamic(self, name: str) -> Json:
        """The value of a dynamic variable."""
        value = self._dynamic(name)
        self.stays = self.stays and value is MISSING
        return value


class NotedEntropy(Entropy):
    """Writes down the random values that it gives; of other kinds an empty text, which no header is."""

    def __init__(self, source: Entropy) -> None:
        super().__init__()
        self._source = source
        self.given: list[str] = []

    def uuid(self) -> str:
        """A UUID of the source."""
        self.given.append(self._source.uuid())
        return self.given[-1]

    def integer(self, low: int, high: int) -> int:
        """A number of the source."""
        self.given.append("")
        return self._source.integer(low, high)

    def text(self, alphabet: str, length: int) -> str:
        """A text of the source."""
        self.given.append("")
        return self._source.text(alphabet, length)
