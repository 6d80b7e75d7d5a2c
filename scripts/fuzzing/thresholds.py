"""The conditions of load tests."""

from __future__ import annotations

from functools import lru_cache

from fuzzing.spoil import by_text
from fuzzing.target import Defect, Target, own_errors

PATHS = [
    ("Login",),
    ("Shop", "Cart"),
    ("Shop", "Pay {{id}}"),
    ("Blog", "Cart"),
    ("Bob's }",),
    ("Users",),
    ("Users", "List"),
]

SEEDS = (
    "p95<500, error_rate<1% && checks>=99%",
    "http_req_duration{name:Login}: p(99.9)<1.5s, avg<200",
    "less_than(p95{Shop/Cart}, 500); greater_than_eq(rps, 10/s)",
    'p95{"Bob\'s }"}<300ms',
    "http_req_failed{group:::Shop}: rate<=0.01",
    "p95{Shop / Pay {{id}}}<2m, data_received: count<5MB",
)

TOKENS = (
    *(
        "p95",
        "p(",
        ")",
        "{",
        "}",
        "{{",
        "}}",
        '"',
        "'",
        ":",
        "::",
        "<",
        ">=",
        "==",
        "=",
        ",",
        ";",
        "&&",
        "||",
        "/",
        "%",
        " ",
        "\n",
    ),
    *(
        "name:",
        "group:",
        "status:",
        "rate",
        "count",
        "avg",
        "0",
        "1e9",
        "99999999999999999999",
        "ms",
        "s",
        "MB",
        "less_than(",
    ),
    *("checks", "iterations", "vus: value", "http_reqs: ", "Login", "Cart", "Users", "µs", "٣"),
)


@lru_cache(maxsize=1)
def _figures() -> object:
    from runner.clock import Clock
    from runner.load.figures.figures import Figures
    from runner.load.figures.recorder import Recorder

    recorder = Recorder(Clock(wall=lambda: 1.0))
    recorder.request("Login", "GET", 1.0, 5.0, 1, 2, 200, "broke")
    recorder.check("Login", "is quick", False)
    figures = Figures(0.0)
    figures.add(recorder.take(), "1")
    figures.ended = 2.0
    return figures


def one_condition(data: bytes) -> str:
    """Read a condition, and judge a load test by it: each has a result that can be shown, whatever it measures."""
    from runner.load.thresholds.outcome import outcome
    from runner.load.thresholds.parsing import parse_thresholds
    from runner.load.thresholds.threshold import judge

    found = [""]
    with own_errors(found):
        thresholds = parse_thresholds([data.decode("utf-8", "surrogateescape")], PATHS)
        verdicts = judge(thresholds, _figures())
        if not verdicts or not all(verdict.text and verdict.shown for verdict in verdicts):
            raise Defect("a condition without a text")
        found.append(f"{len(verdicts)} {outcome(_figures(), verdicts).exit_code}")
    return found[-1]


TARGETS = {
    "threshold": Target(
        one_condition, lambda: [seed.encode() for seed in SEEDS], by_text(TOKENS), ("runner.load.thresholds",)
    )
}
