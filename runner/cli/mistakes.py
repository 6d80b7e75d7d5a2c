"""Explains mistakes in a command line in the style of all other errors. Imported only after a mistake."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import click

from runner.errors import UsageError
from runner.options import all_options
from runner.secrets import Secrets

OTHER_NAMES = {"version": "--version", "test": "run", "exec": "run", "execute": "run"}
"""Options of other programs and their names here."""

SENSITIVE = ("postman_api_key", "ssl_client_passphrase", "proxy", "secret", "secret_pattern")
"""Options whose values appear in no message, besides NAME=VALUE pairs."""


def unknown_command(args: Sequence[str], commands: Iterable[str]) -> UsageError:
    """The error for a first word that is not a command: a file, a misspelt command, or a command of the Postman CLI."""
    name, *rest = args
    masked = Secrets().mask(name)  # an address may have a password
    return UsageError(f"there is no command {masked!r}", hint=_command_hint(name, masked, rest, list(commands)))


def _command_hint(name: str, masked: str, rest: list[str], commands: list[str]) -> str:
    if name == "collection" and rest[:1] == ["run"]:  # `postman collection run FILE`
        return f"write postrunner {_command_line(rest)}"
    if _is_collection(name):
        return f"to run a collection write postrunner run {_command_line([masked, *rest])}"
    near = OTHER_NAMES.get(name) or next(iter(get_close_matches(name, commands, cutoff=0.5)), "")
    return f"did you mean postrunner {near}?" if near else f"the commands are: {', '.join(commands)}"


def _command_line(words: list[str]) -> str:
    """A command line to type; values of options that may be secrets are left out."""
    sensitive = [option for option in all_options() if option.kind == "pair" or option.name in SENSITIVE]
    hiding = {flag for option in sensitive for flag in option.flags}
    shown: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        flag, equals, _ = word.partition("=")
        hidden = "…" if before in hiding else f"{flag}=…" if equals and flag in hiding else ""
        shown.append(hidden or shlex.quote(Secrets().mask(word)))
    return " ".join(shown)


def _is_collection(name: str) -> bool:
    """Whether a word looks like an argument of `run`: a file, even if it is missing, a pattern or a URL."""
    extension = os.path.splitext(name)[1].lower()
    return (
        os.path.exists(name) or extension in (".json", ".yaml", ".yml") or name.lower().startswith(("http://", "https://"))
    )


def explain(error: click.ClickException) -> UsageError:
    """Explain a mistake that click found."""
    if isinstance(error, click.NoSuchOption):
        return _no_such_option(error)
    if isinstance(error, click.MissingParameter):
        param = error.param
        name = param.make_metavar(error.ctx or click.Context(click.Command(""))) if param else "a parameter"
        name = max(param.opts, key=len) if isinstance(param, click.Option) else name
        return UsageError(f"{name} is missing", hint=_help_of(error))
    if isinstance(error, click.BadOptionUsage):
        takes = "takes no value" if "not take a value" in error.message else "needs a value"
        return UsageError(takes, where=error.option_name, hint=_help_of(error))
    if isinstance(error, click.BadParameter):
        where = max(error.param.opts, key=len) if error.param else ""
        return UsageError(_sentence(error.message), where=where, hint=_help_of(error))
    return UsageError(_sentence(error.message), hint=_help_of(error))


def _no_such_option(error: click.NoSuchOption) -> UsageError:
    name = error.option_name
    message = f"there is no option {name!r}"
    if (
        error.ctx is not None
        and error.ctx.parent is None
        and name in {flag for option in all_options() for flag in option.flags}
    ):
        return UsageError(message, hint=f"it is an option of a command: postrunner run {name} …")
    near = [option for option in error.possibilities or () if option.startswith("--")][:3]
    return UsageError(message, hint=f"did you mean {' or '.join(near)}?" if near else _help_of(error))


def _help_of(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    return f"see {ctx.command_path} --help" if ctx is not None else ""


def _sentence(text: str) -> str:
    """A message of click in our style: no capital at the start, no full stop at the end."""
    lower = re.sub(r"^[A-Z](?![A-Z])", lambda match: match[0].lower(), text.strip()).rstrip(".")
    return lower.replace("no such command", "there is no command")
