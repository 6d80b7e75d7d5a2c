"""What the terminal shows: texts that scripts around Newman look for."""

import re

import pytest

from tests.cli.conftest import item

PHASES = ["prepare", "wait", "dns-lookup", "tcp-handshake", "transfer-start", "download", "process"]
AVERAGES = ["average DNS lookup time:", "average first byte time:"]
NO = "pm.test('is it tea', () => pm.expect(1).to.equal(2))"
YES = "pm.test('is it tea', () => {})"


@pytest.mark.parametrize("verbose", [True, False])
def test_phases_and_their_averages_show_with_verbose_alone(postrunner, collection, server, verbose):
    done = postrunner("run", collection(item("a", server.url)), *["--verbose"] * verbose)
    assert [word for word in (*PHASES, *AVERAGES) if word in done.out] == ([*PHASES, *AVERAGES] if verbose else [])


def test_the_list_of_failures_tells_number_error_test_message_place_and_item(postrunner, collection, server):
    done = postrunner("run", collection(item("Brew", server.url, NO)), "--reporter-cli-no-summary")
    first = done.out.split("detail\n")[1].strip().split("\n\n")[0]
    assert [line.strip() for line in first.splitlines()] == [
        "1.  AssertionError  is it tea",
        "expected 1 to equal 2",
        "at assertion:0 in test-script",
        'inside "Brew"',
    ]


def test_failures_are_numbered_in_the_items_as_in_the_list(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url, NO), item("b", server.url, NO)))
    assert re.findall(r"^  (\d\.) is it tea", done.out, re.MULTILINE) == ["1.", "2."]
    assert re.findall(r"^ (\d\.)  AssertionError", done.out, re.MULTILINE) == ["1.", "2."]


def test_a_beginning_of_an_option_is_the_option(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url, NO)), "--reporter-cli-no-assertion")
    assert (done.code, done.err) == (1, "")
    assert "1. is it tea" not in done.out
    assert "1.  AssertionError  is it tea" in done.out


def test_a_beginning_of_several_options_is_refused(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url)), "--reporter-cli-no")
    assert done.code == 2
    assert "no-assertions, no-success-assertions" in done.err


def test_an_option_in_camel_case_has_its_effect(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url, YES)), "--reporter-cli-noSuccessAssertions")
    assert "is it tea" not in done.out


@pytest.mark.parametrize(("flags", "shown"), [((), True), (("--reporter-cli-no-success-assertions",), False)])
def test_tests_that_passed_can_be_left_out(postrunner, collection, server, flags, shown):
    done = postrunner("run", collection(item("a", server.url, YES)), *flags)
    assert ("is it tea" in done.out) is shown
    assert (done.code, done.err) == (0, "")


def test_several_iterations_have_headings_and_one_has_none(postrunner, collection, server):
    path = collection(item("a", server.url))
    assert re.findall("Iteration .*", postrunner("run", path, "-n", "2").out) == ["Iteration 1/2", "Iteration 2/2"]
    assert "Iteration" not in postrunner("run", path).out


@pytest.mark.parametrize(("choice", "colored"), [("on", True), ("off", False)])
def test_colours_are_as_asked_for(postrunner, collection, server, choice, colored):
    done = postrunner("run", collection(item("a", server.url)), "--color", choice)
    assert ("\x1b[" in done.out) is colored
    assert (done.code, done.err) == (0, "")


def test_disable_unicode_leaves_only_ascii(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url, YES)), "--disable-unicode", "--verbose")
    assert done.out.isascii()


@pytest.mark.parametrize("flag", ["-v", "--version"])
def test_the_version_is_one_line_alone(postrunner, flag):
    done = postrunner(flag)
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", done.out)
