"""Lists and objects that do not fit into a JSON body are sent as they are written, with a warning."""

import json
from urllib.parse import unquote

import pytest

from tests.cli.conftest import collection, item, postrunner, server

__all__ = ["collection", "postrunner", "server"]

VARIABLES = {
    "o": {"a": 1},
    "oo": [{"a": 1}],
    "ll": [[1], [2]],
    "texts": ["a", "b"],
    "numbers": [1, 2],
    "one": [7],
    "nulls": [1, None],
    "nothing": [],
    "text": "x",
    "empty": {},
}
JOINED = "its entries stand joined by commas"
QUOTED = "leave the quotes out"
JSON = {"raw": {"language": "json"}}


@pytest.fixture
def warned(postrunner, collection, server):
    """What a run says about a body, which is sent whatever is said."""

    def send(body, header=()):
        one = item("one", server.url, method="POST", body=body, header=list(header))
        done = postrunner("run", collection(one, variable=[{"key": k, "value": v} for k, v in VARIABLES.items()]))
        assert (done.code, len(server.seen)) == (0, 1)
        return done.out

    return send


def raw(text, **options):
    return {"mode": "raw", "raw": text, "options": options or JSON}


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('{"fields": {{texts}}}', "{{texts}} is a list: in the JSON body " + JOINED),
        ('{"fields": {{numbers}} , "b": 1}', JOINED),
        ('{"id": {{one}}}', JOINED),
        ('{"list": {{nothing}}}', JOINED),
        ('{"list": [{{texts}}]}', JOINED),
        ('{"list": [{{nulls}}]}', JOINED),
        ('{"list": [1, {{nothing}}]}', JOINED),
        ('{"list": [{"a": {{numbers}}}]}', JOINED),
        ("{{numbers}}", JOINED),
        ('{"o": "{{o}}"}', "{{o}} is an object: its JSON stands between quotes"),
        ('{"o": "see {{oo}}, {{text}}"}', "{{oo}} is a list: its JSON stands between quotes"),
        ('{"say \\"hi\\" {{o}}": 1}', QUOTED),
    ],
)
def test_a_value_that_does_not_fit_is_warned_about(warned, text, warning):
    assert warning in " ".join(warned(raw(text)).split())


@pytest.mark.parametrize(
    "text",
    [
        '{"o": {{o}}, "list": {{oo}}, "lists": {{ll}}}',
        '{"ids": [{{numbers}}], "more": [0, {{ numbers }}, {{numbers}}, 3], "none": [ {{nothing}} ]}',
        '{"texts": "{{texts}}", "numbers": "{{numbers}}", "lists": "{{ll}}", "o": "{{empty}}"}',
        '{"text": "{{text}}", "name {{text}}": [{"a": [{{numbers}}]}]}',
        "{{o}}",
        '{"\\\\": {{o}}, "[": "]", "n": [{{one}}]}',
    ],
)
def test_a_value_that_fits_is_not_warned_about(warned, text):
    found = warned(raw(text))
    assert JOINED not in found
    assert QUOTED not in found


@pytest.mark.parametrize(
    ("body", "header", "said"),
    [
        (raw('{"a": {{texts}}}', raw={}), (), True),
        (raw('{"a": {{texts}}}', raw={"language": "text"}), (), False),
        (raw("a={{texts}}", raw={"language": "text"}), (), False),
        (raw("{{texts}}", raw={}), (), False),
        (raw("{{texts}}", raw={}), ({"key": "content-type", "value": "application/problem+json"},), True),
        (raw('{"a": {{texts}}}', raw={}), ({"key": "Content-Type", "value": "text/csv"},), False),
        ({"mode": "graphql", "graphql": {"query": "{{texts}}", "variables": '{"a": {{texts}}}'}}, (), True),
        ({"mode": "graphql", "graphql": {"query": "{{texts}}", "variables": '{"a": "{{texts}}"}'}}, (), False),
        ({"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{texts}}"}]}, (), False),
    ],
)
def test_only_json_is_looked_at(warned, body, header, said):
    assert (JOINED in " ".join(warned(body, header).split())) is said


def test_a_dry_run_tells_as_well(postrunner, collection, server):
    one = item("one", server.url, method="POST", body=raw('{"o": "{{o}}"}'))
    done = postrunner("run", collection(one, variable=[{"key": "o", "value": {"a": 1}}]), "--dry-run")
    assert "{{o}} is an object: its JSON stands between quotes in the JSON body" in done.out


def test_a_signature_over_replace_in_fits_what_is_sent(postrunner, collection, server):
    template = "\n".join(f"{name}={{{{{name}}}}}" for name in VARIABLES)
    script = (
        "pm.request.headers.add({key: 'X-Text', value: encodeURIComponent(pm.variables.replaceIn(pm.request.body.raw))});"
    )
    one = item("one", server.url, prerequest=script, method="POST", body={"mode": "raw", "raw": template})
    postrunner("run", collection(one, variable=[{"key": k, "value": v} for k, v in VARIABLES.items()]))
    _, _, headers, body = server.seen[0]
    assert unquote(headers["X-Text"]) == body.decode()
    assert json.loads(body.decode().split("oo=")[1].split("\n")[0]) == [{"a": 1}]
