"""Headers and bodies as Python callers read them."""

import pytest

from runner.results.messages import Headers, Message

PAIRS = (("Set-Cookie", "a=1"), ("Content-Type", "text/plain"), ("set-cookie", "b=2"), ("X-Secret", "s"))


def test_headers_are_found_in_whatever_case_and_those_of_one_name_are_joined():
    headers = Headers(PAIRS)
    assert headers["SET-COOKIE"] == "a=1, b=2"
    assert headers.get_list("set-Cookie") == ["a=1", "b=2"]
    assert headers.get("X-None") is None
    assert [name in headers for name in ("x-secret", "x-none", 5)] == [True, False, False]


def test_each_name_is_there_once_as_it_was_written_first():
    headers = Headers(PAIRS)
    assert list(headers) == ["Set-Cookie", "Content-Type", "X-Secret"]
    assert len(headers) == 3


def test_headers_are_printed_without_their_values():
    assert repr(Headers(PAIRS)) == "Headers(Set-Cookie, Content-Type, X-Secret)"


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"\xe9", "é"),
        ('text/plain; charset="ISO-8859-1"', b"\xe9", "é"),
        ("text/plain", "é".encode(), "é"),
        ("text/plain", b"\xe9", "\ufffd"),
        ("text/plain; charset=no-such", "é".encode(), "é"),
        ("text/plain; charset=base64", b"YQ==", "YQ=="),
        ("text/plain\r\n; charset=iso-8859-1", b"\xe9", "é"),
        ("", b"a", "a"),
        ("text/plain", b"\xef\xbb\xbfa", "a"),
    ],
)
def test_a_body_is_read_in_the_charset_that_its_content_type_names(kind, content, text):
    assert Message((("Content-Type", kind),), content).text == text
    assert Message((), "é".encode()).text == "é"


def test_a_body_that_is_no_json_is_a_value_error():
    assert Message((), b'\xef\xbb\xbf{"a": [1]}').json() == {"a": [1]}
    with pytest.raises(ValueError, match="Expecting"):
        Message((), b"<html>").json()
