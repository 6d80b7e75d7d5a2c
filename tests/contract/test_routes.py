"""Which operation a request belongs to: servers, variables in paths, and which path wins."""

import json

import pytest

from runner.contract.routes import Routes
from runner.foreign.openapi.documents import Document
from runner.formats.format import Given


def routes(*paths, servers=(), own=None, **more):
    get = {"responses": {}, **({"servers": own} if own else {})}
    root = {"openapi": "3.1.0", "paths": {path: {"get": get} for path in paths}, **more}
    return Routes(Document(Given(json.dumps(root), "api.json")), servers)


def found(table, href, method="GET"):
    there = table.find(method, href)
    return there and (there.route.path if there.route else None, dict(there.values))


@pytest.mark.parametrize(
    ("servers", "href", "path"),
    [
        ([{"url": "https://a.example"}], "https://a.example/x", "/x"),
        ([{"url": "https://a.example/"}], "https://a.example/x", "/x"),
        ([{"url": "https://a.example/v1"}], "https://a.example/v1/x", "/x"),
        ([{"url": "https://a.example/v1"}], "https://a.example/v10/x", None),
        ([{"url": "https://a.example/v1"}], "https://a.example/x", None),
        ([{"url": "https://a.example"}], "http://a.example/x", None),
        ([{"url": "https://a.example"}], "https://a.example.evil/x", None),
        ([{"url": "https://A.example"}], "https://a.EXAMPLE/x", "/x"),
        ([{"url": "https://a.example"}], "https://user:pw@a.example/x", "/x"),
        ([{"url": "https://a.example:8443"}], "https://a.example:8443/x?y#z", "/x"),
        ([{"url": "/v1"}], "http://anything:99/v1/x", "/x"),
        ([{"url": "/"}], "http://anything/x", "/x"),
        ([], "http://anything/x", "/x"),
        ([{"url": "https://b.example"}, {"url": "https://a.example/v1"}], "https://a.example/v1/x", "/x"),
        ([{"url": "https://{r}.example/{v}"}], "https://eu.example/v2/x", "/x"),
        ([{"url": "https://{r}.example", "variables": {"r": {"enum": ["eu", "us"]}}}], "https://us.example/x", "/x"),
        ([{"url": "https://{r}.example", "variables": {"r": {"enum": ["eu", "us"]}}}], "https://cn.example/x", None),
    ],
)
def test_a_request_is_below_a_server(servers, href, path):
    root = {"openapi": "3.1.0", "paths": {"/x": {"get": {"responses": {}}}}, "servers": servers}
    table = Routes(Document(Given(json.dumps(root), "api.json")))
    there = table.find("GET", href)
    assert (there.route.path if there and there.route else None) == path


@pytest.mark.parametrize(
    ("paths", "href", "expected"),
    [
        (["/{a}", "/me"], "http://h/me", ("/me", {})),
        (["/{a}", "/me"], "http://h/you", ("/{a}", {"a": "you"})),
        (["/{a}/x", "/b/{c}"], "http://h/b/x", ("/b/{c}", {"c": "x"})),
        (["/{a}.{b}"], "http://h/x.json", ("/{a}.{b}", {"a": "x", "b": "json"})),
        (["/a b/{c}"], "http://h/a%20b/1", ("/a b/{c}", {"c": "1"})),
        (["/ä"], "http://h/%c3%a4", ("/ä", {})),
        (["/{a}"], "http://h/x%2Fy", ("/{a}", {"a": "x%2Fy"})),
        (["/a:do"], "http://h/a:do", ("/a:do", {})),
        (["/a.b"], "http://h/axb", (None, {})),
        (["/a"], "http://h/a/", (None, {})),
        (["/a/"], "http://h/a/", ("/a/", {})),
        (["/"], "http://h", ("/", {})),
        (["/{a}"], "http://h/", (None, {})),
        (["/A"], "http://h/a", (None, {})),
    ],
)
def test_concrete_paths_come_before_those_with_variables(paths, href, expected):
    assert found(routes(*paths), href) == expected


def test_servers_of_an_operation_replace_those_of_the_document():
    table = routes("/x", own=[{"url": "https://files.example"}])
    assert found(table, "https://files.example/x")[0] == "/x"


def test_a_server_that_is_given_replaces_all_others():
    table = routes("/x", servers=["http://mine.example/api"], own=[{"url": "https://files.example"}])
    assert found(table, "http://mine.example/api/x")[0] == "/x"
    assert found(table, "https://files.example/x") is None
