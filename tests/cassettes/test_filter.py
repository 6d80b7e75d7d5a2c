"""No secret gets into a cassette, and a replay with the same, other or unknown secrets still finds its recordings."""

import gzip
import re
import zlib

import brotli
import pytest
import yaml

from runner.cassettes import filter as cassette_filter
from runner.cassettes.cassette import Cassette
from runner.secrets import Secrets, Unmasked
from runner.transport.http.reader import Reader
from runner.transport.limits import Limits
from runner.transport.raw_response import RawResponse
from runner.transport.timings import Marks
from tests.transport.conftest import request

KEY, TOKEN, COOKIE = "swordfish-31415", "tok-0123456789abcdef", "sess%2Fion-0123456789"
LIMITS = Limits(None, None, 10**8)


def answer(body=b"", *headers):
    """An exchange that always gets this response."""

    def forward(sent, limits):
        reader = Reader()
        reader.status, reader.reason, reader.headers = 200, b"OK", list(headers)
        reader.on_body(body)
        reader.complete = True
        return RawResponse(reader, Marks(), sent.headers)

    return forward


class Tape:
    """A cassette in memory-like hands: record exchanges, look at the file, replay them."""

    def __init__(self, path):
        self.path = path

    def record(self, *exchanges, secrets=()):
        cassette = Cassette(str(self.path), "new", secrets if isinstance(secrets, Secrets) else Secrets(secrets))
        for sent, forward in exchanges:
            cassette.send(sent, LIMITS, forward)
        cassette.save(lambda path, text: self.path.write_text(text, encoding="utf-8"))
        return self.path.read_text(encoding="utf-8")

    def replay(self, sent, *secrets):
        return Cassette(str(self.path), "none", Secrets(secrets)).send(sent, LIMITS, None).reader

    @property
    def responses(self):
        return [one["response"] for one in yaml.safe_load(self.path.read_text(encoding="utf-8"))["interactions"]]


@pytest.fixture
def tape(tmp_path):
    return Tape(tmp_path / "tape.yaml")


SENT = request(
    f"http://h.example:80/v1/{KEY}?q={KEY}&sig=abcdef",
    "POST",
    (("Authorization", f"Bearer {TOKEN}"), ("X-Own", KEY), ("Cookie", f"a={COOKIE}"), ("X-Api-Key", "other-key-0987")),
    f'{{"key": "{KEY}", "password": "hunter2hunter2"}}'.encode(),
)
BODY = f'{{"echo": "{TOKEN} other-key-0987 {COOKIE}", "access_token": "at-9876543210", "url": "/x?token=t-1&a=1"}}'.encode()


def test_nothing_secret_is_written(tape):
    text = tape.record((SENT, answer(BODY, (b"X-Key", KEY.encode()))), secrets=[KEY])
    for secret in (KEY, TOKEN, COOKIE, "other-key-0987", "hunter2", "at-9876543210", "t-1", "abcdef"):
        assert secret not in text, secret
    assert "Bearer FILTERED" in text
    assert "&a=1" in text


@pytest.mark.parametrize("encode", [gzip.compress, brotli.compress], ids=["gzip", "br"])
def test_a_compressed_body_with_a_secret_is_compressed_again(tape, encode):
    name = b"gzip" if encode is gzip.compress else b"br"
    tape.record((SENT, answer(encode(BODY), (b"Content-Encoding", name))), secrets=[KEY])
    stored = tape.responses[0]["body"]["string"]
    plain = gzip.decompress(stored) if encode is gzip.compress else brotli.decompress(stored)
    assert TOKEN.encode() not in plain
    assert b'"access_token": "FILTERED"' in plain


def test_a_secret_in_a_coding_that_cannot_be_written_is_kept_plain(tape, monkeypatch):
    monkeypatch.delitem(cassette_filter.ENCODERS, "br")
    headers = ((b"Content-Encoding", b"br"), (b"X-A", b"1"))
    tape.record((SENT, answer(brotli.compress(BODY), *headers)), secrets=[KEY])
    reader = tape.replay(SENT, KEY)
    assert reader.headers == [(b"X-A", b"1")]
    assert reader.body().startswith(b'{"echo": "FILTERED')


@pytest.mark.parametrize("wire", [b"no gzip " + KEY.encode(), gzip.compress(BODY)[:-9]], ids=["corrupt", "cut off"])
def test_a_broken_compressed_body_is_searched_as_far_as_it_can_be_read(tape, wire):
    text = tape.record((SENT, answer(wire, (b"Content-Encoding", b"gzip"))), secrets=[KEY])
    stored = tape.replay(SENT, KEY).body()
    plain = stored if b"no gzip" in wire else zlib.decompressobj(31).decompress(stored)
    assert TOKEN.encode() not in plain
    assert KEY not in text


def test_a_compressed_body_without_a_secret_keeps_its_bytes(tape):
    wire = gzip.compress(b"plain words", mtime=7)
    tape.record((SENT, answer(wire, (b"Content-Encoding", b"gzip"))), secrets=[KEY])
    assert tape.replay(SENT, KEY).body() == wire


@pytest.mark.parametrize("known", [[KEY], ["quite-another-key"], []], ids=["the same", "another", "not marked"])
def test_a_replay_finds_its_recording_with_any_secret(tape, known):
    tape.record((SENT, answer(b"ok")), secrets=[KEY])
    used = known[0] if known else "never-marked"
    again = request(
        SENT.href.replace(KEY, used), "POST", (), SENT.body.replace(KEY.encode(), used.encode()).replace(b"2", b"3")
    )
    assert tape.replay(again, *known).body() == b"ok"


def test_what_stands_around_a_secret_still_counts(tape):
    tape.record((request(f"http://h.example:80/{KEY}?a=1"), answer()), secrets=[KEY])
    with pytest.raises(Exception, match="has no recording"):
        tape.replay(request(f"http://h.example:80/{KEY}?a=2"), KEY)
    with pytest.raises(Exception, match="has no recording"):
        tape.replay(request("http://h.example:80/any&more?a=1"))


def test_cookies_keep_names_and_attributes_and_equal_values_stay_equal(tape):
    first, second = (b"Set-Cookie", b"token=aaaaaaaaaaaa; Path=/; HttpOnly"), (b"set-cookie", b"token=bbbbbbbbbbbb")
    sent = [request(f"http://h.example:80/{n}") for n in range(4)]
    gone = (b"Set-Cookie", b"token=; Max-Age=0")
    tape.record(*[(one, answer(b"", cookie)) for one, cookie in zip(sent, (first, second, first, gone), strict=True)])
    lines = [tape.replay(one).headers[0][1] for one in sent]
    assert lines == [b"token=FILTERED-1; Path=/; HttpOnly", b"token=FILTERED-2", lines[0], b"token=; Max-Age=0"]


def test_a_cookie_that_a_script_sends_back_in_a_body_still_matches(tape):
    login = (request("http://h.example:80/login"), answer(b"", (b"Set-Cookie", b"csrf=0123456789ab")))
    body = "csrf=0123456789ab&x=1"
    text = tape.record(login, (request("http://h.example:80/form", "POST", body=body.encode()), answer(b"done")))
    assert "0123456789ab" not in text
    assert tape.replay(request("http://h.example:80/form", "POST", body=b"csrf=FILTERED-1&x=1")).body() == b"done"


def test_later_recordings_number_their_cookies_on(tape):
    for n, value in enumerate((b"aaaaaaaaaaaa", b"bbbbbbbbbbbb")):
        tape.record((request(f"http://h.example:80/{n}"), answer(b"", (b"Set-Cookie", b"c=" + value))))
    assert [one["headers"]["Set-Cookie"] for one in tape.responses] == [["c=FILTERED-1"], ["c=FILTERED-2"]]


def test_filtering_again_changes_nothing(tape):
    before = tape.record((SENT, answer(BODY, (b"Set-Cookie", b"sid=aaaaaaaaaaaa"))), secrets=[KEY])
    entry = before.split("interactions:\n")[1].split("version:")[0]
    assert entry in tape.record((request("http://h.example:80/more"), answer()), secrets=[KEY])


def test_a_signed_url_works_on_replay(tape):
    signed = "http://h.example/f?X-Amz-Credential=AKIA%2Fx&X-Amz-Date=20260101T000000Z&X-Amz-Signature=0a1b2c"
    body = f'{{"url": "{signed}"}}'.encode()
    put = request(signed.replace("example/", "example:80/"), "PUT", body=b"data")
    text = tape.record((request("http://h.example:80/url"), answer(body)), (put, answer(b"stored")))
    assert "0a1b2c" not in text
    assert "AKIA" not in text
    given = re.search(r'"url": "([^"]+)"', tape.replay(request("http://h.example:80/url")).body().decode())[1]
    again = request(given.replace("example/", "example:80/"), "PUT", body=b"data")
    assert tape.replay(again).body() == b"stored"


def test_secrets_shown_in_reports_are_still_no_part_of_a_cassette(tape):
    assert KEY not in tape.record((SENT, answer(BODY)), secrets=Unmasked([KEY]))


def test_a_secret_that_becomes_known_during_the_run_is_found(tape):
    secrets = Secrets()

    def forward(sent, limits):
        secrets.add(KEY)
        return answer(KEY.encode())(sent, limits)

    assert KEY not in tape.record((SENT, forward), secrets=secrets)
    assert tape.replay(SENT).body() == b"FILTERED"


def test_a_token_that_a_response_gave_is_taken_out_of_later_urls_headers_and_bodies(tape):
    token = "0123456789-abcdef"
    login = (request("http://h.example:80/login"), answer(b'{"access_token": "%s"}' % token.encode()))
    uses = request(f"http://h.example:80/of/{token}", "POST", (("X-Own", token),), token.encode())
    assert token not in tape.record(login, (uses, answer(token.encode(), (b"X-Back", token.encode()))))
    replayed = request("http://h.example:80/of/FILTERED", "POST", body=b"FILTERED")
    assert tape.replay(replayed).headers == [(b"X-Back", b"FILTERED")]


def test_a_secret_that_becomes_known_before_its_request_finds_a_recording_that_holds_it(tape):
    unfiltered = f"{{request: {{method: GET, uri: 'http://h.example/{KEY}', headers: {{}}, body: ''}}, response: {{status: "
    tape.path.write_text(f"interactions:\n- {unfiltered}{{code: 204, message: ''}}, headers: {{}}, body: {{}}}}}}\n")
    secrets = Secrets()
    cassette = Cassette(str(tape.path), "none", secrets)
    secrets.add(KEY)
    assert cassette.send(request(f"http://h.example:80/{KEY}"), LIMITS, None).reader.status == 204
