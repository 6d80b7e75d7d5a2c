"""While inputs are tried nothing is written outside of one folder, nothing is started and nothing is connected."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.symlink",
    "os.truncate",
}
OUTSIDE = {"subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.kill", "webbrowser.open"}
NETWORK = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"}

_folder = ""


def guarded() -> Path:
    """The folder in which inputs may write; from the first call on, the process is guarded for good."""
    global _folder
    if not _folder:
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        made = tempfile.mkdtemp(prefix="postrunner-fuzz-", dir=memory)
        _folder = os.path.realpath(made)
        sys.addaudithook(_watch)
    return Path(_folder)


def let_go() -> None:
    """Remove the folder."""
    import shutil

    if _folder:
        os.chdir("/")
        shutil.rmtree(_folder, ignore_errors=True)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        if isinstance(flags, int) and flags & WRITING and not isinstance(path, int):
            _refuse_outside(path)
    elif event in CHANGING:
        _refuse_outside(arguments[0])
        if event in ("os.rename", "os.link"):
            _refuse_outside(arguments[1])
    elif event in OUTSIDE or event in NETWORK:
        raise PermissionError(1, "not while inputs are tried", event)


def _refuse_outside(path: Any) -> None:
    if isinstance(path, int) or path is None:
        return
    real = os.path.realpath(os.fsdecode(path))
    folders = (_folder, *_more)
    if real not in folders and not real.startswith(tuple(folder + os.sep for folder in folders)):
        raise PermissionError(13, "not while inputs are tried", os.fsdecode(path))


_more: list[str] = []


def allow(*folders: Path) -> None:
    """Let the harness itself write its findings into these folders, too."""
    _more.extend(map(os.path.realpath, folders))
