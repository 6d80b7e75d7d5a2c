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
"""What stands for a name of the old API today, where more than the name changes."""

SAME = {
    "postman.setNextRequest": "pm.execution.setNextRequest",
    "postman.getEnvironmentVariable": "pm.environment.get",
    "postman.clearEnvironmentVariables": "pm.environment.clear",
    "postman.clearEnvironmentVariable": "pm.environment.unset",
    "postman.getGlobalVariable": "pm.globals.get",
    "postman.clearGlobalVariables": "pm.globals.clear",
    "postman.clearGlobalVariable": "pm.globals.unset",
}
"""Functions of the old API that do the same under another name: only these are replaced by `--fix`."""

TEXTS = {"postman.setEnvironmentVariable": "pm.environment.set()", "postman.setGlobalVariable": "pm.globals.set()"}
"""Functions that make a text of what they are given, which those of today do not."""

COPIES = frozenset({"environment", "globals"})
"""What the old functions also change; those of today do not. A script with both is left as it is."""


def syntax(subject: CollectionSubject) -> Iterator[Problem]:
    """A script is no JavaScript: nothing of it would run."""
    for script in subject.scripts:
        at = script.told.get("at")
        if "error" in script.told and isinstance(at, int):
            reason = str(script.told["error"]).rpartition(" (")[0]
            yield script.problem(f"the {script.listens} script is no JavaScript: {reason}", at)


def unknown_member(subject: CollectionSubject) -> Iterator[Problem]:
    """A script uses a member that `pm` or something of it does not have."""
    for script in subject.scripts:
        for fact in script.lint("member"):
            above, name = _unknown(fact)
            if name:
                near = get_close_matches(name, sorted(MEMBERS[above]), 1, 0.6)
                owner = ".".join(filter(None, ("pm", above)))
                hint = f"did you mean {owner}.{near[0]}?" if near else ""
                yield script.problem(f"{owner} has no member {name!r}", fact["start"], hint=hint)


def _unknown(fact: JsonObject) -> tuple[str, str]:
    """The first member of a chain that is not there, behind what has it; empty names if there is none."""
    above = ""
    for name in str(fact["name"]).split(".") if not fact["guarded"] else ():
        if above not in MEMBERS:
            break
        if name not in MEMBERS[above] and not name.startswith("_"):
            return above, name
        above = f"{above}.{name}" if above else name
    return "", ""


def no_response_yet(subject: CollectionSubject) -> Iterator[Problem]:
    """A pre-request script uses `pm.response`, which is not there before the request was sent."""
    for script in subject.scripts:
        told = False
        for fact in script.lint("member"):
            first, *more = str(fact["name"]).split(".")
            if script.listens == "prerequest" and first == "response" and more and not fact["guarded"] and not told:
                told = True
                yield script.problem("a pre-request script has no pm.response: the request was not sent yet", fact["start"])


def old_api(subject: CollectionSubject) -> Iterator[Problem]:
    """A script uses the API that Postman had before `pm`: one finding for each of its names in a script."""
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
