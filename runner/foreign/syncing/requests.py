"""One request brought up to date with the same request of a newly imported collection."""

from __future__ import annotations

from runner.foreign.syncing.matching import is_variable
from runner.foreign.syncing.rows import Tell, sync_body, sync_description, sync_rows
from runner.formats.postman.v2_url import dump_url
from runner.model.json import Json, JsonObject
from runner.rules.url import parse_url

FROM_DOCUMENT = {
    "apikey": frozenset({"key", "in"}),
    "oauth2": frozenset({"scope", "authUrl", "accessTokenUrl", "deviceAuthorizationUrl", "grant_type"}),
}
"""The fields of an auth that the document knows; all others hold values of the collection's owner."""


def sync_item(item: JsonObject, fresh: JsonObject, tell: Tell) -> None:
    """Change an item: parameters, headers, body, auth and description follow the document; name and scripts stay."""
    found = item.get("request")
    request: JsonObject = found if isinstance(found, dict) else {"method": "GET", "header": [], "url": found}
    wanted: JsonObject = fresh["request"]
    changes: list[str] = []
    _sync_url(request, wanted["url"], changes.append)
    headers = sync_rows(request.get("header"), wanted.get("header", []), "header", changes.append, ignore_case=True)
    if headers != request.get("header", []):
        request["header"] = headers
    if wanted.get("body"):
        request["body"] = sync_body(request.get("body"), wanted["body"], changes.append)
    sync_auth(request, wanted.get("auth"), changes.append)
    sync_description(request, wanted.get("description"), "", changes.append)
    _add_examples(item, fresh.get("response", []), changes.append)
    if "protocolProfileBehavior" in fresh and "protocolProfileBehavior" not in item and request.get("body"):
        item["protocolProfileBehavior"] = fresh["protocolProfileBehavior"]
    if changes:
        item["request"] = request
    for change in changes:
        tell(change)


def _sync_url(request: JsonObject, fresh: JsonObject, tell: Tell) -> None:
    """Query and path variables; a segment that has a `{{variable}}` of its owner stays."""
    changes: list[str] = []
    old = request.get("url")
    url: JsonObject = {**old} if isinstance(old, dict) else dump_url(parse_url(old), None)
    path = list(parse_url(url).path or ())
    wanted = [segment for segment in parse_url(fresh).path or () if segment]
    start = len(path) - len(wanted)
    renamed: dict[str, str] = {}
    for number, segment in enumerate(wanted, start):
        mine = path[number] if 0 <= number < len(path) else ""
        if mine.startswith(":") and segment.startswith(":") and is_variable(mine) and mine != segment:
            renamed[mine[1:]] = segment[1:]
            path[number] = segment
            changes.append(f"path variable {mine[1:]} is called {segment[1:]}")
    if renamed:
        url["path"] = path
        rows = [row for row in url.get("variable") or [] if isinstance(row, dict)]
        url["variable"] = [{**row, "key": renamed.get(str(row.get("key")), row.get("key"))} for row in rows]
    used = {segment[1:] for segment in path if segment.startswith(":")}
    variables = [row for row in fresh.get("variable", []) if row["key"] in used]
    for key, rows, what in (("query", fresh.get("query", []), "query"), ("variable", variables, "path variable")):
        made = sync_rows(url.get(key), rows, what, changes.append)
        if made or key in url:
            url[key] = made
    if changes:
        url["raw"] = dump_url(parse_url({**url}), None)["raw"]
        request["url"] = url
    for change in changes:
        tell(change)


def sync_auth(holder: JsonObject, fresh: JsonObject | None, tell: Tell) -> None:
    """Take over another type of auth, and of the same type what the document knows; without one the old one stays."""
    if fresh is None:
        return
    old = holder.get("auth")
    kind = str(fresh["type"])
    if not isinstance(old, dict) or old.get("type") != kind:
        holder["auth"] = fresh
        tell(f"auth is {kind} now")
        return
    rows = old.get(kind)
    kept: list[JsonObject] = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    by_key = {row.get("key"): row for row in kept}
    for row in fresh.get(kind, []):
        if row["key"] in FROM_DOCUMENT.get(kind, ()) and by_key.get(row["key"], {}).get("value") != row["value"]:
            tell(f"auth {row['key']} changed")
            if row["key"] in by_key:
                by_key[row["key"]]["value"] = row["value"]
            else:
                kept.append(row)
                old[kind] = kept


def _add_examples(item: JsonObject, fresh: list[JsonObject], tell: Tell) -> None:
    """Add the examples of statuses that no example has yet; those that are there stay as they are."""
    found = item.get("response")
    old: list[Json] = found if isinstance(found, list) else []
    codes = {example.get("code") for example in old if isinstance(example, dict)}
    added = [example for example in fresh if example.get("code") not in codes]
    if added:
        item["response"] = [*old, *added]
        for example in added:
            tell(f"example {example['name']} ({example['code']}) added")
