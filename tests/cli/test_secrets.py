"""No secret value reaches a stream or a report."""

import json

import pytest

from tests.cli.conftest import item


def test_a_new_value_of_a_secret_variable_is_masked_from_the_moment_it_is_set(postrunner, collection, server, tmp_path):
    (tmp_path / "env.json").write_text(json.dumps({"values": [{"key": "token", "value": "old-value-1", "type": "secret"}]}))
    script = 'pm.environment.set("token", "fresh-" + "token-77"); console.log(pm.environment.get("token"))'
    items = [item("set", server.url + "/{{token}}", script), item("use", server.url + "/{{token}}")]
    done = postrunner("run", collection(*items), "-e", "env.json", "-r", "cli,json", "--reporter-json-export", "r.json")
    shown = done.out + done.err + (tmp_path / "r.json").read_text()
    assert [path for _, path, _, _ in server.seen] == ["/old-value-1", "/fresh-token-77"]
    assert "fresh-token-77" not in shown
    assert "old-value-1" not in shown


def exporting(tmp_path, *variables):
    (tmp_path / "env.json").write_text(json.dumps({"values": [{"type": "secret", **variable} for variable in variables]}))


def test_an_export_that_leaves_values_out_warns_once_with_their_names_and_the_option(
    postrunner, collection, server, tmp_path
):
    exporting(
        tmp_path, {"key": "session", "value": "old"}, {"key": "access_token", "value": ""}, {"key": "same", "value": "x1"}
    )
    script = 'pm.environment.set("session", "new-1"); pm.environment.set("access_token", "new-2")'
    path = collection(item("login", server.url, script))
    done = postrunner("run", path, "-e", "env.json", "--export-environment", "out.json", "-r", "cli,json", "-n", "3")
    warning = (
        'left out of the exported environment: the new values of the secrets "session", "access_token"; --export-secrets'
    )
    assert " ".join(done.out.split()).count(warning) == done.out.count("--export-secrets") == 1
    values = {entry["key"]: entry["value"] for entry in json.loads((tmp_path / "out.json").read_text())["values"]}
    assert values == {"session": "old", "access_token": "", "same": "x1"}


@pytest.mark.parametrize("reporter", ["json", "junit", "progress", "html,emojitrain"])
def test_the_warning_is_shown_without_a_reporter_that_shows_warnings(postrunner, collection, server, tmp_path, reporter):
    path = collection(item("login", server.url, 'pm.environment.set("access_token", "new-2")'))
    done = postrunner("run", path, "--export-environment", "out.json", "-r", reporter)
    message = 'left out of the exported environment: the new value of the secret "access_token"; --export-secrets writes it'
    assert done.err == f"warning: {message}\n"


def test_an_export_that_holds_everything_does_not_warn(postrunner, collection, server, tmp_path):
    exporting(tmp_path, {"key": "session", "value": "old"}, {"key": "empty", "value": ""})
    path = collection(item("login", server.url, 'pm.environment.set("session", ""); pm.environment.set("plain", "1")'))
    done = postrunner("run", path, "-e", "env.json", "--export-environment", "out.json")
    assert "warning" not in done.out + done.err
    path = collection(item("login", server.url, 'pm.environment.set("session", "new-1")'))
    done = postrunner("run", path, "-e", "env.json", "--export-environment", "out.json", "--export-secrets")
    assert "warning" not in done.out + done.err
    assert "new-1" in (tmp_path / "out.json").read_text()
    assert "warning" not in postrunner("run", path, "-e", "env.json").out


def test_globals_and_collection_variables_are_named_too(postrunner, collection, server, tmp_path):
    exporting(tmp_path, {"key": "g_token", "value": ""})
    script = 'pm.globals.set("g_token", "new-1"); pm.collectionVariables.set("c_token", "new-2")'
    variables = [{"key": "c_token", "type": "secret", "value": ""}]
    path = collection(item("login", server.url, script), variable=variables)
    exports = ("--export-globals", "g.out.json", "--export-collection", "c.out.json", "--export-collection-values")
    shown = " ".join(postrunner("run", path, "-g", "env.json", *exports).out.split())
    assert 'left out of the exported globals: the new value of the secret "g_token"' in shown
    assert 'left out of the exported collection: the new value of the secret "c_token"' in shown


@pytest.mark.parametrize(
    ("flags", "warnings"),
    [
        (("--export-collection", "c.out.json"), 1),
        (("--export-collection", "c.out.json", "--export-secrets"), 1),
        (("--export-collection", "c.out.json", "--export-collection-values", "--export-secrets"), 0),
        ((), 0),
    ],
)
def test_a_copy_of_the_collection_that_misses_a_token_says_so_once(postrunner, collection, server, flags, warnings):
    script = 'pm.collectionVariables.set("c_token", "new-2"); pm.collectionVariables.set("page", "7")'
    variables = [{"key": "c_token", "type": "secret", "value": ""}, {"key": "page", "value": "1"}]
    done = postrunner("run", collection(item("login", server.url, script), variable=variables), "-n", "2", *flags)
    shown = " ".join(done.out.split())
    assert shown.count("left out of") == warnings
    options = "--export-collection-values with --export-secrets"
    message = f'exported collection: the new value of the secret "c_token"; {options} writes it'
    assert (message in shown) is bool(warnings)


def test_a_variable_of_an_env_file_is_a_secret_by_the_same_rule(postrunner, collection, server, tmp_path):
    (tmp_path / ".env").write_text("API_KEY=env-file-key-1\nSORT_KEY=env-file-key-2\n")
    path = collection(item("x", server.url + "/{{API_KEY}}/{{SORT_KEY}}"))
    out = postrunner("run", path, "--env-file", ".env").out
    assert "env-file-key-1" not in out
    assert "env-file-key-2" in out


HIDDEN = "Zx9-Hidden-Kq77-value"
"""What stands where it does not belong; nothing that is printed may repeat it."""


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--env-var", HIDDEN),
        ("--env-var", f"={HIDDEN}"),
        ("--global-var", HIDDEN),
        ("--export-variable", HIDDEN),
        ("--secret-pattern", f"({HIDDEN}"),
        ("--secret-pattern", f"(?P<{HIDDEN}>x)"),
        ("--secret-pattern", rf"(?P={HIDDEN})"),
        ("--proxy", f"http://ada:{HIDDEN}@h:99999"),
        ("--proxy", f"ftp://ada:{HIDDEN}@h"),
        ("--proxy", f"ada:{HIDDEN}@h:x"),
        ("--timeout", HIDDEN),
        ("--iteration-count", HIDDEN),
        ("--color", HIDDEN),
        ("--max-response-size", HIDDEN),
        ("--bail", HIDDEN),
    ],
)
def test_a_wrong_value_of_an_option_is_not_repeated(postrunner, option, value):
    done = postrunner("run", "c.json", f"{option}={value}")
    assert done.code == 2
    assert option in done.err
    assert HIDDEN not in done.err


@pytest.mark.parametrize(
    "config",
    [
        {"envVar": [HIDDEN]},
        {"envVar": {"k": [HIDDEN]}},
        {"envVar": {"k": {"a": HIDDEN}}},
        {"globalVar": [{"value": HIDDEN}]},
        {"postmanApiKey": [HIDDEN]},
        {"sslClientPassphrase": {"x": HIDDEN}},
        {"secretPattern": [f"({HIDDEN}"]},
        {"timeout": HIDDEN},
        {"timeout": [HIDDEN]},
        {"insecure": HIDDEN},
        {"secret": [{"a": HIDDEN}]},
    ],
    ids=str,
)
def test_a_wrong_value_of_the_configuration_is_not_repeated(postrunner, tmp_path, config):
    (tmp_path / ".newmanrc").write_text(json.dumps(config))
    done = postrunner("run", "c.json")
    assert done.code == 2
    assert HIDDEN not in done.err


@pytest.mark.parametrize("name", ["ENV_VAR", "GLOBAL_VAR", "TIMEOUT", "PROXY", "SECRET_PATTERN", "INSECURE"])
def test_a_wrong_value_of_an_environment_variable_is_not_repeated(postrunner, collection, monkeypatch, name):
    monkeypatch.setenv(f"POSTRUNNER_{name}", f"ftp://ada:{HIDDEN}(@h")
    done = postrunner("run", collection())
    assert done.code == 2
    assert name in done.err or name.lower().replace("_", "-") in done.err
    assert HIDDEN not in done.err


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("-e", f'"{HIDDEN}"'),
        ("-e", f'["{HIDDEN}"]'),
        ("-e", f'{{"values": "{HIDDEN}"}}'),
        ("-e", f'{{"values": [{{"key": "token", "value": "{HIDDEN}" oops}}]}}'),
        ("-d", f'"{HIDDEN}"'),
        ("-d", f'["{HIDDEN}"]'),
        ("-d", f'a,b\n1,"{HIDDEN}'),
        ("--env-file", f"A=1\n{HIDDEN}\n"),
        ("--env-file", f"TOKEN='{HIDDEN}\n"),
        ("--cookie-jar", f'{{"cookies": "{HIDDEN}"}}'),
        ("--ssl-client-cert-list", f'["{HIDDEN}"]'),
    ],
)
def test_a_wrong_file_is_not_quoted(postrunner, collection, tmp_path, option, text):
    (tmp_path / "wrong").write_text(text)
    done = postrunner("run", collection(), option, "wrong")
    assert HIDDEN not in done.out + done.err


def test_what_to_type_instead_has_no_value_of_an_option_that_may_be_secret(postrunner):
    words = ["--env-var", f"t={HIDDEN}", f"--global-var=t={HIDDEN}", "--postman-api-key", HIDDEN, "-n", "2"]
    done = postrunner(f"https://ada:{HIDDEN}@h/c.json", *words)
    assert HIDDEN not in done.err
    assert "--env-var … --global-var=… --postman-api-key … -n 2" in done.err


@pytest.mark.parametrize("proxy", ["http://ada:{}@127.0.0.1:1", "ada:{}@127.0.0.1:1", "http://ada:p@ss{}@127.0.0.1:1"])
def test_the_password_of_a_proxy_is_masked_however_it_is_written(postrunner, collection, proxy):
    script = "console.log({proxy}, btoa({proxy}))".replace("{proxy}", json.dumps(proxy.format(HIDDEN)))
    done = postrunner("run", collection(item("a", "http://h.example/", script)), "--proxy", proxy.format(HIDDEN))
    assert "ECONNREFUSED" in done.out
    assert HIDDEN not in done.out + done.err
