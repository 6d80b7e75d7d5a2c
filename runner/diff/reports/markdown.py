"""An outcome as Markdown for a pull request: everything from outside stands in code, and all of it fits in a comment."""

from __future__ import annotations

from collections.abc import Iterator

from runner.diff.outcome import Change, Entry, Outcome
from runner.diff.reports.words import (
    areas_text,
    aside_of,
    mark_of,
    side_text,
    times_text,
    title_of,
    totals,
    value_of,
    verdict,
)
from runner.reporters.ci.markdown import clip, code, fenced, in_table
from runner.reporters.text import clean

LARGEST = 60_000
"""The most bytes of a text: GitHub takes comments of 65,536 characters."""

CHANGES = 30
"""Changes of an entry that are shown."""

VALUE = 200
"""Characters of a value that are shown."""

LINES = 60
"""Lines of the diff of a part that are shown."""

TIMES = 10
"""Requests whose times are far apart that are shown."""


def markdown_text(outcome: Outcome, most: int = LARGEST) -> str:
    """The outcome as GitHub Flavored Markdown, in at most `most` bytes."""
    kept: list[str] = []
    size = 0
    for block in _blocks(outcome):
        size += len(block.encode("utf-8", "backslashreplace")) + 2
        if size > most - 100:
            kept.append("The rest is left out: it would be longer than a comment may be.")
            break
        kept.append(block)
    return "\n\n".join(kept) + "\n"


def _blocks(outcome: Outcome) -> Iterator[str]:
    yield f"## {'❌' if outcome.failed else '✅'} Differences: {verdict(outcome)}"
    yield f"- left: {code(clip(side_text(outcome.left), VALUE))}\n- right: {code(clip(side_text(outcome.right), VALUE))}"
    yield "\n\n".join(filter(None, (totals(outcome), areas_text(outcome))))
    if outcome.failed:
        yield "\n".join(f"- fails by {code(clip(reason, VALUE))}" for reason in outcome.failed)
    for note in outcome.notes:
        yield f"Note: {code(clip(note, VALUE))}"
    shown = [one for one in outcome.times if one.slower or one.apart][:TIMES]
    if shown:
        rows = (
            f"| {in_table(code(clip(' / '.join(one.path), VALUE)))} | {times_text(one.left, one.right)} | {one.ratio:.2g} |"
            for one in shown
        )
        yield "\n".join(["| request | time | ratio |", "|---|---:|---:|", *rows])
    for entry in outcome.entries:
        yield _entry(entry, outcome.iterations)
    if outcome.left_out:
        yield f"and {outcome.left_out} more"


def _entry(entry: Entry, iterations: int) -> str:
    aside = aside_of(entry)
    title = f"**{mark_of(entry).replace('>', '→')}** {code(clip(title_of(entry, iterations), VALUE))}"
    parts = [title + (f" {code(clip(aside, VALUE))}" if aside else "")]
    if entry.changes:
        rows = [_row(change) for change in entry.changes[:CHANGES]]
        parts.append("\n".join(["| | where | left | right |", "|---|---|---|---|", *rows]))
    if more := max(len(entry.changes) - CHANGES, 0) + entry.more:
        parts.append(f"and {more} more")
    if entry.lines:
        lines = [clip(clean(line), VALUE) for line in entry.lines[:LINES]]
        lines += [f"and {len(entry.lines) - LINES} more lines"] if len(entry.lines) > LINES else []
        parts.append(fenced("\n".join(lines)).replace("text\n", "diff\n", 1))
    return "\n\n".join(parts)


def _row(change: Change) -> str:
    left = value_of(change, change.left) if change.has_left else ""
    right = value_of(change, change.right) if change.has_right else ""
    if change.kind == "moved":
        left, right = change.path, change.to
    cells = (change.path, left, right)
    return f"| {change.area} | " + " | ".join(in_table(code(clip(cell, VALUE))) if cell else "" for cell in cells) + " |"
