"""URL and URLSearchParams (WHATWG URL); each value is also what Postman's sandbox gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import World

ADDRESSES = {
    "http://ä.de/": "http://xn--4ca.de/",
    "http://例え.jp": "http://xn--r8jz45g.jp/",
    "http://straße.de": "http://xn--strae-oqa.de/",
    "http://１.2.3.4/": "http://1.2.3.4/",
    "http://a。b": "http://a.b/",
    "http://0x7f.1/": "http://127.0.0.1/",
    "http://1.2.3/": "http://1.2.0.3/",
    "http://[1:2:0:0:0:0:3:4]": "http://[1:2::3:4]/",
    "http://[::ffff:1.2.3.4]:80/": "http://[::ffff:102:304]/",
    "ws:/\\u:p:q@h/a/%2E%2e/b": "ws://u:p%3Aq@h/b",
    "file:///C|/x/../..": "file:///C:/",
    "foo://h:080/a b?x y#z": "foo://h:80/a%20b?x%20y#z",
    "data:x y": "data:x y",
    " http://a/?'\"ä#`\n": "http://a/?%27%22%C3%A4#%60",
    "http://a/{x}|^`": "http://a/%7Bx%7D|^%60",
}
WRONG = [
    "http://256.1.1.1",
    "http://1.2.3.4.5",
    "http://[::1",
    "http://[1::2::3]",
    "http://a<b",
    "http://%",
    "http://u@",
    "http://xn--/",
]
SETTERS = [
    ("http://u:p@h:81/a?q#f", "protocol", "https", "https://u:p@h:81/a?q#f"),
    ("http://h:81/", "protocol", "foo", "http://h:81/"),
    ("http://h/", "host", "x:90/y", "http://x:90/"),
    ("http://h:81/", "hostname", "x:90", "http://h:81/"),
    ("http://h/", "port", "8080x", "http://h:8080/"),
    ("http://h/", "port", "99999", "http://h/"),
    ("http://h:81/", "port", "", "http://h/"),
    ("http://h/a", "pathname", "x/../y z?", "http://h/y%20z%3F"),
    ("http://h/a?q", "search", "x y#z", "http://h/a?x%20y%23z"),
    ("http://h/a?q", "search", "", "http://h/a"),
    ("http://h/#f", "hash", "#a b", "http://h/#a%20b"),
    ("http://h/", "username", "a:b", "http://a%3Ab@h/"),
    ("mailto:a@b", "pathname", "x", "mailto:a@b"),
    ("file:///a", "port", "80", "file:///a"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_are_read_as_the_standard_has_it(run, address):
    ran = run(f"const href = new URL({address!r}).href; console.log(href, new URL(href).href === href)")
    assert ran.logged == [[ADDRESSES[address], True]]


@pytest.mark.parametrize("address", WRONG)
def test_what_is_no_address(run, address):
    ran = run(f"console.log(URL.canParse({address!r}), URL.parse({address!r})); new URL({address!r})")
    assert (ran.logged, ran.error) == ([[False, None]], "TypeError: Invalid URL")


@pytest.mark.parametrize(("address", "part", "text", "href"), SETTERS)
def test_a_part_takes_what_fits_and_else_stays(run, address, part, text, href):
    ran = run(f"const u = new URL({address!r}); u[{part!r}] = {text!r}; console.log(u.href)")
    assert ran.logged == [href]


def test_parameters_and_their_address_follow_each_other(run):
    ran = run("""const u = new URL('http://a/?x=1&y=2'), p = u.searchParams; p.delete('x', '2'); p.delete('x');
        p.append('z', 'ä b'); console.log(u.search, p.size);
        u.search = '?k=v'; console.log(p.get('k'), p === u.searchParams);
        p.delete('k'); console.log(u.href)""")
    assert ran.logged == [["?y=2&z=%C3%A4+b", 2], ["v", True], "http://a/"]


def test_pairs_come_in_many_forms(run):
    ran = run("""console.log([[['a', 1]], new Map([['a', 1]]), {a: 1}, '?a=1', new URLSearchParams('a=1')].map((from) =>
        new URLSearchParams(from).toString())); new URLSearchParams([['a']])""")
    assert ran.logged == [["a=1"] * 5]
    assert ran.error == "TypeError: Each query pair must be an iterable [name, value] tuple"


@settings(max_examples=25, deadline=None)
@given(pairs=st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), min_size=1, max_size=4))
def test_parameters_make_the_round_trip(child, pairs):
    import json

    ran = World(child).run(f"""const pairs = {json.dumps(pairs)}, u = new URL('http://a/');
        for (const [key, value] of pairs) u.searchParams.append(key, value);
        console.log([...new URL(u.href).searchParams])""")
    assert ran.logged == [[list(pair) for pair in pairs]]


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="htp:/\\?#@[]. a1%é\t", max_size=16))
def test_an_address_that_was_read_stays_as_it_is(child, text):
    import json

    ran = World(child).run(f"""const u = URL.parse({json.dumps("http://" + text)});
        console.log(u === null || new URL(u.href).href === u.href)""")
    assert ran.logged == [True]
