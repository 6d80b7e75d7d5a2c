"""The page of the documentation about these reports has all of them with their options, as the code has them."""

from pathlib import Path

import pytest

from runner.load.reports.registry import OPTIONS, REPORTS

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "load-reports.md").read_text("utf-8")


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_its_section_with_an_example_and_its_options(name):
    section = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert "\n    postrunner load " in section
    rows = [line for line in section.splitlines() if line.startswith(f"| `--reporter-{name}-") and "…" not in line]
    assert rows == [f"| `--reporter-{name}-{option.usage}` | {option.help} |" for option in OPTIONS[name]]


def test_the_picture_is_there_and_small():
    assert "(images/load-report.png)" in PAGE
    assert (DOCS / "images" / "load-report.png").stat().st_size < 150_000
