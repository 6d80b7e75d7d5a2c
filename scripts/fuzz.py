"""Throws spoiled responses and compressed bodies at the reader and the decoders.

Whatever comes in, the outcome must be a response or a RequestError, soon, and within the limit of the body. An input that
breaks this is written to --out and the exit code is 1. The same --seed gives the same inputs. With --atheris the inputs
come from that fuzzer (pip install atheris), which looks for new paths through the code.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import random
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

LIMIT = 200_000
SLOW = 1.0
TEXT = b"hello compressed world " * 20
TOKENS = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b"\t",
    b":",
    b";",
    b",",
    b"0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 \r\n\r\n",
    b"HTTP/1.1 101 \r\n",
    b"HTTP/1.1 204 \r\n",
    b"HTTP/1.0 ",
    b"Content-Length: 5\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"Connection: close\r\n",
    b"Content-Encoding: gzip, br, zstd, deflate\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Upgrade: x\r\nConnection: upgrade\r\n",
    b"ffffffffffffffff\r\n",
    b"Keep-Alive: timeout=999999\r\n",
    b"\xff\xff",
    b"\x1f\x8b\x08",
    b"Set-Cookie: a=b\r\n",
]
CODINGS = ["gzip", "deflate", "br", "zstd", "x-gzip", "gzip, br", "zstd, deflate", "gzip,,identity", "br, gzip, zstd"]


def one_response(data: bytes) -> str:
    """Read a response whole and in two pieces, which must be the same; the outcome in a word."""
    choice, data = (data[0], data[1:]) if data else (0, b"")
    cut = len(data) * (choice >> 2) // 64
    whole, parts = (read(pieces, choice) for pieces in ([data], [data[:cut], data[cut:]]))
    assert whole == parts, f"{whole} {parts}"
    return whole if isinstance(whole, str) else "response"


def read(pieces: list[bytes], choice: int) -> object:
    """What the client makes of these bytes: status, headers and body, or the error's code."""
    from runner.errors import RequestError
    from runner.transport.client import response_of
    from runner.transport.http1 import Limits
    from runner.transport.network import Answer
    from runner.transport.reader import Reader
    from runner.transport.timings import Marks

    reader = Reader(is_head=bool(choice & 1), lenient=bool(choice & 2), max_body=LIMIT)
    try:
        for piece in filter(None, pieces):
            if not reader.complete:
                reader.feed(piece)
        reader.end()
        assert reader.complete
        response = response_of(Answer(reader, Marks(), ()), Limits(max_body=LIMIT), ())
    except RequestError as error:
        return error.code
    assert 0 <= response.code < 1000
    assert len(response.body) <= LIMIT
    return response.code, response.status, response.headers, response.body


def one_body(data: bytes) -> str:
    """Decode a body; the outcome in a word."""
    from runner.errors import RequestError
    from runner.transport.decode import decode

    choice, data = (data[0], data[1:]) if data else (0, b"")
    try:
        decoded = decode(data, CODINGS[choice % len(CODINGS)], LIMIT)
    except RequestError as error:
        return error.code
    assert len(decoded) <= LIMIT or decoded == data
    return "decoded"


TARGETS: dict[str, Callable[[bytes], str]] = {"response": one_response, "body": one_body}


def seeds() -> dict[str, list[bytes]]:
    from tests.transport.responses import RESPONSES

    bodies = packed()
    heads = [b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b" % b for b in bodies]
    return {
        "response": [b"\x40" + raw for raw, _ in RESPONSES.values()] + [b"\x40" + head for head in heads],
        "body": [bytes([CODINGS.index(name.decode())]) + body for name, _, body in bodies],
    }


def packed() -> list[tuple[bytes, int, bytes]]:
    """Name, length and bytes of compressed bodies."""
    import brotli

    from runner.transport.decode import _zstd_module

    found = {
        "gzip": gzip.compress(TEXT, mtime=0) * 2,
        "deflate": zlib.compress(TEXT),
        "br": brotli.compress(TEXT),
        "gzip, br": brotli.compress(gzip.compress(TEXT, mtime=0)),
    }
    if zstd := _zstd_module():
        found |= {"zstd": zstd.compress(TEXT) * 2, "zstd, deflate": zlib.compress(zstd.compress(bytes(LIMIT + 1)))}
    return [(name.encode(), len(body), body) for name, body in found.items()]


def spoil(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A few random changes."""
    work = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(work) + 1)
        kind = chance.randrange(7)
        if kind == 0 and work:
            work[min(at, len(work) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 1 and work:
            work[min(at, len(work) - 1)] = chance.randrange(256)
        elif kind == 2:
            work[at:at] = chance.choice(TOKENS)
        elif kind == 3:
            del work[at : at + chance.randrange(1, 20)]
        elif kind == 4:
            work[at:at] = work[at : at + chance.randrange(1, 200)]
        elif kind == 5:
            other = chance.choice(others)
            work[at:] = other[chance.randrange(len(other) + 1) :]
        else:
            del work[at:]
    return bytes(work)


def check(target: str, data: bytes, out: Path) -> str:
    """The outcome of one input; "BROKEN" for one that breaks the rule, which is written down."""
    start = time.perf_counter()
    try:
        outcome = TARGETS[target](data)
        if time.perf_counter() - start < SLOW:
            return outcome
        print(f"{target}: slower than {SLOW} s", file=sys.stderr)
    except Exception:
        traceback.print_exc()
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{target}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    print(f"written to {path}", file=sys.stderr)
    return "BROKEN"


def own_loop(target: str, runs: int, seed: int, out: Path) -> Counter[str]:
    """Change seeds at random; an input with a new outcome becomes a seed itself."""
    chance, pool = random.Random(seed), seeds()[target]
    outcomes: Counter[str] = Counter(check(target, data, out) for data in pool)
    for _ in range(runs):
        # The first byte is no data: it chooses how the rest is read.
        data = bytes([chance.randrange(256)]) + spoil(chance.choice(pool)[1:], pool, chance)
        outcome = check(target, data, out)
        if outcome not in outcomes:
            pool.append(data)
        outcomes[outcome] += 1
    return outcomes


def with_atheris(target: str, runs: int, out: Path) -> None:
    import atheris

    with atheris.instrument_imports(include=["runner.transport"]):
        import runner.transport.client
        import runner.transport.decode
        import runner.transport.reader  # noqa: F401

    def test(data: bytes) -> None:
        assert check(target, data, out) != "BROKEN"

    corpus = out / f"corpus-{target}"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds()[target]):
        (corpus / f"seed-{number}").write_bytes(data)
    atheris.Setup([sys.argv[0], f"-runs={runs}", "-max_len=4096", str(corpus)], test)
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=TARGETS, action="append", help="default: all")
    parser.add_argument("--runs", type=int, default=100_000, help="inputs for each target (default 100000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("fuzz-out"), help="where broken inputs go (default fuzz-out)")
    parser.add_argument("--atheris", action="store_true", help="one target only")
    chosen = parser.parse_args()
    targets = chosen.target or list(TARGETS)
    if chosen.atheris:
        with_atheris(targets[0], chosen.runs, chosen.out)
        return
    broken = 0
    for target in targets:
        outcomes = own_loop(target, chosen.runs, chosen.seed, chosen.out)
        broken += outcomes["BROKEN"]
        print(f"{target}: {outcomes.total()} inputs: " + ", ".join(f"{name} {n}" for name, n in outcomes.most_common()))
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
