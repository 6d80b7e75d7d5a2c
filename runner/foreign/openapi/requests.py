"""Operations as items of a collection: request and saved examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from runner.foreign.openapi.authorization import auth_of, shown
from runner.foreign.openapi.bodies import Body, body_of, example_summary
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.media import Media
from runner.foreign.openapi.operations import Operation
from runner.foreign.openapi.options import Choices
from runner.foreign.openapi.parameters import Parameters, Rows
from runner.foreign.openapi.responses import Responses
from runner.formats.postman.v2_url import dump_url
from runner.model.json import Json, JsonObject
from runner.rules.url import parse_url

BODILESS = frozenset({"GET", "COPY", "HEAD", "PURGE", "UNLOCK"})
"""The methods whose body Postman sends only if an item says so."""

MOST_NAME = 255
"""Characters of the longest name of a request."""

_NAME = re.compile(r"(?<!\{)\{([^/{}]+)\}(?!\})")
_SEGMENT = re.compile(r"/\{\{([^/{}]+)\}\}(?=/|$)")


def with_variables(text: str) -> str:
    """A URL of the document with `{{name}}` for its `{name}`."""
    return _NAME.sub(r"{{\1}}", text)


def with_path_variables(text: str) -> str:
    """The same, but `:name` where a whole segment of the path is one."""
    return _SEGMENT.sub(r"/:\1", with_variables(text))


class Requests:
    """Makes items. `variables` are those of the collection that URLs need."""

    def __init__(self, document: Document, choices: Choices) -> None:
        self.variables: dict[str, Json] = {}
        self._document = document
        self._choices = choices
        self._media = Media(document, choices, of_response=False)
        self._parameters = Parameters(
            self._media,
            optional=choices.optional,
            deprecated=choices.deprecated,
            implicit_headers=choices.implicit_headers,
        )
        self._answers = Media(document, choices, of_response=True)
        self._responses = Responses(document, self._answers, deprecated=choices.deprecated)
        self._auth = auth_of(document, _security(document.root.get("security")))

    @property
    def auth(self) -> JsonObject | None:
        """The auth of the whole document."""
        return self._auth

    @property
    def reduced(self) -> int:
        """How many schemas of bodies are too large to be shown with all their levels."""
        return self._media.reduced + self._answers.reduced

    def item(self, operation: Operation) -> JsonObject:
        """The item of an operation."""
        node, choices = operation.node, self._choices
        path = with_path_variables(operation.path)
        address = self._server(operation) + path
        own_auth = None if choices.inherit_auth else auth_of(self._document, operation.security)
        request_body = self._document.resolved(node.get("requestBody"))
        body = body_of(request_body, self._media, choices)
        request = self._request(operation, address, path, body, None)
        named = partial(self._named, request_body, body)
        found = list(self._responses.examples(node.get("responses"), self._keys(operation.parameters, body), named))
        responses = []
        for example in found:
            other = request
            if example.key is not None:
                other_body = body_of(request_body, self._media, choices, example.key)
                other = self._request(operation, address, path, other_body, example.key)
            original = self._shown(other, example.accept, own_auth or self._auth)
            responses.append({"name": example.response.pop("name"), "originalRequest": original, **example.response})
        accept = next((example.accept for example in found if example.accept), "")
        description = node.get("description")
        request |= {
            **({"header": [*request["header"], {"key": "Accept", "value": accept}]} if accept else {}),
            **({"auth": own_auth} if own_auth else {}),
            **({"description": description} if isinstance(description, str) and description else {}),
        }
        needs_body = body is not None and operation.method in BODILESS
        behaviour = {"protocolProfileBehavior": {"disableBodyPruning": True}} if needs_body else {}
        return {"name": self._name(operation, path), **behaviour, "request": request, "response": responses}

    def _name(self, operation: Operation, path: str) -> str:
        node = operation.node
        if self._choices.name_is_path:
            return path[:MOST_NAME]
        names = (node.get("summary"), spaced(str(node.get("operationId") or "")), node.get("description"))
        return next((name for name in names if isinstance(name, str) and name), path)[:MOST_NAME]

    def _server(self, operation: Operation) -> str:
        """The address before the path: that of the collection, or the operation's own with its variables."""
        if not operation.servers:
            return "{{baseUrl}}" if operation.path.startswith("/") else "{{baseUrl}}/"
        server = operation.servers[0]
        address = with_path_variables(str(server.get("url") or ""))
        variables = server.get("variables")
        for name, about in variables.items() if isinstance(variables, dict) else ():
            if f"{{{{{name}}}}}" in address:
                self.variables.setdefault(name, about.get("default", "") if isinstance(about, dict) else "")
        return address

    def _request(self, operation: Operation, address: str, path: str, body: Body | None, key: str | None) -> JsonObject:
        """The request without its auth and Accept, made of the examples named `key` where there are some."""
        rows = self._parameters.rows(operation.parameters, key)
        headers = list(rows.headers)
        if body is not None:
            headers.append({"key": "Content-Type", "value": body.media_type})
        made: JsonObject = {"method": operation.method, "header": headers}
        if body is not None:
            made["body"] = body.body
        made["url"] = self._url(address, path, rows, operation)
        return made

    def _url(self, address: str, path: str, rows: Rows, operation: Operation) -> JsonObject:
        parsed = parse_url(address)
        named = f"{path}/"
        for row in rows.variables:
            if f"{{{{{row['key']}}}}}" in path:
                self.variables.setdefault(row["key"], row["value"])
        variables = [row for row in rows.variables if f"/:{row['key']}/" in named or f"{{{{{row['key']}}}}}" not in path]
        if operation.servers:
            about = operation.servers[0].get("variables")
            for name, one in about.items() if isinstance(about, dict) else ():
                if f"/:{name}/" in f"{address}/" and isinstance(one, dict):
                    variables.append({"key": name, "value": one.get("default", "")})
        query = [*dump_url(parsed, None).get("query", []), *rows.query]
        url = dump_url(parsed, None)
        if query:
            url["query"] = query
        if variables:
            url["variable"] = variables
        return {**url, "raw": dump_url(parse_url(url), None)["raw"]}

    def _shown(self, request: JsonObject, accept: str, auth: JsonObject | None) -> JsonObject:
        """The request of an example: with Accept, and with a row that shows its auth."""
        headers = [*request["header"], *([{"key": "Accept", "value": accept}] if accept else [])]
        url = request["url"]
        row = shown(auth) if self._choices.auth_in_examples else None
        if row and row[0] == "header":
            headers.append(row[1])
        elif row:
            url = {**url, "query": [*url.get("query", []), row[1]]}
            url["raw"] = dump_url(parse_url(url), None)["raw"]
        return {**request, "header": headers, "url": url}

    def _keys(self, parameters: Sequence[JsonObject], body: Body | None) -> tuple[str, ...]:
        """The keys of the named examples of body and parameters."""
        if not self._media.examples:
            return ()
        named = [param["examples"] for param in parameters if isinstance(param.get("examples"), dict)]
        return tuple(dict.fromkeys([*(body.examples if body else ()), *(key for examples in named for key in examples)]))

    def _named(self, request_body: JsonObject, body: Body | None, key: str) -> str:
        if body is None or key not in body.examples:
            return key
        return example_summary(self._document.resolved(request_body["content"][body.media_type]), key, self._media)


def _security(value: Json) -> list[JsonObject] | None:
    found = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    return found or None


def spaced(name: str) -> str:
    """An operationId as words: `listPets` and `list_pets` are `list Pets` and `list pets`."""
    name = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    name = re.sub(r"([A-Z])([A-Z][a-z])", r"\1 \2", name)
    return re.sub(r"(?<!_)_++([a-zA-Z0-9])", r" \1", name)
