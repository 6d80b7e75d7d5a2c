"""Two collections are compared part by part: what was added, lost, changed, moved or renamed."""

import json
import os
from pathlib import Path

import pytest

from tests.diff.conftest import folder, item


@pytest.fixture
def compared(diff, collection):
    """Compare collections of these items; gives the exit code and each entry as its kind, path, outcome and old path."""

    def call(left, right, *words):
        sides = collection(*left, file="left.json"), collection(*right, file="right.json")
        code, out, err = diff(*sides, "-r", "json", *words)
        if code == 2:
            return code, err
        return code, [
            (one["what"], "/".join(one["path"]), one["outcome"], "/".join(one.get("was", ())))
            for one in json.loads(out)["entries"]
        ]

    return call


def named(*ids, **more):
    return [item(f"r{id}", id=id, **more) for id in ids]


def test_the_same_collection_twice_does_not_differ(compared):
    items = [folder("f", item("a")), item("b", test="1")]
    assert compared(items, items) == (0, [])


def test_what_was_added_lost_and_changed_is_told(compared):
    left = [item("a"), item("b"), folder("f", item("c", test="one()"))]
    right = [item("a"), item("d", "/else"), folder("f", item("c", test="two()"))]
    assert compared(left, right) == (
        1,
        [("request", "d", "new", ""), ("request", "f/c", "changed", ""), ("request", "b", "lost", "")],
    )


@pytest.mark.parametrize("ids", [True, False])
def test_renamed_and_moved_parts_are_told_as_such_with_ids_and_without(compared, ids):
    def given(id):
        return {"id": id} if ids else {}

    left = [{**folder("f", item("a", **given("1")), item("b", **given("2"))), **given("3")}, item("c", **given("4"))]
    renamed = {**folder("g", item("a", **given("1")), item("b", **given("2"))), **given("3")}
    assert compared(left, [renamed, left[1]]) == (1, [("folder", "g", "renamed", "f")])
    other = item("other", "/c", **given("4"))
    assert compared(left, [left[0], other]) == (1, [("request", "other", "renamed", "c")])
    moved = {**folder("f", item("a", **given("1"))), **given("3")}
    assert compared(left, [moved, left[1], item("b", **given("2"))]) == (1, [("request", "b", "moved", "f/b")])
    assert [one[2:] for one in compared(left, [left[1], left[0]])[1]] == [("moved", "")]


def test_a_changed_request_in_a_renamed_folder_is_found(compared):
    left = [folder("f", item("a"), item("b"), item("c", test="1"))]
    right = [folder("g", item("a"), item("b"), item("c", test="2"))]
    _, entries = compared(left, right)
    assert entries == [("folder", "g", "renamed", "f"), ("request", "g/c", "changed", "f/c")]


def test_equal_requests_of_one_name_are_told_apart_by_their_order(compared):
    assert compared([item("a"), item("a")], [item("a"), item("a")]) == (0, [])
    assert compared([item("a"), item("a")], [item("a")]) == (1, [("request", "a", "lost", "")])


def test_copies_with_the_same_id_are_compared(compared):
    assert compared(named("1", "1"), named("1", "1")) == (0, [])


def test_fail_on_names_what_can_happen_to_parts(compared):
    left, right = [item("a"), item("b")], [item("b"), item("a"), item("c")]
    assert compared(left, right, "--fail-on", "lost")[0] == 0
    assert compared(left, right, "--fail-on", "lost,moved")[0] == 1
    code, err = compared(left, right, "--fail-on", "body")
    assert code == 2
    assert "has 'body', which collections do not have" in err
    assert "slower" in compared(left, right, "--fail-on", "slower:2x")[1]


@pytest.mark.parametrize("words", [["--ignore", "$.a"], ["--only", "body"], ["--all-headers"], ["--tolerance", "all=1"]])
def test_options_about_responses_are_a_mistake(compared, words):
    code, err = compared([item("a")], [item("a")], *words)
    assert code == 2
    assert f"{words[0]}: is about responses" in err


def test_collections_without_a_common_request_cannot_be_compared(compared):
    code, err = compared([item("a")], [item("b", "/else")])
    assert code == 2
    assert "no request in common" in err


def test_a_collection_and_a_report_cannot_be_compared(diff, collection, report):
    path = collection(item("a"))
    for pair in ((path, report(path)), (report(path), path)):
        code, _, err = diff(*pair)
        assert code == 2
        assert "one is a report of a run, the other is not" in err


def test_a_report_that_comes_out_of_a_pipe_is_not_taken_for_its_collection(diff, collection, report, servers):
    servers.both("/a", 1, 2)
    path = collection(item("a"))
    pipes = []
    for side in ("left", "right"):
        reader, writer = os.pipe()
        os.write(writer, Path(report(path, side)).read_bytes())
        os.close(writer)
        pipes.append(reader)
    code, out, err = diff(*(f"/dev/fd/{number}" for number in pipes))
    for number in pipes:
        os.close(number)
    assert (code, err) == (1, "")
    assert "line 1  1 → 2" in out


def test_a_folder_of_v3_and_its_file_of_v2_do_not_differ(diff, collection, tmp_path):
    from runner.cli import main

    path = collection(folder("f", item("a", test="1\n2")), item("b", method="POST"))
    main(["convert", path, str(tmp_path / "v3")])
    code, out, _ = diff(path, tmp_path / "v3")
    assert (code, "nothing differs" in out) == (0, True)


def test_what_only_v3_can_say_is_compared(diff, tmp_path):
    sides = []
    for side, method in (("one", "List"), ("two", "Get")):
        definition = tmp_path / side / ".resources"
        definition.mkdir(parents=True)
        (definition / "definition.yaml").write_text("$kind: collection\nname: C\n")
        text = f"$kind: grpc-request\nname: g\nurl: grpc://h\nmethodPath: shop.Shop/{method}\n"
        (tmp_path / side / "g.request.yaml").write_text(text)
        sides.append(tmp_path / side)
    code, out, _ = diff(*sides)
    assert code == 1
    assert "shop.Shop/Get" in out


def test_secrets_in_collections_are_masked_and_a_change_of_one_is_told(diff, collection, tmp_path):
    def given(token):
        auth = {"type": "bearer", "bearer": [{"key": "token", "value": token, "type": "string"}]}
        one = item("a")
        one["request"]["auth"] = auth
        return [one]

    first, second = "Hq1Zk3XwVb7Tm9WrJs5L", "Zz8Yk3XwVb7Tm9WrJs5M"
    sides = collection(*given(first), file="l.json"), collection(*given(second), file="r.json")
    for name in ("cli", "json", "markdown"):
        code, out, _ = diff(*sides, "-r", name)
        assert code == 1
        assert first not in out
        assert second not in out
        assert "only secret values differ" in out


def test_a_password_in_the_address_of_a_side_is_masked(diff, collection, servers):
    path = Path(collection(item("a")))
    servers.left.answers["/c.json"] = (200, {}, path.read_bytes())
    address = servers.left.url.replace("//", "//ada:Hq1Zk3XwVb7T@") + "/c.json"
    code, out, err = diff(path, address)
    assert (code, err) == (0, "")
    assert "Hq1Zk3XwVb7T" not in out
    assert "//ada:" in out


def test_a_report_from_an_address_is_not_taken_for_its_collection(diff, collection, report, servers):
    servers.both("/a", 1, 2)
    path = collection(item("a"))
    paths = [Path(report(path, side)) for side in ("left", "right")]
    servers.left.answers["/r.json"] = (200, {}, paths[1].read_bytes())
    code, out, _ = diff(paths[0], servers.left.url + "/r.json")
    assert (code, "line 1  1 → 2" in out) == (1, True)
