"""The documentation is checked against the code."""

import re

from runner.options import all_options
from scripts import keywords, reference
from tests.house.code import RANK, ROOT, names_in

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
DOCS = {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "docs").rglob("*.md")}


def test_paths_of_the_architecture_page_exist():
    named = set(re.findall(r"`(runner/[\w./]+)`", ARCHITECTURE))
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_the_walks_of_the_architecture_page_name_what_is_there():
    walks = ARCHITECTURE.split("## Three walks")[1].split("\n## ")[0]
    steps = re.findall(r"^\| `(\S+)` \| `(\S+)` \|", walks, re.M)
    assert len(steps) >= 18
    assert [(path, name) for path, name in steps if name not in names_in(ROOT / path)] == []


def test_every_room_is_on_the_architecture_page():
    rooms = set(RANK) - {"version", "__main__", "pytest_plugin"}
    assert {room for room in rooms if not re.search(rf"runner/{room}[./]", ARCHITECTURE)} == set()


def test_every_flag_is_in_the_reference():
    flags = {option.flag for option in all_options()}
    assert {flag for flag in flags if f"`{flag}" not in DOCS["docs/command-line.md"]} == set()


def test_the_reference_was_written_from_this_code():
    assert reference.page() == DOCS["docs/command-line.md"], "run scripts/docs"
    assert reference.checks_page() == DOCS["docs/check.md"], "run scripts/docs"
    assert keywords.module() == keywords.MODULE.read_text(), "run scripts/docs"


def test_links_between_pages_lead_somewhere():
    pages = {**DOCS, **{name: (ROOT / name).read_text() for name in ("README.md", "SECURITY.md")}}
    links = [(name, target) for name, text in pages.items() for target in re.findall(r"\]\((?!https?:)([^)#]+)", text)]
    assert [(name, target) for name, target in links if not ((ROOT / name).parent / target).exists()] == []
