"""`--stateful`: calls change what there is, by resource paths."""

import pytest

from tests.mock.conftest import example

USERS = '[{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}]'


@pytest.fixture
def shop(mocked):
    """An API of users."""
    return mocked(
        example("GET /users", body=USERS, name="List"),
        example("POST /users -> 201", body='{"id": 2, "name": "Bob", "role": "user"}', name="Made"),
        example("GET /users/:id", body='{"id": 1, "name": "Ann"}', name="One"),
        example("PUT /users/:id", body='{"id": 1}', name="Put"),
        example("PATCH /users/:id", body='{"id": 1}', name="Patched"),
        example("DELETE /users/:id -> 204", name="Gone"),
        example("GET /users/me", body='{"id": 0, "name": "Me"}', name="Me"),
        example("POST /login", body='{"token": "x"}', name="Login"),
        stateful=True,
    )


def names(shop, path="/users"):
    return [one["name"] for one in shop(f"GET {path}").json]


def test_what_post_adds_is_listed_and_found(shop):
    made = shop('POST /users <{"name": "Cy"}>')
    assert (made.status, made.json) == (201, {"id": 3, "name": "Cy", "role": "user"})
    assert names(shop) == ["Ann", "Bob", "Cy"]
    assert shop("GET /users/3").json == made.json


def test_each_thing_has_its_own_content(shop):
    assert [shop(f"GET /users/{id}").json["name"] for id in (1, 2)] == ["Ann", "Bob"]


def test_an_id_that_is_free_is_kept(shop):
    assert shop('POST /users <{"id": 9, "name": "Cy"}>').json["id"] == 9
    assert shop('POST /users <{"id": 9, "name": "Di"}>').json["id"] == 10


def test_patch_changes_members_and_put_all(shop):
    assert shop('PATCH /users/1 <{"age": 5, "id": 7}>').json == {"id": 1, "name": "Ann", "age": 5}
    assert shop('PUT /users/1 <{"age": 6}>').json == {"id": 1, "age": 6}
    assert shop("GET /users").json[0] == {"id": 1, "age": 6}


def test_what_is_deleted_is_gone(shop):
    assert shop("DELETE /users/1").status == 204
    assert names(shop) == ["Bob"]
    assert [shop(f"{method} /users/1").status for method in ("GET", "DELETE", "PUT")] == [404, 404, 404]


def test_what_was_never_there_is_a_404(shop):
    assert shop("GET /users/77").status == 404


def test_a_path_that_only_looks_like_a_thing_is_answered_as_before(shop):
    assert shop("GET /users/me").json["name"] == "Me"


def test_a_call_that_makes_nothing_is_answered_as_before(shop):
    assert shop('POST /login <{"user": "Ann"}>').json == {"token": "x"}
    assert shop("GET /login").status == 404


def test_an_example_that_is_asked_for_is_answered_as_it_is(shop):
    shop("DELETE /users/1")
    assert len(shop("GET /users [x-mock-response-name: List]").json) == 2


def test_a_reset_brings_everything_back(shop):
    shop("DELETE /users/1")
    shop("POST /__postrunner/reset")
    assert names(shop) == ["Ann", "Bob"]


def test_the_log_says_that_state_was_used(shop):
    shop('POST /users <{"name": "Cy"}>')
    shop("GET /users/99")
    answers = [one["answer"] for one in shop.server.server.journal()]
    assert answers == ["Made (Request 2), score 100, with state", "not there"]


def test_a_list_may_be_within_an_object(mocked):
    send = mocked(
        example("GET /v1/items", body='{"total": 1, "items": [{"_id": "a", "n": 1}]}'),
        example("POST /v1/items", body='{"_id": "b"}'),
        stateful=True,
    )
    assert send('POST /v1/items <{"n": 2}>').json == {"_id": "b", "n": 2}
    assert send("GET /v1/items").json == {"total": 1, "items": [{"_id": "a", "n": 1}, {"_id": "b", "n": 2}]}


def test_other_ids_are_uuids(mocked):
    send = mocked(example("GET /i", body='[{"id": "x"}]'), example("POST /i", body='{"id": "x"}'), stateful=True)
    assert len(send("POST /i <{}>").json["id"]) == 36


def test_resources_below_others_are_their_own(mocked):
    send = mocked(
        example("GET /users/:id/pets", body='[{"id": 1}]'),
        example("POST /users/:id/pets", body='{"id": 1}'),
        stateful=True,
    )
    send("POST /users/7/pets <{}>")
    assert [len(send(f"GET /users/{id}/pets").json) for id in (7, 8)] == [2, 1]


def test_without_a_list_a_thing_that_an_example_shows_is_there_until_it_is_deleted(mocked):
    send = mocked(example("GET /i/5", body='{"id": 5, "n": 1}'), example("DELETE /i/5 -> 204"), stateful=True)
    assert send('PATCH /i/5 <{"n": 2}>').json == {"id": 5, "n": 2}
    assert send("GET /i/5").json == {"id": 5, "n": 2}
    assert [send("DELETE /i/5").status, send("GET /i/5").status] == [204, 404]


def test_without_the_option_nothing_is_kept(mocked):
    send = mocked(example("GET /users", body=USERS), example("POST /users", body='{"id": 3}'))
    send('POST /users <{"name": "Cy"}>')
    assert len(send("GET /users").json) == 2


@pytest.mark.parametrize("body", ["not json", "[1]", ""])
def test_a_body_that_is_no_object_changes_nothing(shop, body):
    assert shop(f"POST /users <{body}>").status == 201
    assert names(shop) == ["Ann", "Bob"]
