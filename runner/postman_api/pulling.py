"""`postrunner pull`: what is in Postman comes into a file, and the lock file remembers which and how it was."""

from __future__ import annotations

import os
from dataclasses import replace

from runner.errors import RemoteError, UsageError
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.postman_api.cloud import Found
from runner.postman_api.connections import Connections
from runner.postman_api.documents.changes import changes
from runner.postman_api.documents.ids import settle_ids
from runner.postman_api.documents.nodes import nodes_of
from runner.postman_api.documents.shown import lines_of, shown_changes
from runner.postman_api.documents.withheld import NOTHING, exchanged, secret_names
from runner.postman_api.exchange import Tell, Transfer, bare_of, interruptible, read_bare, transfer
from runner.postman_api.local import Local, default_path, names_folder, open_local
from runner.postman_api.lock import Link, Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class PullOptions:
    """What a pull was asked for; `to` is the format of a new file, a pull that is `dry` writes nothing.

    `secrets` says whether the file gets their values; None is as at the last pull, and yes at the first one.
    """

    workspace: str = ""
    kind: str = ""
    output: str = ""
    to: str = ""
    region: str = ""
    force: bool = False
    secrets: bool | None = None
    dry: bool = False


def pull(connections: Connections, what: str, options: PullOptions, tell: Tell) -> Transfer:
    """Pull a uid or a name into a new file or into the one that it was pulled into before, or such a file again.

    Raises `LoadError`, `RemoteError`, `ExportError`, and `UsageError` for a file that is there already.
    """
    with interruptible("nothing was written"):
        return _pull(connections, what, options, tell)


def _pull(connections: Connections, what: str, options: PullOptions, tell: Tell) -> Transfer:
    lock = Lock.beside(what)
    link = lock.link(what) if what and not options.output else None
    if link is not None:
        remote = read_bare(connections.cloud(options.region, link.region), link.found)
        return _into(open_local(what, link.kind, options.to), remote, lock, link, link, options, tell)
    found, document = connections.cloud(options.region).find(what, options.workspace, options.kind)
    path = options.output
    if not path or names_folder(path):
        path = _linked(path, found) or default_path(path, _name(document, found.kind), found.kind, options.to)
    local, lock = open_local(path, found.kind, options.to), Lock.beside(path)
    link = lock.link(path)
    if link is not None and not link.leads_to(found):
        raise UsageError(f"is another {link.kind} of Postman", where=path, hint="name another file with --output")
    if link is None and local.bare is not None and not options.force:
        raise UsageError("is there already", where=path, hint="choose another name with --output, or give --force")
    secrets = link is None or link.secrets
    place = Link(kind=found.kind, uid=found.uid, workspace=found.workspace, region=options.region, secrets=secrets)
    return _into(local, bare_of(document, found.kind), lock, link, place, options, tell)


def _name(document: JsonObject, kind: str) -> str:
    """What something is called in Postman; globals have no name."""
    about = document.get("info") if kind == "collection" else document
    return str((about.get("name") if isinstance(about, dict) else "") or "workspace")


def _linked(folder: str, found: Found) -> str:
    """The file in a folder that this was pulled into before; empty without one."""
    lock = Lock.in_folder(folder)
    paths = (os.path.join(folder, name) for name in lock.names)
    return next((path for path in paths if (link := lock.link(path)) is not None and link.leads_to(found)), "")


def _into(
    local: Local, remote: JsonObject, lock: Lock, link: Link | None, place: Link, options: PullOptions, tell: Tell
) -> Transfer:
    """Bring what Postman has into a file; `place` says where it has it."""
    kind, own, path = local.kind, local.bare, local.path
    if options.secrets is not None:
        place = replace(place, secrets=options.secrets)
    if own is not None and kind == "collection":
        settle_ids(own, remote, keep=True)
    way_out = "put a variable in its place in Postman, or pull with --secrets"
    wanted, withheld = exchanged(remote, own or NOTHING[kind], kind, secrets=place.secrets, way_out=way_out)
    found = changes(own, wanted, kind) if own is not None else []
    if own is not None and link is not None and found and not (options.force or options.dry):
        _refuse_changed(path, own, link)
    shown = shown_changes(found, own or NOTHING[kind], wanted, kind)
    for line in lines_of(shown):
        tell(line)
    made, changed = place.pulled(nodes_of(remote, kind)), own is None or bool(found)
    if options.dry:
        tell(f"{path} {'would be written' if changed else 'is up to date'}")
        return transfer(path, made, shown, withheld)
    if changed:
        local.write(wanted, bool(secret_names(wanted, kind)))
    lock.put(path, made)
    tell(f"{path} {'written' if changed else 'is up to date'}")
    if withheld:
        tell(f"left out, because they are secret: {', '.join(withheld)}")
    elif changed and (names := secret_names(wanted, kind)):
        tell(f"{path} holds secrets ({', '.join(names)}): do not commit it, or pull with --no-secrets")
    return transfer(path, made, shown, withheld, done=changed)


def _refuse_changed(path: str, own: JsonObject, link: Link) -> None:
    """Raise `RemoteError` if a file is not what was pulled into it."""
    nodes = nodes_of(own, link.kind)
    if link.pulled(nodes).hash != link.hash:
        names = ", ".join(link.changed_in(nodes))
        hint = "push it, or give up what is changed here with --force; --dry-run shows all differences"
        raise RemoteError(f"not written: it was changed since it was pulled: {names}", where=path, hint=hint)
