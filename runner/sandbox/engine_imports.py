"""Stand-ins for slow imports of the engine's binding that a child process never needs; only child processes use them.

The binding imports asyncio because it can run tasks on an event loop, and finds its library through `importlib.resources`:
together a third of a child's start. A child makes only synchronous calls from one thread, so stand-ins are enough.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

LOOP: Any = object()
"""What the binding gets as the running event loop."""


class StandIn(ModuleType):
    """Stands in for a module of which only these names are needed; any other name imports the real module in its place."""

    def __init__(self, name: str, **names: object) -> None:
        super().__init__(name)
        vars(self).update(names)

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def stand_in() -> None:
    """Install the stand-ins, before the binding is imported."""
    loop = StandIn("asyncio", get_running_loop=lambda: LOOP)
    files = StandIn("importlib.resources", files=_folder_of, as_file=nullcontext)
    for module in (loop, files):
        sys.modules.setdefault(module.__name__, module)


def _folder_of(package: str) -> Path:
    return Path(str(sys.modules[package].__file__)).parent
