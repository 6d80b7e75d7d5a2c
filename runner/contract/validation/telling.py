"""The errors of a validator as violations: what was expected, what is there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from runner.contract.findings import Violation
from runner.contract.validation.dialect import BASE
from runner.contract.validation.patterns import MARK
from runner.model.json import Json

if TYPE_CHECKING:
    from jsonschema import ValidationError

LONGEST = 120
"""Characters that are shown of a value."""


class Unresolved(LookupError):
    """Raised for a reference that leads to nothing; says why."""


def told(error: ValidationError, patterns: Mapping[str, str]) -> Violation:
    """A violation, with the innermost reason where a schema offers alternatives and one was meant.

    `patterns` are those of the document by what they are in Python.
    """
    found = _told(error, patterns)
    return Violation(found.path, found.expected, found.actual, cast(Json, error.instance))


def _told(error: ValidationError, patterns: Mapping[str, str]) -> Violation:
    while error.context:
        error = _meant(error.context)
    keyword, wanted = str(error.validator), cast(Any, error.validator_value)
    if keyword == "required":
        missing = [str(name) for name in wanted if isinstance(error.instance, dict) and name not in error.instance]
        return Violation(error.json_path, f"the property {_first(error, missing)}", "no such property")
    if keyword == "oneOf":  # without errors of the alternatives
        return Violation(error.json_path, "one alternative of oneOf", "a value that several take")
    if keyword in ("additionalProperties", "unevaluatedProperties", "false") or wanted is False:
        return Violation(error.json_path, "no other property", short(_original(error.message, patterns)))
    if keyword == "pattern":
        wanted = patterns.get(wanted, wanted)
    return Violation(error.json_path, f"{keyword} {short(wanted)}", short(error.instance))


def _original(message: str, patterns: Mapping[str, str]) -> str:
    if MARK in message:
        for translated, pattern in patterns.items():
            message = message.replace(repr(translated), repr(pattern))
    return message


def _meant(errors: Sequence[ValidationError]) -> ValidationError:
    """The first error of the alternative that was meant: `const` and `enum` tell them apart, then the number of errors.

    `errors` are those of all alternatives of `anyOf` or `oneOf`; the first step of their path says which one each is of.
    """
    by_alternative: dict[object, list[ValidationError]] = {}
    for error in errors:
        of = error.schema_path[0] if error.schema_path else None  # of an alternative that is only `false`
        by_alternative.setdefault(of, []).append(error)

    def strangeness(of: list[ValidationError]) -> tuple[bool, bool, int]:
        kinds = {str(error.validator) for error in of}
        whole = any(error.validator == "type" and not error.path for error in of)
        return whole, bool(kinds & {"const", "enum"}), len(of)

    return min(by_alternative.values(), key=strangeness)[0]


def _first(error: ValidationError, missing: list[str]) -> str:
    """The property that this error is about: there is one for each that is missing."""
    return next((repr(name) for name in missing if error.message.startswith(repr(name))), ", ".join(map(repr, missing)))


def short(value: object) -> str:
    """A value in few characters."""
    text = value if isinstance(value, str) and " " in value else json.dumps(value, ensure_ascii=False, default=str)
    text = text.replace(BASE, "")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def reason(error: BaseException) -> str:
    """Why a schema could not be used: which reference leads to nothing, or what is wrong with it."""
    if isinstance(error, RecursionError):
        return "one that leads back to itself, or a value that is nested too deeply"
    ref = getattr(error, "ref", "")
    while error.__cause__ is not None:
        error = error.__cause__
        ref = ref or getattr(error, "ref", "")
    if ref:
        name = str(ref).removeprefix(BASE)
        why = "" if hasattr(error, "ref") or not str(error) else f": {error}"
        return f"a reference to {name if '#' in name or '.' in name else f'#{name}'} that leads to nothing{why}"
    return f"{type(error).__name__}: {getattr(error, 'message', error)}"
