"""The `repr` of what holds values: it names an object and shows nothing of it that may be a secret."""

from __future__ import annotations

from dataclasses import fields

NUMBERS = frozenset(f"{kind}{more}" for kind in ("int", "float", "bool") for more in ("", " | None"))
"""Types of fields, as they are written, that are shown."""


class Discreet:
    """Base of dataclasses that hold values of a user, a server or a script; `shows` names the texts that are none."""

    __slots__ = ()

    def __init_subclass__(cls, shows: tuple[str, ...] = ()) -> None:
        super().__init_subclass__()
        if "__repr__" in cls.__dict__:  # `slots=True` makes the class a second time
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
