"""Collections beside each other: `--jobs` and `--max-rate`."""

import io
import json
import re
import threading
from pathlib import Path

import httpx
import pytest

import runner
from runner.cancel import Cancel
from runner.errors import Bailed, Cancelled, RunAborted
from runner.events import ItemStarted, RunFinished, RunStarted
from tests.cli.conftest import item, report

OWN = {"time", "id", "_postman_id", "ref", "timestamp", "responseTime", "started", "completed", "timings", "httpRequestId"}


def without_times(value):
    """A report without what differs from run to run."""
    if isinstance(value, dict):
        kept = {k: without_times(v) for k, v in value.items() if k not in OWN and not k.endswith("Cursor")}
        return {k: v for k, v in kept.items() if kept.get("key") != "Date"}
    return [without_times(one) for one in value] if isinstance(value, list) else value


def meeting(count):
    """A transport that answers the first `count` requests when all of them are there."""
    barrier = threading.Barrier(count)
    left = iter(range(count))

    def answer(request):
        if next(left, None) is not None:
            barrier.wait(60)
        return httpx.Response(200, json={"path": request.url.path})

    return httpx.MockTransport(answer)


def named(name, *items):
    return {"info": {"name": name}, "item": list(items)}


def at(path, test="", name="r", **more):
    return item(name, f"http://app.example/{path}", test, **more)


def test_collections_run_at_the_same_time():
    summary = runner.run([named("a", at("a")), named("b", at("b"))], jobs=2, transport=meeting(2))
    assert not summary.failed


def test_they_are_reported_in_their_order():
    names = []
    runner.run(
        [named(name, at(name)) for name in "abcd"],
        jobs=4,
        transport=meeting(4),
        on_event=lambda event: isinstance(event, RunStarted) and names.append(event.collection.name),
    )
    assert names == ["a", "b", "c", "d"]


def test_the_reports_are_those_of_one_job(postrunner, collection, server):
    test = "pm.test('t', () => pm.response.to.have.status(200)); pm.environment.set('x', pm.info.requestName)"
    server.texts.update({f"/{name}/{i}": b"{}" for name in "abcde" for i in range(3)})
    paths = [collection(*(item(f"{n}{i}", f"{server.url}/{n}/{i}", test) for i in range(3)), name=n) for n in "abcde"]
    reports = []
    for jobs in (1, 5):
        options = ("-r", "json,junit,cli", "--reporter-json-export", "r.json", "--reporter-junit-export", "r.xml")
        done = postrunner("run", *paths, "--jobs", jobs, "--seed", "s", *options)
        assert done.code == 0, done.err
        text = re.sub(r"\d+(\.\d+)?(ms|s|µs)", "", done.out)
        xml = re.sub(r'(time|timestamp)="[^"]*"|[0-9a-f-]{36}', "", Path("r.xml").read_text())
        reports.append((without_times(json.loads(Path("r.json").read_text())), xml, re.sub(r"[ ─]+", " ", text)))
    assert reports[0] == reports[1]


def test_each_collection_has_its_own_variables_and_cookies():
    def answer(request):
        return httpx.Response(
            200, headers={"Set-Cookie": "from=" + request.url.path[1:]}, text=request.headers.get("cookie", "")
        )

    check = "pm.test(pm.environment.get('x') + '|' + pm.response.text(), () => {})"
    collections = [named(n, at(n, f"pm.environment.set('x', '{n}')"), at("check", check)) for n in "ab"]
    names = []
    runner.run(
        collections,
        jobs=2,
        transport=httpx.MockTransport(answer),
        on_execution=lambda execution: names.extend(one.assertion.name for one in execution.assertions),
    )
    assert names == ["a|from=a", "b|from=b"]


def test_globals_that_scripts_leave_are_each_collections_own():
    check = "pm.test(typeof shared, () => {}); shared = 1"
    names = []
    runner.run(
        [named(n, at(n, check)) for n in "abc"],
        jobs=3,
        transport=meeting(3),
        on_execution=lambda execution: names.extend(one.assertion.name for one in execution.assertions),
    )
    assert names == ["undefined"] * 3


def test_bail_ends_those_beside_it_and_begins_no_other():
    begun = threading.Event()

    def answer(request):
        if request.url.path == "/long":
            begun.set()
        else:
            assert begun.wait(60)
        return httpx.Response(200)

    wait = at("long", "await new Promise(resolve => setTimeout(resolve, 60_000))")
    bad = at("bad", "pm.test('t', () => { throw new Error('no') })")
    ends = {}
    summary = runner.run(
        [named("long", wait), named("bad", bad), named("never", at("never"))],
        jobs=2,
        bail="failure",
        transport=httpx.MockTransport(answer),
        on_event=lambda event: isinstance(event, RunFinished) and ends.update({event.unit: event.error}),
    )
    assert [type(error) for error in ends.values()] == [Bailed, type(None)]
    assert [failure.message for failure in summary.failures] == ["no"]


def test_a_failure_without_bail_ends_nothing():
    bad = at("bad", "pm.test('t', () => { throw new Error('no') })")
    summary = runner.run([named("bad", bad), named("b", at("b"))], jobs=2, transport=meeting(2))
    assert summary.stats["requests"].total == 2


def test_a_cancel_ends_all():
    cancel, seen = Cancel(), []

    def on_event(event):
        if isinstance(event, ItemStarted):
            cancel.set()
        if isinstance(event, RunFinished):
            seen.append(type(event.error))

    wait = at("a", prerequest="await new Promise(resolve => setTimeout(resolve, 60_000))")
    summary = runner.run([named("a", wait), named("b", wait)], jobs=2, cancel=cancel, on_event=on_event)
    assert isinstance(summary.error, Cancelled)
    assert set(seen) == {Cancelled}


def test_a_listener_that_raises_ends_all():
    def on_event(event):
        if isinstance(event, ItemStarted) and event.unit == "0":
            raise ValueError("mine")

    wait = at("b", "await new Promise(resolve => setTimeout(resolve, 60_000))")
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    summary = runner.run([named("a", at("a")), named("b", wait)], jobs=2, transport=transport, on_event=on_event)
    assert isinstance(summary.error, RunAborted)
    assert "mine" in summary.error.message


def test_a_listener_that_raises_ctrl_c_ends_all_in_order():
    def on_event(event):
        if isinstance(event, ItemStarted) and event.unit == "0":
            raise KeyboardInterrupt

    wait = at("b", prerequest="await new Promise(resolve => setTimeout(resolve, 60_000))")
    with pytest.raises(KeyboardInterrupt) as raised:
        runner.run([named("a", wait), named("b", wait)], jobs=2, on_event=on_event)
    assert len(raised.value.summary.runs) == 2


def test_values_of_a_seed_belong_to_the_collection_whatever_runs_beside_it():
    def values(names, jobs):
        found = {}
        runner.run(
            [named(n, at("x", "pm.test(pm.variables.replaceIn('{{$guid}}'), () => {})")) for n in names],
            jobs=jobs,
            seed="s",
            transport=httpx.MockTransport(lambda request: httpx.Response(200)),
            on_execution=lambda one: found.update({one.unit: one.assertions[0].assertion.name}),
        )
        return list(found.values())

    assert values("abc", 3) == values("abc", 1)
    assert values("abc", 3)[1:] == values("bc", 2)


def test_a_token_is_fetched_once_for_all():
    fetched = []

    def answer(request):
        if request.url.path == "/token":
            fetched.append(1)
            return httpx.Response(200, json={"access_token": "t" * 20, "expires_in": 3600, "token_type": "Bearer"})
        return httpx.Response(200)

    params = {"grant_type": "client_credentials", "accessTokenUrl": "http://app.example/token", "clientId": "i"}
    auth = {"type": "oauth2", "oauth2": [{"key": k, "value": v} for k, v in params.items()]}
    collections = [{**named(n, at(n)), "auth": auth} for n in "abcd"]
    assert not runner.run(collections, jobs=4, transport=httpx.MockTransport(answer)).failed
    assert len(fetched) == 1


def test_exports_are_those_of_each_collection(postrunner, collection, server, tmp_path):
    paths = [collection(item("r", server.url, f"pm.environment.set('x', '{n}')"), name=n) for n in "ab"]
    assert postrunner("run", *paths, "--jobs", 2, "--export-environment", "out/").code == 0
    found = {path.name[0]: json.loads(path.read_text())["values"][0]["value"] for path in (tmp_path / "out").iterdir()}
    assert found == {"a": "a", "b": "b"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_collection_leaves_is_exported_before_the_next_ones_are_over(tmp_path, jobs):
    folder, found = tmp_path / "out", []

    def answer(request):
        if request.url.path == "/b":
            while jobs > 1 and not list(folder.glob("*")):
                threading.Event().wait(0.01)
            found.append(bool(list(folder.glob("*"))))
        return httpx.Response(200)

    pair = [named(name, at(name, "pm.environment.set('x', 1)")) for name in "ab"]
    runner.run(pair, jobs=jobs, transport=httpx.MockTransport(answer), export_environment=f"{folder}/")
    assert found == [True]


def test_with_a_cassette_collections_run_one_after_the_other(postrunner, collection, server):
    paths = [collection(*(item(f"r{i}", f"{server.url}/{n}/{i}") for i in range(3)), name=n) for n in "ab"]
    assert postrunner("run", *paths, "--jobs", 2, "--record", "c.yaml").code == 0
    assert [path for _, path, _, _ in server.seen] == ["/a/0", "/a/1", "/a/2", "/b/0", "/b/1", "/b/2"]


@pytest.mark.parametrize("options", [("--jobs", "2"), ("--jobs", "2", "--parallel", "iterations", "-n", "3"), ()])
def test_a_file_that_only_the_sending_needs_ends_the_run_as_without_jobs(postrunner, collection, server, tmp_path, options):
    (tmp_path / "bad.pem").write_text("nope")
    paths = [collection(item("r", server.url), name=name) for name in "ab"]
    done = postrunner("run", *paths, *options, "--ssl-client-cert-list", "bad.pem", "--silent")
    assert (done.code, done.err.splitlines()[0]) == (2, "error: bad.pem:1:1: not valid JSON: Expecting value")
    assert "Traceback" not in done.err
    assert server.seen == []


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "1001", ""])
def test_jobs_is_a_number_or_auto(postrunner, collection, value):
    done = postrunner("run", collection(item("r", "http://127.0.0.1:1")), f"--jobs={value}")
    assert done.code == 2
    assert "--jobs" in done.err


def test_auto_is_a_number_of_jobs(postrunner, collection, server):
    assert postrunner("run", collection(item("r", server.url)), "--jobs", "auto").code == 0


# -- rates ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def leaves(monkeypatch):
    """The moments at which requests may leave, by the clock of the rates, which never waits."""
    from runner.client import rates

    moments = []
    real = rates.Rates.reserve

    def reserve(self, host):
        moments.append(real(self, host))
        return 0.0

    monkeypatch.setattr(rates, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(rates.Rates, "reserve", reserve)
    return moments


def redirecting(request):
    if request.url.path == "/from":
        return httpx.Response(302, headers={"Location": "http://app.example/to"})
    return httpx.Response(200)


def test_all_requests_of_a_host_count_for_the_rate(leaves):
    script = "await pm.sendRequest('http://app.example/sub')"
    items = [at("from"), at("x", prerequest=script)]
    runner.run(named("a", *items), max_rate="60/min", transport=httpx.MockTransport(redirecting))
    assert leaves == [1000.0, 1001.0, 1002.0, 1003.0]


def test_the_rate_is_one_for_all_jobs(leaves):
    runner.run([named("a", at("a")), named("b", at("b"))], jobs=2, max_rate="2/s", transport=meeting(2))
    assert leaves == [1000.0, 1000.5]


def test_a_429_slows_its_host_down(leaves):
    answers = iter([httpx.Response(429, headers={"Retry-After": "9"}), httpx.Response(200)])
    runner.run(
        named("a", at("a"), at("b")), max_rate="1000/s", transport=httpx.MockTransport(lambda request: next(answers))
    )
    assert leaves == [1000.0, 1009.0]


def test_without_jobs_and_rate_nothing_waits(leaves):
    runner.run(named("a", at("a"), at("b")), transport=httpx.MockTransport(lambda request: httpx.Response(429)))
    assert leaves == []


def test_a_cancel_ends_the_wait_for_a_place():
    cancel, sent = Cancel(), []

    def answer(request):
        sent.append(request)
        cancel.set()
        return httpx.Response(200)

    transport = httpx.MockTransport(answer)
    summary = runner.run(named("a", at("a"), at("b")), max_rate="1/h", transport=transport, cancel=cancel)
    assert isinstance(summary.error, Cancelled)
    assert len(sent) == 1


def test_the_time_limit_of_the_run_ends_the_wait_for_a_place():
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    summary = runner.run(named("a", at("a"), at("b")), max_rate="1/h", transport=transport, timeout=300)
    assert isinstance(summary.error, RunAborted)


@pytest.mark.parametrize("value", ["5", "0/s", "5/day", "/s", "x/s", "-1/s", ""])
def test_a_rate_is_a_number_and_what_it_is_for(postrunner, collection, value):
    done = postrunner("run", collection(item("r", "http://127.0.0.1:1")), f"--max-rate={value}")
    assert done.code == 2
    assert "--max-rate" in done.err


def test_a_report_names_all_collections_that_ran(postrunner, collection, server, tmp_path):
    paths = [collection(item("r", server.url), name=n) for n in "ab"]
    postrunner("run", *paths, "--jobs", 2, "-r", "json", "--reporter-json-export", "r.json")
    assert len(report(tmp_path / "r.json")["executions"]) == 2


def test_a_watched_terminal_shows_what_runs_now(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    shown = threading.Event()

    class Terminal(io.StringIO):
        def isatty(self):
            return True

        def write(self, text):
            if "2 running: f / a, f / b, 0s" in text or "2 running: f / b, f / a, 0s" in text:
                shown.set()
            return super().write(text)

    transport = httpx.MockTransport(lambda request: httpx.Response(200 if shown.wait(60) else 500))
    collections = [named(name, {"name": "f", "item": [at(name, name=name)]}) for name in "ab"]
    runner.run(collections, jobs=2, transport=transport, reporters=("cli",), stream=Terminal())
    assert shown.is_set()
