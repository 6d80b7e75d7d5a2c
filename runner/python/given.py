"""What a Python caller gives, as the options of a run have it: texts, paths, mappings, lists wherever one can be meant."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from runner.deep_json import dumps, loads
from runner.errors import UsageError
from runner.formats.postman.environment import parse_environment
from runner.loading import AnyCollection
from runner.model.collection import Collection
from runner.model.json import Json, JsonObject
from runner.model.variable import Environment, Variable
from runner.options import RunOptions, all_options
from runner.options.check import check_value
from runner.options.option import Option
from runner.options.values import kind_of
from runner.python import collection
from runner.rules.text import text_of
from runner.secrets import names_a_secret

if TYPE_CHECKING:
    import httpx


def options_from(given: Mapping[str, object], options: RunOptions) -> RunOptions:
    """The options with these keywords over them; None leaves an option as it is.

    Raises `TypeError` for a keyword that does not exist, and `UsageError` for a value that its option does not take.
    """
    known = {option.name: option for option in all_options()}
    changed: dict[str, object] = {}
    for name, value in given.items():
        if name not in known and name != "reporter_options":
            raise TypeError(_unknown(name, [*known, "reporter_options"]))
        if value is not None:
            changed[name] = _value(known.get(name), name, value)
    return replace(options, **changed)  # type: ignore[arg-type]


def collections_of(given: object) -> list[AnyCollection]:
    """The collections that a caller means: one, or each of a list or of another iterable; raises `UsageError`."""
    if isinstance(given, str | os.PathLike | Mapping | Collection | collection.Collection):
        return [_collection(given)]
    if not isinstance(given, Iterable):
        raise UsageError(f"{_kind(given)} is not a collection", hint="give a path, a URL or a document")
    return [_collection(one) for one in given]


def _collection(given: object) -> AnyCollection:
    if isinstance(given, os.PathLike):
        return os.fspath(cast("os.PathLike[str]", given))
    if isinstance(given, Mapping):
        return given if isinstance(given, dict) else dict(given)
    if isinstance(given, collection.Collection):
        return given.as_run()
    if isinstance(given, str | Collection):
        return given
    raise UsageError(f"{_kind(given)} is not a collection", hint="give a path, a URL or a document")


def _value(option: Option | None, name: str, value: object) -> object:
    """The value as the field of the options has it."""
    if option is None:
        return _reporter_options(value)
    if name == "environment":
        several = isinstance(value, list | tuple) and not _is_bare_list(value)
        return tuple(_variables(one, name) for one in (cast("Iterable[object]", value) if several else (value,)))
    if name == "globals":
        return _variables(value, name)
    if name == "iteration_data" and not isinstance(value, str | os.PathLike):
        return _rows(value)
    return check_value(option, _pairs(value, name) if option.kind == "pair" else _plain(value), name)


def _plain(value: object) -> object:
    """Paths as texts, and whatever can be iterated as a list."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
        return [_plain(one) for one in value]
    return value


def _pairs(value: object, where: str) -> object:
    if isinstance(value, Mapping):
        return [_pair(pair, where) for pair in value.items()]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_pair(one, where) if isinstance(one, tuple) else one for one in value]
    return value


def _pair(pair: tuple[object, ...], where: str) -> dict[str, str]:
    """A name and a value as texts: numbers and booleans as JSON writes them."""
    if len(pair) != 2:
        raise UsageError(f"{len(pair)} values are not a pair of name and value", where=where)
    name, value = pair
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str | int | float):
        raise UsageError(f"{_kind(value)} is not text, number or boolean", where=f"{where}.{name}")
    return {"key": str(name), "value": text_of(value)}


def _reporter_options(value: object) -> tuple[tuple[str, str], ...]:
    """`{"junit": {"export": …}}` or pairs of full names, as `reporter_options` has them."""
    pairs: list[tuple[object, ...]] = []
    rows = value.items() if isinstance(value, Mapping) else cast("Iterable[tuple[object, ...]]", value)
    for name, one in rows:
        inner = one.items() if isinstance(one, Mapping) else None
        pairs += [(name, one)] if inner is None else [(f"{name}-{key}", each) for key, each in inner]
    made = (_pair(pair, "reporter_options") for pair in pairs)
    return tuple((pair["key"], pair["value"]) for pair in made)


def _is_bare_list(value: object) -> bool:
    """Whether this is what some files of variables are: a list of `{"key": …, "value": …}`."""
    rows = value if isinstance(value, list | tuple) else ()
    return bool(rows) and all(isinstance(row, Mapping) and "key" in row for row in rows)


def _variables(value: object, where: str) -> str | Environment:
    """A name of a file, or the variables of a mapping: those of a file's `values`, else each of its members."""
    if isinstance(value, str | os.PathLike):
        if not str(value).strip():
            raise UsageError("is empty", where=where, hint="is a variable not set?")
        return os.fspath(cast(str, value))
    if isinstance(value, Environment):
        return value
    if (isinstance(value, Mapping) and isinstance(value.get("values"), list | tuple)) or _is_bare_list(value):
        return parse_environment(_json(value, where), where, where)
    if not isinstance(value, Mapping):
        raise UsageError(f"{_kind(value)} holds no variables", where=where, hint="give a path, or names with their values")
    values = cast(JsonObject, _json({str(name): one for name, one in value.items()}, where))
    types = {name: "secret" if names_a_secret(name) else "any" for name in values}
    return Environment(name=where, scope=where, values=tuple(Variable(k, v, types[k]) for k, v in values.items()))


def _rows(value: object) -> tuple[JsonObject, ...]:
    rows = [value] if isinstance(value, Mapping) else list(value) if isinstance(value, Iterable) else None
    if rows is None or not all(isinstance(row, Mapping) for row in rows):
        raise UsageError("the rows of data are mappings", where="iteration_data", hint="give a path, or a list of dicts")
    return tuple(cast(JsonObject, _json(dict(row), "iteration_data")) for row in rows)


def _json(value: object, where: str) -> Json:
    """A copy of a value as JSON has it; paths become texts. Raises `UsageError` for what JSON has not."""
    try:
        return cast(Json, loads(dumps(_without_paths(value))))
    except (TypeError, ValueError) as error:
        raise UsageError(f"is not JSON: {error}", where=where) from None


def _without_paths(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _without_paths(one) for name, one in value.items()}
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return [_without_paths(one) for one in value] if isinstance(value, list | tuple) else value


def _kind(value: object) -> str:
    return (
        kind_of(value)
        if value is None or isinstance(value, dict | list | tuple | int | float | str)
        else type(value).__name__
    )


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f"run() got an unexpected keyword argument {name!r}" + (f": did you mean {near[0]!r}?" if near else "")


def transport_of(
    given: httpx.BaseTransport | httpx.AsyncBaseTransport | None, stack: ExitStack
) -> httpx.BaseTransport | None:
    """The transport of a caller; an asynchronous one gets an event loop of its own, which `stack` closes."""
    if given is None:
        return None
    import httpx

    if isinstance(given, httpx.BaseTransport):
        return given
    if not isinstance(given, httpx.AsyncBaseTransport):
        raise UsageError(f"{type(given).__name__} is not a transport of httpx", where="transport")
    from runner.transport.async_transport import InLoop

    return stack.enter_context(InLoop(given))
