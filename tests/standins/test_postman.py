"""The Postman API's stand-in: ids, validation, asynchronous updates, environments, globals, limits."""

import json

import pytest

from runner.standins import start
from runner.standins.postman.state import OWNER
from tests.standins.conftest import Clock, ask, serve

KEY, READ_ONLY, ACCESS = "PMAK-stand-in-key", "PMAK-stand-in-read-only-key", "PMAT-stand-in-access-key"
V21 = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
GET = {"method": "GET", "url": "http://127.0.0.1/"}


@pytest.fixture(scope="module")
def server():
    yield from serve("postman", None, rate=0)


@pytest.fixture
def postman(server):
    """Ask the stand-in as it is after the start, with the key unless another is given."""
    server.standin.reset()

    def call(method, path, body=None, key=KEY, **headers):
        return server(method, path, body, headers={"X-API-Key": key, **headers} if key else headers)

    call.clock = server.clock
    return call


def document(*items, **more):
    return {"collection": {"info": {"name": "Mine", "schema": V21}, "item": [*items], **more}}


def item(name="One", **more):
    return {"name": name, "request": GET, **more}


def created(postman, *items, **more):
    """The id of a new collection."""
    reply = postman("POST", "/collections", document(*items, **more))
    assert reply.status == 200, reply.text
    return reply.json["collection"]["id"]


def read(postman, key):
    return postman("GET", f"/collections/{key}").json["collection"]


def error(reply):
    return reply.status, reply.json["error"]["name"]


# -- keys ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "PMAK-of-somebody-else"])
def test_a_call_without_a_valid_key_is_401(postman, key):
    reply = postman("GET", "/collections", key=key)
    message = "Invalid API Key. Every request requires a valid API Key to be sent."
    assert (reply.status, reply.json) == (401, {"error": {"name": "AuthenticationError", "message": message}})


def test_the_key_is_also_taken_from_the_query(postman):
    assert postman("GET", f"/me?apikey={KEY}", key=None).json["user"]["id"] == int(OWNER)


def test_an_access_key_reads_one_collection_and_nothing_else(postman):
    key = created(postman, item())
    assert postman("GET", f"/collections/{key}?access_key={ACCESS}", key=None).status == 200
    assert postman("GET", f"/collections?access_key={ACCESS}", key=None).status == 401
    assert postman("DELETE", f"/collections/{key}?access_key={ACCESS}", key=None).status == 401


def test_a_read_only_key_may_read_and_not_write(postman):
    assert postman("GET", "/collections", key=READ_ONLY).status == 200
    assert error(postman("POST", "/collections", document(), key=READ_ONLY)) == (403, "forbiddenError")


def test_the_journal_shows_no_key(postman, server):
    postman("GET", f"/me?apikey={KEY}")
    assert KEY not in json.dumps(server.standin.journal())


# -- ids ----------------------------------------------------------------------------------------------------------------


def test_everything_gets_an_id_and_a_uid_of_the_owner(postman):
    test = {"listen": "test", "script": {"exec": ["1"]}}
    key = created(postman, {"name": "Folder", "item": [item(event=[test], response=[{"name": "An example", "code": 200}])]})
    got = read(postman, key)
    folder = got["item"][0]
    request = folder["item"][0]
    for entry in (folder, request, request["response"][0]):
        assert entry["uid"] == f"{OWNER}-{entry['id']}"
    assert request["event"][0]["script"]["id"]
    assert (got["info"]["_postman_id"], got["info"]["uid"]) == (key, f"{OWNER}-{key}")
    assert got["info"]["schema"] == "https://schema.postman.com/json/collection/v2.1.0/collection.json"


def test_a_collection_is_found_by_id_and_by_uid(postman):
    key = created(postman, item())
    assert read(postman, key) == read(postman, f"{OWNER}-{key}")


def test_an_item_that_comes_with_its_id_stays_the_same_item(postman):
    key = created(postman, item("A"), item("B"))
    before = read(postman, key)
    postman.clock.tick(60)
    before["item"][0]["name"] = "A, renamed"
    assert postman("PUT", f"/collections/{key}", {"collection": before}).status == 200
    after = read(postman, key)
    assert [one["id"] for one in after["item"]] == [one["id"] for one in before["item"]]
    assert after["item"][0]["updatedAt"] > after["item"][0]["createdAt"]
    assert after["item"][1]["updatedAt"] == before["item"][1]["updatedAt"]


def test_items_that_come_without_ids_are_made_anew(postman):
    key = created(postman, item("A"), item("B"))
    before = {one["id"] for one in read(postman, key)["item"]}
    assert postman("PUT", f"/collections/{key}", document(item("A"), item("B"))).status == 200
    assert before.isdisjoint(one["id"] for one in read(postman, key)["item"])


def test_ids_of_another_collection_are_refused_and_nothing_changes(postman):
    first, second = created(postman, item("A")), created(postman, item("B"))
    before, foreign = read(postman, second), read(postman, first)
    del foreign["info"]["_postman_id"]
    assert error(postman("PUT", f"/collections/{second}", {"collection": foreign})) == (400, "instanceFoundError")
    assert read(postman, second) == before


def test_an_id_that_stands_twice_in_a_collection_is_refused(postman):
    key = "12ece9e1-2abf-4edc-8e34-de66e74114d2"
    assert error(postman("POST", "/collections", document(item(id=key), item(id=key)))) == (400, "instanceFoundError")


def test_a_collection_cannot_be_created_under_an_id_that_exists(postman):
    copy = read(postman, created(postman, item()))
    assert error(postman("POST", "/collections", {"collection": copy})) == (400, "instanceFoundError")


def test_the_id_in_the_body_must_be_that_of_the_path(postman):
    first, second = created(postman), created(postman)
    reply = postman("PUT", f"/collections/{first}", {"collection": read(postman, second)})
    assert error(reply) == (400, "collectionMismatchError")


# -- what is refused ----------------------------------------------------------------------------------------------------


def test_a_body_without_its_wrapper_is_refused(postman):
    reply = postman("POST", "/collections", document()["collection"])
    assert (*error(reply), reply.json["error"]["details"]) == (400, "paramMissingError", {"param": "collection"})


def test_a_collection_of_v1_is_refused(postman):
    reply = postman("POST", "/collections", {"collection": {"id": "1", "name": "Old", "order": [], "requests": []}})
    assert error(reply) == (400, "malformedRequestError")
    assert reply.json["error"]["message"] == "Found 2 errors with the supplied collection."
    assert reply.json["error"]["details"] == [
        ": must have required property 'info'",
        ": must have required property 'item'",
    ]


@pytest.mark.parametrize(
    "path",
    ["json/collection/v2.1.0/collection.json", "json/draft-07/collection/v2.1.0/collection.json"],
)
@pytest.mark.parametrize("host", ["schema.getpostman.com", "schema.postman.com"])
def test_every_address_of_the_schema_of_v21_is_taken(postman, host, path):
    sent = {"info": {"name": "A", "schema": f"https://{host}/{path}"}, "item": []}
    assert postman("POST", "/collections", {"collection": sent}).status == 200


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"info": {"name": "A", "schema": V21.replace("v2.1", "v2.0")}, "item": []}, "info.schema: must be equal"),
        ({"info": {"name": "A"}, "item": []}, "info: must have required property 'schema'"),
        ({"info": {"schema": V21}, "item": []}, "info: must have required property 'name'"),
        (
            document(item(request={**GET, "auth": {"type": "bearer", "bearer": {"token": "x"}}})),
            "request.auth.bearer: must be",
        ),
        (document(auth={"type": ["bearer"]}), "auth.type: must be equal"),
        (document(auth={"type": "beaver"}), "auth.type: must be equal"),
        (document({"name": "Neither"}), "item.0: must have required property 'request'"),
        (document({"name": "F", "item": [item(), 5]}), "item.0.item.1: must be object"),
        (document({"name": "F", "item": {}}), "item.0.item: must be array"),
        (document(event=[{"listen": "later"}]), "event.0.listen: must be equal"),
        (document(item(event=[{"listen": "test", "script": {"exec": [1]}}])), "item.0.event.0.script.exec: must be"),
        (document(variable=[{"value": "x"}]), "variable.0: must have required property 'key'"),
        (document(item(request={"body": {"mode": "xml"}})), "item.0.request.body.mode: must be equal"),
        (document(item(response=[{"code": "200"}])), "item.0.response.0.code: must be integer"),
        (document(item(response=[{"originalRequest": {"method": 1}}])), "response.0.originalRequest.method: must be"),
    ],
)
def test_a_malformed_collection_is_refused_with_the_place(postman, sent, problem):
    reply = postman("POST", "/collections", sent if "collection" in sent else {"collection": sent})
    assert error(reply) == (400, "malformedRequestError")
    assert problem in "\n".join(reply.json["error"]["details"])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_write_to_a_collection_that_is_not_there_is_404_with_details(postman, method):
    reply = postman(method, "/collections/none", document())
    assert error(reply) == (404, "instanceNotFoundError")
    assert reply.json["error"]["details"] == {"item": "collection", "id": "none"}


def test_a_read_of_a_collection_that_is_not_there_is_404(postman):
    assert postman("GET", "/collections/none").json["error"]["message"].startswith("We could not find the collection")


def test_an_unknown_path_is_404_and_another_method_405(postman):
    assert error(postman("GET", "/nothing")) == (404, "notFound")
    assert error(postman("POST", "/me")) == (405, "methodNotAllowedError")


# -- lists --------------------------------------------------------------------------------------------------------------


def names(reply):
    return [one["name"] for one in reply.json["collections"]]


def test_the_list_is_filtered_by_workspace_and_by_the_exact_name(postman):
    team = postman("GET", "/workspaces?type=team").json["workspaces"][0]["id"]
    assert postman("POST", f"/collections?workspace={team}", document(item())).status == 200
    assert names(postman("GET", f"/collections?workspace={team}")) == ["Mine"]
    assert names(postman("GET", "/collections?name=Mine")) == ["Mine"]
    assert names(postman("GET", "/collections?name=Min")) == []
    assert names(postman("GET", "/collections?workspace=none")) == []


def test_the_list_comes_in_pages_and_then_has_no_name_filter(postman):
    for _ in range(3):
        created(postman)
    reply = postman("GET", "/collections?limit=2&offset=3")
    assert (names(reply), reply.json["meta"]) == (["Mine"], {"total": 4, "offset": 3, "limit": 2})
    assert postman("GET", "/collections?limit=2&name=Mine").status == 400
    assert postman("GET", "/collections?limit=much").status == 400


def test_a_new_collection_in_an_unknown_workspace_is_404(postman):
    assert postman("POST", "/collections?workspace=none", document()).status == 404


# -- changes ------------------------------------------------------------------------------------------------------------


def test_an_update_that_may_take_its_time_is_a_task(postman):
    key = created(postman, item("Before"))
    sent = read(postman, key)
    sent["item"][0]["name"] = "After"
    reply = postman("PUT", f"/collections/{key}", {"collection": sent}, Prefer="respond-async")
    assert (reply.status, reply.json["task"]["status"]) == (202, "in-progress")
    task = f"/collection-updates-tasks/{reply.json['task']['id']}"
    assert (postman("GET", task).json["status"], read(postman, key)["item"][0]["name"]) == ("in-progress", "Before")
    postman.clock.tick(1)
    assert (postman("GET", task).json["status"], read(postman, key)["item"][0]["name"]) == ("successful", "After")
    postman.clock.tick(24 * 3600)
    assert postman("GET", task).status == 404


def test_an_update_of_a_collection_that_is_deleted_meanwhile_fails(postman):
    key = created(postman, item())
    reply = postman("PUT", f"/collections/{key}", document(item()), Prefer="respond-async")
    postman("DELETE", f"/collections/{key}")
    postman.clock.tick(1)
    assert postman("GET", f"/collection-updates-tasks/{reply.json['task']['id']}").json["status"] == "failed"


def test_a_malformed_update_is_refused_at_once(postman):
    key = created(postman, item())
    assert postman("PUT", f"/collections/{key}", {"collection": {}}, Prefer="respond-async").status == 400


def test_updates_fail_on_demand():
    clock = Clock()
    with start("postman", clock=clock, fail_tasks=True, task_seconds=0) as standin:
        headers = {"X-API-Key": KEY}
        key = ask(standin.url, "GET", "/collections", headers=headers).json["collections"][0]["id"]
        reply = ask(
            standin.url, "PUT", f"/collections/{key}", body=document(), headers={**headers, "Prefer": "respond-async"}
        )
        task = ask(standin.url, "GET", f"/collection-updates-tasks/{reply.json['task']['id']}", headers=headers)
    assert task.json["status"] == "failed"


def test_patch_changes_what_it_names_and_keeps_the_items(postman):
    key = created(postman, item("A"), variable=[{"key": "a", "value": "1"}])
    before = read(postman, key)
    change = {"info": {"name": "New", "description": "Of it"}, "variable": [{"key": "b", "value": "2"}]}
    reply = postman("PATCH", f"/collections/{key}", {"collection": change})
    assert reply.json["collection"] == {"id": key, "name": "New", "description": "Of it"}
    after = read(postman, key)
    assert (after["item"], after["variable"]) == (before["item"], change["variable"])


@pytest.mark.parametrize("change", [{}, {"item": []}, {"info": {"schema": V21}}, {"info": 5}, {"variable": {}}])
def test_patch_refuses_what_it_cannot_change(postman, change):
    key = created(postman, item("A"))
    before = read(postman, key)
    assert postman("PATCH", f"/collections/{key}", {"collection": change}).status == 400
    assert read(postman, key) == before


def test_a_deleted_collection_is_gone(postman):
    key = created(postman)
    assert postman("DELETE", f"/collections/{key}").json["collection"] == {"id": key, "uid": f"{OWNER}-{key}"}
    assert postman("GET", f"/collections/{key}").status == 404


# -- environments and globals -------------------------------------------------------------------------------------------

VALUES = [{"key": "a", "value": "1"}, {"key": "s", "value": "2", "type": "secret", "enabled": False}]


def environment(postman, values=VALUES):
    """The path of a new environment."""
    reply = postman("POST", "/environments", {"environment": {"name": "E", "values": values}})
    return f"/environments/{reply.json['environment']['uid']}"


def test_an_environment_is_created_read_replaced_and_deleted(postman):
    path = environment(postman)
    got = postman("GET", path).json["environment"]
    assert [(one["key"], one["type"], one["enabled"]) for one in got["values"]] == [
        ("a", "default", True),
        ("s", "secret", False),
    ]
    assert postman("PUT", path, {"environment": {"name": "F", "values": []}}).status == 200
    assert postman("GET", path).json["environment"]["values"] == []
    assert [one["name"] for one in postman("GET", "/environments").json["environments"]] == ["Sample Environment", "F"]
    assert postman("DELETE", path).status == 200
    assert error(postman("GET", path)) == (404, "instanceNotFoundError")


@pytest.mark.parametrize(
    ("operations", "keys"),
    [
        ([{"op": "add", "path": "/values/0", "value": {"key": "new", "value": ""}}], ["new", "a", "s"]),
        ([{"op": "remove", "path": "/values/0"}], ["s"]),
        ([{"op": "replace", "path": "/values/1/key", "value": "t"}], ["a", "t"]),
        ([{"op": "replace", "path": "/name", "value": "Renamed"}], ["a", "s"]),
        ([{"op": "remove", "path": "/values/5"}], None),
        ([{"op": "add", "path": "/values/0/key", "value": 7}], None),
        ([{"op": "remove", "path": "/values/0"}, {"op": "replace", "path": "/name", "value": "x"}], None),
        ({}, None),
    ],
)
def test_an_environment_is_changed_by_operations_of_one_kind(postman, operations, keys):
    path = environment(postman)
    reply = postman("PATCH", path, operations)
    assert reply.status == (400 if keys is None else 200)
    assert [one["key"] for one in postman("GET", path).json["environment"]["values"]] == (keys or ["a", "s"])


@pytest.mark.parametrize(
    "sent",
    [
        {"values": []},
        {"name": "E", "values": [{"value": "1"}]},
        {"name": "E", "values": [{"key": "a", "value": 1}]},
        {"name": "E", "values": [{"key": "a", "type": "number"}]},
        {"name": "E", "values": [{"key": "a", "enabled": "yes"}]},
        {"name": "E", "values": {}},
    ],
)
def test_a_malformed_environment_is_refused(postman, sent):
    assert error(postman("POST", "/environments", {"environment": sent})) == (400, "malformedRequestError")


def test_globals_belong_to_a_workspace_and_are_replaced_as_a_whole(postman):
    first, second = (one["id"] for one in postman("GET", "/workspaces").json["workspaces"])
    assert [one["key"] for one in postman("GET", f"/workspaces/{first}/global-variables").json["values"]] == ["team"]
    path = f"/workspaces/{second}/global-variables"
    assert postman("PUT", path, {"values": VALUES}).status == 200
    assert [one["key"] for one in postman("GET", path).json["values"]] == ["a", "s"]
    assert postman("PUT", path, {}).status == 400
    assert postman("GET", "/workspaces/none/global-variables").status == 404


def test_a_workspace_names_what_is_in_it(postman):
    first = postman("GET", "/workspaces").json["workspaces"][0]["id"]
    got = postman("GET", f"/workspaces/{first}").json["workspace"]
    assert [one["name"] for one in got["collections"] + got["environments"]] == ["Sample Collection", "Sample Environment"]
    assert postman("GET", "/workspaces?limit=101").status == 400


# -- limits -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def limited():
    """A stand-in with a limit for everything."""
    clock = Clock()
    with start("postman", clock=clock, rate=3, collection_mb=0.001, environment_mb=0.0005) as standin:

        def call(method, path, body=None, **headers):
            return ask(standin.url, method, path, body=body, headers={"X-API-Key": KEY, **headers})

        call.clock = clock
        yield call


def test_too_many_calls_are_429_until_the_window_ends(limited):
    replies = [limited("GET", "/me") for _ in range(4)]
    assert [one.status for one in replies] == [200, 200, 200, 429]
    assert [one.headers["x-ratelimit-remaining"] for one in replies] == ["2", "1", "0", "0"]
    assert {one.headers["x-ratelimit-limit"] for one in replies} == {"3"}
    last = replies[-1]
    assert (last.headers["retry-after"], last.headers["x-ratelimit-retryafter"]) == ("60", "60")
    assert last.json == {
        "error": "rateLimited",
        "message": f"Rate limit exceeded. Please retry after {last.headers['x-ratelimit-reset']}",
    }
    limited.clock.tick(60)
    assert limited("GET", "/me").status == 200


def test_the_list_of_collections_has_a_limit_of_its_own():
    clock = Clock()
    with start("postman", clock=clock) as standin:
        ask_list = [ask(standin.url, "GET", "/collections", headers={"X-API-Key": KEY}) for _ in range(11)]
    assert [one.status for one in ask_list] == [200] * 10 + [429]
    assert ask_list[-1].headers["retry-after"] == "10"


def test_a_body_over_the_size_limit_is_413(limited):
    assert error(limited("POST", "/collections", document(item("x" * 2000)))) == (413, "payloadTooLargeError")
    assert error(limited("POST", "/environments", {"environment": {"name": "x" * 600}})) == (413, "payloadTooLargeError")
    assert limited("POST", "/collections", document(item("x" * 100))).status == 200


def test_a_body_without_length_is_411_for_environments(limited):
    reply = limited("POST", "/environments", iter([b"{}"]), **{"Content-Type": "application/json"})
    assert error(reply) == (411, "lengthRequiredError")


@pytest.mark.parametrize("kind", ["collection", "environment"])
def test_the_workspace_of_an_element_is_found(postman, kind):
    element = postman("GET", f"/{kind}s").json[f"{kind}s"][0]["uid"]
    found = postman("GET", f"/workspaces?elementType={kind}&elementId={element}").json["workspaces"]
    assert [one["name"] for one in found] == ["My Workspace"]
    assert postman("GET", f"/workspaces?elementType={kind}&elementId=unknown").json == {"workspaces": []}


def test_an_element_is_named_by_its_type_and_its_id(postman):
    assert postman("GET", "/workspaces?elementType=collection").status == 400
    assert postman("GET", "/workspaces?elementId=a").status == 400
    assert postman("GET", "/workspaces?elementType=api&elementId=a").status == 501


def test_a_parameter_that_is_not_imitated_is_501(postman):
    assert postman("GET", "/workspaces?include=scim").status == 501


def test_undocumented_parameters_are_refused_on_demand():
    with start("postman", strict_query=True) as standin:
        path = f"/collections?workspaces=x&apikey={KEY}"
        assert ask(standin.url, "GET", path).status == 400
        assert ask(standin.url, "GET", f"/collections?workspace=x&apikey={KEY}").status == 200
