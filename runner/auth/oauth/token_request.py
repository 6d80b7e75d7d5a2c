"""A request to a token endpoint (RFC 6749 section 3.2) and the meaning of its response."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from runner.auth.context import AuthContext
from runner.auth.message import with_header
from runner.auth.params import Params
from runner.auth.token_store import MARGIN, Token
from runner.deep_json import loads
from runner.effects import Send, Step
from runner.errors import AuthError, RequestError
from runner.model.json import JsonObject
from runner.model.request import Body, FormParam, Header, ProtocolProfileBehavior, QueryParam, Request, Url
from runner.model.response import Exchange, Response
from runner.rules.percent import utf8
from runner.rules.url import parse_url

SECRET_FIELDS = ("access_token", "refresh_token", "id_token", "device_code", "user_code")
PLACES = ("request_body", "request_url", "request_header")
SKEW = 60
"""Seconds by which both clocks may differ before an error mentions it."""

_VISIBLE = re.compile(r"[^\x20-\x7e]")


class TokenRefused(AuthError):
    """A token endpoint answered with an OAuth error; `code` is its short name (`invalid_grant` …)."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def usable(params: Params, name: str) -> str:
    """A parameter that a token request needs; raises `AuthIncomplete` if it is missing or holds an unknown variable."""
    text = params.required(name)
    if "{{" in text:
        raise params.incomplete(name, "holds a variable that has no value")
    return text


def ask_token(
    params: Params, context: AuthContext, fields: Mapping[str, str], url_name: str = "accessTokenUrl"
) -> Step[Token]:
    """Ask for a token with the fields of a grant; raises `AuthError`: `TokenRefused` if the server says why."""
    list_name = "refreshRequestParams" if fields["grant_type"] == "refresh_token" else "tokenRequestParams"
    request = make_request(params, context, usable(params, url_name), fields, list_name)
    answer = yield from ask(params, context, request, url_name)
    return read_token(params, answer, context.clock.now(), url_name)


def ask(params: Params, context: AuthContext, request: Request, url_name: str) -> Step[Response]:
    """Send a request of a grant. It follows no redirect and shares no cookies, because it carries the client's secret."""

    def learn(exchange: Exchange) -> None:
        for value in _secrets(exchange.response):
            context.learn(value)

    asked = context.behavior
    behavior = ProtocolProfileBehavior(
        strict_ssl=asked.strict_ssl,
        follow_redirects=False,
        disable_cookies=True,
        tls_prefer_server_ciphers=asked.tls_prefer_server_ciphers,
        tls_disabled_protocols=asked.tls_disabled_protocols,
        tls_cipher_selection=asked.tls_cipher_selection,
    )
    try:
        exchange = yield from Send(request, behavior, "auth", learn)
    except RequestError as error:
        raise params.error(url_name, f"leads to no answer: {error.message}") from None
    return exchange.response


# -- the request ------------------------------------------------------------------------------------------------


def make_request(params: Params, context: AuthContext, url: str, fields: Mapping[str, str], list_name: str) -> Request:
    """A form with the fields of a grant, the collection's own parameters in `list_name`, and the client's credentials."""
    extra = extra_params(params, list_name)
    named = {name for name, _, place in extra if place == "request_body"}
    body = [(name, value) for name, value in fields.items() if value and name not in named]
    body += [(name, value) for name, value, place in extra if place == "request_body"]
    headers = [Header(name, value) for name, value, place in extra if place == "request_header"]
    request = Request(
        method="POST",
        url=with_params(url, [(name, value) for name, value, place in extra if place == "request_url"]),
        headers=(*headers, Header("Accept", "application/json")),
        body=Body(mode="urlencoded", urlencoded=tuple(FormParam(key=name, value=value) for name, value in body)),
    )
    return _with_client(params, context, request)


def with_params(url: str, added: list[tuple[str, str]]) -> Url:
    """A URL with query parameters at its end."""
    parsed = parse_url(url)
    return replace(parsed, query=(*(parsed.query or ()), *(QueryParam(*pair) for pair in added))) if added else parsed


def extra_params(params: Params, list_name: str) -> list[tuple[str, str, str]]:
    """Name, value and place of each enabled parameter that the collection lists for a kind of request."""
    found = params.json(list_name) or []
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    if not isinstance(found, list) or len(entries) < len(found):
        raise params.error(list_name, "is not a list of parameters")
    enabled = [e for e in entries if e.get("enabled", True) and not e.get("disabled") and e.get("key")]
    placed = [Params(params.type, entry) for entry in enabled]
    return [(p.text("key"), p.text("value"), p.choice("send_as", PLACES, PLACES[0])) for p in placed]


def _with_client(params: Params, context: AuthContext, request: Request) -> Request:
    """The request with the client's id and secret, in the header (unless the collection says `body`) or in the form.

    A client without a secret is public: only its id is sent, in the form (RFC 6749 section 3.2.1).
    """
    id, secret = usable(params, "clientId"), params.text("clientSecret")
    if "{{" in secret:
        raise params.incomplete("clientSecret", "holds a variable that has no value")
    context.learn(secret)
    in_header = params.choice("client_authentication", ("header", "body"), "header") == "header"
    if in_header and secret:
        pair = b64encode(utf8(f"{id}:{secret}")).decode()
        context.learn(pair)
        return with_header(request, "Authorization", f"Basic {pair}")
    assert request.body is not None
    client = [FormParam(key="client_id", value=id)] + ([FormParam(key="client_secret", value=secret)] if secret else [])
    return replace(request, body=replace(request.body, urlencoded=(*request.body.urlencoded, *client)))


# -- the response -------------------------------------------------------------------------------------------------


def read_token(params: Params, response: Response, now: float, url_name: str) -> Token:
    """The token in a response; raises `AuthError` for any other response."""
    answer = read_answer(params, response, now, url_name)
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise params.error(url_name, "was answered without an access_token")
    if str(answer.get("token_type", "")).lower() == "mac":
        raise params.error(url_name, "was answered with a token of the type mac: only bearer tokens can be applied")
    life = seconds(answer.get("expires_in"))
    return Token(
        access_token=token,
        refresh_token=str(answer.get("refresh_token") or ""),
        fetched=now,
        expires=now + life - min(MARGIN, life / 10) if life else None,
    )


def read_answer(params: Params, response: Response, now: float, url_name: str) -> JsonObject:
    """The fields of a successful response; raises `TokenRefused` for an OAuth error, `AuthError` for any other response."""
    answer = _fields(response)
    if answer and answer.get("error"):
        code, text = _shown(answer["error"]), _shown(answer.get("error_description") or "")
        problem = f"was answered with the error {code}" + (f" ({text})" if text else "") + _skew(response, now)
        raise TokenRefused(params.error(url_name, problem).message, code)
    if 300 <= response.code < 400:
        raise params.error(
            url_name, f"was answered with a redirect ({response.code}), which is not followed with credentials"
        )
    if not 200 <= response.code < 300:
        raise params.error(url_name, f"was answered with the status {response.code}{_skew(response, now)}")
    if answer is None:
        raise params.error(url_name, "was answered with something that is not a JSON object")
    return answer


def seconds(value: object) -> float:
    """A time span that a server wrote as a number or a text; 0 if it is neither, or out of range."""
    try:
        found = float(value) if isinstance(value, int | float | str) else 0
    except (ValueError, OverflowError):
        return 0
    return found if 0 < found < 1e10 else 0


def _fields(response: Response) -> JsonObject | None:
    """The body as a JSON object or, as some servers write it, a form; None if it is neither."""
    text = response.body.decode("utf-8", "replace")
    try:
        found = loads(text)
    except ValueError:
        form = dict(parse_qsl(text))
        return form if {"access_token", "error"} & set(form) else None
    return found if isinstance(found, dict) else None


def _secrets(response: Response) -> list[str]:
    fields = _fields(response) or {}
    return [fields[name] for name in SECRET_FIELDS if isinstance(fields.get(name), str)]


def _shown(value: object) -> str:
    """A server's own words, cut and cleaned to fit into one line of a report."""
    return _VISIBLE.sub(" ", str(value))[:300].strip()


def _skew(response: Response, now: float) -> str:
    """A note if the server's clock differs a lot: it may then refuse signed assertions and new tokens. Else empty."""
    from email.utils import parsedate_to_datetime

    try:
        ahead = now - parsedate_to_datetime(response.header("date") or "").timestamp()
    except (ValueError, TypeError):
        return ""
    if abs(ahead) <= SKEW:
        return ""
    return f"; this machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the server's"
