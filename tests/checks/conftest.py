"""One process that analyses the scripts of all these tests, and files made in the test."""

import json

import pytest

from runner.checks.check import check_file
from runner.checks.found import read_file
from runner.checks.subject import Known
from runner.sandbox.analysis import Analysis


@pytest.fixture(scope="session")
def analyse():
    """What tells the facts of scripts."""
    with Analysis() as analysis:
        yield lambda texts: analysis.analyse(texts, also="lint")


@pytest.fixture
def findings(tmp_path, analyse):
    """Writes a document and gives its findings by the rules that are named, or all."""

    def check(document, *rules, name="c.json", known=None, text=None):
        path = tmp_path / name
        path.write_text(text or json.dumps(document, indent=2), encoding="utf-8")
        found = check_file(read_file(str(path)), known or Known(folders=(str(tmp_path),)), {}, analyse)[1]
        return [one for one in found if not rules or one.id in rules]

    return check


def request(name="r", url="http://h", test=None, before=None, **more):
    """An item of a collection with its scripts."""
    events = [
        {"listen": listen, "script": {"exec": text.split("\n")}}
        for listen, text in (("prerequest", before), ("test", test))
        if text is not None
    ]
    return {"name": name, "request": {"method": "POST", "url": url, **more}, "event": events}


def collection(*items, **more):
    """A collection of items."""
    return {"info": {"name": "c", "_postman_id": "1"}, "item": list(items), **more}
