"""How recordings are found: one form of a URI, and a cost that does not grow with their number."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.cassettes.cassette import Cassette
from runner.cassettes.match import PLACEHOLDER, Index, canonical, make_key
from runner.secrets import Secrets
from runner.transport.limits import Limits
from tests.cassettes.test_filter import answer
from tests.transport.conftest import request

LIMITS = Limits(None, None, 10**8)


@pytest.mark.parametrize(
    ("uri", "one_form"),
    [
        ("HTTP://Host.Example:80", "http://host.example/"),
        ("https://h:443/a?b#c", "https://h/a?b"),
        ("https://u:p@h:80/", "https://h:80/"),
        ("http://h?q=1", "http://h/?q=1"),
        ("http://h/a b{c}|ü", "http://h/a%20b%7Bc%7D%7C%C3%BC"),
        ("http://h/%2f%zz?a+b&[c]=%20", "http://h/%2f%25zz?a+b&[c]=%20"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ],
)
def test_a_uri_has_one_form(uri, one_form):
    assert canonical(uri) == one_form
    assert canonical(one_form) == one_form


def key(uri="http://h/", body=b""):
    return make_key("GET", uri, "", body)


def test_equal_keys_are_taken_in_order_and_once():
    index = Index([key(), key("http://h/b"), key()], range(3))
    assert [index.take(key()) for _ in range(3)] == [0, 2, None]


def test_a_masked_part_stands_for_one_value_only():
    index = Index([key("http://h/FILTERED?a=1", b'{"k": "FILTERED"}')], [0])
    assert index.take(key("http://h/x&y?a=1", b'{"k": "v"}')) is None
    assert index.take(key("http://h/x?a=1", b'{"k": "v", "k2": "w"}')) is None
    assert index.take(key("http://h/x?a=1", b'{"k": "v"}')) == 0
    assert Index([key("http://h/aFILTEREDa")], [0]).take(key("http://h/a")) is None


@pytest.mark.parametrize("recorded", ["FILTERED", "FILTERED, FILTERED", "k=FILTERED&l=1"])
@pytest.mark.parametrize("end", ["&", '"', "\r", "\n"])
def test_a_masked_value_of_a_body_ends_where_a_parameter_a_text_or_a_line_ends(recorded, end):
    index = Index([key(body=recorded.encode())], [0])
    assert index.take(key(body=recorded.replace("FILTERED", f"v{end}w").encode())) is None
    assert index.take(key(body=recorded.replace("FILTERED", "v w").encode())) == 0


SIGNED = "oauth_nonce={0}&a=1&oauth_timestamp={0}&oauth_signature={0}"


@pytest.mark.parametrize("text", [SIGNED, "X-Amz-Date={0}&a=1", "a=1&X-Goog-Date={0}"])
def test_times_and_nonces_of_signatures_do_not_count(text):
    def signed(value, form):
        return key(f"http://h/?{text.format(value)}", form.format(value).encode())

    assert signed("1", text) == signed("2", text)
    assert signed("1", text) != signed("1", text.replace("a=1", "a=2"))
    assert signed("1", "oauth_other={0}") != signed("2", "oauth_other={0}")


plain = st.text("ab/=&", max_size=6)


@given(st.lists(plain, min_size=2, max_size=5), st.lists(plain, min_size=4, max_size=4))
def test_any_values_fit_where_the_file_has_placeholders(around, values):
    now = "".join(part for pair in zip(around, values, strict=False) for part in pair) + "".join(around[len(values) :])
    recorded = PLACEHOLDER.join(around)
    expected = re.fullmatch('[^&"\r\n]*'.join(map(re.escape, around)), now) is not None
    index = Index([key("http://h/", recorded.encode())], [0])
    assert (index.take(key("http://h/", now.encode())) == 0) is expected


@pytest.mark.parametrize("now", ["a=1&b=2&c=3", "a=1&x=9&b=2&c=3", "a=1&b=2&x=9&c=3"])
def test_the_value_of_a_placeholder_ends_where_that_of_a_form_does(now):
    recorded = f"a={PLACEHOLDER}&b={PLACEHOLDER}&c=3"
    index = Index([key("http://h/", recorded.encode())], [0])
    assert (index.take(key("http://h/", now.encode())) == 0) is ("x" not in now)


def calls(function):
    """How many functions are called meanwhile, those written in C included."""
    count = 0

    def profile(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    re.purge()
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def exchange(path, mode, count, *, different):
    """Calls that recording or replaying takes: requests that differ in their URI, or all of them alike."""
    secrets = Secrets(["swordfish-31415"])

    def run():
        cassette = Cassette(str(path), mode, secrets)
        for number in range(count):
            uri = f"http://h.example:80/{number if different else 0}?swordfish-31415"
            forward = answer(b"x", (b"Set-Cookie", b"sid=%016d" % number))
            cassette.send(request(uri, headers=(("X-Number", str(number)),)), LIMITS, forward)
        cassette.save(lambda _, text: path.write_text(text, encoding="utf-8"))

    return calls(run)


@pytest.mark.parametrize("different", [True, False], ids=["different requests", "the same request"])
def test_recording_and_replaying_take_linear_time(tmp_path, different):
    small, big = tmp_path / "small.yaml", tmp_path / "big.yaml"
    for mode in ("all", "none"):
        once, ten_times = (exchange(path, mode, n, different=different) for path, n in ((small, 60), (big, 600)))
        assert once * 9 < ten_times < once * 11, mode


@pytest.mark.parametrize("different", [True, False], ids=["different requests", "the same request"])
def test_a_replay_with_an_unmarked_secret_takes_linear_time(tmp_path, different):
    path = tmp_path / "tape.yaml"
    exchange(path, "all", 300, different=different)

    def replay(count):
        cassette = Cassette(str(path), "none", Secrets())
        uri = f"http://h.example:80/{{}}?another-{count}"  # texts that were masked before are remembered
        return calls(
            lambda: [
                cassette.send(request(uri.format(number if different else 0)), LIMITS, answer()) for number in range(count)
            ]
        )

    assert replay(300) < replay(30) * 11


def test_ten_thousand_recordings_are_found_with_one_look_each():
    keys = [key(f"http://h/{number}") for number in range(10_000)]
    index = Index(keys, range(10_000))
    found = []
    per_lookup = calls(lambda: found.extend(map(index.take, keys))) / 10_000
    assert found == list(range(10_000))
    assert per_lookup < 15
