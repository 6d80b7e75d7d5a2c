"""Which requests run by what they are: tags, text of the path, tests, from where to where; and the list of them."""

import json

import pytest

from runner import run
from runner.errors import NothingRun, UsageError
from tests.cli.conftest import item

PASSES = "pm.test('ok', () => {})"


def paths(server):
    return [path for _, path, _, _ in server.seen]


@pytest.fixture
def shop(collection, server):
    """A collection whose requests answer at a path of their name."""

    def one(name, path, test="", description=None, **more):
        made = item(name, f"{server.url}/{path}", test, **more)
        made["request"]["description"] = description
        return made

    users = {
        "name": "Users [smoke]",
        "item": [one("List", "list", PASSES), one("Create [slow, v2.1]", "create"), one("Mail me@smoke.org", "mail")],
    }
    orders = {
        "name": "Orders",
        "description": {"content": "@Nightly, at three.", "type": "text/markdown"},
        "item": [one("Pay (card)", "pay", "pm.environment.set('test', 1)", "Part of @smoke."), one("Refund", "refund")],
    }
    return collection(one("Start", "start"), users, orders, one("mail to ops@smoke.org", "ops", description="a@smoke.org"))


NARROWED = {
    "a tag in a folder's name or a description": (("--tag", "smoke"), ["list", "create", "mail", "pay"]),
    "a tag of a folder's description, in any case": (("--tag", "nightly"), ["pay", "refund"]),
    "a tag with its marks": (("--tag", "@nightly", "--tag", "[slow]"), ["create", "pay", "refund"]),
    "the second tag of a bracket": (("--tag", "v2.1"), ["create"]),
    "not a tag": (("--not-tag", "smoke"), ["start", "refund", "ops"]),
    "a tag and not another": (("--tag", "smoke", "--not-tag", "slow"), ["list", "mail", "pay"]),
    "text of a path, in any case": (("--grep", "orders/re"), ["refund"]),
    "an expression": (("--grep", "^(start|orders/.*)$"), ["start", "pay", "refund"]),
    "text that is another expression": (("--grep", "pay (card)"), ["pay"]),
    "only with tests": (("--only-with-tests",), ["list"]),
    "from here on": (("--start-at", "Users [smoke]/Mail me@smoke.org"), ["mail", "pay", "refund", "ops"]),
    "up to there": (("--stop-after", "List"), ["start", "list"]),
    "from a folder to a folder": (("--start-at", "Users [smoke]", "--stop-after", "Orders"), None),
    "beside --folder": (("--folder", "Orders", "--tag", "smoke"), ["pay"]),
    "in each iteration": (("--start-at", "Refund", "-n", "2"), ["refund", "ops", "refund", "ops"]),
}


@pytest.mark.parametrize("case", NARROWED)
def test_requests_are_chosen_by_what_they_are(postrunner, shop, server, case):
    args, run = NARROWED[case]
    assert postrunner("run", shop, *args).code == 0
    assert paths(server) == [f"/{name}" for name in run or ["list", "create", "mail", "pay", "refund"]]


def test_a_test_of_the_folder_is_one_of_its_requests(postrunner, collection, server):
    script = [{"listen": "test", "script": {"exec": PASSES}}, {"listen": "test", "script": {"exec": "1"}}]
    off = [{"listen": "test", "disabled": True, "script": {"exec": PASSES}}]
    folders = [
        {"name": "with", "event": script, "item": [item("a", f"{server.url}/a")]},
        {"name": "without", "event": off, "item": [item("b", f"{server.url}/b")]},
    ]
    assert postrunner("run", collection(*folders), "--only-with-tests").code == 0
    assert paths(server) == ["/a"]


NOTHING = {
    "a tag that is nearly there": (("--tag", "smok"), "did you mean --tag smoke?"),
    "a tag that is not there": (("--tag", "weekly"), "the tags are 'smoke', 'Nightly', 'slow', 'v2.1'"),
    "text that is nearly there": (("--grep", "Refunt"), "did you mean 'Orders/Refund'?"),
    "text that is not there": (("--grep", "nowhere at all"), "the collection has 'Start', 'Users [smoke]'"),
    "an end before the beginning": (("--start-at", "Refund", "--stop-after", "List"), "--allow-empty lets this pass"),
}


@pytest.mark.parametrize("case", NOTHING)
def test_what_selects_nothing_fails_and_names_what_is_near(postrunner, shop, server, case):
    args, hint = NOTHING[case]
    refused = postrunner("run", shop, *args)
    assert refused.code == 1
    assert "nothing was run" in refused.out
    assert hint in " ".join(refused.out.split())
    assert postrunner("run", shop, *args, "--allow-empty").code == 0
    assert not server.seen


def test_tags_are_missed_where_there_are_none(postrunner, collection):
    assert (
        "nothing has a [tag] or a @tag" in postrunner("run", collection(item("a", "http://127.0.0.1:1")), "--tag", "x").out
    )


MISTAKES = {
    "an unknown start": (("--start-at", "Refunt"), "did you mean 'Orders/Refund'?"),
    "an unknown end": (("--stop-after", "nowhere at all"), "the collection has"),
    "no expression": (("--grep", "pay (card"), "--grep: is not a regular expression"),
    "another form": (("--list=yaml",), "--list: 'yaml' is none of text, json"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_selection_that_cannot_be_meant_is_a_mistake(postrunner, shop, case):
    args, message = MISTAKES[case]
    done = postrunner("run", shop, *args)
    assert done.code == 2
    assert message in done.err


def test_a_jump_to_what_was_not_selected_ends_the_iteration(postrunner, collection, server):
    jump = "pm.execution.setNextRequest('b [slow]')"
    items = item("a", f"{server.url}/a", jump), item("b [slow]", f"{server.url}/b"), item("c", f"{server.url}/c")
    done = postrunner("run", collection(*items), "--not-tag", "slow")
    assert "names a request that was not selected: the iteration ends here" in " ".join(done.out.split())
    assert paths(server) == ["/a"]


def test_of_several_collections_not_each_needs_the_tag(postrunner, collection, server):
    one = collection(item("a [smoke]", f"{server.url}/a"), name="one")
    other = collection(item("b", f"{server.url}/b"), name="other")
    assert postrunner("run", one, other, "--tag", "smoke").code == 0
    assert paths(server) == ["/a"]
    assert postrunner("run", one, other, "--tag", "fast").code == 1


def test_a_dry_run_shows_what_was_selected(postrunner, shop, server):
    done = postrunner("run", shop, "--dry-run", "--grep", "refund", "--setup", "Start")
    assert [line for line in done.out.splitlines() if line.startswith("  GET")] == [
        f"  GET {server.url}/start",
        f"  GET {server.url}/refund",
    ]


# -- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_names_what_would_run(postrunner, shop, server):
    done = postrunner("run", "--list", shop, "--tag", "smoke", "--not-tag", "slow", "--setup", "Start")
    lines = ["c", "  setup: Start", "  Users [smoke]/List", "  Users [smoke]/Mail me@smoke.org", "  Orders/Pay (card)"]
    assert (done.code, done.out.splitlines()) == (0, [*lines, "3 requests"])
    assert not server.seen


def test_the_list_as_json(postrunner, shop, tmp_path):
    (tmp_path / "rows.json").write_text('[{"a": 1}, {"a": 2}]')
    done = postrunner("run", shop, "--list", "json", "--grep", "create", "--teardown", "Refund", "-d", "rows.json")
    listed = json.loads(done.out)
    assert listed["iterations"] == 2
    assert [collection["name"] for collection in listed["collections"]] == ["c"]
    first, last = listed["collections"][0]["items"]
    assert first == {
        "name": "Create [slow, v2.1]",
        "path": ["Users [smoke]", "Create [slow, v2.1]"],
        "part": "iteration",
        "kind": "http",
        "method": "GET",
        "tags": ["smoke", "slow", "v2.1"],
    }
    assert (last["part"], last["path"]) == ("teardown", ["Orders", "Refund"])


def test_an_empty_list_fails_like_the_run(postrunner, shop):
    done = postrunner("run", shop, "--tag", "smoek", "--list")
    assert (done.code, done.out.splitlines()[-1]) == (1, "nothing would be run; did you mean --tag smoke?")
    assert postrunner("run", shop, "--tag", "smoek", "--list=json", "--allow-empty").code == 0


def test_python_selects_with_the_same_words(shop, server):
    assert not run(shop, tag=("smoke",), grep="list").failed
    assert paths(server) == ["/list"]
    assert isinstance(run(shop, tag=("x",)).error, NothingRun)
    with pytest.raises(UsageError, match="is for the command line"):
        run(shop, list_items="json")
