"""postrunner: run Postman collections, headless and whole.

The rows of the house, from bottom to top; a module imports its own row or a lower one:

0 errors descriptors version collector · 1 options events effects interruption cancel clock entropy secrets model ·
2 rules formats variables · 3 request auth · 4 files outputs transport cookies cassettes client sandbox server ·
5 protocols · 6 engine · 7 results · 8 reporters export standins postman_api · 9 api session python cli
"""

from __future__ import annotations

import sys

_called = "".join(getattr(sys, "argv", ())[:1])
if (_called == "-m" and "runner" in sys.orig_argv) or _called.endswith(("/postrunner", "\\postrunner")):
    # This is the command, and until it listens Ctrl-C is Python's own and would end in a traceback.
    import _signal  # type: ignore[import-not-found]

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

from runner.version import __version__  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from runner.api import arun, run
    from runner.checks.finding import Finding
    from runner.errors import PostrunnerError, RunFailed
    from runner.options import RunOptions
    from runner.postman_api.exchange import Transfer
    from runner.python.check import check
    from runner.python.collection import Collection
    from runner.python.postman import pull, push
    from runner.python.steps import steps
    from runner.results.result import Result

__all__ = [
    "Collection",
    "Finding",
    "PostrunnerError",
    "Result",
    "RunFailed",
    "RunOptions",
    "Transfer",
    "__version__",
    "arun",
    "check",
    "pull",
    "push",
    "run",
    "steps",
]

_HOMES = {
    "Collection": "runner.python.collection",
    "Finding": "runner.checks.finding",
    "PostrunnerError": "runner.errors",
    "Result": "runner.results.result",
    "RunFailed": "runner.errors",
    "RunOptions": "runner.options",
    "Transfer": "runner.postman_api.exchange",
    "arun": "runner.api",
    "check": "runner.python.check",
    "pull": "runner.python.postman",
    "push": "runner.python.postman",
    "run": "runner.api",
    "steps": "runner.python.steps",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562), so that `import runner` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'runner' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
