"""The trend in the HTML report: the earlier runs of the same collection and environment."""

import re

import pytest

from tests.history.conftest import item


@pytest.fixture
def page(ran, tmp_path):
    def run(*items, **options):
        file = tmp_path / "page.html"
        ran(*items, reporters=("html",), reporter_options=(("html-export", str(file)),), **options)
        return file.read_text()

    return run


def bars(text):
    return re.findall(r'<rect class="(\w+)"[^>]*><title>([^<]*)</title>', text)


def test_each_run_is_a_bar_this_one_is_the_last(ran, page):
    ran(item("a", test=""))
    ran(item("a", test="throw new Error('x')"))
    found = bars(page(item("a", test="")))
    assert [kind for kind, _ in found] == ["passed", "failed", "passed"]
    assert "1 failure, " in found[1][1]
    assert "0 failures, " in found[2][1]


def test_other_collections_environments_and_shards_are_left_out(ran, page):
    ran(item("a", test=""), name="D")
    ran(item("a", test=""), environment={"name": "Staging", "values": [{"key": "x", "value": "1"}]})
    ran(item("a", test=""), item("b", test=""), shard="1/2")
    ran(item("a", test=""))
    assert len(bars(page(item("a", test="")))) == 2


def test_the_first_run_has_no_trend(page):
    assert "Trend" not in page(item("a", test=""))


def test_a_run_without_a_history_has_no_trend(page):
    assert "Trend" not in page(item("a", test=""), history=None)
