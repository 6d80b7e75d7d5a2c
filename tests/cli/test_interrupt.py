"""Ctrl-C, SIGTERM and SIGHUP end a run in order at any moment: once, twice within milliseconds, and again later."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runner import run
from tests.cli.conftest import item

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these signals to one process")
KINDS = ("json", "junit", "html", "ndjson")


class Hanging(BaseHTTPRequestHandler):
    """Answers at once, but for `/hang`, which is never answered; both tell that they were asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/hang":
            self.server.asked.set()
            self.server.ended.wait(120)
            return
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nok")
        if self.path == "/mark":
            self.server.asked.set()

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def hanging():
    """A server with `url`, and the event `asked`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Hanging) as http:
        http.daemon_threads = True
        http.asked, http.ended = threading.Event(), threading.Event()
        http.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.ended.set()
        http.shutdown()
        thread.join()


def environ():
    """The environment with the checkout on the path and unbuffered output."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


@contextmanager
def begin(tmp_path, *args, python=(), **more):
    """A run with every report and export, as a process that does not outlive a test that fails."""
    reports = [word for kind in KINDS for word in (f"--reporter-{kind}-export", f"r.{kind}")]
    exports = ["--export-environment", "e.json", "--export-cookie-jar", "jar.json", "--record", "tape.yaml"]
    command = [sys.executable, *python, "-m", "runner", "run", *map(str, args), "-r", "cli,json,junit,html,ndjson"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **more}
    with subprocess.Popen([*command, *reports, *exports], cwd=tmp_path, env=environ(), **pipes) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def all_is_whole(tmp_path, code):
    """Every report and export of an ended run can be read, and says that the run was ended."""
    run = json.loads((tmp_path / "r.json").read_text("utf-8"))["run"]
    assert run["error"]["message"] == "interrupted"
    assert run["failures"][-1]["error"]["message"] == "interrupted"
    root = ElementTree.fromstring((tmp_path / "r.junit").read_text("utf-8"))
    assert int(root.get("errors")) >= 1
    page = (tmp_path / "r.html").read_text("utf-8")
    assert page.rstrip().endswith("</html>")
    assert "Interrupted" in page
    last = json.loads((tmp_path / "r.ndjson").read_text("utf-8").splitlines()[-1])
    assert (last["event"], last["exitCode"], last["failed"]) == ("summary", code, True)
    assert json.loads((tmp_path / "e.json").read_text("utf-8"))["values"]
    assert json.loads((tmp_path / "jar.json").read_text("utf-8"))["cookies"][0]["key"] == "a"
    assert "version: 1" in (tmp_path / "tape.yaml").read_text("utf-8")
    assert [name for name in os.listdir(tmp_path) if ".part" in name] == []
    return run


ASK = 'await pm.sendRequest(pm.environment.get("url") + "/{}"); '
MOMENTS = {
    "in a request": item("hangs", "{{url}}/hang"),
    "in a script that loops": item("loops", "{{url}}/1", ASK.format("mark") + "for(;;);"),
    "in a request of a script": item("asks", "{{url}}/1", ASK.format("hang")),
    "in a timer of a script": item("t", "{{url}}/1", ASK.format("mark") + "await new Promise((e) => setTimeout(e, 60000))"),
    "between many requests": item("many", "{{url}}/mark"),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("number", "code", "times"), [(2, 130, 1), (2, 130, 5), (15, 143, 2), (1, 143, 2)])
def test_a_signal_ends_the_run_and_every_report_is_whole(collection, hanging, tmp_path, moment, number, code, times):
    path = collection(item("done", "{{url}}/0", 'pm.environment.set("seen", "yes")'), MOMENTS[moment])
    rounds = ("-n", "1000000" if "many" in moment else "1")
    with begin(tmp_path, path, "--env-var", f"url={hanging.url}", *rounds) as process:
        assert hanging.asked.wait(60)
        for _ in range(times):
            process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (code, "")
    assert "error: interrupted" in out
    found = all_is_whole(tmp_path, code)
    assert found["executions"][0]["response"]["code"] == 200


@pytest.mark.parametrize("times", [1, 3])
def test_a_signal_ends_the_delay_before_a_request(collection, hanging, tmp_path, times):
    with begin(tmp_path, collection(item("late", hanging.url)), "--delay-request", "600000") as process:
        assert any("late" in line for line in process.stdout)
        for _ in range(times):
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["run"]["error"]["message"] == "interrupted"


def test_a_signal_that_the_shell_ignores_stays_ignored(collection, hanging, tmp_path):
    ignored = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)}
    with begin(tmp_path, collection(item("hangs", hanging.url + "/hang")), **ignored) as process:
        assert hanging.asked.wait(60)
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 143


STAGES = (
    "runner.errors",
    "runner.cli.options",
    "runner.engine.plan",
    "runner.formats.postman.v2_request",
    "runner.client.http",
)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("number", "code"), [(2, 130), (15, 143)])
def test_a_signal_while_the_command_starts_is_one_line(collection, hanging, tmp_path, stage, number, code):
    """The interpreter tells of each import; the signal is sent when this one is told of."""
    path = collection(item("one", hanging.url), item("two", hanging.url))
    with begin(tmp_path, path, python=("-X", "importtime")) as process:
        assert any(line.split("|")[-1].strip() == stage for line in process.stderr)
        process.send_signal(number)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in err


# -- while reports are written ----------------------------------------------------------------------------------------


ENDED = (130, -2)
"""What a shell shows as 130; the second is a signal that met the interpreter when all its work was done."""


def until_it_ends(process, number):
    """Send a signal again and again, as somebody does who is tired of waiting."""
    while process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue


@pytest.mark.parametrize("kind", KINDS)
def test_a_pipe_that_nobody_reads_is_waited_for_until_a_signal_comes(collection, hanging, tmp_path, kind):
    os.mkfifo(tmp_path / "pipe")
    kinds = [kind, *(other for other in KINDS if other != kind)]
    exports = [word for other in kinds[1:] for word in (f"--reporter-{other}-export", f"r.{other}")]
    command = [sys.executable, "-m", "runner", "run", str(collection(item("one", hanging.url + "/mark")))]
    command += ["-r", ",".join(["cli", *kinds]), f"--reporter-{kind}-export", "pipe", *exports]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, env=environ(), **pipes) as process:
        assert kind == "ndjson" or any("average response time" in line for line in process.stdout)
        assert kind != "ndjson" or any("postrunner" in line for line in process.stdout)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 143
    assert err.splitlines() == ["warning: pipe: cannot be written: nobody takes it"]
    assert all((tmp_path / f"r.{other}").stat().st_size > 100 for other in kinds[1:])


def test_after_a_signal_a_pipe_without_a_reader_is_not_waited_for(collection, hanging, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with begin(tmp_path, collection(item("one", hanging.url + "/hang")), "--export-globals", "pipe") as process:
        assert hanging.asked.wait(60)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 143
    assert err == "warning: pipe: cannot be written: nobody takes it\n"


def test_after_a_signal_a_pipe_with_a_reader_gets_the_whole_report(collection, hanging, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text("utf-8")), daemon=True)
    holder = os.open(tmp_path / "pipe", os.O_RDWR)
    reader.start()
    path = collection(item("one", hanging.url + "/1"), item("two", hanging.url + "/hang"))
    with begin(tmp_path, path, "--export-collection", "pipe") as process:
        assert hanging.asked.wait(60)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    os.close(holder)
    reader.join(60)
    assert process.returncode == 130
    assert json.loads(read[0])["item"]


def test_standard_output_that_nobody_reads_is_given_up_and_the_files_are_whole(collection, hanging, tmp_path):
    path = collection(item("done", hanging.url + "/mark", 'console.log("x".repeat(200000))'))
    reader, writer = os.pipe()
    with begin(tmp_path, path, stdout=writer) as process:
        assert hanging.asked.wait(60)
        os.close(writer)
        until_it_ends(process, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    os.close(reader)
    assert process.returncode in ENDED
    assert "Traceback" not in err
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["run"]["stats"]


# -- from Python ------------------------------------------------------------------------------------------------------

CALLER = """
import json, signal, sys
import runner

if sys.argv[2] == "own":
    def own(number, frame):
        raise KeyboardInterrupt
    signal.signal(signal.SIGINT, own)
try:
    runner.run(sys.argv[1], reporters=("json", "junit"), export_environment="e.json", env_var=(("a", "b"),),
               reporter_options=(("json-export", "r.json"), ("junit-export", "r.junit")))
except KeyboardInterrupt as interrupt:
    print("raised", interrupt.summary.failures[-1].message)
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


@pytest.mark.parametrize(("handler", "times"), [("default", 1), ("default", 4), ("own", 1)])
def test_ctrl_c_is_raised_to_python_callers_when_reports_and_exports_are_written(
    collection, hanging, tmp_path, handler, times
):
    path = collection(item("hangs", hanging.url + "/hang"))
    command = [sys.executable, "-c", CALLER, str(path), handler]
    with subprocess.Popen(command, cwd=tmp_path, env=environ(), stdout=subprocess.PIPE, text=True) as process:
        assert hanging.asked.wait(60)
        for _ in range(times):
            process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert out.splitlines() == ["raised interrupted", str(handler == "default")]
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["run"]["error"]["message"] == "interrupted"
    assert (tmp_path / "r.junit").read_text("utf-8").rstrip().endswith("</testsuites>")
    assert json.loads((tmp_path / "e.json").read_text("utf-8"))["values"]


def test_a_listener_that_raises_it_is_answered_in_the_same_way(collection, hanging):
    def listen(event):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as raised:
        run(collection(item("one", hanging.url)), on_event=listen)
    assert raised.value.summary.failed


def test_the_next_run_of_the_same_program_is_not_interrupted(collection, hanging):
    path = collection(item("one", hanging.url))
    with pytest.raises(KeyboardInterrupt):
        run(path, on_event=lambda event: signal.raise_signal(signal.SIGINT))
    assert not run(path).failed
