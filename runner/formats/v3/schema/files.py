"""The shapes of the files: requests of each kind, definitions, examples."""

from __future__ import annotations

from collections.abc import Sequence

from runner.formats.v3.fields.auth import KNOWN, TYPES
from runner.formats.v3.fields.body import RAW_TYPES
from runner.formats.v3.fields.definition import SCRIPT_TYPES
from runner.formats.v3.fields.example import BODY_TYPES
from runner.formats.v3.fields.scripts import GRAPHQL, HTTP
from runner.formats.v3.fields.settings import SYSTEM_HEADERS, TLS_PROTOCOLS
from runner.formats.v3.schema.shapes import (
    Shape,
    Wrong,
    anything,
    by_type,
    each,
    flag,
    mapping,
    number,
    one_of,
    record,
    text,
    text_or_null,
    values,
)
from runner.model.json import Json

OTHER_KINDS = (
    "grpc-request", "websocket-request", "socket.io-request", "mqtt-request", "mcp-request", "llm-request",
)  # fmt: skip
"""The kinds of requests that the format has beside those of HTTP."""

_ROW = {"description": text, "disabled": flag}
_rows = by_type(array=each(record({"key": text, "value": text, **_ROW})), object=values(text))
_query = by_type(array=each(record({"key": text_or_null, "value": text_or_null, **_ROW})), object=values(text_or_null))
_variables = by_type(array=each(record({"key": text, "value": text, "secret": flag, **_ROW})), object=values(text))

# -- bodies ---------------------------------------------------------------------------------------------------------

_paths = by_type(array=each(text), object=text_or_null)
_parts = by_type(
    array=each(
        record({"type": one_of(("text", "file")), "key": text, "value": text, "src": _paths, "contentType": text, **_ROW})
    ),
    object=values(text),
)
_CONTENTS: dict[str, Shape] = {
    "none": anything,
    **dict.fromkeys(RAW_TYPES, text),
    "urlencoded": _rows,
    "formdata": _parts,
    "file": record({"src": text}),
    "graphql": record({"query": text, "variables": text, "operationName": text}),
}
_body_type = record({"type": one_of(_CONTENTS)}, required=("type",))


def _body(value: Json) -> Sequence[Wrong]:
    wrong = _body_type(value)
    if wrong or not isinstance(value, dict) or "content" not in value:
        return wrong
    return [(("content", *keys), reason) for keys, reason in _CONTENTS[str(value["type"])](value["content"])]


# -- what several files have ----------------------------------------------------------------------------------------

_credentials = by_type(array=each(record({"key": text, "value": anything})), object=mapping)
_auth = record({"type": one_of(TYPES), "credentials": _credentials}, required=("type",), strict=True)
_AUTH_ENTRY = {"id": text, "name": text, "type": one_of((*KNOWN, "azure", "sasl", "noauth")), "credentials": _credentials}
_shared_auth = by_type(
    array=each(record({**_AUTH_ENTRY, "rules": anything}, required=("id", "type", "name"), strict=True)),
    object=record({"type": _AUTH_ENTRY["type"], "credentials": _credentials}, required=("type",), strict=True),
)


def _scripts(types: Sequence[str]) -> Shape:
    fields = {"type": one_of(types), "code": text, "language": text, "packages": mapping, "requests": mapping}
    return each(record(fields, required=("type", "code"), strict=True))


_COMMON: dict[str, Shape] = {"$kind": text, "id": text, "name": text, "description": text, "order": number}
_MESSAGE: dict[str, Shape] = {
    "url": text,
    "method": text,
    "headers": _rows,
    "queryParams": _query,
    "pathVariables": _rows,
    "body": _body,
}
_FLAGS = (
    "strictSSL", "followRedirects", "followOriginalHttpMethod", "followAuthorizationHeader",
    "removeRefererHeaderOnRedirect", "insecureHTTPParser", "disableUrlEncoding", "disableCookies",
    "tlsPreferServerCiphers",
)  # fmt: skip
_SETTINGS: dict[str, Shape] = {
    "protocolVersion": text,
    "maxRedirects": number,
    "disabledSystemHeaders": each(one_of(SYSTEM_HEADERS)),
    "tlsDisabledProtocols": each(one_of(TLS_PROTOCOLS)),
    "tlsCipherSelection": each(text),
    **dict.fromkeys(_FLAGS, flag),
}

REQUESTS: dict[str, Shape] = {
    "http-request": record(
        {
            **_COMMON,
            **_MESSAGE,
            "auth": _auth,
            "scripts": _scripts(tuple(HTTP)),
            "settings": record(_SETTINGS),
            "examples": text,
        }
    ),
    "graphql-request": record(
        {
            **_COMMON,
            "url": text,
            "query": text,
            "variables": text,
            "headers": _rows,
            "auth": _auth,
            "schema": mapping,
            "scripts": _scripts(tuple(GRAPHQL)),
            "settings": record(_SETTINGS),
            "examples": text,
        }
    ),
    **dict.fromkeys(OTHER_KINDS, record(_COMMON)),
}
"""The shape of a request's file by its kind."""

DEFINITION: Shape = record(
    {
        **_COMMON,
        "$kind": one_of(("collection",)),
        "variables": _variables,
        "scripts": _scripts(tuple(SCRIPT_TYPES)),
        "auth": _shared_auth,
    }
)

HTTP_EXAMPLE: Shape = record(
    {
        **_COMMON,
        "request": record(_MESSAGE),
        "response": record(
            {
                "statusCode": number,
                "statusText": text,
                "headers": _rows,
                "body": record({"type": one_of(BODY_TYPES), "content": text}),
            },
            required=("statusText", "body"),
        ),
    }
)
OTHER_EXAMPLE: Shape = record(_COMMON)
