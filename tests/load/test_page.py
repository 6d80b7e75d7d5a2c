"""Locust's web page shows the numbers of our reports, to this machine only, and changes nothing."""

import json
import re
import socket
import subprocess
import urllib.error
import urllib.request

import pytest

from tests.load.conftest import command, environment, item


def fetched(url, method="GET", **headers):
    """Status and text of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture
def running(server, write, tmp_path):
    """A test that waits for an answer, its page, and where its report will be."""
    scripted = item("plain", f"{server.url}/plain", "pm.test('is red', () => { throw Error('it is blue') })")
    unsent = item("unsent", "http://{{nowhere", before="pm.variables.set('nowhere', '')")
    words = [write([scripted, unsent, item("last", f"{server.url}/wait")]), "--users", 2, "--iterations", 2]
    words += ["--web", "--web-port", 0, "-r", "json", "--reporter-json-export", tmp_path / "report.json"]
    process = subprocess.Popen(command(*words), stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment())
    with process:
        page = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())[0]
        assert server.waiting.wait(30)
        yield process, page, tmp_path / "report.json"
        server.go_on.set()
        process.communicate()


def test_the_page_shows_the_numbers_of_the_report_and_changes_nothing(running, server):
    process, page, report = running
    assert "Locust" in fetched(page)[1]
    for path in ("/stop", "/swarm", "/stats/reset", "/user"):
        assert fetched(page + path, "POST")[0] == 403
    for header in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        status, text = fetched(page + "/stats/requests", **header)
        assert (status, "Aggregated" in text) == (403, False)
    assert fetched(page + "/stats/requests", Origin=page)[0] == 200
    while True:
        shown = json.loads(fetched(page + "/stats/requests")[1])
        rows = {row["name"]: row for row in shown["stats"]}
        if rows["Aggregated"]["num_requests"] >= 4:
            break
    assert [error["error"] for error in shown["errors"] if error["name"] == "plain"] == ["is red"]
    csv = fetched(page + "/stats/requests/csv")[1]
    server.go_on.set()
    process.wait(60)
    ours = {row["name"]: row for row in json.loads(report.read_text())["requests"]}["plain"]
    assert rows["plain"]["median_response_time"] == ours["duration"]["med"]
    assert rows["plain"]["response_time_percentile_0.95"] == ours["duration"]["p(95)"]
    line = next(line for line in csv.splitlines() if ",plain," in line)
    assert line.split(",")[-1] == f"{rows['plain']['response_time_percentile_0.99']:g}"


def test_a_port_that_is_taken_ends_it_before_the_first_request(load, server, write):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = load(write([item("a", f"{server.url}/a")]), "--iterations", 1, "--web", "--web-port", port)
    assert (done.code, server.seen) == (2, [])
    assert f"--web: cannot listen on 127.0.0.1:{port}" in done.err
