"""Exports of Insomnia 11 and later: one YAML file for each collection, its folders inside of one another."""

from __future__ import annotations

from runner.errors import InvalidCollection
from runner.foreign.entries import Entry
from runner.foreign.insomnia.fields import body_of, code_of, path_row, place_of, rows_of
from runner.foreign.insomnia.model import Environment, Folder, Request, Settings, Test, Workspace
from runner.model.quick_dataclass import replace

COLLECTION, SPEC, ENVIRONMENT = "collection", "spec", "environment"
PROTOCOLS = {"ws-req": "WebSocket", "socketio-req": "Socket.IO", "greq": "gRPC"}
"""By the beginning of an id."""


def workspace_of(top: Entry, path: str) -> Workspace:
    """The collection of a file; raises `InvalidCollection` for one that has none."""
    kind = top.text("type").partition(".")[0]
    if kind not in (COLLECTION, SPEC, ENVIRONMENT):
        what = {"mock": "a mock server", "mcpClient": "an MCP client"}.get(kind, f"of the type {top.text('type')}")
        raise InvalidCollection(f"is {what} of Insomnia: there are no requests in it", where=path)
    found = Workspace(name=top.text("name") or "Insomnia", description=top.get("meta").text("description"))
    tests: dict[str, list[Test]] = {}
    for suite in top.get("testSuites"):
        for test in suite.get("tests"):
            made = Test(name=test.text("name"), request=test.text("requestId"), code=code_of(test.get("code")))
            tests.setdefault(made.request, []).append(made)
    found.items = _items(top.get("collection"), tests)
    for name, lost in tests.items():
        found.left_out += [(f"the test {test.name} is of no request in the file ({name})", test.code.line) for test in lost]
    _environments(top.get("environments"), found, alone=kind == ENVIRONMENT)
    cookies = list(top.get("cookieJar").get("cookies"))
    if cookies:
        found.left_out.append((f"{len(cookies)} cookies of the jar are none of a collection", cookies[0].line))
    for certificate in top.get("certificates"):
        if not certificate.flag("disabled"):
            found.left_out.append(("a CA certificate is none of a collection: --ssl-extra-ca-certs", certificate.line))
    spec = top.get("spec")
    if spec.get("contents").value or spec.text("file"):
        found.left_out.append(("the API document in it is not imported: it is a file of its own", spec.line))
    return found


def _environments(base: Entry, found: Workspace, *, alone: bool) -> None:
    """The base environment and those below it; a file of nothing else has them as environments, each with the base."""
    if not base:
        return
    own = base.get("data")
    if alone:
        found.environments.append(Environment(name=found.name, variables=own))
    else:
        found.base = Environment(name=base.text("name"), variables=own)
    for one in base.get("subEnvironments"):
        variables = one.get("data")
        if alone and isinstance(own.value, dict) and isinstance(variables.value, dict):
            variables = Entry({**own.value, **variables.value}, variables.line)
        found.environments.append(Environment(name=one.text("name") or "Environment", variables=variables))


def _items(entries: Entry, tests: dict[str, list[Test]]) -> list[Folder | Request]:
    found = [_folder(one, tests) if _is_folder(one) else _request(one, tests) for one in entries]
    return sorted(found, key=lambda one: one.place)


def _is_folder(entry: Entry) -> bool:
    if not isinstance(entry.value, dict):
        return False
    return "children" in entry.value or not ({"url", "method"} & entry.value.keys())


def _folder(entry: Entry, tests: dict[str, list[Test]]) -> Folder:
    meta, scripts = entry.get("meta"), entry.get("scripts")
    return Folder(
        id=meta.text("id") or f"line {entry.line}",
        name=entry.text("name") or "New Folder",
        description=meta.text("description"),
        place=place_of(meta.get("sortKey")),
        line=entry.line,
        headers=rows_of(entry.get("headers")),
        auth=entry.get("authentication"),
        before=code_of(scripts.get("preRequest")),
        after=code_of(scripts.get("afterResponse")),
        items=_items(entry.get("children"), tests),
        variables=entry.get("environment"),
    )


def _request(entry: Entry, tests: dict[str, list[Test]]) -> Request:
    meta, scripts, settings = entry.get("meta"), entry.get("scripts"), entry.get("settings")
    id = meta.text("id") or f"line {entry.line}"
    protocol = next((name for start, name in PROTOCOLS.items() if id.startswith(start)), "")
    if entry.get("protoMethodName") or entry.get("reflectionApi"):
        protocol = "gRPC"
    return Request(
        id=id,
        name=entry.text("name") or entry.text("url") or "New Request",
        description=meta.text("description"),
        place=place_of(meta.get("sortKey")),
        line=entry.line,
        headers=rows_of(entry.get("headers")),
        auth=entry.get("authentication"),
        before=code_of(scripts.get("preRequest")),
        after=code_of(scripts.get("afterResponse")),
        method=entry.text("method") or "GET",
        url=entry.text("url"),
        url_line=entry.get("url").line,
        query=[replace(row, value=row.value or "") for row in rows_of(entry.get("parameters"))],
        path=[path_row(one) for one in entry.get("pathParameters")],
        body=body_of(entry.get("body")),
        settings=_settings(settings),
        protocol=protocol,
        tests=tests.pop(id, []),
    )


def _settings(entry: Entry) -> Settings:
    cookies = entry.get("cookies")
    return Settings(
        encode_url=entry.get("encodeUrl").value is not False,
        render_body=entry.get("renderRequestBody").value is not False,
        send_cookies=cookies.get("send").value is not False,
        store_cookies=cookies.get("store").value is not False,
        follow_redirects=entry.text("followRedirects", "global"),
    )
