"""A cassette is data: whatever a file holds, reading it runs nothing and ends in recordings or in one error."""

import base64
import json
import sys

import pytest
import vcr.serializers.yamlserializer as vcr_yaml
import yaml

from runner.cassettes import file as cassette_file
from runner.cassettes.filter import SecretFilter
from runner.cassettes.plain_yaml import DEEPEST, read_yaml
from runner.cassettes.recording import Recording
from runner.errors import InvalidDocument, RequestError
from runner.secrets import Secrets

REQUEST = "request: {body: '', headers: {}, method: GET, uri: 'http://h.example/'}"
PLACES = {
    "document": "%s",
    "interactions": "interactions: %s",
    "interaction": "interactions: [%s]",
    "request": "interactions: [{request: %s, response: {status: {code: 200}}}]",
    "method": "interactions: [{request: {method: %s, uri: u}, response: {status: {code: 200}}}]",
    "uri": "interactions: [{request: {method: GET, uri: %s}, response: {status: {code: 200}}}]",
    "headers": "interactions: [{request: {method: GET, uri: u, headers: %s}, response: {status: {code: 200}}}]",
    "header": "interactions: [{request: {method: GET, uri: u, headers: {A: %s}}, response: {status: {code: 200}}}]",
    "key": "interactions: [{request: {method: GET, uri: u, headers: {? %s : x}}, response: {status: {code: 200}}}]",
    "body": f"interactions: [{{{REQUEST}, response: {{status: {{code: 200}}, body: %s}}}}]",
    "string": f"interactions: [{{{REQUEST}, response: {{status: {{code: 200}}, body: {{string: %s}}}}}}]",
    "status": f"interactions: [{{{REQUEST}, response: {{status: %s}}}}]",
    "code": f"interactions: [{{{REQUEST}, response: {{status: {{code: %s}}}}}}]",
    "timings": f"interactions: [{{{REQUEST}, response: {{status: {{code: 200}}, postrunner: {{timings: %s}}}}}}]",
    "moment": f"interactions: [{{{REQUEST}, response: {{status: {{code: 200}}, postrunner: {{timings: {{ended: %s}}}}}}}}]",
    "order": f"interactions: [{{{REQUEST}, response: {{status: {{code: 200}}, postrunner: {{header_order: %s}}}}}}]",
    "error": f"interactions: [{{{REQUEST}, response: {{status: {{code: 200}}, postrunner: {{error: %s}}}}}}]",
    "more": f"interactions: [{{{REQUEST}, response: {{status: {{code: 200}}}}, more: %s}}]",
    "beside": "{interactions: [], more: %s}",
}
"""Where in a file a value may stand."""

RUN = "open('{path}', 'w').close()"
OBJECTS = [
    '!!python/object/apply:os.system ["touch {path}"]',
    '!!python/object/apply:os.system {{args: ["touch {path}"]}}',
    '!!python/object/apply:posix.system ["touch {path}"]',
    '!!python/object/apply:subprocess.Popen [["touch", "{path}"]]',
    '!!python/object/apply:subprocess.check_output {{args: [["touch", "{path}"]]}}',
    f'!!python/object/apply:builtins.eval ["{RUN}"]',
    f'!!python/object/apply:__builtin__.eval ["{RUN}"]',
    f'!!python/object/apply:builtins.exec ["{RUN}"]',
    '!!python/object/apply:builtins.open ["{path}", "w"]',
    '!!python/object/apply:io.open ["{path}", "w"]',
    '!!python/object/apply:builtins.map [!!python/name:os.mkdir "", ["{path}"]]',
    '!!python/object/apply:builtins.iter [!!python/object/apply:os.mkdir ["{path}"]]',
    '!!python/object/apply:builtins.frozenset [!!python/object/apply:os.mkdir ["{path}"]]',
    "!!python/object/new:_io.BytesIO {{state: !!python/tuple [!!python/object/apply:os.mkdir ['{path}'], 0, null]}}",
    "!!python/object/new:os.mkdir ['{path}']",
    "!!python/object/new:subprocess.Popen {{args: [[touch, '{path}']]}}",
    f'!!python/object/new:tuple [!!python/object/new:map [!!python/name:eval "", ["{RUN}"]]]',
    "!!python/object/new:type {{args: [z, !!python/tuple [], {{extend: !!python/name:exec ''}}], listitems: '{path}'}}",
    "!!python/object/new:str {{state: !!python/tuple ['', !!python/object/new:os.mkdir ['{path}']]}}",
    "!!python/object:os.mkdir {{path: '{path}'}}",
    "!!python/object:__main__.Anything {{a: 1}}",
    "!!python/object:vcr.request.Request.__init__ {{}}",
    "!!python/object:vcr.cassette.Cassette {{}}",
    "!!python/name:os.system ''",
    "!!python/name:builtins.eval ''",
    "!!python/module:os ''",
    "!!python/module:antigravity ''",
    "!!python/complex 1+2j",
    "!!python/whatever x",
    "!<tag:yaml.org,2002:python/object/apply:os.mkdir> ['{path}']",
    "!<tag:yaml.org,2002:python/object/apply:os.%6Dkdir> ['{path}']",
    "!!python%2Fobject%2Fapply:os.mkdir ['{path}']",
    "!custom x",
    "!custom [1]",
    "!custom {{a: 1}}",
    "!<!> [!!python/object/apply:os.mkdir ['{path}']]",
    "!<tag:example.org,2000:x> y",
    "!<%1B[31mred> y",
    "[&a [!!python/object/apply:os.mkdir ['{path}']], *a]",
    "{{<<: !!python/object/apply:os.mkdir ['{path}']}}",
    "!!str {{a: 1}}",
    "!!binary [a]",
    "!!binary ä",
    "!!int x",
    "!!int []",
    "!!float y",
    "!!bool maybe",
    "!!map x",
    "!!seq x",
    "!!set [a]",
    "!!omap {{a: 1}}",
    "!!merge []",
    "!!python/tuple x",
    "!!python/unicode [x]",
    "!!python/long x",
    "!!python/object:vcr.request.Request [1]",
    "!!python/object/apply:builtins.frozenset x",
    "!!python/object/apply:builtins.frozenset [1]",
    "!!python/object/apply:builtins.iter {{args: 1}}",
    "!!python/object/apply:builtins.bytearray [99999999999]",
    "!!python/object/apply:builtins.bytearray []",
    "!!python/object/new:_io.BytesIO {{state: 1}}",
    "!!python/object/new:_io.BytesIO {{state: [[]]}}",
    "!!python/object/new:multidict._multidict.istr [[x]]",
    "!!python/object/new:multidict._multidict.istr []",
    "!!python/object/apply:http.HTTPStatus [x]",
    "!!python/object/apply:http.HTTPStatus []",
    "*nowhere",
    "&a [*a]",
    "&a {{k: *a}}",
    "{{<<: x}}",
    "{{<<: [x]}}",
    "{{[a]: b}}",
    "{{{{a: b}}: c}}",
    "{{? !!set {{a}} : c}}",
    "{{? !!omap [a: 1] : c}}",
    "{{? !!python/tuple [a] : c}}",
    f"{{{{{2**61 - 1}: c}}}}",
    "[" * (DEEPEST + 1),
    "{{a: " * (DEEPEST + 1),
    "[[[]]" * 5000,
    "1" * 5000,
    "0x" + "f" * 5000,
    ":".join("1" * 5000),
]
"""Values that are not data of a recording, wherever they stand; `{path}` is a file that must never be made."""

ODD = [
    "0b2",
    "08",
    "-",
    "null",
    "~",
    "true",
    "1e400",
    ".nan",
    "-.inf",
    "-1",
    "1:60:3",
    "0x10",
    "1_000",
    "2020-99-99",
    "2001-12-14t21:59:43.10-05:00",
    "0000-00-00",
    "=",
    "[]",
    "{}",
    "!!set {a, b}",
    "!!omap [a: 1]",
    "!!binary ''",
    "!!binary '*'",
    "!!timestamp never",
    "{a: 1, a: 2}",
    "{.nan: 1, .nan: 2}",
    "{1: a, 2020-01-01: b, null: c, true: d, 1.5: e}",
    "{ended: 1, __class__: 2, started: -1}",
    "{message: {a: 1}}",
    "{message: '', code: [1]}",
    "{string: {string: [{string: x}]}}",
    "{base64_string: '#'}",
    "{base64_string: eA==}",
    "[a, b]",
    "[[a], [b, c]]",
    "'\\ud800'",
    '"\\x1b[31m"',
    '"a\\r\\nb: c"',
    "'" + "x" * 200_000 + "'",
    "[&a [x, y], *a, *a]",
    "{<<: {a: 1}, b: 2}",
    "{<<: [{a: 1}, {a: 2}], b: 2}",
]
"""Values that are data, though not in every place."""


def read(text):
    """What a file gives, used as a replay and a new recording use it: recordings, or the error."""
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    try:
        entries, rest = cassette_file.load(content, "tape.yaml")
    except InvalidDocument as error:
        message = str(error)
        assert message.startswith("tape.yaml")
        assert message.isprintable()
        assert len(message) < 300
        return error
    secrets = SecretFilter(Secrets())
    for entry in entries:
        secrets.recording_key(entry)
    written = cassette_file.dump(secrets.filtered(entries), rest)
    cassette_file.load(written.encode(), "tape.yaml")
    return entries


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_data_is_one_error_with_its_line(place, tmp_path):
    path = tmp_path / "made"
    for value in OBJECTS:
        error = read(PLACES[place] % value.format(path=path))
        assert isinstance(error, InvalidDocument), value[:80]
        assert error.where.startswith("tape.yaml:"), value[:80]
    assert not path.exists()


@pytest.mark.parametrize("place", PLACES)
def test_odd_values_are_recordings_or_one_error(place):
    for value in ODD:
        read(PLACES[place] % value)


@pytest.mark.parametrize(
    "prefix",
    ["%TAG ! tag:yaml.org,2002:python/object/apply:\n--- ", "%TAG !e! tag:yaml.org,2002:python/object/\n--- "],
)
@pytest.mark.parametrize("value", ["!os.mkdir ['{path}']", "!e!apply:os.mkdir ['{path}']", "!e!new:os.mkdir ['{path}']"])
def test_a_tag_under_another_name_is_the_same_tag(prefix, value, tmp_path):
    error = read(prefix + "interactions: [" + value.format(path=tmp_path / "made") + "]")
    assert isinstance(error, InvalidDocument)
    assert not (tmp_path / "made").exists()


def test_the_error_names_file_line_column_and_tag():
    error = read("version: 1\ninteractions:\n- request: !!python/object/apply:os.system [x]\n")
    assert (error.where, error.message) == (
        "tape.yaml:3:12",
        "is not the YAML of a cassette: the tag !!python/object/apply:os.system is not one of a recording",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf",
        b"interactions: [\xff]",
        b"interactions: [\xc3(]",
        b"interactions: [\xed\xa0\x80]",
        b"interactions: [\x00]",
        b"\x00" * 1000,
        b"interactions: []\n---\ninteractions: []\n",
        b"--- a\n--- b\n",
        b"%YAML 9.9\n--- a",
        b"%YAML 1.1\n%YAML 1.1\n--- a",
        b"%TAG ! !\n%TAG ! !\n--- a",
        b"%" + b"x" * 100_000,
        b"\n".join(b"%%TAG !a%d! tag:x" % number for number in range(500)) + b"\n--- a",
        b"\n".join(b"%%TAG !a%d! tag:x" % number for number in range(500)).decode().encode("utf-16") + b"\n--- a",
        b"a: b: c",
        b"\t- a",
        b"'",
        b'"\\ud800"',
        b'"\\Uffffffff"',
        b"&a " * 1000,
        b"? " * 10_000,
        b"- " * 10_000,
        b"a:\n" * 3,
        b"[" * 200_000,
        b"{" * 200_000,
        b'{"a":' * 200_000,
        b"[" * 200_000 + b"]" * 200_000,
        b'{"interactions": ' + b"[" * 300 + b"]" * 300 + b"}",
        b'{"interactions": [], "a": ' + b"1" * 5000 + b"}",
        b'{"interactions": [{}]}',
        b'{"interactions": {}}',
        b'{"interactions": null}',
        b"[{}]",
        b"[[]]",
        b"[]",
        b"null",
        b"- request: {}\n  response: {}\n",
        b"- request: []\n  response: []\n",
        b"- request: {protocol: [], host: [], port: [], path: [], headers: x}\n  response: {headers: [[]]}\n",
        b"!!python/object/apply:os.system [x]",
    ],
)
def test_files_that_are_no_cassette_are_one_error(content):
    assert isinstance(read(content), InvalidDocument)


def test_two_bytes_a_character_are_read():
    (entry,) = read((PLACES["string"] % "ä").encode("utf-16"))
    assert entry.body == "ä".encode()


def test_aliases_of_aliases_are_not_multiplied():
    laughs = "a0: &a0 [lol, lol]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 40))
    for used in ("interactions: []", "interactions: *a39", "interactions: [{request: *a39, response: *a39}]"):
        assert "its aliases repeat too much" in str(read(laughs + used))


def test_aliases_of_a_long_text_are_not_multiplied():
    text = "a: &a " + "x" * 100_000 + "\n"
    assert "repeat too much" in str(read(text + "interactions:\n" + "- *a\n" * 1000))


def test_merge_keys_are_not_multiplied():
    rows = "".join(f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 5)}]}}\n" for n in range(1, 30))
    assert "repeat too much" in str(read("m0: &m0 {a: 1}\n" + rows + "interactions: []"))


def test_aliases_that_repeat_little_are_data():
    (first, second) = read(
        f"interactions:\n- {REQUEST}\n  response: &r\n    status: {{code: 200, message: OK}}\n    body: {{string: x}}\n"
        f"- {REQUEST}\n  response: *r\n"
    )
    assert first == second
    assert first.body == b"x"


def test_reading_needs_no_more_steps_than_the_file_is_longer():
    def steps(count):
        called = 0

        def count_calls(frame, event, argument):
            nonlocal called
            called += 1

        text = "interactions:\n" + f"- {REQUEST}\n  response: {{status: {{code: 200}}}}\n" * count
        sys.setprofile(count_calls)
        try:
            cassette_file.load(text.encode(), "tape.yaml")
        finally:
            sys.setprofile(None)
        return called

    assert steps(400) < 2.2 * steps(200)


def test_an_error_with_half_a_character_can_be_recorded():
    failed = Recording(method="G\ud800", uri="u", error=RequestError("no \udcff", hint="\ud800"))
    (entry,) = read(cassette_file.dump([failed], {}))
    assert (entry.method, entry.error.message, entry.error.hint) == ("G?", "no ?", "?")


# -- what vcrpy wrote ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ("plain", b"plain"),
        ("!!python/unicode 'ä'", "ä".encode()),
        ("!!python/str 'x'", b"x"),
        ("!!binary aGVsbG8=", b"hello"),
        ("!!binary |\n      aGVs\n      bG8=", b"hello"),
        ("!!python/bytes aGVsbG8=", b"hello"),
        ("null", b""),
        ("!!python/object/new:_io.BytesIO\n      state: !!python/tuple [!!binary aGVsbG8=, 0, null]", b"hello"),
        ("!!python/object/new:_io.BytesIO\n      state: !!python/tuple [text, 0, null]", b"text"),
        ("!!python/object:StringIO.StringIO\n      buf: hello\n      len: 5", b"hello"),
        ("!!python/object/apply:builtins.iter\n      args: [[a, !!binary Yg==]]\n      state: 0", b"ab"),
        ("!!python/object/apply:__builtin__.iter [[a, b]]", b"ab"),
        ("!!python/object/apply:builtins.bytearray [hello, latin-1]", b"hello"),
        ("!!python/tuple [a, b]", b"ab"),
    ],
)
def test_bodies_of_requests_in_every_form_are_bytes(value, body):
    text = (
        f"interactions:\n- request:\n    body: {value}\n    headers: {{}}\n    method: !!python/unicode GET\n    uri: u\n"
    )
    (entry,) = read(text + "  response: {status: {code: 200, message: OK}, headers: {}, body: {string: ''}}\n")
    assert (entry.method, entry.request_body) == ("GET", body)


def test_bodies_of_responses_in_base64_are_bytes():
    (entry,) = read(PLACES["body"] % "{base64_string: aGVsbG8=, encoding: utf-8}")
    assert entry.body == b"hello"


def test_names_of_headers_that_were_objects_are_texts():
    name = "!!python/object/new:multidict._multidict.istr [Accept]"
    (entry,) = read(PLACES["headers"] % f"{{? {name} : ['*/*'], !!python/unicode 'A': !!python/tuple [b, c]}}")
    assert entry.request_headers == (("Accept", "*/*"), ("A", "b"), ("A", "c"))


def test_a_state_of_http_is_its_number():
    (entry,) = read(PLACES["code"] % "!!python/object/apply:http.HTTPStatus [404]")
    assert entry.status == 404


@pytest.mark.parametrize("module", ["__builtin__", "builtins"])
def test_the_form_before_version_1_is_read(module):
    (entry,) = read(f"""- request: !!python/object:vcr.request.Request
    body: null
    headers: !!python/object/apply:{module}.frozenset
    - - !!python/tuple [Accept, '*/*']
      - !!python/tuple [User-Agent, x]
    host: h.example
    method: GET
    path: /a?b=c
    port: 8080
    protocol: http
  response:
    body: {{string: !!python/unicode 'hello'}}
    headers: ["Content-Type: text/plain\\r\\n", "Set-Cookie: a=b\\r\\n", "Set-Cookie: c=d\\r\\n"]
    status: {{code: 200, message: OK}}
""")
    assert (entry.method, entry.uri, entry.status, entry.body) == ("GET", "http://h.example:8080/a?b=c", 200, b"hello")
    assert entry.request_headers == (("Accept", "*/*"), ("User-Agent", "x"))
    assert entry.headers == ((b"Content-Type", b"text/plain"), (b"Set-Cookie", b"a=b"), (b"Set-Cookie", b"c=d"))


def test_json_is_read_with_every_character():
    document = {
        "version": 1,
        "interactions": [
            {
                "request": {
                    "method": "GET",
                    "uri": "http://h.example/\ud800",
                    "body": "\U0001f600",
                    "headers": {"A": ["b"]},
                },
                "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "ä\ud800"}},
                "recorded_at": 1.5,
            }
        ],
    }
    (entry,) = read(json.dumps(document, indent=4))
    assert (entry.request_body, entry.body) == ("\U0001f600".encode(), "ä\ufffd".encode())
    assert entry.more == {"recorded_at": 1.5}


def test_json_before_version_1_is_read():
    parts = {"protocol": "https", "host": "h.example", "port": 443, "path": "/", "method": "GET", "body": None}
    response = {"status": {"code": 200, "message": "OK"}, "headers": ["A: b\r\n"], "body": {"string": "x"}}
    (entry,) = read(json.dumps([{"request": {**parts, "headers": {"B": "c"}}, "response": response}]))
    assert (entry.uri, entry.request_headers, entry.headers) == ("https://h.example/", (("B", "c"),), ((b"A", b"b"),))


def test_vcrpys_loader_is_never_asked(monkeypatch):
    def refuse(*args, **more):
        raise AssertionError("vcrpy's loader was asked")

    monkeypatch.setattr(vcr_yaml, "deserialize", refuse)
    monkeypatch.setattr(yaml, "load", refuse)
    assert read(PLACES["string"] % "!!python/unicode x")[0].body == b"x"
    assert isinstance(read(PLACES["string"] % "!!python/object/apply:os.getcwd []"), InvalidDocument)


def test_what_someone_taught_pyyaml_changes_nothing(monkeypatch):
    monkeypatch.setattr(yaml.SafeLoader, "yaml_constructors", {None: lambda *args: pytest.fail("a constructor was asked")})
    monkeypatch.setattr(yaml.CSafeLoader, "yaml_constructors", {None: lambda *args: pytest.fail("a constructor was asked")})
    assert isinstance(read(PLACES["string"] % "!anything x"), InvalidDocument)


@pytest.mark.parametrize(
    "text",
    ["a: 1\nb: [x, {c: 0x1F}, 1_000, 012, 1:30, -1.5e+3, .inf, yes, ~, 2020-01-01, 'q']\n", "a: 9007199254740993:01\n"],
)
def test_plain_values_are_what_pyyaml_makes_of_them(text):
    assert read_yaml(text.encode(), "t") == yaml.safe_load(text)


def test_without_libyaml_the_same_is_read(monkeypatch):
    monkeypatch.delattr(yaml, "CSafeLoader")
    monkeypatch.delattr(yaml, "CSafeDumper")
    packed = base64.b64encode(b"hello").decode()
    assert read(PLACES["string"] % f"!!binary {packed}")[0].body == b"hello"
    for value in ('"\\ud800"', "!!python/object/apply:os.getcwd []", "[" * 5000, "{a: " * 5000):
        assert isinstance(read(PLACES["string"] % value), InvalidDocument)
