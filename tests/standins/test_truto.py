"""Truto: filters in every spelling, paging, single accounts, tokens, sandbox writes, limits."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from runner.standins import start
from tests.standins.conftest import TRUTO, Clock, ask


def rows(truto, query=""):
    """The accounts that a query finds."""
    reply = truto.get(f"/integrated-account?{query}")
    assert reply.status == 200, reply.text
    return reply.json["result"]


def ids(truto, query=""):
    return [row["id"] for row in rows(truto, query)]


def when(text):
    """A date of a row as a moment."""
    date = datetime.fromisoformat(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


@pytest.mark.parametrize("key", [None, "nope"])
def test_without_a_token_it_is_401(truto, key):
    reply = truto("GET", "/integrated-account", key=key)
    assert (reply.status, set(reply.json)) == (401, {"statusCode", "error", "message"})


def test_the_envelope_has_result_cursor_and_limit(truto):
    body = truto.get("/integrated-account").json
    assert (set(body), body["next_cursor"], body["limit"]) == ({"result", "next_cursor", "limit"}, None, 5000)


def test_the_accounts_cover_every_documented_case(truto):
    accounts = rows(truto)
    assert len(accounts) >= 23
    assert len({row["tenant_id"] for row in accounts}) == 3
    assert {row["status"] for row in accounts} == {
        "active",
        "connecting",
        "post_install_error",
        "validation_error",
        "needs_reauth",
    }
    assert {row["is_sandbox"] for row in accounts} == {True, False}
    assert len({row["integration"]["name"] for row in accounts}) == 2
    assert {type(row["last_error"]) for row in accounts} == {str, type(None)}
    assert len({frozenset(row) for row in accounts}) == 2
    assert [row["created_at"] for row in accounts if " " in row["created_at"]] == ["2024-03-01 09:20:00"]
    assert not any(word in str(row["context"]) for row in accounts for word in ("token", "password", "api_key"))


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("tenant_id=acme-1", lambda row: row["tenant_id"] == "acme-1"),
        ("is_sandbox=true", lambda row: row["is_sandbox"] is True),
        ("is_sandbox=false", lambda row: row["is_sandbox"] is False),
        ("integration.name=zendesk", lambda row: row["integration"]["name"] == "zendesk"),
        ("integration[name]=zendesk", lambda row: row["integration"]["name"] == "zendesk"),
        ("integration%5Bname%5D=zendesk", lambda row: row["integration"]["name"] == "zendesk"),
        ("integration[name][eq]=zendesk", lambda row: row["integration"]["name"] == "zendesk"),
        ("status=needs_reauth", lambda row: row["status"] == "needs_reauth"),
        ("status[in]=active,connecting", lambda row: row["status"] in ("active", "connecting")),
        ("status[]=active&status[]=connecting", lambda row: row["status"] in ("active", "connecting")),
        (
            "created_at[gt]=2024-03-01T09:20:00Z",
            lambda row: when(row["created_at"]) > datetime(2024, 3, 1, 9, 20, tzinfo=UTC),
        ),
        (
            "created_at[gte]=2024-03-01T09:20:00Z",
            lambda row: when(row["created_at"]) >= datetime(2024, 3, 1, 9, 20, tzinfo=UTC),
        ),
        (
            "created_at[lt]=2024-03-01%2009:20:00",
            lambda row: when(row["created_at"]) < datetime(2024, 3, 1, 9, 20, tzinfo=UTC),
        ),
        ("created_at[lte]=2024-03-01", lambda row: when(row["created_at"]) <= datetime(2024, 3, 1, tzinfo=UTC)),
        ("updated_at%5Bgt%5D=2024-03-20", lambda row: when(row["updated_at"]) > datetime(2024, 3, 20, tzinfo=UTC)),
        ("created_at=2024-03-01T10:20:00%2B01:00", lambda row: row["created_at"] == "2024-03-01 09:20:00"),
        ("tenant_id=acme-1&status=active", lambda row: (row["tenant_id"], row["status"]) == ("acme-1", "active")),
    ],
)
def test_a_filter_gives_exactly_the_rows_that_hold(truto, query, holds):
    wanted = [row for row in rows(truto) if holds(row)]
    assert wanted
    assert rows(truto, query) == wanted


def test_super_query_regions_are_disjoint_parts(truto):
    apac, wnam = ids(truto, "features.super_query=apac"), ids(truto, "features[super_query]=wnam")
    assert apac
    assert wnam
    assert not set(apac) & set(wnam)


def test_ids_in_a_list(truto):
    first, second = ids(truto)[:2]
    assert ids(truto, f"id[in]={second},{first}") == [first, second]


@pytest.mark.parametrize(
    "query",
    [
        "status=gone",
        "is_sandbox=1",
        "created_at=yesterday",
        "created_at[after]=2024-01-01",
        "id[any]=1",
        "created_at[gt]=2024-03-01T10:20:00+01:00",
        "limit=0",
        "limit=-1",
        "limit=many",
        "limit=",
        "next_cursor=1",
        "next_cursor=" + quote("++//WzVdIA==")[:-3],
        "next_cursor=W10%3D",
        *(
            "next_cursor=" + quote(f"++//{rest}")
            for rest in ("W3RydWVd", "WzEuNV0=", "Wy0xXQ==", "WzEsIDJd", "eyJhIjogMX0=")
        ),
    ],
)
def test_bad_values_are_400(truto, query):
    reply = truto.get(f"/integrated-account?{query}")
    assert (reply.status, reply.json["statusCode"]) == (400, 400)


def test_pages_together_are_the_whole_list(truto):
    seen, cursor = [], ""
    while cursor is not None:
        body = truto.get("/integrated-account", limit=5, **({"next_cursor": cursor} if cursor else {})).json
        seen += [row["id"] for row in body["result"]]
        cursor = body["next_cursor"]
    assert seen == ids(truto)


def test_a_cursor_has_to_be_percent_encoded(truto):
    cursor = truto.get("/integrated-account?limit=5").json["next_cursor"]
    assert {"+", "/", "="} <= set(cursor)
    assert truto.get(f"/integrated-account?limit=5&next_cursor={cursor}").status == 400
    assert truto.get(f"/integrated-account?limit=5&next_cursor={quote(cursor, safe='')}").status == 200


def test_one_account_is_the_bare_object(truto):
    first = rows(truto)[0]
    assert truto.get(f"/integrated-account/{first['id']}").json == first
    assert truto.get("/integrated-account/00000000-0000-4000-8000-000000000000").json["statusCode"] == 404


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("area", ["proxy/contacts", "unified/crm/contacts"])
def test_a_sandbox_refuses_writes(truto, method, area):
    sandbox, live = (ids(truto, f"is_sandbox={value}")[0] for value in ("true", "false"))
    assert truto(method, f"/{area}?integrated_account_id={sandbox}", {}).json["statusCode"] == 405
    assert truto(method, f"/{area}?integrated_account_id={live}", {}).status == 200


def test_a_sandbox_can_be_read(truto):
    sandbox = ids(truto, "is_sandbox=true")[0]
    body = truto.get(f"/proxy/contacts?integrated_account_id={sandbox}").json
    assert {"result", "next_cursor", "prev_cursor", "result_count", "limit", "is_partial_response"} == set(body)


def test_a_provider_call_needs_a_known_account(truto):
    assert truto.get("/proxy/contacts").status == 400
    assert truto.get("/unified/crm/contacts?integrated_account_id=none").status == 404


def test_an_account_token_is_good_for_its_account_only(truto):
    mine, other = ids(truto, "is_sandbox=false")[:2]
    token = truto("POST", f"/integrated-account/{mine}/token").json["token"]
    assert truto("GET", "/proxy/contacts", key=token).status == 200
    assert truto("GET", f"/proxy/contacts?integrated_account_id={other}", key=token).status == 403
    assert truto("GET", "/integrated-account", key=token).status == 403
    assert truto("GET", f"/integrated-account/{mine}", key=token).status == 403


def test_an_account_token_lives_fifteen_minutes(truto):
    token = truto("POST", f"/integrated-account/{ids(truto)[0]}/token").json["token"]
    truto.clock.tick(899)
    assert truto("GET", "/proxy/contacts", key=token).status == 200
    truto.clock.tick(1)
    assert truto("GET", "/proxy/contacts", key=token).status == truto("GET", "/integrated-account", key=token).status == 401


def test_ping_needs_no_token(truto):
    assert truto("GET", "/ping", key=None).status == 200


def test_past_the_limit_it_is_429_for_ten_seconds():
    clock = Clock()
    with start("truto", rate=1, retry_after=0.1, clock=clock) as standin:
        good, bad = (ask(standin.url, "GET", "/integrated-account?limit=1", key=TRUTO) for _ in range(2))
        assert (good.status, good.headers["ratelimit-limit"], good.headers["ratelimit-remaining"]) == (200, "1", "0")
        assert (bad.status, bad.headers["retry-after"]) == (429, "0.1")
        clock.tick(10)
        assert ask(standin.url, "GET", "/integrated-account?limit=1", key=TRUTO).status == 200


def test_limits_are_the_documented_ones(truto):
    account = ids(truto, "is_sandbox=false")[0]
    assert truto.get("/integrated-account").headers["ratelimit-limit"] == "500"
    replies = [truto.get(f"/proxy/a?integrated_account_id={account}") for _ in range(51)]
    assert [reply.status for reply in replies] == [200] * 50 + [429]
    assert replies[-1].headers["retry-after"] == "10"


@pytest.mark.parametrize(("strict", "status"), [(False, 200), (True, 400), (422, 422)])
def test_unknown_filters_are_refused_on_request(strict, status):
    with start("truto", strict_query=strict) as standin:
        assert ask(standin.url, "GET", "/integrated-account?tenant=x", key=TRUTO).status == status
