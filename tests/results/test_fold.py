"""Events become executions: each with everything that belongs to it, whatever happens in between."""

from dataclasses import replace

from runner.events import ItemRetried, ItemStarted
from runner.results.fold import Fold


def executions_of(scenario):
    fold = Fold(scenario.masker)
    ended = [execution for event in scenario.events for _, ended in fold.on(event) for execution in ended]
    return ended, fold


def test_an_execution_has_what_its_item_did_in_the_order_it_happened(scenario):
    scenario.iteration().begin().request("script").request().check("a").log("hello").script().end()
    ((execution,), _) = executions_of(scenario)
    assert [sent.source for sent in execution.sent] == ["script", "item"]
    assert execution.own.exchange.response.code == 200
    assert [event.assertion.name for event in execution.assertions] == ["a"]
    assert [event.text for event in execution.console] == [("hello",)]
    assert (execution.failed, execution.finished, execution.skipped) == (False, True, False)


def test_a_failure_knows_the_requests_that_it_is_about(scenario):
    scenario.iteration().begin().request("script", url="http://api.test/sub").request().check("a", "no").end()
    ((execution,), fold) = executions_of(scenario)
    (failure,) = execution.failures
    assert fold.summary.failures == [failure]
    assert [sent.source for sent in execution.about(failure)] == ["script", "item"]


def test_what_became_a_secret_while_an_execution_was_open_is_in_nothing_of_it(scenario):
    scenario.iteration().begin().request().log("say Hq1Zk3XwVb7Tm9").check("a", "got Hq1Zk3XwVb7Tm9")
    fold = Fold(scenario.masker)
    for event in scenario.events:
        fold.on(event)
    scenario.masker.secrets.add("Hq1Zk3XwVb7Tm9")
    scenario.events.clear()
    scenario.end()
    ((_, (execution,)),) = fold.on(scenario.events[-1])
    assert [event.text for event in execution.console] == [("say ••••",)]
    assert [failure.message for failure in execution.failures] == ["got ••••"]


def test_an_execution_inside_of_another_ends_first_and_knows_whose_script_ran_it(scenario):
    scenario.iteration().begin()
    outer = scenario.cursor
    scenario.begin(scenario.deep).request().end()
    inner, scenario.cursor, scenario.item, scenario.path = scenario.cursor, outer, scenario.root, ()
    scenario.request().end()
    (executions, _) = executions_of(scenario)
    assert [(one.cursor, one.number, one.within) for one in executions] == [(inner, 1, outer.ref), (outer, 0, "")]


def test_what_the_end_of_a_run_broke_off_is_handed_out_as_it_is(scenario):
    scenario.iteration().begin().request().interrupted()
    ((execution,), _) = executions_of(scenario)
    assert (execution.finished, execution.own is not None) == (False, True)


def test_an_execution_that_is_over_is_held_no_longer(scenario):
    scenario.iteration().begin().request().end()
    (_, fold) = executions_of(scenario)
    assert fold.end() == ()


def test_an_attempt_that_another_one_follows_does_not_count(scenario):
    scenario.iteration().begin().attempts(2).request(code=503).check("a", "no").again("503").request().check("a").end()
    ((execution,), fold) = executions_of(scenario)
    assert (execution.failed, execution.flaky, execution.cursor.attempt) == (False, True, 1)
    assert [sent.exchange.response.code for sent in execution.sent] == [200]
    (attempt,) = execution.attempts
    assert (attempt.reason, attempt.execution.own.exchange.response.code) == ("503", 503)
    assert [failure.message for failure in attempt.execution.failures] == ["no"]
    assert (fold.summary.failures, fold.summary.stats["requests"].total, fold.summary.retries) == ([], 1, 1)


def test_nothing_of_an_attempt_is_told_before_it_counts(scenario):
    scenario.iteration().begin().attempts(2).request().check("a").end()
    fold = Fold(scenario.masker)
    told = [[type(event).__name__ for event, _ in fold.on(event)] for event in scenario.events]
    assert told[-4:] == [["ItemStarted"], [], [], ["RequestFinished", "AssertionChecked", "ItemFinished"]]


def test_the_last_attempt_is_told_as_it_happens(scenario):
    scenario.iteration().begin().attempts(2).request().again().request().end()
    fold = Fold(scenario.masker)
    told = [[type(event).__name__ for event, _ in fold.on(event)] for event in scenario.events]
    assert told[-6:] == [["ItemStarted"], [], ["ItemRetried"], [], ["RequestFinished"], ["ItemFinished"]]


def test_an_attempt_that_the_end_of_the_run_leaves_as_the_last_one_counts(scenario):
    scenario.iteration().begin().attempts(3).request(code=503).check("a", "no")
    scenario.add(ItemRetried, item=scenario.item, reason="503").finish()
    ((execution,), fold) = executions_of(scenario)
    assert (execution.failed, execution.finished, execution.attempts) == (True, False, [])
    assert len(fold.summary.failures) == 1


def test_what_a_script_ran_in_an_attempt_belongs_to_it(scenario):
    scenario.iteration().begin().attempts(2)
    outer = scenario.cursor
    scenario.cursor = replace(outer, ref="inner")
    scenario.at_item(ItemStarted).request("script").check("b", "no").end()
    scenario.cursor = outer
    scenario.again().request().end()
    ((execution,), fold) = executions_of(scenario)
    ((within,),) = [attempt.within for attempt in execution.attempts]
    assert (within.cursor.ref, within.failed, fold.summary.failures) == ("inner", True, [])


def test_without_executions_attempts_are_counted_all_the_same(scenario):
    scenario.iteration().begin().attempts(2).request(code=503).again("503").request().end().finish()
    fold = Fold(scenario.masker, executions=False)
    assert not [one for event in scenario.events for _, ended in fold.on(event) for one in ended]
    assert [one.reasons for one in fold.summary.flaky] == [("503",)]


def test_other_units_go_on_while_an_attempt_is_held_back(scenario):
    scenario.iteration().begin().attempts(2)
    fold = Fold(scenario.masker)
    for event in scenario.events:
        fold.on(event)
    other = replace(scenario.events[-1], unit="other", cursor=replace(scenario.cursor, ref="other", attempts=1))
    assert [event for event, _ in fold.on(other)] == [other]
