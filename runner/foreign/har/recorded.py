"""Which entries of a recording become requests, and which of their values become variables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from urllib.parse import urlsplit

from runner.foreign.har.chains import followed, head_of
from runner.foreign.har.document import Entry
from runner.foreign.har.noise import ASSETS, COOKIES, PREFLIGHTS, UNSENT, noise
from runner.foreign.har.request.drafts import Draft, draft_of
from runner.foreign.har.request.slots import Slot
from runner.foreign.har.values.links import Link, Uses, links_in
from runner.model.quick_dataclass import dataclass

REPEATED, REDIRECTED = "repetitions", "followed redirects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of a recording is wanted beside the requests of a program; `hosts` are the only ones if there are any."""

    noise: bool = False
    headers: bool = False
    repeats: bool = False
    hosts: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Kept:
    """The requests to make, by the places of their entries; `last` is the place of the response that each of them gets.

    `opened` are redirects that must not be followed; `left_out` counts the others by what they are.
    """

    drafts: dict[int, Draft]
    links: list[Link]
    last: dict[int, int]
    opened: set[int]
    left_out: Counter[str] = field(default_factory=Counter)


def kept_of(entries: Sequence[Entry], choice: Choice) -> Kept:
    """The requests of a recording with their links.

    An entry that gives a value to a later request is kept, whatever it is; so is a redirect that nothing shows but itself.
    What is kept for such a reason may need values, too, so the search begins again with it.
    """
    kinds = {at: _kind(entry, entries, choice) for at, entry in enumerate(entries)}
    revived: set[int] = set()
    opened: set[int] = set()
    while True:
        kept = {at for at, kind in kinds.items() if not kind} | revived
        chains = followed(entries, kept, opened)
        drafts = {at: draft_of(entries[at], all_headers=choice.headers) for at in sorted(kept) if at not in chains}
        cookie_givers = _settle_cookies(entries, drafts, kept)
        givers = [at for at, kind in kinds.items() if at in kept or kind not in (PREFLIGHTS, UNSENT)]
        followers = [(at, draft_of(entries[at], all_headers=choice.headers)) for at in chains]
        links = links_in(entries, Uses(drafts, followers), givers)
        ends = {head_of(at, chains): at for at in sorted(chains)}
        hidden = _hidden(links, chains, ends)
        needed = ({link.giver for link in links} | cookie_givers) - kept
        if not (hidden - opened or needed - revived):
            break
        opened |= hidden
        revived |= needed
    found = Kept(drafts=drafts, links=links, last={at: ends.get(at, at) for at in drafts}, opened=opened)
    found.left_out.update(kind for at, kind in kinds.items() if kind and at not in kept)
    found.left_out[REDIRECTED] += len(chains)
    for link in links:
        link.giver = head_of(link.giver, chains)
    if not choice.repeats:
        _drop_repeats(found, entries)
    return found


def _hidden(links: Sequence[Link], chains: dict[int, int], ends: dict[int, int]) -> set[int]:
    """The redirects whose own responses give a value: a client that follows them gets only the last one, and cookies."""
    givers = {link.giver for link in links if link.place.kind != "cookie"}
    return {at for at in givers if at != ends.get(head_of(at, chains), at)}


def _kind(entry: Entry, entries: Sequence[Entry], choice: Choice) -> str:
    host = (urlsplit(entry.url).hostname or "").lower()
    if urlsplit(entry.url).scheme.lower() not in ("http", "https"):
        return ASSETS
    if choice.hosts and not any(host == one or host.endswith(f".{one}") for one in choice.hosts):
        return "of other hosts"
    if choice.noise:
        return ""
    found = noise(entry)
    if not found and not entry.status and any(one.status for one in entries):
        return UNSENT
    return found


def _settle_cookies(entries: Sequence[Entry], drafts: dict[int, Draft], kept: set[int]) -> set[int]:
    """Take the cookies that the jar will carry out of the drafts; returns other entries that have to be kept for them."""
    set_by: dict[str, list[int]] = {}
    for at, entry in enumerate(entries):
        for name, _ in entry.set_cookies:
            set_by.setdefault(name, []).append(at)
    needed: set[int] = set()
    for at, draft in drafts.items():
        left: list[Slot] = []
        for slot in draft.cookies:
            before = [giver for giver in set_by.get(slot.name, ()) if giver < at]
            if any(giver in kept for giver in before) or COOKIES.match(slot.name):
                continue
            if before:
                needed.add(before[-1])
            else:
                left.append(slot)
        draft.cookies = left
    return needed


_STAMPS = re.compile(r"_|_?t|ts|_?time|timestamp|cb|nocache|_?rnd|rand|random|cachebuster", re.IGNORECASE)
_STAMP = re.compile(r"\d{9,}|0?\.\d{6,}")
_CREDENTIALS = re.compile(r"authorization|.*(?:token|api-?key)", re.IGNORECASE)


def _drop_repeats(kept: Kept, entries: Sequence[Entry]) -> None:
    """Leave out what was sent before and answered alike, unless a later request needs what only this response gave."""
    givers = {link.giver for link in kept.links}
    seen: set[tuple[object, ...]] = set()
    for at, draft in list(kept.drafts.items()):
        query = tuple(
            (key, "" if slot is not None and _STAMPS.fullmatch(key) and _STAMP.fullmatch(slot.text) else slot and slot.text)
            for key, slot in draft.query or ()
        )
        key = (
            draft.entry.method,
            draft.origin,
            tuple(slot.text for slot in draft.path),
            query,
            draft.raw_text,
            draft.content,
            tuple((one.slot.name, one.slot.text, one.file_name) for one in draft.form),
            tuple((slot.name.lower(), slot.text) for slot in draft.headers if _CREDENTIALS.fullmatch(slot.name)),
            entries[kept.last[at]].status % 304 or 200,
        )
        if key in seen and at not in givers:
            del kept.drafts[at]
            kept.left_out[REPEATED] += 1
        seen.add(key)
    for link in kept.links:
        link.uses = [(at, slot) for at, slot in link.uses if at in kept.drafts]
    kept.links = [link for link in kept.links if link.uses]
