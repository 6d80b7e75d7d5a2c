"""A headless browser for the tests of the HTML report, and a page to open in it."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest

from runner.options import RunOptions
from runner.reporters.html.report import HtmlReport
from tests.reporters.conftest import Scenario, item
from tests.reporters.test_html_report import HOSTILE

fcntl = pytest.importorskip("fcntl", reason="the browser is steered through pipes of POSIX")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = """
--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --remote-debugging-pipe
"""
LAUNCH = "import os, sys; [os.dup2(int(sys.argv[n]), n + 2) for n in (1, 2)]; os.execv(sys.argv[3], sys.argv[3:])"
PATIENCE = 10

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on PATH")


class Browser:
    """One page of a headless Chromium, steered through the DevTools protocol over a pair of pipes."""

    def __init__(self, profile):
        near_in, self._out = os.pipe()
        self._in, near_out = os.pipe()
        pipes = [fcntl.fcntl(pipe, fcntl.F_DUPFD, 10) for pipe in (near_in, near_out)]
        command = [sys.executable, "-c", LAUNCH, *map(str, pipes), CHROMIUM, *FLAGS.split(), f"--user-data-dir={profile}"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, pass_fds=pipes, **quiet)
        for pipe in (near_in, near_out, *pipes):
            os.close(pipe)
        self._buffer, self._number, self._session, self.errors = b"", 0, None, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Runtime.enable")
        self.ask("Log.enable")
        self.size(1280, 900)

    def ask(self, method, **params):
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        message |= {"sessionId": self._session} if self._session else {}
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            if answer.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.errors.append(json.dumps(answer["params"]))

    def _next(self):
        while b"\0" not in self._buffer:
            read = os.read(self._in, 1 << 20)
            assert read, "the browser is gone"
            self._buffer += read
        line, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(line)

    def size(self, width, height):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, path, state=""):
        self.ask("Page.navigate", url="about:blank")
        self.ask("Page.navigate", url=path.as_uri() + state)
        self.until("document.readyState === 'complete' && location.protocol === 'file:' && typeof showTheme === 'function'")
        return self

    def get(self, expression):
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, expression):
        end = time.monotonic() + PATIENCE
        while not self.get(f"Boolean({expression})"):
            assert time.monotonic() < end, f"never: {expression}"

    def press(self, key):
        codes = {"Enter": 13, "ArrowDown": 40, "End": 35, "Home": 36, "Tab": 9, "Escape": 27}
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=codes[key], **text)
            text = {}

    def click(self, selector):
        self.get(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        box = self.get(f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
                       " return [b.left + b.width / 2, b.top + b.height / 2]; })()")  # fmt: skip
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def texts(self, selector):
        return self.get(f"[...document.querySelectorAll({json.dumps(selector)})].map((node) => node.textContent)")

    def text(self, selector):
        return "\n".join(self.texts(selector))

    def close(self):
        self._session = None
        with suppress(AssertionError):  # it may be gone before it answers
            self.ask("Browser.close")
        self._process.wait(PATIENCE)
        os.close(self._in)
        os.close(self._out)


@contextmanager
def running(profile):
    browser = Browser(profile)
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    with running(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(started):
    started.size(1280, 900)
    started.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    started.errors.clear()
    yield started
    assert started.errors == []


def written(scenario, path):
    options = RunOptions(reporter_options=(("html-export", str(path)),))
    scenario.report(HtmlReport, options=options)
    return path


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Three iterations of a run with everything in it, and one with a skipped item and two that passed."""
    scenario = Scenario(cycles=3).start()
    scenario.whole().iteration(3).begin(item("i3", "Skipped one")).end(skipped=True)
    body = b'<?xml version="1.0"?><users><user id="1">Ada</user><none/></users>'
    scenario.begin(item("i4", "As XML"), ("Users",)).request(body=body, posted=b"a=1&b=%C3%A9", method="PUT").end()
    scenario.begin(item("i5", HOSTILE)).request(body=b'{"big":12345678901234567890,"list":[]}').log(HOSTILE).end()
    return written(scenario.end_iteration().finish(milliseconds=900), tmp_path_factory.mktemp("report") / "report.html")
