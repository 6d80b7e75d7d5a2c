"""Collections of the format v3 and environments in YAML: the same rules with places in their own files, and Postman's."""

import os
from pathlib import Path

import pytest

from runner.checks.check import check_files
from runner.checks.documents.edits import changed
from runner.checks.subject import Known
from runner.errors import LoadError
from runner.formats.load import load_environment

REQUEST = "$kind: http-request\nurl: http://h\nmethod: POST\n"
TESTED = REQUEST + "scripts:\n  - type: afterResponse\n    code: |-\n      pm.test('a', () => pm.response.to.be.ok);\n"
EXAMPLE = "$kind: http-example\nresponse:\n  statusText: OK\n  body:\n    type: text\n    content: ''\n"
OWN = ".resources/b.resources"
FILES = {".resources/definition.yaml": "$kind: collection\nname: c\n", "a.request.yaml": TESTED}


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Writes files and gives what a check of them, or of some paths, finds."""
    monkeypatch.chdir(tmp_path)

    def call(files, *paths, known=None):
        for name, text in {**FILES, **files}.items():
            path = Path("root", name)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            except OSError:
                pytest.skip(f"the file system does not take {name}")
            if path.name not in os.listdir(path.parent):
                pytest.skip(f"the file system has another name for {name}")
        return check_files(paths or ["root"], known or Known(), {"request-without-test": 0})

    return call


def told(checked):
    return [(one.id, one.file.removeprefix("root/"), one.line, one.column, one.path) for one in checked.findings]


def test_a_collection_without_faults_has_no_finding(check):
    found = check({})
    assert (told(found), len(found.files), found.unreadable) == ([], 2, [])


PLACES = {
    "the URL": ("url: http://h/{{a}}\n", ("unresolved-variable", 2, 6, "url")),
    "a map of headers": ("url: http://h\nheaders:\n  B: x\n  A: '{{a}}'\n", ("unresolved-variable", 5, 6, "headers.A")),
    "a list of headers": (
        "url: http://h\nheaders:\n  - key: B\n    value: x\n  - key: A\n    value: '{{a}}'\n",
        ("unresolved-variable", 7, 12, "headers[1].value"),
    ),
    "a query that the URL has, too": (
        "url: http://h?z=1&q={{a}}\nqueryParams:\n  q: '{{a}}'\n",
        ("unresolved-variable", 4, 6, "queryParams.q"),
    ),
    "a path variable": (
        "url: http://h/:b\npathVariables:\n  b: '{{a}}'\n",
        ("unresolved-variable", 4, 6, "pathVariables.b"),
    ),
    "a raw body": ("url: http://h\nbody:\n  type: json\n  content: '{'\n", ("invalid-json-body", 5, 12, "body.content")),
    "a field of a form": (
        "url: http://h\nbody:\n  type: formdata\n  content:\n    - type: file\n      key: f\n      src: none.txt\n",
        ("missing-file", 6, 7, "body.content[0]"),
    ),
    "auth": (
        "url: http://h\nauth:\n  type: bearer\n  credentials:\n    token: '{{a}}'\n",
        ("unresolved-variable", 6, 12, "auth.credentials.token"),
    ),
    "a literal block": (
        "url: http://h\nscripts:\n  - type: afterResponse\n    code: |-\n      const a = 1;\n\n      x(); pm.foo();\n",
        ("unknown-pm-member", 8, 12, "scripts[0].code"),
    ),
    "a script in one line": (
        'url: http://h\nscripts:\n  - type: beforeRequest\n    code: "pm.foo();"\n',
        ("unknown-pm-member", 5, 12, "scripts[0].code"),
    ),
}


@pytest.mark.parametrize(("text", "place"), PLACES.values(), ids=PLACES)
def test_places_are_those_in_the_file_of_the_request(check, text, place):
    found = told(check({"F/b.request.yaml": f"$kind: http-request\n{text}method: POST\n"}))
    assert [(id, *rest) for id, file, *rest in found if file == "F/b.request.yaml"] == [place]


def test_definitions_carry_auth_variables_and_scripts(check):
    definition = (
        "$kind: collection\nname: F\nvariables:\n  x: '1'\n  y: ''\nauth:\n  - id: '1'\n    type: bearer\n    name: n\n"
        "    credentials:\n      token: '{{a}}'\nscripts:\n  - type: http:beforeRequest\n    code: pm.foo()\n"
    )
    found = told(
        check({"F/.resources/definition.yaml": definition, "F/b.request.yaml": TESTED.replace("http://h", "'{{x}}'")})
    )
    assert [(id, file, line) for id, file, line, *_ in found] == [
        ("unresolved-variable", "F/.resources/definition.yaml", 11),
        ("unknown-pm-member", "F/.resources/definition.yaml", 14),
    ]


RULES = {
    "FMT002": ({"a:b.request.yaml": TESTED}, "a:b.request.yaml"),
    "FMT003": (
        {"b.request.yaml": TESTED + f"examples: ./{OWN}/mine\n", f"{OWN}/mine/x.example.yaml": EXAMPLE},
        "b.request.yaml",
    ),
    "FMT007": ({"A.request.yaml": TESTED}, "a.request.yaml"),
    "FMT011": ({".resources/old.resources/x": ""}, ".resources/old.resources"),
    "FMT019": ({"a:b/b.request.yaml": TESTED}, "a:b"),
    "FMT201": ({"b.request.yaml": TESTED + "name: b\n"}, "b.request.yaml"),
    "FMT202": (
        {"b.request.yaml": TESTED + f"examples: ./{OWN}/examples\n", f"{OWN}/examples/x": ""},
        "b.request.yaml",
    ),
    "FMT204": ({"b.yaml": "a: 1\n"}, "b.yaml"),
    "FMT206": ({"b.request.yaml": TESTED + "header: {}\n"}, "b.request.yaml"),
    "FMT207": (
        {"b.request.yaml": TESTED, f"{OWN}/examples/x.example.yaml": EXAMPLE + "respond: {}\n"},
        f"{OWN}/examples/x.example.yaml",
    ),
    "FMT208": ({"F/.resources/definition.yaml": "$kind: collection\nvariable: {}\n", "F/b.request.yaml": TESTED},
               "F/.resources/definition.yaml"),
    "FMT209": (
        {"b.request.yaml": TESTED.replace("http://h", "http://h?a=1") + "queryParams:\n  a: '2'\n"},
        "b.request.yaml",
    ),
    "unsupported-kind": ({"b.request.yaml": "$kind: grpc-request\nurl: h\n"}, "b.request.yaml"),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "files", "place"), [(rule, *case) for rule, case in RULES.items()], ids=RULES)
def test_the_rules_of_postman(check, rule, files, place):
    assert [(id, file) for id, file, *_ in told(check(files))] == [(rule, place)]


BROKEN = {
    "FMT014": "$kind: htp-request\n",
    "FMT015": "$kind: http-request\nurl: 5\n",
    "FMT018": "a: 1\na: 2\n",
    "FMT010": "$kind: http-request\norder: '1'\n",
}


@pytest.mark.parametrize(("rule", "text"), BROKEN.items(), ids=BROKEN)
def test_files_that_cannot_be_used_are_findings_and_make_the_check_fail(check, rule, text):
    found = check({"b.request.yaml": text, "c.request.yaml": TESTED + "header: {}\n"})
    assert [(id, file) for id, file, *_ in told(found)] == [(rule, "b.request.yaml")]
    assert [str(error) for error in found.unreadable] == ["root: a file of this collection cannot be used"]


def test_files_that_are_named_are_checked_with_their_whole_collection(check):
    setting = TESTED + "  - type: beforeRequest\n    code: pm.environment.set('x', 1)\n"
    reading = TESTED.replace("http://h", "http://{{x}}") + "header: {}\n"
    files = {"b.request.yaml": setting, "c.request.yaml": reading, "d.request.yaml": TESTED + "header: {}\n"}
    found = check(files, "root/b.request.yaml", "root/c.request.yaml")
    assert [(id, file) for id, file, *_ in told(found)] == [("FMT206", "c.request.yaml")]


def test_a_workspace_and_any_other_folder_are_searched(check):
    found = check(
        {
            "postman/collections/s/.resources/definition.yaml": FILES[".resources/definition.yaml"],
            "postman/collections/s/a.request.yaml": TESTED + "header: {}\n",
        },
        "root/postman",
    )
    assert [(id, file) for id, file, *_ in told(found)] == [("FMT206", "postman/collections/s/a.request.yaml")]
    (Path("root") / ".resources" / "definition.yaml").unlink()
    (Path("root") / "a.request.yaml").unlink()
    assert [one[0] for one in told(check_files(["."], Known(), {"request-without-test": 0}))] == ["FMT206"]


def test_fix_leaves_every_other_byte_of_a_file(check):
    text = (
        "# mine\n$kind: http-request\nname:   b   # needless\nurl: http://h\nscripts:\n  - type: afterResponse\n"
        "    code: |-\n      // é 😀\n\n      pm.test('a', () => pm.response.to.be.ok); postman.setNextRequest(null)\n"
    )
    found = check({"b.request.yaml": text})
    edits = [edit for one in found.findings for edit in one.edits]
    document = found.files["root/b.request.yaml"].document
    assert [one.id for one in found.findings] == ["FMT201", "deprecated-api"]
    expected = text.replace("name:   b   # needless\n", "").replace("postman.set", "pm.execution.set")
    assert changed(document, edits) == expected


def test_a_description_switches_rules_off(check):
    text = TESTED + "header: {}\ndescription: because @postrunner-disable FMT206\n"
    assert told(check({"b.request.yaml": text})) == []


ENVIRONMENTS = {
    "a value that is not text": ("name: e\nvalues:\n  - key: a\n    value: 5\n", [("ENV004", 4, 12)]),
    "a value that is missing": ("name: e\nvalues:\n  - key: a\n", [("ENV003", 3, 5)]),
    "a value in a vault": ("name: e\nvalues:\n  - key: a\n    secret: true\n    source: {provider: postman}\n", []),
    "a field that is not known": ("name: e\nvalues:\n  - key: a\n    vlaue: b\n    value: c\n", [("ENV007", 4, 12)]),
    "no name": ("values: []\n", [("ENV003", 1, 1)]),
    "a name that is not text": ("name: 5\nvalues: []\n", [("ENV004", 1, 7)]),
    "values that are not a list": ("name: e\nvalues:\n  a: b\n", [("ENV004", 3, 3)]),
    "a variable that is not a map": ("name: e\nvalues:\n  - a\n  - null\n", [("ENV004", 3, 5), ("ENV004", 4, 5)]),
    "a flag in quotes": ("name: e\nvalues:\n  - key: a\n    value: b\n    secret: 'yes'\n", [("ENV004", 5, 13)]),
    "no map": ("- key: a\n  value: b\n", [("ENV002", 1, 1)]),
    "a secret": ("name: e\nvalues:\n  - key: api_key\n    value: kJ8-f93jd0sk2\n", [("plain-secret", 4, 12)]),
    "one that is there twice": (
        "name: e\nvalues:\n  - key: a\n    value: '1'\n  - key: a\n    value: '2'\n",
        [("ENV006", 3, 5)],
    ),
}


@pytest.mark.parametrize(("text", "found"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_environments_in_yaml(tmp_path, text, found):
    path = tmp_path / "e.environment.yaml"
    path.write_text(text)
    checked = check_files([str(path)], Known(), {})
    assert [(one.id, one.line, one.column) for one in checked.findings] == found


@pytest.mark.parametrize(("text", "found"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_an_environment_that_a_run_refuses_makes_the_check_fail(tmp_path, text, found):
    path = tmp_path / "e.environment.yaml"
    path.write_text(text)
    try:
        load_environment(str(path))
        refused = []
    except LoadError as error:
        refused = [str(error)]
    assert [str(error) for error in check_files([str(path)], Known(), {}).unreadable] == refused


def test_fix_removes_a_variable_from_yaml_and_keeps_comments(tmp_path):
    text = "name: e # mine\nvalues:\n  - key: a\n    value: '1' # old\n  # this one\n  - key: a\n    value: \"2\"\n"
    path = tmp_path / "e.environment.yaml"
    path.write_text(text)
    checked = check_files([str(path)], Known(), {})
    (finding,) = checked.findings
    after = changed(checked.files[str(path)].document, finding.edits)
    assert after == 'name: e # mine\nvalues:\n  # this one\n  - key: a\n    value: "2"\n'


def test_names_of_files_in_a_workspace(check):
    names = ("environments/a.yaml", "environments/b.environment.yaml", "globals/a.globals.yaml", "globals/b.yaml")
    files = {f"postman/{name}": "name: Globals\nvalues: []\n" for name in names}
    found = check(files, "root/postman")
    assert [(id, file) for id, file, *_ in told(found)] == [
        ("ENV009", "postman/environments/a.yaml"),
        ("GBL011", "postman/globals/b.yaml"),
        ("GBL012", "postman/globals/b.yaml"),
    ]


def test_secrets_of_examples_are_found_in_their_files(check):
    secret = "kJ8-f93jd0sk2"
    own = f"{OWN}/examples/x.example.yaml"
    text = (
        f"{EXAMPLE}request:\n  headers:\n    X-API-Key: {secret}\n"
        f"  queryParams:\n    - key: api_key\n      value: {secret}1\n"
    )
    checked = check({"b.request.yaml": TESTED, own: text})
    assert told(checked) == [
        ("plain-secret", own, 9, 16, "request.headers.X-API-Key"),
        ("plain-secret", own, 11, 7, "request.queryParams[0]"),
    ]
    assert [one.message for one in checked.findings if secret in repr(one)] == []
    assert [one.item for one in checked.findings] == ["c/b", "c/b"]


def test_a_name_is_found_where_the_file_says_it(check):
    found = check({"b.request.yaml": TESTED + "name: a\n", "c.request.yaml": TESTED + "name: a\n"})
    assert [one for one in told(found) if one[0] == "duplicate-name"] == [
        ("duplicate-name", "b.request.yaml", 8, 7, "name"),
        ("duplicate-name", "c.request.yaml", 8, 7, "name"),
    ]
