"""What goes over the channel is sealed, and a worker takes nothing but what it knows."""

from types import SimpleNamespace

import pytest

from runner.errors import LoadError, UsageError
from runner.load.distributed.job_message import pack, unpack
from runner.load.distributed.messages import MOST_USERS, checked
from runner.load.distributed.seal import Seal

KEY = bytes(32)
SPAWN = {
    "user_classes_count": {"User": 3},
    "stop_timeout": 5.0,
    "timestamp": 1.5,
    "host": "http://x",
    "parsed_options": {"a": 1},
}


@pytest.fixture
def ends():
    """Both ends of a session."""
    return Seal(KEY, master=True), Seal(KEY, master=False)


def test_what_one_end_seals_the_other_opens(ends):
    master, worker = ends
    assert worker.open(master.close(b"one")) == b"one"
    assert master.open(worker.close(b"")) == b""


def test_a_frame_is_opened_once_and_an_older_one_never_after_it(ends):
    master, worker = ends
    first, second = master.close(b"1"), master.close(b"2")
    assert worker.open(second) == b"2"
    assert worker.open(second) is None
    assert worker.open(first) is None
    assert worker.open(master.close(b"3")) == b"3"


def test_a_frame_is_not_opened_by_the_end_that_made_it(ends):
    master, _ = ends
    assert master.open(master.close(b"1")) is None


@pytest.mark.parametrize("at", [0, 8, 20, 41, 44])
def test_a_frame_with_one_other_bit_is_not_opened(ends, at):
    master, worker = ends
    frame = bytearray(master.close(b"data"))
    frame[at] ^= 1
    assert worker.open(bytes(frame)) is None


def test_a_frame_of_another_session_is_not_opened(ends):
    _, worker = ends
    assert worker.open(Seal(bytes([1]) * 32, master=True).close(b"1")) is None


@pytest.mark.parametrize("frame", [b"", b"S", b"S" * 40, b"H" * 60])
def test_what_is_no_frame_is_not_opened(ends, frame):
    assert ends[1].open(frame) is None


def message(type, data=None):
    return SimpleNamespace(type=type, data=data)


def test_a_worker_takes_what_makes_users_and_leaves_out_the_rest():
    spawn = message("spawn", SPAWN)
    assert checked(spawn, {"User"})
    assert spawn.data == {**SPAWN, "host": None, "parsed_options": {}}


@pytest.mark.parametrize("type", ["ack", "stop", "quit", "reconnect", "heartbeat", "spawning_complete"])
def test_a_worker_takes_locusts_plain_messages(type):
    assert checked(message(type), ())
    assert checked(message(type, {"now": 1}), ())
    assert not checked(message(type, [1]), ())


@pytest.mark.parametrize("type", ["update_user_class", "locustfile", "", None, "spawn"])
def test_a_worker_takes_no_other_message(type):
    assert not checked(message(type), {"User"})


@pytest.mark.parametrize(
    "change",
    [
        {"user_classes_count": {"Other": 1}},
        {"user_classes_count": {"User": -1}},
        {"user_classes_count": {"User": True}},
        {"user_classes_count": {"User": 1.5}},
        {"user_classes_count": {"User": MOST_USERS + 1}},
        {"user_classes_count": [["User", 1]]},
        {"stop_timeout": "1"},
        {"stop_timeout": -1},
        {"stop_timeout": float("nan")},
        {"timestamp": None},
        {"timestamp": float("inf")},
    ],
)
def test_a_worker_takes_no_users_that_it_does_not_know_or_cannot_count(change):
    assert not checked(message("spawn", {**SPAWN, **change}), {"User"})


def test_a_job_comes_out_as_it_went_in():
    job = {"collection": {"name": "ü\ud800"}, "rows": [1, None, 2.5], "big": 10**30}
    assert unpack(pack(job)) == job


def test_a_job_that_no_worker_would_take_is_not_sent():
    with pytest.raises(UsageError, match=r"have 2 MiB together, and workers take 1 MiB"):
        pack({"data": "x" * (2 << 20)}, most=1 << 20)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"1", b"\x80\x04", b"[" * 99_999, b'{"data": "' + b"x" * 200 + b'"}']
)
def test_a_worker_takes_no_job_that_is_none_or_too_large(content):
    with pytest.raises(LoadError, match="the master sent no job"):
        unpack(content, most=200)
