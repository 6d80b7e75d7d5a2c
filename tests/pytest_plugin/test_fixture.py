"""Whole collections inside of tests, by the fixture `postman`."""

import pytest

from tests.pytest_plugin.conftest import entry

CHECK = "pm.test('who', () => pm.expect(pm.environment.get('who')).to.eql('me'));"


def test_a_test_runs_a_collection_beside_it(suite):
    suite.collection(entry("a"), name="api/shop.json")
    test = "def test_shop(postman):\n    summary = postman.run('shop.json')\n    assert not summary.failed\n"
    suite.write("api/test_shop.py", test)
    outcome = suite.run(asked=False)
    assert outcome.outcomes == {"test_shop": "passed"}
    assert outcome.sent == ["/a"]


def test_the_marker_gives_options_and_the_call_wins(suite):
    suite.collection(entry("a", CHECK), {"name": "F", "item": [entry("b", CHECK)]}, name="shop.json")
    suite.write(
        "test_shop.py",
        "import pytest\n\n\n"
        "@pytest.mark.postman(folder=('F',), env_var={'who': 'nobody'})\n"
        "def test_shop(postman):\n"
        "    assert postman.run('shop.json').failed\n"
        "    assert not postman.run('shop.json', env_var=(('who', 'me'),)).failed\n",
    )
    outcome = suite.run("--strict-markers", asked=False)
    assert outcome.outcomes == {"test_shop": "passed"}
    assert outcome.sent == ["/b", "/b"]


def test_of_all_that_gives_an_option_the_nearest_wins_and_their_variables_are_added(suite):
    names = ("ini", "line", "hook", "class", "test", "call", "fixture")
    seen = "['{}'].forEach(name => console.log(name + '=' + pm.environment.get(name)));".format("','".join(names))
    suite.collection(entry("a", seen), name="shop.json")
    suite.write("pytest.ini", "[pytest]\npostrunner_env_var =\n    ini = ini\n    line = ini\n    call = ini\n")
    hook = "def pytest_postrunner_options(config, path):\n    return {'env_var': {'hook': 'hook', 'class': 'hook'}}\n"
    fixture = "@pytest.fixture\ndef postman_environment():\n    return {'base': 'http://h', 'fixture': 'fixture'}\n"
    suite.write("conftest.py", f"{(suite.folder / 'conftest.py').read_text()}\n\n{hook}\n\n{fixture}")
    suite.write(
        "test_options.py",
        "import pytest\n\n\n"
        "@pytest.mark.postman(env_var={'class': 'class', 'test': 'class'})\n"
        "class TestShop:\n"
        "    @pytest.mark.postman(env_var={'test': 'test', 'call': 'test'})\n"
        "    def test_it(self, postman):\n"
        "        (one,) = postman.run('shop.json', env_var={'call': 'call'}).executions\n"
        f"        assert [line.text for line in one.console] == [(f\"'{{name}}={{name}}'\",) for name in {names}]\n",
    )
    outcome = suite.run("--postrunner-env-var", "line=line", asked=False)
    assert outcome.outcomes == {"TestShop::test_it": "passed"}


def test_a_collection_is_looked_for_beside_the_test_and_then_in_the_root_folder(suite):
    suite.collection(entry("root"), name="shop.json")
    suite.collection(entry("only"), name="root.json")
    suite.collection(entry("beside"), name="api/shop.json")
    suite.write(
        "api/test_places.py",
        "def test_shop(postman):\n"
        "    assert not postman.run('shop.json').failed\n"
        "    assert not postman.run('root.json').failed\n",
    )
    outcome = suite.run(asked=False)
    assert outcome.outcomes == {"test_shop": "passed"}
    assert outcome.sent == ["/beside", "/only"]


def test_one_request_is_sent_alone_with_its_scripts(suite):
    suite.collection(entry("a"), {"name": "F", "item": [entry("b", "pm.test('no', () => pm.expect(1).to.eql(2));")]})
    suite.write("pytest.ini", "[pytest]\npostrunner_options =\n    folder = a\n")
    suite.write(
        "test_shop.py",
        "def test_b(postman):\n"
        "    execution = postman.request('shop.postman_collection.json', 'F/b')\n"
        "    assert execution.response.json()['path'] == '/b'\n"
        "    assert [test.name for test in execution.assertions if test.failed] == ['no']\n",
    )
    outcome = suite.run(asked=False)
    assert outcome.outcomes == {"test_b": "passed"}, outcome.text
    assert outcome.sent == ["/b"]


def test_one_request_runs_between_setup_and_teardown(suite):
    suite.collection({"name": "S", "item": [entry("s", "pm.environment.set('left', 1);")]}, entry("a"), entry("b"))
    suite.write(
        "test_shop.py",
        "def test_b(postman):\n"
        "    execution = postman.request('shop.postman_collection.json', 'b', setup='S', teardown='a')\n"
        "    assert execution.item.name == 'b'\n",
    )
    outcome = suite.run(asked=False)
    assert outcome.outcomes == {"test_b": "passed"}, outcome.text
    assert outcome.sent == ["/s", "/b", "/a"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("'F'", "'F' is a folder"),
        ("'bb'", 'unable to find a folder or request named "bb"'),
        ("'b', setup='bad'", "the setup failed: nothing else was run"),
    ],
)
def test_what_cannot_be_sent_is_raised(suite, given, message):
    suite.collection({"name": "bad", "item": [entry("broken")]}, {"name": "F", "item": [entry("b")]})
    suite.write("test_shop.py", f"def test_b(postman):\n    postman.request('shop.postman_collection.json', {given})\n")
    assert message in suite.run(asked=False).said("test_b")


def test_all_requests_of_a_collection_are_parameters(suite):
    suite.collection(entry("a"), {"name": "F", "item": [entry("b"), entry("b")]})
    suite.write(
        "test_shop.py",
        "import pytest\n"
        "from runner.pytest_plugin import collection\n\n\n"
        "@pytest.mark.parametrize('name', collection('shop.postman_collection.json'))\n"
        "def test_one(postman, name):\n"
        "    assert not postman.request('shop.postman_collection.json', name).failed\n",
    )
    outcome = suite.run(asked=False)
    assert outcome.outcomes == dict.fromkeys(["test_one[a]", "test_one[F/b]", "test_one[F/b (2)]"], "passed"), outcome.text
    assert outcome.sent == ["/a", "/b", "/b"]


def test_a_test_takes_the_result_of_the_collection_that_it_is_marked_with(suite):
    suite.collection(entry("a"), {"name": "F", "item": [entry("b", CHECK)]})
    suite.write(
        "test_shop.py",
        "import pytest\n\n\n"
        "@pytest.mark.collection('shop.postman_collection.json', folder='F', env_var={'who': 'me'})\n"
        "def test_f(result):\n"
        "    assert not result.failed and len(result.executions) == 1\n\n\n"
        "def test_without(result):\n"
        "    pass\n",
    )
    outcome = suite.run("--strict-markers", asked=False)
    assert outcome.outcomes == {"test_f": "passed", "test_without": "error"}
    assert outcome.said("test_without").startswith('the fixture "result" needs @pytest.mark.collection(')


# -- cassettes ---------------------------------------------------------------------------------------------------------

TAPED = """
import pytest


@pytest.mark.postman_cassette({arguments})
def test_taped(postman):
    postman.run("shop.postman_collection.json").raise_for_failures()
    postman.request("shop.postman_collection.json", "a")
"""


def test_a_test_is_recorded_and_replayed_from_then_on(suite):
    suite.collection(entry("a"), entry("b"), name="api/shop.postman_collection.json")
    suite.write("api/test_shop.py", TAPED.format(arguments=""))
    assert suite.run(asked=False).sent == ["/a", "/b", "/a"]
    folder = suite.folder / "api" / "cassettes" / "test_shop"
    assert sorted(path.name for path in folder.iterdir()) == ["test_taped-2.yaml", "test_taped.yaml"]
    again = suite.run(asked=False)
    assert again.outcomes == {"test_taped": "passed"}, again.text
    assert again.sent == []


def test_the_marker_names_the_cassette_and_its_mode(suite):
    suite.collection(entry("a"))
    suite.write("test_shop.py", TAPED.format(arguments="'tapes/one.yaml', record_mode='all'"))
    suite.run(asked=False)
    assert suite.run("--strict-markers", asked=False).sent == ["/a", "/a"]
    assert {path.name for path in (suite.folder / "tapes").iterdir()} == {"one.yaml", "one-2.yaml"}


def test_the_command_line_wins_over_the_mode_of_the_marker(suite):
    suite.collection(entry("a"))
    suite.write("test_shop.py", TAPED.format(arguments="record_mode='all'"))
    outcome = suite.run("--postrunner-record-mode", "none", asked=False)
    assert outcome.sent == []
    assert "test_taped.yaml: does not exist" in outcome.said("test_taped")


def test_the_fixture_gives_the_file_of_the_cassette_and_may_be_another(suite):
    suite.collection(entry("a"))
    suite.write(
        "test_shop.py",
        "def test_taped(postman, postman_cassette):\n"
        "    assert not postman_cassette.exists()\n"
        "    postman.run('shop.postman_collection.json')\n"
        "    assert postman_cassette.name == 'mine.yaml' and postman_cassette.exists()\n",
    )
    mine = "@pytest.fixture\ndef postman_cassette(request):\n    return request.path.parent / 'mine.yaml'\n"
    suite.write("conftest.py", f"{(suite.folder / 'conftest.py').read_text()}\n\n{mine}")
    outcome = suite.run(asked=False)
    assert outcome.outcomes == {"test_taped": "passed"}, outcome.text


def test_a_call_that_names_a_cassette_gets_that_one(suite):
    suite.collection(entry("a"))
    suite.write(
        "test_shop.py",
        "def test_taped(postman, postman_cassette):\n"
        "    postman.run('shop.postman_collection.json', record='other.yaml')\n"
        "    assert not postman_cassette.exists()\n",
    )
    outcome = suite.run(asked=False)
    assert outcome.outcomes == {"test_taped": "passed"}, outcome.text
    assert (suite.folder / "other.yaml").exists()
