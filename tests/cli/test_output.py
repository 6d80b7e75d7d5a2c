"""What a run shows and hides: dry runs, secrets, options of reporters, help."""

import pytest

from runner import run
from runner.cli.run import command
from runner.errors import UsageError
from runner.options import all_options
from tests.cli.conftest import item

BEARER = {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]}


# -- dry run ----------------------------------------------------------------------------------------------------------


def test_a_dry_run_shows_every_request_and_sends_none(postrunner, collection, server):
    body = {"mode": "raw", "raw": '{"id": {{id}}}'}
    one = item("one", server.url + "/{{x}}?q={{later}}", prerequest="throw 1", method="POST", body=body, auth=BEARER)
    done = postrunner(
        "run", collection(one), "--dry-run", "--env-var", "x=1", "--env-var", "id=7", "--env-var", "t=tok-123"
    )
    assert done.code == 0
    assert server.seen == []
    for line in (
        f"  POST {server.url}/1?q={{{{later}}}}",
        "  Authorization: Bearer ••••",
        '  {"id": 7}',
        "  note: 1 pre-request script may change it",
        "  note: {{later}} has no value yet",
    ):
        assert line in done.out.splitlines()


def test_a_dry_run_uses_the_first_row_of_data_and_the_selection(postrunner, collection, tmp_path):
    (tmp_path / "rows.json").write_text('[{"x": 1}, {"x": 2}]')
    items = [item(name, f"http://h/{name}/{{{{x}}}}") for name in "ab"]
    done = postrunner("run", collection(*items), "--dry-run", "-d", "rows.json", "-i", "b")
    assert "GET http://h/b/1" in done.out
    assert "/a/" not in done.out


def test_a_dry_run_shows_the_cookies_of_the_jar_by_name(postrunner, collection, tmp_path):
    (tmp_path / "jar.json").write_text('{"cookies": [{"key": "sid", "value": "hidden", "domain": "h.test", "path": "/"}]}')
    one = item("a", "http://h.test/", header=[{"key": "Cookie", "value": "own=1"}])
    done = postrunner("run", collection(one), "--dry-run", "--cookie-jar", "jar.json")
    assert "  Cookie: own=••••; sid=••••" in done.out.splitlines()


def test_a_dry_run_fails_for_a_request_that_cannot_be_made(postrunner, collection):
    done = postrunner("run", collection(item("bad", "http://h/", auth={"type": "magic"})), "--dry-run")
    assert done.code == 1
    assert "there is no auth type 'magic'" in done.out


def test_a_dry_run_of_nothing_fails(postrunner, collection):
    assert postrunner("run", collection(), "--dry-run").code == 1
    assert postrunner("run", collection(), "--dry-run", "--allow-empty").code == 0


def test_a_dry_run_tells_of_files_that_cannot_be_read(postrunner, collection):
    upload = item("up", "http://h/", method="POST", body={"mode": "file", "file": {"src": "gone.bin"}})
    assert "gone.bin" in postrunner("run", collection(upload), "--dry-run").out


def test_a_dry_run_is_not_for_the_library(collection):
    with pytest.raises(UsageError):
        run(collection(item("a", "http://h/")), dry_run=True)


# -- secrets ----------------------------------------------------------------------------------------------------------


def test_the_value_of_a_secret_variable_is_masked_also_when_a_script_sets_it(postrunner, collection, server):
    test = 'pm.environment.set("code", "late-value"); console.log("late-value")'
    one = item("a", server.url + "/{{code}}", test)
    done = postrunner("run", collection(one), "--env-var", "code=early-value", "--secret", "code")
    assert server.seen[0][1] == "/early-value"
    assert "early-value" not in done.out
    assert "late-value" not in done.out


def test_a_secret_may_come_from_the_data(postrunner, collection, server, tmp_path):
    (tmp_path / "rows.csv").write_text("pin\nalpha-pin\n")
    done = postrunner("run", collection(item("a", server.url + "/{{pin}}")), "-d", "rows.csv", "--secret", "pin")
    assert "alpha-pin" not in done.out


def test_texts_that_match_a_pattern_are_masked(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url + "/card/4111-1111")), "--secret-pattern", r"\d{4}-\d{4}")
    assert "4111" not in done.out
    assert "/card/" in done.out


def test_a_pattern_that_is_none_is_a_usage_error(postrunner, collection):
    done = postrunner("run", collection(), "--secret-pattern", "(")
    assert done.code == 2
    assert "--secret-pattern" in done.err


def test_show_secrets_masks_nothing(postrunner, collection, server):
    one = item("a", server.url + "/?password=hunter22", auth=BEARER)
    done = postrunner("run", collection(one), "--env-var", "t=tok-123", "--show-secrets", "--verbose")
    assert "tok-123" in done.out
    assert "hunter22" in done.out


# -- options of reporters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("-r", "junit", "--reporter-junit-exprot", "x.xml"), "its options are: export"),
        (("-r", "cli", "--reporter-cli-no-baner"), "no-banner"),
        (("-r", "cli,json", "--reporter-nothing"), "these reporters have no option"),
    ],
)
def test_an_option_that_a_reporter_does_not_have_is_refused(postrunner, collection, server, args, text):
    done = postrunner("run", collection(item("a", server.url)), *args)
    assert done.code == 2
    assert text in done.err
    assert server.seen == []


def test_an_option_of_a_reporter_that_is_not_chosen_is_warned_about(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url)), "--reporter-junit-export", "x.xml")
    assert done.code == 0
    assert "the reporter junit is not chosen with -r" in done.err


def test_options_of_reporters_may_be_written_in_camel_case_and_after_spaces(postrunner, collection, server, tmp_path):
    args = ("-r", "cli, json", "--reporter-json-export=r.json", "--reporter-cli-no-banner")
    done = postrunner("run", *args, collection(item("a", server.url)))
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "r.json").exists()


# -- help -------------------------------------------------------------------------------------------------------------


def test_the_help_fits_80_columns_and_names_every_option_and_exit_code(postrunner, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    done = postrunner("run", "--help")
    assert all(len(line) <= 80 for line in done.out.splitlines())
    assert all(flag in done.out for option in all_options() for flag in option.flags)
    for heading in ("Files:", "Selection:", "Flow:", "Network:", "Output:", "Exit codes:"):
        assert heading in done.out


NEWMAN = (
    "environment globals reporters iteration-count iteration-data folder global-var env-var export-environment "
    "export-globals export-collection postman-api-key bail ignore-redirects suppress-exit-code silent disable-unicode "
    "color delay-request timeout timeout-request timeout-script working-dir no-insecure-file-read insecure "
    "ssl-client-cert-list ssl-client-cert ssl-client-key ssl-client-passphrase ssl-extra-ca-certs cookie-jar "
    "export-cookie-jar verbose"
)
SHORT = "-e -g -r -n -d -x -k"


def test_every_option_of_newmans_run_is_there():
    known = {flag for parameter in command.params for flag in parameter.opts}
    assert {f"--{name}" for name in NEWMAN.split()} | set(SHORT.split()) <= known


def test_a_warning_fails_a_run_when_it_must_not_be_and_the_slowest_are_listed(postrunner, collection, server):
    path = collection(item("a", server.url + "/{{none}}"))
    assert postrunner("run", path).code == 0
    done = postrunner("run", path, "--fail-on-warning", "--bail", "--slowest", "1")
    assert done.code == 1
    assert "1.  WarningGiven" in done.out
    assert "slowest requests" in done.out
