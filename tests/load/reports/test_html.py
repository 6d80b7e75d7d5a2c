"""The page of a load test: its charts in a real browser, and what may stand in it."""

import json
import re

import pytest

from runner.load.reports.report import Outcome
from tests.load.reports.conftest import BUY, LIST, LOGIN, Load
from tests.reporters.browser import browser, needs_browser, started

__all__ = ["browser", "started"]  # fixtures

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028"


@pytest.fixture
def page(tmp_path):
    """Write the page of a test; gives its path."""

    def write(load, outcome=None, *options, **given):
        path = tmp_path / "r.html"
        load.reported("html", outcome=outcome, reporter_options=(("html-export", str(path)), *options), **given)
        return path

    return write


def test_the_page_asks_for_nothing_outside_of_it(busy, page):
    text = page(busy).read_text()
    assert "default-src 'none'" in text
    assert re.findall(r"""(?:src|href|url\()\s*=?\s*["']?(?:https?:)?//""", text) == []
    assert re.findall(r"<(?:link|img|iframe|object)\b", text) == []


def test_texts_from_outside_make_no_markup(load, page):
    load.about = load.about.__class__(name=HOSTILE, environment=HOSTILE, profile=HOSTILE)
    load.send(HOSTILE, "GET", 1.0, HOSTILE, 0).check(HOSTILE, HOSTILE, False, HOSTILE).tick()
    load.figures.worker(HOSTILE)
    text = page(load, Outcome(ended="error", exit_code=1, said=HOSTILE)).read_text()
    assert "<script>alert" not in text
    assert "<img" not in text
    assert text.count("<script") == 2


def test_a_secret_in_a_text_of_the_page_is_masked(load, page):
    load.about = load.about.__class__(name="API of hunter22", environment="hunter22", profile="hunter22")
    text = page(
        load,
        Outcome(ended="error", exit_code=1, said="hunter22 is wrong"),
        ("html-title", "hunter22!"),
        secrets=("hunter22",),
    )
    assert "hunter22" not in text.read_text()


def test_a_title_of_the_users_own_stands_above_the_name_of_the_collection(busy, page):
    text = page(busy, None, ("html-title", "Nightly")).read_text()
    assert "<h1>Nightly</h1>" in text
    assert "<span>Shop API</span>" in text


def test_a_test_without_a_single_request_has_a_page(load, page):
    text = page(load, Outcome(ended="interrupted", exit_code=130, said="Ctrl-C")).read_text()
    assert "interrupted: Ctrl-C; the figures are those until then" in text
    assert "no request was sent" in text


def test_more_checks_and_failures_than_are_listed_are_counted(load, page):
    for number in range(503):
        load.send(LOGIN, "GET", 1.0, "wrong").check(LOGIN, f"check {number}", False)
    assert page(load.tick()).read_text().count("and 3 more</p>") == 2


def test_the_page_says_why_the_test_failed(busy, page):
    text = page(busy, busy.decided()).read_text()
    assert f"<li>error_rate&lt;1%: {busy.verdicts[1].shown}</li>" in text


def test_the_charts_have_a_value_for_each_slice_and_a_line_for_limits_of_all_requests(busy, page):
    busy.thresholds = ("p95<500", "p95{Login}<300", "error_rate<1%", "iteration_duration: avg<2000")
    data = json.loads(re.search('id="load">(.*?)</script>', page(busy).read_text())[1])
    assert data["limits"] == [{"value": 500.0, "said": "p95<500"}]
    assert {len(values) for name, values in data.items() if name != "limits"} == {11}
    assert sum(data["requests"]) == busy.figures.total.count
    assert data["p95"][4] == 340.0


@needs_browser
class TestInABrowser:
    """What charts.js does."""

    def test_every_chart_has_its_lines_and_the_highest_values(self, browser, busy, page):
        browser.open(page(busy))
        lines = browser.get("CHARTS.map((c) => [c.id, document.querySelectorAll(`#${c.id} .line`).length])")
        assert lines == [["latency", 4], ["throughput", 1], ["users", 1], ["errors", 2]]
        assert browser.text("#latency .legend") == "p50 30 msp90 51.5 msp95 540 msp99 540 ms"
        assert browser.text("#users .legend") == "users 2"
        assert browser.text("#moment") == "0:00 to 0:11: highest values"
        assert browser.texts(".limit ~ .said, .said") == ["p95<500"]

    def test_a_slice_without_a_response_interrupts_the_line(self, browser, load, page):
        for second in range(9):
            if second != 4:
                load.send(LOGIN, "GET", 10.0)
            load.recorder.users(1)
            load.tick()
        browser.open(page(load))
        assert browser.get("document.querySelectorAll('#latency .line.p50').length") == 2
        assert browser.get("document.querySelectorAll('#users .line').length") == 1

    def test_pointing_at_a_chart_tells_the_values_of_that_moment_in_all(self, browser, busy, page):
        browser.open(page(busy)).get("document.querySelector('#errors').scrollIntoView()")
        box = browser.get("(() => { const b = document.querySelector('#errors svg').getBoundingClientRect();"
                          " return [b.left + CHARTS[3].place.x(4.5), b.top + 40]; })()")  # fmt: skip
        browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1])
        browser.until("document.querySelector('#moment').textContent === '0:04 to 0:05'")
        assert browser.text("#errors .legend") == "failures 1/sdropped 3/s"
        assert browser.text("#throughput .legend") == "requests 17/s"
        assert browser.get("document.querySelectorAll('.cursor[d^=M]').length") == 4

    def test_dragging_over_a_part_zooms_all_charts_and_a_button_leads_back(self, browser, busy, page):
        browser.open(page(busy))
        left, right, top = browser.get(
            "(() => { const b = document.querySelector('#latency svg').getBoundingClientRect(); const p = CHARTS[0].place;"
            " return [b.left + p.x(2), b.left + p.x(8), b.top + 50]; })()"
        )
        for kind, x in (("mousePressed", left), ("mouseMoved", right), ("mouseReleased", right)):
            browser.ask("Input.dispatchMouseEvent", type=kind, x=x, y=top, button="left", buttons=1, clickCount=1)
        browser.until("state.time !== null")
        assert [round(one) for one in browser.get("CHARTS[2].place && [CHARTS[2].place.from, CHARTS[2].place.to]")] == [
            2,
            8,
        ]
        browser.click("#whole")
        browser.until("state.time === null")
        assert browser.get("CHARTS[0].place.to") == 11

    def test_a_heading_sorts_its_table_by_the_values_and_not_by_their_texts(self, browser, busy, page):
        browser.open(page(busy))
        names = (
            "[...document.querySelector('[aria-labelledby=h-requests] table').tBodies[0].rows]"
            ".map((row) => row.cells[0].textContent)"
        )
        p95 = "[...document.querySelectorAll('th button')].find((one) => one.textContent === 'p95')"
        browser.get(f"{p95}.click()")
        assert browser.get(names) == [f"POST{BUY}", f"POST{LOGIN}", f"GET{LIST}"]
        browser.get(f"{p95}.click()")
        assert browser.get(names) == [f"GET{LIST}", f"POST{LOGIN}", f"POST{BUY}"]

    def test_the_page_is_dark_where_the_system_is_and_a_button_turns_it(self, browser, busy, page):
        browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        browser.open(page(busy))
        assert browser.get("document.documentElement.dataset.theme") == "dark"
        browser.click("#theme")
        assert browser.get("document.documentElement.dataset.theme") == "light"
        browser.get("localStorage.clear()")

    def test_nothing_is_wider_than_a_narrow_screen(self, browser, busy, page):
        browser.size(360, 800)
        browser.open(page(busy))
        assert browser.get("document.documentElement.scrollWidth") <= 360

    def test_an_empty_test_has_no_charts_and_no_error(self, browser, page):
        browser.open(page(Load()))
        assert browser.get("document.querySelector('#time').hidden")
