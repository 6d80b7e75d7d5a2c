"""A format is one module and one line in the table: it is found, loaded, run and written back, and nothing else changes."""

import json

import httpx
import pytest

import runner
from runner.errors import InvalidCollection
from runner.formats.format import Given
from runner.formats.load import load_environment
from runner.formats.table import FORMATS, Entry, dump, load, recognise

TOY = Entry("toy", "tests.formats.toy", ("collection",))


@pytest.fixture
def toy(monkeypatch, tmp_path):
    monkeypatch.setattr("runner.formats.table.FORMATS", [*FORMATS, TOY])
    return tmp_path / "a.toy"


def test_a_collection_of_a_new_format_runs_and_is_written_back_as_it_was(toy):
    text = "toy\r\nGET http://h/a\r\nHEAD http://h/b\r\n"
    toy.write_bytes(text.encode())
    seen = []

    def answer(request):
        seen.append(f"{request.method} {request.url}")
        return httpx.Response(200)

    runner.run(str(toy), export_collection=str(toy.with_name("out.toy")), transport=httpx.MockTransport(answer))
    assert seen == ["GET http://h/a", "HEAD http://h/b"]
    assert toy.with_name("out.toy").read_bytes() == text.encode()


def test_a_file_of_a_new_format_in_the_wrong_place_is_called_by_its_name(toy):
    toy.write_text("toy\nGET http://h/\n")
    with pytest.raises(InvalidCollection, match="this is a toy, not an environment"):
        load_environment(str(toy))


TEXTS = {
    "v2": ("c.json", '{"item": []}'),
    "v1": ("c.json", '{"id": "c", "order": [], "requests": []}'),
    "environment": ("e.json", '{"name": "e", "values": []}'),
    "environment-yaml": ("e.environment.yaml", "name: e\nvalues: []\n"),
    "json-rows": ("d.json", '[{"a": 1}, {"b": null}]'),
    "csv": ("d.csv", "a,b\n1,x\n"),
    "dotenv": (".env", "A=1\n"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_every_format_knows_its_own_files(name):
    path, text = TEXTS[name]
    assert recognise(Given(text, path)).name == name


def test_there_is_an_example_of_every_format():
    assert TEXTS.keys() == {entry.name for entry in FORMATS}


@pytest.mark.parametrize(
    ("role", "path", "text"),
    [
        ("collection", "c.json", '{\n\t"item": [],\n\t"n": 1.0\n}\n'),
        ("environment", "e.json", '[{"key":"a","value":1e3}]'),
        ("globals", "g.globals.yaml", "name: g # c\nvalues:\n    - {key: a, value: '1'}\n"),
        ("data", "d.json", '[{"a": 1.50},{}]\n'),
        ("data", "d.csv", 'a,b\n1,x\n"1"," y"\n2.5,"a ""b"", c"\n'),
        ("dotenv", ".env", 'A="1"\nB="a \\"b\\" \\n\\\\"\n'),
    ],
)
def test_what_did_not_change_is_written_as_it_was_read(role, path, text):
    model, origin = load(Given(text, path, role))
    assert dump(model, origin, role) == text


def test_what_came_from_no_file_is_written_in_the_first_format_of_its_role():
    model, _ = load(Given.of({"item": [], "info": {"name": "c"}}, role="collection"))
    assert json.loads(dump(model, None, "collection")) == {"item": [], "info": {"name": "c"}}
