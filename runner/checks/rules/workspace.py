"""Postman's own rules for `.postman/resources.yaml`, which lists what of a workspace is in Postman's cloud."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runner.checks.subject import WorkspaceSubject
from runner.checks.tree import Problem
from runner.formats.places import Steps
from runner.model.json import Json
from runner.secrets.names import words

FILE = "resources.yaml"
FOLDER = ".postman"

LOCAL, CLOUD = "localResources", "cloudResources"
TOP = frozenset({"workspace", LOCAL, CLOUD})
KINDS = words("collections environments globals flows specs mocks datasets documents simulations")
"""The kinds of files in a workspace."""


def is_workspace_file(path: str) -> bool:
    """Whether a file is a `resources.yaml`, by its name and that of its folder."""
    folder, name = os.path.split(os.path.abspath(path))
    return name == FILE and os.path.basename(folder) == FOLDER


def no_mapping(subject: WorkspaceSubject) -> Iterator[Problem]:
    """The file is not a map."""
    if not isinstance(subject.document.value, dict):
        yield subject.problem(f'"{FILE}" root must be a mapping (object).', ())


def no_id(subject: WorkspaceSubject) -> Iterator[Problem]:
    """The id of the workspace is missing."""
    workspace = subject.document.get(("workspace",))
    says = isinstance(workspace, dict) and "id" in workspace
    if isinstance(subject.document.value, dict) and not says:
        yield subject.problem('Missing required field "workspace.id".', ("workspace",))


def empty_id(subject: WorkspaceSubject) -> Iterator[Problem]:
    """The id of the workspace is empty or not a string."""
    workspace = subject.document.get(("workspace",))
    if isinstance(workspace, dict) and "id" in workspace:
        said = workspace["id"]
        if not isinstance(said, str) or not said.strip():
            yield subject.problem('Field "workspace.id" must be a non-empty string.', ("workspace", "id"))


def local_no_map(subject: WorkspaceSubject) -> Iterator[Problem]:
    """The kinds of files are not a map."""
    yield from _no_map(subject, LOCAL)


def cloud_no_map(subject: WorkspaceSubject) -> Iterator[Problem]:
    """The same in the cloud."""
    yield from _no_map(subject, CLOUD)


def _no_map(subject: WorkspaceSubject, key: str) -> Iterator[Problem]:
    listed = subject.document.get((key,))
    if listed is not None and not isinstance(listed, dict):
        yield subject.problem(f'"{key}" must be a mapping (object).', (key,))


def no_list_of_paths(subject: WorkspaceSubject) -> Iterator[Problem]:
    """The files of a kind are not a list of paths."""
    for kind, paths in _kinds(subject, LOCAL):
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            yield subject.problem(f'"{LOCAL}.{kind}" must be a list of file paths.', (LOCAL, kind))


def no_map_of_ids(subject: WorkspaceSubject) -> Iterator[Problem]:
    """The files of a kind are not a map of paths to ids in the cloud."""
    for kind, ids in _kinds(subject, CLOUD):
        if not isinstance(ids, dict):
            yield subject.problem(f'"{CLOUD}.{kind}" must be a mapping of file path to cloud id.', (CLOUD, kind))


def unknown_local_kind(subject: WorkspaceSubject) -> Iterator[Problem]:
    """A workspace has no such kind of files."""
    yield from _unknown_kinds(subject, LOCAL)


def unknown_cloud_kind(subject: WorkspaceSubject) -> Iterator[Problem]:
    """The same in the cloud."""
    yield from _unknown_kinds(subject, CLOUD)


def _unknown_kinds(subject: WorkspaceSubject, key: str) -> Iterator[Problem]:
    for kind, _ in _kinds(subject, key, every=True):
        if kind not in KINDS:
            yield subject.problem(f'Unrecognized "{key}" entity type "{kind}".', (key, kind))


def _kinds(subject: WorkspaceSubject, key: str, *, every: bool = False) -> Iterator[tuple[str, Json]]:
    """The entries of each known kind."""
    listed = subject.document.get((key,))
    yield from ((kind, said) for kind, said in listed.items() if every or kind in KINDS) if isinstance(listed, dict) else ()


def unknown_key(subject: WorkspaceSubject) -> Iterator[Problem]:
    """The file has a field that Postman does not know."""
    value = subject.document.value
    for key in value if isinstance(value, dict) else ():
        if key not in TOP:
            yield subject.problem(f'Unrecognized top-level key "{key}".', (key,))


def missing_local(subject: WorkspaceSubject) -> Iterator[Problem]:
    """A listed file of the workspace does not exist."""
    for steps, path in _listed(subject):
        yield from _missing(subject, path, steps)


def missing_cloud(subject: WorkspaceSubject) -> Iterator[Problem]:
    """A listed file that is also in the cloud does not exist."""
    for steps, path, _ in _mapped(subject):
        yield from _missing(subject, path, steps)


def _missing(subject: WorkspaceSubject, path: str, steps: Steps) -> Iterator[Problem]:
    """A path; it is relative to the folder of the file."""
    if not os.path.exists(os.path.join(os.path.dirname(subject.document.path), path)):
        message = f'A "{steps[0]}" path points to a file that no longer exists on disk.'
        yield subject.problem(message, steps, hint=f"there is no {path}")


def same_local_path(subject: WorkspaceSubject) -> Iterator[Problem]:
    """A file is listed twice."""
    seen: set[str] = set()
    for steps, path in _listed(subject):
        if path in seen:
            yield subject.problem(f'Duplicate "{LOCAL}" path "{path}".', steps)
        seen.add(path)


def same_cloud_id(subject: WorkspaceSubject) -> Iterator[Problem]:
    """Two files have the same id in the cloud."""
    seen: set[str] = set()
    for steps, path, id in _mapped(subject):
        if isinstance(id, str) and id:
            if id in seen:
                message = f'Path "{path}" is mapped to a cloud id already used by another "{CLOUD}" path.'
                yield subject.problem(message, steps)
            seen.add(id)


def _listed(subject: WorkspaceSubject) -> Iterator[tuple[Steps, str]]:
    """The files that are not in the cloud, with the steps to each."""
    for kind, paths in _kinds(subject, LOCAL):
        for number, path in enumerate(paths if isinstance(paths, list) else ()):
            if isinstance(path, str):
                yield (LOCAL, kind, number), path


def _mapped(subject: WorkspaceSubject) -> Iterator[tuple[Steps, str, Json]]:
    """The files that are in the cloud, with the steps to each and its id there."""
    for kind, ids in _kinds(subject, CLOUD):
        for path, id in ids.items() if isinstance(ids, dict) else ():
            yield (CLOUD, kind, path), path, id
