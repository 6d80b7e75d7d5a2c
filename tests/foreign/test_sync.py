"""`postrunner import --sync`: a collection is brought up to date, and what its owner made stays."""

import copy
import json
import random

import pytest

from runner.foreign.importing import import_sources
from runner.foreign.syncing.collections import sync
from runner.formats.v3.reading import read_folder
from tests.foreign.openapi.conftest import leaves, rows, tree

STRING = {"type": "string"}


def document(**paths):
    return {
        "openapi": "3.0.3",
        "info": {"title": "Api"},
        "servers": [{"url": "https://h/v1"}],
        "paths": {path.replace("_", "/"): item for path, item in paths.items()},
    }


def operation(summary, *parameters, **more):
    return {"summary": summary, "parameters": list(parameters), "responses": {}, **more}


def query(name, **more):
    return {"name": name, "in": "query", "schema": STRING, **more}


def json_body(**properties):
    return {"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}


@pytest.fixture
def synced(postrunner, tmp_path):
    """Imports a document, changes the collection as an owner does, syncs another document; returns it and what was told."""

    def make(first, second, change=lambda collection: None):
        (tmp_path / "api.json").write_text(json.dumps(first))
        postrunner("import", "api.json", "-o", "c.json")
        collection = json.loads((tmp_path / "c.json").read_text())
        change(collection)
        (tmp_path / "c.json").write_text(json.dumps(collection, indent=2))
        (tmp_path / "api.json").write_text(json.dumps(second))
        done = postrunner("import", "api.json", "--sync", "c.json")
        assert (done.code, done.err) == (0, "")
        return json.loads((tmp_path / "c.json").read_text()), done.out.splitlines()

    return make


PETS = document(_pets={"get": operation("List", query("size"))})


def test_nothing_changes_if_the_document_did_not(synced, tmp_path):
    found, told = synced(PETS, PETS, lambda collection: collection["item"].reverse())
    assert told == ["c.json is up to date"]
    assert (tmp_path / "c.json").read_text() == json.dumps(found, indent=2)


def test_what_the_owner_made_stays(synced):
    def change(collection):
        item = leaves(collection)[0]
        item |= {"id": "1", "name": "Mine", "event": [{"listen": "test", "script": {"exec": ["x()"]}}]}
        item["request"]["url"]["query"][0]["value"] = "7"
        item["request"]["header"] = [{"key": "X-Mine", "value": "1"}]
        item["response"] = [{"name": "Saved", "code": 200, "body": "{}"}]
        collection["item"].insert(0, {"name": "Own", "request": {"method": "GET", "url": "{{baseUrl}}/own"}})
        collection["variable"][0]["value"] = "https://mine"

    second = document(
        _pets={"get": operation("List", query("size"), query("page"), responses={"200": {"description": "Good"}})}
    )
    found, told = synced(PETS, second, change)
    assert told == [
        "pets/Mine: query page added",
        "variable baseUrl: kept, the document has https://h/v1",
        "Own: kept, though the document does not have it",
        "c.json written: 2 requests",
    ]
    own, mine = leaves(found)
    assert (own["name"], mine["id"], mine["name"], mine["event"][0]["script"]["exec"]) == ("Own", "1", "Mine", ["x()"])
    assert rows(mine["request"]["url"]["query"]) == [("size", "7"), ("page", "<string>")]
    assert rows(mine["request"]["header"]) == [("X-Mine", "1")]
    assert [example["name"] for example in mine["response"]] == ["Saved"]
    assert rows(found["variable"]) == [("baseUrl", "https://mine")]


def test_a_server_that_changed_is_told_and_the_collection_keeps_its_own(synced):
    found, told = synced(PETS, {**PETS, "servers": [{"url": "https://other/v9"}]})
    assert told == ["variable baseUrl: kept, the document has https://other/v9", "c.json is up to date"]
    assert rows(found["variable"]) == [("baseUrl", "https://h/v1")]


def test_a_request_with_a_server_of_its_own_is_found_again_whatever_the_path_of_the_address(synced):
    own = [{"url": "https://own/{version}", "variables": {"version": {"default": "v1"}}}]
    paths = {"/pets": {"get": operation("List", servers=own)}}
    _, told = synced(
        {**PETS, "servers": [{"url": "https://h/{base}"}], "paths": paths},
        {**PETS, "servers": [{"url": "https://h/api"}], "paths": paths},
    )
    assert told == ["variable baseUrl: kept, the document has https://h/api", "c.json is up to date"]


def test_items_of_a_list_that_the_document_has_stay_as_different_as_they_are(synced):
    body = {"content": {"application/json": {"example": {"urls": [{"href": "a", "first": True}, {"href": "b"}]}}}}
    paths = {"/pets": {"post": operation("Add", requestBody=body)}}
    _, told = synced({**PETS, "paths": paths}, {**PETS, "paths": paths})
    assert told == ["c.json is up to date"]


def test_new_requests_go_into_their_folders(synced):
    second = document(
        _pets={"get": operation("List", query("size")), "post": operation("Add")}, _a_b={"get": operation("B")}
    )
    found, told = synced(PETS, second)
    assert tree(found) == [{"pets": ["List", "Add"]}, {"a": [{"b": ["B"]}]}]
    assert told == ["pets/Add: added", "a/b/B: added", "c.json written: 3 requests"]


def test_a_parameter_that_is_gone_goes_if_it_has_no_value_of_its_own(synced):
    second = document(_pets={"get": operation("List")})
    found, told = synced(PETS, second)
    assert told == ["pets/List: query size removed", "c.json written: 1 request"]
    assert leaves(found)[0]["request"]["url"]["raw"] == "{{baseUrl}}/pets"


def test_a_description_that_changed_is_told_with_what_it_describes(synced):
    first = document(_pets={"get": operation("List", query("size", description="How many"), description="All")})
    second = document(_pets={"get": operation("List", query("size", description="At most"), description="Some")})
    told = synced(first, second)[1]
    assert told[:-1] == ["pets/List: description of query size changed", "pets/List: description changed"]


def test_a_parameter_that_is_gone_stays_with_the_value_of_its_owner(synced):
    def change(collection):
        leaves(collection)[0]["request"]["url"]["query"][0]["value"] = "{{size}}"

    assert synced(PETS, document(_pets={"get": operation("List")}), change)[1] == ["c.json is up to date"]


@pytest.mark.parametrize("url", ["https://h/v1/pets/{{id}}", "{{baseUrl}}/pets/{{id}}", "{{host}}/pets/:id"])
def test_a_request_is_found_by_method_and_path(synced, url):
    first = document(**{"_pets_{id}": {"get": operation("Get")}})
    second = document(**{"_pets_{id}": {"get": operation("Get", query("a"))}})

    def change(collection):
        leaves(collection)[0]["request"]["url"] = url

    found, told = synced(first, second, change)
    assert told == ["pets/{id}/Get: query a added", "c.json written: 1 request"]
    assert leaves(found)[0]["request"]["url"]["raw"] == f"{url}?a=<string>"


def test_a_path_variable_takes_its_new_name_and_keeps_its_value(synced):
    def item(name):
        parameter = {"name": name, "in": "path", "required": True, "schema": STRING}
        return document(**{f"_pets_{{{name}}}": {"get": operation("Get", parameter)}})

    def change(collection):
        leaves(collection)[0]["request"]["url"]["variable"][0]["value"] = "5"

    found, told = synced(item("id"), item("petId"), change)
    url = leaves(found)[0]["request"]["url"]
    assert (url["raw"], rows(url["variable"])) == ("{{baseUrl}}/pets/:petId", [("petId", "5")])
    assert told[0] == "pets/{id}/Get: path variable id is called petId"


def test_a_body_gets_new_fields_and_keeps_values(synced):
    first = document(_a={"post": operation("Add", requestBody=json_body(a=STRING, b=STRING, c=STRING))})
    second = document(_a={"post": operation("Add", requestBody=json_body(a=STRING, d={"type": "integer"}))})

    def change(collection):
        leaves(collection)[0]["request"]["body"]["raw"] = '{\n\t"a": {{a}},\n\t"b": "mine",\n\t"c": "<string>"\n}'

    found, told = synced(first, second, change)
    assert leaves(found)[0]["request"]["body"]["raw"] == '{\n\t"a": {{a}},\n\t"b": "mine",\n\t"d": "<integer>"\n}'
    assert told == ["a/Add: body c removed", "a/Add: body d added", "c.json written: 1 request"]


FORM = {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"a": STRING}}}}}


@pytest.mark.parametrize(
    ("raw", "mode", "told"),
    [
        (None, "urlencoded", "a/Add: body raw replaced by urlencoded"),
        ("mine", "raw", "a/Add: body raw kept, though the document asks for urlencoded"),
    ],
)
def test_a_body_of_another_kind_replaces_only_stubs(synced, raw, mode, told):
    first = document(_a={"post": operation("Add", requestBody=json_body(a=STRING))})
    second = document(_a={"post": operation("Add", requestBody=FORM)})

    def change(collection):
        body = leaves(collection)[0]["request"]["body"]
        body["raw"] = raw or body["raw"]

    found, lines = synced(first, second, change)
    assert leaves(found)[0]["request"]["body"]["mode"] == mode
    assert told in lines


def test_the_auth_follows_the_document_and_keeps_its_secret(synced):
    def secured(name):
        found = document(_a={"get": operation("Get")})
        schemes = {"k": {"type": "apiKey", "name": name, "in": "header"}}
        return {**found, "security": [{"k": []}], "components": {"securitySchemes": schemes}}

    def change(collection):
        collection["auth"]["apikey"][1]["value"] = "{{mine}}"

    found, told = synced(secured("X-Old"), secured("X-New"), change)
    assert rows(found["auth"]["apikey"]) == [("key", "X-New"), ("value", "{{mine}}"), ("in", "header")]
    assert told[0] == "auth key changed"


def test_a_folder_of_v3_is_changed_file_by_file(postrunner, tmp_path):
    (tmp_path / "api.json").write_text(json.dumps(PETS))
    postrunner("import", "api.json", "-o", "api")
    request = tmp_path / "api" / "pets" / "List.request.yaml"
    request.write_text(request.read_text() + "# mine\n")
    second = document(_pets={"get": operation("List", query("size"), query("page")), "post": operation("Add")})
    (tmp_path / "api.json").write_text(json.dumps(second))
    done = postrunner("import", "api.json", "--sync", "api")
    assert done.out.splitlines() == ["pets/List: query page added", "pets/Add: added", "api written: 2 requests"]
    assert "# mine" in request.read_text()
    assert "page" in request.read_text()
    assert "pets/Add.request.yaml" in read_folder(str(tmp_path / "api")).files
    assert postrunner("import", "api.json", "--sync", "api").out == "api is up to date\n"


def test_what_says_where_to_write_is_refused(postrunner, tmp_path):
    (tmp_path / "api.json").write_text(json.dumps(PETS))
    postrunner("import", "api.json", "-o", "c.json")
    done = postrunner("import", "api.json", "--sync", "c.json", "-o", "d.json")
    assert done.code == 2
    assert "--sync: the collection is changed where it is" in done.err


def random_document(dice):
    paths = {}
    for path in ("a", "a_b", "a_{id}", "c_{id}_d"):
        methods = [method for method in ("get", "post") if dice.random() < 0.6]
        names = [name for name in "pqr" if dice.random() < 0.5]
        properties = {name: STRING for name in "xyz" if dice.random() < 0.5}
        body = {"requestBody": json_body(**properties)} if dice.random() < 0.5 else {}
        paths[f"_{path}"] = {method: operation(method, *map(query, names), **body) for method in methods}
    return document(**paths)


def test_a_second_sync_changes_nothing_and_an_untouched_collection_becomes_that_of_the_document(tmp_path):
    def made(content):
        (tmp_path / "api.json").write_text(json.dumps(content))
        return import_sources([str(tmp_path / "api.json")]).collection

    def facts(collection):
        return {
            (item["request"]["method"], item["request"]["url"]["raw"].split("?")[0]): (
                sorted(rows(item["request"]["url"].get("query", []))),
                json.loads(item["request"].get("body", {}).get("raw") or "null"),
            )
            for item in leaves(collection)
        }

    dice = random.Random(8)
    for _ in range(60):
        old, fresh = made(random_document(dice)), made(random_document(dice))
        wanted = facts(fresh)
        sync(old, copy.deepcopy(fresh))
        for key, (parameters, body) in wanted.items():
            assert facts(old)[key][0] == parameters
            assert body is None or facts(old)[key][1] == body
        again = copy.deepcopy(old)
        assert all("kept" in line for line in sync(again, copy.deepcopy(fresh)))
        assert again == old
