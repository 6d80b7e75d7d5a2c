"""Imports exports and runs what came of them."""

import json

import pytest


@pytest.fixture
def imported(tmp_path, server, postrunner):
    """A function that imports a text: the collection and what was told; `URL` in it is the server's."""

    def read(text, *options, name="export.yaml", code=0):
        (tmp_path / name).write_text(text.replace("URL", server.url))
        done = postrunner("import", name, "-o", "c.json", "--force", *options)
        assert done.code == code, done.err
        with open("c.json") as file:
            return json.load(file), done.err

    return read


@pytest.fixture
def sent(imported, postrunner, server):
    """A function that imports a text and runs it: what the server saw of each request, (method, path, headers, body)."""

    def run(text, *options, code=0):
        imported(text)
        done = postrunner("run", "c.json", *options)
        assert done.code == code, done.out + done.err
        return [(method, path, headers, body.decode()) for method, path, headers, body in server.seen]

    return run
