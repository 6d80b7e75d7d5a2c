"""One item: its scripts one after the other, each for itself."""

from runner.protocols.http import item as http_item
from tests.engine.conftest import item
from tests.patience import growing

GONE = 'pm.test("gone", () => pm.expect(pm.environment.has("lost")).to.be.false)'


def checked(ran):
    return [(event.item.name, event.assertion.name, not event.failed) for event in ran.of("AssertionChecked")]


def test_what_a_script_set_before_it_was_killed_is_seen_by_no_later_one(ran):
    spins = 'pm.environment.set("lost", "1"); while (true) {}'
    for ms in growing(1000):
        ran(item("a", test=spins), item("b", test=GONE), timeout_script=ms)
        if checked(ran):
            break
    assert checked(ran) == [("b", "gone", True)]


def test_what_was_set_before_is_known_to_the_script_after_one_that_was_killed(ran):
    kept = 'pm.test("kept", () => pm.expect(pm.environment.get("kept")).to.equal("1"))'
    items = item("a", test='pm.environment.set("kept", "1")'), item("b", test="while (true) {}"), item("c", test=kept)
    for ms in growing(1000):
        ran(*items, timeout_script=ms)
        if checked(ran):
            break
    assert checked(ran) == [("c", "kept", True)]


def test_a_request_that_cannot_be_read_back_is_the_failure_of_the_script_that_left_it(ran, monkeypatch):
    def refuse(changed):
        raise ValueError("no request")

    monkeypatch.setattr(http_item, "parse_request", refuse)
    ran(
        item("a", prerequest='pm.request.headers.add({key: "x", value: "1"})'),
        item("b", prerequest="pm.request.url='/'; gone()"),
    )
    assert [event.error.message for event in ran.of("ScriptFinished")] == ["no request", "gone is not defined"]


def test_a_test_that_another_script_ends_is_no_test_of_that_script(ran):
    keeps = 'pm.test("ended", (done) => { done(); Array.kept = done })'
    ran(item("a", test=keeps), item("b", test="Array.kept()"))
    assert checked(ran) == [("a", "ended", True)]


def test_code_made_at_run_time_may_ask_for_any_library(ran):
    made = 'pm.test("made", () => pm.expect(eval("requ" + "ire")("moment")).to.be.a("function"))'
    also = 'pm.test("also", () => pm.expect(new Function("return requ" + "ire(\'uuid\')")().v4).to.be.a("function"))'
    ran(item("a", test=made), item("b", test=also))
    assert checked(ran) == [("a", "made", True), ("b", "also", True)]
