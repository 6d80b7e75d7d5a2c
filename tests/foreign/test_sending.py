"""The functions that written Python sends requests with."""

import pytest

from runner.foreign.python_code.sending import send


@pytest.mark.parametrize(
    ("method", "body", "keep", "then"),
    [
        ("GET", None, False, "GET"),
        ("HEAD", None, False, "HEAD"),
        ("POST", "x", False, "GET"),
        ("POST", "x", True, "POST"),
        ("PUT", "x", False, "GET"),
    ],
)
def test_a_redirect_is_followed_with_the_method_of_postman(recorder, method, body, keep, then):
    send(method, f"http://127.0.0.1:{recorder.server_port}/jump", [("Content-Type", "a/b")], body, keep_method=keep)
    (_, first, _, _, _, content), (last, second, _, _, headers, landed) = recorder.seen
    assert (first, second, last) == ("/jump", "/landed", then)
    assert (content, landed) == ((body or "").encode(), (body or "").encode() if keep else b"")
    assert ("Content-Type" in dict(headers)) == keep


def test_without_redirects_the_first_response_counts(recorder):
    assert send("GET", f"http://127.0.0.1:{recorder.server_port}/jump", [], redirects=None).status_code == 302
    assert [one[1] for one in recorder.seen] == ["/jump"]
