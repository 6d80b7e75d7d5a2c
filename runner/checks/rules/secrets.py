"""Secrets in plain text in a file. No message ever contains a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from runner.checks.rules.intent import expects_refusal
from runner.checks.subject import CollectionSubject, VariablesSubject
from runner.checks.tree import Node, Problem
from runner.formats.places import Steps
from runner.model.json import Json
from runner.secrets import is_hideable, names_a_secret
from runner.secrets.known import COMMON, SHORTEST, scheme_of
from runner.secrets.names import words, words_of

HINT = "keep it outside of the file: a variable that --env-var or POSTRUNNER_ENV_VAR gives"

_ISSUED = re.compile(
    r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{36,}|github_pat_\w{40,}|glpat-[\w-]{20,}|[sr]k_live_\w{20,}|xox[abprs]-[\w-]{20,}"
    r"|AIza[\w-]{35}|SG\.[\w-]{20,}\.[\w-]{30,}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|npm_\w{36}|dckr_pat_[\w-]{20,})(?![\w-])"
    r"|\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*(?:\\n)?[A-Za-z0-9+/]{20}"
)
"""Keys and tokens that are recognised by their form: those of well-known issuers, signed JWTs, private keys."""

_EXAMPLES = ("eyJzdWIiOiIxMjM0NTY3ODkwIiw", "EXAMPLE")
"""Parts of sample tokens and keys in documentation: the subject 1234567890, the end of AWS's sample key."""

_NO_VALUE = re.compile(r"[<\[(%$].*[>\])%}]|(.)\1*|x[-x]*|\.{3}|0?1234\d*|[a-z]{2,8}\d{0,3}", re.IGNORECASE | re.DOTALL)
"""Placeholders for a value that is filled in later: brackets, one repeated letter, counted digits, a short word."""

_SIGNING = words("digest hawk oauth aws4-hmac-sha256 eg1-hmac-sha256 ntlm negotiate")
"""Authorization schemes that hold the signature of a single request."""

_SENT = (
    ("originalRequest", "header"),
    ("originalRequest", "url", "query"),
    ("request", "headers"),
    ("request", "queryParams"),
)
"""Where the request of a saved example keeps its headers and parameters, in JSON and in YAML."""

_FILLED_IN = words(
    "your my example sample dummy fake placeholder change changeme replace insert enter todo here demo test testing foo bar"
    " some any abc valid invalid wrong incorrect bad bogus nonexistent not expired random"
)
"""Words in invented values."""


def in_collection(subject: CollectionSubject) -> Iterator[Problem]:
    """A variable, auth, header or parameter of a collection holds a secret; or any text a token of a known form.

    The same secret is reported once. Secrets in requests that expect to be refused count as invented.
    """
    found: dict[str, list[tuple[Node, Steps, str]]] = {}
    for node in subject.nodes:
        if expects_refusal(node):
            continue
        told: set[Steps] = set()
        for steps, name, value in _named(node):
            if isinstance(value, str) and is_secret(name, value):
                told.add(steps)
                found.setdefault(value, []).append((node, steps, f"{_where(steps)} {name!r} holds a secret in plain text"))
        for steps, text in _texts(node):
            if (issued := _issued(text)) and not any(steps[: len(one)] == one for one in told):
                found.setdefault(issued, []).append((node, steps, "this text holds a key or token in plain text"))
    for node in subject.examples:
        if not expects_refusal(node):
            for value, steps, message in _in_example(node):
                found.setdefault(value, []).append((node, steps, message))
    for places in found.values():
        node, steps, message = places[0]
        more = f" (in {len(places)} places)" if len(places) > 1 else ""
        yield node.problem(message + more, *steps, hint=HINT)


def _in_example(node: Node) -> Iterator[tuple[str, Steps, str]]:
    """The secrets of a saved example: those its request was sent with, and any token of a known form."""
    told: set[Steps] = set()
    for steps, name, value in (pair for place in _SENT for pair in _pairs(node, *place)):
        if isinstance(value, str) and name.lower() != "cookie" and is_secret(name, value):
            told.add(steps)
            yield value, steps, f"{_where(steps)} {name!r} of a saved example holds a secret in plain text"
    for steps, text in _texts(node, but=()):
        if (issued := _issued(text)) and not any(steps[: len(one)] == one for one in told):
            yield issued, steps, "this text of a saved example holds a key or token in plain text"


def in_variables(subject: VariablesSubject) -> Iterator[Problem]:
    """A variable of an environment or globals file holds a secret."""
    for steps, row in subject.rows():
        name, value = row.get("key"), row.get("value")
        marked = row.get("type") == "secret" or row.get("secret") is True
        if isinstance(name, str) and (is_secret(name, value, marked) or (isinstance(value, str) and _issued(value))):
            yield subject.problem(f"the variable {name!r} holds a secret in plain text", (*steps, "value"), HINT)


def is_secret(name: str, value: Json, marked: bool = False) -> bool:
    """Whether a value under this name is a real secret, not a placeholder; `marked`: its file calls it secret."""
    if not (marked or names_a_secret(name)) or not isinstance(value, str) or "{{" in value or not is_hideable(value):
        return False
    scheme = scheme_of(name, value)
    text = value[len(scheme) :].strip()
    if scheme.strip().lower() in _SIGNING:
        return False
    if len(text) < SHORTEST or text.lower() in COMMON or _NO_VALUE.fullmatch(text):
        return False
    repeats_its_name = set(words_of(text)) <= set(words_of(name)) and not any(map(str.isdigit, text))
    return not (
        repeats_its_name
        or _FILLED_IN.intersection(words_of(text))
        or names_a_secret(text)
        or any(example in text for example in _EXAMPLES)
    )


def _issued(text: str) -> str:
    """The key or token of a known form in a text; empty if there is none."""
    found = _ISSUED.search(text)
    return found[0] if found and not any(example in found[0] for example in _EXAMPLES) else ""


def _named(node: Node) -> Iterator[tuple[Steps, str, Json]]:
    """The name-value pairs in the JSON of a node, with the steps to each."""
    root: Steps = ("request",) if node.is_item else ()
    if not node.trail:
        yield from _pairs(node, "variable")
    kind = node.get(*root, "auth", "type")
    if isinstance(kind, str):
        for steps, name, value in _pairs(node, *root, "auth", kind):
            # Of an API key the secret is the value, whatever it is called.
            yield steps, "api_key" if kind == "apikey" and name == "value" else name, value
    if node.is_item:
        for steps, name, value in (*_pairs(node, "request", "header"), *_pairs(node, "request", "url", "query")):
            if name.lower() != "cookie":
                yield steps, name, value


def _pairs(node: Node, *steps: str | int) -> Iterator[tuple[Steps, str, Json]]:
    found = node.get(*steps)
    for inner, row in node.rows(*steps):
        name = row.get("key")
        if isinstance(name, str) and not row.get("disabled"):
            yield inner, name, row.get("value")
    if isinstance(found, dict):
        yield from (((*steps, key), key, value) for key, value in found.items())


def _texts(node: Node, but: Sequence[str] = ("item", "response")) -> Iterator[tuple[Steps, str]]:
    """Every text of a node itself, without its children and saved examples."""
    waiting: list[tuple[Steps, Json]] = []
    waiting += [((key,), value) for key, value in node.source.items() if key not in but][::-1]
    while waiting:
        steps, value = waiting.pop()
        if isinstance(value, str):
            if len(value) >= SHORTEST:
                yield steps, value
        elif isinstance(value, dict):
            waiting += [((*steps, key), one) for key, one in value.items() if key != "raw" or "body" in steps][::-1]
        elif isinstance(value, list):
            waiting += [((*steps, number), one) for number, one in enumerate(value)][::-1]


def _where(steps: Steps) -> str:
    if "header" in steps or "headers" in steps:
        return "the header"
    return (
        "the parameter"
        if "query" in steps or "queryParams" in steps
        else "the auth parameter"
        if "auth" in steps
        else "the variable"
    )
