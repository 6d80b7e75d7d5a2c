"""Exports of Insomnia 2 to 10, and its projects."""

import json

import pytest

VERSION_4 = {
    "_type": "export",
    "__export_format": 4,
    "resources": [
        {
            "_id": "req_2",
            "_type": "request",
            "parentId": "fld_1",
            "name": "Second",
            "method": "POST",
            "url": "{{ base_url }}/b",
            "body": {
                "mimeType": "application/json",
                "text": "{\"t\": \"{% response 'body', 'req_1', 'b64::JC5pZA==::46b' %}\"}",
            },
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "parameters": [{"name": "q", "value": "{{ _.q }}"}],
            "authentication": {"type": "bearer", "token": "{{ _.token }}"},
            "metaSortKey": -1,
        },
        {
            "_id": "req_1",
            "_type": "request",
            "parentId": "fld_1",
            "name": "First",
            "method": "GET",
            "url": "{{ base_url }}/a",
            "body": {},
            "headers": [],
            "parameters": [],
            "authentication": {},
            "metaSortKey": -2,
            "settingFollowRedirects": "off",
            "description": "The *first*.",
        },
        {"_id": "fld_1", "_type": "request_group", "parentId": "wrk_1", "name": "Folder", "environment": {"q": "inner"}},
        {"_id": "wrk_1", "_type": "workspace", "parentId": None, "name": "Old", "description": "About it."},
        {
            "_id": "env_1",
            "_type": "environment",
            "parentId": "wrk_1",
            "name": "Base",
            "data": {"base_url": "URL", "token": "t"},
        },
        {"_id": "env_2", "_type": "environment", "parentId": "env_1", "name": "Dev", "data": {"token": "d"}},
        {"_id": "jar_1", "_type": "cookie_jar", "parentId": "wrk_1", "cookies": [{"key": "a", "value": "secret"}]},
        {"_id": "spc_1", "_type": "api_spec", "parentId": "wrk_1", "contents": "openapi: 3.0.0"},
        {"_id": "grpc_1", "_type": "grpc_request", "parentId": "fld_1", "name": "Call"},
        {"_id": "ws_1", "_type": "websocket_request", "parentId": "wrk_1", "name": "Socket"},
    ],
}


def test_an_export_of_version_4_runs(imported, postrunner, server):
    collection, told = imported(json.dumps(VERSION_4, indent=2), name="insomnia.json")
    assert (collection["info"]["name"], collection["info"]["description"]) == ("Old", "About it.")
    first, second = collection["item"][0]["item"]
    assert (first["name"], first["request"]["description"], second["name"]) == ("First", "The *first*.", "Second")
    assert postrunner("run", "c.json", "-e", "Dev.postman_environment.json").code == 0
    assert [seen[:2] for seen in server.seen] == [("GET", "/a"), ("POST", "/b?q=inner")]
    assert (server.seen[1][2]["Authorization"], server.seen[1][3]) == ("Bearer d", b'{"t": "1"}')
    line = json.dumps(VERSION_4, indent=2).split("\n").index('      "_id": "grpc_1",') + 1
    assert f"insomnia.json:{line}: the gRPC request Call is none that a collection can hold" in told
    assert "the WebSocket request Socket" in told
    assert "1 cookies of the jar are none of a collection" in told
    assert "secret" not in told
    assert "the API document in it is not imported" in told


def test_an_export_of_several_workspaces_has_a_folder_for_each(imported):
    resources = [
        *({"_id": f"wrk_{n}", "_type": "workspace", "name": f"W{n}"} for n in (1, 2)),
        *({"_id": f"req_{n}", "_type": "request", "parentId": f"wrk_{n}", "name": "r", "url": "http://h"} for n in (1, 2)),
    ]
    collection, _ = imported(json.dumps({"_type": "export", "__export_format": 4, "resources": resources}), name="i.json")
    assert [item["name"] for item in collection["item"]] == ["W1", "W2"]


def test_resources_without_a_workspace_are_read(imported):
    resources = [
        {"_type": "request", "url": "http://h", "name": "lost"},
        {"_type": "request_group", "name": "empty"},
        {"_id": "a", "_type": "request_group", "parentId": "b", "name": "circle"},
        {"_id": "b", "_type": "request_group", "parentId": "a", "name": "circle"},
        {"_id": "c", "_type": "request", "parentId": "b", "name": "inside"},
    ]
    collection, told = imported(
        json.dumps({"_type": "export", "__export_format": 4, "resources": resources}), name="i.json"
    )
    assert [item["name"] for item in collection["item"]] == ["lost", "empty"]
    assert "inside is in a folder that is inside of itself" in told


def test_the_folder_of_a_project_is_read(tmp_path, postrunner):
    files = {
        "Workspace/wrk_1.yml": "_id: wrk_1\ntype: Workspace\nname: Project\n",
        "Request/req_1.yml": "_id: req_1\ntype: Request\nparentId: fld_1\nname: r\nurl: http://h\nmethod: GET\n",
        "RequestGroup/fld_1.yml": "_id: fld_1\ntype: RequestGroup\nparentId: wrk_1\nname: f\n",
    }
    for name, text in files.items():
        path = tmp_path / "p" / ".insomnia" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = postrunner("import", "p")
    collection = json.loads(done.out)
    assert (collection["info"]["name"], collection["item"][0]["item"][0]["name"]) == ("Project", "r")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("type: mock.insomnia.rest/5.0\nname: m\n", "is a mock server of Insomnia: there are no requests in it"),
        ("type: mcpClient.insomnia/5.0\nname: m\n", "is an MCP client of Insomnia"),
    ],
)
def test_files_without_requests_are_called_by_their_name(tmp_path, postrunner, text, message):
    (tmp_path / "x.yaml").write_text(text)
    done = postrunner("import", "x.yaml")
    assert (done.code, message in done.err) == (2, True), done.err


def test_the_oldest_exports_have_texts_as_bodies(imported):
    request = {"_id": "r", "_type": "request", "method": "POST", "url": "http://h"}
    form = [{"name": "Content-Type", "value": "application/x-www-form-urlencoded; charset=utf-8"}]
    resources = [
        {**request, "_id": "1", "name": "form", "body": "a=1&b=x%20y", "headers": form},
        {
            **request,
            "_id": "2",
            "name": "text",
            "body": "{}",
            "headers": [{"name": "Content-Type", "value": "application/json"}],
        },
        {**request, "_id": "3", "name": "none", "body": ""},
    ]
    text = json.dumps({"_type": "export", "__export_format": 2, "resources": resources})
    collection, _ = imported(text, name="old.json")
    form, text, none = (item["request"] for item in collection["item"])
    assert form["body"]["urlencoded"] == [{"key": "a", "value": "1"}, {"key": "b", "value": "x y"}]
    assert (text["body"]["raw"], "body" in none) == ("{}", False)
