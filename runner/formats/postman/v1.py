"""Collections of the old format v1, converted once to the JSON of v2.1 and read as that."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.deep_json import loads
from runner.errors import InvalidCollection
from runner.formats.format import CERTAIN, NO, POSSIBLE, Format, Given
from runner.formats.json_text import JsonOrigin
from runner.formats.postman.v2 import SCHEMA, WRAPPERS, dump_text
from runner.formats.postman.v2 import parse_collection as parse_v2
from runner.formats.postman.v2_url import dump_url
from runner.formats.postman.wrapped import inside, unwrapped
from runner.model.collection import Collection
from runner.model.json import Json, JsonArray, JsonObject
from runner.model.origin import Origin
from runner.rules.text import text_of
from runner.rules.url import parse_url

AUTH_TYPES = {
    "apikeyAuth": "apikey",
    "basicAuth": "basic",
    "bearerAuth": "bearer",
    "digestAuth": "digest",
    "hawkAuth": "hawk",
    "oAuth1": "oauth1",
    "oAuth2": "oauth2",
    "ntlmAuth": "ntlm",
    "awsSigV4": "awsv4",
}

AUTH_PARAMS = {
    "apikeyAuth": "key value in",
    "basicAuth": "username password",
    "bearerAuth": "token",
    "digestAuth": "algorithm username realm password nonce nonceCount clientNonce opaque qop disableRetryRequest",
    "hawkAuth": "hawk_id=authId hawk_key=authKey algorithm user nonce ext=extraData app=appId dlg=delegation timestamp",
    "oAuth1": "consumerKey consumerSecret token tokenSecret signatureMethod timestamp nonce version realm"
    " header=addParamsToHeader auto=autoAddParam includeEmpty=addEmptyParamsToSign",
    "oAuth2": "accessToken addTokenTo callBackUrl authUrl accessTokenUrl clientId clientSecret clientAuth grantType scope"
    " username password tokenType redirectUri refreshToken",
    "ntlmAuth": "username password domain workstation disableRetryRequest",
}
"""The parameters of v1 that v2.1 has, too, as `old=new` if their names differ; a type that is missing here keeps all."""

MOST_REPEATED = 10_000
"""Folders and requests that a collection may have beyond ten times as many as its file names."""

MODES = {"raw": "raw", "urlencoded": "urlencoded", "params": "formdata", "binary": "file", "graphql": "graphql"}

_HEADER_LINE = re.compile(r"^((?://\s*)?\S+):(.*)$", re.MULTILINE)


def parse_collection(document: JsonObject, where: str = "") -> Collection:
    """A collection from the JSON of v1; raises `InvalidCollection`."""
    from runner.formats.explain import explain_collection, refuse_other_kinds

    refuse_other_kinds(document, where)  # other programs have a list `requests` too
    try:
        converted = convert(document, where)
    except (AttributeError, TypeError, ValueError, KeyError) as error:
        raise explain_collection(document, where, error) from None
    except RecursionError:
        raise InvalidCollection("folders are nested too deeply", where=where) from None
    return parse_v2(converted, where)


def convert(document: JsonObject, where: str = "") -> JsonObject:
    """The v2.1 JSON of a v1 collection: folders first, then the requests of the root; ids are kept.

    Raises `InvalidCollection` if its folders name one another so often that they multiply.
    """
    requests = {text_of(r.get("id")): r for r in _objects(document.get("requests"))}
    folders = {text_of(f.get("id")): f for f in _objects(document.get("folders"))}
    inner = {id for folder in folders.values() for id in _ids(folder.get("folders_order"))}
    order = _ids(document.get("folders_order")) or list(folders)
    roots = [folders[id] for id in order if id in folders and id not in inner]
    places = Places(folders, requests, where)
    info = {"_postman_id": document.get("id"), "name": document.get("name"), "description": document.get("description")}
    return {
        "info": {**_present(info), "schema": SCHEMA},
        "item": [
            *(places.folder(folder) for folder in roots),
            *(_item(requests[id]) for id in _ids(document.get("order")) if id in requests),
        ],
        **_shared(document),
    }


def _objects(value: Json) -> list[JsonObject]:
    """The objects of a list; one object in place of a list counts as its only entry."""
    if isinstance(value, dict):
        return [value] if value else []
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _ids(value: Json) -> list[str]:
    return list(dict.fromkeys(map(text_of, value))) if isinstance(value, list) else []


def _map(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _present(source: JsonObject) -> JsonObject:
    return {key: value for key, value in source.items() if value is not None}


def _shared(source: JsonObject) -> JsonObject:
    """What collections, folders and requests may all carry."""
    return _present(
        {
            "event": _events(source),
            "variable": _variables(source.get("variables")),
            "protocolProfileBehavior": source.get("protocolProfileBehavior") or None,
            "auth": _auth(source) or None,
        }
    )


class Places:
    """Puts folders and requests into the folders whose orders name them."""

    def __init__(self, folders: dict[str, JsonObject], requests: dict[str, JsonObject], where: str) -> None:
        self._folders, self._requests, self._where = folders, requests, where
        self._above: set[str] = set()
        named = sum(len(_ids(folder.get("order"))) + len(_ids(folder.get("folders_order"))) for folder in folders.values())
        self._left = MOST_REPEATED + 10 * (len(folders) + named)

    def folder(self, source: JsonObject) -> JsonObject:
        """The v2.1 JSON of a folder with everything in it."""
        id = text_of(source.get("id"))
        self._above.add(id)  # a folder that names itself, or one around it, is not followed
        inner = [self._folders[id] for id in _ids(source.get("folders_order")) if id in self._folders]
        own = [self._requests[id] for id in _ids(source.get("order")) if id in self._requests]
        self._left -= 1 + len(own)
        if self._left < 0:
            raise InvalidCollection("its folders hold one another too often", where=self._where)
        head = {"id": source.get("id"), "name": source.get("name"), "description": source.get("description")}
        inside = [self.folder(folder) for folder in inner if text_of(folder.get("id")) not in self._above]
        self._above.discard(id)
        return {**_present(head), "item": [*inside, *map(_item, own)], **_shared(source)}


def _item(source: JsonObject) -> JsonObject:
    shared = _shared(source)
    auth = {"auth": shared.pop("auth")} if "auth" in shared else {}
    request = {
        **auth,
        "method": source.get("method"),
        "header": _headers(source),
        "body": _body(source),
        "url": _url(source),
        "description": source.get("description"),
    }
    head = {"id": source.get("id"), "name": source.get("name") or ""}
    return {**_present(head), **shared, "request": _present(request), "response": source.get("responses") or []}


# -- scripts, auth, variables -----------------------------------------------------------------------------------


def _events(source: JsonObject) -> list[JsonObject] | None:
    scripts = [("test", source.get("tests")), ("prerequest", source.get("preRequestScript"))]
    if not any(script for _, script in scripts):
        return [{"listen": "test", **event} for event in _objects(source.get("events"))] or None
    return [
        {
            "listen": listen,
            "script": {"type": "text/javascript", "exec": exec.split("\n") if isinstance(exec, str) else exec},
        }
        for listen, exec in scripts
        if exec
    ]


def _auth(source: JsonObject) -> JsonObject | None:
    helper = source.get("currentHelper")
    if "currentHelper" not in source and not source.get("helperAttributes"):
        auth = source.get("auth")
        return auth if isinstance(auth, dict) else None
    if not helper or helper == "normal":
        return None
    helper = text_of(helper)
    kind = AUTH_TYPES.get(helper, helper)
    attributes = _helper_attributes(source)
    pairs = [pair.partition("=") for pair in AUTH_PARAMS.get(helper, " ".join(attributes)).split()]
    params = {new or old: attributes[old] for old, _, new in pairs if old in attributes}
    return {"type": kind, kind: [{"key": key, "value": value, "type": "any"} for key, value in params.items()]}


def _helper_attributes(source: JsonObject) -> JsonObject:
    attributes = source.get("helperAttributes")
    if isinstance(attributes, str):  # some old versions of the app wrote JSON in a text
        try:
            attributes = loads(attributes)
        except ValueError:
            return {}
    return _map(attributes)


def _variables(source: Json) -> list[JsonObject] | None:
    return [
        {**entry, "key": entry.get("key") or entry.get("id"), **({"type": "string"} if entry.get("type") == "text" else {})}
        for entry in _objects(source)
    ] or None


# -- the request ------------------------------------------------------------------------------------------------


def _enabled(entry: JsonObject) -> JsonObject:
    """An entry with v2's `disabled` in place of v1's `enabled`."""
    result = {key: value for key, value in entry.items() if key != "enabled"}
    return {**result, "disabled": True} if entry.get("enabled") is False else result


def _headers(source: JsonObject) -> JsonArray:
    text = source.get("headers")
    if isinstance(text, list):
        return text
    given = [_commented(_enabled(entry)) for entry in _objects(source.get("headerData"))]
    known = [header.get("key") for header in given]
    lines = _HEADER_LINE.finditer(text.replace("\r", "")) if isinstance(text, str) else ()
    parsed = [_commented({"key": found[1], "value": found[2].strip()}) for found in lines]
    return [*given, *(header for header in parsed if header["key"] not in known)]


def _commented(header: JsonObject) -> JsonObject:
    """A header with v2's `disabled`, if its name begins with `//`: so the app wrote one that was switched off."""
    key = text_of(header.get("key") or "")
    return {**header, "key": key[2:].strip(), "disabled": True} if key.startswith("//") else header


def _url(source: JsonObject) -> Json:
    url = source.get("url") or ""
    parts = dict(dump_url(parse_url(url), url)) if isinstance(url, str) else _map(url)
    params = [_query_param(entry) for entry in _objects(source.get("queryParams"))]
    given = _objects(source.get("pathVariableData"))
    known = [entry.get("key") for entry in given]
    plain = _map(source.get("pathVariables"))
    more = [{"key": key, "value": value} for key, value in plain.items() if key not in known]
    return {**parts, **({"query": params} if params else {}), **({"variable": [*given, *more]} if given or more else {})}


def _query_param(entry: JsonObject) -> JsonObject:
    """A query parameter; in v1 `equals` told whether an empty one is written with `=`."""
    result = _enabled({key: value for key, value in entry.items() if key != "equals"})
    if "equals" in entry:
        result["value"] = result.get("value") or ("" if entry["equals"] else None)
    return result


def _body(source: JsonObject) -> JsonObject | None:
    mode = MODES.get(text_of(source.get("dataMode")))
    data, raw = source.get("data"), _raw(source.get("rawModeData"))
    if (mode is None and not (data or source.get("rawModeData") or source.get("graphqlModeData"))) or (
        "dataMode" in source and source["dataMode"] is None
    ):
        return None
    if mode is None:
        form = isinstance(data or source.get("rawModeData"), list | dict)
        mode = "raw" if raw else "formdata" if form else "graphql" if source.get("graphqlModeData") else "raw"
    body: JsonObject = {"mode": mode, mode: BODIES[mode](source, raw)}
    options = {MODES[key]: value for key, value in _map(source.get("dataOptions")).items() if key in MODES and value}
    return {
        **body,
        **({"options": options} if options else {}),
        **({"disabled": True} if source.get("dataDisabled") else {}),
    }


def _raw(value: Json) -> str | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, str) else None


def _raw_body(source: JsonObject, raw: str | None) -> str:
    data = source.get("data")
    return raw or (data if isinstance(data, str) else "")


def _params(source: JsonObject, raw: str | None) -> JsonArray:
    data = source.get("data") or source.get("rawModeData")
    return [_file_param(_enabled(entry)) for entry in _objects(data) if entry.get("key") is not None]


def _file_param(entry: JsonObject) -> JsonObject:
    """A field of a form; in v1 the path of a file stood in its `value`."""
    if entry.get("type") != "file" or entry.get("src") or not entry.get("value"):
        return entry
    return {**{key: value for key, value in entry.items() if key != "value"}, "src": entry["value"]}


BODIES: dict[str, Callable[[JsonObject, str | None], Json]] = {
    "raw": _raw_body,
    "urlencoded": _params,
    "formdata": _params,
    "file": lambda source, raw: {"src": raw},
    "graphql": lambda source, raw: source.get("graphqlModeData") or source.get("data"),
}
"""Mode → what makes that body from a request and its raw text."""


# -- as a format ------------------------------------------------------------------------------------------------


def _sniff(given: Given) -> int:
    document = inside(given.json, WRAPPERS)
    if not isinstance(document, dict) or "item" in document:
        return NO
    marks = {"requests", "order"} & document.keys()
    return (NO, POSSIBLE, CERTAIN)[len(marks)]  # other programs' files may have one of these keys


def _load(given: Given) -> tuple[Collection, Origin]:
    document, style = unwrapped(given, WRAPPERS)
    assert isinstance(document, dict)  # `_sniff` takes nothing else for v1
    return parse_collection(document, given.path), JsonOrigin(format="v1", style=style)


FORMAT = Format(title="a collection", sniff=_sniff, load=_load, dump=dump_text)
"""Written back as v2.1: Postman itself no longer exports v1."""
