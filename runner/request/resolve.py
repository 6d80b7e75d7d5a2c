"""Replaces `{{variables}}` in every text of a request; the URL is one text, parsed again afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from runner.model.quick_dataclass import dataclass, replace
from runner.model.request import Auth, Body, FormParam, Header, Request, Url
from runner.request.json_doubts import doubts_in
from runner.request.paths import Paths
from runner.rules.substitute import Get, substitute, substitute_tree
from runner.rules.url import fill_path, parse_url, url_text
from runner.variables.scopes import Scopes

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A request without variables, the unknown names in it (sent as they stand), and the warnings about its JSON.

    `by_script` has the paths of files that a script chose.
    """

    request: Request
    unresolved: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    by_script: frozenset[str] = frozenset()


def resolve(
    request: Request, scopes: Scopes, dynamic: Get, own: Request | None = None, read: Get | None = None
) -> Resolved:
    """The request with the values of its variables; `dynamic` gives those of dynamic variables. Raises `VariableError`.

    The URL is substituted as one text and parsed afterwards, so that a value may hold a `?`, a `/` or a whole host. Of an
    auth only the parameters of its type are resolved: the model has no others. `own` is the request as the collection has
    it, if scripts may have changed it since. `read` is `scopes.get` of somebody who notes what is read.
    """
    unresolved: set[str] = set()
    paths = Paths(own or request, scopes)
    get = read or scopes.get

    def text(value: str) -> str:
        return substitute(value, get, dynamic, unresolved) if "{{" in value else value

    def tree(value: Value) -> Value:
        return substitute_tree(value, get, dynamic, unresolved)

    def path(value: Value) -> Value:
        return paths.fill_all(value, dynamic, unresolved)

    resolved = replace(
        request,
        method=text(request.method),
        url=_url(request.url, text),
        headers=tuple([_header(header, text) for header in request.headers]),
        body=None if request.body is None else _body(request.body, text, tree, path),
        auth=None if request.auth is None else Auth(request.auth.type, tree(request.auth.params)),
    )
    return Resolved(resolved, tuple(sorted(unresolved)), doubts_in(request, get), frozenset(paths.by_script))


Text = Callable[[str], str]


class Tree(Protocol):
    """Replaces the variables in a value and returns one of the same type."""

    def __call__(self, value: Value, /) -> Value:
        """The value with its variables replaced."""
        ...


def _url(url: Url, text: Text) -> Url:
    """The URL with its path variables filled in, substituted as one text and parsed again."""
    return parse_url(text(url_text(replace(url, path=fill_path(url)) if url.variables and url.path else url)))


def _header(header: Header, text: Text) -> Header:
    if header.disabled or ("{{" not in header.key and "{{" not in (header.value or "")):
        return header
    return replace(header, key=text(header.key), value=None if header.value is None else text(header.value))


def _body(body: Body, text: Text, tree: Tree, path: Tree) -> Body:
    """The body with the field of its mode substituted; an unknown mode counts as raw (Postman)."""
    if body.disabled:
        return body
    change = _BODIES.get(body.mode or "raw", _raw)
    return change(body, text, tree, path)


def _raw(body: Body, text: Text, tree: Tree, path: Tree) -> Body:
    return replace(body, raw=tree(body.raw))


def _file(body: Body, text: Text, tree: Tree, path: Tree) -> Body:
    if not body.file or "src" not in body.file:
        return replace(body, file=tree(body.file))
    rest = {key: value for key, value in body.file.items() if key != "src"}
    return replace(body, file={**tree(rest), "src": path(body.file["src"])})


def _form_param(param: FormParam, text: Text, tree: Tree, path: Tree) -> FormParam:
    if param.disabled:
        return param
    return replace(
        param,
        key=text(param.key),
        value=tree(param.value),
        src=path(param.src),
        file_name=tree(param.file_name),
        content_type=tree(param.content_type),
    )


_BODIES: dict[str, Callable[[Body, Text, Tree, Tree], Body]] = {
    "raw": _raw,
    "graphql": lambda body, text, tree, path: replace(body, graphql=tree(body.graphql)),
    "file": _file,
    "urlencoded": lambda body, text, tree, path: replace(
        body, urlencoded=tuple([_form_param(param, text, tree, path) for param in body.urlencoded])
    ),
    "formdata": lambda body, text, tree, path: replace(
        body, formdata=tuple([_form_param(param, text, tree, path) for param in body.formdata])
    ),
}
