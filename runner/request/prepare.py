"""From a resolved request to exactly what goes out: byte by byte what Postman sends, made without side effects."""

from __future__ import annotations

from runner.entropy import Entropy
from runner.model.request import Header, PreparedRequest, ProtocolProfileBehavior, Request
from runner.request.address import Address, parse_address
from runner.request.body import Content, Place, make_content
from runner.request.headers import SYSTEM_HEADERS, Fields, basic_authorization, check_method, check_target

LENGTHLESS_METHODS = frozenset({"GET", "HEAD", "TRACE", "DELETE", "CONNECT", "OPTIONS"})

NO_CREDENTIALS = frozenset({name.lower() for name, _ in SYSTEM_HEADERS} | {"content-type", "content-length", "cookie"})
"""Headers that an auth type may set or repeat without making credentials of them."""


def prepare(request: Request, behavior: ProtocolProfileBehavior, entropy: Entropy) -> PreparedRequest:
    """What will be sent for a request whose variables are resolved and whose files are loaded.

    Raises `RequestError`, with Node's code and text, for a URL, method or header that HTTP does not allow.
    """
    address = parse_address(request.url, encode=not behavior.disable_url_encoding)
    port = address.connect_port
    method = (request.method or "GET").upper()
    check_method(method)
    check_target(address.target)
    content = make_content(request, behavior, entropy)
    fields = Fields(_with_content_type(request.headers, content, behavior))
    _add_headers(fields, method, address, content, behavior.disabled_system_headers, entropy)
    one_piece = content is not None and content.is_text and content.body != b"" and "transfer-encoding" not in fields
    return PreparedRequest(
        method=method,
        scheme=address.scheme,
        host=address.connect_host,
        port=port,
        target=address.target,
        href=address.href,
        headers=fields.lines(),
        body=content.body if content else b"",
        head_encoding="utf-8" if one_piece else "latin-1",
        has_body=content is not None,
        cookie_before_length=bool(content and content.streamed),
        auth_headers=frozenset(h.key.lower() for h in request.headers if h.system and not h.disabled) - NO_CREDENTIALS,
        auth_in_query=any(param.system and not param.disabled for param in request.url.query or ()),
        behavior=behavior,
    )


def _with_content_type(
    headers: tuple[Header, ...], content: Content | None, behavior: ProtocolProfileBehavior
) -> tuple[Header, ...]:
    """The headers with the `Content-Type` of a raw or GraphQL body, in front of those of an auth type or behind them."""
    if content is None or content.place not in (Place.EARLY, Place.MIDDLE) or content.content_type is None:
        return headers
    if "content-type" in behavior.disabled_system_headers:
        return headers
    if any(h.key.lower() == "content-type" and not h.disabled for h in headers):
        return headers
    auth = (i for i, header in enumerate(headers) if header.system and content.place is Place.EARLY)
    at = next(auth, len(headers))
    return (*headers[:at], Header("Content-Type", content.content_type, system=True), *headers[at:])


def _add_headers(
    fields: Fields, method: str, address: Address, content: Content | None, disabled: frozenset[str], entropy: Entropy
) -> None:
    """Add what Postman adds, in its order; `disabled` has the system headers (in lower case) to leave out."""
    for name, value in SYSTEM_HEADERS:
        if name not in fields and name.lower() not in disabled:
            fields.put(name, value or (entropy.uuid() if name == "Postman-Token" else address.host_header))
    if fields.values("host") == [""]:
        fields.put("Host", address.host_header)
    kept = "content-type" in disabled and fields.get("content-type")  # the user's own header
    if content and content.place is Place.LATE and content.content_type and content.replaces and not kept:
        fields.put("Content-Type", content.content_type)
    if address.user or address.password is not None:
        fields.add_missing("Authorization", basic_authorization(address))
    has_length = content is not None and (content.body or content.streamed)
    if "content-length" not in disabled and (has_length or method not in LENGTHLESS_METHODS):
        fields.add_missing("Content-Length", str(len(content.body)) if content else "0")
    if content and content.place is Place.LAST and content.content_type and "content-type" not in disabled:
        fields.add_missing("Content-Type", content.content_type)
