"""What a document says of responses."""

from __future__ import annotations

from collections.abc import Iterator

from runner.contract.bodies import Bodies, media_of
from runner.contract.findings import Check, Violation
from runner.contract.parameters import Parameters
from runner.contract.styles import by_name
from runner.contract.validation.schemas import Schemas
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.operations import Operation
from runner.model.json import JsonObject
from runner.model.response import Response


class Responses:
    """Judges responses by the operations of a document."""

    def __init__(self, document: Document, schemas: Schemas) -> None:
        self._document = document
        self._parameters = Parameters(document, schemas)
        self._bodies = Bodies(document, schemas, self._parameters)

    def checks(self, operation: Operation, method: str, response: Response) -> tuple[list[Check], bool]:
        """The checks of a response, and whether the body, if there has to be one, could be validated."""
        declared = self._document.resolved(operation.node.get("responses"))
        code = str(response.code)
        key = next((key for key in (code, f"{code[0]}XX", f"{code[0]}xx", "default") if key in declared), None)
        if key is None:
            wrong = Violation("status", f"one of {', '.join(declared) or 'none'}", code)
            return [Check("status_code_conformance", [wrong])], False
        node = self._document.resolved(declared[key])
        headers = Check("response_headers_conformance", list(self._headers(node, response)))
        content = self._document.resolved(node.get("content"))
        if not content or method == "HEAD" or response.code in (204, 304):
            return [headers], True
        media_type = response.header("content-type") or ""
        media = media_of(content, media_type)
        if media is None:
            wrong = Violation("Content-Type", f"one of {', '.join(content)}", media_type or "none")
            return [headers, Check("content_type_conformance", [wrong])], False
        body = self._bodies.check("response_schema_conformance", media, media_type, response.body)
        return [headers, body], not body.unchecked

    def _headers(self, node: JsonObject, response: Response) -> Iterator[Violation]:
        came = by_name(response.headers)
        for name, found in self._document.resolved(node.get("headers")).items():
            header, texts = self._document.resolved(found), came.get(name.lower())
            if name.lower() == "content-type":
                continue
            if texts is not None:
                joined = [", ".join(texts)]
                yield from self._parameters.of_texts(header, joined, str.strip, "header", f"header.{name}")
            elif header.get("required") is True:
                yield Violation(f"header.{name}", "a value, since it is required", "none")
