"""Secrets of every kind, and every writing of them that postrunner promises to mask."""

import base64
import gzip
import html
import json
import quopri
import zlib
from unicodedata import normalize
from urllib.parse import quote, quote_plus

HEAD, TAIL = "Hq{}Zk3XwVb", "Tm{}Wr8JdLs"
"""What each value begins and ends with; one of them in an output is a leak."""


def _value(number, middle):
    return HEAD.format(number) + middle + TAIL.format(number)


KINDS = {
    "letters": _value(10, "Qx"),
    "dashes": _value(11, "-_.~"),
    "unicode": _value(12, "äé€中🙂"),
    "latin": _value(13, "ü"),
    "quotes": _value(14, "\"'`"),
    "percent": _value(15, "%41%zz%"),
    "newline": _value(16, "\nmiddle\n"),
    "backslash": _value(17, "\\n\\\\x"),
    "markup": _value(18, "<b>&amp;</b>"),
    "url": _value(19, "/?a=b&c=d#e;f:g@h"),
    "base64": _value(20, "+/") + "==",
    "spaces": _value(21, " two  words "),
    "long": _value(22, "0123456789abcdefXYZ" * 150),
    "pair": "ada:" + _value(23, "p:w"),
    "jwt": f"eyJhbGciOiJIUzI1NiJ9.{_value(24, 'eyJzdWIi')}.{_value(25, 'sig')}",
    "pem": f"-----BEGIN PRIVATE KEY-----\n{_value(26, 'MIIEvQ')}\n{_value(27, 'AAOC')}\n-----END PRIVATE KEY-----\n",
    "template": _value(28, "{{x}}$1%s%o"),
}
NUMBERS = {"number": 7391846205173, "fraction": 82736451.625, "negative": -6152839471}
OBJECTS = {
    "object": {"deep": {"list": [_value(30, "o"), {"n": 5820471936}]}, "on": True},
    "array": [_value(31, "a"), [_value(32, "b")]],
}
MARKS = (
    *(part.format(n) for n in range(10, 33) for part in (HEAD, TAIL)),
    *("7391846205173", "82736451", "6152839471", "5820471936"),
)
"""Texts that only the secrets have."""


def texts(values):
    """The texts of values of any JSON type."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def _wrapped(text, width, end):
    return end.join(text[at : at + width] for at in range(0, len(text), width))


def _entities(text, form):
    return "".join(form.format(ord(char)) for char in text)


def _escaped(text):
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return "".join("\\u" + units[at : at + 4] for at in range(0, len(units), 4))


def _b64(data):
    return base64.b64encode(data).decode()


def _bytes(text):
    return text.encode()


ENCODINGS = {
    "plain": str,
    "lower": str.lower,
    "upper": str.upper,
    "upper json": lambda t: json.dumps(t.upper())[1:-1],
    "upper percent": lambda t: quote(t.upper(), safe=""),
    "percent": lambda t: quote(t, safe=""),
    "percent small": lambda t: quote(t, safe="").replace("%2F", "%2f").replace("%C3", "%c3"),
    "percent path": lambda t: quote(t, safe="/!$&'()*+,;=:@"),
    "percent form": quote_plus,
    "percent twice": lambda t: quote(quote(t, safe=""), safe=""),
    "percent all": lambda t: "".join(f"%{byte:02X}" for byte in _bytes(t)),
    "percent some": lambda t: "".join(f"%{ord(c):02x}" if n % 2 and "0" <= c < "{" else quote(c) for n, c in enumerate(t)),
    "json": lambda t: json.dumps(t)[1:-1],
    "json utf-8": lambda t: json.dumps(t, ensure_ascii=False)[1:-1],
    "json slash": lambda t: json.dumps(t)[1:-1].replace("/", "\\/"),
    "json twice": lambda t: json.dumps(json.dumps(t))[3:-3],
    "json all": _escaped,
    "js hex": lambda t: "".join(f"\\x{ord(c):02x}" if c < "\xff" else c for c in t),
    "js braces": lambda t: "".join(f"\\u{{{ord(c):x}}}" for c in t),
    "html": html.escape,
    "html twice": lambda t: html.escape(html.escape(t)),
    "html decimal": lambda t: _entities(t, "&#{};"),
    "html hex": lambda t: _entities(t, "&#x{:x};"),
    "xml": lambda t: html.escape(t).replace("&#x27;", "&apos;"),
    "csv": lambda t: t.replace('"', '""'),
    "shell": lambda t: t.replace("'", r"'\''"),
    "quoted-printable": lambda t: quopri.encodestring(_bytes(t)).decode("ascii"),
    "hex": lambda t: _bytes(t).hex(),
    "HEX": lambda t: _bytes(t).hex().upper(),
    "hex colons": lambda t: _bytes(t).hex(":"),
    "hex spaces": lambda t: _bytes(t).hex(" "),
    "hex utf-16": lambda t: t.encode("utf-16-le").hex(),
    "hex of base64": lambda t: _b64(_bytes(t)).encode().hex(),
    "base64": lambda t: _b64(_bytes(t)),
    "base64 second": lambda t: _b64(b"x" + _bytes(t) + b"yz"),
    "base64 third": lambda t: _b64(b"u:" + _bytes(t)),
    "base64 url": lambda t: base64.urlsafe_b64encode(_bytes(t)).decode().rstrip("="),
    "base64 percent": lambda t: quote(_b64(_bytes(t)), safe=""),
    "base64 twice": lambda t: _b64(_b64(_bytes(t)).encode()),
    "base64 thrice": lambda t: _b64(_b64(_b64(_bytes(t)).encode()).encode()),
    "base64 mime": lambda t: _wrapped(_b64(b"The secret is here, a bit later: " + _bytes(t)), 76, "\r\n"),
    "base64 lines": lambda t: _wrapped(_b64(b"The secret is here, a bit later: " + _bytes(t)), 64, "\n"),
    "base64 lines in json": lambda t: json.dumps(_wrapped(_b64(b"The secret is here, later: " + _bytes(t)), 64, "\r\n")),
    "base64 utf-16": lambda t: _b64(t.encode("utf-16-le")),
    "base64 utf-16-be": lambda t: _b64(t.encode("utf-16-be")),
    "base64 json": lambda t: _b64(json.dumps({"token": t}, ensure_ascii=False).encode()),
    "base64 gzip": lambda t: _b64(gzip.compress(b"{" + _bytes(t) + b"}", mtime=0)),
    "base64 zlib": lambda t: _b64(zlib.compress(_bytes(t))),
    "base64 percent inside": lambda t: _b64(quote(t, safe="").encode()),
    "base32": lambda t: base64.b32encode(_bytes(t)).decode(),
    "utf-16": lambda t: t.encode("utf-16-le").decode("latin-1"),
    "utf-16-be": lambda t: t.encode("utf-16-be").decode("latin-1"),
    "utf-8 as latin-1": lambda t: _bytes(t).decode("latin-1"),
    "utf-7": lambda t: t.encode("utf-7").decode(),
    "byte list": lambda t: str(list(_bytes(t))),
    "byte list small": lambda t: json.dumps(list(_bytes(t)), separators=(",", ":")),
    "byte list pretty": lambda t: json.dumps(list(_bytes(t)), indent=4),
    "byte object": lambda t: json.dumps({str(n): byte for n, byte in enumerate(_bytes(t))}),
    "buffer": lambda t: f"<Buffer {_bytes(t).hex(' ')}>",
    "punycode": lambda t: t if t.isascii() else "pre.xn--" + t.lower().encode("punycode").decode() + ".example",
    "nfd": lambda t: normalize("NFD", t),
}
"""What may become of a value, by name."""
