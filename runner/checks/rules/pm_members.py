"""The members that `pm` always has in Postman; a test compares them with Postman's own."""

from __future__ import annotations

from collections.abc import Mapping

_SCOPE = (
    "addLayer applyMutation clear describe disableTracking enableTracking findInParents findParentContaining"
    " findSubstitutions forEachParent get has id meta parent replaceIn set setParent syncVariablesFrom syncVariablesTo"
    " toJSON toObject toObjectResolved unset values variables"
)
_LIST = (
    "Type add all append assimilate clear count each eachParent filter find findInParents findParentContaining"
    " forEachParent get has idx indexOf insert insertAfter map members meta one parent populate prepend reduce"
    " reference remove repopulate setParent toJSON toObject toString upsert"
)
_PROPERTY = "findInParents findParentContaining forEachParent meta parent setParent toJSON update"
_ANY_OBJECT = (
    "constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf"  # of `Object.prototype`
)

NAMES: Mapping[str, str] = {
    "": (
        "collectionVariables cookies datasets environment execution expect globals info iterationData request require"
        " response sendRequest test variables vault visualizer"
    ),
    "collectionVariables": f"{_SCOPE} mutations",
    "environment": f"{_SCOPE} mutations name",
    "globals": f"{_SCOPE} mutations name",
    "variables": f"{_SCOPE} mutations",
    "iterationData": _SCOPE,
    "cookies": f"{_LIST} jar",
    "execution": "location runRequest setNextRequest skipRequest",
    "info": "eventName iteration iterationCount requestId requestName",
    "request": (
        f"{_PROPERTY} addHeader addQueryParams authorizeUsing body clone describe findSubstitutions forEachHeader"
        " getHeaders headers method removeHeader removeQueryParams size to toObjectResolved upsertHeader url"
    ),
    "request.url": (
        f"{_PROPERTY} addQueryParams auth getHost getOAuth1BaseUrl getPath getPathWithQuery getQueryString getRaw getRemote"
        " hash host path port protocol query removeQueryParams toString variables"
    ),
    "request.body": f"{_PROPERTY} disabled file formdata graphql isEmpty mode options raw toString urlencoded",
    "response": (
        f"{_PROPERTY} body code contentInfo cookies dataURI describe details encoding findSubstitutions headers id json"
        " jsonp mime reason responseSize responseTime size status stream text to toObjectResolved"
    ),
    "response.headers": f"{_LIST} contentSize",
    "vault": "get set unset",
    "visualizer": "clear set",
}
"""The members of `pm` and of what it has, as Postman's sandbox lists them."""

SOMETIMES: Mapping[str, str] = {
    "": "message messages",
    "request": "auth certificate description id messages metadata methodPath name proxy",
    "request.headers": f"{_LIST} contentSize",
    "response": "description messages metadata name originalRequest trailers",
}
"""Members that only some requests have, or those of other protocols."""

MEMBERS: Mapping[str, frozenset[str]] = {
    above: frozenset(f"{NAMES.get(above, '')} {SOMETIMES.get(above, '')} {_ANY_OBJECT}".split())
    for above in {**NAMES, **SOMETIMES}
}
"""All members."""
