"""The commands and files in the documentation are ones that postrunner takes."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from runner.cli.app import app
from runner.cli.commands.merge import command as merge
from runner.cli.config import Config, load_config
from runner.cli.options import run_options
from runner.cli.run import command as run
from runner.cli.watch.command import command as watch
from runner.reporters.known_options import settle_reporter_options
from runner.reporters.registry import find_reporter

COMMANDS = {"run": run, "watch": watch, "merge": merge}
DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(DOCS.glob("*.md"))
CALL = re.compile(r"postrunner (?:run|merge|watch|stand-in|demo|check-users-file|check|flows)\b.*")


def calls(text):
    """The calls in the code blocks of a page, with continued lines joined."""
    for block in re.findall(r"```(?:console|yaml|groovy|diff)\n(.*?)```", text, re.DOTALL):
        joined = re.sub(r"\\\n\s*", "", block)
        joined = re.sub(r"run: >\n((?:          .*\n)+)", lambda m: "run: " + " ".join(m[1].split()) + "\n", joined)
        for line in joined.splitlines():
            if not line.startswith("-"):
                yield from (found[0].rstrip("'") for found in CALL.finditer(line))


VARIABLES = {"${{ matrix.part }}": "1", "$CI_NODE_INDEX": "1", "$CI_NODE_TOTAL": "5"}
"""Numbers of CI servers in these calls, with values that they may have."""


def with_values(call):
    for name, value in VARIABLES.items():
        call = call.replace(name, value)
    return call


CALLS = [(page.name, call) for page in PAGES for call in calls(page.read_text())]


def test_there_are_calls_in_each_of_the_pages_for_users():
    assert {"ci.md", "data-driven.md", "migrating-from-newman.md"} <= {name for name, _ in CALLS}


@pytest.mark.parametrize(("page", "call"), CALLS)
def test_every_call_is_one_that_the_command_line_takes(page, call):
    _, name, *args = shlex.split(with_values(call), comments=True)
    if name not in COMMANDS:
        context = app.make_context("postrunner", [name, *args])
        assert app.get_command(context, name) is not None
        return
    with COMMANDS[name].make_context(name, args) as context:
        options = run_options(context, Config())
        classes = {reporter: find_reporter(reporter) for reporter in options.reporters}
        assert settle_reporter_options(options, classes) == (options, [])
        assert context.params.get("collections") or context.params.get("reports")


def test_the_configuration_in_the_docs_is_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    text = re.search(r"```toml\n(.*?)```", (DOCS / "migrating-from-newman.md").read_text(), re.DOTALL)[1]
    (tmp_path / "postrunner.toml").write_text(text)
    found = load_config({})
    assert set(found.values) | {"collection", "reporter"} == {key.replace("-", "_") for key in tomllib.loads(text)}
    assert found.reporter_options == {"junit-export": "results.xml"}
