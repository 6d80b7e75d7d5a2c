"""`--history`: what of a run is added to the file, what never is, and what happens to files that are not a history."""

import json
import multiprocessing
import os
import sqlite3
import subprocess
from contextlib import closing

import httpx
import pytest

import runner
from runner.errors import LoadError, UsageError
from runner.history.revision import Revision, revision
from runner.history.store import SCHEMA, history
from tests.history.conftest import VALUE, answer, collection, item


def rows(path, query):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_a_run_is_added_with_its_executions_and_tests(path, ran):
    ran(item("a"), {"name": "F", "item": [item("b", url="http://h.example/fails")]}, iteration_count=2)
    (run,) = rows(path, "SELECT collection, exit_code, iterations, requests, assertions, failures, version FROM runs")
    assert run == ("C", 1, 2, 4, 12, 2, runner.__version__)
    told = rows(path, "SELECT path, iteration, state, status FROM executions JOIN requests ON id = request ORDER BY number")
    assert [(json.loads(path), *more) for path, *more in told] == [
        (["a"], 0, "passed", 200),
        (["F", "b"], 0, "failed", 500),
        (["a"], 1, "passed", 200),
        (["F", "b"], 1, "failed", 500),
    ]
    results = rows(path, "SELECT name, state FROM results JOIN tests ON id = test WHERE execution = 1 ORDER BY number")
    assert results == [("ok", "passed"), ("code", "failed"), ("later", "skipped")]


def test_what_failed_apart_from_tests_is_the_error_of_the_execution(path, ran):
    ran(item("a", test="nothing()"), item("b"))
    assert rows(path, "SELECT error FROM executions") == [("ReferenceError: nothing is not defined",), (None,)]


def test_what_passed_after_a_retry_is_flaky(path):
    codes = iter([500, 200])
    transport = httpx.MockTransport(lambda request: httpx.Response(next(codes)))
    runner.run(collection(item("a")), transport=transport, history=str(path), retries=1, retry_on=("assertion",))
    assert rows(path, "SELECT state, attempts, status FROM executions") == [("flaky", 2, 200)]


def test_a_run_that_is_broken_off_is_added_too(path, ran):
    ran(item("a", url="http://h.example/fails"), item("b"), bail="failure")
    assert rows(path, "SELECT exit_code, requests FROM runs") == [(1, 1)]


def test_a_secret_that_becomes_known_later_is_not_in_the_file(path, ran):
    tells = "pm.test(pm.response.json().value, () => pm.expect(pm.response.json().value).to.equal('other'))"
    ran(item("a", test=tells), item("b", url="http://h.example/late"))
    assert "other" in path.read_bytes().decode("latin-1")
    assert VALUE not in path.read_bytes().decode("latin-1")


def test_the_latest_runs_of_each_collection_are_kept(path, ran):
    for number in range(4):
        ran(item(f"a{number}"), history_runs=2)
    ran(item("b"), name="D", history_runs=2)
    assert rows(path, "SELECT id, collection FROM runs ORDER BY id") == [(3, "C"), (4, "C"), (5, "D")]
    assert rows(path, "SELECT path FROM requests ORDER BY id") == [('["a2"]',), ('["a3"]',), ('["b"]',)]
    assert rows(path, "SELECT count(*) FROM results") == rows(path, "SELECT 3 * count(*) FROM runs")


def test_runs_of_the_last_days_are_kept(path, ran):
    ran(item("a"))
    ran(item("b"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE runs SET completed = completed - 2 * 86400000 WHERE id = 1")
    ran(item("c"), history_days=3)
    assert rows(path, "SELECT id FROM runs ORDER BY id") == [(1,), (2,), (3,)]
    ran(item("d"), history_days=1)
    assert rows(path, "SELECT id FROM runs ORDER BY id") == [(2,), (3,), (4,)]


def test_what_a_kept_run_shares_with_a_removed_one_stays(path, ran):
    ran(item("a"))
    ran(item("a"), history_runs=1)
    assert rows(path, "SELECT count(*) FROM requests") == [(1,)]
    assert rows(path, "SELECT count(*) FROM tests") == [(3,)]


@pytest.mark.parametrize("spoiled", ["text", "cut", "other", "newer", "folder", "device"])
def test_what_is_no_history_stays_as_it_is_and_nothing_is_sent(path, ran, spoiled):
    if spoiled == "text":
        path.write_text("my notes\n" * 200)
    elif spoiled == "folder":
        path.mkdir()
    elif spoiled == "device":
        path.symlink_to(os.devnull)
    elif spoiled == "other":
        rows(path, "CREATE TABLE mine (x)")
    else:
        ran(item("a"))
        if spoiled == "newer":
            rows(path, f"PRAGMA user_version = {SCHEMA + 1}")
        else:
            path.write_bytes(path.read_bytes()[:-5000])
    before = path.read_bytes() if path.is_file() else None
    sent = []

    def tell(request):
        sent.append(request)
        return answer(request)

    with pytest.raises(LoadError) as caught:
        runner.run(collection(item("a")), transport=httpx.MockTransport(tell), history=str(path))
    assert (caught.value.exit_code, caught.value.where) == (2, str(path))
    assert not sent
    assert before is None or path.read_bytes() == before


def test_an_empty_file_becomes_a_history(path, ran):
    path.touch()
    ran(item("a"))
    assert rows(path, "SELECT count(*) FROM runs") == [(1,)]


def test_folders_are_made(path, ran, tmp_path):
    ran(item("a"), history=str(tmp_path / "a" / "b" / "runs.sqlite"))
    assert rows(tmp_path / "a" / "b" / "runs.sqlite", "SELECT count(*) FROM runs") == [(1,)]


def test_a_file_that_another_option_writes_is_refused(path, ran):
    with pytest.raises(UsageError, match="name the same file"):
        ran(item("a"), export_environment=str(path))


def test_a_run_without_the_option_makes_no_file(path, ran):
    ran(item("a"), history=None)
    assert not path.exists()


def test_a_history_that_breaks_while_the_run_goes_on_is_a_problem_of_the_run(path, ran):
    def broken(execution):
        path.write_text("my notes\n" * 200)

    result = ran(item("a"), on_execution=broken)
    (problem,) = result.problems
    assert "this run is not in the history" in problem.message
    assert result.exit_code() == 1
    assert path.read_text() == "my notes\n" * 200


def git(folder, *words):
    told = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com", *words]
    subprocess.run(told, cwd=folder, check=True, capture_output=True)


def test_the_revision_is_that_of_the_current_folder(tmp_path, monkeypatch):
    git(tmp_path, "init", "-q")
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "tag", "v1")
    monkeypatch.chdir(tmp_path)
    told = revision(os.environ)
    (tmp_path / "a").write_text("2")
    assert len(told.commit) == 40
    assert revision(os.environ) == Revision(told.commit, changed=True)


def test_without_git_the_ci_server_says_the_revision(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    environ = {"PATH": str(tmp_path), "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    assert revision({**environ, "CI_COMMIT_SHA": "abc"}) == Revision("abc")
    assert revision(environ) == Revision()


def _write(path, number, finished):
    for _ in range(10):
        runner.run(collection(item(f"r{number}", test="")), transport=httpx.MockTransport(answer), history=path)
        finished.release()


def test_writers_beside_each_other_lose_no_run_and_a_killed_one_breaks_nothing(path):
    context = multiprocessing.get_context("spawn")
    finished = [context.Semaphore(0) for _ in range(4)]
    writers = [context.Process(target=_write, args=(str(path), number, finished[number])) for number in range(4)]
    for one in writers:
        one.start()
    for _ in range(3):
        finished[0].acquire()
    writers[0].kill()
    for one in writers:
        one.join()
    counts = dict(rows(path, "SELECT path, count(*) FROM executions JOIN requests ON id = request GROUP BY path"))
    assert [counts[f'["r{number}"]'] for number in range(1, 4)] == [10, 10, 10]
    assert counts['["r0"]'] >= 3
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    with history(str(path)) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (sum(counts.values()),)
