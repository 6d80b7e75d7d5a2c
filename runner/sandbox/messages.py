"""Messages to the script child and what comes back, as JSON."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import quote

from runner.events import Assertion, AssertionChecked, ConsoleLogged, ScriptError
from runner.model.response import Cookie, Exchange, Response
from runner.model.variable import JsonObject
from runner.sandbox.call import ScriptCall, ScriptResult
from runner.variables.scopes import Scope, Scopes

CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)


def run_message(call: ScriptCall) -> JsonObject:
    """The message that starts a script; the scopes that the child does not know yet are added to it."""
    return {
        "op": "run",
        "source": call.script.exec,
        "name": quote(call.owner or call.item.name or "script", safe="") + f"/{call.listen}.js",
        "listen": call.listen,
        "owner": call.owner,
        "location": call.location,
        "environment": call.environment_name,
        "request": call.request,
        "response": None if call.response is None else dump_response(call.response),
        "cookies": [dump_cookie(cookie) for cookie in call.cookies],
        "info": {
            "eventName": call.listen,
            "iteration": call.cursor.iteration,
            "iterationCount": call.iteration_count,
            "requestName": call.request_name or call.item.name,
            "requestId": call.request_id or call.item.id,
        },
    }


def scope_rows(scope: Scope) -> list[list[Any]]:
    """A scope's variables in file order; a value that is in a vault is undefined to scripts, not an empty text."""
    return [[v.key, v.value, v.type, v.disabled] for v in scope.variables if not v.in_vault]


def dump_response(response: Response) -> JsonObject:
    """A response for scripts."""
    return {
        "code": response.code,
        "status": response.status,
        "headers": response.headers,
        **dump_body(response),
        "time": response.time,
        "size": len(response.body),
        "cookies": [dump_cookie(cookie) for cookie in response.cookies],
    }


def dump_body(response: Response) -> JsonObject:
    """The body as `text`, decoded with the charset of Content-Type (UTF-8 when it names none or an unknown one).

    Where UTF-8 does not give the bytes back they go along as base64, and the text only if it takes more than UTF-8 to
    read them.
    """
    charset, text = decode_body(response)
    if text.encode("utf-8", "replace") == response.body:
        return {"text": text}
    content = base64.b64encode(response.body).decode("ascii")
    return {"body": content} if charset == "utf-8" else {"body": content, "text": text}


def decode_body(response: Response) -> tuple[str, str]:
    """The charset and the text."""
    found = CHARSET.search(response.header("content-type") or "")
    charset = found[1].lower() if found else "utf-8"
    try:
        return charset.replace("utf8", "utf-8"), response.body.decode(charset, "replace")
    except (LookupError, UnicodeError):  # nobody knows it, or it is no charset for texts
        return "utf-8", response.body.decode("utf-8", "replace")


def dump_cookie(cookie: Cookie) -> JsonObject:
    """A cookie in the collection format."""
    return {
        "name": cookie.name,
        "value": cookie.value,
        "domain": cookie.domain,
        "path": cookie.path,
        **({} if cookie.expires is None else {"expires": cookie.expires * 1000}),
        **({} if cookie.max_age is None else {"maxAge": cookie.max_age}),
        "secure": cookie.secure,
        "httpOnly": cookie.http_only,
        "hostOnly": cookie.host_only,
        "session": cookie.expires is None and cookie.max_age is None,
        **({} if cookie.same_site is None else {"sameSite": cookie.same_site}),
    }


def dump_exchange(exchange: Exchange) -> JsonObject:
    """What a script gets for a request that it sent."""
    return dump_response(exchange.response)


def apply_changes(changes: list[JsonObject], scopes: Scopes) -> None:
    """Do to the scopes what the script did to its copies; a value without JSON text (undefined) is stored as null."""
    for change in changes:
        scope: Scope = getattr(scopes, change["scope"])
        if change["operation"] == "set":
            scope.set(change["key"], change.get("value"), change["type"])
        elif change["operation"] == "unset":
            scope.unset(change["key"])
        else:
            scope.clear()


def read_event(call: ScriptCall, event: JsonObject) -> AssertionChecked | ConsoleLogged:
    """An event of the script as a fact about its item."""
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


def read_error(error: JsonObject | None) -> ScriptError | None:
    """An error of the script, if there is one."""
    if error is None:
        return None
    return ScriptError(
        name=error["name"],
        message=error["message"],
        stack=error.get("stack") or "",
        line=error.get("line"),
        column=error.get("column"),
    )


def read_result(reply: JsonObject) -> ScriptResult:
    """The last reply of a script."""
    following = reply.get("next")
    return ScriptResult(
        error=read_error(reply.get("error")),
        set_next_request=following is not None,
        next_request=None if following is None else following["name"],
        skip_request=bool(reply.get("skip")),
        request=reply.get("request"),
        visualizer=reply.get("visualizer"),
    )
