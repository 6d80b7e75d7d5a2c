"""A collection of the format v3 among the nodes of pytest: its folder stays one in which tests are looked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from runner.pytest_plugin.nodes import CollectionFile


class CollectionFolder(pytest.Directory):
    """The folder of a collection: the collection first, then what pytest finds in it otherwise.

    The collection is known by its definition, because pytest takes `path::name` for files only.
    """

    def __init__(self, definition: Path, **given: Any) -> None:
        super().__init__(**given)
        self._definition = definition

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Make the node of the collection, and all others."""
        yield ResourcesFolder.from_parent(self, path=self._definition.parent, definition=self._definition)
        assert self.parent is not None
        yield from pytest.Dir.from_parent(self.parent, path=self.path).collect()


class ResourcesFolder(pytest.Directory):
    """The folder `.resources`, in which the definition is."""

    def __init__(self, definition: Path, **given: Any) -> None:
        super().__init__(**given)
        self._definition = definition

    def collect(self) -> Iterable[pytest.Collector]:
        """Make the node of the collection."""
        yield CollectionFile.from_parent(self, path=self._definition, source=self._definition.parent.parent)
