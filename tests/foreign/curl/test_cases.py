"""What an imported command line sends is what curl sent: `cases.json` holds command lines and what curl 7.88.1 sent."""

import base64
import json
from pathlib import Path

import pytest

import runner
from runner.errors import LoadError
from runner.foreign.curl.reading import read
from runner.foreign.imported import ImportOptions
from runner.formats.format import Given
from tests.foreign.curl.recording import recording, sent, upper_escapes

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def recorder():
    with recording() as server:
        yield server


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_imported_line_sends_what_curl_sent(case, recorder, tmp_path, monkeypatch):
    recorder.seen.clear()
    recorder.plan = case.get("server", {})
    monkeypatch.chdir(tmp_path)
    for name, value in case.get("env", {}).items():
        monkeypatch.setenv(name, value)
    for name, content in case.get("files", {}).items():
        data = content.encode() if isinstance(content, str) else base64.b64decode(content["base64"])
        (tmp_path / name).write_bytes(data)
    command = case["command"].replace(":PORT", f":{recorder.server_port}")
    if not case["sent"]:
        with pytest.raises(LoadError):
            read(Given(command), ImportOptions())
        return
    imported = read(Given(command), ImportOptions())
    runner.run(imported.collection, working_dir=tmp_path, env_var=case.get("env"), silent=True)
    assert len(recorder.seen) == len(case["sent"])
    for request, wanted in zip(recorder.seen, case["sent"], strict=True):
        found = sent(request, wanted, recorder.server_port)
        for number, text in enumerate(wanted["headers"]):
            if text.endswith("…"):  # only its beginning is the same each time
                found["headers"] = [text if one.startswith(text[:-1]) else one for one in found["headers"]]
                assert text in found["headers"], number
        assert found == {**wanted, "line": upper_escapes(wanted["line"]), "headers": sorted(wanted["headers"])}
