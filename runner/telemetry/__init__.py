"""What a run tells an OpenTelemetry collector: traces and metrics, made of its events. Imported with `--otel` only."""
