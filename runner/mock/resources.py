"""State by resource paths (`--stateful`): what POST to `/users` adds, GET of `/users` lists and `/users/{id}` gives.

The examples say how answers look and what there is at first; the state says what is in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from runner.deep_json import dumps, loads
from runner.entropy import Entropy
from runner.mock.matching.paths import Segments, without_slash
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass, replace
from runner.server.messages import Answer, Call, json_answer

ID_NAMES = ("id", "_id", "uuid")
"""The members that tell things apart; the first one that a thing has counts."""


First = Callable[[Segments], tuple[Answer, bool] | None]
"""The answer of the example of GET that fits a path, and whether it has that very path; None if there is none."""


@dataclass(slots=True)
class Things:
    """What there is at one path, in order; `name` is the member with the id, `listed` whether an example lists the path."""

    name: str = "id"
    listed: bool = False
    content: list[JsonObject] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    @property
    def known(self) -> bool:
        """Whether this is a path of resources at all."""
        return self.listed or bool(self.content) or bool(self.gone)

    def place(self, id: str) -> int | None:
        """Where the thing with this id is, None if it is not there."""
        return next((at for at, one in enumerate(self.content) if str(one.get(self.name)) == id), None)


class Resources:
    """The things of all paths; what there is at first comes from the examples that `first` gives."""

    def __init__(self, first: First, entropy: Entropy) -> None:
        self._first, self._entropy = first, entropy
        self._things: dict[Segments, Things] = {}

    def answer(self, call: Call, path: Segments, found: Answer | None) -> Answer | None:
        """The answer to a call by what there is, None for a thing that is not there; keeps what the call changes.

        `found` is the answer of the example that fits, None without one; it is given back if the call is about no resource.
        """
        path = without_slash(path)
        if call.method == "POST":
            return self._post(call, path, found)
        if call.method == "GET" and self._at(path).known and self._place(path) is None:
            return self._list(self._at(path), found)
        return self._one(call, path, found) if len(path) > 1 else found

    def _at(self, path: Segments) -> Things:
        things = self._things.get(path)
        if things is None:
            first = self._first(path)
            content = _list_in(_json(first[0])) if first and 200 <= first[0].status < 300 else None
            things = self._things[path] = Things(listed=content is not None)
            things.content = [dict(one) for one in content or ()]
            things.name = next((name for name in ID_NAMES if any(name in one for one in things.content)), "id")
        return things

    def _place(self, path: Segments) -> int | None:
        """Where the thing of a path is among those around it; an example that shows this very thing puts it there."""
        if len(path) < 2:
            return None
        things, id = self._at(path[:-1]), path[-1]
        at = things.place(id)
        if at is None and id not in things.gone and (first := self._first(path)) is not None and first[1]:
            shown = _json(first[0])
            if isinstance(shown, dict) and str(shown.get(things.name)) == id:
                things.content.append(shown)
                return len(things.content) - 1
        return at

    def _post(self, call: Call, path: Segments, found: Answer | None) -> Answer | None:
        """Add what a call sends, over what the example answers, with an id of its own."""
        sent, shape = _object(call.body), _json(found)
        if found is None or not 200 <= found.status < 300 or sent is None or not isinstance(shape, dict | None):
            return found
        things = self._at(path)
        if not things.known and not any(name in (shape or {}) for name in ID_NAMES):
            return found  # a call that does something, such as a login
        made: JsonObject = {**(shape or {}), **sent}
        if things.name not in sent or things.place(str(sent[things.name])) is not None:
            made[things.name] = self._new_id(things, (shape or {}).get(things.name))
        things.content.append(made)
        things.gone.discard(str(made[things.name]))
        return found if shape is None else _with(found, made)

    def _new_id(self, things: Things, shown: Json) -> Json:
        """The id of the example if it is free, else one like those that there are: the next number, or a UUID."""
        ids = [one.get(things.name) for one in things.content]
        if shown is not None and str(shown) not in map(str, ids):
            return shown
        numbers = [int(str(id)) for id in (*ids, *([] if shown is None else [shown])) if str(id).isdecimal()]
        if len(numbers) < len(ids):
            return self._entropy.uuid()
        following = max(numbers, default=0) + 1
        return str(following) if any(isinstance(id, str) for id in ids) else following

    def _list(self, things: Things, found: Answer | None) -> Answer:
        shape = _json(found)
        if found is None or not things.listed:
            return json_answer(things.content)
        if isinstance(shape, dict):
            name = next(name for name, value in shape.items() if isinstance(value, list))
            return _with(found, {**shape, name: [*things.content]})
        return _with(found, [*things.content])

    def _one(self, call: Call, path: Segments, found: Answer | None) -> Answer | None:
        things, id = self._at(path[:-1]), path[-1]
        at = self._place(path)
        if at is None:
            first = self._first(path)
            other = first is not None and first[1] and id not in things.gone  # such as /users/me
            return found if other or not things.known else None
        good = found if found is not None and 200 <= found.status < 300 else None
        if call.method == "DELETE":
            del things.content[at]
            things.gone.add(id)
            return good or Answer(204)
        if call.method in ("PUT", "PATCH"):
            sent = _object(call.body)
            if sent is None:
                return found
            before = things.content[at] if call.method == "PATCH" else {}
            things.content[at] = {**before, **sent, things.name: things.content[at][things.name]}
        elif call.method != "GET":
            return found
        one = things.content[at]
        if good is None:
            return json_answer(one)
        return _with(good, one) if isinstance(_json(good), dict) else good


def _with(answer: Answer, value: Json) -> Answer:
    return replace(answer, body=dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _json(answer: Answer | None) -> Json:
    """The value of an answer's body, None if it is not JSON."""
    if answer is None or not answer.body:
        return None
    try:
        value: Json = loads(answer.body.decode())
    except ValueError:
        return None
    return value


def _object(body: bytes) -> JsonObject | None:
    try:
        value = loads(body.decode())
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _list_in(value: Json) -> list[JsonObject] | None:
    """The list of objects that a body is, or the only one in an object that is not a thing itself."""
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list)]
        value = lists[0] if len(lists) == 1 and not any(name in value for name in ID_NAMES) else None
    if not isinstance(value, list):
        return None
    things = [one for one in value if isinstance(one, dict)]
    return things if len(things) == len(value) else None
