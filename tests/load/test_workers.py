"""Load tests of several worker processes: together they do exactly what was asked for."""

import re
import signal
import subprocess
from collections import Counter

import psutil

from tests.load.conftest import command, environment, item
from tests.load.test_load import requests_told


def test_worker_processes_share_the_iterations_and_rows_and_report_every_request(load, server, write):
    collection = write([item("a", f"{server.url}/a?{{{{id}}}}", "pm.test('ok', () => pm.response.to.have.status(200))")])
    data = write("id\n" + "".join(f"{number}\n" for number in range(20)), "data.csv")
    unique = ("-d", data, "--data-distribution", "unique")
    done = load(collection, "--processes", 2, "--users", 4, "--iterations", 100, *unique)
    assert (done.code, done.err) == (0, "note: the data ran out: each row was used once\n")
    assert Counter(one.query for one in server.seen) == {str(number): 1 for number in range(20)}
    assert requests_told(done.out) == 20
    done = load(collection, "--processes", 2, "--users", 3, "--iterations", 30, "-d", data)
    assert (done.code, done.err, requests_told(done.out)) == (0, "", 30)
    assert len(server.seen) == 50


def test_workers_report_what_failed_and_judge_together(load, server, write):
    collection = write([item("a", f"{server.url}/a", "pm.test('never', () => pm.expect(1).to.equal(2))")])
    done = load(collection, "--processes", 2, "--users", 2, "--iterations", 10, "--pass-if", "checks>=99%")
    assert done.code == 99
    assert len(server.seen) == requests_told(done.out) == 10


def test_a_number_of_processes_that_is_none_is_a_mistake(load, server, write):
    collection = write([item("a", server.url)])
    for wrong in ("0", "x", "1000"):
        done = load(collection, "--iterations", 1, "--processes", wrong)
        assert (done.code, server.seen) == (2, [])
        assert "--processes" in done.err


def test_users_of_a_killed_worker_are_taken_over_and_the_test_fails(server, write):
    collection = write([item("a", f"{server.url}/a")])
    words = command(collection, "--processes", 2, "--users", 4, "--duration", "9s", "--think-time", "50ms")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        while len(server.seen) < 200:
            assert process.poll() is None
            server.waiting.wait(0.1)
        (leader,) = psutil.Process(process.pid).children()
        killed, kept = leader.children()[:2]
        killed.kill()
        out, err = process.communicate()
    assert process.returncode == 1
    assert re.search(r"worker [12] was lost, and about \d+ requests that it did not report", " ".join((out + err).split()))
    last = Counter(one.peer for one in server.seen[-40:])
    assert len(last) == 4, "all users are there at the end"
    assert requests_told(out) <= len(server.seen)
    assert not kept.is_running()


def test_a_second_interrupt_waits_for_no_request_of_any_worker(server, write):
    collection = write([item("a", f"{server.url}/wait")])
    words = command(collection, "--processes", 2, "--users", 2, "--duration", "60s", "--stop-timeout", "60s")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        server.waiting.wait(30)
        process.send_signal(signal.SIGINT)
        (leader,) = psutil.Process(process.pid).children()
        workers = leader.children()
        server.go_on.wait(1.1)  # what comes within a second is a repetition of the first
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "TOTAL RESULTS" in out
    assert not any(one.is_running() for one in workers)
