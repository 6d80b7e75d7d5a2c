"""Web streams, and the text and compression streams made of them."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.sandbox.services import compression
from tests.sandbox.conftest import World

ALL = "const all = async (stream) => { const got = []; for await (const chunk of stream) got.push(chunk); return got; };\n"

# A script and what it logs; the same in Postman's sandbox.
STREAMS = {
    "a stream is read chunk by chunk": (
        "const s = new ReadableStream({start(c) { c.enqueue('a'); c.enqueue('b'); c.close(); }});console.log(await all(s))",
        [["a", "b"]],
    ),
    "both halves of a tee have everything": (
        "const [a, b] = ReadableStream.from([1, 2]).tee(); console.log(await all(a), await all(b))",
        [[[1, 2], [1, 2]]],
    ),
    "a transformer stands between": (
        "const t = new TransformStream({transform(n, c) { c.enqueue(n * 2); }, flush(c) { c.enqueue('end'); }});"
        "console.log(await all(ReadableStream.from([1, 2]).pipeThrough(t)))",
        [[2, 4, "end"]],
    ),
    "a pipe closes its end": (
        "const got = []; await ReadableStream.from([1, 2]).pipeTo(new WritableStream({write(n) { got.push(n); },"
        " close() { got.push('closed'); }})); console.log(got)",
        [[1, 2, "closed"]],
    ),
    "a pipe can be aborted": (
        "const c = new AbortController(); const pipe = new ReadableStream().pipeTo(new WritableStream(),"
        " {signal: c.signal}); c.abort(); console.log(await pipe.catch((error) => error.name))",
        ["AbortError"],
    ),
    "bytes are read into the reader's own buffer": (
        "const s = new ReadableStream({type: 'bytes', pull(c) { c.byobRequest.view[0] = 7; c.byobRequest.respond(1); }});"
        "const { value } = await s.getReader({mode: 'byob'}).read(new Uint8Array(4)); console.log([...value])",
        [[7]],
    ),
    "what a sink throws is the writer's error": (
        "const w = new WritableStream({write() { throw new Error('full'); }}).getWriter();"
        "console.log(await w.write(1).catch((e) => e.message), await w.closed.catch((e) => e.message))",
        [["full", "full"]],
    ),
    "a queue has room for as much as its strategy says": (
        "const s = new CountQueuingStrategy({highWaterMark: 3}), b = new ByteLengthQueuingStrategy({highWaterMark: 9});"
        "console.log(new WritableStream({}, s).getWriter().desiredSize, b.size(new Uint8Array(5)), b.highWaterMark)",
        [[3, 5, 9]],
    ),
    "half a character waits for the other half": (
        "const t = new TextEncoderStream(), w = t.writable.getWriter(); w.write('\\ud83d'); w.write('\\ude00'); w.close();"
        "console.log((await all(t.readable)).map((chunk) => [...chunk]))",
        [[[240, 159, 152, 128]]],
    ),
    "bytes of a character may come one by one": (
        "const parts = [[0xe2], [0x82], [0xac, 33]].map((part) => Uint8Array.from(part));"
        "console.log(await all(ReadableStream.from(parts).pipeThrough(new TextDecoderStream())))",
        [["€!"]],
    ),
    "blobs are streams of bytes": (
        "console.log(await all(new Blob(['hi']).stream().pipeThrough(new TextDecoderStream())))",
        [["hi"]],
    ),
    "controllers and requests are not for scripts to make": (
        "const names = []; for (const type of [ReadableStreamDefaultController, WritableStreamDefaultController,"
        " TransformStreamDefaultController, ReadableStreamBYOBRequest])"
        " try { new type(); } catch (e) { names.push(e.name); }"
        "console.log(names)",
        [["TypeError"] * 4],
    ),
    "classes have their names": (
        "console.log(ReadableStream.name, String(new WritableStream()), CompressionStream.name)",
        [["ReadableStream", "[object WritableStream]", "CompressionStream"]],
    ),
}


@pytest.mark.parametrize("name", STREAMS)
def test_streams(run, name):
    source, logged = STREAMS[name]
    ran = run(ALL + source)
    assert (ran.error, ran.logged) == (None, logged)


@pytest.mark.parametrize("form", ["gzip", "deflate", "deflate-raw"])
def test_what_is_compressed_can_be_unpacked(run, form):
    ran = run(
        f"""const packed = new Blob(['hello '.repeat(1000)]).stream().pipeThrough(new CompressionStream('{form}'));
        const small = await new Blob(await Array.fromAsync(packed)).arrayBuffer();
        const back = new Blob([small]).stream().pipeThrough(new DecompressionStream('{form}'));
        console.log(small.byteLength < 100, await new Blob(await Array.fromAsync(back)).text() === 'hello '.repeat(1000))"""
    )
    assert ran.logged == [[True, True]]


def test_gzip_of_others_can_be_unpacked(run):
    data = list(gzip.compress(b"from elsewhere", mtime=0))
    ran = run(
        ALL
        + f"""const bytes = new Blob([Uint8Array.from({data})]).stream().pipeThrough(new DecompressionStream('gzip'));
        console.log(await all(bytes.pipeThrough(new TextDecoderStream())))"""
    )
    assert ran.logged == [["from elsewhere"]]


@pytest.mark.parametrize("data", [b"nope", gzip.compress(b"x", mtime=0)[:-4], gzip.compress(b"x", mtime=0) + b"more"])
def test_broken_data_is_a_type_error(run, data):
    ran = run(
        ALL
        + f"""const bytes = new Blob([Uint8Array.from({list(data)})]).stream().pipeThrough(new DecompressionStream('gzip'));
        console.log(await all(bytes).catch((error) => error.name))"""
    )
    assert ran.logged == ["TypeError"]


def test_an_unknown_format_is_refused(run):
    assert run("new CompressionStream('br')").error.startswith("TypeError: The argument 'format' must be one of")


def test_an_error_of_a_stream_that_nobody_handles_is_the_scripts(run):
    assert (
        run("new ReadableStream({start(c) { c.error(new RangeError('x')); }}).getReader().read()").error == "RangeError: x"
    )


def test_the_library_of_streams_is_no_module_of_scripts(run):
    assert run("require('web-streams')").error == "Error: Cannot find module 'web-streams'"


def test_contents_that_grow_without_bounds_are_refused(monkeypatch):
    monkeypatch.setattr(compression, "LARGEST", 1000)
    asked = {
        "operation": "decompress",
        "format": "deflate",
        "data": compression.packed(zlib.compress(b"0" * 5000))["value"],
    }
    assert compression.answer(asked) == {"wrong": "the content is too large"}


@settings(max_examples=15, deadline=None)
@given(text=st.text(), size=st.integers(1, 5))
def test_any_text_in_pieces_makes_the_round_trip(child, text, size):
    pieces = list(text.encode("utf-8"))
    ran = World(child).run(
        ALL
        + f"""const data = Uint8Array.from({pieces}), cut = (at) => data.slice(at, at + {size});
        const pieces = Array.from({{length: Math.ceil(data.length / {size})}}, (none, at) => cut(at * {size}));
        const decoder = new TextDecoderStream('utf-8', {{ignoreBOM: true}});
        console.log((await all(ReadableStream.from(pieces).pipeThrough(decoder))).join(''))"""
    )
    assert ran.logged == [text]
