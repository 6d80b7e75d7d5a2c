"""The Truto stand-in: integrated accounts, proxy and unified calls, tokens, rate limits."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

from runner.model.quick_dataclass import dataclass
from runner.server.limits import Windows
from runner.server.messages import Answer, Call, Refused, error_answer, json_answer, json_object, whole_number
from runner.server.routes import Route, check_keys, find_route
from runner.standins.truto.data import TOKEN, Account, make_accounts, make_id, super_query
from runner.standins.truto.filters import field_values, parse_filters

DEFAULT_LIMIT = 5000
TOKEN_SECONDS = 900.0
WINDOW = 10.0
TOKEN_LIMIT, ACCOUNT_LIMIT = 500, 50
# In base64 these bytes are `++//`: every cursor has characters that clients forget to encode.
CURSOR_HEAD = b"\xfb\xef\xff"
READS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class AccountToken:
    """A token for one integrated account only; it expires at `ends_at`, in seconds since 1970."""

    account: str
    ends_at: float


class Truto:
    """The API, as the server needs it."""

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
        """Return to the initial state."""
        self.accounts = {account["id"]: account for account in make_accounts(self.seed)}
        accounts = enumerate(self.accounts.items())
        self.field_values = {key: field_values(account, super_query(number)) for number, (key, account) in accounts}
        self.tokens: dict[str, AccountToken] = {}
        self.windows.clear()

    def key_name(self, call: Call) -> str:
        """The name of the token that the call carries: `unknown` for another one, `none` without Authorization."""
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
        """Count a call; returns the rate limit headers, or refuses it with 429."""
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
        """The error answer; all of this API have the same three fields."""
        return error_answer(refused)


def ping(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """GET /ping: no token needed."""
    return json_answer({"ping": "pong"})


def admin(truto: Truto, call: Call) -> None:
    """Refuse a token of a single account with 403, or with 401 if it has expired."""
    token = truto.tokens.get(call.bearer)
    if token and truto.clock() >= token.ends_at:
        raise Refused(401, "Unauthorized: the token has expired")
    if token:
        raise Refused(403, "Forbidden: this token is for an integrated account")


def list_accounts(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """GET /integrated-account with filters, limit and next_cursor; the oldest account comes first."""
    admin(truto, call)
    limit = whole_number(call, "limit", DEFAULT_LIMIT, 1)
    filters = parse_filters(call, truto.strict_query)
    rows = [row for key, row in truto.accounts.items() if all(one.holds(truto.field_values[key]) for one in filters)]
    start = read_cursor(call.value("next_cursor"))
    more = start + limit < len(rows)
    body = {
        "result": rows[start : start + limit],
        "next_cursor": make_cursor(start + limit) if more else None,
        "limit": limit,
    }
    return json_answer(body)


def make_cursor(offset: int) -> str:
    """A cursor that contains `+`, `/` and `=`."""
    text = json.dumps([offset]).encode()
    while len(text) % 3 != 1:
        text += b" "
    return base64.b64encode(CURSOR_HEAD + text).decode()


def read_cursor(text: str | None) -> int:
    """The offset in a cursor, 0 without one; refuses a cursor that was altered with 400."""
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


def find_account(truto: Truto, key: str) -> Account:
    """The account with this id; refuses an unknown one with 404."""
    account = truto.accounts.get(key)
    if account is None:
        raise Refused(404, f"Integrated account {key} not found")
    return account


def get_account(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """GET /integrated-account/{id}: the account, without an object around it."""
    admin(truto, call)
    return json_answer(find_account(truto, args["id"]))


def make_token(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """POST /integrated-account/{id}/token: a token for this account, valid for 15 minutes."""
    admin(truto, call)
    account = find_account(truto, args["id"])["id"]
    token = make_id(truto.seed, f"token {len(truto.tokens)} {account}")
    truto.tokens[token] = AccountToken(account, truto.clock() + TOKEN_SECONDS)
    return json_answer({"token": token, "expires_in": int(TOKEN_SECONDS)})


def provider_call(truto: Truto, call: Call, args: dict[str, str]) -> Answer:
    """Anything under /proxy and /unified; writes to a sandbox account are refused with 405."""
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
    """The id of the account that a call is for: that of its query parameter, or else of its token."""
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
