"""`runner.arun`, and applications that are asynchronous."""

import asyncio
import threading

import httpx
import pytest

import runner
from runner.cancel import Cancel
from tests.python.conftest import document, item


class App:
    """An ASGI application: tells the path back; `/wait` is never answered, and tells when it is cancelled."""

    def __init__(self):
        self.loops, self.waiting, self.cancelled = set(), threading.Event(), threading.Event()

    async def __call__(self, scope, receive, send):
        self.loops.add(id(asyncio.get_running_loop()))
        await receive()
        if scope["path"] == "/wait":
            self.waiting.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled.set()
                raise
        if scope["path"] == "/raise":
            raise ValueError("broken")
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"text/plain")]})
        for part in (b"hello ", scope["path"].encode()):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def asgi():
    return App()


def test_a_collection_runs_against_an_asgi_application(asgi):
    send = "await pm.sendRequest('http://app.example/sub')"
    result = runner.run(document(item("a", send, "/a"), item("b", path="/b")), transport=httpx.ASGITransport(app=asgi))
    assert [(one.response.status_code, one.response.text) for one in result.executions] == [
        (201, "hello /a"),
        (201, "hello /b"),
    ]
    assert len(asgi.loops) == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "postrunner-transport"]


def test_what_an_application_raises_fails_its_request(asgi):
    result = runner.run(document(item("a", path="/raise"), item("b")), transport=httpx.ASGITransport(app=asgi))
    assert [str(failure) for failure in result.failures] == ["a: Error: the transport raised ValueError: broken"]
    assert len(result.executions) == 2


def test_an_application_that_does_not_answer_meets_the_time_limits(asgi):
    for limit, code in (("timeout_request", "ESOCKETTIMEDOUT"), ("timeout_total", "ETIMEDOUT")):
        asgi.cancelled.clear()
        result = runner.run(document(item("a", path="/wait")), transport=httpx.ASGITransport(app=asgi), **{limit: 20})
        assert [failure.code for failure in result.failures] == [code]
        assert asgi.cancelled.wait(10)


def test_an_application_that_does_not_answer_can_be_left(asgi):
    cancel = Cancel()
    threading.Thread(target=lambda: (asgi.waiting.wait(), cancel.set())).start()
    result = runner.run(document(item("a", path="/wait")), transport=httpx.ASGITransport(app=asgi), cancel=cancel)
    assert [failure.message for failure in result.failures][-1] == "the run was cancelled"
    assert asgi.cancelled.wait(10)


def test_a_run_within_a_running_loop_leaves_that_loop_alone(asgi):
    async def main():
        result = runner.run(document(item("a")), transport=httpx.ASGITransport(app=asgi))
        await asyncio.sleep(0)
        return result

    assert not asyncio.run(main()).failed


def test_a_run_can_be_awaited_while_the_loop_goes_on(asgi):
    async def main():
        going_on = asyncio.create_task(asyncio.sleep(0, "went on"))
        runs = [
            runner.arun(document(item(name, path=f"/{name}")), transport=httpx.ASGITransport(app=asgi)) for name in "ab"
        ]
        return await asyncio.gather(*runs), await going_on

    results, went_on = asyncio.run(main())
    assert [result.executions[0].response.text for result in results] == ["hello /a", "hello /b"]
    assert went_on == "went on"


def test_cancelling_the_task_ends_the_run_in_order_and_then_is_raised(asgi, tmp_path):
    report = tmp_path / "r.xml"

    async def main():
        collection = document(item("a", path="/wait"))
        options = {"reporters": "junit", "reporter_options": {"junit-export": report}}
        task = asyncio.create_task(runner.arun(collection, transport=httpx.ASGITransport(app=asgi), **options))
        await asyncio.to_thread(asgi.waiting.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return report.read_text()

    assert "the run was cancelled" in asyncio.run(main())


def test_what_run_raises_arun_raises():
    with pytest.raises(runner.PostrunnerError, match=r"gone\.json"):
        asyncio.run(runner.arun("gone.json"))


def test_what_is_no_transport_is_refused():
    with pytest.raises(runner.PostrunnerError, match="transport: App is not a transport of httpx"):
        runner.run(document(item("a")), transport=App())
