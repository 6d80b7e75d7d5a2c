"""`--save-body` and `--save-body-pages`: bodies of responses in files of their own."""

import gzip
import json
import os
import stat

import httpx
import pytest

import runner
from runner.cancel import Cancel
from runner.errors import UsageError
from runner.logs import Markers, harmless_bytes
from runner.outputs.body import write_body
from runner.standins import start
from tests.cli.conftest import item

AGAIN = "if (pm.response.json().next) pm.execution.setNextRequest(pm.info.requestName);"
LOOP = "n = pm.variables.get('n') || 0; pm.variables.set('n', n + 1);"
BYTES = bytes(range(256)) * 3


@pytest.fixture
def answers(tmp_path, monkeypatch, collection):
    """Run requests with options, each answered with the next of these responses; gives result and files."""
    monkeypatch.chdir(tmp_path)

    def run(responses, *items, **options):
        left = iter(responses)

        def answer(request):
            code, body = next(left)
            if isinstance(body, Exception):
                raise body
            return httpx.Response(code, content=body)

        given = collection(*items or [item("One", "http://x/")])
        result = runner.run(given, transport=httpx.MockTransport(answer), **options)
        left_there = sorted(path for path in tmp_path.rglob("*") if path.is_file() and path != given)
        return result, {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in left_there}

    return run


def pages(*bodies):
    return [(200, body.encode() if isinstance(body, str) else body) for body in bodies]


def problems(result):
    return [str(one) for one in result.problems]


# -- one body, one file -------------------------------------------------------------------------------------------------


def test_the_bytes_are_those_that_came(answers):
    result, files = answers([(200, BYTES)], save_body={"One": "out.bin"})
    assert (result.failed, files) == (False, {"out.bin": BYTES})


def test_the_body_is_what_was_compressed(tmp_path, monkeypatch, collection):
    monkeypatch.chdir(tmp_path)
    headers = {"Content-Encoding": "gzip"}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, headers=headers, content=gzip.compress(BYTES)))
    runner.run(collection(item("One", "http://x/")), transport=transport, save_body={"One": "out"})
    assert (tmp_path / "out").read_bytes() == BYTES


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_file_is_for_its_owner_only(answers, tmp_path):
    answers([(200, b"1")], save_body={"One": "new/out"})
    assert stat.S_IMODE((tmp_path / "new/out").stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_that_is_there_keeps_its_permissions(answers, tmp_path):
    (tmp_path / "out").write_text("old")
    (tmp_path / "out").chmod(0o640)
    answers([(200, b"new")], save_body={"One": "out"})
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o640


def test_an_empty_body_is_an_empty_file(answers):
    assert answers([(204, b"")], save_body={"One": "out"})[1] == {"out": b""}


def test_the_status_and_the_tests_do_not_matter(answers):
    failing = item("One", "http://x/", test="pm.test('no', () => { throw 1; })")
    result, files = answers([(500, b"oops")], failing, save_body={"One": "out"})
    assert result.failed
    assert files == {"out": b"oops"}


def test_secrets_in_a_body_stay(answers):
    _, files = answers([(200, b'{"access_token": "hidden-value-77"}')], save_body={"One": "out"})
    assert files == {"out": b'{"access_token": "hidden-value-77"}'}


def test_one_request_may_have_several_files(answers):
    body = b"[1]"
    _, files = answers([(200, body)], save_body=[("One", "a"), ("One", "b")], save_body_pages={"One": "c"})
    assert files == {"a": body, "b": body, "c": b"[\n1\n]\n"}


# -- which request ------------------------------------------------------------------------------------------------------

FOLDER = {"name": "Folder", "item": [item("A=B", "http://x/"), {**item("Two", "http://x/"), "id": "id-2"}]}


@pytest.mark.parametrize("name", ["Two", "Folder/Two", "/Folder/Two", "id-2"])
def test_a_request_is_named_by_name_path_or_id(answers, name):
    assert answers([(200, b"1"), (200, b"2")], FOLDER, save_body={name: "out"})[1] == {"out": b"2"}


def test_a_name_and_a_file_may_hold_an_equals_sign(answers):
    given = answers([(200, b"1"), (200, b"2")], FOLDER, save_body=["Folder/A=B=day=1/out"])
    assert given[1] == {"day=1/out": b"1"}


def test_of_equal_names_only_a_path_tells_which(answers):
    folders = [{"name": name, "item": [item("Same", "http://x/")]} for name in ("One", "Two")]
    with pytest.raises(UsageError, match="names 2 requests: 'One/Same', 'Two/Same'"):
        answers([], *folders, save_body={"Same": "out"})
    assert answers(pages("1", "2"), *folders, save_body={"Two/Same": "out"})[1] == {"out": b"2"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("Nope=out", 'there is no request named "Nope"'),
        ("Folder=out", '"Folder" is a folder, which has no body'),
        ("One=", 'no file is named for "One"'),
        ("One=there/", "'there/' is a folder"),
        ("One", "is not KEY=VALUE"),
    ],
)
@pytest.mark.parametrize("option", ["--save-body", "--save-body-pages"])
def test_a_mistake_is_told_before_anything_is_sent(postrunner, collection, server, option, given, message):
    inner = {"name": "Folder", "item": [item("Two", server.url)]}
    done = postrunner("run", collection(item("One", server.url), inner), option, given)
    assert done.code == 2
    assert message in done.err
    assert not server.seen


def test_two_outputs_with_one_file_are_a_mistake(postrunner, collection, server):
    done = postrunner("run", collection(item("One", server.url)), "--save-body", "One=o", "--export-collection", "o")
    assert done.code == 2
    assert "name the same file" in done.err
    assert not server.seen


@pytest.mark.parametrize("name", ["One", "Two"])
def test_a_request_without_a_response_is_a_failure(answers, name):
    result, files = answers([(200, OSError("gone"))], *map(at, ("One", "Two")), folder="One", save_body={name: "out"})
    why = {"One": "got no response", "Two": "was not run"}[name]
    assert problems(result) == [f'out: not written: "{name}" {why}']
    assert not files
    assert result.exit_code() == 1


def at(name):
    return item(name, "http://x/")


def test_the_old_file_stays_when_nothing_came(answers, tmp_path):
    (tmp_path / "out").write_text("old")
    assert answers([(200, OSError("gone"))], save_body={"One": "out"})[1] == {"out": b"old"}


def test_a_shard_need_not_have_the_request(answers):
    result, files = answers(pages("1"), at("One"), at("Two"), shard="2/2", save_body={"Two": "out"})
    assert not problems(result)
    assert not files


def test_a_folder_of_yaml_is_no_different(postrunner, collection, server, tmp_path):
    assert postrunner("convert", collection(item("One", server.url + "/text")), "c").code == 0
    assert postrunner("run", "c", "--save-body", "One=out").code == 0
    assert (tmp_path / "out").read_bytes() == b"no json"


# -- several bodies -----------------------------------------------------------------------------------------------------


def test_further_bodies_get_a_number(answers):
    _, files = answers(
        pages('{"next": 1}', '{"next": 1}', "{}"), item("One", "http://x/", AGAIN), save_body={"One": "o.json"}
    )
    assert files == {"o.json": b'{"next": 1}', "o-2.json": b'{"next": 1}', "o-3.json": b"{}"}


def test_with_iterations_their_number_comes_first(answers):
    bodies = pages('{"next": 1}', "{}", '{"next": 2}', "{}")
    _, files = answers(bodies, item("One", "http://x/", AGAIN), iteration_count=2, save_body={"One": "o.json"})
    assert list(files) == ["o-1-2.json", "o-1.json", "o-2-2.json", "o-2.json"]


def test_an_iteration_without_a_response_leaves_its_number_free(answers):
    bodies = [(200, b"1"), (200, OSError("gone")), (200, b"3")]
    assert answers(bodies, iteration_count=3, save_body={"One": "o"})[1] == {"o-1": b"1", "o-3": b"3"}


def test_a_number_never_takes_the_file_of_another_request(answers):
    items = [item("One", "http://x/", AGAIN), at("Two")]
    _, files = answers(pages('{"next": 1}', "{}", "two"), *items, save_body={"One": "o", "Two": "o-2"})
    assert files == {"o": b'{"next": 1}', "o-2": b"two", "o-3": b"{}"}


def test_of_several_attempts_the_last_one_counts(answers):
    _, files = answers([(503, b"no"), (200, b"yes")], retries=2, retry_on="5xx", save_body={"One": "out"})
    assert files == {"out": b"yes"}


def test_parallel_iterations_have_the_numbers_of_their_rows(postrunner, collection, server, tmp_path):
    one = item("One", server.url + "/{{row}}")
    (tmp_path / "rows.json").write_text(json.dumps([{"row": f"r{n}"} for n in range(6)]))
    flags = ("-d", "rows.json", "--parallel", "iterations", "--jobs", 3, "--save-body", "One=o")
    assert postrunner("run", collection(one), *flags).code == 0
    assert [json.loads((tmp_path / f"o-{n + 1}").read_bytes())["path"] for n in range(6)] == [f"/r{n}" for n in range(6)]


def test_a_shard_of_rows_has_the_numbers_of_all_rows(answers):
    rows = [{"n": n} for n in range(4)]
    _, files = answers(pages("1", "2"), iteration_data=rows, parallel="iterations", shard="2/2", save_body={"One": "o"})
    assert files == {"o-2": b"1", "o-4": b"2"}


def test_what_is_no_file_takes_all_bodies(postrunner, collection, server):
    flags = ("--silent", "-n", 2, "--save-body", "One=/dev/stdout")
    assert postrunner("run", collection(item("One", server.url + "/text")), *flags).out == "no jsonno json"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names of descriptors")
@pytest.mark.parametrize(
    ("body", "printed"),
    [(b"::set-output name=a::\xff", b": :set-output name=a::\xff"), (b'["\n::x"]', b'["\n:\\u003ax"]'), (BYTES, BYTES)],
)
def test_a_body_on_the_log_of_a_ci_server_is_no_command(monkeypatch, body, printed):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as file:
        write_body(f"/dev/fd/{writing}", body, mode=0o600)
        os.close(writing)
        assert file.read() == printed


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names of descriptors")
def test_a_body_in_a_file_behind_standard_output_is_exact_also_in_ci(monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    with (tmp_path / "out").open("wb") as file:
        write_body(f"/dev/fd/{file.fileno()}", b"::set-output name=a::b", mode=0o600)
    assert (tmp_path / "out").read_bytes() == b"::set-output name=a::b"


def test_a_body_on_a_terminal_steers_nothing():
    shown = harmless_bytes(b"\x1b[31mred\xff", Markers({}), terminal=True)
    assert shown == b"\\x1b[31mred\xff"
    assert harmless_bytes(b'["\xe2\x80\xae"]', Markers({}), terminal=True) == b'["\\u202e"]'


# -- pages --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def loop(answers):
    """Run one request again and again, once for each body; gives the problems and the files."""

    def run(*bodies, name="One", **options):
        given = [one if isinstance(one, tuple) else (200, one) for one in bodies]
        test = LOOP + f"if (n + 1 < {len(given)}) pm.execution.setNextRequest(pm.info.requestName);"
        result, files = answers(given, item("One", "http://x/", test), save_body_pages={name: "all.json"}, **options)
        return problems(result), files

    return run


@pytest.mark.parametrize(
    ("bodies", "wanted"),
    [
        ([b"[1, 2]", b"[3]"], [1, 2, 3]),
        ([b'{"result": [1], "next": "a"}', b'{"next": null, "result": [2]}'], [1, 2]),
        ([b'{"result": [ ]}', b'{"result": [1]}', b'{"result": []}'], [1]),
        ([b"[]"], []),
        ([b'\xef\xbb\xbf [1]\r\n', "[\"\u20ac\"]".encode("utf-16")], [1, "\u20ac"]),
        ([b'{"a": [1], "a": [2]}'], [2]),
        ([b'{"a": [[1, "]"], {"b": [2]}], "c": "x, [", "d": {"e": [3]}}'], [[1, "]"], {"b": [2]}]),
    ],
)  # fmt: skip
def test_the_arrays_of_all_pages_become_one(loop, bodies, wanted):
    told, files = loop(*bodies)
    assert not told
    assert json.loads(files["all.json"]) == wanted
    assert list(files) == ["all.json"]


@pytest.mark.parametrize(
    ("name", "body", "wanted"),
    [
        ("One#/data/items", b'{"data": {"items": [1], "more": [2]}, "errors": []}', [1]),
        ("One#/a~1b/~0", b'{"a/b": {"~": [1]}}', [1]),
        ("One#/0/x", b'[{"x": [5]}, {"x": [6]}]', [5]),
        ("One#", b"[7]", [7]),
        ("One#/", b'{"": [8]}', [8]),
    ],
)
def test_a_pointer_says_where_the_array_is(loop, name, body, wanted):
    assert json.loads(loop(body, name=name)[1]["all.json"]) == wanted


def test_a_name_with_a_number_sign_is_no_pointer(answers):
    _, files = answers(pages("[1]"), item("C#/D", "http://x/"), save_body_pages={"C#/D": "out"})
    assert json.loads(files["out"]) == [1]


def test_entries_stay_as_they_came(loop):
    numbers = b'1.10, 1e400, 12345678901234567890123456789, {"b":1, "a": "\\u00e9"}, -0'
    assert loop(b"[" + numbers + b"]")[1]["all.json"] == b"[\n" + numbers + b"\n]\n"


@pytest.mark.parametrize(
    ("name", "page", "message"),
    [
        ("One", b"<html>", "page 2 is not JSON (line 1, column 1)"),
        ("One", b"", "page 2 is not JSON (line 1, column 1)"),
        ("One", b"[1,\n 2", "page 2 is not JSON (line 2, column 3)"),
        ("One", b"[1] x", "page 2 is not JSON (line 1, column 5)"),
        ("One", b"[NaN]", "page 2 is not JSON"),
        ("One", b'["\xff"]', "page 2 is not JSON"),
        ("One", b"[" * 9999, "page 2 is nested too deeply"),
        ("One", b'{"error": "x", "details": [1]}', "page 2 is not an array"),
        ("One", b'"text"', "page 2 is not an array"),
        ("One", (500, b"[]"), "page 2 has the status 500"),
    ],
)
def test_a_page_that_is_none_is_an_error_and_nothing_is_lost(loop, tmp_path, name, page, message):
    (tmp_path / "all.json").write_text("old")
    told, files = loop(b"[1]", page, name=name)
    assert told == [f"all.json: not written: {message}; what came is in all-page-1.json to all-page-2.json"]
    body = page[1] if isinstance(page, tuple) else page
    assert files == {"all.json": b"old", "all-page-1.json": b"[1]", "all-page-2.json": body}


@pytest.mark.parametrize(
    ("name", "first", "second", "message"),
    [
        ("One", b'{"a": [], "b": []}', b"", "page 1 has several arrays: 'a', 'b'"),
        ("One", b'{"a": {"b": []}}', b"", "page 1 is not an array and has none at its top level"),
        ("One", b'{"a": [1]}', b'{"errors": [2]}', "page 2 has nothing at /a"),
        ("One", b'{"a": [1]}', b'{"a": null}', "page 2 has no array at /a"),
        ("One#/a/b", b'{"a": 1}', b"", "page 1 has nothing at /a/b"),
    ],
)
def test_the_array_stands_at_one_place_in_all_pages(loop, name, first, second, message):
    told, files = loop(first, second, name=name)
    assert told[0].startswith(f"all.json: not written: {message};")
    assert "all.json" not in files


def test_a_request_that_a_script_sends_again_is_one_page(loop):
    told, files = loop(b"[1]", (429, b'{"error": "slow down"}'), b"[2]")
    assert not told
    assert json.loads(files["all.json"]) == [1, 2]


def test_each_iteration_has_an_array_of_its_own(answers):
    bodies = pages('{"next": 1, "a": [1]}', '{"a": [2]}', '{"a": [3]}')
    _, files = answers(bodies, item("One", "http://x/", AGAIN), iteration_count=2, save_body_pages={"One": "all.json"})
    assert {name: json.loads(body) for name, body in files.items()} == {"all-1.json": [1, 2], "all-2.json": [3]}


def test_pages_of_a_run_that_ended_early_are_not_called_all(loop):
    cancel = Cancel()
    told, files = loop(b"[1]", b"[2]", b"[3]", cancel=cancel, on_execution=lambda execution: cancel.set())
    assert told == [
        "all.json: not written: the run ended early, so that pages may be missing; what came is in all-page-1.json"
    ]
    assert files == {"all-page-1.json": b"[1]"}


def test_only_the_last_iteration_of_a_run_that_ended_early_is_doubtful(answers):
    cancel, bodies = Cancel(), pages("[1]", "[2]", "[3]")
    ended = []

    def hear(execution):
        ended.append(execution)
        if len(ended) == 2:
            cancel.set()

    more = {"cancel": cancel, "on_execution": hear, "save_body_pages": {"One": "all.json"}}
    _, files = answers(bodies, iteration_count=3, **more)
    assert list(files) == ["all-1.json", "all-2-page-1.json"]


def test_the_whole_list_of_truto_is_one_array(postrunner, collection, tmp_path):
    test = """const next = pm.response.json().next_cursor;
        pm.variables.set('cursor', next ? encodeURIComponent(next) : '');
        if (next) pm.execution.setNextRequest(pm.info.requestName);"""
    with start("truto") as truto:
        url = truto.url + "/integrated-account?limit=5&next_cursor={{cursor}}"
        auth = {"type": "bearer", "bearer": [{"key": "token", "value": "truto-test-token"}]}
        path = collection(
            {
                "name": "Truto",
                "item": [
                    item("List", url, test, "pm.variables.set('cursor', pm.variables.get('cursor') || '')", auth=auth)
                ],
            }
        )
        done = postrunner("run", path, "--save-body-pages", "Truto/List=accounts.json", "--save-body", "List=page.json")
    accounts = json.loads((tmp_path / "accounts.json").read_bytes())
    assert done.code == 0
    assert len({one["id"] for one in accounts}) == 24
    assert len(list(tmp_path.glob("page*.json"))) == 5
