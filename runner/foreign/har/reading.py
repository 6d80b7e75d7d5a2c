"""HAR files: what a browser or a proxy recorded, made into a collection that runs against a server with other values."""

from __future__ import annotations

import os

from runner.foreign.har.document import read_recording
from runner.foreign.har.making import Making
from runner.foreign.har.recorded import Choice, kept_of
from runner.foreign.imported import Imported, ImportOptions, Note
from runner.formats.format import Given


def read(given: Given, options: ImportOptions) -> Imported:
    """The collection of a recording; raises `LoadError`."""
    recording = read_recording(given)
    values = options.values
    hosts = tuple(one.strip().lower() for one in str(values.get("host", "")).split(",") if one.strip())
    choice = Choice(
        noise=bool(values.get("noise")),
        headers=bool(values.get("headers")),
        repeats=bool(values.get("repeats")),
        hosts=hosts,
    )
    title = options.name or os.path.splitext(os.path.basename(given.path))[0] or "Recording"
    made = Making(recording, kept_of(recording.entries, choice), values).imported(given, title)
    made.notes += [Note(f"log.entries[{at}] is not a request to an address", given.path) for at in recording.damaged]
    return made
