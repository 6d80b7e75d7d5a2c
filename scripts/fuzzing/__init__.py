"""Targets for `scripts/fuzz`: each takes any bytes, and has to end in a result or in one of postrunner's own errors."""
