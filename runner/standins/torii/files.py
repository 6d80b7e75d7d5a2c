"""Torii's files: upload URLs, registration, multipart uploads, and downloads."""

from __future__ import annotations

import re
from email.message import Message

from runner.server.messages import Answer, Call, Refused, json_answer, json_object
from runner.standins.torii.state import State, file_number
from runner.standins.torii.store import signed_url

TYPES = ("attachment", "expenseReport", "customIntegrationData", "plugin")
DEFAULT_TYPE = "expenseReport"
EXTENSIONS = ("csv", "xls", "xlsx", "pdf", "doc", "docx", "png", "jpg", "jpeg", "xml", "json", "zip")
MAX_UPLOAD = 3 * 1024 * 1024


def upload_url(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /files/url: a signed URL for one PUT with the Content-Type named by `type`."""
    name, kind = required(call, "name"), required(call, "type")
    path = state.new_path(name)
    body = {"url": signed_url(state, call.header("host"), path, "PUT", kind), "filePath": path}
    # The beta article shows the two keys at the top, the OpenAPI document of v1.0 wraps them.
    return json_answer(body if args["version"] == "beta" else {"uploadFileParameters": body})


def required(call: Call, name: str) -> str:
    """A required query parameter; refuses a call without it with 400."""
    value = call.value(name)
    if not value:
        raise Refused(400, f"Missing required query parameter '{name}'")
    return value


def store_file(state: State, call: Call, args: dict[str, str]) -> Answer:
    """POST /files: register what was uploaded to a path."""
    body = json_object(call)
    path, kind = text_field(body, "path"), file_type(text_field(body, "type"))
    if path not in state.store:
        raise Refused(404, f"No file was uploaded to '{path}'")
    return json_answer({"id": state.register(path, kind).id})


def text_field(body: dict[str, object], name: str) -> str:
    """A required string in a JSON body; refuses anything else with 400."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(400, f'Invalid request payload input: "{name}" is required and must be a string')
    return value


def file_type(kind: str) -> str:
    """Check that `kind` is a documented type; refuses others with 400."""
    if kind not in TYPES:
        raise Refused(400, f'Invalid request payload input: "type" must be one of [{", ".join(TYPES)}]')
    return kind


def upload_file(state: State, call: Call, args: dict[str, str]) -> Answer:
    """POST /files/upload: one multipart call instead of URL, PUT and POST."""
    if call.media_type != "multipart/form-data":
        raise Refused(415, "Unsupported Media Type")
    parts = multipart(call.header("content-type"), call.body)
    name, content = parts.get("file", ("", b""))
    if not name:
        raise Refused(400, 'Invalid request payload input: "file" is required')
    if name.rpartition(".")[2].lower() not in EXTENSIONS or "." not in name:
        raise Refused(400, f"The extension must be one of: {', '.join(EXTENSIONS)}")
    if len(content) > MAX_UPLOAD:
        raise Refused(413, "Payload content length greater than maximum allowed: 3145728")
    kind = file_type(parts.get("type", ("", b""))[1].decode("utf-8", "replace"))
    path = state.new_path(name)
    state.store[path] = (content, kind)
    return json_answer({"id": state.register(path, kind).id})


def multipart(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """The parts of a form (RFC 7578): name to file name ("" for a plain field) and content."""
    boundary = header_parameter("Content-Type", content_type, "boundary")
    if not boundary:
        raise Refused(400, "Invalid multipart payload format")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    parts: dict[str, tuple[str, bytes]] = {}
    for piece in pieces[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        line = re.search(rb"(?im)^content-disposition:([^\r\n]*)", head)
        disposition = line[1].decode("utf-8", "replace").strip() if line else ""
        name = header_parameter("Content-Disposition", disposition, "name")
        parts[name] = (header_parameter("Content-Disposition", disposition, "filename"), content)
    return parts


def header_parameter(header: str, value: str, name: str) -> str:
    """A parameter of a header value, "" if it is missing."""
    message = Message()
    message[header] = value
    found = message.get_param(name, "", header)
    return found if isinstance(found, str) else found[2]


def file_information(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /files/{id}; `type` must be that of the file and defaults to expenseReport."""
    file = state.files.get(file_number(args["id"]))
    if file is None or file.type != (call.value("type") or DEFAULT_TYPE):
        raise Refused(404, f"No file of this type with id {args['id']}")
    return json_answer({"file": file.shown()})


def download_file(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /files/{id}/download: a redirect to a signed URL."""
    file = state.files.get(file_number(args["id"]))
    if file is None:
        raise Refused(404, f"No file with id {args['id']}")
    return Answer(302, headers=(("Location", signed_url(state, call.header("host"), file.path, "GET")),))
