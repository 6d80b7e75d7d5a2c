"""What a mock server may be made of, and what it says if it cannot."""

import json

import pytest

from runner.errors import FileUnreadable, UsageError
from runner.formats.v3.writing import write_files
from runner.mock.serving import MockServer
from runner.options import RunOptions
from tests.mock.conftest import ask, collection, example

OPENAPI = """
openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: A pet
          content: {application/json: {examples: {cat: {value: {name: Tom}}, dog: {value: {name: Rex}}}}}
        '404':
          description: None
"""


def test_an_openapi_document_is_served_with_its_examples(tmp_path):
    path = tmp_path / "pets.yaml"
    path.write_text(OPENAPI)
    with MockServer([str(path)], RunOptions()) as server:
        assert ask(server.url, "GET /v1/pets/7").json == {"name": "Tom"}
        assert ask(server.url, "GET /pets/7").json == {"name": "Tom"}
        assert ask(server.url, "GET /pets/7 [Prefer: example=dog]").json == {"name": "Rex"}
        assert ask(server.url, "GET /pets/7 [Prefer: code=404]").status == 404


def test_a_folder_of_the_format_v3_is_served(tmp_path):
    for file in write_files(collection(example("GET /users/:id", body='{"id": "{{id}}"}', name="OK"), name="Three")):
        path = tmp_path / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(file.data))
    with MockServer([str(tmp_path)], RunOptions()) as server:
        assert ask(server.url, "GET /users/7").json == {"id": "7"}


def test_what_has_no_example_is_refused(tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(collection()))
    with pytest.raises(UsageError, match="no saved example"):
        MockServer([str(path)], RunOptions())


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(FileUnreadable):
        MockServer(["nowhere.json"], RunOptions())


def test_what_is_saved_anew_is_served_and_what_is_broken_is_not(tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(collection(example("GET /a", body="1"))))
    with MockServer([str(path)], RunOptions()) as server:
        path.write_text(json.dumps(collection(example("GET /a", body="2"))))
        server.reload()
        assert ask(server.url, "GET /a").text == "2"
        path.write_text("{")
        with pytest.raises(Exception, match="not valid JSON"):
            server.reload()
        assert ask(server.url, "GET /a").text == "2"
