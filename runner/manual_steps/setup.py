"""Preparations before the first step: the variables to fill in, and the rows of iteration data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runner.flow.templates import VAULT
from runner.manual_steps.chain import Chain
from runner.manual_steps.document import Block, Code, Control, Entry, Heading, Line, Listing, Paragraph, Table, joined
from runner.manual_steps.values import Found, Values
from runner.model.json import JsonObject
from runner.rules.text import text_of

MOST_ROWS = 10
"""The most rows of iteration data that are shown; the others are counted."""

FILL_IN: Line = ("fill in",)
SECRET: Line = ("secret: fill in yours",)


def setup(chain: Chain, values: Values, rows: Sequence[JsonObject]) -> Iterator[Block]:
    """The section before the steps."""
    names = sorted(name for name in chain.wanted if chain.needs_a_value(name) and not name.startswith("$"))
    found = {name: values.find(name) for name in names}
    if values.resolve:
        found = {name: one for name, one in found.items() if not _is_resolved(one, values)}
    by_hand = {name: one for name, one in found.items() if one is None or one.place != "data"}
    copied = sorted(chain.wanted & chain.set_by_scripts)
    if not (by_hand or copied or rows):
        return
    yield Heading(2, "Before you start")
    entries = [*_variables(by_hand, values), *_copied(copied, values)]
    if entries:
        yield Listing(tuple(entries), ordered=True)
    only = sorted(name for name in chain.of_scripts if not name.startswith("$"))
    if only:
        shown = joined([_name(name, values) for name in only])
        yield Paragraph(("Only scripts use these variables; by hand they are not needed: ", *shown, "."))
    if rows:
        yield from _rows(rows, values)


def _is_resolved(found: Found | None, values: Values) -> bool:
    """Whether the steps contain the value itself."""
    return found is not None and not values.is_secret(found.variable) and found.variable.value not in (None, "")


def _variables(found: dict[str, Found | None], values: Values) -> Iterator[Entry]:
    """The environment to create with its values, and what belongs into the vault."""
    secrets: list[Line] = [(Code(name.removeprefix(VAULT)),) for name in found if name.startswith(VAULT)]
    names = [name for name in found if not name.startswith(VAULT)]
    if names:
        title = values.environment.name
        call: Line = (Code(values.name(title)),) if values.environment.values and title else ("as you like",)
        rows = (
            (_name(name, values), (_type(name, found[name], values),), _value(name, found[name], values)) for name in names
        )
        line = ("In ", Control("Environments"), " click ", Control("+"), ", name the environment ", *call, ", and enter:")
        yield Entry(line, (Table(("Variable", "Type", "Value"), tuple(rows)),))
        yield Entry(("Choose it in the list of environments at the top right.",))
    if secrets:
        yield Entry(("In ", Control("Vault"), " add ", *joined(secrets, ", ", " and "), " with your values."))


def _row(name: str, found: Found | None, values: Values) -> tuple[Line, ...]:
    return (_name(name, values), (_type(name, found, values),), _value(name, found, values))


def _name(name: str, values: Values) -> Line:
    return (Code(values.name(name)),)


def _type(name: str, found: Found | None, values: Values) -> str:
    """The type of a variable: one that hides its value if it is secret."""
    secret = values.is_secret(found.variable) if found is not None else values.names_secret(name)
    return "secret" if secret else "default"


def _value(name: str, found: Found | None, values: Values) -> Line:
    if _type(name, found, values) == "secret":
        return SECRET
    if found is None or found.variable.value in (None, ""):
        return FILL_IN
    return (values.code(text_of(found.variable.value)),)


def _copied(names: Sequence[str], values: Values) -> Iterator[Entry]:
    """How to copy values from responses into variables."""
    if names:
        shown = joined([_name(name, values) for name in names], ", ", " and ")
        way = "To copy a value of a response into a variable, select it in the response, click it with the right button"
        scripts = "Where the collection itself is imported, its scripts do so: leave out what says Copy, Set or Empty."
        yield Entry(("The steps fill ", *shown, f". {way}, and choose ", Control("Set as variable"), f". {scripts}"))


def _rows(rows: Sequence[JsonObject], values: Values) -> Iterator[Block]:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    count = f"{len(rows)} rows" if len(rows) > 1 else "1 row"
    yield Paragraph((f"Do all steps once for each row of the data ({count}), with its values in place of the names:",))
    cells = (tuple(values.cell(name, row.get(name)) for name in columns) for row in rows[:MOST_ROWS])
    yield Table(tuple(values.name(name) for name in columns), tuple(cells))
    if len(rows) > MOST_ROWS:
        yield Paragraph((f"… and {len(rows) - MOST_ROWS} more",))
