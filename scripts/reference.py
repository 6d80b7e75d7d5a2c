"""Writes docs/command-line.md and runner/python/keywords.py from the options, the table in docs/check.md from the rules.

`--check` tells if they are up to date.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from runner.checks.rule import Rule  # noqa: E402
from runner.checks.table import RULES  # noqa: E402
from runner.cli.app import COMMANDS  # noqa: E402
from runner.options import all_options  # noqa: E402
from runner.options.option import Option  # noqa: E402
from runner.reporters.option_table import TABLES  # noqa: E402
from scripts import keywords  # noqa: E402

PAGE = ROOT / "docs" / "command-line.md"
CHECKS = ROOT / "docs" / "check.md"
HEAD = """# Command line

This page is written by `scripts/docs` from the options in the code.

    postrunner run COLLECTION... [options]

COLLECTION is a collection file, a pattern of files in quotes (`"tests/*.json"`), a URL, or the UID of a collection in
Postman (with `--postman-api-key`). Options have the meaning they have in `newman run`; see the
[differences](compatibility.md).

Every option can also stand in `.newmanrc`, in `pyproject.toml`, in `postrunner.toml` or in an environment variable, see
[configuration](migrating-from-newman.md#configuration).
"""
REPORTERS = """
## Options of reporters

`--reporter-<name>-<key>` is for one reporter, `--reporter-<key>` for all of them; what is given for one reporter wins.
Those with a word in capitals take a value (`export` has a default), the others are flags and take none. One that no
reporter has is an error; see [Reports](reports.md).

| option | meaning |
|---|---|
"""
TAIL = """
## Exit codes

| code | meaning |
|---|---|
| 0 | everything passed |
| 1 | something failed, there was no request to run, or a report could not be written (0 with `-x`) |
| 2 | a mistake on the command line or in a file: no request was sent |
| 130, 143 | interrupted by Ctrl-C; by SIGTERM or SIGHUP; the reports hold what ran until then |
"""


def page() -> str:
    """The text of the page."""
    parts = [HEAD, "\n## Commands\n\n| command | what it does |\n|---|---|\n"]
    parts += [f"| `postrunner {name}` | {help} |\n" for name, (_, help) in COMMANDS.items()]
    groups: dict[str, list[str]] = {}
    for option in all_options():
        row = f"| {_flags(option)} | {_default(option.default)} | {option.help} |\n"
        groups.setdefault(option.group, []).append(row)
    for group, rows in groups.items():
        parts += [f"\n## {group}\n\n| option | default | meaning |\n|---|---|---|\n", *rows]
    rows = [
        f"| `--reporter-{name}-{option.usage}` | {option.help} |\n" for name, table in TABLES.items() for option in table
    ]
    return "".join([*parts, REPORTERS, *rows, TAIL])


def checks_page() -> str:
    """The page of `postrunner check` with the table of its rules; the rest of it is as it was."""
    head, mark, rest = CHECKS.read_text().partition("## Rules\n")
    _, end, tail = rest.partition("\n## ")
    rows = [
        f"| `{one.id}` | {_severity(one)} | {_cell(f'{one.title}. {one.doc}')} | {_cell(one.example)} |\n" for one in RULES
    ]
    return "".join([head, mark, "\n| id | severity | what is wrong | example |\n|---|---|---|---|\n", *rows, end, tail])


def _severity(rule: Rule) -> str:
    return f"{rule.severity.word}, fix" if rule.fixes else rule.severity.word


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _flags(option: Option) -> str:
    *short, last = option.flags
    metavar = f" {option.metavar}".replace("|", "\\|") if option.metavar else ""
    return ", ".join([f"`{flag}`" for flag in short] + [f"`{last}{metavar}`"])


def _default(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value in (None, False, 0) else str(value)


if __name__ == "__main__":
    if "--check" in sys.argv:
        written = (PAGE.read_text(), CHECKS.read_text(), keywords.MODULE.read_text())
        sys.exit(written != (page(), checks_page(), keywords.module()))
    PAGE.write_text(page())
    CHECKS.write_text(checks_page())
    keywords.MODULE.write_text(keywords.module())
