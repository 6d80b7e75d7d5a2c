"""Instructions for doing by hand what scripts do: what to copy where, and when to stop, repeat or skip."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from runner.manual_steps.chain import Chain
from runner.manual_steps.document import Code, Control, Entry, Line, Piece, StepLink, joined
from runner.manual_steps.values import Values
from runner.manual_steps.words import Words, is_told, names_in
from runner.model.json import JsonObject

Uses = Mapping[int, Sequence[str]]


class Told:
    """Actions as entries. `numbers` has the numbers of steps by the names and ids of their requests."""

    def __init__(self, words: Words, chain: Chain, values: Values, numbers: Mapping[str, int]) -> None:
        self._words = words
        self._chain = chain
        self._values = values
        self._numbers = numbers

    def entries(self, texts: Iterable[str], at: int | None, *, before: bool) -> Iterator[Entry]:
        """What to do before or after a request is sent; `at` is the index of its step, None for every step of a folder."""
        actions: list[JsonObject] = []
        for text in texts:
            if not self._chain.is_readable(text):
                yield Entry(("A script here cannot be read, so what it does is not told.",))
            actions += self._chain.actions(text)
        unique = list({json.dumps(one, sort_keys=True): one for one in actions}.values())
        for _, group in groupby(unique, key=lambda one: json.dumps(one["when"], sort_keys=True)):
            yield from self._group(list(group), at, before=before)

    def checks(self, texts: Iterable[str]) -> list[Line]:
        """The names of the tests, with the conditions under which they run."""
        found: dict[str, Line] = {}
        for action in (one for text in texts for one in self._chain.actions(text) if one["do"] == "test"):
            name = self._test_name(action["name"])
            when = self._words.when(action["when"]) if is_told(action["when"]) else ()
            found.setdefault(name, (name, *((" (if ", *when, ")") if when else ())))
        return list(found.values())

    def _group(self, actions: Sequence[JsonObject], at: int | None, *, before: bool) -> Iterator[Entry]:
        """The entries for consecutive actions under the same conditions."""
        for action in actions:
            if action["do"] == "set" and action["name"] in self._chain.wanted:
                yield Entry((*self._if(action), *self._set(action, at, before=before)))
            elif action["do"] == "unset" and action["name"] in self._chain.wanted and not before:
                yield Entry((*self._if(action), "Empty the variable ", self._words.code(action["name"]), "."))
            elif action["do"] == "send":
                yield Entry((*self._if(action), *self._send(action)))
            elif action["do"] in ("header", "unheader"):
                yield Entry((*self._if(action), *self._header(action)))
            elif action["do"] == "change":
                line: Line = ("Change the request as the script does: ", self._words.code(action["code"]), ".")
                yield Entry((*self._if(action), *line))
        line = self._way(actions)
        if line:
            yield Entry(line)

    def _if(self, action: JsonObject) -> Line:
        when = self._words.when(action["when"])
        return ("If ", *when, ": ") if when else ()

    def _set(self, action: JsonObject, at: int | None, *, before: bool) -> Line:
        name, value = self._words.code(action["name"]), action["value"]
        uses = self._chain.uses(action["name"], at, before=before) if at is not None else {}
        used: Line = (" (needed in ", *joined(self._places(uses), ", ", " and "), ")") if uses else ()
        if value is None:
            return ("The script sets the variable ", name, *used, ".")
        plain = value["of"] if value["is"] == "encoded" else value
        if plain["is"] in ("body", "header", "cookie", "text", "either"):
            return ("Copy ", *self._words.value(value), " into the variable ", name, *used, ".")
        return ("Set the variable ", name, " to ", *self._words.value(value), *used, ".")

    def _places(self, uses: Uses) -> list[Line]:
        return [
            (StepLink(at + 1), ": ", *joined([_part(part, self._words) for part in parts], ", ", " and "))
            for at, parts in uses.items()
        ]

    def _send(self, action: JsonObject) -> Line:
        method = (Control(self._values.text(action["method"])), " ") if action["method"] else ()
        return ("In another tab, send ", *method, *self._words.value(action["url"]), ": the script does so, too.")

    def _header(self, action: JsonObject) -> Line:
        name = self._words.code(action["name"])
        if action["do"] == "unheader":
            return ("In ", Control("Headers"), " remove ", name, ".")
        return ("In ", Control("Headers"), " add ", name, " with ", *self._words.value(action["value"]), ".")

    # -- what comes next ----------------------------------------------------------------------------------------------

    def _way(self, actions: Sequence[JsonObject]) -> Line:
        """The line about what follows this request, or about not sending it."""
        found = {one["do"]: one for one in actions if one["do"] in ("stop", "skip", "next", "wait", "run")}
        what: list[Line] = []
        if stop := found.get("stop"):
            return self._stop(stop)
        if "skip" in found:
            what.append(("leave this step out",))
        goes = found.get("next")
        if goes and (not _ends(goes) or self._is_for_people(goes["when"])):
            pause = found.get("wait")
            wait: Line = (", after a wait of ", *self._words.value(pause["ms"]), " ms") if pause else ()
            what.append((*self._next(goes["to"]), *wait))
        if "run" in found:
            what.append(("send also ", *self._request(found["run"]["to"])))
        when = self._words.when(actions[0]["when"])
        if not what:
            return ()
        line = joined(what, "; ")
        return ("If ", *when, ": ", *line, ".") if when else (*_capital(line), ".")

    def _is_for_people(self, conditions: Sequence[JsonObject]) -> bool:
        """Whether a person can decide if conditions hold: not if they involve variables that only scripts use."""
        return is_told(conditions) and not names_in(conditions) & self._chain.kept_by_scripts

    def _stop(self, stop: JsonObject) -> Line:
        message = stop["message"]
        text: Line = ()
        if message is not None and all(one["is"] == "constant" for one in message.get("of") or [message]):
            text = (": ", self._values.text(str(message.get("value"))))
        if "test" in stop and not self._is_for_people(stop["when"]):
            return ("Stop here unless this holds: ", self._test_name(stop["test"]), *text, ".")
        when = self._words.when(stop["when"])
        return ("If ", *when, ": stop here", *text, ".") if when else ("Stop here", *text, ".")

    def _next(self, to: JsonObject) -> Line:
        if to["is"] == "constant" and to["value"] is None:
            return ("stop here",)
        if to["is"] == "self":
            return ("send this request again",)
        return ("go on with ", *self._request(to))

    def _request(self, to: JsonObject) -> Line:
        if to["is"] == "self":
            return ("this request",)
        if to["is"] == "either":
            return joined([self._request(one) for one in to["of"]], ", ", " or ")
        if to["is"] != "constant":
            return ("the request that the script names: ", *self._words.value(to))
        name = str(to["value"])
        shown = Code(self._values.name(name))
        return (StepLink(self._numbers[name]), " (", shown, ")") if name in self._numbers else (shown,)

    def _test_name(self, name: JsonObject) -> str:
        parts = name["of"] if name["is"] == "joined" else [name]
        text = "".join(str(one["value"]) if one["is"] == "constant" else "…" for one in parts)
        return self._values.test_name(text)


def _part(part: str, words: Words) -> Line:
    """The name of a part of a request."""
    if part in PARTS:
        return (PARTS[part],)
    kind, _, name = part.rpartition(" ")
    return ("the ", kind, " ", words.code(name)) if kind else (part,)


def _ends(action: JsonObject) -> bool:
    return bool(action["to"]["is"] == "constant" and action["to"]["value"] is None)


PARTS = {"URL": "the URL", "body": "the body", "auth": "Authorization", "method": "the method"}


def _capital(line: Line) -> Line:
    first: Piece = line[0] if line else ""
    return (first[:1].upper() + first[1:], *line[1:]) if isinstance(first, str) else line
