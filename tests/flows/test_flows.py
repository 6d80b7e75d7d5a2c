"""Both flows run with our runner: green when all is well, red at the right place when it is not."""

import pytest

from runner.standins import start
from tests.flows.conftest import Flow

TORII, TRUTO = 50, 100


@pytest.fixture(scope="module")
def green(tmp_path_factory):
    """One run of the Torii flow with the stand-in's usual settings: its result and the stand-in's journal."""
    with start("torii", strict_query=True) as standin:
        result = Flow("torii", standin).run(tmp_path_factory.mktemp("green") / "report.json")
        return result, standin.journal()


def test_torii_is_green(green):
    result, _ = green
    assert result.code == 0, result.report["run"]["failures"]
    assert (result.assertions["total"], result.assertions["failed"]) == (TORII, 0)


def test_the_store_sees_no_key_and_exactly_the_signed_content_type(green):
    put = next(one for one in green[1] if one["path"].startswith("/s3/"))
    assert "authorization" not in [name for name, _ in put["headers"]]
    assert [value for name, value in put["headers"] if name == "content-type"] == ["customIntegrationData"]


def test_every_sync_of_the_flow_reaches_the_stand_in_once(green):
    calls = [one for one in green[1] if one["path"] == "/v1.0/services/sync/custom"]
    assert [one["status"] for one in calls] == [200, 404, 200, 409]


def test_torii_is_green_in_its_beta_version(torii, report):
    result = torii.run(report, torii_api_version="beta")
    assert (result.code, result.assertions["total"]) == (0, TORII), result.report["run"]["failures"]


def test_torii_is_green_again_on_the_same_server(torii, report):
    # The last sync of the first run may still be under way: the second one waits for it.
    for _ in range(2):
        result = torii.run(report)
        assert (result.code, result.assertions["total"]) == (0, TORII)


def test_truto_is_green_and_green_again(truto, report):
    for _ in range(2):
        result = truto.run(report)
        assert result.code == 0, result.report["run"]["failures"]
        assert (result.assertions["total"], result.assertions["failed"]) == (TRUTO, 0)


def test_an_upload_url_that_has_expired_ends_the_flow_red(report):
    with start("torii", url_ttl=0) as standin:
        result = Flow("torii", standin).run(report)
    assert result.code == 1
    assert set(result.failed) == {"1.2"}
    assert result.requests[-1].startswith("1.2")


def test_a_wrong_key_ends_the_flow_at_once(torii, report):
    result = torii.run(report, torii_api_key="nope")
    assert result.code == 1
    assert result.failed[0] == "0.1"
    assert torii.asked == [("GET", "/v1.0/orgs/my")]


def test_a_missing_value_is_told_before_the_first_request(torii, report):
    result = torii.run(report, torii_app_account_id="")
    assert result.code == 1
    assert "torii_app_account_id" in str(result.report["run"]["failures"][0]["error"])
    assert torii.asked == []


FAULTS = [
    ("500", "1.1"),
    ("reset", "1.2"),
    ("429", "1.3"),
    ("truncate", "1.5"),
    ("500", "2.2"),
    ("reset", "2.3"),
    ("truncate", "3.1"),
]


@pytest.mark.parametrize(("fault", "at"), FAULTS)
def test_torii_is_red_where_the_stand_in_misbehaves(report, fault, at):
    with start("torii", sync_seconds=0.02) as standin:
        result = Flow("torii", standin).run(report, stand_in_fault=fault, stand_in_fault_at=at, retry_ms="20")
    assert result.code == 1
    assert result.failed[0] == at


def test_a_sync_that_never_ends_is_red(report):
    with start("torii", sync_seconds=1000) as standin:
        result = Flow("torii", standin).run(report, retry_ms="1", retry_max="3")
    assert result.code == 1
    assert result.failed[0] == "2.2"
    assert result.requests.count("2.2 Users tab of the app") == 3


def test_a_late_answer_is_no_failure(truto, report):
    result = truto.run(report, stand_in_fault="slow:20", stand_in_fault_at="L02")
    assert (result.code, result.assertions["total"]) == (0, TRUTO)


@pytest.mark.parametrize(
    ("fault", "at"), [("500", "L01"), ("429", "P1"), ("reset", "P2"), ("truncate", "G1"), ("500", "W1")]
)
def test_truto_is_red_where_the_stand_in_misbehaves(truto, report, fault, at):
    result = truto.run(report, stand_in_fault=fault, stand_in_fault_at=at)
    assert result.code == 1
    assert at in result.failed


def test_a_wrong_token_is_red_everywhere(truto, report):
    result = truto.run(report, truto_api_token="nope")
    assert result.code == 1
    assert result.assertions["failed"] > 20


def test_a_filter_that_finds_nothing_is_not_green_by_mistake(truto, report):
    result = truto.run(report, truto_tenant_id="nobody")
    assert result.code == 1
    assert set(result.failed) == {"L02", "L14"}


def test_the_live_environment_never_asks_for_a_fault_and_skips_the_stand_ins_folder(live, report, tmp_path):
    (tmp_path / "users.json").write_text('{"users": [{"email": "ann@corp.io"}]}')
    result = live.run(report, torii_users_file=tmp_path / "users.json", stand_in_fault="500")
    assert result.code == 0
    assert not [one for one in live.standin.journal() if one["fault"]]
    assert not [name for name, _, _ in result.verdicts if name.startswith("4.")]
