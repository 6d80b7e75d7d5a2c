"""Which of Locust's messages are taken, and how those that a worker obeys must look."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from locust.rpc import Message

LAST_REPORT = "postrunner_last_report"
"""A worker has ended its users and reported all they did."""

UNABLE = "postrunner_unable"
"""A worker cannot run this job; the message says why."""

FROM_WORKER = frozenset(["client_ready", "client_stopped", "heartbeat", "stats", "spawning", "spawning_complete", "quit"])
"""What the master takes from a worker; what else Locust knows (logs, tracebacks, asking for a locustfile) is left out."""

SHARE, PACE, HURRY = "postrunner_share", "postrunner_pace", "postrunner_hurry"
"""What a worker does of all there is to do; how many keep to the rate together; that nothing is waited for any longer."""

_FROM_MASTER = frozenset(["ack", "stop", "quit", "reconnect", "heartbeat", "spawning_complete"])

REPORT = "postrunner"
"""The member of Locust's reports that has ours."""

MOST_USERS = 1_000_000


def checked(msg: Message, classes: Collection[str]) -> bool:
    """Whether a worker takes this message of its master; a spawn message then has nothing in it but what is needed."""
    if msg.type in _FROM_MASTER:
        return msg.data is None or isinstance(msg.data, dict)
    if msg.type in (SHARE, PACE, HURRY):
        data = msg.data if isinstance(msg.data, dict) else {}
        index, count = data.get("index", 0), data.get("count", 1)
        return _is_count(index) and _is_count(count) and index < count
    if msg.type != "spawn" or not isinstance(msg.data, dict):
        return False
    counts, timeout, at = (msg.data.get(name) for name in ("user_classes_count", "stop_timeout", "timestamp"))
    if not isinstance(counts, dict) or not all(_is_count(counts[name]) and name in classes for name in counts):
        return False
    if not _is_number(at) or not (timeout is None or _is_number(timeout)):
        return False
    msg.data = {"user_classes_count": counts, "stop_timeout": timeout, "timestamp": at, "host": None, "parsed_options": {}}
    return True


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_USERS


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
