"""A load test that has been: its figures come from a recorder, as those of a worker do."""

import io
from dataclasses import dataclass, field

import pytest

from runner.clock import Clock
from runner.load.figures.figures import Figures
from runner.load.figures.recorder import Recorder
from runner.load.reports.report import About, Outcome
from runner.load.reports.reporting import make_reporting
from runner.load.thresholds.outcome import outcome as decide
from runner.load.thresholds.parsing import parse_thresholds
from runner.load.thresholds.threshold import judge
from runner.options import RunOptions
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker

START = 1_800_000_000
LOGIN, LIST, BUY = "Auth / Login", "Shop / List", "Shop / Buy"
PATHS = (("Auth", "Login"), ("Shop", "List"), ("Shop", "Buy"))


class Screen(io.StringIO):
    """A stream that is a terminal, if it is said to be one."""

    encoding = "utf-8"

    def __init__(self, terminal=False):
        super().__init__()
        self._terminal = terminal

    def isatty(self):
        return self._terminal


@dataclass
class Load:
    """A test of ten seconds, one worker; `reported` writes reports of it and gives what was printed."""

    figures: Figures = field(default_factory=lambda: Figures(START))
    thresholds: tuple[str, ...] = ()
    about: About = About(name="Shop API", environment="staging", profile="2 users for 10s", seconds=10.0)
    second: int = 0

    def __post_init__(self):
        self.recorder = Recorder(Clock(wall=lambda: START + self.second))

    @property
    def verdicts(self):
        return judge(parse_thresholds(self.thresholds, PATHS), self.figures)

    def tick(self, seconds=1):
        """Hand over what the worker wrote down; so many seconds pass."""
        self.figures.add(self.recorder.take(), "w1")
        self.second += seconds
        self.figures.ended = START + self.second
        return self

    def send(self, name, method, ms, error="", status=200, sent=300, received=1500):
        self.recorder.request(name, method, START + self.second, ms, sent, received, status, error)
        return self

    def decided(self, *broken):
        """The outcome that the thresholds and failures lead to."""
        decision = decide(self.figures, self.verdicts, broken=broken)
        return Outcome(ended="finished", exit_code=decision.exit_code, broken=broken, reasons=decision.reasons)

    def check(self, name, test, passed=True, message="expected 500 to equal 200"):
        self.recorder.check(name, test, passed, message)
        return self

    def reporting(self, stream, *names, environ=None, secrets=(), **given):
        options = RunOptions(reporters=names, **{"color": "off", **given})
        return make_reporting(options, stream, Masker(Secrets(secrets)), environ or {}, self.about)

    def reported(self, *names, outcome=None, environ=None, secrets=(), terminal=False, **given):
        """What the reports print; a problem of one of them fails the test."""
        stream = Screen(terminal)
        reporting = self.reporting(stream, *names, environ=environ, secrets=secrets, **given)
        reporting.start(self.figures)
        reporting.progress(self.figures, self.verdicts)
        outcome = outcome or Outcome(ended="finished", exit_code=0)
        assert reporting.close(self.figures, self.verdicts, outcome) == []
        return stream.getvalue()


@pytest.fixture
def load():
    return Load()


@pytest.fixture
def busy():
    """Three requests, of which one fails now and then, over ten seconds, with checks, dropped iterations and two users."""
    load = Load(thresholds=("p95<500", "error_rate<1%"))
    load.recorder.users(2)
    for second in range(10):
        for number in range(8):
            load.send(LOGIN, "POST", 20 + 3.21 * number + second)
            load.send(LIST, "GET", 2 + 0.123 * number).check(LIST, "is 200")
        failed = second in (4, 5)
        load.send(BUY, "POST", 180.5 + 40 * second, "expected 500 to equal 200" if failed else "", 500 if failed else 200)
        load.check(BUY, "is 200", not failed)
        load.recorder.iteration(START + second, 900 + second, failed)
        if failed:
            load.recorder.dropped(3)
        load.tick()
    load.send(LOGIN, "POST", 30.0, "connection refused", 0, 0, 0).tick(0)
    load.figures.worker("w1").uses(42.0)
    return load
