"""A form-data body as bytes (RFC 7578), written as Postman writes it.

One difference: a quote, CR or LF in a name or file name is percent-encoded, as in browsers (WHATWG HTML, section
multipart/form-data); Postman sends it raw, so a name can forge headers or end the part.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from runner.entropy import Entropy
from runner.model.json import Json
from runner.model.payload import BodyBytes, joined
from runner.model.request import FormParam
from runner.request.files import source_paths
from runner.request.headers import check_value
from runner.rules.mime import UNKNOWN, content_type
from runner.rules.percent import utf8
from runner.rules.text import json_text

_ESCAPES = {ord('"'): "%22", ord("\r"): "%0D", ord("\n"): "%0A"}
_BEYOND_LATIN1 = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_BOUNDARY = re.compile(r'multipart/form-data;.*boundary=(?:"([^"]+)"|([^;]+))')


Part = tuple[bytes, BodyBytes]
"""The head of a part with the empty line behind it, and its content."""


def boundary_of(content_type: str | None) -> str | None:
    """The boundary in the user's `Content-Type`; None without one."""
    found = _BOUNDARY.match(content_type or "")
    return (found[1] or found[2]) if found else None


def make_boundary(entropy: Entropy) -> str:
    """A boundary in Postman's form: 26 dashes and 24 digits."""
    return "-" * 26 + entropy.text("0123456789", 24)


def multipart_bytes(params: Iterable[FormParam], boundary: str) -> BodyBytes:
    """All enabled parameters in order, without files that could not be read; large files are read when they are sent."""
    parts = [part for param in params if not param.disabled for part in _parts(param)]
    mark = utf8(boundary)
    framed = (piece for head, content in parts for piece in (b"--" + mark + b"\r\n" + head, content, b"\r\n"))
    return joined([*framed, b"--" + mark + b"--\r\n"])


def has_part(param: FormParam) -> bool:
    """Whether a parameter is sent: it is enabled, and at least one of its files could be read."""
    if param.disabled or param.type != "file" or not source_paths(param):
        return not param.disabled
    return any(content is not None for content in param.contents or ())


def _parts(param: FormParam) -> Iterator[Part]:
    if param.type != "file":
        file_name = None if param.file_name is None else base_name(param.file_name)
        yield _part(param.key, file_name, _type_of(param, param.file_name), utf8(form_text(param.value)))
        return
    paths = source_paths(param)
    if not paths:
        inline = decode_base64(param.value) if isinstance(param.value, str) else b""
        yield _part(param.key, base_name(param.file_name or ""), _type_of(param, param.file_name), inline)
        return
    for path, content in zip(paths, param.contents or (), strict=False):
        if content is not None:
            yield _part(param.key, base_name(param.file_name or path), _type_of(param, path) or UNKNOWN, content)


def _type_of(param: FormParam, name: str | None) -> str | None:
    return param.content_type or (content_type(name) if name else None)


def decode_base64(text: str) -> bytes:
    """Base64 as Node reads it: in both alphabets, other characters skipped, padding optional."""
    clean = re.sub(r"[^A-Za-z0-9+/]", "", text.partition("=")[0].replace("-", "+").replace("_", "/"))
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    return base64.b64decode(clean + "=" * (-len(clean) % 4))


def form_text(value: Json) -> str:
    """A form value as text: a text as it is, any other value as JSON."""
    return value if isinstance(value, str) else json_text(value)


def base_name(path: str) -> str:
    r"""The last part of a path, with `/` or `\` as its separator."""
    return path.replace("\\", "/").rpartition("/")[2]


def _part(name: str, file_name: str | None, type: str | None, content: BodyBytes) -> Part:
    disposition = f'form-data; name="{name.translate(_ESCAPES)}"'
    if file_name is not None:
        escaped = file_name.translate(_ESCAPES)
        disposition += f'; filename="{escaped}"'
        if _BEYOND_LATIN1.search(escaped):
            disposition += f"; filename*=UTF-8''{quote(utf8(file_name), safe='!-._~|`^')}"
    head = f"Content-Disposition: {disposition}\r\n"
    if type:
        check_value("Content-Type", type)
        head += f"Content-Type: {type}\r\n"
    return utf8(head) + b"\r\n", content
