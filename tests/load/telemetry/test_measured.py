"""What is measured of a load test, and the text that Prometheus gets of it."""

import re
from types import SimpleNamespace

from runner.load.figures.figures import Figures
from runner.load.figures.recorder import Recorder
from runner.load.telemetry.measured import Measured, Spread, measured, spread
from runner.load.telemetry.prometheus import name_of, prometheus_text
from runner.load.thresholds.parsing import parse_thresholds
from runner.load.thresholds.threshold import judge

AT = 1_700_000_000.0


def figures():
    """Those of two requests, one of which fails, and of a worker."""
    recorder, made = Recorder(SimpleNamespace(now=lambda: AT)), Figures(AT)
    for ms in (4.0, 30.0, 9000.0):
        recorder.request("Login", "GET", AT, ms, 10, 20, 200, "")
    recorder.request('Say\n"hi\\', "POST", AT, 20_000.0, 10, 0, 0, "ECONNRESET")
    recorder.check("Login", "ok", True, "")
    recorder.check("Login", "ok", False, "no")
    recorder.iteration(AT, 50.0, False)
    recorder.iteration(AT, 70.0, True)
    recorder.dropped(3)
    recorder.users(5)
    made.add(recorder.take(), "w1")
    made.worker("w1").uses(45.0)
    return made


def samples(text):
    """The values of a text of Prometheus, by name and labels; every line has to be one that it knows."""
    found, kinds = {}, {}
    for line in text.splitlines():
        if kind := re.fullmatch(r"# TYPE (\w+) (counter|gauge|histogram)", line):
            assert kind[1] not in kinds
            kinds[kind[1]] = kind[2]
            continue
        if re.fullmatch(r"# HELP \w+ .+", line):
            continue
        label = r'[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"'
        name, labels, value = re.fullmatch(rf"(\w+)(?:\{{({label}(?:,{label})*)\}})? (\S+)", line).groups()
        assert re.sub("_(bucket|sum|count)$", "", name) in kinds or name in kinds
        assert (name, labels or "") not in found
        found[name, labels or ""] = float(value)
    return found


def test_the_text_has_every_figure():
    made = figures()
    found = samples(prometheus_text(measured(made, ())))
    login, other = (
        'test_case_name="Login",http_request_method="GET"',
        r'test_case_name="Say\n\"hi\\",http_request_method="POST"',
    )
    assert found["postrunner_requests_total", f'{login},http_response_status_code="200"'] == 3
    assert found["postrunner_requests_total", f'{other},http_response_status_code="0"'] == 1
    assert found["postrunner_request_failures_total", other] == 1
    assert found["postrunner_sent_bytes_total", ""] == 40
    assert found["postrunner_received_bytes_total", ""] == 60
    for result in ("passed", "failed"):
        assert found["postrunner_assertions_total", f'test_case_name="Login",postrunner_assertion_result="{result}"'] == 1
        assert found["postrunner_iterations_total", f'postrunner_iteration_result="{result}"'] == 1
    assert found["postrunner_iterations_dropped_total", ""] == 3
    assert found["postrunner_users", 'postrunner_worker="w1"'] == 5
    assert found["postrunner_worker_cpu_ratio", 'postrunner_worker="w1"'] == 0.45
    assert found["postrunner_workers_lost_total", ""] == 0


def test_a_histogram_counts_up_to_each_bound():
    found = samples(prometheus_text(measured(figures(), ())))
    login = 'test_case_name="Login",http_request_method="GET"'
    name = "http_client_request_duration_seconds"
    below = {
        labels.rpartition('le="')[2][:-1]: n
        for (key, labels), n in found.items()
        if key == f"{name}_bucket" and login in labels
    }
    assert list(below) == [
        "0.005",
        "0.01",
        "0.025",
        "0.05",
        "0.075",
        "0.1",
        "0.25",
        "0.5",
        "0.75",
        "1",
        "2.5",
        "5",
        "7.5",
        "10",
        "+Inf",
    ]
    assert list(below.values()) == [1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3]
    assert (found[f"{name}_count", login], found[f"{name}_sum", login]) == (3, 9.034)


def test_a_bound_belongs_to_its_bucket_and_what_is_longer_than_all_to_none():
    durations = Recorder(SimpleNamespace(now=lambda: AT))
    for ms in (5.0, 10_000.0, 10_100.0):
        durations.request("a", "GET", AT, ms, 0, 0, 200, "")
    made = Figures(AT)
    made.add(durations.take(), "w")
    found = spread(made.total.durations)
    assert (found.below[0], found.below[-1], found.total) == (1, 2, 3)
    assert (found.least, found.most) == (0.005, 10.1)


def test_thresholds_are_told_as_they_are_now():
    made = figures()
    verdicts = judge(parse_thresholds(("p95<5ms", "p95<100s"), (("Login",),)), made)
    found = samples(prometheus_text(measured(made, verdicts)))
    assert [found["postrunner_threshold_passed", f'postrunner_threshold="{one.text}"'] for one in verdicts] == [0, 1]


def test_a_test_without_any_request_has_a_text_too():
    found = samples(prometheus_text(measured(Figures(AT), ())))
    assert found["postrunner_iterations_dropped_total", ""] == 0
    assert found["postrunner_iteration_duration_seconds_count", ""] == 0


def test_a_worker_that_is_lost_has_no_users():
    made = figures()
    made.lose("w1", AT + 5)
    found = samples(prometheus_text(measured(made, ())))
    assert ("postrunner_users", 'postrunner_worker="w1"') not in found
    assert found["postrunner_workers_lost_total", ""] == 1


def test_half_a_character_is_no_reason_to_fail():
    metric = Measured(name="a.b", kind="gauge", unit="{x}", about="x", values=(({"n": "\ud800"}, 1),))
    assert prometheus_text([metric]).encode()


def test_names_follow_the_rules_of_opentelemetry():
    def name(name, kind, unit):
        return name_of(Measured(name=name, kind=kind, unit=unit, about="", values=(({}, Spread((), (), 0, 0.0)),)))

    assert name("http.client.request.duration", "histogram", "s") == "http_client_request_duration_seconds"
    assert name("postrunner.sent", "counter", "By") == "postrunner_sent_bytes_total"
    assert name("postrunner.worker.cpu", "gauge", "1") == "postrunner_worker_cpu_ratio"
    assert name("postrunner.users", "gauge", "{user}") == "postrunner_users"
