"""How the characters of a value may be written: escapes of every kind, one pattern for each character."""

from __future__ import annotations

import re
from functools import lru_cache

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


# -- letters and digits that need no escape, but have one ---------------------------------------------------------------

_CODE = "2[DdEe]|3\\d|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe]"
_NEEDLESS = Lazy(  # each alternative begins with its first character as it is: the engine leaps from one to the next
    rf"%(?:25){{0,4}}(?P<percent>{_CODE})"
    rf"|\\\\{{0,15}}(?:u00|x)(?P<escape>{_CODE})"
    rf"|\\\\{{0,15}}u\{{0{{0,4}}(?P<brace>{_CODE})\}}"
    r"|&(?:amp;){0,4}#(?:0{0,5}(?P<decimal>4[5-9]|5[0-7]|6[5-9]|[78]\d|9[05789]|1[01]\d|12[0126])"
    rf"|[xX]0{{0,5}}(?P<hex>{_CODE}));"
    r"|\x00|\\\\{0,15}u0000|%00|=(?<![=\x00]=)(?:\r?\n|\\{1,8}(?:r\\{1,8})?n)"
)


class View:
    """A text in which letters and digits that are written as escapes stand as they are, without zero bytes (of UTF-16).

    `text` is that text; `source` gives the place in the first one.
    """

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self._marks: list[tuple[int, int]] = [(0, 0)]
        at = length = 0
        for match in _NEEDLESS.finditer(text) if _may_have_escapes(text) else ():
            digits = match["percent"] or match["escape"] or match["brace"] or match["hex"]
            char = chr(int(digits, 16)) if digits else chr(int(match["decimal"])) if match["decimal"] else ""
            pieces += [text[at : match.start()], char]
            length += match.start() - at
            self._marks += [(length, match.start()), (length + len(char), match.end())]
            length, at = length + len(char), match.end()
        self.text = "".join([*pieces, text[at:]]) if pieces else text

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where the stretch of this view from `start` to `end` stands in the text."""
        from bisect import bisect_left, bisect_right

        place, origin = self._marks[bisect_right(self._marks, start, key=lambda mark: mark[0]) - 1]
        first = origin + start - place
        at = bisect_left(self._marks, end, key=lambda mark: mark[0])
        if at < len(self._marks) and self._marks[at][0] == end:
            return first, self._marks[at][1]
        place, origin = self._marks[at - 1]
        return first, origin + end - place


def soft_breaks(text: str) -> bool:
    """Whether an `=` ends a line of a text, as in quoted-printable, also where JSON has escaped the break."""
    return "=" in text and any(sign in text for sign in ("=\n", "=\r\n", "=\\"))


def _may_have_escapes(text: str) -> bool:
    """A quick look; single characters are found the quickest."""
    return (
        ("%" in text and any(f"%{digit}" in text for digit in "0234567"))
        or ("\\" in text and any(sign in text for sign in ("\\u00", "\\u{", "\\x")))
        or ("&" in text and "#" in text)
        or "\0" in text
        or soft_breaks(text)
    )
