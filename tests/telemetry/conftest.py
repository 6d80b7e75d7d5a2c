"""A collector on loopback that reads OTLP over HTTP, an API beside it, and runs that tell it of themselves."""

import json
import threading
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

import runner

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def item(name, url, test="", before="", **request):
    events = [
        {"listen": listen, "script": {"exec": [code]}} for listen, code in (("prerequest", before), ("test", test)) if code
    ]
    return {"name": name, "request": {"url": url, "method": "GET", **request}, "event": events}


def collection(*items, name="C", **more):
    return {"info": {"name": name, "schema": SCHEMA}, "item": list(items), **more}


@contextmanager
def serving(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def plain(value):
    """The value of an attribute."""
    kind = value.WhichOneof("value")
    return [plain(one) for one in value.array_value.values] if kind == "array_value" else getattr(value, kind)


def attributes(owner):
    return {pair.key: plain(pair.value) for pair in owner.attributes}


class Span:
    """A span as the collector got it."""

    def __init__(self, found, resource):
        self.name, self.kind = found.name, found.kind
        self.trace, self.id, self.parent = found.trace_id.hex(), found.span_id.hex(), found.parent_span_id.hex()
        self.start, self.end = found.start_time_unix_nano, found.end_time_unix_nano
        self.attributes, self.resource, self.state = attributes(found), resource, found.trace_state
        self.failed, self.message = found.status.code == 2, found.status.message
        self.events = [(event.name, attributes(event)) for event in found.events]
        self.times = [event.time_unix_nano for event in found.events]

    def __repr__(self):
        return f"<{self.name}>"


class Collector:
    """What came in, decoded; `answers` are the statuses of the next answers, `stuck` lets it not answer."""

    def __init__(self):
        self.raw, self.calls, self.answers, self.stuck = [], [], defaultdict(list), None
        self.spans, self.points, self.resources = [], defaultdict(list), []

    def take(self, path, body):
        self.raw.append(body)
        self.calls.append(path)
        if self.stuck is not None:
            self.stuck.wait()
        waiting = self.answers[path.rpartition("/")[2]]
        status = waiting.pop(0) if waiting else 200
        if status == 200:
            (self._take_traces if path == "/v1/traces" else self._take_metrics)(body)
        return status

    def _take_traces(self, body):
        for part in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in part.scope_spans:
                self.spans += [Span(one, attributes(part.resource)) for one in scope.spans]

    def _take_metrics(self, body):
        for part in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            self.resources.append(attributes(part.resource))
            for metric in (metric for scope in part.scope_metrics for metric in scope.metrics):
                data = getattr(metric, metric.WhichOneof("data"))
                self.points[metric.name] += [(metric.unit, attributes(point), point) for point in data.data_points]

    def named(self, name):
        return [span for span in self.spans if span.name == name]

    def one(self, name):
        (span,) = self.named(name)
        return span

    def tree(self):
        """The names of the spans below one another, in the order in which they began."""
        below = defaultdict(list)
        for span in sorted(self.spans, key=lambda span: span.start):
            below[span.parent].append(span)
        known = {span.id for span in self.spans}
        roots = [span for span in self.spans if span.parent not in known]

        def shown(span):
            return {span.name: [shown(one) for one in below[span.id]]} if below[span.id] else span.name

        return [shown(span) for span in roots]

    def check(self):
        """Every span has an id of its own, one trace, and a parent that is there; children lie within their parents."""
        known = {span.id: span for span in self.spans}
        assert len(known) == len(self.spans)
        assert len({span.trace for span in self.spans}) == 1
        (root,) = [span for span in self.spans if span.parent not in known]
        for span in self.spans:
            assert span.start <= span.end
            if span is not root:
                assert known[span.parent].start - 1_000_000 <= span.start, (span, known[span.parent])
                assert span.end <= known[span.parent].end + 1_000_000, (span, known[span.parent])
        return root


@pytest.fixture
def collector(monkeypatch):
    """A collector, to which the variables of the environment lead."""
    found = Collector()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            status = found.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            pass

    for name in ("TRACEPARENT", "TRACESTATE", "GITHUB_SHA", "GITHUB_REF_NAME", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    with serving(Handler) as url:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        yield found
        if found.stuck is not None:
            found.stuck.set()


@pytest.fixture
def api():
    """An API: its address, and the heads of the requests that it got."""
    heads = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            heads.append((self.requestline, self.headers.items()))
            path, _, said = self.path.lstrip("/").partition("?")
            status, more, body = 200, {}, b"{}"
            if path == "to":
                status, more = 302, {"Location": f"/{said}"}
            elif path == "digest":
                wrong = "Authorization" not in self.headers
                status, more = (
                    (401, {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'}) if wrong else (200, {})
                )
            elif path.isdecimal():
                status = int(path)
            elif path == "once":
                status = 503 if sum(head.startswith("GET /once") for head, _ in heads) == 1 else 200
            elif path == "token":
                body = json.dumps({"access_token": said}).encode()
            self.send_response(status)
            for name, value in {**more, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_BREW = do_GET

        def log_message(self, *words):
            pass

    with serving(Handler) as url:
        yield url, heads


@pytest.fixture
def run(collector):
    """Run a collection of these items with telemetry."""

    def call(*items, collections=None, **options):
        return runner.run(collections or collection(*items), **{"otel": True, **options})

    return call
