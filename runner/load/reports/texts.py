"""How the figures of a load test read: one writing for each kind of figure, the same in all reports for people."""

from __future__ import annotations

NONE = "–"
"""What stands for a figure that does not exist: the percentile of nothing."""


def number_text(value: float) -> str:
    """Three significant digits: `0.0123`, `12.3`; whole numbers above stay whole: `12345`."""
    if value >= 1000:
        return str(round(value))
    text = f"{float(f'{value:.3g}'):.10f}"
    return text.rstrip("0").rstrip(".")


def ms_text(ms: float | None) -> str:
    """A duration with three significant digits: `0.42ms`, `318ms`, `1.25s`, `2m 5s`, `1h 2m`."""
    if ms is None:
        return NONE
    if float(f"{ms:.3g}") < 1000:
        return f"{number_text(ms)}ms"
    if ms < 59_950:
        return f"{number_text(ms / 1000)}s"
    return clock_text(round(ms / 1000))


def clock_text(seconds: float) -> str:
    """Seconds as people say them: `45s`, `2m 5s`, `1h 2m`; whole, as they pass."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}m {rest}s" if minutes else f"{rest}s"
    return f"{minutes // 60}h {minutes % 60}m"


def rate_text(rate: float | None) -> str:
    """So many a second: `12.3/s`."""
    return NONE if rate is None else f"{number_text(rate)}/s"


def percent_text(share: float | None) -> str:
    """A share of one as percent with two digits; what is not quite nothing or all does not look like it: `<0.01%`."""
    if share is None:
        return NONE
    if 0 < share < 0.0001:
        return "<0.01%"
    if 0.9999 < share < 1:
        return ">99.99%"
    return f"{share * 100:.2f}%"


def cpu_text(percent: float) -> str:
    """How busy a worker is, in percent of a core."""
    return f"{percent:.0f}%"
