"""What a document says of requests."""

from __future__ import annotations

from collections.abc import Iterator

from runner.contract.bodies import Bodies, media_of
from runner.contract.findings import Check, Violation
from runner.contract.parameters import Parameters
from runner.contract.styles import Sent
from runner.contract.validation.schemas import Schemas
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.operations import Operation
from runner.model.payload import BodyBytes

OF_HTTP = frozenset({"accept", "content-type", "authorization"})
"""Header parameters that do not count (OpenAPI: "parameter definition SHALL be ignored")."""


class Requests:
    """Judges requests by the operations of a document."""

    def __init__(self, document: Document, schemas: Schemas) -> None:
        self._document = document
        self._parameters = Parameters(document, schemas)
        self._bodies = Bodies(document, schemas, self._parameters)

    def checks(self, operation: Operation, sent: Sent, body: BodyBytes, seen: set[str]) -> list[Check]:
        """The checks of a request; the parameters that it was sent with are put into `seen`."""
        return [
            Check("request_parameter_conformance", list(self._of_parameters(operation, sent, seen))),
            self._of_body(operation, sent, body),
        ]

    def _of_parameters(self, operation: Operation, sent: Sent, seen: set[str]) -> Iterator[Violation]:
        others = {str(param["name"]) for param in operation.parameters if param["in"] == "query"}
        for param in operation.parameters:
            name, place = str(param["name"]), str(param["in"])
            if place == "header" and name.lower() in OF_HTTP:
                continue
            wrong = self._parameters.check(param, sent, others)
            if wrong is not None:
                seen.add(f"{place} {name}")
                yield from wrong
            elif param.get("required") is True:
                yield Violation(f"{place}.{name}", "a value, since it is required", "none")

    def _of_body(self, operation: Operation, sent: Sent, body: BodyBytes) -> Check:
        name = "request_body_conformance"
        declared = self._document.resolved(operation.node.get("requestBody"))
        content = self._document.resolved(declared.get("content"))
        if not content:
            return Check(name, [])
        if not body:
            required = declared.get("required") is True
            return Check(name, [Violation("$", "a body, since it is required", "none")] if required else [])
        media_type = next(iter(sent.headers.get("content-type", [])[-1:]), "")
        media = media_of(content, media_type)
        if media is None:
            return Check(name, [Violation("Content-Type", f"one of {', '.join(content)}", media_type or "none")])
        return self._bodies.check(name, media, media_type, body)
