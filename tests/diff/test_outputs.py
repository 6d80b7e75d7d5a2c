"""What is found is told on the terminal, as Markdown, as a page and as JSON; no text from outside steers any of them."""

import io
import json
import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import pytest

from runner.diff.outcome import CHANGED, LOST, NEW, Change, Compared, Entry, Outcome, Times, kept
from runner.diff.reports.cli import lines_of
from runner.diff.reports.html import page
from runner.diff.reports.json import as_json
from runner.diff.reports.markdown import markdown_text
from runner.diff.reports.words import title_of
from runner.options import RunOptions
from runner.reporters.context import ReporterContext
from tests.diff.conftest import item

HOSTILE = "<script>alert(1)</script> | `x` ](http://evil) @everyone\x1b[31m\u202e::error::\nsecond"


def outcome(*entries, **more):
    sides = {"left": Compared(label="a.json", collection="API"), "right": Compared(label="b.json", collection="API")}
    return Outcome(**{**sides, "areas": ("status", "headers", "body"), "entries": list(entries), **more})


def entry(*changes, path=("f", "a"), **more):
    return Entry(**{"path": path, "outcome": CHANGED, "changes": list(changes), **more})


def change(kind="value", path="$.a", left=1, right=2, **more):
    return Change(**{"area": "body", "kind": kind, "path": path, "left": left, "right": right, **more})


def terminal(found, **more):
    context = ReporterContext(options=RunOptions(), stream=io.StringIO(), **more)
    return "\n".join(lines_of(found, context))


HOSTILE_OUTCOME = outcome(
    entry(
        change(path=HOSTILE, left=HOSTILE, right={HOSTILE: HOSTILE}),
        change(path="header.X", area="headers", left=HOSTILE, right=HOSTILE + "x"),
        change("moved", to=HOSTILE),
        path=(HOSTILE, "a"),
        was=(HOSTILE,),
    ),
    entry(path=(HOSTILE,), outcome=CHANGED, lines=[HOSTILE, "-" + HOSTILE]),
    failed=[HOSTILE],
    notes=[HOSTILE],
    times=[Times(path=(HOSTILE,), left=1, right=1000)],
)


# -- the terminal -----------------------------------------------------------------------------------------------------


def test_a_short_change_stands_in_one_line_and_a_long_one_in_two():
    found = outcome(entry(change(), change(left="x" * 100, right=None), change("missing", "$.b"), change("new", "$.c")))
    assert terminal(found, width=60).split("\n")[3:10] == [
        "~ f / a",
        "    $.a  1 → 2",
        "    $.a",
        '      - "' + "x" * 50 + "…",
        "      + null",
        "    $.b  1  only on the left",
        "    $.c  2  only on the right",
    ]


def test_without_unicode_and_colours_only_plain_signs_are_used():
    found = outcome(entry(change()), times=[Times(path=("a",), left=10, right=100)])
    assert terminal(found, unicode=False).isascii()
    assert "\x1b[" in terminal(found, color=True)


def test_texts_of_several_lines_are_shown_line_by_line_and_bounded():
    text = "\n".join(map(str, range(50)))
    shown = terminal(outcome(entry(change(path="line 1", left=text, right="x"))))
    assert "      - 11\n      - and 38 more lines\n      + x" in shown


def test_long_lists_are_cut_and_counted():
    entries = [entry(*[change()] * 30, path=(f"r{number}",), more=5) for number in range(150)]
    shown = terminal(outcome(*entries, left_out=7))
    assert shown.count("~ r") == 100
    assert shown.count("    and 15 more") == 100
    assert "\nand 57 more\n" in shown


def test_times_that_are_far_apart_are_shown():
    times = [Times(path=("slow",), left=100, right=400), Times(path=("fast",), left=1, right=3)]
    shown = terminal(outcome(times=times))
    assert "time: slow  100ms → 400ms  (4 times as long)" in shown
    assert "fast" not in shown


def test_the_totals_say_how_many_requests_differ_in_what():
    found = outcome(entry(change()), compared=3, same=2, counts=Counter(body=1, lost=2), failed=["body (1 request)"])
    for text in (terminal(found), markdown_text(found)):
        assert "3 requests compared, 2 the same, 1 different, 2 lost" in text
        assert "different: body in 1" in text
    assert terminal(found).endswith("fails by body (1 request)")
    assert terminal(outcome(compared=1, same=1)).endswith("no difference")
    assert terminal(outcome(entry(change()))).endswith("they differ in nothing that fails")


def test_titles_say_what_tells_requests_apart():
    found = Entry(path=("f", "a"), outcome=LOST, collection="C", stage="setup", iteration=1, occurrence=2)
    assert title_of(found, 3) == "C / [setup] / f / a (iteration 2) (run 3)"


# -- texts from outside -----------------------------------------------------------------------------------------------


def test_nothing_from_outside_steers_a_terminal():
    shown = terminal(HOSTILE_OUTCOME)
    assert not set(shown) & {"\x1b", "\u202e", "\r"}


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = Counter()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        assert not any(name.startswith("on") or name in ("href", "src") for name, _ in attrs)


def test_nothing_from_outside_becomes_markup_of_the_page():
    text = page(HOSTILE_OUTCOME)
    tags = Tags()
    tags.feed(text)
    assert "script" not in tags.tags
    assert "default-src 'none'; style-src 'sha256-" in unescape(text)
    assert not set(text) & {"\x1b", "\u202e"}


def test_nothing_from_outside_becomes_markup_of_markdown():
    text = re.sub(r"(?s)(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown_text(HOSTILE_OUTCOME))
    assert not re.search(r"<script|@everyone|\]\(", text)
    assert not set(markdown_text(HOSTILE_OUTCOME)) & {"\x1b", "\u202e"}


def test_markdown_stays_below_the_size_of_a_comment():
    entries = [entry(*[change(path="$." + "é" * 300, left="x" * 2000)] * 40, path=(f"r{number}",)) for number in range(300)]
    text = markdown_text(outcome(*entries))
    assert 30_000 < len(text.encode()) <= 60_000
    assert "The rest is left out" in text


def test_a_page_is_bounded():
    entries = [entry(*[change()] * 200, more=3), *(entry(change(), path=(f"r{number}",)) for number in range(1_099))]
    text = page(outcome(*entries, left_out=4))
    assert text.count("<details") == 1_000
    assert "and 103 more" in text
    assert "and 104 more" in text


# -- JSON -------------------------------------------------------------------------------------------------------------


def test_json_says_which_side_has_nothing():
    found = as_json(outcome(entry(change("missing", left=None), change("new", right=None), change("moved", to="$.b"))))
    missing, new, moved = found["entries"][0]["changes"]
    assert (missing["left"], "right" in missing) == (None, False)
    assert (new["right"], "left" in new) == (None, False)
    assert moved["to"] == "$.b"


def test_long_values_are_kept_in_part():
    value = kept(["x" * 3000])
    assert value.startswith('["xxx')
    assert value.endswith("… (3,004 characters)")
    assert kept({"a": [1]}) == {"a": [1]}


# -- where they go ----------------------------------------------------------------------------------------------------


@pytest.fixture
def sides(report, collection, servers):
    servers.both("/a", {"n": 1}, {"n": 2})
    path = collection(item("a"))
    return report(path, "left"), report(path, "right")


def test_each_output_goes_to_its_file(diff, sides, tmp_path):
    words = [f"--reporter-{name}-export={tmp_path / 'out'}/" for name in ("json", "html")]
    markdown = tmp_path / "own.md"
    code, out, _ = diff(*sides, "-r", "cli,json,html,markdown", *words, f"--reporter-markdown-export={markdown}")
    assert code == 1
    assert "fails by body (1 request)" in out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["postrunner-diff.html", "postrunner-diff.json"]
    assert json.loads((tmp_path / "out" / "postrunner-diff.json").read_text())["counts"] == {"body": 1}
    assert markdown.read_text().startswith("## ❌ Differences: they differ\n")


def test_a_page_without_a_path_goes_into_the_current_folder(diff, sides, tmp_path):
    assert diff(*sides, "-r", "html")[:2] == (1, "")
    assert (tmp_path / "postrunner-diff.html").read_text().startswith("<!doctype html>")


def test_markdown_goes_to_standard_output(diff, sides):
    assert "| body | `$.n` | `1` | `2` |" in diff(*sides, "-r", "markdown")[1]


def test_silent_prints_nothing_and_x_exits_with_0(diff, sides):
    assert diff(*sides, "--silent") == (1, "", "")
    assert diff(*sides, "-x")[0] == 0


def test_two_outputs_in_one_file_and_an_output_over_a_side_are_mistakes(diff, sides, tmp_path):
    one = tmp_path / "one"
    code, _, err = diff(*sides, "-r", "json,html", f"--reporter-export={one}")
    assert code == 2
    assert "name the same file" in err
    code, _, err = diff(*sides, "-r", "json", f"--reporter-json-export={sides[0]}")
    assert code == 2
    assert "is one of the two that are compared" in err


def test_lost_and_new_have_their_words():
    found = outcome(Entry(path=("a",), outcome=LOST), Entry(path=("b",), outcome=NEW))
    for text in (terminal(found), markdown_text(found), page(found)):
        assert "only on the left" in text
        assert "only on the right" in text
