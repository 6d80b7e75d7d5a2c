"""Reads folders and files of OpenCollection into a collection: their content is Bruno's, only written otherwise."""

from __future__ import annotations

from runner.foreign.bruno.collecting import Collecting
from runner.foreign.imported import Imported, ImportOptions
from runner.foreign.open_collection.folders import read_tree
from runner.formats.format import Given
from runner.sandbox.analysis import Analysis


def read(given: Given, options: ImportOptions) -> Imported:
    """The collection and the environments of a folder or file; raises `LoadError`."""
    tree, notes = read_tree(given)
    if options.name:
        tree.root.name = options.name
    with Analysis() as analysis:
        made = Collecting(tree, analysis.chains, given.path).imported()
    made.notes += notes
    return made
