"""Stacks of writings: a value in one of them, that in the next, up to the depth that docs/secrets.md promises."""

import itertools
import random
import string

from runner.secrets import Secrets
from tests.leaks.finder import found
from tests.leaks.secrets_of_all_kinds import ENCODINGS

DEPTH = 3
"""How many writings may stand on top of each other."""

FIRST = ("plain", "lower", "upper", "nfd", "percent some", "punycode")
"""Writings that only the value itself can have, not what is encoded already."""

LAYERS = (
    *("percent", "percent small", "percent path", "percent form", "percent all", "percent some"),
    *("json", "json utf-8", "json slash", "json all", "js hex", "js braces"),
    *("html", "html decimal", "html hex", "xml", "csv", "shell", "quoted-printable"),
    *(
        "hex",
        "HEX",
        "hex colons",
        "hex spaces",
        "base32",
        "byte list",
        "byte list small",
        "byte list pretty",
        "byte object",
    ),
    *("buffer", "base64", "base64 second", "base64 third", "base64 url", "base64 mime", "base64 lines"),
    *(
        "base64 utf-16",
        "base64 utf-16-be",
        "base64 gzip",
        "base64 zlib",
        "utf-16",
        "utf-16-be",
        "utf-8 as latin-1",
        "utf-7",
    ),
)
"""Writings that may follow each other in any order."""

LONGEST = 20_000
"""Characters of a writing that is still tried."""

_DRAW = random.Random("stacks")
_LETTERS = string.ascii_letters + string.digits


def _drawn(letters, count):
    return "".join(_DRAW.choices(letters, k=count))


VALUES = {
    "letters": _drawn(_LETTERS, 12),
    "many letters": _drawn(_LETTERS, 40),
    "reserved characters": f"{_drawn(_LETTERS, 6)}+/=%&{_drawn(_LETTERS, 6)}+/=%&~^{_drawn(_LETTERS, 4)}",
    "all punctuation": _drawn(_LETTERS, 4) + string.punctuation + _drawn(_LETTERS, 4),
    "hardly a letter": "+/=%&a1-?#Q9$",
    "accents": "pässwörd-ÿé" + _drawn(_LETTERS, 4),
    "Cyrillic": "парольСекрет" + _drawn(_LETTERS, 4),
    "Chinese and Japanese": "密码密码秘密日本語のひみつ",
    "emoji": "🙂🎉ab🙂🎉cd🙂🎉",
    "lines": f"{_drawn(_LETTERS, 12)}\n{_drawn(_LETTERS, 13)}\r\n{_drawn(_LETTERS, 12)}",
    "digits": _drawn(string.digits, 14),
    "JSON": f'{{"a": "{_drawn(_LETTERS, 12)}", "b": ["{_drawn(_LETTERS, 13)}", 554433221100]}}',
    "spaces": f"{_drawn(_LETTERS, 5)} two  words {_drawn(_LETTERS, 5)}",
    "capitals": _drawn(string.ascii_uppercase, 14),
    "hexadecimal digits": _drawn("0123456789abcdef", 32),
    "quotation marks": f"{_drawn(_LETTERS, 5)}\"'`\\\\{_drawn(_LETTERS, 6)}",
    "percent-encoded": "a%2Fb%25cd%3D" + _drawn(_LETTERS, 6),
    "escapes": "a\\n\\u0041&amp;\\\\&lt;" + _drawn(_LETTERS, 6),
    "base64": "q83vEjRW+/eJq83v+A==",
}
"""Values that only one of the writings changes, or all, or that look like one."""

SECRETS = {kind: Secrets([value]) for kind, value in VALUES.items()}


def stacks(depth):
    """Every stack of so many writings."""
    firsts = (*FIRST, *(name for name in LAYERS if name not in FIRST))
    return itertools.product(firsts, *([LAYERS] * (depth - 1)))


def leaks(stack):
    """The kinds of values that are not masked in this stack of writings, and what is shown of each."""
    for kind, value in VALUES.items():
        written = value
        for name in stack:
            written = ENCODINGS[name](written) if len(written) <= LONGEST else written
        shown = SECRETS[kind].mask(f"<{written}>")
        if shown == f"<{written}>" or (len(shown) > 12 and found(shown, [value])):
            yield kind, written
