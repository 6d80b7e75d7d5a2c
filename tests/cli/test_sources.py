"""Files, addresses, UIDs, patterns: where a run's inputs come from."""

import json
from http.server import BaseHTTPRequestHandler

import pytest

from runner.client.proxies import environ_of
from runner.errors import FileUnreadable, LoadError, UsageError
from runner.options import RunOptions
from runner.postman_api.key import KEY_VARIABLES
from runner.sources.sources import Sources
from tests.cli.conftest import item

UID = "123-11111111-2222-3333-4444-555555555555"


class Api(BaseHTTPRequestHandler):
    """Serves `files` (path → body, or (code, body)) and remembers the headers it got."""

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        found = self.server.files.get(self.path.partition("?")[0], (404, '{"error": {"message": "no such thing"}}'))
        code, text = found if isinstance(found, tuple) else (200, found)
        self.send_response(code)
        if code == 302:
            self.send_header("Location", text)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def api(server):
    """The server of the other tests, serving files."""
    server.RequestHandlerClass = Api
    server.files = {}
    return server


def sources(**options):
    return Sources(RunOptions(**options), {})


def document(name="remote", *items):
    return json.dumps({"info": {"name": name}, "item": list(items)})


def test_everything_may_come_from_an_address(api, postrunner):
    api.files = {
        "/c.json": document("remote", item("a", api.url + "/{{e}}/{{g}}/{{d}}")),
        "/e.json": '{"values": [{"key": "e", "value": "E"}]}',
        "/g.json": '{"values": [{"key": "g", "value": "G"}]}',
        "/d.csv": "d\nD\n",
        "/E/G/D": "{}",
    }
    urls = {name: f"{api.url}/{name}" for name in ("c.json", "e.json", "g.json", "d.csv")}
    done = postrunner("run", urls["c.json"], "-e", urls["e.json"], "-g", urls["g.json"], "-d", urls["d.csv"])
    assert done.code == 0, done.err
    assert api.seen[-1][0] == "/E/G/D"


def test_the_user_agent_is_that_of_postrunner(api):
    api.files = {"/c": document()}
    sources().collection(api.url + "/c")
    headers = api.seen[0][1]
    assert headers["User-Agent"].startswith("postrunner/")
    assert "Postman-Token" not in headers


def test_the_postman_api_is_asked_for_a_uid_with_the_key_in_a_header(api, postrunner, monkeypatch):
    monkeypatch.setenv("POSTRUNNER_POSTMAN_API_URL", api.url)
    api.files = {
        f"/collections/{UID}": f'{{"collection": {document("mine", item("a", api.url + "/{{x}}"))}}}',
        f"/environments/{UID}": '{"environment": {"values": [{"key": "x", "value": "X"}]}}',
    }
    postrunner("run", UID, "-e", UID, "--postman-api-key", "PMAK-1")
    assert [(path, headers.get("X-Api-Key")) for path, headers in api.seen] == [
        (f"/collections/{UID}", "PMAK-1"),
        (f"/environments/{UID}", "PMAK-1"),
        ("/X", None),
    ]


def test_an_apikey_in_the_query_of_the_api_becomes_a_header(api):
    api.files = {"/collections/1": document()}
    found = Sources(RunOptions(), {"POSTRUNNER_POSTMAN_API_URL": api.url})
    found.collection(api.url + "/collections/1?apikey=PMAK%2D1&x=1")
    path, headers = api.seen[0]
    assert (path, headers["X-Api-Key"]) == ("/collections/1?x=1", "PMAK-1")


def test_an_apikey_for_another_host_stays_where_it_is(api):
    api.files = {"/c": document()}
    sources(postman_api_key="PMAK-1").collection(api.url + "/c?apikey=k")
    path, headers = api.seen[0]
    assert path == "/c?apikey=k"
    assert "X-Api-Key" not in headers


def test_a_key_is_never_taken_along_to_where_a_redirect_leads(api):
    api.files = {"/collections/1": (302, "/elsewhere"), "/elsewhere": document()}
    with pytest.raises(LoadError, match="302"):
        Sources(RunOptions(postman_api_key="K"), {"POSTRUNNER_POSTMAN_API_URL": api.url}).collection(
            api.url + "/collections/1"
        )
    assert len(api.seen) == 1


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ((404, '{"error": {"name": "x", "message": "we could not find it"}}'), "404 Not Found: we could not find it"),
        ((401, '{"message": "bad key"}'), "401 Unauthorized: bad key"),
        ((500, "<html>"), "500 Internal Server Error"),
        ("<!doctype html>", "this is an HTML page, not a collection"),
        ("[1]", "collection"),
    ],
    ids=["api-error", "message", "no-json", "a-web-page", "no-collection"],
)
def test_what_is_wrong_with_an_answer_is_told(api, postrunner, answer, text):
    api.files = {"/c": answer}
    done = postrunner("run", api.url + "/c")
    assert done.code == 2
    assert api.url in done.err
    assert text in done.err


def test_an_address_that_does_not_answer(postrunner):
    done = postrunner("run", "http://127.0.0.1:1/c.json?token=hidden-token")
    assert done.code == 2
    assert "ECONNREFUSED" in done.err
    assert "hidden-token" not in done.err


def test_a_uid_without_a_key_says_what_is_missing(postrunner, monkeypatch):
    for name in KEY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    done = postrunner("run", UID)
    assert done.code == 2
    assert "--postman-api-key" in done.err


@pytest.mark.parametrize("name", ["POSTMAN_API_KEY", "POSTRUNNER_POSTMAN_API_KEY"])
def test_the_key_may_come_from_the_environment(api, name):
    api.files = {f"/collections/{UID}": document()}
    Sources(RunOptions(), {"POSTRUNNER_POSTMAN_API_URL": api.url, name: "PMAK-2"}).collection(UID)
    assert api.seen[0][1]["X-Api-Key"] == "PMAK-2"


def test_a_file_is_taken_before_a_uid(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / UID).write_text(document("file"))
    assert sources(postman_api_key="k").collection(UID).name == "file"


def test_a_pattern_runs_every_file_it_matches_in_order(postrunner, collection, server):
    for name in ("b", "a"):
        collection(item(name, f"{server.url}/{name}"), name=f"t-{name}")
    assert postrunner("run", "t-*.json").code == 0
    assert [path for _, path, _, _ in server.seen] == ["/a", "/b"]


def test_a_pattern_that_matches_nothing_is_an_error(postrunner):
    done = postrunner("run", "none-*.json")
    assert done.code == 2
    assert "matches no file" in done.err


# -- environments on one another --------------------------------------------------------------------------------------


def env_file(tmp_path, name, **values):
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps({"id": name, "name": name, "values": [{"key": k, "value": v} for k, v in values.items()]}))
    return path


def test_later_environments_win_then_env_files_then_the_command_line(postrunner, collection, server, tmp_path):
    one, two = env_file(tmp_path, "one", a=1, b=1, c=1, d=1), env_file(tmp_path, "two", b=2, c=2, d=2)
    (tmp_path / ".env").write_text("c=3\nd=3\n")
    a = item("a", server.url + "/{{a}}{{b}}{{c}}{{d}}")
    postrunner("run", collection(a), "-e", one, "-e", two, "--env-file", ".env", "--env-var", "d=4")
    assert server.seen[0][1] == "/1234"


def test_merged_environments_are_exported_as_the_first_one(postrunner, collection, server, tmp_path):
    one, two = env_file(tmp_path, "one", a=1), env_file(tmp_path, "two", a=2, b=2)
    postrunner("run", collection(item("a", server.url)), "-e", one, "-e", two, "--export-environment", "out.json")
    out = json.loads((tmp_path / "out.json").read_text())
    assert (out["id"], {v["key"]: v["value"] for v in out["values"]}) == ("one", {"a": 2, "b": 2})


def test_secrets_of_an_env_file_are_masked_and_not_exported(postrunner, collection, server, tmp_path):
    (tmp_path / ".env").write_text("API_TOKEN=tok-12345\nHOST=example\n")
    one = item("a", server.url + "/{{HOST}}/{{API_TOKEN}}")
    done = postrunner("run", collection(one), "--env-file", ".env", "--export-environment", "out.json")
    assert server.seen[0][1] == "/example/tok-12345"
    assert "tok-12345" not in done.out + (tmp_path / "out.json").read_text()


def test_a_secret_of_an_env_file_is_exported_as_a_secret_without_its_value(postrunner, collection, server, tmp_path):
    one = {"id": "e", "name": "e", "values": [{"key": "API_TOKEN", "value": "", "type": "default", "description": "mine"}]}
    (tmp_path / "e.json").write_text(json.dumps(one))
    (tmp_path / ".env").write_text("API_TOKEN=tok-12345\n")
    path = collection(item("a", server.url + "/{{API_TOKEN}}"))
    done = postrunner("run", path, "-e", "e.json", "--env-file", ".env", "--export-environment", "out.json")
    assert server.seen[0][1] == "/tok-12345"
    assert "tok-12345" not in done.out
    exported = json.loads((tmp_path / "out.json").read_text())
    assert exported["values"] == [{"key": "API_TOKEN", "value": "", "type": "secret", "description": "mine"}]


def test_a_bad_env_file_names_its_line(postrunner, collection, tmp_path):
    (tmp_path / ".env").write_text("A=1\nnonsense\n")
    done = postrunner("run", collection(), "--env-file", ".env")
    assert done.code == 2
    assert ".env:2: this line is not KEY=VALUE" in done.err


# -- proxy ------------------------------------------------------------------------------------------------------------


def test_the_proxy_option_stands_for_both_variables():
    environ = {"http_proxy": "http://old", "https_proxy": "http://old", "NO_PROXY": "a"}
    assert environ_of(RunOptions(proxy="http://p:1"), environ) == {
        "HTTP_PROXY": "http://p:1",
        "HTTPS_PROXY": "http://p:1",
        "NO_PROXY": "a",
    }
    assert environ_of(RunOptions(no_proxy="b"), {"no_proxy": "a"}) == {"NO_PROXY": "b"}


def test_requests_go_through_the_proxy_of_the_command_line(postrunner, collection, server):
    postrunner("run", collection(item("a", "http://no-such-host.invalid/x")), "--proxy", server.url)
    assert server.seen[0][1] == "http://no-such-host.invalid/x"


def test_no_proxy_takes_hosts_out(postrunner, collection, server):
    done = postrunner(
        "run", collection(item("a", server.url + "/x")), "--proxy", "http://127.0.0.1:1", "--no-proxy", "127.0.0.1"
    )
    assert done.code == 0
    assert server.seen[0][1] == "/x"


def test_a_proxy_that_is_none_is_a_usage_error():
    with pytest.raises(UsageError, match="--proxy"):
        environ_of(RunOptions(proxy="ftp://p"), {})


def test_a_missing_file_is_still_a_missing_file():
    with pytest.raises(FileUnreadable, match="does not exist"):
        sources().collection("gone.json")
