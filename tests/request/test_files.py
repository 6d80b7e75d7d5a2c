"""Files are asked for by effects; what cannot be read is a warning."""

import pytest

from runner.model.request import Body, FormParam, Request
from runner.request.files import load_files
from tests.request.conftest import drive

ON_DISK = {"a": b"1", "b": b"2"}


def loaded(body):
    request, warnings = drive(load_files(Request(body=body)), ON_DISK)
    return request.body, [warning.message for warning in warnings]


def test_every_file_of_every_field_is_loaded():
    fields = (
        FormParam(key="list", type="file", src=("a", "b")),
        FormParam(key="one", type="file", src="b"),
        FormParam(key="none", type="file"),
        FormParam(key="text", value="a"),
    )
    body, warnings = loaded(Body(mode="formdata", formdata=fields))
    assert [field.contents for field in body.formdata] == [(b"1", b"2"), (b"2",), (), None]
    assert warnings == ["form field 'none' is sent empty: no file is chosen"]


@pytest.mark.parametrize("src", [None, "", ()])
def test_a_field_without_a_source_is_sent_empty_with_a_warning(src):
    body, warnings = loaded(Body(mode="formdata", formdata=(FormParam(key="f", type="file", src=src),)))
    assert (body.formdata[0].contents, warnings) == ((), ["form field 'f' is sent empty: no file is chosen"])


@pytest.mark.parametrize("file", [None, {}, {"src": None}, {"src": ""}, {"src": ["a"]}, {"src": 5}])
def test_a_file_body_without_a_usable_source_is_empty_with_a_warning(file):
    body, warnings = loaded(Body(mode="file", file=file))
    assert (body.content, len(warnings)) == (None, 1)
    assert warnings[0].startswith("the body's file is not sent: ")


def test_content_in_the_collection_needs_no_file():
    fields = (FormParam(key="f", type="file", value="aGk="), FormParam(key="g", type="file", disabled=True))
    assert loaded(Body(mode="formdata", formdata=fields))[1] == []
    assert loaded(Body(mode="file", file={"content": "aGk="}))[1] == []


def test_a_missing_file_of_a_form_is_a_warning():
    body, warnings = loaded(Body(mode="formdata", formdata=(FormParam(key="f", type="file", src=("gone", "a")),)))
    assert body.formdata[0].contents == (None, b"1")
    assert warnings == ["form field 'f' is not sent: no file gone"]


def test_a_missing_file_body_is_a_warning():
    body, warnings = loaded(Body(mode="file", file={"src": "gone"}))
    assert (body.content, warnings) == (None, ["the body's file is not sent: no file gone"])


def test_disabled_fields_and_bodies_are_not_read():
    field = FormParam(key="f", type="file", src="gone", disabled=True)
    assert loaded(Body(mode="formdata", formdata=(field,)))[1] == []
    assert loaded(Body(mode="file", file={"src": "gone"}, disabled=True))[1] == []


def test_a_file_body_is_loaded():
    assert loaded(Body(mode="file", file={"src": "a"}))[0].content == b"1"
