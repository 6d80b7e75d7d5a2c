"""Forwards calls that no example answers, and saves what comes back as examples, without secrets."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import cast
from urllib.parse import urlsplit

from runner.client.http import Client
from runner.client.proxies import environ_of
from runner.cookies.jar import CookieJar
from runner.errors import PostrunnerError, RequestError, UsageError
from runner.export.examples import LONGEST_BODY, example, merged, shortened
from runner.export.folders import export_folder, goes_into_folder
from runner.formats.load import load_collection
from runner.formats.postman.v2 import SCHEMA
from runner.formats.postman.v2_url import dump_url
from runner.formats.table import dump
from runner.mock.examples import Paths
from runner.mock.matching.paths import Segments
from runner.model.collection import Collection, Folder, Item
from runner.model.json import JsonObject
from runner.model.quick_dataclass import replace
from runner.model.request import PreparedRequest, ProtocolProfileBehavior
from runner.model.response import Response
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.outputs import write_text
from runner.protocols.http.discovery import learn_exchange, learn_prepared
from runner.rules.url import parse_url
from runner.secrets import MASK, Secrets
from runner.secrets.outgoing.masked import Masker
from runner.server.messages import Answer, Call, Refused
from runner.variables.scopes import Scopes

NOT_FORWARDED = frozenset(
    {"host", "connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding",
     "upgrade", "expect", "content-length", "prefer"}
)  # fmt: skip
"""Headers of a call that are for this server, beside all that begin with `x-mock-`."""

NOT_KEPT = frozenset({"accept-encoding", "user-agent", "cookie", "origin", "referer", "postman-token"})
"""Headers of a call that its example does not have: they say who called."""

PORTS = {"http": 80, "https": 443}


class Recorder:
    """Sends calls to an API and saves the answers in a collection's file, which is made if it is not there.

    May be called from several threads. `saved` is called after each that was saved. Raises `UsageError` for an address
    that is none, or a file that cannot be written as a collection.
    """

    def __init__(
        self, url: str, path: str, options: RunOptions, secrets: Secrets, saved: Callable[[], object] = lambda: None
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(
                f"{url!r} is not an address of an API", where="--record-missing", hint="such as https://api.example.com/v1"
            )
        self._url = url.rstrip("/")
        self._path = path
        self._secrets = secrets
        self.saved = saved
        self._saving = threading.Lock()
        self._client = Client(options, CookieJar(), environ=environ_of(options, os.environ))
        if os.path.exists(path):
            load_collection(path)  # tells now that it cannot be used

    def answer(self, call: Call, path: Segments) -> Answer:
        """The answer of the API to a call, which is saved; raises `Refused` if there is none."""
        prepared = self._prepared(call)
        learn_prepared(self._secrets, prepared)
        try:
            exchange = self._client.send(prepared)
        except RequestError as error:
            raise Refused(502, f"{self._url} gave no answer: {error}") from None
        learn_exchange(self._secrets, exchange)
        response = exchange.response
        told = f"recorded from {self._url}"
        try:
            with self._saving:  # each is added to what the file holds then
                self._save(call, path, response)
        except PostrunnerError as error:
            told = f"from {self._url}, not recorded: {error}"
        dropped = {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"}
        headers = tuple([header for header in response.headers if header[0].lower() not in dropped])
        return Answer(response.code, response.body, headers=headers, told=(told,))

    def close(self) -> None:
        """Close the connections to the API."""
        self._client.close()

    def _prepared(self, call: Call) -> PreparedRequest:
        parts = urlsplit(self._url)
        target = parts.path + call.target
        kept = [(k, v) for k, v in call.headers if k not in NOT_FORWARDED and not k.startswith("x-mock-")]
        length = [("content-length", str(len(call.body)))] if call.body or "content-length" in dict(call.headers) else []
        return PreparedRequest(
            method=call.method,
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            target=target,
            href=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{target}",
            headers=(("host", parts.netloc.rpartition("@")[2]), *kept, *length),
            body=call.body,
            has_body=bool(call.body),
            behavior=ProtocolProfileBehavior(follow_redirects=False, disable_cookies=True),
        )

    def _save(self, call: Call, path: Segments, response: Response) -> None:
        """Put the answer at the request that it is an answer to, or at a new one at the end; what is there stays."""
        collection = load_collection(self._path) if os.path.exists(self._path) else new_collection()
        variable, variables = _with_variable(collection, self._url)
        masker = Masker(self._secrets.with_symbol(MASK))
        request = cast(JsonObject, masker.of(self._request(call, f"{{{{{variable}}}}}{call.target}")))
        kept = cast(Response, masker.of(shortened(response, LONGEST_BODY + 2 * self._secrets.reach)))
        made = example(request, kept)
        item = next(_answering(collection, call.method, path), None)
        if item is None:
            name = f"{call.method} /{'/'.join(path)}"
            entry = {**cast(JsonObject, masker.of({"name": name, "request": request})), "response": [made]}
            items = [*_listed(collection.source.get("item")), entry]
        else:
            items = _with_example(_listed(collection.source.get("item")), item.source, made)
        changed = replace(collection, source={**collection.source, "item": items}, variables=variables)
        if goes_into_folder(self._path, changed):
            export_folder(self._path, changed)
        else:
            write_text(self._path, dump(changed, changed.origin, "collection"))
        self.saved()

    def _request(self, call: Call, url: str) -> JsonObject:
        kept = [(k, v) for k, v in call.headers if k not in NOT_FORWARDED | NOT_KEPT and not k.startswith("x-mock-")]
        found: JsonObject = {
            "method": call.method,
            "header": [{"key": key, "value": value} for key, value in kept],
            "url": dump_url(parse_url(url), None),
        }
        if call.body:
            found["body"] = {"mode": "raw", "raw": call.body.decode("utf-8", "replace")}
        return found


def new_collection() -> Collection:
    """A collection without a request."""
    source: JsonObject = {"info": {"name": "Recorded", "schema": SCHEMA}, "item": []}
    return Collection(id="", name="Recorded", source=source)


def _with_variable(collection: Collection, url: str) -> tuple[str, tuple[Variable, ...]]:
    """The name of the variable whose value is the address of the API, and the variables of a collection that has it."""
    values = {one.key: one.value for one in collection.variables if not one.disabled}
    for name, value in values.items():
        if isinstance(value, str) and value.rstrip("/") == url:
            return name, collection.variables
    name = next(name for name in ("baseUrl", *(f"baseUrl{n}" for n in range(2, len(values) + 3))) if name not in values)
    return name, (*collection.variables, Variable(name, url, source={"key": name, "value": url}))


def _answering(collection: Collection, method: str, path: Segments) -> Iterator[Item]:
    """The requests of a collection that a call may be: same method and path, with wildcards."""
    paths = Paths(Scopes(collection=collection.variables).get)
    found: list[tuple[int, int, Item]] = []
    for item in _items(collection.items):
        if item.request.method.upper() == method:
            fits = [fit for one in paths.patterns(item.request.url)[0] if (fit := one.fit(path)) is not None]
            found += [(min(fit.lost for fit in fits), len(found), item)] if fits else []
    yield from (item for _, _, item in sorted(found, key=lambda one: one[:2]))


def _items(entries: tuple[Folder | Item, ...]) -> Iterator[Item]:
    for entry in entries:
        if isinstance(entry, Folder):
            yield from _items(entry.items)
        else:
            yield entry


def _listed(value: object) -> list[JsonObject]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _with_example(entries: list[JsonObject], source: JsonObject, made: JsonObject) -> list[JsonObject]:
    """The entries with one more example at the item of this source."""
    changed = []
    for entry in entries:
        if entry is source:
            changed.append({**entry, "response": merged([*_listed(entry.get("response"))], [made], "new")})
        elif isinstance(entry, dict) and "item" in entry:
            changed.append({**entry, "item": _with_example(_listed(entry["item"]), source, made)})
        else:
            changed.append(entry)
    return changed
