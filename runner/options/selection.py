"""What of a collection is run, and how often."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass
from runner.options.option import option


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class SelectionOptions:
    """What of a collection is run, and how often."""

    iteration_count: int | None = option(
        "-n",
        "--iteration-count",
        kind="count",
        metavar="N",
        help="Number of iterations (default: one for each row of data, else 1).",
    )
    collection_name: tuple[str, ...] = option(
        "--collection-name",
        kind="list",
        metavar="NAME",
        default=(),
        help="Of a workspace folder run only the collection of this name, id or folder name; repeatable.",
    )
    folder: tuple[str, ...] = option(
        "--folder",
        kind="list",
        metavar="NAME",
        default=(),
        help="Run only this folder or request: name, id or path (Folder/Sub/Request); repeatable.",
    )
    item: tuple[str, ...] = option(
        "-i",
        "--item",
        kind="list",
        metavar="NAME",
        default=(),
        help="The Postman CLI's name for --folder.",
    )
    exclude: tuple[str, ...] = option(
        "--exclude",
        kind="list",
        metavar="NAME",
        default=(),
        help="Leave out every folder or request of this name, id or path; repeatable.",
    )
    tag: tuple[str, ...] = option(
        "--tag",
        kind="list",
        metavar="TAG",
        default=(),
        help="Run only what has this tag: [TAG] in its name or that of a folder, or @TAG in a description; repeatable"
        " (any of them).",
    )
    not_tag: tuple[str, ...] = option(
        "--not-tag",
        kind="list",
        metavar="TAG",
        default=(),
        help="Leave out what has this tag; repeatable.",
    )
    grep: str | None = option(
        "--grep",
        metavar="PATTERN",
        help="Run only requests whose path (Folder/Sub/Request) contains this text or matches this regular expression,"
        " ignoring case.",
    )
    only_with_tests: bool = option(
        "--only-with-tests",
        kind="flag",
        default=False,
        help="Run only requests with tests, their own or those of their folders or collection.",
    )
    start_at: str | None = option(
        "--start-at",
        kind="path",
        metavar="NAME",
        help="Begin each iteration at this request or folder: name, id or path.",
    )
    stop_after: str | None = option(
        "--stop-after",
        kind="path",
        metavar="NAME",
        help="End each iteration after this request or folder: name, id or path.",
    )
    setup: tuple[str, ...] = option(
        "--setup",
        kind="list",
        metavar="NAME",
        default=(),
        help="Run this folder or request once, before everything else; what it sets reaches every iteration and"
        " collection; repeatable.",
    )
    teardown: tuple[str, ...] = option(
        "--teardown",
        kind="list",
        metavar="NAME",
        default=(),
        help="Run this folder or request once, after everything else, also after failures, --timeout and Ctrl-C;"
        " repeatable.",
    )
    last_failed: bool = option(
        "--last-failed",
        kind="flag",
        default=False,
        help="Run only what failed last time, with the requests that it depends on; all if nothing did.",
    )
    failed_first: bool = option(
        "--failed-first",
        kind="flag",
        default=False,
        help="Run everything, what failed last time first where the order makes no difference.",
    )
    rerun: str | None = option(
        "--rerun",
        kind="path",
        metavar="FILE",
        help="Run only what failed in this JSON or JUnit report (or Newman's JSON), with what it depends on.",
    )
    list_items: str | None = option(
        "--list",
        kind="listing",
        metavar="[text|json]",
        help="Show what would be run, and send nothing.",
    )
    allow_empty: bool = option(
        "--allow-empty",
        kind="flag",
        default=False,
        help="Pass even if no request was selected.",
    )

    @property
    def filters(self) -> bool:
        """Whether requests are chosen by what they are: of several collections not each needs to have any."""
        return bool(self.tag or self.not_tag or self.grep or self.only_with_tests or self.reruns)

    @property
    def reruns(self) -> bool:
        """Whether an earlier run tells what is run, or what is run first."""
        return bool(self.last_failed or self.failed_first or self.rerun)

    @property
    def selects(self) -> bool:
        """Whether only a part of the collection shall run."""
        named = self.folder or self.item or self.exclude or self.start_at or self.stop_after
        return bool(named or self.setup or self.teardown or self.filters)
