"""What runs, how long, and when it stops: selection, several collections, bail, limits, nothing at all."""

import json

import pytest

from tests.cli.conftest import item, report


def paths(server):
    return [path for _, path, _, _ in server.seen]


def tree(server, collection, **more):
    def one(name):
        return item(name, f"{server.url}/{name}")

    inner = {"name": "Sub", "item": [one("c"), one("same")]}
    return collection(one("a"), {"name": "F", "item": [one("b"), inner]}, {"name": "G", "item": [one("same")]}, **more)


@pytest.mark.parametrize(
    ("args", "run"),
    [
        (("-i", "F/Sub/c"), ["/c"]),
        (("-i", "G/same", "-i", "a"), ["/a", "/same"]),
        (("--folder", "F/Sub"), ["/c", "/same"]),
        (("--folder", "F", "--exclude", "Sub"), ["/b"]),
        (("--exclude", "same"), ["/a", "/b", "/c"]),
        (("--exclude", "G/same"), ["/a", "/b", "/c", "/same"]),
        (("--exclude", "F", "--exclude", "a"), ["/same"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_items_are_chosen_by_name_and_path(postrunner, collection, server, args, run):
    assert postrunner("run", tree(server, collection), *args).code == 0
    assert paths(server) == run


def test_a_name_with_a_slash_wins_over_a_path(postrunner, collection, server):
    odd = item("F/b", server.url + "/odd")
    folder = {"name": "F", "item": [item("b", server.url + "/b")]}
    postrunner("run", collection(folder, odd), "-i", "F/b")
    assert paths(server) == ["/odd"]


def test_an_unknown_path_names_the_nearest(postrunner, collection, server):
    done = postrunner("run", tree(server, collection), "--exclude", "f")
    assert done.code == 2
    assert "did you mean 'F'?" in done.err


# -- several collections ----------------------------------------------------------------------------------------------


def test_several_collections_have_one_report_and_one_exit_code(postrunner, collection, server, tmp_path):
    good = collection(item("a", server.url + "/1"), name="good")
    bad = collection(item("a", server.url + "/2", 'pm.test("no", () => { throw new Error("x") })'), name="bad")
    args = ("-r", "cli,json,junit", "--reporter-json-export", "r.json", "--reporter-junit-export", "r.xml")
    done = postrunner("run", good, bad, *args)
    assert done.code == 1
    assert paths(server) == ["/1", "/2"]
    assert done.out.index("good") < done.out.index("bad")
    assert 'inside "bad / a"' in done.out
    document = json.loads((tmp_path / "r.json").read_text())
    assert [c["info"]["name"] for c in document["collections"]] == ["good", "bad"]
    assert [e.get("collectionIndex", 0) for e in document["run"]["executions"]] == [0, 1]
    assert document["run"]["stats"]["items"]["total"] == 2
    assert 'name="bad / a"' in (tmp_path / "r.xml").read_text()


def test_each_collection_has_variables_cookies_and_script_globals_of_its_own(postrunner, collection, server):
    first = item("a", server.url + "/{{x}}", 'pm.environment.set("x", "changed"); leaked = 1')
    second = item("b", server.url + "/{{x}}", 'pm.test("new", () => pm.expect(typeof leaked).to.eql("undefined"))')
    done = postrunner("run", collection(first, name="one"), collection(second, name="two"), "--env-var", "x=start")
    assert done.code == 0, done.out
    assert paths(server) == ["/start", "/start"]


def test_bail_keeps_the_next_collection_from_running(postrunner, collection, server):
    bad = collection(item("a", server.url + "/1", 'pm.test("no", () => { throw 1 })'), name="bad")
    assert postrunner("run", bad, collection(item("b", server.url + "/2"), name="next"), "--bail").code == 1
    assert paths(server) == ["/1"]


def test_the_time_limit_is_for_all_collections(postrunner, collection, server):
    slow = collection(item("a", server.url, prerequest="setTimeout(() => {}, 60000)"), name="slow")
    done = postrunner("run", slow, collection(item("b", server.url + "/2"), name="next"), "--timeout", 300)
    assert done.code == 1
    assert paths(server) == []


def test_a_wrong_file_among_several_stops_everything_before_the_first_request(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url)), "gone.json")
    assert done.code == 2
    assert server.seen == []


def test_exports_of_several_collections_go_into_a_folder(postrunner, collection, server, tmp_path):
    one, two = (collection(item("a", server.url), name=name) for name in ("one", "two"))
    refused = postrunner("run", one, two, "--export-environment", "env.json")
    assert refused.code == 2
    assert "name a folder" in refused.err
    postrunner("run", one, two, "--export-environment", "out/", "--export-cookie-jar", "out/")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "one.postman_cookie_jar.json",
        "one.postman_environment.json",
        "two.postman_cookie_jar.json",
        "two.postman_environment.json",
    ]


# -- bail and limits --------------------------------------------------------------------------------------------------


def test_bail_iteration_goes_on_with_the_next_iteration(postrunner, collection, server):
    bad = item("bad", server.url + "/1", 'pm.test("first", () => pm.expect(pm.info.iteration).to.eql(1))')
    done = postrunner("run", collection(bad, item("next", server.url + "/2")), "--bail", "iteration", "-n", "2")
    assert done.code == 1
    assert paths(server) == ["/1", "/1", "/2"]


def test_bail_without_a_value_before_the_collection(postrunner, collection, server):
    path = collection(item("a", server.url))
    assert postrunner("run", "--bail", path).code == 0
    assert postrunner("run", "--bail", "folder,failure", path).code == 0


LOOP = 'pm.execution.setNextRequest("again")'


def test_a_loop_ends_at_the_limit_with_an_error(postrunner, collection, server, tmp_path):
    again = collection(item("again", server.url, LOOP))
    done = postrunner("run", again, "--max-requests", "3", "-r", "cli,json", "--reporter-json-export", "r.json")
    assert done.code == 1
    assert len(server.seen) == 3
    assert "ran 3 requests and did not end" in done.out
    assert report(tmp_path / "r.json")["error"]["message"].startswith("the iteration ran 3")


def test_a_request_may_not_take_longer_than_its_total_limit(postrunner, collection, slow_server):
    done = postrunner("run", collection(item("a", slow_server)), "--timeout-total", "300", "--timeout-request", "5000")
    assert done.code == 1
    assert "the time for this request is over" in done.out


def test_the_limit_of_the_run_cuts_a_hanging_request(postrunner, collection, slow_server):
    done = postrunner("run", collection(item("a", slow_server)), "--timeout", "300")
    assert done.code == 1
    assert "callback timed out" in done.out


def test_a_response_may_not_be_larger_than_the_limit(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url)), "--max-response-size", "20")
    assert done.code == 1
    assert "the body has more than 20 bytes" in done.out
    assert "--max-response-size BYTES sets the limit" in " ".join(done.out.split())


@pytest.mark.parametrize("size", ["0", "-1", "10 parsecs", "MB", "1.5MB", "１"])
def test_a_size_that_is_none(postrunner, collection, size):
    done = postrunner("run", collection(), f"--max-response-size={size}")
    assert done.code == 2
    assert "is not a size" in done.err


# -- nothing at all ---------------------------------------------------------------------------------------------------

SKIP = "pm.execution.skipRequest()"
ONE = item("a", "http://127.0.0.1:1")
EMPTY = {
    "an empty folder": (({"name": "F", "item": []},), ("--folder", "F")),
    "everything excluded": ((ONE,), ("--exclude", "a")),
}


@pytest.mark.parametrize("case", EMPTY)
def test_a_selection_without_a_request_fails_unless_it_is_allowed(postrunner, collection, case):
    items, args = EMPTY[case]
    refused = postrunner("run", collection(*items), *args)
    assert refused.code == 1
    assert "nothing was run" in refused.out
    allowed = postrunner("run", collection(*items), *args, "--allow-empty")
    assert allowed.code == 0
    assert "nothing was run" in allowed.out


def test_a_collection_without_a_request_passes_with_a_warning(postrunner, collection):
    done = postrunner("run", collection())
    assert done.code == 0
    assert "nothing was run" in done.out


def test_a_collection_whose_scripts_skip_everything_passes_with_a_warning(postrunner, collection):
    done = postrunner("run", collection(item("a", "http://127.0.0.1:1", prerequest=SKIP)))
    assert done.code == 0
    assert "nothing was run" in done.out


def test_data_without_a_row_gives_one_iteration_and_a_warning(postrunner, collection, server, tmp_path):
    (tmp_path / "rows.csv").write_text("a,b\n")
    done = postrunner("run", collection(item("a", server.url)), "-d", "rows.csv")
    assert done.code == 0
    assert "no row of data" in done.out
    assert len(server.seen) == 1


# -- cookies ----------------------------------------------------------------------------------------------------------


def test_cookies_come_from_a_file_and_go_into_one(postrunner, collection, server, tmp_path):
    cookie = {"key": "c", "value": "1", "domain": "127.0.0.1", "path": "/", "hostOnly": True}
    (tmp_path / "jar.json").write_text(json.dumps({"cookies": [cookie]}))
    postrunner("run", collection(item("a", server.url)), "--cookie-jar", "jar.json", "--export-cookie-jar", "out/jar.json")
    assert server.seen[0][2]["Cookie"] == "c=1"
    written = json.loads((tmp_path / "out" / "jar.json").read_text())
    assert (written["version"], written["cookies"][0]["value"]) == ("tough-cookie@4.1.3", "1")


@pytest.mark.parametrize("text", ["{", "[]", '{"cookies": [1]}'])
def test_a_cookie_jar_that_is_none(postrunner, collection, tmp_path, text):
    (tmp_path / "jar.json").write_text(text)
    done = postrunner("run", collection(), "--cookie-jar", "jar.json")
    assert done.code == 2
    assert "jar.json" in done.err
