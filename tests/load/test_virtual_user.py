"""One user of a load test, without Locust: what is written down of what it does."""

import threading
from contextlib import ExitStack

import pytest

from runner.load.figures.figures import Figures
from runner.load.job import Job, dump_scopes
from runner.load.options import LoadOptions
from runner.load.users.crew import Crew
from runner.load.users.virtual_user import VirtualUser
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.variables.scopes import Scopes
from tests.load.conftest import item


@pytest.fixture
def crew():
    """Makes the crew of a collection with these items, and closes it."""
    with ExitStack() as stack:

        def make(items, **values):
            scopes = Scopes()
            scopes.environment.assign(Variable(key, value) for key, value in values.items())
            job = Job(
                collection={"info": {"name": "c"}, "item": items},
                path="",
                environment="e",
                variables=dump_scopes(scopes),
                rows=(),
                cookies={"cookies": []},
                options=RunOptions(timeout_script=5000),
                load=LoadOptions(iterations=10),
            )
            return Crew(Job.from_json(job.to_json()), stack)

        yield make


def figures_of(crew):
    """What its users did since the last time."""
    figures = Figures(0.0)
    figures.add(crew.recorder.take(), "w")
    return figures


def test_a_user_goes_on_from_what_its_last_iteration_left_and_shares_nothing(crew, server):
    script = (
        "pm.environment.set('n', Number(pm.environment.get('n')) + 1); pm.environment.set('user', pm.environment.get('n'))"
    )
    made = crew([item("a", f"{server.url}/a?{{{{n}}}}", before=script)], n=0)
    one, other = VirtualUser(made), VirtualUser(made)
    for user in (one, other, one, one):
        user.iterate({})
    assert [seen.query for seen in server.seen] == ["1", "1", "2", "3"]
    assert figures_of(made).iterations.count == 4
    for user in (one, other):
        user.close()


def test_a_request_without_a_response_and_one_that_cannot_be_sent_have_failed(crew, server):
    made = crew([item("dead", "http://127.0.0.1:1/"), item("wrong", "http://"), item("fine", f"{server.url}/fine")])
    user = VirtualUser(made)
    user.iterate({})
    user.close()
    figures = figures_of(made)
    assert {name: one.failures for (name, _), one in figures.requests.items()} == {"dead": 1, "wrong": 1, "fine": 0}
    assert {name: one.unsent for (name, _), one in figures.requests.items()}["fine"] == 0
    assert figures.iterations_failed == 1
    assert figures.requests["dead", "GET"].durations.longest is not None


def test_an_iteration_that_starts_late_counts_from_when_it_was_due_and_so_does_its_first_request(crew, server):
    made = crew([item("a", f"{server.url}/a"), item("b", f"{server.url}/b")])
    user = VirtualUser(made)
    user.iterate({}, late=60.0)
    user.close()
    figures = figures_of(made)
    assert figures.requests["a", "GET"].durations.shortest >= 60_000
    assert figures.requests["b", "GET"].durations.longest < 60_000
    assert figures.iterations.shortest >= 60_000


def test_a_defect_fails_the_iteration_and_not_the_user(crew, server, monkeypatch):
    made = crew([item("a", f"{server.url}/a")])
    user = VirtualUser(made)
    monkeypatch.setattr("runner.client.http.Client.send", lambda *given, **more: 1 / 0)
    user.iterate({})
    monkeypatch.undo()
    user.iterate({})
    user.close()
    figures = figures_of(made)
    assert (figures.iterations.count, figures.iterations_failed, figures.total.count) == (2, 1, 1)
    [((_, kind, message), count)] = figures.failures
    assert (kind, count) == ("script", 1)
    assert "division by zero" in message


def test_a_secret_in_the_name_and_the_message_of_a_failed_test_is_masked(crew, server):
    script = "const t = pm.environment.get('api_token'); pm.test('not ' + t, () => { throw Error('got ' + t) })"
    made = crew([item("a", f"{server.url}/a", script)], api_token="very-secret-value-1")
    user = VirtualUser(made)
    user.iterate({})
    user.close()
    told = str(figures_of(made).to_json())
    assert "very-secret-value-1" not in told
    assert "not ••••: Error: got ••••" in told


def test_a_token_that_a_response_brought_is_masked(crew, server):
    script = "pm.test('x', () => { throw Error(pm.response.headers.get('Set-Cookie')) })"
    made = crew([item("login", f"{server.url}/login?session=0123456789abcdef", script)])
    user = VirtualUser(made)
    user.iterate({})
    user.close()
    assert "0123456789abcdef" not in str(figures_of(made).failures.to_json())


def test_set_next_request_skip_request_and_cookies_of_scripts_work_as_in_a_run(crew, server):
    jar = "pm.cookies.jar().set('127.0.0.1', 'own', 'yes', () => {})"
    made = crew(
        [
            item("first", f"{server.url}/first", "pm.execution.setNextRequest('third')", before=jar),
            item("second", f"{server.url}/second"),
            item("third", f"{server.url}/third", "pm.test('sent', () => pm.expect(pm.cookies.get('own')).to.equal('yes'))"),
            item("skipped", f"{server.url}/skipped", before="pm.execution.skipRequest()"),
        ]
    )
    users = [VirtualUser(made) for _ in range(2)]
    for user in users:
        user.iterate({})
        user.close()
    assert [seen.path for seen in server.seen] == ["/first", "/third"] * 2
    figures = figures_of(made)
    assert (figures.total.count, figures.total.failures, figures.passed.total) == (4, 0, 2)


def test_a_request_under_way_when_its_user_ends_counts_as_failed(crew, server):
    made = crew([item("a", f"{server.url}/wait")])
    user = VirtualUser(made)
    thread = threading.Thread(target=user.iterate, args=({},))
    thread.start()
    assert server.waiting.wait(30)
    user.close()
    server.go_on.set()
    thread.join()
    figures = figures_of(made)
    assert figures.failures.total >= 1
    assert "it was broken off" in str(figures.failures.to_json())


def test_a_request_whose_scripts_are_under_way_when_its_user_ends_is_counted(crew, server):
    made = crew(
        [item("a", f"{server.url}/a", "pm.sendRequest(pm.request.url.toString().replace('/a', '/wait'), () => {})")]
    )
    user = VirtualUser(made)
    thread = threading.Thread(target=user.iterate, args=({},))
    thread.start()
    assert server.waiting.wait(30)
    user.close()
    server.go_on.set()
    thread.join()
    figures = figures_of(made)
    assert figures.total.count == figures.total.failures == len(server.seen) == 2
