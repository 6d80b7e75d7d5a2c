"""What stands under the name of a secret is masked in texts of every kind, in any depth of escapes."""

import json
from html import escape
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.secrets import Secrets

MULTIPART = (
    "--b\r\nContent-Disposition: form-data; name={}\r\nContent-Type: text/plain\r\n\r\n{}\r\n"
    '--b\r\nContent-Disposition: form-data; name="user"\r\n\r\nada\r\n--b--\r\n'
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('{"accessToken": "ab", "type": "Bearer"}', '{"accessToken": "••••", "type": "Bearer"}'),
        ('{"password":"a\\"b\\\\","x":1}', '{"password":"••••","x":1}'),
        ('{"pin": 1234, "count": 1234}', '{"pin": "••••", "count": 1234}'),
        ('{"tokens": 512, "otp": 12}', '{"tokens": 512, "otp": 12}'),
        ('{"api_keys": ["a1", "b2"], "x": ["c3"]}', '{"api_keys": ["••••", "••••"], "x": ["c3"]}'),
        ('{"jwt": null, "token": {"id": "7"}, "has_token": "yes"}',) * 2,
        ('{"authorization": "Bearer abc"}', '{"authorization": "Bearer ••••"}'),
        ('{"authorization": "Bearer {{token}}", "token": "{{token}}"}',) * 2,
        ('{"a": "{\\"password\\": \\"x\\\\\\"y\\"}", "b": 1}', '{"a": "{\\"password\\": \\"••••\\"}", "b": 1}'),
        ('{"a": "{\\"pin\\": 123456}"}', '{"a": "{\\"pin\\": \\"••••\\"}"}'),
        ('{"token": "abc', '{"token": "••••'),
        ('{"token": "abc\n"x": 1}', '{"token": "••••\n"x": 1}'),
        ('[{"key": "api_key", "value": "ab"}, {"key": "page", "value": "2"}]', None),
        ('{"name": "password", "value": "ab"}', '{"name": "password", "value": "••••"}'),
        ("{ user: 'ada', password: 'ab', list: [ 'x' ] }", "{ user: 'ada', password: '••••', list: [ 'x' ] }"),
        (
            'mutation { login(user: "ada", password: "ab") { id } }',
            'mutation { login(user: "ada", password: "••••") { id } }',
        ),
        ('const apiKey = "ab"; let page = "2"', 'const apiKey = "••••"; let page = "2"'),
        ("a ? token : other; is(token, 'x')",) * 2,
        ('console.log("my Auth:"+auth);',) * 2,
        ('{"clientAuth": "body", "auth": "basic", "credentials": "include"}',) * 2,
        ("{\n  token: 'ab',\n  page: 'x'\n}", "{\n  token: '••••',\n  page: 'x'\n}"),
        ("http://h/?a=1&accessToken=ab#token", "http://h/?a=1&accessToken=••••#token"),
        ("/x?user%5Bpassword%5D=ab&user[token]=cd&x=1", "/x?user%5Bpassword%5D=••••&user[token]=••••&x=1"),
        ("/x?next=%2Fy%3Ftoken%3Dab%26b%3D1&c=2", "/x?next=%2Fy%3Ftoken%3D••••%26b%3D1&c=2"),
        ("/x?q={%22token%22:%22ab%22,%22n%22:1}", "/x?q={%22token%22:%22••••%22,%22n%22:1}"),
        ("/x?q=%7B%22token%22%3A+%22a%5C%22b%22%7D", "/x?q=%7B%22token%22%3A+%22••••%22%7D"),
        ("Server=db;User Id=ada;Password=ab;Port=1", "Server=db;User Id=ada;Password=••••;Port=1"),
        ("Server=db; Password=ab; Port=1", "Server=db; Password=••••; Port=1"),
        ("<a><password>ab</password><name>ada</name></a>", "<a><password>••••</password><name>ada</name></a>"),
        ('<o:Password Type="t">ab</o:Password>', '<o:Password Type="t">••••</o:Password>'),
        ("<token><![CDATA[ab]]></token>", "<token>••••</token>"),
        ("<token><value>ab</value></token>",) * 2,
        ('{"xml": "<token>ab<\\/token>"}', '{"xml": "<token>••••<\\/token>"}'),
        ("&lt;token&gt;ab&lt;/token&gt;", "&lt;token&gt;••••&lt;/token&gt;"),
        ('{"x": "\\u003ctoken\\u003eab\\u003c/token\\u003e"}', '{"x": "\\u003ctoken\\u003e••••\\u003c/token\\u003e"}'),
        ('<user name="ada" password="ab"/>', '<user name="ada" password="••••"/>'),
        ('<input name="csrf_token" type="hidden" value="ab">', '<input name="csrf_token" type="hidden" value="••••">'),
        ('<meta name="csrf-token" content="ab">', '<meta name="csrf-token" content="••••">'),
        ('<add key="ApiKey" value="ab" />', '<add key="ApiKey" value="••••" />'),
        (MULTIPART.format('"password"', "ab\r\ncd"), MULTIPART.format('"password"', "••••")),
        (MULTIPART.format('"page"', "2"),) * 2,
    ],
)
def test_values_under_the_names_of_secrets(text, masked):
    expected = masked or text.replace('"ab"', '"••••"')
    assert Secrets().mask(text) == expected
    assert Secrets().mask(expected) == expected


VALUE = st.text(min_size=1).filter(lambda text: text.strip() and not text.isalpha())


@given(VALUE, st.text(), st.integers(0, 4))
def test_a_json_text_is_masked_in_any_depth_of_json_texts(value, other, depth):
    nested = json.dumps({"a": other, "password": value, "b": other})
    for _ in range(depth):
        nested = json.dumps({"inner": nested})
    masked = Secrets().mask(nested)
    for _ in range(depth):
        masked = json.loads(masked)["inner"]
    assert json.loads(masked)["password"] == "••••"
    assert list(json.loads(masked)) == ["a", "password", "b"]


LETTERS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=6, max_size=30)


@given(LETTERS)
def test_forms_and_xml_are_masked_whatever_the_value(value):
    value = f"Zq7{value}7Zq"
    form = urlencode({"a": "1", "client_secret": value, "b": "2"})
    assert Secrets().mask(form) == "a=1&client_secret=••••&b=2"
    nested = urlencode({"next": f"/x?{urlencode({'token': value})}&y=1", "z": "1"})
    assert quote(value, safe="") not in Secrets().mask(nested).replace("%25", "%")
    xml = f"<x><apiKey>{escape(value)}</apiKey><y>1</y></x>"
    assert Secrets().mask(xml) == "<x><apiKey>••••</apiKey><y>1</y></x>"


@given(
    st.lists(st.tuples(st.sampled_from(["token", "x", "pin", "Cookie", "user"]), st.text(max_size=12)), max_size=4),
    st.data(),
)
def test_masking_again_changes_nothing(pairs, data):
    values = data.draw(st.lists(st.text(min_size=4, max_size=12), max_size=3))
    secrets = Secrets(values)
    texts = [
        json.dumps(dict(pairs)),
        urlencode(pairs),
        " ".join(f'<{name} a="{escape(v)}">{escape(v)}</{name}>' for name, v in pairs),
    ]
    for text in (*texts, *values, "".join(values)):
        masked = secrets.mask(text)
        assert secrets.mask(masked) == masked
    tree = secrets.mask_json(dict(pairs))
    assert secrets.mask_json(tree) == tree
    for name, value in pairs:
        assert secrets.mask_header(name, secrets.mask_header(name, value)) == secrets.mask_header(name, value)


@pytest.mark.parametrize(
    ("text", "learned"),
    [
        ('{"idToken": "a-long-\\u00e9-token-1"}', "a-long-é-token-1"),
        ('{"api_keys": ["first-long-key-1", "second-long-key-2"]}', "second-long-key-2"),
        ("<jwt>a&amp;long-token-123</jwt>", "a&long-token-123"),
        ('{"data": "{\\"password\\": \\"a-long-pass-word\\"}"}', "a-long-pass-word"),
        (MULTIPART.format('"password"', "a-long-pass-word"), "a-long-pass-word"),
        ('{"cookie": "sid=a-long-session-id; x=1"}', "a-long-session-id"),
        ('{"headers": {"authorization": "Basic YWRhOnBhc3Mtd29yZA=="}}', "pass-word"),
    ],
)
def test_they_are_masked_wherever_else_they_stand(text, learned):
    secrets = Secrets()
    secrets.learn_text(text)
    assert secrets.mask(f"it is <{learned}>") == "it is <••••>"


def test_an_assertion_is_a_secret_in_forms_only():
    assert Secrets().mask("grant=x&assertion=ab") == "grant=x&assertion=••••"
    assert Secrets().mask_json([{"key": "assertion", "value": "ab"}]) == [{"key": "assertion", "value": "••••"}]
    assert Secrets().mask('{"assertion": "ab"}') == '{"assertion": "ab"}'
