"""What all tests share: property tests draw the same examples in every CI run; no option comes from the environment."""

import os
import signal

import pytest
from hypothesis import settings

NEWMAN = os.environ.get("POSTRUNNER_NEWMAN", os.environ.get("TESTS_NEWMAN", ""))
"""The folder where npm installed Newman; empty without one."""

os.environ["TESTS_NEWMAN"] = NEWMAN  # for the processes of pytest-xdist, which begin without the names below

for name in {"SIGINT", "SIGHUP"} & {*dir(signal)}:  # a shell's background ignores them, and so would the runs of tests
    if signal.getsignal(number := getattr(signal, name)) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler)

for name in [name for name in os.environ if name.startswith("POSTRUNNER_")]:
    del os.environ[name]

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def _same_folder():
    """A test ends in the folder in which it began; one that leaves it would break those after it."""
    before = os.getcwd()
    yield
    after = os.getcwd()
    os.chdir(before)
    assert after == before, "the test changed the current folder"
