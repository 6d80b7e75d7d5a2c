"""`postrunner flows`: the collections, environments and samples that ship with postrunner, as files of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from runner.errors import UsageError
from runner.interruption import check
from runner.outputs import write_text

COLLECTIONS = {"torii": "torii-custom-integration", "truto": "truto-integrated-accounts"}
SUMMARIES = {
    "torii": "Torii: upload a users file and sync a custom integration",
    "truto": "Truto: list integrated accounts",
}
SAMPLES = {"torii": ("collections/samples/torii-users.json",), "truto": ()}


def shipped_files() -> Path:
    """The folder with `collections` and `environments`: inside the package when installed, else the checkout."""
    package = Path(__file__).resolve().parents[2]
    return package / "flows" if (package / "flows").is_dir() else package.parent


def files_of(name: str, *, v3: bool = False) -> tuple[str, ...]:
    """The files of a flow, relative to `shipped_files()`: its collection, both environments, its samples."""
    folder = shipped_files() / "collections" / COLLECTIONS[name]
    found = sorted(path for path in folder.rglob("*.yaml") if path.is_file()) if v3 else []
    return (
        *(path.relative_to(shipped_files()).as_posix() for path in found),
        *(() if v3 else (f"collections/{COLLECTIONS[name]}.postman_collection.json",)),
        f"environments/{name}.postman_environment.json",
        f"environments/{name}-local.postman_environment.json",
        *SAMPLES[name],
    )


@click.group("flows")
def command() -> None:
    """List or copy the collections that ship with postrunner: documented flows of the Torii and Truto APIs."""


@command.command("list")
def list_flows() -> None:
    """Show the flows and their files."""
    for name, summary in SUMMARIES.items():
        click.echo(f"{name}  {summary}")
        for file in files_of(name):
            click.echo(f"       {file}")
    click.echo(
        "\n`postrunner flows copy NAME DIR` makes them your own; --format v3 copies a folder of YAML in place of the JSON."
    )


@command.command("copy")
@click.argument("name", type=click.Choice(tuple(SUMMARIES)))
@click.argument("dir", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format", "to", type=click.Choice(["v2.1", "v3"]), default="v2.1", help="JSON (v2.1) or a folder of YAML (v3)."
)
@click.option("--force", is_flag=True, help="Replace files that are there and differ.")
def copy(name: str, dir: Path, to: str, force: bool) -> None:
    """Copy the files of the flow NAME into DIR (default: the current folder): collections/ and environments/.

    A file that is there already and differs is kept: then nothing is copied, unless --force is given.
    """
    pairs = [(shipped_files() / file, dir / file) for file in files_of(name, v3=to == "v3")]
    if not force and (changed := [target for source, target in pairs if differs(source, target)]):
        listed = ", ".join(map(str, changed))
        raise UsageError(f"nothing was copied: {listed} would be replaced", hint="choose another folder, or give --force")
    for source, target in pairs:
        check()
        if target.is_file() and not differs(source, target):
            click.echo(f"{target} is there already")
            continue
        write_text(target, source.read_bytes().decode("utf-8"))
        click.echo(f"{target} written")


def differs(source: Path, target: Path) -> bool:
    """Whether copying would change what is there."""
    try:
        return target.read_bytes() != source.read_bytes()
    except FileNotFoundError:
        return target.is_symlink()
    except OSError:
        return True
