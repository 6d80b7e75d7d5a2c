"""Configuration: `.newmanrc`, `pyproject.toml`, `postrunner.toml` and `POSTRUNNER_*` variables, for every option of a run.

From low to high: /etc/postman/newmanrc, ~/.postman/newmanrc, .newmanrc, `[tool.postrunner]` in pyproject.toml,
postrunner.toml, environment variables; what is typed on the command line wins over all. A value replaces the lower one,
only the options of reporters are merged one by one. Relative paths count from the current folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runner.errors import UsageError
from runner.formats.reading import read_text
from runner.option_values import LONGEST_WAIT, MOST, kind_of, parse_pair, parse_size, shown, whole_number
from runner.options import option_fields

PREFIX = "POSTRUNNER_"
NOT_OPTIONS = frozenset({"POSTRUNNER_DEBUG", "POSTRUNNER_POSTMAN_API_URL"})
"""Environment variables with the prefix that have a meaning of their own."""

TELLING = frozenset({"SSLKEYLOGFILE", "POSTRUNNER_POSTMAN_API_URL"})
"""Environment variables that are told of whenever they are set: they give away the keys of connections, and an API key."""

VAULT_PREFIX = "POSTRUNNER_VAULT_"
"""Variables that hold values for `pm.vault`."""

FILES = (
    ("/etc/postman/newmanrc", "rc"),
    ("~/.postman/newmanrc", "rc"),
    (".newmanrc", "rc"),
    ("pyproject.toml", "pyproject"),
    ("postrunner.toml", "toml"),
)
"""Where configuration is looked for, the weakest place first."""

SWITCHES = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
BAILS = ("failure", "folder", "iteration")


@dataclass(slots=True)
class Config:
    """What all places together say: the fields of `RunOptions`, options of reporters, and the collections to run."""

    values: dict[str, Any] = field(default_factory=dict)
    reporter_options: dict[str, str] = field(default_factory=dict)
    collections: tuple[str, ...] = ()
    unknown: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """The file or variable that each field, and each `reporter-…` option, has its value from."""


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of the current folder, the user and the environment; raises `UsageError` with the place."""
    config = Config()
    for path, kind in FILES:
        path = os.path.expanduser(path)
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
    except ValueError as error:  # also a number of too many digits
        raise UsageError(f"not valid TOML: {error}", where=path) from None


def _read_pyproject(path: str) -> dict[str, Any]:
    if not re.search(r"tool\s*\.\s*postrunner|^[ \t]*(?:\[[ \t]*)?tool\s*[]=]", read_text(path), re.MULTILINE):
        return {}  # spares most projects the TOML parser
    tools = _read_toml(path).get("tool", {})
    table = tools.get("postrunner", {}) if isinstance(tools, dict) else tools
    if not isinstance(table, dict):
        raise UsageError("[tool.postrunner] is a table", where=path)
    return table


READERS: dict[str, Callable[[str], dict[str, Any]]] = {"rc": _read_rc, "toml": _read_toml, "pyproject": _read_pyproject}


def _take_table(config: Config, table: dict[str, Any], path: str) -> None:
    names = _names()
    for key, value in table.items():
        name, where = names.get(_plain(key)), f"{path}: {key}"
        if name == "reporter":
            _take_reporters(config, value, where, path)
        elif name == "collection":
            config.collections = _texts(value, where)
        elif name == "insecure_file_read":
            config.values["no_insecure_file_read"] = not _switch(value, where)
            config.places["no_insecure_file_read"] = path
        elif name is not None:
            config.values[name] = check_field(_meta(name), value, where)
            config.places[name] = path
        else:
            raise _unknown(key, f"{path}: there is no option {shown(key)}", names)


def _take_environ(config: Config, environ: Mapping[str, str]) -> None:
    names = _names()
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable in NOT_OPTIONS or variable.startswith(VAULT_PREFIX):
            continue
        key = variable.removeprefix(PREFIX)
        name = names.get(_plain(key))
        if name == "collection":
            config.collections = tuple(value.splitlines())
        elif name in _fields():
            meta = _meta(name)
            config.values[name] = check_field(meta, _lines(value) if meta["kind"] in ("list", "pair") else value, variable)
            config.places[name] = variable
        elif key.startswith("REPORTER_"):
            _take_reporter_option(
                config, key.removeprefix("REPORTER_").lower().replace("_", "-"), value, variable, variable
            )
        else:
            _take_unknown(config, variable, key, names)


def _take_unknown(config: Config, variable: str, key: str, names: dict[str, str]) -> None:
    """A misspelt option is an error; another name with this prefix may be someone else's, so it is only told."""
    error = _unknown(key, f"{variable} is no option", names)
    if error.hint.startswith("did you mean"):
        raise UsageError(error.message, hint=f"did you mean {PREFIX}{_nearest(key, names).upper()}?")
    config.unknown.append(variable)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# -- names ------------------------------------------------------------------------------------------------------------


def _plain(key: str) -> str:
    """A key without what its styles differ in: `iterationCount`, `iteration-count` and `ITERATION_COUNT` are one."""
    return re.sub(r"[-_]", "", key).lower()


def _fields() -> dict[str, dict[str, Any]]:
    return {name: meta for name, meta, _ in option_fields()}


def _meta(name: str) -> dict[str, Any]:
    return _fields()[name]


def _names() -> dict[str, str]:
    """Plain key → field; `insecureFileRead` is how Newman's files call the opposite of `--no-insecure-file-read`."""
    return {_plain(name): name for name in (*_fields(), "collection", "reporter", "insecure_file_read")}


def _nearest(key: str, names: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(_plain(key), names, 1, 0.75)
    return names[found[0]] if found else ""


def _unknown(key: str, message: str, names: Mapping[str, str]) -> UsageError:
    near = _nearest(key, names)
    hint = f"did you mean {near.replace('_', '-')}?" if near else "the options are those of `postrunner run --help`"
    return UsageError(message, hint=hint)


# -- values -----------------------------------------------------------------------------------------------------------


def check_field(meta: Mapping[str, Any], value: Any, where: str) -> Any:
    """The value of an option by its kind; raises `UsageError` that names `where`."""
    if meta["kind"] == "choice":
        if value not in meta["choices"]:
            raise UsageError(f"{shown(value)} is none of {', '.join(meta['choices'])}", where=where)
        return value
    return CHECKS[meta["kind"]](value, where)


def _text(value: Any, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UsageError(f"{kind_of(value)} is no text", where=where)
    return str(value)


def _name(value: Any, where: str) -> str:
    """A text that is not empty: `-e "$ENVIRONMENT"` with an unset variable is a mistake."""
    text = _text(value, where)
    if not text.strip():
        raise UsageError("is empty", where=where, hint="is a variable not set?")
    return text


def _names_of(value: Any, where: str) -> tuple[str, ...]:
    return tuple(_name(one, where) for one in _texts(value, where))


def _switch(value: Any, where: str) -> bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.strip().lower() not in SWITCHES:
        raise UsageError(f"{shown(value)} is neither true nor false", where=where)
    return SWITCHES[value.strip().lower()]


def _whole(least: int, most: int) -> Callable[[Any, str], int]:
    def check(value: Any, where: str) -> int:
        number = None if isinstance(value, bool) else whole_number(str(value), least, most)
        if number is None:
            raise UsageError(f"{shown(value)} is no whole number from {least} to {most}", where=where)
        return number

    return check


def _texts(value: Any, where: str) -> tuple[str, ...]:
    return tuple(_text(one, where) for one in (value if isinstance(value, list | tuple) else [value]))


def _comma_names(value: Any, where: str) -> tuple[str, ...]:
    names = tuple(part.strip() for text in _texts(value, where) for part in text.split(",") if part.strip())
    if not names:
        raise UsageError("names nothing", where=where)
    return names


def _pairs(value: Any, where: str) -> tuple[tuple[str, str], ...]:
    """`KEY=VALUE` texts, an object, or Newman's list of `{"key": …, "value": …}`."""
    if isinstance(value, dict) and not {"key", "value"} <= set(value):
        return tuple((key, _text(one, f"{where}.{key}")) for key, one in value.items())
    return tuple(_pair(one, where) for one in (value if isinstance(value, list | tuple) else [value]))


def _pair(value: Any, where: str) -> tuple[str, str]:
    if isinstance(value, dict):
        if "key" not in value:
            raise UsageError("a variable needs a key", where=where)
        return _text(value["key"], where), _text(value.get("value", ""), where)
    try:
        return parse_pair(_text(value, where))
    except UsageError as error:
        raise UsageError(error.message, where=where, hint=error.hint) from None


def _bail(value: Any, where: str) -> str | None:
    if isinstance(value, bool):
        return "failure" if value else None
    names = _comma_names(value, where)
    wrong = [name for name in names if name not in BAILS]
    if wrong:
        raise UsageError(f"{shown(wrong[0])} is none of {', '.join(BAILS)}", where=where)
    return ",".join(names)


def _size(value: Any, where: str) -> int:
    try:
        return parse_size(_text(value, where))
    except UsageError as error:
        raise UsageError(error.message, where=where, hint=error.hint) from None


CHECKS: dict[str, Callable[[Any, str], Any]] = {
    "text": _text,
    "path": _name,
    "flag": _switch,
    "count": _whole(1, MOST),
    "ms": _whole(0, LONGEST_WAIT),
    "pair": _pairs,
    "list": _names_of,
    "names": _comma_names,
    "bail": _bail,
    "size": _size,
}


def _take_reporters(config: Config, value: Any, where: str, place: str) -> None:
    """`{"junit": {"export": "r.xml"}}` as the options of the command line; a plain value is for all reporters."""
    if not isinstance(value, dict):
        raise UsageError("options of reporters are an object", where=where)
    for name, options in value.items():
        if not isinstance(options, dict):
            _take_reporter_option(config, name, options, f"{where}.{name}", place)
            continue
        for key, one in options.items():
            _take_reporter_option(config, f"{name}-{key}", one, f"{where}.{name}.{key}", place)


def _take_reporter_option(config: Config, full: str, value: Any, where: str, place: str) -> None:
    """One option of a reporter; `false` for one that takes a value is as if it had not been given."""
    from runner.reporters.known_options import check_value, find_option, needs_value

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
    text = str(value).lower() if isinstance(value, bool) else _text(value, where)
    check_value(found, text, where)
    config.reporter_options[found.full] = text
    config.places[f"reporter-{found.full}"] = place


__all__ = ["Config", "check_field", "load_config"]
