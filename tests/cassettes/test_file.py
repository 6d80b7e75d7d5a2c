"""Any recording goes through a file unchanged, and vcrpy reads the same file."""

from hypothesis import given, settings
from hypothesis import strategies as st
from vcr import serialize
from vcr.serializers import yamlserializer

from runner.cassettes import file as cassette_file
from runner.cassettes.recording import Recording, marks_of, moments_of
from runner.errors import RequestError
from runner.transport.timings import Marks

bodies = st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
names = st.text("abAB-_1", min_size=1, max_size=4)
values = st.text(st.characters(max_codepoint=255), max_size=20)
errors = st.builds(RequestError, st.text(st.characters(codec="utf-8"), max_size=20), code=names, hint=names)
entries = st.builds(
    Recording,
    method=names,
    uri=names.map("http://h.example/{}".format),
    request_headers=st.lists(st.tuples(names, values), max_size=4, unique_by=lambda pair: pair[0]).map(
        lambda pairs: tuple(sorted(pairs))
    ),
    request_body=bodies,
    status=st.integers(100, 999),
    reason=st.binary(max_size=10),
    version=st.sampled_from(["1.0", "1.1", "2"]),
    headers=st.lists(st.tuples(names.map(str.encode), values.map(lambda text: text.encode("latin-1"))), max_size=6).map(
        tuple
    ),
    body=bodies,
    moments=st.dictionaries(st.sampled_from(["ended", "first_byte"]), st.floats(0, 1e6)),
    address=names,
    tls=names,
    reused=st.booleans(),
    more=st.dictionaries(names, st.integers(), max_size=2),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(entries, max_size=3))
def test_recordings_go_through_a_file_unchanged(made):
    text = cassette_file.dump(made, {"about": "x"})
    read, rest = cassette_file.load(text.encode(), "tape.yaml")
    assert read == made
    assert rest == {"version": 1, "about": "x"}


@settings(max_examples=50, deadline=None)
@given(errors)
def test_errors_go_through_a_file_unchanged(error):
    (read,), _ = cassette_file.load(cassette_file.dump([Recording(method="GET", uri="u", error=error)], {}).encode(), "t")
    assert (read.error.message, read.error.code, read.error.hint) == (error.message, error.code, error.hint)


@settings(max_examples=60, deadline=None)
@given(st.lists(entries, min_size=1, max_size=3))
def test_vcrpy_reads_what_we_write_and_we_read_what_it_writes(made):
    requests, responses = serialize.deserialize(cassette_file.dump(made, {}), yamlserializer)
    assert [(one["status"]["code"], one["body"]["string"]) for one in responses] == [(one.status, one.body) for one in made]
    assert [(one.method, one.body or b"") for one in requests] == [(one.method, one.request_body) for one in made]
    text = serialize.serialize({"requests": requests, "responses": responses}, yamlserializer)
    read, _ = cassette_file.load(text.encode(), "tape.yaml")
    assert [(one.headers, one.body, one.reason) for one in read] == [(one.headers, one.body, one.reason) for one in made]


@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=2))
def test_the_response_time_comes_back_to_the_millisecond(microseconds):
    marks = Marks()
    marks.first_byte, marks.ended = (marks.started + one / 1e6 for one in sorted(microseconds))
    assert marks_of(moments_of(marks)).response_time() == marks.response_time()


def test_headers_that_somebody_added_by_hand_are_kept():
    text = cassette_file.dump([Recording(method="GET", uri="u", headers=((b"B", b"1"), (b"A", b"2")))], {})
    edited = text.replace("      A:", "      New:\n      - '3'\n      A:").replace("- '2'", "- '4'")
    (read,), _ = cassette_file.load(edited.encode(), "tape.yaml")
    assert read.headers == ((b"B", b"1"), (b"A", b"4"), (b"New", b"3"))


def test_long_lines_are_not_folded():
    text = cassette_file.dump([Recording(method="GET", uri="u", body=b"word " * 100)], {})
    assert "word " * 100 in text


def test_the_form_that_vcrpy_once_had_for_httpx_is_read():
    text = """interactions:
- request: {body: '', headers: {}, method: GET, uri: 'http://h.example/'}
  response: {content: plain, headers: {X-A: ['1'], content-encoding: [gzip]}, http_version: HTTP/1.1, status_code: 201}
version: 1
"""
    (read,), _ = cassette_file.load(text.encode(), "tape.yaml")
    assert (read.status, read.body, read.headers) == (201, b"plain", ((b"X-A", b"1"),))
