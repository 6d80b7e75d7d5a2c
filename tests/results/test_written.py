"""Values of events as JSON and back."""

import json

import pytest

from runner.errors import AuthError, Interrupted, RequestError, RunAborted
from runner.model.payload import Payload
from runner.model.request import Auth, Body, FormParam, Header, PreparedRequest, Request, Url
from runner.model.response import Cookie, Hop, Response, Sizes, Timings
from runner.model.variable import Environment, Variable
from runner.results.written.reading import read_body, read_error, reader
from runner.results.written.shapes import LARGEST, body_shape, hop_shape, shape

VALUES = [
    Response(code=200, headers=(("A", "b"),), sizes=Sizes(body=3), timings=Timings(dns=1.5, total=2)),
    Response(code=500, cookies=(Cookie(name="a", value="b", expires=1.0, max_age=3, extensions=("x",)),)),
    PreparedRequest(method="GET", scheme="http", host="h", port=80, target="/", href="http://h/", headers=(), body=b"x"),
    Request(
        method="POST",
        url=Url(
            protocol="http",
            host=("a", "b"),
            path=("x",),
            query=(),
            variables=(Variable("k", 1, "any", True, {"key": "k"}),),
        ),
        headers=(Header("a", None, True), Header("b", "c", system=True)),
        body=Body(
            mode="formdata", formdata=(FormParam(key="k", src=("a", "b"), type="file"), FormParam(key="l", value=[1, {}]))
        ),
        auth=Auth("basic", {"username": "u", "deep": {"a": [1, None]}}),
        id="i",
        name="n",
    ),
    Environment(id="i", name="n", values=(Variable("a", None), Variable("b", [1.5, "x"], "secret")), scope="globals"),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_as_it_was(value):
    assert reader(type(value))(json.loads(json.dumps(shape(value)))) == value


@pytest.mark.parametrize("body", [b"", b"text \xc3\xa9", bytes(range(256))])
def test_a_redirect_has_its_body(body):
    hop = Hop(method="GET", href="http://h/", headers=(), response=Response(code=302, body=body))
    assert reader(Hop)(json.loads(json.dumps(hop_shape(hop)))) == hop


def test_what_is_as_by_default_is_not_written():
    assert shape(Response(code=200)) == {"code": 200}


@pytest.mark.parametrize(
    "error", [RequestError("no", code="ECONNREFUSED", hint="h", where="w"), AuthError("no"), RunAborted("end")]
)
def test_an_error_comes_back_as_it_was(error):
    found = read_error(json.loads(json.dumps(shape(error))))
    assert (type(found), vars(found) | {"sent": None}, str(found)) == (
        type(error),
        vars(error) | {"sent": None},
        str(error),
    )


def test_redirects_before_an_error_come_back():
    error = RequestError("no")
    error.hops = (Hop(method="GET", href="http://h/", headers=(("a", "b"),), response=Response(code=302), reused=True),)
    assert read_error(json.loads(json.dumps(shape(error)))).hops == error.hops


def test_the_exit_code_of_an_interruption_comes_back():
    assert read_error(shape(Interrupted(exit_code=143))).exit_code == 143


@pytest.mark.parametrize("name", ["os", "Exception", "Sequence", "node_fields", "__doc__", ""])
def test_a_class_that_is_no_error_of_the_house_is_none(name):
    assert type(read_error({"class": name, "message": "m"})).__name__ == "RunError"


def test_sizes_are_those_of_what_was_sent():
    read = reader(Response)
    assert read({"code": 200, "body": "xx", "body_size": 9}).body_size == 9
    assert read({"code": 200, "body": "xx"}).body_size == 2
    told = read({"code": 200, "body": "xx", "body_size": 9})
    assert (told.code, told.body, told.text_start(5), isinstance(told, Response)) == (200, b"xx", ("xx", 0), True)


def test_of_a_large_file_the_beginning_and_the_size_are_known():
    found = read_body(body_shape(Payload([b"x" * LARGEST, b"y" * 5])))
    assert (len(found), found[:3], found[LARGEST : LARGEST + 5]) == (LARGEST + 5, b"xxx", bytes(5))
    assert read_body(body_shape(Payload([b"x" * LARGEST]))) == b"x" * LARGEST


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (Response, []),
        (Response, {}),
        (Response, {"code": "200"}),
        (Response, {"code": True}),
        (Response, {"code": 200, "headers": [["a"]]}),
        (Response, {"code": 200, "headers": {}}),
        (Response, {"code": 200, "body": {"base64": "!"}}),
        (Response, {"code": 200, "body": 1}),
        (Response, {"code": 200, "body_size": "1"}),
        (Header, {"key": "a", "value": 1}),
        (Auth, {"type": "a", "params": []}),
        (Url, {"host": "a"}),
        (Variable, {}),
    ],
)
def test_what_fits_no_type_is_refused(wanted, value):
    with pytest.raises(ValueError, match=r"\w"):
        reader(wanted)(value)
