"""`postrunner import`: a collection of what other programs wrote."""

from __future__ import annotations

import os

import click

from runner.cli.commands.files.conversions import format_of, pairs_of, refuse_strange, write_conversion
from runner.cli.commands.files.format_options import FormatCommand, format_parameters, format_values
from runner.deep_json import dumps, loads, same
from runner.errors import UsageError
from runner.foreign.imported import Imported
from runner.foreign.importing import import_sources
from runner.foreign.syncing.collections import sync
from runner.foreign.table import READERS
from runner.formats.canonical.text import canonical_json
from runner.formats.conversion import Conversion, from_document
from runner.formats.file_names import ENVIRONMENT
from runner.formats.load import load_environment
from runner.formats.table import dump
from runner.formats.v3.names import stem_of
from runner.model.json import JsonObject
from runner.outputs import write_text
from runner.python.collection import Collection
from runner.reporters.text import plural

STDOUT = "-"


def _import(
    sources: tuple[str, ...], format: str, to: str | None, output: str, name: str, options: tuple[str, ...],
    target: str, strict: bool, force: bool, **of_formats: object,
) -> int:  # fmt: skip
    chosen = pairs_of(options) | format_values(of_formats)
    if not format and len(sources) > 1 and sources[0] in READERS and not os.path.lexists(sources[0]):
        format, sources = sources[0], sources[1:]
    if format and format not in READERS:
        raise UsageError(f"there is no format {format!r}", where="--from", hint=f"they are {', '.join(READERS)}")
    if target:
        if to or name or output != STDOUT:
            raise UsageError("the collection is changed where it is: --to, --name and --output say nothing", where="--sync")
        made = import_sources(sources, format, options=chosen)
        return _sync(made, target) or _tell(made, strict=strict)
    to = to or ("v2.1" if output == STDOUT else format_of(output))
    if to == "v3" and output == STDOUT:
        raise UsageError("v3 is a folder, which standard output cannot take", hint="name it with --output")
    made = import_sources(sources, format, name=name, options=chosen)
    _write(made, to, output, force=force)
    return _tell(made, strict=strict)


def _tell(made: Imported, *, strict: bool) -> int:
    for note in made.notes:
        click.echo(str(note), err=True)
    return int(strict and bool(made.notes))


def _sync(made: Imported, path: str) -> int:
    """Change the collection at a path, and list what changed."""
    collection = Collection.load(path)
    before = loads(dumps(collection.document))
    for change in sync(collection.document, made.collection):
        click.echo(change)
    if same(before, collection.document):
        click.echo(f"{path} is up to date")
    else:
        collection.save()
        click.echo(f"{path} written: {plural(_count(collection.document), 'request')}")
    return 0


def _write(made: Imported, to: str, output: str, *, force: bool) -> None:
    """Write the collection, and environments beside it; tell of each on standard error if the collection goes to output."""
    if output == STDOUT:
        click.echo(canonical_json(made.collection, "collection"))
        for name in made.environments:
            click.echo(f"the environment {name} is not written: give --output", err=True)
        return
    files = {_beside(output, name, to): document for name, document in made.environments.items()}
    for path in (output, *files):
        refuse_strange(path, force=force)
    if to == "v3":
        write_conversion(from_document(made.collection, to), output, force=force)
    else:
        write_conversion(Conversion(to=to, text=canonical_json(made.collection, "collection")), output, force=force)
    click.echo(f"{output} written: {plural(_count(made.collection), 'request')}")
    for path, document in files.items():
        text = canonical_json(document, "environment")
        environment = load_environment(path, text=text)
        write_text(path, text if to == "v2.1" else dump(environment, None, "environment", path=path))
        click.echo(f"{path} written")


def _beside(output: str, name: str, to: str) -> str:
    """The path of an environment: in the folder of the collection."""
    file = stem_of(name, "environment") + (ENVIRONMENT[0] if to == "v2.1" else ENVIRONMENT[1])
    return os.path.join(os.path.dirname(output.rstrip("/")), file)


def _count(entry: JsonObject) -> int:
    """The requests below a folder or collection."""
    return sum(_count(item) if "item" in item else 1 for item in entry["item"])


@click.command(
    "import", cls=FormatCommand, params=[*format_parameters()], short_help="Make a collection of files of other programs."
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--output", "-o", default=STDOUT, metavar="PATH", help="The collection to write (default: standard output).")
@click.option("--from", "format", default="", metavar="FORMAT",
              help=f"What the sources are: {', '.join(READERS)} (default: told from each).")  # fmt: skip
@click.option("--to", type=click.Choice(["v2.1", "v3"]), help="The format to write (default: v2.1 for *.json, else v3).")
@click.option("--name", default="", help="The name of the collection.")
@click.option("--sync", "target", default="", metavar="COLLECTION",
              help="Change this collection to what the sources say now; what is its own stays.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit with 1 if anything could not be carried over.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE",
              help="An option below by the name that the other program gives it; repeatable.")  # fmt: skip
def command(
    sources: tuple[str, ...], format: str, to: str | None, output: str, name: str, options: tuple[str, ...],
    target: str, strict: bool, force: bool, **of_formats: object,
) -> int:  # fmt: skip
    """Make a Postman collection of each SOURCE: a file or folder of another program, - for standard input, an address, or
    a curl command itself. Several become one collection with a folder for each.

    What a collection cannot hold is told on standard error as FILE:LINE: message, and kept as a comment in the item.
    """
    return _import(sources, format, to, output, name, options, target, strict, force, **of_formats)
