"""A curl command as requests of a collection: one for each URL of each operation, in the order in which curl sends them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import field
from urllib.parse import quote

from runner.foreign.curl.address import Target, as_latin1, check_url, parse_target
from runner.foreign.curl.arguments import Operation, Refused, operations
from runner.foreign.curl.bodies.data import PIECES, Data, data_of, query_of
from runner.foreign.curl.bodies.form_parts import Part, parts_of
from runner.foreign.curl.bodies.forms import FORM_TYPE, form_body, form_bytes
from runner.foreign.curl.computed import Computed
from runner.foreign.curl.credentials import auth_of
from runner.foreign.curl.globbing import MOST, globbed
from runner.foreign.curl.headers import Headers, add_body_headers, headers_of, is_form
from runner.foreign.curl.local import Local
from runner.foreign.curl.settings import settings_of
from runner.foreign.curl.shells.command import Command
from runner.foreign.curl.shells.variables import ShellVariables, has_reference
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.request import FormParam
from runner.request.body import LANGUAGES, strip_comments, urlencoded_text


@dataclass(slots=True)
class Made:
    """A request: its item, and what of the command it does not say, each with a line (0: that of the command).

    `missing` has the files that could not be read.
    """

    item: JsonObject
    notes: list[tuple[str, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Content:
    """What an operation sends: data, a form, or a file to upload."""

    data: Data | None
    parts: list[Part]
    upload: str | None = None


def requests_of(command: Command, variables: ShellVariables) -> Iterator[Made]:
    """The requests of a command; raises `Refused` if curl refuses the whole of it.

    A URL that curl refuses gives no request: its reason is a note of the next one, or is raised if there is none.
    """
    assert command.curl is not None
    made = operations(command.curl)
    if not any(one.values("url") for one in made):
        raise Refused("there is no URL")
    keeps_cookies = any(_keeps_cookies(one) for one in made)
    refused: list[tuple[str, int]] = []
    count = 0
    for operation in made:
        _method_of(operation, upload=bool(operation.values("upload-file")))  # raises
        for one in _Requests(operation, command, variables, keeps_cookies).all(refused):
            one.notes[:0] = refused
            refused.clear()
            count += 1
            yield one
    if refused and not count:
        raise Refused(refused[0][0])


def _keeps_cookies(operation: Operation) -> bool:
    """Whether curl keeps the cookies of answers: it does with a file of cookies."""
    return bool(operation.values("cookie-jar")) or any("=" not in value for value in operation.values("cookie"))


def _method_of(operation: Operation, *, upload: bool) -> str:
    """The method of a request; raises `Refused` for options that ask for two."""
    in_query = operation.is_on("get")
    kinds = {
        "POST": bool(operation.values(*PIECES)) and not in_query,
        "multipart": bool(operation.values("form", "form-string")),
        "HEAD": operation.is_on("head"),
        "PUT": upload,
    }  # fmt: skip
    asked = [kind for kind, is_asked in kinds.items() if is_asked]
    if len(asked) > 1:
        raise Refused("the options ask for two methods: POST data, a form, --head and --upload-file exclude one another")
    kind = asked[0] if asked else "GET"
    return operation.value("request") or ("POST" if kind == "multipart" else kind)


class _Requests:
    """Makes the requests of one operation."""

    def __init__(self, operation: Operation, command: Command, variables: ShellVariables, keeps_cookies: bool) -> None:
        self._operation = operation
        self._variables = variables
        self._local = Local(variables, command.stdin)
        self._command = command
        self._keeps_cookies = keeps_cookies

    def all(self, refused: list[tuple[str, int]]) -> Iterator[Made]:
        """One for each URL; those that curl refuses are added to `refused`."""
        uploads = self._operation.values("upload-file")
        urls = [one for one in self._operation.arguments if one.option.name == "url"]
        for number, argument in enumerate(urls):
            upload = uploads[number] if number < len(uploads) else None
            try:
                targets, more = ([argument.value], False) if self._operation.is_on("globoff") else globbed(argument.value)
                if more:
                    refused.append((f"of the URLs of one pattern the first {MOST} are here", argument.line))
                for one in globbed(upload)[0] if upload else [None]:
                    for target in targets:
                        yield self._request(target, one)
            except Refused as error:
                refused.append((f"a URL is left out: {error}", argument.line))

    def _request(self, url: str, upload: str | None) -> Made:
        operation, variables = self._operation, self._variables
        computed = Computed(variables)
        self._local.missing.clear()
        target = self._target(url)
        headers = headers_of(operation, self._local)
        content = _Content(
            data=data_of(operation, self._local, computed), parts=parts_of(operation, self._local), upload=upload
        )
        notes = list(operation.unsupported())
        in_query = operation.is_on("get")
        self._add_to_query(target, content.data if in_query else None, computed)
        add_body_headers(headers, json=bool(operation.values("json")), data=content.data is not None, in_query=in_query)
        if upload is not None and target.path.endswith("/"):
            target.path += quote(self._local.path(upload).rpartition("/")[2], safe="")
        body = self._body(content, headers, notes) if not (in_query and upload is None) else None
        self._set_target(target, notes)
        method = _method_of(operation, upload=upload is not None)
        if method != method.upper():
            notes.append((f"the method is sent as {method.upper()}", 0))
        auth, told = (None, "") if "Authorization" in headers else auth_of(operation, target, variables, computed)
        notes += [(told, 0)] if told else []
        item = self._item(method, target, headers, body, auth, computed)
        notes += [(f"Postman sends no header with the name {name!r}", 0) for name in headers.unsendable]
        notes += [(f"the header {name} gets the case of the one before it", 0) for name in headers.recased]
        if any(max(line["key"] + line["value"], default="") > "\xff" for line in item["request"]["header"]):
            notes.append(("Postman sends no header with characters beyond Latin-1 with a text body", 0))
        missing = list(dict.fromkeys(self._local.missing))
        notes += [(f"{path} cannot be read", 0) for path in missing]
        return Made(item, notes, missing)

    def _target(self, url: str) -> Target:
        default = self._operation.value("proto-default") or ""
        target = parse_target(url, as_is=self._operation.is_on("path-as-is"), default_scheme=default)
        if target.scheme not in ("http", "https", ""):
            raise Refused(f"{target.scheme} is not a protocol of Postman")
        return target

    # -- the URL --------------------------------------------------------------------------------------------------------

    def _add_to_query(self, target: Target, data: Data | None, computed: Computed) -> None:
        """`-G` adds the data to the query, else `--url-query` its own; curl does only one of both."""
        added = data.text if data else None
        if data is not None and data.file:
            added = self._local.text(data.file) or ""
        if data is None:
            added = query_of(self._operation, self._local, computed)
        if added:
            check_url(added)
            target.query = f"{target.query}&{added}" if target.query else added

    def _set_target(self, target: Target, notes: list[tuple[str, int]]) -> None:
        wanted = self._operation.value("request-target")
        if wanted is None:
            return
        if not wanted.startswith("/"):
            notes.append(("--request-target is kept only if it is a path", 0))
            return
        path, mark, query = wanted.partition("?")
        target.path, target.query = path, query if mark else None

    # -- the body -------------------------------------------------------------------------------------------------------

    def _body(self, content: _Content, headers: Headers, notes: list[tuple[str, int]]) -> JsonObject | None:
        if content.upload is not None:
            return self._upload(content.upload, headers)
        if content.parts:
            return self._form(content.parts, headers)
        data = content.data
        if data is None:
            return None
        if data.stripped:
            notes.append((f"curl leaves out the line ends of {data.file}, this request does not", 0))
        if not headers.get("Content-Type") and "Content-Type" in headers:
            headers.removed.add("content-type")
        return {"mode": "file", "file": {"src": data.file}} if data.file else self._text_body(data.text, headers)

    def _upload(self, path: str, headers: Headers) -> JsonObject:
        if not headers.get("Content-Type"):
            headers.removed.add("content-type")
        if path in ("-", "."):
            return self._text_body(self._local.text("-") or "", headers)
        return {"mode": "file", "file": {"src": self._local.path(path)}}

    def _form(self, parts: list[Part], headers: Headers) -> JsonObject:
        own = headers.get("Content-Type") if "Content-Type" in headers else FORM_TYPE
        headers.drop("Content-Type")
        headers.removed.discard("content-type")
        body = form_body(parts, self._variables) if own.lower() == FORM_TYPE else None
        if body is not None:
            return body
        text, type = form_bytes(parts, own, self._local, backslashes=self._operation.is_on("form-escape"))
        headers.add("Content-Type", type)
        return self._text_body(text, headers)

    def _text_body(self, text: str, headers: Headers) -> JsonObject:
        """A text as a form, if that sends the same, else raw; bytes that are not text in base64."""
        if re.search("[\udc80-\udcff]", text):
            content = base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()
            return {"mode": "file", "file": {"content": content}}
        if is_form(headers) and not has_reference(text) and "{{" not in text:
            pairs = [pair.partition("=") for pair in text.split("&")]
            try:
                fields = [(_unquoted(key), _unquoted(value)) for key, _, value in pairs]
            except ValueError:
                fields = []
            if fields and urlencoded_text(tuple(FormParam(key=key, value=value) for key, value in fields)) == text:
                headers.drop("Content-Type")
                return {"mode": "urlencoded", "urlencoded": [{"key": key, "value": value} for key, value in fields]}
        finished = self._variables.finished(text)
        language = _language(headers.get("Content-Type"), finished)
        return {"mode": "raw", "raw": finished, "options": {"raw": {"language": language}}}

    # -- the item -------------------------------------------------------------------------------------------------------

    def _item(
        self,
        method: str,
        target: Target,
        headers: Headers,
        body: JsonObject | None,
        auth: JsonObject | None,
        computed: Computed,
    ) -> JsonObject:
        text_head = body is not None and body["mode"] != "file"
        lines = [
            {
                "key": self._variables.finished(key),
                "value": self._variables.finished(value if text_head or has_reference(value) else as_latin1(value)),
            }
            for key, value in headers.lines
        ]
        request: JsonObject = {"method": method, "header": lines}
        if body is not None:
            request["body"] = body
        if auth is not None:
            request["auth"] = auth
        request["url"] = target.document(self._variables, bytes_as_text=text_head)
        settings = settings_of(
            self._operation, method, headers, body=body is not None, exact=target.is_exact, cookies=self._keeps_cookies
        )
        name = self._command.comment or f"{method} {self._variables.finished(target.path or '/')}"
        item: JsonObject = {"name": name, "request": request, "response": [], "protocolProfileBehavior": settings}
        events = [_event("prerequest", computed.script)] if computed.script else []
        if self._command.capture:
            events.append(_event("test", _capture(self._command)))
        return {**item, "event": events} if events else item


def _unquoted(text: str) -> str:
    """A percent-decoded text; raises `ValueError` for one that is not UTF-8."""
    return re.sub(r"(?:%[0-9A-Fa-f]{2})+", lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8"), text)


def _language(type: str, text: str) -> str:
    """The language of a raw body: JSON only without comments, which Postman would take out."""
    plain = type.partition(";")[0].strip().lower()
    language = next((name for name, known in LANGUAGES.items() if known == plain), "")
    if plain.endswith("+json"):
        language = "json"
    if plain.endswith("+xml") or plain == "text/xml":
        language = "xml"
    return "text" if not language or (language == "json" and strip_comments(text) != text) else language


def _event(listen: str, lines: list[str]) -> JsonObject:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": lines}}


def _capture(command: Command) -> list[str]:
    """A test script that puts what a command's output was captured for into its variable."""
    steps = command.filter.removeprefix(".")
    if not steps:
        value = "pm.response.text()"
    else:
        value = f"pm.response.json(){steps}" if steps.startswith("[") else f"pm.response.json().{steps}"
    return [f'pm.collectionVariables.set("{command.capture}", {value});']
