"""The `html` report of a load test."""
