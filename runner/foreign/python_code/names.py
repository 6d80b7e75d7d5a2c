"""Names of Python for those of a collection."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata

from runner.foreign.names import unused

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")

TAKEN = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins)})


def snake_case(name: str, otherwise: str) -> str:
    """A name in small letters with underscores; `otherwise` is used for one without letters and before digits."""
    plain = unicodedata.normalize("NFKC", _HUMP.sub("_", name)).lower()
    made = re.sub(r"_{2,}", "_", re.sub(r"\W", "_", plain)).strip("_")
    if not made.isidentifier():
        made = f"{otherwise}_{made}".strip("_")
    return made if made.isidentifier() else otherwise


def free_name(name: str, taken: set[str], otherwise: str, before: str = "") -> str:
    """A name of Python that nothing else has; it is added to those that are taken."""
    made = before + snake_case(name, otherwise)
    return unused(f"{made}_" if made in TAKEN else made, taken, "{}_{}")
