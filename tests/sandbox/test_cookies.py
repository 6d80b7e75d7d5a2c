from __future__ import annotations

import pytest

from runner.errors import RequestError
from runner.model.response import Cookie

COOKIES = (Cookie(name="a", value="1"), Cookie(name="b", value="x%20y", domain="h", path="/p", http_only=True, expires=0.5))


def test_the_cookies_of_the_url_are_a_list(run):
    ran = run(
        "const c = pm.cookies; console.log(c.get('a'), c.has('b'), c.has('a', '2'), c.count(), c.toObject(), "
        "c.idx(1).path)",
        cookies=COOKIES,
    )
    assert ran.logged == [["1", True, False, 2, {"a": "1", "b": "x y"}, "/p"]]


def test_a_cookie_has_its_attributes(run):
    ran = run(
        "const {domain, httpOnly, secure, expires} = pm.cookies.one('b'); console.log(domain, httpOnly, secure, expires)",
        cookies=COOKIES,
    )
    assert ran.logged == [["h", True, False, "1970-01-01T00:00:00.500Z"]]


@pytest.mark.parametrize(
    ("call", "operation", "arguments"),
    [
        ("get('http://a', 'n')", "get", ("http://a", "n")),
        ("get('a/b', 'n')", "get", ("http://a/b", "n")),
        ("getAll('http://a')", "getAll", ("http://a", {})),
        ("getAll('http://a', {http: false})", "getAll", ("http://a", {"http": False})),
        ("set('http://a', 'n', 'v')", "set", ("http://a", {"name": "n", "value": "v"})),
        ("set('http://a', 'n=v; Path=/')", "set", ("http://a", "n=v; Path=/")),
        (
            "set('http://a', {name: 'n', value: 'v', path: '/p', httpOnly: true, maxAge: 5})",
            "set",
            ("http://a", {"name": "n", "value": "v", "path": "/p", "httpOnly": True, "maxAge": 5}),
        ),
        ("unset('http://a', 'n')", "unset", ("http://a", "n")),
        ("clear('http://a')", "clear", ("http://a",)),
    ],
)
def test_the_jar_asks_the_host(run, world, call, operation, arguments):
    asked = []
    world.cookies = lambda *what: asked.append(what) or ([] if operation == "getAll" else None)
    assert run(f"await pm.cookies.jar().{call}").error is None
    assert asked == [(operation, arguments)]


def test_both_styles_give_the_same(run, world):
    found = {"name": "n", "value": "v"}
    world.cookies = lambda operation, arguments: found if operation == "get" else [found]
    ran = run("""const jar = pm.cookies.jar(); jar.get('http://a', 'n', (e, v) => console.log(e, v));
        console.log(await jar.get('http://a', 'n'));
        jar.getAll('http://a', (e, all) => console.log(all.get('n')));
        console.log((await jar.getAll('http://a')).toObject())""")
    assert sorted(map(str, ran.logged)) == sorted(map(str, [[None, "v"], "v", "v", {"n": "v"}]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("get('', 'n'", "CookieJar.get() requires a valid url"),
        ("get('http://a', 5", "CookieJar.get() requires cookie name to be a string"),
        ("set('http://a', 5", "CookieJar.set() requires a valid set cookie arguments"),
        ("unset('http://a', null", "CookieJar.unset() requires cookie name to be a string"),
    ],
)
def test_wrong_arguments_are_answers(run, call, message):
    ran = run(f"pm.cookies.jar().{call}, e => console.log(e.name, e.message))")
    assert ran.logged == [["TypeError", message]]


def test_a_refusal_of_the_jar_reaches_the_script(run, world):
    def refuse(operation, arguments):
        raise RequestError("programmatic access to cookies is denied")

    world.cookies = refuse
    assert run("pm.cookies.jar().get('http://a', 'n', (e, v) => console.log(e.message, v))").logged == [
        ["programmatic access to cookies is denied", None]
    ]
