"""Validates values against the schemas of one document. What cannot be validated is told; it never counts as valid."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from runner.contract.dialect import BASE, VALUES, Dialect
from runner.contract.findings import Violation
from runner.foreign.openapi.documents import Document
from runner.model.json import Json

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator
    from referencing import Resource

MOST = 10
"""Violations of one value that are told one by one."""

LONGEST = 120
"""Characters that are shown of a value."""


class UnreadableFile(LookupError):
    """What a schema refers to is in no file that can be read."""


class Schemas:
    """The schemas of a document as one side sees them: `hidden` is `writeOnly` for responses, `readOnly` for requests."""

    def __init__(self, document: Document, hidden: str, *, old: bool, formats: bool) -> None:
        self._document = document
        self._dialect = Dialect(document.resolved, hidden, old=old)
        self._formats = formats
        self._validators: dict[int, tuple[Json, Validator]] = {}
        self._targets: dict[str, Json] = {}

    def violations(self, schema: Json, value: Json) -> list[Violation]:
        """What is wrong with a value; the first `MOST`, and how many more there are."""
        if schema is True or schema == {}:
            return []
        try:
            found = []
            for error in self._validator(schema).iter_errors(value):
                found.append(error)
                if len(found) > MOST:
                    break
            told = [_told(error) for error in found[:MOST]]
            return told + ([Violation("$", "no more than these", "further violations")] if len(found) > MOST else [])
        except Exception as error:  # an unresolved reference, a pattern that is none, a keyword with a wrong value, …
            return [Violation("$", "a schema that can be validated", _reason(error))]

    def _validator(self, schema: Json) -> Validator:
        known = self._validators.get(id(schema))
        if known is None:
            from jsonschema import Draft202012Validator, FormatChecker

            checker = FormatChecker() if self._formats else None
            translated: Any = self._without_references(self._dialect.translated(schema))
            Draft202012Validator.check_schema(translated)
            made = Draft202012Validator(translated, registry=self._registry, format_checker=checker)
            known = self._validators[id(schema)] = schema, made
        return known[1]

    def _without_references(self, schema: Json) -> Json:
        """A schema with what it refers to in the places of references: looking one up takes longer than most checks.

        A reference stays if it leads back to where it stands, to nothing, or has others beside it.
        """
        if isinstance(schema, list):
            return [self._without_references(one) for one in schema]
        if not isinstance(schema, dict) or "$id" in schema:
            return schema
        ref = schema.get("$ref")
        if not isinstance(ref, str) or len(schema) > 1:
            return {key: one if key in VALUES else self._without_references(one) for key, one in schema.items()}
        if ref not in self._targets:
            self._targets[ref] = schema  # for those that come across it while it is under way
            found = self._document.target(ref.removeprefix(BASE))
            if isinstance(found, dict) and "$id" not in found:
                self._targets[ref] = self._without_references(self._dialect.translated(found))
        return self._targets[ref]

    @cached_property
    def _registry(self) -> Any:
        from referencing import Registry

        return Registry(retrieve=self._retrieved)  # type: ignore[call-arg]

    def _retrieved(self, uri: str) -> Resource[Any]:
        """The document itself, or a file beside it."""
        from referencing.jsonschema import DRAFT202012

        name = unquote(uri.removeprefix(BASE)) if uri.startswith(BASE) else uri
        found = self._document.root if not name else self._document.target(name)
        if found is None:
            notes = [note.message for note in self._document.notes if name in note.message]
            raise UnreadableFile("; ".join(notes))
        contents: Any = self._dialect.translated(found)
        return DRAFT202012.create_resource(contents)


def _reason(error: BaseException) -> str:
    """Why a schema could not be used: which reference leads to nothing, or what is wrong with it."""
    ref = getattr(error, "ref", "")
    while error.__cause__ is not None:
        error = error.__cause__
        ref = ref or getattr(error, "ref", "")
    if ref:
        name = str(ref).removeprefix(BASE)
        why = f": {error}" if isinstance(error, UnreadableFile) else ""
        return f"a reference to {name if '#' in name or '.' in name else f'#{name}'} that leads to nothing{why}"
    return f"{type(error).__name__}: {getattr(error, 'message', error)}"


def _told(error: ValidationError) -> Violation:
    """A violation, with the innermost reason where a schema offers alternatives and one was meant."""
    while error.context:
        error = _meant(error.context)
    keyword, wanted = str(error.validator), cast(Any, error.validator_value)
    if keyword == "required":
        missing = [str(name) for name in wanted if isinstance(error.instance, dict) and name not in error.instance]
        return Violation(error.json_path, f"the property {_first(error, missing)}", "no such property")
    if keyword == "oneOf":  # without errors of the alternatives
        return Violation(error.json_path, "one alternative of oneOf", "a value that several take")
    if keyword in ("additionalProperties", "unevaluatedProperties", "false") or wanted is False:
        return Violation(error.json_path, "no other property", _short(error.message))
    return Violation(error.json_path, f"{keyword} {_short(wanted)}", _short(error.instance))


def _meant(errors: Sequence[ValidationError]) -> ValidationError:
    """The first error of the alternative that was meant: `const` and `enum` tell them apart, then the number of errors.

    `errors` are those of all alternatives of `anyOf` or `oneOf`; the first step of their path says which one each is of.
    """
    by_alternative: dict[object, list[ValidationError]] = {}
    for error in errors:
        by_alternative.setdefault(error.schema_path[0], []).append(error)

    def strangeness(of: list[ValidationError]) -> tuple[bool, bool, int]:
        kinds = {str(error.validator) for error in of}
        whole = any(error.validator == "type" and not error.path for error in of)
        return whole, bool(kinds & {"const", "enum"}), len(of)

    return min(by_alternative.values(), key=strangeness)[0]


def _first(error: ValidationError, missing: list[str]) -> str:
    """The property that this error is about: there is one for each that is missing."""
    return next((repr(name) for name in missing if error.message.startswith(repr(name))), ", ".join(map(repr, missing)))


def _short(value: object) -> str:
    import json

    text = value if isinstance(value, str) and " " in value else json.dumps(value, ensure_ascii=False, default=str)
    text = text.replace(BASE, "")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
