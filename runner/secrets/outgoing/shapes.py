"""Masks parts of reports again, after a secret became known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runner.secrets.mask import Secrets

Rules = Mapping[str, Callable[[Secrets, str], str]]

_RULES: Rules = {
    "assertion": Secrets.mask_test,
    "test": Secrets.mask_test,
    "owner": Secrets.mask_place,
    "stack": Secrets.mask_report,
    "hint": Secrets.mask_report,
}
"""The fields of reports that are or mention names of tests and items, and how these are masked."""


OWN_KEYS = frozenset((
    "Collection", "Error", "Failures", "Id", "Info", "Message", "Name", "Parent", "Run", "Source", "Stats", "Test",
    "Timings", "_postman_id", "_postman_variable_scope", "about", "assertion", "assertions", "at", "attachments",
    "attempt", "attempts", "auth", "bar", "bars", "before", "body", "bof", "browser_title", "buildName", "buildOrder",
    "buildUrl", "bytes", "changed", "checksum", "chunks", "classname", "clean", "code", "collection", "collections",
    "columnNumber", "completed", "console", "cookie", "count", "counters", "coverage", "covered", "cr", "cursor",
    "cycles", "data", "date", "delay", "description", "details", "diff", "different", "disabled", "document", "domain",
    "duration", "empty", "environment", "eof", "error", "errors", "event", "exec", "exit_code", "expires", "failed",
    "failures", "files", "first", "flaky", "folders", "fullName", "globals", "hash", "header", "headers", "height",
    "hint", "historyId", "host", "hostOnly", "hostname", "httpOnly", "httpRequestId", "id", "index", "info", "iso",
    "item", "items", "iteration", "iterations", "judged", "key", "kind", "kinds", "labels", "leftOut", "length",
    "lineNumber", "links", "listen", "main", "matched", "matchedStatuses", "message", "messageRegex", "method",
    "missing", "mode", "more", "more_kinds", "more_warnings", "name", "narrowed", "new", "number", "omitted", "open",
    "operation", "operations", "options", "others", "own", "owner", "package", "parameters", "parent", "password",
    "path", "percent", "phases", "plan", "position", "postrunner", "protocol", "raw", "reason", "reasons", "ref",
    "remote", "removed", "request", "requestError", "requests", "response", "responseSize", "responseTime",
    "responseTotal", "result", "revision", "row", "rows", "run", "said", "schema", "scopes", "script", "scriptId",
    "scripts", "secure", "seenParameters", "seenStatuses", "selection", "sent", "shard", "size", "sizes", "skipped",
    "slowest", "snapshots", "source", "span", "src", "stack", "stacktrace", "stage", "start", "started", "state",
    "status", "statusDetails", "statuses", "steps", "stop", "stream", "style", "test", "testCaseId", "tests", "text",
    "time", "timestamp", "title", "tls", "told", "trace", "trend", "type", "unit", "unused", "updated", "url", "user",
    "uuid", "value", "values", "variable", "verdict", "version", "warnings", "what", "width", "x", "y",
))  # fmt: skip
"""The keys that reports themselves write: they stay though a secret is the same word, or the report would say nothing."""


def masked_shape(shape: Any, secrets: Secrets, rules: Rules) -> Any:
    """A part of a report without secrets, in which the names of tests and items stay as the collection has them."""
    masked, rules = secrets.mask_json(shape), {**_RULES, **rules}
    waiting = [(shape, masked)]
    while waiting:
        one, shown = waiting.pop()
        if isinstance(one, list):
            waiting += zip(one, shown, strict=True)
        elif isinstance(one, dict) and isinstance(shown, dict):
            _name_again(one, shown)
            keys = one.keys() & shown.keys()
            for key in keys & rules.keys():
                if isinstance(one[key], str):
                    shown[key] = rules[key](secrets, one[key])
            waiting += [(one[key], shown[key]) for key in keys]
    return masked


def _name_again(one: dict[str, Any], shown: dict[str, Any]) -> None:
    """Give the keys of reports back to an object in which they were masked."""
    if one.keys() == shown.keys() or len(one) != len(shown):
        return
    named = [key if key in OWN_KEYS else masked for key, masked in zip(one, shown, strict=True)]
    values = [*shown.values()]
    shown.clear()
    shown.update(zip(named, values, strict=True))
