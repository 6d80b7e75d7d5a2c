"""`load --otel --metrics-port`: what others get to know while a test runs, and that they cannot harm it."""

import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from runner.errors import UsageError
from runner.load.options import parse_port
from tests.load.conftest import command, environment, item
from tests.load.telemetry.test_measured import samples
from tests.telemetry.conftest import collector

__all__ = ["collector"]

LIMIT = 60


def scraped(url, until):
    """What Prometheus gets as soon as it has what is waited for."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        with urllib.request.urlopen(url, timeout=LIMIT) as answer:
            assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
            found = samples(answer.read().decode())
        if until(found):
            return found
    raise AssertionError(found)


def test_figures_are_told_while_the_test_runs_and_at_its_end(server, write, tmp_path, collector):
    path = write([item("ok", f"{server.url}/ok", test="pm.test('t', () => {})"), item("wait", f"{server.url}/wait")])
    words = command(path, "--iterations", 1, "--metrics-port", 0, "--otel", "-r", "ndjson")
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment()
    )
    try:
        url = process.stderr.readline().removeprefix("metrics: ").strip()
        assert url.startswith("http://127.0.0.1:")
        done = 'test_case_name="ok",http_request_method="GET",http_response_status_code="200"'
        found = scraped(url, lambda found: ("postrunner_requests_total", done) in found)
        assert found["postrunner_users", 'postrunner_worker="local"'] == 1
        assert not [labels for _, labels in found if 'test_case_name="wait"' in labels]
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(url.replace("/metrics", "/"), timeout=LIMIT)
        with pytest.raises(urllib.error.HTTPError, match="405"):
            urllib.request.urlopen(url, data=b"x", timeout=LIMIT)
        server.go_on.set()
        _, said = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
    assert (process.returncode, said) == (0, "")
    assert collector.resources[-1]["service.name"] == "postrunner"
    counts = [(told["test.case.name"], point.count) for _, told, point in collector.points["http.client.request.duration"]]
    assert counts[-2:] == [("ok", 1), ("wait", 1)]
    ((_, told, point),) = collector.points["postrunner.assertions"][-1:]
    assert (told["postrunner.assertion.result"], point.as_int) == ("passed", 1)
    _, _, spread = collector.points["http.client.request.duration"][-2]
    assert sum(spread.bucket_counts) == spread.count == 1
    assert len(spread.bucket_counts) == len(spread.explicit_bounds) + 1
    assert collector.points["postrunner.users"][0][0] == "{user}"


def test_a_port_that_is_taken_ends_the_test_before_it_begins(server, write, load):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = load(write([item("a", f"{server.url}/a")]), "--iterations", 1, "--metrics-port", port)
    assert (done.code, server.seen) == (2, [])
    assert f"--metrics-port: cannot listen on port {port}" in done.err


def test_a_collector_that_is_not_there_is_one_warning(server, write, load, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    done = load(write([item("a", f"{server.url}/a")]), "--iterations", 2, "--otel", "--silent")
    assert done.code == 0
    (line,) = done.err.splitlines()
    assert line.startswith("warning: --otel: not all telemetry was exported: ")
    assert len(server.seen) == 2


@pytest.mark.parametrize("text", ["x", "-1", "65536", ""])
def test_what_is_no_port_is_a_mistake(text):
    with pytest.raises(UsageError, match="no port"):
        parse_port(text, "--metrics-port")
