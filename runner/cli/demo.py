"""`postrunner demo`: both documented flows, run against stand-ins in this process."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from runner.options import RunOptions

FLOWS = {"torii": "torii-custom-integration", "truto": "truto-integrated-accounts"}


@click.command("demo")
@click.option("--output", default="demo-output", metavar="DIR", help="Folder for the reports and exports.")
def command(output: str) -> int:
    """Run Torii's file upload and Truto's account list against local stand-ins, and leave their reports."""
    codes = [_run_flow(name, collection, Path(output)) for name, collection in FLOWS.items()]
    click.echo(f"\nReports and exported environments are in {output}/:")
    for path in sorted(Path(output).iterdir()):
        click.echo(f"  {path}")
    return max(codes)


def _run_flow(name: str, collection: str, output: Path) -> int:
    from runner.api import run_command
    from runner.standins import start

    root = _shipped_files()
    with start(name, port=0) as standin:
        options = RunOptions(
            environment=str(root / "environments" / f"{name}-local.postman_environment.json"),
            env_var=((f"{name}_base_url", standin.url),),
            reporters=("cli", "json", "html"),
            reporter_options=tuple((f"{kind}-export", str(output / f"{name}-report.{kind}")) for kind in ("json", "html")),
            export_environment=str(output / f"{name}.postman_environment.json"),
        )
        return run_command(str(root / "collections" / f"{collection}.postman_collection.json"), options, sys.stdout)


def _shipped_files() -> Path:
    """The folder that holds `collections` and `environments`: inside the package when installed, else the checkout."""
    package = Path(__file__).resolve().parent.parent
    return package / "flows" if (package / "flows").is_dir() else package.parent
