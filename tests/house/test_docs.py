"""The documentation is checked against the code."""

import re

import pytest

from runner.options import option_fields
from scripts import reference
from tests.house.code import RANK, ROOT

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
DOCS = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
FLAGS = [meta["flags"][-1] for _, meta, _ in option_fields()]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(runner/[\w./]+)`", ARCHITECTURE))))
def test_paths_of_the_architecture_page_exist(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("room", sorted(set(RANK) - {"version", "__main__", "pytest_plugin"}))
def test_every_room_is_on_the_architecture_page(room):
    assert re.search(rf"runner/{room}[./]", ARCHITECTURE)


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_is_in_the_reference(flag):
    assert f"`{flag}" in DOCS["command-line.md"]


def test_the_reference_was_written_from_this_code():
    assert reference.page() == DOCS["command-line.md"], "run scripts/docs"


@pytest.mark.parametrize("name", sorted(DOCS))
def test_links_between_pages_lead_somewhere(name):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", DOCS[name]):
        assert (ROOT / "docs" / target).exists(), target


def test_links_of_the_readme_lead_somewhere():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).exists(), target
