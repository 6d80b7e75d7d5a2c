"""`postrunner run`: what a user types and what happens."""

import json

import pytest

from tests.cli.conftest import item, report


def test_a_passing_collection_ends_with_0(postrunner, collection, server):
    test = 'pm.test("ok", () => pm.response.to.have.status(200))'
    done = postrunner("run", collection(item("one", server.url + "/a", test)))
    assert (done.code, done.err) == (0, "")
    assert "one" in done.out
    assert "ok" in done.out


def test_a_failed_assertion_ends_with_1(postrunner, collection, server):
    done = postrunner("run", collection(item("one", server.url, 'pm.test("no", () => pm.expect(1).to.eql(2))')))
    assert done.code == 1
    assert "expected 1 to deeply equal 2" in done.out


def test_suppress_exit_code_turns_a_failed_run_into_0(postrunner, collection, server):
    done = postrunner("run", collection(item("one", server.url, 'pm.test("no", () => { throw 1 })')), "-x")
    assert done.code == 0


def test_silent_prints_nothing(postrunner, collection, server):
    done = postrunner("run", collection(item("one", server.url)), "--silent")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_values_of_one_response_go_into_the_next_request(postrunner, collection, server):
    first = item("first", server.url + "/first", 'pm.collectionVariables.set("id", pm.response.json().id)')
    done = postrunner("run", collection(first, item("second", server.url + "/second/{{id}}")))
    assert done.code == 0
    assert [path for _, path, _, _ in server.seen] == ["/first", "/second/1"]


def test_variables_of_all_scopes_are_found_in_their_order(postrunner, collection, server, tmp_path):
    (tmp_path / "env.json").write_text(json.dumps({"values": [{"key": "b", "value": "env"}, {"key": "c", "value": "env"}]}))
    (tmp_path / "glob.json").write_text(
        json.dumps({"values": [{"key": "e", "value": "glob"}, {"key": "d", "value": "glob"}]})
    )
    (tmp_path / "data.json").write_text(json.dumps([{"a": "data", "b": "data"}]))
    variables = [{"key": "c", "value": "coll"}, {"key": "d", "value": "coll"}]
    one = item("one", server.url + "/{{a}}/{{b}}/{{c}}/{{d}}/{{e}}", prerequest='pm.variables.set("a", "local")')
    postrunner("run", collection(one, variable=variables), "-e", "env.json", "-g", "glob.json", "-d", "data.json")
    assert [path for _, path, _, _ in server.seen] == ["/local/data/env/coll/glob"]


def test_variables_of_the_command_line_win_over_the_files(postrunner, collection, server, tmp_path):
    (tmp_path / "env.json").write_text(json.dumps({"values": [{"key": "a", "value": "file"}]}))
    one = item("one", server.url + "/{{a}}/{{b}}")
    postrunner("run", collection(one), "-e", "env.json", "--env-var", "a=x=y", "--global-var", "b=2")
    assert [path for _, path, _, _ in server.seen] == ["/x=y/2"]


def test_each_row_of_a_csv_file_is_an_iteration(postrunner, collection, server, tmp_path):
    (tmp_path / "rows.csv").write_text("name,n\nann,1\nbob,2\n")
    done = postrunner("run", collection(item("one", server.url + "/{{name}}/{{n}}")), "-d", "rows.csv")
    assert [path for _, path, _, _ in server.seen] == ["/ann/1", "/bob/2"]
    assert "Iteration 2/2" in done.out


def test_more_iterations_than_rows_repeat_the_last_row(postrunner, collection, server, tmp_path):
    (tmp_path / "rows.json").write_text('[{"a": 1}, {"a": 2}]')
    postrunner("run", collection(item("one", server.url + "/{{a}}")), "-d", "rows.json", "-n", "3")
    assert [path for _, path, _, _ in server.seen] == ["/1", "/2", "/2"]


def test_folder_runs_only_what_it_names(postrunner, collection, server):
    folder = {"name": "F", "item": [item("in", server.url + "/in")]}
    postrunner("run", collection(item("out", server.url + "/out"), folder), "--folder", "F")
    assert [path for _, path, _, _ in server.seen] == ["/in"]


def test_set_next_request_jumps_and_an_unknown_name_is_reported(postrunner, collection, server):
    first = item("first", server.url + "/1", 'pm.execution.setNextRequest("third")')
    third = item("third", server.url + "/3", 'postman.setNextRequest("nowhere")')
    done = postrunner("run", collection(first, item("second", server.url + "/2"), third, item("last", server.url + "/4")))
    assert [path for _, path, _, _ in server.seen] == ["/1", "/3"]
    assert "nowhere" in done.out


def test_null_as_next_request_ends_the_iteration_not_the_run(postrunner, collection, server):
    first = item("first", server.url + "/1", "pm.execution.setNextRequest(null)")
    postrunner("run", collection(first, item("second", server.url + "/2")), "-n", "2")
    assert [path for _, path, _, _ in server.seen] == ["/1", "/1"]


def test_skip_request_sends_nothing_and_runs_no_tests(postrunner, collection, server):
    one = item("one", server.url, 'pm.test("never", () => { throw 1 })', "pm.execution.skipRequest()")
    done = postrunner("run", collection(one, item("two", server.url + "/2")))
    assert done.code == 0
    assert [path for _, path, _, _ in server.seen] == ["/2"]


def test_bail_ends_the_run_after_the_failing_item(postrunner, collection, server):
    bad = item("bad", server.url + "/1", 'pm.test("a", () => { throw 1 }); pm.test("b", () => {})')
    done = postrunner("run", collection(bad, item("next", server.url + "/2")), "--bail", "-n", "2")
    assert done.code == 1
    assert len(server.seen) == 1
    assert "b" in done.out


def test_bail_folder_ends_the_run_at_a_script_error_but_not_at_a_failed_assertion(postrunner, collection, server):
    failing = item("failing", server.url + "/1", 'pm.test("a", () => { throw 1 })')
    broken = item("broken", server.url + "/2", prerequest="nope()")
    done = postrunner("run", collection(failing, broken, item("next", server.url + "/3")), "--bail", "folder")
    assert done.code == 1
    assert [path for _, path, _, _ in server.seen] == ["/1"]


def test_a_failing_prerequest_script_does_not_stop_the_request(postrunner, collection, server):
    done = postrunner("run", collection(item("one", server.url + "/1", prerequest="nope()")))
    assert done.code == 1
    assert len(server.seen) == 1
    assert "nope is not defined" in done.out


def test_tests_run_after_a_failed_request(postrunner, collection):
    done = postrunner("run", collection(item("one", "http://127.0.0.1:1/", 'pm.test("it ran", () => {})')))
    assert done.code == 1
    assert "connect ECONNREFUSED 127.0.0.1:1" in done.out
    assert "it ran" in done.out


def test_inherited_auth_is_sent_and_noauth_stops_it(postrunner, collection, server):
    bearer = {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]}
    off = item("off", server.url + "/off", auth={"type": "noauth"})
    done = postrunner("run", collection(item("on", server.url + "/on"), off, auth=bearer), "--env-var", "token=t0ken")
    assert [headers.get("Authorization") for _, _, headers, _ in server.seen] == ["Bearer t0ken", None]
    assert "t0ken" not in done.out


def test_an_unknown_auth_type_fails_the_item_and_sends_nothing(postrunner, collection, server):
    done = postrunner("run", collection(item("one", server.url, auth={"type": "magic"})))
    assert done.code == 1
    assert "magic" in done.out
    assert server.seen == []


def test_scripts_change_the_request_before_it_is_sent(postrunner, collection, server):
    change = 'pm.request.headers.add({key: "X-New", value: "{{v}}"}); pm.variables.set("v", 7); pm.request.method = "POST"'
    postrunner("run", collection(item("one", server.url + "/1", prerequest=change)), "-n", "2")
    assert [(method, headers.get("X-New")) for method, _, headers, _ in server.seen] == [("POST", "7")] * 2


def test_requests_of_scripts_are_sent_and_awaited(postrunner, collection, server):
    script = f'const r = await pm.sendRequest("{server.url}/side"); pm.environment.set("id", r.json().id)'
    done = postrunner("run", collection(item("one", server.url + "/main/{{id}}", prerequest=script)))
    assert done.code == 0
    assert [path for _, path, _, _ in server.seen] == ["/side", "/main/1"]


def test_unresolved_variables_are_sent_literally_and_reported_once(postrunner, collection, server):
    one = item("one", server.url + "/x?q={{nope}}&r={{$unknownName}}")
    done = postrunner("run", collection(one), "-n", "2")
    assert [path for _, path, _, _ in server.seen] == ["/x?q={{nope}}&r={{$unknownName}}"] * 2
    assert done.out.count("{{nope}} has no value") == 1
    assert "$unknownName" in done.out


def test_delay_timeout_and_limits_accept_milliseconds(postrunner, collection, server):
    done = postrunner(
        "run", collection(item("one", server.url)), "--delay-request", 1, "--timeout", 60000, "--timeout-request", 5000,
        "--timeout-script", 5000,
    )  # fmt: skip
    assert done.code == 0


def test_the_run_ends_at_its_time_limit_with_its_reports_written(postrunner, collection, server, tmp_path):
    slow = item("slow", server.url, prerequest="setTimeout(() => {}, 60000)")
    done = postrunner(
        "run", collection(slow), "--timeout", 300, "-r", "cli,json", "--reporter-json-export", tmp_path / "r.json"
    )
    assert done.code == 1
    assert "callback timed out" in done.out + done.err
    assert report(tmp_path / "r.json")["error"]


def test_the_json_report_has_newmans_structure(postrunner, collection, server, tmp_path):
    test = 'pm.test("ok", () => {}); pm.test("no", () => pm.expect(1).to.eql(2)); pm.test.skip("later", () => {})'
    postrunner(
        "run", collection(item("one", server.url + "/a", test)), "-r", "json", "--reporter-json-export", "out/r.json"
    )
    run = report(tmp_path / "out" / "r.json")
    assert run["stats"]["assertions"] == {"total": 3, "pending": 0, "failed": 1}
    execution = run["executions"][0]
    assert [(a["assertion"], a["skipped"]) for a in execution["assertions"]] == [
        ("ok", False),
        ("no", False),
        ("later", True),
    ]
    assert execution["response"]["code"] == 200
    assert run["failures"][0]["at"] == "assertion:1 in test-script"


def test_exported_environment_keeps_everything_and_has_the_new_values(postrunner, collection, server, tmp_path):
    environment = {
        "id": "e1",
        "name": "E",
        "values": [
            {"key": "a", "value": "1", "type": "default", "enabled": True},
            {"key": "off", "value": "x", "type": "secret", "enabled": False},
        ],
        "_postman_variable_scope": "environment",
    }
    (tmp_path / "env.json").write_text(json.dumps(environment))
    script = 'pm.environment.set("a", "2"); pm.environment.set("b", 3)'
    postrunner("run", collection(item("one", server.url, script)), "-e", "env.json", "--export-environment", "out.json")
    exported = json.loads((tmp_path / "out.json").read_text())
    assert exported["id"] == "e1"
    assert exported["values"][:2] == [{**environment["values"][0], "value": "2"}, environment["values"][1]]
    assert (exported["values"][2]["key"], exported["values"][2]["value"]) == ("b", 3)


def test_exported_globals_have_what_scripts_set_and_a_collection_only_when_asked(postrunner, collection, server, tmp_path):
    script = 'pm.globals.set("g", "1"); pm.collectionVariables.set("v", "2")'
    path = collection(item("one", server.url, script), variable=[{"key": "v", "value": "1"}])
    postrunner("run", path, "--export-globals", "g.json", "--export-collection", "c1.json")
    postrunner("run", path, "--export-collection-values", "--export-collection", "c2.json")
    assert json.loads((tmp_path / "g.json").read_text())["values"][0]["value"] == "1"
    before, same, after = (json.loads((tmp_path / name).read_text()) for name in (path.name, "c1.json", "c2.json"))
    assert same == before
    assert after == {**before, "variable": [{"key": "v", "value": "2"}]}


def test_a_secret_that_a_script_set_is_exported_only_when_asked(postrunner, collection, server, tmp_path):
    (tmp_path / "env.json").write_text(json.dumps({"values": [{"key": "token", "value": "old", "type": "secret"}]}))
    path = collection(item("one", server.url, 'pm.environment.set("token", "new")'))
    written = []
    for flags in ((), ("--export-secrets",)):
        postrunner("run", path, "-e", "env.json", "--export-environment", "e2.json", *flags)
        written.append(json.loads((tmp_path / "e2.json").read_text())["values"][0]["value"])
    assert written == ["old", "new"]


def test_strict_variables_fail_the_item_that_names_an_unknown_one(postrunner, collection, server):
    one, two = item("one", server.url + "/{{nope}}"), item("two", server.url + "/two")
    done = postrunner("run", collection(one, two), "--strict-variables")
    assert done.code == 1
    assert "the variable {{nope}} has no value" in done.out
    assert [path for _, path, _, _ in server.seen] == ["/two"]


def test_a_value_in_a_vault_is_named_in_a_warning(postrunner, collection, server, tmp_path):
    reference = {"key": "token", "value": "", "secret": True, "source": {"provider": "vault"}}
    (tmp_path / "env.json").write_text(json.dumps({"values": [reference]}))
    script = 'pm.test("undefined", () => pm.expect(pm.environment.get("token")).to.be.undefined)'
    path = collection(item("one", server.url + "/a?t={{token}}&v={{vault:key}}", script))
    done = postrunner("run", path, "-e", "env.json")
    assert done.code == 0
    assert "the value of {{token}} is in a vault" in " ".join(done.out.split())
    assert "the value of {{vault:key}} is in a vault" in " ".join(done.out.split())
    postrunner("run", path, "-e", "env.json", "--env-var", "token=1", "--env-var", "vault:key=2")
    assert [path for _, path, _, _ in server.seen] == ["/a?t={{token}}&v={{vault:key}}", "/a?t=1&v=2"]


def test_undeclared_globals_live_on_from_script_to_script(postrunner, collection, server):
    first = item("first", server.url, "counter = 5")
    done = postrunner(
        "run", collection(first, item("second", server.url, 'pm.test("kept", () => pm.expect(counter).to.eql(5))'))
    )
    assert done.code == 0


def test_run_request_runs_another_item_with_its_scripts(postrunner, collection, server):
    other = {**item("other", server.url + "/other", 'pm.environment.set("seen", pm.response.code)'), "id": "other-id"}
    main = item("main", server.url + "/{{seen}}", prerequest='await pm.execution.runRequest("other-id")')
    postrunner("run", collection(other, main), "--folder", "main")
    assert [path for _, path, _, _ in server.seen] == ["/other", "/200"]


def test_test_scripts_see_the_request_as_it_was_sent(postrunner, collection, server):
    test = """
        pm.test("headers", () => {
            pm.expect(pm.request.headers.get("Authorization")).to.eql("Basic dTpw");
            pm.expect(pm.request.headers.get("User-Agent")).to.match(/^PostmanRuntime/);
            pm.expect(pm.request.url.toString()).to.match(/x=7$/);
        })"""
    one = item("one", server.url + "/?x={{x}}", test, auth={"type": "basic", "basic": {"username": "u", "password": "p"}})
    done = postrunner("run", collection(one), "--env-var", "x=7")
    assert done.code == 0, done.out


def test_a_script_that_needs_more_memory_fails_names_the_option_and_the_run_goes_on(postrunner, collection, server):
    greedy = item("greedy", server.url, test="const all = []; while (true) all.push(new Array(1e5).fill(1.5))")
    after = item("after", server.url, test="pm.test('alive', () => {})")
    done = postrunner("run", collection(greedy, after), "--script-memory", "160MB")
    assert done.code == 1
    assert "the script needs more memory than --script-memory allows (160 MB)" in " ".join(done.out.split())
    assert "alive" in done.out


@pytest.mark.parametrize("size", ["1MB", "127MB", "4097MB", "many"])
def test_memory_for_scripts_that_cannot_be_is_a_mistake_of_usage(postrunner, collection, server, size):
    done = postrunner("run", collection(item("one", server.url)), "--script-memory", size)
    assert (done.code, server.seen) == (2, [])
    assert size in done.err
