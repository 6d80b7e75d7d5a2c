"""`.env` files."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import InvalidDocument
from runner.formats.dotenv import parse_dotenv

READ = {
    "A=1": "1",
    "export A = two words # comment": "two words",
    "A='a # b\\n'": "a # b\\n",
    r'A="x\ny\"z" # c': 'x\ny"z',
    "A=": "",
    "A=a#b": "a#b",
    'A="two\nlines"': "two\nlines",
    "# A=0\n\nA=x\r\n": "x",
    "A=1\nA=2": "2",
    "A=a=b": "a=b",
    "A=${B}": "${B}",
}


@pytest.mark.parametrize("text", READ)
def test_values_are_read_as_shells_read_them(text):
    assert parse_dotenv(text) == {"A": READ[text]}


@pytest.mark.parametrize("line", ["novalue", "A='x", 'A="x" y', "=x", "1A=2", "A B=2"])
def test_anything_else_is_refused_with_its_line(line):
    with pytest.raises(InvalidDocument) as caught:
        parse_dotenv(f"OK=1\n{line}\n", "f.env")
    assert str(caught.value).startswith("f.env:2: ")


KEYS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)


@given(st.dictionaries(KEYS, st.text(st.characters(exclude_characters="'\0"))))
def test_whatever_stands_in_single_quotes_comes_back(values):
    assert parse_dotenv("\n".join(f"{key}='{value}'" for key, value in values.items())) == values


@given(st.text())
def test_no_text_at_all_makes_it_fail_in_another_way(text):
    with suppress(InvalidDocument):
        assert isinstance(parse_dotenv(text), dict)
