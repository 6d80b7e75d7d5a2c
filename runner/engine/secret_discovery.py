"""Which secrets a collection and its variables hold: by the names of headers, parameters and variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.model.collection import Collection, Folder, Item
from runner.model.request import Request
from runner.model.variable import Variable
from runner.secrets import Secrets
from runner.secrets.literals import names_of_tests


def learn_collection(secrets: Secrets, collection: Collection) -> None:
    """Learn the secrets that are written into a collection itself, as values of auth parameters, headers and URLs.

    Its names are none of them, whatever they hold.
    """
    if secrets.has_literals(collection):  # each of its iterations in parallel is a run of its own
        return
    for node in _nodes(collection):
        auth = node.request.auth if isinstance(node, Item) else node.auth
        if auth is not None:
            secrets.add_auth(auth.type, auth.params)
        if isinstance(node, Item):
            _learn_template(secrets, node.request)
    secrets.add_literals(collection, lambda: _names(collection), lambda: _tests(collection))


def learn_variables(secrets: Secrets, variables: Iterable[Variable], names: tuple[str, ...]) -> None:
    """Learn the values of secret variables, and of those that the option `secret` names."""
    for variable in variables:
        secrets.add_variable(variable)
        if variable.key in names:
            secrets.add(variable.value)


def _learn_template(secrets: Secrets, request: Request) -> None:
    for header in request.headers:
        secrets.learn_header(header.key, header.value or "")
    if request.url.password:
        secrets.add(request.url.password)
    for variable in request.url.variables:
        secrets.learn_header(variable.key, str(variable.value or ""))
    secrets.learn_text(f"#{request.url.hash}" if request.url.hash else "")
    pairs = [f"{query.key}={query.value}" for query in request.url.query or () if query.key and query.value]
    secrets.learn_text("?" + "&".join(pairs))


def _names(collection: Collection) -> Iterator[str]:
    waiting: list[tuple[str, Collection | Folder | Item]] = [("", collection)]
    while waiting:
        path, node = waiting.pop()
        yield node.name
        yield path + node.name
        if not isinstance(node, Item):
            path = "" if isinstance(node, Collection) else f"{path}{node.name}/"
            waiting += [(path, child) for child in node.items]


def _tests(collection: Collection) -> Iterator[str]:
    for node in _nodes(collection):
        for event in node.events:
            yield from names_of_tests(event.script.exec)


def _nodes(collection: Collection) -> Iterator[Collection | Folder | Item]:
    waiting: list[Collection | Folder | Item] = [collection]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Item):
            waiting += node.items
