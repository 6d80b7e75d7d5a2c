"""Folders of the format v3, made in the test, and the command line called over them."""

import pytest

from tests.cli.conftest import postrunner, server

__all__ = ["postrunner", "server"]


@pytest.fixture
def folder(tmp_path):
    """Write files, given by their paths and texts; returns the folder that they are in."""

    def write(files, name="Shop"):
        for path, text in files.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / name

    return write


def request(url, *lines):
    """The text of a request's file."""
    return "\n".join(["$kind: http-request", f"url: {url}", "method: GET", *lines, ""])
