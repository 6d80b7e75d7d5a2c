"""Whole load tests: what the server gets is what was asked for and what is told."""

import re
import signal
import subprocess
from collections import Counter

from tests.load.conftest import command, environment, item


def requests_told(out):
    """The number of requests that the output tells of."""
    return int(re.search(r"http_reqs\.+: (\d+) ", out)[1])


def test_users_run_the_collection_with_their_own_cookies_rows_of_data_and_what_the_setup_set(load, server, write):
    own = "pm.environment.set('user', pm.environment.get('user') || pm.variables.replaceIn('{{$guid}}'))"
    collection = write(
        [
            {"name": "First", "item": [item("token", f"{server.url}/token", "pm.environment.set('from', 'setup')")]},
            {
                "name": "Main",
                "item": [
                    item("login", f"{server.url}/login?{{{{user}}}}=1", before=own),
                    item("use", f"{server.url}/use?row={{{{id}}}}&user={{{{user}}}}&from={{{{from}}}}"),
                ],
            },
            {"name": "Last", "item": [item("end", f"{server.url}/end")]},
        ]
    )
    data = write("id\n1\n2\n3\n", "data.csv")
    done = load(collection, "-d", data, "--users", 4, "--iterations", 12, "--setup", "First", "--teardown", "Last")
    assert (done.code, done.err) == (0, "")
    used = [dict(pair.split("=") for pair in one.query.split("&")) for one in server.seen if one.path == "/use"]
    assert Counter(one["row"] for one in used) == {"1": 4, "2": 4, "3": 4}
    assert {one["from"] for one in used} == {"setup"}
    cookies = [one.headers["Cookie"] for one in server.seen if one.path == "/use"]
    assert cookies == [f"{one['user']}=1" for one in used]
    assert [one.path for one in server.seen].count("/token") == [one.path for one in server.seen].count("/end") == 1
    assert server.seen[0].path == "/token"
    assert server.seen[-1].path == "/end"
    assert requests_told(done.out) == len(server.seen) - 2


def test_the_server_gets_exactly_the_requests_that_are_told_and_users_keep_their_connections(load, server, write):
    sending = "pm.sendRequest(pm.variables.get('url') + '/beside', () => {})"
    collection = write([item("a", "{{url}}/a", sending), item("b", "{{url}}/b")])
    done = load(collection, "--env-var", f"url={server.url}", "--users", 8, "--duration", "1s")
    assert (done.code, done.err) == (0, "")
    assert requests_told(done.out) == len(server.seen)
    paths = Counter(one.path for one in server.seen)
    assert paths["/a"] == paths["/b"] == paths["/beside"]
    assert len({one.peer for one in server.seen}) <= 16


def test_a_failed_assertion_is_a_failure_and_a_status_alone_is_none(load, server, write):
    plain = write([item("a", f"{server.url}/status/500")])
    assert load(plain, "--iterations", 2).code == 0
    failing = write([item("a", f"{server.url}/a", "pm.test('is created', () => pm.response.to.have.status(201))")])
    done = load(failing, "--iterations", 2)
    assert done.code == 1
    assert "100.00% 2 out of 2" in done.out
    assert "is created" in done.out


def test_after_a_failed_setup_no_load_is_sent(load, server, write):
    collection = write(
        [
            item("first", f"{server.url}/first", "pm.test('ready', () => { throw Error('not yet') })"),
            item("a", f"{server.url}/a"),
        ]
    )
    done = load(collection, "--iterations", 5, "--setup", "first")
    assert (done.code, done.out) == (1, "")
    assert "not yet" in done.err
    assert "the setup failed: no load was sent" in done.err
    assert [one.path for one in server.seen] == ["/first"]


def test_unique_rows_are_used_once_and_then_the_test_is_over(load, server, write):
    collection, data = write([item("a", f"{server.url}/a?{{{{id}}}}")]), write('[{"id": "x"}, {"id": "y"}]', "data.json")
    done = load(collection, "-d", data, "--users", 3, "--duration", "60s", "--data-distribution", "unique")
    assert done.code == 0
    assert sorted(one.query for one in server.seen) == ["x", "y"]
    assert "the data ran out" in done.err


def test_starts_of_a_rate_for_which_no_user_is_free_are_dropped(load, server, write):
    done = load(
        write([item("a", f"{server.url}/wait")]),
        "--rate",
        "50/s",
        "--max-users",
        2,
        "--duration",
        "1s",
        "--stop-timeout",
        "0s",
    )
    assert done.code == 1
    assert len(server.seen) == requests_told(done.out) == 2
    assert int(re.search(r"dropped_iterations\.+: (\d+) ", done.out)[1]) > 2


def test_ctrl_c_ends_iterations_in_order_and_tells_of_all(server, write, tmp_path):
    words = command(
        write([item("a", f"{server.url}/wait"), item("b", f"{server.url}/b")]), "--users", 3, "--duration", "60s"
    )
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment()) as process:
        assert server.waiting.wait(30)
        process.send_signal(signal.SIGINT)
        server.go_on.set()
        out = process.communicate()[0]
    assert process.returncode == 130
    assert requests_told(out) == len(server.seen)
    paths = Counter(one.path for one in server.seen)
    assert paths["/wait"] == paths["/b"]


def test_a_crossed_threshold_ends_the_test_early_and_with_an_exit_code_of_its_own(load, server, write):
    collection = write([item("a", f"{server.url}/a", "pm.test('no', () => { throw Error('no') })")])
    done = load(collection, "--duration", "60s", "--pass-if", "error_rate<10%", "--abort-on-fail", "--abort-delay", "1s")
    assert done.code == 99
    assert "✗ error_rate<10%  100%" in done.out
    assert "Aborted" in done.out
    assert requests_told(done.out) == len(server.seen)


def test_a_threshold_on_a_request_that_is_not_there_is_told_before_anything_is_sent(load, server, write):
    done = load(write([item("a", f"{server.url}/a")]), "--duration", "60s", "--pass-if", "p95{b}<1s")
    assert (done.code, server.seen) == (2, [])
    assert "there is no request or folder 'b'" in done.err


def test_an_endless_script_fails_alone_and_what_its_neighbours_do_is_done_again(load, server, write):
    script = """
        if (typeof seen === 'undefined') { seen = 0; pm.sendRequest(pm.variables.get('url') + '/new-world', () => {}) }
        seen += 1;
        pm.environment.set('n', seen);
        if (pm.iterationData.get('id') === 'bad') while (true) {}
        pm.sendRequest(pm.variables.get('url') + '/beside', () => {
            pm.test('goes on', () => pm.expect(pm.environment.get('n')).to.equal(seen));
        });
    """
    collection = write([item("a", "{{url}}/a", script)])
    rows = "\n".join(["id", *(f"row{n}" for n in range(6)), "bad", *(f"row{n}" for n in range(6, 16))])
    words = ["-d", write(rows, "data.csv"), "--users", 4, "--iterations", 17, "--timeout-script", 1000]
    done = load(collection, "--env-var", f"url={server.url}", *words)
    assert done.code == 1
    paths = Counter(one.path for one in server.seen)
    assert (paths["/a"], paths["/beside"]) == (17, 16)
    assert 4 <= paths["/new-world"] <= 5  # that of the endless script begins anew, if its user goes on
    assert requests_told(done.out) == len(server.seen)
    assert "1 × script  a: Error: sandbox: synchronous script execution timeout" in done.out
    assert done.out.rstrip().endswith(": 1 script failed")


def test_over_tls_each_user_has_connections_of_its_own_and_keeps_them(load, tls_server, write):
    collection = write([item("a", f"{tls_server.url}/a"), item("b", f"{tls_server.url}/b")])
    trusted = write(tls_server.certificate, "ca.pem")
    done = load(collection, "--users", 3, "--iterations", 30, "--ssl-extra-ca-certs", trusted)
    assert (done.code, done.err) == (0, "")
    assert len(tls_server.seen) == requests_told(done.out) == 60
    assert len({one.peer for one in tls_server.seen}) == 3
