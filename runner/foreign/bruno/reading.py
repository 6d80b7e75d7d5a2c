"""Reads folders of Bruno, and single `.bru` files, into a collection."""

from __future__ import annotations

from runner.foreign.bruno.collecting import Collecting
from runner.foreign.bruno.folders import read_tree
from runner.foreign.imported import Imported, ImportOptions
from runner.formats.format import Given
from runner.sandbox.analysis import Analysis


def read(given: Given, options: ImportOptions) -> Imported:
    """The collection and the environments of a folder; raises `LoadError`."""
    tree = read_tree(given)
    if options.name:
        tree.root.name = options.name
    with Analysis() as analysis:
        return Collecting(tree, analysis.chains, given.path).imported()
