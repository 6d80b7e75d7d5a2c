"""`postrunner import` of folders of Bruno: what is in the files, what is sent, what is told."""

import json

import pytest

REQUEST = """meta {
  name: Create user
  type: http
  seq: 1
  tags: [
    smoke
  ]
}

post {
  url: URL/users/:id?x=1&y=a%20b
  body: json
  auth: inherit
}

params:query {
  x: 1
  ~z: off
  y: a%20b
}

params:path {
  id: 7
}

headers {
  @description('why it is there')
  X-Own: "quoted"
  ~X-Off: 1
}

body:json {
  {
    "name": "{{name}}"
  }
}

vars:pre-request {
  name: Bob
}

vars:post-response {
  seen: res.body.id
}

assert {
  res.status: eq 200
  res.body.method: contains OS
  res.body.id: isNumber
  ~res.body.id: isNull
}

script:post-response {
  const data = res.getBody();
  bru.setEnvVar("user", data.id);
}

tests {
  const data = res.getBody();
  test("the status is known", function () {
    expect(res.getStatus()).to.equal(200);
    expect(res.headers["content-type"]).to.contain("json");
    expect(bru.getVar("seen")).to.equal(data.id);
  });
}

docs {
  Makes a *user*.
}
"""


@pytest.fixture
def folder(tmp_path, server):
    """A function that writes files of a collection; `URL` in them is the server's."""

    def write(files):
        for name, text in {"bruno.json": '{"version": "1", "name": "Sample"}', **files}.items():
            path = tmp_path / "b" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("URL", server.url))
        return "b"

    return write


@pytest.fixture
def imported(folder, postrunner):
    """A function that imports such files: the collection and what was told."""

    def read(files, *options):
        done = postrunner("import", folder(files), "-o", "c.json", "--force", *options)
        assert done.code in (0, 1), done.err
        with open("c.json") as file:
            return json.load(file), done.err

    return read


def request(text, **parts):
    """A request in .bru with these further blocks."""
    blocks = "\n".join(f"{name.replace('_', ':')} {{\n{body}\n}}\n" for name, body in parts.items())
    return f"get {{\n  url: {text}\n}}\n{blocks}"


def script(item, listen="test"):
    """The text of one script."""
    return "\n".join(*[event["script"]["exec"] for event in item["event"] if event["listen"] == listen])


def test_a_request_of_every_block_runs_as_it_does_in_bruno(imported, postrunner, server):
    imported({"create.bru": REQUEST, "collection.bru": "auth {\n  mode: bearer\n}\nauth:bearer {\n  token: t1\n}\n"})
    done = postrunner("run", "c.json")
    assert done.code == 0, done.out
    ((method, path, headers, body),) = server.seen
    assert (method, path) == ("POST", "/users/7?x=1&y=a%20b")
    assert (headers["Authorization"], headers["X-Own"], headers["Content-Type"]) == (
        "Bearer t1",
        '"quoted"',
        "application/json",
    )
    assert "X-Off" not in headers
    assert json.loads(body) == {"name": "Bob"}
    for name in ("res.status: eq 200", "res.body.method: contains OS", "res.body.id: isNumber", "the status is known"):
        assert name in done.out


def test_what_is_said_about_a_request_is_kept(imported):
    collection, _ = imported({"create.bru": REQUEST})
    (item,) = collection["item"]
    assert (item["name"], item["request"]["description"]) == ("Create user", "Makes a *user*.\n\n@smoke")
    assert item["request"]["header"][0] == {"key": "X-Own", "value": '"quoted"', "description": "why it is there"}
    assert {"key": "z", "value": "off", "disabled": True} in item["request"]["url"]["query"]


def test_folders_run_before_requests_each_by_its_place(imported):
    files = {
        "b.bru": "meta {\n  name: B\n  seq: 1\n}\nget {\n  url: URL\n}\n",
        "a.bru": "meta {\n  name: A\n  seq: 2\n}\nget {\n  url: URL\n}\n",
        "one/folder.bru": "meta {\n  name: One\n  seq: 2\n}\n",
        "one/x.bru": request("URL"),
        "two/folder.bru": "meta {\n  name: Two\n  seq: 1\n}\n",
        "two/y.bru": request("URL"),
        "none/notes.txt": "nothing of Bruno",
    }
    collection, _ = imported(files)
    assert [item["name"] for item in collection["item"]] == ["Two", "One", "B", "A"]


def test_one_list_of_places_is_that_of_a_collection_from_postman(imported):
    files = {
        "login.bru": "meta {\n  name: Login\n  seq: 1\n}\nget {\n  url: URL\n}\n",
        "rest/folder.bru": "meta {\n  name: Rest\n  seq: 2\n}\n",
        "rest/x.bru": request("URL"),
    }
    collection, _ = imported(files)
    assert [item["name"] for item in collection["item"]] == ["Login", "Rest"]


def test_headers_of_folders_and_the_collection_are_those_of_the_requests(imported):
    files = {
        "collection.bru": "headers {\n  X-A: all\n  X-B: all\n}\n",
        "f/folder.bru": "headers {\n  x-b: folder\n  X-C: folder\n}\n",
        "f/r.bru": request("URL", headers="  X-C: own"),
    }
    collection, _ = imported(files)
    headers = collection["item"][0]["item"][0]["request"]["header"]
    assert {row["key"].lower(): row["value"] for row in headers} == {"x-a": "all", "x-b": "folder", "x-c": "own"}


def test_a_request_that_says_nothing_about_auth_has_none(imported):
    files = {
        "collection.bru": "auth {\n  mode: basic\n}\nauth:basic {\n  username: a\n  password: b\n}\n",
        "r.bru": request("URL"),
    }
    collection, _ = imported(files)
    assert collection["auth"]["type"] == "basic"
    assert collection["item"][0]["request"]["auth"] == {"type": "noauth"}


@pytest.mark.parametrize(
    ("block", "body", "type", "values"),
    [
        (
            "awsv4",
            "  accessKeyId: a\n  secretAccessKey: b\n  region: r",
            "awsv4",
            {"accessKey": "a", "secretKey": "b", "region": "r"},
        ),
        ("apikey", "  key: k\n  value: v\n  placement: queryparams", "apikey", {"key": "k", "value": "v", "in": "query"}),
        ("digest", "  username: u\n  password: p", "digest", {"username": "u", "password": "p"}),
        ("ntlm", "  username: u\n  password: p\n  domain: d", "ntlm", {"username": "u", "password": "p", "domain": "d"}),
        ("akamai-edgegrid", "  accessToken: a\n  maxBodySize: 9", "edgegrid", {"accessToken": "a", "maxBodySize": "9"}),
        (
            "oauth1",
            "  consumer_key: c\n  placement: query\n  include_body_hash: true",
            "oauth1",
            {"consumerKey": "c", "addParamsToHeader": False, "includeBodyHash": True},
        ),
        (
            "oauth2",
            "  grant_type: authorization_code\n  pkce: true\n  token_placement: url\n  credentials_placement: body",
            "oauth2",
            {"grant_type": "authorization_code_with_pkce", "addTokenTo": "queryParams", "client_authentication": "body"},
        ),
    ],
)
def test_auth_has_postmans_names(imported, block, body, type, values):
    text = f"get {{\n  url: URL\n  auth: {block}\n}}\nauth:{block} {{\n{body}\n}}\n"
    collection, told = imported({"r.bru": text})
    auth = collection["item"][0]["request"]["auth"]
    assert (auth["type"], {row["key"]: row["value"] for row in auth[type]}, told) == (type, values, "")


def test_an_auth_that_postman_has_not_is_told_where_it_stands(imported):
    text = "get {\n  url: URL\n  auth: wsse\n}\nauth:wsse {\n  username: u\n}\n"
    collection, told = imported({"r.bru": text}, "--strict")
    assert "r.bru:2: auth of the type wsse is unknown to Postman\n" in told
    assert "wsse" in collection["item"][0]["request"]["description"]


@pytest.mark.parametrize(
    ("mode", "block", "body"),
    [
        ("text", "body:text {\n  a\n    b\n}", {"mode": "raw", "raw": "a\n  b", "options": {"raw": {"language": "text"}}}),
        ("xml", "body:xml {\n  <a/>\n}", {"mode": "raw", "raw": "<a/>", "options": {"raw": {"language": "xml"}}}),
        (
            "graphql",
            'body:graphql {\n  { a }\n}\nbody:graphql:vars {\n  {"b": 1}\n}',
            {"mode": "graphql", "graphql": {"query": "{ a }", "variables": '{"b": 1}'}},
        ),
        (
            "form-urlencoded",
            "body:form-urlencoded {\n  a: 1\n  ~b: '''\n    x\n    y\n  '''\n}",
            {
                "mode": "urlencoded",
                "urlencoded": [{"key": "a", "value": "1"}, {"key": "b", "value": "x\ny", "disabled": True}],
            },
        ),
        (
            "multipart-form",
            "body:multipart-form {\n  a: 1 @contentType(text/x)\n  f: @file(one.txt|two.txt)\n}",
            {
                "mode": "formdata",
                "formdata": [
                    {"key": "a", "type": "text", "value": "1", "contentType": "text/x"},
                    {"key": "f", "type": "file", "src": ["one.txt", "two.txt"]},
                ],
            },
        ),
        (
            "file",
            "body:file {\n  file: @file(a.bin) @contentType(image/png)\n}",
            {"mode": "file", "file": {"src": "a.bin"}},
        ),
    ],
)
def test_bodies_of_every_mode(imported, mode, block, body):
    collection, _ = imported({"r.bru": f"post {{\n  url: URL\n  body: {mode}\n}}\n{block}\n"})
    asked = collection["item"][0]["request"]
    assert asked["body"] == body
    assert [row["value"] for row in asked["header"]] == (["image/png"] if mode == "file" else [])


def test_a_body_that_is_not_sent_is_kept_switched_off(imported, postrunner, server):
    collection, _ = imported({"r.bru": "post {\n  url: URL\n  body: none\n}\nbody:json {\n  {}\n}\n"})
    body = collection["item"][0]["request"]["body"]
    assert (body["raw"], body["disabled"]) == ("{}", True)
    assert postrunner("run", "c.json").code == 0
    assert server.seen[0][3] == b""


def test_bodies_of_other_modes_are_told(imported):
    blocks = "body:json {\n  {}\n}\nbody:text {\n  hello\n}\n"
    collection, told = imported({"r.bru": f"post {{\n  url: URL\n  body: json\n}}\n{blocks}"})
    assert collection["item"][0]["request"]["body"]["raw"] == "{}"
    assert "a body of the mode text is not chosen, and left out" in told


def test_variables_have_the_kinds_that_their_annotations_say(imported):
    rows = '  @number\n  n: 5\n  @boolean\n  b: true\n  @object\n  o: {"a": 1}\n  @number\n  t: five\n  s: 5\n'
    collection, _ = imported({"collection.bru": f"vars:pre-request {{\n{rows}}}\n", "r.bru": request("URL")})
    assert [row["value"] for row in collection["variable"]] == [5, True, {"a": 1}, "five", "5"]


def test_tags_that_the_documentation_says_already_are_not_said_again(imported):
    meta = "meta {\n  name: a\n  tags: [\n    smoke\n    slow\n  ]\n}\n"
    collection, _ = imported({"r.bru": meta + request("URL", docs="  It is @smoke.")})
    assert collection["item"][0]["request"]["description"] == "It is @smoke.\n\n@slow"


def test_a_value_that_opens_a_list_without_an_end_is_a_text(imported):
    collection, _ = imported({"r.bru": request("URL", headers="  A: [\n  B: 1")})
    assert [(row["key"], row["value"]) for row in collection["item"][0]["request"]["header"]] == [("A", "["), ("B", "1")]


def test_a_file_that_is_no_request_is_told_and_the_others_are_read(imported):
    collection, told = imported({"a.bru": "get {\n  url: x\n", "b.bru": request("URL", app="  code: x")})
    assert [item["name"] for item in collection["item"]] == ["b"]
    assert "a.bru:1: is left out: not valid .bru: the block get does not end" in told
    assert "b.bru:4: the block app has no counterpart in Postman" in told


def test_quotes_inside_of_a_value_open_no_text_and_blanks_in_a_quoted_name_stay(imported):
    collection, _ = imported({"r.bru": request("URL", headers="  A: it is '''\n  \" B \": 1", tests="  a();")})
    item = collection["item"][0]
    assert [(row["key"], row["value"]) for row in item["request"]["header"]] == [("A", "it is '''"), (" B ", "1")]
    assert script(item) == "a();"


@pytest.mark.parametrize(("code", "text"), [("201", "Created"), ("Created", "201")])
def test_the_status_of_an_example_may_stand_in_either_place(imported, code, text):
    block = f"  response: {{\n    status: {{\n      code: {code}\n      text: {text}\n    }}\n  }}"
    collection, _ = imported({"r.bru": request("URL", example=f"  name: a\n{block}")})
    (example,) = collection["item"][0]["response"]
    assert (example["code"], example["status"]) == (201, "Created")


@pytest.mark.parametrize(("ends", "body"), [("\n", "a\r\nb"), ("\r\n", "a\nb")])
def test_carriage_returns_of_a_body_are_kept_unless_they_end_all_lines(imported, ends, body):
    text = f"post {{{ends}  url: URL{ends}  body: text{ends}}}{ends}body:text {{{ends}  a\r\n  b{ends}}}{ends}"
    collection, _ = imported({"r.bru": text})
    assert collection["item"][0]["request"]["body"]["raw"] == body


def test_settings_become_those_of_the_request(imported):
    settings = "  encodeUrl: false\n  followRedirects: false\n  maxRedirects: 3\n  timeout: 500"
    collection, told = imported({"r.bru": request("URL", settings=settings)})
    behavior = {"disableUrlEncoding": True, "followRedirects": False, "maxRedirects": 3}
    assert collection["item"][0]["protocolProfileBehavior"] == behavior
    assert "the timeout of 500 ms is none of a collection: give --timeout-request" in told


def test_environments_lie_beside_the_collection_and_secrets_have_no_value(imported):
    text = "vars {\n  host: h\n  key: '''\n    a\n    b\n  '''\n  ~off: 1\n}\nvars:secret [\n  password,\n  ~old\n]\n"
    _, told = imported({"r.bru": request("URL"), "environments/local.bru": text})
    with open("local.postman_environment.json") as file:
        rows = json.load(file)["values"]
    assert [(row["key"], row["value"], row["type"], row["enabled"]) for row in rows] == [
        ("host", "h", "default", True),
        ("key", "a\nb", "default", True),
        ("off", "1", "default", False),
        ("password", "", "secret", True),
        ("old", "", "secret", False),
    ]
    assert told.count("is secret: its value is not in the file") == 1


def test_a_saved_example_is_kept(imported):
    example = """  name: Fine

  request: {
    url: URL/a
    method: PUT
    mode: json
    body:json: {
      {"a": 1}
    }
  }

  response: {
    headers: {
      content-type: application/json
    }

    status: {
      code: 201
      text: Created
    }

    body: {
      type: json
      content: '''
        {
          "id": 1
        }
      '''
    }
  }"""
    collection, _ = imported({"r.bru": request("URL", example=example)})
    (response,) = collection["item"][0]["response"]
    assert (response["name"], response["code"], response["status"]) == ("Fine", 201, "Created")
    assert response["body"] == '{\n  "id": 1\n}'
    assert response["originalRequest"]["body"]["raw"] == '{"a": 1}'


def test_a_request_of_another_protocol_is_told_and_left_out(imported):
    collection, told = imported({"g.bru": "grpc {\n  url: h\n}\n", "r.bru": request("URL")})
    assert [item["name"] for item in collection["item"]] == ["r"]
    assert "g.bru:2: the gRPC request g is none that a collection can hold" in told


def test_what_a_script_cannot_do_here_is_told_with_its_line_and_marked(imported):
    collection, told = imported({"r.bru": request("URL", tests="  const a = 1;\n  bru.cwd();")})
    assert "r.bru:6: bru.cwd has no counterpart in Postman\n" in told
    assert script(collection["item"][0]) == "const a = 1;\n// postrunner: bru.cwd has no counterpart in Postman\nbru.cwd();"


def test_a_single_file_is_a_collection_of_one_request(folder, postrunner):
    folder({"r.bru": request("URL")})
    done = postrunner("import", "b/r.bru", "-o", "c.json")
    assert (done.code, done.out) == (0, "c.json written: 1 request\n")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("get {\n  url: x\n", "r.bru:1: not valid .bru: the block get does not end"),
        ("get {\n  url: x\n}\nwhat is this\n", "r.bru:4: not valid .bru: a block was expected here"),
        ("get {\n  url\n}\n", "r.bru:2: not valid .bru: a pair `name: value` was expected here"),
        ("get {\n  url: '''\n  x\n}\n", "r.bru:1: not valid .bru: the block get does not end"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_line(folder, postrunner, text, where):
    done = postrunner("import", folder({"r.bru": text}), "-o", "c.json")
    assert done.code == 2
    assert where in done.err


@pytest.mark.parametrize(
    ("claim", "passes"),
    [
        ("res.status: eq 200", True),
        ("res.status: 200", True),
        ("res.status: neq 200", False),
        ("res.status: gt 199", True),
        ("res.status: gte 200", True),
        ("res.status: lt 200", False),
        ("res.status: lte 200", True),
        ("res.status: in [200, 201]", True),
        ("res.status: notIn 200, 201", False),
        ("res.status: between 100, 300", True),
        ('res.body.method: eq "GET"', True),
        ("res.body.method: eq {{wanted}}", True),
        ("res.status: eq {{number}}", True),
        ("res.body.method: length 3", True),
        ("res.body.method: matches ^G.T$", True),
        ("res.body.method: notMatches /G/", False),
        ("res.body.method: startsWith GE", True),
        ("res.body.method: endsWith ET", True),
        ("res.body.method: notContains X", True),
        ("res.body.method: isString", True),
        ("res.body.nothing: isUndefined", True),
        ("res.body.nothing: isDefined", False),
        ("res.body.headers: isJson", True),
        ("res.body.headers: isNotEmpty", True),
        ("res.body.method: isTruthy", False),
        ('res("headers.Host"): isString', True),
        ('res.headers["content-type"]: contains json', True),
    ],
)
def test_an_assertion_says_what_it_says_in_bruno(imported, postrunner, claim, passes):
    imported(
        {
            "r.bru": request("URL/x", **{"assert": f"  {claim}"}),
            "collection.bru": "vars:pre-request {\n  wanted: GET\n  number: 200\n}\n",
        }
    )
    assert postrunner("run", "c.json").code == int(not passes)
