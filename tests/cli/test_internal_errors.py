"""A defect of postrunner itself is one message and a failed run, with the reports written."""

import pytest

from runner.client.http import Client
from tests.cli.conftest import item, report


@pytest.fixture
def broken(monkeypatch):
    """A client that does what it never does."""

    def send(self, prepared, **more):
        raise ZeroDivisionError("cannot happen")

    monkeypatch.setattr(Client, "send", send)
    monkeypatch.delenv("POSTRUNNER_DEBUG", raising=False)
    return monkeypatch


def test_a_defect_ends_the_run_with_its_reports_written(broken, postrunner, collection, server, tmp_path):
    done = postrunner("run", collection(item("a", server.url)), "-r", "cli,json", "--reporter-json-export", "r.json")
    assert done.code == 1
    assert "internal error: ZeroDivisionError: cannot happen" in done.out + done.err
    assert "Traceback" not in done.out + done.err
    assert report(tmp_path / "r.json")["error"]["message"].startswith("internal error")


def test_with_debug_a_defect_shows_where_it_happened(broken, postrunner, collection, server):
    broken.setenv("POSTRUNNER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        postrunner("run", collection(item("a", server.url)))
