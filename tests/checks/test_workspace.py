"""`.postman/resources.yaml`, by the rules of Postman."""

from pathlib import Path

import pytest

from runner.checks.check import check_files
from runner.checks.subject import Known

ID = "workspace:\n  id: 8d00dc0f-cd89\n"
FILES = {
    "postman/collections/A/a.request.yaml": "$kind: http-request\nurl: http://h\nmethod: GET\n",
    "postman/environments/E.environment.yaml": "name: E\nvalues: []\n",
}
FINE = (
    f"{ID}cloudResources:\n  collections:\n    ../postman/collections/A: 4030-1\n  environments: {{}}\n"
    "localResources:\n  collections:\n    - ../postman/collections/A\n  mocks: []\n"
)


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Writes a workspace with this file and gives what a check of the paths finds."""
    monkeypatch.chdir(tmp_path)

    def call(text, *paths):
        for name, content in {**FILES, ".postman/resources.yaml": text}.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return check_files(paths or ["."], Known(), {"request-without-test": 0})

    return call


CASES = {
    "all is fine": (FINE, []),
    "no map": ("- a\n", [("WSP004", 1, 1)]),
    "nothing at all": ("", [("WSP004", 1, 1)]),
    "no workspace": ("cloudResources: {}\n", [("WSP005", 1, 1)]),
    "a workspace without an id": ("workspace: {}\n", [("WSP005", 1, 12)]),
    "an empty id": ('workspace:\n  id: ""\n', [("WSP006", 2, 7)]),
    "an id that is not text": ("workspace:\n  id: 5\n", [("WSP006", 2, 7)]),
    "kinds that are not known": (
        f"{ID}localResources:\n  bars: []\ncloudResources:\n  foos:\n    ../postman: x\n",
        [("WSP008", 4, 9), ("WSP011", 7, 5)],
    ),
    "a field that is not known": (f"{ID}foo: 1\n", [("WSP015", 3, 6)]),
    "files that are gone": (
        f"{ID}cloudResources:\n  collections:\n    ../B: x\nlocalResources:\n  collections:\n    - ../C\n",
        [("WSP014", 5, 11), ("WSP013", 8, 7)],
    ),
    "a path from the root of the repository": (
        f"{ID}localResources:\n  collections:\n    - postman/collections/A\n",
        [("WSP013", 5, 7)],
    ),
    "an id that is there twice, under any kind": (
        f"{ID}cloudResources:\n  collections:\n    ../postman/collections/A: x\n"
        "  environments:\n    ../postman/environments/E.environment.yaml: x\n",
        [("WSP018", 7, 49)],
    ),
    "a workspace that is a text": ("workspace: a\n", [("WSP005", 1, 12)]),
    "lists instead of maps": (
        f"{ID}localResources: []\ncloudResources: a\n",
        [("WSP007", 3, 17), ("WSP010", 4, 17)],
    ),
    "kinds that hold something else": (
        f"{ID}localResources:\n  collections: ../postman\n  mocks:\n    - 5\n"
        "cloudResources:\n  collections:\n    - a\n  mocks:\n",
        [("WSP009", 4, 16), ("WSP009", 6, 5), ("WSP012", 9, 5), ("WSP012", 10, 9)],
    ),
    "a path that is there twice": (
        f"{ID}localResources:\n  collections:\n    - ../postman\n    - ../postman\n",
        [("WSP016", 6, 7)],
    ),
    "ids of any type": (f"{ID}cloudResources:\n  collections:\n    ..: 5\n    ../postman:\n    .: 5\n", []),
}


@pytest.mark.parametrize(("text", "found"), CASES.values(), ids=CASES)
def test_the_rules_of_postman_for_a_workspace(check, text, found):
    checked = check(text)
    assert [(one.id, one.line, one.column) for one in checked.findings] == found
    assert {str(Path(one.file)) for one in checked.findings} <= {str(Path(".postman", "resources.yaml"))}
    assert checked.unreadable == []


def test_an_absolute_path_is_taken_as_it_is(check, tmp_path):
    assert check(f"{ID}localResources:\n  collections:\n    - {tmp_path.as_posix()}/postman\n").findings == []


@pytest.mark.parametrize("path", [".postman/resources.yaml", ".postman", "."])
def test_the_file_of_a_workspace_is_found(check, path):
    assert [one.id for one in check("workspace: {}\n", path).findings] == ["WSP005"]


def test_a_workspace_that_is_no_yaml_makes_the_check_fail(check):
    (error,) = check("a: b: c\n").unreadable
    assert error.where.endswith("resources.yaml:1:5")


def test_another_file_of_that_name_is_none_of_a_workspace(check, tmp_path):
    Path("resources.yaml").write_text("a: 1\n")
    assert [one.file for one in check(FINE).findings] == []
