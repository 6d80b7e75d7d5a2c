"""What a script reaches from `pm` and the globals has the names that it has in Postman, and none of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.sandbox.sandbox import Sandbox
from runner.variables.scopes import Scopes
from tests.sandbox.conftest import World

FOLDER = Path(__file__).parent
SCRIPT = (
    FOLDER.joinpath("attack_scripts", "inventory.js").read_text("utf-8") + "// _ CryptoJS tv4 xml2Json Backbone cheerio"
)
POSTMAN: dict[str, list[str]] = json.loads(FOLDER.joinpath("postman_inventory.json").read_text("utf-8"))["names"]
REQUEST = {
    "url": "http://h/p?a=1",
    "method": "POST",
    "header": [{"key": "A", "value": "b"}],
    "body": {"mode": "raw", "raw": "x"},
}

STATICS = {
    "findSubstitutions", "isPropertyList", "propertyIsMeta", "propertyUnprefixMeta", "replaceSubstitutions",
    "replaceSubstitutionsIn", "super_", "toJSON",
}  # fmt: skip
"""Members of the base types of the collection SDK, which classes inherit and Postman's functions do not."""

# Names that only one side has: `+` ours, `-` Postman's.
DIFFERENCES = {
    "+Event.prototype": {
        "AT_TARGET",
        "BUBBLING_PHASE",
        "CAPTURING_PHASE",
        "NONE",
    },  # as in browsers; Node has them at Event
    "+WritableStreamDefaultController.prototype": {"abortReason"},  # the library's; `signal.reason` tells the same
    "+TextEncoderStream.prototype": {"Symbol(Symbol.toStringTag)"},  # as in browsers
    "+TextDecoderStream.prototype": {"Symbol(Symbol.toStringTag)"},  # as in browsers
    "+pm.collectionVariables.constructor.prototype": {"id", "values"},  # made at their first use
    "-URL": {"createObjectURL", "revokeObjectURL"},  # nothing in the sandbox could load such an address
    "-DOMException.prototype": {"message"},  # here it is a property of each exception, as of any error
    "-console": {"constructor"},  # a plain object here
    "-jar": {"constructor"},  # a plain object here
    "-postman": {"__environment", "__execution", "__globals", "constructor"},  # the inside of Postman's sandbox
    "-pm.constructor.prototype": {"expect"},  # a member of pm itself
    "-pm.response": {"body"},  # undefined in Postman, too
    "-pm.variables": {"_layers"},  # private here
    "-param.__parent.constructor": {"_unlinkItemFromParent"},  # private here
    **{
        f"-pm.{path}": {"findInParents", "findParentContaining", "forEachParent", "meta", "parent", "setParent"}
        for path in (
            "collectionVariables.mutations",
            "environment.mutations",
            "globals.mutations",
            "variables.mutations",
            "collectionVariables.mutations.constructor.prototype",
        )
    },  # a tracker is not a property of anything
}
SWITCHES = {"_postman_enableTracking", "_postman_propertyRequiresId"}
"""Settings of the SDK's types that say how it builds them."""

INTERNAL = re.compile(r"Symbol\((k[A-Z]\w+|messaging_\w+|nodejs\..*|\[\[.*\]\])\)")
"""What Node and the library of the streams keep under symbols of their own."""


def bare(name: str) -> str:
    """A name without what it is: a getter here may be a plain value there, made at its first use."""
    return re.sub(r"(\(\)|:gs?|:s)$", "", name)


def counted(names: list[str]) -> set[str]:
    """The names that are compared."""
    return {bare(name) for name in names if not INTERNAL.match(name)} - SWITCHES


@pytest.fixture(scope="module")
def ours() -> dict[str, list[str]]:
    sandbox, scopes = Sandbox(timeout_ms=20000), Scopes()
    scopes.environment.set("a", "1")
    (listed,) = World(sandbox).run(SCRIPT, scopes=scopes, request=REQUEST).logged
    sandbox.close()
    return dict(json.loads(listed))


def differing(ours: dict[str, list[str]]) -> Iterator[tuple[str, set[str]]]:
    """Each way that both sides know, with the names that only one of them has."""
    for path in ours.keys() & POSTMAN.keys():
        mine, theirs = counted(ours[path]), counted(POSTMAN[path])
        yield f"+{path}", mine - theirs - (STATICS if re.search(r"\.(constructor|Type|super_)$", path) else set())
        yield f"-{path}", theirs - mine


def test_each_object_has_the_names_that_it_has_in_postman(ours):
    assert {path: names for path, names in differing(ours) if names} == DIFFERENCES


def test_nothing_is_reached_that_is_not_there_in_postman(ours):
    parents = {path.rpartition(".")[0] for path in ours}
    reached = {path for path in ours if path not in POSTMAN and path.rpartition(".")[0] in POSTMAN}
    assert len(parents & POSTMAN.keys()) > 40
    assert reached == set()


def test_the_only_callers_and_arguments_that_a_function_tells_are_the_script_s_own(run):
    ran = run("""
        const found = [];
        function look(name, own) { try { found.push([name, own()]) } catch (error) { found.push([name, error.name]) } }
        pm.test('called by the sandbox', function body() {
            for (const owner of [pm.test, pm.expect, console.log]) {
                for (const key of ['caller', 'arguments']) look(key, () => owner[key]);
            }
            look('its caller', () => body.caller);
        });
        (function own() { look('callee', () => String(arguments.callee.caller).includes('called by the sandbox')) })();
        console.log(found.filter(([, value]) => value !== 'TypeError'));
    """)
    assert ran.logged == [[["its caller", None], ["callee", True]]]
