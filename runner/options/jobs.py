"""What runs beside each other, here or in several jobs of a CI server, and how fast."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass
from runner.options.option import option


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class JobOptions:
    """What runs beside each other, here or in several jobs of a CI server, and how fast."""

    jobs: int | str = option(
        "--jobs",
        kind="jobs",
        metavar="N|auto",
        default=1,
        help="Run N collections, or parts of one (--parallel), at a time; auto: one for each processor.",
    )
    parallel: str | None = option(
        "--parallel",
        kind="choice",
        choices=("iterations", "folders"),
        help="Run the iterations, or the top-level folders, of a collection in parallel, each from the variables"
        " and cookies before the first; refused if one may read what an earlier one sets.",
    )
    force_parallel: bool = option(
        "--force-parallel",
        kind="flag",
        default=False,
        help="Run them in parallel all the same.",
    )
    max_rate: str | None = option(
        "--max-rate",
        kind="rate",
        metavar="N/s",
        help="The most requests that one host gets: 5/s, 200/min, 1000/h. A 429 with Retry-After slows it down.",
    )
    shard: str | None = option(
        "--shard",
        kind="shard",
        metavar="I/N",
        help="Run only part I of N: of the collections, or of the top-level folders and requests of a single one (of the"
        " iterations or folders with --parallel).",
    )
    shard_by: str | None = option(
        "--shard-by",
        kind="path",
        metavar="FILE",
        help="Give all parts about the same time, by the times in this JSON or JUnit report.",
    )
