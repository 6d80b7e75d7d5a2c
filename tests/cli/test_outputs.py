"""Every output is written by one rule: regular files are replaced whole, all else stays what it is and is written into."""

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runner import run
from tests.cli.conftest import item

ROOT = Path(__file__).parents[2]
OUTPUTS = {
    "json": ("-r", "json", "--reporter-json-export"),
    "junit": ("-r", "junit", "--reporter-junit-export"),
    "html": ("-r", "html", "--reporter-html-export"),
    "ndjson": ("-r", "ndjson", "--reporter-ndjson-export"),
    "environment": ("--export-environment",),
    "globals": ("--export-globals",),
    "collection": ("--export-collection",),
    "cookies": ("--export-cookie-jar",),
    "cassette": ("--record-mode", "all", "--record"),
    "tokens": ("--token-cache",),
}
BEGINNINGS = {"junit": "<?xml", "html": "<!doctype html>", "cassette": "interactions:"}
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root may do this")


@pytest.fixture
def requests(collection, server):
    """A collection that needs a token, so that every kind of output has something to hold."""
    token = {
        "accessTokenUrl": server.url + "/token",
        "clientId": "c",
        "clientSecret": "s",
        "grant_type": "client_credentials",
    }
    auth = {"type": "oauth2", "oauth2": [{"key": key, "value": value} for key, value in token.items()]}
    return collection(item("one", server.url + "/", auth=auth))


@pytest.fixture
def write(postrunner, requests):
    """Write an output of this kind to a path; the run must pass and say nothing about it."""

    def call(kind, path):
        done = postrunner("run", requests, *OUTPUTS[kind], path)
        assert (done.code, done.err) == (0, "")

    return call


def whole(kind, text):
    """Whether this is a complete output of its kind."""
    if kind in BEGINNINGS:
        ends = {"junit": "</testsuites>", "html": "</html>", "cassette": "version: 1"}
        return text.lower().startswith(BEGINNINGS[kind]) and text.rstrip().endswith(ends[kind])
    if kind == "ndjson":
        return json.loads(text.splitlines()[-1])["event"] == "summary"
    return bool(json.loads(text))


def nothing_beside(path):
    return sorted(name for name in os.listdir(path.parent) if ".part" in name) == []


@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_new_file_is_made_with_its_folders(write, tmp_path, kind):
    path = tmp_path / "a" / "b" / "out"
    write(kind, path)
    assert whole(kind, path.read_text("utf-8"))
    assert os.listdir(path.parent) == ["out"]


@posix
@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_new_file_follows_the_umask_and_private_ones_are_for_their_owner(write, tmp_path, kind):
    before = os.umask(0o027)
    try:
        write(kind, tmp_path / "out")
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(tmp_path / "out").st_mode) == (0o600 if kind in ("cookies", "tokens") else 0o640)


@posix
@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_link_stays_and_the_file_behind_it_gets_the_text_and_keeps_its_mode(write, tmp_path, kind):
    (tmp_path / "real").write_text("old" if kind != "tokens" else "")
    os.chmod(tmp_path / "real", 0o606)
    (tmp_path / "link").symlink_to("real")
    write(kind, tmp_path / "link") if kind != "tokens" else None
    assert (tmp_path / "link").is_symlink()
    if kind != "tokens":  # the one whose mode is its promise: see below
        assert whole(kind, (tmp_path / "real").read_text("utf-8"))
        assert stat.S_IMODE(os.stat(tmp_path / "real").st_mode) == 0o606
    assert nothing_beside(tmp_path / "real")


@posix
@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_link_to_nothing_makes_the_file_it_names(write, tmp_path, kind):
    (tmp_path / "link").symlink_to(tmp_path / "far" / "real")
    write(kind, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert whole(kind, (tmp_path / "far" / "real").read_text("utf-8"))


@posix
@pytest.mark.parametrize("kind", [kind for kind in OUTPUTS if kind != "tokens"])
@pytest.mark.parametrize("old", ["", "x" * 200_000])
def test_every_name_of_a_file_shows_the_new_text(write, tmp_path, kind, old):
    (tmp_path / "one").write_text(old)
    os.link(tmp_path / "one", tmp_path / "two")
    write(kind, tmp_path / "one")
    assert os.path.samefile(tmp_path / "one", tmp_path / "two")
    assert whole(kind, (tmp_path / "two").read_text("utf-8"))


@posix
def test_a_file_of_tokens_becomes_private_under_each_of_its_names(write, tmp_path):
    write("tokens", tmp_path / "one")
    (tmp_path / "one").write_text(json.dumps({**json.loads((tmp_path / "one").read_text()), "tokens": {}}))
    os.link(tmp_path / "one", tmp_path / "two")
    os.chmod(tmp_path / "one", 0o644)
    write("tokens", tmp_path / "one")
    assert json.loads((tmp_path / "two").read_text())["tokens"]
    assert stat.S_IMODE(os.stat(tmp_path / "two").st_mode) == 0o600


@posix
@pytest.mark.parametrize("kind", [kind for kind in OUTPUTS if kind != "tokens"])
def test_a_named_pipe_stays_one_and_its_reader_gets_the_whole_text(write, tmp_path, kind):
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text("utf-8")), daemon=True)
    reader.start()
    write(kind, tmp_path / "pipe")
    reader.join(30)
    assert whole(kind, read[0])
    assert stat.S_ISFIFO(os.stat(tmp_path / "pipe").st_mode)


@root
@posix
@pytest.mark.parametrize("kind", [kind for kind in OUTPUTS if kind != "tokens"])
def test_a_device_stays_one(write, tmp_path, kind):
    try:
        os.mknod(tmp_path / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except OSError:
        pytest.skip("no devices can be made here")
    (tmp_path / "link").symlink_to("null")
    for name in ("null", "link"):
        write(kind, tmp_path / name)
    assert stat.S_ISCHR(os.lstat(tmp_path / "null").st_mode)
    assert (tmp_path / "link").is_symlink()
    assert nothing_beside(tmp_path / "null")


@root
@posix
def test_the_owner_of_a_file_is_kept(write, tmp_path):
    (tmp_path / "out").write_text("old")
    os.chown(tmp_path / "out", 12345, 54321)
    write("json", tmp_path / "out")
    found = os.stat(tmp_path / "out")
    assert (found.st_uid, found.st_gid) == (12345, 54321)


@posix
def test_attributes_of_a_file_are_kept(write, tmp_path):
    (tmp_path / "out").write_text("old")
    try:
        os.setxattr(tmp_path / "out", "user.note", b"mine")
    except (OSError, AttributeError):
        pytest.skip("no attributes here")
    write("environment", tmp_path / "out")
    assert os.getxattr(tmp_path / "out", "user.note") == b"mine"


@posix
def test_a_token_cache_that_others_could_read_is_closed_to_them(write, tmp_path):
    write("tokens", tmp_path / "out")
    os.chmod(tmp_path / "out", 0o644)
    (tmp_path / "out").write_text("{}")
    write("tokens", tmp_path / "out")
    assert stat.S_IMODE(os.stat(tmp_path / "out").st_mode) == 0o600


# -- own processes ----------------------------------------------------------------------------------------------------


def command(*args):
    return [sys.executable, "-m", "runner", "run", *map(str, args)]


def environ():
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def shell(script, tmp_path, **more):
    """Run a script in which `$RUN` is the command."""
    words = " ".join(f"'{word}'" for word in command())
    return subprocess.run(
        ["bash", "-c", script.replace("$RUN", words)],
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **more,
    )


bash = pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="needs bash")


@bash
@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "-"])
def test_standard_output_gets_an_output_and_nothing_else_of_a_silent_run(requests, tmp_path, kind, name):
    if kind == "tokens":
        pytest.skip("a cache is read, too")
    done = shell(f"$RUN {requests} --silent {' '.join(OUTPUTS[kind])} {name} | cat", tmp_path)
    assert whole(kind, done.stdout)
    assert done.stderr == ""


@bash
def test_standard_output_that_leads_into_a_file_is_not_replaced_nor_emptied(requests, tmp_path):
    script = f"(echo before; $RUN {requests} -r cli,json --reporter-json-export /dev/stdout; echo after) > out"
    assert shell(script, tmp_path).returncode == 0
    lines = (tmp_path / "out").read_text("utf-8").splitlines()
    assert (lines[0], lines[-1]) == ("before", "after")
    start, end = lines.index("{"), len(lines) - 1
    assert json.loads("\n".join(lines[start:end]))["run"]["failures"] == []
    assert "postrunner" in lines[1:start]


@bash
def test_standard_output_may_be_a_socket(requests, tmp_path):
    import socket

    ours, theirs = socket.socketpair()
    with ours, theirs:
        args = (requests, "--silent", "-r", "json", "--reporter-json-export", "/dev/stdout")
        with subprocess.Popen(command(*args), cwd=tmp_path, env=environ(), stdout=theirs) as process:
            theirs.close()
            text = b"".join(iter(lambda: ours.recv(65536), b""))
        assert process.returncode == 0
    assert json.loads(text)["run"]


@bash
def test_a_process_substitution_gets_the_text_when_all_of_it_is_ready(requests, tmp_path):
    script = f"$RUN {requests} --silent -r json --reporter-json-export >(cat > copy) && wait $! ; wait"
    done = shell(script, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "copy").read_text("utf-8"))["run"]


@posix
def test_a_pipe_that_nobody_reads_is_one_line_and_the_other_outputs_are_written(requests, tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    exports = ("--reporter-json-export", f"/dev/fd/{writer}", "--reporter-junit-export", "r.xml")
    done = subprocess.run(
        command(requests, "--silent", "-r", "json,junit", *exports),
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        pass_fds=(writer,),
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, f"warning: /dev/fd/{writer}: cannot be written: broken pipe\n")
    assert whole("junit", (tmp_path / "r.xml").read_text("utf-8"))


SHOWN = {"a list": ("--list",), "a dry run": ("--dry-run",), "the version": ("--version",), "help": ("--help",)}


@pytest.fixture
def shown(collection, server):
    """The exit code and the errors of a command whose output leads to this file."""

    def ended(what, out, *, buffered):
        first = [] if what in ("the version", "help") else ["run", collection(item("one", server.url + "/"))]
        environment = {name: value for name, value in environ().items() if name != "PYTHONUNBUFFERED"}
        environment.update({} if buffered else {"PYTHONUNBUFFERED": "1"})
        words = [sys.executable, "-m", "runner", *map(str, first), *SHOWN[what]]
        pipes = {"stdout": out, "stderr": subprocess.PIPE, "text": True}
        done = subprocess.run(words, env=environment, timeout=60, check=False, **pipes)
        return done.returncode, done.stderr.splitlines()

    return ended


@posix
@pytest.mark.parametrize("what", SHOWN)
@pytest.mark.parametrize("buffered", [True, False], ids=["buffered", "unbuffered"])
def test_standard_output_whose_reader_has_left_is_exit_code_1_and_no_error(shown, what, buffered):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert shown(what, writer, buffered=buffered) == (1, [])
    finally:
        os.close(writer)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is full")
@pytest.mark.parametrize("what", SHOWN)
def test_standard_output_that_cannot_be_written_is_one_error(shown, what):
    with open("/dev/full", "w") as full:
        code, told = shown(what, full, buffered=True)
    assert (code, len(told)) == (1, 2)
    assert told[0] == "error: the system refused to go on: no space left on device"


NAMESPACE = ["unshare", "--mount"] if getattr(os, "geteuid", lambda: 1)() == 0 else ["unshare", "-Urm"]
can_mount = pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run([*NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False).returncode
    != 0,
    reason="nothing can be mounted here",
)


def mounted(script, tmp_path):
    """Run a script in a mount namespace of its own, where it can do no harm."""
    words = " ".join(f"'{word}'" for word in command())
    return subprocess.run(
        [*NAMESPACE, "bash", "-c", "set -e; " + script.replace("$RUN", words)],
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@can_mount
@pytest.mark.parametrize("kind", [kind for kind in OUTPUTS if kind != "tokens"])
def test_a_file_that_is_a_mount_of_its_own_is_written_into(requests, tmp_path, kind):
    (tmp_path / "outside").write_text("old" * 100_000)
    (tmp_path / "inside").write_text("")
    script = f"mount --bind outside inside; $RUN {requests} {' '.join(OUTPUTS[kind])} inside"
    done = mounted(script, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert whole(kind, (tmp_path / "outside").read_text("utf-8"))
    assert nothing_beside(tmp_path / "inside")


@can_mount
def test_a_file_in_a_folder_that_takes_no_new_one_is_written_into(requests, tmp_path):
    (tmp_path / "shut").mkdir()
    (tmp_path / "r.json").write_text("old")
    script = (
        "mount --bind shut shut; touch shut/r.json; mount -o remount,ro,bind shut; mount --bind r.json shut/r.json;"
        f" $RUN {requests} -r json --reporter-json-export shut/r.json"
    )
    done = mounted(script, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert whole("json", (tmp_path / "r.json").read_text("utf-8"))


@can_mount
@pytest.mark.parametrize("old", ["old", "x" * 60_000])
@pytest.mark.parametrize("link", [False, True])
def test_a_full_disk_is_one_line_for_each_output_and_leaves_what_was_there(requests, tmp_path, old, link):
    (tmp_path / "disk").mkdir()
    (tmp_path / "old").write_text(old)
    made = "ln disk/r.html disk/other;" if link else ""
    script = (
        f"mount -t tmpfs -o size=128k none disk; cp old disk/r.html; {made} head -c 100000 /dev/zero > disk/rest || true;"
        f" set +e; $RUN {requests} -r html,json --reporter-html-export disk/r.html --reporter-json-export fine.json"
        f" --export-environment disk/e.json; code=$?; cp disk/r.html kept; ls -A disk > names; exit $code"
    )
    done = mounted(script, tmp_path)
    assert done.returncode == 1
    assert "warning: disk/r.html: cannot be written: no space left on device" in done.stderr.splitlines()
    assert "Traceback" not in done.stderr
    assert (tmp_path / "kept").read_text() == old
    assert whole("json", (tmp_path / "fine.json").read_text("utf-8"))
    assert ".part" not in (tmp_path / "names").read_text()


@can_mount
def test_a_read_only_disk_is_one_line(requests, tmp_path):
    (tmp_path / "disk").mkdir()
    script = (
        f"mount -t tmpfs none disk; echo old > disk/r.json; mount -o remount,ro disk; set +e;"
        f" $RUN {requests} -r json,junit --reporter-json-export disk/r.json --reporter-junit-export disk/new.xml"
    )
    done = mounted(script, tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "warning: disk/r.json: cannot be written: read-only file system",
        "warning: disk/new.xml: cannot be written: read-only file system",
    ]


@posix
def test_a_limit_for_files_leaves_the_old_one_whole(requests, tmp_path):
    import resource

    (tmp_path / "r.html").write_text("old")
    os.link(tmp_path / "r.html", tmp_path / "other")
    done = subprocess.run(
        command(requests, "-r", "html", "--reporter-html-export", "r.html"),
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert done.returncode == 1
    assert "r.html: cannot be written: file too large" in done.stderr
    assert (tmp_path / "other").read_text() == "old"


# -- what cannot be written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_path_that_cannot_be_is_one_line_and_the_other_outputs_are_written(postrunner, requests, tmp_path, kind):
    for path in (tmp_path / ("n" * 300), requests / "below"):
        other = tmp_path / "other.json"
        options = OUTPUTS[kind] if "-r" not in OUTPUTS[kind] else OUTPUTS[kind][2:]
        names = "json" if "-r" not in OUTPUTS[kind] or kind == "json" else f"{kind},json"
        if kind == "json":
            names, other_option = "json,junit", ("--reporter-junit-export", other)
        else:
            other_option = ("--reporter-json-export", other)
        done = postrunner("run", requests, "-r", names, *options, path, *other_option)
        assert done.code == 1
        assert [line for line in done.err.splitlines() if "cannot be written" in line] == done.err.splitlines() != []
        assert str(path) in done.err
        assert other.stat().st_size > 100
        other.unlink()


@pytest.mark.parametrize("kind", ["json", "environment", "ndjson"])
def test_a_path_with_a_nul_is_one_line(collection, server, tmp_path, kind):
    name = OUTPUTS[kind][-1].removeprefix("--")
    where = {"reporters": (kind,), "reporter_options": ((name.removeprefix("reporter-"), "a\0b"),)}
    fields = where if name.startswith("reporter") else {name.replace("-", "_"): "a\0b"}
    summary = run(collection(item("one", server.url)), **fields)
    assert [type(problem).__name__ for problem in summary.problems] == ["ExportError"]


@posix
def test_a_file_that_is_read_only_is_not_written(requests, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("nothing is read-only for root")
    (tmp_path / "r.json").write_text("old")
    os.chmod(tmp_path / "r.json", 0o444)
    done = subprocess.run(
        command(requests, "-r", "json", "--reporter-json-export", "r.json"),
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
    )
    assert done.returncode == 1
    assert (tmp_path / "r.json").read_text() == "old"


@posix
def test_a_file_of_yours_in_a_folder_that_is_not_is_written_into(postrunner, requests, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("every folder is root's")
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut" / "r.json").write_text("old")
    os.chmod(tmp_path / "shut", 0o555)
    try:
        for name, code in (("r.json", 0), ("new.json", 1)):
            done = postrunner("run", requests, "-r", "json", "--reporter-json-export", tmp_path / "shut" / name)
            assert done.code == code
        assert os.listdir(tmp_path / "shut") == ["r.json"]
        assert whole("json", (tmp_path / "shut" / "r.json").read_text("utf-8"))
    finally:
        os.chmod(tmp_path / "shut", 0o755)


def test_runs_beside_each_other_leave_one_whole_file(collection, server, tmp_path):
    path = collection(item("one", server.url))
    options = (("json-export", str(tmp_path / "r.json")),)
    (tmp_path / "r.json").write_text("old")
    fields = {"reporters": ("json",), "reporter_options": options}
    runs = [threading.Thread(target=run, args=(path,), kwargs=fields) for _ in range(4)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert whole("json", (tmp_path / "r.json").read_text("utf-8"))
    assert nothing_beside(tmp_path / "r.json")


def test_half_of_a_surrogate_pair_is_written_as_json_has_it(postrunner, collection, server, tmp_path):
    one = item("one", server.url, 'pm.environment.set("half", "\\ud83d")')
    done = postrunner(
        "run", collection(one), "--export-environment", "e.json", "-r", "json", "--reporter-json-export", "r.json"
    )
    assert done.code == 0
    values = json.loads((tmp_path / "e.json").read_text("utf-8"))["values"]
    assert [v["value"] for v in values] in (["\ud83d"], ["\ufffd"])


# -- somebody else's hands --------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("kind", [kind for kind in OUTPUTS if kind != "tokens"])
def test_a_file_that_became_a_pipe_while_the_run_went_on_is_one_line_and_the_pipe_stays(
    postrunner, collection, server, tmp_path, kind
):
    (tmp_path / "out").write_text("old")

    class Swap(threading.Thread):
        def run(self):
            server.marked.wait(60)
            os.rename(tmp_path / "out", tmp_path / "kept")
            os.mkfifo(tmp_path / "out")
            swapped.set()

    swap, swapped = Swap(), threading.Event()
    swap.start()
    script = 'pm.environment.set("a", "b")'
    path = collection(item("one", server.url + "/mark"), item("two", server.url + "/wait", script))
    server.waits = swapped
    done = postrunner("run", path, *OUTPUTS[kind], tmp_path / "out", "--export-variable", f"a={tmp_path / 'value'}")
    swap.join()
    assert done.code == 1
    assert "out: cannot be written: it became a named pipe while the run went on" in done.err
    assert stat.S_ISFIFO(os.lstat(tmp_path / "out").st_mode)
    assert (tmp_path / "kept").read_text() == "old"
    assert (tmp_path / "value").read_text() == "b"


@pytest.mark.parametrize("kind", [kind for kind in OUTPUTS if kind != "environment"])
def test_one_file_for_two_outputs_is_refused_before_anything_is_sent(postrunner, requests, server, kind):
    done = postrunner("run", requests, *OUTPUTS[kind], "out", "--export-environment", "./out")
    assert done.code == 2
    assert "name the same file: " in done.err
    assert server.seen == []
    assert not os.path.exists("out")


def test_a_file_may_be_read_and_written_by_one_run(postrunner, collection, server, tmp_path):
    (tmp_path / "e.json").write_text(json.dumps({"name": "e", "values": [{"key": "a", "value": "1"}]}))
    path = collection(item("one", server.url, 'pm.environment.set("a", "2")'))
    assert postrunner("run", path, "-e", "e.json", "--export-environment", "e.json").code == 0
    assert json.loads((tmp_path / "e.json").read_text("utf-8"))["values"][0]["value"] == "2"
