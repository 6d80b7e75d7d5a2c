"""Writes the bodies of responses into files of their own, while a run goes on: exact bytes, for their owner only."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from runner.errors import ExportError
from runner.export.body_files import BodyFile
from runner.export.pages import NoPage, Page, Pages, write_joined
from runner.outputs import OWNER_ONLY
from runner.outputs.body import write_body
from runner.results.execution import Execution


class Bodies:
    """Takes every execution with its real values, and writes the bodies of those that are asked for.

    Of several attempts the last one counts. Each body gets a file of its own: the first of an iteration has the name that
    was given, the next has `-2` in it. With several iterations their number comes first. Pages wait until the run is over.
    """

    def __init__(self, files: Sequence[BodyFile]) -> None:
        self._files: dict[int, list[BodyFile]] = {}
        for one in files:
            self._files.setdefault(one.source, []).append(one)
        self._used = {os.path.normcase(one.path) for one in files}
        self._counts: Counter[tuple[BodyFile, int]] = Counter()
        self._run: set[int] = set()
        self._pages: dict[BodyFile, Pages] = {}
        self._problems: list[ExportError] = []

    def keep(self, execution: Execution) -> None:
        """Write the body of an execution, or keep it as a page."""
        files = self._files.get(id(execution.item.source))
        if files is None:
            return
        self._run.add(id(execution.item.source))
        response = execution.own.response if execution.own else None
        if response is None:
            return
        iteration = execution.cursor.iteration + 1 if execution.cursor.cycles > 1 else 0
        for file in files:
            if file.pages:
                self._pages.setdefault(file, Pages()).add(iteration, response)
            else:
                with self._problems_kept():
                    write_body(self._path(file, iteration), response.body, mode=OWNER_ONLY)

    def keep_before(self, others: Callable[[Execution], object] | None) -> Callable[[Execution], object]:
        """A function that takes an execution for the bodies and then for somebody else, who may be nobody."""

        def keep(execution: Execution) -> None:
            self.keep(execution)
            if others is not None:
                others(execution)

        return keep

    def close(self, *, complete: bool, partly: bool) -> list[ExportError]:
        """Write the pages; gives what went wrong.

        If the run is not `complete`, its last iteration may lack pages. One that is only a part of another (`partly`) need
        not have every request.
        """
        saved = {file for file, _ in self._counts}
        for file in (file for files in self._files.values() for file in files):
            if file in self._pages:
                self._write_pages(file, self._pages[file], complete=complete)
            elif file not in saved and (file.source in self._run or not partly):
                why = "got no response" if file.source in self._run else "was not run"
                self._problems.append(ExportError(f'not written: "{file.request}" {why}', where=file.path))
        return self._problems

    def _write_pages(self, file: BodyFile, pages: Pages, *, complete: bool) -> None:
        """Write an array for each iteration; pages that cannot be joined are written as they came."""
        *_, last = pages.iterations
        for iteration in pages.iterations:
            path = self._path(file, iteration)
            try:
                if not complete and iteration == last:
                    raise NoPage("the run ended early, so that pages may be missing")
                with self._problems_kept():
                    write_joined(path, pages.of(iteration), file.steps, mode=OWNER_ONLY)
            except NoPage as error:
                kept = [] if file.takes_all else list(self._kept_apart(path, pages.of(iteration)))
                which = "" if not kept else kept[0] if len(kept) == 1 else f"{kept[0]} to {kept[-1]}"
                message = f"not written: {error}" + (f"; what came is in {which}" if kept else "")
                self._problems.append(ExportError(message, where=path, hint=error.hint))

    def _kept_apart(self, path: str, pages: Iterator[Page]) -> Iterator[str]:
        """Write each page into a file of its own; gives the names of these files."""
        for number, page in enumerate(pages, 1):
            name = numbered(path, f"page-{number}")
            with self._problems_kept():
                write_body(name, page.body, mode=OWNER_ONLY)
                yield name

    @contextmanager
    def _problems_kept(self) -> Iterator[None]:
        try:
            yield
        except ExportError as error:
            self._problems.append(error)

    def _path(self, file: BodyFile, iteration: int) -> str:
        """The next file of a request in an iteration (0 if there is only one): never one that has a body already."""
        while True:
            self._counts[file, iteration] += 1
            count = self._counts[file, iteration]
            if file.takes_all:
                return file.path
            path = numbered(file.path, iteration) if iteration else file.path
            path = numbered(path, count) if count > 1 else path
            key = os.path.normcase(path)
            if path == file.path or key not in self._used:
                self._used.add(key)
                return path


def numbered(path: str, number: int | str) -> str:
    """A path with a number in front of the extension: `out-2.json`."""
    root, extension = os.path.splitext(path)
    return f"{root}-{number}{extension}"
