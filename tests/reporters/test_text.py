import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import RequestError
from runner.events import RequestFailed
from runner.model.collection import Item
from runner.model.payload import text_start
from runner.model.request import QueryParam, Request, Url
from runner.reporters.text import clean, one_line, plural, shown_url, size_text, time_text, url_of
from runner.reporters.width import wrap
from runner.secrets import Secrets


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0B"), (420, "420B"), (999, "999B"), (1030, "1.03kB"), (1500, "1.5kB"), (2_000_000, "2MB"), (3.2e9, "3.2GB")],
)
def test_sizes_read_as_in_newman(count, text):
    assert size_text(count) == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0µs"),
        (0.582, "582µs"),
        (1, "1ms"),
        (79.9, "79ms"),
        (1997, "1997ms"),
        (2450, "2.4s"),
        (62_300, "1m 2.3s"),
        (3_723_000, "1h 2m 3s"),
    ],
)
def test_times_read_as_in_newman(ms, text):
    assert time_text(ms) == text


def test_plurals():
    assert [plural(count, "test") for count in (0, 1, 2)] == ["0 tests", "1 test", "2 tests"]


@given(st.text(), st.integers(20, 100))
def test_wrapping_loses_nothing(text, width):
    assert "".join("".join(wrap(clean(text), width)).split()) == "".join(clean(text).split())


@given(st.text(st.characters(codec="latin-1")), st.integers(20, 100))
def test_wrapping_breaks_no_word(text, width):
    assert [word for line in wrap(clean(text), width) for word in line.split()] == clean(text).split()


@given(st.lists(st.text("abc", min_size=1, max_size=15), max_size=40), st.integers(20, 60))
def test_lines_of_short_words_keep_to_the_width(words, width):
    assert all(len(line) <= width for line in wrap(" ".join(words), width))


def test_the_indent_of_a_wrapped_line_goes_on():
    assert wrap("  aaaa bbbb cccc dddd eeee", 20) == ["  aaaa bbbb cccc", "  dddd eeee"]


@given(st.text())
def test_clean_text_has_no_control_characters(text):
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in clean(text).replace("\n", "").replace("\t", ""))
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://h/a%20b?x=%C3%A9", "http://h/a%20b?x=é"),
        ("http://h/a%2Fb?x=%26y%3D1%23&e=a%2Bb%20c+d", "http://h/a%2Fb?x=%26y%3D1%23&e=a%2Bb%20c+d"),
        ("http://h/%E6%97%A5%E6%9C%AC%2F%F0%9F%98%80", "http://h/日本%2F😀"),
        ("http://h/%ff", "http://h/%ff"),
        ("http://h/%C3%A9%ff", "http://h/%C3%A9%ff"),
        ("http://h/%E2%80%AE%C2%A0", "http://h/%E2%80%AE%C2%A0"),
        ("http://h/%1b%5b2J", "http://h/%1b%5b2J"),
        ("http://h/?token=%C3%A9%20b&y=%C3%A9", "http://h/?token=••••&y=é"),
    ],
)
def test_only_letters_beyond_ascii_are_decoded(url, shown):
    assert shown_url(url, Secrets()) == shown


def test_ascii_mode_decodes_nothing():
    assert shown_url("http://h/%C3%A9", Secrets(), ascii_only=True) == "http://h/%C3%A9"


def test_the_url_of_a_request_that_was_not_sent_is_put_together_from_its_parts():
    query = (QueryParam("a", "1"), QueryParam("b"), QueryParam("c", "2", disabled=True), QueryParam(None, "x"))
    url = Url(
        protocol="https", user="me", password="pw", host=("a", "b"), port="81", path=("x", "y"), query=query, hash="h"
    )
    for parts, text in ((url, "https://me:pw@a.b:81/x/y?a=1&b#h"), (Url(host=("{{base}}",)), "http://{{base}}")):
        item = Item(id="i", name="i", request=Request(url=parts))
        event = RequestFailed(item=item, request=item.request, error=RequestError("no"))
        assert url_of(event) == text


@pytest.mark.parametrize(("body", "text"), [(b"abc", "abc"), ("é".encode(), "é"), (b"\xff", None), (b"a\0b", None)])
def test_a_body_is_text_or_not(body, text):
    assert text_start(body, 100) == (None if text is None else (text, 0))
