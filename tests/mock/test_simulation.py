"""Conditions under which a mock server answers: `--condition`, and files of Postman's simulations."""

import pytest

from runner.entropy import Entropy
from runner.errors import LoadError, UsageError
from runner.mock.simulation import Simulator, load_simulation, simulation_of
from runner.server.messages import Call, Refused
from tests.mock.conftest import example

SHOP = """
simulation: shop
routing: %s
mocks:
  - path: ./mocks/orders
    routeKey: orders
    scenarios:
      - name: down
        overrides: {conditions: {error: {status_code: 503}}}
      - name: slow
        overrides: {conditions: {latency: {delay_ms: 20}}}
  - path: ./mocks/users
    scenarios: [{overrides: {conditions: [{type: error, config: {status_code: 418}}]}}]
"""
CALL = Call("GET", "/u", "/u", (), ())


def codes(send, call="GET /u", count=1):
    return [send(call).status for _ in range(count)]


def test_a_condition_can_be_an_error(mocked):
    reply = mocked(example("GET /u"), conditions=["error=503"])("GET /u")
    assert (reply.status, reply.json["error"]["message"]) == (503, "error: 503")


def test_a_condition_can_be_a_limit_of_calls(mocked):
    send = mocked(example("GET /u"), conditions=["rate_limit=2"])
    assert codes(send, count=3) == [200, 200, 429]
    assert 0 < int(send("GET /u").headers["retry-after"]) <= 60


def test_a_limit_begins_anew_with_each_minute():
    now = [0.0]
    simulator = Simulator(simulation_of(["rate_limit=1"]), Entropy(), lambda: now[0])
    simulator.meet(CALL)
    with pytest.raises(Refused):
        simulator.meet(CALL)
    now[0] = 61
    assert simulator.meet(CALL).answer is None


def test_a_condition_can_be_a_share_of_failures_that_a_seed_repeats(mocked):
    send = mocked(example("GET /u"), conditions=["chaos=50"], seed=3)
    first = codes(send, count=20)
    send("POST /__postrunner/reset")
    assert {*first} == {200, 500}
    assert codes(send, count=20) == first


@pytest.mark.parametrize(("rate", "expected"), [("0", {200}), ("100", {500})])
def test_all_calls_fail_or_none(mocked, rate, expected):
    assert {*codes(mocked(example("GET /u"), conditions=[f"chaos={rate}"]), count=10)} == expected


def test_latency_holds_answers_back():
    assert Simulator(simulation_of(["latency=300"]), Entropy()).meet(CALL).delay == 300


def test_the_journal_says_which_condition_it_was(mocked):
    send = mocked(example("GET /u"), conditions=["error=503"])
    send("GET /u")
    assert send.server.server.journal()[0]["answer"] == "error: 503"


@pytest.mark.parametrize("text", ["errors=1", "error", "error=399", "error=x", "chaos=101", "rate_limit=0", "latency=-1"])
def test_a_condition_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match=r"condition|number"):
        simulation_of([text])


@pytest.fixture
def simulated(mocked, tmp_path):
    """A mock server with the conditions of a file."""

    def begin(text):
        path = tmp_path / "shop.sim.yaml"
        path.write_text(text)
        return mocked(example("GET /u", body="u"), simulation=str(path))

    return begin


def test_the_first_segment_of_the_path_names_the_member_and_is_cut_off(simulated):
    send = simulated(SHOP % "path")
    assert (send("GET /orders/u").status, send("GET /users/u").status) == (503, 418)
    assert send("GET /orders/u [x-mock-scenario: slow]").text == "u"


def test_a_header_may_name_the_member(simulated):
    send = simulated(SHOP % "header")
    assert send("GET /u [x-mock-slug: users]").status == 418
    assert send("GET /u [x-mock-slug: orders] [x-mock-scenario: slow]").text == "u"


def test_a_member_that_is_unknown_is_told_as_by_postman(simulated):
    reply = simulated(SHOP % "path")("GET /nope/u")
    assert (reply.status, reply.json) == (
        404,
        {"error": "Unknown simulation member 'nope'.", "available": ["orders", "users"]},
    )
    assert simulated(SHOP % "header")("GET /u").status == 400


def test_an_unknown_scenario_is_404(simulated):
    assert simulated(SHOP % "path")("GET /orders/u [x-mock-scenario: none]").status == 404


def test_a_single_member_without_routing_has_all_calls(simulated):
    text = "mocks: [{path: a, scenarios: [{overrides: {conditions: {error: {status_code: 500}}}}]}]"
    assert simulated(text)("GET /u").status == 500


def test_the_default_scenario_holds(simulated):
    text = """
mocks:
  - scenarios:
      - {name: bad, overrides: {conditions: {error: {status_code: 500}}}}
      - {name: good, default: true}
"""
    assert simulated(text)("GET /u").status == 200


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[]", "is not an object"),
        ("mocks: []", "$.mocks"),
        ("mocks: [1]", "$.mocks[0]"),
        ("{mocks: [{path: a}], routing: host}", "$.routing"),
        ("mocks: [{scenarios: 5}]", "$.mocks[0].scenarios"),
        ("mocks: [{scenarios: [{overrides: {conditions: {fire: {}}}}]}]", "conditions.fire"),
        ("mocks: [{scenarios: [{overrides: {conditions: {error: {status_code: 200}}}}]}]", "error.status_code"),
        ("a: b: c", "shop.sim.yaml"),
    ],
)
def test_a_file_that_is_no_simulation_is_refused_with_its_place(tmp_path, text, place):
    path = tmp_path / "shop.sim.yaml"
    path.write_text(text)
    with pytest.raises(LoadError) as caught:
        load_simulation(str(path))
    assert place in str(caught.value)
