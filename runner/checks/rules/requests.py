"""Requests: path variables, bodies, files, and URLs whose text differs from their parts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from runner.checks.rules.intent import expects_refusal
from runner.checks.subject import CollectionSubject
from runner.checks.tree import Node, Problem
from runner.deep_json import loads
from runner.model.collection import Item
from runner.model.request import BODYLESS_METHODS, Request
from runner.protocols.table import is_sent
from runner.request.body import strip_comments, user_content_type
from runner.rules.substitute import names_in
from runner.rules.url import parse_url, query_text

_JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json\b", re.IGNORECASE)
_STRING_OR_NAME = re.compile(r'"(?:[^"\\\n]|\\.)*"|({{[^{}]*}})', re.DOTALL)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~\w-]+", re.ASCII)
_PATH_NAME = re.compile(r":([A-Za-z_][\w-]*)(?:\..*)?")

PLACEHOLDERS = ("0", '"a":0', "")
"""What a variable outside a string may stand for in JSON: a value, members, or nothing."""


def unknown_path_variable(subject: CollectionSubject) -> Iterator[Problem]:
    """The path of a URL has `:name` without a path variable: it is sent literally."""
    for node, request in _requests(subject):
        known = {variable.key for variable in request.url.variables}
        for segment in request.url.path or ():
            found = _PATH_NAME.fullmatch(segment)
            if found and found[1] not in known:
                yield node.problem(f"the path has :{found[1]}, but there is no such path variable", "request", "url")


def unused_path_variable(subject: CollectionSubject) -> Iterator[Problem]:
    """A path variable does not occur in the path of its URL: its value is not sent."""
    for node, request in _requests(subject):
        named = {segment[1:].partition(".")[0] for segment in request.url.path or () if segment.startswith(":")}
        for steps, row in node.rows("request", "url", "variable"):
            name = row.get("key") or row.get("id")
            if isinstance(name, str) and name not in named and not row.get("disabled"):
                yield node.problem(f"the path variable {name!r} is not in the path", *steps)


def query_out_of_sync(subject: CollectionSubject) -> Iterator[Problem]:
    """The text of a URL and its list of parameters differ: only the list is sent."""
    for node, request in _requests(subject):
        raw = node.get("request", "url", "raw")
        if isinstance(raw, str) and raw.strip() and request.url.host:
            written, listed = query_text(parse_url(raw)), query_text(request.url)
            if _plain(written) != _plain(listed):
                field = "queryParams" if subject.listing else "query"
                message = f"query parameters in url are out of sync with the {field} field; the field wins"
                yield node.problem(message, "request", "url", "raw")


def _plain(query: str | None) -> list[str]:
    """The parameters of a query as they are compared."""
    from urllib.parse import unquote_plus

    return [unquote_plus(one).removesuffix("=") for one in (query or "").split("&") if one]


def invalid_json(subject: CollectionSubject) -> Iterator[Problem]:
    """A body that is sent as JSON is invalid whatever its variables hold; not in requests that expect to be refused."""
    for node, request in _requests(subject):
        body = request.body
        if body is None or body.disabled or not _sends_body(node, request):
            continue
        if body.mode == "raw" and isinstance(body.raw, str) and body.raw.strip() and _is_json(request):
            text = strip_comments(body.raw)
            reason = _wrong(text) if text.strip() else ""
            if reason and not expects_refusal(node):
                yield node.problem(f"the body is not JSON: {reason}", "request", "body", "raw")
        variables = body.graphql.get("variables") if body.mode == "graphql" and isinstance(body.graphql, dict) else None
        if isinstance(variables, str) and variables.strip() and (reason := _wrong(variables)):
            yield node.problem(
                f"the variables of GraphQL are not JSON: {reason}", "request", "body", "graphql", "variables"
            )


def _is_json(request: Request) -> bool:
    assert request.body is not None
    said = user_content_type(request.headers)
    return bool(_JSON_TYPE.match(said)) if said else request.body.language == "json"


def _wrong(text: str) -> str:
    """Why a text cannot be JSON, with the line; empty if it can."""
    first = ""
    for placeholder in PLACEHOLDERS:
        filled = _STRING_OR_NAME.sub(lambda found: placeholder if found[1] else found[0], text)  # noqa: B023
        try:
            loads(filled)
        except ValueError as error:
            line = getattr(error, "lineno", 1)
            first = first or f"{getattr(error, 'msg', 'it cannot be read')} in line {line}"
        else:
            return ""
    return first


def missing_file(subject: CollectionSubject) -> Iterator[Problem]:
    """A request sends a file that does not exist, or has no file chosen."""
    for node, request in _requests(subject):
        body = request.body
        if body is None or body.disabled or not _sends_body(node, request):
            continue
        if body.mode == "file":
            inline = bool((body.file or {}).get("content"))
            yield from _missing(subject, node, ("request", "body", "file"), (body.file or {}).get("src"), inline)
        for steps, row in node.rows("request", "body", "formdata") if body.mode == "formdata" else ():
            if row.get("type") == "file" and not row.get("disabled"):
                yield from _missing(subject, node, steps, row.get("src"), bool(row.get("value")))


def _missing(
    subject: CollectionSubject, node: Node, steps: tuple[str | int, ...], source: object, inline: bool
) -> Iterator[Problem]:
    paths = [one for one in (source if isinstance(source, list) else [source]) if one]
    if not paths and not inline:
        yield node.problem("no file is chosen", *steps)
    for path in paths:
        if isinstance(path, str) and not names_in(path):
            known = any(os.path.exists(os.path.join(folder, path)) for folder in subject.known.folders)
            if not known:
                yield node.problem(f"there is no file {path!r}", *steps, hint="--working-dir says where files are")


def unsent_kind(subject: CollectionSubject) -> Iterator[Problem]:
    """A request has a kind that postrunner does not send: a run skips it and fails."""
    for node in subject.items:
        if isinstance(node.entry, Item) and not is_sent(node.entry.kind):
            yield node.problem(f"a {node.entry.kind} is not sent: a run skips it", "name")


def odd_method(subject: CollectionSubject) -> Iterator[Problem]:
    """A method contains characters that HTTP does not allow there, such as a space: the request cannot be sent."""
    for node, request in _requests(subject):
        if request.method and not names_in(request.method) and not _TOKEN.fullmatch(request.method):
            yield node.problem(f"{request.method!r} is not a method of HTTP", "request", "method")


def _requests(subject: CollectionSubject) -> Iterator[tuple[Node, Request]]:
    for node in subject.items:
        if isinstance(node.entry, Item) and is_sent(node.entry.kind):
            yield node, node.entry.request


def _sends_body(node: Node, request: Request) -> bool:
    """Whether a body is sent. With GET and the like it is not, unless the request or one of its folders says so."""
    pruned = [one.entry.protocol_profile_behavior.get("disableBodyPruning") for one in node.line]
    return request.method.upper() not in BODYLESS_METHODS or any(pruned)
