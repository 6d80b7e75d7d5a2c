"""Uploads whose file is missing or was never chosen."""

import pytest

from tests.cli.conftest import item

FORM = {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": None}, {"key": "t", "value": "1"}]}
GONE = {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": "gone.txt"}, {"key": "t", "value": "1"}]}
BINARY = {"mode": "file", "file": {"src": None}}
LIST = {"mode": "file", "file": {"src": ["a.json"]}}
CASES = [
    (FORM, "form field 'f' is sent empty: no file is chosen"),
    (GONE, "form field 'f' is not sent: ENOENT: no such file or directory"),
    (BINARY, "the body's file is not sent: no file is chosen"),
    (LIST, "the body's file is not sent: its source is not one path"),
]


def upload(url, body):
    return {"name": "up", "request": {"method": "POST", "url": url, "body": body}}


@pytest.mark.parametrize(("body", "warning"), CASES)
def test_an_upload_without_a_usable_source_is_sent_with_a_warning(postrunner, collection, server, body, warning):
    done = postrunner("run", collection(upload(server.url, body)))
    assert done.code == 0
    assert warning in " ".join((done.out + done.err).split())
    assert len(server.seen) == 1


@pytest.mark.parametrize(("body", "warning"), CASES)
def test_strict_files_make_it_a_failure_and_nothing_is_sent(postrunner, collection, server, body, warning):
    done = postrunner("run", collection(upload(server.url, body), item("next", server.url + "/next")), "--strict-files")
    assert done.code == 1
    assert warning.partition(": ")[2] in " ".join(done.out.split())
    assert [path for _, path, *_ in server.seen] == ["/next"]


def test_strict_files_have_nothing_against_a_file_that_is_there(postrunner, collection, server, tmp_path):
    (tmp_path / "gone.txt").write_text("here")
    assert postrunner("run", collection(upload(server.url, GONE)), "--strict-files").code == 0
    assert len(server.seen) == 1
