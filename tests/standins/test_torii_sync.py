"""Torii: the sync of a custom integration, and the users file it reads."""

import json

import pytest

from runner.standins.users_file import check_users_file, users_file_schema

USERS = {
    "users": [
        {"id": "1", "email": "Ada@Example.com", "firstName": "Ada", "lastName": "L", "roles": ["Admin", "Owner"]},
        {"id": "2", "email": "gone@example.com", "status": "deleted"},
        {"id": "3", "firstName": "no mail"},
    ],
    "licenses": [{"name": "Pro", "unassignedAmount": 3, "pricePerUser": 15000, "users": [{"email": "ada@example.com"}]}],
}


def synced(torii, document=USERS, account=7001):
    """Sync a document and let its time pass."""
    assert torii.sync(torii.stored(json.dumps(document)), account).json == {"success": True}
    torii.clock.tick(0.4)


def users_of(torii, app=42):
    return torii.get(f"/v1.0/apps/{app}/users").json["users"]


def test_the_effect_comes_when_the_sync_is_over(torii):
    torii.sync(torii.stored(json.dumps(USERS)))
    torii.clock.tick(0.39)
    assert users_of(torii) == []
    torii.clock.tick(0.01)
    assert [user["email"] for user in users_of(torii)] == ["ada@example.com"]


def test_a_user_of_the_app_has_what_the_file_said(torii):
    synced(torii)
    user = users_of(torii)[0]
    assert (user["idAppAccount"], user["idExternalUser"], user["status"]) == (7001, "1", "active")
    assert (user["fullName"], user["role"], user["licenses"]) == (
        "Ada L",
        "Admin, Owner",
        [{"name": "Pro", "status": "active"}],
    )


def test_each_account_has_its_own_users(torii):
    synced(torii)
    synced(torii, {"users": [{"email": "b@example.com"}]}, 7002)
    assert ([u["email"] for u in users_of(torii, 42)], [u["email"] for u in users_of(torii, 43)]) == (
        ["ada@example.com"],
        ["b@example.com"],
    )


def test_a_new_sync_replaces_the_users(torii):
    synced(torii)
    synced(torii, {"users": [{"email": "b@example.com"}]})
    assert [user["email"] for user in users_of(torii)] == ["b@example.com"]


def test_licenses_are_shown_on_request(torii):
    synced(torii)
    plain = torii.get("/v1.0/apps/42").json["app"]
    app = torii.get("/v1.0/apps/42", includeLicenses="true").json["app"]
    assert "licenses" not in plain
    summary = {"name": "Pro", "unassignedAmount": 3, "pricePerUser": 15000, "users": 1, "activeUsers": 1}
    assert app == {**plain, "licenses": [summary]}


def test_a_finished_sync_is_in_the_audit_log(torii):
    torii.sync(torii.stored(json.dumps(USERS)))
    assert torii.get("/v1.0/audit", entity="integrations").json["audit"] == []
    torii.clock.tick(1)
    entry = torii.get("/v1.0/audit", entity="integrations").json["audit"][0]
    assert entry["type"] == "sync_custom_integration"
    assert json.loads(entry["properties"]) == {"idAppAccount": 7001, "idFile": 1000}


def test_only_one_sync_runs_at_a_time(torii):
    number = torii.stored(json.dumps(USERS))
    assert torii.sync(number).status == 200
    assert torii.sync(number).json["statusCode"] == 409
    torii.clock.tick(0.4)
    assert torii.sync(number).status == 200


def test_ids_may_be_numeric_strings(torii):
    assert torii.sync(str(torii.stored(json.dumps(USERS))), "7001").status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"idFile": 1000}, 400),
        ({"idAppAccount": 7001}, 400),
        ({"idFile": True, "idAppAccount": 7001}, 400),
        ({"idFile": "", "idAppAccount": 7001}, 400),
        ({"idFile": 1.5, "idAppAccount": 7001}, 400),
        ({"idFile": 1, "idAppAccount": 7001}, 404),
        ({"idFile": 1000, "idAppAccount": 1}, 404),
        ([], 400),
    ],
)
def test_ids_are_checked(torii, body, status):
    torii.stored(json.dumps(USERS))
    assert torii("PUT", "/v1.0/services/sync/custom", body).status == status


def test_a_file_of_another_type_cannot_be_synced(torii):
    assert torii.sync(torii.stored(json.dumps(USERS), "a.json", "attachment")).status == 404


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("{", "not JSON"),
        ("[]", "$: "),
        ("{}", "'users' is a required property"),
        ('{"users": []}', "$.users: "),
        ('{"users": {}}', "$.users: "),
        ('{"users": [{"email": 5}]}', "$.users[0].email: "),
        ('{"users": [{"email": "a@b", "status": "gone"}]}', "$.users[0].status: "),
        ('{"users": [{"email": "a@b", "lastUsedDate": "yesterday"}]}', "$.users[0].lastUsedDate: "),
        ('{"users": [{"email": "a@b"}], "licenses": [{}]}', "$.licenses[0]: "),
        ('{"users": [{"email": "a@b"}], "licenses": [{"name": "x", "users": [{}]}]}', "$.licenses[0].users[0]: "),
        ("[" * 100_000, "not JSON"),
        ('{"users": [{"email": "a@b"}], "licenses": [{"name": "x", "pricePerUser": NaN}]}', "not JSON"),
        (
            '{"users": [{"email": "a@b"}], "licenses": [{"name": "x", "pricePerUser": 1e999}]}',
            "$.licenses[0].pricePerUser: ",
        ),
        (b"\xff", "not JSON"),
    ],
)
def test_a_bad_users_file_is_refused_with_the_place(torii, content, place):
    reply = torii.sync(torii.stored(content))
    assert reply.status == 400
    assert place in reply.json["message"]


def test_a_refused_file_starts_no_sync(torii):
    torii.sync(torii.stored("{"))
    assert torii.sync(torii.stored(json.dumps(USERS))).status == 200


@pytest.mark.parametrize("date", ["2021-07-05", "2021-07-05T20:43:14Z", "2021-07-05T20:43:14.123+02:00"])
def test_both_documented_forms_of_the_last_used_date_are_good(date):
    assert check_users_file(json.dumps({"users": [{"email": "a@b", "lastUsedDate": date}]})) == ()


def test_every_problem_of_a_file_is_told():
    problems = check_users_file('{"users": [{}, {"email": "x"}], "licenses": [{}]}')
    assert [line.partition(":")[0] for line in problems] == ["$.users[0]", "$.users[1].email", "$.licenses[0]"]


def test_the_published_schema_is_a_schema():
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(users_file_schema())
