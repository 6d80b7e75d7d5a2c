"""The changes of `postrunner check --fix`: shown, asked about, written."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from runner.checks.check import Checked, File
from runner.checks.documents.edits import changed, changes_for
from runner.checks.finding import Edit
from runner.errors import UsageError
from runner.formats.reading import read_bytes
from runner.outputs import write_text
from runner.reporters.text import plural

LONGEST = 200
"""Characters of a line that are shown around a change."""


def fix_files(checked: Checked, yes: bool, *, to_errors: bool) -> bool:
    """Show the changes and make them if the user agrees; returns whether they were made."""
    edits: dict[str, list[Edit]] = {}
    for finding in checked.findings:
        if finding.edits:
            edits.setdefault(finding.file, []).extend(finding.edits)
    for path, wanted in edits.items():
        for line in _diff(path, checked.files[path], wanted):
            click.echo(line, err=to_errors)
    if not yes and not _confirmed(len(edits)):
        return False
    for path, wanted in edits.items():
        document = checked.files[path].document
        mark = "\ufeff" if _has_mark(path, document.text) else ""
        write_text(path, mark + changed(document, wanted))
    return True


def _confirmed(count: int) -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        print("note: nothing was changed: --yes changes the files without asking", file=sys.stderr)
        return False
    return click.confirm(f"Change {plural(count, 'file')}?", err=True)


def _has_mark(path: str, text: str) -> bool:
    """Whether the file begins with a byte order mark; raises `UsageError` if it is not UTF-8, or changed meanwhile."""
    content = read_bytes(path)
    try:
        if content.decode("utf-8").removeprefix("\ufeff") == text:
            return content.startswith(b"\xef\xbb\xbf")
    except UnicodeDecodeError:
        pass
    raise UsageError("cannot be fixed: it is not in UTF-8, or was changed meanwhile", where=path)


def _diff(path: str, file: File, edits: list[Edit]) -> Iterator[str]:
    """The lines that change, before and after, without secrets."""
    text, position = file.document.text, file.document.position
    changes = changes_for(file.document, edits)
    yield f"--- {path}"
    yield f"+++ {path}"
    at = 0
    while at < len(changes):
        first = text.rfind("\n", 0, changes[at].start) + 1
        pieces, done = [], first
        while True:
            change = changes[at]
            pieces += [text[done : change.start], change.text]
            done, at = change.end, at + 1
            last = text.find("\n", done)
            last = len(text) if last < 0 else last
            if at == len(changes) or changes[at].start > last:
                break
        before, after = text[first:last].split("\n"), ("".join(pieces) + text[done:last]).split("\n")
        ends = _common_end(before, after)
        before, after = before[: len(before) - ends], after[: len(after) - ends]
        yield f"@@ -{position(first)[0]},{len(before)} +{len(after)} @@"
        shown = [("-", one) for one in _clipped(before, after)] + [("+", one) for one in _clipped(after, before)]
        yield from (sign + file.secrets.mask(line) for sign, line in shown)


def _common_end(before: list[str], after: list[str]) -> int:
    """How many lines at the end of both are the same."""
    count = 0
    while count < min(len(before), len(after)) and before[-1 - count] == after[-1 - count]:
        count += 1
    return count


def _clipped(lines: list[str], others: list[str]) -> Iterator[str]:
    """The lines; of a long one the part around the first letter that is another one."""
    for number, line in enumerate(lines):
        line = line.rstrip("\r")
        if len(line) <= LONGEST:
            yield line
            continue
        other = others[number] if number < len(others) else ""
        same = next((at for at, (one, two) in enumerate(zip(line, other, strict=False)) if one != two), 0)
        start = max(0, same - LONGEST // 2)
        yield "…" * bool(start) + line[start : start + LONGEST] + "…"
