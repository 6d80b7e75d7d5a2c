"""`postrunner run --snapshot` as somebody types it, and `--snapshot-learn`."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest

from runner.cli import main
from tests.snapshots.conftest import folder, item
from tests.snapshots.test_review import Person


class Server(ThreadingHTTPServer):
    """Answers each path with what the test's function says, which gets how often it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = {}, {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = self.server.asked[self.path] = self.server.asked.get(self.path, 0) + 1
        body = self.server.answers[self.path](asked)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain" if isinstance(body, bytes) else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with Server() as found:
        yield found
        found.shutdown()


class Done(NamedTuple):
    exit_code: int
    output: str


@pytest.fixture
def run(api, server, tmp_path, monkeypatch, capfd):
    """Runs the collection file of `api` against `server` by the command line; what both streams say is one text."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*args):
        api.file.write_text(api.file.read_text().replace("http://api", server.url))
        capfd.readouterr()
        code = main(["run", "shop.json", *args])
        return Done(code, "".join(capfd.readouterr()))

    return call


def test_the_option_stands_alone_or_has_a_value(api, server, run):
    server.answers["/a"] = lambda asked: {"n": 1}
    first = run("--snapshot")
    assert (first.exit_code, "snapshots: 1 new" in first.output) == (0, True)
    server.answers["/a"] = lambda asked: {"n": 2}
    second = run("--snapshot", "check")
    assert second.exit_code == 1
    assert "snapshots: 1 different" in second.output
    assert "$.n:" in second.output
    assert run("--snapshot", "update").exit_code == 0
    assert run("--snapshot=check").exit_code == 0


def test_unused_ones_are_listed(api, server, run):
    server.answers["/a"] = lambda asked: {}
    run("--snapshot", "-n", "2")
    assert "unused: shop.snapshots/a - iteration 2.json (--snapshot-prune removes it)" in run("--snapshot").output


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--snapshot", "maybe"], "maybe: does not exist"),
        (["--snapshot=maybe"], "none of auto, check, update, review"),
        (["--snapshot", "review"], "this is not a terminal"),
        (["--snapshot-learn"], "without --snapshot"),
        (["--snapshot", "--snapshot-prune", "--folder", "a"], "only a part"),
        (["--snapshot", "check", "--snapshot-learn"], "not with --snapshot check"),
        (["--snapshot", "--snapshot-learn", "--snapshot-prune"], "not with --snapshot-prune"),
        (["--snapshot", "--snapshot-ignore", "b:$.x"], "names no request"),
    ],
)
def test_mistakes_end_with_2_and_send_nothing(server, run, args, message):
    result = run(*args)
    assert (result.exit_code, server.asked) == (2, {})
    assert message in result.output


def test_a_difference_has_colours(api, server, run):
    server.answers["/a"] = lambda asked: {"n": asked}
    run("--snapshot")
    shown = run("--snapshot", "--color", "on").output
    assert "\x1b[31m- 1\x1b[0m" in shown
    assert "\x1b[32m+ 2\x1b[0m" in shown


def test_the_page_shows_lines_of_a_difference_and_the_counts(api, server, run, tmp_path):
    server.answers["/a"] = lambda asked: {"n": f"<{asked}>"}
    run("--snapshot")
    run("--snapshot", "-r", "html", "--reporter-html-export", "report.html")
    page = (tmp_path / "report.html").read_text()
    assert '<span class="diff bad">- &#34;&lt;1&gt;&#34;</span><span class="diff good">+ &#34;&lt;2&gt;&#34;</span>' in page
    assert "1 different" in page


# -- learning -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def volatile(api, server):
    """Requests whose answers differ in one way each."""
    api.collect(
        folder("F", item("value"), item("each"), item("length"), item("order")), item("text"), item("root"), item("same")
    )
    server.answers |= {
        "/value": lambda asked: {"a": {"b c": asked}, "id": f"550e8400-e29b-41d4-a716-44665544000{asked}"},
        "/each": lambda asked: {"l": [{"n": asked}, {"n": asked + 10}]},
        "/length": lambda asked: {"l": ["x"] * asked},
        "/order": lambda asked: {"l": [1, 2, 3] if asked % 2 else [3, 1, 2]},
        "/text": lambda asked: f"asked {asked} times".encode(),
        "/root": lambda asked: [1] * asked,
        "/same": lambda asked: {"a": 1},
    }


LEARNED = {
    "rules": 1,
    "ignore": ["F/value:$.a['b c']", "F/each:$.l[*].n", "F/length:$.l", "text:body", "root:body"],
    "unordered": ["F/order:$.l"],
    "exact": [],
}


@pytest.mark.usefixtures("volatile")
def test_with_update_rules_and_snapshots_are_written_and_later_runs_pass(api, run):
    result = run("--snapshot", "update", "--snapshot-learn")
    assert result.exit_code == 0, result.output
    assert json.loads((api.snapshots / "rules.json").read_text()) == LEARNED
    assert len(api.files) == 8
    for _ in range(2):
        again = run("--snapshot", "check")
        assert (again.exit_code, "snapshots: 7 as before" in again.output) == (0, True), again.output


@pytest.mark.usefixtures("volatile")
def test_without_a_terminal_rules_are_shown_and_nothing_is_written(api, run):
    result = run("--snapshot", "--snapshot-learn", "--silent")
    assert result.exit_code == 0
    assert "  - 1\n  + 2\n  rule: ignore F/value:$.a['b c']\n" in result.output
    assert "rule: unordered F/order:$.l" in result.output
    assert "nothing was written" in result.output
    assert api.files == []


def test_what_a_rule_says_already_is_not_proposed_again(api, server, run):
    server.answers["/a"] = lambda asked: {"n": asked, "m": asked}
    api.snapshots.mkdir()
    (api.snapshots / "rules.json").write_text('{"rules": 1, "ignore": ["a:$.n"], "exact": ["a:$.x"]}')
    run("--snapshot", "update", "--snapshot-learn")
    rules = json.loads((api.snapshots / "rules.json").read_text())
    assert rules == {"rules": 1, "ignore": ["a:$.n", "a:$.m"], "unordered": [], "exact": ["a:$.x"]}


def test_two_equal_runs_propose_nothing(api, server, run):
    server.answers["/a"] = lambda asked: {"n": 1}
    result = run("--snapshot", "update", "--snapshot-learn", "--silent")
    assert "there are no rules to propose" in result.output
    assert api.files == ["a.json"]


@pytest.mark.parametrize(("answer", "written"), [("y", True), ("n", False), ("", False)])
def test_at_a_terminal_the_person_decides(api, server, run, monkeypatch, answer, written):
    server.answers["/a"] = lambda asked: {"n": asked}
    monkeypatch.setattr("sys.stdin", Person(f"{answer}\n"))
    result = run("--snapshot", "--snapshot-learn", "--silent")
    assert "Write 1 rule into shop.snapshots/rules.json (y/N)?" in result.output
    assert api.files == (["rules.json"] if written else [])


def test_learning_is_for_the_command_line(api):
    from runner.errors import UsageError

    api.answer({})
    with pytest.raises(UsageError, match="command line"):
        api.run("update", snapshot_learn=True)
