"""What a step may ask of the world. A step is a generator that yields effects and events; one driver answers them.

An event is answered with None. An effect that fails is answered by throwing the named exception into the step.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from runner.events import Event
from runner.model.request import ProtocolProfileBehavior, Request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Effect:
    """Base of everything a step can ask for."""


@dataclass(frozen=True, slots=True)
class Send(Effect):
    """Send one resolved request and wait → `Exchange`; raises `RequestError`.

