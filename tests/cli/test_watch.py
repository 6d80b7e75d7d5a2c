"""`postrunner watch` runs again when a file that was read is saved, and ends as people expect it to."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import item

ROOT = Path(__file__).parents[2]
WAITS = "a save runs again"
CLEAR = "\x1b[2J"


class Watch:
    """A running `postrunner watch`; what it prints on both streams is read line by line."""

    def __init__(self, process):
        self.process = process
        self.lines = []

    def until(self, text):
        """The lines up to the next one with this text in it."""
        start = len(self.lines)
        for line in self.process.stdout:
            self.lines.append(line)
            if text in line:
                return "".join(self.lines[start:])
        raise AssertionError(f"{text!r} never came: {''.join(self.lines)}")

    def after(self, save, text=WAITS):
        """What is printed from a save on up to this text."""
        save()
        return self.until(text)

    def end(self, number=signal.SIGINT):
        """The exit code after this signal."""
        self.process.send_signal(number)
        self.until_closed()
        return self.process.wait(60)

    def until_closed(self):
        self.lines += self.process.stdout


@contextmanager
def watching(tmp_path, *args, **more):
    """A watch in this folder, as a process that does not outlive a test that fails."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "HOME": str(tmp_path), "COLUMNS": "100"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8", **more}
    command = [sys.executable, "-m", "runner", "watch", *map(str, args)]
    with subprocess.Popen(command, cwd=tmp_path, env=environ, **pipes) as process:
        try:
            yield Watch(process)
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture
def server(server):
    """The server, whose `/wait` waits until the test is over or says so."""
    server.waits = threading.Event()
    yield server
    server.waits.set()


def paths(server):
    return [path for _, path, _, _ in server.seen]


def touch(path):
    """Save a file without a change."""
    os.utime(path)


def replace(path, text):
    """Save as editors do: beside the file, and then over it."""
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text)
    os.replace(beside, path)


posix = pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these signals to one process")
pytestmark = posix


def test_every_file_that_a_run_reads_is_watched(tmp_path, server, collection):
    upload = {"body": {"mode": "file", "file": {"src": "{{folder}}/body.txt"}}, "method": "POST"}
    file = collection(item("a", "{{url}}/a", prerequest="pm.require('./lib.js')", **upload))
    texts = {
        "env.json": json.dumps({"values": [{"key": "url", "value": server.url}]}),
        "globals.json": json.dumps({"values": [{"key": "folder", "value": "up"}]}),
        "rows.csv": "a\n1\n",
        "more.env": "X=1\n",
        "lib.js": "",
        "up/body.txt": "body",
        "postrunner.toml": 'globals = "globals.json"\n',
        "certs.json": '[{"matches": ["https://a.example/*"], "cert": {"src": "own.pem"}}]',
        "own.pem": "",
    }
    (tmp_path / "up").mkdir()
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    options = ["-e", "env.json", "-d", "rows.csv", "--env-file", "more.env", "--ssl-client-cert-list", "certs.json"]
    with watching(tmp_path, file, *options) as watch:
        assert "watching 10 files" in watch.until(WAITS)
        for name in ("c.json", *texts):
            assert f"saved: {name.replace('/', os.sep)}\n" in watch.after(lambda name=name: touch(tmp_path / name))
        assert watch.end() == 0
    assert paths(server) == ["/a"] * 11


def test_a_save_as_editors_do_it_and_a_removal_count_too(tmp_path, server, collection):
    file = collection(item("a", f"{server.url}/a"))
    text = file.read_text()
    with watching(tmp_path, file) as watch:
        watch.until(WAITS)
        watch.after(lambda: replace(file, text.replace("/a", "/b")))
        assert "c.json: does not exist" in watch.after(file.unlink)
        watch.after(lambda: file.write_text(text))
    assert paths(server) == ["/a", "/b", "/a"]


def test_a_file_that_a_script_missed_is_watched_for(tmp_path, server, collection):
    file = collection(item("a", f"{server.url}/a", "pm.require('./new/lib.js')"))
    with watching(tmp_path, file) as watch:
        assert "1." in watch.until(WAITS)

        def make():
            (tmp_path / "new").mkdir()
            (tmp_path / "new" / "lib.js").write_text("")

        assert "saved: new" in watch.after(make, "saved")


def test_a_broken_file_shows_its_error_and_the_watch_goes_on(tmp_path, server, collection):
    file = collection(item("a", f"{server.url}/a"))
    text = file.read_text()
    file.write_text("{")
    with watching(tmp_path, file) as watch:
        assert "c.json:1:2: not valid JSON" in watch.until(WAITS)
        watch.after(lambda: replace(file, text))
        assert "error: postrunner.toml: not valid TOML" in watch.after(
            lambda: (tmp_path / "postrunner.toml").write_text("x")
        )
        watch.after((tmp_path / "postrunner.toml").unlink)
    assert paths(server) == ["/a", "/a"]


def test_what_failed_runs_first(tmp_path, server, collection):
    fails = "pm.test('t', () => pm.expect(pm.response.code).to.equal(200))"
    file = collection(item("a", f"{server.url}/a"), item("b", f"{server.url}/status/500", fails))
    with watching(tmp_path, file) as watch:
        watch.until(WAITS)
        watch.after(lambda: touch(file))
        watch.after(lambda: replace(file, file.read_text().replace("500", "200")))
        watch.after(lambda: touch(file))
    assert paths(server) == ["/a", "/status/500", "/status/500", "/a", "/status/200", "/a", "/a", "/status/200"]


def test_what_failed_still_runs_first_after_a_run_that_a_save_ended(tmp_path, server, collection):
    fails = item("b", f"{server.url}/status/500", "pm.test('t', () => { throw 1 })")
    file = collection(item("a", f"{server.url}/a"), fails, item("c", f"{server.url}/mark"), item("d", f"{server.url}/wait"))
    server.waits.set()
    with watching(tmp_path, file) as watch:
        watch.until(WAITS)
        server.waits.clear()
        server.marked.clear()
        watch.after(lambda: touch(file), "saved")
        assert server.marked.wait(60)
        watch.after(lambda: touch(file), "saved")
        server.seen.clear()
        server.waits.set()
        watch.until(WAITS)
    assert paths(server)[:2] == ["/status/500", "/a"]


def test_a_save_during_a_run_ends_it_with_whole_reports_and_begins_anew(tmp_path, server, collection):
    fails = item("fails", f"{server.url}/fails", "pm.test('t', () => { throw 1 })")
    file = collection(item("a", f"{server.url}/a"), item("hangs", "{{url}}/mark"), item("waits", "{{url}}/wait"), fails)
    env = tmp_path / "env.json"
    env.write_text(json.dumps({"values": [{"key": "url", "value": server.url}]}))
    with watching(tmp_path, file, "-e", env, "-r", "cli,json", "--reporter-json-export", "r.json", "--jobs", "2") as watch:
        assert server.marked.wait(60)
        watch.after(lambda: touch(env), "saved: env.json")
        run = json.loads((tmp_path / "r.json").read_text())["run"]
        assert [one["response"]["code"] for one in run["executions"][:2]] == [200, 200]
        assert "cancelled" in run["error"]["message"]
        server.waits.set()
        watch.until(WAITS)
        assert watch.end() == 0
    assert json.loads((tmp_path / "r.json").read_text())["run"]["error"] is None


def test_what_the_run_writes_is_no_save(tmp_path, server, collection):
    file = collection(item("a", f"{server.url}/a", "pm.environment.set('n', Date.now())"))
    env = tmp_path / "env.json"
    env.write_text('{"values": [{"key": "n", "value": "1"}]}')
    exports = ["--export-environment", env, "-r", "cli,json", "--reporter-json-export", "r/one.json"]
    with watching(tmp_path, file, "-e", env, *exports) as watch:
        watch.until(WAITS)
        for _ in range(2):
            assert watch.after(lambda: touch(file)).startswith("saved: c.json\n")


def test_a_new_file_that_a_pattern_matches_is_run(tmp_path, server, collection):
    for name in ("a", "b"):
        collection(item(name, f"{server.url}/{name}"), name=name)
    (tmp_path / "b.json").rename(tmp_path / "b.txt")
    with watching(tmp_path, "*.json") as watch:
        watch.until(WAITS)
        assert "saved: b.json" in watch.after(lambda: (tmp_path / "b.txt").rename(tmp_path / "b.json"))
    assert paths(server) == ["/a", "/a", "/b"]


def test_a_collection_that_is_a_folder_runs_again_for_each_of_its_files(tmp_path, server):
    shop = tmp_path / "shop"
    (shop / ".resources").mkdir(parents=True)
    (shop / ".resources" / "definition.yaml").write_text("$kind: collection\nname: Shop\n")
    for number, name in enumerate("ab"):
        text = f"$kind: http-request\nurl: {server.url}/{name}\nmethod: GET\norder: {number}\n"
        (shop / f"{name}.request.yaml").write_text(text)
    (shop / "b.request.yaml").rename(tmp_path / "b")
    with watching(tmp_path, "shop") as watch:
        watch.until(WAITS)
        new = shop / "b.request.yaml"
        assert f"saved: {os.path.join('shop', 'b.request.yaml')}" in watch.after(lambda: (tmp_path / "b").rename(new))
        assert "saved" in watch.after(lambda: touch(shop / ".resources" / "definition.yaml"))
    assert paths(server) == ["/a", "/a", "/b", "/a", "/b"]


def test_ctrl_c_during_a_run_is_an_interruption(tmp_path, server, collection):
    with watching(tmp_path, collection(item("a", f"{server.url}/mark"), item("b", f"{server.url}/wait"))) as watch:
        assert server.marked.wait(60)
        assert watch.end() == 130


def test_sigterm_between_two_runs_is_one_too(tmp_path, server, collection):
    with watching(tmp_path, collection(item("a", f"{server.url}/a"))) as watch:
        watch.until(WAITS)
        assert watch.end(signal.SIGTERM) == 143


def test_a_terminal_is_cleared_and_a_pipe_is_not(monkeypatch, tmp_path, server, collection):
    monkeypatch.delenv("CI", raising=False)  # whose terminals are logs
    file = collection(item("a", f"{server.url}/a"))
    with watching(tmp_path, file) as watch:
        watch.until(WAITS)
        assert CLEAR not in watch.after(lambda: touch(file))
    for option, cleared in (((), True), (("--no-clear",), False)):
        master, slave = os.openpty()
        with os.fdopen(slave, "w") as slave, open(master, encoding="utf-8", newline="\n") as screen:
            environ = {"stdout": slave, "stderr": slave, "text": None, "encoding": None}
            with watching(tmp_path, file, *option, **environ) as watch:
                watch.process.stdout = screen
                assert CLEAR not in watch.until(WAITS)
                assert (CLEAR in watch.after(lambda: touch(file))) is cleared
                watch.process.kill()
                watch.process.stdout = None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["none.json"], "none.json: does not exist"),
        (["c.json", "--bogus"], "--bogus"),
        (["c.json", "--rerun", "r.json", "--last-failed"], "--rerun"),
        ([], "no collection to run"),
    ],
)
def test_what_no_save_can_mend_ends_it_at_once(postrunner, collection, words, told):
    collection(item("a", "http://127.0.0.1:9/a"))
    done = postrunner("watch", *words)
    assert done.code == 2
    assert told in done.err


def test_a_pipe_which_can_be_read_only_once_is_refused(tmp_path):
    with watching(tmp_path, "-", stdin=subprocess.PIPE) as watch:
        assert "-: can be read only once" in watch.until("hint")
        watch.until_closed()
        assert watch.process.wait(60) == 2


def test_without_watchfiles_it_says_how_to_install_it(postrunner, collection, monkeypatch):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    done = postrunner("watch", collection(item("a", "http://127.0.0.1:9/a")))
    assert (done.code, done.out) == (2, "")
    assert "pip install 'postrunner[watch]'" in done.err
