"""What the numbers of thresholds mean: each kind of metric has units of its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite

from runner.errors import UsageError
from runner.model.quick_dataclass import dataclass
from runner.options.values import UNITS

LARGE = 10_000
"""Numbers from this on are shown without decimals, smaller ones with five digits."""

Factors = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Unit:
    """A kind of value: what may stand behind a number of it, and how one is shown.

    `said` describes it in errors. `shown_as` and `scale` turn a measured value into a text.
    """

    said: str
    factors: Factors
    shown_as: str = ""
    scale: int = 1

    def shown(self, value: float | None) -> str:
        """A measured value for people; `no samples` for None."""
        if value is None:
            return "no samples"
        number = value * self.scale
        return f"{number:.0f}{self.shown_as}" if number >= LARGE else f"{number:.5g}{self.shown_as}"


def _factors(**given: str) -> dict[str, Decimal]:
    return {name: Decimal(factor) for name, factor in given.items()}


TIME = Unit("a time", {"": Decimal(1), **_factors(us="0.001", µs="0.001", ms="1", s="1000", m="60000", min="60000")}, "ms")
"""In milliseconds, as k6, Postman and Locust count: so a number without a unit is one of these."""

SHARE = Unit("a share", {"%": Decimal("0.01")}, "%", 100)
"""0 to 1. What a number without a sign means depends on the spelling."""

RATE = Unit("a number a second", {"": Decimal(1), "/s": Decimal(1), "rps": Decimal(1)}, "/s")

COUNT = Unit("a number", {"": Decimal(1)})

SIZE = Unit("a size", {name: Decimal(factor) for name, factor in UNITS.items()}, "B")

SIZE_RATE = Unit("a size a second", {f"{name}{per}": Decimal(f) for name, f in UNITS.items() for per in ("", "/s")}, "B/s")

BARE_SHARES = {"own": None, "k6": Decimal(1), "postman": Decimal("0.01")}
"""What a share without `%` is in each spelling: nothing but 0 in ours; 0 to 1 in k6; percent in Postman."""


def limit_of(number: str, unit: str, kind: Unit, spelling: str) -> float:
    """The value that a number with its unit means; raises `UsageError` without a place."""
    value, factor = Decimal(number), kind.factors.get(unit if unit in kind.factors else unit.lower())
    if kind is SHARE and not unit:
        factor = BARE_SHARES[spelling]
        if factor is None and value:
            raise UsageError(
                f"{number} is a share without %", hint=f"write {number}%, or {value * 100:f}% if {number} of 1 is meant"
            )
    if factor is None and value:
        known = ", ".join(f"{number}{name}" for name in kind.factors)
        raise UsageError(f"{number}{unit} is not {kind.said}", hint=f"write {known}")
    limit = value * (factor or 1)
    if kind is SHARE and limit > 1:
        hint = "k6 writes shares as 0 to 1: 0.01 is 1%" if spelling == "k6" and not unit else "a share is 0% to 100%"
        raise UsageError(f"{number}{unit} is more than all", hint=hint)
    if not isfinite(float(limit)):
        raise UsageError("this number is too large", hint="a threshold that always holds is none")
    return float(limit)
