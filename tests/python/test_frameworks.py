"""The examples of docs/python.md as they stand there, where the frameworks are installed (`scripts/frameworks`)."""

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")
DJANGO = {
    "pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = settings\n",
    "settings.py": """
SECRET_KEY = "not one"
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
""",
    "urls.py": """
from django.contrib.auth.models import User
from django.http import JsonResponse
from django.urls import path


def user(request, number):
    User.objects.create(username=str(number))
    return JsonResponse({"id": number, "known": list(User.objects.values_list("username", flat=True))})


urlpatterns = [path("users/<int:number>", user)]
""",
    "conftest.py": """
import pytest
from django.contrib.auth.models import User


@pytest.fixture(autouse=True)
def ann(db):
    User.objects.create(username="ann")
""",
}


def example(package):
    """The code block of the page that imports a framework."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    return next(block for block in blocks if re.search(rf"^from {package}\b", block, re.MULTILINE))


@pytest.fixture
def tested(tmp_path):
    """Run pytest over an example with a collection of one request, in a process of its own; give what it says."""

    def run(package, files, test):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed: scripts/frameworks does it")
        events = [{"listen": "test", "script": {"exec": [f"pm.test('answers', () => {{ {test} }});"]}}]
        request = {"method": "GET", "url": "{{base_url}}/users/7"}
        collection = {
            "info": {"name": "Users"},
            "item": [{"name": "user", "request": request, "event": events}],
            "variable": [{"key": "base_url", "value": "http://app.example"}],
        }
        for name, text in {**files, "api.json": json.dumps(collection), "test_example.py": example(package)}.items():
            (tmp_path / name).write_text(text, "utf-8")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout

    return run


ANSWERS = "pm.expect(pm.response.json()).to.eql({id: 7});"
KNOWN = "pm.expect(pm.response.json().known).to.have.members(['ann', '7']);"


@pytest.mark.parametrize(
    ("package", "files", "test"),
    [("fastapi", {}, ANSWERS), ("flask", {}, ANSWERS), ("django", DJANGO, KNOWN)],
    ids=["fastapi", "flask", "django"],
)
def test_the_example_passes(tested, package, files, test):
    assert "PASSED test_example.py::test_the_api" in tested(package, files, test)


@pytest.mark.parametrize("package", ["fastapi", "flask"])
def test_the_example_fails_if_a_test_of_the_collection_fails(tested, package):
    said = tested(package, {}, "pm.expect(pm.response.json().id).to.eql(8);")
    assert "FAILED test_example.py::test_the_api" in said
    assert "user: answers: expected 7 to deeply equal 8" in said
