"""Iterations and rows of data are dealt out exactly, however many workers there are; a job is the same after JSON."""

import json

import pytest

from runner.entropy import Entropy
from runner.load.job import Job, dump_scopes, dump_variable, load_variable
from runner.load.options import LoadOptions
from runner.load.users.rows import Turns
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.rules.text import UNDEFINED
from runner.variables.scopes import Scopes

ROWS = [{"id": number} for number in range(5)]


def dealt(distribution, most, workers, at_most=100):
    """What all workers get."""
    found = []
    for index in range(workers):
        turns = Turns(ROWS, distribution, most, (index, workers), Entropy("seed"))
        for _ in range(at_most):
            turn = turns.take()
            if turn is None:
                break
            found.append(turn)
    return found


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
def test_all_workers_together_do_so_many_iterations_and_rows_go_round(workers):
    found = sorted(dealt("round-robin", 12, workers), key=lambda turn: turn[0])
    assert [number for number, _ in found] == list(range(12))
    assert [row["id"] for _, row in found] == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1]


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
def test_unique_rows_are_used_once_by_whoever(workers):
    assert sorted(row["id"] for _, row in dealt("unique", None, workers)) == [0, 1, 2, 3, 4]


def test_random_rows_are_any_of_them_and_repeat_with_a_seed():
    found = [row["id"] for _, row in dealt("random", None, 1)]
    assert set(found) == {0, 1, 2, 3, 4}
    assert found == [row["id"] for _, row in dealt("random", None, 1)]


def test_without_rows_each_iteration_has_an_empty_one():
    turns = Turns([], "round-robin", 2, (0, 1), Entropy())
    assert [turns.take(), turns.take(), turns.take()] == [(0, {}), (1, {}), None]
    assert turns.over
    assert not turns.out_of_rows


def test_it_is_told_that_the_rows_are_out():
    turns = Turns(ROWS[:1], "unique", 5, (0, 1), Entropy())
    assert [turns.take(), turns.take()] == [(0, {"id": 0}), None]
    assert turns.out_of_rows


@pytest.mark.parametrize(
    "variable",
    [
        Variable("a", "text"),
        Variable("a", UNDEFINED, by_script=True),
        Variable("a", None, "secret", True, {"key": "a", "secret": True}),
        Variable("a", [1, {"b": None}], by_script=True),
    ],
)
def test_a_variable_is_the_same_after_json(variable):
    read = load_variable(json.loads(json.dumps(dump_variable(variable))))
    assert read == variable
    assert (read.value is UNDEFINED, read.by_script) == (variable.value is UNDEFINED, variable.by_script)


def test_a_job_is_the_same_after_json():
    scopes = Scopes(environment=[Variable("a", 1)], globals=[Variable("b", "x", by_script=True)])
    job = Job(
        collection={"info": {"name": "c"}, "item": [{"name": "r", "request": "http://h/"}]},
        path="",
        environment="e",
        variables=dump_scopes(scopes),
        rows=({"id": 1},),
        cookies={"cookies": []},
        options=RunOptions(folder=("r",), insecure=True, reporter_options=(("json-export", "x"),)),
        load=LoadOptions(stages=((1.0, 2),)),
        secrets=("s",),
        requests=(("r",),),
    )
    read = Job.from_json(json.loads(json.dumps(job.to_json())))
    assert json.dumps(read.to_json()) == json.dumps(job.to_json())
    assert (read.options, read.load) == (job.options, job.load)
    assert read.scopes().get("a") == 1
    assert read.scopes().globals.by_script("b")
    assert [planned.item.name for planned in read.inputs().plan.items] == ["r"]
    assert read.paths == [("r",)]
