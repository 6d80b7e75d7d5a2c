"""The order in which Postman writes the keys of its files.

That of v2.1 was counted in exports of public repositories, that of v3 is the one of its own converter. Keys that the user
chose, as those of headers, stay in their order.
"""

from __future__ import annotations

from runner.formats.canonical.order import Shape

_EVENTS = {"event": "event", "auth": "auth"}

AUTH_TYPES = (
    *(
        "apikey",
        "asap",
        "awsv4",
        "azure",
        "basic",
        "bearer",
        "digest",
        "edgegrid",
        "hawk",
        "jwt",
        "ntlm",
        "oauth1",
        "oauth2",
    ),
    "sasl",
)

V2: dict[str, Shape] = {
    "collection": Shape(
        ("info", "item", "auth", "event", "protocolProfileBehavior", "variable"),
        {"info": "info", "item": "entry", "variable": "variable[]", **_EVENTS},
    ),
    "info": Shape(("_postman_id", "name", "description", "version", "schema", "_exporter_id", "_collection_link")),
    "folder": Shape(
        ("name", "id", "item", "description", "auth", "protocolProfileBehavior", "event"), {"item": "entry", **_EVENTS}
    ),
    "item": Shape(
        ("name", "id", "event", "protocolProfileBehavior", "request", "response", "uid"),
        {"request": "request", "response": "response", **_EVENTS},
    ),
    "event": Shape(("listen", "script"), {"script": "script"}),
    "script": Shape(("id", "exec", "type", "packages", "requests")),
    "request": Shape(
        ("name", "auth", "method", "header", "body", "url", "description"),
        {"auth": "auth", "header": "row[]", "body": "body", "url": "url"},
    ),
    "auth": Shape(("type",), dict.fromkeys(AUTH_TYPES, "parameter[]")),
    "parameter": Shape(("key", "value", "type")),
    "url": Shape(
        ("raw", "protocol", "auth", "host", "port", "path", "query", "hash", "variable"),
        {"query": "row[]", "variable": "variable[]"},
    ),
    "row": Shape(("key", "name", "value", "equals", "description", "type", "src", "contentType", "disabled")),
    "body": Shape(
        ("mode", "raw", "urlencoded", "formdata", "file", "graphql", "options", "disabled"),
        {"urlencoded": "row[]", "formdata": "row[]", "graphql": "graphql"},
    ),
    "graphql": Shape(("query", "variables", "operationName")),
    "response": Shape(
        (
            *("id", "name", "originalRequest", "status", "code", "_postman_previewlanguage", "header", "cookie"),
            *("responseTime", "body"),
        ),
        {"originalRequest": "request", "header": "row[]"},
    ),
    "variable": Shape(("id", "key", "value", "type", "description", "disabled")),
    "environment": Shape(
        (
            *("id", "name", "values", "color", "_postman_variable_scope", "_postman_exported_at"),
            "_postman_exported_using",
        ),
        {"values": "value[]"},
    ),
    "value": Shape(("key", "value", "type", "description", "enabled")),
}

_HEAD = ("$kind", "id", "name", "description")
_MESSAGE = ("url", "method", "headers", "queryParams", "pathVariables", "body")
_ROWS = dict.fromkeys(("headers", "queryParams", "pathVariables", "metadata"), "row[]")

V3: dict[str, Shape] = {
    "definition": Shape(
        (*_HEAD, "variables", "scripts", "auth", "order"), {"variables": "row[]", "scripts": "script", "auth": "auth"}
    ),
    "request": Shape(
        (
            *_HEAD,
            *("transport", "url", "command", "env", "method", "methodPath", "methodDescriptor", "query", "variables"),
            *("clientId", "version", "topics", "config", "userPrompts", "systemPrompts", "mcpConfig", "enabledTools"),
            *("clientTools", "headers", "metadata", "queryParams", "pathVariables", "events", "message", "lastWill"),
            *("properties", "body", "auth", "schema", "scripts", "settings", "messages", "examples", "order"),
        ),
        {**_ROWS, "body": "body", "auth": "auth", "scripts": "script", "settings": "settings"},
    ),
    "example": Shape((*_HEAD, "request", "response", "order"), {"request": "sent", "response": "answer"}),
    "message": Shape((*_HEAD, "eventName", "topic", "content", "contentType", "args", "acknowledgement", "qos", "retain")),
    "sent": Shape(_MESSAGE, {**_ROWS, "body": "body"}),
    "answer": Shape(("statusCode", "statusText", "headers", "body", "events"), {"headers": "row[]", "body": "body"}),
    "row": Shape(("type", "key", "value", "src", "contentType", "description", "disabled", "secret")),
    "body": Shape(("type", "content")),
    "auth": Shape(("id", "type", "name", "credentials")),
    "script": Shape(("type", "code", "language", "packages", "requests")),
    "settings": Shape(
        (
            *("protocolVersion", "strictSSL", "followRedirects", "maxRedirects", "followOriginalHttpMethod"),
            *("followAuthorizationHeader", "removeRefererHeaderOnRedirect", "insecureHTTPParser", "disableUrlEncoding"),
            *("disableCookies", "disabledSystemHeaders", "tlsPreferServerCiphers", "tlsDisabledProtocols"),
            "tlsCipherSelection",
        )
    ),
    "environment": Shape(("id", "name", "values", "color"), {"values": "value[]"}),
    "value": Shape(("key", "value", "enabled", "type", "secret", "description", "source")),
}
