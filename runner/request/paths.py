"""Who chose the path of a file that a request uploads: the user and the collection, or a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar, cast

from runner.model.json import Json
from runner.model.request import Body, Request
from runner.rules.substitute import MISSING, Get, substitute
from runner.variables.dynamic import DYNAMIC
from runner.variables.scopes import Scopes

Value = TypeVar("Value")


class Paths:
    """Fills in the paths of one request, and keeps those that a script chose in `by_script`.

    A path belongs to the collection if `own` has its template and the user's files and options gave every variable in it,
    nested ones included, its value. Every other path is a script's choice, even one with a dynamic variable that the script
    child makes.
    """

    def __init__(self, own: Request, scopes: Scopes) -> None:
        self._own = frozenset(paths_in(own.body))
        self._scopes = scopes
        self.by_script: set[str] = set()

    def fill(self, template: str, dynamic: Get | None = None, unresolved: set[str] | None = None) -> str:
        """The path with the values of its variables; raises `VariableError`."""
        used: list[bool] = [template not in self._own]

        def get(name: str) -> Json:
            used.append(self._scopes.by_script(name))
            return self._scopes.get(name)

        def make(name: str) -> Json:
            value = dynamic(name) if dynamic else MISSING
            used.append(value is not MISSING and name not in DYNAMIC)
            return value

        path = substitute(template, get, make, unresolved)
        if any(used):
            self.by_script.add(path)
        return path

    def fill_all(self, value: Value, dynamic: Get | None = None, unresolved: set[str] | None = None) -> Value:
        """The source of a file, one path or a tuple of them, filled in; anything else stays as it is."""
        filled: object = value
        if isinstance(value, str):
            filled = self.fill(value, dynamic, unresolved)
        elif isinstance(value, tuple):
            filled = tuple(self.fill(path, dynamic, unresolved) for path in value)
        return cast(Value, filled)


def paths_in(body: Body | None) -> Iterator[str]:
    """Every path in a body, whatever its mode."""
    if body is None:
        return
    sources = [(body.file or {}).get("src"), *(param.src for param in body.formdata)]
    for source in sources:
        yield from (source,) if isinstance(source, str) else source if isinstance(source, tuple) else ()
