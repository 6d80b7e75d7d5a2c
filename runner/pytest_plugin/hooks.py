"""Hooks that a conftest.py may have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def pytest_postrunner_options(config: pytest.Config, path: Path) -> Mapping[str, Any] | None:
    """Return fields of `runner.RunOptions` for the collection at this path; they win over the configuration."""


def pytest_postrunner_environment(config: pytest.Config, collection: Path) -> Mapping[str, object] | None:
    """Return variables for the collection at this path; only those of the fixture `postman_environment` win over them."""
