"""Finds secrets in what a run wrote, in any encoding: it knows nothing of how they are masked and decodes what it can."""

import base64
import html
import quopri
import re
import zlib
from contextlib import suppress
from urllib.parse import unquote_to_bytes

DEPTH = 4
PACKED = (b"\x1f\x8b", b"\x78\x9c", b"\x78\x01", b"\x78\xda", b"\x78\x5e")


def found(data, marks):
    """The marks that are in bytes or a text, as they are or decoded up to four times."""
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    left, seen = {mark.lower(): mark for mark in marks}, set()
    for _ in range(DEPTH):
        folded = text.lower()
        seen |= {mark for small, mark in left.items() if small in folded}
        text = "\n\n".join(_decoded(text))
        if not text:
            break
    folded = text.lower()
    return sorted(seen | {mark for small, mark in left.items() if small in folded})


def _decoded(text):
    plain = _unescaped(text)
    if plain != text:
        yield plain
    if "\0" in text:
        yield text.replace("\0", "")
    if "=\n" in text or "=\r\n" in text:
        yield quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    joined = re.sub(r"(?:\\+r)?\\+n|\r?\n", "", plain)
    for source in {plain, joined} if re.search(r"[A-Za-z0-9+/]{50}(?:\r?\n|\\)", text) else {plain}:
        yield from _runs(source)


def _unescaped(text):
    """Escapes of URLs, HTML and scripts taken away."""
    if "%" in text:
        text = unquote_to_bytes(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "\\" in text:
        text = re.sub(r"\\+u\{?0{0,4}([0-9a-fA-F]{2,4})\}?", lambda match: chr(int(match[1], 16)), text)
        text = re.sub(r"\\+x([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), text)
    return text


def _runs(text):
    for run in set(re.findall(r"[A-Za-z0-9+/_-]{12,}", text)):
        if re.fullmatch("[0-9a-fA-F]+", run):
            yield _text(bytes.fromhex(run[: len(run) // 2 * 2]))
        if re.fullmatch("[A-Z2-7]+", run):
            yield _text(base64.b32decode(run[: len(run) // 8 * 8]))
        if run.islower() or run.isupper() or run.isdigit():
            continue
        run = run.replace("-", "+").replace("_", "/")
        for start in range(4):
            part = run[start:]
            part = part[:-1] if len(part) % 4 == 1 else part
            yield _text(base64.b64decode(part + "=" * (-len(part) % 4)))
    for numbers in re.findall(r"(?:\d{1,3}[,:\s]+){7,}\d{1,3}", re.sub(r'"\d+":', "", text)):
        values = [int(n) for n in re.findall(r"\d+", numbers)]
        yield _text(bytes(n for n in values if n < 256))
    for digits in re.findall(r"(?:\b[0-9a-fA-F]{2}[ :]){7,}[0-9a-fA-F]{2}", text):
        yield _text(bytes.fromhex(re.sub("[ :]", "", digits)))
    for label in re.findall(r"xn--([a-z0-9-]+)", text.lower()):
        try:
            yield label.encode().decode("punycode")
        except ValueError:
            continue


def _text(data):
    if data.startswith(PACKED):
        with suppress(zlib.error):
            data = zlib.decompressobj(wbits=47).decompress(data)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def found_quickly(text, marks):
    """The marks that are in a text in one encoding, in time for the suite: each encoding of each mark is searched for."""
    views, plain = {text.lower()}, text
    for _ in range(3):
        plain = _unescaped(plain)
        views.add(plain.replace("\0", "").lower())
    bare = re.sub(r'"\d+":|\\+[rnt]|\s', "", text)
    return sorted(
        mark
        for mark in marks
        if any(mark.lower() in view for view in views)
        or any(form in bare for form in _forms(mark))
        or any(form in view for form in (mark.encode().hex(), mark.encode().hex(":")) for view in views)
    )


def _forms(mark):
    """A mark in base64 at each place, in base32 and as a list of bytes."""
    for data in (mark.encode(), mark.upper().encode(), mark.encode("utf-16-le"), mark.encode("utf-16-be")):
        for before in range(3):
            code = base64.b64encode(bytes(before) + data).decode()
            yield code[(0, 2, 3)[before] : len(code.rstrip("=")) - 1]
    for before in range(5):
        code = base64.b32encode(bytes(before) + mark.encode()).decode().rstrip("=")
        yield code[(0, 2, 4, 5, 7)[before] : -1]
    yield ",".join(map(str, mark.encode()))
