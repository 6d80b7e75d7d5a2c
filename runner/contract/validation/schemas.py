"""Validates values against the schemas of one document. What cannot be validated is told; it never counts as valid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from runner.contract.findings import Violation
from runner.contract.validation.dialect import ALONE, BASE, MAPS, OWN, VALUES, Dialect, dialect_of, members
from runner.contract.validation.fast import Fast
from runner.contract.validation.telling import Unresolved, reason, told
from runner.foreign.openapi.documents import Document
from runner.model.json import Json

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator
    from referencing import Resource

MOST = 10
"""Violations of one value that are told one by one."""

TARGET = "contract://target/"
"""Below it is what references lead to, by number."""


class _Compiled(NamedTuple):
    """A schema, its validator, and what says quickly that a value is valid, if there is such a thing."""

    schema: Json
    validator: Validator
    is_valid: Callable[[Json], bool] | None


class Schemas:
    """The schemas of a document as one side sees them: `hidden` is `writeOnly` for responses, `readOnly` for requests.

    With `fast` valid values are told by jsonschema-rs if it is installed; what it finds invalid is validated again.
    """

    def __init__(self, document: Document, hidden: str, *, old: bool, formats: bool, fast: bool = True) -> None:
        self._document = document
        self._hidden, self._old = hidden, old
        self._formats = formats
        self._compiled: dict[int, _Compiled] = {}
        self._targets: dict[str, Json] = {}
        self._addresses: dict[str, str] = {}
        self._by_address: dict[str, Json] = {}
        self._whole: dict[str, Json] = {}
        self._resources: dict[str, Resource[Any]] = {}
        self._fast = Fast(self._target, formats=formats) if fast else None

    def violations(self, schema: Json, value: Json) -> list[Violation]:
        """What is wrong with a value; the first `MOST`, and how many more there are."""
        if schema is True or schema == {}:
            return []
        try:
            compiled = self._compiled.get(id(schema)) or self._compile(schema)
            if compiled.is_valid is not None and compiled.is_valid(value):
                return []
            found: list[ValidationError] = []
            for error in compiled.validator.iter_errors(value):
                found.append(error)
                if len(found) > MOST:
                    break
            wrong = [told(error, self._dialect.patterns) for error in found[:MOST]]
            return wrong + ([Violation("$", "no more than these", "further violations")] if len(found) > MOST else [])
        except Exception as error:  # an unresolved reference, a pattern that is none, a keyword with a wrong value, …
            return [Violation("$", "a schema that can be validated", reason(error))]

    def _compile(self, schema: Json) -> _Compiled:
        from runner.contract.validation.validators import checked, validator_for

        translated = self._dialect.translated(schema)
        uri = self._dialect.default
        if uri != OWN or any(self._has_others(one) for one in self._reachable(translated)):
            made = validator_for(translated, uri, self._registry, formats=self._formats)
            compiled = _Compiled(schema, made, None)
        else:
            checked(translated, uri)
            inline = self._without_references(translated)
            made = validator_for(inline, uri, self._registry, formats=self._formats, check=False)
            compiled = _Compiled(schema, made, self._fast.validator(translated) if self._fast else None)
        self._compiled[id(schema)] = compiled
        return compiled

    @cached_property
    def _dialect(self) -> Dialect:
        """The translation of schemas; raises `UnknownDialect`."""
        named = self._document.root.get("jsonSchemaDialect")
        default = dialect_of(named) if isinstance(named, str) else OWN
        return Dialect(self._document.resolved, self._hidden, old=self._old, default=default)

    def _reachable(self, schema: Json) -> Iterator[Json]:
        """A schema, and everything that its references lead to."""
        yield schema
        seen: set[str] = set()
        waiting = list(_references(schema))
        while waiting:
            ref = waiting.pop()
            if ref not in seen:
                seen.add(ref)
                found = self._target(ref)
                yield found
                waiting += _references(found)

    def _has_others(self, schema: Json) -> bool:
        """Whether anything in a schema has to be validated where it stands, or by another dialect."""
        found = ((key, one[key]) for one in _objects(schema) for key in ALONE & one.keys())
        return any(isinstance(value, (str, bool)) and (key, value) != ("$schema", OWN) for key, value in found)

    def _target(self, ref: str) -> Json:
        """What a reference leads to, translated; None if nothing."""
        if ref not in self._targets:
            name = ref.removeprefix(BASE)
            found = self._document.target(name)
            self._targets[ref] = self._dialect.translated(found, of_file=not name.startswith("#"))
        return self._targets[ref]

    def _without_references(self, schema: Json) -> Json:
        """A schema with what it refers to in the places of references: looking one up takes longer than most checks.

        A reference stays if it leads back to where it stands, to nothing, or has others beside it.
        """
        if isinstance(schema, list):
            return [self._without_references(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        ref = schema.get("$ref")
        if not isinstance(ref, str):
            return {key: self._inline_member(key, one) for key, one in schema.items() if key != "$schema"}
        whole = self._inline(ref)
        if len(schema) == 1:
            return whole
        rest = {key: one for key, one in schema.items() if key != "$ref"}
        inline = self._without_references(rest)
        assert isinstance(inline, dict)
        return {**inline, "$ref": self._address(ref)}

    def _inline_member(self, key: str, member: Json) -> Json:
        if key in MAPS and isinstance(member, dict):
            return {name: self._without_references(one) for name, one in member.items()}
        return member if key in VALUES else self._without_references(member)

    def _inline(self, ref: str) -> Json:
        if ref not in self._whole:
            from runner.contract.validation.validators import checked

            self._whole[ref] = {"$ref": self._address(ref)}  # for those that come across it while it is under way
            found = self._target(ref)
            if found is not None:
                checked(found, OWN)
                self._whole[ref] = self._without_references(found)
        return self._whole[ref]

    def _address(self, ref: str) -> str:
        """Where the registry has what a reference leads to; the reference itself if that is nothing."""
        found = self._target(ref)
        if found is None:
            return ref
        address = self._addresses.setdefault(ref, f"{TARGET}{len(self._addresses)}")
        self._by_address[address] = found
        return address

    @cached_property
    def _registry(self) -> Any:
        from referencing import Registry

        return Registry(retrieve=self._retrieved)  # type: ignore[call-arg]

    def _retrieved(self, uri: str) -> Resource[Any]:
        """What a reference leads to, the document itself, or a file beside it."""
        from referencing.jsonschema import DRAFT202012

        if uri not in self._resources:
            self._resources[uri] = DRAFT202012.create_resource(self._contents(uri))
        return self._resources[uri]

    def _contents(self, uri: str) -> Any:
        if uri.startswith(TARGET):
            return self._without_references(self._by_address[uri])
        from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

        if uri in REGISTRY:
            return REGISTRY[uri].contents
        name = unquote(uri.removeprefix(BASE)) if uri.startswith(BASE) else uri
        named = next((one for one in _objects(self._document.root) if name and one.get("$id") == name), None)
        found = named or (self._document.target(name) if name else self._document.root)
        if found is None:
            notes = [note.message for note in self._document.notes if name in note.message]
            raise Unresolved("; ".join(notes))
        return self._dialect.translated(found, of_file=bool(name) and named is None)


def _objects(schema: Json) -> Iterator[dict[str, Json]]:
    """Every object of a schema, those in values left out."""
    waiting: list[Json] = [schema]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield found
            waiting += [member for _, member in members(found)]
        elif isinstance(found, list):
            waiting += found


def _references(schema: Json) -> Iterator[str]:
    for one in _objects(schema):
        if isinstance(ref := one.get("$ref"), str):
            yield ref
