"""What to enter for one request: method and URL, parameters, headers, body and settings, with the app's labels."""

from __future__ import annotations

from collections.abc import Iterator

from runner.engine.plan import PlannedItem
from runner.manual_steps.authorization import authorization
from runner.manual_steps.body import body
from runner.manual_steps.document import Control, Entry, Line, joined
from runner.manual_steps.rows import described, rows_table
from runner.manual_steps.values import Values
from runner.model.json import Json, JsonObject
from runner.model.request import BODYLESS_METHODS, Header, Request, Url
from runner.options import RunOptions
from runner.request.behavior import parse_behavior
from runner.rules.text import text_of
from runner.rules.url import url_text

SWITCHES = {
    "strictSSL": ("Enable SSL certificate verification", True),
    "followRedirects": ("Automatically follow redirects", True),
    "followOriginalHttpMethod": ("Follow original HTTP Method", True),
    "followAuthorizationHeader": ("Follow Authorization header", True),
    "removeRefererHeaderOnRedirect": ("Remove referer header on redirect", True),
    "insecureHTTPParser": ("Enable strict HTTP parser", False),
    "disableUrlEncoding": ("Encode URL automatically", False),
    "disableCookies": ("Disable cookie jar", True),
    "tlsPreferServerCiphers": ("Use server cipher suite during handshake", True),
}
"""The switches of the tab Settings by their key in files, and whether they are on when that is true."""

VERSIONS = {"http1": "HTTP/1.x", "http2": "HTTP/2", "auto": "Auto"}


def request_entries(planned: PlannedItem, inherited: str, values: Values) -> Iterator[Entry]:
    """The entries for one request up to Send; `inherited` names the owner of its auth, if that is inherited."""
    request, behavior = planned.item.request, planned.behavior
    url = url_text(request.url)
    where: Line = (" and enter the URL ", values.code(url)) if url else (" (the collection gives no URL)",)
    yield Entry(("Select ", Control(values.text(request.method)), *where, "."))
    yield from _params(request.url, request.source, values)
    yield from authorization(request.auth or planned.auth, inherited, values)
    yield from _headers(request, values)
    yield from _system_headers(behavior)
    if request.body is not None and not request.body.disabled:
        pruned = request.method in BODYLESS_METHODS and not parse_behavior(behavior, RunOptions()).disable_body_pruning
        if not pruned:
            yield from body(request.body, request.source.get("body"), values)
    yield from _settings(behavior, values)


def _params(url: Url, source: JsonObject, values: Values) -> Iterator[Entry]:
    given = source.get("url")
    inner: JsonObject = given if isinstance(given, dict) else {}
    query = [param for param in url.query or () if param.key is not None or param.value is not None]
    if query:
        line = ("The app shows the parameters of the URL in ", Control("Params"), ":")
        if any(param.disabled for param in query):
            line = ("In ", Control("Params"), " the rows are these; those that are not ticked are not sent:")
        yield Entry(line, (rows_table(query, described(inner.get("query")), values),))
    variables = [one for one in url.variables if not one.disabled and one.key]
    if variables:
        names = described(inner.get("variable"))
        rows = [Header(one.key, text_of(one.value) if one.value is not None else "") for one in variables]
        line = ("In ", Control("Params › Path Variables"), " fill in what stands behind a colon in the URL:")
        yield Entry(line, (rows_table(rows, names, values),))


def _headers(request: Request, values: Values) -> Iterator[Entry]:
    rows = [header for header in request.headers if not header.system and header.key]
    if rows:
        source = request.source.get("header") or request.source.get("headers")
        line: Line = ("In ", Control("Headers"), " add:")
        if any(row.disabled for row in rows):
            line = ("In ", Control("Headers"), " add these; those that are not ticked are not sent:")
        yield Entry(line, (rows_table(rows, described(source), values),))


def _system_headers(behavior: JsonObject) -> Iterator[Entry]:
    names = sorted(parse_behavior(behavior, RunOptions()).disabled_system_headers)
    if names:
        shown: list[Line] = [(Control("-".join(part.capitalize() for part in name.split("-"))),) for name in names]
        hidden = Control("hidden")
        yield Entry(
            (
                *("Still in ", Control("Headers"), ", click the number of ", hidden, " headers to see those of the app"),
                *(", and untick ", *joined(shown, ", ", " and "), "."),
            )
        )


def _settings(behavior: JsonObject, values: Values) -> Iterator[Entry]:
    rows: list[Line] = []
    for key, (label, as_given) in SWITCHES.items():
        if key in behavior:
            on = bool(behavior[key]) == as_given
            rows.append((Control(label), ": ", "on" if on else "off"))
    if text_of(behavior.get("protocolVersion")) in VERSIONS:
        rows.append((Control("HTTP version"), ": ", Control(VERSIONS[behavior["protocolVersion"]])))
    if "maxRedirects" in behavior:
        rows.append((Control("Maximum number of redirects"), ": ", values.code(text_of(behavior["maxRedirects"]))))
    if behavior.get("tlsDisabledProtocols"):
        names = [values.code(text_of(one)) for one in _list(behavior["tlsDisabledProtocols"])]
        rows.append((Control("TLS/SSL protocols disabled during handshake"), ": ", *joined([(one,) for one in names])))
    if behavior.get("tlsCipherSelection"):
        names = [values.code(text_of(one)) for one in _list(behavior["tlsCipherSelection"])]
        rows.append((Control("Cipher suite selection"), ": ", *joined([(one,) for one in names])))
    if rows:
        yield Entry(("In ", Control("Settings"), " set ", *joined(rows, "; "), "."))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
