"""A job without its secrets, for a channel that anybody may read; and with them again, on a machine that has them.

What is secret by its mark, by its name or in an auth becomes a reference with the name of an environment variable. Filling
in is exact: a job that was split and filled with the same values is the same job.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping

from runner.engine.secret_discovery import learn_collection
from runner.errors import LoadError, UsageError
from runner.formats.postman.v2 import parse_collection
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.secrets import Secrets, is_hideable, names_a_secret
from runner.secrets.naming import Naming

TEXT, OTHER, END = "\ue001", "\ue003", "\ue002"
"""A reference to a secret text, to one of another type, and its end."""

_REFERENCE = re.compile(f"([{TEXT}{OTHER}])([A-Z0-9_]{{1,200}}){END}")

OF_A_MACHINE = ("ssl_client_cert", "ssl_client_key", "ssl_client_cert_list", "ssl_extra_ca_certs")
"""Options that name files of the master, which workers have not."""

NO_VALUES = ("secret", "secret_pattern")
"""Options that say what is secret, by names and patterns."""

INSECURE = "--insecure-workers sends secrets as they are, to whoever can read what goes over the network"


@dataclass(frozen=True, slots=True)
class Bare:
    """A job without secrets, and what is to be filled in: the environment variable of each, and what it is called there."""

    job: JsonObject
    needs: dict[str, str]

    def to_json(self) -> JsonObject:
        """As plain data."""
        return {"job": self.job, "needs": self.needs}


class _References(Naming):
    """Puts references in the places of secrets; `called` says what each of them is called in the job."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__(secrets)
        self.called: dict[str, str] = {}

    def whole(self, said: str, value: Json) -> str:
        """A reference to a whole value."""
        return self._named(said, value) if isinstance(value, str) else self._other(said, value)

    def _other(self, said: str, value: Json) -> str:
        return self._reference(OTHER, said, json.dumps(value))

    def _named(self, said: str, value: str) -> str:
        return self._reference(TEXT, said, value)

    def _reference(self, kind: str, said: str, value: str) -> str:
        name = self.named.literal(said, value)
        self.called.setdefault(name, said)
        return f"{kind}{name}{END}"


def split(job: JsonObject) -> Bare:
    """Take the secrets out of a job; raises `UsageError` for those that no worker could have."""
    options: JsonObject = job["options"]
    secrets = Secrets()
    for value in job["secrets"]:
        secrets.add(value)
    learn_collection(secrets, parse_collection(job["collection"], job["path"]))
    _refuse(job, secrets)
    references = _References(secrets)
    marked = frozenset(options.get("secret", ()))
    variables = {scope: [_row(row, references, marked) for row in rows] for scope, rows in job["variables"].items()}
    bare = {
        **job,
        "variables": variables,  # first: a worker may have each under its own name
        "collection": references.tree(job["collection"]),
        "options": {
            name: one if name in NO_VALUES else references.tree({name: one})[name] for name, one in options.items()
        },
        "secrets": [],
    }
    _check(bare, secrets)
    return Bare(bare, references.called)


def check_options(options: JsonObject) -> None:
    """Raise `UsageError` for options that name files: on another machine these would be others, or somebody's own."""
    for name in OF_A_MACHINE:
        if options.get(name):
            hint = "a proxy beside each worker may add certificates"
            raise UsageError("names a file, which does not travel to other machines", where=_flag(name), hint=hint)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _row(row: list[Json], references: _References, marked: frozenset[str]) -> list[Json]:
    """A variable of `Job.variables` without its value if that is secret, and without what its file says of it."""
    key, value, type, disabled, _, by_script, *undefined = row
    secret = type == "secret" or key in marked or (names_a_secret(str(key)) and _is_value(value))
    if secret and value not in ("", None):
        if by_script:
            message = f"the setup sets the secret {key}, which does not travel to other machines"
            raise UsageError(message, hint=f"let each user ask for it, or {INSECURE}")
        value = references.whole(str(key), value)
    elif value is not None:
        value = references.tree({"value": value})["value"]
    return [key, value, type, disabled, None, by_script, *undefined]


def _is_value(value: Json) -> bool:
    return bool(value) if isinstance(value, list | dict) else is_hideable(value)


def _refuse(job: JsonObject, secrets: Secrets) -> None:
    """Raise `UsageError` for secrets that have no name under which a worker could have them."""
    if job["cookies"].get("cookies"):
        raise UsageError("cookies do not travel to other machines", hint=f"let each user log in, or {INSECURE}")
    for path, content in (job["files"] or {}).items():
        if secrets.has_value(b64decode(content).decode("utf-8", "replace")):
            raise UsageError("the file holds a secret, which does not travel to other machines", where=path, hint=INSECURE)
    for row in job["rows"]:
        shown = _References(secrets).tree(row)
        column = next((name for name in row if shown.get(name) != row[name]), None)
        if column is not None:
            message = f"the column {column} has secrets, which do not travel to other machines"
            raise UsageError(message, where="--iteration-data", hint=INSECURE)


def _check(bare: JsonObject, secrets: Secrets) -> None:
    """Raise `UsageError` if a text of the job still holds a secret: in a name, say, which is not replaced."""
    for where, text in _texts(bare):
        if secrets.has_value(_REFERENCE.sub("", text)):
            message = f"{where} holds a secret, which does not travel to other machines"
            raise UsageError(message, hint=f"take it out of there, or {INSECURE}")


def _texts(bare: JsonObject) -> Iterator[tuple[str, str]]:
    """Every text of a job, and the part in which it stands."""
    for part, content in bare.items():
        waiting: list[Json] = [content] if part != "files" else []
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                yield part, value
            elif isinstance(value, list | tuple):
                waiting += value
            elif isinstance(value, dict):
                waiting += [*value, *value.values()]


def filled(sent: JsonObject, *sources: Mapping[str, str]) -> JsonObject:
    """The job of what `Bare.to_json` gave, with the values of the first source that has each; raises `LoadError`.

    A variable may stand there under its own name or under that of its environment variable.
    """
    needs: JsonObject = sent["needs"]
    values: dict[str, str] = {}
    missing = []
    for name, called in needs.items():
        found = next((source[key] for source in sources for key in (name, called) if key in source), None)
        if found is None:
            missing.append(name if name == called else f"{name} ({called})")
        else:
            values[name] = found
    if missing:
        hint = "give them with --env-file, or in the environment of the worker"
        raise LoadError(f"this machine has no value for {', '.join(missing)}", hint=hint)
    job: JsonObject = {part: _filled(value, values) for part, value in sent["job"].items()}
    return {**job, "secrets": [*job["secrets"], *values.values()]}


def _filled(value: Json, values: Mapping[str, str]) -> Json:
    if isinstance(value, dict):
        return {key: _filled(one, values) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values) for one in value]
    if not isinstance(value, str) or END not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole is not None and whole[1] == OTHER:
        return _parsed(whole[2], _value(whole[2], values))
    return _REFERENCE.sub(lambda found: _value(found[2], values), value)


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise LoadError(f"the job of the master refers to {name}, which it does not name")
    return values[name]


def _parsed(name: str, text: str) -> Json:
    try:
        parsed: Json = json.loads(text)
    except ValueError:
        hint = "write it as it stands in the collection: 1, true, []"
        raise LoadError(f"the value of {name} is not JSON", hint=hint) from None
    return parsed
