from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import World

URLS = {
    "http://a.b/c?d=e#f": "http://a.b/c?d=e#f",
    "HTTP://User:Pa%20ss@EXAMPLE.com:80/a/../b/./c d?q=ä b#x y": "http://User:Pa%20ss@example.com/b/c%20d?q=%C3%A4%20b#x%20y",
    "https://x:8443": "https://x:8443/",
    "mailto:a@b.c": "mailto:a@b.c",
    "file:///etc/x": "file:///etc/x",
    "http://[::1]:3000/x": "http://[::1]:3000/x",
    "custom://host/p?q": "custom://host/p?q",
    "http:\\\\a\\b": "http://a/b",
    "http://a/b/..": "http://a/",
    "http://a?x='1'": "http://a/?x=%271%27",
}


def test_urls_are_read_as_browsers_do(run):
    for url, href in URLS.items():
        assert run(f"console.log(new URL({url!r}).href)").logged == [href]


@pytest.mark.parametrize(
    ("url", "base", "href"),
    [
        ("../x", "http://a/b/c/d", "http://a/b/x"),
        ("?q=1", "http://a/b?z", "http://a/b?q=1"),
        ("//h/p", "https://a/b", "https://h/p"),
        ("/abs", "http://a:1/b", "http://a:1/abs"),
        ("", "http://a/b?q#h", "http://a/b?q"),
    ],
)
def test_relative_urls(run, url, base, href):
    assert run(f"console.log(new URL({url!r}, {base!r}).href)").logged == [href]


@pytest.mark.parametrize("url", ["nope", "http://a b/", "http://", "http://a:99999/", "http://a:x/"])
def test_invalid_urls_throw(run, url):
    assert run(f"new URL({url!r})").error == "TypeError: Invalid URL"


def test_parts_of_a_url_can_be_changed(run):
    ran = run("""const u = new URL('http://a/?x=1'); u.searchParams.append('y', '2'); console.log(u.href);
        u.pathname = '/p q'; u.hash = 'h'; u.port = '81'; u.search = '?k=v'; u.protocol = 'https';
        console.log(u.href, u.searchParams.get('k'))""")
    assert ran.logged == ["http://a/?x=1&y=2", ["https://a:81/p%20q?k=v#h", "v"]]


def test_search_params(run):
    ran = run("""const p = new URLSearchParams('a=1&b=2&a=3&c=%20+x'); p.append('z', 'ä&=');
        console.log(p.toString(), p.getAll('a'), p.size);
        p.delete('a'); p.set('b', '9'); p.sort();
        console.log(String(p), [...p.keys()], new URLSearchParams({q: 'r'}).toString())""")
    assert ran.logged == [
        ["a=1&b=2&a=3&c=++x&z=%C3%A4%26%3D", ["1", "3"], 5],
        ["b=9&c=++x&z=%C3%A4%26%3D", ["b", "c", "z"], "q=r"],
    ]


def test_base64(run):
    assert run("console.log(atob('aGk='), btoa('hi'), atob(' a G k '))").logged == [["hi", "aGk=", "hi"]]
    assert run("atob('*')").error.startswith("InvalidCharacterError")
    assert run("btoa('€')").error.startswith("InvalidCharacterError")


def test_clones_are_deep_and_keep_their_kind(run):
    ran = run("""const o = {d: new Date(0), m: new Map([[1, {b: 2}]]), r: /x/g, e: new TypeError('t'),
        u: new Uint8Array([1])}; o.o = o;
        const c = structuredClone(o); console.log(c !== o, c.o === c, c.d.getTime(), c.m.get(1).b,
        c.e instanceof TypeError, c.u[0])""")
    assert ran.logged == [[True, True, 0, 2, True, 1]]
    assert run("structuredClone(() => 1)").error == "DataCloneError: () => 1 could not be cloned."


def test_random_values_differ(run):
    ran = run(
        "console.log(crypto.randomUUID(), crypto.randomUUID(), Array.from(crypto.getRandomValues(new Uint32Array(20))))"
    )
    one, two, numbers = ran.logged[0]
    assert one != two
    assert one[14] == "4"
    assert len(set(numbers)) == 20


def test_events_and_abort(run):
    ran = run("""const c = new AbortController();
        c.signal.addEventListener('abort', e => console.log(e.type, c.signal.aborted)); c.abort();
        console.log(c.signal.reason.name, AbortSignal.abort().aborted)""")
    assert ran.logged == [["abort", True], ["AbortError", True]]


def test_blobs(run):
    assert run(
        "const b = new Blob(['a', new Uint8Array([98])], {type: 'X'}); console.log(await b.text(), b.size, b.type)"
    ).logged == [["ab", 2, "x"]]


@settings(max_examples=30, deadline=None)
@given(text=st.text())
def test_any_text_makes_the_round_trip_through_bytes(child, text):
    world = World(child)
    ran = world.run(
        f"const t = {js_text(text)}, d = new TextDecoder('utf-8', {{ignoreBOM: true}});"
        "console.log(d.decode(new TextEncoder().encode(t)) === t)"
    )
    assert ran.logged == [True]


@settings(max_examples=30, deadline=None)
@given(data=st.binary())
def test_bytes_are_decoded_as_python_does(child, data):
    ran = World(child).run(
        f"console.log(new TextDecoder('utf-8', {{ignoreBOM: true}}).decode(new Uint8Array({list(data)})))"
    )
    assert ran.logged == [data.decode("utf-8", "replace")]


def js_text(text: str) -> str:
    import json

    return json.dumps(text)
