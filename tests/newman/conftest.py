"""The command line as a CI job calls it that had Newman before."""

from tests.cli.conftest import collection, postrunner, server

__all__ = ["collection", "postrunner", "server"]
