"""Whoever consumes a run cannot leak by forgetting something: what leaves the engine is masked already."""

import dataclasses

import pytest

from runner.events import Event
from runner.results.execution import Execution
from tests.leaks import naive
from tests.leaks.finder import found_quickly
from tests.leaks.matrix import SIGN, VALUES, run_matrix
from tests.leaks.secrets_of_all_kinds import MARKS

WRITINGS = ("plain", "base64")
SIGNS = len(VALUES) * (11 + 6 * len(WRITINGS))
"""How many places of the matrix a consumer of all events sees, about."""


@pytest.fixture(scope="module")
def offered(tmp_path_factory):
    """A folder on the path in which another package offers the reporter `naive`."""
    folder = tmp_path_factory.mktemp("site")
    info = folder / "naive-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: naive\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[postrunner.reporters]\nnaive = tests.leaks.naive:NaiveReporter\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield


@pytest.fixture(scope="module")
def naive_run(tmp_path_factory, offered):
    """What a naive reporter, a naive listener and the caller print of a run with every secret in every place."""
    heard, events, executions = [], [], []

    def listen(event):
        heard.extend(naive.told(event))
        events.append(event)

    folder = tmp_path_factory.mktemp("naive")
    on_execution = executions.append
    summary = run_matrix(folder, WRITINGS, reporters=("naive",), on_event=listen, on_execution=on_execution)
    whole = [*map(repr, executions), *map(str, executions), *naive.texts_in(executions)]
    kept = [text for event in events for text in naive.texts_in(event)]
    caller = [repr(summary), str(summary), *naive.texts_in(summary.failures), *naive.texts_in(summary.warnings)]
    return {"reporter": naive.TOLD, "listener": heard, "what a listener kept": kept, "executions": whole, "caller": caller}


@pytest.mark.parametrize("consumer", ["reporter", "listener", "what a listener kept", "executions", "caller"])
def test_a_naive_consumer_tells_no_secret(naive_run, consumer):
    assert found_quickly("\n".join(set(naive_run[consumer])), MARKS) == []


@pytest.mark.parametrize("consumer", ["reporter", "listener", "what a listener kept", "executions"])
def test_a_naive_consumer_sees_every_place(naive_run, consumer):
    assert len(set(SIGN.findall("\n".join(set(naive_run[consumer]))))) >= SIGNS * 0.8


def is_ours(value):
    return dataclasses.is_dataclass(value) and type(value).__module__.startswith("runner.")


def test_a_listener_that_asks_for_real_values_gets_them_and_their_repr_tells_none(tmp_path):
    events = []
    run_matrix(tmp_path, WRITINGS[:1], reporters=(), on_event=events.append, on_execution=events.append, real_values=True)
    for heard in (Event, Execution):
        check_real_values([event for event in events if isinstance(event, heard)])


def check_real_values(events):
    seen = set(naive.texts_in(events))
    assert set(found_quickly("\n".join(seen), MARKS)) >= set(MARKS[:4])
    shown = {repr(one) for one in naive.everything_in(events) if is_ours(one)}
    assert found_quickly("\n".join(shown), MARKS) == []
