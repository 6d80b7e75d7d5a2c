"""A collection and its environments without the values of secrets: each is a variable, named as one of the shell's."""

from __future__ import annotations

from collections.abc import Iterable

from runner.engine.secret_discovery import learn_collection, learn_variables
from runner.formats.load import read_collection
from runner.formats.postman.environment import parse_environment
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass, replace
from runner.model.variable import Environment
from runner.secrets import Secrets
from runner.secrets.naming import Named, Naming


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """A collection and variables without secrets, and the names of those that were taken out."""

    collection: Collection
    environments: tuple[Environment, ...]
    named: Named


def without_secrets(
    collection: Collection, environments: Iterable[Environment], names: tuple[str, ...] = (), patterns: Iterable[str] = ()
) -> Bare:
    """Take the secrets out of a collection and of its environments and globals, which are looked at in this order.

    `names` are variables that are secret whatever their names say, `patterns` the regular expressions of secrets.
    """
    secrets = Secrets()
    for pattern in patterns:
        secrets.add_pattern(pattern)
    environments = tuple(environments)
    learn_collection(secrets, collection)
    for variables in (collection.variables, *(one.values for one in environments)):
        learn_variables(secrets, variables, names)
    naming = Naming(secrets, names)
    for variables in (collection.variables, *(one.values for one in environments)):
        naming.named.variables.update(variable.key for variable in variables)
    bare = tuple(_environment(one, naming) for one in environments)
    found = read_collection(_document(collection.source, naming))
    return Bare(
        collection=replace(found, path=collection.path, origin=collection.origin), environments=bare, named=naming.named
    )


def _environment(environment: Environment, naming: Naming) -> Environment:
    """An environment whose secret variables have no value."""
    rows: list[JsonObject] = [
        {**(one.source or {"type": one.type, "enabled": not one.disabled}), "key": one.key, "value": one.value}
        for one in environment.values
    ]
    source = {**environment.source, "name": environment.name, "values": naming.rows(rows)}
    return replace(parse_environment(source, scope=environment.scope), id=environment.id)


def _document(source: JsonObject, naming: Naming) -> JsonObject:
    """A collection: its variables lose their values, what stands elsewhere becomes a variable."""
    rows = naming.rows(source["variable"]) if "variable" in source else []  # first: their names are used elsewhere
    made = {**naming.tree({key: value for key, value in source.items() if key != "variable"}), "variable": rows}
    return {key: made[key] for key in source}
