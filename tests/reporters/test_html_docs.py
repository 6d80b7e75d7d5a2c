from pathlib import Path

import pytest

from runner.reporters.option_table import TABLES
from runner.reporters.registry import REPORTERS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "reports.md").read_text("utf-8")


@pytest.mark.parametrize("name", REPORTERS)
def test_every_reporter_has_its_section_with_an_example(name):
    section = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert f"-r {name}" in section or f"{name}," in section or f",{name}" in section or name == "cli"
    assert "\n    postrunner run " in section


@pytest.mark.parametrize("name", REPORTERS)
def test_the_options_on_the_page_are_those_of_the_table(name):
    section = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith(f"| `--reporter-{name}-")]
    assert rows == [f"| `--reporter-{name}-{option.usage}` | {option.help} |" for option in TABLES[name]]


def test_every_reporter_has_its_table():
    assert list(TABLES) == list(REPORTERS)


def test_the_pictures_are_there_and_small():
    pictures = sorted((DOCS / "images").glob("html-report-*.png"))
    assert [picture.name for picture in pictures if f"images/{picture.name}" in PAGE] == [p.name for p in pictures]
    assert len(pictures) == 2
    assert max(picture.stat().st_size for picture in pictures) < 150_000
