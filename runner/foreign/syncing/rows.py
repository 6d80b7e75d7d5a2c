"""Rows and bodies of a request: what is new is added, what is only a stub may go, what has a value of its own stays."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.deep_json import same
from runner.errors import InvalidDocument
from runner.formats.json_text import JsonStyle, detect_style, dump_json, parse_json
from runner.model.json import Json, JsonObject

_STUB = re.compile(r"<[A-Za-z][\w -]*>|")
_NAME = re.compile(r'"(?:[^"\\]|\\.)*"|\{\{[^{}]*\}\}')
_MARK = "\ue000"
_MARKED = re.compile(f'"{_MARK}([^"]*){_MARK}"')

Tell = Callable[[str], None]
"""Takes down one change."""


def is_stub(value: Json) -> bool:
    """Whether a value is only what an import put there: `<string>`, nothing, or a list or object of such."""
    if isinstance(value, str):
        return _STUB.fullmatch(value) is not None
    if isinstance(value, dict):
        return all(is_stub(entry) for entry in value.values())
    return all(is_stub(entry) for entry in value) if isinstance(value, list) else value is None


def sync_rows(rows: Json, fresh: list[JsonObject], what: str, tell: Tell, *, ignore_case: bool = False) -> list[JsonObject]:
    """Rows brought up to date: those of new keys come last; one that is only a stub and no longer asked for goes."""
    kept: list[JsonObject] = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def key(row: JsonObject) -> str:
        found = str(row.get("key", ""))
        return found.lower() if ignore_case else found

    wanted = {key(row): row for row in fresh}
    made: list[JsonObject] = []
    for row in kept:
        new = wanted.get(key(row))
        if new is None and is_stub(row.get("value", "")) and row.get("type") != "file":
            tell(f"{what} {row.get('key')} removed")
            continue
        if new is not None:
            sync_description(row, new.get("description"), f"{what} {row.get('key')}", tell)
        made.append(row)
    known = set(map(key, kept))
    for row in fresh:
        if key(row) not in known:
            tell(f"{what} {row.get('key')} added")
            made.append(row)
    return made


def sync_description(holder: JsonObject, fresh: Json, what: str, tell: Tell) -> None:
    """Take over the description of the document, if it has one."""
    old = holder.get("description")
    text = old.get("content") if isinstance(old, dict) else old
    if isinstance(fresh, str) and fresh and text != fresh:
        holder["description"] = {**old, "content": fresh} if isinstance(old, dict) else fresh
        tell(f"description of {what} changed" if what else "description changed")


def sync_body(body: Json, fresh: JsonObject, tell: Tell) -> Json:
    """A body brought up to date; one of another kind is replaced only if it is empty or has only stubs."""
    old: JsonObject = body if isinstance(body, dict) else {}
    mode, wanted = old.get("mode"), fresh.get("mode")
    if not mode:
        tell("body added")
        return fresh
    if mode != wanted:
        if is_stub(_content(old)):
            tell(f"body {mode} replaced by {wanted}")
            return fresh
        tell(f"body {mode} kept, though the document asks for {wanted}")
        return old
    if mode in ("urlencoded", "formdata"):
        old[mode] = sync_rows(old.get(mode), fresh[mode], "field", tell)
    elif mode == "raw" and isinstance(old.get("raw"), str):
        old["raw"] = _synced_text(old["raw"], fresh["raw"], tell)
    return old


def _content(body: JsonObject) -> Json:
    found = body.get(str(body.get("mode")))
    if isinstance(found, list):
        return [row.get("value", "") for row in found if isinstance(row, dict)]
    if isinstance(found, str):
        value = _value(found)
        return found if value is None else value
    return found


def _value(text: str) -> Json:
    """The value of a JSON text in which variables may stand without quotes; None if it is not JSON."""

    def quoted(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith('"') else f'"{_MARK}{found[0]}{_MARK}"'

    try:
        return parse_json(_NAME.sub(quoted, text))
    except InvalidDocument:
        return None


def _synced_text(text: str, fresh: str, tell: Tell) -> str:
    """A text of JSON with the fields that the document has now; any other text only if it is a stub."""
    old, new = _value(text), _value(fresh)
    if old is None or new is None or not isinstance(old, dict | list):
        if is_stub(text) and text != fresh:
            tell("body changed")
            return fresh
        return text
    merged = _merged(old, new, "", tell)
    if same(merged, old):
        return text
    style = detect_style(text)
    written = dump_json(merged, JsonStyle(style.indent, style.newline, separators=style.separators))
    return _MARKED.sub(r"\1", written)


def _merged(old: Json, new: Json, where: str, tell: Tell) -> Json:
    """A value with the members that the new one has; what is not only a stub stays."""
    if same(old, new):
        return old
    if isinstance(old, dict) and isinstance(new, dict):
        made: JsonObject = {}
        for key, value in old.items():
            if key in new:
                made[key] = _merged(value, new[key], f"{where}.{key}", tell)
            elif is_stub(value):
                tell(f"body {where}.{key} removed".replace("body .", "body "))
            else:
                made[key] = value
        for key, value in new.items():
            if key not in old:
                tell(f"body {where}.{key} added".replace("body .", "body "))
                made[key] = value
        return made
    if isinstance(old, list) and isinstance(new, list) and old and new:
        return [_merged(entry, new[0], f"{where}[]", _once(tell)) for entry in old]
    if isinstance(new, dict | list) != isinstance(old, dict | list) and is_stub(old):
        tell(f"body {where} changed".replace("body .", "body "))
        return new
    return old


def _once(tell: Tell) -> Tell:
    """Takes down each change once: entries of a list have the same."""
    told: set[str] = set()

    def once(change: str) -> None:
        if change not in told:
            told.add(change)
            tell(change)

    return once
