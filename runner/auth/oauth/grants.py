"""The OAuth 2.0 grants: one generator for each, in the table `GRANTS`."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import parse_qs, quote

from runner.auth.context import AuthContext
from runner.auth.oauth.token_request import (
    TokenRefused,
    ask,
    ask_token,
    extra_params,
    make_request,
    read_answer,
    seconds,
    usable,
    with_params,
)
from runner.auth.params import Params
from runner.auth.token_store import Token
from runner.effects import Prompt, Sleep, Step
from runner.errors import AuthError
from runner.model.quick_dataclass import dataclass
from runner.rules.percent import utf8
from runner.rules.text import json_text
from runner.rules.url import url_text

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
ASSERTION_LIFE = 300
DEVICE_INTERVAL = 5
DEVICE_LIFE = 900

Grant = Callable[[Params, AuthContext], Step[Token]]


def client_credentials(params: Params, context: AuthContext) -> Step[Token]:
    """A token for the client itself (RFC 6749 section 4.4)."""
    return (yield from ask_token(params, context, {"grant_type": "client_credentials", **_target(params)}))


def password_credentials(params: Params, context: AuthContext) -> Step[Token]:
    """A token for a user's name and password (RFC 6749 section 4.3)."""
    password = usable(params, "password")
    context.learn(password)
    fields = {"grant_type": "password", "username": usable(params, "username"), "password": password}
    return (yield from ask_token(params, context, fields | _target(params)))


def refresh_token(params: Params, context: AuthContext) -> Step[Token]:
    """A token for a refresh token that the collection has."""
    return (yield from refresh(params, context, usable(params, "refreshToken")))


def refresh(params: Params, context: AuthContext, token: str) -> Step[Token]:
    """A token for a refresh token (RFC 6749 section 6); it keeps the refresh token if the response has no new one."""
    context.learn(token)
    url_name = "refreshTokenUrl" if params.text("refreshTokenUrl") else "accessTokenUrl"
    fields = {"grant_type": "refresh_token", "refresh_token": token, "scope": params.text("scope")}
    try:
        fresh: Token = yield from ask_token(params, context, fields, url_name)
    except TokenRefused as refused:
        if refused.code != "invalid_grant":
            raise
        raise params.error("refreshToken", f"is expired or revoked: {refused.message}") from None
    return fresh if fresh.refresh_token else fresh.with_refresh(token)


def jwt_bearer(params: Params, context: AuthContext) -> Step[Token]:
    """A token for a signed assertion (RFC 7523): the collection's, or one made from algorithm, key and payload."""
    assertion = params.text("assertion") or _assertion(params, context)
    context.learn(assertion)
    return (yield from ask_token(params, context, {"grant_type": JWT_BEARER, "assertion": assertion, **_target(params)}))


def _assertion(params: Params, context: AuthContext) -> str:
    from runner.auth.jwt.jwt import signed_token

    now = int(context.clock.now())
    standard = {
        "iss": usable(params, "clientId"),
        "sub": usable(params, "clientId"),
        "aud": usable(params, "accessTokenUrl"),
        "jti": context.entropy.uuid(),
        "iat": now,
        "exp": now + ASSERTION_LIFE,
    }
    claims = params.json("payload") or {}
    if not isinstance(claims, dict):
        raise params.error("payload", "is not a JSON object")
    return signed_token(params.having("payload", json_text(standard | claims)))


def _target(params: Params) -> dict[str, str]:
    """The fields that say what the token is for."""
    return {name: params.text(name) for name in ("scope", "audience", "resource")}


# -- grants that need a person ----------------------------------------------------------------------------------


def authorization_code(params: Params, context: AuthContext) -> Step[Token]:
    """A token for the code that a person brings from the browser (RFC 6749 section 4.1)."""
    return (yield from _code_grant(params, context, None))


def authorization_code_with_pkce(params: Params, context: AuthContext) -> Step[Token]:
    """The same, with the code bound to this run (RFC 7636)."""
    verifier = params.text("code_verifier") or secrets.token_urlsafe(48)  # never guessable, not even with --seed
    context.learn(verifier)
    return (yield from _code_grant(params, context, verifier))


def _code_grant(params: Params, context: AuthContext, verifier: str | None) -> Step[Token]:
    state = params.text("state") or secrets.token_urlsafe(24)
    url = _authorization_url(params, state, verifier)
    usable(params, "accessTokenUrl")
    line = yield from _ask(params, f"Open this URL and sign in:\n{url}\nPaste the URL that the browser ends at: ")
    code = _code_of(params, line, state)
    context.learn(code)
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": params.text("redirect_uri")}
    fields |= {"code_verifier": verifier or "", **_target(params)}
    return (yield from ask_token(params, context, fields))


def _authorization_url(params: Params, state: str, verifier: str | None) -> str:
    fields = {
        "response_type": "code",
        "client_id": usable(params, "clientId"),
        "redirect_uri": params.text("redirect_uri"),
        "state": state,
        **_target(params),
    }
    if verifier is not None:
        method = params.choice("challengeAlgorithm", ("S256", "plain"), "S256")
        hashed = urlsafe_b64encode(sha256(utf8(verifier)).digest()).rstrip(b"=").decode()
        fields |= {"code_challenge": verifier if method == "plain" else hashed, "code_challenge_method": method}
    fields |= {name: value for name, value, _ in extra_params(params, "authRequestParams")}
    pairs = [(name, quote(value, safe="")) for name, value in fields.items() if value]
    return url_text(with_params(usable(params, "authUrl"), pairs))


def _code_of(params: Params, line: str, state: str) -> str:
    """The code in what a person pasted: the code alone, or the whole URL, whose state must then be ours."""
    line = line.strip()
    if "=" not in line and line:
        return line
    found = parse_qs(line.partition("#")[0].partition("?")[2])
    if "error" in found:
        raise params.error("authUrl", f"led to the error {found['error'][0][:100]}")
    if not found.get("code"):
        raise params.error("authUrl", "led to a URL without a code")
    if not hmac.compare_digest(utf8(found.get("state", [""])[0]), utf8(state)):
        raise params.error("state", "came back with another value: the response does not belong to this request")
    return found["code"][0]


def device_code(params: Params, context: AuthContext) -> Step[Token]:
    """A token after a person has entered a code on another device (RFC 8628)."""
    device: Device = yield from _start_device(params, context)
    yield from _ask(params, device.text, answer=False)
    interval, fields = device.interval, {"grant_type": DEVICE_CODE, "device_code": device.code}
    end = context.clock.now() + device.life
    while context.clock.now() < end:
        yield from Sleep(interval * 1000)
        try:
            return (yield from ask_token(params, context, fields))
        except TokenRefused as refused:
            if refused.code not in ("authorization_pending", "slow_down"):
                raise
            interval += DEVICE_INTERVAL if refused.code == "slow_down" else 0
    raise params.error("deviceAuthorizationUrl", "gave a code that nobody entered in time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What to tell the person, the code for the token endpoint, the seconds between two polls, and those it is valid."""

    text: str
    code: str
    interval: float
    life: float


def _start_device(params: Params, context: AuthContext) -> Step[Device]:
    name = "deviceAuthorizationUrl"
    usable(params, "accessTokenUrl")
    yield from _ask(params, "Asking for a code to sign in with.", answer=False)
    request = make_request(params, context, usable(params, name), _target(params), "authRequestParams")
    response = yield from ask(params, context, request, name)
    answer = read_answer(params, response, context.clock.now(), name)
    where = answer.get("verification_uri") or answer.get("verification_url")
    if not (answer.get("device_code") and answer.get("user_code") and where):
        raise params.error(name, "was answered without device_code, user_code or verification_uri")
    return Device(
        text=f"Open {where} and enter the code {answer['user_code']}",
        code=str(answer["device_code"]),
        interval=seconds(answer.get("interval")) or DEVICE_INTERVAL,
        life=seconds(answer.get("expires_in")) or DEVICE_LIFE,
    )


def _ask(params: Params, text: str, answer: bool = True) -> Step[str]:
    try:
        line = yield from Prompt(text, answer)
    except AuthError as error:
        raise params.incomplete(
            "grant_type", f"is {params.text('grant_type')!r}, which {error.message}", hint=error.hint
        ) from None
    return str(line or "")


GRANTS: dict[str, Grant] = {
    "client_credentials": client_credentials,
    "password_credentials": password_credentials,
    "password": password_credentials,
    "refresh_token": refresh_token,
    "jwt_bearer": jwt_bearer,
    JWT_BEARER: jwt_bearer,
    "authorization_code": authorization_code,
    "authorization_code_with_pkce": authorization_code_with_pkce,
    "device_code": device_code,
    DEVICE_CODE: device_code,
}
