"""The formats of texts that JSON Schema and OpenAPI name. A format that is not here says nothing of a value."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable

from runner.contract.validation.patterns import as_python
from runner.model.json import Json

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII)
_DURATION = re.compile(
    r"P(?:\d+W|(?=.)(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?=\d)(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)",
    re.ASCII,
)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*", re.DOTALL)
_RELATIVE = re.compile(r"(?:0|[1-9]\d*)(?:#|(?:/(?:[^~/]|~[01])*)*)", re.ASCII | re.DOTALL)
_URI = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?"
    r"(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_ALLOWED = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")
_AUTHORITY = re.compile(r"(?:[^@\[\]]*@)?(?:\[(?P<ip>[^\[\]@]*)\]|[^@\[\]:]*)(?::\d*)?", re.ASCII)
_EXPRESSION = re.compile(
    r"[+#./;?&=,!@|]?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})*(?:\*|:[1-9]\d{0,3})?"
    r"(?:,(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})*(?:\*|:[1-9]\d{0,3})?)*",
    re.ASCII,
)
_LITERAL = re.compile(r"(?:[^\x00-\x20\"'%<>\\^`{|}]|%[0-9A-Fa-f]{2})*")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def _date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    return 1 <= month <= 12 and 1 <= day <= (monthrange(year, month)[1] if year else 31)


def _time(text: str) -> bool:
    """RFC 3339, section 5.6; a leap second is one at the end of a day of UTC."""
    found = _TIME.fullmatch(text)
    if found is None:
        return False
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    shift = int(found[5] or 0), int(found[6] or 0)
    if hour > 23 or minute > 59 or second > 60 or shift[0] > 23 or shift[1] > 59:
        return False
    sign = -1 if found[4] == "+" else 1
    return second < 60 or (hour * 60 + minute + sign * (shift[0] * 60 + shift[1])) % 1440 == 1439


def _date_time(text: str) -> bool:
    return _date(text[:10]) and text[10:11] in ("T", "t") and _time(text[11:])


def _email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    if domain.startswith("[") and domain.endswith("]"):
        inner = domain[1:-1]
        fits = _ipv6(inner[5:]) if inner.lower().startswith("ipv6:") else _ipv4(inner)
    else:
        fits = _hostname(domain)
    return bool(at and fits and (_ATOM.fullmatch(local) or _QUOTED.fullmatch(local)))


def _hostname(text: str) -> bool:
    """RFC 1123, and RFC 5891 for labels that begin with `xn--`."""
    labels = text.split(".")
    return len(text) <= 253 and all(_LABEL.fullmatch(label) and _is_ace(label) for label in labels)


def _is_ace(label: str) -> bool:
    return label[2:4] != "--" or (label.lower().startswith("xn--") and _idn_label(label))


def _idn_label(label: str) -> bool:
    import idna

    try:
        idna.ulabel(label) if label.isascii() else idna.alabel(label)
    except (idna.IDNAError, UnicodeError):
        return False
    return True


def _idn_hostname(text: str) -> bool:
    labels = re.split("[.\u3002\uff0e\uff61]", text)
    return all(_hostname(label) if label.isascii() else _idn_label(label) for label in labels) and len(text) <= 253


def _idn_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    plain = "".join("x" if ord(one) > 127 and unicodedata.category(one)[0] not in "CZ" else one for one in local)
    return bool(at and _idn_hostname(domain) and _email(f"{plain}@a.example"))


def _ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return text.isascii()


def _ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text and text.isascii()


def _uri(text: str, *, reference: bool = False, international: bool = False) -> bool:
    """RFC 3986, or RFC 3987 for international ones."""
    if international:
        text = "".join("x" if ord(one) >= 0xA0 and unicodedata.category(one) not in ("Cn", "Cs") else one for one in text)
    found = _URI.fullmatch(text)
    if found is None or (not reference and not found["scheme"]):
        return False
    authority = found["authority"]
    if authority is not None:
        host = _AUTHORITY.fullmatch(authority)
        if host is None or (host["ip"] is not None and not (_ipv6(host["ip"]) or host["ip"][:1] in ("v", "V"))):
            return False
        if not _ALLOWED.fullmatch(authority.replace("[", "").replace("]", "")):
            return False
    if not found["scheme"] and authority is None and ":" in found["path"].partition("/")[0]:
        return False
    return all(_ALLOWED.fullmatch(found[part] or "") for part in ("path", "query", "fragment"))


def _uri_template(text: str) -> bool:
    at = 0
    while (start := text.find("{", at)) >= 0:
        end = text.find("}", start)
        if end < 0 or not _LITERAL.fullmatch(text, at, start) or not _EXPRESSION.fullmatch(text, start + 1, end):
            return False
        at = end + 1
    return bool(_LITERAL.fullmatch(text, at))


def _regex(text: str) -> bool:
    try:
        as_python(text, strict=True)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _whole(bits: int) -> Callable[[int | float], bool]:
    return lambda number: -(2 ** (bits - 1)) <= number < 2 ** (bits - 1)


OF_TEXTS: dict[str, Callable[[str], bool]] = {
    "date": _date,
    "time": _time,
    "date-time": _date_time,
    "duration": lambda text: text != "P" and bool(_DURATION.fullmatch(text)),
    "email": _email,
    "idn-email": _idn_email,
    "hostname": _hostname,
    "idn-hostname": _idn_hostname,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "uri": _uri,
    "uri-reference": lambda text: _uri(text, reference=True),
    "iri": lambda text: _uri(text, international=True),
    "iri-reference": lambda text: _uri(text, reference=True, international=True),
    "uri-template": _uri_template,
    "uuid": lambda text: bool(_UUID.fullmatch(text)),
    "json-pointer": lambda text: bool(_POINTER.fullmatch(text)),
    "relative-json-pointer": lambda text: bool(_RELATIVE.fullmatch(text)),
    "regex": _regex,
    "byte": lambda text: bool(_BASE64.fullmatch(text)),
}

OF_NUMBERS: dict[str, Callable[[int | float], bool]] = {"int32": _whole(32), "int64": _whole(64)}


def conforms(value: Json, format: object) -> bool:
    """Whether a value is of a format; one of another type than the format is for is."""
    if isinstance(value, str) and isinstance(format, str) and format in OF_TEXTS:
        return OF_TEXTS[format](value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and format in OF_NUMBERS:
        return OF_NUMBERS[str(format)](value)
    return True
