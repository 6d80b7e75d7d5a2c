"""Torii: keys, the read endpoints, paging, SCIM and rate limits."""

import base64

import pytest

from runner.standins import start
from tests.standins.conftest import FULL, SCIM, Clock, ask


@pytest.mark.parametrize("key", [None, "nope", SCIM])
def test_without_the_right_key_it_is_401(torii, key):
    reply = torii("GET", "/v1.0/orgs/my", key=key)
    assert (reply.status, reply.json["statusCode"], reply.json["error"]) == (401, 401, "Unauthorized")
    assert reply.json["message"]


def test_the_scheme_has_to_be_bearer(torii):
    assert torii("GET", "/v1.0/orgs/my", key=None, headers={"Authorization": f"Basic {FULL}"}).status == 401
    assert torii("GET", "/v1.0/orgs/my", key=None, headers={"Authorization": f"bearer {FULL}"}).status == 200


def test_scim_wants_the_scim_key(torii):
    path = "/v1.0/scim/v2/ServiceProviderConfig"
    assert [torii("GET", path, key=key).status for key in (FULL, SCIM)] == [401, 200]


def test_unknown_paths_and_methods_are_told_apart(torii):
    assert torii.get("/v1.0/none").json["statusCode"] == 404
    reply = torii("DELETE", "/v1.0/orgs/my")
    assert (reply.status, reply.headers["allow"]) == (405, "GET")


def test_the_organization_is_wrapped(torii):
    assert {"id", "companyName", "domain", "creationTime"} == set(torii.get("/v1.0/orgs/my").json["org"])


@pytest.mark.parametrize(("path", "key"), [("/v1.0/users", "users"), ("/v1.0/apps", "apps")])
def test_pages_together_are_the_whole_list(torii, path, key):
    whole, seen, cursor = torii.get(path).json, [], None
    while True:
        page = torii.get(path, size=2, **({"cursor": cursor} if cursor else {})).json
        seen += page[key]
        assert page["count"] == len(page[key])
        assert page["total"] == whole["total"]
        cursor = page.get("nextCursor")
        if not cursor:
            break
        base64.b64decode(cursor, validate=True)
    assert seen == whole[key]


@pytest.mark.parametrize(
    "query", ["size=0", "size=1001", "size=x", "size=-1", "size=%C2%B2", "cursor=%25", "cursor=e30=", "cursor=Wy0xXQ=="]
)
@pytest.mark.parametrize("path", ["users", "apps", "audit", "apps/42/users"])
def test_size_and_cursor_are_checked(torii, path, query):
    assert torii.get(f"/v1.0/{path}?{query}").status == 400


def test_users_are_filtered(torii):
    users = torii.get("/v1.0/users").json["users"]
    one = torii.get("/v1.0/users", email=users[3]["email"].upper()).json["users"]
    external = torii.get("/v1.0/users", isExternal="true").json["users"]
    assert one == [users[3]]
    assert external == [user for user in users if user["isExternal"]]
    assert torii.get("/v1.0/users", isExternal="yes").status == 400
    assert torii.get("/v1.0/users", idUsers="1001,1003").json["count"] == 2


def test_users_are_sorted(torii):
    names = [user["firstName"] for user in torii.get("/v1.0/users", sort="firstName:desc").json["users"]]
    assert names == sorted(names, reverse=True)
    assert torii.get("/v1.0/users", sort="firstName").status == 400
    assert torii.get("/v1.0/users", sort="none:asc").status == 400


def test_fields_choose_what_is_shown(torii):
    assert set(torii.get("/v1.0/users", fields="email").json["users"][0]) == {"id", "email", "additionalEmails"}
    assert set(torii.get("/v1.0/apps").json["apps"][0]) == {"id", "name", "primaryOwner"}
    assert set(torii.get("/v1.0/apps", fields="id,state").json["apps"][0]) == {"id", "state"}
    assert torii.get("/v1.0/apps", fields="none").status == 400


def test_what_is_not_imitated_is_refused_and_not_ignored(torii):
    assert torii.get("/v1.0/users", filters="{}").status == 501


def test_one_user_and_one_app(torii):
    assert torii.get("/v1.0/users/1001").json["user"]["id"] == 1001
    assert torii.get("/v1.0/apps/42").json["app"]["id"] == 42
    assert (
        torii.get("/v1.0/users/1").status
        == torii.get("/v1.0/apps/1").status
        == torii.get("/v1.0/apps/1/users").status
        == 404
    )


def test_apps_are_searched_by_name(torii):
    assert [app["id"] for app in torii.get("/v1.0/apps/search", q="example").json["apps"]] == [42, 43]
    assert torii.get("/v1.0/apps/search").status == 400
    assert torii.get("/v1.0/apps/search", q="a", limit=51).status == 400


def test_roles_count_their_users(torii):
    roles = torii.get("/v1.0/roles").json["roles"]
    assert sum(role["usersCount"] for role in roles) == torii.get("/v1.0/users").json["total"]


def test_the_audit_log_has_entities_and_times(torii):
    body = torii.get("/v1.0/audit").json
    assert (body["count"], len(body["audit"])) == (1, 1)
    when = body["audit"][0]["creationTime"]
    assert torii.get("/v1.0/audit", startTime=when).json["count"] == 0
    assert torii.get("/v1.0/audit", endTime=when).json["count"] == 1
    assert torii.get("/v1.0/audit", entity="contracts").json["count"] == 0
    assert torii.get("/v1.0/audit", entity="none").status == 400
    assert torii.get("/v1.0/audit", sort="up").status == 400


def scim(torii, path):
    return torii("GET", f"/v1.0/scim/v2/{path}", key=SCIM)


def test_scim_users_count_from_one(torii):
    body = scim(torii, "Users?startIndex=11&count=5").json
    assert (body["totalResults"], body["itemsPerPage"], body["startIndex"]) == (12, 2, 11)
    assert body["Resources"] == [scim(torii, f"Users/{number}").json for number in (1011, 1012)]


def test_scim_filters_by_mail(torii):
    mail = scim(torii, "Users/1003").json["userName"]
    for name in ("userName", "emails"):
        found = scim(torii, f"Users?filter={name}%20eq%20%22{mail}%22").json
        assert [user["id"] for user in found["Resources"]] == ["1003"]


@pytest.mark.parametrize("query", ["count=201", "startIndex=0", "filter=name%20co%20%22a%22"])
def test_scim_errors_have_scim_form(torii, query):
    reply = scim(torii, f"Users?{query}")
    assert (reply.status, reply.json["status"]) == (400, "400")
    assert reply.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_rate_limits_are_the_documented_ones(torii):
    headers = torii.get("/v1.0/orgs/my").headers
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("100", "99")
    assert headers["x-rate-limit-reset"] == str(int(torii.clock.now + 60))
    assert torii.get("/v1.0/files/1").headers["x-rate-limit-limit"] == "600"


def test_past_the_limit_it_is_429_until_the_minute_is_over():
    clock = Clock()
    with start("torii", rate=2, clock=clock) as standin:
        replies = [ask(standin.url, "GET", "/v1.0/orgs/my", key=FULL) for _ in range(3)]
        assert [reply.status for reply in replies] == [200, 200, 429]
        assert (replies[2].headers["retry-after"], replies[2].json["error"]) == ("60", "Too Many Requests")
        assert ask(standin.url, "GET", "/v1.0/roles", key=FULL).status == 200
        clock.tick(60)
        assert ask(standin.url, "GET", "/v1.0/orgs/my", key=FULL).status == 200


def test_without_a_limit_there_are_no_limit_headers():
    with start("torii", rate=0) as standin:
        assert "x-rate-limit-limit" not in ask(standin.url, "GET", "/v1.0/orgs/my", key=FULL).headers


@pytest.mark.parametrize(("strict", "status"), [(False, 200), (True, 422), (400, 400)])
def test_unknown_query_keys_are_refused_on_request(strict, status):
    with start("torii", strict_query=strict) as standin:
        assert ask(standin.url, "GET", "/v1.0/users?limit=1", key=FULL).status == status
        assert ask(standin.url, "GET", "/v1.0/users?size=1", key=FULL).status == 200
