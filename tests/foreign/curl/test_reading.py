"""How curl command lines are read: what becomes a name, a variable, a note."""

import json

import pytest

from runner.errors import LoadError
from runner.foreign.curl.reading import read
from runner.foreign.imported import ImportOptions
from runner.formats.format import Given


def imported(text, path="calls.sh"):
    return read(Given(text, path), ImportOptions())


def only(text):
    (item,) = imported(text).collection["item"]
    return item


def notes(text):
    return [str(note) for note in imported(text).notes]


def variables(text):
    return {one["key"]: one["value"] for one in imported(text).collection.get("variable", [])}


def test_the_command_line_itself_may_be_the_source(postrunner):
    done = postrunner("import", "curl -X POST http://h/a -d b=c", "-o", "c.json")
    assert (done.code, done.out) == (0, "c.json written: 1 request\n")


def test_a_comment_above_a_command_is_its_name(postrunner):
    text = "# Create it\ncurl -X POST http://h/a\n\ncurl http://h/b  # not this\ncurl http://h/b\n"
    assert [item["name"] for item in imported(text).collection["item"]] == ["Create it", "GET /b", "GET /b (2)"]


def test_a_comment_that_an_empty_line_parts_from_a_command_is_no_name():
    assert only("# A script\n\ncurl http://h/a")["name"] == "GET /a"


def test_the_collection_is_named_after_its_file():
    assert imported("curl http://h/", "docs/calls.sh").collection["info"]["name"] == "calls"
    assert imported("curl http://h/", "-").collection["info"]["name"] == "curl"


def test_variables_without_a_value_stay_variables():
    item = only('curl "$BASE/users/${ID}?x=$Q" -H "Authorization: Bearer $TOKEN"')
    assert item["request"]["url"]["raw"] == "{{BASE}}/users/{{ID}}?x={{Q}}"
    assert item["request"]["header"][0]["value"] == "Bearer {{TOKEN}}"


def test_a_change_of_a_variable_without_a_value_is_a_variable_to_be_set():
    text = 'curl "http://h/${ID%.txt}"'
    assert only(text)["request"]["url"]["raw"] == "http://h/{{ID}}"
    assert any("${ID%.txt}" in note for note in notes(text))
    assert only('ID=a.txt\ncurl "http://h/${ID%.txt}"')["request"]["url"]["raw"] == "http://h/a"


@pytest.mark.parametrize(
    ("part", "type"), [("<b.html", "text/html"), ("<b.html;filename=c.xml", "application/xml"), ("<b.txt", None)]
)
def test_the_type_of_a_content_is_that_of_its_name_then_that_of_its_file(tmp_path, monkeypatch, part, type):
    monkeypatch.chdir(tmp_path)
    (tmp_path / part[1:].partition(";")[0]).write_text("content")
    (row,) = only(f"curl http://h/ -F 'a={part}'")["request"]["body"]["formdata"]
    assert row.get("contentType") == type


def test_assigned_variables_become_those_of_the_collection():
    text = 'HOST=h:81\nexport URL="http://$HOST"\ncurl "$URL/a"'
    assert variables(text) == {"HOST": "h:81", "URL": "http://{{HOST}}"}
    assert variables("A=1\ncurl http://h/") == {}


def test_a_variable_that_changes_is_replaced_by_its_values():
    items = imported("I=1\ncurl http://h/$I\nI=2\ncurl http://h/$I").collection["item"]
    assert [item["request"]["url"]["raw"] for item in items] == ["http://h/1", "http://h/2"]


def test_a_default_of_a_variable_is_its_value():
    assert variables("curl http://h/${A:-b}") == {"A": "b"}


def test_an_answer_that_is_put_into_a_variable_becomes_a_script():
    text = 'TOKEN=$(curl -s http://h/login -d a=b | jq -r .data.token)\ncurl http://h/ -H "X: $TOKEN"'
    login, use = imported(text).collection["item"]
    assert login["event"][0]["script"]["exec"] == ['pm.collectionVariables.set("TOKEN", pm.response.json().data.token);']
    assert use["request"]["header"] == [{"key": "X", "value": "{{TOKEN}}"}]
    assert variables(text) == {}


def test_what_only_a_shell_computes_is_a_variable_and_a_note():
    text = 'NOW=$(date +%s)\ncurl "http://h/?t=$NOW"'
    assert notes(text) == ["calls.sh:1: $(date +%s) is not computed: set the variable NOW"]
    assert only(text)["request"]["url"]["raw"] == "http://h/?t={{NOW}}"


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ("--cacert ca.pem", "--cacert is not kept: give the run --ssl-extra-ca-certs FILE"),
        ("-x http://user:secret@proxy:1", "--proxy is not kept: give the run --proxy URL"),
        ("--resolve a:1:b", "--resolve is not kept"),
        ("--http3", "--http3 is not kept"),
        ("-X patch", "the method is sent as PATCH"),
        ("--data-binary a -d @none.txt", "none.txt cannot be read"),
        ("-d @none.txt", "curl leaves out the line ends of none.txt, this request does not"),
        ("-H 'A b: c'", "Postman sends no header with the name 'A b'"),
        ("-H 'A: 1' -H 'a: 2'", "the header a gets the case of the one before it"),
        ("-d a -H 'A: 日'", "Postman sends no header with characters beyond Latin-1 with a text body"),
        ("--anyauth -u a:b", "curl lets the server choose how to log in; here it is Digest"),
        ("--request-target '*'", "--request-target is kept only if it is a path"),
    ],
)
def test_what_a_request_cannot_hold_is_a_note(options, note, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = imported(f"\ncurl http://h/ {options}").notes
    assert note in [one.message for one in found]
    assert {(one.line, one.item) for one in found} == {
        (2, imported(f"curl http://h/ {options}").collection["item"][0]["name"])
    }


def test_noise_is_no_note():
    assert notes("curl -sSLv -o x -w y --compressed -N -f --tlsv1.2 --http1.1 --limit-rate 1M http://h/") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("curl --request=POST http://h/", "line 1: curl has no option --request=POST"),
        ("curl -W http://h/", "curl has no option -W"),
        ("curl http://h/ -X", "-X needs a value"),
        ("curl -d a", "there is no URL"),
        ("curl -d a -F b=c http://h/", "the options ask for two methods"),
        ("curl 'http://h/a b'", "the URL has a blank"),
        ("curl 'http://h:x/'", "the URL has a port that is none"),
        ("curl 'http://h/{a'", "the URL has a { that is never closed"),
        ("curl ftp://h/a", "ftp is not a protocol of Postman"),
        ("curl -F a http://h/", "--form is NAME=CONTENT"),
        ("wget http://h/", "there is no curl command in it"),
        ("curl 'http://h/", "calls.sh:1: the quote ' is never closed"),
        ("\ncurl \"http://h/", "calls.sh:2: the quote \" is never closed"),
        ("curl http://h/$(date", "the bracket ( is never closed"),
    ],
)  # fmt: skip
def test_what_curl_refuses_is_an_error(text, message):
    with pytest.raises(LoadError) as error:
        imported(text)
    assert message in str(error.value)


def test_one_refused_command_of_several_is_a_note():
    assert notes("curl -W http://h/\ncurl http://h/") == ["calls.sh:1: the command is left out: curl has no option -W"]


def test_one_refused_url_of_several_is_a_note():
    assert notes("curl http://h:x/ http://h/") == ["calls.sh:1: a URL is left out: the URL has a port that is none"]


def test_only_so_many_urls_are_made_of_a_pattern():
    found = imported("curl 'http://h/[1-2000]'")
    assert len(found.collection["item"]) == 1000
    assert "the first 1000 are here" in str(found.notes[0])


def test_code_blocks_of_markdown_are_read_and_the_text_around_them_is_not():
    text = "It's a `page`:\n```bash\n$ curl http://h/a\n{\"it's\": 1}\n```\nDon't.\n```\ncurl http://h/b\n```\n"
    assert [item["name"] for item in imported(text).collection["item"]] == ["GET /a", "GET /b"]


CMD = r'''curl ^"http://h/a?x=1^&y=^%^20^" ^
  -H ^"accept: */*^" ^
  -X ^"POST^" ^
  --data-raw ^"^{^\^"a^\^":^\^"b ^& c^\^",^\^"d^\^":^\^"e^\^\^\^"f^\^"^}^

second^"'''


def test_what_a_browser_copies_for_cmd_is_read():
    request = only(CMD)["request"]
    assert request["url"]["raw"] == "http://h/a?x=1&y=%20"
    assert (request["method"], request["header"][0]) == ("POST", {"key": "accept", "value": "*/*"})
    assert request["body"]["raw"] == '{"a":"b & c","d":"e\\"f"}\nsecond'


def test_a_line_of_cmd_with_plain_quotes_and_variables_is_read():
    text = 'C:\\Users\\me>curl.exe -H "A: %TOKEN%" ^\r\n  -d "{\\"a\\": \\"b c\\"}" "http://h/a?x=1&y=2"\r\n'
    request = only(text)["request"]
    assert request["header"][0] == {"key": "A", "value": "{{TOKEN}}"}
    assert request["body"]["raw"] == '{"a": "b c"}'
    assert request["url"]["raw"] == "http://h/a?x=1&y=2"


def test_secrets_of_a_command_are_in_no_message(postrunner):
    done = postrunner("import", "curl -x http://u:geheim@p:1 -u a:geheim --pass geheim http://h/ -X", "-o", "c.json")
    assert "geheim" not in done.err + done.out


def test_the_shape_of_a_json_request():
    request = only("curl http://h/a -H 'Content-Type: application/json' -d '{\"a\": 1}'")["request"]
    assert json.loads(json.dumps(request["body"])) == {
        "mode": "raw",
        "raw": '{"a": 1}',
        "options": {"raw": {"language": "json"}},
    }


def test_a_form_of_fields_is_shown_as_such_if_that_sends_the_same():
    assert only("curl http://h/a -d a=b%20c")["request"]["body"]["urlencoded"] == [{"key": "a", "value": "b c"}]
    assert only("curl http://h/a -d 'a=b c'")["request"]["body"]["mode"] == "raw"


def test_a_script_that_doubles_a_value_again_and_again_is_read_at_once():
    text = "V=a\n" + "V=$V$V\n" * 300 + "for i in {1..900}; do V=$V$V; done\ncurl http://x/$V"
    assert len(imported(text).collection["item"]) == 1


def test_loops_within_loops_have_an_end():
    text = "for a in {1..999}; do for b in {1..999}; do curl http://x/$a/$b; done; done"
    assert len(imported(text).collection["item"]) < 1100
