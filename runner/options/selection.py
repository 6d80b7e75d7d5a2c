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
        help="The same as --folder, as the Postman CLI has it.",
    )
    exclude: tuple[str, ...] = option(
        "--exclude",
        kind="list",
        metavar="NAME",
        default=(),
        help="Leave out every folder or request of this name, id or path; repeatable.",
    )
    allow_empty: bool = option(
        "--allow-empty",
        kind="flag",
        default=False,
        help="Pass when what was selected holds no request.",
    )
