"""Variables in every part of a request."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.clock import Clock
from runner.entropy import Entropy
from runner.model.request import Auth, Body, FormParam, Header, QueryParam, Request
from runner.model.variable import Variable
from runner.request.address import parse_address
from runner.request.resolve import resolve
from runner.rules.url import parse_url, url_text
from runner.variables.dynamic import make_dynamic
from runner.variables.scopes import Scopes

VALUES = {"base": "https://h:8/v1?k=1", "id": "7", "n": 5, "flag": True, "key": "X-Key", "path": "a/b.txt", "token": "t"}


def made_dynamic():
    return make_dynamic(Clock(), Entropy(seed=1))


def scopes(**values):
    return Scopes(environment=[Variable(key, value) for key, value in (VALUES | values).items()])


def resolved(request, **values):
    return resolve(request, scopes(**values), made_dynamic()).request


def test_a_value_may_be_most_of_a_url():
    url = resolved(Request(url=parse_url("{{base}}&id={{id}}"))).url
    assert (url.protocol, url.host, url.port, url.path) == ("https", ("h",), "8", ("v1",))
    assert url.query == (QueryParam("k", "1"), QueryParam("id", "7"))


def test_path_variables_become_part_of_the_url():
    url = resolved(Request(url=replace(parse_url("h/:id/x"), variables=(Variable("id", "{{id}}"),)))).url
    assert (url.path, url.variables) == (("7", "x"), ())


@pytest.mark.parametrize(
    ("value", "target"), [("", "/e//x"), ("a?b=1", "/e/a?b=1/x"), ("a#b", "/e/a"), ("p/q", "/e/p/q/x"), (":y", "/e/:y/x")]
)
def test_whether_a_path_variable_has_a_value_is_decided_before_its_variables_are_replaced(value, target):
    request = Request(url=replace(parse_url("h/e/:id/x"), variables=(Variable("id", "{{v}}"), Variable("y", "no"))))
    assert parse_address(resolved(request, v=value).url).target == target


def test_header_names_and_values_are_resolved():
    headers = (Header("{{key}}", "{{n}}-{{flag}}"), Header("{{key}}", "{{id}}", disabled=True), Header("N", None))
    assert resolved(Request(headers=headers)).headers == (Header("X-Key", "5-true"), headers[1], headers[2])


def test_every_body_mode_is_resolved():
    form = (FormParam(key="{{key}}", value="{{id}}"), FormParam(key="f", type="file", src=("{{path}}", "x")))
    bodies = {
        "raw": Body(mode="raw", raw={"a": ["{{n}}"]}),
        "urlencoded": Body(mode="urlencoded", urlencoded=form[:1]),
        "formdata": Body(mode="formdata", formdata=form),
        "file": Body(mode="file", file={"src": "{{path}}"}),
        "graphql": Body(mode="graphql", graphql={"query": "{{id}}", "variables": '{"a":{{n}}}'}),
        "odd": Body(mode="odd", raw="{{id}}"),
    }
    found = {mode: resolved(Request(body=body)).body for mode, body in bodies.items()}
    assert (found["raw"].raw, found["file"].file, found["odd"].raw) == ({"a": ["5"]}, {"src": "a/b.txt"}, "7")
    assert (found["urlencoded"].urlencoded[0].key, found["urlencoded"].urlencoded[0].value) == ("X-Key", "7")
    assert found["formdata"].formdata[1].src == ("a/b.txt", "x")
    assert found["graphql"].graphql == {"query": "7", "variables": '{"a":5}'}


def test_auth_parameters_are_resolved():
    auth = Auth("bearer", {"token": "{{token}}", "more": [{"key": "a", "value": "{{id}}"}], "off": False})
    assert resolved(Request(auth=auth)).auth.params == {"token": "t", "more": [{"key": "a", "value": "7"}], "off": False}


def test_the_template_stays_as_it_was():
    request = Request(
        url=parse_url("{{base}}"), body=Body(mode="raw", raw="{{id}}"), auth=Auth("bearer", {"token": "{{id}}"})
    )
    resolved(request)
    assert (url_text(request.url), request.body.raw, request.auth.params) == ("{{base}}", "{{id}}", {"token": "{{id}}"})


def test_names_without_a_value_are_told_and_sent():
    found = resolve(Request(url=parse_url("h/{{a}}/{{b}}"), headers=(Header("X", "{{a}}"),)), scopes(), made_dynamic())
    assert (url_text(found.request.url), found.unresolved) == ("h/{{a}}/{{b}}", ("a", "b"))


def test_disabled_parts_are_neither_resolved_nor_told():
    off = Request(headers=(Header("X", "{{a}}", disabled=True),), body=Body(mode="raw", raw="{{a}}", disabled=True))
    assert resolve(off, scopes(), made_dynamic()).unresolved == ()


@pytest.mark.parametrize("mode", ["urlencoded", "formdata"])
def test_a_disabled_field_of_a_form_is_neither_resolved_nor_told(mode):
    field = FormParam(key="{{key}}", value="{{gone}}", disabled=True)
    found = resolve(Request(body=Body(mode=mode, **{mode: (field,)})), scopes(), made_dynamic())
    assert getattr(found.request.body, mode) == (field,)
    assert not found.unresolved


def test_dynamic_variables_repeat_with_a_seed():
    first, second = (resolved(Request(url=parse_url("h/{{$guid}}"))).url for _ in range(2))
    assert first == second
    assert "{{" not in url_text(first)


@given(st.text().filter(lambda text: "{{" not in text))
def test_a_url_without_braces_keeps_its_text(text):
    url = parse_url(text)
    assert url_text(resolved(Request(url=url)).url) == url_text(url)


def test_a_value_of_null_is_the_text_null_everywhere():
    variables = (Variable("id", "{{nothing}}"), Variable("x", None))
    request = Request(
        url=replace(parse_url("h/{{nothing}}/:id/:x?a={{nothing}}"), variables=variables),
        headers=(Header("A", "{{nothing}}"),),
        auth=Auth("bearer", {"token": "{{nothing}}"}),
        body=Body(mode="urlencoded", urlencoded=(FormParam(key="k", value="{{nothing}}"),)),
    )
    found = resolved(request, nothing=None)
    assert ("/" + "/".join(found.url.path), found.url.query) == ("/null/null/:x", (QueryParam("a", "null"),))
    assert (found.headers[0].value, found.auth.params, found.body.urlencoded[0].value) == (
        "null",
        {"token": "null"},
        "null",
    )
