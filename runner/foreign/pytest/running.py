"""The functions by which a written module of tests runs. Their source is copied into it; nothing here is called."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import wraps

import pytest

from runner.foreign.python_code.checking import check, failures
from runner.foreign.python_code.sending import clients


class Gap(UserWarning):
    """Something that the collection does and this module does not."""


def gap(message: str) -> None:
    """Tell what is missing; `-W error::UserWarning` lets such a test fail."""
    warnings.warn(Gap(message), stacklevel=2)


def checked(test: Callable[[], None]) -> Callable[[], None]:
    """A test that goes on behind a check that failed, and fails at its end."""

    @wraps(test)
    def run() -> None:
        failures.clear()
        with check("error"):
            test()
        if failures:
            pytest.fail("\n".join(failures), pytrace=False)

    return run


@pytest.fixture(scope="module", autouse=True)
def closed_connections() -> Iterator[None]:
    """Close the connections behind the last test."""
    yield
    for client in clients.values():
        client.close()
    clients.clear()
