"""scripts/audit: what it finds, and that there is nothing to find."""

import json
import shutil

import pytest

from scripts import audit

SAFE = "# what is known\nidna 3.15 CVE-2026-45409\n"
PINS = "idna==3.20 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\nhatchling==1.33.0 \\\n    --hash=sha256:02\n"
PROJECT = """
[build-system]
requires = ["hatchling>=1.28"]
[project]
dependencies = [{}]
[project.optional-dependencies]
more = []
"""


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A small project; returns a function that writes one of its files."""
    monkeypatch.setattr(audit, "ROOT", tmp_path)
    (tmp_path / "scripts").mkdir()

    def write(name, text):
        (tmp_path / name).write_text(text, "utf-8")

    write("scripts/first_safe.txt", SAFE)
    write("scripts/constraints.txt", PINS)
    write("pyproject.toml", PROJECT.format('"idna>=3.15"'))
    return write


def test_nothing_is_wrong_with_what_postrunner_is_made_from(capsys):
    assert audit.main(["--offline"]) == 0, capsys.readouterr().out


def test_every_lower_bound_leaves_out_the_versions_with_known_holes():
    assert list(audit.bounds()) == []


def test_a_project_in_order_has_nothing_to_find(tree):
    assert list(audit.bounds()) == []


@pytest.mark.parametrize(
    ("requirement", "found"),
    [
        ("idna>=3.14", "idna>=3.14 allows versions with known holes; 3.15 is the first without"),
        ("idna>=3.7,<4", "idna>=3.7,<4 allows versions with known holes; 3.15 is the first without"),
        ("idna", "idna has no lower bound"),
        ("idna<4", "idna<4 has no lower bound"),
        ("idna>=3.21", "constraints.txt: idna 3.20 does not fit idna>=3.21"),
        ("idna>=3.15,<3.20", "constraints.txt: idna 3.20 does not fit idna>=3.15,<3.20"),
        ("click>=8.1; python_version < '3.14'", "constraints.txt: click is missing"),
    ],
)
def test_a_bound_that_is_wrong_is_named(tree, requirement, found):
    tree("pyproject.toml", PROJECT.format(json.dumps(requirement)))
    (text,) = audit.bounds()
    assert text.removeprefix("pyproject.toml: ") == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("idna==3.20", "idna==3.14", "idna 3.14 has known holes; 3.15 is the first without"),
        (" \\\n    --hash=sha256:02", "", "hatchling has no hash"),
        ("idna", "--index-url https://example.com\nidna", "it names an address"),
    ],
)
def test_a_lock_that_is_wrong_is_named(tree, old, new, found):
    tree("scripts/constraints.txt", PINS.replace(old, new))
    assert [f"constraints.txt: {found}"] == list(audit.locks())


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda one: one.pop("integrity"), "node_modules/chai has no hash"),
        (lambda one: one.update(version="4.4.0"), "chai is not 4.4.1"),
        (lambda one: one.update(integrity="sha1-abc"), "node_modules/chai has no hash"),
        (lambda one: one.update(resolved="https://example.com/chai.tgz"), "node_modules/chai names an address"),
    ],
)
def test_a_package_of_npm_that_is_not_locked_is_named(tree, tmp_path, monkeypatch, change, found):
    libraries = shutil.copytree(audit.LIBRARIES, tmp_path / "libraries", ignore=shutil.ignore_patterns("node_modules"))
    monkeypatch.setattr(audit, "LIBRARIES", libraries)
    lock = json.loads((libraries / "package-lock.json").read_text("utf-8"))
    change(lock["packages"]["node_modules/chai"])
    (libraries / "package-lock.json").write_text(json.dumps(lock), "utf-8")
    assert list(audit.locks()) == [f"package-lock.json: {found}"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda all: all.pop(0), "SBOM: @faker-js/faker 5.5.3 is missing"),
        (
            lambda all: all[0].update(licenses=[{"license": {"id": "GPL-3.0"}}]),
            "SBOM: @faker-js/faker has the licence GPL-3.0",
        ),
        (lambda all: all[0].update(hashes=[]), "SBOM: @faker-js/faker has no hash or no purl"),
        (lambda all: all.append({**all[0], "name": "more"}), "LICENSES.txt: more 5.5.3 is missing"),
    ],
)
def test_a_list_of_what_is_shipped_that_is_wrong_is_named(tmp_path, monkeypatch, change, found):
    sbom = json.loads((audit.BUNDLES / "sbom.cdx.json").read_text("utf-8"))
    change(sbom["components"])
    (tmp_path / "sbom.cdx.json").write_text(json.dumps(sbom), "utf-8")
    shutil.copy(audit.BUNDLES / "LICENSES.txt", tmp_path)
    monkeypatch.setattr(audit, "BUNDLES", tmp_path)
    assert list(audit.shipped()) == [found]


@pytest.mark.parametrize(
    ("answers", "code"), [([], 0), ([(0, "a"), (0, "b")], 0), ([(3, "a"), (0, "b")], 3), ([(3, "a"), (1, "b")], 1)]
)
def test_its_exit_code_tells_what_was_found_and_what_could_not_be_asked(monkeypatch, answers, code):
    monkeypatch.setattr(audit, "databases", lambda: iter(answers))
    assert audit.main([]) == code
