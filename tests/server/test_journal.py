"""The journal, the reset and the keys in them."""

import json

from runner.server.journal import ENTRY_LIMIT, Journal
from runner.server.messages import Call
from tests.standins.conftest import SCIM


def test_the_journal_has_every_call_in_order(torii):
    torii("GET", "/v1.0/orgs/my")
    torii("GET", "/v1.0/users?size=0", headers={"X-API-Version": "1.1"})
    first, second = torii.standin.journal()
    assert (first["number"], first["path"], first["status"], first["key"]) == (1, "/v1.0/orgs/my", 200, "full access")
    assert (second["query"], second["status"], second["api_version"]) == ([["size", "0"]], 400, "1.1")


def test_the_journal_is_served_too_and_does_not_list_itself(torii):
    torii.get("/v1.0/roles")
    assert torii("GET", "/__standin/requests", key=None).json == {"requests": torii.standin.journal()}
    assert len(torii.standin.journal()) == 1


def test_bodies_are_in_the_journal(torii):
    torii("POST", "/v1.0/files", {"path": "é"})
    entry = torii.standin.journal()[0]
    assert json.loads(entry["body"]) == {"path": "é"}
    assert entry["size"] == len(entry["body"].encode())


def test_credentials_are_masked_everywhere(torii):
    signed = torii.upload_url()["url"]
    torii.put(signed, b"{}")
    torii("GET", "/v1.0/scim/v2/Users", key=SCIM, headers={"Cookie": "session=abc"})
    text = json.dumps(torii.standin.journal())
    signature = signed.rpartition("X-Amz-Signature=")[2]
    assert not [secret for secret in (signature, "torii-test-key", SCIM, "abc", "STANDIN") if secret in text]
    assert '["authorization", "Bearer ***"]' in text


def test_a_call_without_a_known_key_is_told_apart(torii):
    torii("GET", "/v1.0/orgs/my", key=None)
    torii("GET", "/v1.0/orgs/my", key="nope")
    assert [entry["key"] for entry in torii.standin.journal()] == ["none", "unknown"]


def test_a_reset_forgets_files_and_journal(torii):
    number = torii.stored(b"{}")
    assert torii("POST", "/__standin/reset", key=None).json == {"success": True}
    assert torii.standin.journal() == []
    assert torii.get(f"/v1.0/files/{number}", type="customIntegrationData").status == 404


def test_other_control_routes_do_not_exist(torii):
    assert torii("GET", "/__standin/reset").status == 404


def test_of_very_many_calls_the_latest_are_kept():
    journal, call = Journal(), Call("GET", "/", "/", (), ())
    for _ in range(ENTRY_LIMIT + 5):
        journal.add(call, key="none", fault="")
    assert (len(journal.records), journal.records[0].number) == (ENTRY_LIMIT, 6)
