"""What a script may make the runner read: the working directory, the collection's folder, and what --allow-read names."""

import json
import os
import subprocess
import sys

import pytest

from runner import run
from runner.options import RunOptions
from tests.cli.conftest import item

SECRET = "OUTSIDE-5d41402a"
PLAIN = "the users file"
FORM = {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": "{{file}}"}]}
BINARY = {"mode": "file", "file": {"src": "{{file}}"}}
links = pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working directory with a folder of collections in it, and beside it what nobody may read."""
    work = tmp_path / "work"
    (work / "api" / "lib").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.txt").write_text(SECRET)
    (tmp_path / "elsewhere" / "secret.json").write_text(json.dumps({"word": SECRET}))
    (tmp_path / "elsewhere" / "secret.js").write_text(f"module.exports = '{SECRET}'")
    (work / "users.csv").write_text(PLAIN)
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def sent(place, server):
    """Run a collection of these items → the bodies that were sent, the warnings and console texts, the failures."""

    def call(*items, variables=(), **options):
        path = place / "api" / "c.json"
        path.write_text(json.dumps({"info": {"name": "c"}, "item": list(items), "variable": list(variables)}))
        told = []
        summary = run(path, RunOptions(**{"reporters": (), **options}), on_event=told.append)
        texts = [getattr(event, "message", "") or " ".join(getattr(event, "text", ())) for event in told]
        bodies = [body.decode() for *_, body in server.seen]
        return bodies, " ".join(texts), [failure.message for failure in summary.failures]

    return call


def up(url, body, prerequest=""):
    return item("up", url, prerequest=prerequest, method="POST", body=body)


SET = {
    "the body of the request": "pm.request.body.file.src = OUT",
    "a new body": "pm.request.body.update({mode: 'file', file: {src: OUT}})",
    "a body of one text": "pm.request.body.update({mode: 'file', file: OUT})",
    "a name that the user has a file for": "pm.request.body.file.src = '{{other}}'; pm.variables.set('other', OUT)",
    "a form": "pm.request.body.update({mode: 'formdata', formdata: [{key: 'f', type: 'file', src: OUT}]})",
    "a list of a form": "pm.request.body.update({mode: 'formdata', formdata: [{key: 'f', type: 'file', src: [OUT, OUT]}]})",
    "a text with a name in it": "pm.request.body.file.src = '{{dir}}/secret.txt'; pm.globals.set('dir', DIR)",
    "the environment": "pm.environment.set('file', OUT)",
    "the environment, marked": "pm.environment.set('file', OUT, {type: 'string', secret: true})",
    "the globals": "pm.environment.unset('file'); pm.globals.set('file', OUT)",
    "the collection": "pm.environment.unset('file'); pm.collectionVariables.set('file', OUT)",
    "the local scope": "pm.variables.set('file', OUT)",
    "the old API": "postman.setEnvironmentVariable('file', OUT)",
    "the old globals": "pm.environment.clear(); postman.setGlobalVariable('file', OUT)",
    "a name in a value": "pm.environment.set('file', '{{inner}}'); pm.globals.set('inner', OUT)",
    "a name in a name": "pm.environment.set('file', '{{f{{n}}}}'); pm.globals.set('n', '1'); pm.globals.set('f1', OUT)",
    "the user's value with more": "pm.environment.set('file', pm.variables.get('file') + '/../../elsewhere/secret.txt')",
    "filled in": "pm.globals.set('dir', DIR); pm.environment.set('file', pm.variables.replaceIn('{{dir}}/secret.txt'))",
    "the user's other file": "pm.environment.set('file', pm.environment.get('kept'))",
    "a dynamic name": "pm.environment.set('$randomWord', OUT); pm.request.body.file.src = '{{$randomWord}}'",
    "parts": "pm.environment.set('file', '../elsewhere/secret.txt')",
    "dots": "pm.environment.set('file', './api/lib/../../../elsewhere/./secret.txt')",
    "all variables at once": "pm.environment.clear(); pm.environment.set('file', OUT); pm.globals.set('file', OUT)",
}


def outside(place, script):
    return script.replace("OUT", json.dumps(str(place.parent / "elsewhere" / "secret.txt"))).replace(
        "DIR", json.dumps(str(place.parent / "elsewhere"))
    )


def test_no_way_of_a_script_to_choose_a_path_leads_outside(place, server, sent):
    items = []
    for script in SET.values():
        items.append(item("reset", server.url, prerequest="pm.environment.set('file', 'users.csv'); pm.globals.clear()"))
        items.append(up(server.url, BINARY, outside(place, script)))
    kept = str(place.parent / "elsewhere" / "secret.txt")
    bodies, told, _ = sent(*items, env_var=(("file", "users.csv"), ("kept", kept)))
    assert len(bodies) == 2 * len(SET)
    assert not [name for name, body in zip(SET, bodies[1::2], strict=True) if SECRET in body]
    assert "PPERM: insecure file access outside working directory: a script chose this path, see --allow-read" in told


def test_the_same_ways_lead_to_what_allow_read_names(place, server, sent):
    items = [up(server.url, BINARY, outside(place, script)) for name, script in SET.items() if "more" not in name]
    kept = str(place.parent / "elsewhere" / "secret.txt")
    more = {"env_var": (("file", "users.csv"), ("kept", kept)), "allow_read": (str(place.parent / "elsewhere"),)}
    bodies, *_ = sent(*[i for one in items for i in (item("reset", server.url, prerequest=RESET), one)], **more)
    assert [
        name for name, body in zip([n for n in SET if "more" not in n], bodies[1::2], strict=True) if SECRET not in body
    ] == []


RESET = "pm.environment.set('file', 'users.csv'); pm.globals.clear(); pm.collectionVariables.clear()"


def test_a_script_may_choose_a_file_of_the_working_directory(place, server, sent):
    scripts = ["pm.environment.set('file', 'users.csv')", "pm.request.body.file.src = './api/../users.csv'"]
    bodies, *_ = sent(*(up(server.url, BINARY, script) for script in scripts))
    assert bodies == [PLAIN, PLAIN]


@pytest.mark.parametrize(
    "where", ["env_var", "global_var", "environment", "globals", "iteration_data", "env_file", "variables"]
)
@pytest.mark.parametrize("body", [BINARY, FORM])
def test_a_file_that_the_user_named_is_read_wherever_it_is(place, server, sent, where, body):
    path = str(place.parent / "elsewhere" / "secret.txt")
    values = {"values": [{"key": "file", "value": path}]}
    for name, text in (("e.json", json.dumps(values)), ("d.json", json.dumps([{"file": path}])), (".env", f"file={path}")):
        (place / name).write_text(text)
    given = {
        "env_var": {"env_var": (("file", path),)},
        "global_var": {"global_var": (("file", path),)},
        "environment": {"environment": "e.json"},
        "globals": {"globals": "e.json"},
        "iteration_data": {"iteration_data": "d.json"},
        "env_file": {"env_file": (".env",)},
        "variables": {"variables": ({"key": "file", "value": path},)},
    }[where]
    bodies, told, _ = sent(up(server.url, body, "pm.environment.set('other', 1); pm.environment.get('file')"), **given)
    assert SECRET in bodies[0]
    assert "PPERM" not in told


def test_a_value_that_is_set_again_unchanged_stays_the_users(place, server, sent):
    path = str(place.parent / "elsewhere" / "secret.txt")
    again = "pm.environment.set('file', pm.environment.get('file'))"
    there_and_back = "const f = pm.environment.get('file'); pm.environment.set('file', 'x'); pm.environment.set('file', f)"
    changed = [
        up(server.url, BINARY, "const f = pm.environment.get('file'); pm.environment.set('keep', f)"),
        up(server.url, BINARY, "pm.environment.set('file', 'users.csv')"),
        up(server.url, BINARY, "pm.environment.set('file', pm.environment.get('keep'))"),
    ]
    bodies, *_ = sent(
        up(server.url, BINARY, again), up(server.url, BINARY, there_and_back), *changed, env_var=(("file", path),)
    )
    assert bodies == [SECRET, SECRET, SECRET, PLAIN, ""]


def test_the_collections_own_file_is_read_wherever_it_is(place, server, sent):
    own = {"mode": "file", "file": {"src": "../elsewhere/secret.txt"}}
    bodies, *_ = sent(up(server.url, own), up(server.url, own, "pm.request.headers.add({key: 'a', value: 'b'})"))
    assert bodies == [SECRET, SECRET]
    assert sent(up(server.url, own), no_insecure_file_read=True)[0][2:] == [""]
    assert sent(up(server.url, own), no_insecure_file_read=True, allow_read=("../elsewhere",))[0][3:] == [SECRET]


def test_a_script_does_not_see_the_file_that_another_one_chose(place, server, sent):
    first = outside(place, "pm.environment.set('file', OUT)")
    look = "console.log('content', atob(pm.request.body.file.content || ''))"
    events = [{"listen": "prerequest", "script": {"exec": text}} for text in (first, look)]
    bodies, told, _ = sent({**up(server.url, BINARY), "event": events})
    assert (bodies, SECRET in told) == ([""], False)


def test_strict_files_tell_it_as_a_failure(place, server, sent):
    bodies, _, failures = sent(up(server.url, BINARY, outside(place, "pm.environment.set('file', OUT)")), strict_files=True)
    assert bodies == []
    assert len(failures) == 1
    assert "--allow-read" in failures[0]


def test_run_request_takes_no_path_outside(place, server, sent):
    out = json.dumps(str(place.parent / "elsewhere" / "secret.txt"))
    script = f"await pm.execution.runRequest('up', {{variables: {{file: {out}}}}})"
    bodies, *_ = sent(
        item("first", server.url, prerequest=script), up(server.url, BINARY), env_var=(("file", "users.csv"),)
    )
    assert not [body for body in bodies if SECRET in body]


def test_send_request_uploads_no_file(place, server, sent):
    out = json.dumps(str(place / "users.csv"))
    ways = [
        f"{{mode: 'file', file: {{src: {out}}}}}",
        f"{{mode: 'formdata', formdata: [{{key: 'f', type: 'file', src: {out}}}]}}",
    ]
    script = "".join(f"await pm.sendRequest({{url: '{server.url}', method: 'POST', body: {way}}});" for way in ways)
    bodies, told, _ = sent(item("first", server.url, prerequest=script), allow_read=(str(place),))
    assert len(bodies) == 3
    assert not [body for body in bodies if PLAIN in body]
    assert "uploading files from scripts is not allowed" in told


# -- pm.require -----------------------------------------------------------------------------------------------------


def required(server, *names):
    """An item whose script requires each of these and logs what it got, or the error."""
    tries = "".join(
        f"try {{ console.log(JSON.stringify(pm.require({json.dumps(n)}))) }} catch (e) {{ console.log(e.message) }};"
        for n in names
    )
    return item("r", server.url, prerequest=tries)


def test_pm_require_stays_in_the_folder_of_the_collection(place, server, sent):
    (place / "beside.json").write_text(json.dumps({"word": SECRET}))
    out = place.parent / "elsewhere"
    names = [
        "../beside.json",
        "../beside",
        "./lib/../../beside.json",
        f"{out}/secret.json",
        f"{out}/secret",
        "//" + str(out)[1:] + "/secret.js",
        "../../elsewhere/secret.js",
        "npm:../../elsewhere/secret.js",
        "@team/../../../elsewhere/secret.js",
        "/etc/hostname.json",
    ]
    _, told, _ = sent(required(server, *names))
    assert SECRET not in told
    assert told.count("see --allow-read") >= 6
    assert SECRET in sent(required(server, f"{out}/secret.json"), allow_read=(str(out),))[1]


def test_a_file_of_a_package_stays_there_too(place, server, sent):
    (place / "api" / "lib" / "a.js").write_text(
        "try { exports.x = require('../../../elsewhere/secret.js') } catch (e) { exports.x = String(e) }"
    )
    _, told, _ = sent(required(server, "./lib/a.js"))
    assert SECRET not in told
    assert "Cannot find module" in told


@links
def test_pm_require_follows_no_link_outside(place, server, sent):
    lib = place / "api" / "lib"
    (lib / "link.json").symlink_to(place.parent / "elsewhere" / "secret.json")
    (lib / "folder").symlink_to(place.parent / "elsewhere")
    (lib / "loop.js").symlink_to(lib / "loop.js")
    (lib / "inner.json").write_text('{"ok": "inner"}')
    (lib / "inside.json").symlink_to(lib / "inner.json")
    os.link(lib / "inner.json", lib / "hard.json")
    _, told, _ = sent(
        required(
            server, "./lib/link.json", "./lib/folder/secret.js", "./lib/loop.js", "./lib/inside.json", "./lib/hard.json"
        )
    )
    assert SECRET not in told
    assert told.count('{"ok":"inner"}') == 2


TEXTS = {
    ".env": f"API_KEY={SECRET}", "credentials": SECRET, "passwd": f"root:x:0:{SECRET}", "broken.json": f'{{"a": {SECRET}}}',
    "broken.js": f"{SECRET} is not code", "open.js": f"'{SECRET}", "not.json": SECRET, "key.pem": f"-----BEGIN {SECRET}",
    "number.js": f"1 2 {SECRET}", "broken.cjs": f"}} {SECRET}", "broken.mjs": f"import x from '{SECRET}'",
}  # fmt: skip


@pytest.mark.parametrize("how", ["{}", "./lib/{}"])
def test_no_error_of_pm_require_shows_the_text_of_a_file(place, server, sent, how):
    for name, text in TEXTS.items():
        (place / "api" / "lib" / name).write_text(text)
        (place / "api" / "packages").mkdir(exist_ok=True)
        (place / "api" / "packages" / name).write_text(text)
    bodies, told, failures = sent(required(server, *(how.format(name) for name in TEXTS)))
    assert bodies
    assert SECRET not in told
    assert SECRET not in " ".join(failures)
    assert "it is not valid J" in told


@links
def test_a_link_gives_a_file_no_other_kind(place, server, sent):
    (place / "api" / "lib" / ".env").write_text(f"API_KEY={SECRET}")
    (place / "api" / "lib" / "x.js").symlink_to(place / "api" / "lib" / ".env")
    _, told, _ = sent(required(server, "./lib/x.js"))
    assert "it is none of .js, .cjs, .mjs, .json" in told
    assert SECRET not in told


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pm_require_waits_for_no_pipe_and_opens_no_device(place, server, sent):
    os.mkfifo(place / "api" / "lib" / "pipe.js")
    (place / "api" / "lib" / "zero.js").symlink_to("/dev/zero")
    (place / "api" / "lib" / "dir.js").mkdir()
    _, told, _ = sent(required(server, "./lib/pipe.js", "./lib/zero.js", "./lib/dir.js"), allow_read=("/dev",))
    assert told.count("is not a regular file") == 2
    assert "there is no such file" in told


def test_odd_names_are_errors_of_the_script(place, server, sent):
    names = [
        "./" + "x" * 5000,
        "./" + "d/" * 3000 + "x",
        "./a\u0000b",
        "C:/secret.js",
        "//server/share/x.js",
        "./nul",
        "./\ud800.js",
        "./é.js",
        "file:///etc/x.js",
    ]
    bodies, told, failures = sent(required(server, *names))
    assert len(bodies) == 1
    assert failures == []
    assert told.count("Error while loading package") + told.count("Cannot find package") == len(names)


def test_what_is_too_large_is_not_read(place, server, sent):
    with open(place / "api" / "lib" / "huge.js", "wb") as file:
        file.truncate(10**12 if sys.platform == "linux" else 10**8)
    assert "it is larger than 32 MB" in sent(required(server, "./lib/huge.js"))[1]


def test_files_that_ask_for_one_another_without_end_are_no_problem(place, server, sent):
    lib = place / "api" / "lib"
    for n in range(1500):
        (lib / f"{n}.js").write_text(f"exports.next = () => require('./{n + 1}.js'); exports.n = {n}")
    assert '{"n":0}' in sent(required(server, "./lib/0.js"))[1]


def test_a_collection_that_is_no_file_has_the_current_folder(place, server):
    (place / "near.json").write_text('{"ok": "near"}')
    (place.parent / "far.json").write_text(json.dumps({"word": SECRET}))
    told = []
    document = {"info": {"name": "c"}, "item": [required(server, "./near.json", "./far.json", "../far.json")]}
    run(document, on_event=told.append)
    texts = " ".join(" ".join(getattr(event, "text", ())) for event in told)
    assert "near" in texts
    assert SECRET not in texts


@pytest.mark.skipif(os.name == "nt", reason="no /dev/stdin here")
def test_a_file_that_comes_through_standard_input_has_the_current_folder(place, server):
    (place / "near.json").write_text('{"ok": "near"}')
    (place / "in.json").write_text(json.dumps({"info": {"name": "c"}, "item": [required(server, "./near.json")]}))
    code = "import sys; from runner.cli import main; sys.exit(main(['run', '/dev/stdin']))"
    with open(place / "in.json", "rb") as given:
        done = subprocess.run([sys.executable, "-c", code], stdin=given, capture_output=True, text=True, check=False)
    assert '{"ok":"near"}' in done.stdout


def test_no_insecure_file_read_keeps_pm_require_in_the_working_directory_too(place, server, sent):
    (place / "api" / "lib" / "x.json").write_text('{"ok": 1}')
    (place / "other").mkdir()
    assert '{"ok":1}' in sent(required(server, "./lib/x.json"), no_insecure_file_read=True)[1]
    told = sent(required(server, "./lib/x.json"), no_insecure_file_read=True, working_dir="other")[1]
    assert "--no-insecure-file-read forbids it" in told


@pytest.mark.parametrize("folder", ["gone", "users.csv"])
def test_allow_read_names_a_folder_that_is_there(postrunner, collection, place, folder, monkeypatch):
    monkeypatch.chdir(place)
    done = postrunner("run", collection(), "--allow-read", folder)
    assert (done.code, f"--allow-read: '{folder}' is not a folder" in done.err) == (2, True)
