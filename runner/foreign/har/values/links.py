"""Values that a response gave and a later request has: the rule that makes variables of a recording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from runner.foreign.har.document import Entry
from runner.foreign.har.request.drafts import Draft
from runner.foreign.har.request.slots import Slot, pieces_of
from runner.foreign.har.values.evidence import ANYWHERE, BY_NAME, NONE, WHOLE, agrees, strength
from runner.foreign.har.values.places import Place, places_in
from runner.model.quick_dataclass import dataclass

SHORTEST_ADDRESS = 12
"""Characters of the shortest address that is taken from a response as a whole."""

_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Link:
    """A value that the response at `giver` has at `place`, and the slots of later requests, with the places of these.

    An `addresses` link is a whole address, or path and query, of the requests.
    """

    value: str
    giver: int
    place: Place
    uses: list[tuple[int, Slot]]
    addresses: bool = False

    @property
    def last_use(self) -> int:
        """The place of the last request that has the value."""
        return max((at for at, _ in self.uses), default=self.giver)


class Uses:
    """The values of all requests, with the slots that hold them."""

    def __init__(self, drafts: Mapping[int, Draft], others: Iterable[tuple[int, Draft]] = ()) -> None:
        self._slots: dict[str, list[tuple[int, Slot]]] = {}
        self.addresses: dict[str, list[int]] = {}
        self._sent: dict[str, int] = {}
        for at, draft in drafts.items():
            for slot in draft.slots():
                self._add(at, slot)
            parts = urlsplit(draft.entry.url)
            target = parts.path + ("?" + parts.query if parts.query else "")
            for address in (f"{draft.origin}{target}", target):
                if len(address) >= SHORTEST_ADDRESS and not parts.fragment:
                    self.addresses.setdefault(address, []).append(at)
        for at, draft in others:
            for slot in draft.slots():
                for text in {slot.text, slot.whole}:
                    self._sent[text] = min(at, self._sent.get(text, at))
        self.wanted = frozenset((*self._slots, *self.addresses))

    def _add(self, at: int, slot: Slot) -> None:
        for text in dict.fromkeys((slot.text, slot.whole, *pieces_of(slot.text))):
            whole = text in (slot.text, slot.whole)
            if strength(text) >= (BY_NAME if whole else ANYWHERE):
                self._slots.setdefault(text, []).append((at, slot))

    def meant(self, text: str, place: Place) -> list[tuple[int, Slot]]:
        """The slots in which a value is the one of this place, by what it is or by the names."""
        found = self._slots.get(text, [])
        weight = strength(text)
        if weight == NONE:
            return []
        if weight == BY_NAME:
            return [(at, slot) for at, slot in found if agrees(slot, place.name, text)]
        return [(at, slot) for at, slot in found if weight == ANYWHERE or text in (slot.text, slot.whole)]

    def sent_before(self, text: str, giver: int) -> bool:
        """Whether a request that is not kept had the value before a response gave it."""
        return strength(text) > BY_NAME and self._sent.get(text, giver + 1) <= giver


def links_in(entries: Sequence[Entry], uses: Uses, givers: Iterable[int]) -> list[Link]:
    """What the responses at `givers` give to later requests, each value from the first response that has it."""
    found: dict[str, Link] = {}
    own: set[str] = set()
    for giver in givers:
        hits: dict[str, list[Place]] = {}
        for text, place in places_in(entries[giver], uses.wanted):
            if text not in found and text not in own:
                hits.setdefault(text, []).append(place)
        for text, places in hits.items():
            link = _address_link(text, places, giver, uses) or _link(text, places, giver, uses, own)
            if link is not None:
                found[text] = link
    return sorted(found.values(), key=lambda link: (not link.addresses, -len(link.value)))


def _address_link(text: str, places: list[Place], giver: int, uses: Uses) -> Link | None:
    """A link of a whole address that a response gave: it is one by its beginning, and no request had it before."""
    at = uses.addresses.get(text)
    if at is None or min(at) <= giver or not (_ABSOLUTE.match(text) or "?" in text):
        return None
    place = min(places, key=lambda one: one.uncertainty)
    return (
        None
        if place.pattern
        else Link(value=text, giver=giver, place=place, uses=[(one, _NOWHERE) for one in at], addresses=True)
    )


_NOWHERE = Slot(where="address", name="", text="", written="")


def _link(text: str, places: list[Place], giver: int, uses: Uses, own: set[str]) -> Link | None:
    best: tuple[int, Place, list[tuple[int, Slot]]] | None = None
    for place in places:
        slots = uses.meant(text, place)
        if not slots or (strength(text) == BY_NAME and place.kind == "text" and not place.name):
            continue
        if min(at for at, _ in slots) <= giver or uses.sent_before(text, giver):
            if strength(text) >= WHOLE:
                own.add(text)  # the client knew it: it is an input, or a constant
            continue
        later = [(at, slot) for at, slot in slots if at > giver]
        doubt = place.uncertainty - 20 * any(agrees(slot, place.name, text) for _, slot in later)
        if later and (best is None or doubt < best[0]):
            best = (doubt, place, later)
    return None if best is None else Link(value=text, giver=giver, place=best[1], uses=best[2])
