"""A module imports its own row or a lower one, never in a circle; strangers meet only through effects and events."""

from tests.house.code import MODULES, RANK, STRANGERS, circles, import_graph, imported_rooms, name_of, room_of


def test_imports_point_down():
    upward = [
        f"{name_of(path)} imports {there}"
        for path in MODULES
        for there in sorted(set(imported_rooms(path)))
        if room_of(path) != "__init__" and RANK[there] > RANK[room_of(path)]
    ]
    assert upward == []


def test_no_modules_import_one_another_in_a_circle():
    assert circles(import_graph()) == []


def test_circles_are_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d", "a"}, "e": set()}) == [["b", "c"], ["d"]]


def test_strangers_do_not_import_one_another():
    met = [
        f"{name_of(path)} imports {there}"
        for path in MODULES
        for there in sorted(set(imported_rooms(path)))
        if room_of(path) != there and {room_of(path), there} <= STRANGERS
    ]
    assert met == []


def test_every_room_has_a_row():
    assert {room_of(path) for path in MODULES} - {"__init__"} - set(RANK) == set()


def only_in(words, homes):
    """Files outside of the given rooms that mention one of the words in an import."""
    return [
        name_of(path)
        for path in MODULES
        if room_of(path) not in homes
        for line in path.read_text().splitlines()
        if line.strip().startswith(("import ", "from ")) and any(word in line.split() for word in words)
    ]


def test_sockets_are_opened_only_in_the_transport_and_the_server():
    imported = only_in({"socket", "ssl", "httptools", "http.server"}, {"transport", "server"})
    assert imported == ["load/__main__.py"]  # which takes care that gevent leaves `ssl` as it is


def test_v8_is_reached_only_through_the_sandbox():
    assert only_in({"py_mini_racer"}, {"sandbox"}) == []


CALLERS = [
    "cli/commands/files/in_place.py",  # git, for what changed
    "history/hooks.py",  # the user's own commands: --on-fail, --on-recover
    "history/revision.py",  # git, for the commit
    "load/processes/starting.py",  # the process of a load test, which gevent changes before anything else is imported
    "load/processes/workers.py",  # the workers on this machine
]


def test_other_programs_are_called_only_by_the_sandbox_for_git_by_hooks_and_for_load():
    assert only_in({"subprocess"}, {"sandbox"}) == CALLERS


def test_the_names_utils_and_helpers_are_not_used():
    assert [p for p in MODULES if p.stem in {"utils", "util", "helpers", "misc", "common"}] == []
