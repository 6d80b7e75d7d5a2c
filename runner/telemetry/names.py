"""Names of OpenTelemetry's semantic conventions, and our own beside them.

The stable ones are in the package `opentelemetry.semconv`; those of tests, CI and version control are still in development
there, so they stand here: an update of that package renames nothing in anybody's dashboards.
"""

from __future__ import annotations

HTTP_METHOD = "http.request.method"
HTTP_METHOD_ORIGINAL = "http.request.method_original"
HTTP_RESEND_COUNT = "http.request.resend_count"
HTTP_STATUS = "http.response.status_code"
HTTP_RESPONSE_SIZE = "http.response.body.size"
SERVER_ADDRESS = "server.address"
SERVER_PORT = "server.port"
PEER_ADDRESS = "network.peer.address"
PEER_PORT = "network.peer.port"
PROTOCOL_VERSION = "network.protocol.version"
URL_FULL = "url.full"
URL_SCHEME = "url.scheme"
ERROR_TYPE = "error.type"
EXCEPTION = "exception"
EXCEPTION_TYPE = "exception.type"
EXCEPTION_MESSAGE = "exception.message"
EXCEPTION_STACK = "exception.stacktrace"

SUITE_NAME = "test.suite.name"
SUITE_STATUS = "test.suite.run.status"
CASE_NAME = "test.case.name"
CASE_STATUS = "test.case.result.status"

TASK_TYPE = "cicd.pipeline.task.type"
TASK_RESULT = "cicd.pipeline.task.run.result"

REQUEST_DURATION = "http.client.request.duration"
DURATION_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""Seconds: those that the conventions recommend."""

ASSERTIONS = "postrunner.assertions"
SCRIPT_DURATION = "postrunner.script.duration"
SCRIPT_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
"""Seconds: most scripts take about a millisecond."""

ITERATION = "postrunner.iteration"
USER = "postrunner.user"
SOURCE = "postrunner.request.source"
TIMING = "postrunner.timing"
LISTEN = "postrunner.script.type"
OWNER = "postrunner.script.owner"
ATTEMPT = "postrunner.attempt"
ASSERTION_EVENT = "postrunner.assertion"
RETRY_EVENT = "postrunner.retry"
RESULT = "postrunner.assertion.result"
ASSERTION_NAME = "postrunner.assertion.name"
REASON = "postrunner.retry.reason"

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"))
"""The methods that the conventions know; any other is `_OTHER`, or there would be no end of metrics."""
