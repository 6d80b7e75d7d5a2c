import pytest

from runner.clock import Clock
from runner.load.figures.figures import Figures
from runner.load.figures.recorder import Recorder

START = 1_700_000_000


class Made:
    """Makes the figures of a test of ten seconds."""

    def __init__(self):
        self.recorder = Recorder(Clock(wall=lambda: START))

    def requests(self, count, name="Login", ms=100.0, status=200, error=""):
        for _ in range(count):
            self.recorder.request(name, "GET", START, ms, 10, 1000, status, error)
        return self

    def checks(self, passed, failed, name="Login"):
        for number in range(passed + failed):
            self.recorder.check(name, "is quick", number < passed, "too slow")
        return self

    def figures(self):
        figures = Figures(START)
        figures.add(self.recorder.take(), "1")
        figures.ended = START + 10
        return figures


@pytest.fixture
def load():
    """Records what a load test measures."""
    return Made()
