"""Whole runs that are recorded and replayed: from Python, when they end early, and with plain vcrpy around them."""

from contextlib import suppress

import pytest
import vcr
import yaml

import runner
from runner.errors import LoadError, UsageError
from runner.events import ItemFinished, Warned
from runner.options import RunOptions
from tests.transport.conftest import ok

TEST = [
    "pm.test('answer', () => pm.expect(pm.response.json().n).to.eql(Number(pm.request.url.path[0])));",
    "pm.sendRequest(pm.variables.get('base') + '/sub', (error, response) =>",
    "    pm.test('sub', () => pm.expect(response.text()).to.eql('sub')));",
]


@pytest.fixture
def collection(serve):
    """A collection of two requests, each with a pm.sendRequest in its test script, and the server it is for."""
    server = serve({f"/{n}": ok(b'{"n": %d}' % n) for n in (1, 2)} | {"/sub": ok(b"sub")})
    script = [{"listen": "test", "script": {"exec": TEST}}]
    items = [{"name": f"R{n}", "request": f"{{{{base}}}}/{n}", "event": script} for n in (1, 2)]
    document = {"info": {"name": "c"}, "item": items, "variable": [{"key": "base", "value": server.url("")}]}
    return document, server


def outcome(summary):
    return summary.exit_code(), [str(failure) for failure in summary.failures], summary.problems


def test_a_run_replays_without_a_server(collection, tmp_path):
    document, server = collection
    path = str(tmp_path / "new" / "tape.yaml")
    live = runner.run(document, record=path)
    played = runner.run(document, replay=path)
    assert outcome(played) == outcome(live) == (0, [], ())
    assert len(server.received) == 4


def test_a_missing_recording_fails_the_run(collection, tmp_path):
    document, _ = collection
    path = str(tmp_path / "tape.yaml")
    runner.run(document, record=path)
    summary = runner.run(document, replay=path, iteration_count=2)
    assert summary.exit_code() == 1
    assert len(summary.failures) >= 2


def test_a_second_recording_says_that_it_replays(collection, tmp_path):
    document, server = collection
    said = []
    for mode in ("once", "once", "new"):
        runner.run(document, record=str(tmp_path / "tape.yaml"), record_mode=mode, on_event=said.append)
    warnings = [event.message for event in said if isinstance(event, Warned)]
    assert len(warnings) == 1
    assert "tape.yaml exists already: it is replayed and nothing is sent" in warnings[0]
    assert len(server.received) == 4


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_was_recorded_is_written_however_a_run_ends(collection, tmp_path, error):
    document, _ = collection
    path = tmp_path / "tape.yaml"

    def stop(event):
        if isinstance(event, ItemFinished):
            raise error

    with suppress(RuntimeError, KeyboardInterrupt):
        runner.run(document, record=str(path), on_event=stop)
    assert len(yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]) == 2


def test_a_cassette_that_cannot_be_written_is_told(collection, tmp_path):
    document, _ = collection
    (tmp_path / "file").touch()
    summary = runner.run(document, record=str(tmp_path / "file" / "tape.yaml"))
    assert [type(problem).__name__ for problem in summary.problems] == ["ExportError"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"replay": "no/such.yaml"}, LoadError),
        ({"record": "a", "replay": "b"}, UsageError),
        ({"record_mode": "all"}, UsageError),
    ],
)
def test_mistakes_are_told_before_anything_runs(collection, options, error):
    document, server = collection
    with pytest.raises(error):
        runner.run(document, options=RunOptions(reporters=(), **options))
    assert server.received == []


def test_plain_vcrpy_around_a_run_records_and_replays(collection, tmp_path):
    document, server = collection
    path = str(tmp_path / "tape.yaml")
    for _ in range(2):
        with vcr.use_cassette(path, match_on=["method", "uri", "body"]) as cassette:
            assert outcome(runner.run(document)) == (0, [], ())
    assert (len(server.received), cassette.play_count) == (4, 4)
    assert outcome(runner.run(document, replay=path)) == (0, [], ())
    assert len(server.received) == 4


def test_plain_vcrpy_replays_our_cassette_around_a_run(collection, tmp_path):
    document, server = collection
    path = str(tmp_path / "tape.yaml")
    runner.run(document, record=path)
    with vcr.use_cassette(path, record_mode="none"):
        assert outcome(runner.run(document)) == (0, [], ())
    assert len(server.received) == 4
