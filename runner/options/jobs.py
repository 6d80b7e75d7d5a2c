"""What runs beside each other, and how fast."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass
from runner.options.option import option


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class JobOptions:
    """What runs beside each other, and how fast."""

    jobs: int | str = option(
        "--jobs",
        kind="jobs",
        metavar="N|auto",
        default=1,
        help="Run so many collections, or parts of one (--parallel), at a time; auto: one for each processor.",
    )
    parallel: str | None = option(
        "--parallel",
        kind="choice",
        choices=("iterations", "folders"),
        help="Run the iterations, or the top-level folders, of a collection beside each other, each from the variables and"
        " cookies before the first; refused if one may read what an earlier one sets.",
    )
    force_parallel: bool = option(
        "--force-parallel",
        kind="flag",
        default=False,
        help="Run them beside each other even so.",
    )
    max_rate: str | None = option(
        "--max-rate",
        kind="rate",
        metavar="N/s",
        help="Send at most so many requests to one host: 5/s, 200/min, 1000/h. A 429 with Retry-After slows it down.",
    )
