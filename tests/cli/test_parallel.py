"""Iterations and folders of one collection beside each other: `--parallel`."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

import runner
from runner.cancel import Cancel
from runner.descriptors import HeardBy
from runner.errors import Cancelled, NothingRun, RunAborted, UsageError
from runner.events import (
    AssertionChecked,
    ItemStarted,
    IterationFinished,
    IterationStarted,
    RunFinished,
    RunStarted,
    Warned,
)
from tests.cli.conftest import item

FOLDERS = ("a", "b", "c")


def answering(count=0):
    """A transport that answers 200; the first `count` requests meet before they are answered."""
    barrier = threading.Barrier(count) if count else None
    left = iter(range(count))

    def answer(request):
        if next(left, None) is not None:
            barrier.wait(60)
        return httpx.Response(200, json={"path": request.url.path})

    return httpx.MockTransport(answer)


def at(path, test="", prerequest="", name=""):
    return item(name or path, f"http://app.example/{path}", test, prerequest)


def folder(name, *items):
    return {"name": name, "item": list(items)}


def collection(*items, **more):
    return {"info": {"name": "c"}, "item": list(items), **more}


class Ran:
    """A run: its summary, the events, and the names of its tests in the order in which they were told."""

    def __init__(self, summary, events):
        self.summary, self.events = summary, events
        self.tests = [event.assertion.name for event in events if isinstance(event, AssertionChecked)]
        self.warned = [event.message for event in events if isinstance(event, Warned)]

    def __getattr__(self, name):
        return getattr(self.summary, name)


@pytest.fixture
def ran():
    """Run a collection in parts."""

    def run(items, *, parallel="iterations", jobs=4, transport=None, **options):
        events = []
        given = collection(*items) if isinstance(items, list) else items
        transport = transport or answering()
        summary = runner.run(given, parallel=parallel, jobs=jobs, transport=transport, on_event=events.append, **options)
        return Ran(summary, events)

    return run


def rows(tmp_path, count):
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"n": number} for number in range(count)]))
    return str(path)


def failing(what="no"):
    return f"pm.test('t', () => {{ throw new Error('{what}') }})"


LONG = "await new Promise(resolve => setTimeout(resolve, 60_000))"


# -- iterations ----------------------------------------------------------------------------------------------------


def test_iterations_run_at_the_same_time(ran, tmp_path):
    assert not ran([at("x")], iteration_data=rows(tmp_path, 4), transport=answering(4)).failed


def test_they_are_told_as_one_run_in_their_order(ran, tmp_path):
    summary = ran([at("{{n}}", "pm.test(pm.request.url.getPath(), () => {})")], iteration_data=rows(tmp_path, 30))
    kinds = [type(event) for event in summary.events if isinstance(event, RunStarted | RunFinished)]
    begun = [event.cursor.iteration for event in summary.events if isinstance(event, IterationStarted)]
    assert kinds == [RunStarted, RunFinished]
    assert begun == list(range(30))
    assert summary.tests == [f"/{number}" for number in range(30)]
    assert {event.cursor.cycles for event in summary.events if isinstance(event, ItemStarted)} == {30}


def test_each_starts_from_the_variables_and_cookies_before_the_first(ran):
    def answer(request):
        return httpx.Response(200, headers={"Set-Cookie": "s=1"}, text=request.headers.get("cookie", "none"))

    test = "pm.test(pm.response.text() + pm.environment.get('x'), () => {}); pm.environment.set('x', 1)"
    summary = ran([at("x", test)], iteration_count=5, force_parallel=True, transport=httpx.MockTransport(answer))
    assert summary.tests == ["noneundefined"] * 5


def test_it_is_the_same_with_one_job(ran):
    test = "pm.test(String(pm.environment.get('x')), () => {}); pm.environment.set('x', 1)"
    assert ran([at("x", test)], iteration_count=3, force_parallel=True, jobs=1).tests == ["undefined"] * 3


class Ports(BaseHTTPRequestHandler):
    """Takes down from which port each request came: that of its connection; sets a cookie of that number."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.client_address[1], self.headers.get("Cookie")))
        cookie = f"Set-Cookie: n={len(self.server.seen)}; Path=/\r\n"
        self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n{cookie}\r\n".encode())

    def log_message(self, *args):
        """Print nothing."""


def test_iterations_reuse_connections_and_have_cookies_of_their_own():
    with ThreadingHTTPServer(("127.0.0.1", 0), Ports) as http:
        http.seen, http.daemon_threads = [], True
        threading.Thread(target=http.serve_forever, args=(0.01,)).start()
        runner.run(
            collection(item("a", f"http://127.0.0.1:{http.server_port}/")),
            parallel="iterations",
            jobs=2,
            iteration_count=20,
        )
        http.shutdown()
    assert len(http.seen) == 20
    assert len({port for port, _ in http.seen}) <= 2
    assert {cookie for _, cookie in http.seen} == {None}


def test_files_of_certificates_are_read_once_for_each_job(ran, tmp_path):
    (tmp_path / "certs.json").write_text("[]")
    read = []

    class Heard:
        def reads(self, path):
            read.append(path)

        def writes(self, path):
            """Nothing is written."""

    with HeardBy(Heard()):
        ran([at("a")], iteration_count=20, jobs=2, ssl_client_cert_list=str(tmp_path / "certs.json"))
    assert set(read) == {str(tmp_path / "certs.json")}
    assert len(read) <= 2


def test_an_iteration_that_reads_what_an_earlier_one_sets_is_refused_with_both_places(postrunner, tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(collection(at("{{next}}", "pm.environment.set('next', 'x')", name="r"))))
    done = postrunner("run", path, "--parallel", "iterations", "-n", 2)
    assert done.code == 2
    assert "'next' (any) in r: URL" in done.err
    assert "'next' (environment) in r: test script of 'r', line 1" in done.err
    assert "--force-parallel" in done.err
    assert done.out == ""


def test_one_iteration_has_nobody_to_disturb(ran):
    assert not ran([at("{{next}}", "pm.environment.set('next', 'x')")], iteration_count=1).failed


def test_what_it_sets_itself_before_may_be_read(ran, tmp_path):
    items = [at("login", "pm.environment.set('token', pm.iterationData.get('n'))"), at("use/{{token}}")]
    assert not ran(items, iteration_data=rows(tmp_path, 3)).failed


def test_the_last_value_in_order_is_exported(postrunner, server, tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(collection(item("r", server.url, "pm.environment.set('x', pm.iterationData.get('n'))"))))
    options = ("--parallel", "iterations", "--jobs", 3, "-d", rows(tmp_path, 5), "--export-environment", "e.json")
    done = postrunner("run", path, *options)
    assert done.code == 0
    assert json.loads((tmp_path / "e.json").read_text())["values"][0]["value"] == 4
    assert done.out.count('"x" (environment) was set to different values by iteration 1 and iteration 2') == 1


def test_without_an_export_nobody_is_told_of_different_values(ran, tmp_path):
    summary = ran([at("x", "pm.environment.set('x', pm.iterationData.get('n'))")], iteration_data=rows(tmp_path, 3))
    assert summary.warned == []


def test_bail_ends_those_beside_it_and_begins_no_other(ran, tmp_path):
    test = f"if (pm.iterationData.get('n') === 1) {{ {failing()} }} else {{ {LONG} }}"
    summary = ran([at("x", test)], iteration_data=rows(tmp_path, 50), jobs=2, bail="failure")
    assert [failure.message for failure in summary.failures] == ["no"]
    assert summary.error is None
    assert len([event for event in summary.events if isinstance(event, IterationStarted)]) == 2


def test_a_failure_without_bail_ends_nothing(ran):
    summary = ran([at("x", failing())], iteration_count=4)
    assert len(summary.failures) == 4


def test_a_cancel_ends_all(ran):
    cancel = Cancel()

    def answer(request):
        cancel.set()
        return httpx.Response(200)

    summary = ran([at("x", LONG)], iteration_count=9, cancel=cancel, transport=httpx.MockTransport(answer))
    assert isinstance(summary.error, Cancelled)


def test_the_time_limit_is_one_for_all(ran):
    summary = ran([at("x", prerequest=LONG)], iteration_count=9, timeout=500)
    assert isinstance(summary.error, RunAborted)


def test_a_listener_that_raises_ends_all(ran):
    def on_execution(execution):
        raise ValueError("mine")

    summary = ran([at("x")], iteration_count=9, on_execution=on_execution)
    assert "mine" in str(summary.error)


def test_values_of_a_seed_belong_to_the_iteration(ran):
    test = "pm.test(pm.variables.replaceIn('{{$guid}}') + Math.random(), () => {})"
    found = [ran([at("x", test)], iteration_count=6, jobs=jobs, seed="s").tests for jobs in (1, 4)]
    assert found[0] == found[1]
    assert len(set(found[0])) == 6


def test_a_row_of_data_belongs_to_its_iteration(ran, tmp_path):
    summary = ran([at("x", "pm.test(pm.iterationData.get('n'), () => {})")], iteration_data=rows(tmp_path, 8), jobs=3)
    assert summary.tests == [str(number) for number in range(8)]


def test_a_collection_without_requests_warns_as_ever(ran):
    assert any("nothing was run" in message for message in ran([]).warned)


def test_what_scripts_skip_everywhere_is_nothing_run(ran):
    summary = ran([at("x", prerequest="pm.execution.skipRequest()")], iteration_count=3)
    assert summary.warned == ["nothing was run: every request was skipped by a script"]
    assert not isinstance(summary.error, NothingRun)


def test_a_setup_reaches_every_iteration_and_a_teardown_sees_what_they_left(ran):
    items = [
        folder("up", at("up", "pm.environment.set('token', 't')")),
        at("use", "pm.test(pm.environment.get('token'), () => {}); pm.environment.set('made', 'm')"),
        folder("down", at("down", "pm.test('down ' + pm.environment.get('made'), () => {})")),
    ]
    summary = ran(items, iteration_count=3, setup=("up",), teardown=("down",))
    assert summary.tests == ["t", "t", "t", "down m"]


# -- folders -------------------------------------------------------------------------------------------------------


def test_folders_run_at_the_same_time_and_are_told_in_order(ran):
    items = [folder(name, at(name, f"pm.test('{name}', () => {{}})"), at(f"{name}2")) for name in FOLDERS]
    summary = ran(items, parallel="folders", transport=answering(3))
    assert summary.tests == ["a", "b", "c"]
    assert [event.cursor.position for event in summary.events if isinstance(event, ItemStarted)] == [0, 1, 2, 3, 4, 5]


def test_requests_outside_of_folders_are_parts_of_their_own(ran):
    assert not ran([at("a"), folder("f", at("b")), at("c")], parallel="folders", transport=answering(3)).failed


def test_an_iteration_is_told_once(ran):
    items = [folder(name, at(name)) for name in FOLDERS]
    summary = ran(items, parallel="folders", iteration_count=2)
    kinds = [type(event) for event in summary.events if isinstance(event, IterationStarted | IterationFinished)]
    assert kinds == [IterationStarted, IterationFinished] * 2


def test_the_next_iteration_goes_on_from_what_all_folders_left(ran):
    items = [
        folder("a", at("a", "pm.test(String(pm.environment.get('b')), () => {}); pm.environment.set('a', 1)")),
        folder("b", at("b", "pm.test(String(pm.environment.get('a')), () => {}); pm.environment.set('b', 2)")),
    ]
    summary = ran(items, parallel="folders", iteration_count=2, force_parallel=True)
    assert summary.tests == ["undefined", "undefined", "2", "1"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("pm.execution.setNextRequest('b')", "may name 'b'"),
        ("postman.setNextRequest(pm.environment.get('x'))", "may name any request"),
        ("pm.execution.setNextRequest(null)", "ends the iteration"),
        ("const stop = null; pm.execution.setNextRequest(stop)", "ends the iteration"),
        ("pm.execution.setNextRequest(pm.response.code === 200 ? 'a' : null)", "ends the iteration"),
    ],
)
def test_a_jump_out_of_a_folder_is_refused(ran, script, reason):
    with pytest.raises(UsageError, match=reason):
        ran([folder("a", at("a", script)), folder("b", at("b"))], parallel="folders")


def test_bail_in_a_folder_begins_no_further_iteration(ran):
    items = [folder("a", at("a", failing())), folder("b", at("b"))]
    summary = ran(items, parallel="folders", iteration_count=3, bail="failure")
    assert len(summary.failures) == 1
    assert len([event for event in summary.events if isinstance(event, IterationStarted)]) == 1


@pytest.mark.parametrize(("count", "names"), [(1, "a and b"), (2, "a, iteration 1 and b, iteration 1")])
def test_values_that_differ_are_told_with_the_names_of_their_folders(ran, tmp_path, count, names):
    items = [folder(name, at(name, f"pm.environment.set('x', '{name}')")) for name in "ab"]
    options = {"iteration_count": count, "export_environment": str(tmp_path / "e.json")}
    summary = ran(items, parallel="folders", **options)
    assert summary.warned == [f'"x" (environment) was set to different values by {names}: the later one counts']


def test_a_jump_within_a_folder_is_not(ran):
    items = [folder("a", at("a", "pm.execution.setNextRequest('a3')"), at("a2"), at("a3")), folder("b", at("b"))]
    summary = ran(items, parallel="folders")
    assert [event.item.name for event in summary.events if isinstance(event, ItemStarted)] == ["a", "a3", "b"]


def test_a_jump_that_is_forced_ends_its_own_folder_with_a_warning(ran):
    items = [folder("a", at("a", "pm.execution.setNextRequest('b')"), at("a2")), folder("b", at("b"))]
    summary = ran(items, parallel="folders", force_parallel=True)
    assert [event.item.name for event in summary.events if isinstance(event, ItemStarted)] == ["a", "b"]
    assert any("setNextRequest" in message for message in summary.warned)


def test_a_folder_that_reads_what_an_earlier_one_sets_is_refused(ran):
    items = [folder("a", at("a", "pm.globals.set('x', 1)")), folder("b", at("{{x}}"))]
    with pytest.raises(UsageError, match="'x'"):
        ran(items, parallel="folders")


def test_cookies_of_a_folder_are_there_in_the_next_iteration(ran):
    def answer(request):
        said = {"/set": "s=1"}.get(request.url.path)
        headers = {"Set-Cookie": said} if said else {}
        return httpx.Response(200, headers=headers, text=request.headers.get("cookie", "none"))

    items = [folder("a", at("see", "pm.test(pm.response.text(), () => {})")), folder("b", at("set")), folder("c", at("c"))]
    summary = ran(items, parallel="folders", iteration_count=2, transport=httpx.MockTransport(answer))
    assert summary.tests == ["none", "s=1"]


def test_parallel_takes_iterations_or_folders(postrunner, tmp_path):
    assert postrunner("run", "c.json", "--parallel", "requests").code == 2
