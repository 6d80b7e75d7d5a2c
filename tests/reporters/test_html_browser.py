"""The HTML report in a real browser: opened, filtered, clicked and typed in."""

import json
from dataclasses import replace

import pytest

from tests.reporters.browser import browser, needs_browser, page, started, written
from tests.reporters.conftest import Scenario
from tests.reporters.test_html_report import HOSTILE, long_run

pytestmark = needs_browser
__all__ = ["browser", "page", "started"]  # fixtures


def names(browser):
    return browser.texts("#list .row b")


def test_the_page_opens_without_an_error_and_shows_every_request(browser, page):
    browser.open(page)
    assert browser.text("#count") == "All 9 requests, 6 failed"
    browser.get("document.querySelector('#executions').scrollIntoView()")
    browser.until("document.querySelectorAll('#list .row').length === 9")
    assert browser.texts("#list .group b") == [f"Iteration {number}" for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("state", "count"),
    [
        ("filter=failed", "6 of 9 requests, 6 failed"),
        ("filter=passed", "2 of 9 requests, 0 failed"),
        ("filter=skipped", "4 of 9 requests, 3 failed"),
        ("iteration=2", "2 of 9 requests, 2 failed"),
        ("folder=0", "4 of 9 requests, 3 failed"),
        ("folder=1", "3 of 9 requests, 3 failed"),
        ("search=foo+defined", "3 of 9 requests, 3 failed"),
        ("search=nothing+like+this", "0 of 9 requests, 0 failed"),
        ("open=999&filter=nonsense", "All 9 requests, 6 failed"),
    ],
)
def test_the_address_chooses_what_is_shown(browser, page, state, count):
    assert browser.open(page, f"#{state}").text("#count") == count


def test_clicking_a_filter_and_typing_a_search_narrow_the_list(browser, page):
    browser.open(page).click('[data-filter="failed"]')
    browser.until("document.querySelector('#count').textContent.startsWith('6 of 9')")
    browser.click("#search")
    browser.ask("Input.insertText", text="add user")
    browser.until("document.querySelector('#count').textContent.startsWith('3 of 9')")
    assert set(names(browser)) == {"Add user"}
    assert browser.get("document.querySelector('[data-filter=failed]').getAttribute('aria-pressed')") == "true"
    browser.click("#clear")
    browser.until("document.querySelector('#count').textContent.startsWith('All 9')")


def test_a_failure_leads_to_its_request(browser, page):
    browser.open(page).click(".failures a")
    browser.until("document.querySelector('#h-details')")
    assert "List users" in browser.text("#h-details")
    assert "expected { a: 1 } to deeply equal { a: 2 }" in browser.text("#details .checks")
    assert browser.get("document.activeElement.id") == "h-details"


def test_arrow_keys_move_enter_opens_and_escape_closes(browser, page):
    browser.open(page).get("document.querySelector('#list .row').focus()")
    browser.press("ArrowDown")
    browser.press("Enter")
    browser.until("document.querySelector('#h-details')?.textContent.includes('Add user')")
    browser.press("End")
    browser.press("Enter")
    browser.until(f"document.querySelector('#h-details').textContent.includes({json.dumps(HOSTILE)})")
    browser.get("document.querySelector('#h-details').focus()")
    browser.press("Escape")
    browser.until("document.querySelector('#details').hidden")
    assert HOSTILE in browser.get("document.activeElement.textContent")


def test_everything_of_an_execution_is_shown(browser, page):
    browser.open(page, "#open=1")
    details = browser.text("#details")
    for text in (
        "201 Created",
        "foo is not defined",
        "line 2, column 3",
        "pm.sendRequest: GET http://api.test/sub",
        "first byte",
    ):
        assert text in details
    assert browser.texts("#details .code pre")[-1] == '{\n  "id": 1\n}'
    browser.click("#details .sub summary")
    browser.until("document.querySelector('#details .sub > div')")


def test_bodies_are_laid_out_by_their_type_and_raw_on_demand(browser, page):
    browser.open(page, "#open=7")
    assert '<users>\n  <user id="1">Ada</user>\n  <none/>\n</users>' in browser.texts("#details .code pre")[-1]
    browser.click("#details .code [role=group] button:last-of-type")
    assert '<users><user id="1">' in browser.texts("#details .code pre")[-1]
    browser.open(page, "#open=8")
    assert browser.texts("#details .code pre")[-1] == '{\n  "big": 12345678901234567890,\n  "list": []\n}'


def test_sizes_and_times_keep_their_zeros(browser, page):
    browser.open(page)
    assert browser.get("[0, 250, 1000, 1030, 130000, 2500000].map(sizeText)") == [
        "0 B", "250 B", "1 kB", "1.03 kB", "130 kB", "2.5 MB",
    ]  # fmt: skip
    assert browser.get("[0, 0.25, 10, 1990, 20000, 61000, 7260000].map(timeText)") == [
        "0 ms", "0.25 ms", "10 ms", "1990 ms", "20 s", "1 min 1 s", "2 h 1 min",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"a":',
        '{"a":"\\',
        "[1,2",
        "[[[]]]",
        "<",
        "<a",
        "<a><b></a>",
        "<!-- x",
        '<p class="a>b">x</p>',
        "{not json}",
        "tru",
    ],
)
def test_laying_out_changes_nothing_but_space(browser, page, text):
    body = json.dumps({"type": "application/json", "size": 1, "text": text})
    browser.open(page)
    shown = browser.get(f"bodyNode({body}, 'x').querySelector('pre').textContent")
    assert shown.replace(" ", "").replace("\n", "") == text.replace(" ", "")


def test_hostile_text_stays_text(browser, page):
    browser.open(page, "#open=8")
    assert HOSTILE in browser.text("#h-details")
    assert HOSTILE in browser.text("#details .console")
    assert browser.get("document.images.length") == 0


def test_an_iteration_shows_its_data(browser, tmp_path):
    scenario = Scenario(cycles=2).start()
    for number in range(2):
        scenario.iteration(number)
        scenario.events[-1] = replace(scenario.events[-1], data={"user": f"user-{number}"})
        scenario.begin().request().end().end_iteration()
    browser.open(written(scenario.finish(), tmp_path / "r.html"), "#iteration=1")
    assert "user-0" in browser.text("#iteration-card")
    browser.click("#iteration-card button:last-of-type")
    browser.until("document.querySelector('#iteration-card').textContent.includes('user-1')")


def test_the_theme_follows_the_system_and_the_switch(browser, page):
    browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert browser.open(page).get("document.documentElement.dataset.theme") == "dark"
    browser.click("#theme")
    assert browser.get("document.documentElement.dataset.theme") == "light"
    browser.get("localStorage.clear()")


@pytest.mark.parametrize("state", ["", "#open=1", "#iteration=2&theme=dark"])
def test_nothing_is_wider_than_a_small_screen(browser, page, state):
    browser.size(360, 740)
    browser.open(page, state)
    assert browser.get("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_on_a_small_screen_the_details_take_the_place_of_the_list(browser, page):
    browser.size(360, 740)
    browser.open(page).get("document.querySelector('#list').scrollIntoView()")
    browser.until("document.querySelector('#list .row')")
    browser.click("#list .row")
    browser.until("!document.querySelector('#details').hidden")
    assert browser.get("document.querySelector('.listing').offsetHeight") == 0
    browser.click(".to-list")
    browser.until("document.querySelector('.listing').offsetHeight > 0")


def test_everything_that_can_be_used_has_a_name(browser, page):
    browser.open(page, "#open=1")
    used = ("button", "link", "searchbox", "combobox", "spinbutton", "image", "region", "listitem")
    for node in browser.ask("Accessibility.getFullAXTree")["nodes"]:
        role = node.get("role", {}).get("value")
        if role in used and role != "listitem" and not node.get("ignored"):
            assert node["name"]["value"], node
    assert browser.get("document.querySelectorAll('main, header, footer, h1').length") == 4


def test_on_paper_every_request_is_there(browser, page):
    browser.open(page, "#theme=dark")
    browser.ask("Emulation.setEmulatedMedia", media="print")
    browser.get("dispatchEvent(new Event('beforeprint'))")
    assert len(names(browser)) == 9
    assert browser.get("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    browser.get("dispatchEvent(new Event('afterprint'))")
    browser.ask("Emulation.setEmulatedMedia", media="")


def test_ten_thousand_requests_are_a_small_document_that_scrolls(browser, tmp_path):
    browser.open(long_run(10_000, tmp_path, b'{"id":1}'))
    assert browser.text("#count") == "All 10000 requests, 0 failed"
    assert browser.get("document.querySelectorAll('*').length") < 900
    browser.get("document.querySelector('#list .row').focus()")
    browser.press("End")
    browser.press("Enter")
    browser.until("document.querySelector('#details').textContent.includes('Iteration 10000 of 10000')")
    assert browser.get("document.querySelectorAll('*').length") < 1200
