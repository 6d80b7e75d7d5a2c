"""The types of JSON values. What lists and objects hold is told apart where it is used."""

from __future__ import annotations

from typing import Any, TypeAlias

JsonArray: TypeAlias = list[Any]
JsonObject: TypeAlias = dict[str, Any]
Json: TypeAlias = bool | int | float | str | JsonArray | JsonObject | None
