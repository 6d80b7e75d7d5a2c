"""A `repr` for objects with values: it shows nothing that may be a secret."""

from __future__ import annotations

from dataclasses import fields

NUMBERS = frozenset(f"{kind}{more}" for kind in ("int", "float", "bool") for more in ("", " | None"))
"""Types of fields, as written in the source, that are always shown."""


class Discreet:
    """Base of dataclasses with values of a user, a server or a script; `shows` names the fields that have none of those."""

    __slots__ = ()

    def __init_subclass__(cls, shows: tuple[str, ...] = ()) -> None:
        super().__init_subclass__()
        if "__repr__" in cls.__dict__:  # the second call: `slots=True` makes the class again
            return

        def __repr__(self: Discreet) -> str:
            found = ((field, getattr(self, field.name)) for field in fields(self))  # type: ignore[arg-type]
            shown = (
                f"{field.name}={value!r}"
                for field, value in found
                if field.name in shows or field.type in NUMBERS or isinstance(value, Discreet)
            )
            return f"{self.__class__.__qualname__}({', '.join(shown)})"

        cls.__repr__ = __repr__  # type: ignore[assignment, method-assign]
