"""`postrunner export --to bruno`: what stands in the files, what is told, and that a run of it sends the same."""

import json

import pytest

from runner.foreign.bruno.writing import free

ADDED = {"postman-token", "host"}
"""Headers that differ from run to run and from server to server."""


def form(mode, *rows):
    return {"mode": mode, mode: list(rows)}


def raw(text, language="json"):
    return {"mode": "raw", "raw": text, **({"options": {"raw": {"language": language}}} if language else {})}


def auth(type, **params):
    return {"type": type, type: [{"key": key, "value": value, "type": "string"} for key, value in params.items()]}


def url(path, query=(), variables=()):
    return {"raw": "", "host": ["{{base}}"], "path": path.split("/"), "query": list(query), "variable": list(variables)}


def script(*lines, listen="test"):
    return {"listen": listen, "script": {"exec": list(lines)}}


REQUESTS = {
    "query": {"url": "{{base}}/a/{{id}}?x={{plain}}&y=1%202&z&&w="},
    "switched off parameters": {"url": url("a", [{"key": "a", "value": "1", "disabled": True}, {"key": "b", "value": "x&y"},
                                                 {"key": "c", "value": None}])},
    "path variables": {"url": url(":one/:two.json/:three", variables=[
        {"key": "one", "value": "{{plain}}"}, {"key": "two", "value": "2"}, {"key": "three", "value": ""}])},
    "blanks at the end": {"url": "{{base}}/a?b=1 \n"},
    "fragment": {"url": "{{base}}/a?b=1#c"},
    "headers": {"url": "{{base}}/a", "header": [
        {"key": "X-A", "value": "{{plain}} e"}, {"key": "X-B", "value": "1", "disabled": True},
        {"key": "X-A", "value": "again"}, {"key": "X-C", "value": "a: {b} \"c\" 'd'", "description": "it's\na \\ thing"},
        {"key": "X-D", "value": ""}]},
    "json": {"method": "POST", "url": "{{base}}/a", "body": raw('{\n  "a": "{{plain}}", // why\n\n  "b": [1]\n}\n')},
    "json by its header": {"method": "POST", "url": "{{base}}/a", "body": raw("[1]", ""),
                           "header": [{"key": "Content-Type", "value": "application/vnd.x+json"}]},
    "text": {"method": "PUT", "url": "{{base}}/a", "body": raw("\n\n one\r\n}\n two {{plain}} \n", "text")},
    "no language": {"method": "PUT", "url": "{{base}}/a", "body": raw("one", "")},
    "html": {"method": "PUT", "url": "{{base}}/a", "body": raw("<p>", "html")},
    "xml": {"method": "PUT", "url": "{{base}}/a", "body": raw("<p/>", "xml")},
    "form": {"method": "POST", "url": "{{base}}/a", "body": form(
        "urlencoded", {"key": "a b", "value": "{{plain}}&é"}, {"key": 'c"d', "value": "1\n\n  2"},
        {"key": "e", "value": ""}, {"key": "~f", "value": "1", "disabled": True})},
    "form of another type": {"method": "POST", "url": "{{base}}/a", "body": form("urlencoded", {"key": "a", "value": "1"}),
                             "header": [{"key": "Content-Type", "value": "application/json"}]},
    "multipart": {"method": "POST", "url": "{{base}}/a", "body": form(
        "formdata", {"key": "a", "value": "one\ntwo", "type": "text", "contentType": "text/x"},
        {"key": "f", "type": "file", "src": "f.txt"}, {"key": "g", "type": "file", "src": ["f.txt", "g.txt"]})},
    "file": {"method": "POST", "url": "{{base}}/a", "body": {"mode": "file", "file": {"src": "f.txt"}}},
    "typed file": {"method": "POST", "url": "{{base}}/a", "body": {"mode": "file", "file": {"src": "f.txt"}},
                   "header": [{"key": "Content-Type", "value": "image/png"}]},
    "graphql": {"method": "POST", "url": "{{base}}/a",
                "body": {"mode": "graphql", "graphql": {"query": "{ a }", "variables": '{"b": 1}'}}},
    "body that is dropped": {"url": "{{base}}/a", "body": raw("{}")},
    "body of a GET": {"url": "{{base}}/a", "body": raw("{}"), "behavior": {"disableBodyPruning": True}},
    "bearer": {"url": "{{base}}/a", "auth": auth("bearer", token="{{token}}")},
    "basic": {"url": "{{base}}/a", "auth": auth("basic", username="ann", password="{{password}}")},
    "api key": {"url": "{{base}}/a", "auth": auth("apikey", key="X-Key", value="{{token}}", **{"in": "query"})},
    "token of OAuth 2.0": {"url": "{{base}}/a", "auth": auth("oauth2", accessToken="{{token}}", headerPrefix="T")},
    "none": {"url": "{{base}}/a", "auth": {"type": "noauth"}},
    "unencoded": {"url": "{{base}}/a?b=%20{{plain}}", "behavior": {"disableUrlEncoding": True}},
}  # fmt: skip


def document(*items, url="http://h.test", **more):
    variables = {"base": url, "id": "57", "plain": "x-1", "token": "", "password": ""}
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    rows = [{"key": key, "value": value} for key, value in variables.items()]
    return {"info": {"name": "c", "schema": schema}, "item": list(items), "variable": rows, **more}


def item(name="one", *events, behavior=None, **request):
    asked = {"method": "GET", "url": "{{base}}/a", **request}
    return {"name": name, "request": asked, "event": list(events), "protocolProfileBehavior": behavior or {}}


@pytest.fixture
def exported(postrunner, tmp_path):
    """A function that exports a document: the text of each file, and what was told."""

    def export(source, *options):
        (tmp_path / "c.json").write_text(json.dumps(source), encoding="utf-8")
        done = postrunner("export", "c.json", "--to", "bruno", "-o", "b", "--force", *options)
        assert done.code in (0, 1), done.err
        folder = tmp_path / "b"
        files = {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in folder.rglob("*.*")}
        return files, done.err

    return export


@pytest.fixture
def again(exported, postrunner, tmp_path):
    """A function that exports a document and imports it: the collection, and what was told on the way."""

    def lead(source, *options):
        _, told = exported(source, *options)
        done = postrunner("import", "b", "-o", "d.json", "--force")
        assert done.code == 0, done.err
        return json.loads((tmp_path / "d.json").read_text(encoding="utf-8")), told + done.err

    return lead


def wire(one):
    method, path, headers, body = one
    kept = [(name, value) for name, value in headers.items() if name.lower() not in ADDED]
    boundary = headers.get("Content-Type", "").partition("boundary=")[2]
    text = body.decode("latin-1").replace(boundary, "B") if boundary else body.decode("latin-1")
    return method, path, sorted((name, value.replace(boundary, "B") if boundary else value) for name, value in kept), text


@pytest.mark.parametrize("name", REQUESTS)
def test_what_comes_back_sends_the_same(again, postrunner, server, tmp_path, name):
    (tmp_path / "f.txt").write_text("content")
    (tmp_path / "g.txt").write_text("more")
    secrets = ("--env-var", "token=tok-0123456789", "--env-var", "password=pass-word1")
    again(document(item(**REQUESTS[name]), url=server.url, auth=auth("basic", username="a", password="{{id}}")), *secrets)
    for path in (tmp_path / "b").rglob("*.bru"):
        assert not [one for one in ("tok-0123456789", "pass-word1") if one in path.read_text()]
    assert postrunner("run", "c.json", *secrets).code == 0
    assert postrunner("run", "d.json", *secrets).code == 0
    first, second = map(wire, server.seen)
    assert first == second


CHECKS = [
    "const { id } = pm.response.json();",
    'pm.test("the status", () => pm.response.to.have.status(200));',
    'pm.test("the type", () => pm.expect(pm.response.headers.get("Content-Type")).to.include("json"));',
    'pm.test("what came", () => pm.expect(pm.response.text()).to.include("method"));',
    'pm.test("fails", () => pm.expect(pm.environment.get("n")).to.equal(2));',
    'tests["old"] = responseCode.code === 200 && responseTime >= 0;',
    'pm.collectionVariables.set("id", id);',
]


def test_what_comes_back_checks_the_same(again, postrunner, server):
    before = script(
        'pm.environment.set("n", 1);', "pm.request.headers.upsert({ key: 'X-N', value: '7' });", listen="prerequest"
    )
    skip = script('pm.execution.setNextRequest("last");')
    items = [
        item("one", before, script(*CHECKS)),
        item("two", skip),
        item("skipped"),
        item("last", url="{{base}}/{{id}}/{{n}}"),
    ]
    again(document(*items, url=server.url))

    def run(name):
        server.seen.clear()
        done = postrunner("run", name, "-r", "json", "--reporter-json-export", "r.json")
        with open("r.json", encoding="utf-8") as file:
            executions = json.load(file)["run"]["executions"]
        claims = [(one["assertion"], bool(one.get("error"))) for each in executions for one in each.get("assertions", ())]
        return done.code, sorted(claims), [wire(one)[:3] for one in server.seen]

    first, second = run("c.json"), run("d.json")
    assert first == second
    assert (first[0], len(first[1]), len(first[2])) == (1, 5, 3)


def test_scripts_come_back_to_their_places_one_for_each_phase(again):
    def events(name):
        return [script(f"pm.variables.set('{name}', 1);", listen="prerequest"), script(f"pm.variables.unset('{name}');")]

    own = [script("const a = 1;", listen="prerequest"), script("const a = 2;", listen="prerequest"), *events("r")]
    folder = {"name": "f", "item": [item("one", *own)], "event": events("f")}
    collection, told = again(document(folder, event=events("c")))
    (back,) = collection["item"]
    (request,) = back["item"]
    texts = [[(one["listen"], "\n".join(one["script"]["exec"])) for one in part["event"]] for part in (collection, back)]
    for name, found in zip("cf", texts, strict=True):
        assert found == [("prerequest", f"pm.variables.set('{name}', 1);"), ("test", f"pm.variables.unset('{name}');")]
    before = request["event"][0]["script"]["exec"]
    assert before == ["const a = 1;", "", "{", "const a = 2;", "}", "", "pm.variables.set('r', 1);"]
    assert "from the request outwards" not in told


def test_a_request_has_every_block_in_the_order_of_bruno(exported):
    asked = item(
        "Create [smoke]",
        script("pm.variables.set('a', 1);", listen="prerequest"),
        script("pm.test('a', () => {", "", "});"),
        method="POST",
        description="Makes one @slow",
        header=[{"key": "X A", "value": "1", "description": "why"}],
        url=url("a/:id", [{"key": "q", "value": "1"}], [{"key": "id", "value": "7", "description": "two\nlines"}]),
        body=raw('{\n  "a": 1\n}'),
        auth=auth("basic", username="ann", password="{{password}}"),
    )
    files, told = exported(document(asked))
    assert told == "b written\n"
    assert files["Create [smoke].bru"] == EXPECTED


EXPECTED = """meta {
  name: Create [smoke]
  type: http
  seq: 1
  tags: [
    smoke
    slow
  ]
}

post {
  url: {{base}}/a/:id?q=1
  body: json
  auth: basic
}

params:query {
  q: 1
}

params:path {
  @description('''
    two
    lines
  ''')
  id: 7
}

headers {
  @description('why')
  "X A": 1
}

auth:basic {
  username: ann
  password: {{password}}
}

body:json {
  {
    "a": 1
  }
}

script:pre-request {
  bru.setVar('a', 1);
}

tests {
  test('a', () => {
  
  });
}

settings {
  encodeUrl: true
}

docs {
  Makes one @slow
}
"""


@pytest.mark.parametrize(
    ("address", "encoded"),
    [("{{base}}/a?b={{id}}", "true"), ("{{base}}/a?b=1%202", "false"), ("{{base}}/a?b=1#c", "false"),
     ("{{base}}/a?b=%20 ü", "true")],
)  # fmt: skip
def test_bruno_encodes_a_url_that_is_not_encoded_yet(exported, address, encoded):
    files, _ = exported(document(item(url=address)))
    assert f"encodeUrl: {encoded}\n" in files["one.bru"]


def test_names_and_values_of_all_kinds_leave_files_that_can_be_read(again):
    quotes = "'" * 5
    row = {"key": "@file(a|b)@contentType(x/y)", "value": f"{quotes}\n}}\n", "description": f'it\'s (a) "b"\n{quotes}'}
    asked = item(
        "'''a\n  b", header=[row], url=url("a", [row]), method="POST", body=form("urlencoded", row), description="}\n{"
    )
    folder = {"name": "c\nd", "item": [asked]}
    collection, _ = again(document(folder, variable=[row]))
    (back,) = collection["item"]
    (request,) = back["item"]
    assert (back["name"], request["name"]) == ("c d", "''a   b")
    (header,) = request["request"]["header"]
    assert (header["key"], header["value"]) == (row["key"], "''\n}")
    assert header["description"] == "it's (a) \"b\"\n'''"
    assert request["request"]["description"].startswith("}\n{")


def test_a_method_of_its_own_has_its_own_block(exported):
    files, _ = exported(document(item(method="PROPFIND")))
    assert "http {\n  method: PROPFIND\n  url: {{base}}/a\n  body: none\n  auth: inherit\n}" in files["one.bru"]


def test_the_collection_says_what_its_parts_have_in_common(exported):
    source = document(item(), auth=auth("bearer", token="tok-0123456789"), event=[script("a();")])
    source["info"] |= {"name": "A/b", "description": "All"}
    source["variable"] = [
        {"key": "n", "value": 5}, {"key": "o", "value": {"a": 1}}, {"key": "off", "value": "1", "disabled": True},
        {"key": "password", "value": "pass-word1", "description": "whose?"},
    ]  # fmt: skip
    files, _ = exported(source)
    assert json.loads(files["bruno.json"]) == {
        "version": "1", "name": "A/b", "type": "collection", "ignore": ["node_modules", ".git"],
        "scripts": {"flow": "sequential"},
    }  # fmt: skip
    assert files["collection.bru"] == COMMON


COMMON = """auth {
  mode: bearer
}

auth:bearer {
  token: {{TOKEN}}
}

vars:pre-request {
  @number
  n: 5
  @object
  o: {"a":1}
  ~off: 1
  @description('whose?')
  password: {{process.env.PASSWORD}}
  TOKEN: {{process.env.TOKEN}}
}

tests {
  a();
}

docs {
  All
}
"""


def test_environments_have_their_files_and_secrets_only_their_names(exported, tmp_path):
    values = [{"key": "host", "value": "h"}, {"key": "off", "value": "1", "enabled": False},
              {"key": "password", "value": "pass-word1"}, {"key": "my name", "value": "1"}]  # fmt: skip
    for name in ("dev", "prod: 1"):
        (tmp_path / f"{name[:3]}.json").write_text(json.dumps({"name": name, "values": values}))
    files, told = exported(document(item()), "-e", "dev.json", "-e", "pro.json", "--env-var", "host=x")
    text = "vars {\n  ~off: 1\n  host: x\n}\nvars:secret [\n  password\n]\n"
    assert (files["environments/dev.bru"], files["environments/prod- 1.bru"]) == (text, text)
    assert "the variable 'my name' of dev has a name that Bruno's environments cannot hold" in told


def test_values_stand_in_the_places_of_names_but_for_secrets(exported):
    asked = item(url="{{base}}/{{id}}?t={{token}}&n={{none}}", auth=auth("bearer", token="{{plain}}"))
    files, _ = exported(document(asked), "--resolve", "--env-var", "token=tok-0123456789")
    assert "url: http://h.test/57?t={{token}}&n={{none}}\n" in files["one.bru"]
    assert "  token: x-1\n" in files["one.bru"]


def test_globals_are_told(exported):
    _, told = exported(document(item()), "--global-var", "a=1")
    assert "the globals a are not in the folder: Bruno keeps them outside of collections" in told


def test_folders_keep_their_place_and_their_names(again):
    inner = {"name": "In: side", "item": [item("a/b"), item("A/B"), item("folder"), item("")]}
    collection, told = again(document(item("first"), inner, {"name": "environments", "item": [item("x")]}))
    names = [(one["name"], [sub["name"] for sub in one.get("item", ())]) for one in collection["item"]]
    inside = ["a/b", "A/B", "folder", "request"]
    assert names == [("first", []), ("In: side", inside), ("environments", ["x"])]
    assert "its requests stand before folders, which Bruno runs first" in told


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ('a<>:"/\\|?*\x01b', "a----------b.bru"),
        (" .-a. ", "a.bru"),
        ("...", "request.bru"),
        ("CON", "CON_.bru"),
        ("nul.txt", "nul.txt_.bru"),
        ("é" * 200, "é" * 100 + ".bru"),
        ("Taken", "Taken 2.bru"),
        ("\ud800", "request.bru"),
        ("日本", "日本.bru"),
    ],
)
def test_names_of_files_are_those_of_bruno(name, file):
    assert free(name, "request", ".bru", {"taken.bru"}) == file


def test_a_folder_without_auth_keeps_its_requests_from_inheriting(exported):
    none = {"name": "f", "item": [item("one"), {"name": "g", "item": [item("two")]}], "auth": {"type": "noauth"}}
    other = {"name": "h", "item": [item("three")], "auth": auth("bearer", token="{{token}}")}
    none["item"].append(other)
    files, _ = exported(document(none, item("four"), auth=auth("basic", username="a", password="{{password}}")))
    modes = {name: text.partition("auth: ")[2].partition("\n")[0] for name, text in files.items() if "auth: " in text}
    assert modes == {"f/one.bru": "none", "f/g/two.bru": "none", "f/h/three.bru": "inherit", "four.bru": "inherit"}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"url": "{{base}}/a?b=1%202&c={{id}}"}, "Bruno encodes the `%` once more"),
        ({"auth": auth("hawk", authId="a")}, "auth of the type hawk is unknown to Bruno"),
        ({"header": [{"key": "A", "value": " 1"}]}, "the header A loses the blanks around its value"),
        ({"header": [{"key": "A", "value": "1"}, {"key": "a", "value": "2"}]}, "of which Bruno sends the last"),
        ({"header": [{"key": "~A", "value": "1"}]}, "begins with `~`, which switches it off in Bruno"),
        ({"header": [{"key": "A", "value": "'''\n1"}]}, "has ''' in its value, which ends it"),
        ({"method": "POST", "body": {"mode": "file", "file": {"src": "a|b"}}}, "the path a|b has `|` or a line end"),
        ({"behavior": {"strictSSL": False}}, "strictSSL of protocolProfileBehavior has no counterpart"),
        ({"behavior": {"disabledSystemHeaders": {"accept": True}}}, "disabledSystemHeaders of protocolProfileBehavior"),
        ({"proxy": {"host": "h"}}, "the proxy of the request has no counterpart"),
        ({"method": "POST", "body": form("formdata", {"key": "a", "value": "@file(x)", "type": "text"})}, "something else"),
        ({"method": "POST", "body": {"mode": "graphql", "graphql": {"query": "a", "operationName": "b"}}}, "operationName"),
    ],
)  # fmt: skip
def test_what_bruno_cannot_hold_is_told_and_stands_in_the_file(exported, asked, told):
    files, err = exported(document(item(**asked)))
    assert told in err
    assert told in files["one.bru"].partition("docs {")[2]


def test_a_tilde_at_the_start_of_a_name_goes_where_it_would_switch_the_row_off(exported):
    rows = [{"key": "~A", "value": "1"}, {"key": "~B", "value": "2", "disabled": True}]
    files, _ = exported(document(item(header=rows)))
    assert "headers {\n  A: 1\n  ~~B: 2\n}" in files["one.bru"]


def test_a_strict_export_fails_when_something_is_lost(postrunner, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps(document(item(auth=auth("hawk", authId="a")))))
    assert postrunner("export", "c.json", "--to", "bruno", "-o", "b", "--strict").code == 1
    assert (tmp_path / "b" / "one.bru").exists()


def test_a_script_without_a_counterpart_is_marked_where_it_stands(exported):
    files, told = exported(document(item("one", script("const a = 1;", "pm.vault.get('b');"))))
    assert "// postrunner: pm.vault.get has no counterpart in Bruno\n  pm.vault.get('b');" in files["one.bru"]
    assert "one: pm.vault.get has no counterpart in Bruno (line 2 of the test script)" in told


def test_a_secret_in_a_script_is_asked_for(exported):
    lines = ["// 'tok-0123456789'", "pm.variables.set('a', 'Bearer tok-0123456789');", "pm.variables.replaceIn('{{b}}');"]
    files, _ = exported(document(item("one", script(*lines), auth=auth("bearer", token="tok-0123456789"))))
    assert "  bru.setVar('a', bru.interpolate('Bearer {{TOKEN}}'));\n  bru.interpolate('{{b}}');\n" in files["one.bru"]
    assert "tok-0123456789" not in "".join(files.values())


def test_a_script_that_is_switched_off_is_a_comment(exported):
    files, told = exported(document(item("one", {**script("a();"), "disabled": True})))
    assert "tests {\n  // postrunner: this script is switched off in Postman\n  // a();\n}" in files["one.bru"]
    assert "a test script that is switched off is a comment" in told


def test_examples_come_back(again):
    response = {
        "name": "Created", "code": 201, "status": "Created", "body": '{\n  "id": 1,\n\n  "x": "}"\n}',
        "header": [{"key": "Content-Type", "value": "application/json"}],
        "originalRequest": {"method": "POST", "url": "{{base}}/a?b=1", "header": [{"key": "A", "value": "1"}],
                            "body": raw('{\n\n}')},
    }  # fmt: skip
    collection, _ = again(document({**item(), "response": [response]}))
    (back,) = collection["item"][0]["response"]
    asked = back["originalRequest"]
    assert {key: back[key] for key in ("name", "code", "status", "body", "header")} == {
        key: response[key] for key in ("name", "code", "status", "body", "header")
    }
    assert (asked["method"], asked["url"]["raw"], asked["body"]["raw"]) == ("POST", "{{base}}/a?b=1", "{\n\n}")
