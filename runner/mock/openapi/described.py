"""What an OpenAPI document says of the calls of a mock server, beyond the examples in it."""

from __future__ import annotations

from urllib.parse import urlsplit

from runner.clock import Clock
from runner.contract.contract import Contract
from runner.contract.findings import Check
from runner.contract.validation.schemas import Schemas
from runner.entropy import Entropy
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.media import bare
from runner.foreign.openapi.operations import Operation, objects
from runner.mock.openapi.patterns import UnknownPattern
from runner.mock.openapi.random_values import RandomValues
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import replace
from runner.rules.text import json_text
from runner.server.messages import Answer, Call

ATTEMPTS = 10
"""Values that are made until one is valid: not all that a schema may say is known to their maker."""


class Described:
    """One document; with a `seed` the values of its answers repeat."""

    def __init__(self, document: Document, seed: int | str | None = None) -> None:
        self._document = document
        old = document.version < (3, 1)
        self._contract = Contract(document, _servers(document), old=old, formats=False)
        self._schemas = Schemas(document, "writeOnly", old=old, formats=True)
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Begin again: with a seed the values repeat."""
        self._values = RandomValues(self._document, Entropy(self._seed), Clock())

    def violated(self, call: Call) -> list[Check] | None:
        """The checks that a call fails; None for one that the document does not describe."""
        href = f"http://mock{call.target}"
        found = self._contract.routes.find(call.method, href)
        if found is None or found.operation is None:
            return None
        checks = self._contract.checks_of_request(found, call.method, href, call.headers, call.body)
        return [check for check in checks if check.violations]

    def dynamic(self, call: Call, answer: Answer) -> Answer | str:
        """The answer with a random body of its schema; if there can be none, why."""
        found = self._contract.routes.find(call.method, f"http://mock{call.target}")
        if found is None or found.operation is None:
            return "the document does not describe this call"
        media = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
        schema = self._schema(found.operation, answer.status, media)
        if schema is None:
            return f"the document has no JSON schema for {answer.status}"
        try:
            for _ in range(ATTEMPTS):
                value = self._values.of(schema)
                if not self._schemas.violations(schema, value):
                    return replace(answer, body=json_text(value).encode("utf-8", "surrogatepass"))
        except UnknownPattern as error:
            return f"no text can be made for a pattern ({error})"
        return "no valid value was found"

    def _schema(self, operation: Operation, status: int, media: str) -> Json:
        """The schema of a response in JSON; None without one."""
        responses = self._object(operation.node.get("responses"))
        by_name = {str(name).upper(): node for name, node in responses.items()}
        names = (str(status), f"{status // 100}XX", "DEFAULT")
        node = self._object(next((by_name[name] for name in names if name in by_name), None))
        for name, described in self._object(node.get("content")).items():
            kind = bare(name)
            if kind.endswith("json") and (not media or kind == bare(media)):
                schema: Json = self._object(described).get("schema")
                return schema
        return None

    def _object(self, node: Json) -> JsonObject:
        return self._document.resolved(node)


def _servers(document: Document) -> list[str]:
    """The paths of the document's servers below any host, and the root: calls may leave them out."""
    urls = [str(one.get("url") or "/") for one in objects(document.root.get("servers"))]
    return list(dict.fromkeys([*(urlsplit(url).path or "/" for url in urls), "/"]))
