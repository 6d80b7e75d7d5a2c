"""`.http` files of VS Code's REST Client and JetBrains' HTTP Client."""

import json
import os

import pytest

from runner.foreign.http_file.handlers import translate_handler
from runner.foreign.http_file.reading import read
from runner.foreign.imported import ImportOptions
from runner.formats.format import Given
from runner.sandbox.analysis import Analysis
from tests.foreign.recording import serving


@pytest.fixture(scope="module")
def ask():
    with Analysis() as analysis:
        yield analysis.chains


def imported(text, path="a.http"):
    return read(Given(text, path), ImportOptions())


def requests(text):
    return [item["request"] for item in imported(text).collection["item"]]


def only(text):
    (request,) = requests(text)
    return request


def script(item, listen):
    return "\n".join(line for one in item["event"] if one["listen"] == listen for line in one["script"]["exec"])


# -- requests -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "method", "url"),
    [
        ("GET https://h/a", "GET", "https://h/a"),
        ("https://h/a", "GET", "https://h/a"),
        ("post https://h/a HTTP/1.1", "POST", "https://h/a"),
        ("GET https://h/a HTTP/2 (Prior Knowledge)", "GET", "https://h/a"),
        ("GET https://h/a?q=two words", "GET", "https://h/a?q=two words"),
        ("GET https://h/a\n    ?x=1\n    &y=2", "GET", "https://h/a?x=1&y=2"),
        ("GET https://h/a\n?x=1\n# no\n&y=2 HTTP/1.1\nA: b", "GET", "https://h/a?x=1&y=2"),
        ("GET https://h\n  /a\n  /b", "GET", "https://h/a/b"),
        ("GET /a?x=1\nHost: h:8080", "GET", "http://h:8080/a?x=1"),
        ("GET /a\nHost: https://h", "GET", "https://h/a"),
        ("GET {{host}}/a", "GET", "{{host}}/a"),
        ("GET {{ host }}/a", "GET", "{{host}}/a"),
        ("\ufeffGET https://h/a\r\nA: b\r\n", "GET", "https://h/a"),
        ("QUERY https://h/a", "QUERY", "https://h/a"),
    ],
)
def test_request_lines(text, method, url):
    request = only(text)
    assert (request["method"], request["url"]["raw"]) == (method, url)


def test_separators_names_and_comments():
    found = imported("""
GET https://h/1

### Second
GET https://h/2
####
# @name third
# of the lot
// and last
GET https://h/3
### A title
# @name fourth
GET https://h/4
###
""").collection["item"]
    assert [item["name"] for item in found] == ["GET /1", "Second", "third", "fourth"]
    assert found[2]["request"]["description"] == "of the lot\nand last"
    assert found[3]["request"]["description"] == "A title"


def test_headers_end_at_an_empty_line_and_may_be_commented_out_or_go_on():
    request = only("POST https://h\nA: 1\n# B: 2\n// C: 3\nD: 4\n   5\nE:\n\nF: 6")
    assert [(one["key"], one["value"]) for one in request["header"]] == [("A", "1"), ("D", "4 5"), ("E", "")]
    assert request["body"]["raw"] == "F: 6"


def test_a_body_ends_before_scripts_and_kept_responses_and_keeps_its_empty_lines():
    request = only('POST https://h\n\n\none\n\ntwo\n\n> {%\n client.log("x")\n%}\n\n<> 1.200.json\n>> out.json\n')
    assert request["body"]["raw"] == "one\n\ntwo"


def test_forms_may_stand_in_several_lines():
    request = only("POST https://h\nContent-Type: application/x-www-form-urlencoded\n\na=1\n&b={{x}}\n&c=d%20e+f&g")
    rows = [(one["key"], one["value"]) for one in request["body"]["urlencoded"]]
    assert rows == [("a", "1"), ("b", "{{x}}"), ("c", "d e f"), ("g", "")]


MULTIPART = """POST https://h
Content-Type: multipart/form-data; boundary=xx

--xx
Content-Disposition: form-data; name="t"

one
two
--xx
Content-Disposition: form-data; name="f"; filename="b.json"
Content-Type: application/json

< ./a.json
--xx--
"""


def test_a_multipart_body():
    request = only(MULTIPART)
    assert request["header"] == []
    assert request["body"]["formdata"] == [
        {"key": "t", "value": "one\ntwo", "type": "text"},
        {"key": "f", "type": "file", "src": "./a.json", "fileName": "b.json", "contentType": "application/json"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        'GRAPHQL https://h\n\nquery Q($a: Int) {\n  b(a: $a) { c }\n}\n\n{\n  "a": 1\n}',
        'POST https://h\nX-REQUEST-TYPE: GraphQL\n\nquery Q($a: Int) {\n  b(a: $a) { c }\n}\n\n{\n  "a": 1\n}',
    ],
)
def test_graphql_in_both_dialects(text):
    request = only(text)
    assert (request["method"], request["header"]) == ("POST", [])
    graphql = {"query": "query Q($a: Int) {\n  b(a: $a) { c }\n}", "variables": '{\n  "a": 1\n}'}
    assert request["body"] == {"mode": "graphql", "graphql": graphql}


def test_a_body_from_a_file_is_sent_as_it_is_and_one_with_variables_is_taken_over(tmp_path):
    (tmp_path / "b.json").write_text('{"a": "{{x}}"}')
    given = ["Content-Type: application/json\n\n< ./b.json", "\n<@ ./b.json", "\n<@ c"]
    text = "\n###\n".join(f"POST https://h\n{one}" for one in given)
    found = imported(text, str(tmp_path / "a.http"))
    bodies = [item["request"]["body"] for item in found.collection["item"]]
    assert bodies[0] == {"mode": "file", "file": {"src": "./b.json"}}
    assert bodies[1]["raw"] == '{"a": "{{x}}"}'
    assert [note.message for note in found.notes] == ["the file c that belongs into the body cannot be read"]


@pytest.mark.parametrize(
    ("value", "type", "params"),
    [
        ("Basic ann pass word", None, {}),
        ("Basic ann {{pw}}", "basic", {"username": "ann", "password": "{{pw}}"}),
        ("Basic ann:pass", "basic", {"username": "ann", "password": "pass"}),
        ("Digest ann pass", "digest", {"username": "ann", "password": "pass"}),
        ("Basic YW5uOnBhc3M=", None, {}),
        ("Bearer {{t}}", None, {}),
    ],
)
def test_an_authorization_that_the_client_makes_is_an_auth(value, type, params):
    request = only(f"GET https://h\nAuthorization: {value}")
    if type is None:
        assert request["header"] == [{"key": "Authorization", "value": value}]
    else:
        assert {one["key"]: one["value"] for one in request["auth"][type]} == params


def test_marks_are_settings():
    item = imported("# @no-redirect\n# @no-cookie-jar\n// @no-log\n# @timeout 5\nGET https://h")
    assert item.collection["item"][0]["protocolProfileBehavior"] == {"followRedirects": False, "disableCookies": True}
    assert [(note.line, note.message) for note in item.notes] == [(4, "@timeout 5 has no counterpart in Postman")]


# -- variables ----------------------------------------------------------------------------------------------------------


def test_file_variables_are_collection_variables_and_later_values_are_set_where_they_stand():
    found = imported("@a = 1\n@b={{a}}/x\n###\nGET https://{{b}}\n###\n@a = 2\nGET https://{{b}}").collection
    assert [(one["key"], one["value"]) for one in found["variable"]] == [("a", "1"), ("b", "{{a}}/x")]
    assert script(found["item"][1], "prerequest") == 'pm.collectionVariables.set("a", "2");'


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("$guid", "$guid"), ("$uuid", "$guid"), ("$random.uuid", "$guid"), ("$timestamp", "$timestamp"),
        ("$isoTimestamp", "$isoTimestamp"), ("$randomInt", "$randomInt"), ("a.b-c", "a.b-c"),
    ],
)  # fmt: skip
def test_values_that_postman_makes_too(name, written):
    assert only(f"GET https://h/{{{{{name}}}}}")["url"]["raw"] == f"https://h/{{{{{written}}}}}"


MADE = [
    ("$randomInt 5 6", "5"),
    ("$randomInt -6 -5", "-6"),
    ("$random.integer(7, 8)", "7"),
    ("$random.hexadecimal(0)x", None),
    ("$timestamp -1 d", r"\d{10}"),
    ("$datetime iso8601", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    ("$datetime rfc1123 1 h", r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
    ("$datetime 'YYYY'", r"\d{4}"),
    ('$localDatetime "DD.MM" 2 w', r"\d\d\.\d\d"),
    ("$random.alphabetic(3)", "[A-Za-z]{3}"),
    ("$random.numeric(2)", r"\d\d"),
    ("$random.float(1, 2)", r"1\.\d+|1"),
]


def test_values_that_a_script_makes(postrunner, server, tmp_path):
    lines = [f"POST {server.url}/{at}\n\n{{{{{name}}}}}" for at, (name, _) in enumerate(MADE)]
    (tmp_path / "a.http").write_text("\n###\n".join(lines))
    done = postrunner("import", "a.http", "-o", "a.json")
    assert done.err == "a.http:13: {{$random.hexadecimal(0)x}} has no counterpart in Postman\n"
    assert postrunner("run", "a.json").code == 0
    for (name, pattern), (_, _, _, body) in zip(MADE, server.seen, strict=True):
        assert pattern is None or __import__("re").fullmatch(pattern, body.decode()), (name, body)


def test_values_from_outside_are_variables_that_are_told():
    found = imported(
        "# @prompt pin The PIN\nGET https://h/{{$processEnv API_KEY}}/{{$dotenv B}}/{{$env.C}}/{{$processEnv %D}}/{{pin}}"
    )
    assert [(one["key"], one["type"]) for one in found.collection["variable"]] == [
        ("pin", "secret"), ("API_KEY", "secret"), ("B", "string"), ("C", "string"), ("D", "string"),
    ]  # fmt: skip
    assert [note.message.partition(":")[0] for note in found.notes] == [
        "the value of pin is asked for",
        "the environment variable API_KEY",
        "the value B of a .env file",
        "the environment variable C",
        "the environment variable D",
    ]


def test_environments_beside_the_file(postrunner, server, tmp_path):
    shared = {"$shared": {"v": 1}, "dev": {"host": server.url, "Security": {}}, "prod": {"host": "https://h"}}
    (tmp_path / "http-client.env.json").write_text(json.dumps(shared))
    (tmp_path / "http-client.private.env.json").write_text('{"dev": {"key": "k-1234567"}}')
    (tmp_path / "a.http").write_text("GET {{host}}/{{v}}/{{key}}")
    done = postrunner("import", "a.http", "-o", "c/a.json")
    assert "the auth that dev configures (Security) is not imported" in done.err
    files = sorted(os.listdir(tmp_path / "c"))
    assert len(files) == 4, files
    private = next(name for name in files if "private" in name)
    assert [name for name in files if "k-1234567" in (tmp_path / "c" / name).read_text()] == [private]
    dev = next(name for name in files if name.startswith("dev") and name != private)
    assert postrunner("run", "c/a.json", "-e", f"c/{dev}", "-e", f"c/{private}").code == 0
    assert [path for _, path, _, _ in server.seen] == ["/1/k-1234567"]


# -- chains -------------------------------------------------------------------------------------------------------------


def shop(method, path, headers, body, values):
    if path == "/login":
        return 200, [("X-Session", "s-1")], {"data": {"token": "t-1", "ids": [5, {"the id": 6}]}}
    right = headers.get("Authorization") == "Bearer t-1" and headers.get("X-Session") == "s-1" and path == "/5/6"
    return (200 if right else 401), [], {}


VS_CODE = """
@token = {{login.response.body.$.data.token}}
###
# @name login
POST {{url}}/login
###
GET {{url}}/{{login.response.body.data.ids[0]}}/{{login.response.body.$.data.ids[1]['the id']}}
Authorization: Bearer {{token}}
X-Session: {{login.response.headers.X-Session}}
"""

JETBRAINS = """
### login
POST {{url}}/login

> {%
  client.test("Status", function() { client.assert(response.status === 200, "Not 200"); });
  client.global.set("token", response.body.data.token);
  client.global.set("session", response.headers.valueOf("X-Session"));
%}
### use
< {%
  request.variables.set("first", 5)
%}
GET {{url}}/{{first}}/6
Authorization: Bearer {{token}}
X-Session: {{session}}

> {% client.test("ok", () => client.assert(response.status === 200)) %}
"""


@pytest.mark.parametrize("text", [VS_CODE, JETBRAINS], ids=["VS Code", "JetBrains"])
def test_a_chain_runs(postrunner, tmp_path, text):
    (tmp_path / "a.http").write_text(text)
    done = postrunner("import", "a.http", "-o", "a.json", "--strict")
    assert (done.code, done.err) == (0, "")
    with serving(shop, {}) as server:
        done = postrunner("run", "a.json", "--env-var", f"url={server.url}")
        assert done.code == 0, done.out
        assert server.seen == ["POST /login", "GET /5/6"]


@pytest.mark.parametrize("path", ["$..a", "$.a[*]", "$.a[?(@.b)]", "//a/b"])
def test_a_path_that_is_more_than_names_is_told(path):
    found = imported(f"# @name a\nGET https://h\n###\nGET https://h/{{{{a.response.body.{path}}}}}")
    assert [note.message for note in found.notes] == [f"{{{{a.response.body.{path}}}}} has no counterpart in Postman"]


def test_a_value_of_a_later_request_is_told():
    found = imported("GET https://h/{{a.response.body.$.b}}\n###\n# @name a\nGET https://h")
    assert [(note.line, note.message) for note in found.notes] == [(1, "{{a_body_b}} is a value of a, which runs later")]


# -- scripts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "translated"),
    [
        ('client.global.set("a", response.body.b[0].c)', 'pm.collectionVariables.set("a", pm.response.json().b[0].c)'),
        (
            "client.global.clear('a'); client.global.clearAll()",
            "pm.collectionVariables.unset('a'); pm.collectionVariables.clear()",
        ),
        ("client.assert(f(1, (2)), `x)`)", "pm.expect(f(1, (2)), `x)`).to.be.ok"),
        ("client.assert(response.body.hasOwnProperty('a'))", "pm.expect(pm.response.json().hasOwnProperty('a')).to.be.ok"),
        ("const d = JSON.parse(response.body)", "const d = JSON.parse(pm.response.text())"),
        ("if (response.body.includes('x')) {}", "if (pm.response.text().includes('x')) {}"),
        ("client.log(response.body)", "console.log(pm.response.text())"),
        ("const b = response.body; b.c = b.d;", "const b = pm.response.json(); b.c = b.d;"),
        ("client.log(`${response.status}`)", "console.log(`${pm.response.code}`)"),
        (
            '// response.status\n"response.status" + response.status',
            '// response.status\n"response.status" + pm.response.code',
        ),
        ("const response = 1; response.status", "const response = 1; response.status"),
        ("a.response.status", "a.response.status"),
        ("x = /response.status/.test('a')", "x = /response.status/.test('a')"),
        ("request.variables.set('a', request.environment.get('b'))", "pm.variables.set('a', pm.environment.get('b'))"),
        ("if (client.global.isEmpty()) {}", "if ((Object.keys(pm.collectionVariables.toObject()).length === 0)) {}"),
        ("response\n  .status", "pm.response.code"),
    ],
)
def test_scripts_are_translated(ask, script, translated):
    made = translate_handler(script, ask)
    assert (made.text, made.gaps) == (translated, ())


def test_what_has_no_counterpart_is_marked_and_told():
    found = imported("GET https://h\n\n> {%\n  client.log(1);\n  client.exit();\n%}\n")
    assert [(note.line, note.message) for note in found.notes] == [(5, "client.exit has no counterpart in Postman")]
    assert "// postrunner: client.exit has no counterpart in Postman" in script(found.collection["item"][0], "test")


@pytest.mark.parametrize(
    ("script", "translated"),
    [
        ("const { status } = response; client.log(status)", " console.log(pm.response.code)"),
        ("const h = response.headers; f(h.valueOf('a'))", " f(pm.response.headers.get('a'))"),
        ("a.forEach((response) => client.log(response.body))", "a.forEach((response) => console.log(response.body))"),
        ("f({ response: 1 }, a?.response)", "f({ response: 1 }, a?.response)"),
        ("client.log(`${`${response.status}`}`)", "console.log(`${`${pm.response.code}`}`)"),
        ("x = a / response.status / 2", "x = a / pm.response.code / 2"),
    ],
)
def test_scripts_are_read_as_code(ask, script, translated):
    assert translate_handler(script, ask).text == translated


def test_imports_of_scripts_are_comments_and_told():
    found = imported("GET https://h\n\n> {%\nimport {\n  a\n} from './a';\nclient.log(a);\n%}\n")
    message = "import { a } from './a'; has no counterpart in Postman"
    assert [(note.line, note.message) for note in found.notes] == [(4, message)]
    assert script(found.collection["item"][0], "test") == f"// Not imported: {message}\n\n\nconsole.log(a);"


def test_scripts_of_a_request_that_declare_the_same_name_both_stay():
    text = "> {% const a = 1; client.assert(response.body === a) %}\n> {% const a = 2; client.assert(a === 2) %}\n"
    found = imported(f"GET http://h\n\n{text}")
    assert script(found.collection["item"][0], "test").count("const a") == 2
    assert "{\nconst a = 2;" in script(found.collection["item"][0], "test")


def test_a_script_that_is_no_javascript_stays_and_is_told():
    found = imported("GET https://h\n\n> {%\nconst = ;\n%}\n")
    assert [note.message for note in found.notes] == [
        "the script is not JavaScript that can be read: Unexpected token (2:6)"
    ]


def test_scripts_in_files_are_taken_over(tmp_path):
    (tmp_path / "t.js").write_text("client.log(response.status);\n")
    found = imported("GET https://h\n\n> t.js\n###\nGET https://h\n\n> u.js", str(tmp_path / "a.http"))
    assert script(found.collection["item"][0], "test") == "console.log(pm.response.code);"
    assert [note.message for note in found.notes] == ["the script u.js cannot be read"]


@pytest.mark.parametrize("line", ["WEBSOCKET ws://h", "GRPC h/a.B/c"])
def test_requests_of_other_kinds_are_told(line):
    found = imported(f"GET https://h\n### other\n{line}")
    assert len(found.collection["item"]) == 1
    assert [note.line for note in found.notes] == [3]


def test_a_file_without_a_request_is_refused(postrunner, tmp_path):
    (tmp_path / "a.http").write_text("# nothing\n@a = 1\n")
    done = postrunner("import", "a.http")
    assert (done.code, done.err) == (2, "error: a.http: there is no request in it\n")
