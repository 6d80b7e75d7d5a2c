"""The fields of a multipart body that was recorded as text."""

from __future__ import annotations

import re

from runner.foreign.har.document import PostedPart

_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE)
_LINE_END = re.compile(r"\r?\n")
_NAME = re.compile(r"\bname=(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;]+))", re.IGNORECASE)
_FILE_NAME = re.compile(r"\bfilename=(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;]+))", re.IGNORECASE)


def fields_of(text: str, type: str) -> tuple[PostedPart, ...]:
    """The fields; none if the text has no boundary. That of the text counts where the header has another or none."""
    said = _BOUNDARY.search(type)
    first = _LINE_END.split(text.lstrip("\r\n"), maxsplit=1)[0].strip()
    boundary = f"--{said[1] or said[2]}" if said else first
    if boundary not in text:
        boundary = first
    if not boundary.startswith("--"):
        return ()
    found = []
    for part in text.split(boundary)[1:]:
        if part.startswith("--"):
            break
        head, blank, value = _head_and_value(part)
        headers = {name.strip().lower(): said.strip() for name, _, said in (line.partition(":") for line in head)}
        disposition = headers.get("content-disposition", "")
        name, file_name = _NAME.search(disposition), _FILE_NAME.search(disposition)
        if name and blank:
            found.append(
                PostedPart(
                    name=name[1] if name[1] is not None else name[2],
                    value=value,
                    file_name=None if file_name is None else file_name[1] if file_name[1] is not None else file_name[2],
                    content_type=headers.get("content-type", ""),
                )
            )
    return tuple(found)


def _head_and_value(part: str) -> tuple[list[str], bool, str]:
    """The lines of a part's head, whether there is an end of it, and what follows without the last line end."""
    part = part.removeprefix("\r\n") if part.startswith("\r\n") else part.removeprefix("\n")
    head, blank, value = part.partition("\r\n\r\n")
    if not blank:
        head, blank, value = part.partition("\n\n")
    return _LINE_END.split(head), bool(blank), value.removesuffix("\n").removesuffix("\r")
