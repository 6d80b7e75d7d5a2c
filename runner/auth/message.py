"""A request as an auth type signs it, and the ways to put a signature into it."""

from __future__ import annotations

from dataclasses import replace

from runner.auth.context import AuthContext
from runner.effects import Step
from runner.errors import RequestError
from runner.model.payload import BodyBytes
from runner.model.quick_dataclass import dataclass
from runner.model.request import Header, QueryParam, Request
from runner.model.response import Exchange
from runner.request.address import Address, parse_address
from runner.request.body import make_content
from runner.request.multipart import make_boundary
from runner.request.prepare import prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A request in the form that goes out; what is random in `request` is chosen already (the boundary of a form).

    `content_type` is the one that will be sent; empty without one.
    """

    request: Request
    method: str
    address: Address
    body: BodyBytes
    has_body: bool
    content_type: str


def read_message(request: Request, context: AuthContext) -> Step[Message]:
    """What will be sent for a request, to be signed.

    A request that cannot be sent is yielded as it is, so that it fails like any other.
    """
    try:
        return _read(request, context)
    except RequestError:
        yield from context.send(request)
        raise


def _read(request: Request, context: AuthContext) -> Message:
    body = request.body
    if (
        body is not None
        and body.mode == "formdata"
        and make_content(request, context.behavior, context.entropy) is not None
    ):  # the form is made again when the request is sent: the bytes that are signed here must have the same boundary
        request = replace(request, body=replace(body, boundary=make_boundary(context.entropy)))
    prepared = prepare(request, context.behavior, context.entropy)
    types = [value for name, value in prepared.headers if name.lower() == "content-type"]
    return Message(
        request=request,
        method=prepared.method,
        address=parse_address(request.url, encode=not context.behavior.disable_url_encoding),
        body=prepared.body,
        has_body=prepared.has_body,
        content_type=types[-1] if types else "",
    )


def replayed(request: Request, exchange: Exchange) -> Request:
    """The request with the headers that went out the first time; what is added now goes behind them (Postman)."""
    own = {h.key.lower() for h in request.headers if not h.system}
    sent = [(name, value) for name, value in exchange.request.headers if name.lower() != "cookie" or "cookie" in own]
    return replace(request, headers=tuple(Header(name, value, system=name.lower() not in own) for name, value in sent))


def with_header(request: Request, name: str, value: str) -> Request:
    """The request with a header in place of all enabled ones of the same name, in any case."""
    kept = without_headers(request, name).headers
    return replace(request, headers=(*kept, Header(name, value, system=True)))


def without_headers(request: Request, *names: str) -> Request:
    """The request without the enabled headers of these names, in any case."""
    gone = {name.lower() for name in names}
    return replace(request, headers=tuple(h for h in request.headers if h.disabled or h.key.lower() not in gone))


def with_query(request: Request, *params: tuple[str, str | None]) -> Request:
    """The request with query parameters at the end of its URL, in place of enabled ones of the same names."""
    names = {name for name, _ in params}
    kept = [q for q in request.url.query or () if q.key not in names or q.disabled]
    added = [QueryParam(name, value, system=True) for name, value in params]
    return replace(request, url=replace(request.url, query=(*kept, *added)))
