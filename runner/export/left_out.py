"""Which new values an export leaves out: those that are secret by any rule and that the loaded file did not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from runner.deep_json import same
from runner.events import Warned
from runner.model.variable import Variable
from runner.rules.text import json_text
from runner.secrets import Secrets, is_hideable, names_a_secret

Names = tuple[str, ...]


def without_new_secrets(
    variables: Iterable[Variable], secret_names: Names = (), secrets: Secrets | None = None
) -> Iterator[Variable]:
    """The variables with secret values as their file has them; a secret that came from elsewhere is left out.

    The variable itself stays, with its mark and the value of its file, so that it can be filled in again; it is removed
    if its name contains a secret.
    """
    for variable in variables:
        written = _as_written(variable, secret_names, secrets)
        if written is not None:
            yield written


def _as_written(variable: Variable, secret_names: Names, secrets: Secrets | None) -> Variable | None:
    held = variable.source.get("value") if variable.source is not None else ""
    if variable.source is None and secrets is not None and secrets.shows_secret(variable.key):
        return None
    if variable.source is not None and same(held, variable.value):
        return variable
    text = variable.value if isinstance(variable.value, str) else json_text(variable.value)
    if marked_secret(variable, secret_names) or (secrets is not None and secrets.shows_secret(text)):
        return replace(variable, value=held)
    return variable


def marked_secret(variable: Variable, secret_names: Names) -> bool:
    """Whether a variable is secret regardless of its value: by its type, `--secret` or its name."""
    if variable.secret or variable.key in secret_names:
        return True
    several = isinstance(variable.value, list | dict) and bool(variable.value)
    return names_a_secret(variable.key) and (several or is_hideable(variable.value))


def left_out(
    kind: str,
    variables: Iterable[Variable],
    secret_names: Names = (),
    secrets: Secrets | None = None,
    option: str = "--export-secrets",
) -> Iterator[Warned]:
    """A warning that names the variables whose new values `without_new_secrets` keeps out of an export, and the option."""
    names: list[str] = []
    for one in variables:
        written = _as_written(one, secret_names, secrets)
        if one.value not in (None, "") and (written is None or not same(one.value, written.value)):
            names.append(f'"{one.key if secrets is None else secrets.mask(one.key)}"')
    if names:
        s, them = ("", "it") if len(names) == 1 else ("s", "them")
        what = f"the new value{s} of the secret{s} {', '.join(names)}"
        message = f"left out of the exported {kind}: {what}; {option} writes {them}"
        yield Warned(code="secret-left-out", message=message)
