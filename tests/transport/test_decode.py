"""Content codings: what decodes, what is left alone, what is an error."""

import base64
import gzip
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import RequestError
from runner.transport.http.decode import decode, decode_body

TEXT = b"hello compressed world " * 20
GZIP = gzip.compress(TEXT, mtime=0)
ZLIB = zlib.compress(TEXT)
RAW = ZLIB[2:-4]
BROTLI = base64.b64decode("G8sBSAQ8ZKk+d7MJTA7SC2OluTVuj76l4DcE")
BROTLI_OF_GZIP = base64.b64decode("ixeAH4sIAAAAAAACA8tIzcnJV0jOzy0oSi0uTk1RKM8vyklRyBgVHnrCALhg65DMAQAAAw==")
LIMIT = 1_000_000


@pytest.mark.parametrize(
    ("encoding", "body", "expected"),
    [
        ("gzip", GZIP, TEXT),
        ("GZIP", GZIP, TEXT),
        ("x-gzip", GZIP, TEXT),
        ("gzip", gzip.compress(b"one ", mtime=0) + gzip.compress(b"two", mtime=0), b"one two"),
        ("gzip", GZIP + b"\0\0\0", TEXT),
        ("gzip", b"", b""),
        ("deflate", ZLIB, TEXT),
        ("deflate", RAW, TEXT),
        ("br", BROTLI, TEXT),
        ("gzip, br", BROTLI_OF_GZIP, TEXT),
        ("gzip,, identity", GZIP, TEXT),
        ("identity", TEXT, TEXT),
        ("foo, gzip", GZIP, TEXT),
        ("gzip, foo", GZIP, GZIP),
    ],
)
def test_a_body_is_decoded(encoding, body, expected):
    assert decode(body, encoding, LIMIT) == expected


@pytest.mark.parametrize(("encoding", "body"), [("gzip", GZIP[:-12]), ("deflate", ZLIB[:-12])])
def test_a_cut_off_body_gives_its_beginning(encoding, body):
    decoded = decode(body, encoding, LIMIT)
    assert decoded
    assert TEXT.startswith(decoded)


@pytest.mark.parametrize(
    ("encoding", "body", "code", "message"),
    [
        ("gzip", b"this is not gzip at all", "Z_DATA_ERROR", "incorrect header check"),
        ("gzip", GZIP[:20] + b"\xff\xff\xff" + GZIP[23:], "Z_DATA_ERROR", "invalid distance too far back"),
        ("gzip", GZIP + b"garbage!", "Z_DATA_ERROR", "incorrect header check"),
        ("gzip", GZIP[:-8] + b"\0\0\0\0" + GZIP[-4:], "Z_DATA_ERROR", "incorrect data check"),
        ("deflate", b"\x78\x9cnot really zlib", "Z_DATA_ERROR", "invalid block type"),
        ("br", b"not brotli not brotli", "ERR__ERROR_FORMAT", "Decompression failed"),
        ("br", BROTLI + b"x", "ERR__ERROR_FORMAT", "Decompression failed"),
        ("br", BROTLI[:-5], "Z_BUF_ERROR", "unexpected end of file"),
    ],
)
def test_corrupt_data_is_named(encoding, body, code, message):
    with pytest.raises(RequestError) as caught:
        decode(body, encoding, LIMIT)
    assert (caught.value.code, caught.value.message) == (code, message)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_bomb_stops_at_the_limit(encoding):
    import brotli

    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[encoding]
    bomb = pack(bytes(10_000_000))
    with pytest.raises(RequestError, match="more than 1000000 bytes"):
        decode(bomb, encoding, LIMIT)
    assert len(decode(bomb, encoding, 10_000_000)) == 10_000_000


@given(st.binary(max_size=3000), st.lists(st.sampled_from(["gzip", "deflate", "br", "identity"]), max_size=3))
def test_every_stack_of_codings_is_undone(body, names):
    import brotli

    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "identity": bytes}
    packed = body
    for name in names:
        packed = pack[name](packed)
    assert decode(packed, ", ".join(names), LIMIT) == body


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br"]))
def test_any_bytes_decode_or_are_an_error(body, encoding):
    try:
        decoded = decode(body, encoding, LIMIT)
    except RequestError:
        decoded = b""
    assert len(decoded) <= LIMIT


@pytest.fixture
def zstd():
    return pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def test_zstd_is_decoded_frame_by_frame(zstd):
    assert decode(zstd.compress(b"one ") + zstd.compress(b"two"), "zstd", LIMIT) == b"one two"
    assert decode(zstd.compress(GZIP), "gzip, zstd", LIMIT) == TEXT
    assert decode(b"", "zstd", LIMIT) == b""


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda packed: packed[:-5], "Z_BUF_ERROR"),
        (lambda packed: b"no zstd", "ZSTD_error_corruption_detected"),
        (lambda packed: packed + b"rest", "ZSTD_error_corruption_detected"),
    ],
)
def test_bad_zstd_is_an_error(zstd, spoil, code):
    with pytest.raises(RequestError) as caught:
        decode(spoil(zstd.compress(TEXT)), "zstd", LIMIT)
    assert caught.value.code == code


def test_zstd_stops_at_the_limit(zstd):
    assert decode(zstd.compress(bytes(1000)), "zstd", 1000) == bytes(1000)
    with pytest.raises(RequestError, match="more than 999 bytes"):
        decode(zstd.compress(bytes(1000)), "zstd", 999)


def test_without_zstd_the_body_stays_as_it_is(zstd, monkeypatch):
    monkeypatch.setitem(sys.modules, zstd.__name__, None)
    assert decode(zstd.compress(TEXT), "zstd", LIMIT) == zstd.compress(TEXT)


class Asked:
    """A deadline that counts how often it is asked for, and passes at one time."""

    def __init__(self, passes_at=10**9):
        self.count = 0
        self.passes_at = passes_at

    def __call__(self):
        self.count += 1
        if self.count >= self.passes_at:
            raise RequestError("over", code="ETIMEDOUT")


TINY = {
    "empty gzip members": ("gzip", gzip.compress(b"")),
    "tiny gzip members": ("gzip", gzip.compress(b"a")),
    "frames of zstd to skip": ("zstd", bytes.fromhex("502a4d1800000000")),
}


@pytest.mark.parametrize("name", TINY)
def test_a_body_of_thousands_of_tiny_parts_is_decoded(name):
    encoding, part = TINY[name]
    single = decode(part, encoding, LIMIT)
    assert decode(part * 20_000, encoding, LIMIT) == single * 20_000


@pytest.mark.parametrize("name", TINY)
def test_the_deadline_is_looked_at_between_two_parts(name):
    encoding, part = TINY[name]
    asked = Asked(passes_at=500)
    with pytest.raises(RequestError, match="over"):
        decode_body(part * 20_000, encoding, LIMIT, asked)
    assert asked.count == 500


def test_the_limit_that_is_told_is_that_of_the_whole_body():
    with pytest.raises(RequestError, match="more than 30 bytes"):
        decode(gzip.compress(b"a" * 20) * 2, "gzip", 30)


def test_ten_codings_are_undone_and_more_are_refused():
    body = TEXT
    for _ in range(10):
        body = gzip.compress(body)
    assert decode(body, ", ".join(["gzip"] * 10), LIMIT) == TEXT
    assert decode(body, ", ".join(["gzip"] * 10 + ["identity"] * 20_000), LIMIT) == TEXT
    with pytest.raises(RequestError, match="more than 10 content codings") as caught:
        decode(gzip.compress(body), ", ".join(["gzip"] * 11), LIMIT)
    assert caught.value.code == "ERR_CONTENT_ENCODING"


def test_a_frame_to_skip_that_breaks_off_is_an_error():
    with pytest.raises(RequestError) as caught:
        decode(bytes.fromhex("502a4d1804000000") + b"abc", "zstd", LIMIT)
    assert caught.value.code == "Z_BUF_ERROR"
