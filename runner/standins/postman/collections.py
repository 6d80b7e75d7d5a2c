"""The calls about collections: list, read, create, replace (at once or later), change, delete."""

from __future__ import annotations

from runner.model.json import JsonObject
from runner.server.messages import Answer, Call, Refused, json_answer, whole_number
from runner.standins.postman.errors import ApiError, malformed, not_found
from runner.standins.postman.schema import collection_problems
from runner.standins.postman.state import OWNER, State
from runner.standins.postman.stored import Collection, scripts
from runner.standins.postman.wrapped import workspace_of, wrapped

CHANGEABLE = {"info": "info", "variable": "variable", "auth": "auth", "events": "event"}
"""What PATCH can change, under the name that it has in the body: its name in the document."""

CHANGEABLE_INFO = ("name", "description")


def find_collection(state: State, identity: str) -> Collection | None:
    """A collection by its id or its uid, None if there is none."""
    return state.collections.get(identity.removeprefix(f"{OWNER}-"))


def existing(state: State, identity: str) -> Collection:
    """The collection that a write is for; refuses an unknown one with 404."""
    collection = find_collection(state, identity)
    if collection is None:
        raise not_found("collection", identity)
    return collection


def names_of(collection: Collection) -> JsonObject:
    """The short form of a collection that writes answer with."""
    return {"id": collection.id, "name": collection.name, "uid": f"{OWNER}-{collection.id}"}


def list_collections(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /collections, all or those of a workspace or with a name, whole or in pages."""
    workspace, name = call.value("workspace"), call.value("name")
    paged = call.value("limit") is not None or call.value("offset") is not None
    if paged and name is not None:
        raise Refused(400, "The name filter is not supported with limit and offset.")
    found = [
        {
            **names_of(one),
            "owner": OWNER,
            "createdAt": one.document["info"]["createdAt"],
            "updatedAt": one.document["info"]["updatedAt"],
            "isPublic": False,
        }
        for one in state.collections.values()
        if workspace in (None, one.workspace) and name in (None, one.name)
    ]
    if not paged:
        return json_answer({"collections": found})
    limit, offset = whole_number(call, "limit", len(found), 0), whole_number(call, "offset", 0, 0)
    meta = {"total": len(found), "offset": offset, "limit": limit}
    return json_answer({"collections": found[offset : offset + limit], "meta": meta})


def get_collection(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /collections/{id}: the whole document."""
    collection = find_collection(state, args["id"])
    if collection is None:
        raise Refused(404, "We could not find the collection you are looking for")
    return json_answer({"collection": collection.document})


def sent_document(call: Call) -> JsonObject:
    """The collection in the body; refuses anything but a valid one of v2.1.0 with 400."""
    document = wrapped(call, "collection")
    if problems := collection_problems(document):
        raise malformed("collection", problems)
    return document


def create_collection(state: State, call: Call, args: dict[str, str]) -> Answer:
    """POST /collections: a new collection in a workspace."""
    workspace = workspace_of(state, call)
    return json_answer({"collection": names_of(state.create_collection(sent_document(call), workspace))})


def replace_collection(state: State, call: Call, args: dict[str, str]) -> Answer:
    """PUT /collections/{id}: the sent document replaces all that was there; what comes without ids is made anew."""
    collection = existing(state, args["id"])
    document = sent_document(call)
    if document["info"].get("_postman_id", collection.id) != collection.id:
        message = "The collection ID in the path does not match the collection ID in the request body."
        raise ApiError(400, "collectionMismatchError", message)
    if "respond-async" in call.header("prefer").lower():
        key = state.start_task(collection, document)
        return json_answer({"task": {"id": key, "status": state.tasks[key].status}}, 202)
    state.replace_collection(collection, document)
    return json_answer({"collection": names_of(collection)})


def task_status(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /collection-updates-tasks/{id}: how an asynchronous update is getting on."""
    task = state.tasks.get(args["id"])
    if task is None:
        raise not_found("task", args["id"])
    return json_answer({"id": args["id"], "status": task.status})


def change_collection(state: State, call: Call, args: dict[str, str]) -> Answer:
    """PATCH /collections/{id}: name, description, variables, auth or scripts; the items stay as they are."""
    collection = existing(state, args["id"])
    changes = wrapped(call, "collection")
    info = changes.get("info", {})
    unknown = [f": must NOT have additional property '{name}'" for name in changes if name not in CHANGEABLE]
    if isinstance(info, dict):
        unknown += [f"info: must NOT have additional property '{name}'" for name in info if name not in CHANGEABLE_INFO]
    if unknown or not changes:
        raise malformed("collection", unknown or [": must have at least one of info, variable, auth, events"])
    changed = collection.document | {CHANGEABLE[name]: value for name, value in changes.items()}
    if isinstance(info, dict):
        changed["info"] = collection.document["info"] | info | {"updatedAt": state.now(), "lastUpdatedBy": OWNER}
    if problems := collection_problems(changed):
        raise malformed("collection", problems)
    for script in scripts(changed):
        script.setdefault("id", state.new_id())
    collection.document = changed
    description = {"description": changed["info"]["description"]} if "description" in changed["info"] else {}
    return json_answer({"collection": {"id": collection.id, "name": collection.name, **description}})


def delete_collection(state: State, call: Call, args: dict[str, str]) -> Answer:
    """DELETE /collections/{id}."""
    collection = existing(state, args["id"])
    del state.collections[collection.id]
    return json_answer({"collection": {"id": collection.id, "uid": f"{OWNER}-{collection.id}"}})
