"""`postrunner import` of Insomnia's exports: what is in the files, what is sent, what is told."""

import base64
import hashlib
import json
import re

import pytest

from runner.foreign.insomnia.templates.fakers import NAMES
from runner.variables.dynamic import DYNAMIC, GENERATED

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


LINES = """type: collection.insomnia.rest/5.0
name: x
collection:
  - url: http://h
    name: r
    method: POST
"""


def export(collection, **more):
    """An export of version 5; JSON is YAML, too."""
    return json.dumps({"type": "collection.insomnia.rest/5.0", "name": "Shop", "collection": collection, **more}, indent=1)


def get(**fields):
    """A request of version 5."""
    return {"url": "URL/get", "name": "Get", "method": "GET", **fields}


def post(text, **fields):
    """A request of version 5 with a text body."""
    return get(name="Post", method="POST", body={"mimeType": "text/plain", "text": text}, **fields)


@pytest.fixture
def imported(tmp_path, server, postrunner):
    """A function that imports a text: the collection and what was told; `URL` in it is the server's."""

    def read(text, *options, name="export.yaml", code=0):
        (tmp_path / name).write_text(text.replace("URL", server.url))
        done = postrunner("import", name, "-o", "c.json", "--force", *options)
        assert done.code == code, done.err
        with open("c.json") as file:
            return json.load(file), done.err

    return read


@pytest.fixture
def sent(imported, postrunner, server):
    """A function that imports a text and runs it: what the server saw of each request, (method, path, headers, body)."""

    def run(text, *options, code=0):
        imported(text)
        done = postrunner("run", "c.json", *options)
        assert done.code == code, done.out + done.err
        return [(method, path, headers, body.decode()) for method, path, headers, body in server.seen]

    return run


def body_of(sent, template, **more):
    """The body that is sent for a template."""
    return sent(export([post(template)], **more))[-1][3]


# -- requests ---------------------------------------------------------------------------------------------------------


def test_a_request_is_sent_as_insomnia_sends_it(sent):
    fields = {
        "url": "URL/users/:id/:none?own=1&=lost",
        "method": "PUT",
        "parameters": [
            {"name": "q", "value": "a b:c+d,e"},
            {"name": "off", "value": "1", "disabled": True},
            {"name": "empty", "value": ""},
            {"name": "", "value": "no name"},
        ],
        "pathParameters": [{"name": "id", "value": "a/b"}, {"name": "none", "value": ""}],
        "headers": [
            {"name": "Content-Type", "value": "application/json"},
            {"name": "X-Two", "value": "1"},
            {"name": "x-two", "value": "2"},
            {"name": "X-Off", "value": "1", "disabled": True},
        ],
        "body": {"mimeType": "application/json", "text": '{\n  "a": 1\n}'},
    }
    ((method, path, headers, body),) = sent(export([get(**fields)]))
    assert (method, path) == ("PUT", "/users/a%2Fb/:none?own=1&q=a%20b%3Ac%2Bd,e&empty=")
    assert (headers["Content-Type"], headers["x-two"], body) == ("application/json", "1, 2", '{\n  "a": 1\n}')
    assert "X-Off" not in headers


def test_a_body_without_a_content_type_header_is_sent_without_one(sent):
    ((_, _, headers, body),) = sent(export([post("plain")]))
    assert (body, headers.get("Content-Type")) == ("plain", None)


def test_an_agent_that_is_switched_off_is_not_sent(sent):
    ((_, _, headers, _),) = sent(export([get(headers=[{"name": "User-Agent", "value": "i", "disabled": True}])]))
    assert "User-Agent" not in headers


def test_a_get_request_keeps_its_body(sent):
    ((_, _, _, body),) = sent(export([get(body={"mimeType": "text/plain", "text": "kept"})]))
    assert body == "kept"


def test_fields_of_a_form_are_its_body(sent):
    rows = [
        {"name": "a", "value": "1 2"},
        {"name": "b", "value": "{{ _.b }}"},
        {"name": "c", "value": "3", "disabled": True},
    ]
    header = [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}]
    body = {"mimeType": "application/x-www-form-urlencoded", "params": rows}
    ((_, _, headers, text),) = sent(
        export([get(method="POST", body=body, headers=header)], environments={"data": {"b": "x"}})
    )
    assert (headers["Content-Type"], text) == ("application/x-www-form-urlencoded", "a=1%202&b=x")


def test_a_multipart_form_has_files_and_texts(tmp_path, sent):
    (tmp_path / "file.txt").write_text("content")
    rows = [
        {"name": "f", "type": "file", "fileName": "file.txt"},
        {"name": "t", "value": "text", "multiline": "application/json"},
    ]
    header = [{"name": "Content-Type", "value": "multipart/form-data"}]
    body = {"mimeType": "multipart/form-data", "params": rows}
    ((_, _, headers, text),) = sent(export([get(method="POST", body=body, headers=header)]))
    assert headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert 'name="f"; filename="file.txt"' in text
    assert "content" in text
    assert "Content-Type: application/json" in text


def test_a_file_is_the_body(tmp_path, sent):
    (tmp_path / "file.bin").write_text("bytes")
    ((_, _, _, body),) = sent(
        export([get(method="POST", body={"mimeType": "application/octet-stream", "fileName": "file.bin"})])
    )
    assert body == "bytes"


def test_graphql_has_its_query_and_variables(imported, postrunner, server):
    text = json.dumps({"query": "query A { a }", "variables": {"b": "{{ _.b }}"}, "operationName": "A"})
    body = {"mimeType": "application/graphql", "text": text}
    headers = [{"name": "Content-Type", "value": "application/json"}]
    collection, _ = imported(export([get(method="POST", body=body, headers=headers)], environments={"data": {"b": "x"}}))
    assert collection["item"][0]["request"]["body"]["graphql"]["query"] == "query A { a }"
    postrunner("run", "c.json")
    assert json.loads(server.seen[0][3]) == {"query": "query A { a }", "variables": {"b": "x"}, "operationName": "A"}


def test_settings_are_those_of_postman(imported):
    settings = {"encodeUrl": False, "followRedirects": "off", "cookies": {"send": False, "store": False}}
    collection, _ = imported(export([get(settings=settings)]))
    behavior = collection["item"][0]["protocolProfileBehavior"]
    assert behavior == {"disableUrlEncoding": True, "followRedirects": False, "disableCookies": True}


def test_requests_and_folders_are_in_the_order_of_their_keys(imported):
    items = [get(name="b", meta={"id": "req_1", "sortKey": -1}), get(name="a", meta={"id": "req_2", "sortKey": -2})]
    folder = {"name": "f", "meta": {"id": "fld_1", "sortKey": -3}, "children": [get(name="c")]}
    collection, _ = imported(export([*items, folder]))
    assert [item["name"] for item in collection["item"]] == ["f", "a", "b"]


def test_other_protocols_are_told(imported):
    items = [
        {"name": "ws", "url": "ws://h", "meta": {"id": "ws-req_1"}},
        {"name": "call", "url": "h", "meta": {"id": "greq_1"}, "protoMethodName": "/a/b", "reflectionApi": {}},
        {"name": "io", "url": "h", "meta": {"id": "socketio-req_1"}},
        get(),
    ]
    collection, told = imported(export(items))
    assert [item["name"] for item in collection["item"]] == ["Get"]
    for text in ("the WebSocket request ws", "the gRPC request call", "the Socket.IO request io"):
        assert text in told


# -- folders ----------------------------------------------------------------------------------------------------------


def test_headers_of_folders_are_those_of_their_requests(sent):
    inner = {
        "name": "inner",
        "headers": [{"name": "X-One", "value": "inner"}, {"name": "Content-Type", "value": "text/inner"}],
        "children": [post("x", headers=[{"name": "x-one", "value": "own"}])],
    }
    outer = {
        "name": "outer",
        "headers": [{"name": "X-One", "value": "outer"}, {"name": "Content-Type", "value": "text/outer"}],
        "children": [inner],
    }
    ((_, _, headers, _),) = sent(export([outer]))
    assert (headers["x-one"], headers["Content-Type"]) == ("outer, inner, own", "text/inner")


def test_what_is_switched_off_and_has_no_place_is_told(imported):
    headers = [{"name": "X-Off", "value": "1", "disabled": True}]
    child = get(authentication={"type": "bearer", "token": "secret", "disabled": True})
    _, told = imported(export([{"name": "f", "headers": headers, "children": [child]}]))
    assert "the header X-Off is switched off: it is left out" in told
    assert "auth of the type bearer is switched off: it is left out" in told
    assert "secret" not in told


def test_auth_of_a_folder_counts_where_a_request_has_none_of_its_own(sent):
    basic = {"type": "basic", "username": "u", "password": "p"}
    children = [
        get(name="inherits", authentication={}),
        get(name="off", authentication={"type": "bearer", "token": "t", "disabled": True}),
        get(name="none", authentication={"type": "none"}),
        get(name="own", authentication={"type": "bearer", "token": "t"}),
        get(name="header", headers=[{"name": "Authorization", "value": "by hand"}]),
    ]
    seen = sent(export([{"name": "f", "authentication": basic, "children": children}]))
    encoded = "Basic " + base64.b64encode(b"u:p").decode()
    assert [headers.get("Authorization") for _, _, headers, _ in seen] == [encoded, encoded, None, "Bearer t", "by hand"]


def test_scripts_of_folders_run_before_those_of_requests(sent):
    folder = {
        "name": "f",
        "scripts": {"preRequest": "insomnia.environment.set('seen', 'folder');"},
        "children": [
            post(
                "{{ _.seen }}",
                scripts={"preRequest": "insomnia.environment.set('seen', insomnia.environment.get('seen') + '!');"},
            )
        ],
    }
    assert sent(export([folder], environments={"data": {"seen": ""}}))[0][3] == "folder!"


def test_variables_of_folders_count_before_all_others(sent):
    inner = {
        "name": "inner",
        "environment": {"a": "inner", "d": "{{ _.d }}+"},
        "children": [post("{{ _.a }} {{ _.b }} {{ _.d }}")],
    }
    outer = {"name": "outer", "environment": {"a": "outer", "b": "only"}, "children": [inner, post("{{ _.a }}")]}
    environments = {"data": {"a": "base", "d": "d"}, "subEnvironments": [{"name": "dev", "data": {"a": "dev"}}]}
    seen = sent(
        export([outer, post("{{ _.a }} {{ _.d }}")], environments=environments), "-e", "dev.postman_environment.json"
    )
    assert [body for *_, body in seen] == ["inner only d+", "outer", "dev d"]


# -- variables --------------------------------------------------------------------------------------------------------


def test_nested_variables_have_names_with_dots(sent):
    data = {
        "user": {"name": "Ann", "tags": ["x", {"id": 7}]},
        "odd-key": True,
        "url": "{{ _.user.name }}/{{ _['odd-key'] }}",
    }
    template = "{{ _.user.name }} {{_.user.tags[0]}} {{ _.user['tags'][1].id }} {{ _.url }} {{ user.name }}"
    assert body_of(sent, template, environments={"data": data}) == "Ann x 7 Ann/true Ann"


def test_an_environment_may_use_what_it_overwrites(sent):
    environments = {"data": {"url": "h"}, "subEnvironments": [{"name": "dev", "data": {"url": "{{ _.url }}/dev"}}]}
    text = export([post("{{ _.url }}")], environments=environments)
    assert sent(text, "-e", "dev.postman_environment.json")[0][3] == "h/dev"


def test_an_object_that_is_used_as_a_whole_is_json(sent):
    data = {"user": {"a": 1}, "list": ["x", "y"], "flag": True, "name": "n"}
    template = "{{ _.user | dump }} {{ _.list | join('-') }} {{ _.list | length }} {{ _.flag | dump }} {{ _.name | dump }}"
    assert body_of(sent, template, environments={"data": data}) == '{"a":1} x-y 2 true "n"'


def test_a_vault_has_names_without_values(imported):
    data = {"__insomnia_vault": {"key": "encrypted"}}
    collection, _ = imported(export([post("{{ vault.key }}")], environments={"data": data}))
    assert collection["variable"] == [{"key": "vault.key", "value": "", "type": "secret"}]
    assert collection["item"][0]["request"]["body"]["raw"] == "{{vault.key}}"


def test_a_file_of_environments_makes_only_these(imported):
    environments = {"data": {"a": "1", "b": "2"}, "subEnvironments": [{"name": "dev", "data": {"a": "3"}}]}
    text = json.dumps({"type": "environment.insomnia.rest/5.0", "name": "Global", "environments": environments})
    imported(text)
    with open("dev.postman_environment.json") as file:
        assert {row["key"]: row["value"] for row in json.load(file)["values"]} == {"a": "3", "b": "2"}
    with open("Global.postman_environment.json") as file:
        assert {row["key"]: row["value"] for row in json.load(file)["values"]} == {"a": "1", "b": "2"}


# -- templates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "body"),
    [
        ("{% base64 'encode', 'normal', 'jö:p' %}", base64.b64encode("jö:p".encode()).decode()),
        ("{% base64 'encode', 'ab' %}", "YWI="),
        ("{{ _.größe }}{{ _['größe'] }}", "XX"),
        ("{% base64 'encode', 'url', '>>>???' %}", "Pj4-Pz8_"),
        ("{% base64 'encode', 'hex', '00ff' %}", "AP8="),
        ("{% base64 'decode', 'normal', 'YWI=' %}", "ab"),
        ("{% base64 'encode', 'normal', _.a + ':' + _.b %}", base64.b64encode(b"1:2").decode()),
        ("{% hash 'sha256', 'hex', _.a %}", hashlib.sha256(b"1").hexdigest()),
        ("{% hash 'md5', 'base64', 'x' %}", base64.b64encode(hashlib.md5(b"x").digest()).decode()),
        ("{% jsonpath '{\"a\": [{\"b\": 5}]}', 'b64::JC5hWzBdLmI=::46b' %}", "5"),
        ("{% request 'name' %} {% request 'folder', '', 0 %}", "Post f"),
        ("{% request 'header', 'x-a' %}{% request 'parameter', 'p' %}", "12"),
        ("{{ _.a | upper }}{{ 'b' | upper | lower }}{{ _.a ~ 'c' }}{{ _.b * 3 }}", "1b1c6"),
        ("{{ _.none | default('d') }}", "d"),
        ("{{ _.a | append: 'z' | upcase }}", "1Z"),
        ("{# nothing #}a {{- _.a -}} b", "a1b"),
        ("{% raw %}{ {% }{% endraw %}", "{ {% }"),
        ("{{ 'text' }} {{ 5 }} {{ true }}", "text 5 true"),
        ("{ {{ _.a }} } {{", "{ 1 } {{"),
    ],
)
def test_a_template_is_sent_as_insomnia_fills_it_in(sent, template, body):
    request = post(template, headers=[{"name": "X-A", "value": "{{ _.a }}"}], parameters=[{"name": "p", "value": "2"}])
    text = export([{"name": "f", "children": [request]}], environments={"data": {"a": "1", "b": 2, "größe": "X"}})
    assert sent(text)[0][3] == body


@pytest.mark.parametrize(
    ("template", "pattern"),
    [
        ("{% uuid 'v4' %}", UUID.pattern),
        ("{% now 'iso-8601', '' %}", r"20\d\d-\d\d-\d\dT[\d:.]+Z"),
        ("{% timestamp 'unix' %}", r"\d{10}"),
        ("{% now 'millis' %}", r"\d{13}"),
        ("{% now 'custom', \"yyyy-MM-dd'T'EEEE\" %}", r"20\d\d-\d\d-\d\dT[A-Z][a-z]+day"),
        ("{% now 'custom', 'YYYY/MM' %}", r"20\d\d/\d\d"),
        ("{% faker 'randomFirstName' %}", r"\w.*"),
        ("{% faker 'internet', '', '', 'email', '', 'pt_BR' %}", r"\S+@\S+"),
        ("{% faker 'lorem.word' %}", r"\w+"),
        ("{% faker 'company', 'bs' %}", r"\w.*"),
    ],
)
def test_a_template_that_makes_values_makes_them_here_too(sent, template, pattern):
    assert re.fullmatch(pattern, body_of(sent, template))


def test_all_names_of_the_faker_plugin_are_known_to_postman():
    for name in NAMES.values():
        assert f"${name}" in DYNAMIC or f"${name}" in GENERATED, name


def test_a_template_in_a_variable_is_filled_in_where_that_is_used(sent):
    data = {"id": "{% uuid 'v4' %}", "credentials": "{% base64 'encode', 'normal', _.user %}", "user": "u"}
    body = body_of(sent, "{{ _.id }} {{ _.credentials }}", environments={"data": data})
    assert re.fullmatch(UUID.pattern + " dQ==", body)


def test_what_two_requests_compute_has_one_name_and_what_the_collection_computes_another(imported, postrunner, server):
    tag = "{{% hash 'md5', 'hex', '{}' %}}"
    requests = [post(f"{tag.format(text)} {tag.format(text)} {tag.format('x')} {{{{ _.v }}}}") for text in "ab"]
    collection, _ = imported(export(requests, environments={"data": {"v": tag.format("c"), "hash_2": "own"}}))
    for item in collection["item"]:
        assert item["request"]["body"]["raw"] == "{{hash}} {{hash}} {{hash_3}} {{v}}"
    postrunner("run", "c.json")
    md5 = {text: hashlib.md5(text.encode()).hexdigest() for text in "abcx"}
    assert [body.decode() for *_, body in server.seen] == [f"{md5[t]} {md5[t]} {md5['x']} {md5['c']}" for t in "ab"]


RESPONSES = [
    ("body", "$.body", "5"),
    ("body", "$['body']", "5"),
    ("body", "$.headers.X-Given", "given"),
    ("body", "$..X-Given", "given"),
    ("body", "$.headers[?(@ === 'given')]", "given"),
    ("body", "$.*", None),
    ("header", "Content-Type", "application/json"),
]


@pytest.mark.parametrize(("field", "path", "value"), RESPONSES)
def test_a_value_of_a_response_is_set_by_the_tests_of_its_request(sent, field, path, value):
    encoded = base64.b64encode(path.encode()).decode()
    tag = f"{{% response '{field}', 'req_1', 'b64::{encoded}::46b', 'always', 60 %}}"
    first = get(name="Log in", method="POST", meta={"id": "req_1"}, body={"mimeType": "text/plain", "text": "5"},
                headers=[{"name": "X-Given", "value": "given"}])  # fmt: skip
    body = sent(export([first, post(tag)]))[1][3]
    assert body == value if value else json.loads(body)


def test_a_request_that_gives_a_value_too_late_is_told(imported):
    tag = "{% response 'body', 'req_1', 'b64::JC5h::46b', 'always', 60 %}"
    _, told = imported(export([post(tag), get(name="Log in", meta={"id": "req_1"})]))
    assert "Log in has to run before Post, for values of its response; Insomnia sends it by itself" in told


def test_a_value_may_be_needed_by_way_of_variables_and_folders(imported):
    tag = "{% response 'body', 'req_1', 'b64::JC5h::46b', 'never', 60 %}"
    data = {"token": tag, "header": "{% base64 'encode', 'normal', _.token %}"}
    folder = {"name": "f", "authentication": {"type": "bearer", "token": "{{ _.header }}"}, "children": [get(name="a")]}
    items = [
        folder,
        post("{{ _.token }}"),
        get(name="none"),
        get(name="Log in", meta={"id": "req_1"}),
        post("{{ _.token }}"),
    ]
    _, told = imported(export(items, environments={"data": data}))
    assert "Log in has to run before f/a and 1 other request, for values of its response\n" in told


def test_a_response_that_has_no_value_fails(imported, postrunner):
    tag = "{% response 'body', 'req_1', 'b64::JC5ub25l::46b', 'never', 60 %}"
    imported(export([get(name="Log in", meta={"id": "req_1"}), post(tag)]))
    done = postrunner("run", "c.json")
    assert done.code == 1
    assert "The response sets log_in_none" in done.out


def test_a_value_that_insomnia_asks_for_is_a_variable(imported, postrunner, server):
    _, told = imported(export([post("{% prompt 'Your name', 'Label', 'Ann', '', false, true %}")]))
    assert "Insomnia asks for Your name: it is the variable your_name (--env-var your_name=…)" in told
    postrunner("run", "c.json")
    postrunner("run", "c.json", "--env-var", "your_name=Bob")
    assert [body for *_, body in server.seen] == [b"Ann", b"Bob"]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% os 'arch', '' %}", "the template tag os has no counterpart in Postman"),
        ("{% file '/tmp/x' %}", "the template tag file has no counterpart"),
        ("{% response 'body', 'req_9', '$.a' %}", "the request that the value is taken from is not in the file"),
        ("{% if _.a %}b{% endif %}", "the template tag if has no counterpart"),
        ("{% faker 'randomNothing' %}", "Postman makes no value of the kind randomNothing"),
        ("{% faker 'person', '', 'zodiacSign', 'pt_BR' %}", "Postman makes no value of the kind person.zodiacSign"),
        ("{{ _.a | groupby }}", "the filter groupby has no counterpart"),
        ("{{ range(3) }}", "an expression between {{ and }} has no counterpart"),
        ("{{ }}", "an expression between"),
    ],
)
def test_a_template_without_a_counterpart_stays_and_is_told_with_its_line(imported, template, message):
    text = f"{LINES}    body:\n      mimeType: text/plain\n      text: |-\n        first\n        {template}\n"
    collection, told = imported(text)
    assert f"export.yaml:11: {message}" in told
    request = collection["item"][0]["request"]
    assert request["body"]["raw"] == f"first\n{template}"
    assert f"Not imported: {message}" in request["description"]


def test_strict_fails_for_what_is_not_carried_over(imported):
    imported(export([post("{% os 'arch' %}")]), "--strict", code=1)


# -- auth -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("auth", "type", "values"),
    [
        (
            {"type": "bearer", "token": "t", "prefix": "Token"},
            "apikey",
            {"key": "Authorization", "value": "Token t", "in": "header"},
        ),
        ({"type": "bearer", "token": "t", "prefix": "NO_PREFIX"}, "apikey", {"key": "Authorization", "value": "t"}),
        (
            {"type": "apikey", "key": "k", "value": "{{ _.v }}", "addTo": "queryParams"},
            "apikey",
            {"value": "{{v}}", "in": "query"},
        ),
        (
            {"type": "apikey", "key": "k", "value": "v", "addTo": "cookie"},
            "apikey",
            {"key": "Cookie", "value": "k=v", "in": "header"},
        ),
        (
            {"type": "iam", "accessKeyId": "a", "secretAccessKey": "b", "region": "r"},
            "awsv4",
            {"accessKey": "a", "secretKey": "b"},
        ),
        (
            {"type": "hawk", "id": "i", "key": "k", "algorithm": "sha256", "ext": "e", "validatePayload": True},
            "hawk",
            {"authId": "i", "authKey": "k", "extraData": "e", "includePayloadHash": True},
        ),
        (
            {"type": "oauth1", "consumerKey": "c", "tokenKey": "t", "signatureMethod": "HMAC-SHA1"},
            "oauth1",
            {"consumerKey": "c", "token": "t", "addParamsToHeader": True},
        ),
        (
            {"type": "asap", "issuer": "i", "audience": "a", "keyId": "k"},
            "asap",
            {"iss": "i", "aud": "a", "kid": "k", "alg": "RS256"},
        ),
        (
            {
                "type": "oauth2",
                "grantType": "client_credentials",
                "accessTokenUrl": "u",
                "clientId": "c",
                "credentialsInBody": True,
                "audience": "a",
                "tokenPrefix": "NO_PREFIX",
            },
            "oauth2",
            {
                "grant_type": "client_credentials",
                "client_authentication": "body",
                "headerPrefix": "",
                "tokenRequestParams": [{"key": "audience", "value": "a", "enabled": True, "send_as": "request_body"}],
            },
        ),
        (
            {"type": "oauth2", "grantType": "authorization_code", "usePkce": True, "redirectUrl": "r", "audience": "a"},
            "oauth2",
            {
                "grant_type": "authorization_code_with_pkce",
                "redirect_uri": "r",
                "headerPrefix": "Bearer",
                "authRequestParams": [{"key": "audience", "value": "a", "enabled": True, "send_as": "request_url"}],
            },
        ),
        ({"username": "u", "password": "p"}, "basic", {"username": "u", "password": "p"}),
    ],
)
def test_auth_has_the_names_of_postman(imported, auth, type, values):
    collection, _ = imported(export([get(authentication=auth)]))
    made = collection["item"][0]["request"]["auth"]
    assert made["type"] == type
    found = {row["key"]: row["value"] for row in made[type]}
    assert {key: found.get(key) for key in values} == values


def test_auth_that_postman_does_not_have_is_told(imported):
    collection, told = imported(export([get(authentication={"type": "netrc"})]))
    assert "auth of the type netrc has no counterpart in Postman" in told
    assert collection["item"][0]["request"]["auth"] == {"type": "noauth"}


# -- scripts ----------------------------------------------------------------------------------------------------------


def test_scripts_are_those_of_postman(sent):
    scripts = {
        "preRequest": "const value = insomnia.variables.get('a');\ninsomnia.request.headers.add({ key: 'X-Set', value });\n"
        "insomnia.baseEnvironment.set('b', '2');",
        "afterResponse": "const pm = 1;\ninsomnia.test('fine', () => {\n"
        "  insomnia.expect(insomnia.response.code).to.eql(200);\n"
        "  insomnia.response.to.have.status(200);\n  insomnia.expect(insomnia.response.json().body).to.eql('2');\n});",
    }
    ((_, _, headers, body),) = sent(export([post("{{ _.b }}", scripts=scripts)], environments={"data": {"a": "1"}}))
    assert (headers["X-Set"], body) == ("1", "2")


def test_what_scripts_set_does_not_overwrite_a_folder(sent):
    scripts = {"preRequest": "insomnia.baseEnvironment.set('a', 'script');"}
    folder = {"name": "f", "environment": {"a": "folder"}, "children": [post("{{ _.a }}", scripts=scripts)]}
    assert [body for *_, body in sent(export([folder, post("{{ _.a }}")]))] == ["folder", "script"]


def test_packages_and_answers_have_the_names_of_postman(sent):
    script = (
        "const { Header } = require('insomnia-collection');\n"
        "insomnia.sendRequest('URL/own', (error, answer) => {\n"
        "  insomnia.request.headers.add(new Header({ key: 'X-Own', value: JSON.parse(answer.body).path }));\n});"
    )
    seen = sent(export([post("x", scripts={"preRequest": script})]))
    assert seen[1][2]["X-Own"] == "/own"


def test_the_environment_of_scripts_is_the_chosen_one_or_the_base(imported):
    scripts = {"preRequest": "insomnia.environment.get('a');"}
    environments = {"data": {"a": "1"}}
    collection, _ = imported(export([get(scripts=scripts)], environments=environments))
    assert collection["item"][0]["event"][0]["script"]["exec"] == ["pm.collectionVariables.get('a');"]
    environments["subEnvironments"] = [{"name": "dev", "data": {}}]
    collection, _ = imported(export([get(scripts=scripts)], environments=environments))
    assert collection["item"][0]["event"][0]["script"]["exec"] == ["pm.environment.get('a');"]


def test_what_scripts_cannot_do_in_postman_is_told_with_its_line(imported):
    script = "        const a = 1;\n        insomnia.vault.get('x');\n"
    text = f"{LINES}    scripts:\n      preRequest: |-\n{script}"
    collection, told = imported(text)
    assert "export.yaml:10: insomnia.vault.get has no counterpart in Postman" in told
    assert (
        "// postrunner: insomnia.vault.get has no counterpart in Postman"
        in collection["item"][0]["event"][0]["script"]["exec"]
    )


def test_an_object_that_a_script_takes_is_told(imported):
    scripts = {"preRequest": "insomnia.environment.get('user').name;"}
    collection, told = imported(export([get(scripts=scripts)], environments={"data": {"user": {"name": "Ann"}}}))
    assert "user is an object or a list in Insomnia: here it is its JSON, which JSON.parse reads" in told
    assert {"key": "user", "value": '{"name":"Ann"}', "type": "string"} in collection["variable"]


def test_unit_tests_are_tests_of_their_requests(imported, postrunner):
    code = "const sent = await insomnia.send();\nexpect(sent.status).to.equal(200);\nexpect(sent.data).to.contain('GET');"
    suites = [{"name": "s", "tests": [{"name": "it answers", "requestId": "req_1", "code": code}]}]
    imported(export([get(meta={"id": "req_1"})], testSuites=suites))
    done = postrunner("run", "c.json")
    assert (done.code, "it answers" in done.out) == (0, True)
    suites[0]["tests"][0]["code"] = code.replace("200", "404")
    imported(export([get(meta={"id": "req_1"})], testSuites=suites))
    assert postrunner("run", "c.json").code == 1


# -- version 4 --------------------------------------------------------------------------------------------------------

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
