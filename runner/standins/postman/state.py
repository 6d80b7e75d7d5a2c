"""What the Postman stand-in knows: workspaces, collections, environments, globals, and updates under way."""

from __future__ import annotations

import copy
import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import UTC, datetime
from typing import TypedDict

from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.standins.postman.errors import ApiError, already_exists
from runner.standins.postman.samples import COLLECTION, ENVIRONMENT, GLOBALS
from runner.standins.postman.stored import Collection, give_ids, put

OWNER = "12345678"
TASK_LIFE = 24 * 3600.0
"""Seconds that the status of a finished update can be asked for."""

Values = list[JsonObject]


class Workspace(TypedDict):
    """A workspace as the list shows it."""

    id: str
    name: str
    type: str
    visibility: str
    createdBy: str


@dataclass(slots=True)
class Environment:
    """One environment, and which workspace it is in."""

    id: str
    workspace: str
    name: str
    values: Values
    created: str
    updated: str


@dataclass(slots=True)
class Task:
    """An asynchronous update of a collection, done at `due` (seconds since 1970)."""

    collection: str
    document: JsonObject
    due: float
    status: str = "in-progress"


@dataclass(slots=True)
class State:
    """Everything that calls change; `task_seconds` is how long an update takes, and with `fail_tasks` each fails."""

    clock: Callable[[], float]
    seed: int = 0
    task_seconds: float = 0.4
    fail_tasks: bool = False
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    collections: dict[str, Collection] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    globals: dict[str, Values] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    made: int = 0

    def __post_init__(self) -> None:
        """Fill it: two workspaces, the first with a collection, an environment and globals."""
        for name, kind in (("My Workspace", "personal"), ("Team Workspace", "team")):
            key = self.new_id()
            self.workspaces[key] = {"id": key, "name": name, "type": kind, "visibility": kind, "createdBy": OWNER}
        first = self.default_workspace
        self.create_collection(copy.deepcopy(COLLECTION), first)
        self.create_environment("Sample Environment", copy.deepcopy(ENVIRONMENT), first)
        self.globals[first] = copy.deepcopy(GLOBALS)

    @property
    def default_workspace(self) -> str:
        """Where something new goes without a workspace: the oldest personal one."""
        return next(iter(self.workspaces))

    def now(self) -> str:
        """The time as the API writes it."""
        return datetime.fromtimestamp(self.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def new_id(self) -> str:
        """A new id, always the same one for the same seed and number of ids made before."""
        self.made += 1
        return str(uuid.UUID(bytes=hashlib.sha256(f"{self.seed} {self.made}".encode()).digest()[:16], version=4))

    def taken(self, identity: str) -> bool:
        """Whether any collection has an item or an example with this id."""
        return any(identity in one.entries for one in self.collections.values())

    def create_collection(self, document: JsonObject, workspace: str) -> Collection:
        """Add a valid collection; an id that exists already is refused."""
        wanted = document["info"].get("_postman_id")
        if isinstance(wanted, str) and wanted in self.collections:
            raise already_exists("collection", wanted)
        collection = Collection(wanted if isinstance(wanted, str) and wanted else self.new_id(), workspace, {})
        self.replace_collection(collection, document)
        self.collections[collection.id] = collection
        return collection

    def replace_collection(self, collection: Collection, document: JsonObject) -> None:
        """Replace the content of a collection by a valid document."""
        put(document, collection, give_ids(document, collection, self.new_id, self.taken), OWNER, self.now())

    def create_environment(self, name: str, values: Values, workspace: str) -> Environment:
        """Add an environment."""
        now = self.now()
        environment = Environment(self.new_id(), workspace, name, values, now, now)
        self.environments[environment.id] = environment
        return environment

    def start_task(self, collection: Collection, document: JsonObject) -> str:
        """Replace the content of a collection later, if its ids are good; returns the id of the task."""
        give_ids(document, collection, self.new_id, self.taken)
        key = self.new_id()
        self.tasks[key] = Task(collection.id, document, self.clock() + self.task_seconds)
        return key

    def settle(self) -> None:
        """Finish the updates whose time has come, in the order of their start, and forget old ones."""
        now = self.clock()
        for task in self._due(now):
            collection = self.collections.get(task.collection)
            task.status = "failed"
            if collection is not None and not self.fail_tasks:
                try:
                    self.replace_collection(collection, task.document)
                except ApiError:
                    continue
                task.status = "successful"
        self.tasks = {key: task for key, task in self.tasks.items() if now < task.due + TASK_LIFE}

    def _due(self, now: float) -> Iterator[Task]:
        return (task for task in self.tasks.values() if task.status == "in-progress" and now >= task.due)
