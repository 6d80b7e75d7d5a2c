"""Opens what `--otel` asks for, as the `OTEL_…` variables say."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from runner.client.tracing import Tracing
from runner.clock import Clock
from runner.errors import UsageError
from runner.options import RunOptions

if TYPE_CHECKING:
    from runner.telemetry.export import Pipeline
    from runner.telemetry.reporter import Otel

HINT = "install it with: pip install 'postrunner[otel]'"
PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
SIGNALS = ("TRACES", "METRICS")
CHOICES = {
    **{f"OTEL_{signal}_EXPORTER": ("otlp", "none") for signal in SIGNALS},
    "OTEL_EXPORTER_OTLP_PROTOCOL": ("http/protobuf",),
    **{f"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL": ("http/protobuf",) for signal in SIGNALS},
}
"""What these variables may say; an empty one counts as none (specification of the environment variables)."""


class Telemetry:
    """What a run has of telemetry: its reporter, and what its requests get to know."""

    def __init__(self, reporter: Otel, tracing: Tracing, pipeline: Pipeline) -> None:
        self.reporter = reporter
        self.tracing = tracing
        self._pipeline = pipeline

    def close(self) -> None:
        """Let go of everything at once; what was not sent by then is lost."""
        self._pipeline.abandon()


def check_telemetry(environ: Mapping[str, str]) -> None:
    """Raise `UsageError` if a package is missing or a variable asks for what there is not."""
    if disabled(environ):
        return
    for package in PACKAGES:
        try:
            found = find_spec(package)
        except ModuleNotFoundError:
            found = None
        if found is None:
            raise UsageError("needs OpenTelemetry", where="--otel", hint=HINT)
    for name, known in CHOICES.items():
        value = environ.get(name, "").strip()
        if value and value not in known:
            raise UsageError(f"{value!r} is not supported", where=name, hint=f"choose from: {', '.join(known)}")


def open_telemetry(
    options: RunOptions, clock: Clock, environ: Mapping[str, str] = os.environ, collections: int = 1
) -> Telemetry | None:
    """The telemetry of a run of so many collections; None if `OTEL_SDK_DISABLED` says so."""
    if disabled(environ):
        return None
    from runner.history.revision import revision
    from runner.telemetry.export import open_pipeline
    from runner.telemetry.pipeline import pipeline_attributes
    from runner.telemetry.reporter import Otel
    from runner.telemetry.spans import Spans

    pipeline = open_pipeline(environ)
    attributes = pipeline_attributes(environ, revision(environ).commit)
    spans = Spans(pipeline, clock, environ, attributes, alone=collections == 1)
    tracing = Tracing(clock, spans.headers if options.trace_header else None)
    return Telemetry(Otel(spans, pipeline, folders_beside=options.parallel == "folders"), tracing, pipeline)


def disabled(environ: Mapping[str, str]) -> bool:
    """Whether `OTEL_SDK_DISABLED` turns everything off."""
    return environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
