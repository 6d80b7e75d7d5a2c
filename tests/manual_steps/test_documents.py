"""How the steps are written, and what nothing in a collection can do to a document."""

import json
from html.parser import HTMLParser

import pytest

import runner
from runner.formats.conversion import convert
from tests.manual_steps.conftest import bearer, collection, request

NASTY = "</code><script>alert(1)</script> `tick` | pipe *star* _under_ [l](javascript:x) &lt; \x1b[31m # <!--"


def nasty():
    item = request(
        NASTY,
        f"http://h/{NASTY}",
        "POST",
        after=f"pm.test({NASTY!r}, () => {{}}); pm.environment.set('x', {NASTY!r})",
        header=[{"key": NASTY, "value": NASTY, "description": NASTY}],
        body={"mode": "raw", "raw": f"```\n{NASTY}\n````"},
        auth=bearer(NASTY),
        description=f"# {NASTY}\n\n- {NASTY}\n\n| a | b |\n|---|---|\n| {NASTY} | b |\n\n```html\n{NASTY}\n```",
    )
    item["response"] = [{"name": NASTY, "code": 200, "body": NASTY, "_postman_previewlanguage": NASTY}]
    folder = {"name": NASTY, "item": [item, request("b", "http://h/{{x}}")], "description": NASTY}
    return {**collection(folder), "info": {"name": NASTY, "description": NASTY}}


class Tags(HTMLParser):
    """Collects elements and attributes."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def test_nothing_in_a_collection_becomes_an_element_of_the_page():
    page = runner.steps(nasty(), format="html")
    found = Tags()
    found.feed(page)
    known = "html head meta title style body nav ul ol li a main h1 h2 h3 p b code pre blockquote details summary"
    assert found.tags <= {*known.split(), *["div", "table", "thead", "tbody", "tr", "th", "td"]}
    assert found.attributes <= {"lang", "charset", "http-equiv", "content", "name", "id", "class", "href", "aria-label"}
    assert "\x1b" not in page
    assert "http" not in page.split("<style>")[1].split("</style>")[0]


def test_nothing_in_a_collection_becomes_markup_of_the_markdown():
    shown = runner.steps(nasty())
    lines, fence = [], ""
    for line in shown.splitlines():
        text = line.lstrip("> ")
        if not fence and text.startswith("```"):
            fence = text[: len(text) - len(text.lstrip("`"))]
        elif fence:
            fence = "" if text == fence else fence
        else:
            lines.append(line)
    assert not fence
    assert "\x1b" not in shown
    prose = "\n".join(lines)
    assert all(before == "\\" or inside for before, inside in _marks(prose, "<"))


def _marks(prose, mark):
    """For each mark what stands before it, and whether it is between backticks."""
    for line in prose.splitlines():
        at, ticks = 0, ""
        while at < len(line):
            if line[at] == "\\" and not ticks:
                at += 2
                continue
            if line[at] == "`":
                run = len(line[at:]) - len(line[at:].lstrip("`"))
                ticks = "`" * run if not ticks else "" if len(ticks) == run else ticks
                at += run
                continue
            if line[at] == mark:
                yield line[at - 1 : at], bool(ticks)
            at += 1


def test_nothing_in_a_collection_steers_the_terminal():
    assert "\x1b" not in runner.steps(nasty(), format="text")


def test_the_text_has_lines_of_at_most_a_hundred_columns_but_for_what_is_copied_whole():
    shown = runner.steps(collection(request("a", "http://h/x", description="word " * 100)), format="text")
    assert max(map(len, shown.splitlines())) <= 100


@pytest.mark.parametrize("format", ["markdown", "html", "text"])
def test_the_steps_are_the_same_each_time(format):
    assert runner.steps(nasty(), format=format) == runner.steps(nasty(), format=format)


def test_descriptions_keep_their_markdown():
    text = "Read *this*, **now**:\nat\nonce\n\n1. one `a`\n2. two\n   and on\n\n[docs](https://h/d)"
    shown = runner.steps(collection(request("a", description=text)))
    assert "> Read this, **now**: at once" in shown
    assert "> 1. one `a`" in shown
    assert "> 2. two and on" in shown
    assert "docs (https://h/d)" in shown


def test_each_format_of_collections_gives_the_same_steps(tmp_path):
    item = request("a", "http://h/{{id}}", "POST", auth=bearer("{{t}}"), body={"mode": "raw", "raw": "x"})
    document = collection({"name": "F", "item": [item]})
    v2_0 = {**document, "info": {"name": "Things", "schema": document["info"]["schema"].replace("v2.1", "v2.0")}}
    old = {**item["request"], "auth": {"type": "bearer", "bearer": {"token": "{{t}}"}}}
    v2_0["item"] = [{"name": "F", "item": [{**item, "request": old}]}]
    v1 = {
        "id": "c",
        "name": "Things",
        "order": [],
        "folders": [{"id": "f", "name": "F", "order": ["r"]}],
        "folders_order": ["f"],
        "requests": [
            {
                "id": "r",
                "name": "a",
                "method": "POST",
                "url": "http://h/{{id}}",
                "dataMode": "raw",
                "rawModeData": "x",
                "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]},
            }
        ],
    }
    source = tmp_path / "c.json"
    source.write_text(json.dumps(document))
    made = convert(str(source), "v3", str(tmp_path / "v3"))
    for name, text in made.files.items():
        path = tmp_path / "v3" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    wanted = runner.steps(document)
    assert "**POST**" in wanted
    assert "`{{t}}`" in wanted
    assert [runner.steps(one) for one in (v2_0, v1)] == [wanted, wanted]
    assert runner.steps(tmp_path / "v3").splitlines()[4:] == wanted.splitlines()[4:]


def test_an_item_of_a_kind_that_is_not_sent_is_named(tmp_path):
    (tmp_path / ".resources").mkdir()
    (tmp_path / ".resources" / "definition.yaml").write_text("$kind: collection\nname: C\n")
    (tmp_path / "Talk.request.yaml").write_text("$kind: websocket-request\nurl: ws://h\n")
    assert "This is a request of the kind `websocket`" in runner.steps(tmp_path)


def test_rows_of_data_are_a_table_without_secrets():
    rows = [{"user": f"u{n}", "password": f"pw-{n}-secret"} for n in range(12)]
    shown = runner.steps(collection(request("a", "http://h/{{user}}")), iteration_data=rows, variables="values")
    assert "once for each row of the data (12 rows)" in shown
    assert "| `u0` |" in shown
    assert "… and 2 more" in shown
    assert "secret`" not in shown
    assert "pw-" not in shown
    assert "`http://h/{{user}}`" in shown
    one = runner.steps(collection(request("a", "http://h/{{user}}")), iteration_data=rows[:1], variables="values")
    assert "`http://h/u0`" in one


def test_an_empty_collection_has_nothing_to_do():
    assert "There is no request, so there is nothing to do." in runner.steps(collection())


@pytest.mark.parametrize(("keyword", "value"), [("format", "pdf"), ("variables", "none")])
def test_an_unknown_word_is_an_error_that_names_the_known_ones(keyword, value):
    with pytest.raises(runner.PostrunnerError, match=f"'{value}' is none of"):
        runner.steps(collection(), **{keyword: value})
