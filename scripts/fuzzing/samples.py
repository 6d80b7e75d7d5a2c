"""What the targets start from: one small example of each kind."""

from __future__ import annotations

from typing import Any

URLS: tuple[Any, ...] = (
    "http://h.example/a/{{b}}?c=d#e",
    {
        "raw": "https://u:p@h.example:8443/:id/x?q={{q}}&r",
        "protocol": "https",
        "host": ["h", "example"],
        "port": "8443",
        "path": [":id", "x"],
        "query": [{"key": "q", "value": "{{q}}"}, {"key": "r", "value": None, "disabled": True}],
        "variable": [{"key": "id", "value": "7"}],
        "hash": "f",
    },
    {"host": "[::1]", "path": "/a/b", "port": 80},
)
BODIES: tuple[Any, ...] = (
    {"mode": "raw", "raw": '{"a": "{{b}}", // c\n "d": {{e}}}', "options": {"raw": {"language": "json"}}},
    {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{b}}"}, {"key": "c", "disabled": True}]},
    {
        "mode": "formdata",
        "formdata": [
            {"key": "a", "value": "b", "type": "text", "contentType": "text/plain"},
            {"key": "f", "type": "file", "src": ["a.txt", "b.txt"]},
        ],
    },
    {"mode": "file", "file": {"src": "a.txt"}},
    {"mode": "graphql", "graphql": {"query": "{ a }", "variables": '{"b": "{{c}}"}'}},
)
AUTHS: dict[str, dict[str, Any]] = {
    "noauth": {},
    "basic": {"username": "u", "password": "{{p}}"},
    "bearer": {"token": "{{t}}"},
    "apikey": {"key": "X-Key", "value": "v", "in": "header"},
    "digest": {"username": "u", "password": "p", "realm": "r", "nonce": "n", "algorithm": "MD5", "qop": "auth"},
    "oauth1": {
        "consumerKey": "k",
        "consumerSecret": "s",
        "token": "t",
        "tokenSecret": "x",
        "signatureMethod": "HMAC-SHA1",
        "timestamp": "1",
        "nonce": "n",
        "version": "1.0",
        "addParamsToHeader": True,
        "includeBodyHash": True,
    },
    "oauth2": {
        "accessToken": "t",
        "addTokenTo": "header",
        "grant_type": "client_credentials",
        "accessTokenUrl": "http://h/t",
        "clientId": "i",
        "clientSecret": "s",
        "scope": "a b",
        "client_authentication": "header",
    },
    "awsv4": {
        "accessKey": "a",
        "secretKey": "s",
        "region": "r",
        "service": "x",
        "sessionToken": "t",
        "addAuthDataToQuery": False,
    },
    "hawk": {
        "authId": "i",
        "authKey": "k",
        "algorithm": "sha256",
        "nonce": "n",
        "timestamp": "1",
        "includePayloadHash": True,
    },
    "ntlm": {"username": "u", "password": "p", "domain": "d"},
    "edgegrid": {
        "accessToken": "a",
        "clientToken": "c",
        "clientSecret": "s",
        "nonce": "n",
        "timestamp": "t",
        "headersToSign": "A",
    },
    "jwt": {
        "algorithm": "HS256",
        "secret": "s",
        "payload": '{"a": 1}',
        "header": "{}",
        "addTokenTo": "header",
        "headerPrefix": "Bearer",
    },
    "asap": {
        "alg": "RS256",
        "iss": "i",
        "aud": "a",
        "kid": "k",
        "privateKey": "x",
        "sub": "s",
        "claims": "{}",
        "exp": "1h",
    },
}


def _collection(request: Any, **more: Any) -> dict[str, Any]:
    item = {
        "name": "one",
        "id": "i1",
        "request": request,
        "event": [{"listen": "test", "script": {"exec": ["pm.test('x');"]}}],
    }
    return {
        "info": {"name": "sample", "schema": "v2.1.0"},
        "item": [item],
        "variable": [{"key": "b", "value": "c"}],
        **more,
    }


HEADERS: tuple[Any, ...] = (
    [{"key": "A-{{b}}", "value": "v"}, {"key": "Host", "value": "x", "disabled": True}],
    "A: b\nC: d",
)

COLLECTIONS: list[Any] = [
    *(_collection({"method": "GET", "url": url, "header": HEADERS[0]}) for url in URLS),
    *(_collection({"method": "POST", "url": URLS[0], "body": body, "header": HEADERS[1]}) for body in BODIES),
    *(
        _collection(
            {"url": URLS[0], "auth": {"type": kind, kind: [{"key": k, "value": v, "type": "any"} for k, v in rows.items()]}}
        )
        for kind, rows in AUTHS.items()
    ),
    _collection(URLS[0], auth={"type": "basic", "basic": AUTHS["basic"]}),
    {
        "info": {"name": "folders"},
        "item": [
            {
                "name": "f",
                "item": [{"name": "g", "item": [{"name": "x", "request": "http://h"}]}],
                "auth": {"type": "noauth"},
                "event": [{"listen": "prerequest", "script": {"exec": "1"}}],
                "protocolProfileBehavior": {"followRedirects": False, "maxRedirects": 2, "disableBodyPruning": True},
            }
        ],
    },
    {"collection": _collection("http://h.example")},
    {
        "id": "c",
        "name": "v1",
        "order": ["r"],
        "folders": [{"id": "f", "name": "f", "order": []}],
        "requests": [
            {
                "id": "r",
                "name": "one",
                "url": "http://h/?a=b",
                "method": "POST",
                "headers": "A: b\n",
                "dataMode": "urlencoded",
                "data": [{"key": "a", "value": "b"}],
                "helperAttributes": {"id": "basic", "username": "u"},
                "currentHelper": "basicAuth",
                "events": [{"listen": "test", "script": {"exec": ["1"]}}],
                "pathVariables": {"x": "y"},
            }
        ],
    },
]
ENVIRONMENTS: list[Any] = [
    {
        "id": "e",
        "name": "env",
        "values": [
            {"key": "a", "value": "b", "type": "default", "enabled": True},
            {"key": "s", "value": "secret-value", "type": "secret"},
            {"key": "n", "value": 1.50, "type": "number"},
            {"key": "j", "value": '{"a": 1}', "type": "object"},
            {"key": "r", "value": "{{a}}"},
        ],
        "_postman_variable_scope": "environment",
    },
    [{"key": "a", "value": "b"}],
    {"environment": {"name": "e", "values": [{"key": "x", "value": None, "enabled": False}]}},
    {"name": "g", "values": {"key": "a", "value": True, "type": "boolean"}},
]
DATA = [
    "a,b\n1,2\n3,4\n",
    '"a";"b"\r\n"1,5";"x""y"\r\n',
    "a\tb\n-1.50e3\ttrue\n",
    '[{"a": 1, "b": null}, {"a": "x"}]',
    '{"data": [{"a": 1}]}',
    "\ufeffa,b\n,\n\n0x10,007\n",
    "a,a\n1e400,NaN\n",
]
OURS = """interactions:
- request:
    body: '{"a": 1}'
    headers: {Accept: ['*/*'], Authorization: [Bearer FILTERED]}
    method: POST
    uri: http://h/
  response:
    body: {string: '{"id": 10}'}
    headers: {Content-Type: [application/json], Set-Cookie: [sid=FILTERED-1], Content-Encoding: [gzip]}
    status: {code: 200, message: OK}
    postrunner:
      http_version: '1.1'
      header_order: [Set-Cookie, Content-Type]
      remote_address: 203.0.113.7:443
      timings: {socket: 0.01, resolved: 12.1, first_byte: 98.7, ended: 99.0}
  recorded: 2020-01-01
version: 1
"""
FAILED = """interactions:
- request: {body: null, headers: {}, method: GET, uri: 'http://h/'}
  response:
    status: {code: 0}
    postrunner: {error: {message: connect ECONNREFUSED, code: ECONNREFUSED, hint: x}}
version: 1
"""
OBJECTS = """interactions:
- request:
    body: !!python/object/new:_io.BytesIO
      state: !!python/tuple [!!binary aGk=, 0, null]
    headers:
      ? !!python/object/new:multidict._multidict.istr [Accept]
      : [x]
    method: !!python/unicode GET
    uri: http://h/
  response: &r
    body: {string: !!binary aGk=}
    headers: {}
    status: {code: 200, message: OK}
- request: {method: GET, uri: u, body: !!python/object/apply:builtins.iter [[a, b]]}
  response: *r
"""
BEFORE_1 = """- request: !!python/object:vcr.request.Request
    body: null
    headers: !!python/object/apply:__builtin__.frozenset
    - - !!python/tuple [A, b]
    host: h
    method: GET
    path: /
    port: 80
    protocol: http
  response:
    body: {string: x}
    headers: ["A: b\\r\\n"]
    status: {code: 200, message: OK}
"""
AS_JSON = """{"version": 1, "interactions": [{
  "request": {"method": "GET", "uri": "http://h/", "body": null, "headers": {"A": ["b"]}},
  "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"base64_string": "aGk="}}
}]}"""
OF_HTTPX = """interactions:
- request: {method: GET, uri: 'http://h/'}
  response: {status_code: 200, content: x, headers: {A: [b]}}
"""
RENAMED = """%TAG !e! tag:yaml.org,2002:python/
---
&a {interactions: [{<<: {request: {method: !e!str G, uri: u}}, response: {status: {code: 1}}}]}
"""
CASSETTES = [OURS, FAILED, OBJECTS, BEFORE_1, AS_JSON, OF_HTTPX, RENAMED]
TEXTS = (
    "http://u:p@h.example:80/a/:b/{{c}}?d={{e}}&f#g",
    '{"a": [1, 2.50, "x\\u0041", null, true], "password": "hunter2-hunter2"}',
    "A=b\nexport C='d' # e\nF=\"g\\n\"\n",
    "sid=abc; Path=/; Domain=a.example; Expires=Wed, 09 Jun 2031 10:18:14 GMT; Max-Age=10; Secure; HttpOnly; SameSite=Lax",
    "{{a}} {{$guid}} {{d}} {{nope}}",
    "https://*.example.com:8443/*",
    "10MB",
    "Authorization: Bearer hunter2-hunter2",
    "token=x%2Fy%2Bz%3D%3D&a=b",
)
