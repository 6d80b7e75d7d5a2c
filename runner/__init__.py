"""postrunner: run Postman collections, headless and whole.

The rows of the house, from bottom to top; a module imports its own row or a lower one:

0 errors descriptors version collector · 1 options events effects interruption cancel clock entropy secrets model ·
2 rules formats variables · 3 request auth · 4 files outputs transport cookies cassettes client sandbox server ·
5 protocols · 6 engine · 7 results · 8 reporters export standins · 9 api session cli
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

    from runner.api import run
    from runner.errors import PostrunnerError
    from runner.options import RunOptions

__all__ = ["PostrunnerError", "RunOptions", "__version__", "run"]

_HOMES = {"run": "runner.api", "RunOptions": "runner.options", "PostrunnerError": "runner.errors"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562), so that `import runner` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'runner' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
