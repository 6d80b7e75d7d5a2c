"""`postrunner demo`: both documented flows, run against stand-ins in this process."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from runner.cli.commands.flows import SUMMARIES, files_of, shipped_files
from runner.options import RunOptions


@click.command("demo")
@click.option("--output", default="demo-output", metavar="DIR", help="Folder for the reports and exports.")
def command(output: str) -> int:
    """Run Torii's file upload and Truto's account list against local stand-ins, and leave their reports."""
    codes = [_run_flow(name, Path(output)) for name in SUMMARIES]
    click.echo(f"\nReports and exported environments are in {output}/:")
    for path in sorted(Path(output).iterdir()):
        click.echo(f"  {path}")
    return max(codes)


def _run_flow(name: str, output: Path) -> int:
    from runner.api import run_command
    from runner.standins import start

    root = shipped_files()
    collection, _, local, *_ = files_of(name)
    with start(name, port=0) as standin:
        options = RunOptions(
            environment=str(root / local),
            env_var=((f"{name}_base_url", standin.url),),
            reporters=("cli", "json", "html"),
            reporter_options=tuple((f"{kind}-export", str(output / f"{name}-report.{kind}")) for kind in ("json", "html")),
            export_environment=str(output / f"{name}.postman_environment.json"),
        )
        return run_command(str(root / collection), options, sys.stdout)
