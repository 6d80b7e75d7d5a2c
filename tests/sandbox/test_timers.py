from __future__ import annotations

from runner.effects import Sleep


def test_timers_run_in_the_order_they_are_due(run):
    ran = run("""setTimeout(() => console.log('late'), 12); setTimeout(() => console.log('soon'), 1);
        setImmediate(() => console.log('now')); console.log('first'); Promise.resolve().then(() => console.log('micro'))""")
    assert ran.logged == ["first", "micro", "now", "soon", "late"]


def test_arguments_reach_the_callback(run):
    assert run("setTimeout((a, b) => console.log(a, b), 1, 'x', 2); setImmediate(c => console.log(c), 'y')").logged == [
        "y",
        ["x", 2],
    ]


def test_an_interval_runs_until_it_is_cleared(run):
    assert run("let n = 0; const i = setInterval(() => { if (++n === 3) clearInterval(i); console.log(n) }, 1)").logged == [
        1,
        2,
        3,
    ]


def test_a_cleared_timer_never_runs(run):
    assert run("const t = setTimeout(() => console.log('no'), 1); clearTimeout(t); clearTimeout(99)").logged == []


def test_microtasks_run_between_two_timers(run):
    ran = run("""setTimeout(() => { console.log(1); Promise.resolve().then(() => console.log(2)) }, 1);
        setTimeout(() => console.log(3), 1)""")
    assert ran.logged == [1, 2, 3]


def test_waiting_is_asked_of_the_driver(run):
    sleeps = [e.ms for e in run("setTimeout(() => {}, 15)").effects if isinstance(e, Sleep)]
    assert sleeps
    assert max(sleeps) <= 15


def test_what_is_no_function_is_ignored(run):
    ran = run("console.log(setTimeout('code', 1)); clearTimeout(undefined)")
    assert ran.logged == [None]
    assert ran.error is None


def test_timers_and_requests_wait_together(run):
    ran = run(
        "const both = [pm.sendRequest('http://a'), new Promise(ok => setTimeout(ok, 2))]; await Promise.all(both); "
        "console.log('ok')"
    )
    assert ran.logged == ["ok"]
