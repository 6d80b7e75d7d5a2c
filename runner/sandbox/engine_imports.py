"""What the binding of the engine imports for uses that no child has; only child processes ask for it.

The binding can run tasks on an event loop, so it imports asyncio, and it finds its library through `importlib.resources`:
together a third of what a child takes to start. A child makes calls that return at once, all from one thread, so that
stand-ins do for both modules.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

LOOP: Any = object()
"""What the binding takes for the event loop that runs."""


class StandIn(ModuleType):
    """Stands for a module of which somebody needs these names; any other name makes way for the module itself."""

    def __init__(self, name: str, **names: object) -> None:
        super().__init__(name)
        vars(self).update(names)

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def stand_in() -> None:
    """Put stand-ins in the place of modules that the binding is about to import."""
    loop = StandIn("asyncio", get_running_loop=lambda: LOOP)
    files = StandIn("importlib.resources", files=_folder_of, as_file=nullcontext)
    for module in (loop, files):
        sys.modules.setdefault(module.__name__, module)


def _folder_of(package: str) -> Path:
    return Path(str(sys.modules[package].__file__)).parent
