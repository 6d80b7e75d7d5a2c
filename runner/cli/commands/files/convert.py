"""`postrunner convert`: collections, environments and globals from one format into another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import click

from runner.cli.commands.files.conversions import format_of, write_conversion
from runner.errors import UsageError
from runner.formats.conversion import Conversion, convert

SHOWN = 12
"""So many kinds of what is kept aside are listed."""


def _convert(source: str, target: str | None, to: str | None, check: bool, in_place: bool, force: bool) -> int:
    if in_place == (target is not None) and not (check and not in_place):
        raise UsageError("give a TARGET, or --in-place", hint="postrunner convert SOURCE TARGET")
    if in_place and check:
        raise UsageError("--check writes nothing, so there is nothing to do --in-place")
    made = convert(source, to or format_of(target), target or "")
    for line in _lines(made):
        click.echo(line)
    if check:
        wrong = bool(made.lost or made.differences)
        click.echo(f"a round trip would {'lose what is listed' if wrong else 'lose nothing'}")
        return int(wrong)
    if in_place:
        from runner.cli.commands.files.in_place import replace_source

        target = replace_source(made, source, force=force)
    else:
        assert target is not None
        write_conversion(made, target, force=force)
    click.echo(f"{target} written")
    return 0


def _lines(made: Conversion) -> Iterable[str]:
    """What the other format cannot hold: kept aside, or lost."""
    if made.kept:
        yield f"kept in {made.kept_in}, because {made.to} has no place for it:"
        places = (place for found in made.kept.values() for place in found)
        counts = Counter(re.sub(r"/\d+", "", place).strip("/").replace("/", ".") for place in places)
        for name, count in counts.most_common(SHOWN):
            yield f"  {name}" + (f" ({count} times)" if count > 1 else "")
        if len(counts) > SHOWN:
            yield f"  and {len(counts) - SHOWN} more"
    lists = {"lost": made.lost, "not the same after a round trip": made.differences, "note": made.notes}
    for heading, found in lists.items():
        for text in found[:SHOWN]:
            yield f"{heading}: {text}"
        if len(found) > SHOWN:
            yield f"{heading}: {len(found) - SHOWN} more"


@click.command("convert", short_help="Convert collections between v2.1 and v3.")
@click.argument("source")
@click.argument("target", required=False)
@click.option("--to", type=click.Choice(["v2.1", "v3"]), help="The format to write (default: v2.1 for *.json, else v3).")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a round trip would lose anything.")
@click.option("--in-place", is_flag=True, help="Put what was made in the place of SOURCE, if git can bring that back.")
@click.option("--force", is_flag=True, help="Replace what is there, also what git could not bring back.")
def command(source: str, target: str | None, to: str | None, check: bool, in_place: bool, force: bool) -> int:
    """Convert SOURCE, a collection, environment or globals file, and write TARGET.

    Collections of v1, v2.0, v2.1 (JSON) and v3 (a folder of YAML) become v2.1 or v3; environments and globals become JSON
    or YAML. What the other format has no place for is listed, and kept: in .resources/postrunner.yaml of the folder, under
    _postrunner_v3 in the JSON. Converting back puts it where it was.
    """
    return _convert(source, target, to, check, in_place, force)
