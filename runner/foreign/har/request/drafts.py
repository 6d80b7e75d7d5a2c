"""A recorded request on its way to an item: everything that a browser added is gone, every value is a slot."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import field
from urllib.parse import parse_qsl, urlsplit

from runner.foreign.har.document import Entry, Posted, PostedPart
from runner.foreign.har.noise import accepts_all, is_browsers
from runner.foreign.har.request.multipart import fields_of
from runner.foreign.har.request.slots import COOKIE, FORM, TEXT, Slot, header_slots, json_slots, path_slots, query_slots
from runner.model.quick_dataclass import dataclass
from runner.secrets.names import words

LANGUAGES = {"json": "json", "xml": "xml", "html": "html", "javascript": "javascript"}


@dataclass(slots=True, kw_only=True)
class Field:
    """A row of a form: a slot with its value, or a file."""

    slot: Slot
    file_name: str | None = None
    content_type: str = ""


@dataclass(slots=True, kw_only=True)
class Draft:
    """A request: `address` replaces the whole URL where a response gave it; `mode` is empty without a body."""

    entry: Entry
    origin: str
    address: str = ""
    path: list[Slot] = field(default_factory=list)
    query: list[tuple[str, Slot | None]] | None = None
    headers: list[Slot] = field(default_factory=list)
    cookies: list[Slot] = field(default_factory=list)
    mode: str = ""
    language: str = ""
    raw: list[str | Slot] = field(default_factory=list)
    form: list[Field] = field(default_factory=list)
    content: str = ""

    def slots(self) -> Iterator[Slot]:
        """All slots, those of the URL first."""
        yield from self.path
        yield from (slot for _, slot in self.query or () if slot is not None)
        yield from self.headers
        yield from self.cookies
        yield from (part for part in self.raw if isinstance(part, Slot))
        yield from (one.slot for one in self.form if one.file_name is None)

    @property
    def target(self) -> str:
        """Path and query as they will be written."""
        path = "".join(f"/{slot.written}" for slot in self.path)
        if self.query is None:
            return path
        return f"{path}?" + "&".join(key if slot is None else f"{key}={slot.written}" for key, slot in self.query)

    @property
    def raw_text(self) -> str:
        """The text of a raw body as it will be written."""
        return "".join(part.written if isinstance(part, Slot) else part for part in self.raw)


def draft_of(entry: Entry, *, all_headers: bool) -> Draft:
    """The draft of an entry; with `all_headers` only those of the connection are left out."""
    parts = urlsplit(entry.url)
    draft = Draft(entry=entry, origin=f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}")
    draft.path = path_slots(parts.path) if parts.path else []
    draft.query = query_slots(parts.query) if "?" in entry.url.partition("#")[0] else None
    if entry.posted is not None:
        _add_body(draft, entry.posted)
    kept = [(name, value) for name, value in entry.headers if _is_kept(name, value, draft, all_headers)]
    draft.headers = header_slots(tuple(kept))
    pairs = (pair.partition("=") for pair in entry.header("cookie").split(";") if pair.strip())
    draft.cookies = [
        Slot(where=COOKIE, name=name.strip(), text=value.strip(), written=value.strip()) for name, _, value in pairs
    ]
    return draft


_ALWAYS_MADE = words(
    "host content-length connection cookie transfer-encoding accept-encoding if-none-match if-modified-since"
)
"""Headers that the sender or the jar makes anew, and conditions that would hide the response."""


def _is_kept(name: str, value: str, draft: Draft, all_headers: bool) -> bool:
    lower = name.lower()
    if lower in _ALWAYS_MADE:
        return False
    if lower == "content-type":
        plain_form = draft.mode == "urlencoded" and value.strip().lower() == "application/x-www-form-urlencoded"
        return not (plain_form or draft.mode == "formdata")
    if all_headers:
        return True
    return not is_browsers(name) and not (lower == "accept" and accepts_all(value))


def _add_body(draft: Draft, posted: Posted) -> None:
    type = posted.type.lower()
    if posted.data is not None:
        draft.mode, draft.content = "file", b64encode(posted.data).decode()
    elif "multipart/form-data" in type:
        parts = posted.params or fields_of(posted.text, posted.type)
        if parts:
            draft.mode, draft.form = "formdata", [_field(part) for part in parts]
        elif posted.text:
            draft.mode, draft.raw = "raw", [posted.text]
    elif "x-www-form-urlencoded" in type:
        pairs = (
            parse_qsl(posted.text, keep_blank_values=True) if posted.text else [(p.name, p.value) for p in posted.params]
        )
        if pairs:
            draft.mode = "urlencoded"
            draft.form = [_field(PostedPart(name=name, value=value)) for name, value in pairs]
    elif posted.text:
        draft.mode = "raw"
        draft.language = next((name for word, name in LANGUAGES.items() if word in type), "text")
        is_json = draft.language == "json" or posted.text.lstrip()[:1] in ("{", "[")
        whole = Slot(where=TEXT, name="", text=posted.text, written=posted.text)
        draft.raw = json_slots(posted.text) if is_json else [whole]
    elif posted.params:
        draft.mode, draft.form = "urlencoded", [_field(part) for part in posted.params]


def _field(part: PostedPart) -> Field:
    slot = Slot(where=FORM, name=part.name, text=part.value, written=part.value)
    return Field(slot=slot, file_name=part.file_name, content_type=part.content_type)
