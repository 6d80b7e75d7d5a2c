"""What a mock server answers, seen over HTTP."""

import http.client
import json
import re
import ssl

import click
import pytest

from runner.cli.commands.servers.mock import command
from runner.mock.wishes import Settings
from runner.options import RunOptions
from tests.mock.conftest import ask, example

NO_MATCH = {
    "error": {
        "name": "mockRequestNotFoundError",
        "message": "Double check your method and the request path and try again.",
        "header": "No matching requests",
    }
}


def test_an_example_is_answered_with_status_headers_and_body(mocked):
    header = [{"key": "X-A", "value": "1"}, {"key": "X-B", "value": "2", "disabled": True}]
    reply = mocked(example("GET /u -> 201", header=header, body="hé"))("GET /u")
    assert (reply.status, reply.headers["x-a"], "x-b" in reply.headers, reply.text) == (201, "1", False, "hé")


def test_a_call_that_no_example_fits_gets_the_error_of_postman(mocked):
    reply = mocked(example("GET /u"))("GET /v")
    assert (reply.status, reply.json) == (404, NO_MATCH)


def test_headers_about_the_connection_are_left_out(mocked):
    header = [{"key": name, "value": "gzip"} for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding")]
    reply = mocked(example("GET /u", header=header, body="x"))("GET /u")
    assert (reply.text, reply.headers["content-length"], "content-encoding" in reply.headers) == ("x", "1", False)


def test_the_date_of_an_example_is_the_only_one(mocked):
    reply = mocked(example("GET /u", header=[{"key": "date", "value": "then"}]))("GET /u")
    assert reply.headers["date"] == "then"


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("json", "1", "application/json"),
        ("html", "x", "text/html"),
        (None, '{"a":1}', "application/json"),
        ("text", "x", "text/plain; charset=utf-8"),
    ],
)
def test_without_a_content_type_the_language_of_the_example_tells_it(mocked, language, body, expected):
    reply = mocked(example("GET /u", _postman_previewlanguage=language, body=body))("GET /u")
    assert reply.headers["content-type"] == expected


def test_variables_have_the_values_of_the_environment_before_those_of_the_collection(mocked):
    header = [{"key": "X-{{a}}", "value": "{{b}}"}, {"key": "X-C", "value": "{{b}}"}]
    options = RunOptions(env_var=(("a", "environment"),))
    one = example("GET /u", header=header, body="{{a}} {{b}} {{c}}")
    reply = mocked(one, variables={"a": "x", "b": "y"}, options=options)("GET /u")
    assert (reply.text, reply.headers["x-c"]) == ("environment y {{c}}", "y")


def test_the_text_of_a_wildcard_may_be_used_in_the_body(mocked):
    send = mocked(example("GET /users/{{id}}/:pet", body="{{id}} has {{pet}}"))
    assert send("GET /users/7/a%20cat").text == "7 has a cat"


def test_a_path_variable_with_a_value_gives_the_text_of_the_call(mocked):
    send = mocked(example("GET /users/:id (id=1)", body="{{id}}"))
    assert (send("GET /users/1").text, send("GET /users/2").text) == ("1", "2")


def test_a_parameter_that_is_a_name_gives_the_text_of_the_call(mocked):
    assert mocked(example("GET /u?name={{who}}", body="{{who}}"))("GET /u?name=a%26b").text == "a&b"


def test_the_text_of_a_call_is_not_looked_through_for_variables(mocked):
    send = mocked(example("GET /users/{{id}}", body="{{id}}"), variables={"secret": "s3cret"})
    assert send("GET /users/%7B%7Bsecret%7D%7D").text == "{{secret}}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{$body}}", '{"a": {"b.c": [1, "x"]}, "n": 2, "t": true}'),
        ("{{$body 'a'}}", '{"b.c":[1,"x"]}'),
        (r"{{$body 'a.b\.c.1'}}", "x"),
        ("{{$body 'n'}}", "2"),
        ("{{$body 't'}}", "true"),
        ("{{$body 'missing'}}", "null"),
        ("{{$body 'missing' 'a default'}}", "a default"),
        ("{{$queryParams 'q'}}", "1"),
        ("{{$queryParams 'p' '5'}}", "5"),
        ("{{$pathSegments '0'}}/{{$pathSegments '1'}}", "u/7"),
        ("{{$pathSegments '9' 'none'}}", "none"),
        ("{{$headers 'X-Tier'}}", "gold"),
        ("{{$unknown}}", "{{$unknown}}"),
    ],
)
def test_parts_of_the_call_may_be_used_in_the_body(mocked, body, expected):
    send = mocked(example("POST /u/:id", body=body))
    assert send('POST /u/7?q=1 [x-tier: gold] <{"a": {"b.c": [1, "x"]}, "n": 2, "t": true}>').text == expected


def test_fields_of_a_form_may_be_used_in_the_body(mocked):
    send = mocked(example("POST /u", body="{{$body 'name'}}"))
    assert send("POST /u [content-type: application/x-www-form-urlencoded] <name=a+b>").text == "a b"


def test_dynamic_values_differ_from_call_to_call(mocked):
    send = mocked(example("GET /u", body="{{$guid}} {{$randomFirstName}} {{$timestamp}}"))
    first, second = send("GET /u").text, send("GET /u").text
    assert first != second
    assert re.fullmatch(r"[0-9a-f-]{36} \S+ \d+", first)


def test_with_a_seed_dynamic_values_repeat_after_a_reset(mocked):
    send = mocked(example("GET /u", body="{{$guid}} {{$randomFullName}}"), seed=1)
    first = send("GET /u").text
    assert send("POST /__postrunner/reset").json == {"success": True}
    assert send("GET /u").text == first


def test_a_line_break_in_a_value_makes_no_header(mocked):
    send = mocked(example("GET /u", header=[{"key": "X-A", "value": "{{a}}"}]), variables={"a": "1\r\nX-B: 2"})
    assert (send("GET /u").headers["x-a"], "x-b" in send("GET /u").headers) == ("1  X-B: 2", False)


def test_an_answer_can_be_held_back_by_its_call(mocked):
    assert mocked(example("GET /u", body="late"))("GET /u [x-mock-response-delay: 1]").text == "late"


def test_every_answer_may_be_held_back(mocked):
    send = mocked(example("GET /u", body="late"), settings=Settings(delay=1))
    assert send("GET /u").text == "late"


@pytest.mark.parametrize("delay", ["-1", "x", "", "99999999999999999999x"])
def test_a_delay_that_is_no_number_is_none(mocked, delay):
    assert mocked(example("GET /u"))(f"GET /u [x-mock-response-delay: {delay}]").status == 200


def test_a_browser_may_call_from_anywhere(mocked):
    send = mocked(example("GET /u"))
    asked = {"Origin": "http://a", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-a"}
    reply = send("OPTIONS /u", **asked)
    assert (reply.status, reply.headers["access-control-allow-methods"]) == (204, "PUT")
    assert reply.headers["access-control-allow-headers"] == "x-a"
    assert send("GET /u").headers["access-control-allow-origin"] == "*"
    assert send("GET /none").headers["access-control-allow-origin"] == "*"


def test_an_example_says_itself_who_may_call(mocked):
    header = [{"key": "access-control-allow-origin", "value": "http://a"}]
    assert mocked(example("GET /u", header=header))("GET /u").headers["access-control-allow-origin"] == "http://a"


def test_options_has_the_methods_of_a_path(mocked):
    send = mocked(example("GET /u/:id"), example("POST /u/:id"))
    assert send("OPTIONS /u/1").headers["allow"] == "GET, POST, OPTIONS"
    assert send("OPTIONS /other").status == 404


def test_an_example_of_options_answers_it(mocked):
    assert mocked(example("OPTIONS /u", body="mine"))("OPTIONS /u").text == "mine"


def test_what_is_no_example_is_left_out_and_told(mocked):
    send = mocked(example("GET /u"), example("GET /v", code="abc"), 5, example("GET /w -> 101"))
    assert send("GET /v").status == 404
    assert send.server.loaded.left_out == [
        "Request 2: example 1 has the status 'abc', which no answer can have",
        "Request 3: example 1 is not an object",
        "Request 4: example 1 has the status 101, which no answer can have",
    ]


def test_an_example_without_a_request_answers_that_of_its_item(mocked):
    one = example("GET /u", body="of the item")
    send = mocked(one)
    document = json.loads(send.path.read_text())
    del document["item"][0]["response"][0]["originalRequest"]
    send.path.write_text(json.dumps(document))
    send.server.reload()
    assert send("GET /u").text == "of the item"


def test_the_log_says_which_example_won_and_why_the_next_lost(mocked):
    said = []
    send = mocked(example("GET /u?token=a", name="A"), example("GET /u", name="B"), explain=True, say=said.append)
    send("GET /u?token=s3cret")
    assert said == [
        "GET /u?token=*** → 200 A (Request 1), score 100\n"
        "    won: A (Request 1), score 100: 100, same path, parameters +0 (1 with another value)\n"
        "    next: B (Request 2), score 99: 100, same path, parameters −1 (1 on one side only)\n"
        "    because 100 is more than 99"
    ]


def test_the_journal_says_which_example_answered(mocked):
    send = mocked(example("GET /u", name="A"))
    send("GET /u")
    assert send("GET /__postrunner/requests").json["requests"][0]["answer"] == "A (Request 1), score 100"


def test_a_fault_can_be_asked_for(mocked):
    reply = mocked(example("GET /u"))("GET /u [X-Mock-Fault: 500]")
    assert (reply.status, reply.json["error"]["name"]) == (500, "mockServerError")


def test_several_collections_are_served_together(mocked):
    first, second = mocked(example("GET /a", body="1")), mocked(example("GET /b", body="2"))
    from runner.mock.serving import MockServer

    with MockServer([str(first.path), str(second.path)], RunOptions()) as server:
        assert (ask(server.url, "GET /a").text, ask(server.url, "GET /b").text) == ("1", "2")


def test_https_is_served_with_a_certificate_that_clients_can_trust(mocked):
    server = mocked(example("GET /u", body="safe"), tls=True).server
    trusting = ssl.create_default_context(cadata=server.certificate)
    for host in ("localhost", "127.0.0.1"):
        connection = http.client.HTTPSConnection(host, server.server.port, context=trusting, timeout=20)
        connection.request("GET", "/u")
        assert connection.getresponse().read() == b"safe"
        connection.close()
    assert server.url.startswith("https://127.0.0.1:")
    assert "PRIVATE KEY" not in server.certificate


@pytest.mark.parametrize(("text", "delay"), [("2G", 300), ("3g", 100), ("7", 7)])
def test_a_delay_may_be_the_name_of_a_network(text, delay):
    assert command.make_context("mock", ["x.json", "--delay", text]).params["delay"] == delay


@pytest.mark.parametrize("text", ["4G", "-1", "180001", ""])
def test_any_other_name_is_no_delay(text):
    with pytest.raises(click.BadParameter):
        command.make_context("mock", ["x.json", "--delay", text])
