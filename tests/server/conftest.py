"""The stand-ins are the server's users in these tests."""

from tests.standins.conftest import torii, torii_server, truto, truto_server

__all__ = ["torii", "torii_server", "truto", "truto_server"]
