"""Time limits for tests that must hold on a machine of any speed."""

from collections.abc import Iterator


def growing(first: float) -> Iterator[float]:
    """Limits for a test in which something has to happen before a limit ends it: on a busy machine it takes a longer one.

    The test leaves off at the first limit that was long enough.
    """
    return iter((first, first * 10, first * 100))
