from pathlib import Path

import pytest

from runner.reporters import REPORTERS, find_reporter

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "reports.md").read_text("utf-8")


@pytest.mark.parametrize("name", REPORTERS)
def test_every_reporter_has_its_section_with_an_example(name):
    section = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert f"-r {name}" in section or f"{name}," in section or f",{name}" in section or name == "cli"
    assert "\n    postrunner run " in section


@pytest.mark.parametrize("name", REPORTERS)
def test_every_option_of_a_reporter_is_on_the_page(name):
    for option in find_reporter(name).OPTIONS:
        assert f"`--reporter-{name}-{option}" in PAGE


def test_the_pictures_are_there_and_small():
    pictures = sorted((DOCS / "images").glob("html-report-*.png"))
    assert [picture.name for picture in pictures if f"images/{picture.name}" in PAGE] == [p.name for p in pictures]
    assert len(pictures) == 2
    assert max(picture.stat().st_size for picture in pictures) < 150_000
