"""No authorization: the request is sent as it is; on an item or folder it stops inheritance."""

from __future__ import annotations

from runner.auth.context import AuthContext
from runner.auth.params import Params
from runner.effects import Step
from runner.model.request import Request
from runner.model.response import Exchange


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send the request unchanged."""
    return (yield from context.send(request))
