"""What is written for a collection of v2.1 is, byte by byte, what Postman's own migration writes."""

import json
import re
from pathlib import Path

import pytest

from runner.formats.v3.writing import write_files
from runner.formats.yaml.writer import write

SAMPLES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("samples/*.json"))}
AUTH_ID = re.compile(r"^(  - id: )[0-9a-f-]{36}$", re.MULTILINE)

DIFFERENT = {
    "08-headers": {"odd key.request.yaml", "proto key.request.yaml"},  # keys that JavaScript moves or loses
    "10-scripts": {"disabled ev.request.yaml"},  # a script that was switched off would run
    "11-variables": {".resources/definition.yaml"},  # a secret one would be marked as none
    "19-names": {"trail.request.yaml"},  # a name would lose its last space
    "40-names2": {"a.request.yaml"},
    "41-foldernames": {"a/.resources/definition.yaml"},
    "61-requests": {"space  x.request.yaml", "space.request.yaml"},
}
"""What Postman's migration damages, by sample."""


def lost(path):
    """Whether a file is in a folder that is called `.resources`, where Postman loses it."""
    return path.startswith(("-.resources/", ".resources/x", ".resources/.resources"))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_files_are_those_of_the_migration(name):
    wanted = {path: AUTH_ID.sub(r"\1ID", text) for path, text in SAMPLES[name]["files"].items()}
    written = {file.path: AUTH_ID.sub(r"\1ID", write(file.data)) for file in write_files(SAMPLES[name]["source"])}
    different = {path for path in wanted.keys() | written.keys() if wanted.get(path) != written.get(path)}
    assert {path for path in different if not lost(path)} <= DIFFERENT.get(name, set())


def test_what_the_migration_damages_is_written_whole():
    def text(sample, path):
        return next(write(file.data) for file in write_files(SAMPLES[sample]["source"]) if file.path == path)

    assert 'key: "1"' in text("08-headers", "odd key.request.yaml")
    assert "key: __proto__" in text("08-headers", "proto key.request.yaml")
    assert "scripts" not in text("10-scripts", "disabled ev.request.yaml")
    assert text("11-variables", ".resources/definition.yaml").count("secret: true") == 1
    assert 'name: "a "' in text("40-names2", "a.request.yaml")
    assert "name: .resources" in text("19-names", "-.resources/.resources/definition.yaml")


def test_the_id_of_a_shared_auth_is_the_same_each_time():
    source = SAMPLES["02-auth-levels"]["source"]
    ids = [[write(file.data) for file in write_files(source)] for _ in range(2)]
    assert ids[0] == ids[1]
    found = [match[0] for text in ids[0] for match in AUTH_ID.finditer(text)]
    assert len(found) == len(set(found)) > 1
