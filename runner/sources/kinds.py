"""What a file is that was given in the place of another kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from runner.errors import LoadError


@contextmanager
def naming_other_kinds(text: str, path: str, wanted: str) -> Iterator[None]:
    """Tell of a file that cannot be read as what it was given for what it is instead."""
    try:
        yield
    except LoadError as error:
        from runner.formats.explain import explain_text

        raise explain_text(text, path, wanted, error) from None
