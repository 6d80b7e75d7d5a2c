"""A document of Swagger 2.0 as one of OpenAPI 3.0: what was said at other places is put where it is said now."""

from __future__ import annotations

from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.media import FORM_DATA, URLENCODED
from runner.foreign.openapi.operations import METHODS, objects
from runner.model.json import Json, JsonObject

OF_SCHEMA = frozenset((
    "type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
    "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "enum", "multipleOf", "x-nullable",
))  # fmt: skip
"""The keywords of a parameter or header that are its schema's."""

STYLES: dict[str, JsonObject] = {
    "csv": {"explode": False},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "tsv": {"style": "tabDelimited", "explode": False},
    "multi": {"style": "form", "explode": True},
}
"""How the values of an array are put together, by collectionFormat."""

FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}


def as_openapi(document: Document) -> None:
    """Replace the root of a document; what it refers to stays where it is."""
    old = document.root
    components = {
        "securitySchemes": {name: _scheme(scheme) for name, scheme in _entries(old, "securityDefinitions")},
        "schemas": old.get("definitions", {}),
    }
    paths = {path: _path(document, item) for path, item in _entries(old, "paths")}
    document.root = {**old, "openapi": "3.0.3", "servers": _servers(old, _texts(old.get("schemes"))), "paths": paths}
    document.root["components"] = components
    del document.root["swagger"]


def _entries(holder: JsonObject, key: str) -> list[tuple[str, Json]]:
    found = holder.get(key)
    return list(found.items()) if isinstance(found, dict) else []


def _texts(value: Json) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return list(dict.fromkeys([text for text in found if isinstance(text, str)]))


def _servers(old: JsonObject, schemes: list[str]) -> list[JsonObject]:
    """The addresses of host and basePath, by https where no scheme is named."""
    base = str(old.get("basePath") or "").rstrip("/")
    if old.get("host"):
        return [{"url": f"{scheme}://{old['host']}{base}"} for scheme in schemes or ["https"]]
    return [{"url": base}] if base else []


def _scheme(scheme: Json) -> Json:
    if not isinstance(scheme, dict):
        return scheme
    if scheme.get("type") == "basic":
        return {"type": "http", "scheme": "basic"}
    if scheme.get("type") != "oauth2":
        return scheme
    flow: JsonObject = {key: scheme[key] for key in ("authorizationUrl", "tokenUrl", "scopes") if key in scheme}
    return {"type": "oauth2", "flows": {FLOWS.get(str(scheme.get("flow")), str(scheme.get("flow"))): flow}}


def _path(document: Document, found: Json) -> Json:
    item = document.resolved(found)
    shared = objects(item.get("parameters"))
    made: JsonObject = {key: node for key, node in item.items() if key not in METHODS and key != "parameters"}
    operations = {key: node for key, node in item.items() if key in METHODS and isinstance(node, dict)}
    return made | {key: _operation(document, node, shared) for key, node in operations.items()}


def _operation(document: Document, node: JsonObject, shared: list[JsonObject]) -> JsonObject:
    old = document.root
    consumes, produces = (_texts(node.get(key) or old.get(key)) for key in ("consumes", "produces"))
    found = {(str(p.get("name")), str(p.get("in"))): p for p in map(document.resolved, objects(node.get("parameters")))}
    for param in map(document.resolved, shared):
        found.setdefault((str(param.get("name")), str(param.get("in"))), param)
    fields = [param for param in found.values() if param.get("in") == "formData"]
    body = next((param for param in found.values() if param.get("in") == "body"), None)
    made = {**node, "parameters": [_parameter(p) for p in found.values() if p.get("in") not in ("formData", "body")]}
    if fields:
        made["requestBody"] = _form(fields, consumes)
    elif body is not None:
        content: JsonObject = {"schema": body.get("schema", {})}
        if "x-example" in body:
            content["example"] = body["x-example"]
        about = {key: body[key] for key in ("description", "required") if key in body}
        made["requestBody"] = {**about, "content": dict.fromkeys(consumes or ["application/json"], content)}
    made["responses"] = {code: _response(document, response, produces) for code, response in _entries(node, "responses")}
    other = [scheme for scheme in _texts(node.get("schemes")) if scheme not in _texts(old.get("schemes"))]
    if other:
        made["servers"] = _servers(old, other)
    return made


def _schema(described: JsonObject) -> JsonObject:
    """The schema of a parameter or header that is one itself."""
    schema = {key: value for key, value in described.items() if key in OF_SCHEMA}
    return {**schema, "type": schema.get("type", "string")}


def _style(described: JsonObject) -> JsonObject:
    if described.get("type") != "array":
        return {}
    return STYLES.get(str(described.get("collectionFormat", "csv")), {})


def _parameter(param: JsonObject) -> JsonObject:
    rest = {key: value for key, value in param.items() if key not in OF_SCHEMA and key != "collectionFormat"}
    example = {"example": param["x-example"]} if "x-example" in param else {}
    return {**rest, "schema": param.get("schema") or _schema(param), **_style(param), **example}


def _form(fields: list[JsonObject], consumes: list[str]) -> JsonObject:
    is_multipart = FORM_DATA in consumes or any(field.get("type") == "file" for field in fields)
    properties, encoding = {}, {}
    for field in fields:
        name = str(field.get("name"))
        is_file = field.get("type") == "file"
        schema = {"type": "string", "format": "binary"} if is_file else _schema(field)
        told = {"description": field["description"]} if "description" in field else {}
        example = {"example": field["x-example"]} if "x-example" in field else {}
        properties[name] = {**schema, **told, **example}
        if style := _style(field):
            encoding[name] = style
    required = [str(field.get("name")) for field in fields if field.get("required") is True]
    schema = {"type": "object", "properties": properties, **({"required": required} if required else {})}
    return {"content": {FORM_DATA if is_multipart else URLENCODED: {"schema": schema, "encoding": encoding}}}


def _response(document: Document, found: Json, produces: list[str]) -> JsonObject:
    response = document.resolved(found)
    examples = dict(_entries(response, "examples"))
    content: JsonObject = {}
    if "schema" in response:
        schema = response["schema"]
        if isinstance(schema, dict) and schema.get("type") == "file":
            schema = {"type": "string", "format": "binary"}
        content = {type: {"schema": schema} for type in produces or ["*/*"]}
    for type, example in examples.items():
        content[type] = {**content.get(type, {}), "example": example}
    headers = {
        name: {"schema": _schema(header), **({"description": header["description"]} if "description" in header else {})}
        for name, header in _entries(response, "headers")
        if isinstance(header, dict)
    }
    about = {key: value for key, value in response.items() if key not in ("schema", "examples", "headers")}
    return {**about, **({"content": content} if content else {}), **({"headers": headers} if headers else {})}
