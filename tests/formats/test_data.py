from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import InvalidCollection, InvalidDocument
from runner.formats.data.csv_rows import typed_cell
from runner.formats.data.csv_text import parse_csv
from runner.formats.load import load_data


def parse_data(text, where=""):
    return load_data(where, text)


def test_json_rows_keep_their_types():
    assert parse_data('[{"a": 1, "b": {"c": [null]}}, {}]') == ({"a": 1, "b": {"c": [None]}}, {})
    assert parse_data(" [] ") == ()


@pytest.mark.parametrize(
    ("text", "where"), [('{"a": 1}', "d.json"), ('{"a": 1}', ""), ("[1]", ""), ("5", "d.json"), ('"x"', "d.JSON")]
)
def test_json_of_another_shape_is_refused(text, where):
    with pytest.raises(InvalidCollection):
        parse_data(text, where)


@pytest.mark.parametrize(("text", "where"), [('[{"a": 1},]', "d.csv"), ("a,b\n1,2", "d.json"), ("{a", "")])
def test_malformed_json_is_never_read_as_csv(text, where):
    with pytest.raises(InvalidDocument):
        parse_data(text, where)


# What Newman's CSV library gives for these texts with Newman's options.
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,x\n", [{"a": 1, "b": "x"}]),
        ("a, b \r\n 1 ,\tx y \r\n", [{"a": 1, "b": "x y"}]),
        ('a,b\n"1"," x, y "\n', [{"a": "1", "b": " x, y "}]),
        ('a\n"x""y"', [{"a": 'x"y'}]),
        ('a\n"x\r\ny"\n', [{"a": "x\r\ny"}]),
        ('a\nx"y"\n', [{"a": 'x"y"'}]),
        ('a\n "x" \n2', [{"a": "x"}, {"a": 2}]),
        ("a,b\n1\n1,2,3\n", [{"a": 1}, {"a": 1, "b": 2}]),
        ("a,b\n\n1,2", [{"a": ""}, {"a": 1, "b": 2}]),
        ("a,b\n,\n", [{"a": "", "b": ""}]),
        ("a,b", []),
        ("a\n1\n  ", [{"a": 1}]),
        ("a;b\n1;2", [{"a;b": "1;2"}]),
        ("a\r1\r2", [{"a": 1}, {"a": 2}]),
        ('a\n""', [{"a": ""}]),
        ("a,a\n1,2", [{"a": 2}]),
        ("", []),
    ],
)
def test_csv_is_read_as_newman_reads_it(text, rows):
    assert list(parse_data(text)) == rows


@pytest.mark.parametrize("text", ['a\n"x', 'a\n"x"y\n', 'a\n"x" y\n'])
def test_a_quote_that_is_not_closed_properly_is_an_error_with_its_line(text):
    with pytest.raises(InvalidDocument) as caught:
        parse_data(text, "d.csv")
    assert caught.value.where.startswith("d.csv:2:")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("007", 7),
        ("1e3", 1000),
        ("+4", 4),
        ("-1.5", -1.5),
        (".5", 0.5),
        ("true", "true"),
        ("", ""),
        ("1_0", "1_0"),
        ("1.0", 1),
    ],
)
def test_cells_without_quotes_are_typed(text, value):
    assert typed_cell(text) == value
    assert type(typed_cell(text)) is type(value)


@pytest.mark.parametrize("text", ["0x1F", "12345678901234567890", "1e999", "NaN", "Infinity", "١"])
def test_no_cell_is_damaged_by_its_type(text):
    assert typed_cell(text) == text


def test_one_long_line_of_doubled_quotes_is_read_at_once():
    assert parse_csv('"' + 'a""' * 2000 + '"') == [[('a"' * 2000, True)]]


FIELDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.lists(FIELDS, min_size=1, max_size=3), min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_quoted_fields_come_back_whole(records, end):
    quoted = [",".join('"' + field.replace('"', '""') + '"' for field in record) for record in records]
    text = end.join(quoted) + end
    assert parse_csv(text) == [[(field, True) for field in record] for record in records]


@pytest.mark.parametrize("cell", ["0x1F", "12345678901234567890", "1e999"])
def test_the_page_about_files_tells_which_cells_stay_text(cell):
    page = (Path(__file__).resolve().parents[2] / "docs" / "files.md").read_text("utf-8")
    assert f"| `{cell}` |" in page
    assert parse_data(f"a\n{cell}\n") == ({"a": cell},)
