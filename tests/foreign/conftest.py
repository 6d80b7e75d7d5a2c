"""The command line and servers of `tests/cli`, for the formats next door."""

from tests.cli.conftest import postrunner, server

__all__ = ["postrunner", "server"]
