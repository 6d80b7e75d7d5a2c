"""Percent-encoding of the parts of a URL, as Postman's encoder does it: an existing `%` stays."""

from __future__ import annotations

import re

_FRAGMENT_SET = ' "<>`'
_PATH_SET = _FRAGMENT_SET + "#?{}"
_QUERY_SET = " \"#'<>"
_USERINFO_SET = _PATH_SET + "/:;=@[\\]^|"


def _encoding_table(encoded: str) -> list[str]:
    return [f"%{b:02X}" if b < 0x20 or b >= 0x7F or chr(b) in encoded else chr(b) for b in range(256)]


_PATH_TABLE, _QUERY_TABLE, _USERINFO_TABLE = map(_encoding_table, (_PATH_SET, _QUERY_SET, _USERINFO_SET))
_FRAGMENT_TABLE = _encoding_table(_FRAGMENT_SET)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/\-._~!$&'()*+,;=:@%\[\]^|\\]*\Z")
_PLAIN_QUERY = re.compile(r"[A-Za-z0-9/\-._~!$&()*+,;=:@%?\[\]^|\\`{}]*\Z")


def utf8(text: str) -> bytes:
    """UTF-8 as Node writes it: a lone surrogate becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def encode_path(text: str) -> str:
    """Percent-encode a path; an existing `%` stays, whether it is a valid escape or not."""
    return text if _PLAIN_PATH.match(text) else "".join([_PATH_TABLE[b] for b in utf8(text)])


def encode_query(text: str) -> str:
    """Percent-encode a query; `+`, brackets, braces and an existing `%` stay."""
    return text if _PLAIN_QUERY.match(text) else "".join([_QUERY_TABLE[b] for b in utf8(text)])


def encode_fragment(text: str) -> str:
    """Percent-encode a fragment, which is shown but never sent."""
    return "".join([_FRAGMENT_TABLE[b] for b in utf8(text)])


def encode_userinfo(text: str) -> str:
    """Percent-encode a user name or password of a URL."""
    return "".join([_USERINFO_TABLE[b] for b in utf8(text)])
