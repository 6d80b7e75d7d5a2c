"""`steps()`: the steps of a collection by hand, for Python callers and for the command line."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from runner.errors import UsageError
from runner.loading import load_inputs, load_plans, make_secrets
from runner.manual_steps.steps import document_of
from runner.manual_steps.writing import FORMATS, write
from runner.options import RunOptions
from runner.python.given import collections_of, options_from
from runner.secrets import Secrets
from runner.sources.pipes import settle_pipes

if TYPE_CHECKING:
    from runner.api import AnyCollection

VARIABLES = ("names", "values")
"""How variables are told: `{{name}}`, or the value that the files give."""


def steps(
    collection: AnyCollection,
    *,
    format: str = "markdown",
    variables: str = "names",
    examples: bool = True,
    environment: object = None,
    globals: object = None,
    iteration_data: object = None,
    env_var: object = (),
    global_var: object = (),
    folder: str | Iterable[str] = (),
    exclude: str | Iterable[str] = (),
    secret: str | Iterable[str] = (),
) -> str:
    """The steps by which a person does in the Postman app what a collection does; nothing is sent and no script is run.

    `format` is `markdown`, `html` or `text`; with `variables="values"` the values of variables stand in place of their
    names, but for secret ones. The other keywords are those of `run`. Raises `LoadError`, `SelectionError`, `UsageError`.
    """
    given = {
        "environment": environment,
        "globals": globals,
        "iteration_data": iteration_data,
        "env_var": env_var,
        "global_var": global_var,
        "folder": folder,
        "exclude": exclude,
        "secret": secret,
    }
    options = options_from({name: value for name, value in given.items() if value not in (None, ())}, RunOptions())
    return steps_of(collection, options, make_secrets(options), format=format, variables=variables, examples=examples)


def steps_of(
    collection: AnyCollection, options: RunOptions, secrets: Secrets, *, format: str, variables: str, examples: bool
) -> str:
    """The same with options of a run: those that select, and those that name variables and secrets.

    `secrets` learns what must not be shown.
    """
    for name, value, known in (("format", format, tuple(FORMATS)), ("variables", variables, VARIABLES)):
        if value not in known:
            raise UsageError(f"{value!r} is none of {', '.join(known)}", where=name)
    names = collections_of(collection)
    with ExitStack() as stack:
        options = settle_pipes(names, options, stack)
        plans = load_plans(names, options)
        if len(plans) != 1:
            found = ", ".join(plan.collection.name for plan in plans)
            hint = "--collection-name chooses one of a workspace folder"
            raise UsageError(f"steps are those of one collection, and these are {len(plans)}: {found}", hint=hint)
        inputs = load_inputs(plans[0], options)
    document = document_of(inputs, options, secrets, resolve=variables == "values", with_examples=examples)
    return write(document, format)
