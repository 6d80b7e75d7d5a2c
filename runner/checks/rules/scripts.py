"""Scripts: those that cannot be parsed, members that `pm` does not have, and the old API."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from runner.checks.rules.pm_members import MEMBERS
from runner.checks.subject import CollectionSubject
from runner.checks.tree import Problem, ScriptText
from runner.model.json import JsonObject

NEW_NAMES = {
    "tests": "pm.test()",
    "globals": "pm.globals",
    "environment": "pm.environment",
    "data": "pm.iterationData",
    "request": "pm.request",
    "responseCookies": "pm.cookies",
    "responseHeaders": "pm.response.headers",
    "responseTime": "pm.response.responseTime",
    "responseCode": "pm.response.code",
    "responseBody": "pm.response.text()",
    "iteration": "pm.info.iteration",
    "xml2Json": "require('xml2js')",
    "postman.getResponseCookie": "pm.cookies.get()",
    "postman.getResponseHeader": "pm.response.headers.get()",
}
"""The present counterparts of names of the old API that changed in more than their name."""

SAME = {
    "postman.setNextRequest": "pm.execution.setNextRequest",
    "postman.getEnvironmentVariable": "pm.environment.get",
    "postman.clearEnvironmentVariables": "pm.environment.clear",
    "postman.clearEnvironmentVariable": "pm.environment.unset",
    "postman.getGlobalVariable": "pm.globals.get",
    "postman.clearGlobalVariables": "pm.globals.clear",
    "postman.clearGlobalVariable": "pm.globals.unset",
}
"""Functions of the old API that only got another name. `--fix` replaces these and no others."""

TEXTS = {"postman.setEnvironmentVariable": "pm.environment.set()", "postman.setGlobalVariable": "pm.globals.set()"}
"""Functions that turn their argument into a string, which their present counterparts do not."""

COPIES = frozenset({"environment", "globals"})
"""What the old functions also change and the present ones do not. A script that has both is left as it is."""


def syntax(subject: CollectionSubject) -> Iterator[Problem]:
    """A script is not valid JavaScript: nothing in it would run."""
    for script in subject.scripts:
        at = script.told.get("at")
        if "error" in script.told and isinstance(at, int):
            reason = str(script.told["error"]).rpartition(" (")[0]
            yield script.problem(f"the {script.listens} script is not JavaScript: {reason}", at)


def unknown_member(subject: CollectionSubject) -> Iterator[Problem]:
    """A script uses a member that `pm` or one of its objects does not have."""
    for script in subject.scripts:
        for fact in script.lint("member"):
            above, name = _unknown(fact)
            if name:
                near = get_close_matches(name, sorted(MEMBERS[above]), 1, 0.6)
                owner = ".".join(filter(None, ("pm", above)))
                hint = f"did you mean {owner}.{near[0]}?" if near else ""
                yield script.problem(f"{owner} has no member {name!r}", fact["start"], hint=hint)


def _unknown(fact: JsonObject) -> tuple[str, str]:
    """The first member of a chain that does not exist, and the object it was looked for in; both empty if all exist."""
    above = ""
    for name in str(fact["name"]).split(".") if not fact["guarded"] else ():
        if above not in MEMBERS:
            break
        if name not in MEMBERS[above] and not name.startswith("_"):
            return above, name
        above = f"{above}.{name}" if above else name
    return "", ""


def no_response_yet(subject: CollectionSubject) -> Iterator[Problem]:
    """A pre-request script uses `pm.response`, which does not exist before the request is sent."""
    for script in subject.scripts:
        told = False
        for fact in script.lint("member"):
            first, *more = str(fact["name"]).split(".")
            if script.listens == "prerequest" and first == "response" and more and not fact["guarded"] and not told:
                told = True
                yield script.problem("a pre-request script has no pm.response: the request was not sent yet", fact["start"])


def old_api(subject: CollectionSubject) -> Iterator[Problem]:
    """A script uses Postman's API from before `pm`: one finding for each name in a script."""
    for script in subject.scripts:
        found: dict[str, list[JsonObject]] = {}
        for fact in script.lint("old"):
            if not fact.get("guarded") or fact["name"] in SAME:
                found.setdefault(fact["name"], []).append(fact)
        copies = not found.keys().isdisjoint(COPIES)
        for name, uses in found.items():
            if name in SAME or name in TEXTS or name in NEW_NAMES:
                yield _old(script, name, uses, fixable=name in SAME and not copies)


def _old(script: ScriptText, name: str, uses: list[JsonObject], fixable: bool) -> Problem:
    more = "" if len(uses) == 1 else f" ({len(uses)} times)"
    instead = SAME.get(name) or TEXTS.get(name) or NEW_NAMES[name]
    edits = [script.edit(use["start"], use["end"], SAME[name]) for use in uses] if fixable else []
    return script.problem(
        f"{name} is deprecated{more}",
        uses[0]["start"],
        hint=f"use {instead}",
        fix=f"write {instead}" if edits else "",
        edits=tuple(edits),
    )
