"""How the characters of a value may be written: one pattern for each, and views of a text without a layer of escapes."""

from __future__ import annotations

import binascii
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import accumulate

from runner.secrets.lazy import Lazy

UNRESERVED = Lazy(r"[A-Za-z0-9._-]*")
_XML = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_JSON = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_QUOTE, _APOS = r"(?:\\{0,16}\"|&(?:amp;){0,4}(?:quot|#34|#x22);)", r"(?:\\{0,16}'|&(?:amp;){0,4}(?:apos|#39|#x27);)"
_OTHERS = {"+": "-", "/": "_", " ": r"\+", '"': f"{_QUOTE}{{2}}", "'": rf"{_APOS}{{1,2}}\\{{1,16}}{_APOS}{{2,4}}"}
"""What else may stand for a character: in base64 for URLs, in forms, between the quotation marks of CSV and of a shell."""


@lru_cache(maxsize=1024)
def encoded(char: str) -> str:
    """The pattern of one character as any encoding may write it, with any number of encodings on top."""
    if UNRESERVED.fullmatch(char):
        return re.escape(char)
    data, code = char.encode("utf-8", "surrogatepass"), ord(char)
    units = char.encode("utf-16-be", "surrogatepass").hex()
    units_of = [any_case(units[at : at + 4]) for at in range(0, len(units), 4)]
    forms = ["".join(f"%(?:25){{0,4}}{any_case(f'{byte:02x}')}" for byte in data)]
    forms += ["".join(rf"\\{{1,16}}u{unit}" for unit in units_of), rf"\\{{1,16}}u\{{0{{0,4}}{any_case(f'{code:x}')}\}}"]
    forms += [f"&(?:amp;){{0,4}}#(?:0{{0,5}}{code}|[xX]0{{0,5}}{any_case(f'{code:x}')});"]
    forms += ["".join(f"={any_case(f'{byte:02x}')}" for byte in data)]
    forms += [rf"\\{{1,16}}x{any_case(f'{code:02x}')}"] if code < 256 else []
    forms += [rf"\\{{1,16}}{_JSON[char]}"] if char in _JSON else []
    forms += [r"\r\n", r"%(?:25){0,4}0[dD]%(?:25){0,4}0[aA]", r"\\{1,16}r\\{1,16}n"] if char == "\n" else []
    forms += [f"&(?:amp;){{0,4}}{name};" for name in _entities(char)]
    forms += [_OTHERS[char]] if char in _OTHERS else []
    forms += [rf"\\{{0,16}}{re.escape(char)}" if char != "\\" else r"\\{1,32}"]  # late: `%` also begins its own code
    if char > "\x7f":
        from unicodedata import normalize

        # its UTF-8 read as latin-1, as headers are; what JavaScript's `escape` makes of it; what is lost
        forms.append(re.escape(data.decode("latin-1")))
        forms.append("".join(f"%(?:25){{0,4}}u{unit}" for unit in units_of))
        forms += [f"[%=](?:25){{0,4}}{any_case(f'{code:02x}')}"] if code < 256 else []
        forms.append("[?\ufffd]{1,4}")
        forms += [re.escape(apart)] if (apart := normalize("NFD", char)) != char else []
    return f"(?:{'|'.join(forms)})"


def _entities(char: str) -> list[str]:
    if char in _XML:
        return [_XML[char]]
    if char <= "\x7f":
        return []
    from html.entities import codepoint2name

    return [codepoint2name[ord(char)]] if ord(char) in codepoint2name else []


def any_case(digits: str) -> str:
    """The pattern of hexadecimal digits in capital or small letters."""
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


# -- views: a text as it reads without a layer of escapes, and where each stretch of that stands -------------------------

_2, _4 = "[0-9A-Fa-f]{2}", "[0-9A-Fa-f]{4}"
_LOW = "[dD][c-fC-F][0-9A-Fa-f]{2}"
_ESCAPE = Lazy(
    rf"(%(?:{_2}|[uU](?:{_4}%[uU](?={_LOW}))?{_4})"
    rf"|\\(?:[uU](?:{_4}\\[uU](?={_LOW}))?{_4}|[uU]\{{0{{0,4}}[0-9A-Fa-f]{{1,6}}\}}|[xX]{_2}|[nrtbf\"/\\])"
    r"|&(?:#0{0,5}\d{1,7}|#[xX]0{0,5}[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8}[0-9]{0,2});"
    r"|'\\''|\"\"\"\"(?:\"\"){0,6})"  # each begins with a character as it is: the engine leaps from one to the next
)
_CODE = Lazy(rf"%({_2})|[%\\][uU]({_4})(?:[%\\][uU]({_4}))?|\\(?:[uU]\{{|[xX])([0-9A-Fa-f]+)")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

_UTF_8_SIGN = Lazy("(?:[\xc2\xc3][\x80-\xbf]\0{0,7}){2}")
_UTF_8 = Lazy("([\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})")

_UTF_7_ASCII = Lazy(r"(\+(?:-|A[A-H][A-Za-z0-9+/]{1,300}-?))")
_UTF_7 = Lazy(r"(\+(?:-|[A-Za-z0-9+/]{3,4000}-?))")

_ZERO_SIGN, _ZERO = Lazy("\0(?:\0{0,14}[^\0]\0){2}"), Lazy("(\0+)")
_UTF_16 = {
    "utf-16-le": Lazy("([\0-\xff][\xd8-\xdb][\0-\xff][\xdc-\xdf]|[\0-\xff]{2})"),
    "utf-16-be": Lazy("([\xd8-\xdb][\0-\xff][\xdc-\xdf][\0-\xff]|[\0-\xff]{2})"),
}

_QUOTED_SIGN = Lazy(
    r"=(?:3[Dd]|0[0-9A-Fa-f]|[89A-Fa-f][0-9A-Fa-f]=[89A-Fa-f][0-9A-Fa-f]|(?<=[ -~\x80-\U0010ffff]{12}=)\r?\n)"
)
_QUOTED_PRINTABLE = Lazy(rf"(={_2}|=\r?\n)")

Decoder = Callable[[str], str]


class View:
    """A text whose escapes stand for what they mean; `text` is what it reads then."""

    def __init__(self, text: str, pattern: Lazy, decode: Decoder, skipped: int = 0) -> None:
        self._skipped = skipped
        self._pieces = pieces = pattern.split(text[skipped:])
        self._shown = shown = pieces.copy()
        shown[1::2] = map(decode, pieces[1::2])
        self.text = "".join(shown)
        self._starts: list[int] = []
        self._origins: list[int] = []

    def source(self, span: tuple[int, int]) -> tuple[int, int]:
        """Where a stretch of this view stands in the text: an escape as a whole."""
        if not self._starts:  # most views are of no further use
            self._starts = [*accumulate(map(len, self._shown), initial=0)]
            self._origins = [*accumulate(map(len, self._pieces), initial=self._skipped)]
        start, end = span
        first = bisect_right(self._starts, start) - 1
        last = max(bisect_left(self._starts, end) - 1, first)
        begins, ends = self._origins[first], self._origins[last + 1]
        return (
            begins if first % 2 else begins + start - self._starts[first],
            ends if last % 2 else ends - (self._starts[last + 1] - end),
        )


def unescaped(text: str) -> View | None:
    """The view without percent-encoding, backslashes and entities; None if that is the text itself."""
    has_escapes = "%" in text or "\\" in text or "&" in text or '""""' in text  # single characters are found the quickest
    return _changed(View(text, _ESCAPE, _meaning), text) if has_escapes else None


def from_utf_7(text: str, letters: frozenset[str]) -> View | None:
    """The view without UTF-7 of ASCII characters and these letters, or None."""
    if "+" not in text:
        return None
    pattern = _UTF_7 if letters else _UTF_7_ASCII
    return _changed(View(text, pattern, lambda token: _from_utf_7(token, letters)), text) if pattern.search(text) else None


def from_quoted_printable(text: str) -> View | None:
    """The view without quoted-printable, or None."""
    if "=" not in text or not _QUOTED_SIGN.search(text):
        return None
    return _changed(View(text, _QUOTED_PRINTABLE, _quoted), text)


def plainest(text: str, most: int) -> str:
    """A text with all its escapes taken off, one layer after the other, at most so many."""
    for _ in range(most):
        view = unescaped(text)
        if view is None:
            break
        text = view.text
    return text


def _changed(view: View, text: str) -> View | None:
    return view if view.text != text else None


@lru_cache(maxsize=4096)
def _meaning(token: str) -> str:
    """What an escape stands for."""
    if token[0] in "'\"":
        return token[: len(token) // 2] if token[0] == '"' else "'"
    if token[0] == "&":
        return _entity(token)
    code = _CODE.fullmatch(token.rstrip("}"))
    if code is None:
        return _LETTERS.get(token[-1], token[-1])
    if code[3]:
        units = bytes.fromhex(code[2] + code[3])
        return units.decode("utf-16-be", "surrogatepass")
    number = int(code[1] or code[2] or code[4], 16)
    return chr(number) if number <= 0x10FFFF else token


def _entity(token: str) -> str:
    from html.entities import name2codepoint

    name = token[1:-1]
    if not name.startswith("#"):
        names = {**name2codepoint, "apos": 39}
        number = names.get(name) or names.get(name.lower())
    else:
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(number) if number is not None and number <= 0x10FFFF else token


def _from_utf_7(token: str, letters: frozenset[str]) -> str:
    """What a stretch of UTF-7 says; itself if it is none, or has other characters than these."""
    coded = token[1:].removesuffix("-")
    if not coded:
        return "+"
    try:
        data = binascii.a2b_base64(coded + "A" * (-len(coded) % 4))
        size = len(coded) * 6 // 16 * 2
        read = data[:size].decode("utf-16-be")
    except ValueError:
        return token
    known = all(char < "\x80" or char in letters for char in read)
    return read if known and not any(data[size:]) and (len(coded) * 6) % 16 < 6 else token


@lru_cache(maxsize=1024)
def _quoted(token: str) -> str:
    return chr(int(token[1:], 16)) if token[1] not in "\r\n" else ""


@lru_cache(maxsize=4096)
def _decoded(token: str, charset: str) -> str:
    try:
        return token.encode("latin-1").decode(charset)
    except UnicodeDecodeError:
        return token


def views(text: str, letters: frozenset[str]) -> Iterator[View]:
    """The views of a text through a layer that few have: UTF-7, quoted-printable, bytes of UTF-8 or UTF-16 as characters.

    `letters` are those beyond ASCII that matter.
    """
    for view in (from_utf_7(text, letters), from_quoted_printable(text)):
        if view is not None:
            yield view
    if letters and not text.isascii() and _UTF_8_SIGN.search(text):
        yield View(text, _UTF_8, partial(_decoded, charset="utf-8"))
    if "\0" in text and _ZERO_SIGN.search(text):
        yield View(text, _ZERO, lambda zeros: "")
        for charset, pattern in _UTF_16.items() if letters else ():
            for skipped in (0, 1):
                yield View(text, pattern, partial(_decoded, charset=charset), skipped)
