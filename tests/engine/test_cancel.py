"""Whatever a run waits for, setting its `Cancel` on another thread ends it at once, in order."""

import socket
import socketserver
import sys
import threading
import types

import httpx
import pytest

import runner
from runner.auth import TokenStore
from runner.cancel import Cancel
from runner.effects import Prompt
from runner.engine.prompt import prompt
from runner.errors import Cancelled
from runner.events import ItemFinished, ItemStarted, IterationFinished, RequestFinished
from runner.sandbox.processes.process import Process

LONG = 60_000
GENEROUS = 30
"""Seconds in which a cancelled run is over: far below `LONG`, which it would take to wait."""


@pytest.fixture
def hears():
    """A server that reads and never answers: its address, and an event that says that it has read something."""
    heard, over = threading.Event(), threading.Event()

    class Deaf(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(1)
            heard.set()
            over.wait(LONG)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Deaf) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield types.SimpleNamespace(url=f"http://127.0.0.1:{server.server_address[1]}", heard=heard)
        over.set()
        server.shutdown()
        thread.join()


def item(url="http://app.example/", **scripts):
    events = [{"listen": listen, "script": {"exec": text}} for listen, text in scripts.items()]
    return {"name": "one", "request": url, "event": events}


def cancelled(items, when, **options):
    """The events of a run that another thread cancels, as soon as `when` tells it that the run waits."""
    cancel, events, done = Cancel(), [], []
    options = {"timeout_script": 0, "timeout_request": 0, **options}

    def on_event(event):
        events.append(event)
        if not isinstance(when, threading.Event) and when(event):
            ready.set()

    def work():
        collection = {"info": {"name": "C"}, "item": items}
        done.append(runner.run(collection, cancel=cancel, on_event=on_event, **options))

    ready = when if isinstance(when, threading.Event) else threading.Event()
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert ready.wait(GENEROUS)
    cancel.set()
    thread.join(GENEROUS)
    assert not thread.is_alive()
    assert isinstance(done[0].error, Cancelled)
    return events


def kinds(events):
    return [type(event) for event in events]


def begun(kind):
    return lambda event: isinstance(event, kind)


def test_a_delay_ends():
    events = cancelled([item()], begun(ItemStarted), delay_request=LONG)
    assert RequestFinished not in kinds(events)


def test_the_wait_for_a_server_ends_and_is_no_failure_of_the_request(hears):
    events = cancelled([item(hears.url)], hears.heard)
    assert not {RequestFinished, ItemFinished} & set(kinds(events))


def test_the_handshake_with_a_tls_server_that_says_nothing_ends(hears):
    events = cancelled([item(hears.url.replace("http:", "https:"))], hears.heard)
    assert RequestFinished not in kinds(events)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_the_wait_for_a_proxy_ends(hears, scheme):
    if scheme == "socks5":
        pytest.importorskip("python_socks")
    proxy = hears.url.replace("http:", f"{scheme}:")
    events = cancelled([item("http://app.example/")], hears.heard, proxy=proxy)
    assert RequestFinished not in kinds(events)


@pytest.fixture
def written(monkeypatch):
    """A function that gives an event: it says that a child process was sent a message with this in it."""

    def wait_for(text):
        event, write = threading.Event(), Process._write

        def told(process, frame):
            write(process, frame)
            if text in frame:
                event.set()

        monkeypatch.setattr(Process, "_write", told)
        return event

    return wait_for


@pytest.mark.parametrize("source", ["while (true);", f"setTimeout(() => {{}}, {LONG})"])
def test_a_script_without_end_ends(written, source):
    events = cancelled([item(prerequest=source)], written(source[:10].encode()))
    assert RequestFinished not in kinds(events)


def test_a_script_that_waits_for_its_own_request_ends(hears):
    events = cancelled([item(prerequest=f"await pm.sendRequest('{hears.url}')")], hears.heard)
    assert RequestFinished not in kinds(events)


def test_a_helper_process_ends(written):
    algorithm = "{name: 'PBKDF2', hash: 'SHA-512', salt: new Uint8Array(8), iterations: 2e9}"
    source = (
        "const key = await crypto.subtle.importKey('raw', new Uint8Array(8), 'PBKDF2', false, ['deriveBits']);"
        f"await crypto.subtle.deriveBits({algorithm}, key, 512);"
    )
    events = cancelled([item(prerequest=source)], written(b'"operation": "derive'))
    assert RequestFinished not in kinds(events)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can wait for sockets only")
def test_a_prompt_ends(monkeypatch):
    cancel, (ours, theirs) = Cancel(), socket.socketpair()
    terminal = types.SimpleNamespace(isatty=lambda: True, fileno=ours.fileno, readline=lambda: "never")
    shown = threading.Event()
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("runner.engine.prompt.sys.stdin", terminal)
    monkeypatch.setattr("runner.engine.prompt.sys.stderr", types.SimpleNamespace(write=shown.set, flush=lambda: None))
    monkeypatch.setattr("builtins.print", lambda *_, **more: shown.set())
    lines = []
    thread = threading.Thread(target=lambda: lines.append(prompt(Prompt("code?"), cancel)))
    thread.start()
    assert shown.wait(GENEROUS)
    cancel.set()
    thread.join(GENEROUS)
    ours.close()
    theirs.close()
    assert lines == [""]


def test_the_wait_for_a_token_that_somebody_else_fetches_ends():
    tokens, cancel, over = TokenStore(), Cancel(), []
    assert tokens.claim("me")
    assert not tokens.claim("me")
    thread = threading.Thread(target=lambda: over.append(tokens.wait("me", cancel)))
    thread.start()
    cancel.set()
    thread.join(GENEROUS)
    assert over == [None]


def test_a_token_can_be_claimed_again_once_it_was_released():
    tokens = TokenStore()
    assert tokens.claim("me")
    tokens.release("me")
    tokens.wait("me", Cancel())
    assert tokens.claim("me")


def test_a_run_that_was_cancelled_before_sends_nothing():
    cancel, events = Cancel(), []
    cancel.set()
    asked = []
    transport = httpx.MockTransport(lambda request: asked.append(request) or httpx.Response(200))
    summary = runner.run(
        {"info": {"name": "C"}, "item": [item()]}, cancel=cancel, on_event=events.append, transport=transport
    )
    assert isinstance(summary.error, Cancelled)
    assert asked == []


def test_a_cancel_ends_all_collections_of_a_session():
    names = []

    def on_event(event):
        if isinstance(event, IterationFinished):
            names.append(event.unit)
            cancel.set()

    cancel = Cancel()
    collections = [{"info": {"name": name}, "item": [item()]} for name in "ab"]
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    summary = runner.run(collections, cancel=cancel, on_event=on_event, transport=transport)
    assert isinstance(summary.error, Cancelled)
    assert names == ["0"]


def test_wake_ups_are_called_once_and_only_while_somebody_waits():
    cancel, woken = Cancel(), []
    with cancel.waking(lambda: woken.append("before")):
        pass
    with cancel.waking(lambda: woken.append("during")):
        cancel.set()
        cancel.set()
    with cancel.waking(lambda: woken.append("late")):
        pass
    assert woken == ["during", "late"]


def test_a_wait_tells_whether_it_was_cancelled():
    cancel = Cancel()
    assert cancel.wait(0.001) is False
    cancel.set()
    assert cancel.wait(None) is True


def raising_at(moment):
    """A trace function that raises at the given line, call or return after it was set."""
    left = moment

    def trace(frame, event, argument):
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt
        return trace

    return trace


def test_a_wait_that_a_signal_leaves_at_any_moment_lets_the_end_be_asked_for():
    before, moment, left = sys.gettrace(), 0, True
    while left:
        cancel, left, moment = Cancel(), False, moment + 1
        sys.settrace(raising_at(moment))
        try:
            cancel.wait(0)
        except KeyboardInterrupt:
            left = True
        finally:
            sys.settrace(before)
        asking = threading.Thread(target=cancel.set, daemon=True)
        asking.start()
        asking.join(GENEROUS)
        assert not asking.is_alive(), moment
    assert moment > 5
