"""The requests of a collection as a HAR file (1.2), as a run would send them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from runner.clock import Clock
from runner.engine.plan import make_plan
from runner.entropy import Entropy
from runner.errors import FileUnreadable
from runner.files import Files
from runner.foreign.har.request.multipart import fields_of
from runner.foreign.imported import Note
from runner.foreign.outgoing.outgoing import Maker, Outgoing
from runner.foreign.outgoing.texts import Base64, FileBytes, Hole, Text, filled, holes
from runner.foreign.written import ExportOptions, Written, file_name
from runner.formats.canonical.text import POSTMAN
from runner.formats.json_text import dump_json
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.model.quick_dataclass import replace
from runner.rules.text import text_of
from runner.variables.dynamic import DYNAMIC
from runner.version import __version__

NO_RESPONSE: JsonObject = {
    "status": 0, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
    "content": {"size": 0, "mimeType": "x-unknown"}, "redirectURL": "", "headersSize": -1, "bodySize": -1,
}  # fmt: skip
"""What stands for the response of a request that was not sent."""


def write(collection: Collection, options: ExportOptions) -> Written:
    """One file; the name of a secret stands in braces where its value would be."""
    return _Writing(collection, replace(options, resolve=True)).written()


class _Writing:
    """The file of one collection while it is made."""

    def __init__(self, collection: Collection, options: ExportOptions) -> None:
        self._collection, self._options = collection, options
        self._maker = Maker(collection, options)
        self._clock, self._entropy = Clock(), Entropy()
        self._start = datetime.fromtimestamp(self._clock.now(), UTC)
        self._files = Files(options.run.working_dir, not options.run.no_insecure_file_read, options.run.allow_read)
        self._notes: list[Note] = []

    def written(self) -> Written:
        """The file with everything in it."""
        outgoing = [self._maker.make(planned) for planned in make_plan(self._collection).items]
        folders = dict.fromkeys("/".join(one.planned.path) for one in outgoing if one.planned.path)
        ids = {folder: f"folder_{at}" for at, folder in enumerate(folders, 1)}
        pages = [
            {"startedDateTime": self._time(0), "id": id, "title": folder, "pageTimings": {}} for folder, id in ids.items()
        ]
        entries: list[JsonObject] = []
        for one in outgoing:
            entry = self._entry(one, len(entries))
            if entry is not None:
                folder = "/".join(one.planned.path)
                entries.append(({"pageref": ids[folder]} if folder else {}) | entry)
        gaps = "\n".join(f"{note.item}: {note.message}" for note in self._notes)
        log: JsonObject = {"version": "1.2", "creator": {"name": "postrunner", "version": __version__}}
        log |= {"pages": pages, "entries": entries, "comment": "\n".join(filter(None, (self._collection.name, gaps)))}
        return Written(
            files={file_name(self._collection.name, ".har"): dump_json({"log": log}, POSTMAN)}, notes=self._notes
        )

    def _entry(self, one: Outgoing, at: int) -> JsonObject | None:
        """The entry of a request; None for one that cannot be made."""
        before = len(self._notes)
        if one.error:
            self._gap(one, f"is left out: {one.error}")
            return None
        if one.auth is not None:
            self._gap(one, f"lacks the auth {one.auth.type}, which is computed when it is sent")
        if any(script for listen in one.planned.scripts for script in one.scripts(listen)):
            self._gap(one, "loses its scripts: a HAR file holds none")
        request = self._request(one)
        return {
            "startedDateTime": self._time(at),
            "time": 0,
            "request": request,
            "response": NO_RESPONSE,
            "cache": {},
            "timings": {"send": 0, "wait": 0, "receive": 0},
            "comment": "\n".join([one.path, *(note.message for note in self._notes[before:])]),
        }

    def _request(self, one: Outgoing) -> JsonObject:
        url = self._text(one.url)
        url = url if "://" in url else f"http://{url}"
        parts = urlsplit(url)
        headers = [(line.name, self._header(one, line.value)) for line in one.headers]
        if all(name.lower() != "host" for name, _ in headers):
            headers.insert(0, ("Host", parts.netloc.rpartition("@")[2]))
        body = None if one.body is None else self._body(one)
        if body is not None and all(name.lower() != "content-length" for name, _ in headers):
            headers.append(("Content-Length", str(len(body))))
        sent = [pair for name, value in headers if name.lower() == "cookie" for pair in value.split(";")]
        cookies = [pair.strip().partition("=")[::2] for pair in sent]
        type = next((value for name, value in headers if name.lower() == "content-type"), "")
        request: JsonObject = {
            "method": one.method,
            "url": url,
            "httpVersion": "HTTP/1.1",
            "cookies": _pairs(cookies),
            "headers": _pairs(headers),
            "queryString": _pairs(parse_qsl(parts.query, keep_blank_values=True)),
        }
        if body:
            request["postData"] = self._posted(one, body, type)
        return {**request, "headersSize": -1, "bodySize": 0 if body is None else len(body)}

    def _posted(self, one: Outgoing, body: bytes, type: str) -> JsonObject:
        """The body: fields of a multipart form, else its text."""
        kind = type.partition(";")[0].strip().lower()
        has_files = any(isinstance(piece, FileBytes) for piece in one.body or ())
        if kind == "multipart/form-data" and has_files:  # whose contents have no place
            text = filled(self._named(one.body or ()), self._made, lambda path: b"").decode("utf-8", "replace")
            rows = [
                {"name": part.name, "fileName": part.file_name, "contentType": part.content_type}
                if part.file_name is not None
                else {"name": part.name, "value": part.value, "contentType": part.content_type}
                for part in fields_of(text, type)
            ]
            return {"mimeType": type, "params": [{k: v for k, v in row.items() if v or k != "contentType"} for row in rows]}
        try:
            posted: JsonObject = {"mimeType": type, "text": body.decode()}
        except UnicodeDecodeError:
            self._gap(one, "has a body that is not text: a HAR file holds none")
            return {"mimeType": type, "text": ""}
        if kind == "application/x-www-form-urlencoded":
            posted["params"] = _pairs(parse_qsl(posted["text"], keep_blank_values=True))
        return posted

    def _body(self, one: Outgoing) -> bytes:
        def read(path: str) -> bytes:
            try:
                return self._files.read(path)
            except FileUnreadable:
                self._gap(one, f"lacks the content of the file {path}, which cannot be read")
                return b""

        return filled(self._named(one.body or ()), self._made, read)

    def _text(self, text: Text) -> str:
        return filled(self._named(text), self._made).decode("utf-8", "replace")

    def _header(self, one: Outgoing, text: Text) -> str:
        """The value of a header: what is not UTF-8 is Latin-1, as it is sent."""
        encoded = [piece.text for piece in text if isinstance(piece, Base64)]
        if names := [hole.name for part in encoded for hole in holes(part) if not self._is_made(hole.name)]:
            named = " and ".join(f"{{{{{name}}}}}" for name in names)
            self._gap(one, f"has {named} within base64: their values have to be there before that is made")
        data = filled(self._named(text), self._made)
        try:
            return data.decode()
        except UnicodeDecodeError:
            return data.decode("latin-1")

    def _named(self, text: Text) -> Text:
        """A text in which names in braces stand for the values that are not known, whatever is around them."""
        return tuple(
            Base64(self._named(piece.text))
            if isinstance(piece, Base64)
            else f"{{{{{piece.name}}}}}"
            if isinstance(piece, Hole) and not self._is_made(piece.name)
            else piece
            for piece in text
        )

    def _is_made(self, name: str) -> bool:
        """Whether a variable is a dynamic one, which gets a value of its own."""
        return name in DYNAMIC and name not in self._options.secrets

    def _made(self, name: str) -> str:
        return text_of(DYNAMIC[name](self._clock, self._entropy)) if self._is_made(name) else f"{{{{{name}}}}}"

    def _time(self, at: int) -> str:
        moment = self._start + timedelta(milliseconds=at)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _gap(self, one: Outgoing, message: str) -> None:
        self._notes.append(one.gap(message))


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[JsonObject]:
    return [{"name": name, "value": value} for name, value in pairs]
