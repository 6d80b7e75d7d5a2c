"""Files are asked for by effects; what cannot be read is a warning."""

from runner.model.request import Body, FormParam, Request
from runner.request.files import load_files
from tests.request.conftest import drive

ON_DISK = {"a": b"1", "b": b"2"}


def loaded(body):
    request, warnings = drive(load_files(Request(body=body)), ON_DISK)
    return request.body, [warning.message for warning in warnings]


def test_every_file_of_every_field_is_loaded():
    fields = (
        FormParam(key="list", type="file", src=("a", "", "b")),
        FormParam(key="one", type="file", src="b"),
        FormParam(key="none", type="file"),
        FormParam(key="text", value="a"),
    )
    body, warnings = loaded(Body(mode="formdata", formdata=fields))
    assert [field.contents for field in body.formdata] == [(b"1", b"2"), (b"2",), (), None]
    assert warnings == []


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
