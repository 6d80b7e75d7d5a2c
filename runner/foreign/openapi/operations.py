"""The operations of an OpenAPI document, each with all that the path and the document say for it."""

from __future__ import annotations

from collections.abc import Iterator

from runner.foreign.openapi.documents import Document
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass

METHODS = frozenset({"get", "head", "post", "put", "patch", "delete", "connect", "options", "trace", "query"})
"""The methods that a path item has keys for; `query` since 3.2, which allows any other method, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path, or of one webhook, whose `path` is its name.

    `node` is the operation as the document has it. `parameters` are resolved; those of the operation come first, then
    those of its path that it does not replace. `servers` are those of the operation or its path, empty if it has only
    those of the document. `security` is None if the operation does not say.
    """

    method: str
    path: str
    node: JsonObject
    parameters: tuple[JsonObject, ...]
    servers: tuple[JsonObject, ...]
    security: list[JsonObject] | None
    is_webhook: bool = False

    @property
    def is_deprecated(self) -> bool:
        """Whether the document advises against its use."""
        return self.node.get("deprecated") is True

    @property
    def tags(self) -> list[str]:
        """The names of its tags."""
        found = self.node.get("tags")
        return [tag for tag in found if isinstance(tag, str)] if isinstance(found, list) else []


def operations(document: Document, section: str = "paths") -> Iterator[Operation]:
    """The operations of `paths` or `webhooks`, in the order of the document."""
    paths = document.root.get(section)
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if path.startswith("x-"):
            continue
        if isinstance(item, dict):
            yield from _of_path(document, path, document.resolved(item), is_webhook=section == "webhooks")
        else:
            document.note(f"{path} in {section} is not an object", section, path)


def operation_count(document: Document) -> int:
    """About how many operations the paths have: those behind a reference do not count."""
    paths = document.root.get("paths")
    items = paths.values() if isinstance(paths, dict) else ()
    return sum(len(METHODS & item.keys()) for item in items if isinstance(item, dict))


def _of_path(document: Document, path: str, item: JsonObject, *, is_webhook: bool) -> Iterator[Operation]:
    more = item.get("additionalOperations")
    nodes = [(key.upper(), node) for key, node in item.items() if key in METHODS]
    nodes += more.items() if isinstance(more, dict) else ()
    for method, found in nodes:
        node = document.resolved(found)
        if not isinstance(found, dict):
            document.note(f"{method} {path} is not an object", path, method.lower())
            continue
        security = node.get("security")
        yield Operation(
            method=method,
            path=path,
            node=node,
            parameters=tuple(_parameters(document, node.get("parameters"), item.get("parameters"))),
            servers=tuple(objects(node.get("servers", item.get("servers")))),
            security=objects(security) if isinstance(security, list) else None,
            is_webhook=is_webhook,
        )


def _parameters(document: Document, own: Json, shared: Json) -> list[JsonObject]:
    """The parameters of an operation, then those of its path that it does not replace, which may still describe them."""
    found = {_place(param): param for param in map(document.resolved, objects(own))}
    for param in map(document.resolved, objects(shared)):
        mine = found.setdefault(_place(param), param)
        if mine is not param and not mine.get("description") and param.get("description"):
            found[_place(param)] = {**mine, "description": param["description"]}
    return [param for place, param in found.items() if all(place)]


def _place(param: JsonObject) -> tuple[str, str]:
    return str(param.get("name") or ""), str(param.get("in") or "")


def objects(value: Json) -> list[JsonObject]:
    """The objects in a list; empty if it is not a list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
