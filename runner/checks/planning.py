"""The requests of a collection as a run would begin to send them, for checks against a contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from runner.checks.tree import Node
from runner.contract.contract import Contracts
from runner.contract.forms import UNREAD
from runner.contract.planned import UNKNOWN, Planned, Verdict, judge_planned
from runner.entropy import Entropy
from runner.errors import PostrunnerError
from runner.model.collection import Item
from runner.model.json import Json
from runner.model.quick_dataclass import replace
from runner.model.request import FormParam, ProtocolProfileBehavior, Request
from runner.model.variable import Variable
from runner.protocols.table import is_sent
from runner.request.prepare import prepare
from runner.request.resolve import resolve
from runner.rules.casts import typed
from runner.variables.scopes import Scopes

Values = Mapping[str, Variable]

HTTP = ("http", "http-request")


def judged(
    items: Sequence[Node], values_of: Callable[[Node], Values], is_set: Callable[[str], bool], contracts: Contracts
) -> list[tuple[Node, Verdict | None]]:
    """What the documents say of each HTTP request; None for one that goes to no server of theirs.

    `values_of` gives the variables that a request may read, `is_set` says which of them scripts may set.
    """
    found: list[tuple[Node, Verdict | None]] = []
    for node in items:
        if isinstance(node.entry, Item) and is_sent(node.entry.kind) and node.entry.kind in HTTP:
            planned = _planned(node, node.entry.request, values_of(node), is_set)
            found.append((node, Verdict(unjudged=1) if planned is None else judge_planned(contracts, planned)))
    return found


def _planned(node: Node, request: Request, values: Values, is_set: Callable[[str], bool]) -> Planned | None:
    """The request with what is known of its values; None if nothing can be made of it."""

    def read(name: str) -> Json:
        variable = values.get(name)
        unknown = variable is None or name.startswith("$") or variable.value is None or is_set(name)
        return UNKNOWN if unknown or variable is None else typed(variable)

    more = any(script.listens == "prerequest" and "request" in script.text for one in node.line for script in one.scripts)
    auth = next((one.auth for one in reversed(node.line) if one.auth is not None), None)
    adds = auth is not None and auth.type not in ("noauth", "basic", "bearer", "inherit")
    try:
        resolved = resolve(_with_files(request), Scopes(), read, read=read).request
        prepared = prepare(resolved, ProtocolProfileBehavior(), Entropy())
    except PostrunnerError:
        return None
    body = request.body
    from_file = body is not None and body.mode == "file" and not body.disabled
    return Planned(
        method=prepared.method,
        href=prepared.href,
        headers=tuple(prepared.headers),
        body=prepared.body,
        may_have_more=more or adds or from_file,
    )


def _with_files(request: Request) -> Request:
    """A request whose files count as read, without being read."""
    body = request.body
    if body is None:
        return request
    if body.mode == "file":
        return replace(request, body=replace(body, content=UNREAD))
    return replace(request, body=replace(body, formdata=tuple(map(_with_contents, body.formdata))))


def _with_contents(param: FormParam) -> FormParam:
    if param.type != "file":
        return param
    paths = param.src if isinstance(param.src, tuple) and param.src else ("file",)
    return replace(param, src=paths, contents=tuple(UNREAD for _ in paths))
