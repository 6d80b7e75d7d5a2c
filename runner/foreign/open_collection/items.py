"""What OpenCollection says about requests, folders, collections and environments, in the words of Bruno's `.bru` files."""

from __future__ import annotations

from runner.foreign.bruno.model import (
    INHERIT,
    NONE,
    Body,
    Code,
    Environment,
    Example,
    Folder,
    Level,
    Request,
    Row,
)
from runner.foreign.entries import Entry
from runner.foreign.imported import Note
from runner.foreign.open_collection.authorization import authorization

PROTOCOLS = {"grpc": "gRPC", "websocket": "WebSocket"}
MODES = {"form-urlencoded": "formUrlEncoded", "multipart-form": "multipartForm"}
"""OpenCollection's names of bodies that `.bru` files call otherwise."""
NOT_CARRIED = {"script": "a file of scripts", "app": "an app"}


class Reading:
    """The reading of one collection, with what cannot be carried over."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self._extends: dict[str, str] = {}

    # -- levels -------------------------------------------------------------------------------------------------------

    def collection(self, top: Entry, root: Folder, file: str) -> None:
        """Fill in what is said about the whole collection."""
        info = top.get("info")
        root.name = info.text("name") or root.name
        root.file = file
        root.docs = "\n\n".join(filter(None, (info.text("summary"), _described(top.get("docs")))))
        self._defaults(top.get("request"), root, NONE)
        config = top.get("config")
        for key, option in (("proxy", "--proxy"), ("clientCertificates", "--ssl-client-cert-list")):
            given = config.get(key)
            if given.value and not given.flag("disabled") and (key != "proxy" or given.get("config").text("hostname")):
                self._note(f"config.{key} is none of a collection: give {option}", given, file)

    def folder(self, top: Entry, folder: Folder, file: str) -> None:
        """Fill in what `folder.yml`, or a folder in a bundled file, says."""
        info = top.get("info")
        folder.name = info.text("name") or folder.name
        folder.seq = _number(info)
        folder.tags = [str(tag.value) for tag in info.get("tags")]
        folder.file = file
        folder.docs = _docs(top)
        self._defaults(top.get("request"), folder, INHERIT)

    def _defaults(self, request: Entry, level: Folder, otherwise: str) -> None:
        level.headers = [_row(one) for one in request.get("headers")]
        level.auth = authorization(request.get("auth"), otherwise)
        self._runtime(request, level)
        if request.get("settings").value:
            self._note(f"the settings of {level.name} are none of a folder", request.get("settings"), level.file)

    def _runtime(self, runtime: Entry, level: Level) -> None:
        """Variables, actions and scripts."""
        level.variables = [_variable(one) for one in runtime.get("variables")]
        for action in runtime.get("actions"):
            if action.text("type") == "set-variable" and action.text("phase", "after-response") == "after-response":
                row = _row(action)
                row.name = action.get("variable").text("name")
                row.value = action.get("selector").text("expression")
                level.captured.append(row)
            else:
                self._note(f"an action of the phase {action.text('phase')} has no counterpart", action, level.file)
        places = {"before-request": "before", "after-response": "after", "tests": "tests"}
        for script in runtime.get("scripts"):
            place = places.get(script.text("type"))
            code = script.get("code")
            if place is None:
                self._note(f"a script of the type {script.text('type')} has no counterpart", script, level.file)
            elif isinstance(code.value, str):
                earlier: Code = getattr(level, place)
                text = f"{earlier.text}\n\n{code.value}" if earlier.text else code.value
                setattr(level, place, Code(text, earlier.line or code.line))

    def _note(self, message: str, entry: Entry, file: str) -> None:
        self.notes.append(Note(message, file, entry.line))

    # -- items --------------------------------------------------------------------------------------------------------

    def bundled(self, top: Entry, file: str) -> list[Folder | Request]:
        """The items that a file has in itself, by their places."""
        found = []
        for at, entry in enumerate(top.get("items"), 1):
            one = self.item(entry, file, f"Item {at}")
            if one is not None:
                one.seq = one.seq or at
                found.append(one)
        return sorted(found, key=lambda one: one.seq)

    def item(self, entry: Entry, file: str, name: str) -> Folder | Request | None:
        """A folder or a request; anything else is a note."""
        info = entry.get("info")
        type = info.text("type") or entry.text("type")
        kinds = ("http", "graphql", *PROTOCOLS)
        kind = type if type in kinds else next((one for one in kinds if not type and entry.get(one)), "")
        if type == "folder" or (not type and entry.get("items")):
            folder = Folder(name=info.text("name") or name)
            self.folder(entry, folder, file)
            folder.items = self.bundled(entry, file)
            return folder
        if not kind:
            what = NOT_CARRIED.get(type) or (f"an item of the type {type}" if type else "not an item of OpenCollection")
            self._note(f"{info.text('name') or name} is {what}: it is not carried over", entry, file)
            return None
        return self._request(entry, kind, file, info.text("name") or name)

    def _request(self, entry: Entry, kind: str, file: str, name: str) -> Request:
        info, asked, runtime = entry.get("info"), entry.get(kind), entry.get("runtime")
        request = Request(name=name, file=file, line=entry.get(kind).line, seq=_number(info), docs=_docs(entry))
        request.tags = [str(tag.value) for tag in info.get("tags")]
        request.protocol = PROTOCOLS.get(kind, "")
        request.method = asked.text("method") or ("POST" if kind == "graphql" else "GET")
        request.auth = authorization(asked.get("auth") or runtime.get("auth"), NONE)
        self._asked(asked, request)
        if kind == "graphql":
            body = self._chosen(asked.get("body"), "body", request)
            request.body = Body("graphql", body.text("query"), body.text("variables"))
        self._runtime(runtime, request)
        request.asserts = [_assertion(one) for one in runtime.get("assertions")]
        settings = entry.get("settings")
        request.settings = settings.value if isinstance(settings.value, dict) else {}
        request.examples = [self._example(one, request) for one in entry.get("examples")]
        return request

    def _asked(self, asked: Entry, request: Request) -> None:
        """URL, headers, parameters and body, which requests and those of examples have."""
        request.url = asked.text("url")
        request.headers = [_row(one) for one in asked.get("headers")]
        for param in asked.get("params"):
            (request.path if param.text("type") == "path" else request.query).append(_row(param))
        request.body = self._body(self._chosen(asked.get("body"), "body", request))

    def _chosen(self, given: Entry, key: str, request: Request) -> Entry:
        """The variant that is selected, else the first; the others are a note."""
        if not isinstance(given.value, list):
            return given
        variants = list(given)
        chosen = next((one for one in variants if one.flag("selected")), variants[0] if variants else Entry(None))
        for one in variants:
            if one is not chosen:
                self._note(f"the {key} {one.text('title')} of {request.name} is not the selected one", one, request.file)
        return chosen.get(key)

    def _body(self, body: Entry) -> Body:
        type, data = body.text("type"), body.get("data")
        mode = MODES.get(type, type or NONE)
        if mode == "formUrlEncoded":
            return Body(mode, rows=[_row(one) for one in data])
        if mode == "multipartForm":
            return Body(mode, rows=[_field(one) for one in data])
        if mode == "file":
            return Body(mode, rows=[_file(one) for one in data])
        return Body(mode, body.text("data"))

    def _example(self, entry: Entry, request: Request) -> Example:
        given, answer = entry.get("request"), entry.get("response")
        asked = Request(name="", file=request.file, method=given.text("method") or request.method)
        self._asked(given, asked)
        asked.url = asked.url or request.url
        code = answer.text("status", "200")
        return Example(
            entry.text("name") or "Example",
            asked,
            code=int(code) if code.isascii() and code.isdigit() else 200,
            status=answer.text("statusText"),
            headers=[_row(one) for one in answer.get("headers")],
            body=answer.get("body").text("data"),
        )

    # -- environments -------------------------------------------------------------------------------------------------

    def environments(self, entries: Entry, file: str) -> list[Environment]:
        """Those that a file has in a list."""
        return self.extended([self.environment(one, file, "Environment") for one in entries])

    def environment(self, entry: Entry, file: str, name: str) -> Environment:
        """The variables of one environment; those of a vault are secret, too."""
        found = Environment(name=entry.text("name") or name, file=file)
        found.rows = [_variable(one) for one in entry.get("variables")]
        for one in entry.get("externalSecrets").get("variables"):
            row = _row(one)
            row.secret, row.value = True, ""
            found.rows.append(row)
        if entry.text("extends"):
            self._extends[found.name] = entry.text("extends")
        return found

    def extended(self, environments: list[Environment]) -> list[Environment]:
        """The same, each with the variables of the one that it extends and does not have itself."""
        by_name = {one.name: one for one in environments}
        for one in environments:
            seen, outer = {one.name}, self._extends.get(one.name, "")
            while outer and outer in by_name and outer not in seen:
                seen.add(outer)
                own = {row.name for row in one.rows}
                one.rows += [row for row in by_name[outer].rows if row.name not in own]
                outer = self._extends.get(outer, "")
        return environments


def _docs(entry: Entry) -> str:
    return "\n\n".join(filter(None, (_described(entry.get("info").get("description")), _described(entry.get("docs")))))


def _described(entry: Entry) -> str:
    """A description: a text, or an object with one."""
    content = entry.get("content").value if isinstance(entry.value, dict) else entry.value
    return content if isinstance(content, str) else ""


def _number(info: Entry) -> float:
    seq = info.get("seq").value
    return seq if isinstance(seq, (int, float)) and not isinstance(seq, bool) else 0


def _row(entry: Entry) -> Row:
    return Row(
        entry.text("name"),
        entry.text("value"),
        enabled=not entry.flag("disabled"),
        description=_described(entry.get("description")),
        line=entry.line,
    )


def _variable(entry: Entry) -> Row:
    """A variable: its value is a text, one with a type, or several of which one is selected."""
    row = _row(entry)
    value = entry.get("value")
    variants = list(value)
    if variants:
        value = next((one for one in variants if one.flag("selected")), variants[0]).get("value")
    row.secret = entry.flag("secret")
    given = value.get("data") if isinstance(value.value, dict) else value
    row.value = "" if row.secret else Entry({"text": given.value}).text("text")
    return row


def _assertion(entry: Entry) -> Row:
    row = _row(entry)
    row.name = entry.text("expression")
    row.value = f"{entry.text('operator', 'eq')} {entry.text('value')}".strip()
    return row


def _field(entry: Entry) -> Row:
    row = _row(entry)
    row.content_type = entry.text("contentType")
    if entry.text("type") == "file":
        value = entry.get("value")
        row.kind = "file"
        row.files = tuple(str(one.value) for one in value) or ((row.value,) if row.value else ())
    return row


def _file(entry: Entry) -> Row:
    row = _row(entry)
    row.enabled = entry.flag("selected")
    row.content_type = entry.text("contentType")
    row.files = (entry.text("filePath"),) if entry.text("filePath") else ()
    return row
