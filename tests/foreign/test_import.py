"""`postrunner import`: what all formats have in common, with a format that exists only here."""

import json
import os
import types

import pytest

from runner.foreign.imported import FormatOption, Imported, Note
from runner.foreign.table import READERS, Reader
from runner.formats.v3.reading import read_folder

OPTIONS = {
    "style": FormatOption("plain", "How.", choices=("plain", "bold")),
    "deep": FormatOption(False, "Whether."),
    "most": FormatOption(3, "How many."),
}


def read(given, options):
    """Each line `NAME URL` is a request; a line `! TEXT` is a note about the request before; `= NAME` an environment."""
    items, notes, environments = [], [], {}
    for number, line in enumerate(given.text.splitlines(), 1):
        first, _, rest = line.partition(" ")
        if first == "!":
            notes.append(Note(rest, given.path, number, items[-1]["name"]))
        elif first == "=":
            environments[rest] = {"name": rest, "values": [{"key": "a", "value": "1", "enabled": True}]}
        else:
            items.append({"name": first, "request": {"method": "GET", "url": rest}})
    name = options.name or f"lines {options.values['style']} {options.values['deep']} {options.values['most']}"
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    document = {"info": {"name": name, "schema": schema}, "variable": [{"key": "v", "value": name}], "item": items}
    return Imported(collection=document, notes=notes, environments=environments)


@pytest.fixture(autouse=True)
def lines_format(monkeypatch, postrunner, tmp_path):
    """A format `lines`, and a file of it."""
    module = types.ModuleType("lines_format")
    module.read, module.OPTIONS = read, OPTIONS
    monkeypatch.setitem(__import__("sys").modules, "lines_format", module)
    monkeypatch.setitem(READERS, "lines", Reader("lines", "lines_format", options_module="lines_format"))
    (tmp_path / "a.txt").write_text("one http://h/1\n! has no lid\ntwo http://h/2\n")


def loaded(path="c.json"):
    with open(path) as file:
        return json.load(file)


def names(collection):
    return [item["name"] for item in collection["item"]]


def test_a_source_becomes_a_collection_and_is_told(postrunner):
    done = postrunner("import", "--from", "lines", "a.txt", "-o", "c.json")
    assert (done.code, done.out) == (0, "c.json written: 2 requests\n")
    assert names(loaded()) == ["one", "two"]


def test_the_first_word_may_be_the_format(postrunner):
    assert postrunner("import", "lines", "a.txt", "-o", "c.json").code == 0
    assert names(loaded()) == ["one", "two"]


def test_what_is_written_is_formatted(postrunner):
    postrunner("import", "lines", "a.txt", "-o", "c.json")
    assert postrunner("fmt", "--check", "c.json").code == 0


def test_a_note_is_told_with_its_place_and_kept_in_its_item(postrunner):
    done = postrunner("import", "lines", "a.txt", "-o", "c.json")
    assert done.err == "a.txt:2: has no lid\n"
    assert loaded()["item"][0]["request"]["description"] == "Not imported: has no lid"
    assert "description" not in loaded()["item"][1]["request"]


def test_strict_fails_for_a_note_and_writes_all_the_same(postrunner, tmp_path):
    assert postrunner("import", "lines", "a.txt", "-o", "c.json", "--strict").code == 1
    assert names(loaded()) == ["one", "two"]
    (tmp_path / "b.txt").write_text("one http://h/1\n")
    assert postrunner("import", "lines", "b.txt", "-o", "d.json", "--strict").code == 0


def test_without_output_the_collection_goes_to_standard_output(postrunner):
    assert names(json.loads(postrunner("import", "lines", "a.txt").out)) == ["one", "two"]
    assert "v3 is a folder" in postrunner("import", "lines", "a.txt", "--to", "v3").err


def test_another_name_than_json_is_a_folder_of_v3(postrunner):
    assert postrunner("import", "lines", "a.txt", "-o", "api").code == 0
    assert sorted(names(read_folder("api").document)) == ["one", "two"]


@pytest.mark.parametrize("target", ["c.json", "api"])
def test_what_is_there_is_replaced_only_when_forced(postrunner, tmp_path, target):
    assert postrunner("import", "lines", "a.txt", "-o", target).code == 0
    (tmp_path / "b.txt").write_text("three http://h/3\n")
    refused = postrunner("import", "lines", "b.txt", "-o", target)
    assert (refused.code, refused.out) == (2, "")
    assert f"error: {target}: is there already" in refused.err
    assert postrunner("import", "lines", "b.txt", "-o", target, "--force").code == 0
    assert names(read_folder("api").document if target == "api" else loaded()) == ["three"]


def test_nothing_is_written_over_what_is_no_regular_file(postrunner, tmp_path):
    os.mkfifo(tmp_path / "c.json")
    done = postrunner("import", "lines", "a.txt", "-o", "c.json", "--force")
    assert (done.code, "is not a regular file" in done.err) == (2, True)


def test_environments_are_written_beside_the_collection(postrunner, tmp_path):
    (tmp_path / "b.txt").write_text("one http://h/1\n= My env\n")
    postrunner("import", "lines", "b.txt", "-o", "out/c.json")
    assert loaded("out/My env.postman_environment.json")["values"][0]["key"] == "a"
    postrunner("import", "lines", "b.txt", "-o", "out/api")
    assert "key: a" in (tmp_path / "out" / "My env.environment.yaml").read_text()
    assert "the environment My env is not written" in postrunner("import", "lines", "b.txt").err


def test_an_environment_that_is_there_stops_all(postrunner, tmp_path):
    (tmp_path / "b.txt").write_text("one http://h/1\n= e\n")
    (tmp_path / "e.postman_environment.json").write_text("mine")
    assert postrunner("import", "lines", "b.txt", "-o", "c.json").code == 2
    assert not (tmp_path / "c.json").exists()
    assert (tmp_path / "e.postman_environment.json").read_text() == "mine"


def test_several_sources_become_a_folder_each(postrunner, tmp_path):
    done = postrunner("import", "lines", "a.txt", "a.txt", "-o", "c.json", "--name", "Both")
    both = loaded()
    assert both["info"]["name"] == "Both"
    assert names(both) == ["Both", "Both 2"]
    assert both["item"][1]["item"][0]["request"]["description"] == "Not imported: has no lid"
    assert done.out == "c.json written: 4 requests\n"


def test_options_of_the_format_have_their_types(postrunner):
    given = ["--option", "style=bold", "--option", "deep=true", "--option", "most=7"]
    postrunner("import", "lines", "a.txt", "-o", "c.json", *given)
    assert loaded()["info"]["name"] == "lines bold True 7"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("style", "is NAME=VALUE"),
        ("style=red", "it is one of plain, bold"),
        ("deep=1", "is true or false"),
        ("most=-1", "is a number"),
        ("x=1", "they are style, deep, most"),
    ],
)
def test_a_wrong_option_is_a_mistake(postrunner, tmp_path, option, message):
    done = postrunner("import", "lines", "a.txt", "-o", "c.json", "--option", option)
    assert (done.code, message in done.err) == (2, True)
    assert not (tmp_path / "c.json").exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--folder-strategy", "x"], "--folder-strategy: is not 'x'\n  hint: it is one of paths, tags"),
        (["--stack-limit", "deep"], "--stack-limit: is a number, not 'deep'"),
        (["--noise"], "--noise: openapi has no such option\n  hint: they are --folder-strategy, --nested-folder-hierarchy"),
        (["--option", "folder-strategy=x"], "--option folder-strategy: is not 'x'"),
        (["--include-web-hooks"], "did you mean --include-webhooks"),
    ],
)
def test_a_wrong_option_of_openapi_is_a_mistake_that_names_what_is_right(postrunner, tmp_path, given, message):
    (tmp_path / "api.json").write_text('{"openapi": "3.1.0", "paths": {}}')
    done = postrunner("import", "api.json", "-o", "c.json", *given)
    assert (done.code, message in done.err) == (2, True), done.err
    assert not (tmp_path / "c.json").exists()


@pytest.mark.parametrize(
    "given", [["--folder-strategy", "tags"], ["--folder-strategy=Tags"], ["--option", "folderStrategy=Tags"]]
)
def test_an_option_of_a_format_may_be_written_in_several_ways(postrunner, tmp_path, given):
    paths = {"/a": {"get": {"tags": ["Pets"], "responses": {}}}}
    (tmp_path / "api.json").write_text(json.dumps({"openapi": "3.1.0", "paths": paths}))
    postrunner("import", "api.json", "-o", "c.json", *given)
    assert names(loaded()) == ["Pets"]


def test_an_option_that_is_on_or_off_has_two_flags(postrunner, tmp_path):
    paths = {"/a": {"get": {"deprecated": True, "responses": {}}}}
    (tmp_path / "api.json").write_text(json.dumps({"openapi": "3.1.0", "paths": paths}))
    for flag, expected in (("--include-deprecated", ["a"]), ("--no-include-deprecated", [])):
        postrunner("import", "api.json", "-o", "c.json", "--force", flag)
        assert names(loaded()) == expected


def test_the_help_lists_the_options_of_each_format(postrunner):
    done = postrunner("import", "--help")
    assert "Options for OpenAPI and Swagger documents:" in done.out
    assert "--folder-strategy paths|tags" in done.out
    assert "--[no-]noise" in done.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello", "is nothing that can be imported"),
        ("<html></html>", "this is an HTML page, which cannot be imported"),
        ('{"info": {"name": "c"}, "item": []}', "postrunner convert x TARGET"),
        ('{"a": ', "x:1:7: not valid JSON"),
        ("", "is nothing that can be imported"),
    ],
)
def test_a_source_of_no_format_is_called_by_its_name(postrunner, tmp_path, text, message):
    (tmp_path / "x").write_text(text)
    done = postrunner("import", "x")
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_a_folder_is_refused_for_a_format_of_files(postrunner, tmp_path):
    (tmp_path / "folder").mkdir()
    assert "folder: is a folder, not a file" in postrunner("import", "lines", "folder").err


def test_a_source_is_read_from_an_address_and_from_standard_input(postrunner, server, monkeypatch, tmp_path):
    server.texts["/list"] = b"one http://h/1\n"
    assert names(json.loads(postrunner("import", "lines", f"{server.url}/list").out)) == ["one"]
    with open(tmp_path / "a.txt") as file:
        saved = os.dup(0)
        os.dup2(file.fileno(), 0)
        try:
            done = postrunner("import", "lines", "-")
        finally:
            os.dup2(saved, 0)
            os.close(saved)
    assert names(json.loads(done.out)) == ["one", "two"]
    assert done.err == "-:2: has no lid\n"
