"""The options of a load test: what their texts mean, and which of them exclude one another."""

import pytest

from runner.cli.commands import load as command
from runner.errors import UsageError
from runner.load.options import LoadOptions, parse_stages, parse_think_time, parse_time
from runner.load.shape import shape_of
from tests.cli.conftest import postrunner  # noqa: F401


@pytest.mark.parametrize(
    ("text", "seconds"), [("0s", 0), ("500ms", 0.5), ("30s", 30), ("1.5m", 90), ("2min", 120), ("1h", 3600), (" 5m ", 300)]
)
def test_a_time_has_a_unit(text, seconds):
    assert parse_time(text, "--duration") == seconds


@pytest.mark.parametrize("text", ["", "5", "s", "-1s", "1d", "1e3s", "1 s", "1s2", "99999999h", "١s"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(UsageError):
        parse_time(text, "--duration")


def test_a_bare_number_is_refused_because_the_postman_cli_counts_minutes():
    with pytest.raises(UsageError) as caught:
        parse_time("5", "--duration")
    assert "5s or 5m: the Postman CLI counts minutes" in caught.value.hint


def test_stages_are_times_and_users():
    assert parse_stages("30s:10, 1m:50,30s:0", "") == ((30, 10), (60, 50), (30, 0))
    for wrong in ("", "30s", "30s:", ":5", "30s:x", "30s:-1", "30s:0", "0s:5", "30s:5,"):
        with pytest.raises(UsageError):
            parse_stages(wrong, "")


def test_think_time_is_a_time_or_two():
    assert parse_think_time("2s", "") == (2, 2)
    assert parse_think_time("500ms-3s", "") == (0.5, 3)
    for wrong in ("", "3s-1s", "1-3s", "1s-"):
        with pytest.raises(UsageError):
            parse_think_time(wrong, "")


def users(options, *moments):
    shape = shape_of(options)
    return [shape.users_at(moment) for moment in moments]


def test_fixed_users_start_at_once_or_at_their_rate():
    assert users(LoadOptions(users=5, duration=9), 0, 8, 100) == [5, 5, 5]
    assert users(LoadOptions(users=10, spawn_rate=2, duration=60), 0, 1, 2, 4, 50) == [2, 4, 6, 10, 10]
    assert users(LoadOptions(users=3, spawn_rate=0.5, duration=60), 0, 2, 4) == [1, 2, 3]


def test_stages_go_in_straight_lines_from_no_user():
    stages = LoadOptions(stages=((10, 10), (10, 10), (5, 0)))
    assert users(stages, 0, 5, 10, 15, 20, 24, 25, 99) == [0, 5, 10, 10, 10, 2, 0, 0]
    assert stages.planned == 25
    assert users(LoadOptions(stages=((0, 7), (5, 7))), 0, 4) == [7, 7]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("ramp-up", [25, 62, 100, 100, 100, 100, 100]),
        ("spike", [10, 10, 10, 10, 100, 10, 10]),
        ("peak", [20, 20, 40, 100, 100, 20, 20]),
    ],
)
def test_the_profiles_of_postman_are_shares_of_users_and_time(profile, expected):
    options = LoadOptions(users=100, duration=1000, load_profile=profile)
    assert users(options, 0, 125, 250, 400, 500, 800, 1000) == expected


def test_the_load_is_said_in_words():
    assert LoadOptions(users=1, duration=90).said == "1 user for 90s"
    assert LoadOptions(users=20, duration=300, load_profile="peak").said == "20 users, peak for 5m"
    assert LoadOptions(users=8, rate=50, iterations=9).said == "50 iterations a second, at most 8 users, 9 iterations"
    assert LoadOptions(stages=((30, 10), (60, 0))).said == "stages 30s:10, 1m:0"


def test_options_are_the_same_after_a_way_as_json():
    options = LoadOptions(users=3, stages=((1.5, 2),), think_time=(1, 2), rate=0.5)
    assert LoadOptions.from_json(options.to_json()) == options


MISTAKES = [
    ("", "the load test has no end", "--duration 30s"),
    ("--users 5", "the load test has no end", ""),
    ("--duration 5", "--duration: '5' is not a time", "the Postman CLI counts minutes"),
    ("--users 0 --duration 5s", "--users: '0' is not a whole number", ""),
    ("--vus x --duration 5s", "--users: 'x' is not a whole number", ""),
    ("--stages 5s:1 --users 3", "--users: makes no sense with --stages", ""),
    ("--rate 5/s --duration 5s --users 3", "--users: makes no sense with --rate", "--max-users"),
    ("--rate 5 --duration 5s", "--rate: '5' is not a rate", "50/s"),
    ("--max-users 5 --duration 5s", "--max-users: does nothing without --rate", ""),
    ("--data-distribution unique --duration 5s", "--data-distribution: does nothing without --iteration-data", ""),
    ("--load-profile peak --iterations 5", "--load-profile: needs --duration", ""),
    ("--load-profile wave --duration 5s", "--load-profile: 'wave' is none of fixed, ramp-up, spike, peak", ""),
    ("--spawn-rate 0 --duration 5s", "--spawn-rate: '0' is not a number of users a second", ""),
    ("--duration 5s --abort-on-fail", "--abort-on-fail: does nothing without --pass-if", ""),
    ("--duration 5s --pass-if p95<1s --abort-delay 1s", "--abort-delay: does nothing without --abort-on-fail", ""),
    ("--duration 5s --pass-if p95<1s --abort-on-fail --abort-delay 5", "--abort-delay: '5' is not a time", ""),
    ("--duration 5s --web-port 80", "--web-port: does nothing without --web", ""),
    ("--duration 5s --web --web-port 70000", "--web-port: '70000' is no port", ""),
    ("--duration 5s -n 3", "--iteration-count: makes no sense under load", "--iterations"),
    ("--duration 5s --bail", "--bail: makes no sense under load", ""),
    ("--duration 5s --export-environment x.json", "--export-environment: makes no sense under load", ""),
]


@pytest.mark.parametrize(("line", "message", "hint"), MISTAKES, ids=lambda value: value)
def test_a_mistake_is_told_before_anything_is_sent(postrunner, line, message, hint):  # noqa: F811
    done = postrunner("load", "c.json", *line.split())
    assert done.code == 2
    assert done.err.startswith(f"error: {message}")
    assert hint in done.err


def test_every_refused_option_is_an_option_of_a_run_that_the_help_hides(postrunner):  # noqa: F811
    hidden = {parameter.name for parameter in command.command.params if getattr(parameter, "hidden", False)}
    assert hidden == set(command.REFUSED)
    shown = postrunner("load", "--help").out
    assert "--iteration-count" not in shown
    assert "--timeout-request" in shown


def test_without_locust_the_hint_says_how_to_get_it(postrunner, monkeypatch):  # noqa: F811
    monkeypatch.setattr("runner.load.processes.starting.find_spec", lambda name: None)
    done = postrunner("load", "c.json", "--duration", "5s")
    assert done.code == 2
    assert "pip install 'postrunner[load]'" in done.err
