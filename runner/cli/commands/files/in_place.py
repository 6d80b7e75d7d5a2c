"""`postrunner convert --in-place`: what was made takes the place of what it was made from, if git can bring that back."""

from __future__ import annotations

import os
import subprocess

from runner.errors import FileUnreadable, UsageError
from runner.formats.conversion import Conversion
from runner.outputs import write_text
from runner.outputs.tree import write_tree

FORCE = "commit it first, or give --force"


def replace_source(made: Conversion, source: str, *, force: bool) -> str:
    """Write beside the source, and remove it; returns the new path. Raises `UsageError` if git could not bring it back."""
    folder, name = os.path.split(os.path.abspath(source))
    paths = [f"{name}/{path}" for path in made.source_files] if os.path.isdir(source) else [name]
    if not force:
        _check_tracked(folder, paths, source)
    target = made.new_name(name)
    whole = os.path.join(folder, target)
    if target != name and os.path.lexists(whole):
        raise UsageError("is there already", where=os.path.join(os.path.dirname(source), target))
    if target == name and made.text is not None:
        write_text(whole, made.text)
    elif made.text is not None:
        write_tree(folder, {target: made.text}, paths, mode=0o666)
    else:
        write_tree(folder, {f"{target}/{path}": text for path, text in made.files.items()}, paths, mode=0o666)
    return os.path.join(os.path.dirname(source), target)


def _check_tracked(folder: str, paths: list[str], source: str) -> None:
    known = set(_git(folder, source, "ls-files", "-z", "--", *paths))
    if unknown := [path for path in paths if path not in known]:
        raise UsageError(f"git does not know {unknown[0]}", where=source, hint=FORCE)
    if _git(folder, source, "status", "--porcelain", "-z", "--", *paths):
        raise UsageError("was changed since the last commit", where=source, hint=FORCE)


def _git(folder: str, source: str, *arguments: str) -> list[str]:
    command = ["git", "-C", folder, "-c", "core.quotepath=off", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except FileNotFoundError:
        raise UsageError("git is not there to bring it back", where=source, hint="install git, or give --force") from None
    except subprocess.CalledProcessError:
        raise UsageError("is in no repository of git that could bring it back", where=source, hint=FORCE) from None
    except OSError as error:
        raise FileUnreadable(f"git cannot be asked: {error.strerror}", where=source) from None
    return [os.fsdecode(one) for one in done.stdout.split(b"\0") if one]
