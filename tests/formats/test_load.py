import json
import os
import sys

import pytest

from runner.errors import FileUnreadable, InvalidCollection, InvalidDocument
from runner.formats.load import load_collection, load_data, load_environment
from runner.formats.table import dump

COLLECTION = {"info": {"name": "Größe"}, "item": [{"name": "é", "request": "http://h"}]}
TEXT = json.dumps(COLLECTION, ensure_ascii=False, indent="\t")


def written(tmp_path, content, name="file.json"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_every_encoding_of_newman_is_read(tmp_path, encoding):
    assert load_collection(written(tmp_path, TEXT.encode(encoding))).name == "Größe"


def test_eight_bit_text_is_windows_1252(tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes("name,price\n“Zoë”,5 €\n".encode("cp1252") + b"\x81,x\n")
    assert load_data(str(path)) == ({"name": "“Zoë”", "price": "5 €"}, {"name": "\x81", "price": "x"})


def test_utf_16_big_endian_with_a_mark_is_read(tmp_path):
    assert load_collection(written(tmp_path, ("\ufeff" + TEXT).encode("utf-16-be"))).items[0].name == "é"


@pytest.mark.parametrize("text", [TEXT, TEXT + "\n", json.dumps({"collection": COLLECTION}, ensure_ascii=False, indent=4)])
def test_an_unchanged_collection_is_written_as_it_was_read(tmp_path, text):
    collection = load_collection(written(tmp_path, text))
    assert dump(collection, collection.origin, "collection") == text


def test_the_collection_inside_of_a_run_report_is_exported_without_the_report(tmp_path):
    collection = load_collection(written(tmp_path, json.dumps({"collection": COLLECTION, "run": {}})))
    assert json.loads(dump(collection, collection.origin, "collection")) == COLLECTION


@pytest.mark.parametrize("wrapper", [None, "environment", "globals"])
def test_an_environment_may_be_wrapped(tmp_path, wrapper):
    document = {"id": "1", "name": "e", "values": [{"key": "a", "value": 1, "type": "secret", "enabled": False}]}
    text = json.dumps({wrapper: document} if wrapper else document, indent=2)
    environment = load_environment(written(tmp_path, text))
    assert (environment.name, environment.values[0].secret, environment.values[0].disabled) == ("e", True, True)
    assert dump(environment, environment.origin, "environment") == text


def test_an_environment_may_be_a_bare_list(tmp_path):
    environment = load_environment(written(tmp_path, '[{"key": "a", "value": "1"}]'), "globals")
    assert (environment.scope, environment.values[0].value) == ("globals", "1")
    assert dump(environment, environment.origin, "environment") == '[{"key": "a", "value": "1"}]'


@pytest.mark.parametrize(
    ("document", "message", "hint"),
    [
        ('{"a": 1}', "no list of values", "plain map"),
        ("{}", "no list of values", ""),
        ('{"info": {}, "item": []}', "this is a collection", ""),
        ("[1]", "a variable is an object", ""),
        ('"x"', "an environment is an object", ""),
    ],
)
def test_what_is_no_environment_is_refused(tmp_path, document, message, hint):
    with pytest.raises(InvalidCollection, match=message) as caught:
        load_environment(written(tmp_path, document))
    assert hint in caught.value.hint


def test_bad_json_is_reported_with_file_line_and_column(tmp_path):
    path = written(tmp_path, '{"item": [\n  1,\n]}')
    with pytest.raises(InvalidDocument) as caught:
        load_collection(path)
    assert caught.value.where.startswith(f"{path}:")


def test_a_missing_file_names_its_neighbour(tmp_path):
    written(tmp_path, TEXT, "users.json")
    with pytest.raises(FileUnreadable, match="does not exist") as caught:
        load_collection(str(tmp_path / "user.json"))
    assert "users.json" in caught.value.hint


def test_an_address_is_no_file():
    with pytest.raises(FileUnreadable, match="address") as caught:
        load_collection("https://example.com/c.json")
    assert "download" in caught.value.hint


def test_a_plain_folder_and_a_yaml_file_are_refused(tmp_path):
    with pytest.raises(InvalidCollection, match="is a folder"):
        load_collection(str(tmp_path))
    with pytest.raises(InvalidCollection, match="YAML"):
        load_collection(written(tmp_path, "a: 1", "c.yaml"))
    with pytest.raises(FileUnreadable):
        load_environment(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_unreadable(tmp_path):
    path = written(tmp_path, TEXT)
    os.chmod(path, 0)
    with pytest.raises(FileUnreadable, match="permission"):
        load_collection(path)


def test_a_nul_in_a_path_is_an_unreadable_file():
    with pytest.raises(FileUnreadable):
        load_data("a\0b")


def test_the_schema_library_is_only_loaded_for_a_failure(tmp_path):
    import subprocess

    path = written(tmp_path, TEXT)
    code = (
        f"import sys; from runner.formats.load import *; load_collection({path!r}); sys.exit('jsonschema' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("depth", [150, 200, 300])
@pytest.mark.parametrize("leaf", ['{"name": "x", "request": 5}', "5", '{"name": "x", "request": {"url": 5}}'])
def test_a_mistake_in_deep_folders_is_told_with_its_place(depth, leaf):
    text = '{"info": {"name": "deep"}, "item": [' + '{"name": "f", "item": [' * depth + leaf + "]}" * depth + "]}"
    with pytest.raises(InvalidCollection) as caught:
        load_collection("c.json", text)
    assert caught.value.where.startswith("c.json at item[0].item[0].item[0]")
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("depth", [1_000, 10_000])
def test_folders_that_nobody_can_follow_are_one_clear_line(depth):
    text = '{"info": {"name": "deep"}, "item": [' + '{"name": "f", "item": [' * depth + "]}" * depth + "]}"
    with pytest.raises(InvalidCollection, match=r"c\.json: folders are nested too deeply"):
        load_collection("c.json", text)


def test_folders_of_v1_that_nobody_can_follow_are_one_clear_line():
    folders = [{"id": f"f{n}", "folders_order": [f"f{n + 1}"], "order": []} for n in range(2000)]
    document = {"id": "c", "name": "v1", "order": [], "folders_order": ["f0"], "folders": folders, "requests": []}
    with pytest.raises(InvalidCollection, match=r"c\.json: folders are nested too deeply"):
        load_collection("c.json", json.dumps(document))


def test_folders_of_v1_that_hold_one_another_are_not_multiplied():
    names = [f"f{n}" for n in range(14)]
    folders = [{"id": name, "folders_order": names, "order": []} for name in names]
    document = {
        "id": "c",
        "name": "v1",
        "order": [],
        "folders": [*folders, {"id": "root", "folders_order": names}],
        "requests": [],
    }
    with pytest.raises(InvalidCollection, match="hold one another too often"):
        load_collection("c.json", json.dumps(document))


@pytest.mark.parametrize("nested", ["[" * 5_000 + "1" + "]" * 5_000, '{"a":' * 5_000 + "1" + "}" * 5_000])
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"item": [{"name": "a", "request": 7, "more": DEEP}]}', "item[0].request"),
        ('{"item": [{"name": "f", "item": [[DEEP]]}]}', "item[0].item[0]"),
        ('{"item": [], "variable": [[DEEP]]}', "variable[0]"),
        ('{"item": [], "event": [{"listen": "test", "script": {"exec": {"a": DEEP}}}]}', "event[0].script.exec"),
        ('{"item": [], "protocolProfileBehavior": [DEEP]}', "protocolProfileBehavior"),
    ],
)
def test_a_mistake_beside_or_around_deep_values_is_told_with_its_place(text, place, nested):
    with pytest.raises(InvalidCollection) as caught:
        load_collection("c.json", text.replace("DEEP", nested))
    assert caught.value.where == f"c.json at {place}"
    assert "nested too deeply" not in caught.value.message


@pytest.mark.parametrize(("text", "place"), [('{"values": [[DEEP]]}', " at values[0]"), ('{"more": [DEEP]}', "")])
def test_a_mistake_around_deep_values_of_an_environment_is_told_with_its_place(text, place):
    with pytest.raises(InvalidCollection) as caught:
        load_environment("e.json", text=text.replace("DEEP", "[" * 5_000 + "]" * 5_000))
    assert caught.value.where == f"e.json{place}"


def test_a_name_of_any_depth_is_its_json():
    deep = "[" * 5_000 + "]" * 5_000
    collection = load_collection("c.json", f'{{"info": {{"name": {deep}}}, "item": [{{"name": {deep}, "id": {deep}}}]}}')
    assert collection.name == collection.items[0].name == collection.items[0].id == deep
    environment = load_environment("e.json", text=f'{{"name": {deep}, "values": [{{"key": {deep}, "type": {deep}}}]}}')
    assert environment.name == environment.values[0].key == environment.values[0].type == deep
