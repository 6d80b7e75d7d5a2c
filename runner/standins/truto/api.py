"""The Truto stand-in: integrated accounts, proxy and unified calls, tokens, rate limits."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from runner.model.quick_dataclass import dataclass
from runner.server.limits import Windows
from runner.server.messages import Answer, Call, Refused, error_answer, json_answer, json_object, whole_number
from runner.server.routes import Route, check_keys, find_route
from runner.standins.truto.data import TOKEN, make_accounts, make_id, super_query
from runner.standins.truto.filters import Filter, parse_filters

DEFAULT_LIMIT = 5000
TOKEN_SECONDS = 900.0
WINDOW = 10.0
TOKEN_LIMIT, ACCOUNT_LIMIT = 500, 50
# In base64 these bytes give `++//`, so that every cursor has the characters that clients forget to encode.
CURSOR_HEAD = b"\xfb\xef\xff"
READS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class AccountToken:
    """A token that is good for one integrated account only; `ends_at` is in seconds since 1970."""

    account: str
    ends_at: float


class Truto:
    """The API object behind the server."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        rate: int | None = None,
        retry_after: float = 10,
        strict_query: bool | int = False,
        seed: int = 0,
    ) -> None:
        self.clock = clock
        self.rate = rate
        self.retry_after = retry_after
        self.strict_query = strict_query
        self.seed = seed
        self.windows = Windows(WINDOW, clock)
        self.reset()

    def reset(self) -> None:
        """Return to the state of the start."""
        self.accounts = {row["id"]: row for row in make_accounts(self.seed)}
        self.super_query = {key: super_query(number) for number, key in enumerate(self.accounts)}
        self.tokens: dict[str, AccountToken] = {}
        self.windows.clear()

    def key_name(self, call: Call) -> str:
        """Which known token the call carries."""
        if call.bearer == TOKEN:
            return "environment"
        known = "account" if call.bearer in self.tokens else "unknown"
        return known if call.header("authorization") else "none"

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        found, args = find_route(ROUTES, call.method, call.path)
        if found.handle is ping:
            return ping(self, call, args)
        name = self.key_name(call)
        if name in ("unknown", "none"):
            raise Refused(401, "Unauthorized: the token is missing or invalid")
        headers = self.counted(("token", call.bearer), TOKEN_LIMIT if self.rate is None else self.rate)
        try:
            check_keys(found, call, self.strict_query and (400 if self.strict_query is True else self.strict_query))
            return found.handle(self, call, args).plus(headers)
        except Refused as refused:
            refused.headers += headers
            raise

    def counted(self, key: tuple[str, str], limit: int) -> tuple[tuple[str, str], ...]:
        """Count a call: the rate limit headers, or refused with 429."""
        if not limit:
            return ()
        count = self.windows.count(key, limit)
        headers = (
            ("ratelimit-limit", str(limit)),
            ("ratelimit-remaining", str(count.remaining)),
            ("ratelimit-reset", str(count.seconds_left)),
        )
        if count.exceeded:
            raise Refused(429, "Too Many Requests", headers=(("Retry-After", f"{self.retry_after:g}"), *headers))
        return headers

    def refuse(self, call: Call, refused: Refused) -> Answer:
        """Every error has the same three fields."""
        return error_answer(refused)


def ping(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """GET /ping: no token needed."""
    return json_answer({"ping": "pong"})


def admin(truto: Truto, call: Call) -> None:
    """Refuse a token of a single account with 403."""
    token = truto.tokens.get(call.bearer)
    if token and truto.clock() >= token.ends_at:
        raise Refused(401, "Unauthorized: the token has expired")
    if token:
        raise Refused(403, "Forbidden: this token is for an integrated account")


def list_accounts(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """GET /integrated-account: filters, limit and next_cursor; oldest account first."""
    admin(truto, call)
    limit = whole_number(call, "limit", DEFAULT_LIMIT, 1)
    filters = parse_filters(call, truto.strict_query)
    rows = [row for key, row in truto.accounts.items() if passes(filters, row, truto.super_query[key])]
    start = read_cursor(call.value("next_cursor"))
    more = start + limit < len(rows)
    body = {
        "result": rows[start : start + limit],
        "next_cursor": make_cursor(start + limit) if more else None,
        "limit": limit,
    }
    return json_answer(body)


def passes(filters: list[Filter], row: dict[str, Any], region: str) -> bool:
    """Whether an account passes all filters; the SuperQuery region is no field of the row."""
    seen = {**row, "features": {"super_query": region}}
    return all(one.holds(seen) for one in filters)


def make_cursor(offset: int) -> str:
    """A cursor with `+`, `/` and `=` in it."""
    text = json.dumps([offset]).encode()
    while len(text) % 3 != 1:
        text += b" "
    return base64.b64encode(CURSOR_HEAD + text).decode()


def read_cursor(text: str | None) -> int:
    """The offset in a cursor (none: 0); refused with 400 when it was changed on its way."""
    if not text:
        return 0
    try:
        plain = base64.b64decode(text, validate=True)
        value = json.loads(plain.removeprefix(CURSOR_HEAD)) if plain.startswith(CURSOR_HEAD) else None
        if isinstance(value, list) and len(value) == 1 and type(value[0]) is int and value[0] >= 0:
            return value[0]
    except (ValueError, RecursionError):
        pass
    raise Refused(400, "Invalid next_cursor")


def find_account(truto: Truto, number: str | None) -> dict[str, Any]:
    """The account of that id, else refused with 404."""
    row = truto.accounts.get(number or "")
    if row is None:
        raise Refused(404, f"Integrated account {number} not found")
    return row


def get_account(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """GET /integrated-account/{id}: the bare object."""
    admin(truto, call)
    return json_answer(find_account(truto, args["id"]))


def make_token(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """POST /integrated-account/{id}/token: a token for this account, good for 15 minutes."""
    admin(truto, call)
    account = find_account(truto, args["id"])["id"]
    token = make_id(truto.seed, f"token {len(truto.tokens)} {account}")
    truto.tokens[token] = AccountToken(account, truto.clock() + TOKEN_SECONDS)
    return json_answer({"token": token, "expires_in": int(TOKEN_SECONDS)})


def provider_call(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """Anything under /proxy and /unified: reads work; writes are refused with 405 for a sandbox account."""
    account = find_account(truto, provider_account(truto, call))
    headers = truto.counted(("account", account["id"]), ACCOUNT_LIMIT if truto.rate is None else truto.rate)
    if call.method in READS:
        rows = [{"id": make_id(truto.seed, f"{args['rest']} {number} {account['id']}")} for number in range(2)]
        body = {"result": rows, "next_cursor": None, "prev_cursor": None, "result_count": len(rows)}
        return json_answer({**body, "limit": DEFAULT_LIMIT, "is_partial_response": False}).plus(headers)
    if account["is_sandbox"]:
        raise Refused(405, "Only read operations are allowed on a sandbox integrated account", headers=headers)
    result = json_object(call) if call.body else {}
    return json_answer({"result": {"id": make_id(truto.seed, args["rest"]), **result}}).plus(headers)


def provider_account(truto: Truto, call: Call) -> str:
    """The account that a call is for: its query parameter, or the one that its token belongs to."""
    token, wanted = truto.tokens.get(call.bearer), call.value("integrated_account_id")
    if token and truto.clock() >= token.ends_at:
        raise Refused(401, "Unauthorized: the token has expired")
    if token and wanted not in (None, token.account):
        raise Refused(403, "Forbidden: this token is for another integrated account")
    if not (wanted or token):
        raise Refused(400, "integrated_account_id is required")
    return wanted or (token.account if token else "")


ROUTES = (
    Route("GET", "/ping", ping),
    Route("GET", "/integrated-account", list_accounts),
    Route("GET", "/integrated-account/{id}", get_account, keys=frozenset()),
    Route("POST", "/integrated-account/{id}/token", make_token, keys=frozenset()),
    Route("*", "/proxy/{rest*}", provider_call),
    Route("*", "/unified/{rest*}", provider_call),
)
