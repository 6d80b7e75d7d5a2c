"""Postman's own rules for the files of v3 collections, with its ids and texts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from runner.checks.documents.document import Document, EmptyDocument
from runner.checks.finding import Edit, Spot
from runner.checks.subject import CollectionSubject
from runner.checks.tree import Node, Problem
from runner.formats.format import YAML
from runner.formats.v3.fields.definition import COLLECTION, FOLDER
from runner.formats.v3.fields.example import EXAMPLE as EXAMPLE_FIELDS
from runner.formats.v3.fields.request import RULES
from runner.formats.v3.names import stem_of
from runner.formats.v3.paths import DEFINITION, EXAMPLE, REQUEST, RESOURCES, SIDE_FILE, stem_in

KNOWN = (*REQUEST, *EXAMPLE, ".message.yaml", ".message.yml")
_DASHES = re.compile("-+")
LONGEST = 64
"""The longest stem that Postman writes, in bytes."""

_IN_REQUEST = {kind: {"$kind", "schema", *(rule.key for rule in rules)} for kind, rules in RULES.items()}
_IN_DEFINITION = {"$kind", *(rule.key for rule in (*COLLECTION, *FOLDER))}
_IN_EXAMPLE = {"$kind", *(rule.key for rule in EXAMPLE_FIELDS)}


def wrong_stem(subject: CollectionSubject) -> Iterator[Problem]:
    """A request file has a name that some file systems reject."""
    for place, _, names in subject.listing:
        for name in names:
            stem = stem_in(name, REQUEST)
            if stem and _is_unsafe(stem):
                yield _about(place, name, f'Invalid request filename stem "{stem}".')


def wrong_folder_name(subject: CollectionSubject) -> Iterator[Problem]:
    """A folder has a name that some file systems reject."""
    for place, folders, _ in subject.listing:
        for name in folders if RESOURCES not in _parts(place) else ():
            if name != RESOURCES and _is_unsafe(name):
                reason = f'Folder name "{name}" contains characters unsafe for filesystem operations.'
                yield _about(place, name, f'{reason} Rename to "{stem_of(name, "-")}".')


def same_but_for_case(subject: CollectionSubject) -> Iterator[Problem]:
    """Two entries of a folder differ in case only."""
    for place, folders, names in subject.listing:
        seen: set[str] = set()
        for name in (*folders, *names):
            if name.lower() in seen:
                yield _about(place, name, f"Case-insensitive filename collision in directory: {name}")
            seen.add(name.lower())


def foreign_examples(subject: CollectionSubject) -> Iterator[Problem]:
    """The examples of a request are not where Postman writes them."""
    for node in _files(subject, subject.items):
        said = node.document.get(("examples",))
        wanted = f"{RESOURCES}/{_stem(node.document)}.resources/examples"
        if isinstance(said, str) and os.path.normpath(said).replace(os.sep, "/") != wanted:
            message = f'examples path is non-canonical for request "{node.entry.name}": {said}'
            yield _at(node, "examples", message)


def orphan_resources(subject: CollectionSubject) -> Iterator[Problem]:
    """A folder of examples belongs to no request."""
    requests = {place: {stem_in(name, REQUEST) for name in names} for place, _, names in subject.listing}
    for place, folders, _ in subject.listing:
        outer, name = os.path.split(place)
        for inner in folders if name == RESOURCES else ():
            stem = inner.removesuffix(".resources")
            if stem and stem != inner and stem not in requests.get(outer, ()):
                message = f"Orphan request resources directory without matching request file: {inner}"
                yield _about(place, inner, message)


def no_examples(subject: CollectionSubject) -> Iterator[Problem]:
    """The examples folder of a request is empty."""
    for node in _files(subject, subject.items):
        if node.document.get(("examples",)) is not None and not node.get("response"):
            message = "examples directory contains zero *.example.yaml/*.example.yml files."
            yield _at(node, "examples", message)


def unknown_file(subject: CollectionSubject) -> Iterator[Problem]:
    """A YAML file does not belong to the format."""
    for place, _, names in subject.listing:
        own = (*DEFINITION, SIDE_FILE) if os.path.basename(place) == RESOURCES else ()
        for name in names:
            if name.endswith(YAML) and not name.endswith(KNOWN) and name not in own:
                yield _about(place, name, "unrecognized file type for Postman Collection Format v3.")


def needless_name(subject: CollectionSubject) -> Iterator[Problem]:
    """A file states a name that already follows from its file name."""
    for node in _files(subject, subject.items):
        stem = _stem(node.document)
        if node.document.get(("name",)) == stem:
            spot = Spot((*node.steps, "name"))
            yield Problem(
                message=f'name "{stem}" is that of the file: omit name to reduce redundancy.',
                document=node.document,
                spot=spot,
                node=node,
                fix="remove it",
                edits=(Edit(spot, removed=True),),
            )


def unknown_in_request(subject: CollectionSubject) -> Iterator[Problem]:
    """A request has a field that Postman does not know."""
    for node in _files(subject, subject.items):
        known = _IN_REQUEST.get(str(node.document.get(("$kind",))))
        yield from _unknown(node, known) if known else ()


def unknown_in_example(subject: CollectionSubject) -> Iterator[Problem]:
    """A saved example has a field that Postman does not know."""
    for node in subject.examples if subject.listing else ():
        yield from _unknown(node, _IN_EXAMPLE)


def unknown_in_definition(subject: CollectionSubject) -> Iterator[Problem]:
    """A definition has a field that Postman does not know."""
    for node in _files(subject, (one for one in subject.nodes if not one.is_item)):
        yield from _unknown(node, _IN_DEFINITION)


def _unknown(node: Node, known: set[str]) -> Iterator[Problem]:
    for key in node.document.value if isinstance(node.document.value, dict) else ():
        if key not in known:
            message = f'"{key}" is not part of the Postman Collection Format v3 schema and will be ignored.'
            yield _at(node, key, message)


def _files(subject: CollectionSubject, nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes that have a file of their own."""
    return (node for node in nodes if subject.listing and node.document.text)


def _at(node: Node, key: str, message: str) -> Problem:
    return Problem(message=message, document=node.document, spot=Spot((key,)), node=node)


def _about(place: str, name: str, message: str) -> Problem:
    return Problem(message=message, document=EmptyDocument(os.path.join(place, name)), spot=Spot(()))


def _stem(document: Document) -> str:
    return stem_in(os.path.basename(document.path), REQUEST)


def _is_unsafe(stem: str) -> bool:
    """Whether Postman would give another name; two names that are one for it get a number behind a second dash."""
    single = _DASHES.sub("-", stem)
    return len(stem.encode("utf-8", "surrogatepass")) <= LONGEST and stem_of(single, "") != single


def _parts(place: str) -> list[str]:
    return place.split(os.sep)
