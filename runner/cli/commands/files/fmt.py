"""`postrunner fmt`: collections, environments and globals in the order and style in which Postman writes them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

import click

from runner.cli.app import report
from runner.errors import FileUnreadable, LoadError, PostrunnerError
from runner.outputs import write_text
from runner.reporters.text import plural


def _fmt(paths: tuple[str, ...], check: bool, diff: bool) -> int:
    failed, changed, same = 0, 0, 0
    for path in _files(paths):
        try:
            before, after = _texts(path, diff)
            if before == after:
                same += 1
                continue
            if not check and not diff:
                write_text(path, after)
        except PostrunnerError as error:
            report(error)
            failed = max(failed, error.exit_code)
            continue
        changed += 1
        if not diff:
            click.echo(f"would format {path}" if check else f"formatted {path}")
    would = "would be " if check or diff else ""
    click.echo(f"{plural(changed, 'file')} {would}formatted, {same} left unchanged", err=diff)
    return failed or int(check and changed > 0)


def _files(paths: tuple[str, ...]) -> Iterator[str]:
    """The files that are meant: those named, and those in folders; raises `LoadError` for a folder without any."""
    from runner.formats.canonical.found import files_in

    for path in paths or (".",):
        if not os.path.isdir(path):
            yield path
            continue
        found = list(files_in(path))
        if not found:
            hint = (
                "files are looked for by their names (*.postman_collection.json, *.request.yaml …); name others themselves"
            )
            raise FileUnreadable("holds nothing to format", where=path, hint=hint)
        yield from found


def _texts(path: str, show: bool) -> tuple[str, str]:
    """What a file holds and what it should hold; `show` prints the difference, without secrets. Raises `LoadError`."""
    from runner.formats.canonical.text import canonical
    from runner.formats.reading import read_bytes

    _refuse_others(path)
    content = read_bytes(path)
    try:
        before = content.decode()
    except UnicodeDecodeError:
        raise LoadError("is not in UTF-8", where=path, hint="save it as UTF-8") from None
    after, value = canonical(before.removeprefix("\ufeff"), path)
    if show and before != after:
        from runner.secrets.documents import difference, secrets_in

        for line in difference(before, after, path, path, secrets_in(value)):
            click.echo(line)
    return before, after


def _refuse_others(path: str) -> None:
    """Raise `FileUnreadable` for what is there but no regular file."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return  # reading it tells what is wrong
    if not stat.S_ISREG(found.st_mode):
        raise FileUnreadable("is not a regular file", where=path)


command = click.Command(
    "fmt",
    callback=_fmt,
    params=[
        click.Argument(["paths"], nargs=-1, metavar="PATH..."),
        click.Option(["--check"], is_flag=True, help="Change nothing; the exit code is 1 if a file is not formatted."),
        click.Option(["--diff"], is_flag=True, help="Change nothing; show what would change, without secrets."),
    ],
    help="""Format each PATH: a collection, an environment, globals, or a folder with such files (default: the current one).

    Files get the order of keys and the style in which Postman writes them, so that their differences in git are small; what
    they say stays the same, which is checked before anything is written. Comments in YAML stay.""",
    short_help="Format collections and variables as Postman does.",
    epilog="""\b
Exit codes:
  0  every file is formatted
  1  with --check: at least one is not
  2  a mistake on the command line, or a file that cannot be formatted""",
)
