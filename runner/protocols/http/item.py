"""One HTTP item: pre-request scripts, the request with its auth, test scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from runner.auth import AuthContext, authorize
from runner.effects import AskScript, CookiesFor, Step
from runner.errors import AuthError, FileUnreadable, PostrunnerError, RequestError, SandboxError, VariableError
from runner.events import RequestFailed, Warned
from runner.formats.postman.v2 import dump_request, parse_request
from runner.model.collection import Item, Script
from runner.model.json import JsonObject
from runner.model.payload import BodyBytes
from runner.model.request import Auth, ProtocolProfileBehavior, Request
from runner.model.response import Exchange
from runner.protocols.http.told import told
from runner.protocols.protocol import ItemContext, Parts, Seen
from runner.request.files import NAMES_CONTENT, load_files, show_file, source_of, without_shown
from runner.request.paths import Paths
from runner.request.resolve import Resolved, resolve
from runner.request.sent import with_sent_url
from runner.rules.substitute import substitute
from runner.rules.url import url_text
from runner.sandbox.bundles import bundle_files
from runner.sandbox.protocol import read_dynamic
from runner.variables.dynamic import LIBRARY, DynamicValues

STRICT_HINT = "without --strict-variables it is sent as it stands"


class AuthStates:
    """What auth flows remember (nonces, counters): for an item's own auth, or for all items that inherit one."""

    def __init__(self) -> None:
        self._states: dict[int, dict[str, object]] = {}

    def of(self, owner: Item | Auth | None) -> dict[str, object]:
        """The state that belongs to an item or to an inherited auth, which must live as long as this."""
        return self._states.setdefault(id(owner), {})


class HttpItem:
    """One execution of an item."""

    __slots__ = ("_auth_states", "_behavior", "_context", "_exchange", "_parts", "_request", "_sent", "_shown")

    def __init__(
        self, context: ItemContext, parts: Parts, behavior: ProtocolProfileBehavior, auth_states: AuthStates
    ) -> None:
        self._context = context
        self._parts = parts
        self._behavior = behavior
        self._auth_states = auth_states
        self._request = context.place.item.request
        self._sent: Request | None = None
        self._exchange: Exchange | None = None
        self._shown: tuple[str, BodyBytes] | None = None

    def steps(self) -> Step[Exchange | None]:
        """Run the item to its end; a failing request never stops its test scripts (Postman)."""
        before, after = self._context.phases
        if not (yield from self._context.run_scripts(before, self._see_template, self._take)):
            yield from self._send()
            yield from self._context.run_scripts(after, self._see_sent)
        return self._exchange

    # -- scripts ------------------------------------------------------------------------------------------------

    def _see_template(self, script: Script) -> Step[Seen]:
        """The request before its variables are replaced; a file that is its body is shown where the script asks for it."""
        cookies = yield from CookiesFor(self._filled(url_text(self._request.url)))
        request = dump_request(self._request)
        if NAMES_CONTENT in script.exec:
            paths = Paths(self._context.place.item.request, self._context.scopes)
            if source := self._file_source(paths):
                request, content = yield from show_file(request, source, source in paths.by_script)
                self._shown = None if content is None else (source, content)
        return Seen(request=request, cookies=cookies)

    def _see_sent(self, script: Script) -> Step[Seen]:
        """The request as it was sent, with its response."""
        seen, exchange = self._sent or self._request, self._exchange
        href = exchange.hops[-1].href if exchange and exchange.hops else url_text(seen.url)
        cookies = yield from CookiesFor(self._filled(href))
        return Seen(request=dump_request(seen), response=exchange.response if exchange else None, cookies=cookies)

    def _take(self, changed: JsonObject) -> None:
        request = parse_request(without_shown(changed))
        self._request = replace(request, id=self._request.id, name=self._request.name)

    def _filled(self, url: str) -> str:
        try:
            return substitute(url, self._context.scopes.get)
        except VariableError:  # the request itself will fail with it
            return ""

    def _file_source(self, paths: Paths) -> str:
        """The path of the file that is the body, with the values that its variables have now."""
        try:
            return paths.fill(source_of(self._request.body))
        except VariableError:
            return ""  # told when the request is resolved

    # -- the request --------------------------------------------------------------------------------------------

    def _send(self) -> Step[None]:
        context, parts, options = self._context, self._parts, self._parts.options
        auth = self._request.auth or context.auth
        try:
            own = self._request if auth is self._request.auth else self._with_auth(auth)
            resolved = yield from self._resolve(own)
        except TimeoutError:
            yield self._failed(self._request, SandboxError("the script engine did not answer in time"))
            return
        except (VariableError, SandboxError) as error:
            yield self._failed(self._request, error)
            return
        yield from self._warn(resolved)
        try:
            request = yield from load_files(resolved.request, options.strict_files, self._shown, resolved.by_script)
        except FileUnreadable as error:
            yield self._failed(resolved.request, error)
            return
        self._sent = request
        surroundings = AuthContext(
            clock=parts.clock,
            entropy=parts.entropy,
            behavior=self._behavior,
            source=context.source,
            state=self._auth_states.of(context.place.item if self._request.auth else context.auth),
            tokens=parts.tokens,
            learn=parts.secrets.add,
        )
        try:
            self._exchange = yield from told(authorize(request.auth, request, surroundings), context.place)
            self._sent = self._exchange.sent or request
        except (AuthError, FileUnreadable) as error:
            yield self._failed(request, error)
        except RequestError as error:  # its RequestFinished event has the error already
            self._sent = error.sent or request
        if context.phases[1].listen in context.listened:
            prepared = self._exchange.request if self._exchange and self._exchange.sent else None
            encode = not self._behavior.disable_url_encoding
            self._sent = with_sent_url(self._sent, encode=encode, prepared=prepared)

    def _with_auth(self, auth: Auth | None) -> Request:
        memo, own = self._parts.memo, self._context.place.item.request
        return memo.with_auth(self._request, auth, own) if memo and auth else replace(self._request, auth=auth)

    def _resolve(self, request: Request) -> Step[Resolved]:
        """The request without variables; the script child is asked for the dynamic ones that its library makes."""
        memo, scopes = self._parts.memo, self._context.scopes
        dynamic = DynamicValues(self._parts.clock, self._parts.entropy)
        while True:
            resolved = (memo.resolve if memo else resolve)(request, scopes, dynamic, self._context.place.item.request)
            if not dynamic.wanted:
                break
            message, read = {"op": "dynamic", "names": dynamic.wanted}, partial(read_dynamic, dynamic.wanted)
            dynamic.supply((yield from AskScript(message, read, bundle_files(LIBRARY))))
        if resolved.unresolved and self._parts.options.strict_variables:
            raise VariableError("; ".join(map(self._without_value, resolved.unresolved)), hint=STRICT_HINT)
        if locked := list(filter(scopes.in_postman_vault, resolved.unresolved)):
            raise VariableError("; ".join(map(self._without_value, locked)))
        return resolved

    def _without_value(self, name: str) -> str:
        token = f"{{{{{name}}}}}"
        if name.startswith("vault:") or self._context.scopes.in_vault(name):
            return f"the value of {token} is in a vault, which only the Postman app can open: give it with --env-var"
        return f"the variable {token} has no value"

    def _warn(self, resolved: Resolved) -> Iterator[Warned]:
        place = self._context.place
        where = "/".join((*place.path, place.item.name))
        for name in resolved.unresolved:
            message = f"{self._without_value(name)}: it is sent as it stands"
            yield Warned(code="unresolved-variable", message=message, where=where, cursor=place.cursor)
        for doubt in resolved.doubts:
            yield Warned(code="doubtful-json", message=doubt, where=where, cursor=place.cursor)

    def _failed(self, request: Request, error: PostrunnerError) -> RequestFailed:
        place = self._context.place
        return RequestFailed(cursor=place.cursor, item=place.item, path=place.path, request=request, error=error)
