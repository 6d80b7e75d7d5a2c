"""The validators of `jsonschema`, with exact multiples and all formats."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from runner.contract.validation.formats import OF_NUMBERS, OF_TEXTS, conforms
from runner.model.json import Json

if TYPE_CHECKING:
    from jsonschema import FormatChecker, ValidationError
    from jsonschema.protocols import Validator


def is_multiple(number: int | float, of: int | float) -> bool:
    """Whether a number is a multiple of another one, as both are written: 4.35 is one of 0.01."""
    return (_exactly(number) / _exactly(of)).denominator == 1


def _exactly(number: int | float) -> Fraction:
    return Fraction(number) if isinstance(number, int) else Fraction(str(number))


def _multiple_of(validator: Any, of: int | float, instance: Any, _: object) -> Iterator[ValidationError]:
    from jsonschema import ValidationError

    if validator.is_type(instance, "number") and not is_multiple(instance, of):
        yield ValidationError(f"{instance!r} is not a multiple of {of}")


@cache
def _class(dialect: str) -> Any:
    """The validator of a dialect; raises `LookupError` for one that it does not know."""
    import jsonschema
    from jsonschema.validators import extend

    by_uri = {
        "https://json-schema.org/draft/2020-12/schema": jsonschema.Draft202012Validator,
        "https://json-schema.org/draft/2019-09/schema": jsonschema.Draft201909Validator,
        "http://json-schema.org/draft-07/schema": jsonschema.Draft7Validator,
        "http://json-schema.org/draft-06/schema": jsonschema.Draft6Validator,
        "http://json-schema.org/draft-04/schema": jsonschema.Draft4Validator,
    }
    return extend(by_uri[dialect], {"multipleOf": _multiple_of})  # type: ignore[no-untyped-call]


@cache
def _formats() -> FormatChecker:
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    checker.checkers = {name: (partial(conforms, format=name), ()) for name in (*OF_TEXTS, *OF_NUMBERS)}
    return checker


def checked(schema: Any, dialect: str) -> None:
    """Raise `jsonschema.SchemaError` for a keyword with a wrong value."""
    _class(dialect).check_schema(schema)


def validator_for(schema: Json, dialect: str, registry: Any, *, formats: bool, check: bool = True) -> Validator:
    """A validator of a schema; raises `jsonschema.SchemaError` for a keyword with a wrong value."""
    named = schema.get("$schema") if isinstance(schema, dict) else None
    cls = _class(named if isinstance(named, str) else dialect)
    if check:
        cls.check_schema(schema)
    made: Validator = cls(schema, registry=registry, format_checker=_formats() if formats else None)
    return made
