"""Makes Locust round durations and find percentiles as we do, so that its web page and CSV show the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from runner.load.figures.bucket import bucket
from runner.load.figures.durations import Durations

if TYPE_CHECKING:
    from locust.env import Environment
    from locust.stats import StatsCSV, StatsEntry


def use_our_rounding() -> None:
    """Replace what Locust (2.43 to 2.47) does in this process.

    It rounds to two digits, takes the rank above the nearest where a percentile falls between two, and counts requests
    without a duration (2.43) or another median (2.43). To be called in every process with Locust, before its first request.
    """
    from locust import stats

    replaced: dict[str, object] = {"bucket_response_time": bucket, "calculate_response_time_percentile": _percentile}
    for name, function in replaced.items():
        if not hasattr(stats, name):
            raise RuntimeError(f"this version of Locust has no locust.stats.{name}")
        setattr(stats, name, function)
    setattr(stats.StatsEntry, "median_response_time", property(_median))  # noqa: B010


def _percentile(response_times: Mapping[int, int], num_requests: int, percent: float) -> float:
    """The percentile of what Locust keeps, `percent` from 0 to 1; 0 if there is none."""
    durations = Durations()
    durations.buckets = {float(key): count for key, count in response_times.items()}
    durations.count = sum(response_times.values())
    return durations.percentile(percent * 100) or 0.0


def _median(entry: StatsEntry) -> float:
    return _percentile(entry.response_times, 0, 0.5)


def csv_writer(environment: Environment) -> StatsCSV:
    """What writes the CSV files that Locust's web page offers, with percentiles as they are, not cut to whole numbers."""
    from locust import stats

    class Csv(stats.StatsCSV):
        """Percentiles in ms with three digits."""

        def _percentile_fields(self, stats_entry: StatsEntry, use_current: bool = False) -> list[str] | list[int]:
            if not stats_entry.num_requests:
                return self.percentiles_na
            return [f"{stats_entry.get_response_time_percentile(percent):g}" for percent in self.percentiles_to_report]

    return Csv(environment, stats.PERCENTILES_TO_REPORT)
