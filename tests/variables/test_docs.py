"""docs/variables.md tells what the code does."""

import re
from pathlib import Path

from runner.options import all_options
from runner.rules.substitute import LIMIT, MOST_NAMES, PASSES
from runner.variables.dynamic import DYNAMIC, GENERATED
from runner.variables.scopes import Scopes

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "variables.md").read_text("utf-8")
OWN, LIBRARY = (dict(re.findall(r"^\| `(\$\w+)` \| (.+) \|$", part, re.M)) for part in PAGE.split("### Made by")[:2])


def test_every_dynamic_variable_is_on_the_page():
    assert set(OWN) == set(DYNAMIC)
    assert LIBRARY == GENERATED


def test_the_scopes_are_in_their_order_on_the_page():
    table = PAGE.split("## Scopes")[1].split("##")[0]
    assert re.findall(r"^\| (\w+) \| (?!where)", table, re.M) == [*(s.name for s in Scopes().ordered), "dynamic"]


def test_the_limits_are_on_the_page():
    assert f"at most {PASSES} times" in PAGE
    assert f"{LIMIT // 1_000_000} million characters" in PAGE
    assert f"{MOST_NAMES:,} names" in PAGE


def test_the_flags_of_the_page_exist():
    flags = {flag for option in all_options() for flag in option.flags}
    assert set(re.findall(r"--[a-z][a-z-]+", PAGE)) <= flags
