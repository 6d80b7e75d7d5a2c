import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.formats.postman.v2_url import dump_url
from runner.model.request import QueryParam, Url
from runner.rules.url import parse_url, url_text

PIECES = [
    "http",
    "://",
    ":",
    "/",
    "@",
    "?",
    "&",
    "=",
    "#",
    ".",
    "a",
    "{{v}}",
    "{{a/b?c#d@e:f&g=h}}",
    "\\",
    "[::1]",
    "{{",
    "}}",
    " ",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)


def test_a_text_is_cut_into_its_parts():
    url = parse_url(" https://me:pw@a.b.com:8080/x/:id?q=1&r#top")
    assert url == Url(
        protocol="https",
        user="me",
        password="pw",
        host=("a", "b", "com"),
        port="8080",
        path=("x", ":id"),
        query=(QueryParam("q", "1"), QueryParam("r")),
        hash="top",
    )


def test_variables_may_stand_anywhere_and_split_nothing():
    url = parse_url("{{s}}://{{h.o:st/?#}}:{{p}}/{{a/b}}?{{k&}}={{v}}")
    assert (url.protocol, url.host, url.port) == ("{{s}}", ("{{h.o:st/?#}}",), "{{p}}")
    assert (url.path, url.query) == (("{{a/b}}",), (QueryParam("{{k&}}", "{{v}}"),))


@pytest.mark.parametrize(
    ("text", "host"), [("http:///h", ("h",)), ("http:\\\\h\\x", ("h",)), ("[::1]", ("[::1]",)), ("a@b@c", ("c",)), ("", ())]
)
def test_the_odd_hosts_of_postman(text, host):
    assert parse_url(text).host == host


def test_empty_parameters_are_told_apart():
    params = parse_url("h?a&b=&&").query
    assert params == (QueryParam("a"), QueryParam("b", ""), QueryParam(None), QueryParam(""))


def test_an_object_ignores_raw():
    assert parse_url({"raw": "http://ignored"}) == Url()
    assert parse_url({"raw": "x", "host": "a.{{b.c}}.d", "path": "/p/q"}).host == ("a", "{{b.c}}", "d")


def test_an_object_takes_every_form_of_its_parts():
    url = parse_url({"host": ["h"], "path": ["a", {"type": "string", "value": "b"}], "query": {"k": "v"}, "port": 80})
    assert (url.path, url.query, url.port) == (("a", "b"), (QueryParam("k", "v"),), "80")
    assert parse_url({"host": "h", "query": "a=1&b"}).query == (QueryParam("a", "1"), QueryParam("b"))
    assert parse_url({"host": "h", "path": ""}).path is None


def test_a_parameter_value_that_is_no_text_is_not_written():
    assert parse_url({"query": [{"key": "k", "value": 5}, {"key": None, "value": "v"}]}).query == (
        QueryParam("k"),
        QueryParam(None, "v"),
    )


def test_path_variables_may_have_an_id_for_a_key():
    variables = parse_url({"variable": [{"id": "a", "value": "1"}, {"key": "b", "value": "2", "disabled": True}]}).variables
    assert [(v.key, v.value, v.disabled) for v in variables] == [("a", "1", False), ("b", "2", True)]


@given(TEXTS)
def test_parts_of_any_text_round_trip(text):
    url = parse_url(text)
    assert parse_url(dump_url(url, None)) == url
    assert parse_url(dump_url(url, text)) == url


def test_the_text_of_a_url_leaves_disabled_parameters_out_and_escapes_separators():
    query = (QueryParam("a&b", "c=d&e"), QueryParam("x", "y", True), QueryParam("{{p&q}}", "{{r#s}}"))
    assert url_text(Url(host=("h",), query=query)) == "h?a%26b=c=d%26e&{{p&q}}={{r#s}}"


def test_further_keys_of_an_unchanged_url_are_kept():
    source = {"raw": "h?a=1", "host": ["h"], "query": [{"key": "a", "value": "1", "description": "why"}]}
    assert dump_url(parse_url(source), source) is source
    assert dump_url(parse_url("other"), source)["raw"] == "other"
