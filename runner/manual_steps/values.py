"""Texts of a collection as they may be shown: without secrets, with variables as names or as values."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterator
from contextlib import contextmanager

from runner.engine.ports import Inputs
from runner.engine.secret_discovery import learn_collection, learn_variables
from runner.manual_steps.document import Code, Line
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.rules.substitute import MISSING, substitute
from runner.rules.text import text_of
from runner.secrets import Secrets, names_a_secret
from runner.variables.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Found:
    """A variable and its source: `environment`, `collection`, `globals` or `data`."""

    place: str
    variable: Variable


class Values:
    """The variables in the files, and texts in which they are replaced.

    With `resolve` a `{{name}}` becomes its value, unless that is secret, empty, or `changing` because a step sets it.
    """

    def __init__(
        self, inputs: Inputs, options: RunOptions, secrets: Secrets, changing: Names[str], *, resolve: bool
    ) -> None:
        self.secrets = secrets
        self.environment = inputs.environment
        self._rows = inputs.rows
        self._secret_names = frozenset(options.secret)
        self._changing = changing
        self.resolve = resolve
        self.scopes = Scopes(
            environment=inputs.environment.values,
            collection=inputs.plan.collection.variables,
            globals=inputs.globals.values,
        )
        learn_collection(secrets, inputs.plan.collection)
        for scope in (inputs.environment.values, inputs.globals.values, inputs.plan.collection.variables):
            learn_variables(secrets, scope, options.secret)
        for row in self._rows:
            learn_variables(secrets, (Variable(key, value) for key, value in row.items()), options.secret)

    @contextmanager
    def within(self, variables: tuple[Variable, ...]) -> Iterator[None]:
        """Within this block the variables of folders count, too."""
        learn_variables(self.secrets, variables, tuple(self._secret_names))
        lift = self.scopes.collection.overlay(variables)
        try:
            yield
        finally:
            lift()

    def find(self, name: str) -> Found | None:
        """The variable that a name refers to, by Postman's precedence; None if no file has it."""
        if any(name in row for row in self._rows):
            first = next(row[name] for row in self._rows if name in row)
            return Found("data", Variable(name, first))
        for scope in (self.scopes.environment, self.scopes.collection, self.scopes.globals):
            found = [one for one in scope.variables if one.key == name and not one.disabled]
            if found:
                return Found(scope.name, found[-1])
        return None

    def is_secret(self, variable: Variable) -> bool:
        """Whether the value of a name must not be shown."""
        return (
            variable.secret
            or names_a_secret(variable.key)
            or variable.key in self._secret_names
            or variable.in_vault
            or self.secrets.shows_secret(text_of(variable.value))
        )

    def names_secret(self, name: str) -> bool:
        """Whether a name that no file has sounds like a secret's."""
        return names_a_secret(name) or name in self._secret_names

    def text(self, text: str) -> str:
        """A text, masked."""
        return self.secrets.mask(self._resolved(text))

    def named(self, name: str, value: str) -> str:
        """The value of a header or parameter, masked, also if its name sounds like a secret's."""
        return self.secrets.mask_header(name, self._resolved(value))

    def name(self, name: str) -> str:
        """A name in the collection, masked."""
        return self.secrets.mask_name(name)

    def test_name(self, name: str) -> str:
        """The name of a test, masked."""
        return self.secrets.mask_test(name)

    def code(self, text: str) -> Code:
        """Literal text, masked."""
        return Code(self.text(text))

    def cell(self, name: str, value: Json) -> Line:
        """The value in a row of a table; a hidden one is replaced by where to find it."""
        text = "" if value is None else text_of(value)
        shown = self.named(name, text)
        hidden = self.secrets.symbol in shown and self.secrets.symbol not in text
        return (Code(shown), " (secret: the collection has it)") if hidden else (Code(shown),) if shown else ()

    def _resolved(self, text: str) -> str:
        return substitute(text, self._get) if self.resolve else text

    def _get(self, name: str) -> Json:
        found = self.find(name) if name not in self._changing else None
        if found is None or (found.place == "data" and len(self._rows) > 1):
            return MISSING
        value = found.variable.value
        return MISSING if value in (None, "") or self.is_secret(found.variable) else value
