"""The names of files, and what a snapshot says it is of."""

import pytest

from runner.snapshots.keys import FileNames, Key, key_of


def names(*keys, taken=()):
    found = FileNames(taken)
    return [found.new(key) for key in keys]


def test_names_tell_the_request_and_what_is_unusual():
    assert names(
        Key(("a",)),
        Key(("a",), twin=2),
        Key(("a",), iteration=3),
        Key(("a",), twin=2, iteration=3, time=4, by_script=True),
    ) == ["a.json", "a [2].json", "a - iteration 3.json", "a [2] - iteration 3 - time 4 - by a script.json"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("a/b", "c:d"), "a-b/c-d.json"),
        (("con", "nul.txt"), "-/-.txt.json"),
        (("..", "."), "-/-.json"),
        (("", ""), "folder/request.json"),
        (("ends. ", "x."), "ends-/x-.json"),
        (("rules",), "rules-2.json"),
    ],
)
def test_names_are_safe_on_every_system(path, name):
    assert names(Key(path)) == [name]


@pytest.mark.parametrize(
    "pair", [("a", "A"), ("ä", "a\u0308"), ("straße", "STRASSE"), ("a/b", "a:b"), ("x" * 80, "x" * 90)]
)
def test_no_two_names_are_the_same_on_another_system(pair):
    one, other = names(*(Key((name,)) for name in pair))
    assert one.casefold() != other.casefold()
    assert other.endswith("-2.json")


def test_a_folder_and_a_file_never_have_the_same_name():
    assert names(Key(("a.json", "b")), Key(("a",))) == ["a.json/b.json", "a-2.json"]
    first, second = names(Key(("a",)), Key(("a.json", "b")))
    assert first == "a.json"
    assert not second.startswith("a.json/")


def test_a_very_deep_path_is_shortened():
    (name,) = names(Key(tuple(f"folder {number} {'x' * 50}" for number in range(9))))
    assert len(name) < 120
    assert names(Key(("x" * 60,) * 5)) != names(Key(("x" * 60,) * 6))


@pytest.mark.parametrize("key", [Key(("a", "b")), Key(("a",), 2, 3, 4, True), Key(("ä/ö", "\ud800"))])
def test_a_key_is_read_as_it_is_written(key):
    assert key_of(key.to_json()) == key


@pytest.mark.parametrize(
    "broken",
    [{}, {"request": []}, {"request": "a"}, {"request": [1]}, {"request": ["a"], "time": True},
     {"request": ["a"], "twin": 0}, {"request": ["a"], "byScript": 1}],
)  # fmt: skip
def test_a_broken_key_is_none(broken):
    assert key_of(broken) is None
