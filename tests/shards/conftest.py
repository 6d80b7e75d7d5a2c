"""Collections, reports and the command line, as the tests of the command line have them."""

from tests.cli.conftest import collection, postrunner, server  # noqa: F401
