"""Exports of Insomnia up to version 10, and the files of its projects: a list of resources that name their parents."""

from __future__ import annotations

from collections.abc import Sequence

from runner.foreign.entries import Entry
from runner.foreign.insomnia.fields import body_of, code_of, path_row, place_of, rows_of
from runner.foreign.insomnia.model import Environment, Folder, Request, Settings, Test, Workspace

PROTOCOLS = {
    "grpc_request": "gRPC",
    "websocket_request": "WebSocket",
    "socketio_request": "Socket.IO",
    "mcp_request": "MCP",
}
LEFT_OUT = {
    "mock_server": "a mock server",
    "ca_certificate": "a CA certificate (--ssl-extra-ca-certs)",
    "client_certificate": "a client certificate (--ssl-client-cert-list)",
}


def workspaces_of(resources: Sequence[Entry], name: str) -> list[Workspace]:
    """The collections of an export; what belongs to none of them is in the only one, or in one called `name`."""
    reading = _Reading(resources)
    roots = reading.of_type("workspace")
    strays = reading.strays()
    found = [reading.workspace(one, strays if len(roots) == 1 else []) for one in roots]
    if strays and len(roots) != 1:
        found.append(reading.workspace(Entry({"name": name}), strays))
    if found:
        found[0].left_out += reading.unreached()
    return [one for one in found if one.items] or found


class _Reading:
    def __init__(self, resources: Sequence[Entry]) -> None:
        self._children: dict[str, list[Entry]] = {}
        self._types: dict[str, list[Entry]] = {}
        self._ids = {one.text("_id") for one in resources} - {""}
        self._reached: set[int] = set()
        for one in resources:
            self._children.setdefault(one.text("parentId"), []).append(one)
            self._types.setdefault(one.text("_type"), []).append(one)
        self._tests: dict[str, list[Test]] = {}
        for one in sorted(self.of_type("unit_test"), key=_of_entry):
            test = Test(name=one.text("name"), request=one.text("requestId"), code=code_of(one.get("code")))
            self._tests.setdefault(test.request, []).append(test)

    def of_type(self, type: str) -> list[Entry]:
        return self._types.get(type, [])

    def strays(self) -> list[Entry]:
        """What has no parent in the export."""
        return [
            one
            for parent, children in self._children.items()
            for one in children
            if parent not in self._ids and one.text("_type") != "workspace"
        ]

    def unreached(self) -> list[tuple[str, int]]:
        """Requests whose folders are inside of themselves."""
        requests = [one for type in ("request", *PROTOCOLS) for one in self.of_type(type)]
        return [
            (f"{one.text('name')} is in a folder that is inside of itself", one.line)
            for one in requests
            if id(one) not in self._reached
        ]

    def workspace(self, entry: Entry, strays: list[Entry]) -> Workspace:
        found = Workspace(name=entry.text("name") or "Insomnia", description=entry.text("description"))
        children = [*self._inside(entry), *strays]
        found.items = self._items(children)
        for one in children:
            type = one.text("_type")
            if type == "environment" and found.base is None:
                found.base = Environment(name=one.text("name"), variables=one.get("data"))
                inner = sorted(self._inside(one), key=_of_entry)
                found.environments += [_environment(child) for child in inner if child.text("_type") == "environment"]
            elif type == "environment":
                found.environments.append(_environment(one))
            elif type == "cookie_jar" and list(one.get("cookies")):
                count = len(list(one.get("cookies")))
                found.left_out.append((f"{count} cookies of the jar are none of a collection", one.line))
            elif type == "api_spec" and one.text("contents").strip():
                found.left_out.append(("the API document in it is not imported: it is a file of its own", one.line))
            elif type in LEFT_OUT:
                found.left_out.append((f"{LEFT_OUT[type]} is none of a collection", one.line))
        return found

    def _inside(self, entry: Entry) -> list[Entry]:
        """What names this as its parent."""
        return self._children.get(entry.text("_id"), []) if entry.text("_id") else []

    def _items(self, children: Sequence[Entry]) -> list[Folder | Request]:
        found: list[Folder | Request] = []
        for one in sorted(children, key=_of_entry):
            type = one.text("_type")
            if type == "request_group":
                found.append(self._folder(one))
            elif type == "request" or type in PROTOCOLS:
                found.append(self._request(one, PROTOCOLS.get(type, "")))
        return found

    def _folder(self, entry: Entry) -> Folder:
        return Folder(
            id=entry.text("_id"),
            name=entry.text("name") or "New Folder",
            description=entry.text("description"),
            line=entry.line,
            headers=rows_of(entry.get("headers")),
            auth=entry.get("authentication"),
            before=code_of(entry.get("preRequestScript")),
            after=code_of(entry.get("afterResponseScript")),
            items=self._items(self._inside(entry)),
            variables=entry.get("environment"),
        )

    def _request(self, entry: Entry, protocol: str) -> Request:
        self._reached.add(id(entry))
        own = entry.text("_id")
        headers = rows_of(entry.get("headers"))
        type = next((row.value for row in headers if row.name.lower() == "content-type"), "")
        return Request(
            id=own,
            name=entry.text("name") or entry.text("url") or "New Request",
            description=entry.text("description"),
            line=entry.line,
            headers=headers,
            auth=entry.get("authentication"),
            before=code_of(entry.get("preRequestScript")),
            after=code_of(entry.get("afterResponseScript")),
            method=entry.text("method") or "GET",
            url=entry.text("url"),
            url_line=entry.get("url").line,
            query=rows_of(entry.get("parameters")),
            path=[path_row(one) for one in entry.get("pathParameters")],
            body=body_of(entry.get("body"), type or ""),
            settings=_settings(entry),
            protocol=protocol,
            tests=self._tests.get(own, []),
        )


def _environment(entry: Entry) -> Environment:
    return Environment(name=entry.text("name") or "Environment", variables=entry.get("data"))


def _settings(entry: Entry) -> Settings:
    return Settings(
        encode_url=entry.get("settingEncodeUrl").value is not False,
        render_body=entry.get("settingDisableRenderRequestBody").value is not True,
        send_cookies=entry.get("settingSendCookies").value is not False,
        store_cookies=entry.get("settingStoreCookies").value is not False,
        follow_redirects=entry.text("settingFollowRedirects", "global"),
    )


def _of_entry(entry: Entry) -> float:
    return place_of(entry.get("metaSortKey"))
