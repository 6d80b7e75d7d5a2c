"""The options of a run, from pytest's command line and configuration file and from the hooks of a conftest.py."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.errors import UsageError
from runner.options import RunOptions, all_options
from runner.options.check import check_value
from runner.options.option import Option
from runner.python.given import options_from

OTHERS = {
    "bail": "pytest has -x and --maxfail",
    "jobs": "pytest-xdist has -n",
    "parallel": "pytest-xdist has -n",
    "force_parallel": "pytest-xdist has -n",
    "shard": "plugins such as pytest-split choose items, and what these need before is replayed",
    "shard_by": "plugins such as pytest-split choose items, and what these need before is replayed",
    "last_failed": "pytest has --lf",
    "failed_first": "pytest has --ff",
    "rerun": "pytest has --lf",
    "dry_run": "pytest has --collect-only",
    "list_items": "pytest has --collect-only",
    "suppress_exit_code": "pytest has its own exit codes",
    "allow_empty": "pytest has its own exit codes",
}
"""Options that are pytest's own matter, and what it has in their place; so are all of the output."""

MODES = ("replay", "file", "none")
"""What `postrunner_chain` takes."""

HAS_SUBTESTS = hasattr(pytest, "Subtests")
"""Whether this pytest has subtests: 9 and later."""

MASKING = frozenset({"secret", "secret_pattern", "show_secrets"})
"""The only options of the output that mean something here."""


def options_of(config: pytest.Config, path: Path, more: Mapping[str, object]) -> RunOptions:
    """The options for a collection; `more` are variables that win over its environment. Raises `UsageError`."""
    known = {option.name: option for option in all_options()}
    options = RunOptions(**{**configured(config), "reporters": ()})
    for said in reversed(config.hook.pytest_postrunner_options(config=config, path=path)):
        for name in said:
            _option(known, name, "pytest_postrunner_options")
        options = changed(options, said)
    for said in reversed(config.hook.pytest_postrunner_environment(config=config, collection=path)):
        options = changed(options, {"env_var": said})
    return changed(options, {"env_var": more})


def options_of_items(config: pytest.Config, path: Path, more: Mapping[str, object]) -> RunOptions:
    """The same for the items of a collection, which has a cassette of its own in the folder of `postrunner_record`."""
    options = options_of(config, path, more)
    below = path.relative_to(config.rootpath) if path.is_relative_to(config.rootpath) else Path(path.name)
    for name in ("record", "replay"):
        folder = setting(config, name)
        if folder:
            name_of_file = f"{below.name if path.is_dir() else below.stem}.yaml"
            options = changed(options, {name: Path(folder, below).with_name(name_of_file)})
    mode = record_mode(config)
    return replace(options, record_mode=mode) if mode and options.record else options


def record_mode(config: pytest.Config) -> str:
    """What `postrunner_record_mode` says, if anything; raises `UsageError`."""
    said = config.getoption("--postrunner-record-mode") or config.getini("postrunner_record_mode")
    option = next(option for option in all_options() if option.name == "record_mode")
    return str(check_value(option, said, "postrunner_record_mode")) if said else ""


def setting(config: pytest.Config, name: str) -> str:
    """A path that the command line or the configuration says, from the folder that it counts from."""
    said = config.getoption(f"--postrunner-{name}")
    base = config.invocation_params.dir if said else config.rootpath
    said = said or config.getini(f"postrunner_{name}")
    return os.fspath(base / said) if said else ""


def chain_mode(config: pytest.Config) -> str:
    """What `postrunner_chain` says; raises `UsageError`."""
    mode = config.getoption("--postrunner-chain") or config.getini("postrunner_chain") or MODES[0]
    if mode not in MODES:
        raise UsageError(f"{mode!r} is none of {', '.join(MODES)}", where="postrunner_chain")
    return str(mode)


def wants_subtests(config: pytest.Config) -> bool:
    """Whether each test of a request is told as a subtest; raises `UsageError` if pytest has none."""
    wanted = bool(config.getoption("--postrunner-subtests") or config.getini("postrunner_subtests"))
    if wanted and not HAS_SUBTESTS:
        raise UsageError(f"needs pytest 9, this is {pytest.__version__}", where="postrunner_subtests")
    return wanted


def changed(options: RunOptions, given: Mapping[str, object]) -> RunOptions:
    """The options with others over them; variables are added to those that are there, and win over them."""
    made = options_from(given, options)
    return replace(made, env_var=(*options.env_var, *made.env_var)) if "env_var" in given else made


def configured(config: pytest.Config) -> dict[str, Any]:
    """The fields of `RunOptions` that the command line and the configuration file say; raises `UsageError`."""
    known = {option.name: option for option in all_options()}
    fields: dict[str, Any] = {}
    for line in [*config.getini("postrunner_options"), *(config.getoption("--postrunner-option") or ())]:
        name, equals, value = line.partition("=")
        if not equals:
            raise UsageError(f"{line!r} is not NAME=VALUE", where="postrunner_options")
        option = _option(known, name.strip().replace("-", "_"), "postrunner_options")
        checked = check_value(option, value.strip(), f"postrunner_options: {option.name}")
        several = option.kind in ("list", "pair")
        fields[option.name] = (*fields.get(option.name, ()), *checked) if several else checked
    for name in ("environment", "globals", "iteration_data"):
        found = config.getoption(f"--postrunner-{name.replace('_', '-')}")
        base = config.invocation_params.dir if found else config.rootpath
        found = found or config.getini(f"postrunner_{name}")
        if found:
            several = known[name].kind == "list"
            fields[name] = tuple(_path(base, one) for one in found) if several else _path(base, found)
    pairs = [*map(_tight, config.getini("postrunner_env_var")), *(config.getoption("--postrunner-env-var") or ())]
    if pairs:
        fields["env_var"] = (*fields.get("env_var", ()), *check_value(known["env_var"], pairs, "postrunner_env_var"))
    return fields


def _tight(line: str) -> str:
    """A line of a configuration file without the spaces around its first `=`."""
    name, equals, value = line.partition("=")
    return f"{name.strip()}{equals}{value.strip()}"


def _path(base: Path, text: str) -> str:
    """A file below the folder that it counts from; what is not a file there (a URL, an id) stays as it is."""
    found = base / text
    return os.fspath(found) if found.exists() else text


def _option(known: Mapping[str, Option], name: str, where: str) -> Option:
    option = known.get(name)
    if option is None:
        raise UsageError(f"there is no option {name!r}", where=where, hint="they are those of `postrunner run --help`")
    if name in OTHERS or (option.group == "Output" and name not in MASKING):
        raise UsageError(f"{name!r} has no meaning in pytest", where=where, hint=OTHERS.get(name, ""))
    return option
