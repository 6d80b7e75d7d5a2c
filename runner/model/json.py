"""The types of JSON values."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
"""A value of which nothing is known yet: whoever uses it asks for its type first."""

JsonArray: TypeAlias = list[Json]

JsonObject: TypeAlias = dict[str, Any]
"""An object whose members are known to the code that holds it: with `Json` for them, each lookup would need a cast."""
