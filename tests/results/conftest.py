from tests.reporters.conftest import scenario

__all__ = ["scenario"]
