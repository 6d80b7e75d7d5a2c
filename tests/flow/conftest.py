"""One process that analyses the scripts of all these tests."""

import pytest

from runner.sandbox.analysis import Analysis


@pytest.fixture(scope="session")
def analyse():
    """What tells the facts of texts."""
    with Analysis() as analysis:
        yield analysis.analyse
