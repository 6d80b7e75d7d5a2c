"""protocolProfileBehavior over the options of the run."""

import re

import pytest

from runner.model.request import ProtocolProfileBehavior
from runner.options import RunOptions
from runner.request.behavior import parse_behavior


def test_without_keys_the_options_decide():
    assert parse_behavior({}, RunOptions()) == ProtocolProfileBehavior(strict_ssl=True, follow_redirects=True)
    loose = parse_behavior({}, RunOptions(insecure=True, ignore_redirects=True))
    assert (loose.strict_ssl, loose.follow_redirects) == (False, False)


def test_a_key_of_the_item_beats_the_option():
    options = RunOptions(insecure=True, ignore_redirects=True)
    found = parse_behavior({"strictSSL": True, "followRedirects": True, "maxRedirects": 3}, options)
    assert (found.strict_ssl, found.follow_redirects, found.max_redirects) == (True, True, 3)


@pytest.mark.parametrize(
    "key",
    [
        "disableCookies",
        "disableBodyPruning",
        "disableUrlEncoding",
        "followOriginalHttpMethod",
        "followAuthorizationHeader",
        "removeRefererHeaderOnRedirect",
        "tlsPreferServerCiphers",
    ],
)
def test_every_switch_is_read(key):
    field = re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", key)
    assert getattr(parse_behavior({}, RunOptions()), field) is False
    assert getattr(parse_behavior({key: 1}, RunOptions()), field) is True


def test_names_and_lists_are_read():
    found = parse_behavior(
        {
            "disabledSystemHeaders": {"user-agent": True, "accept": False, "Host": True},
            "tlsDisabledProtocols": ["TLSv1_2"],
            "tlsCipherSelection": ["A", 5],
            "protocolVersion": "http2",
        },
        RunOptions(),
    )
    assert found.disabled_system_headers == {"user-agent", "Host"}  # as written: Postman knows small letters only
    assert (found.tls_disabled_protocols, found.tls_cipher_selection) == (("TLSv1_2",), ("A",))
    assert found.protocol_version == "http2"


@pytest.mark.parametrize(
    "odd",
    [
        {"strictSSL": "no"},
        {"insecureHTTPParser": 1},
        {"maxRedirects": True},
        {"maxRedirects": "5"},
        {"disabledSystemHeaders": ["host"]},
        {"tlsDisabledProtocols": "TLSv1"},
        {"protocolVersion": "http9"},
    ],
)
def test_a_value_of_the_wrong_type_counts_as_not_given(odd):
    assert parse_behavior(odd, RunOptions()) == parse_behavior({}, RunOptions())


@pytest.mark.parametrize("value", ["true", "false", 1, [], True, 0, "", None, False])
def test_a_switch_is_on_for_whatever_javascript_takes_for_true(value):
    on = value not in (0, "", None)
    found = parse_behavior({"disableCookies": value, "followRedirects": value}, RunOptions())
    assert (found.disable_cookies, found.follow_redirects) == (on, on)


@pytest.mark.parametrize(("value", "count"), [(-1, 0), (0, 0), (1.5, 2), (5, 5)])
def test_redirects_are_counted_as_postman_counts_them(value, count):
    assert parse_behavior({"maxRedirects": value}, RunOptions()).max_redirects == count
