"""Which client certificate a URL gets."""

import json

import pytest

from runner.client.certificates import ClientCertificates, parse_pattern
from runner.errors import FileUnreadable, InvalidCollection, InvalidDocument, UsageError
from runner.options import RunOptions


@pytest.mark.parametrize(
    ("pattern", "url", "matches"),
    [
        ("<all_urls>", ("https", "any.org", 8443, "/x"), True),
        ("https://a.org/*", ("https", "a.org", 443, "/x/y"), True),
        ("https://a.org", ("https", "a.org", 443, "/x"), True),
        ("https://A.org/", ("https", "a.ORG", 443, "/"), True),
        ("https://a.org/*", ("https", "a.org", 8443, "/x"), False),
        ("https://a.org:8443/*", ("https", "a.org", 8443, "/x"), True),
        ("https://a.org:*/*", ("https", "a.org", 1, "/x"), True),
        ("https://*.a.org/*", ("https", "w.a.org", 443, "/"), True),
        ("https://*.a.org/*", ("https", "a.org", 443, "/"), True),
        ("https://*.a.org/*", ("https", "wa.org", 443, "/"), False),
        ("https://*/api/*", ("https", "any.org", 443, "/api/x"), True),
        ("https://*/api/*", ("https", "any.org", 443, "/other"), False),
        ("https://a.org/x?.y", ("https", "a.org", 443, "/x1.y"), True),
        ("https://a.org/x.y", ("https", "a.org", 443, "/x1y"), False),
        ("http://a.org/*", ("https", "a.org", 443, "/"), False),
        ("http+https://a.org/*", ("https", "a.org", 443, "/"), True),
        ("*://a.org/*", ("https", "a.org", 443, "/"), True),
    ],
)
def test_patterns_match_urls(pattern, url, matches):
    assert parse_pattern(pattern).matches(*url) is matches


@pytest.mark.parametrize("text", ["", "a.org", "https://", "https://a*b.org/", "https:///x", "https://a.org:x/"])
def test_other_text_is_no_pattern(text):
    assert parse_pattern(text) is None


@pytest.fixture
def listed(tmp_path):
    """A function that writes a list of certificates beside three PEM files and reads it."""
    for name in "abc":
        (tmp_path / f"{name}.pem").write_text("pem")

    def make(document, **options):
        (tmp_path / "list.json").write_text(document if isinstance(document, str) else json.dumps(document))
        return ClientCertificates(RunOptions(ssl_client_cert_list=str(tmp_path / "list.json"), **options))

    make.folder = tmp_path
    return make


def entry(match, name):
    return {"matches": [match], "cert": {"src": f"{name}.pem"}}


def test_the_first_match_of_the_list_wins_and_the_single_one_comes_last(listed):
    chosen = listed(
        [entry("https://a.org", "a"), entry("https://*.a.org", "b")], ssl_client_cert=str(listed.folder / "c.pem")
    )
    found = [chosen.certificate_for("https", host, 443, "/x?y") for host in ("a.org", "w.a.org", "b.org")]
    assert [certificate.cert[-5:] for certificate in found] == ["a.pem", "b.pem", "c.pem"]


def test_http_uses_no_certificate(listed):
    assert listed([entry("<all_urls>", "a")]).certificate_for("http", "a.org", 80, "/") is None


@pytest.mark.parametrize(
    ("document", "error", "text"),
    [
        ("{", InvalidDocument, None),
        ({}, InvalidCollection, "a list of client certificates"),
        ([1], InvalidCollection, "`matches`"),
        ([{"matches": ["nope"], "cert": {"src": "a.pem"}}], InvalidCollection, "'nope' is not a URL pattern"),
        ([{"matches": ["<all_urls>"]}], InvalidCollection, "`cert` or `pfx`"),
        ([entry("<all_urls>", "missing")], FileUnreadable, "does not exist"),
    ],
)
def test_a_bad_list_is_refused_before_the_run(listed, document, error, text):
    with pytest.raises(error, match=text):
        listed(document)


def test_a_key_needs_a_certificate():
    with pytest.raises(UsageError, match="needs --ssl-client-cert"):
        ClientCertificates(RunOptions(ssl_client_key="k.pem"))
