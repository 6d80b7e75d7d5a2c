"""What a document of OpenAPI becomes: names, folders, variables, auth, URLs."""

import json

import pytest

from runner.foreign.importing import import_sources
from tests.foreign.openapi.conftest import leaves, rows, tree

GET = {"get": {"summary": "Get", "responses": {}}}
TWO = {"/pets": GET, "/pets/{petId}/photo": GET, "/": GET}


def test_each_segment_of_a_path_is_a_folder(imported):
    assert tree(imported(TWO).collection) == [{"pets": ["Get", {"{petId}": [{"photo": ["Get"]}]}]}, {"/": ["Get"]}]


def test_paths_that_differ_only_in_the_last_slash_are_both_there(imported):
    assert tree(imported({"/a": GET, "/a/": GET}).collection) == [{"a": ["Get", "Get"]}]


TAGGED = {
    "/a": {"get": {"summary": "A", "tags": ["x", "y"], "responses": {}}},
    "/b": {"get": {"summary": "B", "responses": {}}},
}


def test_each_tag_is_a_folder_with_its_description(imported):
    tags = [{"name": "y", "description": "Why"}, {"name": "empty"}]
    found = imported(TAGGED, options={"folderStrategy": "Tags"}, tags=tags).collection
    assert tree(found) == [{"y": ["A"]}, {"empty": []}, {"x": ["A"]}, "B"]
    assert found["item"][0]["description"] == "Why"


def test_names_and_choices_of_options_may_be_written_with_hyphens_and_in_any_case(imported):
    assert tree(imported(TAGGED, options={"folder-strategy": "tags"}).collection)[0] == {"x": ["A"]}


def test_tags_are_folders_in_folders_if_asked_for(imported):
    options = {"folderStrategy": "Tags", "nestedFolderHierarchy": "true"}
    assert tree(imported(TAGGED, options=options).collection) == [{"x": [{"y": ["A"]}]}, "B"]


def test_the_parents_of_a_tag_are_folders_around_it(imported):
    options = {"folderStrategy": "Tags", "nestedFolderHierarchy": "true"}
    paths = {"/a": {"get": {"summary": "A", "tags": ["cats"], "responses": {}}}}
    tags = [{"name": "cats", "parent": "pets"}, {"name": "pets"}]
    assert tree(imported(paths, options=options, tags=tags, version="3.2.0").collection) == [{"pets": [{"cats": ["A"]}]}]


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ({"summary": "List", "operationId": "listPets"}, "List"),
        ({"operationId": "listPets"}, "list Pets"),
        ({"operationId": "get_NASAMission"}, "get NASA Mission"),
        ({"description": "All pets"}, "All pets"),
        ({}, "/pets"),
        ({"summary": "x" * 300}, "x" * 255),
    ],
)
def test_a_request_is_named_after_what_the_operation_says_first(request_of, operation, name):
    assert request_of(operation)["name"] == name


def test_a_request_is_named_after_its_path_if_asked_for(request_of):
    found = request_of({"summary": "List"}, path="/pets/{id}", options={"requestNameSource": "URL"})
    assert found["name"] == "/pets/:id"


def test_server_variables_and_the_address_are_variables(imported):
    server = {"url": "https://{env}.example.com/v1", "variables": {"env": {"default": "prod"}}}
    found = imported({"/a": GET}, servers=[server, {"url": "https://other.example.com"}]).collection
    assert rows(found["variable"]) == [("env", "prod"), ("baseUrl", "https://{{env}}.example.com/v1")]
    assert leaves(found)[0]["request"]["url"]["raw"] == "{{baseUrl}}/a"


@pytest.mark.parametrize("level", ["operation", "path"])
def test_a_server_of_an_operation_or_path_is_its_address(imported, level):
    servers = [{"url": "https://up.example.com/{zone}/x", "variables": {"zone": {"default": "eu"}}}]
    item = {"get": {"responses": {}}}
    (item if level == "path" else item["get"])["servers"] = servers
    url = leaves(imported({"/a": item}).collection)[0]["request"]["url"]
    assert (url["raw"], rows(url["variable"])) == ("https://up.example.com/:zone/x/a", [("zone", "eu")])


def test_a_parameter_that_is_a_part_of_a_segment_is_a_variable_of_the_collection(imported):
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": name} for name in "ab"
    ]
    found = imported({"/{a}/x.{b}": {"parameters": parameters, "get": {"responses": {}}}}).collection
    url = leaves(found)[0]["request"]["url"]
    assert (url["raw"], rows(url["variable"])) == ("{{baseUrl}}/:a/x.{{b}}", [("a", "a")])
    assert ("b", "b") in rows(found["variable"])


SCHEMES = {
    "token": {"type": "http", "scheme": "Bearer"},
    "login": {"type": "http", "scheme": "basic"},
    "key": {"type": "apiKey", "name": "X-Key", "in": "header"},
    "session": {"type": "apiKey", "name": "sid", "in": "cookie"},
    "flow": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://t", "scopes": {"a": "", "b": ""}}}},
    "mutual": {"type": "mutualTLS"},
}


@pytest.mark.parametrize(
    ("security", "auth"),
    [
        ([{"token": []}], ("bearer", [("token", "{{bearerToken}}")])),
        ([{"login": []}], ("basic", [("username", "{{basicAuthUsername}}"), ("password", "{{basicAuthPassword}}")])),
        ([{"key": []}], ("apikey", [("key", "X-Key"), ("value", "{{apiKey}}"), ("in", "header")])),
        ([{"session": []}], ("apikey", [("key", "Cookie"), ("value", "sid={{apiKey}}"), ("in", "header")])),
        (
            [{"flow": []}],
            ("oauth2", [("scope", "a b"), ("accessTokenUrl", "https://t"), ("grant_type", "client_credentials")]),
        ),
        ([{"mutual": []}, {"key": []}], ("apikey", [("key", "X-Key"), ("value", "{{apiKey}}"), ("in", "header")])),
        ([], ("noauth", [])),
        ([{}, {"token": []}], ("noauth", [])),
    ],
)
def test_the_security_of_an_operation_is_its_auth(request_of, security, auth):
    found = request_of({"security": security}, components={"securitySchemes": SCHEMES})["request"]["auth"]
    assert (found["type"], rows(found.get(found["type"], []))) == auth


def test_the_security_of_the_document_is_inherited(imported):
    found = imported({"/a": GET}, security=[{"token": []}], components={"securitySchemes": SCHEMES}).collection
    assert found["auth"]["type"] == "bearer"
    assert "auth" not in leaves(found)[0]["request"]


def test_requests_always_inherit_if_asked_for(request_of):
    options = {"alwaysInheritAuthentication": "true"}
    found = request_of({"security": [{"key": []}]}, components={"securitySchemes": SCHEMES}, options=options)
    assert "auth" not in found["request"]


def test_schemes_that_are_needed_at_once_and_those_without_auth_are_told(imported):
    paths = {"/a": {"get": {"security": [{"key": [], "token": []}, {"mutual": []}], "responses": {}}}}
    paths["/b"] = {"get": {"security": [{"mutual": []}], "responses": {}}}
    notes = imported(paths, servers=[{"url": "https://h"}], components={"securitySchemes": SCHEMES}).notes
    assert [note.message for note in notes] == [
        "a request has one auth, but these are needed at once: key, token; it has key",
        "there is no auth for the security scheme mutual (mutualTLS)",
    ]


def test_deprecated_operations_and_parameters_are_left_out_if_asked_for(imported):
    old = {"get": {"deprecated": True, "responses": {}}}
    parameters = [{"name": "q", "in": "query", "deprecated": True, "schema": {"type": "string"}}]
    paths = {"/a": old, "/b": {"get": {"parameters": parameters, "responses": {}}}}
    assert len(leaves(imported(paths).collection)) == 2
    (left,) = leaves(imported(paths, options={"includeDeprecated": "false"}).collection)
    assert left["request"]["url"]["raw"] == "{{baseUrl}}/b"


def test_webhooks_are_a_folder_if_asked_for(imported):
    hooks = {"newPet": {"post": {"summary": "New", "responses": {}}}}
    told = imported(version="3.1.0", webhooks=hooks, servers=[{"url": "https://h"}])
    assert [note.message for note in told.notes] == ["1 webhook is left out: --include-webhooks keeps them"]
    found = imported(version="3.1.0", webhooks=hooks, options={"includeWebhooks": "true"}).collection
    assert tree(found) == [{"Webhooks": ["New"]}]
    assert leaves(found)[0]["request"]["url"]["raw"] == "{{baseUrl}}/newPet"


def test_the_method_query_and_methods_of_any_name_are_imported(imported):
    item = {"query": {"responses": {}}, "additionalOperations": {"LINK": {"responses": {}}}}
    found = leaves(imported({"/a": item}, version="3.2.0").collection)
    assert [leaf["request"]["method"] for leaf in found] == ["QUERY", "LINK"]


def test_the_same_document_makes_the_same_collection_as_yaml(imported, tmp_path):
    head = "openapi: 3.1.0\ninfo:\n  title: Api\n  version: '1'\n"
    (tmp_path / "api.yaml").write_text(f"{head}paths:\n  /pets:\n    get:\n      summary: Get\n      responses: {{}}\n")
    assert import_sources([str(tmp_path / "api.yaml")]).collection == imported({"/pets": GET}, version="3.1.0").collection


@pytest.mark.parametrize("version", ["1.2", "4.0.0"])
def test_other_versions_are_refused(postrunner, tmp_path, version):
    (tmp_path / "api.json").write_text(json.dumps({"openapi": version, "info": {}, "paths": {}}))
    done = postrunner("import", "api.json")
    assert done.code == 2
    assert f"api.json: cannot be imported: its version of OpenAPI is {version}" in done.err


def test_a_document_given_to_run_is_told_to_be_imported(postrunner, tmp_path):
    (tmp_path / "api.json").write_text(json.dumps({"openapi": "3.0.0", "info": {}, "paths": {}}))
    assert "postrunner import api.json" in postrunner("run", "api.json").err
