"""One row for each kind of input: what is done with it, by its size. None may grow faster than the input."""

import gzip
import json
import zlib
from collections.abc import Callable

from runner.auth.challenge.www_authenticate import challenges
from runner.cassettes.match import _differences, _fits, canonical, make_key
from runner.client.certificates import parse_pattern
from runner.comparison import Rules, differences, text_differences
from runner.cookies.jar import CookieJar
from runner.entropy import Entropy
from runner.formats.data.csv_rows import parse_csv_rows, typed_cell
from runner.formats.data.csv_text import parse_csv
from runner.formats.dotenv import parse_dotenv
from runner.formats.json_text import detect_style, parse_json
from runner.formats.postman.v2_request import parse_headers
from runner.formats.yaml.reader import read as read_yaml_text
from runner.model.request import FormParam, PreparedRequest
from runner.model.response import Response
from runner.reporters.curl import quoted
from runner.reporters.html.shapes import body_shape, finish_body, form_shape
from runner.reporters.json.report import _numbers
from runner.reporters.text import clean, one_line, shown_body, shown_url
from runner.reporters.width import clip, columns, wrap
from runner.request.address import parse_address
from runner.request.body import strip_comments, urlencoded_text
from runner.request.multipart import boundary_of, decode_base64, multipart_bytes
from runner.request.redirect import next_hop
from runner.rules.loopback import is_loopback
from runner.rules.set_cookie import parse_set_cookie
from runner.rules.substitute import MISSING, substitute
from runner.rules.text import json_text, text_of
from runner.rules.url import parse_url
from runner.sandbox.serialization import decode_body as text_of_response
from runner.secrets import Secrets
from runner.secrets.literals import names_of_tests
from runner.snapshots.documents import document_of
from runner.snapshots.rules import RequestRules
from runner.snapshots.scrubbers import fits
from runner.transport.http import decode
from runner.transport.http.reader import Reader
from runner.variables.scopes import Scopes
from tests.growth.meter import Meter, Weighed

Row = Callable[[int, Meter], Callable[[], object]]
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SKIP = bytes.fromhex("502a4d1800000000")
SECRETS = Secrets(["s3cr3t-value-1234", "another/secret+5678"])


def values(n: int) -> Secrets:
    return Secrets(f"secret-{number:06}-value" for number in range(n))


def fed(data: bytes, size: int = 65536) -> None:
    reader = Reader()
    for at in range(0, len(data), size):
        reader.feed(data[at : at + size])


def decoded(body: bytes, encoding: str, meter: Meter) -> None:
    make = zlib.decompressobj
    decode.zlib = type("zlib", (), {**vars(zlib), "decompressobj": lambda window: Weighed(make(window), meter)})
    try:
        decode.decode(body, encoding, 10**7)
    finally:
        decode.zlib = zlib


def answered(value: str, name: str = "WWW-Authenticate") -> Response:
    return Response(code=401, headers=((name, value),))


def known(values: dict) -> Callable:
    return lambda name: values.get(name, MISSING)


def hop(location: str) -> object:
    sent = PreparedRequest(method="GET", scheme="http", host="a", port=80, target="/", href="http://a/", headers=())
    return next_hop(sent, Response(code=302, headers=(("Location", location),)), 0)


def stored(n: int) -> object:
    jar = CookieJar()
    jar.store_from("http://a.test/", [f"c{number}=v; Path=/" for number in range(n)])
    return jar.header_for("http://a.test/x")


def shape(body: bytes, kind: str = "text/plain") -> None:
    found = body_shape(Response(code=200, body=body), kind, SECRETS)
    finish_body(found, 100)


def compared(left: object, right: object, **rules: list[str]) -> Callable[[], object]:
    return lambda: list(differences(left, right, Rules.of(**rules)))


def scrubbed(body: object) -> Callable[[], object]:
    """A body of a snapshot."""
    kind = "text" if isinstance(body, str) else "json"
    return lambda: document_of({"status": 200, "headers": {}, "body": {kind: body}}, RequestRules())


def fields(n: int) -> tuple[FormParam, ...]:
    return tuple(FormParam(key=f"k{number}", value="v") for number in range(n))


ROWS: dict[str, Row] = {
    # files
    "csv of plain rows": lambda n, m: lambda: parse_csv("a,b\n" * n),
    "csv of quoted fields": lambda n, m: lambda: parse_csv('"a""b","c"\n' * n),
    "csv with a quote that is never closed": lambda n, m: lambda: parse_csv("a,b\n" * n + '"' + "x" * n),
    "csv of one long row": lambda n, m: lambda: parse_csv('"a"' + ",b" * n),
    "csv of spaces": lambda n, m: lambda: parse_csv('"a"' + " " * n + ",b"),
    "csv with lines of spaces": lambda n, m: lambda: parse_csv('"a"\n' + "   \n" * n),
    "a cell of digits": lambda n, m: lambda: typed_cell("1" * n),
    "a cell of digits that is not a number": lambda n, m: lambda: typed_cell("1" * n + "x"),
    "a cell with a long exponent": lambda n, m: lambda: typed_cell("1e" + "9" * n),
    "rows of iteration data": lambda n, m: lambda: parse_csv_rows("a,b\n" + "1,2e5\n" * n),
    "a JSON number of many digits": lambda n, m: lambda: parse_json("[" + "9" * (n * 50) + "]"),
    "a JSON number with a long fraction": lambda n, m: lambda: parse_json("[0." + "9" * n + "e-" + "9" * n + "]"),
    "JSON that breaks off": lambda n, m: lambda: parse_json('{"a": [' + "1, " * n),
    "JSON with a comma too many": lambda n, m: lambda: parse_json("[\n" * n + ",]"),
    "JSON with NaN at its end": lambda n, m: lambda: parse_json("[" + "1, " * n + "NaN]"),
    "the style of JSON": lambda n, m: lambda: detect_style("\n" * n + " " * n + "{}"),
    "yaml of aliases": lambda n, m: lambda: read_yaml_text("- &a [b]\n" + "- *a\n" * n, ""),
    "yaml of anchors": lambda n, m: lambda: read_yaml_text("- &a b\n" * n, ""),
    "yaml of blocks of lines": lambda n, m: lambda: read_yaml_text("- |\n  a\n\n" * n, ""),
    "yaml of one block of empty lines": lambda n, m: lambda: read_yaml_text("|\n" + " \n" * n, ""),
    "yaml of a text of many lines": lambda n, m: lambda: read_yaml_text("a\\\n" * n, ""),
    "yaml of escaped line ends": lambda n, m: lambda: read_yaml_text('"' + "a\\\n" * n + '"', ""),
    "yaml of brackets": lambda n, m: lambda: read_yaml_text("[" + "{a: [b]},\n" * n, ""),
    "yaml of open brackets": lambda n, m: lambda: read_yaml_text("[a, " * n, ""),
    "yaml of simple entries": lambda n, m: lambda: read_yaml_text("".join(f"k{i}: v w\n" for i in range(n)), ""),
    "a file of variables": lambda n, m: lambda: parse_dotenv("A=b c # d\n" * n),
    "a file of variables with long blanks": lambda n, m: lambda: parse_dotenv("A=b" + " " * n + "c\n"),
    "a file of variables with an open quote": lambda n, m: lambda: parse_dotenv('A="' + "b\n" * n),
    "headers as a text": lambda n, m: lambda: parse_headers("A: b\n" * n),
    # URLs
    "a long path": lambda n, m: lambda: parse_address(parse_url("http://a.test/" + "b/" * n)),
    "a long query": lambda n, m: lambda: parse_address(parse_url("http://a.test/?" + "a=b&" * n)),
    "a long host": lambda n, m: lambda: parse_address(parse_url("http://" + "a." * n + "test/")),
    "a host as a list of dots": lambda n, m: lambda: parse_url({"host": "a." * n}),
    "a host of open braces": lambda n, m: lambda: parse_url({"host": "{." * n}),
    "a URL of letters beyond ASCII": lambda n, m: lambda: parse_address(parse_url("http://a.test/" + "ä" * n)),
    "a URL of variables": lambda n, m: lambda: parse_url("http://a/" + "{{b}}/" * n),
    "a URL of at signs": lambda n, m: lambda: parse_address(parse_url("http://" + "a@" * n + "b/")),
    "path variables": lambda n, m: lambda: parse_url({"raw": "", "path": [f":v{k}" for k in range(n)], "host": ["a"]}),
    "a Location": lambda n, m: lambda: hop("/a/../" * n),
    "a Location of schemes": lambda n, m: lambda: hop("a:" * n),
    # variables
    "many variables": lambda n, m: lambda: substitute("{{a}} " * n, known({"a": "b"})),
    "braces that never close": lambda n, m: lambda: substitute("{{a" * n, known({})),
    "names in names": lambda n, m: lambda: substitute("{{a{{b}}}}" * n, known({"b": "c", "ac": "d"})),
    "a variable that names itself": lambda n, m: lambda: substitute("{{a}}" * n, known({"a": "{{a}}"})),
    "variables without a value": lambda n, m: lambda: substitute("{{x}}" * n, known({}), None, set()),
    "replaceIn over scopes": lambda n, m: lambda: substitute("{{x}} " * n, Scopes().get),
    "a list as text": lambda n, m: lambda: (text_of([1] * n), json_text({str(k): k for k in range(n)})),
    # bodies of requests
    "JSON with comments": lambda n, m: lambda: strip_comments('"a" // b\n/* c */' * n),
    "JSON with an open comment": lambda n, m: lambda: strip_comments("/*" * n + '"' + "\\" * n),
    "an urlencoded form": lambda n, m: lambda: urlencoded_text(fields(n)),
    "a multipart form": lambda n, m: lambda: multipart_bytes(fields(n), "x"),
    "the boundary of a long type": lambda n, m: lambda: boundary_of("multipart/form-data;" + "boundary=;" * n),
    "base64 with rubbish": lambda n, m: lambda: decode_base64("a b-" * n),
    "names of tests in a script": lambda n, m: lambda: list(names_of_tests('pm.test("a\\"' * n)),
    # responses
    "many headers": lambda n, m: lambda: fed(HEAD + b"a: b\r\n" * n + b"\r\n"),
    "one long header, byte by byte": lambda n, m: lambda: fed(HEAD + b"a: " + b"b" * n, 1),
    "chunks of one byte": lambda n, m: lambda: fed(CHUNKED + b"1\r\nx\r\n" * n),
    "trailers": lambda n, m: lambda: fed(CHUNKED + b"0\r\n" + b"a: b\r\n" * n + b"\r\n", 50),
    "a chunk extension": lambda n, m: lambda: fed(CHUNKED + b"1;" + b"x" * n, 50),
    "answers of 1xx": lambda n, m: lambda: fed(b"HTTP/1.1 103 Early\r\n\r\n" * n, 50),
    "empty members of gzip": lambda n, m: lambda: decoded(gzip.compress(b"") * n, "gzip", m),
    "members of gzip": lambda n, m: lambda: decoded(gzip.compress(b"abc") * n, "gzip", m),
    "one member of gzip": lambda n, m: lambda: decoded(gzip.compress(bytes(n * 1000)), "gzip", m),
    "gzip with rubbish behind it": lambda n, m: lambda: decoded(gzip.compress(b"a") + bytes(n) + b"x", "gzip", m),
    "raw deflate": lambda n, m: lambda: decoded(zlib.compress(bytes(n))[2:-4], "deflate", m),
    "zstd frames to skip": lambda n, m: lambda: decoded(SKIP * n, "zstd", m),
    "codings that are none": lambda n, m: lambda: decoded(b"x", ",".join(["identity"] * n), m),
    "codings beyond the limit": lambda n, m: lambda: decoded(b"x", ",".join(["gzip"] * n), m),
    "Set-Cookie with attributes": lambda n, m: lambda: parse_set_cookie("a=b" + "; Path=/; x=y" * n, 0.0),
    "Set-Cookie with dates": lambda n, m: lambda: parse_set_cookie("a=b; Expires=" + "1 Jan " * n, 0.0),
    "many cookies": lambda n, m: lambda: stored(n),
    "a challenge of commas": lambda n, m: lambda: challenges(answered(", " * n + '"')),
    "a challenge with an open quote": lambda n, m: lambda: challenges(answered('Digest a="' + "\\x" * n)),
    "many challenges": lambda n, m: lambda: challenges(answered("Digest a=b, " * n)),
    "an unknown charset": lambda n, m: lambda: text_of_response(answered("a/b; charset=" + "x" * n, "Content-Type")),
    "a slow charset": lambda n, m: (
        lambda: text_of_response(
            Response(code=200, headers=(("Content-Type", "a/b; charset=punycode"),), body=b"a-" + b"b" * n)
        )
    ),
    "a pattern of hosts and stars": lambda n, m: (
        lambda: parse_pattern("https://a/*a*a*a*b").matches("https", "a", 443, "/" + "a" * n)
    ),
    "a long name of a host": lambda n, m: lambda: is_loopback("a." * n + "localhos"),
    # cassettes
    "an address of a recording": lambda n, m: lambda: canonical("HTTP://A:80/" + "ä %" * n),
    "a recording with placeholders": lambda n, m: lambda: _fits("aFILTEREDb" * n, "axb" * n),
    "a recording of a form": lambda n, m: lambda: make_key("POST", "http://a/", "multipart/x; boundary=b", b"--b\r\n" * n),
    "queries that differ": lambda n, m: (
        lambda: _differences(
            ("GET", "http://a/?" + "&".join(f"a{k}" for k in range(n)), ""),
            ("GET", "http://a/?" + "&".join(f"b{k}" for k in range(n)), ""),
        )
    ),
    # snapshots
    "a token of a snapshot": lambda n, m: scrubbed("aB3" * n),
    "a path of segments": lambda n, m: scrubbed("/aB3dE5fG7hI9jK1lM3nO" * n),
    "digits and dates": lambda n, m: scrubbed("1" * n + " 2026-11-29T12:00:00." + "0" * n + " eyJ" + "a" * n + ".eyJ" * n),
    "uuids of a snapshot": lambda n, m: scrubbed([f"{at:08x}-0000-4000-8000-000000000000 x" for at in range(n)]),
    "keys that vary": lambda n, m: scrubbed({f"{at:08x}-0000-4000-8000-000000000000": {"a": at} for at in range(n)}),
    "a text full of masks": lambda n, m: lambda: fits("••••a" * n, "ba" * n + "c", "••••"),
    # comparisons
    "equal documents": lambda n, m: compared(
        [{"id": k, "a": [k]} for k in range(n)], [{"id": k, "a": [k]} for k in range(n)]
    ),
    "an array turned round": lambda n, m: compared([{"id": k} for k in range(n)], [{"id": -k} for k in range(n)]),
    "an array without an order": lambda n, m: compared([*range(n)], [*range(n, 0, -1)], unordered=["all"]),
    "objects alike without an order": lambda n, m: compared(
        [{"a": k, "b": 1} for k in range(n)], [{"a": k, "b": 2} for k in range(n)], unordered=["all"]
    ),
    "close numbers without an order": lambda n, m: compared(
        [*range(n)], [k + 0.1 for k in range(n)], unordered=["all"], tolerance=["all=0.2"]
    ),
    "texts of other lines": lambda n, m: lambda: list(text_differences("a\nb\n" * n, "b\nc\n" * n)),
    "rules for every place": lambda n, m: compared(
        [{"a": k} for k in range(n)], [{"a": -1}] * n, ignore=["$..a", "$..*..b"]
    ),
    # secrets
    "secrets in a text": lambda n, m: lambda: SECRETS.mask("x s3cr3t-value-1234 y " * n),
    "layers of percent-encoding": lambda n, m: lambda: SECRETS.mask("%252541" * n),
    "layers of escapes": lambda n, m: lambda: SECRETS.mask('\\\\u0026lt;\\\\"&amp;#65; ' * n),
    "UTF-7, quoted-printable and UTF-16": lambda n, m: lambda: SECRETS.mask("+AFw-u0041 =3D=C3=A4=\n a\0b\0c\0" * n),
    "a long escape": lambda n, m: lambda: SECRETS.mask("\\" * n + "%" + "25" * n + "&" + "amp;" * n + '"' * n),
    "fields of JSON": lambda n, m: lambda: SECRETS.mask('{"token": "abc", "b": 1}, ' * n),
    "a text of names of secrets": lambda n, m: lambda: SECRETS.mask("token=" * n),
    "open texts under names of secrets": lambda n, m: lambda: SECRETS.mask("password: '" * n),
    "backslashes under the name of a secret": lambda n, m: lambda: SECRETS.mask('"token":"' + "\\" * n),
    "open CDATA": lambda n, m: lambda: SECRETS.mask("<token><![CDATA[" * n),
    "elements that never close": lambda n, m: lambda: SECRETS.mask("<password>" * n),
    "passwords in addresses": lambda n, m: lambda: SECRETS.mask("http://a:b@c/ " * n),
    "a form in a parameter": lambda n, m: lambda: SECRETS.mask("?u=%3Ftoken%3Dabc" * n),
    "a text that is learned": lambda n, m: lambda: Secrets().learn_text('{"token": "abcdefghijkl"} ' * n),
    "a JSON tree": lambda n, m: lambda: SECRETS.mask_json([{"key": "token", "value": ["a"]}] * n),
    "the beginning of a text": lambda n, m: lambda: SECRETS.mask_start("token=abc&" * n, 10),
    "many secrets, none in the text": lambda n, m: lambda: values(n).mask("x"),
    # reports
    "a line of blanks": lambda n, m: lambda: one_line(" " * n + "\t" + "\n" * n + " x"),
    "control characters": lambda n, m: lambda: clean("\x1b[31m\x00" * n),
    "a long line": lambda n, m: lambda: wrap("word " * n, 80),
    "a long word": lambda n, m: lambda: wrap("x" * n, 80),
    "a line of ideographs": lambda n, m: lambda: wrap("漢字" * n, 80),
    "emoji": lambda n, m: lambda: (columns("👩‍👩‍👧" * n), clip("👍🏽" * n, 80)),
    "a body of text": lambda n, m: lambda: shown_body(Response(code=200, body=b"token=x " * n), 50, SECRETS),
    "a body for the page": lambda n, m: lambda: shape(b"some text " * n),
    "a body of bytes for the page": lambda n, m: lambda: shape(b"\xff\x00" * n, "image/png"),
    "a form for the page": lambda n, m: lambda: form_shape("a=b&" * n, SECRETS),
    "the bytes of a body": lambda n, m: lambda: list(_numbers(bytes(n))),
    "a URL for people": lambda n, m: lambda: shown_url("http://a/" + "%C3%A4%E2" * n, SECRETS),
    "an argument for a shell": lambda n, m: lambda: quoted("a'\n\x01" * n),
    "an escaped JSON report": lambda n, m: lambda: json.dumps([Entropy(1).uuid()] * n),
}
