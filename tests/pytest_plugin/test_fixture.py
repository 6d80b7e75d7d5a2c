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
