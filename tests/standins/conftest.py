"""A stand-in that runs, a clock that stands still, and one way to ask."""

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import pytest

from runner.standins import start

FULL, SCIM, READ_ONLY, TRUTO = "torii-test-key", "torii-scim-key", "torii-read-only-key", "truto-test-token"


class Clock:
    """Seconds since 1970 that pass only when told."""

    def __init__(self):
        self.now = 1_700_000_000.25

    def __call__(self):
        return self.now

    def tick(self, seconds):
        self.now += seconds


@dataclass
class Reply:
    """One answer."""

    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def ask(url, method, path, key=None, body=None, headers=None):
    """Send one request to a stand-in (`path` may be a whole URL) and return its answer; a dict body goes as JSON."""
    headers = dict(headers or {})
    if key:
        headers["Authorization"] = f"Bearer {key}"
    if isinstance(body, dict | list):
        body = json.dumps(body)
        headers.setdefault("Content-Type", "application/json")
    target = path.removeprefix(url)
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


class Asker:
    """A stand-in with the way to ask it."""

    def __init__(self, standin, key, clock):
        self.standin, self.key, self.clock = standin, key, clock

    def __call__(self, method, path, body=None, *, key=..., headers=None):
        return ask(self.standin.url, method, path, self.key if key is ... else key, body, headers)

    def get(self, path, **query):
        return self("GET", path + ("?" + urlencode(query) if query else ""))

    def upload_url(self, name="users.json", kind="customIntegrationData"):
        """The parameters of a new upload: url and filePath."""
        return self.get("/v1.0/files/url", name=name, type=kind).json["uploadFileParameters"]

    def put(self, url, body, kind="customIntegrationData", **more):
        """PUT bytes to a signed URL, without a key."""
        return self("PUT", url, body, key=None, headers={"Content-Type": kind, **more})

    def stored(self, content, name="users.json", kind="customIntegrationData"):
        """Upload and register content; its file id."""
        given = self.upload_url(name, kind)
        assert self.put(given["url"], content, kind).status == 200
        return self("POST", "/v1.0/files", {"path": given["filePath"], "type": kind}).json["id"]

    def sync(self, file, account=7001):
        """Start a sync."""
        return self("PUT", "/v1.0/services/sync/custom", {"idFile": file, "idAppAccount": account})


def serve(name, key, **settings):
    """A stand-in for a whole module, with a clock of its own."""
    clock = Clock()
    with start(name, clock=clock, **settings) as standin:
        yield Asker(standin, key, clock)


@pytest.fixture(scope="module")
def torii_server():
    yield from serve("torii", FULL)


@pytest.fixture
def torii(torii_server):
    """Torii as it is after the start."""
    torii_server.standin.reset()
    return torii_server


@pytest.fixture(scope="module")
def truto_server():
    yield from serve("truto", TRUTO)


@pytest.fixture
def truto(truto_server):
    """Truto as it is after the start."""
    truto_server.standin.reset()
    return truto_server
