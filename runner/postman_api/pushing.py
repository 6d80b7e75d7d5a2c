"""`postrunner push`: what is in a file goes to Postman, in one step and only where nobody has changed it meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from runner.errors import ExportError, LoadError, RemoteError, UsageError
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.postman_api.cloud import Cloud
from runner.postman_api.connections import Connections
from runner.postman_api.documents.changes import ADDED, Change, changes
from runner.postman_api.documents.ids import settle_ids, without_ids
from runner.postman_api.documents.nodes import nodes_of
from runner.postman_api.documents.shown import ShownChange, counted, lines_of, shown_changes
from runner.postman_api.documents.withheld import NOTHING, exchanged, parts_with_secrets
from runner.postman_api.exchange import Progress, Tell, Transfer, interruptible, read_bare, transfer
from runner.postman_api.local import Local, open_local
from runner.postman_api.lock import Link, Lock

Ask = Callable[[str], bool]
"""Asks the user whether to go on; raises `UsageError` if nobody can be asked."""

TWO_WAYS = "--uid UID pushes it to what is in Postman already, --copy makes something new there"
WAY_OUT = "put a variable in its place there, or send it with --export-secrets"

NOT_SENT = "nothing was sent, Postman has what it had"
SENDING = "it was being sent, and Postman has taken all of it or nothing; --dry-run shows what differs"
SENT = "Postman has all of it, but the lock file does not know yet; push again"
COPYING = "the copy was being sent, and may be in Postman or not; look there before you push it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOptions:
    """What a push was asked for; one that is `dry` sends nothing."""

    uid: str = ""
    copy: bool = False
    workspace: str = ""
    kind: str = ""
    region: str = ""
    force: bool = False
    secrets: bool = False
    yes: bool = False
    dry: bool = False


def push(connections: Connections, path: str, options: PushOptions, tell: Tell, ask: Ask) -> Transfer:
    """Push a file to where it was pulled from, to the uid that is given, or as a copy.

    Raises `LoadError`, `RemoteError` if Postman refuses or has changed, and `UsageError` without a link.
    """
    with interruptible(NOT_SENT) as progress:
        return _push(connections, path, options, tell, ask, progress)


def _push(connections: Connections, path: str, options: PushOptions, tell: Tell, ask: Ask, progress: Progress) -> Transfer:
    lock = Lock.beside(path)
    link = lock.link(path)
    cloud = connections.cloud(options.region, link.region if link else "")
    local = open_local(path, link.kind if link else options.kind)
    if local.bare is None:
        raise UsageError("does not exist, or is an empty folder", where=path)
    if options.copy:
        return _Push(cloud, local, local.bare, lock, link or Link(kind=local.kind), options, tell).copy(ask, progress)
    if options.uid or (link is None and local.kind == "globals" and options.workspace):
        found, _ = cloud.find(options.uid, options.workspace, local.kind)
        if link is None or not link.leads_to(found):
            link = Link(kind=found.kind, uid=found.uid, workspace=found.workspace, region=options.region)
    if link is None:
        hint = "--workspace NAME pushes them to a workspace" if local.kind == "globals" else TWO_WAYS
        raise UsageError("was never pulled, so what it is in Postman is unknown", where=path, hint=hint)
    return _Push(cloud, local, local.bare, lock, link, options, tell).run(ask, progress)


class _Push:
    """One push of a file, whose content is `bare`; `link` is what it is in Postman."""

    def __init__(
        self, cloud: Cloud, local: Local, bare: JsonObject, lock: Lock, link: Link, options: PushOptions, tell: Tell
    ) -> None:
        self._cloud, self._local, self._bare, self._lock, self._link = cloud, local, bare, lock, link
        self._options, self._tell = options, tell

    def run(self, ask: Ask, progress: Progress) -> Transfer:
        """Compare, show, ask, send, and remember what Postman has then."""
        kind, path, link = self._local.kind, self._local.path, self._link
        remote = read_bare(self._cloud, link.found)
        if kind == "collection":
            settle_ids(self._bare, remote)
        sent, withheld = exchanged(self._bare, remote, kind, secrets=self._options.secrets, way_out=WAY_OUT)
        found = changes(remote, sent, kind)
        shown = shown_changes(found, remote, sent, kind)
        if found:
            self._check_remote(remote)
            self._show(shown, sent, remote)
        _tell_withheld(self._tell, withheld)
        if not found or self._options.dry:
            self._tell(f"{path}: {'would be pushed: ' + counted(shown) if found else 'Postman has the same already'}")
            if not self._options.dry:
                self._remember(link, remote)
            return transfer(path, link, shown, withheld)
        if not self._options.yes:
            _agreed(ask, path)
            if read_bare(self._cloud, link.found) != remote:
                hint = "push again: it shows what is there now"
                raise RemoteError("nothing was pushed: it was changed in Postman meanwhile", where=path, hint=hint)
        remote = self._replace(sent, progress)
        self._tell(f"{path} pushed: {counted(shown)}")
        self._remember(link, remote)
        self._tell_kept_otherwise(remote, sent)
        return transfer(path, link, shown, withheld, done=True)

    def _replace(self, sent: JsonObject, progress: Progress) -> JsonObject:
        """Send a document; returns what Postman has then."""
        progress.state = SENDING
        task = self._cloud.replace(self._link.found, sent)
        if task:
            progress.state = f"Postman goes on with it (task {task}); --dry-run shows what differs"
            self._cloud.finish(task)
        progress.state = SENT
        return read_bare(self._cloud, self._link.found)

    def copy(self, ask: Ask, progress: Progress) -> Transfer:
        """Make something new in Postman; a file that had no link gets the one to it."""
        kind, path, cloud, options = self._local.kind, self._local.path, self._cloud, self._options
        if kind == "globals":
            raise UsageError("a workspace has its globals already", where=path, hint="push them with --workspace NAME")
        workspace = cloud.workspace_id(options.workspace) if options.workspace else ""
        if kind == "collection":
            without_ids(self._bare)
        there = NOTHING[kind]
        sent, withheld = exchanged(self._bare, there, kind, secrets=options.secrets, way_out=WAY_OUT)
        shown = shown_changes([Change(ADDED, None, node) for node in nodes_of(sent, kind)[1:]], there, sent, kind)
        self._show(shown, sent, there)
        _tell_withheld(self._tell, withheld)
        if options.dry:
            self._tell(f"{path}: would be copied to Postman: {counted(shown) or 'nothing in it'}")
            return transfer(path, self._link, shown, withheld)
        if not options.yes:
            _agreed(ask, path)
        progress.state = COPYING
        made = cloud.create(kind, workspace, sent)
        progress.state = f"the copy is in Postman, and push --uid {made.uid} links the file to it"
        self._tell(f"{path} copied to Postman: {kind} {made.uid}")
        made = cloud.placed(made)
        link = Link(kind=kind, uid=made.uid, workspace=made.workspace, region=options.region or self._link.region)
        if self._link.uid:
            self._tell(f"{path} stays linked to {self._link.uid}")
        else:
            self._remember(link, read_bare(cloud, made))
        return transfer(path, link, shown, withheld, done=True)

    def _show(self, shown: list[ShownChange], sent: JsonObject, there: JsonObject) -> None:
        """Show what is going to be sent, and which texts of it look as if they held secrets."""
        for line in lines_of(shown):
            self._tell(line)
        if not self._options.secrets and (names := parts_with_secrets(sent, there, self._local.kind)):
            self._tell(f"note: texts that look like secrets are sent as they are: {', '.join(names)}")

    def _check_remote(self, remote: JsonObject) -> None:
        """Raise `RemoteError` if Postman has something else than was pulled; with --force or in a dry push only tell."""
        link, nodes = self._link, nodes_of(remote, self._local.kind)
        if not link.hash or link.hash == link.pulled(nodes).hash:
            return
        names = ", ".join(link.changed_in(nodes))
        if self._options.force or self._options.dry:
            self._tell(f"changed in Postman since the pull: {names}")
            return
        hint = "keep a copy of the file and pull, or overwrite what is there with --force; --dry-run shows all differences"
        message = f"not pushed: Postman was changed since the pull: {names}"
        raise RemoteError(message, where=self._local.path, hint=hint)

    def _tell_kept_otherwise(self, remote: JsonObject, sent: JsonObject) -> None:
        """Tell of what Postman took in another form than it was sent: each push would show it again."""
        kind = self._local.kind
        if kind == "collection":
            settle_ids(sent, remote)
        if otherwise := changes(remote, sent, kind):
            self._tell(f"Postman keeps in its own form: {', '.join(dict.fromkeys(one.node.shown for one in otherwise))}")

    def _remember(self, link: Link, remote: JsonObject) -> None:
        """Write down what Postman has now, in the lock file and as ids in the file."""
        self._lock.put(self._local.path, link.pulled(nodes_of(remote, self._local.kind)))
        try:
            self._local.take_ids(remote)
        except (ExportError, LoadError) as error:
            self._tell(f"{self._local.path}: the ids of new parts are not written into it: {error.message}")


def _tell_withheld(tell: Tell, names: list[str]) -> None:
    if names:
        tell(f"not sent, because they are secret: {', '.join(names)} (--export-secrets sends them)")


def _agreed(ask: Ask, path: str) -> None:
    """Raise `RemoteError` unless the user agrees."""
    if not ask(f"Push {path}?"):
        raise RemoteError("nothing was pushed", where=path)
