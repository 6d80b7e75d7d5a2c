"""Changed in Python and saved, a folder of the format v3 says what was meant; files of what did not change stay."""

import random
from copy import deepcopy

import pytest

import runner
from runner.deep_json import same
from runner.errors import ExportError
from runner.formats.postman.upgrade import upgraded
from runner.formats.v3.kept import saying
from runner.formats.v3.reading import read_folder
from tests.v3.test_samples import SAMPLES

NAMES = ("a", "A", "B b", "c/d", ".resources", ".git", "con", "ü" * 40, "x.", "", "New Request")
USABLE = [name for name in SAMPLES if name != "19-names"]  # one file of it is never run


def tree(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def write(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())


def bare(value):
    """A document without the marks of its files."""
    if isinstance(value, dict):
        return {key: bare(one) for key, one in value.items() if key != "_postrunner_v3"}
    return [bare(one) for one in value] if isinstance(value, list) else value


def meaning(document):
    return saying(bare(upgraded(document)))


def holders(document):
    yield document
    for one in document["item"]:
        if "item" in one:
            yield from holders(one)


def new_request(chance):
    url = chance.choice(["http://h/{{a}}", "http://h/x?q=1", {"raw": "http://h", "host": ["h"]}])
    node = {"name": chance.choice(NAMES), "request": {"method": "POST", "url": url, "header": [{"key": "A", "value": "b"}]}}
    if chance.random() < 0.3:
        node["event"] = [{"listen": "test", "script": {"exec": ["// one", ""]}}]
        node["response"] = [{"name": chance.choice(NAMES), "code": 201, "status": "OK", "body": "x"} for _ in range(2)]
    return node


def change(document, chance):
    """Change one thing, at random; gives the nodes whose files may change."""
    holder = chance.choice(list(holders(document)))
    items = holder["item"]
    what = chance.choice(["add", "folder", "remove", "move", "swap", "rename", "copy", "edit", "example"])
    if what == "add":
        items.insert(chance.randint(0, len(items)), new_request(chance))
    elif what == "folder":
        items.insert(chance.randint(0, len(items)), {"name": chance.choice(NAMES), "item": [new_request(chance)]})
    elif items:
        one = chance.choice(items)
        if what == "remove":
            items.remove(one)
        elif what == "move":
            items[:] = [other for other in items if other is not one]
            to = chance.choice(list(holders(document)))
            to["item"].insert(chance.randint(0, len(to["item"])), one)
        elif what == "swap":
            items.append(items.pop(chance.randrange(len(items))))
        elif what == "rename":
            one["name"] = chance.choice(NAMES)
        elif what == "copy":
            items.insert(chance.randint(0, len(items)), deepcopy(one))
        elif "request" in one and "kind" not in one["_postrunner_v3" if "_postrunner_v3" in one else "request"]:
            if what == "edit":
                one["request"].update(method="PATCH", description="new: text")
            else:
                examples = one.setdefault("response", [])
                examples.reverse()
                examples.insert(0, {"name": chance.choice(NAMES), "code": 200, "status": "OK", "body": ""})
        else:
            return


@pytest.mark.parametrize("name", USABLE)
def test_any_changes_of_the_tree_are_read_as_they_were_meant(name, tmp_path):
    for seed in range(2):
        chance, root = random.Random(f"{name} {seed}"), tmp_path / str(seed)
        write(root, SAMPLES[name]["files"])
        collection = runner.Collection.load(root)
        for _ in range(2):
            for _ in range(chance.randint(1, 3)):
                change(collection.document, chance)
            wanted = meaning(collection.document)
            collection.save()
            got = read_folder(str(root)).document
            assert same(meaning(got), wanted, ordered=False), seed
            before = tree(root)
            collection.save()
            assert tree(root) == before


A = "# first\n$kind: http-request\nurl: http://h/a   # where\nexamples: ./.resources/A.resources/examples\norder: 1000\n"
B = "$kind: http-request\nurl: 'http://h/b'\norder: 2000\n"
EXAMPLE = "$kind: http-example  # kept\nresponse: {statusText: OK, body: {type: text, content: x}}\n"


@pytest.fixture
def shop(tmp_path):
    files = {
        ".resources/definition.yaml": "$kind: collection\nname: Shop\n",
        "A.request.yaml": A,
        "B.request.yaml": B,
        ".resources/A.resources/examples/e.example.yaml": EXAMPLE,
        "in/C.request.yaml": B,
        "README.md": "mine",
    }
    write(tmp_path, files)
    return tmp_path


def saved(shop, change):
    """The files that are new or changed, and those that are gone."""
    before, collection = tree(shop), runner.Collection.load(shop)
    change(collection.document["item"])
    collection.save()
    after = tree(shop)
    changed = {path: text.decode() for path, text in after.items() if before.get(path) != text}
    return changed, before.keys() - after.keys()


def test_a_new_request_gets_an_order_between_its_neighbours(shop):
    new = {"name": "New", "request": {"method": "GET", "url": "http://h"}}
    changed, gone = saved(shop, lambda items: items.insert(2, new))
    text = "$kind: http-request\nurl: http://h\nmethod: GET\norder: 1500\n"
    assert (changed, gone) == ({"New.request.yaml": text}, set())


def test_a_removed_request_takes_its_examples_along_and_nothing_else(shop):
    example = ".resources/A.resources/examples/e.example.yaml"
    assert saved(shop, lambda items: items.pop(1)) == ({}, {"A.request.yaml", example})
    assert not (shop / ".resources/A.resources").exists()


def test_a_request_that_moves_keeps_its_text_and_its_examples(shop):
    changed, gone = saved(shop, lambda items: items[0]["item"].insert(0, items.pop(1)))
    assert changed == {"in/A.request.yaml": A, "in/.resources/A.resources/examples/e.example.yaml": EXAMPLE}
    assert gone == {"A.request.yaml", ".resources/A.resources/examples/e.example.yaml"}


def test_a_request_with_a_new_name_is_in_a_file_of_that_name(shop):
    changed, _ = saved(shop, lambda items: items[1].update(name="Z"))
    assert changed == {
        "Z.request.yaml": A.replace("A.resources", "Z.resources"),
        ".resources/Z.resources/examples/e.example.yaml": EXAMPLE,
    }


def test_of_requests_in_another_order_the_fewest_get_a_new_one(shop):
    changed, gone = saved(shop, lambda items: items.append(items.pop(1)))
    assert (changed, gone) == ({"A.request.yaml": A.replace("1000", "3000")}, set())


def test_nothing_is_written_over_what_somebody_else_changed_meanwhile(shop):
    collection = runner.Collection.load(shop)
    del collection.document["item"][1]
    (shop / "A.request.yaml").write_text(A + "# mine\n")
    before = tree(shop)
    with pytest.raises(ExportError, match="was changed since the collection was read"):
        collection.save()
    assert tree(shop) == before


def test_saved_as_json_it_is_of_the_format_v2_1(shop):
    collection, before = runner.Collection.load(shop), tree(shop)
    collection.document["item"].append({"name": "New", "request": {"method": "GET", "url": "http://h"}})
    collection.save(shop.parent / "shop.json")
    assert tree(shop) == before
    assert [one.name for one in runner.Collection.load(shop.parent / "shop.json").requests] == ["C", "A", "B", "New"]


@pytest.mark.parametrize("own", [False, True])
def test_what_is_kept_of_variables_stays_while_they_do(tmp_path, own):
    write(
        tmp_path,
        {
            ".resources/definition.yaml": "$kind: collection\nname: c\nvariables:\n  a: b\n",
            ".resources/postrunner.yaml": "kept: {.resources/definition.yaml: [{at: /variable/0/type, was: string}]}\n",
        },
    )
    collection = runner.Collection.load(tmp_path)
    collection.document["info"]["description"] = "new"
    if own:
        collection.document["variable"][0]["value"] = "c"
    collection.save()
    (variable,) = runner.Collection.load(tmp_path).document["variable"]
    assert variable == ({"key": "a", "value": "c", "type": "string"} if own else {"key": "a", "value": "b"})
