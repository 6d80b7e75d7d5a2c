"""Configuration: `.newmanrc`, `pyproject.toml`, `postrunner.toml` and `POSTRUNNER_*` variables, for every option of a run.

From low to high: /etc/postman/newmanrc, ~/.postman/newmanrc, .newmanrc, `[tool.postrunner]` in pyproject.toml,
postrunner.toml, environment variables; what is typed on the command line wins over all. A value replaces the lower one,
only the options of reporters are merged one by one. Relative paths count from the current folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from runner.descriptors import tell_read
from runner.errors import UsageError
from runner.formats.reading import read_text
from runner.model.quick_dataclass import dataclass
from runner.options import all_options
from runner.options.check import check_switch, check_text, check_texts, check_value
from runner.options.option import Option
from runner.options.values import shown

PREFIX = "POSTRUNNER_"
NOT_OPTIONS = frozenset({"POSTRUNNER_DEBUG", "POSTRUNNER_POSTMAN_API_URL", "POSTRUNNER_JOIN_TOKEN"})
"""Environment variables with the prefix that have a meaning of their own."""

TELLING = frozenset({"SSLKEYLOGFILE", "POSTRUNNER_POSTMAN_API_URL"})
"""Environment variables that always cause a warning: one reveals the keys of connections, one is an API key."""

NOT_OPTION_PREFIXES = ("POSTRUNNER_VAULT_", "POSTRUNNER_RUN_")
"""Of variables that hold values for `pm.vault`, and of those that a command of `--on-fail` gets."""

FILES = (
    ("/etc/postman/newmanrc", "rc"),
    ("~/.postman/newmanrc", "rc"),
    (".newmanrc", "rc"),
    ("pyproject.toml", "pyproject"),
    ("postrunner.toml", "toml"),
)
"""Where configuration is searched, lowest priority first."""


@dataclass(slots=True)
class Config:
    """The merged configuration: fields of `RunOptions`, options of reporters, and the collections to run."""

    values: dict[str, Any] = field(default_factory=dict)
    reporter_options: dict[str, str] = field(default_factory=dict)
    collections: tuple[str, ...] = ()
    unknown: list[str] = field(default_factory=list)
    checks: dict[str, object] = field(default_factory=dict)
    """The table `check`, for `postrunner check`."""

    places: dict[str, str] = field(default_factory=dict)
    """The file or variable that set each field and each `reporter-…` option."""


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of the current folder, the user and the environment; raises `UsageError` with the place."""
    config = Config()
    for path, kind in FILES:
        path = os.path.expanduser(path)
        tell_read(path)
        if os.path.isfile(path):
            _take_table(config, READERS[kind](path), path)
    _take_environ(config, os.environ if environ is None else environ)
    return config


# -- places -----------------------------------------------------------------------------------------------------------


def _read_rc(path: str) -> dict[str, Any]:
    """Newman's file: options at the top level, or below `run`, which win."""
    from runner.errors import InvalidDocument
    from runner.formats.json_text import parse_json

    try:
        document = parse_json(read_text(path), path)
    except InvalidDocument as error:
        raise UsageError(error.message, where=error.where, hint=error.hint) from None
    below = document.pop("run", {}) if isinstance(document, dict) else {}
    if not isinstance(document, dict) or not isinstance(below, dict):
        raise UsageError("options are an object of names and values", where=path)
    return {**document, **below}


def _read_toml(path: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(read_text(path))
    except RecursionError:
        raise UsageError("not valid TOML: nested too deeply", where=path) from None
    except ValueError as error:  # also for a number with too many digits
        raise UsageError(f"not valid TOML: {error}", where=path) from None


def _read_pyproject(path: str) -> dict[str, Any]:
    if not re.search(r"tool\s*\.\s*postrunner|^[ \t]*(?:\[[ \t]*)?tool\s*[]=]", read_text(path), re.MULTILINE):
        return {}  # saves most projects the import of the TOML parser
    tools = _read_toml(path).get("tool", {})
    table = tools.get("postrunner", {}) if isinstance(tools, dict) else tools
    if not isinstance(table, dict):
        raise UsageError("[tool.postrunner] is a table", where=path)
    return table


READERS: dict[str, Callable[[str], dict[str, Any]]] = {"rc": _read_rc, "toml": _read_toml, "pyproject": _read_pyproject}


def _take_table(config: Config, table: dict[str, Any], path: str) -> None:
    names, options = _names(), _options()
    for key, value in table.items():
        name, where = names.get(_plain(key)), f"{path}: {key}"
        if name == "reporter":
            _take_reporters(config, value, where, path)
        elif name == "collection":
            config.collections = check_texts(value, where)
        elif name == "check":
            if not isinstance(value, dict):
                raise UsageError("is a table of rules and fail-on", where=where)
            config.checks = value
            config.places["check"] = where
        elif name == "insecure_file_read":
            config.values["no_insecure_file_read"] = not check_switch(value, where)
            config.places["no_insecure_file_read"] = path
        elif name is not None:
            config.values[name] = check_value(options[name], value, where)
            config.places[name] = path
        else:
            raise _unknown(key, f"{path}: there is no option {shown(key)}", names)


def _take_environ(config: Config, environ: Mapping[str, str]) -> None:
    names, options = _names(), _options()
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable in NOT_OPTIONS or variable.startswith(NOT_OPTION_PREFIXES):
            continue
        key = variable.removeprefix(PREFIX)
        name = names.get(_plain(key))
        if name == "collection":
            config.collections = tuple(value.splitlines())
        elif name in options:
            option = options[name]
            config.values[name] = check_value(option, _lines(value) if option.kind in ("list", "pair") else value, variable)
            config.places[name] = variable
        elif key.startswith("REPORTER_"):
            _take_reporter_option(
                config, key.removeprefix("REPORTER_").lower().replace("_", "-"), value, variable, variable
            )
        else:
            _take_unknown(config, variable, key, names)


def _take_unknown(config: Config, variable: str, key: str, names: dict[str, str]) -> None:
    """A misspelt option is an error; any other name with this prefix may belong to another program and causes a warning."""
    error = _unknown(key, f"{variable} is not an option", names)
    if error.hint.startswith("did you mean"):
        raise UsageError(error.message, hint=f"did you mean {PREFIX}{_nearest(key, names).upper()}?")
    config.unknown.append(variable)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# -- names ------------------------------------------------------------------------------------------------------------


def _plain(key: str) -> str:
    """A key in its normal form, in which `iterationCount`, `iteration-count` and `ITERATION_COUNT` are equal."""
    return re.sub(r"[-_]", "", key).lower()


def _options() -> dict[str, Option]:
    return {option.name: option for option in all_options()}


def _names() -> dict[str, str]:
    """Plain key → field; Newman's files name the opposite of `--no-insecure-file-read` `insecureFileRead`."""
    return {_plain(name): name for name in (*_options(), "collection", "reporter", "insecure_file_read", "check")}


def _nearest(key: str, names: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(_plain(key), names, 1, 0.75)
    return names[found[0]] if found else ""


def _unknown(key: str, message: str, names: Mapping[str, str]) -> UsageError:
    near = _nearest(key, names)
    hint = f"did you mean {near.replace('_', '-')}?" if near else "the options are those of `postrunner run --help`"
    return UsageError(message, hint=hint)


# -- reporters --------------------------------------------------------------------------------------------------------


def _take_reporters(config: Config, value: Any, where: str, place: str) -> None:
    """Convert `{"junit": {"export": "r.xml"}}` to command line options; a plain value applies to all reporters."""
    if not isinstance(value, dict):
        raise UsageError("options of reporters are an object", where=where)
    for name, options in value.items():
        if not isinstance(options, dict):
            _take_reporter_option(config, name, options, f"{where}.{name}", place)
            continue
        for key, one in options.items():
            _take_reporter_option(config, f"{name}-{key}", one, f"{where}.{name}.{key}", place)


def _take_reporter_option(config: Config, full: str, value: Any, where: str, place: str) -> None:
    """One option of a reporter; `false` unsets an option that takes a value."""
    from runner.reporters.known_options import check_value as check_option
    from runner.reporters.known_options import find_option, needs_value

    try:
        found = find_option(full)
    except UsageError as error:
        raise UsageError(error.message, where=where, hint=error.hint) from None
    takes_value = found.option is not None and not found.option.is_flag
    if takes_value and value is False:
        config.reporter_options.pop(found.full, None)
        return
    if takes_value and value is True and found.option and not found.option.optional:
        raise needs_value(found, where)
    text = str(value).lower() if isinstance(value, bool) else check_text(value, where)
    check_option(found, text, where)
    config.reporter_options[found.full] = text
    config.places[f"reporter-{found.full}"] = place
