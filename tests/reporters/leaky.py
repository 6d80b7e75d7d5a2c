"""A collection that is full of secrets, the server that it talks to, and a search that finds a secret in any encoding."""

import base64
import json
import re
from html import escape, unescape
from http.server import BaseHTTPRequestHandler
from urllib.parse import quote, quote_plus

SPECIAL = '+/a=b&c"d~ü'
"""What the values hold, so that each encoding changes them."""

VALUES = {
    name: f"{number}Zx{name}7Kq{SPECIAL if special else ''}"
    for number, (name, special) in enumerate(
        {
            "env": True,
            "globals": True,
            "coll": True,
            "scripted": True,
            "given": True,
            "named": True,
            "pattern": False,
            "literal": False,
            "basic": True,
            "bearer": False,
            "keyheader": False,
            "keyquery": True,
            "digest": True,
            "hawk": True,
            "awsaccess": False,
            "awssecret": True,
            "awssession": False,
            "jwt": True,
            "consumer": True,
            "oauthtoken": True,
            "oauthsecret": True,
            "edgesecret": True,
            "edgeclient": False,
            "edgeaccess": False,
            "client": True,
            "fetched": False,
            "refresh": False,
            "servercookie": False,
            "owncookie": False,
            "userinfo": False,
            "signature": False,
            "sig": False,
            "redirected": False,
            "jsonfield": False,
            "proxyauth": False,
            "vendor": True,
        }.items()
    )
}


class Leaky(BaseHTTPRequestHandler):
    """Tells everything it was told; gives tokens, cookies, redirects and challenges."""

    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        path = self.path.partition("?")[0]
        headers = [("Set-Cookie", f"sid={VALUES['servercookie']}; Path=/"), ("X-Echo", self.headers.get("X-Vendor", ""))]
        answer = {"path": self.path, "headers": list(self.headers.items()), "body": body}
        code = 200
        if path == "/token":
            answer = {"access_token": VALUES["fetched"], "refresh_token": VALUES["refresh"], "token_type": "Bearer"}
        elif path == "/login":
            answer = {"password": VALUES["jsonfield"]}
        elif path == "/redirect":
            code, headers = 302, [*headers, ("Location", f"/end?access_token={VALUES['redirected']}&a=1")]
        elif path == "/digest" and "Authorization" not in self.headers:
            code, headers = 401, [*headers, ("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')]
        text = json.dumps(answer).encode()
        self.send_response(code)
        for name, value in [*headers, ("Content-Type", "application/json"), ("Content-Length", str(len(text)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = handle_any

    def log_message(self, *args):
        """Print nothing."""


def auths():
    """One auth of every type that needs no other package or key file."""
    v = VALUES
    return {
        "basic": {"username": "ada", "password": v["basic"]},
        "bearer": {"token": v["bearer"]},
        "apikey": {"key": "X-Own", "value": v["keyheader"], "in": "header"},
        "apikey ": {"key": "own", "value": v["keyquery"], "in": "query"},
        "digest": {"username": "ada", "password": v["digest"]},
        "hawk": {"authId": "id", "authKey": v["hawk"], "algorithm": "sha256"},
        "awsv4": {"accessKey": v["awsaccess"], "secretKey": v["awssecret"], "sessionToken": v["awssession"]},
        "awsv4 ": {"accessKey": v["awsaccess"], "secretKey": v["awssecret"], "addAuthDataToQuery": True},
        "jwt": {"algorithm": "HS256", "secret": v["jwt"], "payload": "{}"},
        "oauth1": {
            "consumerKey": "key",
            "consumerSecret": v["consumer"],
            "token": v["oauthtoken"],
            "tokenSecret": v["oauthsecret"],
            "addParamsToHeader": True,
        },
        "edgegrid": {"clientToken": v["edgeclient"], "accessToken": v["edgeaccess"], "clientSecret": v["edgesecret"]},
        "oauth2": {
            "grant_type": "client_credentials",
            "accessTokenUrl": "{{base}}/token",
            "clientId": "id",
            "clientSecret": v["client"],
        },
        "oauth2 ": {
            "grant_type": "client_credentials",
            "accessTokenUrl": "{{base}}/token",
            "clientId": "other",
            "clientSecret": v["client"],
            "client_authentication": "body",
            "addTokenTo": "queryParams",
        },
    }


def auth_item(name, params):
    type, path = name.strip(), "digest" if name == "digest" else "auth"
    pairs = [{"key": key, "value": value} for key, value in params.items()]
    auth = {"type": type, type: pairs}
    return request_item(f"auth {name}", f"{{{{base}}}}/{path}", auth=auth)


def request_item(name, url, test="", prerequest="", **request):
    scripts = (("prerequest", prerequest), ("test", test))
    events = [{"listen": listen, "script": {"exec": text.split("\n")}} for listen, text in scripts if text]
    return {"name": name, "request": {"method": "GET", "url": url, **request}, "event": events}


FIRST = f"""
console.log("before it is known", {json.dumps(VALUES["scripted"])}, {json.dumps(VALUES["client"])});
pm.environment.set("kept", {json.dumps(VALUES["scripted"])});
pm.variables.set("given", pm.environment.get("given"));
"""

EVERYTHING = """
const all = ["env_secret", "globals_secret", "coll_secret", "kept", "given", "api_named"].map(n => pm.variables.get(n));
console.log(all, {deep: {list: all}}, pm.request.headers.toObject(), btoa(unescape(encodeURIComponent(all.join(":")))));
console.log(encodeURIComponent(all[0]), encodeURIComponent(encodeURIComponent(all[1])));
console.log(JSON.stringify(JSON.stringify(all)));
pm.test("cut", () => pm.expect("Bearer long-" + all[0].repeat(9)).to.eql(all[1].repeat(9)));
pm.test("has " + all[0], () => pm.expect(all).to.eql(["x"]));
pm.test("again " + all[1], () => { throw new Error("found " + all[2] + all[3]) });
pm.sendRequest({url: pm.environment.get("base") + "/sub?x=" + encodeURIComponent(all[4]),
    method: "POST", header: {Authorization: "Bearer " + all[2]}, body: {mode: "raw", raw: all.join()}});
pm.environment.set("copy", all[0]);
pm.globals.set("copied", "x" + all[1] + "y");
pm.collectionVariables.set("third", all[2]);
"""

LAST = """
console.log(pm.cookies.toObject());
pm.execution.setNextRequest(pm.environment.get("kept"));
"""


def leaky_collection():
    """Every place in which a collection or a script can have a secret."""
    v, names = VALUES, ("env_secret", "globals_secret", "coll_secret", "kept", "given", "api_named")
    fields = [{"key": f"f{at}", "value": f"{{{{{name}}}}}", "type": "text"} for at, name in enumerate(names)]
    raw = json.dumps({"deep": [f"{{{{{name}}}}}" for name in names], "vendor": v["vendor"], "pattern": v["pattern"]})
    bodies = [
        {"mode": "raw", "raw": raw},
        {"mode": "urlencoded", "urlencoded": fields},
        {"mode": "formdata", "formdata": fields},
    ]
    headers = {
        "Authorization": f"Bearer {v['literal']}",
        "Proxy-Authorization": f"Basic {v['proxyauth']}",
        "Cookie": f"own={v['owncookie']}",
        "X-Vendor": "pre-{{env_secret}}-post",
    }
    pairs = [{"key": key, "value": value} for key, value in headers.items()]
    posted = {"method": "POST", "header": pairs}
    signed = f"{{{{base}}}}/s?X-Amz-Signature={v['signature']}&sig={v['sig']}&q={{{{env_secret}}}}"
    userinfo = f"http://ada:{v['userinfo']}@{{{{host}}}}/u"
    return {
        "info": {"name": "leaky {{x}} " + v["vendor"]},
        "variable": [{"key": "coll_secret", "value": v["coll"], "type": "secret"}],
        "item": [
            request_item("first " + v["pattern"], "{{base}}/first", EVERYTHING, FIRST),
            *(request_item(f"body {n}", "{{base}}/b", EVERYTHING, **posted, body=body) for n, body in enumerate(bodies)),
            {"name": "auths", "item": [auth_item(*pair) for pair in auths().items()]},
            request_item("signed", signed, "console.log(pm.request.url.toString())"),
            request_item("userinfo", userinfo, "console.log(pm.request.url.toString())"),
            request_item("redirect", "{{base}}/redirect", "console.log(pm.response.text())"),
            request_item("login", "{{base}}/login", 'pm.environment.set("token", pm.response.json().password)'),
            request_item(
                "broken", "http://127.0.0.1:1/{{env_secret}}?k={{given}}", "throw Error(pm.environment.get('token'))"
            ),
            request_item("nowhere", "http://{{env_secret}}.invalid:99999/", "nonsense ("),
            request_item("cookies", "{{base}}/c", LAST),
        ],
    }


def encodings(value):
    """Every way to write a value that the search knows."""
    data = value.encode()
    percent = {quote(data, safe=safe) for safe in ("", "/", "-_.!~*'()", "!$&'()*+,;=:@/?", "!$'()*+,;=:@/?")} | {
        quote_plus(data)
    }
    percent |= {re.sub("%..", lambda match: match[0].lower(), form) for form in percent}
    percent |= {form.replace("%", "%25") for form in percent}
    texts = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    texts |= {json.dumps(text)[1:-1] for text in texts} | {escape(value), escape(value, quote=False)}
    based = set()
    for before in range(3):  # what stands around the value changes the characters at its edges only
        text = base64.b64encode(b"x" * before + data + b"xxx").decode()
        based.add(text[(0, 4, 4)[before] : (before + len(data)) // 3 * 4])
    based |= {form.replace("+", "-").replace("/", "_") for form in based}
    return percent | texts | based | {quote(form, safe="") for form in based}


def leaks(content, values):
    """The names of the values that stand in a text, in any encoding; numbers of JSON are read as the bytes they are."""
    text = content.decode("utf-8", "replace")
    text += "\n" + unescape(text) + "\n" + re.sub(r"\\+u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    for numbers in re.findall(r"\[((?:\d{1,3},)+\d{1,3})\]", text):
        text += "\n" + bytes(int(n) & 255 for n in numbers.split(",")).decode("utf-8", "replace")
    for encoded in re.findall(r'"(?:data|bytes)": ?"([A-Za-z0-9+/=]{8,})"', text):
        text += "\n" + base64.b64decode(encoded + "===").decode("utf-8", "replace")
    return sorted(name for name, value in values.items() if any(form in text for form in encodings(value)))
