"""`postrunner request`: one request from the command line."""

import io
import json
import os
import stat
import sys

import pytest

from tests.cli.conftest import Echo, item

JSON = {"Content-Type": "application/json", "Accept": "application/json"}
FORM = "application/x-www-form-urlencoded"
TOKEN = "Zx9-Hidden-Kq77-value"


@pytest.fixture
def sent(postrunner, server):
    """Call `postrunner request` with these words behind the options; gives what the server saw."""

    def call(*args, code=0):
        before = len(server.seen)
        call.done = postrunner("request", *args)
        assert call.done.code == code, call.done.err
        return server.seen[before:]

    return call


@pytest.fixture
def stdin(monkeypatch):
    """Give standard input these bytes."""

    def give(content):
        reading, writing = os.pipe()
        os.write(writing, content)
        os.close(writing)
        kept = os.dup(0)
        os.dup2(reading, 0)
        os.close(reading)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(os.fdopen(0, "rb", closefd=False)))
        given.append(kept)

    given = []
    yield give
    for kept in given:
        os.dup2(kept, 0)
        os.close(kept)


# -- what is sent -------------------------------------------------------------------------------------------------------


def test_a_url_is_sent_as_postman_sends_it(sent, server):
    ((method, path, headers, body),) = sent(server.url + "/a b?x={y}&z=[1]&flag")
    assert (method, path, body) == ("GET", "/a%20b?x={y}&z=[1]&flag", b"")
    assert headers["User-Agent"].startswith("PostmanRuntime/")


@pytest.mark.parametrize(
    ("args", "method", "headers", "body"),
    [
        (["-X", "DELETE"], "DELETE", {}, b""),
        (["--request", "PATCH"], "PATCH", {}, b""),
        (["-d", "a=1", "-d", "b=2"], "POST", {"Content-Type": FORM}, b"a=1&b=2"),
        (["-d", "x", "-X", "PUT", "-H", "Content-Type: text/plain"], "PUT", {"Content-Type": "text/plain"}, b"x"),
        (["--data-binary", "a\n b"], "POST", {"Content-Type": FORM}, b"a\n b"),
        (["--json", '{"a": 1}'], "POST", JSON, b'{"a": 1}'),
        (["--json", "1", "-H", "Accept: x/y"], "POST", {"Accept": "x/y"}, b"1"),
        (["-H", "X-A: 1", "-H", "X-B;"], "GET", {"X-A": "1", "X-B": ""}, b""),
        (["-u", "me:a:b"], "GET", {"Authorization": "Basic bWU6YTpi"}, b""),
        (["--bearer", "t"], "GET", {"Authorization": "Bearer t"}, b""),
    ],
)
def test_options_mean_what_they_mean_to_curl(sent, server, args, method, headers, body):
    ((sent_method, _, sent_headers, sent_body),) = sent(server.url + "/x", *args)
    assert (sent_method, sent_body, sent_headers | headers) == (method, body, sent_headers)


def test_a_header_without_a_value_is_left_out(sent, server):
    ((_, _, headers, _),) = sent(server.url, "-H", "Accept:", "-H", "User-Agent:")
    assert {"Accept", "User-Agent"}.isdisjoint(headers)


@pytest.mark.parametrize(
    ("option", "body"), [("-d", b"a{{x}}b"), ("--data-binary", b"a{{x}}\nb\r\n\xff"), ("--json", b"a{{x}}\nb\r\n\xff")]
)
def test_a_body_from_a_file(sent, server, tmp_path, option, body):
    (tmp_path / "in").write_bytes(b"a{{x}}\nb" + (b"" if option == "-d" else b"\r\n\xff"))
    ((method, _, _, got),) = sent(option, "@in", server.url)
    assert (method, got) == ("POST", body)


def test_a_body_from_standard_input(sent, server, stdin):
    stdin(b'{"a": "\xc3\xa4"}\n')
    ((_, _, _, body),) = sent("--json", "@-", server.url)
    assert body == b'{"a": "\xc3\xa4"}\n'


def test_variables_are_filled_in_everywhere(sent, server, tmp_path):
    values = [{"key": key, "value": value} for key, value in (("base", server.url), ("t", "token-1"), ("n", "5"))]
    (tmp_path / "e.json").write_text(json.dumps({"name": "e", "values": values}))
    args = ("-H", "X-{{n}}: {{t}}", "--bearer", "{{t}}", "--json", '{"n": {{n}}, "o": {{o}}}', "--env-var", "o=6")
    ((_, path, headers, body),) = sent("{{base}}/{{n}}?q={{t}}", "-e", "e.json", *args)
    assert (path, body) == ("/5?q=token-1", b'{"n": 5, "o": 6}')
    assert (headers["X-5"], headers["Authorization"]) == ("token-1", "Bearer token-1")


def test_a_variable_without_a_value_is_told(sent, server):
    sent(server.url + "/{{none}}")
    assert "warning: GET /{{none}}: the variable {{none}} has no value" in sent.done.err


def test_options_of_a_run_are_those_of_a_run(sent, server, tmp_path):
    server.texts["/x"] = b"recorded"
    sent("--record", "tape.yaml", server.url + "/x")
    assert sent("--replay", "tape.yaml", server.url + "/x") == []
    assert sent.done.out == "recorded"


def test_the_configuration_of_runs_does_not_choose_requests(sent, server, tmp_path):
    (tmp_path / "postrunner.toml").write_text('folder = ["Nope"]\nreporters = "cli,json"\nenv_var = { a = "1" }\n')
    ((_, path, _, _),) = sent(server.url + "/{{a}}")
    assert path == "/1"
    assert len(list(tmp_path.iterdir())) == 1


# -- curl ---------------------------------------------------------------------------------------------------------------

CURL = "curl -X PUT --data-raw 'a b' -H 'X-Test: 1' --compressed {}/x"


@pytest.mark.parametrize("form", ["one text", "words", "standard input"])
def test_a_curl_command_sends_what_curl_sends(sent, server, stdin, form):
    text = CURL.format(server.url)
    if form == "standard input":
        stdin(text.encode())
    words = {"one text": [text], "words": text.replace("'a b'", "ab").replace("'", "").split(" "), "standard input": ["-"]}
    given = ["curl", "-X", "PUT", "--data-raw", "a b", "-H", "X-Test: 1", server.url + "/x"]
    ((method, path, headers, body),) = sent(*(given if form == "words" else words[form]))
    assert (method, path, body, headers["X-Test"]) == ("PUT", "/x", b"a b", "1")


def test_options_of_postrunner_stand_in_front_of_curl(sent, server):
    ((_, _, headers, _),) = sent("-o", "headers", "curl", "-o", "ignored", "-u", "me:pw", server.url)
    assert sent.done.out.startswith("HTTP/1.1 200 OK\n")
    assert headers["Authorization"].startswith("Basic ")


def test_output_options_of_curl_do_what_they_do_in_curl(sent, server, tmp_path):
    sent("curl", "-s", "-o", "out.txt", server.url + "/text")
    assert ((tmp_path / "out.txt").read_text(), sent.done.out) == ("no json", "")
    sent("curl", "-i", server.url + "/text")
    assert sent.done.out.startswith("HTTP/1.1 200 OK\n")
    assert sent.done.out.endswith("\n\nno json")
    sent("curl", "-f", server.url + "/status/404", code=1)


def test_a_time_limit_of_curl_counts(sent, slow_server):
    sent("curl", "-m", "0.2", slow_server, code=1)
    assert "the time for this request is over" in sent.done.err


def test_a_proxy_of_curl_is_used(sent, server):
    ((_, path, _, _),) = sent("curl", "-x", server.url, "http://nowhere.test/x")
    assert path == "http://nowhere.test/x"
    assert not sent.done.err


def test_variables_of_the_shell_have_their_values(sent, server, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "from-the-shell")
    ((_, _, headers, _),) = sent(f'curl -H "X-A: $MY_TOKEN" {server.url}')
    assert headers["X-A"] == "from-the-shell"


def test_what_curl_would_do_and_is_not_done_is_told(sent, server):
    sent("curl", "--resolve", "a:1:b", server.url)
    assert sent.done.err == "warning: --resolve is not kept\n"


def test_a_time_limit_in_front_of_curl_wins(sent, server):
    sent("--timeout-total", "60000", "curl", "-m", "0.000001", server.url)


@pytest.fixture
def redirecting(monkeypatch):
    """The tiny server answers /old with a redirect to /text that sets a cookie."""
    answer = Echo.send_response

    def send_response(self, code, message=None):
        answer(self, 302 if self.path == "/old" else code, message)
        if self.path == "/old":
            self.send_header("Location", "/text")
            self.send_header("Set-Cookie", "a=1")

    monkeypatch.setattr(Echo, "send_response", send_response)


@pytest.mark.usefixtures("redirecting")
@pytest.mark.parametrize(
    ("words", "cookies"),
    [([], [None, "a=1"]), (["curl"], [None]), (["curl", "-L"], [None, None]), (["curl", "-L", "-b", ""], [None, "a=1"])],
)
def test_a_url_follows_redirects_with_cookies_and_curl_only_if_told(sent, server, words, cookies):
    assert [headers.get("Cookie") for _, _, headers, _ in sent(*words, server.url + "/old")] == cookies


@pytest.mark.usefixtures("redirecting")
def test_a_cookie_jar_in_front_of_curl_keeps_cookies(sent, server, tmp_path):
    sent("--export-cookie-jar", "jar.json", "curl", server.url + "/old")
    assert "127.0.0.1" in (tmp_path / "jar.json").read_text()


# -- what is shown ------------------------------------------------------------------------------------------------------


def test_the_body_and_nothing_else_goes_to_standard_output(sent, server):
    sent(server.url + "/text")
    assert (sent.done.out, sent.done.err) == ("no json", "")


def test_secrets_in_a_body_are_data(sent, server):
    server.texts["/secret"] = json.dumps({"access_token": TOKEN}).encode()
    sent(server.url + "/secret", "--bearer", TOKEN)
    assert TOKEN in sent.done.out


@pytest.mark.parametrize(("flags", "shown"), [([], False), (["--show-secrets"], True)])
@pytest.mark.parametrize("output", ["headers", "json"])
def test_secrets_are_masked_in_headers_and_json(sent, server, output, flags, shown):
    server.texts["/x"] = json.dumps({"access_token": TOKEN}).encode()
    sent("-o", output, "-H", f"Authorization: Bearer {TOKEN}", server.url + "/x", *flags)
    assert (TOKEN in sent.done.out) is (shown and output == "json")


def test_json_has_request_and_response(sent, server):
    sent("-o", "json", "--json", "[1]", server.url + "/text")
    shown = json.loads(sent.done.out)
    request, response = shown["request"], shown["response"]
    assert (request["method"], request["url"], request["body"]) == ("POST", server.url + "/text", "[1]")
    assert {"key": "Content-Type", "value": "application/json"} in request["headers"]
    assert (response["code"], response["status"], response["body"]) == (200, "OK", "no json")
    assert response["sizes"]["body"] == 7
    assert response["timings"]["total"] > 0


def test_bytes_that_are_no_text_are_in_base64_in_json(sent, server):
    server.texts["/x"] = b"\xff\x00"
    sent("-o", "json", server.url + "/x")
    assert json.loads(sent.done.out)["response"]["body"] == {"base64": "/wA="}


def test_the_head_of_a_response(sent, server):
    sent("-o", "headers", server.url + "/text")
    assert sent.done.out.splitlines()[0] == "HTTP/1.1 200 OK"
    assert sent.done.out.endswith("Content-Length: 7\n")


def test_headers_in_front_of_the_body(sent, server):
    sent("-i", server.url + "/text")
    assert sent.done.out.endswith("Content-Length: 7\n\nno json")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_body_is_saved_as_it_came_and_for_its_owner_only(sent, server, tmp_path):
    server.texts["/x"] = body = bytes(range(256))
    sent("--save", "new/out", server.url + "/x")
    assert (tmp_path / "new/out").read_bytes() == body
    assert stat.S_IMODE((tmp_path / "new/out").stat().st_mode) == 0o600
    assert (sent.done.out, sent.done.err) == ("", "new/out written: 200 OK, 256B\n")


def test_a_body_saved_to_standard_output_is_all_that_is_there(sent, server):
    sent("--save", "-", server.url + "/text")
    assert (sent.done.out, sent.done.err) == ("no json", "")


def test_a_body_can_be_saved_and_shown(sent, server, tmp_path):
    sent("--save", "out", "-o", "body", server.url + "/text")
    assert (sent.done.out, (tmp_path / "out").read_text()) == ("no json", "no json")


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr("os.isatty", lambda number: True)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("body", "shown"), [(b"text", "text\n"), (b"line\n", "line\n"), (b"\x1b[31mred", "\\x1b[31mred\n")]
)
def test_a_text_on_a_terminal_steers_nothing_and_ends_its_line(sent, server, body, shown):
    server.texts["/x"] = body
    sent(server.url + "/x")
    assert sent.done.out == shown


@pytest.mark.usefixtures("terminal")
def test_a_binary_body_is_not_shown_on_a_terminal(sent, server):
    server.texts["/x"] = b"\x89PNG\x00\xff"
    sent(server.url + "/x", code=1)
    assert sent.done.out == ""
    assert "the body is binary: 6 bytes are not shown on a terminal" in sent.done.err
    assert "--save" in sent.done.err


# -- exit codes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "flags", "code"), [(404, [], 0), (404, ["--fail"], 1), (200, ["--fail"], 0)])
def test_an_error_status_is_a_failure_only_with_fail(sent, server, status, flags, code):
    sent(server.url + f"/status/{status}", *flags, code=code)
    assert '"method": "GET"' in sent.done.out  # the body is there all the same
    assert sent.done.err == ("error: the response is 404 Not Found\n" if code else "")


def test_a_request_that_gets_no_response_is_a_failure_with_its_reason(sent):
    sent("http://127.0.0.1:1/", code=1)
    assert sent.done.err.startswith("error: connect ECONNREFUSED 127.0.0.1:1\n  hint: ")


def test_a_failure_in_json_says_so(sent):
    sent("-o", "json", "http://127.0.0.1:1/", code=1)
    assert json.loads(sent.done.out)["error"]["code"] == "ECONNREFUSED"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "Missing"),
        ([""], "the URL is empty"),
        (["http://"], "there is no host in it"),
        (["http:///path"], "there is no host in it"),
        (["/path"], "there is no host in it"),
        (["ftp://x/"], "'ftp' is not a protocol of a request"),
        (["http://a b/"], "there is a blank in its host"),
        (["http://x:99999/"], "'99999' is not a port"),
        (["http://a/", "http://b/"], "one URL is sent, not 2"),
        (["http://x/", "-H", "secret"], "is not a header"),
        (["http://x/", "-d", "1", "--json", "2"], "--data and --json both give the body"),
        (["http://x/", "--json", "@none"], "none cannot be read"),
        (["http://x/", "-d", "@none"], "none cannot be read"),
        (["http://x/", "--save", "."], "is a folder"),
        (["http://x/", "--name", "n"], "give --add-to COLLECTION"),
        (["http://x/", "--add-to", "none.json"], "is not there"),
        (["curl"], "there is no URL"),
        (["curl", "--nope", "http://x/"], "curl has no option --nope"),
        (["curl 'http://x/"], ""),
        (["curl", "http://x/{a,b}"], "these are 2 requests"),
        (["curl http://x/; curl http://x/"], "these are 2 requests"),
        (["curl", "-F", "a=@none", "http://x/"], "none cannot be read"),
        (["curl", "ftp://x/"], "ftp is not a protocol of Postman"),
        (["-d", "1", "curl", "http://x/"], "put the option behind it"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_sent(sent, args, message):
    sent(*args, code=2)
    assert message.lower() in sent.done.err.lower()
    assert sent.done.out == ""


# -- into a collection --------------------------------------------------------------------------------------------------


def test_a_request_is_added_behind_the_others_and_nothing_else_changes(sent, server, collection, tmp_path):
    path = collection(item("One", "http://x/"))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"own": [1.50, "\u00e4"]}, indent="\t") + "\n")
    before = path.read_text()
    sent("--add-to", path, "--name", "New", "--json", '{"a": "{{v}}"}', server.url + "/x?q=1")
    after = json.loads(path.read_text())
    _, new = after["item"]
    assert new["name"] == "New"
    assert "id" not in new
    assert new["request"]["body"]["raw"] == '{"a": "{{v}}"}'
    assert new["request"]["url"]["query"] == [{"key": "q", "value": "1"}]
    after["item"].pop()
    assert json.dumps(after, indent="\t") + "\n" == before.replace("\\u00e4", "\\u00e4")
    assert sent.done.err.endswith("c.json written: New\n")


def test_the_collection_has_its_say_when_the_request_is_sent(sent, server, collection):
    script = {"listen": "prerequest", "script": {"exec": "pm.request.headers.add({key: 'X-Script', value: '1'})"}}
    auth = {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]}
    variables = [{"key": "base", "value": server.url}, {"key": "t", "value": "tok"}]
    path = collection(item("One", "http://x/"), auth=auth, variable=variables, event=[script])
    ((_, path_sent, headers, _),) = sent("--add-to", path, "{{base}}/x")
    assert (path_sent, headers["Authorization"], headers["X-Script"]) == ("/x", "Bearer tok", "1")
    assert "auth" not in json.loads(path.read_text())["item"][1]["request"]


def test_a_folder_that_is_missing_is_made(sent, server, collection):
    path = collection({"name": "There", "item": [item("One", "http://x/")]})
    sent("--add-to", path, "--folder", "There/New", server.url + "/text")
    (there,) = json.loads(path.read_text())["item"]
    assert [one["name"] for one in there["item"]] == ["One", "New"]
    assert [one["name"] for one in there["item"][1]["item"]] == ["GET /text"]


def test_names_stay_unique(sent, server, collection):
    path = collection(item("One", "http://x/"))
    for _ in range(2):
        sent("--add-to", path, server.url + "/text")
    assert [one["name"] for one in json.loads(path.read_text())["item"]] == ["One", "GET /text", "GET /text (2)"]
    sent("--add-to", path, "--name", "One", server.url, code=2)
    assert 'there is a request "One" already' in sent.done.err


def test_a_request_without_a_response_is_not_added(sent, collection):
    path = collection(item("One", "http://x/"))
    before = path.read_bytes()
    sent("--add-to", path, "http://127.0.0.1:1/", code=1)
    assert path.read_bytes() == before


def test_a_folder_of_yaml_gets_one_more_file(sent, postrunner, server, collection, tmp_path):
    assert postrunner("convert", collection(item("One", "http://x/")), "c").code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "c").rglob("*") if path.is_file()}
    sent("--add-to", "c", "--name", "New", f"curl -H 'X-A: 1' {server.url}/text")
    after = {path: path.read_bytes() for path in (tmp_path / "c").rglob("*") if path.is_file()}
    assert after.keys() - before.keys() == {tmp_path / "c" / "New.request.yaml"}
    assert {path: after[path] for path in before} == before


def test_a_secret_that_comes_into_a_collection_is_told(sent, server, collection):
    path = collection(item("One", "http://x/"))
    sent("--add-to", path, "--bearer", TOKEN, server.url)
    assert "c.json holds a secret now" in sent.done.err
    sent("--add-to", path, "--bearer", "{{t}}", "--env-var", f"t={TOKEN}", server.url)
    assert "holds" not in sent.done.err


def test_a_test_of_the_collection_that_fails_is_a_failure(sent, server, collection):
    script = {"listen": "test", "script": {"exec": "pm.test('is right', () => { throw new Error('no'); })"}}
    sent("--add-to", collection(item("One", "http://x/"), event=[script]), server.url, code=1)
    assert "is right" in sent.done.err
