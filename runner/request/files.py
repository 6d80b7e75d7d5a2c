"""The files that a request names, loaded before it is signed and sent."""

from __future__ import annotations

import base64
from collections.abc import Container
from dataclasses import replace

from runner.effects import ReadFile, Step
from runner.errors import FileUnreadable
from runner.events import Warned
from runner.model.json import Json, JsonObject
from runner.model.payload import BodyBytes
from runner.model.request import Body, FormParam, Request

NAMES_CONTENT = "content"
"""A script gets the bytes of a body's file only if this word stands in it."""

SHOWN_LIMIT = 32 * 1024 * 1024
"""Bytes of the largest file that a script gets."""

NO_SOURCE = "no file is chosen"


def load_files(
    request: Request, strict: bool = False, shown: tuple[str, BodyBytes] | None = None, by_script: Container[str] = ()
) -> Step[Request]:
    """The request with the bytes of its files: those of a `file` body and of every file field of a form.

    A file that cannot be read gives a warning (Postman): its field is left out, a file body is empty. So does a field
    without a source, which is sent empty. With `strict` both raise `FileUnreadable`. If a script was `shown` a file (its
    path and bytes), these bytes are sent even if the file has changed since. `by_script` has the paths that scripts chose.
    """
    body = request.body
    if shown and body and body.mode == "file" and source_of(body) == shown[0]:
        return replace(request, body=replace(body, content=shown[1]))
    if body is None or body.disabled:
        return request
    if body.mode == "file":
        return replace(request, body=(yield from _load_body(body, strict, by_script)))
    if body.mode == "formdata" and any(param.type == "file" for param in body.formdata):
        params = []
        for param in body.formdata:
            loads = param.type == "file" and not param.disabled
            params.append((yield from _load_param(param, strict, by_script)) if loads else param)
        return replace(request, body=replace(body, formdata=tuple(params)))
    return request


def show_file(request: JsonObject, source: str, by_script: bool) -> Step[tuple[JsonObject, BodyBytes | None]]:
    """A template for scripts with the bytes of `source` as `body.file.content`, and these bytes.

    The content is in base64, as Postman takes a file's content from a script. It is empty if the file cannot be read (which
    gives a warning), and left out if the file is larger than `SHOWN_LIMIT`.
    """
    content = yield from _read(source, "the body's file is not sent", strict=False, by_script=by_script)
    if content is not None and len(content) > SHOWN_LIMIT:
        return request, content
    content = None if content is None else bytes(content)
    file = {**request["body"]["file"], "content": base64.b64encode(content or b"").decode("ascii")}
    return {**request, "body": {**request["body"], "file": file}}, content


def without_shown(request: JsonObject) -> JsonObject:
    """The template that a script gives back, without the content that it was shown: the file is sent from its path."""
    body = request.get("body")
    file = body.get("file") if isinstance(body, dict) else None
    if not isinstance(file, dict) or not file.get("src") or "content" not in file:
        return request
    return {**request, "body": {**request["body"], "file": {key: file[key] for key in file if key != "content"}}}


def source_of(body: Body | None) -> str:
    """The path of the file that is the body; empty if the body is not a file."""
    source = (body.file or {}).get("src") if body and body.mode == "file" and not body.disabled else None
    return source if isinstance(source, str) else ""


def _load_body(body: Body, strict: bool, by_script: Container[str]) -> Step[Body]:
    file = body.file or {}
    source = file.get("src")
    if not source and _is_inline(file.get("content")):
        return body
    if source and not isinstance(source, str):
        yield from _warn("the body's file is not sent", FileUnreadable("its source is not one path"), strict)
        return body
    content = yield from _read(source or "", "the body's file is not sent", strict, source in by_script)
    return replace(body, content=content)


def _load_param(param: FormParam, strict: bool, by_script: Container[str]) -> Step[FormParam]:
    paths = source_paths(param)
    if not paths and not _is_inline(param.value):
        yield from _warn(f"form field {param.key!r} is sent empty", FileUnreadable(NO_SOURCE), strict)
    contents = []
    for path in paths:
        contents.append((yield from _read(path, f"form field {param.key!r} is not sent", strict, path in by_script)))
    return replace(param, contents=tuple(contents))


def source_paths(param: FormParam) -> list[str]:
    """The paths of a file field; an empty path alone counts as none."""
    return list(param.src) if isinstance(param.src, tuple) else [param.src] if param.src else []


def _is_inline(content: Json) -> bool:
    """Whether the collection itself holds the content, as base64."""
    return isinstance(content, str) and content != ""


def _read(path: str, effect: str, strict: bool, by_script: bool) -> Step[BodyBytes | None]:
    try:
        if not path:
            raise FileUnreadable(NO_SOURCE)
        content = yield from ReadFile(path, by_script)
    except FileUnreadable as error:
        yield from _warn(effect, error, strict)
        return None
    return content


def _warn(effect: str, error: FileUnreadable, strict: bool) -> Step[None]:
    if strict:
        raise error
    yield Warned(code="file-unreadable", message=f"{effect}: {error.message}", where=error.where)
