"""The driver: time limits, warnings, requests run by scripts."""

import httpx
import pytest

import runner
from runner.clock import Clock
from tests.engine.conftest import item


def test_a_delay_does_not_outlast_the_time_limit_of_the_run(ran):
    summary = ran(item("a"), delay_request=1_000_000, timeout=50)
    assert "timed out" in str(summary.error)
    assert ran.sent == []


@pytest.mark.parametrize(("seconds", "sent"), [(20, 4), (40, 3)])
def test_collections_share_the_time_limit(monkeypatch, seconds, sent):
    passed = []
    for module in ("session", "units.making"):
        monkeypatch.setattr(f"runner.{module}.Clock", lambda: Clock(monotonic=lambda: len(passed) * seconds))

    def answer(request):
        passed.append(request)
        return httpx.Response(200)

    pair = [{"info": {"name": name}, "item": [item("a"), item("b")]} for name in "xy"]
    summary = runner.run(pair, timeout=100_000, transport=httpx.MockTransport(answer))
    assert len(passed) == sent
    assert summary.failed == (sent < 4)


def test_a_request_run_by_scripts_is_nested_ten_deep_at_most(ran):
    summary = ran(item("a", test='await pm.execution.runRequest("a")'))
    assert len(ran.sent) == 11
    assert any("nested more than 10 deep" in event.error.message for event in ran.of("ScriptFinished") if event.error)
    assert summary.failures


def test_a_request_run_by_a_script_has_the_variables_that_the_script_gives_it(ran):
    runs = 'await pm.execution.runRequest("b", {variables: {who: "ada"}})'
    ran(item("a", test=runs), item("b", url="http://h.example/{{who}}"), folder=("a",))
    assert [url.rpartition("/")[2] for url in ran.sent] == ["", "ada"]


def test_a_warning_is_told_once_however_often_it_comes(ran):
    ran(item("a", test='pm.execution.setNextRequest("gone")'), iteration_count=3)
    assert [event.code for event in ran.of("Warned")] == ["unknown-next-request"]


def test_warnings_that_differ_are_all_told(ran):
    ran(item("a", test='pm.execution.setNextRequest("gone" + pm.info.iteration)'), iteration_count=3)
    assert len(ran.of("Warned")) == 3
