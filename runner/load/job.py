"""A load test as data: what a process needs to send it, and nothing that is code."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from runner.cookies.jar import CookieJar
from runner.cookies.jar_file import dump_jar, load_jar
from runner.engine.plan import make_plan
from runner.engine.ports import Inputs
from runner.formats.postman.v2 import parse_collection
from runner.load.options import LoadOptions
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Environment, Variable
from runner.options import RunOptions
from runner.rules.text import UNDEFINED
from runner.variables.scopes import Scopes

RESOLVED = frozenset(
    {"environment", "globals", "iteration_data", "env_var", "global_var", "env_file", "cookie_jar", "postman_api_key"}
)
"""Options whose files were read when the job was made: what they gave stands in the job itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Everything that a worker starts from.

    `variables` are those of each scope after the setup, `cookies` the jar that each user begins with, `secrets` the values
    to mask that are not to be found in the rest. `share` is the number of this worker and how many there are: rows of data
    and iterations are dealt out by it. `requests` are the paths that `thresholds` may name. After
    `abort_delay` seconds a crossed threshold ends the test; None lets it go on. `files` are the contents of those that
    requests upload, in base64; None for a worker that has them itself.
    """

    collection: JsonObject
    path: str
    environment: str
    variables: dict[str, list[list[Any]]]
    rows: tuple[JsonObject, ...]
    cookies: JsonObject
    options: RunOptions
    load: LoadOptions
    secrets: tuple[str, ...] = ()
    requests: tuple[tuple[str, ...], ...] = ()
    thresholds: tuple[str, ...] = ()
    abort_delay: float | None = None
    share: tuple[int, int] = (0, 1)
    files: dict[str, str] | None = None

    def to_json(self) -> JsonObject:
        """As plain data."""
        plain: JsonObject = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**plain, "options": dump_options(self.options), "load": self.load.to_json()}

    @classmethod
    def from_json(cls, data: JsonObject) -> Job:
        """What `to_json` made, maybe after a way through JSON."""
        options, load = load_options(data["options"]), LoadOptions.from_json(data["load"])
        lists = {name: tuple(data[name]) for name in ("rows", "secrets", "requests", "thresholds", "share")}
        return cls(**{**data, **lists, "options": options, "load": load})

    def for_worker(self, index: int, count: int) -> Job:
        """The same for one of several workers."""
        return replace(self, share=(index, count))

    def inputs(self) -> Inputs:
        """The plan and what it starts from."""
        collection = replace(parse_collection(self.collection, self.path), path=self.path)
        plan = make_plan(collection, self.options)
        scopes = self.scopes()
        return Inputs(
            plan=plan,
            environment=Environment(name=self.environment, values=tuple(scopes.environment.variables)),
            globals=Environment(name="globals", scope="globals", values=tuple(scopes.globals.variables)),
            rows=self.rows,
        )

    @property
    def paths(self) -> list[tuple[str, ...]]:
        """The paths of the requests, as thresholds name them."""
        return [tuple(path) for path in self.requests]

    def scopes(self) -> Scopes:
        """Scopes of their own with the variables that a user begins with."""
        scopes = Scopes()
        for scope in scopes.ordered:
            scope.assign(map(load_variable, self.variables.get(scope.name, ())))
        return scopes

    def jar(self) -> CookieJar:
        """A jar with the cookies that a user begins with."""
        jar = CookieJar()
        load_jar(self.cookies, jar)
        return jar


def dump_scopes(scopes: Scopes) -> dict[str, list[list[Any]]]:
    """The variables of each scope as plain data."""
    return {scope.name: [dump_variable(variable) for variable in scope.variables] for scope in scopes.ordered}


def dump_variable(variable: Variable) -> list[Any]:
    """All of a variable; one that a script set to `undefined` is told by a seventh field."""
    undefined = variable.value is UNDEFINED
    value = None if undefined else variable.value
    row = [variable.key, value, variable.type, variable.disabled, variable.source, variable.by_script]
    return [*row, True] if undefined else row


def load_variable(row: list[Any]) -> Variable:
    """What `dump_variable` wrote."""
    key, value, type, disabled, source, by_script = row[:6]
    return Variable(key, UNDEFINED if len(row) == 7 else value, type, disabled, source, by_script)


def dump_options(options: RunOptions) -> JsonObject:
    """The options that differ from their defaults; files that were read already are left out."""
    named = ((one.name, getattr(options, one.name), one.default) for one in fields(options) if one.name not in RESOLVED)
    return {name: value for name, value, default in named if value != default}


def load_options(data: JsonObject) -> RunOptions:
    """What `dump_options` wrote."""
    return RunOptions(**{name: _tuples(value) for name, value in data.items()})


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def dump_cookies(jar: CookieJar) -> JsonObject:
    """A jar as plain data."""
    return dump_jar(jar)
