"""A folder of the format v3 runs as Postman documents it."""

import json

import pytest

from tests.v3.conftest import request


def paths(server):
    return [path for _, path, _, _ in server.seen]


def definition(*lines):
    return "\n".join(["$kind: collection", *lines, ""])


def test_siblings_run_by_order_and_then_by_name(postrunner, folder, server):
    root = folder(
        {
            "z.request.yaml": request(f"{server.url}/z", "order: -1"),
            "b.request.yaml": request(f"{server.url}/b"),
            "B.request.yml": request(f"{server.url}/upper", "name: B"),
            "a/x.request.yaml": request(f"{server.url}/x"),
            "later/.resources/definition.yaml": definition("order: 0.5"),
            "later/y.request.yaml": request(f"{server.url}/y"),
            "n.request.yaml": request(f"{server.url}/named", "name: Z", "order: 5"),
            "k.request.yaml": request(f"{server.url}/k", "order: 5"),
        }
    )
    assert postrunner("run", root).code == 0
    assert paths(server) == ["/z", "/upper", "/x", "/b", "/y", "/named", "/k"]


def test_hidden_files_run_and_git_is_left_alone(postrunner, folder, server):
    root = folder(
        {
            ".git/a.request.yaml": request(f"{server.url}/git"),
            ".hidden/b.request.yaml": request(f"{server.url}/hidden"),
            "node_modules/c.request.yaml": request(f"{server.url}/modules"),
        }
    )
    assert postrunner("run", root).code == 0
    assert paths(server) == ["/hidden", "/modules"]


@pytest.mark.parametrize(
    ("url", "rows", "sent"),
    [
        ("/x?a=1&z=9", "{a: '2', b: null, c: ''}", "/x?z=9&a=2&b&c="),
        ("/x?a=1&z=9", "[{key: a, value: '2', disabled: true}]", "/x?z=9"),
        ("/x?a=1", "[]", "/x?a=1"),
        ("/x?a=1#top", "{b: '2'}", "/x?a=1&b=2"),
    ],
)
def test_rows_of_the_query_replace_those_of_the_url(postrunner, folder, server, url, rows, sent):
    assert postrunner("run", folder({"a.request.yaml": request(server.url + url, f"queryParams: {rows}")})).code == 0
    assert paths(server) == [sent]


def test_the_body_of_get_is_sent(postrunner, folder, server):
    body = ("body:", "  type: text", "  content: hello")
    postrunner("run", folder({"a.request.yaml": request(f"{server.url}/a", *body)}))
    assert server.seen[0][3] == b"hello"


def test_an_error_before_the_request_ends_its_item(postrunner, folder, server):
    scripts = (
        "scripts:",
        "  - {type: beforeRequest, code: throw new Error('no')}",
        "  - {type: afterResponse, code: console.log('never')}",
    )
    files = {"a.request.yaml": request(f"{server.url}/a", *scripts), "b.request.yaml": request(f"{server.url}/b")}
    done = postrunner("run", folder(files))
    assert done.code == 1
    assert paths(server) == ["/b"]
    assert "never" not in done.out


def test_all_scripts_of_a_type_run_with_those_of_the_folders_around_first(postrunner, folder, server):
    def told(type, *names):
        return [
            "scripts:",
            *(f"  - {{type: '{type}', code: 'console.log(\"{name}\", pm.info.eventName)'}}" for name in names),
        ]

    root = folder(
        {
            ".resources/definition.yaml": definition(*told("http:afterResponse", "c1", "c2")),
            "F/.resources/definition.yaml": definition(*told("http:afterResponse", "f")),
            "F/a.request.yaml": request(f"{server.url}/a", *told("afterResponse", "r1", "r2")),
        }
    )
    done = postrunner("run", root, "-r", "ndjson")
    logged = [json.loads(line) for line in done.out.splitlines() if '"event":"consoleLogged"' in line.replace(" ", "")]
    assert [one["messages"] for one in logged] == [[name, "afterResponse"] for name in ("c1", "c2", "f", "r1", "r2")]


BEARER = "auth: [{{id: '1', type: bearer, name: b, credentials: {{token: {token}}}}}]"


def test_auth_that_inherits_is_that_of_the_folder_around(postrunner, folder, server):
    root = folder(
        {
            ".resources/definition.yaml": definition(BEARER.format(token="outer")),
            "F/.resources/definition.yaml": definition("auth: []"),
            "F/a.request.yaml": request(f"{server.url}/a", "auth: {type: inherit}"),
            "G/.resources/definition.yaml": definition("auth: [{id: '', type: noauth, name: No Auth}]"),
            "G/b.request.yaml": request(f"{server.url}/b"),
        }
    )
    assert postrunner("run", root).code == 0
    assert [headers.get("Authorization") for _, _, headers, _ in server.seen] == ["Bearer outer", None]


def test_of_several_auths_the_last_one_counts(postrunner, folder, server):
    two = BEARER.format(token="first")[:-1] + ", " + BEARER.format(token="last").removeprefix("auth: [")
    root = folder({".resources/definition.yaml": definition(two), "a.request.yaml": request(f"{server.url}/a")})
    assert postrunner("run", root).code == 0
    assert server.seen[0][2]["Authorization"] == "Bearer last"


def test_numbers_are_credentials_like_texts(postrunner, folder, server):
    auth = "auth: {type: basic, credentials: {username: u, password: 5}}"
    postrunner("run", folder({"a.request.yaml": request(f"{server.url}/a", auth)}))
    assert server.seen[0][2]["Authorization"] == "Basic dTo1"


GRAPHQL = """\
$kind: graphql-request
url: "{url}/graphql"
query: "query Q($id: ID) {{ user(id: $id) {{ name }} }}"
variables: '{{"id": "{{{{who}}}}"}}'
headers: {{X-Own: "1"}}
auth: {{type: bearer, credentials: {{token: t}}}}
scripts:
  - type: beforeQuery
    code: pm.variables.set("who", pm.info.eventName)
  - type: afterResponse
    code: pm.test("answered", () => pm.response.to.have.status(200))
"""


def test_a_graphql_request_is_a_post_of_json(postrunner, folder, server):
    root = folder(
        {
            ".resources/definition.yaml": definition(
                "scripts:",
                "  - {type: 'http:beforeRequest', code: throw new Error('not for GraphQL')}",
                "  - {type: 'graphql:beforeQuery', code: 'pm.test(\"shared\", () => {})'}",
            ),
            "q.request.yaml": GRAPHQL.format(url=server.url),
        }
    )
    done = postrunner("run", root)
    assert done.code == 0, done.out
    ((method, _, headers, body),) = server.seen
    assert (method, headers["Content-Type"], headers["X-Own"]) == ("POST", "application/json", "1")
    assert headers["Authorization"] == "Bearer t"
    assert json.loads(body)["variables"] == {"id": "beforeQuery"}
    assert "shared" in done.out


def test_tags_in_names_and_descriptions_count(postrunner, folder, server):
    root = folder(
        {
            "a.request.yaml": request(f"{server.url}/a", "description: checks @smoke"),
            "b.request.yaml": request(f"{server.url}/b", 'name: "b [slow]"'),
            "F/.resources/definition.yaml": definition("description: '@smoke'"),
            "F/c.request.yaml": request(f"{server.url}/c"),
        }
    )
    postrunner("run", root, "--tag", "smoke")
    assert sorted(paths(server)) == ["/a", "/c"]


def test_one_request_runs_with_the_definitions_around_it(postrunner, folder, server):
    root = folder(
        {
            ".resources/definition.yaml": definition("name: Shop", "variables: {base: '" + server.url + "'}"),
            "F/.resources/definition.yaml": definition(BEARER.format(token="folder")),
            "F/a.request.yaml": request('"{{base}}/a"'),
            "F/b.request.yaml": request('"{{base}}/b"'),
            "broken.request.yaml": "no: [",
        }
    )
    done = postrunner("run", root / "F" / "b.request.yaml")
    assert done.code == 0, done.err
    assert paths(server) == ["/b"]
    assert server.seen[0][2]["Authorization"] == "Bearer folder"


def test_the_examples_of_a_request_are_read_but_never_sent(folder):
    from runner.formats.load import load_collection

    response = "{statusCode: 201, statusText: Created, body: {type: json, content: '{}'}}"
    example = f"$kind: http-example\nrequest: {{url: http://h}}\nresponse: {response}\n"
    root = folder(
        {
            "a.request.yaml": request("http://h", "examples: ./.resources/a.resources/examples"),
            ".resources/a.resources/examples/made.example.yaml": example,
        }
    )
    (response,) = load_collection(root).items[0].source["response"]
    assert (response["name"], response["code"], response["status"], response["body"]) == ("made", 201, "Created", "{}")


FOLDERS = {
    ".resources/definition.yaml": definition("variables: {a: collection, b: collection}"),
    "F/.resources/definition.yaml": definition("variables: {a: outer, c: outer}", "order: 1"),
    "F/G/.resources/definition.yaml": definition("variables: {a: inner}"),
}


def test_the_variables_of_a_folder_are_those_of_what_is_in_it(postrunner, folder, server):
    url = server.url + "/{{a}}/{{b}}/{{c}}"
    files = {**FOLDERS, "F/G/x.request.yaml": request(f'"{url}"'), "z.request.yaml": request(f'"{url}"', "order: 2")}
    postrunner("run", folder(files))
    assert paths(server) == ["/inner/collection/outer", "/collection/collection/%7B%7Bc%7D%7D"]
    assert "/inner/collection/outer" in postrunner("run", folder(files), "--dry-run").out


def test_what_a_script_sets_in_a_folder_stays_set(postrunner, folder, server, tmp_path):
    script = 'scripts: [{type: beforeRequest, code: \'pm.collectionVariables.set("a", "script"); pm.variables.get("c")\'}]'
    files = {
        **FOLDERS,
        "F/G/x.request.yaml": request(f'"{server.url}/{{{{a}}}}"', script),
        "z.request.yaml": request(f'"{server.url}/{{{{a}}}}/{{{{b}}}}"', "order: 2"),
    }
    postrunner("run", folder(files))
    assert paths(server) == ["/script", "/script/collection"]


def test_a_kind_that_cannot_be_sent_is_told_by_a_dry_run(postrunner, folder):
    done = postrunner("run", folder({"g.request.yaml": "$kind: grpc-request\n"}), "--dry-run")
    assert done.code == 0
    assert "it would be skipped" in done.out


def test_a_failure_is_annotated_in_the_file_of_its_script(postrunner, folder, server):
    def failing(name):
        lines = ("code: |-", "  // first line", f"  pm.test('{name}', () => {{", f"    throw new Error('{name}')", "  })")
        return ["    " + line for line in lines]

    root = folder(
        {
            "F/.resources/definition.yaml": definition("scripts:", "  - type: http:afterResponse", *failing("outer")),
            "F/a.request.yaml": request(f"{server.url}/a", "scripts:", "  - type: afterResponse", *failing("own")),
        }
    )
    out = postrunner("run", root, "-r", "github").out
    assert "file=Shop/F/.resources/definition.yaml,line=7" in out
    assert "file=Shop/F/a.request.yaml,line=9" in out


def test_a_run_tells_once_that_kept_changes_no_longer_fit(postrunner, folder, server):
    kept = '{at: /request/header/0, was: {key: old, value: "1"}, value: {key: old}}'
    files = {
        "a.request.yaml": request(f"{server.url}/a"),
        ".resources/postrunner.yaml": f"from: v2.1\nkept: {{a.request.yaml: [{kept}]}}\n",
    }
    done = postrunner("run", folder(files), "-n", "2")
    assert done.code == 0
    told = " ".join(done.out.split())
    assert told.count("what .resources/postrunner.yaml keeps is not used where the file was changed since") == 1
    assert "changed since: a.request.yaml/request/header/0 " in told
