from __future__ import annotations

import pytest

from runner.effects import AskScript, Sleep


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


@pytest.mark.parametrize("delay", ["2 ** 31", "1e12", "Infinity", "NaN", "-5", "'x'", "{}"])
def test_a_delay_that_is_none_or_too_long_is_a_millisecond(run, delay):
    assert run(f"setTimeout(() => console.log('now'), {delay}); setTimeout(() => console.log('soon'), 8)").logged == [
        "now",
        "soon",
    ]


def test_delays_are_whole_milliseconds(run):
    ran = run("setTimeout(() => console.log('b'), '4.2'); setTimeout(() => console.log('a'), 3.9)")
    assert ran.logged == ["a", "b"]


def test_timers_of_one_time_run_in_the_order_they_were_set(run):
    ran = run(
        "const all = []; for (let i = 0; i < 300; i++) setTimeout(() => all.push(i), 3); setTimeout(() => {"
        " console.log(all.length, all.every((n, i) => n === i)) }, 9)"
    )
    assert ran.logged == [[300, True]]


def test_timers_run_by_their_times_whatever_the_order_of_setting_and_clearing(run):
    ran = run("""const times = Array.from({length: 60}, (_, i) => i * 7919 % 5 * 20 + 1), seen = [];
        const ids = times.map(ms => setTimeout(() => seen.push(ms), ms));
        ids.forEach((id, i) => { if (i % 3 === 0) clearTimeout(id) });
        setTimeout(() => console.log(seen.length, String(seen) === String([...seen].sort((a, b) => a - b))), 120)""")
    assert ran.logged == [[40, True]]


def test_an_interval_waits_anew_after_each_turn_and_may_clear_itself_and_others(run):
    ran = run("""let n = 0; const other = setInterval(() => console.log('never'), 1000), i = setInterval(() => {
        if (++n === 3) { clearInterval(i); clearInterval(other); console.log(n) } }, 1)""")
    assert ran.logged == [3]


def test_an_interval_goes_on_after_an_error(run):
    ran = run("let n = 0; const i = setInterval(() => { if (++n === 2) clearInterval(i); throw new Error('no ' + n) }, 1)")
    assert ran.error == "Error: no 1"
    assert ran.logged[0].startswith("Error: no 2")


def test_what_happened_before_a_wait_is_told_before_it(run):
    ran = run("setTimeout(() => { console.log('a'); setTimeout(() => { setTimeout(() => console.log('b'), 2) }, 2) }, 2)")
    assert ran.logged == ["a", "b"]


def test_short_timers_do_not_ask_the_driver_each_time(run):
    """A thousand of them take a second; each turn that is asked of the driver costs as much as the timer."""
    ran = run("let n = 0; const f = () => { if (++n < 500) setTimeout(f, 0); else console.log(n) }; f()")
    assert ran.logged == [500]
    assert len([e for e in ran.effects if isinstance(e, AskScript)]) < 450


def test_endless_immediates_leave_timers_their_turn(run):
    ran = run("let go = true; const f = () => { if (go) setImmediate(f) }; f(); setTimeout(() => { go = false }, 5)")
    assert ran.error is None
