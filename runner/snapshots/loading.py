"""Opens the snapshots of a run's collections: where they lie, what the rules say, what is done with differences."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from runner.descriptors import own_descriptor
from runner.errors import UsageError
from runner.events import Warned
from runner.export.targets import file_names
from runner.formats.v3.paths import RESOURCES
from runner.formats.v3.reading import V3Origin
from runner.logs import server_of
from runner.model.collection import Collection
from runner.options import RunOptions
from runner.results.spool import Heap
from runner.secrets import Secrets
from runner.snapshots.answers import Masking
from runner.snapshots.folder import Folder
from runner.snapshots.keys import RULES
from runner.snapshots.rules import KINDS, Texts, check_rules, without_requests
from runner.snapshots.shelf import Shelf
from runner.snapshots.snapshots import Mode, Snapshots

INSIDE = "snapshots"
"""The folder in `.resources` of a collection of the format v3: nobody looks for requests there."""

ENDING = ".snapshots"


def load_snapshots(
    collections: Sequence[Collection], options: RunOptions, secrets: Secrets, environ: Mapping[str, str]
) -> tuple[Snapshots, list[Warned]]:
    """The snapshots of these collections, and what is to be told; raises `LoadError` and `UsageError`."""
    mode = _mode(options, environ)
    given = Texts(list(options.snapshot_ignore), list(options.snapshot_unordered), list(options.snapshot_exact))
    check_rules(given, {kind: f"--snapshot-{kind}" for kind in KINDS})
    for kind, text in without_requests(given, collections):
        raise UsageError(f"{text!r} names no request", where=f"--snapshot-{kind}")
    folders, warnings = list(map(Folder, _paths(collections, options))), list[Warned]()
    for collection, folder in zip(collections, folders, strict=True):
        place = folder.place(RULES)
        check_rules(folder.rules, dict.fromkeys(KINDS, place))
        for _, text in without_requests(folder.rules, [collection]):
            message = f"the rule {text!r} of the snapshots names no request"
            warnings.append(Warned(code="rule-without-request", message=message, where=place))
    masking, heap = Masking(secrets), Heap()
    shelves = [Shelf(one, folder, given, masking, heap) for one, folder in zip(collections, folders, strict=True)]
    return Snapshots(mode, shelves, masking), warnings


def _mode(options: RunOptions, environ: Mapping[str, str]) -> Mode:
    """What is done with differences; without a choice a CI server checks and everybody else writes what is new."""
    part = options.selects or options.reruns or options.shard
    if options.snapshot_prune and part:
        message = "cannot tell which snapshots are unused: only a part of the collection is run"
        raise UsageError(message, where="--snapshot-prune", hint="run all of it, without --folder and the like")
    if options.snapshot_learn:
        other = "--snapshot-prune" if options.snapshot_prune else f"--snapshot {options.snapshot}"
        if options.snapshot_prune or options.snapshot in ("check", "review"):
            message = f"goes with --snapshot and --snapshot update, not with {other}"
            raise UsageError(message, where="--snapshot-learn")
        return "learn"
    if options.snapshot == "review" and (sys.stdin is None or not sys.stdin.isatty()):
        hint = "--snapshot check only compares, --snapshot update takes everything"
        raise UsageError(
            "nobody can be asked about differences: this is not a terminal", where="--snapshot review", hint=hint
        )
    if options.snapshot in ("check", "update", "review"):
        modes: dict[str, Mode] = {"check": "check", "update": "update", "review": "review"}
        return modes[options.snapshot]
    return "check" if server_of(environ) else "new"


def _paths(collections: Sequence[Collection], options: RunOptions) -> list[str]:
    """The folder of each collection's snapshots; raises `UsageError` if two have the same."""
    names = file_names(collection.name for collection in collections)
    if options.snapshot_dir is not None:
        several = len(collections) > 1
        found = [os.path.join(options.snapshot_dir, name) if several else options.snapshot_dir for name in names]
    else:
        found = [_beside(collection) for collection in collections]
    seen: set[str] = set()
    for path in found:
        real = os.path.realpath(path)
        if real in seen:
            raise UsageError("two collections have their snapshots here", where=path, hint="run each alone")
        seen.add(real)
    return found


def _beside(collection: Collection) -> str:
    if isinstance(collection.origin, V3Origin):
        return os.path.join(collection.origin.root, RESOURCES, INSIDE)
    path = collection.path
    if os.path.isfile(path) and own_descriptor(path, 0) is None:
        stem, ending = os.path.splitext(path)
        return (stem if ending.lower() == ".json" else path) + ENDING
    if path and os.path.isdir(path):
        return os.path.normpath(path) + ENDING
    message = "came from no file beside which its snapshots could lie"
    raise UsageError(message, where=collection.name, hint="--snapshot-dir says where they are")
