"""Names of variables, after what responses and requests call their values."""

from __future__ import annotations

import re

from runner.foreign.har.values.places import Place, singular
from runner.secrets.names import words, words_of

_GENERAL = words("id uuid guid key code name value slug number no ref href url link self next data result")
"""Words that say nothing without what they belong to."""

_CHARACTERS = re.compile(r"[^A-Za-z0-9_]+")


def name_for(place: Place, resource: str) -> str:
    """The name of a variable for a value; `resource` is what the request is about (`users` of `POST /users`)."""
    name = place.name or (f"{singular(resource)}_value" if resource else "value")
    if place.kind in ("header", "cookie") or "-" in name:
        name = camel(name)
    if len(words_of(name)) <= 1 and name.lower() in _GENERAL:
        owner = singular(place.owner or resource)
        name = camel(f"{owner} {name}") if owner else name
    return plain(name)


def camel(text: str) -> str:
    """Words joined as in `userId`; an `X-` in front is not a word."""
    words = [word for word in re.split(r"[^A-Za-z0-9]+", re.sub(r"^[xX]-", "", text)) if word] or ["value"]
    words = [word.capitalize() if word.isupper() else word[:1].upper() + word[1:] for word in words]
    return words[0][:1].lower() + "".join(words)[1:]


def plain(text: str) -> str:
    """A text as the name of a variable: letters, digits and underscores."""
    name = _CHARACTERS.sub("_", text).strip("_") or "value"
    return f"value_{name}" if name[0].isdigit() else name


def resource_of(path: str) -> str:
    """The last word of a path that is not an id: `users` of `/api/users/57`."""
    for segment in reversed(path.split("/")):
        if re.fullmatch(r"[A-Za-z][A-Za-z_-]*", segment) and not re.fullmatch(r"v\d+|api|rest", segment, re.IGNORECASE):
            return segment
    return ""


class Names:
    """The names of variables that are taken; one may be used again when nothing needs its value any longer."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}

    def unused(self, name: str, since: int = -1, until: int = 1 << 60) -> str:
        """The name itself if no variable of it is needed after `since`, else with a number."""
        found, number = name, 1
        while self._until.get(found, -2) > since:
            number += 1
            found = f"{name}{number}"
        self._until[found] = until
        return found
