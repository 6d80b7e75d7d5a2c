"""What weakens a run and was not typed is told in one line before it, whatever else is printed."""

import json

import pytest

from runner.cli.weakened import WEAKENS
from runner.options import all_options
from tests.cli.conftest import item

VALUES = {
    "insecure": True, "suppress_exit_code": True, "show_secrets": True, "export_secrets": True, "allow_empty": True,
    "export_collection_values": True, "dry_run": True, "no_insecure_file_read": False, "max_requests": 100_001,
    "list_items": "text",
    "proxy": "http://127.0.0.1:1", "no_proxy": "*", "ssl_extra_ca_certs": "ca.pem", "cookie_jar": "jar.json",
    "token_cache": "t.json", "record": "r.yaml", "replay": "r.yaml", "working_dir": "w", "allow_read": ["w"],
    "export_environment": "e.json", "export_globals": "g.json", "export_collection": "x.json", "export_cookie_jar": "j",
    "export_variable": ["v=v.txt"], "max_response_size": "51MB", "script_memory": "3GB",
    "retry_unsafe": True, "on_fail": "true", "on_recover": "true",
}  # fmt: skip
HARMLESS = {
    "timeout": 1000, "insecure": False, "suppress_exit_code": False, "max_response_size": "1MB", "script_memory": "256MB",
    "max_requests": 10, "no_insecure_file_read": True, "strict_variables": True, "secret": ["a"], "verbose": False,
}  # fmt: skip
FLAGS = {option.name: option.flag.removeprefix("--") for option in all_options()}


@pytest.fixture
def told(postrunner, collection, tmp_path):
    """Run with what stands in files → the lines on standard error that tell of a weaker run."""
    (tmp_path / "w").mkdir()
    path = collection(item("a", "http://127.0.0.1:9/"))

    def call(*args, **files):
        for name, content in files.items():
            name = {"rc": ".newmanrc", "toml": "postrunner.toml", "pyproject": "pyproject.toml"}[name]
            (tmp_path / name).write_text(content)
        done = postrunner("run", path, "--folder", "a", *args)
        return [line for line in done.err.splitlines() if "weaker than by default" in line]

    return call


def toml(**values):
    return "".join(f"{name.replace('_', '-')} = {json.dumps(value)}\n" for name, value in values.items())


def test_every_setting_that_weakens_is_tried():
    assert set(VALUES) == set(WEAKENS)


@pytest.mark.parametrize("name", VALUES)
def test_a_setting_of_the_working_directory_is_told(told, name):
    flag = FLAGS[name] if VALUES[name] is not False else "insecure-file-read"
    for kind, content in (
        ("toml", toml(**{name: VALUES[name]})),
        ("pyproject", "[tool.postrunner]\n" + toml(**{name: VALUES[name]})),
    ):
        lines = told("--silent", **{kind: content})
        assert len(lines) == 1
        assert lines[0].startswith("warning: this run is weaker than by default: ")
        assert f"postrunner.toml sets {flag}" in lines[0] or f"pyproject.toml sets {flag}" in lines[0]


@pytest.mark.parametrize("name", HARMLESS)
def test_a_setting_that_weakens_nothing_is_not_told(told, name):
    assert told(toml=toml(**{name: HARMLESS[name]})) == []


@pytest.mark.parametrize("quiet", [(), ("--silent",), ("-r", "json"), ("-r", "progress"), ("--dry-run",)])
def test_the_line_comes_whatever_is_printed(told, quiet):
    rc = json.dumps({"insecure": True, "suppressExitCode": True})
    sets = ".newmanrc sets insecure, suppress-exit-code"
    assert told(*quiet, rc=rc) == [f"warning: this run is weaker than by default: {sets}"]


def test_the_file_of_a_report_is_told_where_the_report_is_written(told):
    rc = json.dumps({"reporter": {"junit": {"export": "r.xml"}}})
    assert told("-r", "junit", rc=rc) == [
        "warning: this run is weaker than by default: .newmanrc sets reporter-junit-export=r.xml"
    ]
    assert told("-r", "cli", rc=rc) == []
    assert told("-r", "junit", "--reporter-junit-export", "typed.xml", rc=rc) == []
    assert told("-r", "junit", "--reporter-export", "typed.xml", rc=rc) == []


def test_several_places_stand_in_one_line(told, monkeypatch, tmp_path):
    monkeypatch.setenv("POSTRUNNER_SHOW_SECRETS", "1")
    home = tmp_path / "home" / ".postman"
    home.mkdir(parents=True)
    (home / "newmanrc").write_text('{"proxy": "http://127.0.0.1:1"}')
    lines = told(toml="insecure = true", rc='{"exportGlobals": "g.json"}')
    assert len(lines) == 1
    for text in (
        "postrunner.toml sets insecure",
        ".newmanrc sets export-globals=g.json",
        "newmanrc sets proxy=http://127.0.0.1:1",
        "the environment (POSTRUNNER_SHOW_SECRETS) sets show-secrets",
    ):
        assert text in lines[0]


def test_what_is_typed_needs_no_line(told):
    rc = toml(insecure=True, export_globals="g.json", allow_read=["w"])
    assert told("-k", "--export-globals", "h.json", "--allow-read", ".", toml=rc) == []


def test_the_place_that_wins_is_the_one_that_is_told(told):
    lines = told(rc='{"exportGlobals": "a.json", "insecure": true}', toml='export-globals = "b.json"\ninsecure = false')
    assert lines == ["warning: this run is weaker than by default: postrunner.toml sets export-globals=b.json"]


def test_values_are_masked_and_short(told):
    lines = told(toml=toml(proxy="http://user:hunter22secret@127.0.0.1:1", export_globals="x" * 200 + ".json"))
    assert "hunter22secret" not in lines[0]
    assert len(lines[0]) < 300


def test_a_value_makes_no_second_line(told, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    lines = told("--silent", toml=toml(export_globals="w/a\n::error::b.json"))
    assert len(lines) == 1
    assert "b.json" in lines[0]


@pytest.mark.parametrize(("name", "args"), [
    ("SSLKEYLOGFILE", ()), ("SSL_CERT_FILE", ("--verbose",)), ("NODE_EXTRA_CA_CERTS", ("--verbose",)),
    ("https_proxy", ("--verbose",)),
])  # fmt: skip
def test_variables_of_the_machine_are_told(told, monkeypatch, tmp_path, name, args):
    monkeypatch.setenv(name, str(tmp_path / "x"))
    assert f"the environment sets {name.upper()}=" in told(*args)[0] or f", {name.upper()}=" in told(*args)[0]


def test_without_verbose_the_usual_ones_are_not(told, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/ssl/cert.pem")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert told() == []


# -- the collection -------------------------------------------------------------------------------------------------

WEAK = {
    "strictSSL": (False, "strictSSL is false"),
    "followAuthorizationHeader": (True, "followAuthorizationHeader sends credentials to other origins"),
    "insecureHTTPParser": (True, "insecureHTTPParser is on"),
    "tlsDisabledProtocols": (["TLSv1_3"], "tlsDisabledProtocols takes TLS 1.2 or 1.3 away"),
    "tlsCipherSelection": (["RC4-SHA"], "tlsCipherSelection chooses the ciphers"),
}
STRONG = {
    "strictSSL": True,
    "followAuthorizationHeader": False,
    "tlsDisabledProtocols": ["TLSv1"],
    "tlsPreferServerCiphers": True,
}


@pytest.fixture
def documents(server):
    """A collection that has a behaviour on one of its levels: itself, a folder, an item of two."""

    def make(level, behavior, script=""):
        node = {"protocolProfileBehavior": behavior}
        first = {**item("first", server.url, prerequest=script), **(node if level == "item" else {})}
        folder = {"name": "f", "item": [first], **(node if level == "folder" else {})}
        items = [folder, item("second", server.url)]
        return {"info": {"name": "c"}, "item": items, **(node if level == "collection" else {})}

    return make


@pytest.mark.parametrize("name", WEAK)
@pytest.mark.parametrize(
    ("level", "place"), [("collection", "every request"), ("folder", '"f/first"'), ("item", '"f/first"')]
)
@pytest.mark.parametrize("args", [(), ("--silent",), ("-r", "json"), ("--dry-run",)], ids=" ".join)
def test_a_collection_that_weakens_is_told_once(postrunner, documents, tmp_path, name, level, place, args):
    value, text = WEAK[name]
    (tmp_path / "c.json").write_text(json.dumps(documents(level, {name: value})))
    done = postrunner("run", "c.json", *args)
    assert " ".join((done.out + done.err).split()).count(f"the collection weakens this run: {text} for {place}") == 1


def test_a_collection_that_weakens_nothing_is_not_told(postrunner, documents, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps(documents("collection", STRONG)))
    done = postrunner("run", "c.json")
    assert (done.code, "weakens" in done.out + done.err) == (0, False)


def test_what_the_user_asked_for_is_not_told_of_the_collection(postrunner, documents, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps(documents("item", {"strictSSL": False})))
    assert "weakens" not in postrunner("run", "c.json", "-k").out


def test_only_what_runs_is_told_and_what_a_script_may_run(postrunner, documents, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps(documents("item", {"strictSSL": False})))
    assert "weakens" not in postrunner("run", "c.json", "--folder", "second").out
    document = documents("item", {"strictSSL": False})
    document["item"][1] = item("second", "http://127.0.0.1:9/", prerequest="if (false) pm.execution.runRequest('first')")
    (tmp_path / "c.json").write_text(json.dumps(document))
    assert "weakens" in postrunner("run", "c.json", "--folder", "second").out


def test_many_requests_are_counted(postrunner, collection, server):
    weak = {"protocolProfileBehavior": {"strictSSL": False}}
    path = collection(*[{**item(f"r{n}", server.url), **weak} for n in range(9)], item("last", server.url))
    said = " ".join(postrunner("run", path).out.split())
    assert 'strictSSL is false for "r0", "r1", "r2" and 6 more' in said


def test_reports_have_the_warning(postrunner, documents, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps(documents("item", {"strictSSL": False})))
    done = postrunner("run", "c.json", "-r", "ndjson")
    warned = [line for line in map(json.loads, done.out.splitlines()) if line["event"] == "warned"]
    assert [line["code"] for line in warned] == ["weakened"]
