"""Digest authentication (RFC 7616, RFC 2617).

The collection may store a whole challenge (realm, nonce …), which is answered at once. When the server sends one, its
parameters replace those of the collection, except for the algorithm. Of several challenges, the one with the collection's
algorithm is answered. Postman deviates from the RFCs: it always answers with MD5 if the collection names no algorithm,
drops qop if the server offers two, and does not escape quotes. Here the server is obeyed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from runner.auth.challenge.www_authenticate import Challenge, challenges, origin, quoted, same_origin
from runner.auth.context import AuthContext
from runner.auth.message import Message, read_message, replayed, with_header
from runner.auth.params import Params
from runner.effects import Step
from runner.model.payload import BodyBytes, hashed
from runner.model.quick_dataclass import dataclass
from runner.model.request import Request
from runner.model.response import Exchange
from runner.rules.percent import utf8

ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
NAMES = tuple(name + suffix for name in ALGORITHMS for suffix in ("", "-sess"))
QOPS = ("auth", "auth-int")
CHOICES = {"algorithm": NAMES, "qop": QOPS}
STATE = "digest"
"""Key of the `Remembered` challenge in `AuthContext.state`."""

_HEX = re.compile(r"[0-9a-fA-F]{1,8}\Z")
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The challenge of a server, or the one that the collection stores; `qop` is empty for RFC 2069."""

    realm: str
    nonce: str
    algorithm: str = "MD5"
    qop: str = ""
    opaque: str = ""
    userhash: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NonceUse:
    """One use of a nonce: its count, as eight digits, and the client's own nonce."""

    count: str
    client_nonce: str


@dataclass(slots=True, kw_only=True)
class Remembered:
    """The last challenge answered, how often, where it came from, and the one that the collection stored by then."""

    demand: Demand
    count: int
    origin: str
    stored: Demand | None


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send, answer the challenge and send again, once.

    A known nonce (from the collection, or from an earlier item with the same auth) is used at once. The challenge of
    another origin, to which a redirect led, is not answered.
    """
    message = yield from read_message(request, context)
    stored, here = _stored(params), origin(message.address.href)
    known = _remembered(context)
    demand = known.demand if known and known.origin == here and known.stored == stored else stored
    first = _signed(params, message, demand, context) if demand else message.request
    exchange = yield from context.send(first)
    if params.flag("disableRetryRequest") or not params.text("username"):
        return exchange
    fresh = _asked(params, exchange, stored is not None and demand == stored)
    if fresh is None or (demand is not None and fresh.nonce == demand.nonce):
        return exchange
    context.state[STATE] = Remembered(demand=fresh, count=0, origin=here, stored=stored)
    message = replace(message, request=replayed(message.request, exchange))
    return (yield from context.send(_signed(params, message, fresh, context)))


# -- what to answer ---------------------------------------------------------------------------------------------


def _usable(params: Params, name: str) -> str:
    """A stored parameter; empty if it holds an unknown variable or is not one of its `CHOICES`."""
    text = params.text(name)
    known = CHOICES.get(name, (text,))
    return text if text in known and "{{" not in text else ""


def _stored(params: Params) -> Demand | None:
    """The challenge that the collection stores, if it has realm and nonce: the server need not send one (Postman)."""
    realm, nonce = _usable(params, "realm"), _usable(params, "nonce")
    if not (realm and nonce and params.text("username")):
        return None
    return Demand(
        realm=realm,
        nonce=nonce,
        algorithm=_usable(params, "algorithm") or "MD5",
        qop=_usable(params, "qop"),
        opaque=_usable(params, "opaque"),
    )


def _remembered(context: AuthContext) -> Remembered | None:
    known = context.state.get(STATE)
    return known if isinstance(known, Remembered) else None


def _asked(params: Params, exchange: Exchange, answered: bool) -> Demand | None:
    """The challenge with the collection's algorithm, else the first that can be answered; None if there is none to answer.

    Realm, nonce and opaque always come from that challenge, never from another of the same response. If the stored
    challenge was `answered` already, only one that asks for more than was stored counts (Postman).
    """
    if exchange.response.code not in (401, 403) or not same_origin(exchange):
        return None
    wanted = _usable(params, "algorithm")
    offered = [
        (challenge, algorithm)
        for challenge in challenges(exchange.response)
        if challenge.scheme == "digest" and "nonce" in challenge.params and (algorithm := _offered(challenge) or wanted)
    ]
    if not offered:
        return None
    challenge, algorithm = next((pair for pair in offered if pair[1] == wanted), offered[0])
    if answered and _has_all(params, challenge):
        return None
    return Demand(
        realm=challenge.params.get("realm", "") or _usable(params, "realm"),
        nonce=challenge.params["nonce"],
        algorithm=wanted or algorithm,
        qop=_chosen_qop(challenge.params.get("qop", ""), _usable(params, "qop")),
        opaque=challenge.params.get("opaque", "") or _usable(params, "opaque"),
        userhash=challenge.params.get("userhash", "").lower() == "true",
    )


def _offered(challenge: Challenge) -> str:
    """The algorithm of a challenge, MD5 by default; empty if it is unknown here."""
    algorithm = challenge.params.get("algorithm", "MD5").lower()
    return next((name for name in NAMES if name.lower() == algorithm), "")


def _has_all(params: Params, challenge: Challenge) -> bool:
    """Whether the collection stores every parameter that an answer to the challenge needs."""
    needed = [name for name in ("opaque", "qop") if challenge.params.get(name)]
    if "qop" in needed or params.text("qop"):
        needed += ["qop", "clientNonce", "nonceCount"]
    return all(_usable(params, name) for name in needed)


def _chosen_qop(offered: str, wanted: str) -> str:
    """The wanted quality of protection if the server offers it or names none, else the first known one that it offers."""
    names = [name.strip().lower() for name in offered.split(",")]
    if wanted and (not offered or wanted in names):
        return wanted
    return next((qop for qop in QOPS if qop in names), "")


# -- the answer -------------------------------------------------------------------------------------------------


def _signed(params: Params, message: Message, demand: Demand, context: AuthContext) -> Request:
    answer = NonceUse(
        count=_next_count(params, message, demand, context),
        client_nonce=params.text("clientNonce") or context.entropy.text(_LETTERS, 8),
    )
    return with_header(message.request, "Authorization", _header(params, message, demand, answer))


def _next_count(params: Params, message: Message, demand: Demand, context: AuthContext) -> str:
    """The stored `nonceCount` as it is for the first use of a stored nonce, eight hexadecimal digits for any other use."""
    known = _remembered(context)
    if not known or known.demand != demand:
        first = params.text("nonceCount", "00000001")
        count = int(first, 16) if _HEX.match(first) else 1
        context.state[STATE] = Remembered(demand=demand, count=count, origin=origin(message.address.href), stored=demand)
        return first
    known.count += 1
    return f"{known.count:08x}"


def _header(params: Params, message: Message, demand: Demand, answer: NonceUse) -> str:
    digest = _hash(params, demand.algorithm)
    response = make_response(digest, params, message, demand, answer)
    fields = [
        _user(params, demand, digest),
        f"realm={quoted(demand.realm)}",
        f"nonce={quoted(demand.nonce)}",
        f"uri={quoted(message.address.target)}",
        f'algorithm="{demand.algorithm}"',
    ]
    if demand.qop:
        fields += [f"qop={demand.qop}", f"nc={answer.count}"]
    if demand.qop or demand.algorithm.endswith("-sess"):
        fields.append(f"cnonce={quoted(answer.client_nonce)}")
    fields.append(f'response="{response}"')
    fields += [f"opaque={quoted(demand.opaque)}"] if demand.opaque else []
    fields += ["userhash=true"] if demand.userhash else []
    return "Digest " + ", ".join(fields)


def _user(params: Params, demand: Demand, digest: Callable[[BodyBytes], str]) -> str:
    """The user name: hashed if the server wants that, in the form of RFC 8187 if it has other characters than ASCII."""
    name = params.text("username")
    if demand.userhash:
        return f'username="{digest(utf8(f"{name}:{demand.realm}"))}"'
    return f"username={quoted(name)}" if name.isascii() else f"username*=UTF-8''{quote(utf8(name), safe='')}"


def make_response(
    digest: Callable[[BodyBytes], str], params: Params, message: Message, demand: Demand, answer: NonceUse
) -> str:
    """The `response` of RFC 7616 section 3.4.1; texts are hashed as UTF-8."""
    secret = digest(utf8(f"{params.text('username')}:{demand.realm}:{params.text('password')}"))
    if demand.algorithm.endswith("-sess"):
        secret = digest(utf8(f"{secret}:{demand.nonce}:{answer.client_nonce}"))
    subject = f"{message.method}:{message.address.target}"
    if demand.qop == "auth-int":
        subject += f":{digest(message.body)}"
    middle = f"{answer.count}:{answer.client_nonce}:{demand.qop}:" if demand.qop else ""
    return digest(utf8(f"{secret}:{demand.nonce}:{middle}{digest(utf8(subject))}"))


def _hash(params: Params, algorithm: str) -> Callable[[BodyBytes], str]:
    name = ALGORITHMS[algorithm.removesuffix("-sess")]
    try:
        hashlib.new(name, usedforsecurity=False)
    except ValueError:
        raise params.error("algorithm", f"{algorithm} is missing in this Python's OpenSSL") from None
    return lambda data: str(hashed(hashlib.new(name, usedforsecurity=False), data).hexdigest())
