"""Conversion between the model and the messages to and from the script child."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from urllib.parse import quote

from runner.events import Assertion, AssertionChecked, ConsoleLogged, ScriptError
from runner.model.charset import known_charset
from runner.model.json import Json, JsonObject
from runner.model.response import Cookie, Response
from runner.model.variable import Variable
from runner.rules.substitute import MISSING
from runner.rules.text import UNDEFINED
from runner.sandbox.script_call import ScriptCall, ScriptResult
from runner.variables.scopes import Scope, Scopes, marked

if TYPE_CHECKING:
    from runner.sandbox.messages import Change, ErrorTold, EventTold, Marks, Row, ScriptReply

CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)


def run_message(call: ScriptCall) -> JsonObject:
    """The message that starts a script, without its run number and scopes."""
    return {
        "op": "run",
        "source": call.script.exec,
        "name": file_name(call.owner or call.item.name or "script", call.listen),
        "phase": {
            "seesResponse": call.sees_response,
            "changesRequest": call.changes_request,
            "maySkip": call.may_skip,
        },
        "owner": call.owner,
        "location": call.location,
        "environment": call.environment_name,
        "request": call.request,
        "response": None if call.response is None else dump_response(call.response),
        "cookies": [dump_cookie(cookie) for cookie in call.cookies],
        "info": {
            "eventName": call.event_name or call.listen,
            "iteration": call.cursor.iteration,
            "iterationCount": call.iteration_count,
            "requestName": call.request_name or call.item.name,
            "requestId": call.request_id or call.item.id,
        },
    }


@lru_cache(maxsize=1000)
def file_name(owner: str, listen: str) -> str:
    """What a script is called in stacks."""
    return quote(owner, safe="", errors="replace") + f"/{listen}.js"


def scope_rows(scope: Scope) -> list[Row]:
    """A scope's variables in file order, without those whose value is in a vault: scripts see them as undefined."""
    return [scope_row(variable) for variable in scope.variables if not variable.in_vault]


def scope_row(variable: Variable) -> Row:
    """The row that describes a variable to scripts."""
    more: Marks = {} if variable.marked_secret is None else {"secret": variable.marked_secret}
    if variable.value is UNDEFINED or variable.without_value:
        return variable.key, None, variable.type, variable.disabled, {**more, "undefined": True}
    row = variable.key, variable.value, variable.type, variable.disabled
    return (*row, more) if more else row


def read_row(row: Row) -> Variable:
    """The variable that a script's row describes."""
    key, value, type, disabled = row[:4]
    more: Marks = row[4] if len(row) == 5 else {}
    variable = Variable(key, UNDEFINED if more.get("undefined") else value, type, disabled)
    return marked(variable, more.get("secret"))


def dump_response(response: Response) -> JsonObject:
    """A response for scripts."""
    return {
        "code": response.code,
        "status": response.status,
        "headers": response.headers,
        **dump_body(response),
        "time": response.time,
        "size": len(response.body),
        **({"downloaded": response.sizes.body} if response.sizes.body or not response.body else {}),
        "cookies": [dump_cookie(cookie) for cookie in response.cookies],
    }


def dump_body(response: Response) -> JsonObject:
    """The body as `text`, decoded with the charset of Content-Type (UTF-8 if that names none, or an unknown one).

    If encoding the text as UTF-8 does not restore the bytes, they are sent as base64. The text is then sent only if its
    charset is another one than UTF-8.
    """
    charset, text = decode_body(response)
    if text.encode("utf-8", "replace") == response.body:
        return {"text": text}
    content = base64.b64encode(response.body).decode("ascii")
    return {"body": content} if charset == "utf-8" else {"body": content, "text": text}


def decode_body(response: Response) -> tuple[str, str]:
    """The charset and the decoded text."""
    found = CHARSET.search(response.header("content-type") or "")
    charset = found[1].lower() if found and known_charset(found[1]) else "utf-8"
    try:
        return charset.replace("utf8", "utf-8"), response.body.decode(charset, "replace")
    except (LookupError, UnicodeError):  # an unknown charset, or a codec that does not decode to text
        return "utf-8", response.body.decode("utf-8", "replace")


def dump_cookie(cookie: Cookie) -> JsonObject:
    """A cookie in the collection format."""
    return {
        "name": cookie.name,
        "value": cookie.value,
        "domain": cookie.domain,
        "path": cookie.path,
        "expires": None if cookie.expires is None else _moment(cookie.expires),
        "maxAge": cookie.max_age,
        "secure": cookie.secure,
        "httpOnly": cookie.http_only,
        "hostOnly": cookie.host_only,
    }


FIRST_SECOND, LAST_SECOND = -62135596800.0, 253402300799.0
"""The years 1 and 9999 in seconds since the epoch."""


def _moment(seconds: float) -> str:
    """A time as JavaScript's `toJSON` writes it, clamped to the years that Python can represent."""
    moment = datetime.fromtimestamp(min(max(seconds, FIRST_SECOND), LAST_SECOND), UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def apply_changes(changes: list[Change], scopes: Scopes) -> None:
    """Apply to the scopes the changes that a script made to its copies of them."""
    for name, group in groupby(changes, itemgetter("scope")):
        scope: Scope = getattr(scopes, name)
        single: list[tuple[str, Json, bool | None]] = []
        for change in group:
            if change["operation"] == "assign":
                scope.reassign(read_row(row) for row in change["rows"])
            elif change["operation"] == "set":
                single.append((change["key"], change["value"], change.get("secret")))
            else:
                single.append((change["key"], MISSING, None))
        scope.change(single)


def read_event(call: ScriptCall, event: EventTold) -> AssertionChecked | ConsoleLogged:
    """The event of the run for an event that a script's reply reports."""
    if event["kind"] == "assertion":
        return AssertionChecked(
            cursor=call.cursor,
            item=call.item,
            path=call.path,
            listen=call.listen,
            script_id=call.script.id,
            assertion=Assertion(
                name=event["name"],
                index=event["index"],
                passed=event["passed"],
                skipped=event["skipped"],
                asynchronous=event["asynchronous"],
                error=read_error(event["error"]),
            ),
        )
    return ConsoleLogged(
        cursor=call.cursor,
        item=call.item,
        path=call.path,
        level=event["level"],
        messages=tuple(event["messages"]),
        text=tuple(event["text"]),
    )


def read_error(error: ErrorTold | None) -> ScriptError | None:
    """The error that a script threw; None if it threw none."""
    if error is None:
        return None
    return ScriptError(
        name=error["name"],
        message=error["message"],
        stack=error["stack"],
        line=error.get("line"),
        column=error.get("column"),
    )


def read_result(reply: ScriptReply) -> ScriptResult:
    """A script's result, taken from its last reply."""
    following = reply.get("next")
    return ScriptResult(
        error=read_error(reply.get("error")),
        set_next_request=following is not None,
        next_request=None if following is None else following["name"],
        skip_request=bool(reply.get("skip")),
        request=reply.get("request"),
        visualizer=reply.get("visualizer"),
    )
