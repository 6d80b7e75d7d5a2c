"""What servers send is known to be secret before any output shows it."""

import io

import httpx

from tests.engine.conftest import item

TOKEN = "Hq1Zk3XwVb7Tm9WrJs5L"


def shown(ran, answer, script):
    stream = io.StringIO()
    ran.answer = answer
    ran(item("a", test=script), reporters=("cli",), verbose=True, stream=stream)
    return stream.getvalue()


def test_a_token_in_a_body_is_masked_wherever_it_comes_up(ran):
    text = shown(
        ran,
        lambda request: httpx.Response(200, json={"access_token": TOKEN}),
        "console.log('it is ' + pm.response.json().access_token)",
    )
    assert "it is" in text
    assert TOKEN not in text


def test_a_token_in_a_location_that_is_not_followed_is_masked_wherever_it_comes_up(ran):
    text = shown(
        ran,
        lambda request: httpx.Response(201, headers={"Location": f"/x?access_token={TOKEN}"}),
        "console.log('it is ' + pm.response.headers.get('Location').split('=')[1])",
    )
    assert "it is" in text
    assert TOKEN not in text


def test_a_token_in_a_location_that_is_followed_is_masked_wherever_it_comes_up(ran):
    def answer(request):
        if request.url.path == "/":
            return httpx.Response(302, headers={"Location": f"/x?access_token={TOKEN}"})
        return httpx.Response(200, json={"told": TOKEN})

    text = shown(ran, answer, "console.log('it is ' + pm.response.json().told)")
    assert "it is" in text
    assert TOKEN not in text


def test_a_body_that_is_too_large_is_not_searched(ran):
    """Whoever needs it masked names it: `--secret-pattern`."""
    text = shown(
        ran,
        lambda request: httpx.Response(200, json={"access_token": TOKEN, "more": "x" * 100_000}),
        "console.log('it is ' + pm.response.json().access_token)",
    )
    assert TOKEN in text
