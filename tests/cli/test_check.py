"""`postrunner check` as a user calls it: exit codes, formats, severities, `--fix`, hooks, Python."""

import io
import json
import re
from pathlib import Path

import pytest
import yaml

import runner
from runner.cli import main
from runner.errors import LoadError
from tests.checks.conftest import collection, request

ROOT = Path(__file__).resolve().parents[2]
JUMP = "postman.setNextRequest(null); // é"
KEY = "kJ8-f93jd0sk2"


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """Calls `postrunner check` in a folder of its own; gives exit code, standard output and error."""
    monkeypatch.chdir(tmp_path)

    def call(*args):
        code = main(["check", *args])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def write(document, name="a.postman_collection.json", **style):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, **{"indent": "\t", "ensure_ascii": False, **style}), encoding="utf-8")
    return name


def test_the_shipped_flows_are_clean(check):
    code, out, err = check(*(str(ROOT / name) for name in ("collections", "environments")))
    assert (code, err) == (0, "")
    assert re.fullmatch(r"\d\d files checked: nothing found\n", out)


def test_a_finding_is_one_line_with_its_place_its_request_and_a_hint(check):
    name = write(collection(request(url="http://{{a}}")))
    code, out, _ = check(
        name, "-e", write({"values": [{"key": "A", "value": "1"}]}, "e.json"), "--rule", "request-without-test=off"
    )
    assert code == 1
    assert out == (
        f"{name}:11:12: warning: nothing sets {{{{a}}}} [unresolved-variable]\n  in c/r\n  hint: did you mean {{{{A}}}}?\n"
        "1 file checked: 1 warning\n"
    )


@pytest.mark.parametrize(("args", "code"), [
    ((), 0),
    (("--fail-on", "info"), 1),
    (("--rule", "request-without-test=warning"), 1),
    (("--rule", "request-without-test=error", "--fail-on", "off"), 0),
    (("--fail-on", "info", "--rule", "all=off"), 0),
    (("--fail-on", "info", "--rule", "all=off", "--rule", "request-without-test=info"), 1),
])  # fmt: skip
def test_the_exit_code_is_that_of_the_worst_finding(check, args, code):
    assert check(write(collection(request())), *args)[0] == code


@pytest.mark.parametrize(("args", "message"), [
    (("--rule", "no-such=off"), "--rule: there is no rule 'no-such'"),
    (("--rule", "script-sintax=off"), "did you mean script-syntax?"),
    (("--rule", "script-syntax"), "write script-syntax=off"),
    (("--rule", "script-syntax=bad"), "'bad' is not a severity"),
    (("--fail-on", "bad"), "--fail-on: 'bad' is not a severity"),
])  # fmt: skip
def test_mistakes_in_options(check, args, message):
    code, _, err = check(write(collection()), *args)
    assert code == 2
    assert message in err


def test_the_configuration_gives_severities_and_options_win(check):
    name = write(collection(request(url="http://{{a}}")))
    Path("postrunner.toml").write_text('[check]\nfail-on = "info"\n[check.rules]\nrequest-without-test = "off"\n')
    assert check(name)[0] == 1
    assert "request-without-test" not in check(name)[1]
    assert check(name, "--fail-on", "warning")[0] == 0
    assert "[request-without-test]" in check(name, "--rule", "request-without-test=info")[1]
    Path("postrunner.toml").write_text('environment = ["e.json"]\n[check]\nrulez = 1\n')
    assert "there is no setting 'rulez'" in check(name)[2]
    Path("postrunner.toml").write_text('environment = ["e.json"]\n')
    write({"values": [{"key": "a", "value": "1"}]}, "e.json")
    assert "unresolved-variable" not in check(name)[1]


def test_a_folder_is_searched_and_the_current_one_is_the_default(check):
    write(collection(request(url="http://{{a}}")), "in/b.postman_collection.json")
    write({"name": "e", "values": [{"key": "a", "value": "1"}]}, "in/e.postman_environment.json")
    for other in ("in/other.json", "in/.git/c.postman_collection.json", "in/node_modules/x/c.postman_collection.json"):
        write({"a": 1}, other)
    code, out, err = check("--rule", "request-without-test=off")
    assert (code, out, err) == (0, "2 files checked: nothing found\n", "")


def test_what_cannot_be_read_is_told_and_the_rest_is_checked(check):
    write(collection(request()))
    Path("b.postman_collection.json").write_text('{"item": [}')
    code, out, err = check(".")
    assert code == 2
    assert "1 file checked: 1 info" in out
    assert "b.postman_collection.json:1:11: not valid JSON" in err
    Path("empty").mkdir()
    code, _, err = check("empty", "none.json")
    assert code == 2
    assert "empty: holds nothing to check" in err
    assert "none.json: does not exist" in err
    assert check(write({"a": 1}, "other.json"))[0] == 2


def test_json_has_the_findings_and_what_cannot_be_read(check):
    name = write(collection(request(test=JUMP)))
    code, out, _ = check(name, "none.json", "-o", "json")
    told = json.loads(out)
    assert code == 2
    assert (told["files"], [one["file"] for one in told["unreadable"]]) == (1, ["none.json"])
    found = next(one for one in told["findings"] if one["id"] == "deprecated-api")
    assert found == {
        "id": "deprecated-api",
        "severity": "info",
        "file": name,
        "line": 18,
        "column": 9,
        "path": "item[0].event[0].script.exec",
        "item": "c/r",
        "message": "postman.setNextRequest is deprecated",
        "hint": "use pm.execution.setNextRequest",
        "fix": "write pm.execution.setNextRequest",
    }


def test_sarif_has_what_its_schema_wants(check):
    name = write(collection(request(test="x ="), request(test=JUMP)), "in a/c.json")
    (run,) = json.loads(check(name, "none.json", "-o", "sarif")[1])["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "in%20a/c.json"
        assert min(place["region"]["startLine"], place["region"]["startColumn"]) >= 1
    assert len({result["partialFingerprints"]["postrunner/v1"] for result in run["results"]}) == len(run["results"])
    syntax = next(one for one in run["results"] if one["ruleId"] == "script-syntax")
    names = [one["fullyQualifiedName"] for one in syntax["locations"][0]["logicalLocations"]]
    assert names == ["c/r", "item[0].event[0].script.exec"]
    absolute = json.loads(check(str(Path(name).absolute()), "-o", "sarif")[1])["runs"][0]["results"][0]
    assert absolute["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "none.json" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert run["tool"]["driver"]["name"] == "postrunner"
    assert all(rule["shortDescription"]["text"] and rule["defaultConfiguration"]["level"] for rule in rules)


def test_annotations_of_github_stand_at_their_lines(check):
    write(collection(request("a,b:c", url="http://h/:id")), "c,1.json")
    code, out, _ = check("c,1.json", "-o", "github")
    assert code == 1
    assert "::warning file=c%2C1.json,line=11,col=12,title=unknown-path-variable::the path has :id" in out


def test_annotations_name_files_from_the_root_of_the_repository_and_the_worst_come_first(check, monkeypatch, tmp_path):
    write(collection(request(test="postman.setNextRequest(null)"), request(test="x =")), "sub/c.json")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path / "sub")
    told = [line for line in check("c.json", "-o", "github")[1].splitlines() if line.startswith("::")]
    assert told[0].startswith("::error file=sub/c.json,line=")
    assert {line.split()[0] for line in told[1:]} == {"::notice"}


def test_an_environment_that_is_named_is_the_only_one_that_counts(check):
    write(collection(request(url="http://{{a}}")))
    write({"name": "e", "values": [{"key": "a", "value": "1"}]}, "e.postman_environment.json")
    write({"name": "f", "values": []}, "f.json")
    assert "unresolved-variable" not in check(".")[1]
    assert "unresolved-variable" in check(".", "-e", "f.json")[1]


def test_a_name_is_no_command_for_a_ci_server(check, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    name = write(collection(request(test="pm.execution.setNextRequest('x\\n::error::y')")))
    for format in ("text", "github", "json", "sarif"):
        lines = check(name, "-o", format)[1].splitlines()
        assert [line for line in lines if line.startswith("::error::")] == []


STYLES = {
    "as Postman writes": {},
    "in one line": {"indent": None, "separators": (",", ":")},
    "with escapes": {"ensure_ascii": True, "indent": 2},
}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_fix_changes_what_is_safe_and_no_other_byte(monkeypatch, check, style, mark):
    monkeypatch.delenv("CI", raising=False)  # in whose logs +++ is broken by a blank
    text = (
        '// 😀 é "q"\n' + JUMP + "\npostman.setEnvironmentVariable('a', 1); postman.clearGlobalVariable('b');\ntests.a = x"
    )
    name = write(collection(request(test=text)), **style)
    before = mark + Path(name).read_text("utf-8")
    Path(name).write_text(before, "utf-8")
    code, out, _ = check(name, "--fix", "--yes")
    expected = before.replace("postman.setNextRequest", "pm.execution.setNextRequest")
    expected = expected.replace("postman.clearGlobalVariable", "pm.globals.unset")
    assert (code, Path(name).read_bytes()) == (0, expected.encode())
    assert "+++ " in out
    assert check(name, "--fix", "--yes")[0] == 0
    assert Path(name).read_bytes() == expected.encode()


def test_fix_removes_variables_that_do_not_count(check):
    rows = [
        {"key": key, "value": value, "enabled": True} for key, value in (("a", "1"), ("b", "2"), ("a", "3"), ("b", "4"))
    ]
    name = write({"name": "e", "values": rows}, "e.json", indent=2)
    code, out, _ = check(name, "--fix", "--yes")
    assert (code, out.splitlines()[-1]) == (0, "1 file checked: nothing found")
    assert Path(name).read_text() == json.dumps({"name": "e", "values": rows[2:]}, indent=2)


def test_without_a_terminal_fix_only_shows(check):
    name = write(collection(request(test=JUMP)))
    before = Path(name).read_bytes()
    code, out, err = check(name, "--fix")
    assert code == 1
    assert '-\t\t\t\t\t\t\t"postman.setNextRequest(null); // é"\n+' in out
    assert "nothing was changed" in err
    assert Path(name).read_bytes() == before
    assert json.loads(check(name, "--fix", "-o", "json")[1])["files"] == 1


@pytest.mark.parametrize("answer", [True, False])
def test_on_a_terminal_fix_asks(check, monkeypatch, answer):
    name = write(collection(request(test=JUMP)))
    before, asked = Path(name).read_text("utf-8"), []
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.confirm", lambda text, **_: asked.append(text) or answer)
    assert check(name, "--fix")[0] == (0 if answer else 1)
    assert asked == ["Change 1 file?"]
    assert (Path(name).read_text("utf-8") == before) is not answer


def test_fix_reaches_a_script_beside_json_of_any_depth(check):
    deep = "[" * 3000 + "]" * 3000
    text = json.dumps(collection(request(test=JUMP)))
    text = text[:-1] + f', "deep": {deep}}}'
    Path("c.json").write_text(text)
    assert check("c.json", "--fix", "--yes")[0] == 0
    assert Path("c.json").read_text() == text.replace("postman.set", "pm.execution.set")


def test_fix_leaves_what_is_not_the_same_and_files_that_are_not_in_utf_8(check):
    name = write(collection(request(test="postman.setEnvironmentVariable('a', 1)")))
    assert "--fix" not in check(name)[1]
    name = write(collection(request(test="postman.getEnvironmentVariable('a'); environment.a")))
    assert "--fix" not in check(name)[1]
    Path(name).write_bytes(json.dumps(collection(request(test=JUMP)), ensure_ascii=False).encode("utf-16"))
    code, _, err = check(name, "--fix", "--yes")
    assert (code, "is not in UTF-8" in err) == (2, True)


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github"])
def test_no_format_shows_a_secret(check, format):
    item = request(
        KEY, header=[{"key": "X-API-Key", "value": KEY}], test=f"{JUMP} '{KEY}'; pm.execution.setNextRequest('{KEY}')"
    )
    name = write(collection(item, variable=[{"key": "api_key", "value": KEY}]), indent=None)
    _, out, err = check(name, "--fix", "-o", format)
    assert KEY not in re.sub(rf"c/{KEY}", "", out + err)


def test_the_hook_of_pre_commit_calls_what_there_is(check):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    command, *args = hook["entry"].split()
    assert (command, args, hook["language"]) == ("postrunner", ["check"], "python")
    names = ["a.postman_collection.json", "x/b.postman_environment.json", "c.postman_globals.json"]
    names += ["x/a.request.yaml", "x/.resources/definition.yaml", "ci.environment.yml"]
    assert all(re.search(hook["files"], name) for name in names)
    assert not any(re.search(hook["files"], name) for name in ("package.json", "x/a.yaml"))
    assert check(write(collection()), write({"name": "e", "values": []}, "b.postman_environment.json"))[0] == 0


def test_python_gets_the_findings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = Path(write(collection(request(url="http://{{a}}"))))
    found = runner.check(name, environment={"b": "1"}, rules={"request-without-test": "off"})
    assert [(one.id, one.severity.word, one.line) for one in found] == [("unresolved-variable", "warning", 11)]
    assert isinstance(found[0], runner.Finding)
    assert runner.check([name], environment={"a": "1"}, rules={"request-without-test": "off"}) == []
    with pytest.raises(LoadError):
        runner.check("none.json")


def test_a_contract_is_compared_without_sending(check, tmp_path):
    spec = {"openapi": "3.1.0", "servers": [{"url": "http://h"}], "paths": {"/a": {"post": {"responses": {}}}}}
    (tmp_path / "api.json").write_text(json.dumps(spec))
    (tmp_path / "c.json").write_text(json.dumps(collection(request(url="http://h/a"), request(url="http://h/b"))))
    code, out, _ = check("c.json", "--contract", "api.json", "-o", "json")
    told = [one["message"] for one in json.loads(out)["findings"] if one["id"].startswith("contract")]
    assert (code, told) == (1, ["/b: expected a path of api.json, actual POST /b"])
    assert check("c.json", "--contract", "api.json", "--contract-server", "http://other")[0] == 1
    assert check("c.json", "--contract-formats")[0] == 2
    assert check("c.json", "--contract", "nope.json")[0] == 2
    assert check("c.json", "--contract", "examples")[0] == 2
