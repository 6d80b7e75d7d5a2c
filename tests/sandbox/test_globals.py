"""The names that scripts find: those of Postman's sandbox, and each difference with its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

POSTMAN = json.loads(Path(__file__).with_name("postman_globals.json").read_text("utf-8"))

# Loaded only for scripts whose text names them, so the script that lists the names has them in a comment.
NAMED = "Buffer _ CryptoJS tv4 xml2Json Backbone cheerio"

# Names that our global object has beside Postman's. `typeof` tells of each what it tells there.
MORE = {
    "globalThis": "the engine keeps it; scripts see it as undefined, as in Postman",
    "eval": "the engine keeps it; in Postman it works without being a property",
    "require": "a variable of the script in Postman",
    "__timer_manager": "made by the engine's binding, which does not let it go; it is undefined",
}
# A class → its members that only one side has: `-` for Postman's, `+` for ours.
DIFFERENCES = {
    "URL": {"-createObjectURL()", "-revokeObjectURL()"},  # nothing in the sandbox could load such an address
    "DOMException": {"-message:g"},  # here it is a property of each exception, as of any error
    "Event": {"+AT_TARGET", "+BUBBLING_PHASE", "+CAPTURING_PHASE", "+NONE"},  # DOM has them there, too; Node does not
    "WritableStreamDefaultController": {"+abortReason:g"},  # the library's; `signal.reason` tells the same
    "TextEncoderStream": {"+Symbol(Symbol.toStringTag)"},  # as in browsers
    "TextDecoderStream": {"+Symbol(Symbol.toStringTag)"},  # as in browsers
}
# Not there in Postman, so a script may test for them to learn where it runs.
ABSENT = [
    name
    for row in (
        "fetch XMLHttpRequest Headers Request Response FormData WebSocket EventSource process global window self",
        "document navigator location performance WebAssembly WeakRef FinalizationRegistry MessageChannel MessagePort",
        "BroadcastChannel Worker CustomEvent Iterator Temporal Float16Array SuppressedError DisposableStack module",
        "exports __dirname globalThis importScripts indexedDB localStorage setHost __host d8 print",
    )
    for name in row.split()
]

MEMBERS = """
const text = (owner, key) => {
    const { get, set, value } = Object.getOwnPropertyDescriptor(owner, key);
    return String(key) + (get || set ? `:${get ? 'g' : ''}${set ? 's' : ''}` : typeof value === 'function' ? '()' : '');
};
const list = (owner) => Reflect.ownKeys(owner).map((key) => text(owner, key)).filter((name) =>
    !['constructor()', 'length', 'name', 'prototype'].includes(name) && !name.includes('[['));
const found = {};
for (const name of NAMES) found[name] = [this[name].length, list(this[name]), list(this[name].prototype)];
console.log(JSON.stringify(found));
"""


def test_the_names_are_those_of_postman(run):
    (names,) = run(f"console.log(Object.getOwnPropertyNames(this)) // {NAMED}").logged
    assert set(POSTMAN["globals"]) - set(names) == set()
    assert set(names) - set(POSTMAN["globals"]) == set(MORE)


def test_every_name_is_of_use(run):
    names = [name for name in POSTMAN["globals"] if name not in ("undefined", "data")]
    ran = run(
        f"const without = {json.dumps(names)}.filter((name) => this[name] === undefined); console.log(without) // {NAMED}"
    )
    assert ran.logged == [[]]


def test_what_postman_lacks_is_lacking(run):
    kinds = ", ".join(f"typeof {name}" for name in ABSENT)
    (found,) = run(f"console.log([{kinds}])").logged
    assert {name for name, kind in zip(ABSENT, found, strict=True) if kind != "undefined"} == set()


def test_classes_have_the_members_that_postman_has(run):
    (text,) = run(MEMBERS.replace("NAMES", json.dumps(list(POSTMAN["members"])))).logged
    found = json.loads(text)
    differences = {}
    for name, theirs in POSTMAN["members"].items():
        length, ours = found[name][0], [set(members) for members in found[name][1:]]
        wanted = [set(theirs["static"]), set(theirs["prototype"])]
        lost = {f"-{member}" for mine, members in zip(ours, wanted, strict=True) for member in members - mine}
        more = {f"+{member}" for mine, members in zip(ours, wanted, strict=True) for member in mine - members}
        if lost | more or length != theirs["length"]:
            differences[name] = lost | more
    assert differences == DIFFERENCES


def test_a_script_may_put_its_own_in_place_of_a_name(run):
    assert run("Blob = 7; console.log(Blob); delete this.File; console.log(typeof File)").logged == [7, "undefined"]
    assert run("console.log(Blob)").logged == [7]


@pytest.fixture
def run():
    """A world of its own: some of these scripts change it."""
    from runner.sandbox.sandbox import Sandbox
    from tests.sandbox.conftest import World

    sandbox = Sandbox(timeout_ms=5000)
    yield World(sandbox).run
    sandbox.close()
