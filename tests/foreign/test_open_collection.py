"""`postrunner import` of OpenCollection: folders and single files in YAML, as Bruno writes them."""

import json

import pytest

ROOT = """opencollection: 1.0.0
info:
  name: Shop
config:
  proxy:
    inherit: false
    config:
      hostname: proxy.test
request:
  auth:
    type: bearer
    token: t1
  headers:
    - name: X-All
      value: all
  variables:
    - name: base
      value: URL
docs:
  content: About the shop.
  type: text/markdown
extensions:
  bruno:
    ignore: [drafts]
"""

CREATE = """info:
  name: Create user
  type: http
  seq: 1
  tags: [smoke]

http:
  method: POST
  url: "{{base}}/users/:id?x=1"
  params:
    - name: x
      value: "1"
      type: query
    - name: y
      value: "2"
      type: query
      disabled: true
    - name: id
      value: 7
      type: path
  headers:
    - name: X-Own
      value: own
      description: why it is there
  body:
    type: json
    data: |-
      {"name": "{{name}}"}
  auth: inherit

runtime:
  variables:
    - name: name
      value: Bob
  scripts:
    - type: before-request
      code: |-
        req.setHeader("X-Set", "by script");
    - type: tests
      code: |-
        test("made", function () {
          expect(res.getStatus()).to.equal(200);
          expect(bru.getVar("seen")).to.equal(res.body.id);
        });
        bru.cwd();
  assertions:
    - expression: res.status
      operator: eq
      value: "200"
    - expression: res.body.id
      operator: isNumber
  actions:
    - type: set-variable
      phase: after-response
      selector:
        expression: res.body.id
        method: jsonq
      variable:
        name: seen
        scope: runtime

settings:
  followRedirects: false
  timeout: 0

examples:
  - name: Made
    request:
      url: http://h/users
      method: POST
    response:
      status: 201
      statusText: Created
      headers:
        - name: Content-Type
          value: application/json
      body:
        type: json
        data: '{"id": 1}'

docs: Makes a *user*.
"""


@pytest.fixture
def imported(tmp_path, server, postrunner):
    """A function that imports files, by their names below the folder `c`: the collection and what was told."""

    def read(files, source="c"):
        for name, text in files.items():
            path = tmp_path / "c" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("URL", server.url))
        done = postrunner("import", source, "-o", "out.json", "--force")
        assert done.code == 0, done.err
        with open("out.json") as file:
            return json.load(file), done.err

    return read


def request(url="URL", **more):
    """A request in YAML; more keys of `http` are texts behind it."""
    lines = "".join(f"  {key}: {text}\n" for key, text in more.items())
    return f"info:\n  type: http\nhttp:\n  url: {url}\n{lines}"


def test_a_folder_runs_as_it_does_in_bruno(imported, postrunner, server):
    collection, told = imported({"opencollection.yml": ROOT, "users/create.yml": CREATE, "drafts/x.yml": request()})
    assert collection["info"]["name"] == "Shop"
    assert collection["info"]["description"] == "About the shop."
    assert [folder["name"] for folder in collection["item"]] == ["users"]
    done = postrunner("run", "out.json")
    assert "bru.cwd has no counterpart" in told
    assert "made" in done.out
    assert "res.body.id: isNumber" in done.out
    ((method, path, headers, body),) = server.seen
    assert (method, path) == ("POST", "/users/7?x=1")
    assert (headers["Authorization"], headers["X-All"], headers["X-Own"], headers["X-Set"]) == (
        "Bearer t1",
        "all",
        "own",
        "by script",
    )
    assert json.loads(body) == {"name": "Bob"}


def test_what_is_said_about_a_request_is_kept(imported):
    collection, _ = imported({"opencollection.yml": ROOT, "create.yml": CREATE})
    (item,) = collection["item"]
    assert item["request"]["description"] == "Makes a *user*.\n\n@smoke"
    assert item["protocolProfileBehavior"] == {"followRedirects": False}
    assert {"key": "y", "value": "2", "disabled": True} in item["request"]["url"]["query"]
    (example,) = item["response"]
    assert (example["name"], example["code"], example["body"]) == ("Made", 201, '{"id": 1}')


def test_gaps_are_told_with_file_and_line(imported):
    _, told = imported({"opencollection.yml": ROOT, "create.yml": CREATE})
    line = CREATE.split("\n").index("        bru.cwd();") + 1
    assert f"c/create.yml:{line}: bru.cwd has no counterpart in Postman" in told
    line = ROOT.split("\n").index("    inherit: false") + 1
    assert f"c/opencollection.yml:{line}: config.proxy is none of a collection: give --proxy" in told


def test_one_file_holds_folders_environments_and_requests_in_their_order(imported):
    bundled = """opencollection: 1.0.0
info:
  name: All in one
bundled: true
config:
  environments:
    - name: base
      variables:
        - name: host
          value: h
        - name: shared
          value: s
    - name: dev
      extends: base
      variables:
        - name: host
          value:
            - title: a
              value: first
            - title: b
              selected: true
              value: {type: number, data: "8"}
        - name: token
          secret: true
items:
  - info: {name: Second, type: http}
    http: {url: http://h}
  - info: {name: Folder, type: folder}
    request:
      auth: {type: basic, username: u, password: p}
    items:
      - info: {name: Inner, type: http}
        http: {url: http://h, auth: inherit}
  - info: {name: Query, type: graphql}
    graphql:
      url: http://h/graphql
      body:
        query: "{ a }"
        variables: '{"b": 1}'
  - info: {name: Call, type: grpc}
    grpc: {url: h}
  - type: script
    script: x
"""
    collection, told = imported({"all.yml": bundled}, source="c/all.yml")
    assert [item["name"] for item in collection["item"]] == ["Second", "Folder", "Query"]
    assert collection["item"][1]["auth"]["type"] == "basic"
    assert "auth" not in collection["item"][1]["item"][0]["request"]
    assert collection["item"][2]["request"]["method"] == "POST"
    assert collection["item"][2]["request"]["body"]["graphql"] == {"query": "{ a }", "variables": '{"b": 1}'}
    assert "the gRPC request Call is none that a collection can hold" in told
    assert "is a file of scripts: it is not carried over" in told
    with open("dev.postman_environment.json") as file:
        values = {row["key"]: (row["value"], row["type"]) for row in json.load(file)["values"]}
    assert values == {"host": ("8", "default"), "token": ("", "secret"), "shared": ("s", "default")}


def test_the_selected_body_counts(imported):
    body = """
    - title: Short
      body: {type: text, data: a}
    - title: Long
      selected: true
      body:
        type: multipart-form
        data:
          - {name: f, type: file, value: [a.txt]}
          - {name: t, type: text, value: v, contentType: text/plain}
"""
    collection, told = imported({"opencollection.yml": "opencollection: 1.0.0\n", "r.yml": request(body=body)})
    assert collection["item"][0]["request"]["body"]["formdata"] == [
        {"key": "f", "type": "file", "src": "a.txt"},
        {"key": "t", "value": "v", "type": "text", "contentType": "text/plain"},
    ]
    assert "the body Short of r is not the selected one" in told


@pytest.mark.parametrize(
    ("auth", "type", "values"),
    [
        ("{type: apikey, key: k, value: v, placement: query}", "apikey", {"key": "k", "value": "v", "in": "query"}),
        (
            "{type: oauth1, consumerKey: c, accessTokenSecret: s, includeBodyHash: true, placement: query}",
            "oauth1",
            {"consumerKey": "c", "tokenSecret": "s", "includeBodyHash": True, "addParamsToHeader": False},
        ),
        (
            "{type: oauth2, flow: authorization_code, accessTokenUrl: a, callbackUrl: b, pkce: {},"
            " credentials: {clientId: c, placement: body}, tokenConfig: {placement: {header: Bearer}},"
            " additionalParameters: {accessTokenRequest: [{name: n, value: v, placement: query}]}}",
            "oauth2",
            {
                "grant_type": "authorization_code_with_pkce",
                "accessTokenUrl": "a",
                "redirect_uri": "b",
                "clientId": "c",
                "client_authentication": "body",
                "addTokenTo": "header",
                "headerPrefix": "Bearer",
                "tokenRequestParams": [{"key": "n", "value": "v", "enabled": True, "send_as": "request_url"}],
            },
        ),
        ("{type: digest, username: u, password: p}", "digest", {"username": "u", "password": "p"}),
    ],
)
def test_auth_has_the_names_of_postman(imported, auth, type, values):
    collection, _ = imported({"opencollection.yml": "opencollection: 1.0.0\n", "r.yml": request(auth=auth)})
    made = collection["item"][0]["request"]["auth"]
    assert made["type"] == type
    found = {row["key"]: row["value"] for row in made[type]}
    assert {key: found.get(key) for key in values} == values


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read(imported):
    files = {"opencollection.yml": "opencollection: 1.0.0\n", "a.yml": "a: [", "b.yml": request(), "c.yml": "kind: other\n"}
    collection, told = imported(files)
    assert [item["name"] for item in collection["item"]] == ["b"]
    assert "c/a.yml: this file is not read: not valid YAML" in told
    assert "c is not an item of OpenCollection" in told


def test_a_workspace_names_its_collections(tmp_path, postrunner):
    (tmp_path / "w.yml").write_text("opencollection: 1.0.0\ninfo:\n  type: workspace\ncollections:\n  - path: one\n")
    done = postrunner("import", "w.yml")
    assert done.code == 2
    assert "is a workspace, which lists collections" in done.err
    assert "name one of them: one" in done.err


def test_the_file_of_a_collection_alone_names_its_folder(tmp_path, postrunner):
    (tmp_path / "opencollection.yml").write_text("opencollection: 1.0.0\ninfo:\n  name: x\n")
    done = postrunner("import", "opencollection.yml")
    assert (done.code, done.out) == (2, "")
    assert "name its folder: postrunner import ." in done.err


def test_environments_and_folders_are_files_of_their_own(imported):
    files = {
        "opencollection.yml": "opencollection: 1.0.0\ninfo:\n  name: x\n",
        "environments/dev.yml": "variables:\n  - name: host\n    value: h\n    disabled: true\n",
        "f/folder.yml": "info: {name: Folder, seq: 2, tags: [slow]}\nrequest:\n  auth: inherit\n  settings: {http: {}}\n",
        "f/r.yml": request(),
        "node_modules/x.yml": request(),
        "workspace.yml": "info:\n  type: workspace\n",
    }
    collection, told = imported(files)
    (folder,) = collection["item"]
    assert (folder["name"], folder["description"], len(folder["item"])) == ("Folder", "@slow", 1)
    assert "auth" not in folder
    assert "the settings of Folder are none of a folder" in told
    with open("dev.postman_environment.json") as file:
        assert json.load(file)["values"] == [{"key": "host", "value": "h", "type": "default", "enabled": False}]


def test_the_file_of_one_request_is_a_collection_of_it(imported):
    collection, _ = imported({"r.yml": request(auth="{type: wsse, username: u}")}, source="c/r.yml")
    assert (collection["info"]["name"], collection["item"][0]["name"]) == ("r", "r")
    assert collection["item"][0]["request"]["auth"] == {"type": "noauth"}


@pytest.mark.parametrize(
    ("text", "message"),
    [("[]", "is not an object"), ("info:\n  name: x\n", "is neither a collection nor a request of OpenCollection")],
)
def test_what_is_neither_a_collection_nor_a_request_is_refused(tmp_path, postrunner, text, message):
    (tmp_path / "x.yml").write_text(text)
    done = postrunner("import", "--from", "opencollection", "x.yml")
    assert (done.code, message in done.err) == (2, True), done.err


def test_what_has_no_counterpart_is_told(imported):
    text = request() + (
        "runtime:\n"
        "  actions:\n    - type: set-variable\n      phase: before-request\n"
        "  scripts:\n    - type: hooks\n      code: x\n"
    )
    _, told = imported({"opencollection.yml": "opencollection: 1.0.0\n", "r.yml": text})
    assert "c/r.yml:7: an action of the phase before-request has no counterpart" in told
    assert "c/r.yml:10: a script of the type hooks has no counterpart" in told
