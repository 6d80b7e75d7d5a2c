"""What the master knows of its workers: their time, and what is unknown of those that were lost."""

from runner.clock import Clock
from runner.load.distributed.clock import SAMPLES, MasterTime
from runner.load.distributed.presence import Presence


def test_what_a_lost_worker_did_not_report_is_its_highest_rate_for_the_time_since_and_its_users():
    one = Presence(worker="w", alive=100, reported=100)
    one.report(101, requests=0, users=5)
    one.report(102, requests=40, users=7)
    one.report(103, requests=30, users=7)
    one.alive = 104.5
    lost = one.lost()
    assert (lost.worker, lost.since, lost.at) == ("w", 103, 105.5)
    assert lost.requests == 40 * (1.5 + 1) + 7


def test_reports_that_come_at_once_do_not_make_a_rate_of_a_thousand():
    one = Presence(worker="w", alive=100, reported=100)
    one.report(103, requests=90, users=1)
    one.report(103.01, requests=30, users=1)
    assert one.highest_rate == 30


def test_of_a_worker_that_was_lost_before_it_reported_anything_the_number_is_unknown():
    one = Presence(worker="w", alive=100, reported=100)
    one.report(101, requests=0, users=5)
    assert one.lost().requests is None


def test_a_worker_reads_the_masters_time_from_its_quickest_message():
    seconds = [0.0]
    time = MasterTime(Clock(lambda: 1_000_000.0, lambda: seconds[0]))
    assert time.now() == 1_000_000.0, "before the first message"
    for at, sent, way in ((1, 5000.0, 0.3), (2, 5001.0, 0.01), (3, 5002.0, 2.0)):
        seconds[0] = at + way
        time.heard(sent)
    assert time.clock.now() == 5002.0 + 2.0 - 0.01
    assert time.clock.monotonic() == 5.0


def test_a_clock_of_the_master_that_is_set_back_is_followed_within_a_minute():
    seconds = [0.0]
    time = MasterTime(Clock(lambda: 0.0, lambda: seconds[0]))
    time.heard(9000.0)
    for at in range(1, SAMPLES + 1):
        seconds[0] = float(at)
        time.heard(5000.0 + at)
    assert time.now() == 5000.0 + SAMPLES
