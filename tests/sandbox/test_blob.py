"""Blobs and files, events and abort signals, encodings, exceptions and clones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import World

# A script and what it logs; the same in Postman's sandbox.
BLOBS = {
    "parts are texts, bytes and blobs": (
        "const b = new Blob(['a', new Uint8Array([98]), new Blob(['ü']), 7], {type: 'Text/X'});"
        "console.log(await b.text(), b.size, b.type)",
        [["abü7", 5, "text/x"]],
    ),
    "a slice may count from the end": (
        "const b = new Blob(['hello']).slice(-3, -1, 'A/B'); console.log(await b.text(), b.size, b.type)",
        [["ll", 2, "a/b"]],
    ),
    "bytes are copies": (
        "const b = new Blob(['ab']); new Uint8Array(await b.arrayBuffer()).fill(0); console.log([...await b.bytes()])",
        [[97, 98]],
    ),
    "a type that is not ASCII is none": ("console.log(new Blob([], {type: 'ä'}).type)", [""]),
    "a file has a name and a time": (
        "const f = new File(['x'], 'n.txt', {type: 'a/b', lastModified: 5});"
        "console.log(f.name, f.lastModified, f.type, f instanceof Blob, String(f), new File([], 'x').lastModified > 1e12)",
        [["n.txt", 5, "a/b", True, "[object File]", True]],
    ),
}
EVENTS = {
    "a listener is called once if it asks so": (
        "const t = new EventTarget(); let n = 0; t.addEventListener('x', () => n++, {once: true});"
        "t.dispatchEvent(new Event('x')); t.dispatchEvent(new Event('x')); console.log(n)",
        [1],
    ),
    "what can be canceled can be prevented": (
        "const t = new EventTarget(); t.addEventListener('x', (e) => e.preventDefault());"
        "console.log(t.dispatchEvent(new Event('x', {cancelable: true})), t.dispatchEvent(new Event('x')))",
        [[False, True]],
    ),
    "listeners stop when told": (
        "const t = new EventTarget(), seen = []; t.addEventListener('x', (e) => { seen.push(1);"
        " e.stopImmediatePropagation(); }); t.addEventListener('x', () => seen.push(2)); t.dispatchEvent(new Event('x'));"
        "console.log(seen)",
        [[1]],
    ),
    "an object with handleEvent is a listener": (
        "const t = new EventTarget(); t.addEventListener('x', {own: 7, handleEvent(e) { console.log(this.own,"
        " e.target === t, e.currentTarget === t, e.eventPhase) }}); t.dispatchEvent(new Event('x'))",
        [[7, True, True, 2]],
    ),
    "a signal takes listeners away": (
        "const t = new EventTarget(), c = new AbortController(); let n = 0;"
        "t.addEventListener('x', () => n++, {signal: c.signal}); c.abort(); t.dispatchEvent(new Event('x'));"
        "console.log(n)",
        [0],
    ),
    "abort has a reason": (
        "const c = new AbortController(); c.signal.onabort = (e) => console.log(e.type, e.target === c.signal);"
        "c.abort(); c.abort('again'); console.log(c.signal.reason.name, c.signal.reason.code, c.signal.aborted);"
        "try { AbortSignal.abort('why').throwIfAborted() } catch (e) { console.log(e) }",
        [["abort", True], ["AbortError", 20, True], "why"],
    ),
    "any of several signals is enough": (
        "const a = new AbortController(), both = AbortSignal.any([a.signal, new AbortController().signal]);"
        "const outer = AbortSignal.any([both]); a.abort('x'); console.log(both.reason, outer.reason,"
        " AbortSignal.any([AbortSignal.abort(1)]).reason)",
        [["x", "x", 1]],
    ),
    "a time is enough": (
        "const s = AbortSignal.timeout(1); await new Promise((go) => { s.onabort = go; }); console.log(s.reason.name)",
        ["TimeoutError"],
    ),
    "only a controller makes signals": (
        "try { new AbortSignal() } catch (e) { console.log(e.name, e.message) }",
        [["TypeError", "Illegal constructor"]],
    ),
    "exceptions have a name and its code": (
        "const e = new DOMException('m', 'DataCloneError'); console.log(e.name, e.message, e.code, e instanceof Error,"
        " DOMException.ABORT_ERR, String(e), new DOMException().name)",
        [["DataCloneError", "m", 25, True, 20, "DataCloneError: m", "Error"]],
    ),
}
CLONES = {
    "views of one buffer stay so": (
        "const b = new ArrayBuffer(8), c = structuredClone({u: new Uint8Array(b, 2, 4), d: new DataView(b), b});"
        "console.log(c.u.buffer === c.b, c.d.buffer === c.b, c.u.byteOffset, c.u.length, c.b !== b)",
        [[True, True, 2, 4, True]],
    ),
    "what is transferred leaves": (
        "const u = new Uint8Array([1, 2]), c = structuredClone({u}, {transfer: [u.buffer]});"
        "console.log(u.length, [...c.u])",
        [[0, [1, 2]]],
    ),
    "errors keep their cause": (
        "const c = structuredClone(new RangeError('m', {cause: {a: 1}}));"
        "console.log(c instanceof RangeError, c.message, c.cause)",
        [[True, "m", {"a": 1}]],
    ),
    "blobs and keys can be cloned": (
        "const k = await crypto.subtle.generateKey({name: 'HMAC', hash: 'SHA-1'}, false, ['sign']);"
        "const c = structuredClone({b: new Blob(['ab']), k}); console.log(await c.b.text(), c.k.type)",
        [["ab", "secret"]],
    ),
    "holes, getters and classes": (
        "class A { constructor() { this.x = 1; } } const c = structuredClone([1, , new A(), {get y() { return 2; }}]);"
        "console.log(1 in c, c[2] instanceof A, c[2].x, c[3].y)",
        [[False, False, 1, 2]],
    ),
    "some things cannot": (
        "const names = []; for (const v of [() => 1, Symbol('s'), new WeakMap(), Promise.resolve(), (function* () {})()])"
        " try { structuredClone(v) } catch (e) { names.push(`${e.name} ${e.code}`) } console.log(names)",
        [["DataCloneError 25"] * 5],
    ),
}


@pytest.mark.parametrize("name", BLOBS | EVENTS | CLONES)
def test_it_is_as_in_the_web(run, name):
    source, logged = (BLOBS | EVENTS | CLONES)[name]
    ran = run(source)
    assert (ran.error, ran.logged) == (None, logged)


def test_a_signal_with_a_time_does_not_keep_the_script(run):
    ran = run("AbortSignal.timeout(60000); console.log('done')")
    assert (ran.error, ran.logged, [e for e in ran.effects if type(e).__name__ == "Sleep"]) == (None, ["done"], [])


def test_what_a_listener_throws_is_the_scripts_error_and_the_others_are_called(run):
    ran = run("""const t = new EventTarget(); t.addEventListener('x', () => { throw new Error('first'); });
        t.addEventListener('x', () => console.log('second')); t.dispatchEvent(new Event('x'))""")
    assert (ran.error, ran.logged) == ("Error: first", ["second"])


# Label, the encoding it means, and Python's codec with the same table.
ENCODINGS = [
    ("utf8", "utf-8", "utf-8"),
    ("ucs-2", "utf-16le", "utf-16-le"),
    ("unicodefffe", "utf-16be", "utf-16-be"),
    ("latin1", "windows-1252", "cp1252"),
    ("l2", "iso-8859-2", "iso-8859-2"),
    ("cyrillic", "iso-8859-5", "iso-8859-5"),
    ("greek", "iso-8859-7", "iso-8859-7"),
    ("logical", "iso-8859-8-i", "iso-8859-8"),
    ("l9", "iso-8859-15", "iso-8859-15"),
    ("koi8-r", "koi8-r", "koi8-r"),
    ("cp866", "ibm866", "cp866"),
    ("mac", "macintosh", "mac-roman"),
    ("cp1250", "windows-1250", "cp1250"),
    (" CP1251\n", "windows-1251", "cp1251"),
    ("latin5", "windows-1254", "cp1254"),
    ("cp1256", "windows-1256", "cp1256"),
    ("tis-620", "windows-874", "cp874"),
]


@pytest.mark.parametrize(("label", "encoding", "codec"), ENCODINGS, ids=[row[1] for row in ENCODINGS])
def test_texts_are_decoded(run, label, encoding, codec):
    letters = [chr(code) for code in (*range(0x20, 0x180), 0x2019, 0x20AC, *range(0x386, 0x450), *range(0x5D0, 0x650))]
    text = "".join(letter for letter in letters if can_be(letter, codec))
    ran = run(f"""const d = new TextDecoder({label!r}, {{fatal: true}});
        console.log(d.encoding, d.decode(Uint8Array.from({list(text.encode(codec))})))""")
    assert ran.logged == [[encoding, text]]


def can_be(letter: str, codec: str) -> bool:
    try:
        return letter.encode(codec).decode(codec) == letter
    except UnicodeError:
        return False


@pytest.mark.parametrize(
    ("source", "logged"),
    [
        ("new TextDecoder('utf-8', {fatal: true}).decode(Uint8Array.of(0xff))", "TypeError"),
        ("new TextDecoder('utf-16le', {fatal: true}).decode(Uint8Array.of(0, 0xd8))", "TypeError"),
        ("new TextDecoder('iso-8859-7', {fatal: true}).decode(Uint8Array.of(0xae))", "TypeError"),
        ("new TextDecoder('nothing')", "RangeError"),
        ("new TextDecoder().decode('text')", "TypeError"),
    ],
)
def test_what_cannot_be_decoded_is_an_error(run, source, logged):
    assert run(f"try {{ {source} }} catch (error) {{ console.log(error.name) }}").logged == [logged]


@settings(max_examples=25, deadline=None)
@given(data=st.binary(max_size=24), cut=st.integers(0, 24))
def test_a_text_in_two_pieces_is_the_same_text(child, data, cut):
    ran = World(child).run(f"""const data = Uint8Array.from({list(data)}), d = new TextDecoder();
        const both = d.decode(data.slice(0, {cut}), {{stream: true}}) + d.decode(data.slice({cut}));
        console.log(both === new TextDecoder().decode(data), d.decode(Uint8Array.of(65)))""")
    assert ran.logged == [[True, "A"]]


@settings(max_examples=25, deadline=None)
@given(parts=st.lists(st.one_of(st.text(max_size=9), st.binary(max_size=9)), max_size=5))
def test_a_blob_is_its_parts_one_after_the_other(child, parts):
    shown = ", ".join(repr_js(part) for part in parts)
    ran = World(child).run(f"console.log([...await new Blob([{shown}]).bytes()])")
    assert ran.logged == [list(b"".join(part.encode() if isinstance(part, str) else part for part in parts))]


def repr_js(part: str | bytes) -> str:
    import json

    return json.dumps(part) if isinstance(part, str) else f"Uint8Array.from({list(part)})"
