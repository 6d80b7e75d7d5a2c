"""Events become executions: each with everything that belongs to it, whatever happens in between."""

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
    ((execution,),) = [fold.on(event) for event in scenario.events]
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
