"""The responses of a run as saved examples of its requests, in the form that the Postman app gives them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from typing import cast

from runner.deep_json import dumps, loads
from runner.events import Warned
from runner.formats.postman.v2 import dump_request
from runner.model.collection import Collection, Item
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.response import Response
from runner.results.execution import Execution
from runner.secrets import Secrets
from runner.secrets.mask import MASK
from runner.secrets.outgoing.masked import Masker

LONGEST_BODY = 100_000
"""Characters of a body that an example has at most."""

MOST = 10
"""Different responses to one request that one run leaves at most."""

REQUEST_KEYS = ("method", "header", "body", "url")
LANGUAGES = (("json", "json"), ("html", "html"), ("xml", "xml"), ("javascript", "javascript"), ("yaml", "yaml"))
_VOLATILE = re.compile(
    r"(?:date|age|expires|set-cookie2?|connection|keep-alive|transfer-encoding|content-length|content-encoding|via|"
    r"alt-svc|nel|report-to|server-timing|trace(?:parent|state)|cf-(?:ray|cache-status)|x-(?:cache|served-by|timer).*|"
    r"x-amz-(?:id-2|cf-.*)|x-b3-.*|.*(?:request|correlation|trace|transaction|span)-?id|"
    r"x-(?:runtime|response-time|envoy-.*)|(?:x-)?rate-?limit-(?:remaining|reset|used|retry-?after))",
    re.IGNORECASE,
)
"""Headers that differ from one response to the next, or tell how the body travelled, which an example does not keep."""


@dataclass(slots=True)
class Answers:
    """The different responses to one item, without the ends of long bodies, and how many there were that are not kept."""

    item: Item
    kept: list[Response] = field(default_factory=list)
    more: int = 0
    failed: int = 0


class Examples:
    """Collects the responses of a run and writes them into its collections.

    `mode` is `new` (beside the examples that are there), `replace` (in place of those with the same status) or `missing`
    (where there is none with this status). Secrets are masked unless `real_values` are asked for.
    """

    def __init__(self, secrets: Secrets, mode: str, *, real_values: bool) -> None:
        self._secrets, self._mode, self._real_values = secrets, mode, real_values
        self._answers: dict[int, Answers] = {}

    def keep(self, execution: Execution) -> None:
        """Take the response of an execution, with its real values; one that failed is counted only."""
        exchange = execution.own.exchange if execution.own else None
        if exchange is None:
            return
        item = execution.item
        answers = self._answers.setdefault(id(item.source), Answers(item))
        if execution.failed:
            answers.failed += 1
            return
        response = shortened(exchange.response, LONGEST_BODY + 2 * self._secrets.reach)
        if response in answers.kept:
            return
        if len(answers.kept) < MOST:
            answers.kept.append(response)
        else:
            answers.more += 1

    def keep_before(self, others: Callable[[Execution], object] | None) -> Callable[[Execution], object]:
        """A function that takes an execution for the examples and then for somebody else, who may be nobody."""

        def keep(execution: Execution) -> None:
            self.keep(execution)
            if others is not None:
                others(execution)

        return keep

    def written_into(self, collection: Collection, tell: Callable[[Warned], object]) -> Collection:
        """The collection with its examples, itself if it gets none; tells what did not become an example."""
        for warning in self._warnings(collection):
            tell(warning)
        items = self._entries(collection.source.get("item"))
        same = items is collection.source.get("item")
        return collection if same else replace(collection, source={**collection.source, "item": items})

    def _entries(self, entries: Json) -> Json:
        """The entries of a folder, themselves if nothing in them changes."""
        if isinstance(entries, dict):  # one object in place of a list counts as its only entry
            return self._entry(entries)
        if not isinstance(entries, list):
            return entries
        changed = [self._entry(entry) if isinstance(entry, dict) else entry for entry in entries]
        same = all(old is new for old, new in zip(entries, changed, strict=True))
        return entries if same else changed

    def _entry(self, source: JsonObject) -> JsonObject:
        if "item" in source:
            items = self._entries(source["item"])
            return source if items is source["item"] else {**source, "item": items}
        answers = self._answers.get(id(source))
        if answers is None or not answers.kept:
            return source
        there = source.get("response")
        before: list[Json] = there if isinstance(there, list) else []
        after = merged(before, self._made(answers), self._mode)
        return source if after == before else {**source, "response": after}

    def _made(self, answers: Answers) -> Iterator[JsonObject]:
        request = original_request(answers.item)
        masker = None if self._real_values else Masker(self._secrets.with_symbol(MASK))
        for response in answers.kept:
            if masker is None:
                yield example(loads(dumps(request)), response)
            else:
                yield example(cast(JsonObject, masker.of(request)), cast(Response, masker.of(response)))

    def _warnings(self, collection: Collection) -> Iterator[Warned]:
        """What of a collection did not become an example, and why."""
        answers = [self._answers[key] for key in _sources(collection.source.get("item")) if key in self._answers]
        failed = [one.item.name for one in answers if one.failed and not one.kept]
        if failed:
            yield Warned(code="example-of-failure", message=f"no example saved: {_listed(failed)} failed")
        several = [one.item.name for one in answers if one.more]
        if several:
            message = f"{MOST} examples saved of each: {_listed(several)} had more different responses"
            yield Warned(code="more-examples", message=message)


def _sources(entries: Json) -> Iterator[int]:
    for entry in entries if isinstance(entries, list) else [entries]:
        if isinstance(entry, dict):
            yield id(entry)
            yield from _sources(entry.get("item"))


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def original_request(item: Item) -> JsonObject:
    """The request of an example: method, headers, body and URL as the collection has them, with their variables."""
    dumped = dump_request(item.request)
    return {key: dumped[key] for key in REQUEST_KEYS if key in dumped}


def shortened(response: Response, most: int) -> Response:
    """What an example is made of: the start of a text, in UTF-8, and the headers that are the same the next time."""
    text, _ = response.text_start(most, response.charset or "utf-8") or ("", 0)
    headers = tuple(pair for pair in response.headers if not _VOLATILE.fullmatch(pair[0]))
    return Response(code=response.code, status=response.status, headers=headers, body=text.removeprefix("\ufeff").encode())


def example(request: JsonObject, response: Response) -> JsonObject:
    """A response as the app saves it, named after its status."""
    text, more = response.text_start(LONGEST_BODY) or ("", 0)
    kind = (response.header("content-type") or "").lower()
    name = f"{response.code} {response.status}".rstrip()
    return {
        "name": f"{name} (first {LONGEST_BODY // 1000} kB)" if more else name,
        "originalRequest": request,
        "status": response.status,
        "code": response.code,
        "_postman_previewlanguage": next((name for part, name in LANGUAGES if part in kind), "text"),
        "header": [{"key": key, "value": value} for key, value in response.headers],
        "cookie": [],
        "body": text,
    }


def merged(before: list[Json], made: Iterable[JsonObject], mode: str) -> list[Json]:
    """The examples of a request after a run; what is there already is not written twice, and names are unique."""
    after = list(before)
    fresh: list[JsonObject] = []
    codes = {_code(one) for one in before}
    for one in made:
        if one not in fresh and (mode != "missing" or one["code"] not in codes):
            fresh.append(one)
    if mode == "replace":
        return _replaced(after, fresh)
    for one in fresh:
        if not any(_says(old, one) for old in before):
            after.append({**one, "name": _unused(one["name"], after)})
    return after


def _replaced(after: list[Json], fresh: list[JsonObject]) -> list[Json]:
    """Each new example takes the place, the name and the ids of an old one with its status; old ones too many are gone."""
    codes = {one["code"] for one in fresh}
    waiting = list(fresh)
    kept: list[Json] = []
    for old in after:
        if not isinstance(old, dict) or _code(old) not in codes:
            kept.append(old)
            continue
        new = next((one for one in waiting if _code(one) == _code(old)), None)
        if new is not None:
            waiting.remove(new)
            own: JsonObject = {key: old[key] for key in ("id", "uid", "name") if key in old}
            kept.append(old if _says(old, new) else {**own, **new, **own})
    for one in waiting:
        kept.append({**one, "name": _unused(one["name"], kept)})
    return kept


def _code(example: Json) -> Json:
    return example.get("code") if isinstance(example, dict) else None


def _says(old: Json, new: JsonObject) -> bool:
    """Whether an example that is there says what a new one says: names, ids and other keys of the app do not count."""
    keys = ("originalRequest", "status", "code", "header", "body")
    return isinstance(old, dict) and all(old.get(key) == new[key] for key in keys)


def _unused(name: str, others: list[Json]) -> str:
    """The name with the first number that makes it unique, in whatever case: names become names of files in v3."""
    taken = {str(one.get("name")).lower() for one in others if isinstance(one, dict)}
    number, found = 2, name
    while found.lower() in taken:
        number, found = number + 1, f"{name} ({number})"
    return found
