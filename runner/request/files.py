"""The files that a request names, loaded before it is signed and sent."""

from __future__ import annotations

from dataclasses import replace

from runner.effects import ReadFile, Step
from runner.errors import FileUnreadable
from runner.events import Warned
from runner.model.request import Body, FormParam, Request


def load_files(request: Request) -> Step[Request]:
    """The request with the bytes of its files: those of a `file` body and of every file field of a form.

    A file that cannot be read is a warning (Postman): a field is left out then, a file body is empty.
    """
    body = request.body
    if body is None or body.disabled:
        return request
    if body.mode == "file":
        return replace(request, body=(yield from _load_body(body)))
    if body.mode == "formdata" and any(param.type == "file" for param in body.formdata):
        return replace(request, body=(yield from _load_form(body)))
    return request


def _load_body(body: Body) -> Step[Body]:
    source = (body.file or {}).get("src")
    if not source or not isinstance(source, str):
        return body
    return replace(body, content=(yield from _read(source, "the body's file")))


def _load_form(body: Body) -> Step[Body]:
    params = []
    for param in body.formdata:
        loads = param.type == "file" and not param.disabled
        params.append((yield from _load_param(param)) if loads else param)
    return replace(body, formdata=tuple(params))


def _load_param(param: FormParam) -> Step[FormParam]:
    contents = []
    for path in source_paths(param):
        contents.append((yield from _read(path, f"form field {param.key!r}")))
    return replace(param, contents=tuple(contents))


def source_paths(param: FormParam) -> list[str]:
    """The paths of a file field, empty ones left out."""
    paths = [param.src] if isinstance(param.src, str) else param.src or ()
    return [path for path in paths if path]


def _read(path: str, what: str) -> Step[bytes | None]:
    try:
        content: bytes = yield ReadFile(path)
    except FileUnreadable as error:
        yield Warned(code="file-unreadable", message=f"{what} is not sent: {error.message}", where=path)
        return None
    return content
