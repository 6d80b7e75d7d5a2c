"""Whether a script uses sugar.js, whose methods stand on the native prototypes of Postman's sandbox.

It is loaded only for scripts that seem to use it: it takes several milliseconds, and few scripts do. A name that other
libraries have as well (`count`, `first`, `add`) tells only where it is not called on one of them.
"""

from __future__ import annotations

import re

OWN = (
    "abbr addFlag advance average camelize capitalize chars codes dasherize daysInMonth decodeBase64 downto "
    "encodeBase64 escapeHTML escapeRegExp escapeURL exclude findAll getFlags getISOWeek getUTCOffset "
    "getUTCWeekday getWeekday hankaku hiragana humanize inGroups inGroupsOf intersect isBlank isEven isFuture "
    "isLeapYear isMultipleOf isOdd isPast isTomorrow isToday isWeekday isWeekend isYesterday katakana least none "
    "ordinalize padLeft padRight paragraphs parameterize pluralize randomize removeAt removeFlag removeTags "
    "rewind setFlags setISOWeek setWeekday singularize spacify stripTags subtract titleize toNumber truncate "
    "underscore unescapeHTML unescapeURL upto zenkaku "
)
"""Names of sugar.js alone."""

SHARED = (
    "compact count first flatten from groupBy isEmpty last lines max min pad remove reverse sample sortBy sum "
    "times union unique words zip insert clone any all each include add shift iso "
)
"""Names that chai, lodash, moment and Postman's lists have, too."""

STATIC = {
    "Object": "any average clone count each equal extended find findAll fromQueryString has isArray isBoolean isDate "
    "isEmpty isFunction isNaN isNumber isObject isRegExp isString least map max merge min most none reduce reject select "
    "size sum tap toQueryString watch",
    "Array": "create",
    "Date": "addFormat addLocale create future getLocale past range setLocale utc",
    "Number": "random",
    "RegExp": "escape",
}
"""Functions on the constructors."""


def alternatives(names: str) -> str:
    """A pattern for one of these names."""
    return "|".join(names.split())


UNITS = "(?:year|month|week|day|hour|minute|second|millisecond)s?"
ADDED = "(?:Year|Month|Week|Day|Hour|Minute|Second|Millisecond)s"
BUILTINS = r"""(?:["'\])`]|\bresponse[bB]ody|\btext\(\))"""
USES = re.compile(
    "|".join(
        (
            rf"(?<!\b_)\.(?:{alternatives(OWN)})\s*\(",
            rf"{BUILTINS}\.(?:{alternatives(SHARED)})\s*\(",
            *(rf"\b{name}\.(?:{alternatives(names)})\s*\(" for name, names in STATIC.items()),
            rf"\.(?:{UNITS}(?:Before|Ago|After|FromNow|Until|Since)|add{ADDED}|(?:beginning|end)Of[A-Z][a-z]+)\s*\(",
            rf"\bnew Date\([^()]*\)\.(?:format|is[A-Z]\w+|{alternatives(SHARED)})\s*\(",
            rf"\(\d+\)\.(?:abs|ceil|chr|days|floor|format|hex|pow|round|{UNITS})\s*\(",
        )
    )
)


def uses_sugar(source: str) -> bool:
    """Whether this text seems to call a method of sugar.js."""
    return USES.search(source) is not None
