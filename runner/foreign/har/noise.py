"""What a browser sends that nobody wants to send again: files of pages, preflights, analytics, its own headers."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from runner.foreign.har.document import Entry
from runner.secrets.names import words

ASSET_KINDS = frozenset(
    {"script", "stylesheet", "image", "font", "media", "manifest", "texttrack", "ping", "beacon", "cspviolationreport"}
)
_ASSET_TYPE = re.compile(
    r"(?:image|font|audio|video)/|text/(?:css|javascript|ecmascript)|application/(?:x-)?(?:javascript|font\S*|wasm|manifest\+json|vnd\.ms-fontobject)"
)
_ASSET_PATH = re.compile(
    r"\.(?:js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wav|m4[av]|wasm|webmanifest)$",
    re.IGNORECASE,
)

ANALYTICS = words(
    "google-analytics.com googletagmanager.com doubleclick.net googleadservices.com googlesyndication.com"
    " analytics.google.com"
    " segment.io segment.com mixpanel.com amplitude.com hotjar.com hotjar.io fullstory.com heap.io"
    " heapanalytics.com sentry.io"
    " newrelic.com nr-data.net datadoghq.com datadoghq.eu browser-intake-datadoghq.com bugsnag.com logrocket.io"
    " lr-ingest.io"
    " clarity.ms bat.bing.com facebook.net connect.facebook.com px.ads.linkedin.com snap.licdn.com ads-twitter.com"
    " analytics.twitter.com analytics.tiktok.com intercom.io intercomcdn.com hs-analytics.net hsforms.com hubspot.com"
    " optimizely.com matomo.cloud plausible.io posthog.com cookielaw.org onetrust.com cookiebot.com quantserve.com"
    " scorecardresearch.com criteo.com criteo.net taboola.com outbrain.com pendo.io appcues.com launchdarkly.com"
    " safebrowsing.googleapis.com update.googleapis.com clients2.google.com optimizationguide-pa.googleapis.com"
    " content-autofill.googleapis.com detectportal.firefox.com incoming.telemetry.mozilla.org"
)
"""Hosts, with all below them, that count visitors, show advertisements, gather errors, or serve the browser itself."""

_ANALYTICS_PATH = re.compile(
    r"/(?:g|j|r)/collect$|/(?:_vercel/insights|cdn-cgi/(?:rum|challenge-platform|beacon))\b|/matomo\.php$|/piwik\.php$"
)

HEADERS = words(
    "accept-encoding accept-language alt-used cache-control connection content-length dnt expect host"
    " if-modified-since if-none-match if-range if-unmodified-since keep-alive origin pragma priority proxy-authorization"
    " proxy-connection purpose referer save-data te trailer transfer-encoding upgrade upgrade-insecure-requests user-agent"
    " via x-client-data x-forwarded-for x-forwarded-host x-forwarded-proto"
)
"""Headers that the browser, a proxy or the connection adds, and conditions on what the browser has in its cache."""

_OWN_HEADER = re.compile(r"sec-|access-control-request-|proxy-|x-b3-|x-datadog-")
TRACES = words("traceparent tracestate baggage sentry-trace newrelic x-newrelic-id request-id b3 uber-trace-id")
"""Headers by which requests are followed through systems."""

COOKIES = re.compile(
    r"_ga|_gid$|_gat|_gcl_|_fbp$|_fbc$|__utm|_hj|_pk_|ajs_|amp_|amplitude|mp_|optimizely|intercom-|hubspotutk$|__hs|_uet"
    r"|_clck$|_clsk$|_ttp$|_pin_unauth$|optanon|cookieconsent|cookie_?consent|__cf_bm$|cf_clearance$|__cfruid$|awsalb"
    r"|bigipserver|incap_ses|visid_incap|_dd_s$|_scid|_rdt_uuid$|ph_phc",
    re.IGNORECASE,
)
"""Names of cookies for analytics, consent and the balance of load."""

_PAGE = re.compile(r"\btext/html\b")

ASSETS, PREFLIGHTS, COUNTING, UNSENT = "files of pages", "preflights", "analytics", "without a response"


def noise(entry: Entry) -> str:
    """Which noise an entry is, in the plural; empty if it is none."""
    parts = urlsplit(entry.url)
    host, path = (parts.hostname or "").lower(), parts.path
    if parts.scheme.lower() not in ("http", "https"):
        return ASSETS
    if entry.method == "OPTIONS" and (entry.header("access-control-request-method") or entry.kind == "preflight"):
        return PREFLIGHTS
    if not ANALYTICS.isdisjoint(_with_parents(host)) or _ANALYTICS_PATH.search(path):
        return COUNTING
    if entry.method not in ("GET", "HEAD"):
        return "" if entry.kind not in ("ping", "beacon", "cspviolationreport") else COUNTING
    if entry.kind in ("xhr", "fetch"):
        return ""
    if entry.kind in ASSET_KINDS or _ASSET_TYPE.match(entry.type.lower().strip()) or _ASSET_PATH.search(path):
        return ASSETS
    return ""


def _with_parents(host: str) -> list[str]:
    """A host and the domains above it."""
    labels = host.split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]


def is_browsers(name: str) -> bool:
    """Whether a header is one that a browser, a proxy or a connection adds by itself."""
    lower = name.lower()
    return lower in HEADERS or lower in TRACES or bool(_OWN_HEADER.match(lower))


def accepts_all(value: str) -> bool:
    """Whether a browser sends this value of `Accept` by itself: for anything, or for a page."""
    page = _PAGE.search(value)
    return value == "*/*" or (page is not None and "*/*" in value[page.end() :])
