"""Exports of Insomnia and OpenCollection with values of other types than they should have: read or refused, never worse."""

import copy
import json
import random

import pytest

from runner.errors import LoadError
from runner.foreign.comments import keep_notes
from runner.foreign.imported import ImportOptions
from runner.foreign.insomnia.reading import read as read_insomnia
from runner.foreign.open_collection.reading import read as read_open_collection
from runner.formats.format import Given
from runner.sandbox.analysis import Analysis

REQUEST = {
    "url": "http://h/:id?x=1",
    "name": "r",
    "method": "POST",
    "meta": {"id": "req_1", "sortKey": 1},
    "parameters": [{"name": "a", "value": "b", "disabled": True}],
    "pathParameters": [{"name": "id", "value": "1"}],
    "body": {"mimeType": "application/graphql", "text": '{"query": "q", "variables": {"a": 1}}', "params": [{"name": "a"}]},
    "authentication": {"type": "oauth2", "grantType": "password", "audience": "a"},
    "settings": {"encodeUrl": True, "cookies": {"send": True, "store": False}},
}
VERSION_5 = {
    "type": "collection.insomnia.rest/5.0",
    "collection": [
        {
            "name": "f",
            "environment": {"a": {"b": [1, {"c": 2}]}, "z": "{{ _.z }}"},
            "headers": [{"name": "H", "value": "v"}],
            "scripts": {"preRequest": "insomnia.environment.set('a', 1)"},
            "children": [REQUEST],
        }
    ],
    "environments": {
        "data": {"a": "{% response 'body', 'req_1', '$.a' %}"},
        "subEnvironments": [{"name": "s", "data": {}}],
    },
    "testSuites": [{"tests": [{"name": "t", "requestId": "req_1", "code": "x"}]}],
}
VERSION_4 = {
    "_type": "export",
    "resources": [
        {"_id": "w", "_type": "workspace", "name": "n"},
        {"_id": "f", "_type": "request_group", "parentId": "w", "environment": {"a": 1}},
        {**REQUEST, "_id": "r", "_type": "request", "parentId": "f", "metaSortKey": 1},
        {"_id": "e", "_type": "environment", "parentId": "w", "data": {"a": 1}},
        {"_id": "u", "_type": "unit_test", "requestId": "r", "code": "x", "name": "t"},
    ],
}
OPEN_COLLECTION = {
    "opencollection": "1.0.0",
    "config": {"environments": [{"name": "e", "extends": "e", "variables": [{"name": "a", "value": {"data": "1"}}]}]},
    "request": {"auth": {"type": "basic"}, "scripts": [{"type": "tests", "code": "x"}]},
    "items": [
        {
            "info": {"name": "r", "type": "http", "seq": 2, "tags": ["a"]},
            "http": {"url": "u", "params": [{"name": "a", "type": "path"}], "body": {"type": "file", "data": [{}]}},
            "runtime": {"assertions": [{"expression": "res.status"}], "variables": [{"name": "a", "value": [{}]}]},
            "settings": {"timeout": 3},
            "examples": [{"response": {"status": 200, "body": {"data": "{}"}}}],
        }
    ],
}
JUNK = [None, True, -1, 1.5, "", "x", [], {}, [1], ["a", {}], {"type": "x"}, "{{ _.a }}", "{% x %}", [[]], {"name": {}}]


def broken(value, chance):
    """The same with some values replaced, left out or there twice."""
    if chance.random() < 0.05:
        return chance.choice(JUNK)
    if isinstance(value, dict):
        return {key: broken(one, chance) for key, one in value.items() if chance.random() > 0.03}
    if isinstance(value, list):
        return [broken(one, chance) for one in value for _ in range(1 + (chance.random() < 0.05))]
    return value


@pytest.mark.parametrize(
    ("read", "document"),
    [(read_insomnia, VERSION_5), (read_insomnia, VERSION_4), (read_open_collection, OPEN_COLLECTION)],
)
def test_a_broken_export_is_read_or_refused(monkeypatch, read, document):
    nothing = {"uses": [], "aliases": [], "renamed": [], "top": []}
    monkeypatch.setattr(Analysis, "chains", lambda self, texts, roots, reserved: [nothing for _ in texts])
    for seed in range(200):
        text = json.dumps(broken(copy.deepcopy(document), random.Random(seed)))
        try:
            made = read(Given(text, "export.yaml"), ImportOptions())
        except LoadError:
            continue
        keep_notes(made)
        assert json.dumps(made.collection)
