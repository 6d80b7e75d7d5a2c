"""Metrics as Prometheus reads them: the text format 0.0.4, with the names that OpenTelemetry's rules make of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runner.load.telemetry.measured import Labels, Measured, Spread

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
UNITS = {"s": "seconds", "By": "bytes", "1": "ratio"}
"""The suffixes of units; those in braces have none, and a ratio is told of gauges only."""


def prometheus_text(metrics: Iterable[Measured]) -> str:
    """The text of a scrape; a metric without a value is left out."""
    return "".join(line + "\n" for metric in metrics if metric.values for line in _lines(metric))


def _lines(metric: Measured) -> Iterator[str]:
    name = name_of(metric)
    yield f"# HELP {name} {_escaped(metric.about)}"
    yield f"# TYPE {name} {metric.kind}"
    for labels, value in metric.values:
        if not isinstance(value, Spread):
            yield f"{name}{_labels(labels)} {_number(value)}"
            continue
        for bound, below in zip((*value.bounds, float("inf")), (*value.below, value.total), strict=True):
            yield f"{name}_bucket{_labels(labels, le=_number(bound))} {below}"
        yield f"{name}_sum{_labels(labels)} {_number(value.sum)}"
        yield f"{name}_count{_labels(labels)} {value.total}"


def name_of(metric: Measured) -> str:
    """The name in Prometheus: with its unit, and `_total` if it only rises."""
    unit = UNITS.get(metric.unit, "")
    parts = [_plain(metric.name), *([unit] if unit and not metric.name.endswith("passed") else [])]
    return "_".join([*parts, *(["total"] if metric.kind == "counter" else [])])


def _plain(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_]", "_", name)


def _labels(labels: Labels, **more: str) -> str:
    pairs = {**{_plain(name): str(value) for name, value in labels.items()}, **more}
    return (
        "{" + ",".join(f'{name}="{_escaped(value, quotes=True)}"' for name, value in pairs.items()) + "}" if pairs else ""
    )


def _escaped(text: str, *, quotes: bool = False) -> str:
    text = text.encode("utf-8", "replace").decode().replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text


def _number(value: float) -> str:
    return "+Inf" if value == float("inf") else f"{value:.12g}"
