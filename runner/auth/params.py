"""The parameters of an auth type, read with errors that name type and parameter."""

from __future__ import annotations

from collections.abc import Mapping

from runner.deep_json import loads
from runner.errors import AuthError, AuthIncomplete
from runner.model.json import Json
from runner.rules.text import text_of


class Params:
    """The parameters of one auth type as the collection has them, variables resolved."""

    __slots__ = ("_values", "type")

    def __init__(self, type: str, values: Mapping[str, Json]) -> None:
        self.type = type
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text; the default if it is missing, null or empty."""
        value = self._values.get(name)
        return default if value is None or value == "" else text_of(value)

    def raw(self, name: str) -> Json:
        """A parameter as it is in the collection, None if it is missing."""
        return self._values.get(name)

    def has(self, name: str) -> bool:
        """Whether the collection has the parameter, with whatever value."""
        return name in self._values

    def prefix(self, name: str) -> str:
        """The word before a token: `Bearer` if the parameter is missing, empty if the parameter is."""
        return "Bearer" if self._values.get(name) is None else self.text(name).strip()

    def required(self, name: str) -> str:
        """A parameter that must not be empty; raises `AuthIncomplete`."""
        text = self.text(name)
        if not text:
            raise self.incomplete(name, "is missing")
        return text

    def flag(self, name: str, default: bool = False) -> bool:
        """A switch; the texts `false` and `0` mean off, too, though they are true in JavaScript."""
        value = self._values.get(name)
        if isinstance(value, str):
            return value.strip().lower() not in ("", "false", "0")
        return default if value is None else bool(value)

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """A parameter that must be one of `choices`; raises `AuthError`."""
        value = self.text(name, default)
        if value not in choices:
            raise self.error(name, f"is {value!r}", hint=f"it must be one of {', '.join(choices)}")
        return value

    def json(self, name: str) -> Json:
        """A parameter that holds JSON, as text or as a value; None if it is empty. Raises `AuthError`."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            found: Json = loads(value) if value.strip() else None
        except ValueError as error:
            raise self.error(name, f"is not valid JSON: {error}") from None
        return found

    def having(self, name: str, value: str) -> Params:
        """The same parameters, one of them with another value."""
        return Params(self.type, {**self._values, name: value})

    def error(self, name: str, problem: str, hint: str = "") -> AuthError:
        """The error about one parameter; it shows the value only if the caller puts it into `problem`."""
        return AuthError(self._about(name, problem), hint=hint)

    def incomplete(self, name: str, problem: str, hint: str = "") -> AuthIncomplete:
        """The error about a parameter that the user did not fill in."""
        return AuthIncomplete(self._about(name, problem), hint=hint)

    def _about(self, name: str, problem: str) -> str:
        return f"auth type {self.type}: the parameter {name} {problem}"
