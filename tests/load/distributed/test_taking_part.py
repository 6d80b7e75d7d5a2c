"""Masters and workers under load: every request is counted once, or stated as unknown."""

import signal


def under_load(peers, server, workers, users, **given):
    """A master with workers whose users ask the server."""
    master = peers("master", job={"server": server.server_address[1]})
    port = master.hear("listening")
    made = [peers("worker", port, **given) for _ in range(workers)]
    for one in made:
        one.hear("joined")
    master.ask(["start", users, workers], "started")
    return master, made


def test_what_the_workers_report_is_what_the_server_counted(peers, server):
    master, workers = under_load(peers, server, 2, 10)
    reported = master.ask("quit", "reported")
    assert [one.end() for one in (master, *workers)] == [0, 0, 0]
    assert reported == server.count
    assert master.said[-1]["lost"] == []


def test_users_of_a_killed_worker_are_taken_over_and_what_it_did_not_report_is_stated(peers, server):
    master, (killed, kept) = under_load(peers, server, 2, 10)
    killed.process.kill()
    lost_now = master.hear("lost_now")
    master.ask(["wait", 10, 1], "waited")
    assert master.ask("age", "missing") == 1, "a minute later Locust would begin anew at no users"
    assert master.said[-1]["users"] == 10
    reported = master.ask("quit", "reported")
    (lost,) = master.said[-1]["lost"]
    assert lost["worker"] == lost_now
    assert 0 <= server.count - reported <= 2 * lost["requests"]
    assert kept.end() == 0
    assert master.end() == 0


def test_a_worker_that_is_stopped_for_a_while_comes_back_and_loses_nothing(peers, server):
    master, (held, _) = under_load(peers, server, 2, 10)
    held.process.send_signal(signal.SIGSTOP)
    lost_now = master.hear("lost_now")
    held.process.send_signal(signal.SIGCONT)
    assert master.hear("back") == lost_now
    reported = master.ask("quit", "reported")
    assert master.said[-1]["lost"] == []
    assert reported == server.count


def test_workers_end_by_themselves_when_their_master_is_gone(peers, server):
    master, (worker,) = under_load(peers, server, 1, 2, silence=1)
    master.process.kill()
    assert "is gone: nothing was heard of it for 1 s" in worker.hear("told")
    assert worker.hear("gone") is True
    assert worker.end() == 0


def test_the_end_of_the_last_worker_is_noticed(peers, server):
    master, (worker,) = under_load(peers, server, 1, 2)
    worker.process.kill()
    master.hear("lost_now")
    reported = master.ask("quit", "reported")
    (lost,) = master.said[-1]["lost"]
    assert 0 <= server.count - reported <= 2 * lost["requests"]


def test_a_worker_that_is_not_needed_is_sent_away(peers, server):
    master = peers("master", job={"server": server.server_address[1]})
    port = master.hear("listening")
    workers = [peers("worker", port) for _ in range(2)]
    for one in workers:
        one.hear("job")
    while master.ask("workers", "workers") < 2:
        pass
    master.ask(["start", 2, 1], "started")
    assert "is not needed" in next(iter(master.told()))
    late = peers("worker", port)
    assert late.hear("error") == "--master-host: the load has all its workers, or has begun without this one"
    assert late.end() == 2
    assert master.ask("quit", "reported") == server.count
    assert sorted(one.end() for one in workers) == [0, 0]
