"""Whole collections inside of tests, by the fixture `postman`."""

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
