"""No file is left out in silence: each that cannot be used is named with its place and the reason, all in one message."""

import os

import pytest

from tests.v3.conftest import request

GOOD = "$kind: http-request\nurl: http://127.0.0.1:9/\n"
EXAMPLE = "$kind: http-example\nrequest: {url: http://h}\n"
BROKEN = {
    "yaml.request.yaml": (GOOD + "headers: [\n", ":4:"),
    "twice.request.yaml": (GOOD + "url: http://again\n", ":3:1: "),
    "documents.request.yaml": (GOOD + "---\nurl: x\n", ":3:"),
    "tab.request.yaml": (GOOD + "headers:\n\tA: '5'\n", ":4:"),
    "utf16.request.yaml": (GOOD.encode("utf-16"), "UTF-16"),
    "latin1.request.yaml": (GOOD.encode() + b"name: \xe9\n", ":3"),
    "header.request.yaml": (GOOD + "headers: {A: 5}\n", ":3:14: expected string, received number (path: /headers/A)"),
    "name.request.yaml": (GOOD + "name: 123\n", ":3:7: expected string, received number (path: /name)"),
    "order.request.yaml": (GOOD + 'order: "1"\n', ":3:8: expected number, received string (path: /order)"),
    "nan.request.yaml": (GOOD + "order: .nan\n", "expected a finite number"),
    "kind.request.yaml": ("$kind: soap-request\nurl: http://h\n", 'Unknown request kind "soap-request"'),
    "without-kind.request.yaml": ("url: http://h\n", "$kind is missing"),
    "list.request.yaml": ("- a\n", "not a mapping"),
    "empty.request.yaml": ("", "not a mapping"),
    "auth.request.yaml": (GOOD + "auth: {type: basic, user: a}\n", 'Unrecognized key: "user"'),
    "auth-type.request.yaml": (GOOD + "auth: {type: magic}\n", "Invalid option"),
    "script.request.yaml": (GOOD + "scripts:\n  - {type: test, code: x}\n", ":4:12: Invalid option"),
    "body.request.yaml": (GOOD + "body: {type: yaml, content: x}\n", "Invalid option"),
    "setting.request.yaml": (GOOD + "settings: {strictSSL: 1}\n", "expected boolean, received number"),
    "F/.resources/definition.yaml": (
        "$kind: collection\nscripts:\n  - {type: afterResponse, code: x}\n",
        ":3:12: a script of a definition has one of the types http:beforeRequest",
    ),
    "H/.resources/definition.yaml": ("$kind: folder\n", "Invalid option"),
    "I/.resources/definition.yaml": ("auth: [{type: basic}]\n", "it is missing"),
    "J/.resources/hidden.request.yaml": (GOOD, "never run"),
    "wrong-name.yaml": (GOOD, "NAME.request.yaml"),
    "wrong.request.json": ('{"$kind": "http-request"}', "NAME.request.yaml"),
    ".resources/g.resources/examples/e.example.yaml": (EXAMPLE + "response: {statusCode: 200}\n", "it is missing"),
}


def test_every_broken_file_is_named(postrunner, folder):
    files = {path: text for path, (text, _) in BROKEN.items()}
    done = postrunner("run", folder({"g.request.yaml": GOOD, **files}))
    assert done.code == 2
    assert f"{len(BROKEN)} files of this collection cannot be used" in done.err
    for path, (_, reason) in BROKEN.items():
        (line,) = [line for line in done.err.splitlines() if line.strip().startswith(f"{path}:")][:1] or [""]
        assert reason in line, f"{path}: {line!r}"


@pytest.mark.parametrize("path", BROKEN)
def test_each_one_alone_is_an_error(postrunner, folder, path):
    done = postrunner("run", folder({"g.request.yaml": GOOD, path: BROKEN[path][0]}))
    assert done.code == 2
    assert path in done.err
    assert done.out == ""


def test_files_that_are_not_of_the_format_are_ignored(postrunner, folder, server):
    others = {
        "openapi.yaml": "openapi: 3.0.0\n",
        "data.json": '[{"a": 1}]',
        "README.md": "$kind: x",
        "x.txt": "[",
        "y.yml": "[",
    }
    done = postrunner("run", folder({"a.request.yaml": request(f"{server.url}/a"), **others}))
    assert (done.code, done.err) == (0, "")


def test_a_broken_example_of_another_place_is_not_looked_for(postrunner, folder, server):
    done = postrunner("run", folder({"a.request.yaml": request(f"{server.url}/a", "examples: ../elsewhere")}))
    assert done.code == 2
    assert "leads out of the collection" in done.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes that have names")
def test_a_pipe_is_no_file_of_a_collection(postrunner, folder):
    root = folder({"a.request.yaml": GOOD})
    os.mkfifo(root / "p.request.yaml")
    done = postrunner("run", root)
    assert done.code == 2
    assert "p.request.yaml: is not a regular file" in done.err


def test_links_that_go_round_and_links_to_nothing_are_errors(postrunner, folder):
    root = folder({"F/a.request.yaml": GOOD})
    (root / "F" / "round").symlink_to(root, target_is_directory=True)
    (root / "gone.request.yaml").symlink_to(root / "nowhere")
    done = postrunner("run", root)
    assert done.code == 2
    assert "it is a link to a folder that it lies in" in done.err
    assert "gone.request.yaml: it cannot be read" in done.err


def test_a_link_to_a_file_elsewhere_is_read(postrunner, folder, server, tmp_path):
    root = folder({"a.request.yaml": request(f"{server.url}/a")})
    (tmp_path / "other.yaml").write_text(request(f"{server.url}/linked"))
    (root / "b.request.yaml").symlink_to(tmp_path / "other.yaml")
    assert postrunner("run", root).code == 0
    assert [path for _, path, _, _ in server.seen] == ["/a", "/linked"]
