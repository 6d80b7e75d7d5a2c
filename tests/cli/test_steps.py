"""`postrunner steps`: where the steps go, and whether a committed document is up to date."""

import json

import pytest

from tests.manual_steps.conftest import collection, request


@pytest.fixture
def folder(tmp_path, postrunner):
    """A folder with a collection and an environment, which is the current one."""
    (tmp_path / "c.json").write_text(json.dumps(collection(request("First", "{{base}}/a"), request("Second"))))
    values = [{"key": "base", "value": "http://127.0.0.1:9"}]
    (tmp_path / "e.json").write_text(json.dumps({"name": "Local", "values": values}))
    return tmp_path


def test_steps_are_printed_as_text(folder, postrunner):
    done = postrunner("steps", "c.json", "-e", "e.json")
    assert (done.code, done.err) == (0, "")
    assert "Select GET and enter the URL “{{base}}/a”." in done.out


@pytest.mark.parametrize(("name", "start"), [("s.md", "# Things"), ("s.html", "<!doctype html>"), ("s.txt", "Things")])
def test_the_name_of_the_file_says_how_they_are_written(folder, postrunner, name, start):
    assert postrunner("steps", "c.json", "-o", name).out == f"{name} written\n"
    assert (folder / name).read_text().startswith(start)
    done = postrunner("steps", "c.json", "--check", name)
    assert (done.code, done.out) == (0, f"{name} is up to date\n")


def test_options_choose_requests_variables_and_format(folder, postrunner):
    options = ("--format", "markdown", "--variables", "values", "--folder", "First", "--env-var", "base=http://h")
    out = postrunner("steps", "c.json", *options).out
    assert "`http://h/a`" in out
    assert "Second" not in out


def test_a_document_that_is_out_of_date_is_told_with_its_differences(folder, postrunner):
    postrunner("steps", "c.json", "-o", "s.md")
    (folder / "c.json").write_text(json.dumps(collection(request("First", "{{base}}/b"), request("Second"))))
    before = (folder / "s.md").read_bytes()
    done = postrunner("steps", "c.json", "--check", "s.md")
    assert done.code == 1
    assert "s.md is out of date; write it anew with -o" in done.out
    assert "-1. Select **GET** and enter the URL `{{base}}/a`." in done.out
    assert "/b`." in done.out
    assert (folder / "s.md").read_bytes() == before


def test_secrets_of_a_document_that_is_out_of_date_are_not_shown(folder, postrunner):
    environment = {"name": "e", "values": [{"key": "token", "value": "s3cr3t-value-1", "type": "secret"}]}
    (folder / "secret.json").write_text(json.dumps(environment))
    (folder / "s.md").write_text("Enter s3cr3t-value-1.\n")
    done = postrunner("steps", "c.json", "-e", "secret.json", "--check", "s.md")
    assert (done.code, "-Enter ••••." in done.out, "s3cr3t" in done.out + done.err) == (1, True, False)


def test_a_document_that_is_not_there_is_out_of_date(folder, postrunner):
    done = postrunner("steps", "c.json", "--check", "none.md")
    assert done.code == 1
    assert "none.md is not there" in done.out
    assert not (folder / "none.md").exists()


def test_line_ends_of_windows_do_not_make_a_document_out_of_date(folder, postrunner):
    postrunner("steps", "c.json", "-o", "s.md")
    (folder / "s.md").write_bytes((folder / "s.md").read_bytes().replace(b"\n", b"\r\n"))
    assert postrunner("steps", "c.json", "--check", "s.md").code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("c.json", "-o", "c.json"), "c.json: is what the steps are made of"),
        (("c.json", "-e", "e.json", "-o", "e.json"), "e.json: is what the steps are made of"),
        (("c.json", "-o", "a", "--check", "b"), "--check writes nothing"),
        (("c.json", "--folder", "Third"), "Third"),
        (("none.json",), "none.json"),
    ],
)
def test_mistakes_end_with_2_and_leave_files_alone(folder, postrunner, args, message):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = postrunner("steps", *args)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
