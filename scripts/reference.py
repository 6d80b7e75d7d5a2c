"""Writes docs/command-line.md from the options in the code; `--check` only tells whether it is up to date."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from runner.cli.app import COMMANDS  # noqa: E402
from runner.options import option_fields  # noqa: E402

PAGE = ROOT / "docs" / "command-line.md"
HEAD = """# Command line

This page is written by `scripts/docs` from the options in the code.

    postrunner run COLLECTION [options]

COLLECTION is a Postman collection file. Options have the meaning they have in `newman run`.
"""
TAIL = """
## Options of reporters

`--reporter-<name>-<key> [value]` is for one reporter, `--reporter-<key> [value]` for all of them; what is given for one
reporter wins. Without a value an option is `true`.

## Exit codes

| code | meaning |
|---|---|
| 0 | everything passed |
| 1 | an assertion, a script or a request failed, or a report could not be written (0 with `-x`) |
| 2 | a mistake on the command line or in a file: nothing was run |
| 130, 143 | interrupted by Ctrl-C or SIGTERM; the reports hold what ran until then |
"""


def page() -> str:
    """The text of the page."""
    parts = [HEAD, "\n## Commands\n\n| command | what it does |\n|---|---|\n"]
    parts += [f"| `postrunner {name}` | {help} |\n" for name, (_, help) in COMMANDS.items()]
    groups: dict[str, list[str]] = {}
    for _, meta, default in option_fields():
        flags = ", ".join(
            f"`{flag}{' ' + meta['metavar'] if flag == meta['flags'][-1] and meta['metavar'] else ''}`"
            for flag in meta["flags"]
        )
        groups.setdefault(meta["group"], []).append(f"| {flags} | {_default(default)} | {meta['help']} |\n")
    for group, rows in groups.items():
        parts += [f"\n## {group}\n\n| option | default | meaning |\n|---|---|---|\n", *rows]
    return "".join([*parts, TAIL])


def _default(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value in (None, False, 0) else str(value)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text() != page())
    PAGE.write_text(page())
