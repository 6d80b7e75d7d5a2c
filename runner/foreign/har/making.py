"""Makes the collection of a recording: items in folders, variables for hosts, values and secrets, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from urllib.parse import urlsplit

from runner.foreign.har.document import Entry, Recording
from runner.foreign.har.examples import Examples
from runner.foreign.har.folders import grouped, keeps_order
from runner.foreign.har.recorded import Kept
from runner.foreign.har.request.items import auth_of, item_of
from runner.foreign.har.request.secret_values import SecretValues
from runner.foreign.har.request.slots import IN_JSON, IN_URL, PLAIN, Slot
from runner.foreign.har.values.links import Link
from runner.foreign.har.values.naming import Names, name_for, plain, resource_of
from runner.foreign.har.values.scripts import Setting, test_event
from runner.foreign.imported import Imported, Note
from runner.formats.format import Given
from runner.formats.places import Steps, lines_of
from runner.formats.postman.v2 import SCHEMA
from runner.model.json import JsonObject
from runner.secrets.names import names_a_secret


class Making:
    """Makes the collection of what was kept."""

    def __init__(self, recording: Recording, kept: Kept, values: Mapping[str, bool | int | str]) -> None:
        self._entries, self._pages, self._kept, self._values = recording.entries, recording.pages, kept, values
        self._names = Names()
        self._bases = self._base_names()
        self._variables: list[JsonObject] = [
            {"key": name, "value": origin, "type": "string"} for origin, name in self._bases.items()
        ]
        self._settings: dict[int, list[Setting]] = {}
        for link in sorted(kept.links, key=lambda one: one.giver):
            self._name(link)
        self._secrets = SecretValues(self._names)
        for at, draft in kept.drafts.items():
            self._secrets.learn(at, draft)
        self._secrets.put(kept.drafts.values())

    def _base_names(self) -> dict[str, str]:
        """A variable for each origin: `baseUrl` for the one with most requests, the others after their hosts."""
        counts = Counter(draft.origin for draft in self._kept.drafts.values())
        found: dict[str, str] = {}
        for origin, _ in counts.most_common():
            host = plain(urlsplit(origin).hostname or "host")
            found[origin] = self._names.unused("baseUrl" if not found else f"{host}_url")
        return found

    def imported(self, given: Given, title: str) -> Imported:
        """The collection, with notes on what it does not hold."""
        examples = Examples(self._entries, self._kept) if self._values.get("examples") else None
        auths = {at: auth_of(draft, self._secrets) for at, draft in self._kept.drafts.items()}
        shared = _shared(list(auths.values()))
        items: dict[int, JsonObject] = {}
        for at, draft in self._kept.drafts.items():
            auth = auths[at] if not shared else None if auths[at] == shared else {"type": "noauth"}
            items[at] = item_of(draft, self._bases[draft.origin], auth, follow=at not in self._kept.opened)
            status = self._entries[self._kept.last[at]].status
            event = test_event(200 if status == 304 else status, self._settings.get(at, []))
            if event is not None:
                items[at]["event"] = [event]
            if examples is not None:
                items[at]["response"] = examples.of(at, items[at])
        for name in self._secrets.items:
            self._declare(name, True, self._secrets.value_of(name) if self._values.get("secrets") else "")
        group = self._grouping(list(items))
        collection: JsonObject = {"info": {"name": title, "description": self._summary(), "schema": SCHEMA}}
        collection["item"] = grouped(list(items), items, group)
        if shared:
            collection["auth"] = shared
        collection["variable"] = self._variables
        paths = {at: "/".join(filter(None, (group(at), str(item["name"])))) for at, item in items.items()}
        return Imported(collection=collection, notes=self._notes(given, paths))

    def _name(self, link: Link) -> None:
        """Write the variables of a link into its slots, and have the test script of its giver set them."""
        drafts = self._kept.drafts
        uses = [(at, slot, self._form(link, slot)) for at, slot in link.uses if at in drafts]
        forms = dict.fromkeys(form for _, _, form in uses if form is not None)
        wanted = name_for(link.place, resource_of(urlsplit(drafts[link.giver].entry.url).path))
        names: dict[str, str] = {}
        for form in forms:
            ending = {IN_URL: "Encoded", IN_JSON: "Escaped"}.get(form, "") if len(forms) > 1 else ""
            names[form] = self._names.unused(wanted + ending, link.giver, link.last_use)
            self._settings.setdefault(link.giver, []).append(Setting(names[form], link.place, form))
            secret = names_a_secret(wanted) or any(names_a_secret(slot.name) for _, slot, _ in uses)
            self._declare(names[form], secret)
        for at, slot, found in uses:
            if link.addresses:
                base = "" if "://" in link.value else f"{{{{{self._bases[drafts[at].origin]}}}}}"
                drafts[at].address = f"{base}{{{{{names[PLAIN]}}}}}"
            elif found is not None:
                slot.put(link.value, names[found])

    @staticmethod
    def _form(link: Link, slot: Slot) -> str | None:
        """How a slot needs the value of a link written; None if another value stands there already."""
        form = PLAIN if link.addresses else slot.form_of(link.value)
        return PLAIN if form == IN_URL and _is_simple(link.value) else form

    def _declare(self, name: str, secret: bool, value: str = "") -> None:
        if all(variable["key"] != name for variable in self._variables):
            self._variables.append({"key": name, "value": value, "type": "secret" if secret else "string"})

    def _notes(self, given: Given, paths: Mapping[int, str]) -> list[Note]:
        found = [*self._losses()]
        steps: dict[Steps, int] = {("log", "entries", self._entries[at].at): at for at, _ in found}
        lines = {steps[one]: line for one, line in lines_of(given.text, steps).items()} if steps else {}
        return [Note(message, given.path, lines.get(at, 0), paths.get(at, "")) for at, message in found]

    def _losses(self) -> Iterator[tuple[int, str]]:
        """What the user has to give or to know, by places: secrets, files, and what is not a request of HTTP."""
        if not self._values.get("secrets"):
            for name, at in self._secrets.items.items():
                yield at, f"the secret {name} has no value: give it with --env-var or an environment"
        for at, draft in self._kept.drafts.items():
            for one in draft.form:
                if one.file_name is not None:
                    yield at, f"the content of the file {one.file_name!r} is not imported: put it beside the collection"
            if draft.mode == "file":
                yield at, "the body is not text: it is kept as base64, which the Postman app does not show"
        for at, entry in enumerate(self._entries):
            if entry.kind == "websocket" or entry.url.lower().startswith(("ws:", "wss:")):
                yield at, "a WebSocket connection is not imported"

    def _summary(self) -> str:
        left = ", ".join(f"{kind} {count}" for kind, count in self._kept.left_out.most_common() if count)
        text = f"{len(self._kept.drafts)} of {len(self._entries)} recorded requests."
        return f"{text} Left out: {left}." if left else text

    def _grouping(self, order: list[int]) -> Callable[[int], str]:
        """The names of folders by places; without a wish those by page or host that keep the order of the recording."""
        groups: dict[str, Callable[[int], str]] = {
            "page": lambda at: self._page(self._entries[at]),
            "host": lambda at: urlsplit(self._entries[at].url).netloc.rpartition("@")[2],
        }
        wanted = str(self._values.get("folders", "auto"))
        neighbours = list(pairwise(order))
        if wanted == "auto":
            fitting = (
                one for one in groups.values() if len({one(at) for at in order}) > 1 and keeps_order(order, one, neighbours)
            )
            return next(fitting, _no_folder)
        return groups.get(wanted, _no_folder)

    def _page(self, entry: Entry) -> str:
        title = self._pages.get(entry.page, "")
        if title.startswith(("http://", "https://")):
            parts = urlsplit(title)
            title = parts.path if parts.path.strip("/") else parts.netloc
        return title or entry.page


def _no_folder(at: int) -> str:
    return ""


def _is_simple(value: str) -> bool:
    """Whether no value of this kind has a character that a URL needs encoded: digits, a UUID, hexadecimal."""
    return all(one in "0123456789abcdefABCDEF-" for one in value)


def _shared(auths: list[JsonObject | None]) -> JsonObject | None:
    """The auth that every request with one has, if there are at least two; None if they differ."""
    found = [auth for auth in auths if auth is not None]
    return found[0] if len(found) > 1 and all(auth == found[0] for auth in found) else None
