"""Which files pytest collects, and what their items are called."""

import json

import pytest

from tests.pytest_plugin.conftest import entry

ROWS = '[{"id": "ann", "n": 1}, {"id": "bob", "n": 2}]'


def test_a_request_is_an_item_below_its_folders(suite):
    users = {"name": "Users", "item": [entry("list"), {"name": "Admin", "item": [entry("ban")]}]}
    suite.collection(entry("login"), users)
    assert suite.collect().collected == ["login", "Users::list", "Users::Admin::ban"]


def test_nothing_is_collected_that_nobody_asked_for(suite):
    suite.collection(entry("login"))
    assert suite.collect(asked=False).collected == []


def test_a_collection_that_is_named_on_the_command_line_is_collected(suite):
    path = suite.collection(entry("login"))
    assert suite.collect(str(path), asked=False).collected == ["login"]


def test_the_configuration_says_which_files_are_collections(suite):
    suite.write("pytest.ini", "[pytest]\npostrunner_collections =\n    api/*.json\n")
    suite.collection(entry("login"), name="api/shop.json")
    suite.collection(entry("other"))
    assert suite.collect(asked=False).collected == ["login"]


def test_other_json_files_are_left_alone(suite):
    suite.collection(entry("login"))
    suite.write("fixture.json", '{"info": {}}')
    assert suite.collect().collected == ["login"]


def test_a_file_that_is_no_collection_is_an_error_with_its_reason(suite):
    suite.write("shop.postman_collection.json", '{"item": 5}')
    outcome = suite.collect()
    assert outcome.code == 2
    assert "item" in outcome.errors[0]
    assert "Traceback" not in outcome.errors[0]


def test_an_item_is_selected_by_its_id(suite):
    suite.collection({"name": "Users [slow]", "item": [entry("list"), entry("get")]})
    outcome = suite.collect("shop.postman_collection.json::Users (slow)::get")
    assert outcome.collected == ["Users (slow)::get"]


def test_names_that_are_there_twice_are_told_apart(suite):
    suite.collection(entry("get"), entry("get"), entry("a::b [c]"), entry(" "))
    assert suite.collect().collected == ["get", "get (2)", "a:b (c)", "(no name)"]


def test_each_row_of_data_is_an_item_with_its_id_in_the_order_of_the_run(suite):
    suite.write("rows.json", ROWS)
    suite.collection({"name": "F", "item": [entry("a")]}, entry("b"))
    outcome = suite.run("--postrunner-iteration-data", "rows.json")
    assert outcome.collected == ["F::a[ann]", "b[ann]", "F::a[bob]", "b[bob]"]
    assert outcome.sent == ["/a", "/b", "/a", "/b"]


def test_iterations_without_ids_have_numbers(suite):
    suite.collection(entry("a"))
    assert suite.collect("--postrunner-option", "iteration-count=2").collected == ["a[0]", "a[1]"]


def test_tags_are_marks(suite):
    suite.collection(
        entry("a [smoke]"), entry("b", description="for @night runs"), {"name": "F [smoke]", "item": [entry("c")]}
    )
    assert suite.collect("-m", "smoke", "--strict-markers").collected == ["a (smoke)", "F (smoke)::c"]
    assert suite.collect("-m", "night").collected == ["b"]


def test_a_tag_with_the_name_of_a_mark_that_takes_arguments_marks_nothing(suite):
    suite.collection(entry("a [skipif]"), entry("b [xfail, timeout]", "pm.test('no', () => pm.expect(1).to.eql(2));"))
    assert suite.run().outcomes == {"a (skipif)": "passed", "b (xfail, timeout)": "failed"}


def test_what_options_select_is_collected(suite):
    suite.write("pytest.ini", "[pytest]\npostrunner_options =\n    folder = F\n    timeout-request = 5000\n")
    suite.collection(entry("a"), {"name": "F", "item": [entry("c")]})
    assert suite.collect().collected == ["F::c"]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("iteration-cuont=2", "there is no option 'iteration_cuont'"),
        ("jobs=2", "pytest-xdist has -n"),
        ("bail=failure", "pytest has -x"),
        ("export-environment=e.json", "'export_environment' has no meaning in pytest"),
        ("iteration-count=x", "'x' is not a whole number"),
        ("insecure", "'insecure' is not NAME=VALUE"),
    ],
)
def test_an_option_that_cannot_be_is_an_error_that_says_why(suite, option, message):
    suite.collection(entry("a"))
    outcome = suite.collect("--postrunner-option", option)
    assert message in outcome.errors[0]
    assert outcome.code == 2


def test_a_conftest_gives_options_for_a_collection(suite):
    conftest = suite.folder / "conftest.py"
    hook = "def pytest_postrunner_options(config, path):\n    return {'folder': ['F'], 'env_var': {'who': path.name}}\n"
    suite.write("conftest.py", f"{conftest.read_text()}\n\n{hook}")
    test = "pm.test('who', () => pm.expect(pm.environment.get('who')).to.eql('shop.postman_collection.json'));"
    suite.collection(entry("a"), {"name": "F", "item": [entry("c", test)]})
    assert suite.run().outcomes == {"F::c": "passed"}


@pytest.mark.parametrize("rows", [[{"id": "x"}, {"id": "x"}], [{"id": "x"}, {"no": 1}], [{"id": None}, {"id": [1]}]])
def test_ids_that_do_not_tell_rows_apart_are_numbers(suite, rows):
    suite.write("rows.json", json.dumps(rows))
    suite.collection(entry("a"))
    assert suite.collect("--postrunner-iteration-data", "rows.json").collected == ["a[0]", "a[1]"]


def test_numbers_are_ids_too(suite):
    suite.write("rows.json", json.dumps([{"id": 7}, {"id": 8}]))
    suite.collection(entry("a"))
    assert suite.collect("--postrunner-iteration-data", "rows.json").collected == ["a[7]", "a[8]"]


def test_the_command_line_wins_over_the_configuration_and_lists_of_both_are_added(suite):
    suite.write("pytest.ini", "[pytest]\npostrunner_options =\n    folder = F\n    iteration-count = 3\n")
    suite.collection(entry("a"), {"name": "F", "item": [entry("b")]}, {"name": "G", "item": [entry("c")]})
    args = ("--postrunner-option", "folder=G", "--postrunner-option", "iteration-count=1")
    assert suite.collect(*args).collected == ["F::b", "G::c"]


def test_the_nearest_conftest_wins(suite):
    hook = "def pytest_postrunner_options(config, path):\n    return {{'iteration_count': {}}}\n"
    suite.write("conftest.py", hook.format(3))
    suite.write("api/conftest.py", hook.format(2))
    suite.collection(entry("a"), name="api/shop.postman_collection.json")
    assert suite.collect().collected == ["a[0]", "a[1]"]


def test_a_hook_that_gives_an_unknown_option_is_named(suite):
    suite.write("conftest.py", "def pytest_postrunner_options(config, path):\n    return {'foldr': 'F'}\n")
    suite.collection(entry("a"))
    outcome = suite.collect()
    assert "pytest_postrunner_options: there is no option 'foldr'" in outcome.errors[0]


def test_files_count_from_where_they_are_named(suite):
    suite.write("rows.json", json.dumps([{"id": "root"}, {"id": "b"}]))
    suite.write("pytest.ini", "[pytest]\npostrunner_iteration_data = rows.json\n")
    suite.collection(entry("a"), name="api/shop.postman_collection.json")
    assert suite.collect("api").collected == ["a[root]", "a[b]"]


def test_a_conftest_gives_variables_for_a_collection(suite):
    hook = "def pytest_postrunner_environment(config, collection):\n    return {'who': collection.name, 'base': 'x'}\n"
    suite.write("conftest.py", f"{(suite.folder / 'conftest.py').read_text()}\n\n{hook}")
    test = "pm.test('who', () => pm.expect(pm.environment.get('who')).to.eql('shop.postman_collection.json'));"
    suite.collection(entry("a", test))
    outcome = suite.run("--postrunner-env-var", "who=me")
    assert outcome.outcomes == {"a": "passed"}, outcome.text
    assert outcome.sent == ["/a"]


@pytest.mark.parametrize("indent", [None, 2])
def test_an_item_knows_its_line_in_the_file(suite, indent):
    document = {"info": {"name": "Shop"}, "item": [entry("one"), {"name": "F", "item": [entry("two")]}]}
    text = json.dumps({"collection": document} if indent else document, indent=indent)
    suite.write("shop.postman_collection.json", text)
    outcome = suite.run()
    lines = text.split("\n")
    expected = [next(at for at, line in enumerate(lines) if f'"name": "{name}"' in line) for name in ("one", "two")]
    found = [outcome.reports[name].location[1] for name in ("one", "F::two")]
    assert found == [at - 1 if indent else at for at in expected]


def test_a_request_that_fails_or_is_skipped_shows_its_line(suite):
    document = {"info": {"name": "Shop"}, "item": [entry("broken"), entry("left", before="pm.execution.skipRequest();")]}
    text = json.dumps(document, indent=1)
    suite.write("shop.postman_collection.json", text)
    outcome = suite.run("-rs")
    lines = [text[: text.index(f'"name": "{name}"')].count("\n") for name in ("broken", "left")]
    assert outcome.section("broken", "Captured place call") == f"shop.postman_collection.json:{lines[0]}"
    assert f"shop.postman_collection.json:{lines[1]}: skipped by pm.execution.skipRequest" in outcome.text


def test_collections_are_recorded_into_a_folder_and_replayed(suite):
    suite.collection(entry("a"), name="api/shop.postman_collection.json")
    suite.collection(entry("b"), name="admin/shop.postman_collection.json")
    assert suite.run("--postrunner-record", "tapes").sent == ["/b", "/a"]
    found = sorted(path.relative_to(suite.folder).as_posix() for path in suite.folder.rglob("*.yaml"))
    assert found == ["tapes/admin/shop.postman_collection.yaml", "tapes/api/shop.postman_collection.yaml"]
    suite.write("pytest.ini", "[pytest]\npostrunner_replay = tapes\n")
    again = suite.run()
    assert again.outcomes == {"a": "passed", "b": "passed"}
    assert again.sent == []


def test_a_mode_of_recording_that_does_not_exist_is_an_error(suite):
    suite.collection(entry("a"))
    outcome = suite.run("--postrunner-record", "tapes", "--postrunner-record-mode", "some")
    assert "postrunner_record_mode" in outcome.said("a")


# -- the format v3 -----------------------------------------------------------------------------------------------------

V3 = {
    ".resources/definition.yaml": "$kind: collection\nname: Shop\n",
    "Log in.request.yaml": (
        "$kind: http-request\norder: 1\nurl: '{{base}}/login'\nmethod: GET\nscripts:\n"
        "  - type: afterResponse\n    language: text/javascript\n    code: |-\n      pm.environment.set('session', 's1');\n"
    ),
    "Orders/.resources/definition.yaml": "$kind: collection\norder: 2\n",
    "Orders/List.request.yaml": "$kind: http-request\nurl: '{{base}}/orders/{{session}}'\nmethod: GET\n",
    "Orders/Break [smoke].request.yaml": (
        "$kind: http-request\norder: 3\nurl: '{{base}}/broken'\nmethod: GET\nscripts:\n"
        "  - type: afterResponse\n    language: text/javascript\n    code: |-\n"
        "      pm.test('is 200', () => pm.response.to.have.status(200));\n"
    ),
}
ITEMS = ["Log in", "Orders::List", "Orders::Break (smoke)"]
DEFINITION = "api/Shop/.resources/definition.yaml"


@pytest.fixture
def v3(suite):
    """A collection of the format v3, with a test in Python in its folder."""
    for name, text in {**V3, "test_shop.py": "def test_shop():\n    pass\n"}.items():
        suite.write(f"api/Shop/{name}", text)
    return suite


@pytest.mark.parametrize("args", [["--postrunner"], ["api/Shop"], [DEFINITION]])
def test_a_folder_of_the_format_v3_is_collected_if_asked_for(v3, args):
    outcome = v3.run(*args, asked=False)
    assert [name for name in outcome.collected if name != "test_shop"] == ITEMS
    assert outcome.sent == ["/login", "/orders/s1", "/broken"]
    assert outcome.outcomes["Orders::Break (smoke)"] == "failed"
    place = "api/Shop/Orders/Break [smoke].request.yaml:1"
    assert outcome.section("Orders::Break (smoke)", "Captured place call") == place


@pytest.mark.parametrize("args", [[], ["api"]])
def test_a_folder_of_the_format_v3_is_left_alone_if_nobody_asked(v3, args):
    assert v3.collect(*args, asked=False).collected == ["test_shop"]


def test_the_configuration_names_folders_of_the_format_v3(v3):
    v3.write("pytest.ini", "[pytest]\npostrunner_collections = api/*\n")
    assert v3.collect(asked=False).collected == [*ITEMS, "test_shop"]


def test_a_request_of_the_format_v3_is_selected_by_its_id(v3):
    outcome = v3.run(f"{DEFINITION}::Orders::List", asked=False)
    assert outcome.outcomes == {"Orders::List": "passed"}
    assert outcome.sent == ["/login", "/orders/s1"]


def test_tests_beside_a_folder_of_the_format_v3_are_still_found(v3):
    assert v3.run("api/Shop/test_shop.py").outcomes == {"test_shop": "passed"}
    assert "test_shop" in v3.run("api/Shop").outcomes


def test_a_file_of_the_format_v3_that_cannot_be_used_is_an_error(v3):
    v3.write("api/Shop/Orders/List.request.yaml", "$kind: http-request\nurl: [\n")
    assert "Orders/List.request.yaml" in v3.collect("api/Shop", asked=False).errors[0]


def test_a_kind_of_request_that_cannot_be_sent_is_no_success(v3):
    v3.write("api/Shop/Orders/List.request.yaml", "$kind: mqtt-request\nurl: mqtt://x\n")
    outcome = v3.run("api/Shop", "-k", "List")
    assert outcome.outcomes == {"Orders::List": "failed"}
    assert outcome.said("Orders::List").startswith("not sent: ")
    outcome = v3.run("api/Shop", "-k", "List", "--postrunner-option", "allow-skipped-kinds=true")
    assert outcome.outcomes == {"Orders::List": "skipped"}
