"""The functions by which a written script runs. Their source is copied into it; nothing here is called."""

from __future__ import annotations

import sys
from collections.abc import Callable

import httpx

from runner.foreign.python_code.checking import check, failures


def gap(message: str) -> None:
    """Tell something that the collection does and this script does not."""
    print(f"GAP: {message}", file=sys.stderr)


def main(*requests: Callable[[], httpx.Response]) -> int:
    """Send the requests in their order; 1 if one was not sent or a check failed."""
    if not __debug__:
        sys.exit("python -O leaves out what is checked: run it without")
    failed = 0
    for request in requests:
        failures.clear()
        with check("error"):
            response = request()
            print(f"{request.__doc__}  {response.status_code} {response.reason_phrase}")
        for failure in failures:
            print(f"{request.__doc__}  FAILED  {failure}", file=sys.stderr)
        failed += bool(failures)
    return int(failed > 0)
