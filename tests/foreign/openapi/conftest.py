"""Small documents, imported by the function that the command calls."""

import json

import pytest

from runner.foreign.importing import import_sources


@pytest.fixture
def imported(tmp_path):
    """Makes a collection of a document with these paths; options are given by their names."""

    def make(paths=None, *, options=None, version="3.0.3", **document):
        head = {"swagger": "2.0"} if version == "2.0" else {"openapi": version}
        path = tmp_path / "api.json"
        path.write_text(json.dumps({**head, "info": {"title": "Api", "version": "1"}, "paths": paths or {}, **document}))
        return import_sources([str(path)], options=options or {})

    return make


@pytest.fixture
def request_of(imported):
    """The item of the only operation of a document, which is made of what it says."""

    def make(operation, *, method="get", path="/pets", **document):
        operation = {"responses": {}, **operation}
        return leaves(imported({path: {method: operation}}, **document).collection)[0]

    return make


def leaves(entry):
    """The requests below a folder or collection."""
    return [leaf for item in entry["item"] for leaf in (leaves(item) if "item" in item else [item])]


def tree(entry):
    """Names of folders with what is in them, and names of requests."""
    return [{item["name"]: tree(item)} if "item" in item else item["name"] for item in entry["item"]]


def rows(entries):
    """Rows as pairs; one that is not ticked has its key in brackets."""
    return [(f"({row['key']})" if row.get("disabled") else row["key"], row["value"]) for row in entries]
