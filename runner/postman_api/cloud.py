"""What Postman's cloud holds: found by name, read, replaced in one step, created."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from runner.errors import RemoteError, UsageError
from runner.formats.json_text import dump_json
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.postman_api.address import is_id
from runner.postman_api.client import COMPACT, PostmanClient
from runner.postman_api.documents.bare import entries_of

LARGE = 1_000_000
"""Bytes of a collection from which on its update is a task that is asked for: answering at once could take too long."""

MOST_BYTES = {"collection": 100 * 1024 * 1024, "environment": 30 * 1024 * 1024, "globals": 30 * 1024 * 1024}
"""What the API takes at most."""

PAGE = 100
PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between two questions about a task; the last of them again and again."""

MOST_QUESTIONS = 300
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Found:
    """Where something is in Postman; of globals only the workspace counts."""

    kind: str
    uid: str
    workspace: str = ""


class Cloud:
    """The collections, environments and globals that a key may see."""

    def __init__(self, client: PostmanClient) -> None:
        self._client = client

    # -- finding ------------------------------------------------------------------------------------------------

    def find(self, name: str, workspace: str, kind: str) -> tuple[Found, JsonObject]:
        """What a uid or a name means, in a workspace if one is named, and its document; any kind if `kind` is empty.

        Raises `RemoteError`, and `UsageError` if several have the name.
        """
        inside = self.workspace_id(workspace) if workspace else ""
        if kind == "globals":
            found = Found("globals", "", self._needed(inside))
            return found, self.read(found)
        kinds = (kind,) if kind else ("collection", "environment")
        if is_id(name):
            return self._existing(name, kinds, inside)
        several = [one for each in kinds for one in self._listed(each, name, inside)]
        if not several:
            raise _missing(name, kinds, workspace)
        if len(several) > 1:
            shown = ", ".join(f"{one.kind} {one.uid}" for one in several[:SHOWN])
            raise UsageError(f'several are called "{name}": {shown}', hint="name one by its uid")
        return self.placed(several[0]), self.read(several[0])

    def workspace_id(self, name: str) -> str:
        """The id of a workspace that is named by its id or its name."""
        if is_id(name):
            return name
        found = [one for one in entries_of(self._client.get("/workspaces").get("workspaces")) if one.get("name") == name]
        if len(found) != 1:
            what = "several workspaces are" if found else "no workspace is"
            raise UsageError(f'{what} called "{name}"', where="--workspace", hint="name it by its id")
        return str(found[0]["id"])

    def _needed(self, workspace: str) -> str:
        if not workspace:
            raise UsageError("globals are those of a workspace", hint="name it with --workspace")
        return workspace

    def _listed(self, kind: str, name: str, workspace: str) -> Iterator[Found]:
        for one in self._pages(f"{kind}s", workspace):
            if one.get("name") == name:
                yield Found(kind, str(one.get("uid") or one.get("id")), workspace)

    def _pages(self, key: str, workspace: str) -> Iterator[JsonObject]:
        """Everything in a list; that of environments has no pages."""
        if key != "collections":
            yield from entries_of(self._client.get(f"/{key}", workspace=workspace).get(key))
            return
        offset = 0
        while True:
            answer = self._client.get(f"/{key}", workspace=workspace, limit=str(PAGE), offset=str(offset))
            page = entries_of(answer.get(key))
            yield from page
            offset += len(page)
            meta = answer.get("meta")
            total = meta.get("total") if isinstance(meta, dict) else None
            if not page or not isinstance(total, int) or offset >= total:
                return

    def _existing(self, id: str, kinds: Sequence[str], workspace: str) -> tuple[Found, JsonObject]:
        """What has an id, and its document."""
        for kind in kinds:
            try:
                document = self.read(Found(kind, id))
            except RemoteError as error:
                if error.status not in (400, 404):
                    raise
                continue
            about = document.get("info") if kind == "collection" else document
            uid = about.get("uid") if isinstance(about, dict) else None
            return self.placed(Found(kind, uid if isinstance(uid, str) else id, workspace)), document
        raise _missing(id, kinds, "")

    def placed(self, found: Found) -> Found:
        """The same with its workspace, if that can be told."""
        try:
            answer = self._client.get("/workspaces", elementType=found.kind, elementId=found.uid)
        except RemoteError:
            return found
        workspaces = entries_of(answer.get("workspaces"))
        return replace(found, workspace=str(workspaces[0]["id"])) if len(workspaces) == 1 else found

    # -- reading and writing ------------------------------------------------------------------------------------

    def read(self, found: Found) -> JsonObject:
        """The document of a collection or an environment, or the values of globals; raises `RemoteError`."""
        answer = self._client.get(_path(found))
        document = answer if found.kind == "globals" else answer.get(found.kind)
        if not isinstance(document, dict):
            raise RemoteError(f"the answer has no {found.kind}", where=_path(found))
        return document

    def replace(self, found: Found, document: JsonObject) -> str:
        """Put a document in the place of what is there: all of it, or nothing. Raises `RemoteError`.

        Returns the id of the task that does it if Postman does it later, else an empty text.
        """
        size = _checked_size(found.kind, document)
        body = document if found.kind == "globals" else {found.kind: document}
        prefer = "respond-async" if found.kind == "collection" and size > LARGE else ""
        status, answer = self._client.send("PUT", _path(found), body, prefer)
        task = answer.get("task")
        return str(task.get("id")) if status == 202 and isinstance(task, dict) else ""

    def create(self, kind: str, workspace: str, document: JsonObject) -> Found:
        """Make something new in a workspace that is named by its id; without one Postman chooses. Raises `RemoteError`."""
        _checked_size(kind, document)
        _, answer = self._client.send("POST", f"/{kind}s", {kind: document}, workspace=workspace)
        made = answer.get(kind)
        uid = (made.get("uid") or made.get("id")) if isinstance(made, dict) else None
        if not isinstance(uid, str):
            raise RemoteError(f"the answer does not say which {kind} was made")
        return Found(kind, uid, workspace)

    def finish(self, task: str) -> None:
        """Wait until an update is done; raises `RemoteError` if it fails or takes too long."""
        for number in range(MOST_QUESTIONS):
            answer = self._client.get(f"/collection-updates-tasks/{quote(task, safe='')}")
            status = str(answer.get("status", "")).lower()
            if status in ("successful", "success", "completed"):
                return
            if status in ("failed", "error"):
                raise RemoteError("the update failed in Postman, which still has what it had", where=f"task {task}")
            self._client.wait(PAUSES[min(number, len(PAUSES) - 1)])
        hint = "it may still happen: postrunner push --dry-run shows what differs"
        raise RemoteError("the update is not done after ten minutes", where=f"task {task}", hint=hint)


def _missing(name: str, kinds: Sequence[str], workspace: str) -> RemoteError:
    where = f" in the workspace {workspace}" if workspace else ""
    return RemoteError(f'there is no {" or ".join(kinds)} called "{name}"{where}', status=404)


def _path(found: Found) -> str:
    if found.kind == "globals":
        return f"/workspaces/{quote(found.workspace, safe='')}/global-variables"
    return f"/{found.kind}s/{quote(found.uid, safe='')}"


def _checked_size(kind: str, document: JsonObject) -> int:
    size = len(dump_json(document, COMPACT).encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES[kind]:
        most = MOST_BYTES[kind] // (1024 * 1024)
        raise UsageError(f"is too large: the Postman API takes {most} MB", hint="saved examples can be removed")
    return size
