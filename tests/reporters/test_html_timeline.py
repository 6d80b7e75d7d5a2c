"""The HTML report in a real browser: copying, the timeline of a long run, variables and descriptions."""

import json
from dataclasses import replace

import pytest

from runner.model.variable import Environment, Variable
from tests.reporters.browser import browser, needs_browser, page, started, written
from tests.reporters.conftest import TOKEN, Scenario, item
from tests.reporters.test_html_report import long_run

pytestmark = needs_browser
__all__ = ["browser", "page", "started"]  # fixtures


# -- copying ----------------------------------------------------------------------------------------------------------


def copied(browser, words, *, clipboard):
    """Click the button of these words and give what came onto the clipboard; `clipboard` tells if the page may use it."""
    own = "{ writeText: async (text) => { window.copied = text; } }" if clipboard else "undefined"
    browser.get(f"Object.defineProperty(navigator, 'clipboard', {{ value: {own}, configurable: true }}), undefined")
    browser.get("document.addEventListener('copy', () => { window.copied = document.activeElement.value; })")
    browser.get(
        f"[...document.querySelectorAll('button.copy')].find((b) => b.textContent === {json.dumps(words)}).id = 'that'"
    )
    browser.click("#that")
    browser.until("document.querySelector('#that').textContent === 'Copied'")
    return browser.get("window.copied")


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "page-from-a-file"])
@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Copy URL", "http://api.test/users"),
        ("Copy as curl", "curl -X PUT -H 'Authorization: Bearer ••••' -H Content-Type: --data-raw 'a=1&b=%C3%A9' http"),
        ("Copy headers", "Authorization: Bearer ••••\nHost: api.test"),
        ("Copy", "a=1&b=%C3%A9"),
    ],
)
def test_buttons_copy_what_they_say(browser, page, words, text, clipboard):
    browser.open(page, "#open=7")
    browser.get("document.querySelectorAll('#details details').forEach((node) => { node.open = true; })")
    assert copied(browser, words, clipboard=clipboard).startswith(text)
    assert browser.get("document.querySelectorAll('textarea').length") == 0


# -- the timeline -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A run of 6,000 requests, one of which failed and one of which was slow."""
    path = tmp_path_factory.mktemp("crowded") / "report.html"
    return long_run(6000, path.parent, b"{}", failed=4000, slow=2000)


def shapes(browser):
    return browser.get("[...document.querySelectorAll('#timeline svg path')].map((node) => node.getAttribute('class'))")


def test_six_thousand_requests_are_bars_that_can_be_told_apart(browser, crowded):
    browser.open(crowded)
    assert {"slow", "passed", "failed"} <= set(shapes(browser))
    bars = browser.get("document.querySelector('#timeline .slow').getAttribute('d').split('M').length - 1")
    assert 50 < bars <= 1280 / 4
    assert "average" in browser.text(".legend")
    assert "6000 requests" in browser.text("#chart-says")
    assert "1 failed" in browser.text("#chart-says")


def test_a_part_of_the_timeline_is_shown_with_its_requests(browser, crowded):
    browser.open(crowded).click('[data-zoom="in"]')
    browser.until("location.hash.includes('time=')")
    browser.until("document.querySelector('#count').textContent.includes(' of 6000 requests')")
    inside = browser.get("matching(state).length")
    assert 1500 < inside < 2500
    browser.click('[data-zoom="later"]')
    browser.until(f"matching(state)[0].index > {6000 // 3}")
    browser.click('[data-zoom="all"]')
    browser.until("document.querySelector('#count').textContent.startsWith('All 6000')")
    assert browser.get("[...document.querySelectorAll('[data-zoom]')].map((b) => b.disabled)") == [False, True, True, True]


def test_clicking_bars_leads_to_single_requests_and_one_of_them_opens(browser, crowded):
    browser.open(crowded)
    for _ in range(6):
        if "average" not in browser.text(".legend"):
            break
        before = browser.text("#count")
        browser.click("#timeline svg")
        browser.until(f"document.querySelector('#count').textContent !== {json.dumps(before)}")
    assert "click opens the request" in browser.text(".legend")
    browser.click("#timeline svg")
    browser.until("!document.querySelector('#details').hidden")


def test_a_part_of_the_run_can_be_linked_to(browser, crowded):
    browser.open(crowded, "#time=0-100")
    assert "of 6000 requests" in browser.text("#count")
    for wrong in ("5-5", "9-3", "x", "1-"):
        assert browser.open(crowded, f"#time={wrong}").text("#count").startswith("All 6000")


# -- what is read aloud, and what stands around the requests ----------------------------------------------------------


def test_what_is_seen_in_a_row_is_in_its_name(browser, page):
    browser.open(page).get("document.querySelector('#list').scrollIntoView()")
    browser.until("document.querySelector('#list .row')")
    shown = browser.get(
        "[...document.querySelectorAll('#list .row')].map((row) => [...row.querySelectorAll('.method, .name b, .status')]"
        ".map((part) => part.textContent.trim()))"
    )
    links = [
        node["name"]["value"]
        for node in browser.ask("Accessibility.getFullAXTree")["nodes"]
        if node.get("role", {}).get("value") == "link" and "name" in node
    ]
    for words in shown:
        assert any(all(word in " ".join(name.split()) for word in words) for name in links), words
    assert browser.get("document.querySelectorAll('#list .row[aria-label]').length") == 0


def test_variables_and_descriptions_are_folded_up_until_asked_for(browser, described):
    browser.open(described, "#open=0")
    assert browser.texts(".scope summary") == ["Environment dev 4", "Collection variables 1"]
    assert browser.get("document.querySelector('.scope').open") is False
    browser.click(".scope summary")
    assert "http://api.test" in browser.text(".scope table")
    assert browser.texts("#details .about .prose") == ["Lists **users**.", "All that admins do."]
    assert browser.texts(".band .prose") == ["The sample."]


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """A run of a collection, a folder and a request with descriptions; a script changed, made and removed variables."""
    scenario = Scenario()
    scenario.start()
    collection = replace(
        scenario.collection,
        source={"info": {"name": "Sample API", "description": {"content": "The sample.", "type": "text/markdown"}}},
        variables=(Variable("page", "1"),),
    )
    folder = replace(collection.items[1], source={"name": "Users", "description": "All that admins do."})
    collection = replace(collection, items=(collection.items[0], folder))
    own = item("i9", "Described")
    own = replace(own, source={**own.source, "request": {"description": "Lists **users**."}})
    environment = replace(
        scenario.environment, source={"name": "dev"}, values=(*scenario.environment.values, Variable("old", "x"))
    )
    scenario.events[0] = replace(scenario.events[0], collection=collection, environment=environment)
    scenario.iteration().begin(own, ("Users",)).request().end().end_iteration()
    after = (Variable("base", "http://api.test"), Variable("token", TOKEN, "secret"), Variable("made", "by a script"))
    scenario.environment = replace(environment, values=after)
    scenario.finish()
    scenario.events[-1] = replace(scenario.events[-1], collection_variables=Environment(values=(Variable("page", "2"),)))
    return written(scenario, tmp_path_factory.mktemp("described") / "report.html")


def test_what_scripts_did_to_variables_is_told_and_secrets_are_masked(browser, described):
    browser.open(described)
    browser.get("document.querySelectorAll('.scope').forEach((node) => { node.open = true; })")
    cells = [" ".join(cell.split()) for cell in browser.texts(".scope th, .scope td")]
    assert dict(zip(cells[::2], cells[1::2], strict=True)) == {
        "base": "http://api.test",
        "token": "••••",
        "made new": "by a script",
        "old removed": "x",
        "page changed": "2",
    }
    assert TOKEN not in described.read_text()
