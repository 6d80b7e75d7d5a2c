import json
import re
import tracemalloc
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import runner.reporters
from runner.errors import ExportError, RunAborted
from runner.events import ConsoleLogged
from runner.model.collection import Event, Script
from runner.model.request import Body, FormParam
from runner.model.response import Response
from runner.options import RunOptions
from runner.reporters.html.page import CHUNK, embedded, in_chunks, whole
from runner.reporters.html.report import BODY, FAILED, PASSED, SHORT_BODY, SKIPPED, UNFINISHED, HtmlReport
from runner.reporters.html.shapes import DUMPED, body_shape, finish_body
from runner.results.fold import Fold
from runner.secrets import Secrets
from tests.reporters.conftest import TOKEN, Scenario, item, tell

HOSTILE = "</script></style><img src=x onerror=alert(1)><!--{{x}} & \"'"
VERDICT, START, CODE, TESTS, METHOD, TEXT = 2, 3, 5, 7, 8, 10


class Page(HTMLParser):
    """What a browser finds in the page: elements with their attributes, and the embedded data."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self._kind = [], {}, None
        self.text = text
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        attrs = dict(attrs)
        self._kind = attrs.get("class") or attrs.get("id") or tag if tag == "script" else None if tag == "details" else tag
        self.texts.setdefault(self._kind, []).append("")

    def handle_data(self, data):
        if self._kind:
            self.texts[self._kind][-1] += data

    def handle_endtag(self, tag):
        self._kind = None

    def data(self, name):
        return [value for text in self.texts.get(name, ()) for value in json.loads(text)]

    def run(self):
        return json.loads(self.texts["run"][0])


@pytest.fixture
def report(tmp_path):
    """Write the page of a scenario and read it back; further options as pairs without `html-`."""

    def write(scenario, **options):
        path = tmp_path / "deep" / "report.html"
        pairs = (
            ("html-export", str(path)),
            *((f"html-{name.replace('_', '-')}", value) for name, value in options.items()),
        )
        assert scenario.report(HtmlReport, options=RunOptions(reporter_options=pairs)) == ""
        return Page(path.read_text("utf-8"))

    return write


def test_the_page_embeds_every_execution(scenario, report):
    page = report(scenario.whole().finish())
    rows, details = page.data("rows"), page.data("details")
    assert page.run()["items"] == [["List users", -1, ""], ["Add user", 1, ""]]
    assert page.run()["folders"] == [["Users"], ["Users", "Admin"]]
    assert [row[VERDICT] for row in rows] == [FAILED, FAILED]
    assert [check["assertion"] for check in details[0]["assertions"]] == ["status is 200", "body is eql", "later"]
    assert details[1]["requests"][1]["response"]["body"] == {
        "type": "application/json; charset=utf-8",
        "size": 8,
        "text": '{"id":1}',
    }


def test_the_totals_are_those_of_the_summary(report):
    scenario = Scenario(cycles=3).start().whole().finish()
    page, stats = report(scenario), scenario.summary().stats
    numbers = re.findall(r"<dt>(\w+)</dt><dd><b>(\d+)</b>", page.text)
    assert numbers == [
        ("Iterations", "3"), ("Requests", str(stats["requests"].total)), ("Assertions", "9"), ("Failures", "6"),
        ("Skipped", "3"), ("Warnings", "0"),
    ]  # fmt: skip
    assert sum(sum(row[TESTS]) for row in page.data("rows")) == stats["assertions"].total
    assert sum(len(one["requests"]) for one in page.data("details")) == stats["requests"].total
    assert len(page.data("iterations")) == 3


def test_the_page_is_one_file_that_asks_for_nothing(scenario, report):
    page = report(scenario.whole().finish())
    assert [tag for tag, _ in page.elements if tag in ("link", "img", "iframe", "base")] == []
    assert [attrs for _, attrs in page.elements if {"src", "style", "onclick"} & set(attrs)] == []
    assert "default-src 'none'" in page.text
    assert not re.search(r"https?://(?!api\.test|www\.w3\.org/2000/svg)", page.text)


def test_the_policy_allows_exactly_the_style_and_the_script_of_the_page(scenario, report):
    page = report(scenario.finish())
    (policy,) = [attrs["content"] for _, attrs in page.elements if attrs.get("http-equiv") == "Content-Security-Policy"]
    for text in (page.texts["style"][0], page.texts["script"][-1]):
        assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy


def test_hostile_names_and_bodies_stay_text(report):
    scenario = Scenario()
    evil = item("i1", HOSTILE)
    scenario.root, scenario.collection = evil, replace(scenario.collection, name=HOSTILE, items=(evil,))
    scenario.start().iteration().begin(evil, (HOSTILE,)).request(body=HOSTILE.encode(), posted=HOSTILE.encode())
    scenario.check(HOSTILE, HOSTILE).log(HOSTILE).script(error=HOSTILE).warn(HOSTILE, where=HOSTILE).end()
    page = report(scenario.end_iteration().finish(RunAborted(HOSTILE)), title=HOSTILE)
    plain = report(Scenario().start().finish())
    assert page.texts["h1"] == [HOSTILE]
    assert [tag for tag, _ in page.elements if tag == "img"] == []
    assert len([tag for tag, _ in plain.elements if tag == "style"]) == len(
        [tag for tag, _ in page.elements if tag == "style"]
    )
    assert page.data("details")[0]["requests"][0]["response"]["body"]["text"] == HOSTILE
    assert page.run()["items"][0][0] == HOSTILE


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists))
def test_embedded_values_come_back_and_hold_no_markup(value):
    text = embedded(value)
    assert json.loads(text) == value
    assert not set("<>&\u2028\u2029") & set(text)


def test_chunks_are_small_and_say_where_they_begin():
    values = [{"n": n, "x": "y" * 50_000} for n in range(12)]
    chunks = [(first, "".join(chunk)) for first, chunk in in_chunks(map(whole, values), lambda text: text)]
    assert [value for _, text in chunks for value in json.loads(text)] == values
    assert [json.loads(text)[0]["n"] for _, text in chunks] == [first for first, _ in chunks]
    assert max(len(text) for _, text in chunks) < CHUNK + 60_000


def test_no_secret_is_written(report):
    scenario = Scenario().start().iteration().begin()
    posted = f"password=not-known&x={TOKEN}".encode()
    scenario.request(url=f"http://h/?t={TOKEN}&signature=abc123", body=f"x{TOKEN}y".encode(), posted=posted, method="POST")
    scenario.check(TOKEN, TOKEN).script(error=TOKEN).broken(message=TOKEN).log(TOKEN).request("script", body=TOKEN.encode())
    text = report(scenario.end().warn(TOKEN).finish(RunAborted(TOKEN, hint=TOKEN)), title=TOKEN).text
    for secret in (TOKEN, "not-known", "abc123", "tok-5f2a"):
        assert secret not in text


def test_a_form_is_decoded_and_masked_by_name():
    sent = b"user=ada+l&password=hun%74er22&e=%41"
    body = body_shape(Response(code=200, body=sent), "application/x-www-form-urlencoded", Secrets(["hunter22"]))
    assert body["form"] == [["user", "ada l"], ["password", "••••"], ["e", "A"]]


def test_a_value_that_decoding_brings_to_light_is_masked():
    body = body_shape(
        Response(code=200, body=b"note=%68unter22"), "application/x-www-form-urlencoded", Secrets(["hunter22"])
    )
    assert body["form"] == [["note", "••••"]]


@pytest.mark.parametrize("data", [b"late-secret", b"\x00\xfflate-secret"])
def test_a_secret_that_becomes_known_late_is_masked_everywhere(scenario, tmp_path, data):
    path = tmp_path / "report.html"
    context = scenario.context(options=RunOptions(reporter_options=(("html-export", str(path)),)))
    reporter = HtmlReport(context)
    scenario.iteration().begin().request(body=data, url="http://h/late-secret").check("late-secret", "late-secret")
    scenario.request("script", body=b"x").end().end_iteration().finish().tell(reporter)
    context.secrets.add("late-secret")
    reporter.close(scenario.summary())
    text = path.read_text("utf-8")
    shown = Page(text).data("details")[0]["requests"][0]["response"]["body"]
    assert "late-secret" not in text
    assert b"late-secret" not in b64decode(shown.get("data", ""))
    assert Page(text).data("details")[0]["requests"][1]["response"]["body"]["text"] == "x"


def test_a_secret_that_becomes_known_inside_an_item_is_masked_in_what_came_before(scenario, tmp_path):
    path = tmp_path / "report.html"
    context = scenario.context(options=RunOptions(reporter_options=(("html-export", str(path)),)))
    reporter = HtmlReport(context)
    scenario.iteration()
    scenario.events[-1] = replace(scenario.events[-1], data={"x": "late-secret"})
    scenario.begin().log("late-secret").request(body=b"late-secret", url="http://h/late-secret")
    fold = Fold(scenario.masker)
    tell(scenario.masker, fold, scenario.events, reporter)
    context.secrets.add("late-secret")
    tell(scenario.masker, fold, scenario.end().end_iteration().finish().events[-3:], reporter)
    reporter.close(fold.summary)
    assert "late-secret" not in path.read_text("utf-8")


def test_verdicts_tell_what_passed_failed_was_skipped_or_never_ended(scenario, report):
    scenario.iteration().begin().request().check("a").end()
    scenario.begin(scenario.deep).end(skipped=True).begin(item("i3", "Third")).request()
    page = report(scenario.interrupted())
    assert [row[VERDICT] for row in page.data("rows")] == [PASSED, SKIPPED, UNFINISHED]
    assert "Interrupted" in page.text
    assert "The run did not come to its end" in page.text


def test_failures_come_first_and_lead_to_their_execution(report):
    scenario = Scenario(cycles=3).start().whole().finish()
    page = report(scenario)
    links = [attrs["href"] for tag, attrs in page.elements if tag == "a" and attrs.get("href", "").startswith("#open=")]
    assert links == ["#open=0", "#open=1"]
    assert page.text.count("and 2 more like it") == 2
    assert page.text.index('id="h-failures"') < page.text.index('id="executions"')


def test_a_request_that_failed_has_its_error_and_place_in_time(scenario, report):
    page = report(scenario.begin().broken().end().begin(scenario.deep).unsigned().end().finish())
    errors = [one["requests"][0]["error"] for one in page.data("details")]
    assert [error["name"] for error in errors] == ["Error", "AuthError"]
    assert [row[CODE] for row in page.data("rows")] == [0, 0]
    assert "set it in the auth tab" in page.text


def test_the_lines_around_a_script_error_are_shown(report):
    scenario = Scenario()
    script = Script(id="s1", exec="one\ntwo\nthree\nfour\nfive")
    scenario.root = replace(scenario.root, events=(Event(listen="test", script=script),))
    scenario.collection = replace(scenario.collection, items=(scenario.root,))
    page = report(scenario.start().begin().script(error="no", line=2, column=1).end().finish())
    (found,) = page.data("details")[0]["scripts"]
    assert (found["error"]["lineNumber"], found["excerpt"]) == (2, [1, ["one", "two", "three", "four"]])


def test_iteration_data_is_shown_as_text(report):
    scenario = Scenario().start()
    scenario.iteration()
    scenario.events[-1] = replace(scenario.events[-1], data={"name": "Ada", "password": "x1y2z3", "n": 1e999, "list": [1]})
    page = report(scenario.begin().end().end_iteration().finish())
    assert page.data("iterations")[0][2] == [["name", "Ada"], ["password", "••••"], ["n", "Infinity"], ["list", "[1]"]]


def test_several_collections_stand_in_one_page(report):
    first, second = Scenario().start().whole().finish(), Scenario()
    second.collection = replace(second.collection, name="Other API")
    first.events += second.start().whole().finish().events
    page = report(first)
    assert page.run()["collections"] == ["Sample API", "Other API"]
    assert [row[1] for row in page.data("rows")] == [0, 0, 1, 1]
    assert page.run()["folders"][-1] == ["Other API", "Users", "Admin"]
    assert page.texts["h1"] == ["Sample API, Other API"]


def test_console_output_keeps_its_level(scenario, report):
    page = report(scenario.begin().log("'a'", "1", level="warn").end().finish())
    assert page.data("details")[0]["console"] == [["warn", "'a' 1"]]
    assert any(isinstance(event, ConsoleLogged) for event in scenario.events)


def test_an_item_run_by_a_script_shows_its_request_as_its_own(scenario, report):
    page = report(scenario.begin().request("auth").request("script", url="http://h/own").end().finish())
    main = [request["url"] for request in page.data("details")[0]["requests"] if request.get("main")]
    assert main == ["http://h/own"]


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"x" * (BODY + 5), "text/plain", {"cut": 5, "text": "x" * BODY}),
        (b"caf\xe9", "text/plain; charset=iso-8859-1", {"text": "café"}),
        (b"\xff\x00" * 1000, "a/b", {"picture": False, "data": b64encode(b"\xff\x00" * (DUMPED // 2)).decode()}),
        (b"\x89PNG\x00", "image/png", {"picture": True, "data": b64encode(b"\x89PNG\x00").decode()}),
        (b"<svg onload=alert(1)>\x00", "image/svg+xml", {"picture": False}),
    ],
)  # fmt: skip
def test_a_body_is_cut_to_what_is_shown(body, kind, expected):
    found = body_shape(Response(code=200, body=body), kind, Secrets())
    finish_body(found, BODY)
    assert found["size"] == len(body)
    assert {key: found[key] for key in expected} == expected


def test_the_requests_of_an_execution_are_written_one_at_a_time(scenario, tmp_path):
    scenario.begin()
    for _ in range(20):
        scenario.request("script", body=b"x" * 2 * BODY)
    scenario.end().finish()
    options = RunOptions(reporter_options=(("html-export", str(tmp_path / "r.html")),))
    report = HtmlReport(scenario.context(options=options))
    fold = scenario.tell(report)
    (details,) = report.finished_details()
    pieces = list(details)
    report.close(fold.summary)
    assert max(map(len, pieces)) < 2 * BODY
    assert len(json.loads("".join(pieces))["requests"]) == 20


def test_an_unsent_body_is_shown_with_its_fields(scenario, report):
    scenario.begin().broken().end().finish()
    event = next(event for event in scenario.events if type(event).__name__ == "RequestFinished")
    form = Body(mode="urlencoded", urlencoded=(FormParam(key="password", value="x1y2z3"), FormParam(key="a", value="b")))
    scenario.events[scenario.events.index(event)] = replace(event, request=replace(event.request, body=form))
    text = report(scenario).data("details")[0]["requests"][0]["body"]["text"]
    assert [field["value"] for field in json.loads(text)["urlencoded"]] == ["••••", "b"]


def test_what_is_omitted_is_not_in_the_file(scenario, report):
    scenario.begin().request(
        posted=b"posted-text", method="POST", body=b"answered", headers=(("X-Odd", "odd-value"),)
    ).end()
    page = report(scenario.finish(), omit_all_headers_and_body="true")
    request = page.data("details")[0]["requests"][0]
    assert not re.search("posted-text|answered|odd-value", page.text)
    assert (request["headers"], request["response"]["headers"]) == (None, None)
    assert request["body"] == {"type": "", "size": 11, "omitted": True}


def test_title_and_collection_name_are_both_shown(scenario, report):
    page = report(scenario.finish(), title="Nightly")
    assert page.texts["h1"] == ["Nightly"]
    assert "Sample API" in page.text


def test_a_path_that_cannot_be_written_is_an_export_error(scenario, tmp_path):
    (tmp_path / "file").write_text("kept")
    options = RunOptions(reporter_options=(("html-export", str(tmp_path / "file" / "x")),))
    with pytest.raises(ExportError, match="file"):
        scenario.finish().report(HtmlReport, options=options)
    assert (tmp_path / "file").read_text() == "kept"


def themes():
    css = (Path(runner.reporters.__file__).parent / "html" / "page.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        for block in re.findall(r"^:root[^{]*\{(.*?)^\}", css, re.M | re.S)[:2]
    )
    return [light, light | dark]


def luminance(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "surface", "sunken", "chosen"])
@pytest.mark.parametrize(
    "ink", ["text", "muted", "accent", "good", "bad", "aside", "key", "string", "number", "literal", "comment"]
)
def test_text_has_contrast_on_every_ground(theme, ground, ink):
    assert contrast(theme[ink], theme[ground]) >= 4.5


BADGES = "on-accent/accent surface/text good/good-soft bad/bad-soft aside/aside-soft text/bad-soft muted/aside-soft"


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark"])
@pytest.mark.parametrize("pair", BADGES.split())
def test_badges_and_buttons_have_contrast(theme, pair):
    ink, ground = pair.split("/")
    assert contrast(theme[ink], theme[ground]) >= 4.5


def long_run(count, tmp_path, body, failed=None, slow=None):
    """Write the report of a run of so many executions without keeping its events; returns the path.

    Each takes 20 ms, `slow` a second; the test of `failed` fails.
    """
    path = tmp_path / f"{count}.html"
    scenario = Scenario(cycles=count).start()
    context = scenario.context(options=RunOptions(reporter_options=(("html-export", str(path)),)))
    reporter, fold = HtmlReport(context), Fold(scenario.masker)
    tell(scenario.masker, fold, scenario.events, reporter)
    for number in range(count):
        scenario.events.clear()
        time = 1000 if number == slow else 20
        scenario.now += time / 1000
        scenario.iteration(number).begin().request(body=body, time=time)
        scenario.check("status is 200", "no" if number == failed else None).end().end_iteration()
        tell(scenario.masker, fold, (scenario.finish() if number == count - 1 else scenario).events, reporter)
    reporter.close(fold.summary)
    return path


def peak_of(count, tmp_path):
    tracemalloc.start()
    long_run(count, tmp_path, b"x" * 20_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_longer_run_needs_no_more_memory(tmp_path):
    peak_of(10, tmp_path)  # everything that is imported once
    assert peak_of(500, tmp_path) < peak_of(200, tmp_path) + 500_000


def test_ten_thousand_executions_are_few_elements(tmp_path):
    page = Page(long_run(10_000, tmp_path, b'{"id":1}').read_text("utf-8"))
    assert len(page.elements) < 250
    assert len(page.data("rows")) == len(page.data("details")) == 10_000


def test_bodies_are_cut_shorter_in_a_long_run(tmp_path):
    page = Page(long_run(2_000, tmp_path, b"x" * 60_000).read_text("utf-8"))
    lengths = {len(one["requests"][0]["response"]["body"]["text"]) for one in page.data("details")}
    assert lengths == {24_000}
    assert min(lengths) >= SHORT_BODY


def test_a_request_begins_as_long_before_it_is_told_as_it_took(report):
    scenario = Scenario()
    scenario.now += 1
    rows = report(scenario.start().whole().finish()).data("rows")
    assert [row[START : START + 2] for row in rows] == [[921.0, 79.0], [921.0, 79.0]]
