"""Where the master of a load test meets its workers."""

from __future__ import annotations

from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass

PORT = 5557
"""Locust's port for workers."""

USERS = "PostrunnerUser"
"""The class of users, by whose name Locust's master asks for them."""

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """The address that workers come to, how many are waited for and for how many seconds, and what they get.

    `job` is what `Bare.to_json` gives: the whole job, or one without secrets, which workers then have themselves.
    """

    host: str
    port: int
    token: str
    expect: int
    wait: float
    job: JsonObject

    def to_json(self) -> JsonObject:
        """As plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
