"""Forms of `-F` as the body of a request: fields where these say the same, else the bytes that curl sends."""

from __future__ import annotations

import base64
import hashlib
import re

from runner.foreign.curl.bodies.form_parts import Part
from runner.foreign.curl.local import Local
from runner.foreign.curl.shells.variables import ShellVariables, has_reference
from runner.model.json import JsonObject
from runner.request.multipart import base_name

FORM_TYPE = "multipart/form-data"
_BEYOND = re.compile(r"[^\t\x20-\x7e\x80-\xff]")


def form_body(parts: list[Part], variables: ShellVariables) -> JsonObject | None:
    """The body of fields that sends these parts; None if no fields do."""
    if not all(_is_field(part) for part in parts):
        return None
    return {"mode": "formdata", "formdata": [_field(part, variables) for part in parts]}


def _is_field(part: Part) -> bool:
    name = part.file_name
    plain_name = name is None or (base_name(name) == name and not _BEYOND.search(name) and "\\" not in name)
    typed = bool(part.path or part.type or name is None)  # a text with a file name gets the type of that in Postman
    named = bool(part.name) and (part.path == "" or bool(name))
    return named and plain_name and typed and not (part.headers or part.encoder or _has_bytes(part.text))


def _field(part: Part, variables: ShellVariables) -> JsonObject:
    made: JsonObject = {"key": variables.finished(part.name)}
    if part.path:
        made |= {"type": "file", "src": part.path}
        if part.file_name != base_name(part.path):
            made["fileName"] = variables.finished(part.file_name or "")
    else:
        made |= {"type": "text", "value": variables.finished(part.text)}
        if part.file_name is not None:
            made["fileName"] = variables.finished(part.file_name)
    return {**made, "contentType": part.type} if part.type else made


def _has_bytes(text: str) -> bool:
    """Whether a text has bytes that are not UTF-8."""
    return re.search("[\udc80-\udcff]", text) is not None


def form_bytes(parts: list[Part], type: str, local: Local, *, backslashes: bool) -> tuple[str, str]:
    """The text of a form as curl writes it, and its `Content-Type`; bytes that are not UTF-8 are half surrogates."""
    contents = [local.text(part.path) or "" if part.path else part.text for part in parts]
    digest = hashlib.sha1("\0".join(contents).encode("utf-8", "surrogatepass"), usedforsecurity=False)
    boundary = "-" * 24 + digest.hexdigest()[:16]
    disposition = "form-data" if type.lower().startswith(FORM_TYPE) else "attachment"
    made = ""
    for part, content in zip(parts, contents, strict=True):
        head = f"Content-Disposition: {disposition}"
        head += f'; name="{_escaped(part.name, backslashes)}"' if part.name else ""
        head += f'; filename="{_escaped(part.file_name, backslashes)}"' if part.file_name is not None else ""
        lines = [head, *([f"Content-Type: {part.type}"] if part.type else []), *part.headers]
        if part.encoder:
            lines.append(f"Content-Transfer-Encoding: {part.encoder}")
        made += f"--{boundary}\r\n" + "\r\n".join(lines) + f"\r\n\r\n{_encoded(content, part.encoder)}\r\n"
    return f"{made}--{boundary}--\r\n", f"{type}; boundary={boundary}"


def _encoded(content: str, encoder: str) -> str:
    if encoder != "base64" or has_reference(content):
        return content
    plain = base64.b64encode(content.encode("utf-8", "surrogateescape")).decode()
    return "\r\n".join(plain[at : at + 76] for at in range(0, len(plain), 76))


def _escaped(text: str, backslashes: bool) -> str:
    if backslashes:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
