"""Listens for saves: the system tells that something has happened in a folder, which is a reason to look at the files."""

from __future__ import annotations

import os
import threading

from runner.cli.watch.files import WatchedFiles, existing_folder
from runner.errors import UsageError

LOOK_AGAIN = 500
"""Milliseconds after which files are looked at that may have changed before the system began to tell."""

MOST = 400
"""Milliseconds for which saves that follow one another without a pause are taken as one."""

HINT = "install it with: pip install 'postrunner[watch]'"


class Listener:
    """A thread that looks at the files whenever the system tells of something beside them.

    Raises `UsageError` without watchfiles.
    """

    def __init__(self, files: WatchedFiles) -> None:
        try:
            from watchfiles import watch
        except ImportError:
            raise UsageError("postrunner watch needs the package watchfiles", hint=HINT) from None
        self._watch = watch
        self._files = files
        self._folders: dict[str, int] = {}
        self._again = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="postrunner-watch", daemon=True)
        files.on_new = self._take

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._again.set()
        self._thread.join()

    def _take(self, *paths: str) -> None:
        if any(os.path.isdir(path) or existing_folder(path) not in self._folders for path in paths):
            self._again.set()

    def _run(self) -> None:
        while not self._closed:
            self._again.clear()
            try:
                self._folders = self._files.folders()
                self._listen(self._folders)
            except OSError:  # a folder went away before it was watched
                self._again.wait(LOOK_AGAIN / 1000)

    def _listen(self, folders: dict[str, int]) -> None:
        """Look whenever the system tells of something in these folders, until others are to be watched."""
        looked = False
        for events in self._watch(
            *folders,
            watch_filter=None,
            debounce=MOST,
            stop_event=self._again,
            rust_timeout=LOOK_AGAIN,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
            ignore_permission_denied=True,
        ):
            if events or not looked:
                looked = True
                self._files.look()
                if self._closed or self._files.folders() != folders:
                    return
