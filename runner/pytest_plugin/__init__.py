"""Requests of Postman collections as items of pytest. Only `plugin.py` is imported when pytest starts."""

from __future__ import annotations

import sys
from pathlib import Path


def collection(path: str | Path) -> list[str]:
    """The paths of all requests of a collection, for `pytest.mark.parametrize` and `postman.request`; raises `LoadError`.

    The file's path counts from the folder of the calling module, else from the current one.
    """
    from runner.loading import load_plans
    from runner.options import RunOptions
    from runner.pytest_plugin.fixture import names_in

    beside = Path(sys._getframe(1).f_globals.get("__file__", "")).parent / path
    (plan,) = load_plans([beside if beside.exists() else Path(path)], RunOptions())
    return names_in(plan)
