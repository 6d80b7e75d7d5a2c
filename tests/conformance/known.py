# ruff: noqa: E501  (the cases are named by their text)
"""Where ours differs from Postman's sandbox on purpose, by topic and name of the case."""

from __future__ import annotations

HONEST = "what fails is a failure here: a rejected test, a test that never ends, an error that is thrown as nothing"
CODE_ONLY = "a server is free to choose its reason phrase: the code alone decides"
COMPARED = "an object that is asked for is compared; Postman ignores it"
OURS_FIRST = "the message tells what was found and what was wanted, in this order"
AS_JSON = "an object in a text is its JSON, not [object Object]"
AS_SENT = "a text has what the request gets: undefined is null by then"
INSIDE = "insides of the collection library that no script has a use for"
NAMES = "names of functions and classes that a minifier chose"
TYPED = "typed arrays reach the console as they are; Postman's copy breaks them"
ARGUMENTS = "timers hand on their arguments, as everywhere else"
LATER = "it is told, but later: when nothing else is left to run"
RAW_URL = "a URL that is given as `raw` alone is read"
FILE_NAME = "file names of RFC 6266 are read whatever the case of the charset"
SMALLER = "the value is the same, its shape differs where a name is missing"
CASE = "header names ignore their case here, too"
GLOBALS = "the old names are globals, so text made at run time sees them as well"
NEWER = "the engine has more of the language than Node 20"
BETTER = "the engine's own message"
NO_TEXT = "an error of a file that is not JavaScript shows nothing of its text"

KNOWN: dict[str, dict[str, str]] = {
    "console": {
        "values: new Uint8Array([1, 2, 3]), new Float64Array([1.5]), new Int16Array([-1])": TYPED,
        "values: new Uint8ClampedArray([300]), new BigInt64Array([1n])": TYPED,
        "values: globalThis": BETTER,
        "members: Object.keys(console)": NAMES,
    },
    "content": {
        "file names": FILE_NAME,
    },
    "cookies": {
        "list: pm.cookies.constructor.name, pm.cookies.idx(0).constructor.name": NAMES,
        "list: typeof pm.cookies.jar(), Object.keys(pm.cookies.jar())": INSIDE,
        "jar set and get": NAMES,
        "jar texts": LATER,
    },
    "errors": {
        "thrown null": HONEST,
        "thrown undefined": HONEST,
        "unhandled rejection while a timer waits": LATER,
    },
    "expect": {
        "json": COMPARED,
        "no body": SMALLER,
        "other reasons": CODE_ONLY,
        "standard 401": CODE_ONLY,
        "times and sizes": OURS_FIRST,
        "chai by require": NAMES,
    },
    "legacy": {
        "globals: responseHeaders['Content-Type'], responseHeaders['content-type'], responseHeaders['CONTENT-TYPE'], responseHeaders['Set-Cookie']": CASE,
        "globals: typeof postman, Object.keys(postman)": INSIDE,
        "deprecation in a timer": HONEST,
    },
    "pm": {
        "require packages": NO_TEXT,
    },
    "request": {
        "headers: pm.request.headers.constructor.name": NAMES,
        "header map": RAW_URL,
    },
    "sending": {
        "forms of a request": RAW_URL,
        "nothing": LATER,
    },
    "sugar": {
        "arrays: [1, 2, 3].find(2), [1, 2, 3].findAll(x => x > 1), [1, 2, 3].findIndex(2), [{a: 1}].find({a: 1})": BETTER,
        "expect: pm.expect('x'.count), typeof pm.expect([]).to": BETTER,
        "expect: pm.expect({}).to.not.have.property('count')": BETTER,
    },
    "tests": {
        "throws undefined": HONEST,
        "async test that fails": HONEST,
        "promise that rejects": HONEST,
        "done never called": HONEST,
    },
    "timers": {
        "arguments": ARGUMENTS,
    },
    "variables": {
        "reading: Object.keys(pm.environment)": INSIDE,
        "replaceIn: pm.variables.replaceIn('{{o}}')": AS_JSON,
        "replaceIn: pm.variables.replaceIn('{{nested}}')": AS_JSON,
        "undefined in the next script": AS_SENT,
    },
    "world": {
        "globals: atob('*')": BETTER,
        "globals: new Function('return typeof pm')()": GLOBALS,
        "globals: (0, eval)('typeof pm')": GLOBALS,
        "globals: Object.groupBy && Object.groupBy([1, 2], x => x % 2 ? 'odd' : 'even')": NEWER,
    },
}
"""Topic → name of the case → why."""


def known_difference(topic: str, name: str) -> str | None:
    """The reason, None when the two must be the same."""
    return KNOWN.get(topic, {}).get(name)
