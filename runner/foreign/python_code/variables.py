"""The variables of a collection as dictionaries of Python, one for each of Postman's scopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runner.foreign.python_code.literals import literal, quoted
from runner.rules.substitute import MISSING
from runner.variables.scopes import Scopes

SCOPES = {"local": "local", "environment": "environment", "collection": "collection", "globals": "globals_"}
"""The scopes by the names of their dictionaries, the one that wins first."""

OWN_NAMES = frozenset({"response", "variables", "others", *SCOPES.values()})
"""Names that the file uses itself."""

OTHERS = "others"
"""The dictionary of what has no scope: secrets that stand in texts of the collection."""


def dictionaries(scopes: Scopes, names: Iterable[str], secrets: Mapping[str, str], asked: Mapping[str, str]) -> str:
    """The dictionaries with the variables of these names, and the chain of them in which they are looked up.

    `secrets` and `asked` map names to the environment variables that hold their values; those that are `asked` for have no
    value at the time of the export, and nothing in the file sets them.
    """
    rows: dict[str, list[str]] = {name: [] for name in (*SCOPES.values(), OTHERS)}
    for name in dict.fromkeys(names):
        holders = [scope for scope in scopes.ordered if scope.name in SCOPES and scope.get(name) is not MISSING]
        for scope in holders:
            value = scope.get(name)
            if name in secrets:
                made = f"os.environ[{quoted(secrets[name])}]"
            elif name in asked and value in (None, ""):
                made = f"os.environ[{quoted(asked[name])}]"
            else:
                made = literal(value)
            rows[SCOPES[scope.name]].append(f"    {quoted(name)}: {made},\n")
        if not holders and name in {**secrets, **asked}:
            rows[OTHERS].append(f"    {quoted(name)}: os.environ[{quoted({**asked, **secrets}[name])}],\n")
    used = [name for name in rows if rows[name] or name != OTHERS]
    texts = [f"{name} = {{\n{''.join(rows[name])}}}" if rows[name] else f"{name} = {{}}" for name in used]
    return "\n".join([*texts, f"variables = ChainMap({', '.join(used)})"])
