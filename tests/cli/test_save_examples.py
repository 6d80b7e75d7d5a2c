"""`--save-examples`: responses become saved examples of the exported collection."""

import json
from pathlib import Path

import pytest

from runner.standins.postman.schema import collection_problems
from tests.cli.conftest import item

SECRET = "Zx9-Hidden-Kq77-value"
OUT = ("--export-collection", "out.json", "--save-examples")


@pytest.fixture
def saved(postrunner, collection, tmp_path):
    """Run items with `--save-examples MODE`; the examples of each item by its name."""

    def run(*items, mode="new", flags=(), path=None):
        done = postrunner("run", path or collection(*items), *OUT, mode, *flags)
        run.done, run.shown = done, " ".join(done.out.split())
        return {one["name"]: one.get("response", []) for one in json.loads((tmp_path / "out.json").read_text())["item"]}

    return run


def names(examples):
    return [one["name"] for one in examples]


def test_a_response_becomes_an_example_in_the_form_of_the_app(saved, server):
    server.texts["/users?a=1"] = b'{"id": 7}'
    (example,) = saved(item("List", server.url + "/users?a=1"))["List"]
    assert list(example) == [
        *("name", "originalRequest", "status", "code", "_postman_previewlanguage", "header", "cookie", "body")
    ]
    assert (example["name"], example["status"], example["code"], example["body"]) == ("200 OK", "OK", 200, '{"id": 7}')
    assert example["_postman_previewlanguage"] == "json"
    assert example["cookie"] == []


def test_the_request_of_an_example_keeps_its_variables(saved, server):
    request = {
        "method": "POST",
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]},
        "header": [{"key": "X-Token", "value": "{{t}}"}, {"key": "Off", "value": "1", "disabled": True}],
        "body": {"mode": "raw", "raw": '{"password": "{{t}}"}', "options": {"raw": {"language": "json"}}},
        "url": {"raw": "{{base}}/text?token={{t}}", "host": ["{{base}}"], "query": [{"key": "token", "value": "{{t}}"}]},
        "description": "Not part of it",
    }  # fmt: skip
    flags = ("--env-var", f"base={server.url}", "--env-var", f"t={SECRET}")
    (example,) = saved({"name": "One", "request": request}, flags=flags)["One"]
    assert example["originalRequest"] == {key: request[key] for key in ("method", "header", "body", "url")}


def test_a_url_that_is_a_text_becomes_its_parts(saved, server):
    (example,) = saved(item("One", "{{base}}/text?x=1"), flags=("--env-var", f"base={server.url}"))["One"]
    parts = {"host": ["{{base}}"], "path": ["text"], "query": [{"key": "x", "value": "1"}]}
    assert example["originalRequest"]["url"] == {"raw": "{{base}}/text?x=1", **parts}


def test_headers_that_differ_each_time_are_left_out(saved, server):
    (example,) = saved(item("One", server.url + "/text"))["One"]
    assert {header["key"] for header in example["header"]}.isdisjoint({"Date", "Content-Length", "Connection"})
    assert {"key": "Content-Type", "value": "text/plain"} in example["header"]


# -- secrets ------------------------------------------------------------------------------------------------------------


def test_secrets_are_masked_in_bodies_and_literal_in_the_request(saved, server, tmp_path):
    server.texts["/login"] = json.dumps({"access_token": SECRET, "user": "ann"}).encode()
    server.texts["/me"] = f'{{"link": "/x?y={SECRET}"}}'.encode()
    header = [{"key": "Authorization", "value": "Bearer literal-secret-1"}]
    login = {"name": "Login", "request": {"method": "GET", "header": header, "url": server.url + "/login"}}
    examples = saved(item("Me", server.url + "/me"), login)
    assert SECRET not in (tmp_path / "out.json").read_text()
    (example,) = examples["Login"]
    assert json.loads(example["body"]) == {"access_token": "••••", "user": "ann"}
    assert example["originalRequest"]["header"][0]["value"] == "Bearer ••••"
    # It became known only after this response: masked all the same.
    assert examples["Me"][0]["body"] == '{"link": "/x?y=••••"}'


@pytest.mark.parametrize(("flag", "shown"), [("--show-secrets", False), ("--export-secrets", True)])
def test_only_the_option_for_exports_writes_secrets(saved, server, flag, shown):
    server.texts["/login"] = json.dumps({"access_token": SECRET}).encode()
    (example,) = saved(item("Login", server.url + "/login"), flags=(flag,))["Login"]
    assert (SECRET in example["body"]) is shown


# -- sizes and kinds of bodies ------------------------------------------------------------------------------------------


def test_a_long_body_is_cut_and_the_name_says_so(saved, server):
    server.texts["/long"] = b"x" * 150_000
    server.texts["/just"] = b"x" * 100_000
    examples = saved(item("Long", server.url + "/long"), item("Just", server.url + "/just"))
    assert [(one["name"], len(one["body"])) for one in examples["Long"]] == [("200 OK (first 100 kB)", 100_000)]
    assert [(one["name"], len(one["body"])) for one in examples["Just"]] == [("200 OK", 100_000)]


def test_a_secret_that_a_cut_would_divide_is_masked(saved, server):
    server.texts["/long"] = b"x" * 99_990 + SECRET.encode() + b"y" * 200_000
    (example,) = saved(item("Long", server.url + "/long"), flags=("--env-var", f"token={SECRET}", "--secret", "token"))[
        "Long"
    ]
    assert SECRET[:8] not in example["body"]


def test_a_binary_body_leaves_an_example_without_one(saved, server):
    server.texts["/picture"] = b"\x89PNG\0\xff\xfe"
    assert [one["body"] for one in saved(item("P", server.url + "/picture"))["P"]] == [""]


# -- several responses --------------------------------------------------------------------------------------------------


def test_different_responses_to_one_request_have_different_names(saved, server):
    examples = saved(item("One", server.url + "/counted"), flags=("-n", "3"))["One"]
    assert names(examples) == ["200 OK", "200 OK (2)", "200 OK (3)"]


def test_equal_responses_are_one_example(saved, server):
    server.texts["/same"] = b"same"
    assert names(saved(item("One", server.url + "/same"), flags=("-n", "12"))["One"]) == ["200 OK"]
    assert "examples saved" not in saved.shown


def test_a_run_of_many_iterations_leaves_ten_examples_and_says_so(saved, server):
    assert len(saved(item("One", server.url + "/counted"), flags=("-n", "12"))["One"]) == 10
    assert '10 examples saved of each: "One" had more different responses' in saved.shown


def test_of_several_attempts_the_last_one_counts(saved, server):
    script = 'const n = pm.response.json().id; pm.test("third", () => pm.expect(n).to.be.above(2))'
    examples = saved(
        item("One", server.url + "/counted", script),
        flags=("--retries", "3", "--retry-on", "assertion", "--retry-delay", "1"),
    )
    assert [json.loads(one["body"])["id"] for one in examples["One"]] == [3]


def test_a_response_that_failed_its_tests_is_no_example(saved, server):
    bad = item("Bad", server.url + "/text", 'pm.test("no", () => pm.expect(1).to.eql(2))')
    assert saved(bad, item("Error", server.url + "/status/404"))["Bad"] == []
    assert 'no example saved: "Bad" failed' in saved.shown


def test_a_status_of_an_error_is_an_example_like_others(saved, server):
    assert names(saved(item("Error", server.url + "/status/404"))["Error"]) == ["404 Not Found"]


def test_a_request_that_was_not_answered_gets_none(saved, server):
    assert saved(item("Nobody", "http://127.0.0.1:1/"), item("One", server.url + "/text"))["Nobody"] == []


def test_folders_and_parallel_iterations_are_no_obstacle(saved, server):
    server.texts["/same"] = b"same"
    inner = {"name": "Outer", "item": [{"name": "Inner", "item": [item("One", server.url + "/same")]}]}
    saved(inner, flags=("--parallel", "iterations", "--jobs", "2", "-n", "4"))
    written = json.loads(Path("out.json").read_text())
    assert names(written["item"][0]["item"][0]["item"][0]["response"]) == ["200 OK"]


# -- modes --------------------------------------------------------------------------------------------------------------

OLD = {"id": "a-1", "name": "All fine", "status": "OK", "code": 200, "header": [], "body": "old"}
GONE = {"name": "Gone", "status": "Gone", "code": 410, "header": [], "body": "gone"}


@pytest.fixture
def known(server):
    """A request with two examples."""
    server.texts["/same"] = b"new"
    return {**item("One", server.url + "/same"), "response": [OLD, GONE]}


def test_new_keeps_what_is_there(saved, known):
    examples = saved(known)["One"]
    assert examples[:2] == [OLD, GONE]
    assert [(one["name"], one["body"]) for one in examples[2:]] == [("200 OK", "new")]


def test_a_second_run_adds_nothing_that_is_there(saved, known, tmp_path):
    once = saved(known)
    again = (tmp_path / "out.json").rename(tmp_path / "again.json")
    assert saved(path=again) == once


def test_replace_takes_the_place_name_and_id_of_the_same_status_only(saved, known):
    first, second = saved(known, mode="replace")["One"]
    assert (first["id"], first["name"], first["body"], second) == ("a-1", "All fine", "new", GONE)


def test_replace_removes_old_examples_of_the_status_that_are_too_many(saved, known):
    known["response"] = [OLD, {**OLD, "id": "a-2", "name": "Fine, too"}, GONE]
    assert names(saved(known, mode="replace")["One"]) == ["All fine", "Gone"]


def test_missing_fills_in_only_what_has_no_example_of_its_status(saved, known, server):
    examples = saved(known, item("Two", server.url + "/same"), mode="missing")
    assert (examples["One"], names(examples["Two"])) == ([OLD, GONE], ["200 OK"])


def test_an_export_in_which_nothing_is_new_is_the_same_file(postrunner, collection, server, tmp_path):
    server.texts["/same"] = b"new"
    path = collection(item("One", server.url + "/same"))
    postrunner("run", path, "--export-collection", path.name, "--save-examples")
    once = path.read_bytes()
    for mode in ("new", "replace", "missing"):
        assert postrunner("run", path, "--export-collection", path.name, f"--save-examples={mode}").code == 0
        assert path.read_bytes() == once


# -- the option ---------------------------------------------------------------------------------------------------------


def test_the_option_may_stand_without_a_value_and_before_the_collection(postrunner, collection, server, tmp_path):
    path = collection(item("One", server.url + "/text"))
    assert postrunner("run", "--export-collection", "out.json", "--save-examples", path).code == 0
    assert names(json.loads((tmp_path / "out.json").read_text())["item"][0]["response"]) == ["200 OK"]


def test_what_is_written_is_a_collection_that_postman_takes(postrunner, collection, server, tmp_path):
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    form = {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1"}]}
    items = item("One", server.url + "/text"), item("Two", server.url + "/x?y", method="POST", header=["A: 1"], body=form)
    path = collection(*items, info={"name": "c", "schema": schema})
    assert postrunner("run", path, *OUT).code == 0
    assert collection_problems(json.loads((tmp_path / "out.json").read_text())) == []


def test_without_an_exported_collection_it_is_a_mistake(postrunner, collection, server):
    done = postrunner("run", collection(item("One", server.url + "/text")), "--save-examples")
    assert done.code == 2
    assert "--save-examples: examples are saved in the exported collection" in done.err
    assert server.seen == []


def test_another_mode_is_a_mistake(postrunner, collection, server):
    done = postrunner("run", collection(item("One", server.url)), *OUT[:2], "--save-examples=all")
    assert (done.code, "is none of new, replace, missing" in done.err) == (2, True)


def test_several_collections_get_their_own_examples(postrunner, collection, server, tmp_path):
    paths = [collection(item("One", server.url + "/text"), name=name) for name in ("a", "b")]
    assert postrunner("run", *paths, "--export-collection", "out/", "--save-examples").code == 0
    for written in (tmp_path / "out").iterdir():
        assert names(json.loads(written.read_text())["item"][0]["response"]) == ["200 OK"]
