import base64
import json
import re
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.model.variable import Variable
from runner.secrets import Secrets

VALUE = "s3cr3t/Value+1"


def quote_all(text):
    return quote(text, safe="")


@pytest.fixture
def secrets():
    return Secrets([VALUE])


def test_a_known_value_is_masked_wherever_it_stands(secrets):
    assert secrets.mask(f"token <{VALUE}>, again {VALUE}") == "token <••••>, again ••••"


@pytest.mark.parametrize(
    "encode", [quote, quote_all, lambda text: quote_all(text).replace("%2F", "%2f").replace("%2B", "%2b")]
)
def test_percent_encoded_forms_are_masked(secrets, encode):
    assert secrets.mask(f"http://h/{encode(VALUE)}/x") == "http://h/••••/x"


@pytest.mark.parametrize("before", ["", "u", "us", "user:"])
@pytest.mark.parametrize("after", ["", "x", "yz"])
def test_base64_of_a_longer_text_does_not_show_the_value(secrets, before, after):
    encoded = base64.b64encode((before + VALUE + after).encode()).decode()
    masked = secrets.mask(f"Basic {encoded} end")
    assert "••••" in masked
    assert len(masked) < len(f"Basic {encoded} end") - 8


def test_url_safe_base64_is_masked():
    secrets = Secrets(["???>>>???>>>"])
    assert secrets.mask(base64.urlsafe_b64encode(b"???>>>???>>>").decode()) == "••••"


def test_a_value_inside_a_json_text_is_masked():
    secrets = Secrets(['quo"te\\back'])
    assert secrets.mask(r'{"a": "quo\"te\\back"}') == '{"a": "••••"}'


def test_overlapping_values_leave_no_rest():
    assert Secrets(["abcdef", "defghi"]).mask("-abcdefghi-") == "-••••-"


def test_the_longest_value_wins():
    assert Secrets(["pass", "password-long"]).mask("password-long") == "••••"


@pytest.mark.parametrize("plain", ["", "abc", "true", "password", "{{token}}", None, True, ["list"]])
def test_short_values_common_words_and_templates_are_not_masked(plain):
    assert Secrets([plain]).mask(f"abc true password {{{{token}}}} {plain}").startswith("abc true password {{token}}")


def test_numbers_are_masked_by_their_text():
    assert Secrets([123456]).mask("pin 123456") == "pin ••••"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (12345678901234567890, "12345678901234567000"),
        (123456789012345678, "123456789012345680"),
        (10**20, "100000000000000000000"),
        (-1234567.0, "-1234567"),
    ],
)
def test_a_number_is_masked_as_scripts_write_it(number, written):
    assert Secrets([number]).mask(f"pin {written}!").rstrip("!").endswith("••••")


@pytest.mark.parametrize("host", ["xn--bcher-schlssel-gsbj", "XN--BCHER-SCHLSSEL-GSBJ"])
def test_a_value_in_the_name_of_a_host_is_masked(host):
    assert Secrets(["bücher-schlüssel"]).mask(f"http://{host}.example/") == "http://••••.example/"
    assert Secrets(["bücher-schlüssel"]).mask("http://xn--mnchen-3ya.example/") == "http://xn--mnchen-3ya.example/"


def test_each_line_of_a_key_is_masked():
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END PRIVATE KEY-----"
    assert "MIIEvQ" not in Secrets([key]).mask("  MIIEvQIBADANBgkqhkiG9w0")


def test_only_secret_variables_are_added():
    secrets = Secrets()
    secrets.add_variable(Variable("plain", "plain-value"))
    secrets.add_variable(Variable("hidden", "hidden-value", "secret"))
    assert secrets.mask("plain-value hidden-value") == "plain-value ••••"


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://s3/x?X-Amz-Signature=ab12&y=1", "https://s3/x?X-Amz-Signature=••••&y=1"),
        ("https://s3/x?y=1&X-Amz-Credential=a%2Fb", "https://s3/x?y=1&X-Amz-Credential=••••"),
        ("/x?access_token=abc#frag", "/x?access_token=••••#frag"),
        ("/x?token={{token}}", "/x?token={{token}}"),
        ("/x?tokens=3&page=2", "/x?tokens=3&page=2"),
        ("https://me:pw@host/x", "https://me:••••@host/x"),
        ("password=abc&user=me", "password=••••&user=me"),
        ('{"access_token": "abc", "type": "Bearer"}', '{"access_token": "••••", "type": "Bearer"}'),
        ('{"url":"https://s3/x?a=1\\u0026sig=abc"}', '{"url":"https://s3/x?a=1\\u0026sig=••••"}'),
    ],
)
def test_secret_parameters_of_urls_are_masked(url, masked):
    assert Secrets().mask(url) == masked


@pytest.mark.parametrize(
    ("name", "value", "masked"),
    [
        ("Authorization", "Bearer abc.def", "Bearer ••••"),
        ("proxy-authorization", "Basic YTpi", "Basic ••••"),
        ("AUTHORIZATION", "abc", "••••"),
        ("Cookie", "sid=1; theme=dark", "sid=••••; theme=••••"),
        ("Set-Cookie", "sid=1; Path=/; HttpOnly", "sid=••••; Path=/; HttpOnly"),
        ("X-Api-Key", "abc", "••••"),
        ("X-Api-Key", "{{key}}", "{{key}}"),
        ("Accept", "*/*", "*/*"),
    ],
)
def test_headers_are_masked_by_name(name, value, masked):
    assert Secrets().mask_header(name, value) == masked


def test_a_json_tree_is_masked_by_name_and_value(secrets):
    tree = {
        "auth": {"type": "basic", "basic": [{"key": "username", "value": "me"}, {"key": "password", "value": "pw"}]},
        "header": [{"key": "Authorization", "value": "Bearer x"}, {"key": "Accept", "value": "*/*"}],
        "values": [{"key": "a", "value": "v", "type": "secret"}, {"key": "b", "value": "v"}],
        "event": [{"script": {"exec": [f"const a = '{VALUE}'"]}}],
        "access_token": "abc",
        "n": 1,
    }
    masked = secrets.mask_json(tree)
    assert [pair["value"] for pair in masked["auth"]["basic"]] == ["me", "••••"]
    assert [pair["value"] for pair in masked["header"]] == ["Bearer ••••", "*/*"]
    assert [pair["value"] for pair in masked["values"]] == ["••••", "v"]
    assert masked["event"][0]["script"]["exec"] == ["const a = '••••'"]
    assert (masked["access_token"], masked["n"]) == ("••••", 1)


@pytest.mark.parametrize(
    "auth", [[{"key": "key", "value": "X-Key"}, {"key": "value", "value": "abc"}], {"key": "X-Key", "value": "abc"}]
)
def test_the_value_of_an_api_key_is_masked_but_not_its_name(auth):
    masked = str(Secrets().mask_json({"type": "apikey", "apikey": auth}))
    assert "X-Key" in masked
    assert "abc" not in masked


def test_the_secret_parameters_of_an_auth_are_masked():
    secrets = Secrets()
    secrets.add_auth("basic", {"username": "mary", "password": "pw"})
    secrets.add_auth("oauth1", {"consumerSecret": "cons-secret", "realm": "plain-realm"})
    secrets.add_auth("apikey", {"key": "X-Key", "value": "the-key-value"})
    shown = secrets.mask("bWFyeTpwdw== cons-secret plain-realm X-Key the-key-value")
    assert shown == "••••== •••• plain-realm X-Key ••••"


def test_bytes_that_are_no_text_keep_everything_else(secrets):
    data = b"\xff\x00" + VALUE.encode() + b"\xfe"
    assert secrets.mask_bytes(data) == b"\xff\x00****\xfe"


def test_text_without_secrets_stays_as_it_is(secrets):
    text = "nothing here"
    assert secrets.mask(text) is text


@given(st.text(min_size=4, max_size=30).filter(lambda text: len(text.strip()) >= 4), st.text(), st.text())
def test_no_value_survives_masking(value, before, after):
    secrets = Secrets([value])
    if secrets.version:
        assert value not in secrets.mask(before + value + after).replace("••••", "\0")


def double(encode):
    return lambda text: encode(encode(text))


@pytest.mark.parametrize(
    "encode",
    [
        double(quote_all),
        lambda text: quote(text, safe="!$'()*+,;=:@/?"),
        lambda text: json.dumps(text)[1:-1],
        double(lambda text: json.dumps(text)[1:-1]),
        lambda text: text.replace("/", "\\/"),
        escape,
        double(escape),
        lambda text: base64.b64encode(text.encode()).decode().replace("+", "%2B").replace("/", "%2f"),
        lambda text: base64.urlsafe_b64encode(b"me:" + text.encode()).decode(),
    ],
)
def test_encodings_on_top_of_each_other_are_masked(encode):
    value = "abcd/e+f&g\"h'i<ü>jk l??>>"
    masked = Secrets([value]).mask(f"<{encode(value)}>")
    assert re.fullmatch(r"<.{0,4}••••.{0,3}>", masked)


@given(st.text(min_size=4, max_size=30), st.lists(st.booleans(), min_size=30, max_size=30))
def test_any_mix_of_encoded_and_plain_characters_is_masked(value, choices):
    secrets = Secrets([value])
    if secrets.version:
        mixed = "".join(
            quote(char, safe="") if choice else char for char, choice in zip(value.strip(), choices, strict=False)
        )
        assert secrets.mask(mixed) == "••••"


def test_a_value_that_chai_cuts_is_masked():
    secrets = Secrets(["eyJhbGciOiJIUzI1NiJ9.payload.signature"])
    assert secrets.mask("expected 'eyJhbGciOiJIUzI1NiJ9.pay…' to equal 'x'") == "expected '••••…' to equal 'x'"


def test_answers_that_are_full_of_secrets_are_learned_up_to_a_limit(monkeypatch):
    monkeypatch.setattr("runner.secrets.known.MOST_FOUND", 3)
    secrets = Secrets()
    for number in range(5):
        secrets.add_found(f"found-value-{number}")
    secrets.add("given-value-1")
    assert secrets.mask("found-value-2 found-value-3 given-value-1") == "•••• found-value-3 ••••"


def test_thousands_of_values_are_found_as_well_as_a_few():
    values = [f"value-{number:05}/é" for number in range(3000)]
    secrets = Secrets(values)
    assert secrets.mask(f"<{values[7]}> {quote_all(values[2999])} value-0000x") == "<••••> •••• value-0000x"


@pytest.mark.parametrize(
    ("name", "value", "learned"),
    [
        ("Cookie", "sid=a-long-session-id; theme=dark", "a-long-session-id"),
        ("Set-Cookie", 'sid="a-long-session-id"; Path=/', "a-long-session-id"),
        ("Authorization", "Bearer a-long-token-1", "a-long-token-1"),
        ("authorization", "Basic YWRhOnBhc3Mtd29yZA==", "pass-word"),
        ("X-Api-Key", "a-long-api-key", "a-long-api-key"),
        ("X-Api-Key", "several words are one key", "several words are one key"),
    ],
)
def test_what_a_header_holds_is_masked_everywhere(name, value, learned):
    secrets = Secrets()
    secrets.learn_header(name, value)
    assert secrets.mask(f"it is {learned}, theme dark, Path") == "it is ••••, theme dark, Path"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Basic dGhlLW5hbWUtYWxvbmU=", "the-name-alone:"),
        ("Authorization", "Bearer a-long-token-1", "Bearer"),
        ("X-Api-Key", "before-{{key}}-after", "before-{{key}}-after"),
        ("X-Trace", "a-long-value-1", "a-long-value-1"),
    ],
)
def test_what_is_no_secret_of_a_header_stays_readable(name, value, shown):
    secrets = Secrets()
    secrets.learn_header(name, value)
    assert secrets.mask(f"it is {shown}") == f"it is {shown}"


@pytest.mark.parametrize(
    ("text", "learned"),
    [
        ("http://ada:pass1@host/", "pass1"),
        ("http://ada:caf%C3%A9-1@host/", "café-1"),
        ("http://h/?sig=abc%2Fdefghijk&x=1", "abc/defghijk"),
        ('{"access_token": "a-long-token-1"}', "a-long-token-1"),
    ],
)
def test_what_a_url_or_json_holds_under_a_secret_name_is_masked_everywhere(text, learned):
    secrets = Secrets()
    secrets.learn_text(text)
    assert secrets.mask(f"it is {learned}") == "it is ••••"


@pytest.mark.parametrize("key", ["api_key", "torii_api_key", "clientSecret", "db.password", "TOKEN", "accessToken"])
def test_a_variable_that_is_named_like_a_secret_is_one(key):
    secrets = Secrets()
    secrets.add_variable(Variable(key, "its-value"))
    assert secrets.mask("its-value") == "••••"


@pytest.mark.parametrize("key", ["tokens", "token_url", "secretary", "keyboard", "monkey", "next_page"])
def test_other_variables_are_not(key):
    secrets = Secrets()
    secrets.add_variable(Variable(key, "its-value"))
    assert secrets.mask("its-value") == "its-value"


def test_a_value_in_a_header_of_utf8_bytes_is_masked():
    assert Secrets(["pässwörd-1"]).mask("x pässwörd-1".encode().decode("latin-1")) == "x ••••"


def escaped(char):
    """A character as JavaScript's `escape` writes it."""
    if char.isascii() and char.isalnum():
        return char
    return f"%u{ord(char):04X}" if ord(char) > 255 else f"%{ord(char):02X}"


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode().hex(),
        lambda text: text.encode().hex().upper(),
        lambda text: "".join(map(escaped, text)),
        lambda text: base64.b64encode(json.dumps(text, ensure_ascii=False)[1:-1].encode()).decode(),
    ],
    ids=["hex", "HEX", "escape of JavaScript", "base64 of JSON"],
)
def test_what_scripts_make_of_a_value_is_masked(encode):
    value = 'Zx7Kq "ü€\\9Ab'
    assert re.fullmatch(r"<\W{0,2}••••\W{0,2}>", Secrets([value]).mask(f"<{encode(value)}>"))
