"""What a target is, and what counts as its outcome."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

Spoil = Callable[[bytes, list[bytes], Random], bytes]


class Defect(AssertionError):
    """What no input may lead to."""


@dataclass(frozen=True)
class Target:
    """`check` gives the outcome of an input in a word and raises for a defect; `spoil` makes a new input from a known one.

    `modules` are what a fuzzer that follows the code's paths should look at. `cost` tells how many times more than others
    an input takes.
    """

    check: Callable[[bytes], str]
    seeds: Callable[[], list[bytes]]
    spoil: Spoil
    modules: tuple[str, ...] = ()
    cost: int = 1


def kind_of(error: BaseException) -> str:
    """An error by its class and its words, without what it quotes: two of one kind take the same path."""
    words = re.sub(r"'[^']*'|\"[^\"]*\"|[^A-Za-z ]+", "", getattr(error, "message", None) or str(error))
    return f"{type(error).__name__} {' '.join(words.split()[:8])}"


def one_line(error: BaseException) -> str:
    """The outcome of one of postrunner's own errors, which has to be one readable line."""
    from runner.errors import LoadError, UsageError

    text = str(error)
    if isinstance(error, LoadError | UsageError) and len(text) > 2000:
        raise Defect(f"an error of {len(text)} characters: {text[:200]}")
    if isinstance(error, LoadError | UsageError) and any(char in text for char in "\r\n\0\x1b"):
        raise Defect(f"an error of several lines: {text!r}")
    text.encode("utf-8", "backslashreplace")
    return kind_of(error)


@contextmanager
def own_errors(outcome: list[str]) -> Iterator[None]:
    """Postrunner's own errors are outcomes; everything else goes on."""
    from runner.errors import InternalError, PostrunnerError

    try:
        yield
    except InternalError:
        raise
    except PostrunnerError as error:
        outcome.append(one_line(error))
