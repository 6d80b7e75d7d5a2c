"""A run over secrets of every kind, with every reporter and export: none of them is in any file or stream."""

import json
import os
import threading
from http.server import ThreadingHTTPServer

import pytest

from runner.options import RunOptions
from runner.reporters.option_table import TABLES
from runner.reporters.registry import find_reporter
from tests.cli.conftest import postrunner
from tests.reporters.conftest import tell
from tests.reporters.leaky import VALUES, Leaky, leaks, leaky_collection

__all__ = ["postrunner"]

REPORTERS = ",".join(TABLES)

FILES = ("json", "junit", "html", "ndjson", "markdown", "htmlextra", "junitfull", "json-summary")
EXPORTED = ("environment", "globals")


@pytest.fixture
def leaky_server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Leaky) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield f"127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.fixture
def leaky_run(leaky_server, postrunner, tmp_path):
    """Run the collection; gives the call's result and every file that it wrote."""

    def run(*more):
        values = [
            {"key": "env_secret", "value": VALUES["env"], "type": "secret"},
            {"key": "kept", "value": "", "type": "secret"},
            {"key": "given", "value": "", "type": "secret"},
            {"key": "base", "value": f"http://{leaky_server}"},
            {"key": "host", "value": leaky_server},
        ]
        globals = [{"key": "globals_secret", "value": VALUES["globals"], "type": "secret"}]
        write(tmp_path / "in" / "c.json", leaky_collection())
        write(tmp_path / "in" / "e.json", {"name": "e", "values": values})
        write(tmp_path / "in" / "g.json", {"name": "g", "values": globals})
        out = tmp_path / "out"
        files = [f for name in FILES for f in (f"--reporter-{name}-export", out / f"r.{name}")]
        files += ["--reporter-allure-results-dir", out / "allure"]
        exports = [f for kind in EXPORTED for f in (f"--export-{kind}", out / f"{kind}.json")]
        given = [
            "--env-var",
            f"given={VALUES['given']}",
            "--env-var",
            f"api_named={VALUES['named']}",
            "--secret",
            "api_named",
        ]
        inputs = ["in/c.json", "-e", "in/e.json", "-g", "in/g.json"]
        done = postrunner("run", *inputs, "-r", REPORTERS, *files, *exports, *given, *more)
        return done, {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    return run


def write(path, content):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))


SECRET = {name: value for name, value in VALUES.items() if name not in ("pattern", "vendor")}
"""What is known to be secret without `--secret-pattern`."""


@pytest.mark.parametrize(
    "more", [(), ("--verbose",), ("--disable-unicode",), ("--color", "on")], ids=lambda more: " ".join(more)
)
def test_no_secret_is_in_any_report_or_stream(leaky_run, more):
    done, files = leaky_run(*more)
    assert done.code == 1
    exports = {"environment.json", "globals.json"}
    assert {*(f"r.{name}" for name in FILES), "categories.json", *exports} <= set(files)
    shown = {"stdout": done.out.encode(), "stderr": done.err.encode()}
    shown |= {name: content for name, content in files.items() if name not in exports}
    assert {name: leaks(content, SECRET) for name, content in shown.items()} == {name: [] for name in shown}


def test_the_search_finds_them_when_they_are_to_be_shown(leaky_run):
    _, files = leaky_run("--show-secrets", "--verbose")
    only_signing = {"awssecret", "hawk", "jwt", "digest", "edgesecret", "consumer", "oauthsecret"}
    assert set(leaks(files["r.json"], SECRET)) == set(SECRET)
    assert set(leaks(files["r.html"], SECRET)) >= set(SECRET) - only_signing


def test_a_pattern_masks_what_no_file_knows_of(leaky_run):
    done, files = leaky_run("--secret-pattern", r"\d+Zx(pattern|vendor)\S{0,4}", "--verbose")
    shown = {name: content for name, content in files.items() if name.startswith("r.")} | {"stdout": done.out.encode()}
    assert all(leaks(content, {"p": VALUES["pattern"]}) == [] for content in shown.values())


def test_an_export_has_no_secret_that_its_file_did_not_have(leaky_run, tmp_path):
    collection, jar = tmp_path / "out" / "c.json", tmp_path / "jar.json"
    _, files = leaky_run("--export-collection", collection, "--export-cookie-jar", jar)
    assert json.loads(files["c.json"]) == json.loads((tmp_path / "in" / "c.json").read_bytes())
    own = {"environment.json": {"env"}, "globals.json": {"globals"}}
    for name, allowed in own.items():
        values = {v["key"]: v["value"] for v in json.loads(files[name])["values"]}
        assert set(leaks(json.dumps(values).encode(), SECRET)) <= allowed
        assert {values[key] for key in ("copy", "copied", "token") if key in values} == {""}
    assert leaks(jar.read_bytes(), SECRET) == ["servercookie"]  # that is what the file is for
    assert os.name == "nt" or jar.stat().st_mode & 0o077 == 0


def test_a_recording_has_no_secret(leaky_run, tmp_path):
    _, files = leaky_run("--record", tmp_path / "out" / "tape.yaml")
    assert leaks(files["tape.yaml"], SECRET) == []
    assert len(files["tape.yaml"]) > 5000


def test_the_token_cache_holds_tokens_but_no_client_secret(leaky_run, tmp_path):
    cache = tmp_path / "tokens.json"
    leaky_run("--token-cache", cache)
    assert set(leaks(cache.read_bytes(), SECRET)) <= {"fetched", "refresh"}


@pytest.mark.parametrize("name", ["HTTP_PROXY", "POSTRUNNER_PROXY"])
def test_the_password_of_a_proxy_is_in_no_report(leaky_run, monkeypatch, name):
    monkeypatch.setenv(name, "http://ada:proxy-Pass-77@127.0.0.1:1")
    monkeypatch.setenv("POSTRUNNER_SSL_CLIENT_PASSPHRASE", "pass-Phrase-77")
    done, files = leaky_run("--verbose")
    found = [leaks(content, {"p": "proxy-Pass-77", "s": "pass-Phrase-77"}) for content in files.values()]
    assert "ECONNREFUSED" in done.out
    assert [*found, leaks((done.out + done.err).encode(), {"p": "proxy-Pass-77"})] == [[]] * (len(files) + 1)


@pytest.mark.parametrize("reporter", ["json", "junit", "html"])
def test_what_becomes_known_late_is_masked_in_what_was_kept_before(scenario, tmp_path, reporter):
    path = tmp_path / "report"
    options = RunOptions(reporter_options=((f"{reporter}-export", str(path)),))
    context = (
        scenario.begin()
        .request(body=b'{"a": "late-Value-9"}')
        .check("late-Value-9")
        .log("late-Value-9")
        .context(options=options)
    )
    made = find_reporter(reporter)(context)
    fold = scenario.end().tell(made)
    context.secrets.add("late-Value-9")
    scenario.events = scenario.finish().events[-1:]
    tell(scenario.masker, fold, scenario.events, made)
    made.close(fold.summary)
    assert leaks(path.read_bytes(), {"late": "late-Value-9"}) == []
