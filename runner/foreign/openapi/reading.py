"""Makes a collection of an OpenAPI document."""

from __future__ import annotations

from runner.errors import InvalidCollection
from runner.foreign.imported import Imported, ImportOptions
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.folders import by_paths, by_tags
from runner.foreign.openapi.operations import Operation, objects, operations
from runner.foreign.openapi.options import Choices
from runner.foreign.openapi.requests import Requests, with_variables
from runner.foreign.openapi.swagger import as_openapi
from runner.formats.format import Given
from runner.formats.gc_pause import paused
from runner.formats.postman.v2 import SCHEMA
from runner.model.json import Json, JsonObject

UNTITLED = "Imported from OpenAPI"


def read(given: Given, options: ImportOptions) -> Imported:
    """The collection of a document of OpenAPI 3 or Swagger 2.0; raises `LoadError` for anything else."""
    try:
        with paused():
            return _imported(load(given), Choices.of(options), options.name)
    except RecursionError:
        raise InvalidCollection("cannot be imported: an example in it is nested too deeply", where=given.path) from None


def load(given: Given) -> Document:
    """A document, as OpenAPI 3 whatever its version; raises `LoadError`."""
    document = Document(given)
    if document.version == (2, 0):
        as_openapi(document)
    elif document.version[0] != 3:
        found = document.root.get("openapi", document.root.get("swagger"))
        message, hint = f"cannot be imported: its version of OpenAPI is {found}", "3.0 to 3.2 can, and Swagger 2.0"
        raise InvalidCollection(message, where=given.path, hint=hint)
    return document


def _imported(document: Document, choices: Choices, name: str) -> Imported:
    requests = Requests(document, choices)
    kept = [one for one in operations(document) if choices.deprecated or not one.is_deprecated]
    if choices.by_tags:
        items = by_tags(document, kept, requests.item, nested=choices.nested)
    else:
        items = by_paths(kept, requests.item)
    hooks = [one for one in operations(document, "webhooks") if choices.deprecated or not one.is_deprecated]
    if choices.webhooks and hooks:
        items.append({"name": "Webhooks", "item": [requests.item(one) for one in hooks]})
    elif hooks:
        count = f"{len(hooks)} webhook{'s are' if len(hooks) > 1 else ' is'}"
        document.note(f"{count} left out: --include-webhooks keeps them", "webhooks")
    _note_defaults(document, [*kept, *(hooks if choices.webhooks else ())])
    if requests.reduced:
        count = "1 body is" if requests.reduced == 1 else f"{requests.reduced} bodies are"
        document.note(f"{count} too large: optional objects are left out from some level on")
    about: JsonObject = document.root["info"] if isinstance(document.root.get("info"), dict) else {}
    title = about.get("title")
    info: JsonObject = {"name": name or (title if isinstance(title, str) and title else UNTITLED)}
    if description := _description(about):
        info["description"] = description
    collection: JsonObject = {"info": {**info, "schema": SCHEMA}, "item": items}
    if requests.auth:
        collection["auth"] = requests.auth
    collection["variable"] = _variables(document, requests.variables)
    return Imported(collection=collection, notes=document.notes)


def _note_defaults(document: Document, kept: list[Operation]) -> None:
    """Say once how many examples have a status that the document does not name."""
    found = [one for one in kept if isinstance(one.node.get("responses"), dict) and "default" in one.node["responses"]]
    if found:
        what = "1 response is" if len(found) == 1 else f"{len(found)} responses are"
        document.note(f"{what} `default`, which has no status: the example has 500", found[0].path, "default")


def _description(about: JsonObject) -> str:
    """The description of the document, and whom to ask."""
    found = about["description"] if isinstance(about.get("description"), str) else ""
    contact = about.get("contact")
    named: JsonObject = contact if isinstance(contact, dict) else {}
    lines = [f" {label}: {named[key]}" for label, key in (("Name", "name"), ("Email", "email")) if named.get(key)]
    if lines:
        found += ("\n\n" if found else "") + "Contact Support:\n" + "\n".join(lines)
    return found


def _variables(document: Document, others: dict[str, Json]) -> list[JsonObject]:
    """The variables of the first server, its address as `baseUrl`, and those that URLs need."""
    servers = objects(document.root.get("servers"))
    server = servers[0] if servers else {"url": "/"}
    address = with_variables(str(server.get("url") or ""))
    if address.startswith("/"):
        document.note("the document names no server: set the variable baseUrl", "servers")
    variables: dict[str, Json] = {}
    declared = server.get("variables")
    for name, about in declared.items() if isinstance(declared, dict) else ():
        variables[name] = about.get("default", "") if isinstance(about, dict) else ""
    variables["baseUrl"] = address
    variables |= {name: value for name, value in others.items() if name not in variables}
    made: list[JsonObject] = [{"key": name, "value": value} for name, value in variables.items()]
    if len(servers) > 1:
        told = "\n".join(
            [" ".join(map(str, filter(None, map(one.get, ("url", "name", "description"))))) for one in servers]
        )
        next(variable for variable in made if variable["key"] == "baseUrl")["description"] = told
    return made
