"""Thresholds are read in three spellings, and what is wrong with one is told with its place."""

import random

import pytest

from runner.errors import UsageError
from runner.load.thresholds.parsing import parse_thresholds
from runner.load.thresholds.units import COUNT, RATE, SHARE, SIZE, TIME

PATHS = [
    ("Login",),
    ("Shop", "Cart"),
    ("Shop", "Pay"),
    ("Shop", "Admin", "Login now"),
    ("Blog", "Cart"),
    ("Blog", "GET /posts/{{id}}"),
    ("Users",),
    ("Users", "List"),
    ("Users", "/health"),
    ("Users", "Bob's }"),
    ("Users", "Eve's cart"),
]


def parse(*texts):
    return parse_thresholds(texts, PATHS)


def parsed(text):
    (threshold,) = parse(text)
    return threshold


def error_of(text):
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.exit_code == 2
    return caught.value


@pytest.mark.parametrize(
    ("text", "unit", "operator", "limit"),
    [
        ("p95<500", TIME, "<", 500),
        ("p95 < 500 ms", TIME, "<", 500),
        ("p95<=0.5s", TIME, "<=", 500),
        ("P99.9<1.5m", TIME, "<", 90_000),
        ("avg<800us", TIME, "<", 0.8),
        ("median<20", TIME, "<", 20),
        ("mean<20", TIME, "<", 20),
        ("min>1", TIME, ">", 1),
        ("max!=5", TIME, "!=", 5),
        ("p(95)<500", TIME, "<", 500),
        ("error_rate<1%", SHARE, "<", 0.01),
        ("error_rate<=0.7%", SHARE, "<=", 7 / 1000),
        ("error_rate==0", SHARE, "==", 0),
        ("failure_rate<5%", SHARE, "<", 0.05),
        ("checks>=99%", SHARE, ">=", 0.99),
        ("http_req_failed<1%", SHARE, "<", 0.01),
        ("rps>100", RATE, ">", 100),
        ("rps>=99.5/s", RATE, ">=", 99.5),
        ("iterations>100", COUNT, ">", 100),
        ("dropped==0", COUNT, "==", 0),
        ("failures<10", COUNT, "<", 10),
        ("http_reqs>=5", COUNT, ">=", 5),
        ("http_req_duration: p(95)<500", TIME, "<", 500),
        ("http_req_duration:p(99.9) <= 1500", TIME, "<=", 1500),
        ("http_req_duration: med<200ms", TIME, "<", 200),
        ("iteration_duration: avg<2s", TIME, "<", 2000),
        ("http_req_failed: rate<0.01", SHARE, "<", 0.01),
        ("http_req_failed: rate<1%", SHARE, "<", 0.01),
        ("checks: rate>0.99", SHARE, ">", 0.99),
        ("checks: rate===1", SHARE, "==", 1),
        ("iterations: count>100", COUNT, ">", 100),
        ("http_reqs: rate>50", RATE, ">", 50),
        ("data_received: count<2MB", SIZE, "<", 2 * 1024**2),
        ("vus_max: value>=10", COUNT, ">=", 10),
        ("less_than(p95, 500)", TIME, "<", 500),
        ("less_than_eq( error_rate , 5 )", SHARE, "<=", 0.05),
        ("greater_than(rps,10)", RATE, ">", 10),
        ("greater_than_eq(checks, 99%)", SHARE, ">=", 0.99),
        ("less_than(avg, 1s)", TIME, "<", 1000),
    ],
)
def test_a_threshold_is_read_in_each_spelling(text, unit, operator, limit):
    threshold = parsed(text)
    assert (threshold.metric.unit, threshold.operator, threshold.limit, threshold.names) == (unit, operator, limit, None)
    assert threshold.text == text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("p95{Login}<300", {"Login"}),
        ("p95 { Login } < 300", {"Login"}),
        ("p95{Pay}<300", {"Shop / Pay"}),
        ("p95{Shop/Cart}<300", {"Shop / Cart"}),
        ("p95{Shop / Cart}<300", {"Shop / Cart"}),
        ("p95{Shop}<300", {"Shop / Cart", "Shop / Pay", "Shop / Admin / Login now"}),
        ("p95{Shop/}<300", {"Shop / Cart", "Shop / Pay", "Shop / Admin / Login now"}),
        ("p95{Admin}<300", {"Shop / Admin / Login now"}),
        ("p95{/Users}<300", {"Users"}),
        ("p95{Users/}<300", {"Users / List", "Users / /health", "Users / Bob's }", "Users / Eve's cart"}),
        ("p95{/health}<300", {"Users / /health"}),
        ("p95{Eve's cart}<300", {"Users / Eve's cart"}),
        ('p95{"Bob\'s }"}<300', {"Users / Bob's }"}),
        ("p95{GET /posts/{{id}}}<300", {"Blog / GET /posts/{{id}}"}),
        ('p95{"Login"}<300', {"Login"}),
        ("http_req_duration{name:Login}: p(95)<300", {"Login"}),
        ("http_req_duration{ name:'Pay' }: p(95)<300", {"Shop / Pay"}),
        ("http_req_duration{group:::Shop::Admin}: p(95)<300", {"Shop / Admin / Login now"}),
        ("checks{Login}>=99%", {"Login"}),
        ("error_rate{Login}<1%", {"Login"}),
        ("less_than(p95{Login}, 300)", {"Login"}),
        ("http_req_duration{group:::Blog}: p(95)<300", {"Blog / Cart", "Blog / GET /posts/{{id}}"}),
        ('p95{ "Bob\'s }" }<300', {"Users / Bob's }"}),
    ],
)
def test_a_threshold_is_about_the_requests_that_it_names(text, names):
    assert parsed(text).names == names


def test_odd_names_are_put_into_quotes():
    (threshold,) = parse_thresholds(['p95{"a } < {b"}<300'], [("a } < {b",)])
    assert threshold.names == {"a } < {b"}


@pytest.mark.parametrize("joint", [",", ", ", ";", " && "])
def test_conditions_are_joined_in_one_text_and_over_several(joint):
    texts = ["p95<500", "less_than(error_rate, 1)", "checks>=99%"]
    assert [one.text for one in parse(joint.join(texts[:2]), texts[2])] == texts


def test_further_conditions_of_k6_are_about_the_same_metric():
    first, second, third = parse("iteration_duration: p(95)<500, avg<200, rps>5")
    assert second.text == "iteration_duration: avg<200"
    assert not second.metric.by_request
    assert (first.limit, second.limit, third.metric.unit) == (500, 200, RATE)


def test_another_metric_after_one_of_k6_is_itself():
    _, second = parse("http_req_duration{name:Login}: p(95)<500, avg{Pay}<200")
    assert second.names == {"Shop / Pay"}


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("", 1, "a metric is expected here", "metrics: "),
        ("  ", 3, "a metric is expected here", ""),
        ("p59x<500", 1, "there is no metric 'p59x'", "a percentile"),
        ("p0<500", 1, "there is no metric 'p0'", "a percentile is above 0"),
        ("p101<500", 1, "there is no metric 'p101'", "at most 100"),
        ("eror_rate<1%", 1, "there is no metric 'eror_rate'", "did you mean error_rate?"),
        ("p95<500, foo<1", 10, "there is no metric 'foo'", ""),
        ("http_req_waiting: p(95)<5", 1, "http_req_waiting is not measured here", "http_req_duration"),
        ("http_req_duration<500", 1, "http_req_duration needs an aggregate", "http_req_duration: p(95)<500"),
        ("http_req_duration: rate<5", 20, "http_req_duration has no aggregate 'rate'", "p(95)"),
        ("checks: p(95)<5", 9, "checks has no aggregate 'p95'", "rate"),
        ("checks: >5", 9, "an aggregate is expected here", "rate"),
        ("http_req_duratio: p(95)<5", 1, "there is no metric 'http_req_duratio'", "did you mean http_req_duration?"),
        ("p95 500", 5, "a comparison is expected here", "< <= > >= == !="),
        ("p95=500", 4, "'=' is not a comparison", "write =="),
        ("p95=<500", 4, "'=<' is not a comparison", "write <="),
        ("p95<", 5, "a number is expected here", ""),
        ("p95<-5", 5, "a number is expected here", ""),
        ("p95<fast", 5, "a number is expected here", ""),
        ("p95<500%", 5, "500% is not a time", "500ms"),
        ("p95<5d", 5, "5d is not a time", "5s"),
        ("rps>100ms", 5, "100ms is not a number a second", "100/s"),
        ("iterations>100%", 12, "100% is not a number", "write 100"),
        ("error_rate<0.01", 12, "0.01 is a share without %", "write 0.01%, or 1.00% if 0.01 of 1 is meant"),
        ("checks>=99", 9, "99 is a share without %", "write 99%"),
        ("error_rate<5ms", 12, "5ms is not a share", "5%"),
        ("error_rate<101%", 12, "101% is more than all", "0% to 100%"),
        ("http_req_failed: rate<1.5", 23, "1.5 is more than all", "k6 writes shares as 0 to 1"),
        ("p95<500 || p99<9", 9, "nothing is expected here", "all have to hold"),
        ("p95<500 p99<9", 9, "nothing is expected here", "by a comma"),
        ("p95<500,", 9, "a metric is expected here", ""),
        ("less_than(p95 500)", 15, ", is expected here", "less_than(p95, 500)"),
        ("less_than(p95, 500", 19, ") is expected here", "less_than(p95, 500)"),
        ("less_then(p95, 500)", 1, "there is no metric 'less_then'", ""),
        ("less_than(, 500)", 11, "a metric is expected here", ""),
        ("p95{Login<300", 4, "no } closes this bracket", "quotes"),
        ("p95{Logn}<300", 5, "there is no request or folder 'Logn'", "did you mean Login?"),
        ("p95{}<300", 5, "there is no request or folder ''", "requests: Login, Shop / Cart"),
        ("p95{Cart}<300", 5, "'Cart' is the name of 2", "write which: Shop/Cart, Blog/Cart"),
        ("p95{Users}<300", 5, "'Users' is the name of 2", "write which: /Users, /Users/"),
        ("p95{Login/}<300", 5, "there is no request or folder 'Login/'", ""),
        ("p95{name:Nope}<300", 5, "there is no request or folder 'Nope'", ""),
        ("http_req_duration{status:200}: avg<5", 19, "figures are not kept by status", "{name:Login}"),
        ("iterations{Login}>5", 1, "iterations is not measured for each request", "leave out"),
        ("http_reqs: count>5, rps>5, rate>5", 28, "there is no metric 'rate'", ""),
        ("http_reqs: count>5, less_than(p95, 5), rate>5", 40, "there is no metric 'rate'", ""),
        ("http_req_duration{group:::Admin}: p(95)<5", 19, "there is no request or folder '/Admin/'", "did you mean"),
        ("vus{Login}: value>5", 1, "vus is not measured for each request", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_a_hint(text, column, message, hint):
    error = error_of(text)
    assert (error.message, error.where) == (message, f"--pass-if {text!r}, column {column}")
    assert hint in error.hint


def test_the_group_of_k6_is_a_folder_where_a_request_has_the_same_name():
    names = parsed("http_req_duration{group:::Users}: p(95)<300").names
    assert names is not None
    assert "Users" not in names
    assert "Users / List" in names


def test_only_what_looks_like_a_percentile_is_told_its_limits():
    assert "percentile" not in error_of("pass<5").hint


def test_a_hint_lists_each_request_once_and_not_too_many():
    paths = [("a",), ("a",), *((f"request {number}",) for number in range(20))]
    with pytest.raises(UsageError) as caught:
        parse_thresholds(["p95{zzz}<5"], paths)
    assert caught.value.hint.startswith("requests: a, request 0, ")
    assert caught.value.hint.endswith("request 10 and 9 more")


def test_a_long_text_is_not_repeated_whole():
    assert len(error_of("p95<500, " * 1_000).where) < 250
    assert len(error_of("x" * 1_000 + "<5").message) < 250
    assert len(error_of(f"p95{{{'x' * 1_000}}}<5").message) < 250


def test_a_limit_is_a_number_that_can_be_compared():
    assert error_of(f"p95<{'9' * 400}").message == "this number is too large"


def test_random_texts_are_thresholds_or_mistakes():
    dice = random.Random(5)
    parts = [
        "p95",
        "<",
        "500",
        "%",
        "{Login}",
        "{",
        "}",
        ":",
        "p(95)",
        "(",
        ")",
        ",",
        " ",
        "rate",
        "checks",
        "less_than",
        "1e9",
        '"',
    ]
    for _ in range(3_000):
        text = "".join(dice.choices(parts, k=dice.randrange(1, 9)))
        try:
            assert parse(text)
        except UsageError as error:
            assert error.where and error.hint  # noqa: PT017, PT018
