"""Iterations: rows of data, jumps, endless rounds, and runs of nothing."""

import json

import pytest

from runner.errors import SelectionError
from tests.engine.conftest import item


@pytest.fixture
def rows(tmp_path):
    def write(*rows):
        path = tmp_path / "rows.json"
        path.write_text(json.dumps(rows))
        return str(path)

    return write


def test_each_row_of_data_is_an_iteration(ran, rows):
    ran(item("a", url="http://h.example/{{n}}"), iteration_data=rows({"n": 1}, {"n": 2}))
    assert ran.sent == ["http://h.example/1", "http://h.example/2"]


def test_the_last_row_stays_for_further_iterations(ran, rows):
    ran(item("a", url="http://h.example/{{n}}"), iteration_data=rows({"n": 1}, {"n": 2}), iteration_count=3)
    assert ran.sent[1:] == ["http://h.example/2", "http://h.example/2"]


def test_a_row_leaves_nothing_for_the_next(ran, rows):
    ran(item("a", url="http://h.example/{{n}}{{m}}"), iteration_data=rows({"n": 1, "m": 9}, {"n": 2}))
    assert "9" not in ran.sent[1]


def test_a_jump_may_go_back_and_end_the_iteration(ran):
    again = "pm.execution.setNextRequest(pm.environment.has('x') ? null : 'a'); pm.environment.set('x', 1)"
    ran(item("a", url="http://h.example/a"), item("b", url="http://h.example/b", test=again), item("c"))
    assert [url[-1] for url in ran.sent] == ["a", "b", "a", "b"]


def test_a_round_without_end_is_ended_by_the_limit_of_requests(ran):
    summary = ran(item("a", test="pm.execution.setNextRequest('a')"), max_requests=5)
    assert len(ran.sent) == 5
    assert "the iteration ran 5 requests and did not end" in str(summary.error)


def test_as_many_requests_as_the_limit_are_no_endless_round(ran):
    assert ran(item("a"), item("b"), max_requests=2).error is None


def test_a_selected_folder_without_requests_is_a_failure(ran):
    summary = ran({"name": "f", "item": []}, item("a"), folder=("f",))
    assert "nothing was run" in str(summary.error)


def test_a_selected_folder_without_requests_may_be_allowed(ran):
    assert ran({"name": "f", "item": []}, item("a"), folder=("f",), allow_empty=True).error is None


def test_a_run_whose_scripts_skip_every_request_warns(ran):
    summary = ran(item("a", prerequest="pm.execution.skipRequest()"))
    assert summary.error is None
    assert [event.code for event in ran.of("Warned")] == ["nothing-run"]


def test_a_name_that_is_not_there_is_an_error(ran):
    with pytest.raises(SelectionError):
        ran(item("a"), folder=("gone",))


def test_a_selection_whose_requests_are_all_skipped_by_scripts_is_no_failure(ran):
    summary = ran(item("a", prerequest="pm.execution.skipRequest()"), item("b"), exclude=("b",))
    assert (summary.error, ran.sent) == (None, [])
    assert [event.message for event in ran.of("Warned")] == ["nothing was run: every request was skipped by a script"]
