"""A worker and the master prove the join token to one another before the job is sent."""

from importlib.metadata import version

import msgpack
import pytest
import zmq

from runner.errors import UsageError
from runner.load.distributed.handshake import WAITING, MasterSide, Refused, Versions, WorkerSide, check_token
from tests.load.distributed.conftest import TOKEN

OWN_VERSIONS = Versions(postrunner="1.0", locust="2.0")
JOB = {"server": 0, "name": "a job with a secret-looking name"}


def join(peers, master, **given):
    port = master.hear("listening")
    return port, peers("worker", port, **given)


def test_a_worker_with_the_token_gets_the_job_and_ends_with_the_master(peers):
    master = peers("master", job=JOB)
    _, worker = join(peers, master)
    assert worker.hear("job") == JOB
    worker.hear("joined")
    master.ask("quit", "reported")
    assert master.end() == 0
    assert worker.end() == 0
    assert worker.said[-1] == {"gone": False}


def test_a_worker_with_another_token_is_refused_by_name_on_both_sides(peers):
    master = peers("master", job=JOB)
    _, worker = join(peers, master, token="another token, as long as it")
    assert worker.hear("error") == "--join-token: the master has another join token"
    assert worker.end() == 2
    assert "is refused: it has another join token" in master.hear("told")
    assert not any("job" in said for said in worker.said)


@pytest.mark.parametrize("name", ["postrunner", "locust"])
def test_a_worker_of_another_version_is_refused_by_name_on_both_sides(peers, name):
    master = peers("master", job=JOB)
    _, worker = join(peers, master, versions={name: "0.0.1"})
    assert "this worker 0.0.1" in worker.hear("error")
    assert f"has {name}" in worker.said[-1]["error"]
    assert worker.end() == 2
    assert f"the worker has {name} 0.0.1" in master.hear("told")


@pytest.fixture
def stranger():
    """Makes raw sockets as any program may open them."""
    context = zmq.Context()
    made = []

    def connect(port, identity=b"stranger"):
        socket = context.socket(zmq.DEALER)
        socket.setsockopt(zmq.IDENTITY, identity)
        socket.setsockopt(zmq.LINGER, 0)
        socket.connect(f"tcp://127.0.0.1:{port}")
        made.append(socket)
        return socket

    yield connect
    for socket in made:
        socket.close()
    context.term()


def answer(socket):
    assert socket.poll(20_000), "no answer"
    return socket.recv()


def test_a_stranger_that_says_it_is_ready_as_locust_does_gets_no_job_and_is_no_worker(peers, stranger):
    master = peers("master", job=JOB)
    socket = stranger(master.hear("listening"))
    socket.send(msgpack.dumps(("client_ready", version("locust"), "stranger")))
    assert msgpack.loads(answer(socket)) == ["quit", None, "stranger"]
    assert "it is Locust's own" in master.hear("told")
    assert master.ask("workers", "workers") == 0
    assert not socket.poll(0)


def test_a_stranger_that_sends_nonsense_disturbs_nobody(peers, stranger):
    master = peers("master", job=JOB)
    port = master.hear("listening")
    socket = stranger(port)
    for frame in (
        b"",
        b"\x93",
        b"H",
        b"H{}",
        b'H{"kind":1}',
        b'H{"kind":"hello"}',
        b"S" * 41,
        b"\xc1" * 9,
        b'H{"kind":"proof"}',
    ):
        socket.send(frame)
    socket.send_multipart([b"several", b"parts", b"of a message"])
    stranger(port, b"a name with spaces\n").send(b'H{"kind":"hello"}')
    worker = peers("worker", port)
    worker.hear("joined")
    assert master.ask("workers", "workers") == 1


def test_a_stranger_cannot_speak_for_a_worker_that_has_joined(peers, stranger):
    master = peers("master", job=JOB)
    port = master.hear("listening")
    worker = peers("worker", port)
    name = worker.hear("joined")
    for identity in (b"stranger", name.encode()):
        socket = stranger(port, identity)
        socket.send(msgpack.dumps(("quit", None, name)))
        socket.send(msgpack.dumps(("locustfile", {"version": version("locust")}, name)))
        socket.send(b"S" + (99).to_bytes(8, "big") + bytes(32) + msgpack.dumps(("quit", None, name)))
        socket.send(b'H{"kind":"hello"}')
        assert b'"refused"' in answer(socket)
    assert master.ask("workers", "workers") == 1


def test_a_recorded_proof_is_worth_nothing_later():
    key, peer = check_token(TOKEN), "worker"
    master = MasterSide(key, OWN_VERSIONS)
    worker = WorkerSide(peer, key, OWN_VERSIONS)
    hello = worker.hello
    proof = worker.hear(master.hear(peer, hello).reply)
    assert master.hear(peer, proof).seal is not None
    assert master.hear(peer, proof).seal is None, "the same proof again"
    challenge = master.hear(peer, hello).reply
    assert challenge["kind"] == "challenge"
    assert master.hear(peer, proof).reply == {"kind": "refused", "why": "token"}, "the same proof for another challenge"


def test_a_proof_counts_for_one_worker_only():
    key = check_token(TOKEN)
    master, worker = MasterSide(key, OWN_VERSIONS), WorkerSide("worker", key, OWN_VERSIONS)
    challenge = master.hear("another", worker.hello).reply
    assert master.hear("another", worker.hear(challenge)).reply == {"kind": "refused", "why": "token"}


def test_a_worker_takes_no_job_of_a_master_without_the_token():
    worker = WorkerSide("worker", check_token(TOKEN), OWN_VERSIONS)
    other = MasterSide(check_token("the token of somebody else"), OWN_VERSIONS)
    proof = worker.hear(other.hear("worker", worker.hello).reply)
    assert proof["kind"] == "proof"
    with pytest.raises(Refused, match="does not know the join token"):
        worker.hear({"kind": "welcome", "proof": proof["proof"]})
    assert worker.seal is None


def test_a_worker_does_not_believe_a_welcome_before_it_has_proven_the_token():
    worker = WorkerSide("worker", check_token(TOKEN), OWN_VERSIONS)
    assert worker.hear({"kind": "welcome", "proof": "x"}) is None
    assert worker.seal is None


def test_a_hello_that_comes_twice_has_one_challenge():
    side = MasterSide(check_token(TOKEN), OWN_VERSIONS)
    worker = WorkerSide("worker", check_token(TOKEN), OWN_VERSIONS)
    first = side.hear("worker", worker.hello).reply
    assert side.hear("worker", worker.hello).reply == first
    assert side.hear("worker", worker.hear(first)).seal is not None


def test_what_waits_for_a_proof_is_bounded():
    side = MasterSide(check_token(TOKEN), OWN_VERSIONS)
    workers = [WorkerSide(f"w{at}", check_token(TOKEN), OWN_VERSIONS) for at in range(WAITING + 1)]
    replies = [side.hear(f"w{at}", worker.hello).reply for at, worker in enumerate(workers)]
    assert side.hear("w0", workers[0].hear(replies[0])).seal is None
    assert side.hear(f"w{WAITING}", workers[-1].hear(replies[-1])).seal is not None


@pytest.mark.parametrize(("token", "why"), [("", "needs a join token"), ("x" * 15, "fewer than 16 characters")])
def test_a_token_that_is_missing_or_short_is_refused(token, why):
    with pytest.raises(UsageError, match=why):
        check_token(token)


def test_a_version_that_is_no_version_is_not_repeated():
    side = MasterSide(check_token(TOKEN), OWN_VERSIONS)
    told = side.hear("worker", {"kind": "hello", "nonce": "x", "postrunner": "\x1b[2J", "locust": ["?"]}).told
    assert "\x1b" not in told
    assert told.count("of an unknown version") == 2


def test_a_worker_without_a_master_says_so(peers):
    worker = peers("worker", 1, wait=0.2)
    assert worker.hear("error") == "--master-host: no master answers at 127.0.0.1:1"
    assert worker.end() == 1


def test_a_worker_that_cannot_prepare_the_job_says_why_on_both_sides(peers):
    master = peers("master", job={"server": 0, "refuse": True})
    worker = peers("worker", master.hear("listening"))
    assert worker.hear("error") == "has no value for API_KEY"
    assert "cannot take part: has no value for API_KEY" in master.hear("told")
    assert master.ask("workers", "workers") == 0
    assert worker.end() == 1


def test_a_port_in_use_is_told(peers):
    port = peers("master", job=JOB).hear("listening")
    second = peers("master", port, job=JOB)
    assert second.hear("error") == f"--port: 127.0.0.1:{port} is in use"
