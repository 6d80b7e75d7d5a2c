"""Which items of a collection a run has: by name, tag, path and tests, and from where to where."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from runner.errors import SelectionError, UsageError
from runner.model.collection import Collection, Folder, Item
from runner.model.quick_dataclass import dataclass
from runner.options.selection import SelectionOptions

Trail = tuple[Folder, ...]
Located = tuple[Trail, Folder | Item]
Leaf = tuple[Trail, Item]
Check = Callable[[Leaf], bool]

TESTS = re.compile(r"\bpm\s*\??\.\s*(?:test|require)\b|(?<![.\w$'\"`-])(?:tests?|eval)\b\s*[(\[.,;=}]")
"""What a script that makes tests has in it; one that only may make them counts, so that no test is left out."""

NAMED = 12
"""So many names a hint lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The items of each iteration, and those that are run once before and after all of them, in order."""

    items: tuple[Leaf, ...]
    setup: tuple[Leaf, ...] = ()
    teardown: tuple[Leaf, ...] = ()


def select(collection: Collection, options: SelectionOptions) -> Selected:
    """Choose from a collection; every option that is given narrows the choice.

    An entry is named by its id, its name or its path (`Folder/Sub/Request`). One that is selected is looked up
    breadth-first; several run in the order of the collection, each once. An excluded name leaves out every entry it fits.
    Setup and teardown are not part of the iterations, and of what narrows those only `exclude` is about them; a collection
    need not have them. Raises `SelectionError` when a name fits nothing, and `UsageError`.
    """
    left_out = {id(entry) for name in options.exclude for entry in _find_all(collection, name)}
    every = [leaf for leaf in leaves((), collection.items) if not _line(leaf) & left_out]
    setup, teardown = ({id(entry) for entry in _found(collection, names)} for names in (options.setup, options.teardown))
    return Selected(
        items=_narrowed(collection, [leaf for leaf in every if not _line(leaf) & (setup | teardown)], options),
        setup=tuple(leaf for leaf in every if _line(leaf) & setup),
        teardown=tuple(leaf for leaf in every if _line(leaf) & teardown),
    )


def _narrowed(collection: Collection, every: list[Leaf], options: SelectionOptions) -> tuple[Leaf, ...]:
    checks: list[Check] = []
    if names := (*options.folder, *options.item):
        wanted = {id(find(collection, name)[1]) for name in names}
        checks.append(lambda leaf: bool(_line(leaf) & wanted))
    if options.start_at or options.stop_after:
        checks.append(_between(collection, options.start_at, options.stop_after))
    if options.tag or options.not_tag:
        checks.append(_tagged(collection, options))
    if options.grep:
        checks.append(_matching(options.grep))
    if options.only_with_tests:
        checks.append(lambda leaf: _has_tests(collection, leaf))
    return tuple(leaf for leaf in every if all(check(leaf) for check in checks))


def _line(leaf: Leaf) -> set[int]:
    """The identities of an item and of all folders around it."""
    return {id(entry) for entry in (*leaf[0], leaf[1])}


def _between(collection: Collection, first: str | None, last: str | None) -> Check:
    """Whether an item stands, in the order of the collection, between two that are named."""
    order = list(leaves((), collection.items))

    def places(name: str) -> list[int]:
        entry = find(collection, name)[1]
        found = [at for at, leaf in enumerate(order) if id(entry) in _line(leaf)]
        if not found:
            raise SelectionError(f'the folder "{name}" holds no request', where=collection.name)
        return found

    start = places(first)[0] if first else 0
    stop = places(last)[-1] if last else len(order)
    inside = {id(item) for _, item in order[start : stop + 1]}
    return lambda leaf: id(leaf[1]) in inside


def _tagged(collection: Collection, options: SelectionOptions) -> Check:
    from runner.rules.tags import plain_tag, tags_in

    wanted, unwanted = set(map(plain_tag, options.tag)), set(map(plain_tag, options.not_tag))

    def check(leaf: Leaf) -> bool:
        has = set(map(plain_tag, tags_in((collection, *leaf[0], leaf[1]))))
        return not has & unwanted and (not wanted or bool(has & wanted))

    return check


def _matching(pattern: str) -> Check:
    try:
        expression = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        message, hint = f"is not a regular expression: {error}", "a backslash before a character takes it as it stands"
        raise UsageError(message, where="--grep", hint=hint) from None
    text = pattern.casefold()

    def check(leaf: Leaf) -> bool:
        path = path_of(*leaf)
        return text in path.casefold() or expression.search(path) is not None

    return check


def _has_tests(collection: Collection, leaf: Leaf) -> bool:
    owners: tuple[Collection | Folder | Item, ...] = (collection, *leaf[0], leaf[1])
    events = (event for owner in owners for event in owner.events if not event.disabled)
    return any(TESTS.search(event.script.exec) for event in events)


# -- names ------------------------------------------------------------------------------------------------------------


def find(collection: Collection, name: str) -> Located:
    """The entry that a name stands for: an id or name wins over a path. Raises `SelectionError`."""
    found = _search(collection, name)
    if found is None:
        raise unknown(collection, name)
    return found


def _search(collection: Collection, name: str) -> Located | None:
    entries = list(all_located(collection))
    found = next((p for p in entries if name in (p[1].id, p[1].name)), None)
    return found or next((p for p in entries if name.strip("/") == path_of(*p)), None)


def _found(collection: Collection, names: Iterable[str]) -> Iterator[Folder | Item]:
    for name in names:
        located = _search(collection, name)
        if located is not None:
            yield located[1]


def _find_all(collection: Collection, name: str) -> list[Folder | Item]:
    """Every entry that an excluded name fits; raises `SelectionError` when there is none."""
    entries = list(all_located(collection))
    found = [entry for _, entry in entries if name in (entry.id, entry.name)]
    found = found or [entry for trail, entry in entries if name.strip("/") == path_of(trail, entry)]
    if not found:
        raise unknown(collection, name)
    return found


def check_parts(collections: Iterable[Collection], options: SelectionOptions) -> None:
    """Raise `SelectionError` for a setup or teardown that none of the collections has."""
    collections = list(collections)
    for name in (*options.setup, *options.teardown):
        if all(_search(collection, name) is None for collection in collections):
            raise unknown(collections[0], name)


def path_of(trail: Trail, entry: Folder | Item) -> str:
    """The path of an entry: the names from the top down, joined by slashes."""
    return "/".join(part.name for part in (*trail, entry))


def all_located(collection: Collection) -> Iterator[Located]:
    """Every folder and item with the folders around it, breadth-first."""
    queue: deque[tuple[Trail, tuple[Folder | Item, ...]]] = deque([((), collection.items)])
    while queue:
        trail, entries = queue.popleft()
        for entry in entries:
            yield trail, entry
        queue.extend(((*trail, entry), entry.items) for entry in entries if isinstance(entry, Folder))


def leaves(trail: Trail, entries: tuple[Folder | Item, ...]) -> Iterator[Leaf]:
    """Every item with the folders around it, in the order in which they run."""
    for entry in entries:
        if isinstance(entry, Folder):
            yield from leaves((*trail, entry), entry.items)
        else:
            yield trail, entry


# -- hints ------------------------------------------------------------------------------------------------------------


def unknown(collection: Collection, name: str) -> SelectionError:
    """The error for a name that no folder or request has; it names the nearest, or those there are."""
    message = f'unable to find a folder or request named "{name}"'
    return SelectionError(message, where=collection.name, hint=_near_path(collection, name))


def _near_path(collection: Collection, name: str) -> str:
    from difflib import get_close_matches

    paths = [path_of(*located) for located in all_located(collection)]
    plain = {path.lower(): path for path in reversed(paths)}
    plain |= {path.rpartition("/")[2].lower(): path for path in reversed(paths)}
    wanted = name.strip().strip("/").lower()
    near = plain.get(wanted) or next((plain[close] for close in get_close_matches(wanted, plain, 1, 0.75)), None)
    known = ", ".join(map(repr, paths[:NAMED]))
    return f"did you mean {near!r}?" if near else f"the collection has {known}" if known else "the collection is empty"


def nothing_hint(collection: Collection, options: SelectionOptions) -> str:
    """What is near to a selection that holds no request; empty if nothing is known."""
    from difflib import get_close_matches

    from runner.rules.tags import plain_tag, tags_in

    every = list(leaves((), collection.items))
    if not every:
        return ""
    owners: list[Collection | Folder | Item] = [collection, *(entry for _, entry in all_located(collection))]
    tags = tags_in(owners)
    plain = {plain_tag(tag): tag for tag in tags}
    unknown_tags = [tag for tag in options.tag if plain_tag(tag) not in plain]
    if unknown_tags:
        near = get_close_matches(plain_tag(unknown_tags[0]), plain, 1)
        known = f"the tags are {', '.join(map(repr, tags[:NAMED]))}" if tags else "nothing has a [tag] or a @tag"
        return f"did you mean --tag {plain[near[0]]}?" if near else known
    if options.grep and not any(map(_matching(options.grep), every)):
        return _near_path(collection, options.grep)
    return ""
