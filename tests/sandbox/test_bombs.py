"""Hostile scripts end nothing but themselves; `scripts/attack-scripts --bombs` runs all of them."""

from __future__ import annotations

import pytest

from tests.sandbox.bombs import SHORT, bombs, misses

QUICK = [
    "tests as a proxy", "tests as an accessor", "a frozen world", "a sealed world", "nothing left", "a pm of its own",
    "names that loop", "call sites", "done often", "no stack left", "a request that is none", "a revoked proxy, logged",
    "a getter that throws, thrown", "a cycle, set", "a deep list, logged", "toString that throws, named", "a symbol, sent",
]  # fmt: skip


@pytest.mark.parametrize("name", QUICK)
def test_a_hostile_script_leaves_the_requests_verdicts_and_reports_after_it_whole(name):
    assert misses(name, bombs()[name], "test") == []


def test_there_are_bombs_of_every_kind():
    assert len(SHORT) > 60
    assert len(bombs()) > 400
