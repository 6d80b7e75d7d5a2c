"""One rule what the name of a secret is, for variables, fields, headers, parameters, elements and cookies alike."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.model.variable import Variable
from runner.secrets import Secrets
from tests.secrets.names import PLAIN, SECRET

VALUE = "Val0x9Qz7Lm2"


def hides(name):
    """Whether a JSON field of this name is masked."""
    return VALUE not in Secrets().mask(json.dumps({name: VALUE}, ensure_ascii=False))


@pytest.mark.parametrize("name", SECRET)
def test_the_name_of_a_secret(name):
    assert hides(name)


@pytest.mark.parametrize("name", PLAIN)
def test_a_name_that_only_looks_like_one(name):
    assert not hides(name)


PARTS = (
    "access admin api app auth bearer client code count csrf db expires id is jwt key max name next old page pass password"
    " pin prod public refresh required reset secret session sig token tokens type url user value x"
)
STYLES = (
    "_".join,
    "-".join,
    ".".join,
    " ".join,
    lambda words: words[0] + "".join(map(str.capitalize, words[1:])),
    lambda words: "".join(map(str.capitalize, words)),
    lambda words: "_".join(words).upper(),
    lambda words: "-".join(map(str.capitalize, words)),
    lambda words: "[".join(words) + "]",
    lambda words: "_".join(words) + "2",
    lambda words: "_".join(words) + "_01",
)


@given(st.lists(st.sampled_from(PARTS.split()), min_size=1, max_size=5))
def test_the_style_of_a_name_makes_no_difference(words):
    assert len({hides(style(words)) for style in STYLES}) == 1


MORE = (
    "account author authority authorization code codes connection cookie cred credit creds dpop hmac jwe jws mfa"
    " mnemonic otp passenger passed passphrase pat path phrase psk pw pwd recovery saml response seed sess sign"
    " signature signing string tokyo verifier xsrf bearer senha passwort assertion backup ids s"
)


@given(
    st.lists(st.sampled_from([*PARTS.split(), *MORE.split()]), min_size=1, max_size=4), st.sampled_from([*STYLES, "".join])
)
def test_a_field_and_a_header_of_the_same_name_are_judged_alike(words, style):
    name = style(words)
    assert hides(name) == (Secrets().mask_header(name, VALUE) != VALUE)


@pytest.mark.parametrize("name", SECRET[::3])
def test_the_rule_is_the_same_wherever_a_name_stands(name):
    texts = [f'{{"{name}": "{VALUE}"}}', f'<input name="{name}" value="{VALUE}">', f'"key": "{name}", "value": "{VALUE}"']
    if "[" not in name and ":" not in name:
        texts += [f"http://h/?a=1&{name}={VALUE}&b=2", f"{name}={VALUE}&b=2"]
    if name.isascii() and name.replace("_", "").isalnum() and not name[0].isdigit():
        texts += [f"<x><{name}>{VALUE}</{name}></x>", f'<x a="1" {name}="{VALUE}"/>', f"{{ a: 1, {name}: '{VALUE}' }}"]
    assert [text for text in texts if VALUE in Secrets().mask(text)] == []
    assert Secrets().mask_header(name, VALUE) != VALUE
    assert VALUE not in str(Secrets().mask_json([{"key": name, "value": VALUE}, {name: VALUE}, {name: [VALUE]}]))
    secrets = Secrets()
    secrets.add_variable(Variable(name, VALUE))
    assert VALUE not in secrets.mask(f"it is {VALUE}")


@pytest.mark.parametrize("name", PLAIN[::3])
def test_other_names_hide_nothing_wherever_they_stand(name):
    texts = [f'{{"{name}": "{VALUE}"}}', f"http://h/?a=1&{name}={VALUE}&b=2", f"<x><{name}>{VALUE}</{name}></x>"]
    assert [Secrets().mask(text) for text in texts] == texts
    assert Secrets().mask_header(name, VALUE) == VALUE
    secrets = Secrets()
    secrets.add_variable(Variable(name, VALUE))
    assert secrets.mask(VALUE) == VALUE


@pytest.mark.parametrize("value", ["true", "false", "null", "", "  ", "{{token}}", True, False, None, 7, 512])
def test_what_can_be_no_secret_is_shown_under_any_name(value):
    assert Secrets().mask_json({"token": value, "Cookie": value}) == {"token": value, "Cookie": value}
    text = json.dumps({"token": value})
    assert Secrets().mask(text) == text


def test_a_name_may_be_very_long():
    name = "a" * 100_000 + "token"
    assert Secrets().mask(f'{{"{name}": "{VALUE}"}}').endswith('"}')
