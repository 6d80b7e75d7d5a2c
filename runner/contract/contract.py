"""The documents that a run is judged by, and its judgement of each exchange, as assertions of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs, unquote_plus, urlsplit

from runner.contract.routes import Found, Routes
from runner.contract.schemas import Schemas, Violation
from runner.contract.values import Values
from runner.deep_json import loads
from runner.events import Assertion, ScriptError
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.media import URLENCODED, bare
from runner.foreign.openapi.operations import Operation
from runner.model.json import Json, JsonObject
from runner.model.payload import BodyBytes
from runner.model.response import Exchange, Hop, Response
from runner.results.coverage import ContractCoverage, OperationCoverage

LISTEN = "contract"
"""What stands in reports in the place of the kind of a script."""

OF_HTTP = frozenset({"accept", "content-type", "authorization"})
"""Header parameters that do not count (OpenAPI: "parameter definition SHALL be ignored")."""

KEEP_BODY = (307, 308)
"""Redirects after which the same body is sent again (RFC 9110, section 15.4)."""

Headers = Sequence[tuple[str, str]]


class _Sent:
    """The texts of the parameters that a request was sent with, by place and name."""

    def __init__(self, found: Found, hop: Hop) -> None:
        self._path = found.values
        self._query = parse_qs(urlsplit(hop.href).query, keep_blank_values=True)
        self._headers = _by_name(hop.headers)
        pairs = (pair.strip().partition("=") for text in self._headers.get("cookie", ()) for pair in text.split(";"))
        self._cookies = {name: value for name, _, value in pairs}

    def texts(self, param: JsonObject, name: str, place: str) -> Sequence[str] | None:
        """Each text of a parameter; None if it was not sent."""
        if place == "header":
            return self._headers.get(name.lower())
        if place == "query":
            return self._query.get(name) or _members(param, self._query)
        values = self._path if place == "path" else self._cookies
        return [values[name]] if name in values else None


class Check(NamedTuple):
    """One check of an exchange; `unchecked` says why it could not be made."""

    name: str
    violations: Sequence[Violation]
    unchecked: str = ""


class Contract:
    """One document."""

    def __init__(self, document: Document, servers: Sequence[str], *, old: bool, formats: bool) -> None:
        self._document = document
        self._name = document.path
        self.routes = Routes(document, servers)
        self._values = Values(document)
        self._of_responses = Schemas(document, "writeOnly", old=old, formats=formats)
        self._of_requests = Schemas(document, "readOnly", old=old, formats=formats)
        self.coverage = {id(one): self._coverage(one) for route in self.routes.routes for one in route.operations.values()}

    def _coverage(self, operation: Operation) -> OperationCoverage:
        declared = tuple(f"{param.get('in')} {param.get('name')}" for param in operation.parameters)
        statuses = tuple(map(str, self._object(operation.node.get("responses"))))
        method, path = operation.method.upper(), operation.path
        return OperationCoverage(document=self._name, method=method, path=path, statuses=statuses, parameters=declared)

    def checks(self, found: Found, hop: Hop, body: BodyBytes) -> list[Check]:
        """Everything that the document says of this request and its response."""
        operation = found.operation
        if operation is None:
            methods = ", ".join(sorted(found.route.operations)) if found.route else "no path of the document"
            wanted = f"{found.route.path} with {methods}" if found.route else f"a path of {self._name}"
            return [Check("undeclared_operation", [Violation(found.path, wanted, f"{hop.method} {found.path}")])]
        coverage = self.coverage[id(operation)]
        coverage.requests += 1
        coverage.seen_statuses.add(str(hop.response.code))
        checks = [
            Check("request_parameter_conformance", list(self._parameters(operation, found, hop, coverage))),
            self._request_body(operation, hop, body),
            *self._response(operation, hop, coverage),
        ]
        return [check for check in checks if check.violations or check.unchecked]

    # -- the request ----------------------------------------------------------------------------------------------

    def _parameters(self, operation: Operation, found: Found, hop: Hop, coverage: OperationCoverage) -> Iterator[Violation]:
        sent = _Sent(found, hop)
        for param in operation.parameters:
            name, place = str(param["name"]), str(param["in"])
            if (place == "header" and name.lower() in OF_HTTP) or place == "querystring":
                continue
            texts, where = sent.texts(param, name, place), f"{place}.{name}"
            if texts is None:
                if param.get("required") is True:
                    yield Violation(where, "a value, since it is required", "none")
                continue
            coverage.seen_parameters.add(f"{place} {name}")
            if param.get("style") != "deepObject":
                yield from self._of_parameter(param, texts, where)

    def _of_parameter(self, param: JsonObject, texts: Sequence[str], where: str) -> Iterator[Violation]:
        content = self._object(param.get("content"))
        schema = next((one.get("schema", {}) for one in content.values()), {}) if content else param.get("schema", {})
        for wrong in self._of_requests.violations(schema, self._values.of_parameter(param, texts)):
            yield Violation(where + wrong.path[1:], wrong.expected, wrong.actual)

    def _request_body(self, operation: Operation, hop: Hop, body: BodyBytes) -> Check:
        name = "request_body_conformance"
        declared = self._document.resolved(operation.node.get("requestBody"))
        content = self._object(declared.get("content"))
        if not content:
            return Check(name, [])
        if not body:
            required = declared.get("required") is True
            return Check(name, [Violation("$", "a body, since it is required", "none")] if required else [])
        sent = _last(hop.headers, "content-type") or ""
        media = _media(content, sent)
        if media is None:
            return Check(name, [Violation("Content-Type", f"one of {', '.join(content)}", sent or "none")])
        schema = self._object(media).get("schema", {})
        return self._validated(name, self._of_requests, schema, sent, body)

    # -- the response ---------------------------------------------------------------------------------------------

    def _response(self, operation: Operation, hop: Hop, coverage: OperationCoverage) -> Iterator[Check]:
        response = hop.response
        declared = self._object(operation.node.get("responses"))
        code = str(response.code)
        key = next((key for key in (code, f"{code[0]}XX", f"{code[0]}xx", "default") if key in declared), None)
        if key is None:
            yield Check("status_code_conformance", [Violation("status", f"one of {', '.join(declared) or 'none'}", code)])
            return
        node = self._document.resolved(declared[key])
        yield Check("response_headers_conformance", list(self._headers(node, response)))
        yield from self._body(node, hop, coverage)

    def _body(self, node: JsonObject, hop: Hop, coverage: OperationCoverage) -> Iterator[Check]:
        response, content = hop.response, self._object(node.get("content"))
        if not content or hop.method == "HEAD" or response.code in (204, 304):
            coverage.covered = True
            return
        sent = response.header("content-type") or ""
        media = _media(content, sent)
        if media is None:
            wrong = Violation("Content-Type", f"one of {', '.join(content)}", sent or "none")
            yield Check("content_type_conformance", [wrong])
            return
        schema = self._object(media).get("schema", {})
        check = self._validated("response_schema_conformance", self._of_responses, schema, sent, response.body)
        coverage.covered |= not check.unchecked
        yield check

    def _headers(self, node: JsonObject, response: Response) -> Iterator[Violation]:
        came = _by_name(response.headers)
        for name, found in self._object(node.get("headers")).items():
            header, texts = self._document.resolved(found), came.get(name.lower())
            if name.lower() == "content-type":
                continue
            if texts is None:
                if header.get("required") is True:
                    yield Violation(f"header.{name}", "a value, since it is required", "none")
                continue
            value = self._values.of_parameter({**header, "in": "header"}, [", ".join(texts)])
            for wrong in self._of_responses.violations(header.get("schema", {}), value):
                yield Violation(f"header.{name}{wrong.path[1:]}", wrong.expected, wrong.actual)

    def _validated(self, name: str, schemas: Schemas, schema: Json, media_type: str, body: BodyBytes) -> Check:
        kind = bare(media_type)
        if schema in ({}, True):
            return Check(name, [])
        if kind == "application/json" or kind.endswith("+json"):
            try:
                value = loads(bytes(body).decode("utf-8-sig"))
            except ValueError as error:
                return Check(name, [Violation("$", "JSON", str(error))])
            return Check(name, schemas.violations(schema, value))
        if kind != URLENCODED and not kind.startswith("text/"):
            return Check(name, [], f"{kind or 'a body without Content-Type'} is not validated")
        text = bytes(body).decode("utf-8", "replace")
        if kind == URLENCODED:
            return Check(name, schemas.violations(schema, self._values.of_fields(_form(text), schema)))
        return Check(name, schemas.violations(schema, self._values.of(text, schema)))

    def _object(self, node: Json) -> JsonObject:
        return self._document.resolved(node)


class Contracts:
    """All documents of a run; a request belongs to the first that has it below its servers."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self._contracts = contracts
        operations = [one for contract in contracts for one in contract.coverage.values()]
        self.coverage = ContractCoverage(operations=operations)

    def judge(self, exchange: Exchange) -> list[Assertion]:
        """An assertion for each check that an exchange fails; one that passed if all is as it should be.

        Nothing for a request to a server that no document has.
        """
        if not exchange.hops:
            return []
        *before, hop = exchange.hops
        kept = all(one.response.code in KEEP_BODY for one in before)
        body = exchange.request.body if kept and hop.method == exchange.request.method else b""
        found = [(contract, there) for contract in self._contracts if (there := contract.routes.find(hop.method, hop.href))]
        if not found:
            return []
        self.coverage.judged += 1
        contract, there = next((one for one in found if one[1].operation), found[0])
        where = f"{hop.method} {there.route.path if there.route else there.path}"
        checks = contract.checks(there, hop, body)
        if not checks:
            return [Assertion(name=f"contract: {where}", index=0, passed=True)]
        return [_assertion(check, where, at) for at, check in enumerate(checks)]


def _assertion(check: Check, where: str, index: int) -> Assertion:
    name = f"contract: {check.name} {where}"
    if check.unchecked:
        return Assertion(name=f"{name}: {check.unchecked}", index=index, passed=True, skipped=True)
    message = "\n".join(map(str, check.violations))
    return Assertion(name=name, index=index, passed=False, error=ScriptError(name="ContractError", message=message))


def _by_name(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return found


def _last(headers: Headers, name: str) -> str | None:
    return next(iter(_by_name(headers).get(name, [])[-1:]), None)


def _members(param: JsonObject, query: Mapping[str, list[str]]) -> list[str] | None:
    """The texts of a parameter that is sent as its members: `name[member]=…`."""
    start = f"{param['name']}["
    return [texts[-1] for name, texts in query.items() if name.startswith(start)] or None


def _form(text: str) -> dict[str, str | list[str]]:
    fields: dict[str, str | list[str]] = {}
    for pair in filter(None, text.split("&")):
        name, value = map(unquote_plus, pair.partition("=")[::2])
        before = fields.get(name)
        fields[name] = value if before is None else [*([before] if isinstance(before, str) else before), value]
    return fields


def _media(content: JsonObject, media_type: str) -> Json:
    """What the document says of a media type: by its name, else by a range such as `application/*`; None if nothing."""
    kind = bare(media_type)
    by_name = {bare(name): node for name, node in content.items()}
    for wanted in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if wanted in by_name:
            found: Json = by_name[wanted]
            return found
    return None
