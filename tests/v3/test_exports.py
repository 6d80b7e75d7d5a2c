"""--export-collection of a folder: what did not change stays as it is, byte by byte."""

import json

import pytest

from tests.v3.conftest import request

DEFINITION = """\
# the shop
$kind: collection
name: Shop   # shown in the app
variables:
  - key: host   # where
    value: 'h.example'
    description: the server
  - {key: count, value: "1"}
auth: []
"""
EXAMPLE = "$kind: http-example  # e\nresponse: {statusText: OK, body: {type: text, content: x}}\n"
SET = 'pm.collectionVariables.set("count", 2); pm.collectionVariables.set("added", "x")'
FLAGS = ("--export-collection-values", "--export-collection")


def script(code):
    return ["scripts:", "  - type: afterResponse", f"    code: '{code}'"]


@pytest.fixture
def shop(folder, server):
    return folder(
        {
            ".resources/definition.yaml": DEFINITION.replace("\n", "\r\n"),
            "a.request.yaml": request(server.url, *script(SET), "examples: ./.resources/a.resources/examples"),
            ".resources/a.resources/examples/e.example.yaml": EXAMPLE,
            "in/b.request.yml": request(server.url, "# odd"),
            "README.md": "mine\n",
        }
    )  # fmt: skip


def tree(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_nothing_is_touched_without_a_change(postrunner, shop):
    before, times = tree(shop), {path: path.stat().st_mtime_ns for path in shop.rglob("*")}
    done = postrunner("run", "Shop", "--export-collection", "Shop")
    assert (done.code, tree(shop)) == (0, before)
    assert {path: path.stat().st_mtime_ns for path in shop.rglob("*")} == times


def test_only_what_changed_in_the_text_of_a_file_changes(postrunner, shop):
    before = tree(shop)
    done = postrunner("run", "Shop", *FLAGS, "Shop")
    assert done.code == 0, done.err
    after = tree(shop)
    changed = DEFINITION.replace('value: "1"}', 'value: "2"}\n  - key: added\n    value: x')
    assert after.pop(".resources/definition.yaml").decode() == changed.replace("\n", "\r\n")
    assert after == {name: content for name, content in before.items() if name != ".resources/definition.yaml"}


def test_a_map_of_variables_stays_a_map(postrunner, folder, server):
    root = folder(
        {
            ".resources/definition.yaml": "$kind: collection\nname: Shop\nvariables: {count: '1', z: a}\n",
            "a.request.yaml": request(server.url, *script(SET)),
        }
    )
    assert postrunner("run", "Shop", *FLAGS, "Shop").code == 0
    assert (root / ".resources/definition.yaml").read_text() == (
        "$kind: collection\nname: Shop\nvariables: {count: '2', z: a, added: x}\n"
    )


def test_a_collection_without_a_definition_gets_one(postrunner, folder, server):
    root = folder({"a.request.yaml": request(server.url, *script(SET))})
    assert postrunner("run", "Shop", *FLAGS, "Shop").code == 0
    assert (root / ".resources/definition.yaml").read_text() == (
        '$kind: collection\nname: Shop\nvariables:\n  count: "2"\n  added: x\n'
    )


def test_another_folder_gets_every_file_of_the_collection(postrunner, shop, tmp_path):
    for _ in range(2):
        done = postrunner("run", "Shop", "--export-collection", "copy/of it")
        assert done.code == 0, done.err
    wanted = {name: content for name, content in tree(shop).items() if name != "README.md"}
    assert tree(tmp_path / "copy/of it") == wanted


def test_a_folder_with_other_requests_is_left_alone(postrunner, shop, tmp_path):
    (tmp_path / "other/deep").mkdir(parents=True)
    (tmp_path / "other/deep/x.request.yaml").write_text("$kind: http-request\n")
    done = postrunner("run", "Shop", "--export-collection", "other")
    assert (done.code, list(tree(tmp_path / "other"))) == (1, ["deep/x.request.yaml"])
    assert "it has a request that is none of this collection (deep/x.request.yaml)" in " ".join(done.err.split())


def test_a_file_that_is_no_regular_one_is_not_written(postrunner, shop, tmp_path):
    definition = shop / ".resources/definition.yaml"
    definition.rename(tmp_path / "elsewhere")
    definition.symlink_to(tmp_path / "elsewhere")
    before = (tmp_path / "elsewhere").read_bytes()
    done = postrunner("run", "Shop", *FLAGS, "Shop")
    assert (done.code, definition.is_symlink(), (tmp_path / "elsewhere").read_bytes()) == (1, True, before)


def test_what_cannot_be_changed_in_place_is_left_as_it_is(postrunner, folder, server):
    text = (
        "$kind: collection\nname: &n '1'\nvariables:\n  - {key: other, value: *n}\n  - {key: count, value: &v a}\nid: *v\n"
    )
    root = folder({".resources/definition.yaml": text, "a.request.yaml": request(server.url, *script(SET))})
    done = postrunner("run", "Shop", *FLAGS, "Shop")
    assert (done.code, (root / ".resources/definition.yaml").read_text()) == (2, text)
    assert ".resources/definition.yaml: cannot be changed in place" in " ".join((done.out + done.err).split())


def test_a_name_that_ends_in_json_gets_the_format_v2_1(postrunner, shop, tmp_path):
    assert postrunner("run", "Shop", *FLAGS, "c.json").code == 0
    document = json.loads((tmp_path / "c.json").read_text())
    assert [item["name"] for item in document["item"]] == ["a", "in"]
    assert {row["key"]: row["value"] for row in document["variable"]}["count"] in ("2", 2)


@pytest.mark.parametrize("source", ["Shop", "Shop/a.request.yaml"])
def test_a_json_export_is_what_convert_writes_with_the_new_values(postrunner, shop, tmp_path, source):
    assert postrunner("convert", source, "wanted.json").code == 0
    assert postrunner("run", source, *FLAGS, "c.json").code == 0
    wanted, exported = (json.loads((tmp_path / name).read_text()) for name in ("wanted.json", "c.json"))
    rows = [document.pop("variable", []) for document in (wanted, exported)]
    assert exported == wanted
    assert "request.yaml" not in str(exported)
    assert {row["key"] for row in rows[0]} <= {row["key"] for row in rows[1]}


def test_several_collections_get_a_folder_each(postrunner, shop, tmp_path):
    assert postrunner("run", "Shop", "Shop", "--export-collection", "out/").code == 0
    wanted = {name: content for name, content in tree(shop).items() if name != "README.md"}
    assert [tree(tmp_path / "out" / name) for name in ("Shop", "Shop-2")] == [wanted, wanted]


def test_new_secrets_are_left_out(postrunner, folder, server):
    set_token = 'pm.collectionVariables.set("token", "qwertz-12345")'
    text = "$kind: collection\nname: Shop\nvariables:\n  - key: token\n    value: ''\n    secret: true # fill in\n"
    root = folder({".resources/definition.yaml": text, "a.request.yaml": request(server.url, *script(set_token))})
    assert postrunner("run", "Shop", *FLAGS, "Shop").code == 0
    assert (root / ".resources/definition.yaml").read_text() == text


def test_examples_of_a_run_become_files_of_the_folder(postrunner, shop, server):
    before = tree(shop)
    done = postrunner("run", "Shop", "--export-collection", "Shop", "--save-examples")
    assert done.code == 0, done.err
    new = {name: content.decode() for name, content in tree(shop).items() if before.get(name) != content}
    added = ".resources/a.resources/examples/200 OK.example.yaml"
    assert set(new) == {added, "in/.resources/b.resources/examples/200 OK.example.yaml", "in/b.request.yml"}
    reference = "examples: ./.resources/b.resources/examples\n"
    assert new["in/b.request.yml"] == before["in/b.request.yml"].decode().replace("# odd", f"{reference}# odd")
    assert new[added].startswith("$kind: http-example\n")
    assert "\n    type: json\n" in new[added]
    assert postrunner("check", "Shop", "--fail-on", "error").code == 0
    again = tree(shop)
    server.texts |= {"/": b"{}"}
    assert postrunner("run", "Shop", "--export-collection", "Shop", "--save-examples", "missing").code == 0
    assert tree(shop) == again


def test_an_example_that_is_replaced_keeps_its_file(postrunner, shop, server):
    server.texts["/"] = b"fresh"
    before = tree(shop)
    name = ".resources/a.resources/examples/e.example.yaml"
    assert postrunner("run", "Shop", "--export-collection", "Shop", "--save-examples", "replace").code == 0
    after = tree(shop)
    assert b"content: fresh" in after[name]
    assert after.keys() - before.keys() == {"in/.resources/b.resources/examples/200 OK.example.yaml"}


def test_examples_go_into_a_json_file_of_v21_too(postrunner, shop, tmp_path):
    assert postrunner("run", "Shop", "--export-collection", "shop.json", "--save-examples").code == 0
    items = json.loads((tmp_path / "shop.json").read_text())["item"]
    assert [one["name"] for one in items[0]["response"]] == ["e", "200 OK"]
