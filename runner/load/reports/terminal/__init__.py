"""The `cli` report of a load test."""
