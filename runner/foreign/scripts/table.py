"""Postman's API beside those of Bruno, Insomnia and JetBrains. A pair of patterns (`patterns.py`) is one line.

Where a line goes both ways, a script that was translated there and back does what it did.
"""

from __future__ import annotations

from runner.foreign.scripts.patterns import Rule

BOTH = [
    # variables
    ("pm.environment.get", "bru.getEnvVar"),
    ("pm.environment.set", "bru.setEnvVar"),
    ("pm.environment.has", "bru.hasEnvVar"),
    ("pm.environment.unset", "bru.deleteEnvVar"),
    ("pm.environment.clear", "bru.deleteAllEnvVars"),
    ("pm.environment.toObject", "bru.getAllEnvVars"),
    ("pm.environment.name", "bru.getEnvName()"),
    ("pm.globals.get", "bru.getGlobalEnvVar"),
    ("pm.globals.set", "bru.setGlobalEnvVar"),
    ("pm.globals.has", "bru.hasGlobalEnvVar"),
    ("pm.globals.unset", "bru.deleteGlobalEnvVar"),
    ("pm.globals.clear", "bru.deleteAllGlobalEnvVars"),
    ("pm.globals.toObject", "bru.getAllGlobalEnvVars"),
    ("pm.collectionVariables.get", "bru.getCollectionVar"),
    ("pm.collectionVariables.set", "bru.setCollectionVar"),
    ("pm.collectionVariables.has", "bru.hasCollectionVar"),
    ("pm.collectionVariables.unset", "bru.deleteCollectionVar"),
    ("pm.collectionVariables.clear", "bru.deleteAllCollectionVars"),
    ("pm.collectionVariables.toObject", "bru.getAllCollectionVars"),
    ("pm.variables.get", "bru.getVar"),
    ("pm.variables.set", "bru.setVar"),
    ("pm.variables.has", "bru.hasVar"),
    ("pm.variables.unset", "bru.deleteVar"),
    ("pm.variables.toObject", "bru.getAllVars"),
    ("pm.variables.replaceIn", "bru.interpolate"),
    ("pm.iterationData.get", "bru.runner.iterationData.get"),
    ("pm.iterationData.has", "bru.runner.iterationData.has"),
    ("pm.iterationData.unset", "bru.runner.iterationData.unset"),
    ("JSON.stringify(pm.iterationData.toObject())", "bru.runner.iterationData.stringify()"),
    # the run
    ("pm.info.requestName", "req.getName()"),
    ("pm.info.iteration", "bru.runner.iterationIndex"),
    ("pm.info.iterationCount", "bru.runner.totalIterations"),
    ("pm.execution.setNextRequest(null)", "bru.runner.stopExecution()"),
    ("pm.execution.setNextRequest", "bru.runner.setNextRequest"),
    ("pm.execution.skipRequest", "bru.runner.skipRequest"),
    ("pm.visualizer.clear", "bru.clearVisualizations"),
    ("pm.visualizer.set($1)", 'bru.visualize("html", { content: $1 })'),
    ("pm.visualizer.set($1, $2)", 'bru.visualize("html", { template: $1, data: $2 })'),
    ("pm.visualizer.set($1, $2, $3)", 'bru.visualize("html", { template: $1, data: $2, options: $3 })'),
    # tests
    ("pm.test", "test"),
    ("pm.expect", "expect"),
    ("pm.response.to.have.jsonBody(*)", "expect(res.getBody()).to.have.jsonBody(*)"),
    ("pm.response.to.not.have.jsonBody(*)", "expect(res.getBody()).to.not.have.jsonBody(*)"),
    ("pm.response.to.have.jsonSchema(*)", "expect(res.getBody()).to.have.jsonSchema(*)"),
    ("pm.response.to.not.have.jsonSchema(*)", "expect(res.getBody()).to.not.have.jsonSchema(*)"),
    # the request
    ("pm.request!", "req"),
    ("pm.request.method", "req.getMethod()"),
    ("pm.request.method=$1", "req.setMethod($1)"),
    ("pm.request.url.toString()", "req.getUrl()"),
    ("pm.request.url.getHost()", "req.getHost()"),
    ("pm.request.url.getPath()", "req.getPath()"),
    ("pm.request.url.getQueryString()", "req.getQueryString()"),
    ("pm.request.url.update($1)", "req.setUrl($1)"),
    ("pm.request.headers", "req.headerList"),
    ("pm.request.headers.remove", "req.deleteHeader"),
    ("pm.request.headers.upsert({ key: $1, value: $2 })", "req.setHeader($1, $2)"),
    ("JSON.parse(pm.request.body.raw)", "req.getBody()"),
    ("pm.request.body.toString()", "req.getBody({ raw: true })"),
    # the response
    ("pm.response!", "res"),
    ("pm.response.json()", "res.getBody()"),
    ("pm.response.code", "res.getStatus()"),
    ("pm.response.status", "res.statusText"),
    ("pm.response.responseTime", "res.getResponseTime()"),
    ("pm.response.size()", "res.getSize()"),
    ("pm.response.headers", "res.headerList"),
    # cookies
    ("pm.cookies", "bru.cookies"),
    ("pm.cookies.remove", "bru.cookies.delete"),
    ("pm.cookies.jar().get", "bru.cookies.jar().getCookie"),
    ("pm.cookies.jar().getAll", "bru.cookies.jar().getCookies"),
    ("pm.cookies.jar().set", "bru.cookies.jar().setCookie"),
    ("pm.cookies.jar().unset", "bru.cookies.jar().deleteCookie"),
    ("pm.cookies.jar().clear", "bru.cookies.jar().deleteCookies"),
    # the answer to a request of the script's own
    ("$sent.json()", "$sent.data"),
    ("$sent.code", "$sent.status"),
    ("$sent.status", "$sent.statusText"),
]

CLASSES = {
    "info": "within(100, 199)",
    "success": "within(200, 299)",
    "redirection": "within(300, 399)",
    "clientError": "within(400, 499)",
    "serverError": "within(500, 599)",
    "error": "within(400, 599)",
    "ok": "equal(200)",
    "accepted": "equal(202)",
    "withoutContent": "equal(204)",
    "badRequest": "equal(400)",
    "unauthorized": "equal(401)",
    "unauthorised": "equal(401)",
    "forbidden": "equal(403)",
    "notFound": "equal(404)",
    "notAcceptable": "equal(406)",
    "rateLimited": "equal(429)",
}
"""Assertions about the status, and what they say of the code."""

TEXT = "JSON.stringify(res.getBody())"
PARSED = (
    "in Bruno the text of a response is its parsed body again: blanks may differ, and a body that is not JSON has quotes"
)

TO_BRUNO = [
    ("pm.request.url!", "req.getUrl()"),
    ("pm.request.url=$1", "req.setUrl($1)"),
    ("pm.request.body.raw", "req.getBody({ raw: true })"),
    ("pm.request.body.raw=$1", "req.setBody($1, { raw: true })"),
    ('pm.request.body.update({mode:"$9",raw:$1})', "req.setBody($1, { raw: true })"),
    ("pm.request.body.update($1)", "req.setBody($1, { raw: true })"),
    ("pm.request.headers.get", "req.headerList.get"),
    ("pm.response.headers.get($1)", "res.getHeader($1:lower)"),
    ("pm.response.responseSize", "res.getSize().body"),
    ("pm.response.reason()", "res.statusText"),
    ('pm.response.to.have.status("$1")', "expect(res.statusText).to.equal($1)"),
    ("pm.response.to.have.status($1)", "expect(res.getStatus()).to.equal($1)"),
    ("pm.response.to.be.status($1)", "expect(res.getStatus()).to.equal($1)"),
    ('pm.response.to.not.have.status("$1")', "expect(res.statusText).to.not.equal($1)"),
    ("pm.response.to.not.have.status($1)", "expect(res.getStatus()).to.not.equal($1)"),
    ("pm.response.to.have.header($1)", "expect(res.getHeaders()).to.have.property($1:lower)"),
    ("pm.response.to.have.header($1,$2)", "expect(res.getHeaders()).to.have.property($1:lower, $2)"),
    ("pm.response.to.not.have.header($1)", "expect(res.getHeaders()).to.not.have.property($1:lower)"),
    ("pm.response.to.be.withBody", "expect(res.getSize().body).to.be.above(0)"),
    ("pm.response.to.not.be.withBody", "expect(res.getSize().body).to.equal(0)"),
    ("pm.response.to.be.json", 'expect(res.getBody()).to.not.be.a("string")'),
    *((f"pm.response.to.be.{name}", f"expect(res.getStatus()).to.be.{what}") for name, what in CLASSES.items()),
    *((f"pm.response.to.not.be.{name}", f"expect(res.getStatus()).to.not.be.{what}") for name, what in CLASSES.items()),
    ("JSON.parse(pm.response.text())", "res.getBody()"),
    # the old API
    ("postman.setEnvironmentVariable", "bru.setEnvVar"),
    ("postman.getEnvironmentVariable", "bru.getEnvVar"),
    ("postman.clearEnvironmentVariable", "bru.deleteEnvVar"),
    ("postman.clearEnvironmentVariables", "bru.deleteAllEnvVars"),
    ("postman.setGlobalVariable", "bru.setGlobalEnvVar"),
    ("postman.getGlobalVariable", "bru.getGlobalEnvVar"),
    ("postman.clearGlobalVariable", "bru.deleteGlobalEnvVar"),
    ("postman.clearGlobalVariables", "bru.deleteAllGlobalEnvVars"),
    ("postman.setNextRequest(null)", "bru.runner.stopExecution()"),
    ("postman.setNextRequest", "bru.runner.setNextRequest"),
    ("postman.getResponseHeader($1)", "res.getHeader($1:lower)"),
    ("environment.@", "bru.getEnvVar(@)"),
    ("globals.@", "bru.getGlobalEnvVar(@)"),
    ("data.@", "bru.runner.iterationData.get(@)"),
    ("iteration!", "bru.runner.iterationIndex"),
    ("tests.@=$1", "test(@, function () { expect(Boolean($1)).to.be.true; })"),
    ("JSON.parse(responseBody)", "res.getBody()"),
    ("responseCode.code", "res.getStatus()"),
    ("responseCode.name", "res.statusText"),
    ("responseTime!", "res.getResponseTime()"),
    ("responseHeaders!", "res.getHeaders()"),
    ("responseHeaders.@", "res.getHeader(@:lower)"),
    ("request.url", "req.getUrl()"),
    ("request.method", "req.getMethod()"),
    ("request.headers!", "req.getHeaders()"),
    ("request.headers.@", "req.getHeader(@)"),
    ("request.name", "req.getName()"),
    ("request.data!", "req.getBody({ raw: true })"),
    # the answer to a request of the script's own
    ("$sent.headers.get($1)", "$sent.headers[$1:lower]"),
    ("$sent.headers.has($1)", "($sent.headers[$1:lower] !== undefined)"),
]

TO_BRUNO_NEARLY = [
    ("pm.response.text()", TEXT, PARSED),
    ("responseBody", TEXT, PARSED),
    ("pm.response.to.have.body($1)", f"expect({TEXT}).to.equal($1)", PARSED),
    ("$sent.text()", "JSON.stringify($sent.data)", PARSED),
]

TO_POSTMAN = [
    ("bru.getFolderVar", "pm.variables.get"),
    ("bru.getRequestVar", "pm.variables.get"),
    ("bru.getSecretVar", "pm.variables.get"),
    ("bru.getProcessEnv($1)", 'pm.variables.get("process.env." + $1)'),
    ("bru.setNextRequest(null)", "pm.execution.setNextRequest(null)"),
    ("bru.setNextRequest", "pm.execution.setNextRequest"),
    ("bru.sleep($1)", "new Promise((resolve) => setTimeout(resolve, $1))"),
    ("bru.runner.iterationData.get()", "pm.iterationData.toObject()"),
    ("assert", 'require("chai").assert'),
    ("JSON.stringify(res.getBody())", "pm.response.text()"),
    ("JSON.stringify(res.body)", "pm.response.text()"),
    ("req.name", "pm.info.requestName"),
    ("req.url", "pm.request.url.toString()"),
    ("req.method", "pm.request.method"),
    ("req.getHeader", "pm.request.headers.get"),
    ("req.headers!", "pm.request.headers.toObject()"),
    ("req.headers.@", "pm.request.headers.get(@)"),
    ("req.getHeaders()", "pm.request.headers.toObject()"),
    ("req.getHeaders().@", "pm.request.headers.get(@)"),
    ("req.setHeader($1,$2)", "pm.request.headers.upsert({ key: $1, value: $2 })"),
    (
        "req.setHeaders($1)",
        "pm.request.headers.repopulate(Object.entries($1).map(([key, value]) => ({ key, value })))",
    ),
    ("req.deleteHeaders($1)", "$1.forEach((name) => pm.request.headers.remove(name))"),
    ("req.body", "JSON.parse(pm.request.body.raw)"),
    ("req.setBody($1)", 'pm.request.body.update({ mode: "raw", raw: $1:text })'),
    ("req.setBody($1,{raw:true})", 'pm.request.body.update({ mode: "raw", raw: $1 })'),
    ("req.getAuthMode()", '(pm.request.auth ? pm.request.auth.type : "none")'),
    (
        "req.getPathParams()",
        'pm.request.url.variables.map(({ key, value }) => ({ name: key, value, type: "path" }))',
    ),
    ("req.skip", "pm.execution.skipRequest"),
    ("res.status", "pm.response.code"),
    ("res.getStatusText()", "pm.response.status"),
    ("res.body", "pm.response.json()"),
    ("res.responseTime", "pm.response.responseTime"),
    ("res.getHeader", "pm.response.headers.get"),
    ("res.headers!", "pm.response.headers.toObject()"),
    ("res.headers.@", "pm.response.headers.get(@)"),
    ("res.getHeaders()", "pm.response.headers.toObject()"),
    ("res.getHeaders().@", "pm.response.headers.get(@)"),
    ("$sent.headers.@", "$sent.headers.get(@)"),
    ("$sent.responseTime", "$sent.responseTime"),
]

NO_QUERY = "the expression is a path of lodash in Postman: it knows no `..` and no filters"

TO_POSTMAN_NEARLY = [
    ("res($1)", "_.get(pm.response.json(), $1)", NO_QUERY),
]

INSOMNIA = [
    ("insomnia", "pm"),
    ("insomnia.baseEnvironment", "pm.collectionVariables"),
    ("insomnia.baseGlobals", "pm.globals"),
    ("insomnia.response.body", "pm.response.text()"),
    ("insomnia.info.iteration", "(pm.info.iteration + 1)"),
    ("$sent.body", "$sent.text()"),
    ('require("insomnia-collection")', 'require("postman-collection")'),
]
INSOMNIA_ALONE = [("insomnia.environment", "pm.collectionVariables")]
"""Without an environment below it the base environment is the one that is chosen."""

NOT_OF_POSTMAN = ("parentFolders", "settings", "clientCertificates", "vault", "request.proxy", "request.certificate")
"""Members of `insomnia` that Postman has not, or in which it sees no change."""

LOGS = ("log", "info", "warn", "error", "debug")

READS_TEXT = {
    "JSON.parse": "JSON.parse",
    "client.log": "console.log",
    **{f"console.{one}": f"console.{one}" for one in LOGS},
}
"""Functions that get the body of a response as a text."""

METHODS_OF_TEXTS = (
    "charAt", "concat", "endsWith", "includes", "indexOf", "match", "matchAll", "padStart", "replace", "replaceAll",
    "search", "slice", "split", "startsWith", "substr", "substring", "toLowerCase", "toUpperCase", "trim",
)  # fmt: skip

JETBRAINS = [
    ("client.global.set", "pm.collectionVariables.set"),
    ("client.global.get", "pm.collectionVariables.get"),
    ("client.global.clear", "pm.collectionVariables.unset"),
    ("client.global.clearAll", "pm.collectionVariables.clear"),
    ("client.global.isEmpty()", "(Object.keys(pm.collectionVariables.toObject()).length === 0)"),
    ("client.test", "pm.test"),
    ("client.assert(*)", "pm.expect(*).to.be.ok"),
    ("client.log", "console.log"),
    # the response: its body is the parsed one, or the text if it is not JSON
    ("response.status", "pm.response.code"),
    ("response.body", "pm.response.json()"),
    *((f"{function}(response.body)", f"{made}(pm.response.text())") for function, made in READS_TEXT.items()),
    *((f"response.body.{method}", f"pm.response.text().{method}") for method in METHODS_OF_TEXTS),
    ("response.headers.valueOf", "pm.response.headers.get"),
    (
        "response.headers.valuesOf($1)",
        "pm.response.headers.filter((one) => one.key.toLowerCase() === String($1).toLowerCase()).map((one) => one.value)",
    ),
    ("response.contentType.mimeType", '(pm.response.headers.get("Content-Type") || "").split(";")[0].trim()'),
    # the request
    ("request.method", "pm.request.method"),
    ("request.variables.set", "pm.variables.set"),
    ("request.variables.get", "pm.variables.get"),
    ("request.environment.get", "pm.environment.get"),
    ("request.url.getRaw()", "pm.request.url.toString()"),
    ("request.url.tryGetSubstituted()", "pm.variables.replaceIn(pm.request.url.toString())"),
    ("request.body.getRaw()", "pm.request.body.toString()"),
    ("request.body.tryGetSubstituted()", "pm.variables.replaceIn(pm.request.body.toString())"),
    ("request.headers.findByName($1).getRawValue()", "pm.request.headers.get($1)"),
]


def both_ways(at: int) -> list[Rule]:
    """The lines that go both ways, found in the column `at`."""
    return [Rule(_pattern(line[at]), line[1 - at].replace("!", "").replace("=$1", " = $1")) for line in BOTH]


def _pattern(code: str) -> str:
    """What a line's code finds: its blanks do not matter."""
    return code.replace(" ", "")


POSTMAN_TO_BRUNO = [
    *both_ways(0),
    *(Rule(*line) for line in TO_BRUNO),
    *(Rule(*line) for line in TO_BRUNO_NEARLY),
]
BRUNO_TO_POSTMAN = [
    *both_ways(1),
    *(Rule(*line) for line in TO_POSTMAN),
    *(Rule(*line) for line in TO_POSTMAN_NEARLY),
]
INSOMNIA_TO_POSTMAN = [Rule(*line) for line in INSOMNIA]
INSOMNIA_ALONE_TO_POSTMAN = [*INSOMNIA_TO_POSTMAN, *(Rule(*line) for line in INSOMNIA_ALONE)]
JETBRAINS_TO_POSTMAN = [Rule(*line) for line in JETBRAINS]

LIBRARIES = {"CryptoJS": "crypto-js", "_": "lodash", "moment": "moment", "cheerio": "cheerio", "tv4": "tv4"}
"""Libraries that Postman's scripts have as globals, and what Bruno's `require` calls them."""

POSTMANS_PACKAGES = frozenset(
    ["ajv", "assert", "atob", "backbone", "btoa", "buffer", "chai", "cheerio", "crypto-js", "csv-parse/lib/sync",
     "events", "lodash", "moment", "path", "postman-collection", "punycode", "querystring", "stream",
     "string_decoder", "timers", "tv4", "url", "util", "uuid", "xml2js"]
)  # fmt: skip
"""What `require` gives in Postman."""

BRUNOS_PACKAGES = frozenset(
    ["ajv", "ajv-formats", "assert", "atob", "axios", "btoa", "buffer", "chai", "cheerio", "crypto-js", "events",
     "jsonwebtoken", "lodash", "moment", "nanoid", "node-fetch", "path", "punycode", "querystring", "stream",
     "timers", "tv4", "url", "util", "uuid", "xml2js", "zlib"]
)  # fmt: skip
"""What `require` gives in Bruno without a package of the user's."""
