"""A module imports its own row or a lower one; strangers meet only through effects and events."""

import pytest

from tests.house.code import MODULES, PACKAGE, RANK, STRANGERS, imported_rooms, name_of, room_of


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path):
    here = room_of(path)
    if here == "__init__":
        return
    for there in imported_rooms(path):
        assert RANK[there] <= RANK[here], f"{here} may not import {there}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_strangers_do_not_import_one_another(path):
    here = room_of(path)
    for there in imported_rooms(path):
        assert here == there or not {here, there} <= STRANGERS, f"{here} and {there} are strangers"


def test_every_room_has_a_row():
    rooms = {room_of(path) for path in MODULES} - {"__init__"}
    assert rooms == rooms & set(RANK)


def test_there_is_no_folder_in_a_folder_but_for_data():
    nested = [p for p in PACKAGE.rglob("*.py") if len(p.relative_to(PACKAGE).parts) > 2]
    assert nested == []


def only_in(words, homes):
    """Files outside of the given rooms that mention one of the words in an import."""
    return [
        name_of(path)
        for path in MODULES
        if room_of(path) not in homes
        for line in path.read_text().splitlines()
        if line.strip().startswith(("import ", "from ")) and any(word in line.split() for word in words)
    ]


def test_sockets_are_opened_only_in_the_transport_and_the_stand_ins():
    assert only_in({"socket", "ssl", "httptools", "http.server"}, {"transport", "standins"}) == []


def test_v8_is_reached_only_through_the_sandbox():
    assert only_in({"py_mini_racer", "subprocess"}, {"sandbox"}) == []


def test_the_names_utils_and_helpers_are_not_used():
    assert [p for p in MODULES if p.stem in {"utils", "util", "helpers", "misc", "common"}] == []
