"""Every mistake of a user is one clear message, the right exit code, no traceback, nothing lost."""

import json

import pytest

from tests.cli.conftest import item, report

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def refused(done, *texts):
    """Assert an end with code 2 and one message that has all the texts."""
    assert done.code == 2
    assert "Traceback" not in done.out + done.err
    for text in texts:
        assert text in done.err


def test_no_command_prints_help(postrunner):
    done = postrunner()
    assert done.code == 2
    assert "Usage: postrunner" in done.out + done.err


def test_a_missing_collection(postrunner):
    refused(postrunner("run", "nowhere.json"), "nowhere.json")


def test_a_folder_instead_of_a_file(postrunner, tmp_path):
    refused(postrunner("run", tmp_path), str(tmp_path))


def test_json_that_cannot_be_parsed_names_line_and_column(postrunner, tmp_path):
    (tmp_path / "c.json").write_text('{"info": {"name": "x"},\n "item": [1,,]}')
    refused(postrunner("run", "c.json"), "c.json", "2:13")


def test_a_document_that_is_no_collection(postrunner, tmp_path):
    (tmp_path / "c.json").write_text('{"openapi": "3.0.0", "paths": {}}')
    refused(postrunner("run", "c.json"), "OpenAPI")


def test_an_environment_given_as_collection(postrunner, tmp_path):
    (tmp_path / "c.json").write_text('{"name": "e", "values": []}')
    refused(postrunner("run", "c.json"), "environment")


def test_an_ill_formed_collection_names_the_json_path(postrunner, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "x", "schema": SCHEMA}, "item": [{"item": 5}]}))
    refused(postrunner("run", "c.json"), "item[0].item")


def test_a_missing_environment(postrunner, collection):
    refused(postrunner("run", collection(), "-e", "gone.json"), "gone.json")


def test_a_data_file_with_broken_json(postrunner, collection, tmp_path):
    (tmp_path / "rows.json").write_text('[{"a": 1},')
    refused(postrunner("run", collection(), "-d", "rows.json"), "rows.json")


@pytest.mark.parametrize(
    "args",
    [
        ("-n", "0"),
        ("-n", "x"),
        ("--color", "pink"),
        ("--timeout", "-1"),
        ("--timeout-script", "soon"),
        ("--bail", "never"),
        ("--unknown-option",),
        ("-r", "nope"),
        ("-r", ","),
    ],
    ids=" ".join,
)
def test_bad_option_values(postrunner, collection, args):
    refused(postrunner("run", collection(), *args), args[-1] if args != ("-r", ",") else "--reporters")


def test_an_unknown_command(postrunner):
    refused(postrunner("walk"), "walk")


def test_an_unknown_folder(postrunner, collection):
    refused(postrunner("run", collection(item("a", "http://h/")), "--folder", "b"), '"b"', "'a'")


def failing(postrunner, collection, tmp_path, *items, options=()):
    """Run items that must fail; the run part of the report and what was printed."""
    done = postrunner("run", collection(*items), "-r", "cli,json", "--reporter-json-export", tmp_path / "r.json", *options)
    assert done.code == 1
    assert "Traceback" not in done.out + done.err
    return report(tmp_path / "r.json"), done.out


def test_a_refused_connection(postrunner, collection, tmp_path):
    run, out = failing(postrunner, collection, tmp_path, item("a", "http://127.0.0.1:1/"))
    assert "connect ECONNREFUSED 127.0.0.1:1" in out
    assert run["failures"][0]["at"] == "request"


def test_a_host_that_does_not_exist(postrunner, collection, tmp_path):
    _, out = failing(postrunner, collection, tmp_path, item("a", "http://no-such-host.invalid/"))
    assert "getaddrinfo" in out
    assert "no-such-host.invalid" in out


def test_an_empty_url(postrunner, collection, tmp_path):
    _, out = failing(postrunner, collection, tmp_path, item("a", ""))
    assert "request url is empty" in out


def test_a_syntax_error_names_item_line_and_column(postrunner, collection, server, tmp_path):
    run, out = failing(postrunner, collection, tmp_path, item("broken", server.url, "let a = 1;\nlet b = ;"))
    assert "SyntaxError" in out
    assert ":2:9" in out
    assert run["failures"][0]["source"]["name"] == "broken"


def test_a_script_that_throws(postrunner, collection, server, tmp_path):
    run, out = failing(postrunner, collection, tmp_path, item("a", server.url, "\nlet x = {};\nx.foo.bar()"))
    assert "Cannot read properties of undefined (reading 'bar')" in out
    assert run["executions"][0]["testScript"][0]["error"]["name"] == "TypeError"


AFTER = 'pm.test("the next script works", () => pm.expect(pm.environment.get("kept")).to.eql("yes"))'


@pytest.mark.parametrize("script", ["while (true) {}", "(async () => { while (true) await null })()"])
def test_a_script_that_loops_for_ever_is_killed_and_the_run_goes_on(postrunner, collection, server, tmp_path, script):
    keep = 'pm.environment.set("kept", "yes")'
    items = [item("keep", server.url, keep), item("loop", server.url, script), item("after", server.url, AFTER)]
    run, _ = failing(postrunner, collection, tmp_path, *items, options=("--timeout-script", 300))
    assert [f["source"]["name"] for f in run["failures"]] == ["loop"]
    assert run["executions"][2]["assertions"][0]["assertion"] == "the next script works"


def test_a_script_that_eats_memory_is_killed_and_the_run_goes_on(postrunner, collection, server, tmp_path):
    bomb = item("bomb", server.url, "const a = []; while (true) a.push(new Array(1e5).fill(1.1))")
    keep = item("keep", server.url, 'pm.environment.set("kept", "yes")')
    run, _ = failing(postrunner, collection, tmp_path, keep, bomb, item("after", server.url, AFTER))
    assert [f["source"]["name"] for f in run["failures"]] == ["bomb"]


def test_a_response_that_is_no_json(postrunner, collection, server, tmp_path):
    text = 'pm.test("json", () => pm.response.json())'
    _, out = failing(postrunner, collection, tmp_path, item("a", server.url + "/text", text))
    assert "JSONError" in out


def test_an_export_that_cannot_be_written_is_told_and_fails(postrunner, collection, server, tmp_path):
    (tmp_path / "file").write_text("x")
    done = postrunner("run", collection(item("a", server.url)), "--export-environment", tmp_path / "file" / "e.json")
    assert done.code == 1
    assert "e.json" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "flag", ["--timeout", "--timeout-request", "--timeout-total", "--timeout-script", "--delay-request"]
)
@pytest.mark.parametrize(
    "value",
    [
        "2147483648",
        str(2**63),
        "9" * 400,
        "1" * 5000,
        "-1",
        "1.5",
        "1e3",
        "1e400",
        "nan",
        "inf",
        "٣",
        "²",
        "1_000",
        "0x10",
        "+1",
        "",
    ],
)
def test_a_time_that_is_no_whole_number_of_milliseconds_is_one_line_with_its_option(postrunner, collection, flag, value):
    done = postrunner("run", collection(), f"{flag}={value}")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert line.startswith(f"error: {flag}: ")
    assert line.endswith(" is not a whole number from 0 to 2147483647")


@pytest.mark.parametrize("flag", ["-n", "--max-requests", "--max-response-size", "--script-memory"])
@pytest.mark.parametrize("value", ["0", str(2**53), "9" * 400, "1" * 5000, "-1", "1.5", "nan", "inf", "٣", "1_000", ""])
def test_a_count_or_size_that_is_none_is_one_error_with_its_option(postrunner, collection, flag, value):
    done = postrunner("run", collection(), f"{flag}={value}")
    assert done.code == 2
    first, *hints = done.err.splitlines()
    assert first.startswith("error: --")
    assert all(line.startswith("  hint: ") for line in hints)


def test_a_seed_may_be_bytes_of_any_encoding(postrunner, collection):
    first, second = (postrunner("run", collection(), "--seed", "\udcff") for _ in range(2))
    assert (first.code, second.code) == (0, 0)
    assert "error" not in first.err
