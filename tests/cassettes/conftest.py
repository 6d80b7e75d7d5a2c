"""The tiny server and the clients of the transport's tests."""

from tests.transport.conftest import clients, serve

__all__ = ["clients", "serve"]
