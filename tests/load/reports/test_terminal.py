"""The cli report: a table that is drawn anew on a terminal, lines in a log, a summary at the end."""

import re

import pytest

from runner.load.reports.report import Outcome
from tests.load.reports.conftest import BUY, LOGIN, START, Screen

BACK = re.compile(r"\x1b\[([0-9]+)A\r")
END = Outcome(ended="finished", exit_code=0)


def frames(text):
    """What a terminal shows after each time the table was drawn."""
    parts = re.split(r"\x1b\[[0-9]+A\r", text)
    return [re.sub(r"\x1b\[[KJ]", "", part) for part in parts]


def draw(load, times, **given):
    screen = Screen(terminal=True)
    reporting = load.reporting(screen, "cli", environ={"COLUMNS": "100", "TERM": "xterm"}, **given)
    reporting.start(load.figures)
    for _ in range(times):
        load.send(LOGIN, "GET", 12.0).tick()
        reporting.progress(load.figures, load.verdicts)
    return reporting, screen


def test_on_a_terminal_the_table_takes_the_place_of_the_one_before(load):
    _, screen = draw(load, 3)
    first, second, third = frames(screen.getvalue())
    assert "1s of 10s (9s left)" in first
    assert "requests 2 (1/s)" in second
    assert "requests 3 (1/s)" in third
    lines = second.count("\n")
    assert [int(back) for back in BACK.findall(screen.getvalue())] == [lines, lines]


def test_the_summary_takes_the_place_of_the_table(load):
    reporting, screen = draw(load, 2)
    reporting.close(load.figures, load.verdicts, END)
    text = screen.getvalue()
    assert "TOTAL RESULTS" in text.rpartition("\x1b[J")[2]
    assert len(BACK.findall(text)) == 2


def test_the_table_is_never_higher_than_the_terminal(load):
    screen = Screen(terminal=True)  # one that does not say how high it is
    for number in range(60):
        load.send(f"Request {number}", "GET", 5.0 + number, "broke" if number == 3 else "", 500 if number == 3 else 200)
    reporting = load.tick().reporting(screen, "cli", environ={"COLUMNS": "100", "TERM": "xterm"})
    reporting.progress(load.figures, load.verdicts)
    reporting.progress(load.figures, load.verdicts)
    (height,) = map(int, BACK.findall(screen.getvalue()))
    table = frames(screen.getvalue())[1]
    assert height < 24
    assert "GET Request 3 " in table, "the one that failed is shown"
    assert "GET Request 59 " in table, "the slowest is shown"
    assert re.search("and 4[0-9] more", table)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_of_the_table_is_wider_than_the_terminal(busy, width):
    screen = Screen(terminal=True)
    busy.figures.worker("w1").uses(99.0)
    reporting = busy.reporting(screen, "cli", environ={"COLUMNS": str(width), "TERM": "xterm"})
    reporting.progress(busy.figures, busy.verdicts)
    table = frames(screen.getvalue())[0]
    assert max(map(len, table.splitlines())) < width
    assert "all requests" in table


def test_in_a_log_there_is_a_line_every_ten_seconds_and_nothing_moves(load):
    screen = Screen()
    reporting = load.reporting(screen, "cli")
    reporting.start(load.figures)
    for _ in range(25):
        load.send(LOGIN, "GET", 12.0, "broke" if load.second == 3 else "", 500 if load.second == 3 else 200).tick()
        reporting.progress(load.figures, load.verdicts)
    lines = [line for line in screen.getvalue().splitlines() if " users, " in line or " user, " in line]
    assert lines == [
        "  10s of 10s (0s left): 0 users, 10 requests (1/s), p50 12ms, p95 12ms, p99 12ms, 1 failed, CPU 0%",
        "  20s of 10s (0s left): 0 users, 20 requests (1/s), p50 12ms, p95 12ms, p99 12ms, 1 failed, CPU 0%",
    ]
    assert "\x1b" not in screen.getvalue()


def test_a_terminal_of_a_ci_server_is_a_log(load):
    assert "\x1b" not in load.send(LOGIN, "GET", 1.0).tick().reported("cli", terminal=True, environ={"CI": "true"})


def test_nothing_is_printed_if_it_shall_be_silent(busy):
    assert busy.reported("cli", silent=True) == ""
    assert busy.reported("cli", reporter_options=(("cli-silent", "true"),)) == ""
    assert busy.reported("cli", silent=True, terminal=True) == ""


def test_the_first_lines_say_what_is_tested_and_can_be_left_out(load):
    head = "postrunner load\n\nShop API\n2 users for 10s\nenvironment staging\n"
    assert load.reported("cli").startswith(head)
    assert load.reported("cli", reporter_options=(("cli-no-banner", "true"),)).startswith("\nTOTAL RESULTS")


def test_failures_are_listed_with_how_often_they_came(busy):
    text = busy.reported("cli", environ={"COLUMNS": "120"})
    assert f"80.00% passed, 2 failed  {BUY}: is 200" in text
    assert f"2 × assertion  {BUY}: is 200: expected 500 to equal 200" in text
    assert f"1 × request  {LOGIN}: connection refused" in text


def test_more_failures_than_are_listed_are_counted(load):
    for number in range(25):
        load.send(LOGIN, "GET", 1.0, f"error {number:02}", 0)
    text = load.tick().reported("cli")
    assert text.count(" × request") == 20
    assert "  and 5 more failures" in text


def test_more_failed_checks_than_are_listed_are_counted(load):
    for number in range(23):
        load.check(LOGIN, f"check {number:02}", False)
    assert "  and 3 more failed checks" in load.send(LOGIN, "GET", 1.0).tick().reported("cli")


@pytest.mark.parametrize(("code", "color"), [(0, "32"), (1, "31"), (99, "31")])
def test_the_last_line_is_green_only_if_the_test_passed(load, code, color):
    text = load.reported("cli", outcome=Outcome(ended="finished", exit_code=code), color="on")
    assert text.splitlines()[-1].startswith(f"\x1b[1;{color}m")


def test_without_a_single_request_the_summary_has_no_figures_and_no_error(load):
    text = load.reported("cli")
    assert "http_req_duration..............: avg=– min=– med=– max=– p(90)=– p(95)=–" in text
    assert "http_reqs......................: 0 –" in text


def test_how_a_test_ended_is_the_last_line(busy):
    why = ("error_rate<1%: 1.75 %", "p95<5: 12 ms")
    aborted = Outcome(ended="aborted", exit_code=99, said="error_rate<1% was crossed", reasons=why)
    lines = busy.reported("cli", outcome=aborted).splitlines()
    assert lines[-1] == "Aborted after 10s: error_rate<1%: 1.75 %; p95<5: 12 ms"
    assert "aborted: error_rate<1% was crossed; the figures are those until then" in lines


def test_texts_from_outside_do_not_steer_the_terminal(load):
    evil = "\x1b[2J\x1b]0;title\x07\nevil"
    load.send(evil, "GET", 1.0, evil, 0).check(evil, evil, False).tick()
    plain = load.reported("cli")
    assert "\x1b" not in plain
    assert "\x07" not in plain
    drawn = load.reported("cli", terminal=True, environ={"TERM": "xterm"})
    assert not {"\x1b[2J", "\x1b]", "\x07"} & set(re.findall(r"\x1b\[2J|\x1b\]|\x07", drawn))


def test_a_terminal_without_unicode_gets_ascii_alone(busy):
    assert busy.reported("cli", disable_unicode=True).isascii()
    assert re.sub("\x1b.", "", busy.reported("cli", disable_unicode=True, terminal=True)).isascii()


def test_each_of_few_workers_and_the_busiest_of_many_are_shown(load):
    for number in range(3):
        load.figures.worker(f"w{number}").uses(30.0 + number)
    load.figures.lose("w2", START)
    assert "CPU 31% 30%" in load.reported("cli", terminal=True, environ={"TERM": "xterm"})
    for number in range(8):
        load.figures.worker(f"w{number}").uses(30.0 + number)
    assert "CPU of 7 workers at most 37%" in load.reported("cli", terminal=True, environ={"TERM": "xterm"})
