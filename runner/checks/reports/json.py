"""Findings as JSON, and as SARIF 2.1.0 (OASIS) for code scanning."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

from runner.checks.check import Checked
from runner.checks.finding import Finding, Severity
from runner.checks.rule import Rule
from runner.checks.table import RULES
from runner.errors import PostrunnerError
from runner.model.json import JsonObject
from runner.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
PAGE = "docs/check.md"


def as_json(checked: Checked) -> JsonObject:
    """`findings`, the `unreadable` files and the number of `files`."""
    return {
        "files": len(checked.files),
        "findings": [_finding(finding) for finding in checked.findings],
        "unreadable": [_unreadable(error) for error in checked.unreadable],
    }


def _finding(finding: Finding) -> JsonObject:
    return {
        "id": finding.id,
        "severity": finding.severity.word,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "path": finding.path,
        "item": finding.item,
        "message": finding.message,
        "hint": finding.hint,
        "fix": finding.fix,
    }


def _unreadable(error: PostrunnerError) -> JsonObject:
    return {"file": error.where, "message": error.message, "hint": error.hint}


def as_sarif(checked: Checked) -> JsonObject:
    """One run with the rules, the results, and the files that cannot be read as notifications."""
    used = {finding.id for finding in checked.findings}
    rules = [rule for rule in RULES if rule.id in used]
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    driver = {"name": "postrunner", "version": __version__, "rules": [_rule(rule) for rule in rules]}
    notifications = [
        {"level": "error", "message": {"text": str(error)}, "descriptor": {"id": "unreadable"}}
        for error in checked.unreadable
    ]
    invocation = {"executionSuccessful": not checked.unreadable, "toolExecutionNotifications": notifications}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": [_result(finding, numbers[finding.id]) for finding in checked.findings],
            }
        ],
    }


def _rule(rule: Rule) -> JsonObject:
    return {
        "id": rule.id,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.doc},
        "help": {"text": f"{rule.doc} Example: {rule.example}. See {PAGE}."},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(finding: Finding, number: int) -> JsonObject:
    path = finding.file
    uri = Path(path).as_uri() if os.path.isabs(path) else quote(path.replace(os.sep, "/"))
    text = f"{finding.message}. {finding.hint}" if finding.hint else finding.message
    logical = [{"fullyQualifiedName": finding.item, "kind": "member"}] if finding.item else []
    place = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": finding.line, "startColumn": finding.column},
        },
        "logicalLocations": [*logical, {"fullyQualifiedName": finding.path or "$", "kind": "element"}],
    }
    told = "\0".join((finding.id, uri, finding.item, finding.message))
    return {
        "ruleId": finding.id,
        "ruleIndex": number,
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [place],
        "partialFingerprints": {"postrunner/v1": hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]},
    }
