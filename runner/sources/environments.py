"""The environment and the globals that a run starts from: files merged, single values over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from runner.formats.load import load_dotenv
from runner.model.variable import Environment, Variable
from runner.options import RunOptions
from runner.secrets import names_a_secret
from runner.sources.sources import Sources


def load_environments(options: RunOptions) -> Environment:
    """All environments merged: later ones win over earlier ones, `.env` files over all of them, `--env-var` over those."""
    names = (options.environment,) if isinstance(options.environment, str) else options.environment or ()
    loaded = [_loaded(name, options) for name in names] or [Environment(name="environment")]
    merged = loaded[0]
    for other in loaded[1:]:
        merged = _over(merged, other.values)
    for path in options.env_file:
        values = load_dotenv(path).items()
        merged = _over(merged, (Variable(k, v, type="secret" if names_a_secret(k) else "any") for k, v in values))
    return _over(merged, (Variable(key, value) for key, value in options.env_var))


def load_globals(options: RunOptions) -> Environment:
    """The globals with the values of `--global-var` over them."""
    name = options.globals
    loaded = _loaded(name, options, "globals") if name else Environment(name="globals", scope="globals")
    return _over(loaded, (Variable(key, value) for key, value in options.global_var))


def _loaded(name: str | Environment, options: RunOptions, scope: str = "environment") -> Environment:
    """The variables of a file; those that a Python caller gave are there already."""
    return Sources(options).environment(name, scope) if isinstance(name, str) else name


def _over(environment: Environment, variables: Iterable[Variable]) -> Environment:
    """The environment with these variables: each replaces the one of its name, or comes last."""
    values = list(environment.values)
    for variable in variables:
        index = next((i for i, v in reversed(list(enumerate(values))) if v.key == variable.key and not v.disabled), None)
        if index is None:
            values.append(variable)
        elif variable.source is None:  # an option or a `.env` file, which have no types: the environment's stays
            type = variable.type if variable.secret else values[index].type
            values[index] = replace(values[index], value=variable.value, type=type)
        elif not variable.disabled:
            values[index] = variable
    return replace(environment, values=tuple(values))
