"""A collection runs with two environments in step: exactly what differs between the servers is told."""

import json
from pathlib import Path

import pytest

from tests.diff.conftest import folder, item, told

OK = "pm.test('is 200', () => pm.response.to.have.status(200))"


def against(servers):
    """The words that set the base of both sides without environments."""
    return "--env-var", f"base={servers.left.url}", "--against-env-var", f"base={servers.right.url}"


def test_servers_that_answer_the_same_do_not_differ(in_step, collection):
    code, outcome = in_step(collection(item("a", test=OK), folder("f", item("b"))))
    assert (code, outcome["entries"], outcome["failed"]) == (0, [], [])
    assert (outcome["compared"], outcome["same"]) == (2, 2)
    assert [outcome[side]["label"].rpartition("/")[2] for side in ("left", "right")] == ["left.json", "right.json"]


def test_exactly_what_differs_is_told(in_step, collection, servers):
    servers.both("/same", {"n": 1, "l": [1, 2]}, {"l": [1, 2], "n": 1.0}, headers={"Date": "x", "X-Kind": "1"})
    servers.both("/body", {"a": 1, "gone": 1, "l": [1, 2]}, {"a": 2, "new": 1, "l": [1, 2, 3]})
    servers.left.answers["/status"] = (200, {}, {})
    servers.right.answers["/status"] = (500, {}, {})
    servers.left.answers["/header"] = (200, {"X-Kind": "1", "X-Gone": "1", "X-Request-Id": "1"}, {})
    servers.right.answers["/header"] = (200, {"x-kind": "2", "X-Request-Id": "2"}, {})
    path = collection(item("same"), folder("f", item("body"), item("status", test=OK)), item("header"))
    code, outcome = in_step(path)
    assert code == 1
    assert told(outcome) == [
        (
            "f/body",
            "changed",
            [("body", "value", "$.a"), ("body", "missing", "$.gone"), ("body", "new", "$.l[2]"), ("body", "new", "$.new")],
        ),
        ("f/status", "changed", [("status", "value", "status"), ("assertions", "value", "is 200")]),
        ("header", "changed", [("headers", "value", "header.X-Kind"), ("headers", "missing", "header.X-Gone")]),
    ]
    assert outcome["counts"] == {"assertions": 1, "body": 1, "headers": 1, "status": 1}
    assert outcome["failed"] == ["assertions (1 request), body (1 request), headers (1 request), status (1 request)"]
    status = outcome["entries"][1]["changes"]
    assert (status[0]["left"], status[0]["right"]) == ("200 OK", "500 Internal Server Error")
    assert status[1]["left"] == "passed"
    assert status[1]["right"].startswith("failed: expected response to have status code 200")


def test_both_sides_send_a_request_in_turn(in_step, collection, servers):
    order = []
    for side in ("left", "right"):
        for name in "abc":
            body = [lambda side=side, name=name: order.append(side[0] + name) or {}]
            getattr(servers, side).answers[f"/{name}"] = (200, {}, body)
    code, _ = in_step(collection(*map(item, "abc")))
    assert code == 0
    assert order == ["la", "ra", "lb", "rb", "lc", "rc"]


def test_each_side_has_its_own_variables(in_step, collection, servers):
    servers.both("/first", {"token": "L"}, {"token": "R"})
    script = "pm.environment.set('next', pm.response.json().token); pm.globals.set('g', 1)"
    path = collection(item("first", test=script), item("second", "/{{next}}{{g}}"))
    assert in_step(path, "--ignore", "$..*")[0] == 0
    assert (servers.left.seen, servers.right.seen) == (["/first", "/L1"], ["/first", "/R1"])


def test_runs_that_part_are_compared_request_by_request(in_step, collection, servers):
    servers.both("/start", {"next": "b"}, {"next": "c"})
    jump = "pm.execution.setNextRequest(pm.response.json().next)"
    code, outcome = in_step(collection(item("start", test=jump), item("b"), item("c")), "--ignore", "$.next")
    assert code == 1
    assert told(outcome) == [("b", "lost", [])]
    assert outcome["failed"] == ["lost (1 request)"]
    code, outcome = in_step(
        collection(item("start", test=jump), item("b"), item("c")), "--ignore", "$.next", "--fail-on=new"
    )
    assert code == 0


def test_a_request_that_runs_several_times_is_compared_in_its_order(in_step, collection, servers):
    again = "if (pm.response.json().again) pm.execution.setNextRequest('loop')"
    servers.both(
        "/loop", [lambda: {"again": 1, "n": 1}, lambda: {"n": 2}], [lambda: {"again": 1, "n": 1}, lambda: {"n": 3}]
    )
    code, outcome = in_step(collection(item("loop", test=again)))
    assert code == 1
    assert told(outcome) == [("loop", "changed", [("body", "value", "$.n")])]
    assert outcome["entries"][0]["occurrence"] == 1


def test_iterations_are_told_apart(in_step, collection, servers):
    servers.both("/a", [lambda: 1, lambda: 1, lambda: 1], [lambda: 1, lambda: 2, lambda: 1])
    _, outcome = in_step(collection(item("a")), "-n", "3")
    assert [one["iteration"] for one in outcome["entries"]] == [1]
    assert (outcome["compared"], outcome["same"]) == (3, 2)


def test_rules_of_bodies_and_headers_count(in_step, collection, servers):
    left = {"id": 1, "price": 10, "tags": ["a", "b"], "users": [{"id": 1, "n": 1}, {"id": 2, "n": 2}]}
    right = {"id": 2, "price": 10.05, "tags": ["b", "a"], "users": [{"id": 2, "n": 2}, {"id": 1, "n": 1}]}
    servers.left.answers["/a"] = (200, {"X-Own": "1"}, left)
    servers.right.answers["/a"] = (200, {"X-Own": "2"}, right)
    path, rules = collection(item("a")), ["--unordered", "$.tags", "--unordered", "$.users=id", "--tolerance", "$.price=1%"]
    assert in_step(path, "--ignore", "$.id", "--ignore", "header.x-own", *rules)[0] == 0
    code, outcome = in_step(path, *rules)
    assert told(outcome) == [("a", "changed", [("headers", "value", "header.X-Own"), ("body", "value", "$.id")])]
    code, outcome = in_step(path, "--only", "status,times")
    assert (code, outcome["areas"], outcome["entries"]) == (0, ["status", "times"], [])


def test_volatile_headers_count_with_all_headers(in_step, collection, servers):
    servers.left.answers["/a"] = (200, {"ETag": "1"}, {})
    servers.right.answers["/a"] = (200, {"ETag": "2"}, {})
    path = collection(item("a"))
    assert in_step(path)[0] == 0
    _, outcome = in_step(path, "--all-headers", "--ignore", "header.Date")
    assert told(outcome) == [("a", "changed", [("headers", "value", "header.ETag")])]


def test_texts_and_bytes_are_compared_by_what_they_are(in_step, collection, servers):
    servers.both("/text", b"one\ntwo\nthree", b"one\n2\nthree")
    servers.both("/bytes", b"\xff\x00", b"\xff\x01")
    _, outcome = in_step(collection(item("text"), item("bytes")))
    assert told(outcome) == [
        ("text", "changed", [("body", "value", "line 2")]),
        ("bytes", "changed", [("body", "value", "$")]),
    ]
    assert "SHA-256" in outcome["entries"][1]["changes"][0]["left"]


def test_a_server_that_is_gone_differs_and_two_that_are_gone_cannot_be_compared(diff, collection, servers):
    path, gone = collection(item("a")), "base=http://127.0.0.1:9"
    alive = f"base={servers.left.url}"
    code, out, _ = diff(path, "--env-var", alive, "--against-env-var", gone, "-r", "json")
    assert code == 1
    assert told(json.loads(out)) == [("a", "changed", [("status", "value", "status")])]
    code, out, err = diff(path, "--env-var", gone, "--against-env-var", "base=http://127.0.0.1:7")
    assert (code, out) == (2, "")
    assert "got no response" in err


def test_a_run_that_ends_early_fails_whatever_differs(in_step, collection, servers):
    servers.both("/a", {"stop": 0}, {"stop": 1})
    loop = "if (pm.response.json().stop) pm.execution.setNextRequest('a')"
    code, outcome = in_step(collection(item("a", test=loop)), "--max-requests", "3", "--fail-on", "nothing")
    assert code == 1
    assert "did not come to its end" in outcome["failed"][0]


@pytest.mark.parametrize("side", ["left", "right"])
def test_secrets_of_either_side_are_masked_on_both(diff, collection, environment, servers, side, tmp_path):
    secret = "Hq1Zk3XwVb7Tm9WrJs5L"
    servers.both("/a", {"echo": secret, "n": 1}, {"echo": secret, "n": 2}, headers={"X-Echo": secret})
    environments = [
        environment(name, base=getattr(servers, name).url, **({"secret_key": secret} if name == side else {}))
        for name in ("left", "right")
    ]
    page = tmp_path / "diff.json"
    words = ["-r", "cli,json", "--reporter-json-export", page]
    code, out, err = diff(collection(item("a")), "-e", environments[0], "--against-environment", environments[1], *words)
    assert code == 1
    assert secret not in out + err + page.read_text()
    assert told(json.loads(page.read_text())) == [("a", "changed", [("body", "value", "$.n")])]


def test_tokens_that_differ_are_both_masked_and_not_told(in_step, collection, servers):
    servers.both(
        "/login", {"access_token": "Hq1Zk3XwVb7Tm9WrJs5L", "n": 1}, {"access_token": "Zz8Yk3XwVb7Tm9WrJs5M", "n": 1}
    )
    keep = "pm.environment.set('token', pm.response.json().access_token)"
    code, outcome = in_step(collection(item("login", test=keep), item("use", "/use")))
    assert (code, outcome["entries"]) == (0, [])
    assert len(outcome["notes"]) == 1


def test_warnings_of_both_runs_are_told(in_step, collection):
    _, outcome = in_step(collection(item("a", test="pm.execution.setNextRequest('nowhere')")))
    assert [(note.partition(": ")[0][-10:], "nowhere" in note) for note in outcome["notes"]] == [
        ("/left.json", True),
        ("right.json", True),
    ]


def test_numbers_that_no_float_holds_are_told_as_they_came(diff, collection, servers):
    servers.both("/a", b'{"n": 1E400, "id": 9007199254740993}', b'{"n": 2E400, "id": 9007199254740992}')
    _, out, _ = diff(collection(item("a")), *against(servers))
    assert "$.n  1E400 → 2E400" in out
    assert "$.id  9007199254740993 → 9007199254740992" in out


def test_bodies_of_any_depth_are_told_in_every_output(diff, collection, servers, tmp_path):
    servers.both("/a", b"[" * 3_000 + b"1" + b"]" * 3_000, b"[" * 3_000 + b"2" + b"]" * 3_000)
    words = [f"--reporter-{name}-export={tmp_path / name}" for name in ("json", "html", "markdown")]
    code, out, _ = diff(collection(item("a")), *against(servers), "-r", "cli,json,html,markdown", *words)
    assert (code, "[0][0][0]" in out, "+ no environment with base" in out) == (1, True, True)
    assert {name: "[0][0]" in (tmp_path / name).read_text() for name in ("json", "html", "markdown")} == {
        "json": True,
        "html": True,
        "markdown": True,
    }


def test_the_configuration_steers_the_runs_but_not_their_outputs(in_step, collection, servers, tmp_path):
    text = 'reporters = ["junit"]\nexport-environment = "out.json"\niteration-count = 2\njobs = 4\nfolder = ["f"]\n'
    (tmp_path / "postrunner.toml").write_text(text)
    code, outcome = in_step(collection(folder("f", item("a")), item("b")))
    assert (code, outcome["compared"], servers.left.seen) == (0, 2, ["/a", "/a"])
    assert not (tmp_path / "out.json").exists()
    assert not (tmp_path / "newman").exists()


def test_several_collections_run_in_step(in_step, collection, servers):
    servers.both("/b", 1, 2)
    one, two = (collection(item(name), name=name, file=f"{name}.json") for name in "ab")
    code, outcome = in_step(one, two)
    assert (code, [(entry["collection"], entry["path"]) for entry in outcome["entries"]]) == (1, [("b", ["b"])])


def test_what_a_script_runs_is_compared_and_what_it_sends_is_not(in_step, collection, servers):
    servers.both("/b", {"n": 1}, {"n": 2})
    script = "await pm.execution.runRequest('x-b'); await pm.sendRequest(pm.variables.get('base') + '/c')"
    code, outcome = in_step(collection(item("a", test=script), item("b", id="x-b")), "--folder", "a")
    assert code == 1
    assert told(outcome) == [("b", "changed", [("body", "value", "$.n")])]
    assert outcome["compared"] == 2


def test_a_password_in_the_address_of_an_environment_is_masked(diff, collection, environment, servers):
    text = Path(environment("e", base=servers.right.url)).read_bytes()
    servers.right.answers["/e.json"] = (200, {}, text)
    address = servers.right.url.replace("//", "//ada:Hq1Zk3XwVb7T@") + "/e.json"
    words = "--env-var", f"base={servers.left.url}", "--against-environment", address
    _, out, err = diff(collection(item("a")), *words)
    assert "Hq1Zk3XwVb7T" not in out + err
    assert "+ http://ada:" in out
