"""What Python and what the sandbox make of an input of a rule."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from runner.formats.postman.v2_request import parse_request
from runner.model.request import Body, Url
from runner.model.variable import Variable
from runner.rules.casts import typed
from runner.rules.mime import content_type
from runner.rules.set_cookie import iso_time, parse_set_cookie
from runner.rules.substitute import substitute_tree
from runner.rules.text import UNDEFINED, text_of
from runner.rules.url import fill_path, parse_url, url_text
from runner.variables.scopes import Scopes, with_value
from tests.rules.inputs import SCOPE
from tests.sandbox.conftest import World

ANSWERS = (Path(__file__).parent / "answers.js").read_text("utf-8").rstrip().rstrip(";")


def scopes() -> Scopes:
    """Scopes with the variables that the templates name."""
    return Scopes(collection=[Variable(key, value) for key, value in SCOPE.items()])


def in_sandbox(world: World, rule: str, inputs: list[Any]) -> list[Any]:
    """The answers of our own SDK, all of them from one script."""
    source = f"""
      const answers = ({ANSWERS})({{
        Url: pm.request.url.constructor, Variable: pm.environment.values.Type, VariableScope: pm.environment.constructor,
        Cookie: pm.cookies.Type, Request: pm.request.constructor, Response: pm.response.constructor,
      }});
      const inputs = JSON.parse({json.dumps(json.dumps(inputs))});
      const scope = pm.variables;
      const answer = (input) => answers.{rule}({"{ scope, template: input }" if rule == "substitute" else "input"});
      pm.environment.set('answers', JSON.stringify(inputs.map((input) => {{
        try {{ return answer(input); }} catch (error) {{ return `threw ${{error}}`; }}
      }})));
    """
    ran = world.run(source, scopes=scopes())
    assert ran.error is None, ran.error
    found: list[Any] = json.loads(ran.values("environment")["answers"])
    return found


def in_python(rule: str, inputs: list[Any]) -> list[Any]:
    """The answers of the functions that requests are made with."""
    return [json.loads(json.dumps(RULES[rule](one))) for one in inputs]


def _params(params: Any) -> list[list[Any]]:
    return [[param.key, param.value, param.disabled] for param in params or ()]


def _url(url: Url) -> dict[str, Any]:
    return {
        "protocol": url.protocol,
        "user": url.user,
        "password": url.password,
        "host": ".".join(url.host),
        "port": url.port,
        "path": None if url.path is None else list(url.path),
        "query": _params(url.query),
        "hash": url.hash,
        "text": url_text(replace(url, path=fill_path(url)) if url.path else url),
    }


def _shown(value: Any) -> Any:
    if value is UNDEFINED:
        return {"undefined": True}
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": text_of(value)}
    return value


def _holds_objects(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(entry, dict | list) for entry in value))


def _cast(case: dict[str, Any]) -> dict[str, Any]:
    variable = Variable("v", case["value"], case["type"], source=case)
    return {
        "read": _shown(typed(variable)),
        "text": None if _holds_objects(typed(variable)) else text_of(typed(variable)),
        "set": _shown(typed(with_value(Variable("v", None, case["type"]), case["value"]))),
    }


def _jar_cookie(text: str) -> dict[str, Any] | None:
    cookie = parse_set_cookie(text, 0)
    return cookie and {
        "name": cookie.name,
        "value": cookie.value,
        "domain": cookie.domain or None,
        "path": cookie.path or None,
        "secure": cookie.secure,
        "http_only": cookie.http_only,
        "max_age": cookie.max_age,
        "expires": None if cookie.expires is None or cookie.max_age is not None else iso_time(cookie.expires),
        "same_site": cookie.same_site,
        "extensions": list(cookie.extensions),
    }


def _substituted(template: Any) -> Any:
    return substitute_tree(template, scopes().get)


def _body(body: Body | None) -> dict[str, Any] | None:
    if body is None or body.mode is None:
        return None
    return {
        "mode": body.mode,
        "raw": "" if body.mode == "raw" and body.raw is None else body.raw,
        "urlencoded": _params(body.urlencoded),
        "formdata": [[p.key, p.value, p.type, p.src] for p in body.formdata],
        "disabled": body.disabled,
    }


def _request(source: Any) -> dict[str, Any]:
    request = parse_request(source)
    return {
        "method": request.method,
        "url": _url(request.url),
        "headers": _params(request.headers),
        "body": _body(request.body),
        "auth": request.auth and {"type": request.auth.type, "params": dict(request.auth.params)},
    }


RULES: dict[str, Callable[[Any], Any]] = {
    "substitute": _substituted,
    "url": lambda source: _url(parse_url(source)),
    "update": lambda text: url_text(parse_url(text)),
    "casts": _cast,
    "requests": _request,
    "jar_cookies": _jar_cookie,
    "content_types": content_type,
}
