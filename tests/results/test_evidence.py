"""Which requests a failure is about, where runs follow each other."""

from runner.results.evidence import Evidence
from tests.reporters.conftest import Scenario


def test_what_the_end_of_a_run_broke_off_changes_nothing_in_the_next_one():
    evidence = Evidence()
    for event in Scenario().start().iteration().begin().finish().events:
        evidence.on(event)
    second = Scenario().start().iteration()
    second.begin(second.deep).request("script").script("prerequest").request().check("a", "no")
    about = [evidence.on(event) for event in second.events]
    assert [sent.source for sent in about[-1]] == ["item"]
