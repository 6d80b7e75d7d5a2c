"""What stands in the page of the HTML report beside the requests: commands, variables, descriptions; always masked."""

import json
from dataclasses import replace

import pytest

from runner.options import RunOptions
from runner.reporters.html.report import HtmlReport
from tests.cli.conftest import collection, item, postrunner, server
from tests.reporters.conftest import Scenario
from tests.reporters.test_html_report import Page

__all__ = ["collection", "postrunner", "server"]  # fixtures
LATE = 'it\'s "late" $ecret'


def commands(path):
    details = Page(path.read_text("utf-8")).data("details")
    return [request.get("curl") for one in details for request in one["requests"]]


def test_a_command_is_masked_as_it_is_and_quoted_after_that(tmp_path):
    path = tmp_path / "r.html"
    scenario = Scenario().start()
    context = scenario.context(options=RunOptions(reporter_options=(("html-export", str(path)),)))
    reporter = HtmlReport(context)
    scenario.begin().request(method="POST", posted=f"note={LATE}&a='b'".encode()).end().finish().tell(reporter)
    context.secrets.add(LATE)
    reporter.close(scenario.summary())
    (command,) = commands(path)
    assert "ecret" not in command
    assert command.endswith("""--data-raw 'note=••••&a='"'"'b'"'"'' http://api.test/users""")


@pytest.mark.parametrize("option", ["omit-headers", "omit-request-bodies", "omit-bodies", "omit-all-headers-and-body"])
def test_what_is_left_out_is_in_no_command_either(tmp_path, option):
    path = tmp_path / "r.html"
    pairs = (("html-export", str(path)), (f"html-{option}", "true"))
    scenario = Scenario().start().begin().request(method="POST", posted=b"the-posted-body").end().finish()
    scenario.report(HtmlReport, options=RunOptions(reporter_options=pairs))
    assert commands(path) == [None]
    assert ("the-posted-body" in path.read_text()) is (option == "omit-headers")


@pytest.fixture
def ran(postrunner, collection, server, tmp_path):
    """The page of a run with an environment, globals, data and scripts that set variables."""

    def call(*options):
        values = [
            {"key": "token", "value": "t0k3n-value", "type": "secret"},
            {"key": "password", "value": "pa55-value"},
            {"key": "plain", "value": "</td><script>alert(1)</script>"},
            {"key": "off", "value": "off-value", "enabled": False},
        ]
        (tmp_path / "e.json").write_text(json.dumps({"name": "Staging & more", "values": values}))
        script = (
            "pm.environment.set('made', 'm4de'); pm.globals.set('apiKey', 'k3y-value'); pm.collectionVariables.set('n', 2);"
        )
        path = collection(
            item("a", server.url, script, description="Says </script><b>bold</b>"), variable=[{"key": "n", "value": "1"}]
        )
        done = postrunner("run", path, "-e", "e.json", "-r", "html", "--reporter-html-export", "r.html", *options)
        assert (done.code, done.err) == (0, "")
        return (tmp_path / "r.html").read_text("utf-8")

    return call


def test_the_page_has_the_environment_and_every_scope_and_no_secret(ran):
    text = ran()
    assert "environment Staging &amp; more" in text
    for title in ("Environment Staging &amp; more", "Globals", "Collection variables"):
        assert f"<summary>{title} " in text
    for secret in ("t0k3n-value", "pa55-value", "k3y-value"):
        assert secret not in text
    assert "m4de" in text
    assert "<script>alert(1)" not in text
    assert "&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>bold</b>" not in text


def test_show_secrets_shows_them(ran):
    text = ran("--show-secrets")
    for secret in ("t0k3n-value", "pa55-value", "k3y-value"):
        assert secret in text


def test_a_run_without_variables_has_no_section_for_them(tmp_path):
    path = tmp_path / "r.html"
    scenario = Scenario().start()
    empty = replace(scenario.environment, values=(), source={})
    scenario.environment = empty
    scenario.events[0] = replace(scenario.events[0], environment=empty)
    scenario.begin().request().end().finish()
    scenario.report(HtmlReport, options=RunOptions(reporter_options=(("html-export", str(path)),)))
    assert "h-variables" not in path.read_text()


def test_thousands_of_variables_and_long_values_are_cut(postrunner, collection, server, tmp_path):
    values = [{"key": f"v{n}", "value": "x" * 5000} for n in range(2000)]
    (tmp_path / "e.json").write_text(json.dumps({"name": "big", "values": values}))
    postrunner("run", collection(item("a", server.url)), "-e", "e.json", "-r", "html", "--reporter-html-export", "r.html")
    text = (tmp_path / "r.html").read_text()
    assert "and 1500 more" in text
    assert len(text) < 900_000
