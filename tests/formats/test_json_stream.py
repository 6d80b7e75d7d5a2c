"""A large JSON file is read entry by entry, wherever its pieces end."""

import io
import json
import random
import tracemalloc

import pytest

from runner.errors import InvalidDocument
from runner.formats import json_stream
from runner.formats.json_stream import JsonStream

VALUES = [
    0,
    -12,
    3.5,
    1e300,
    "",
    "text",
    'é"\\\n\u2028😀',
    None,
    True,
    False,
    [],
    {},
    [1, [2, {"a": []}]],
    {"a": {"b": [1, 2]}},
]


@pytest.fixture(params=[1, 2, 3, 7, 64, 2**20])
def stream(request, monkeypatch):
    """A stream whose file is read in pieces of so many bytes."""
    monkeypatch.setattr(json_stream, "PIECE", request.param)
    return stream_of


def stream_of(text):
    return JsonStream(io.BytesIO(text if isinstance(text, bytes) else text.encode("utf-8")), "file.json")


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_read_as_a_whole(stream, value):
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False), f" \n\t{json.dumps(value)}\r\n "):
        found = stream(text)
        assert found.value() == value
        found.end()


def test_members_and_entries_are_read_one_by_one(stream):
    document = {"a": VALUES, "b": {"c": [[1], [2, 3]], "d": {}}, "e": [], "f": "x"}
    for indent in (None, 1):
        assert walked(stream(json.dumps(document, indent=indent))) == document


def walked(source):
    """The document, by members and entries wherever there are any."""
    if source.opens("{"):
        return {name: walked(source) for name in source.members()}
    return [walked(source) for _ in source.entries()] if source.opens("[") else source.value()


@pytest.mark.parametrize("seed", range(10))
def test_any_document_is_what_the_library_reads(stream, seed):
    chance = random.Random(seed)

    def made(depth):
        kind = chance.random()
        if depth > 4 or kind < 0.4:
            return chance.choice([value for value in VALUES if not isinstance(value, list | dict)])
        several = range(chance.randint(0, 4))
        return [made(depth + 1) for _ in several] if kind < 0.7 else {f"{at}é": made(depth + 1) for at in several}

    text = json.dumps(made(0), indent=chance.choice([None, 0, 2]), ensure_ascii=chance.random() < 0.5)
    assert walked(stream(text)) == json.loads(text)


@pytest.mark.parametrize("text", ['"[{"', '"a\\"]"', '"\\\\"', "1"])
def test_a_value_of_a_thousand_levels_is_read(stream, text):
    deep = "[" * 5_000 + text + "]" * 5_000
    found = stream(f'{{"a": {deep}, "b": 1}}')
    values = {name: found.value() for name in found.members()}
    inner = values["a"]
    for _ in range(5_000):
        (inner,) = inner
    assert (inner, values["b"]) == (json.loads(text), 1)


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", "[", '{"a"', '{"a":', '{"a":1', '{"a":1,}', "[1", "[1,", "[1 2]", '{"a" 1}', "{1: 2}", "nul", '"a'],
)
def test_what_is_broken_is_refused(stream, text):
    with pytest.raises(InvalidDocument, match=r"file\.json"):
        walked(stream(text))


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 100_000 + '"', "[" * 3000 + "]" * 2999])
def test_what_is_deep_and_broken_is_refused(text):
    with pytest.raises(InvalidDocument):
        stream_of(text).value()


def test_what_follows_the_document_is_refused(stream):
    found = stream("{} {}")
    assert walked(found) == {}
    with pytest.raises(InvalidDocument, match="follows"):
        found.end()


def test_bytes_that_are_no_text_are_refused(stream):
    with pytest.raises(InvalidDocument, match="UTF-8"):
        stream(b'["\xff"]').value()


def test_a_byte_order_mark_is_no_part_of_it(stream):
    assert stream(b"\xef\xbb\xbf[1]").value() == [1]


def test_no_more_is_in_memory_than_an_entry():
    text = json.dumps([["x" * 100_000] for _ in range(200)]).encode()
    tracemalloc.start()
    found = JsonStream(io.BytesIO(text), "file.json")
    assert sum(len(found.value()[0]) for _ in found.entries()) == 20_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000
