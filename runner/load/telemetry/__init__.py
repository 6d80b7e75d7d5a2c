"""The figures of a load test while it runs, for OpenTelemetry and for Prometheus."""
