"""pm.require: files next to the collection and packages from folders next to it, read by the host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runner.effects import ReadCode
from runner.errors import FileUnreadable
from tests.sandbox.conftest import World

FILES = {
    "lib/x.js": "module.exports = {two: require('./y').one + 1, env: pm.environment.get('a')}",
    "lib/y.js": "exports.one = 1",
    "lib/data.json": '{"list": [1]}',
    "lib/own/index.js": "module.exports = pm.require('../y.js').one",
    "lib/lodash.js": "module.exports = require('lodash').VERSION.split('.')[0]",
    "lib/later.js": "exports.fail = async () => { await null; throw new Error('later') }; exports.text = `${exports.fail}`",
    "lib/broken.js": "throw new Error('inside')",
    "packages/@team/tool.js": "module.exports = 'team'",
    "node_modules/left/package.json": '{"version": "1.2.3", "main": "lib/main"}',
    "node_modules/left/lib/main.js": "module.exports = [typeof pm, require('right')]",
    "node_modules/right/index.js": "module.exports = `right ${typeof pm}`",
    "node_modules/ten/package.json": '{"version": "10.0.0"}',
    "node_modules/ten/index.js": "module.exports = 10",
}


class Folder(World):
    """A world with the files of one folder."""

    def answer(self, asked: Any) -> Any:
        if not isinstance(asked, ReadCode):
            return super().answer(asked)
        name = Path(asked.path).as_posix().removeprefix("./")
        if name not in FILES:
            raise FileUnreadable("does not exist", where=name)
        return FILES[name].encode()


@pytest.fixture
def folder(child):
    return Folder(child).run


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("./lib/x.js", {"two": 2, "env": None}),
        ("./lib/y", {"one": 1}),
        ("./lib/data.json", {"list": [1]}),
        ("./lib/own", 1),
        ("./lib/lodash", "4"),
        ("@team/tool", "team"),
        ("npm:left@1.2.3", ["undefined", "right undefined"]),
        ("npm:left", ["undefined", "right undefined"]),
        ("npm:left@1/lib/main.js", ["undefined", "right undefined"]),
        ("npm:left@^1.2.3", ["undefined", "right undefined"]),
        ("npm:left@v1.2", ["undefined", "right undefined"]),
        ("npm:ten@10", 10),
    ],
)
def test_a_package_is_found(folder, name, value):
    assert folder(f"console.log(pm.require('{name}'))").logged == [value]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("./none.js", "Error while loading package './none.js': there is no such file in "),
        ("npm:none", "Error while loading package 'npm:none': it is not in node_modules of "),
        ("npm:left@2.0.0", "Error while loading package 'npm:left@2.0.0': it is not in node_modules of "),
        ("npm:ten@1", "Error while loading package 'npm:ten@1': it is not in node_modules of "),
        ("@team/none", "Error while loading package '@team/none': it is not in packages or node_modules of "),
        ("jsr:a/b", "Error while loading package 'jsr:a/b': packages of jsr are not fetched"),
        ("./lib/broken.js", "Error in package './lib/broken.js': inside"),
    ],
)
def test_a_package_that_cannot_be_had_says_why(folder, name, why):
    assert folder(f"pm.require('{name}')").error.startswith(f"Error: {why}")


def test_a_package_is_run_once(folder):
    assert folder("pm.require('./lib/y').one = 5; console.log(pm.require('./lib/y').one)").logged == [5]


def test_a_promise_of_a_package_that_nobody_handles_fails_the_script(folder):
    assert folder("pm.require('./lib/later').fail()").error == "Error: later"
    ran = folder(
        "const later = pm.require('./lib/later'); try { await later.fail() } catch (e) { console.log(later.text) }"
    )
    assert (ran.error, ran.logged) == (None, ["async () => { await null; throw new Error('later') }"])


def test_a_script_loads_so_many_files_and_no_more(folder, monkeypatch):
    monkeypatch.setattr("runner.sandbox.packages.LIMIT", 2)
    assert folder("pm.require('./lib/x.js')").error is None
    several = "pm.require('./lib/data.json'); pm.require('./lib/y.js'); pm.require('./lib/broken.js')"
    assert folder(several).error == "Error: Cannot find package './lib/broken.js'"


def test_files_that_are_too_large_together_are_refused(folder, monkeypatch):
    monkeypatch.setattr("runner.sandbox.packages.LIMIT_BYTES", 50)
    assert folder("pm.require('./lib/y.js')").result.error is None
    refused = folder("pm.require('./lib/x.js')").result.error
    assert "its files have more than" in refused.message
