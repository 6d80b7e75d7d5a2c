"""The Truto flow on a live account: the whole list in a file, and no filter that passes because it found nothing."""

import json
import urllib.request

import pytest

from runner.standins import start
from tests.flows.conftest import Flow

WHOLE_LIST = ("--folder", "4 Whole list")


@pytest.mark.parametrize("page", [1, 5, 23, 24, 25, 5000])
def test_the_whole_list_gets_into_a_file_whatever_the_page(live_truto, report, tmp_path, page):
    export = ("--export-variable", f"truto_accounts={tmp_path / 'my accounts.json'}")
    result = live_truto.run(report, *WHOLE_LIST, *export, truto_list_page=page)
    assert result.code == 0, result.messages
    accounts = json.loads((tmp_path / "my accounts.json").read_bytes())
    assert accounts == everything(live_truto.standin)
    assert len(live_truto.asked) >= 24 / page


def everything(standin):
    """All accounts in the stand-in's own order."""
    request = urllib.request.Request(
        f"{standin.url}/integrated-account", headers={"Authorization": "Bearer truto-test-token"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["result"]


@pytest.mark.parametrize(
    ("fault", "at"), [("500", "X1"), ("500", "X2"), ("truncate", "X2"), ("429", "X2"), ("reset", "X1")]
)
def test_a_list_that_is_not_whole_is_not_written(truto, report, tmp_path, fault, at):
    path = tmp_path / "accounts.json"
    path.write_text("old")
    export = ("--export-variable", f"truto_accounts={path}")
    values = {"truto_list_page": 5, "stand_in_fault": fault, "stand_in_fault_at": at}
    assert truto.run(report, *WHOLE_LIST, *export, **values).code == 1
    assert path.read_text() == "old"


def test_the_exported_environment_has_the_list_too(live_truto, report, tmp_path):
    result = live_truto.run(report, *WHOLE_LIST, "--export-environment", str(tmp_path / "e.json"), truto_list_page=5)
    assert result.code == 0
    values = {one["key"]: one["value"] for one in json.loads((tmp_path / "e.json").read_bytes())["values"]}
    assert len(json.loads(values["truto_accounts"])) == 24
    assert values["truto_api_token"] == ""


def test_a_token_is_enough_for_a_live_account(live_truto, report):
    result = live_truto.run(report)
    assert result.code == 0, result.messages
    asked = [dict(one["query"]) for one in live_truto.standin.journal()]
    assert any("tenant_id" in query for query in asked)
    assert any("integration.name" in query for query in asked)
    assert {method for method, _ in live_truto.asked} == {"GET"}


@pytest.mark.parametrize("name", ["truto_tenant_id", "truto_integration"])
@pytest.mark.parametrize("value", ["your-tenant", "<tenant>", "…", "acme 1&x=1+%"])
def test_a_placeholder_does_not_pass_on_a_live_account(live_truto, report, name, value):
    result = live_truto.run(report, **{name: value})
    assert result.code == 1
    assert result.failed[0] == {"truto_tenant_id": "L02", "truto_integration": "L05"}[name]
    assert name in result.messages
    values = [dict(one["query"]) for one in live_truto.standin.journal()]
    assert any(query.get("tenant_id" if "tenant" in name else "integration.name") == value for query in values)


@pytest.mark.parametrize("folder", ["", "4 Whole list", "3 Single account and errors"])
@pytest.mark.parametrize("token", ["", "<token>", "…"])
def test_a_missing_token_is_told_before_anything_is_sent(live_truto, report, folder, token):
    options = ("--folder", folder) if folder else ()
    result = live_truto.run(report, *options, truto_api_token=token)
    assert result.code == 1
    assert "truto_api_token" in result.messages
    assert live_truto.asked == []


def test_a_live_address_is_never_taken_for_the_stand_in(report):
    with start("truto") as standin:
        result = Flow("truto", standin).run(report, truto_base_url="https://api.truto.invalid")
    assert "stand_in is true, but truto_base_url is not on this machine" in result.messages
    assert result.report["run"]["stats"]["requests"]["total"] == 0
